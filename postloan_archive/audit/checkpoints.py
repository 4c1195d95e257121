"""Signed heads of the trail: made in the database, kept outside of it."""

import fcntl
import hashlib
import json
import os
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)
from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from postloan_archive.audit.errors import HistoryChangedError, KeyExistsError, NoKeyError
from postloan_archive.audit.line import canonical_json, moment_text
from postloan_archive.audit.models import CheckpointRow
from postloan_archive.audit.tree import StoredTree

FILE_NAME: Final = "audit-checkpoints.jsonl"
REPORT: Final = b"postloan report 1\n"  # what is signed of a report begins with it
KEY_FILE: Final = Path("keys") / "audit.key"


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkpoint:
    """The head of the trail at a moment, signed with Ed25519.

    Attributes:
        tree_size: lines covered.
        root: Merkle root over them, hex.
        at: when it was signed, as text in UTC.
        key_id: first 16 hex digits of the SHA-256 of the public key.
        signature: hex, over `signed_bytes`.
        public_key: the 32 raw bytes, hex.
    """

    tree_size: int
    root: str
    at: str
    key_id: str
    signature: str
    public_key: str

    def signed_bytes(self) -> bytes:
        """Return what is signed: canonical JSON of at, key_id, root and tree_size."""
        return signed_bytes(
            tree_size=self.tree_size, root=self.root, at=self.at, key_id=self.key_id
        )

    def is_genuine(self) -> bool:
        """Return whether the signature fits the public key and the key its id."""
        try:
            raw = bytes.fromhex(self.public_key)
            Ed25519PublicKey.from_public_bytes(raw).verify(
                bytes.fromhex(self.signature), self.signed_bytes()
            )
        except (ValueError, InvalidSignature):
            return False
        return key_id_of(raw) == self.key_id


@dataclass(frozen=True, slots=True, kw_only=True)
class OutsideCheckpoints:
    """What the file outside of the database says.

    Attributes:
        checkpoints: in the order of the file.
        bad_lines: numbers, from 1, of lines that are no checkpoint.
    """

    checkpoints: tuple[Checkpoint, ...] = ()
    bad_lines: tuple[int, ...] = ()


class Signer:
    """The signing key of one installation."""

    def __init__(self, key: Ed25519PrivateKey) -> None:
        self._key = key
        raw = key.public_key().public_bytes(
            serialization.Encoding.Raw, serialization.PublicFormat.Raw
        )
        self.public_key: Final = raw.hex()
        self.key_id: Final = key_id_of(raw)

    @classmethod
    def load(cls, path: Path) -> "Signer":
        """Read the key.

        Raises:
            NoKeyError: it is not there or is no Ed25519 key.
        """
        try:
            key = serialization.load_pem_private_key(path.read_bytes(), password=None)
        except (OSError, ValueError):
            raise NoKeyError(path=str(path)) from None
        if not isinstance(key, Ed25519PrivateKey):
            raise NoKeyError(path=str(path))
        return cls(key)

    @classmethod
    def create(cls, path: Path) -> "Signer":
        """Make a new key in a file that only its owner can read.

        Raises:
            KeyExistsError: there is one already.
        """
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        key = Ed25519PrivateKey.generate()
        data = key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        try:
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            raise KeyExistsError(path=str(path)) from None
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(descriptor)
        return cls(key)

    def sign(self, *, tree_size: int, root: str, at: datetime) -> Checkpoint:
        """Return a signed checkpoint."""
        text = moment_text(at)
        data = signed_bytes(tree_size=tree_size, root=root, at=text, key_id=self.key_id)
        return Checkpoint(
            tree_size=tree_size,
            root=root,
            at=text,
            key_id=self.key_id,
            signature=self._key.sign(data).hex(),
            public_key=self.public_key,
        )

    def sign_report(self, data: bytes) -> str:
        """Return the signature, hex, over a report; no report can pass for a checkpoint."""
        return self._key.sign(REPORT + data).hex()


def is_report_signed(data: bytes, *, signature: str, public_key: str) -> bool:
    """Return whether the holder of a key has signed exactly this report."""
    try:
        key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(public_key))
        key.verify(bytes.fromhex(signature), REPORT + data)
    except (ValueError, InvalidSignature):
        return False
    return True


def create_key(data: Path) -> Signer:
    """Make the signing key of an installation in `keys/audit.key` of its data folder.

    Raises:
        KeyExistsError: there is one already.
    """
    return Signer.create(data / KEY_FILE)


def load_key(data: Path) -> Signer:
    """Return the signing key of an installation.

    Raises:
        NoKeyError: it is not there or is no Ed25519 key.
    """
    return Signer.load(data / KEY_FILE)


def key_id_of(public_key: bytes) -> str:
    """Return the short name of a raw public key."""
    return hashlib.sha256(public_key).hexdigest()[:16]


def signed_bytes(*, tree_size: int, root: str, at: str, key_id: str) -> bytes:
    """Return the bytes under the signature of a checkpoint."""
    return canonical_json(
        {"at": at, "key_id": key_id, "root": root, "tree_size": tree_size}
    ).encode()


def last_checkpoint(session: Session) -> Checkpoint | None:
    """Return the newest checkpoint in the database."""
    row = session.scalars(
        select(CheckpointRow).order_by(CheckpointRow.id.desc()).limit(1)
    ).first()
    return None if row is None else _frozen(row)


def stored_checkpoints(session: Session) -> list[Checkpoint]:
    """Return all checkpoints in the database, oldest first."""
    return [
        _frozen(row)
        for row in session.scalars(select(CheckpointRow).order_by(CheckpointRow.id))
    ]


def sign_checkpoint(session: Session, signer: Signer, *, at: datetime) -> Checkpoint | None:
    """Sign the head of the trail in the caller's transaction.

    Lines that this transaction added are covered. Call `publish` after the commit.

    Returns:
        The new checkpoint; the last one where no line was added since; None for an empty trail.

    Raises:
        HistoryChangedError: the lines no longer give the root of the last checkpoint.
    """
    last = last_checkpoint(session)
    tree = StoredTree(session)
    if last is not None:
        if tree.size < last.tree_size or tree.root(last.tree_size).hex() != last.root:
            raise HistoryChangedError(tree_size=last.tree_size)
        if tree.size == last.tree_size and last.key_id == signer.key_id:
            return last
    if tree.size == 0:
        return None
    checkpoint = signer.sign(tree_size=tree.size, root=tree.root(tree.size).hex(), at=at)
    tree.keep_blocks()
    session.execute(
        insert(CheckpointRow),
        {**asdict(checkpoint), "at": datetime.fromisoformat(checkpoint.at)},
    )
    return checkpoint


def publish(session: Session, folder: Path) -> int:
    """Append the committed checkpoints that the outside file lacks, sync it, return how many.

    Args:
        session: sees only what is committed.
        folder: on another machine or volume where possible; made where it is missing.
    """
    folder.mkdir(mode=0o750, parents=True, exist_ok=True)
    path = folder / FILE_NAME
    new_file = not path.exists()
    with path.open("a+b") as stream:
        fcntl.flock(stream, fcntl.LOCK_EX)  # several workers publish one after the other
        stream.seek(0)
        data = stream.read()
        have = set(_parse(data.decode("utf-8", "replace")).checkpoints)
        missing = [one for one in stored_checkpoints(session) if one not in have]
        if not missing:
            return 0
        lines = "".join(canonical_json(asdict(one)) + "\n" for one in missing)
        torn = "\n" if data and not data.endswith(b"\n") else ""  # a power cut stopped a line
        stream.write((torn + lines).encode())
        stream.flush()
        os.fsync(stream.fileno())
    if new_file:
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
    return len(missing)


def read_checkpoints(path: Path) -> OutsideCheckpoints:
    """Return what the outside file says, or nothing where it is missing.

    `path` is the file or the folder that holds it.
    """
    path = path / FILE_NAME if path.is_dir() else path
    return (
        _parse(path.read_bytes().decode("utf-8", "replace"))
        if path.exists()
        else (OutsideCheckpoints())
    )


def _parse(text: str) -> OutsideCheckpoints:
    lines = text.split("\n")
    good: list[Checkpoint] = []
    bad: list[int] = []
    for number, line in enumerate(lines, start=1):
        if not line:
            continue
        try:
            good.append(_from_json(json.loads(line)))
        except (ValueError, TypeError, KeyError):
            # A line that a power cut stopped ends the file, or its whole text follows.
            if number < len(lines) and not lines[number].startswith(line):
                bad.append(number)
    return OutsideCheckpoints(checkpoints=tuple(good), bad_lines=tuple(bad))


def _from_json(value: dict[str, Any]) -> Checkpoint:
    checkpoint = Checkpoint(**value)
    texts: Iterable[object] = (
        checkpoint.root,
        checkpoint.at,
        checkpoint.key_id,
        checkpoint.signature,
        checkpoint.public_key,
    )
    if type(checkpoint.tree_size) is not int or not all(isinstance(one, str) for one in texts):
        raise TypeError
    return checkpoint


def _frozen(row: CheckpointRow) -> Checkpoint:
    return Checkpoint(
        tree_size=row.tree_size,
        root=row.root,
        at=moment_text(row.at),
        key_id=row.key_id,
        signature=row.signature,
        public_key=row.public_key,
    )
