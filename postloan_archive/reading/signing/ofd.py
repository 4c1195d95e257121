"""Signatures of an OFD (GB/T 33190): digests of parts, then the seal (GB/T 38540) by SM2."""

import base64
import binascii
import hashlib
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from asn1crypto import parser, x509
from cryptography.hazmat.primitives import hashes
from gmssl import sm2

from postloan_archive.kernel.errors import _l
from postloan_archive.reading import markup
from postloan_archive.reading.part_paths import path_from
from postloan_archive.reading.refusals import UnreadableError
from postloan_archive.reading.results import Signature, Verdict
from postloan_archive.reading.zips import Container

MOST: Final = 50
MOST_PARTS: Final = 20_000
_WHOLE: Final = 256 * 1024 * 1024  # bytes of one part that is digested
_SEQUENCE, _OCTETS, _BITS, _OID = 16, 4, 3, 6
_SES_MEMBERS: Final = 4  # toSign, cert, algorithm, signature: GB/T 38540-2020
_OLD_MEMBERS: Final = 2  # toSign, signature: GM/T 0031-2014
_POINT: Final = 65  # bytes of an uncompressed point
_SM2_WITH_SM3: Final = bytes.fromhex("2a811ccf55018375")  # 1.2.156.10197.1.501


Digest = Callable[[bytes], bytes]


def _sm3(data: bytes) -> bytes:
    digest = hashes.Hash(hashes.SM3())
    digest.update(data)
    return digest.finalize()


_METHODS: Final[Mapping[str, Digest]] = {
    "1.2.156.10197.1.401": _sm3,
    "sm3": _sm3,
    "2.16.840.1.101.3.4.2.1": lambda data: hashlib.sha256(data).digest(),
    "sha256": lambda data: hashlib.sha256(data).digest(),
    "sha-256": lambda data: hashlib.sha256(data).digest(),
    "1.3.14.3.2.26": lambda data: hashlib.sha1(data, usedforsecurity=False).digest(),
    "sha1": lambda data: hashlib.sha1(data, usedforsecurity=False).digest(),
    "1.2.840.113549.2.5": lambda data: hashlib.md5(data, usedforsecurity=False).digest(),
    "md5": lambda data: hashlib.md5(data, usedforsecurity=False).digest(),
}
_WEAK: Final = frozenset({"1.3.14.3.2.26", "sha1", "1.2.840.113549.2.5", "md5"})


class _ChangedError(Exception):
    """The content is not what was signed; the text says where."""


class _UnknownError(Exception):
    """There is no verdict; the text says why."""


def signatures(container: Container) -> tuple[Signature, ...]:
    """Return what the signatures of an OFD say; never raises for what is in the file."""
    found = []
    try:
        root = markup.tree(container.read_name("OFD.xml") or b"")
        for element in root.iter():
            if markup.local(element) == "Signatures" and element.text:
                listing = path_from("", element.text)
                found += list(_listed(container, listing))
    except UnreadableError as error:
        found.append(_said(Verdict.UNVERIFIED, str(error.message)))
    return tuple(found[:MOST])


def _listed(container: Container, listing: str) -> Iterator[Signature]:
    root = markup.tree(container.read_name(listing) or b"")
    for element in root.iter():
        place = element.get("BaseLoc") if markup.local(element) == "Signature" else None
        if place:
            yield _one(container, path_from(listing, place), listing)


def _one(container: Container, place: str, listing: str) -> Signature:
    known = {"signer": "", "issuer": "", "signed_at": ""}
    try:
        data = _needed(container, place, _l("签名描述文件缺失。"))
        root = markup.tree(data)
        texts = {markup.local(one): (one.text or "").strip() for one in root.iter()}
        known["signed_at"] = texts.get("SignatureDateTime", "")[:40]
        covered, remarks = _check_parts(container, root, place, listing)
        value_place = path_from(place, texts.get("SignedValue", ""))
        value = _needed(container, value_place, _l("部件的摘要相符，但签名值文件缺失。"))
        _check_value(value, data, known)
    except _ChangedError as error:
        return _said(Verdict.CHANGED, str(error), **known)
    except _UnknownError as error:
        return _said(Verdict.UNVERIFIED, str(error), **known)
    except (UnreadableError, ValueError, TypeError, KeyError, IndexError) as error:
        detail = f"{type(error).__name__}: {error}"[:120]
        text = str(_l("未能验证：签名结构无法识别（{detail}）。")).format(detail=detail)
        return _said(Verdict.UNVERIFIED, text, **known)
    text = str(_l("{parts} 个部件的摘要和签章的 SM2 签名均相符。")).format(parts=covered)
    return _said(Verdict.VALID, "".join([text, *remarks]), **known)


def _needed(container: Container, place: str, why: str) -> bytes:
    data = container.read_name(place)
    if data is None:
        raise _UnknownError(why)
    return data


def _check_parts(
    container: Container, root: markup.Element, place: str, listing: str
) -> tuple[int, list[str]]:
    """Compare the digest of every part that the signature names; return how many, and remarks.

    The list of signatures grows when somebody signs after this one; that changes no content,
    and each later signature has a verdict of its own.
    """
    count, remarks = 0, dict[str, None]()
    for name, method, reference in _references(root):
        count += 1
        if count > MOST_PARTS:
            raise _UnknownError(_l("未能验证：签名引用的部件过多。"))
        if name in _WEAK:
            remarks[str(_l("部件摘要用的是已不安全的算法。"))] = None
        part = path_from(place, reference.get("FileRef") or "")
        data = container.read_name(part, limit=_WHOLE)
        if data is None:
            raise _ChangedError(_l("签名所列的部件 {part} 已不在文件中。").format(part=part))
        values = (one.text or "" for one in reference if markup.local(one) == "CheckValue")
        if method(data) == _decoded(next(values, "")):
            continue
        if part != listing:
            raise _ChangedError(_l("部件 {part} 在签名之后被改动。").format(part=part))
        remarks[str(_l("此后签名列表有追加。"))] = None
    if not count:
        raise _UnknownError(_l("未能验证：签名没有引用任何部件。"))
    return count, list(remarks)


def _references(root: markup.Element) -> Iterator[tuple[str, Digest, markup.Element]]:
    """Yield name and function of the digest with each reference of a signature."""
    for references in root.iter():
        if markup.local(references) != "References":
            continue
        name = (references.get("CheckMethod") or "1.2.156.10197.1.401").strip().lower()
        method = _METHODS.get(name)
        if method is None:
            raise _UnknownError(
                _l("未能验证：不支持的摘要算法 {name}。").format(name=name[:60])
            )
        for reference in references:
            if markup.local(reference) == "Reference":
                yield name, method, reference


def _decoded(text: str) -> bytes:
    try:
        return base64.b64decode("".join(text.split()), validate=True)
    except (binascii.Error, ValueError):
        return b""


def _check_value(value: bytes, signed: bytes, known: dict[str, str]) -> None:
    """Check the signed value: its digest is that of Signature.xml, its signature is SM2."""
    members = _members(_content(value, _SEQUENCE))
    if not members or members[0][0] != _SEQUENCE:
        raise _UnknownError(_l("部件摘要相符；未能验证签名值：不是电子签章结构。"))
    to_sign = members[0][2]
    facts = _members(members[0][1])
    if len(members) >= _SES_MEMBERS and members[1][0] == _OCTETS:
        certificate, algorithm, mark = members[1][1], members[2][1], members[3][1]
    elif len(members) == _OLD_MEMBERS and facts[-1][0] == _OID:
        certificate, algorithm, mark = facts[-2][1], facts[-1][1], members[1][1]
    else:
        raise _UnknownError(_l("部件摘要相符；未能验证签名值：不是电子签章结构。"))
    _name(certificate, known)
    digests = [content[1:] for kind, content, _whole in facts if kind == _BITS]
    if _sm3(signed) not in digests:
        raise _ChangedError(_l("签名描述文件与签章中的摘要不符。"))
    if algorithm != _SM2_WITH_SM3:
        raise _UnknownError(_l("部件摘要相符；未能验证签名值：不是 SM2 算法。"))
    key = x509.Certificate.load(certificate)["tbs_certificate"]["subject_public_key_info"]
    point = bytes(key["public_key"])
    point = point if len(point) == _POINT else key["public_key"].contents[1:]
    r, s = (int.from_bytes(part, "big") for _kind, part, _w in _members(_content(mark[1:], 16)))
    verifier = sm2.CryptSM2(private_key="", public_key=point[1:].hex(), asn1=False)
    if not verifier.verify_with_sm3(f"{r:064x}{s:064x}", to_sign):
        raise _ChangedError(_l("签章的 SM2 签名与证书公钥不符。"))


def _name(certificate: bytes, known: dict[str, str]) -> None:
    loaded = x509.Certificate.load(certificate)
    for key, name in (("signer", loaded.subject), ("issuer", loaded.issuer)):
        told = name.native
        wanted = [told.get("common_name"), told.get("organization_name")]
        known[key] = "，".join(str(one) for one in wanted if one)[:200]


def _content(data: bytes, tag: int) -> bytes:
    kind, content, _whole = next(_parsed(data))
    if kind != tag:
        raise _UnknownError(_l("部件摘要相符；未能验证签名值：结构无法识别。"))
    return content


def _members(data: bytes) -> list[tuple[int, bytes, bytes]]:
    """Return tag, content and whole encoding of each value in a row."""
    return list(_parsed(data))


def _parsed(data: bytes) -> Iterator[tuple[int, bytes, bytes]]:
    place = 0
    while place < len(data):
        _class, _method, tag, head, content, tail = parser.parse(data[place:])
        whole = head + content + tail
        yield tag, content, whole
        place += len(whole)


def _said(verdict: Verdict, message: str, **known: Any) -> Signature:  # noqa: ANN401 - words
    return Signature(form="ofd", verdict=verdict, message=message, **known)
