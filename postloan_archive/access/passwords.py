"""Hashing and checking passwords: argon2id, 64 MiB, as slow for users who do not exist."""

from functools import lru_cache
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from postloan_archive.access.rules import password_text

_HASHER: Final = PasswordHasher(time_cost=3, memory_cost=65_536, parallelism=2)


def hash_of(password: str) -> str:
    """Return the argon2id hash of a password that has been checked."""
    return _HASHER.hash(password_text(password))


def matches(password_hash: str, password: str) -> bool:
    """Return whether the password is right.

    An empty hash costs the same time and never matches. Call it outside a transaction: it
    takes a tenth of a second on purpose.
    """
    try:
        _HASHER.verify(password_hash or _nobody(), password_text(password))
    except (VerificationError, InvalidHashError):
        return False
    return bool(password_hash)


def is_old(password_hash: str) -> bool:
    """Return whether the hash was made with weaker settings than today's."""
    return _HASHER.check_needs_rehash(password_hash)


@lru_cache(maxsize=1)
def _nobody() -> str:
    return _HASHER.hash("nobody has this password")
