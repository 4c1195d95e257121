"""Adding lines to the trail and reading them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Row, func, insert, or_, select, text
from sqlalchemy.orm import Session

from postloan_archive.audit.line import (
    GENESIS,
    AuditLine,
    canonical_json,
    canonical_line,
    chain_hash,
    moment_text,
    storable,
)
from postloan_archive.audit.models import AuditRow
from postloan_archive.db import Model
from postloan_archive.kernel.actor import Actor

PAGE: Final = 50
_LOCK: Final = 0x706F73746C6F  # any number that nobody else uses for an advisory lock
_TABLE: Final = Model.metadata.tables[AuditRow.__tablename__]
_HEAD: Final = select(_TABLE.c.seq, _TABLE.c.hash).order_by(_TABLE.c.seq.desc()).limit(1)


def append(
    session: Session,
    *,
    at: datetime,
    actor: Actor,
    event: str,
    subject: str,
    facts: Mapping[str, object],
) -> AuditLine:
    """Add a line in the caller's transaction.

    Writers wait for one another: on SQLite the transaction began as a writer, on PostgreSQL a
    lock is held until the commit. So numbers have no gaps and their order is that of commits.

    Args:
        session: in a transaction that may write.
        at: aware.
        actor: who acts.
        event: what happened, such as `archive.document_added`.
        subject: what it happened to, such as `document:12`.
        facts: JSON values; a date or an amount is given as text.

    Raises:
        TypeError, ValueError: a fact is not JSON.
    """
    seq, previous = _lock_head(session)
    (values,) = _chained(seq, previous, at, actor, [(event, subject, facts)])
    session.connection().execute(insert(_TABLE), values)
    return AuditLine(**values)


def append_many(
    session: Session,
    *,
    at: datetime,
    actor: Actor,
    entries: Iterable[tuple[str, str, Mapping[str, object]]],
) -> int:
    """Add a line for each (event, subject, facts), as `append` does one by one; quicker.

    Returns:
        How many lines.

    Raises:
        TypeError, ValueError: a fact is not JSON.
    """
    seq, previous = _lock_head(session)
    lines = list(_chained(seq, previous, at, actor, entries))
    if lines:
        session.connection().execute(insert(_TABLE), lines)
    return len(lines)


def _lock_head(session: Session) -> tuple[int, bytes]:
    """Wait for the other writers; return the number and the hash that the next line needs."""
    connection = session.connection()
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
    head = connection.execute(_HEAD).first()
    return (head.seq + 1, bytes.fromhex(head.hash)) if head else (1, GENESIS)


def _chained(
    seq: int,
    previous: bytes,
    at: datetime,
    actor: Actor,
    entries: Iterable[tuple[str, str, Mapping[str, object]]],
) -> Iterator[dict[str, Any]]:
    """Yield the columns of one line after the other, each hashed over the one before."""
    moment = moment_text(at)
    who: dict[str, Any] = {
        "actor": storable(actor.name),
        "user_id": actor.user_id,
        "origin": storable(actor.origin),
        "address": storable(actor.address),
        "request_id": storable(actor.request_id),
    }
    for number, (event, subject, facts) in enumerate(entries, start=seq):
        values = who | {
            "event": event,
            "subject": storable(subject),
            "facts": canonical_json(facts),
        }
        line_hash = chain_hash(previous, canonical_line(number, moment, **values).encode())
        yield values | {
            "seq": number,
            "at": at,
            "prev_hash": previous.hex(),
            "hash": line_hash.hex(),
        }
        previous = line_hash


@dataclass(frozen=True, slots=True, kw_only=True)
class TrailFilter:
    """What the reader of the trail asks for; an empty field asks for nothing.

    Attributes:
        event: an event, or the beginning of one up to a dot, such as `archive`.
        subject: exact.
        since: first moment, inclusive, aware.
        until: moment after the last, exclusive, aware.
        words: text that the facts or the subject contain.
        before: only lines numbered lower, to turn the page.
        after: only lines numbered higher.
    """

    actor: str = ""
    event: str = ""
    subject: str = ""
    request_id: str = ""
    since: datetime | None = None
    until: datetime | None = None
    words: str = ""
    before: int | None = None
    after: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TrailPage:
    """One page of the trail, newest line first.

    Attributes:
        lines: at most as many as asked for.
        total: all lines that match, on whatever page.
        next_before: `before` of the next page, None on the last one.
    """

    lines: tuple[AuditLine, ...]
    total: int
    next_before: int | None


def count(session: Session, wanted: TrailFilter) -> int:
    """Return how many lines match."""
    return (
        session.scalar(select(func.count()).select_from(_TABLE).where(*_conditions(wanted)))
        or 0
    )


def read(
    session: Session, wanted: TrailFilter | None = None, *, limit: int = PAGE
) -> TrailPage:
    """Return the newest lines that match."""
    wanted = wanted or TrailFilter()
    conditions = _conditions(wanted)
    total = session.scalar(select(func.count()).select_from(_TABLE).where(*conditions)) or 0
    if wanted.before is not None:
        conditions.append(_TABLE.c.seq < wanted.before)
    rows = session.execute(
        select(_TABLE).where(*conditions).order_by(_TABLE.c.seq.desc()).limit(limit + 1)
    ).all()
    lines = tuple(_frozen(row) for row in rows[:limit])
    more = len(rows) > limit
    return TrailPage(lines=lines, total=total, next_before=lines[-1].seq if more else None)


def read_newest(
    session: Session, wanted: TrailFilter, *, limit: int, offset: int = 0
) -> list[AuditLine]:
    """Return the newest lines that match, `offset` of them passed over; counts nothing."""
    rows = session.execute(
        select(_TABLE)
        .where(*_conditions(wanted))
        .order_by(_TABLE.c.seq.desc())
        .limit(limit)
        .offset(offset)
    )
    return [_frozen(row) for row in rows]


def read_forward(session: Session, wanted: TrailFilter, *, limit: int) -> list[AuditLine]:
    """Return the oldest lines that match; go on with `after` the last one."""
    rows = session.execute(
        select(_TABLE).where(*_conditions(wanted)).order_by(_TABLE.c.seq).limit(limit)
    )
    return [_frozen(row) for row in rows]


def last_of(session: Session, event: str) -> AuditLine | None:
    """Return the newest line of exactly this event."""
    row = session.execute(
        select(_TABLE).where(_TABLE.c.event == event).order_by(_TABLE.c.seq.desc()).limit(1)
    ).first()
    return None if row is None else _frozen(row)


def lines_of(session: Session, seqs: Sequence[int]) -> list[AuditLine]:
    """Return the lines of these numbers, ascending; numbers that do not exist are left out."""
    found: list[AuditLine] = []
    ordered = sorted(set(seqs))
    for start in range(0, len(ordered), 500):
        part = ordered[start : start + 500]
        rows = session.execute(
            select(_TABLE).where(_TABLE.c.seq.in_(part)).order_by(_TABLE.c.seq)
        )
        found.extend(_frozen(row) for row in rows)
    return found


def counts(session: Session, since: datetime, until: datetime) -> list[tuple[str, str, int]]:
    """Return how often each actor did each thing from `since` on and before `until`."""
    query = (
        select(_TABLE.c.actor, _TABLE.c.event, func.count())
        .where(_TABLE.c.at >= since, _TABLE.c.at < until)
        .group_by(_TABLE.c.actor, _TABLE.c.event)
        .order_by(_TABLE.c.actor, _TABLE.c.event)
    )
    return [(actor, event, count) for actor, event, count in session.execute(query)]


def _conditions(wanted: TrailFilter) -> list[ColumnElement[bool]]:
    columns = _TABLE.c
    conditions: list[ColumnElement[bool]] = [
        columns[name] == value
        for name in ("actor", "subject", "request_id")
        if (value := getattr(wanted, name))
    ]
    if wanted.event:
        conditions.append(
            or_(
                columns.event == wanted.event,
                columns.event.startswith(f"{wanted.event}.", autoescape=True),
            )
        )
    if wanted.since is not None:
        conditions.append(columns.at >= wanted.since)
    if wanted.until is not None:
        conditions.append(columns.at < wanted.until)
    if wanted.words:
        conditions.append(
            or_(
                columns.facts.contains(wanted.words, autoescape=True),
                columns.subject.contains(wanted.words, autoescape=True),
            )
        )
    if wanted.after is not None:
        conditions.append(columns.seq > wanted.after)
    return conditions


def _frozen(row: Row[Any]) -> AuditLine:
    return AuditLine(**row._mapping)  # noqa: SLF001 - the public name of SQLAlchemy for it
