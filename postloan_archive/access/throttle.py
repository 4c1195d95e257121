"""How often one may guess: per account and per address, counted from rows, never in memory."""

import hashlib
import ipaddress
from datetime import timedelta
from typing import Final

from sqlalchemy import func, select

from postloan_archive.access.models import SignInAttempt
from postloan_archive.kernel.errors import NotAllowedError, _l
from postloan_archive.uow import UnitOfWork

WINDOW: Final = timedelta(minutes=15)
TRIES_PER_ACCOUNT: Final = 5
ACCOUNTS_PER_ADDRESS: Final = 20  # different names that failed from one address
TRIES_PER_ADDRESS: Final = 50


class TooManyTriesError(NotAllowedError):
    """The account or the address has failed too often; the same for unknown names."""

    next_step = _l("如忘记密码，请找系统管理员重置。")

    def __init__(self) -> None:
        super().__init__(
            _l("尝试次数过多，请 {minutes} 分钟后再试。"),
            minutes=int(WINDOW.total_seconds() // 60),
        )


def account_digest(username: str) -> str:
    """Return what the table holds of a name, known or not."""
    return hashlib.sha256(f"account:{username}".encode()).hexdigest()


def network_of(address: str) -> str:
    """Return the address that is counted: an IPv6 household has many."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    if parsed.version == 6:  # noqa: PLR2004 - the protocol
        return str(ipaddress.ip_network((parsed, 64), strict=False))
    return str(parsed)


def reserve(uow: UnitOfWork, username: str, address: str) -> int:
    """Count one try before the password is looked at, so that parallel guesses count too.

    Returns:
        The number of the try, for `succeeded`.

    Raises:
        TooManyTriesError: the account or the address must wait.
    """
    since = uow.clock.now() - WINDOW
    account, network = account_digest(username), network_of(address)
    last_good = uow.session.scalar(
        select(func.max(SignInAttempt.id)).where(
            SignInAttempt.account == account, SignInAttempt.succeeded.is_(True)
        )
    )
    failed = uow.session.scalar(
        select(func.count()).where(
            SignInAttempt.account == account,
            SignInAttempt.at > since,
            SignInAttempt.succeeded.is_(False),
            SignInAttempt.id > (last_good or 0),
        )
    )
    tries, names = uow.session.execute(
        select(func.count(), func.count(SignInAttempt.account.distinct())).where(
            SignInAttempt.address == network,
            SignInAttempt.at > since,
            SignInAttempt.succeeded.is_(False),
        )
    ).one()
    if (failed or 0) >= TRIES_PER_ACCOUNT:
        raise TooManyTriesError
    if names >= ACCOUNTS_PER_ADDRESS or tries >= TRIES_PER_ADDRESS:
        raise TooManyTriesError
    attempt = SignInAttempt(
        account=account, address=network, at=uow.clock.now(), succeeded=False
    )
    uow.session.add(attempt)
    uow.session.flush()  # the caller marks this try when the password was right
    return attempt.id


def succeeded(uow: UnitOfWork, attempt_id: int) -> None:
    """Say that the try was right; earlier failures of the account no longer count."""
    attempt = uow.session.get(SignInAttempt, attempt_id)
    if attempt is not None:
        attempt.succeeded = True


def unlock(uow: UnitOfWork, username: str) -> None:
    """Let the account try again at once; an administrator has asked who it is."""
    uow.session.add(
        SignInAttempt(
            account=account_digest(username),
            address="",
            at=uow.clock.now(),
            succeeded=True,
        )
    )
    uow.record("access.account_unlocked", f"username:{username}")


def forget(uow: UnitOfWork) -> int:
    """Remove tries that no longer count for anything; return how many."""
    old = uow.session.scalars(
        select(SignInAttempt).where(SignInAttempt.at < uow.clock.now() - 2 * WINDOW).limit(1000)
    ).all()
    for row in old:
        uow.session.delete(row)
    return len(old)
