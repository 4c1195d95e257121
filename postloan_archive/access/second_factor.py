"""Time codes from a telephone, each good once, and recovery codes for when it is lost."""

import hashlib
import hmac
import secrets
from datetime import datetime
from typing import Final

import pyotp
from sqlalchemy import func, select

from postloan_archive.access.keys import seal, unseal
from postloan_archive.access.models import RecoveryCode, User
from postloan_archive.kernel.errors import RuleError, _l
from postloan_archive.uow import UnitOfWork

STEP_SECONDS: Final = 30
RECOVERY_CODES: Final = 10
_ALPHABET: Final = "abcdefghjkmnpqrstuvwxyz23456789"  # nothing that looks like something else
_CODE_LENGTH: Final = 16


class WrongCodeError(RuleError):
    """The time code does not fit the secret just shown."""

    field = "code"
    next_step = _l("请核对手机时间后输入新的动态口令。")

    def __init__(self) -> None:
        super().__init__(_l("动态口令不对。"))


def new_secret() -> str:
    """Return a secret for the telephone, base32."""
    return pyotp.random_base32()


def address_of(secret: str, *, username: str, issuer: str) -> str:
    """Return the otpauth address that the square code on the page holds."""
    return pyotp.TOTP(secret, interval=STEP_SECONDS).provisioning_uri(
        name=username, issuer_name=issuer
    )


def enable(uow: UnitOfWork, user: User, secret: str, code: str) -> list[str]:
    """Switch the second factor on once the telephone shows the right code.

    Returns:
        Fresh recovery codes; they are shown once and stored as digests.

    Raises:
        WrongCodeError: the code does not fit.
    """
    step = _step_of(secret, code, uow.clock.now(), after=0)
    if step is None:
        raise WrongCodeError
    user.totp_sealed = seal(uow.settings.data, secret)
    user.totp_last_step = step
    uow.record("access.second_factor_enabled", f"user:{user.id}")
    return new_recovery_codes(uow, user)


def disable(uow: UnitOfWork, user: User) -> None:
    """Switch the second factor off: lost telephone, or at the wish of the user."""
    user.totp_sealed = ""
    for row in _codes(uow, user):
        uow.session.delete(row)
    uow.record("access.second_factor_disabled", f"user:{user.id}")


def new_recovery_codes(uow: UnitOfWork, user: User) -> list[str]:
    """Replace all recovery codes of the user by fresh ones and return them."""
    for row in _codes(uow, user):
        uow.session.delete(row)
    codes = ["".join(secrets.choice(_ALPHABET) for _ in range(_CODE_LENGTH)) for _ in range(10)]
    uow.session.add_all(
        RecoveryCode(user_id=user.id, digest=_digest(code), created_at=uow.clock.now())
        for code in codes
    )
    uow.record("access.recovery_codes_made", f"user:{user.id}", count=len(codes))
    return ["-".join(code[at : at + 4] for at in range(0, _CODE_LENGTH, 4)) for code in codes]


def accepts(uow: UnitOfWork, user: User, code: str) -> bool:
    """Return whether the code is right; uses it up."""
    text = "".join(code.split()).replace("-", "").lower()
    if text.isdigit():
        secret = unseal(uow.settings.data, user.totp_sealed)
        step = _step_of(secret, text, uow.clock.now(), after=user.totp_last_step)
        if step is None:
            return False
        user.totp_last_step = step
        return True
    for row in _codes(uow, user):
        if row.used_at is None and hmac.compare_digest(row.digest, _digest(text)):
            row.used_at = uow.clock.now()
            uow.record("access.recovery_code_used", f"user:{user.id}")
            return True
    return False


def codes_left(uow: UnitOfWork, user_id: int) -> int:
    """Return how many recovery codes are unused."""
    return (
        uow.session.scalar(
            select(func.count()).where(
                RecoveryCode.user_id == user_id, RecoveryCode.used_at.is_(None)
            )
        )
        or 0
    )


def _codes(uow: UnitOfWork, user: User) -> list[RecoveryCode]:
    return list(
        uow.session.scalars(
            select(RecoveryCode)
            .where(RecoveryCode.user_id == user.id)
            .order_by(RecoveryCode.id)
        )
    )


def _digest(code: str) -> str:
    return hashlib.sha256(code.encode()).hexdigest()


def _step_of(secret: str, code: str, now: datetime, *, after: int) -> int | None:
    """Return the time step of the code: this one or a neighbour, and later than `after`."""
    totp = pyotp.TOTP(secret, interval=STEP_SECONDS)
    present = int(now.timestamp()) // STEP_SECONDS
    for step in (present, present - 1, present + 1):
        if step > after and hmac.compare_digest(totp.generate_otp(step), code):
            return step
    return None
