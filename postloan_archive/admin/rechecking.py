"""The rolling check: each stored file is read again in thirty days, the oldest first."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import bindparam, delete, func, insert, select, update
from sqlalchemy.orm import Session

from postloan_archive.admin.models import VaultCheck
from postloan_archive.db import Model
from postloan_archive.vault import State

PASS: Final = timedelta(days=30)  # acceptance B1: a full pass
TURNS: Final = 30 * 24  # one an hour
CHECKS: Final = Model.metadata.tables[VaultCheck.__tablename__]
AT_ONCE: Final = 500  # rows of one statement
WAITING: Final = "waiting"
TURN: Final = func.coalesce(CHECKS.c.checked_at, CHECKS.c.first_seen_at)


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckState:
    """How far the rolling check is.

    Attributes:
        files: files known to it.
        unread: files that were stored and not read again so far.
        bad: digest and state of the files last found bad.
        oldest: since when the file that was not read for longest has waited.
    """

    files: int
    unread: int
    bad: tuple[tuple[str, str], ...]
    oldest: datetime | None


def enrol(session: Session, digests: Iterable[str], *, at: datetime) -> None:
    """Learn of the files that rows point to and forget the others; put in last in turn."""
    wanted = set(digests)
    known = set(session.scalars(select(CHECKS.c.sha256)))
    new = sorted(wanted - known)
    for start in range(0, len(new), AT_ONCE):
        session.execute(
            insert(CHECKS),
            [
                {"sha256": sha256, "state": WAITING, "first_seen_at": at}
                for sha256 in new[start : start + AT_ONCE]
            ],
        )
    gone = sorted(known - wanted)
    for start in range(0, len(gone), AT_ONCE):
        part = gone[start : start + AT_ONCE]
        session.execute(delete(CHECKS).where(CHECKS.c.sha256.in_(part)))


def next_in_turn(session: Session, *, at: datetime) -> list[str]:
    """Return the files to read in this hour, the longest unread first.

    One in 720 each hour makes a pass in thirty days; who is late reads twice as many.
    """
    files = session.scalar(select(func.count()).select_from(CHECKS)) or 0
    oldest = session.scalar(select(func.min(TURN)))
    share = math.ceil(files / TURNS)
    if oldest is not None and oldest + PASS < at:
        share *= 2
    return list(
        session.scalars(
            select(CHECKS.c.sha256)
            .order_by(TURN, CHECKS.c.checked_at.is_not(None), CHECKS.c.sha256)
            .limit(share)
        )
    )


def note(session: Session, states: Mapping[str, State], *, at: datetime) -> None:
    """Keep what reading found; a file not known so far is learnt of."""
    known = set(session.scalars(select(CHECKS.c.sha256)))
    rows = [
        {"key": sha256, "sha256": sha256, "state": str(state), "at": at}
        for sha256, state in states.items()
    ]
    read = [row for row in rows if row["sha256"] in known]
    new = [row for row in rows if row["sha256"] not in known]
    if read:
        session.connection().execute(
            update(CHECKS)
            .where(CHECKS.c.sha256 == bindparam("key"))
            .values(state=bindparam("state"), checked_at=bindparam("at")),
            read,
        )
    if new:
        session.connection().execute(
            insert(CHECKS).values(
                sha256=bindparam("sha256"),
                state=bindparam("state"),
                checked_at=bindparam("at"),
                first_seen_at=bindparam("at"),
            ),
            new,
        )


def check_state(session: Session) -> CheckState:
    """Return how far the rolling check is and what it found."""
    files = session.scalar(select(func.count()).select_from(CHECKS)) or 0
    unread = session.scalar(
        select(func.count()).select_from(CHECKS).where(CHECKS.c.checked_at.is_(None))
    )
    bad = session.execute(
        select(CHECKS.c.sha256, CHECKS.c.state)
        .where(CHECKS.c.state.not_in([State.GOOD, WAITING]))
        .order_by(CHECKS.c.sha256)
    )
    return CheckState(
        files=files,
        unread=unread or 0,
        bad=tuple((row.sha256, row.state) for row in bad),
        oldest=session.scalar(select(func.min(TURN))),
    )
