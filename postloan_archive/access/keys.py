"""The secret of this installation for cookies and sealed columns; made at first use."""

import base64
import os
import secrets
from functools import lru_cache
from pathlib import Path
from typing import Final

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from postloan_archive.kernel.errors import FixityError, _l

_LENGTH: Final = 32


class KeyUnreadableError(FixityError):
    """The key file is damaged, or a column was sealed with another key."""

    next_step = _l("请从备份恢复 keys 文件夹。")

    def __init__(self, *, what: str) -> None:
        super().__init__(_l("无法用本机密钥读取{what}。"), what=what)


def secret_of(data: Path) -> bytes:
    """Return the 32 secret bytes of the data folder; creates the file where it is missing.

    Raises:
        KeyUnreadableError: the file is there but too short.
    """
    path = data / "keys" / "web.key"
    if not path.exists():
        _create(path)
    return _read(path, path.stat().st_mtime_ns)


@lru_cache(maxsize=8)
def _read(path: Path, _changed: int) -> bytes:
    secret = path.read_bytes()
    if len(secret) < _LENGTH:
        raise KeyUnreadableError(what=path.name)
    return secret


def _create(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(secrets.token_bytes(_LENGTH))
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(draft, path)  # two starters at once: the first wins, nobody overwrites
    except FileExistsError:
        pass
    finally:
        draft.unlink()


def derive(data: Path, purpose: str) -> bytes:
    """Return 32 bytes that serve one purpose only."""
    return HKDF(algorithm=SHA256(), length=_LENGTH, salt=None, info=purpose.encode()).derive(
        secret_of(data)
    )


def seal(data: Path, text: str) -> str:
    """Return the text encrypted and authenticated, for a column."""
    return _fernet(data).encrypt(text.encode()).decode()


def unseal(data: Path, sealed: str) -> str:
    """Return the text of a sealed column.

    Raises:
        KeyUnreadableError: sealed with another key, or changed.
    """
    try:
        return _fernet(data).decrypt(sealed.encode()).decode()
    except InvalidToken:
        raise KeyUnreadableError(what="totp") from None


def _fernet(data: Path) -> Fernet:
    return Fernet(base64.urlsafe_b64encode(derive(data, "column")))
