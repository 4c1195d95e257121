"""Changes that are committed in the database and wait for the index, in order of commit."""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    MetaData,
    Table,
    Text,
    delete,
    func,
    insert,
    inspect,
    select,
    update,
)
from sqlalchemy.orm import Session

from postloan_archive.search.port import IndexedPage
from postloan_archive.search.preparing import storable

AT_ONCE: Final = 1_000  # rows taken together into the index

_METADATA: Final = MetaData()
_QUEUE: Final = Table(
    "search_queue",
    _METADATA,
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    Column("change", Text, nullable=False),
)
_LAST: Final = Table(  # one row; its lock makes the order of `seq` the order of commits
    "search_queue_last",
    _METADATA,
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("seq", BigInteger, nullable=False),
)


@dataclass(frozen=True, slots=True)
class Add:
    """Make a page searchable, in place of what has its id."""

    page: IndexedPage


@dataclass(frozen=True, slots=True)
class Remove:
    """Forget a document."""

    document_id: int


@dataclass(frozen=True, slots=True)
class Retag:
    """Move the pages of a loan to another branch."""

    loan_no: str
    branch_id: int


Change = Add | Remove | Retag


@dataclass(frozen=True, slots=True)
class Entry:
    """A change and its number."""

    seq: int
    change: Change


def create(session: Session) -> None:
    """Make the tables where there are none."""
    if exists(session.connection()):
        return
    _METADATA.create_all(session.connection())
    session.execute(insert(_LAST).values(id=1, seq=0))


def exists(connection: Connection) -> bool:
    """Return whether the database has the tables."""
    return inspect(connection).has_table(_LAST.name)


def append(session: Session, changes: Iterable[Change]) -> None:
    """Write changes down in the transaction of the session."""
    written = [_text(change) for change in changes]
    if not written:
        return
    create(session)
    last = session.scalars(select(_LAST.c.seq).with_for_update()).one()
    rows = [{"seq": seq, "change": text} for seq, text in enumerate(written, start=last + 1)]
    session.execute(insert(_QUEUE), rows)
    session.execute(update(_LAST).values(seq=last + len(rows)))


def read(connection: Connection, *, after: int) -> list[Entry]:
    """Return the first waiting changes with a higher number."""
    rows = connection.execute(
        select(_QUEUE.c.seq, _QUEUE.c.change)
        .where(_QUEUE.c.seq > after)
        .order_by(_QUEUE.c.seq)
        .limit(AT_ONCE)
    )
    return [Entry(seq, _change(text)) for seq, text in rows]


def forget(session: Session, *, up_to: int) -> None:
    """Delete changes that every index holds."""
    session.execute(delete(_QUEUE).where(_QUEUE.c.seq <= up_to))


def waiting(connection: Connection, *, after: int) -> int:
    """Return how many changes are not yet in an index that has those up to `after`."""
    count = select(func.count()).select_from(_QUEUE).where(_QUEUE.c.seq > after)
    return int(connection.execute(count).scalar_one())


def last(connection: Connection) -> int:
    """Return the number of the last change that was ever written down."""
    return int(connection.execute(select(_LAST.c.seq)).scalar_one())


def _text(change: Change) -> str:
    match change:
        case Add(page):
            facts = asdict(page)
            facts["doc_date"] = page.doc_date.isoformat() if page.doc_date else None
            kind: str = "add"
            values: object = facts
        case Remove(document_id):
            kind, values = "remove", document_id
        case Retag(loan_no, branch_id):
            kind, values = "retag", [loan_no, branch_id]
    return storable(json.dumps([kind, values], ensure_ascii=False))


def _change(text: str) -> Change:
    kind, values = json.loads(text)
    if kind == "remove":
        return Remove(values)
    if kind == "retag":
        return Retag(*values)
    return Add(_page(values))


def _page(values: dict[str, Any]) -> IndexedPage:
    day = values["doc_date"]
    return IndexedPage(**{**values, "doc_date": date.fromisoformat(day) if day else None})
