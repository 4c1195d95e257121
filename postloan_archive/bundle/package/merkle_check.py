"""Checking an audit proof with nothing but the proof (RFC 6962 trees, Ed25519 signatures).

Kept apart from the trail on purpose: what checks a package must not need what wrote it.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

_LARGEST = 2**63


class ProofError(Exception):
    """The proof does not hold; the message is a Chinese phrase."""

    def __init__(self, phrase: str, *, place: int = 0) -> None:
        super().__init__(f"第 {place} 条{phrase}" if place else phrase)


class SignatureError(ProofError):
    """The checkpoint is not signed by the key it names."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Proved:
    """What a proof that holds says: the lines, and the key that vouches for them."""

    lines: tuple[str, ...]
    key_id: str


def check_proof(proof: object) -> Proved:
    """Return what is proved.

    Raises:
        SignatureError: the signature or the key does not fit.
        ProofError: the form is wrong, a path does not lead to the root, or root and checkpoint
            differ.
    """
    whole = _mapping(proof, "证明")
    size, root = _count(whole.get("tree_size")), _digest(whole.get("root"))
    checkpoint = _mapping(whole.get("checkpoint"), "检查点")
    if _count(checkpoint.get("tree_size")) != size or _digest(checkpoint.get("root")) != root:
        raise ProofError("树根与检查点不一致")
    key_id = _check_signature(checkpoint)
    entries = whole.get("entries")
    if not isinstance(entries, list) or not entries:
        raise ProofError("没有任何记录")
    lines = []
    for place, entry in enumerate(entries, 1):
        one = _mapping(entry, "记录")
        line, path = one.get("line"), one.get("path")
        if not isinstance(line, str) or not isinstance(path, list):
            raise ProofError("记录格式不正确", place=place)
        leaf = hashlib.sha256(b"\x00" + line.encode("utf-8", "surrogatepass")).digest()
        steps = [_digest(step) for step in path]
        if not is_included(leaf, _count(one.get("index")), size, steps, root):
            raise ProofError("记录不在树中", place=place)
        lines.append(line)
    return Proved(lines=tuple(lines), key_id=key_id)


def is_included(leaf: bytes, index: int, size: int, path: list[bytes], root: bytes) -> bool:
    """Return whether the path leads from the leaf to the root (RFC 9162, section 2.1.3.2)."""
    if not 0 <= index < size:
        return False
    node, last, found = index, size - 1, leaf
    for step in path:
        if last == 0:
            return False
        if node & 1 or node == last:
            found = hashlib.sha256(b"\x01" + step + found).digest()
            while not node & 1 and node:
                node, last = node >> 1, last >> 1
        else:
            found = hashlib.sha256(b"\x01" + found + step).digest()
        node, last = node >> 1, last >> 1
    return last == 0 and found == root


def _check_signature(checkpoint: Mapping[str, object]) -> str:
    values = {key: checkpoint.get(key) for key in ("at", "key_id", "root", "tree_size")}
    signed = json.dumps(values, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    try:
        key = bytes.fromhex(str(checkpoint.get("public_key")))
        signature = bytes.fromhex(str(checkpoint.get("signature")))
        Ed25519PublicKey.from_public_bytes(key).verify(signature, signed.encode())
    except (ValueError, InvalidSignature) as error:
        raise SignatureError("签名与检查点内容不符") from error
    key_id = hashlib.sha256(key).hexdigest()[:16]
    if key_id != checkpoint.get("key_id"):
        raise SignatureError("公钥编号不符")
    return key_id


def _mapping(value: object, what: str) -> Mapping[str, object]:
    if not isinstance(value, dict):
        raise ProofError(f"{what}格式不正确")
    return value


def _count(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < _LARGEST:
        raise ProofError("序号格式不正确")
    return value


def _digest(value: object) -> bytes:
    if not isinstance(value, str) or value != value.lower():
        raise ProofError("摘要格式不正确")
    try:
        raw = bytes.fromhex(value)
    except ValueError as error:
        raise ProofError("摘要格式不正确") from error
    if len(raw) != hashlib.sha256().digest_size or raw.hex() != value:
        raise ProofError("摘要格式不正确")
    return raw
