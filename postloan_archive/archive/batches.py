"""The receipt of a delivery: what became of every file."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select

from postloan_archive.archive.errors import BatchNotFoundError
from postloan_archive.archive.incoming.models import Arrival
from postloan_archive.archive.models import Document, IntakeBatch, IntakeFile
from postloan_archive.archive.rules.filing import item_title
from postloan_archive.archive.rules.states import (
    RECOGNISING,
    STATES,
    WAITING,
    StateWords,
    effective_state,
)
from postloan_archive.kernel.errors import _l
from postloan_archive.loans import queries as loans
from postloan_archive.uow import UnitOfWork

IN_INBOX: Final = _l("原件已存放在收件箱，等待归入案卷。")


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceivedFile:
    """One file of a delivery; `document_id` only where the actor may open it."""

    id: int
    name: str
    size: int
    state: str
    words: StateWords
    sentence: str
    loan_no: str
    document_id: int | None
    waits: bool  # in the inbox, for a loan
    unmatched: str  # why its name did not tell the loan file
    version: int
    item_code: str
    item: str
    pages: int
    recognised: int
    to_recognise: int

    @property
    def going_on(self) -> bool:
        """Return whether a worker has still to do something."""
        return self.state in {WAITING, RECOGNISING}


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrived:
    """The files of a delivery before they were stored: what the folder or the browser had."""

    found: int = 0
    taken: int = 0
    failed: int = 0
    given_up: int = 0

    @property
    def coming(self) -> int:
        """Return how many are still to be taken."""
        return self.found - self.taken - self.failed - self.given_up


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """A delivery: n in = n stored + n linked + n named exceptions; `files` are a part of it."""

    id: int
    source: str
    place: str
    opened_by: str
    opened_at: datetime
    closed_at: datetime | None
    expected: int | None
    arrived: Arrived
    states: Mapping[str, int]  # effective state -> files
    in_inbox: int  # wait for a loan
    unmatched: int  # whose name tells no loan file, and that wait for that reason
    files: tuple[ReceivedFile, ...] = ()

    @property
    def received(self) -> int:
        """Return how many files came, members of zips counted one by one."""
        return sum(self.states.values())

    @property
    def going_on(self) -> int:
        """Return for how many files a worker has still something to do."""
        return sum(self.states.get(state, 0) for state in (WAITING, RECOGNISING))

    @property
    def done(self) -> int:
        """Return for how many files the work is over."""
        return self.received - self.going_on

    @property
    def stored(self) -> int:
        """Return how many are stored without any remark; what is still read is stored, too."""
        return self.states.get("stored", 0) + self.going_on

    @property
    def linked(self) -> int:
        """Return how many are the same as a paper that was there."""
        return self.states.get("duplicate", 0)

    @property
    def exceptions(self) -> int:
        """Return how many have a remark of their own; each is named with it."""
        return self.received - self.stored - self.linked

    @property
    def odd(self) -> int:
        """Return how many did not simply become a readable document."""
        return self.linked + self.exceptions

    @property
    def adds_up(self) -> bool:
        """Return whether every file that was found is accounted for."""
        return self.arrived.coming == 0 and self.received >= (
            self.arrived.taken + self.arrived.failed
        )


def receipt_of(
    uow: UnitOfWork,
    batch_id: int,
    *,
    only: str = "",
    limit: int = 50,
    offset: int = 0,
) -> Receipt:
    """Return the delivery as its sender may see it; others see the files of their loans.

    Args:
        uow: where to look and for whom.
        batch_id: the delivery.
        only: one of `FILTERS`, which files to show.
        limit: files to show.
        offset: files before them.

    Raises:
        BatchNotFoundError: no such delivery, or nothing of it is for this actor.
    """
    batch = uow.session.get(IntakeBatch, batch_id)
    if batch is None:
        raise BatchNotFoundError(batch_id=batch_id)
    mine = _mine(uow, batch)
    state = _state()
    counted = uow.session.execute(
        _of(batch_id, select(state.label("reached"), func.count().label("files")))
        .where(mine)
        .group_by("reached")
    ).all()
    states = {str(row.reached): int(row.files) for row in counted}
    if not states and batch.opened_by != uow.actor.name and not uow.actor.unlimited:
        raise BatchNotFoundError(batch_id=batch_id)
    shown = _of(batch_id, select(IntakeFile, Document)).where(mine, *_only(only))
    files: Sequence[tuple[IntakeFile, Document | None]] = [
        (row[0], row[1])
        for row in uow.session.execute(
            shown.order_by(IntakeFile.id).limit(limit).offset(offset)
        )
    ]
    return Receipt(
        id=batch.id,
        source=batch.source,
        place=batch.place,
        opened_by=batch.opened_by,
        opened_at=batch.opened_at,
        closed_at=batch.closed_at,
        expected=batch.expected,
        arrived=_arrived(uow, batch_id),
        states=states,
        in_inbox=_count(uow, batch_id, mine, IN_INBOX_FILES),
        unmatched=_count(uow, batch_id, mine, UNMATCHED),
        files=tuple(_received(uow, file, document) for file, document in files),
    )


def count_files(uow: UnitOfWork, batch_id: int, only: str) -> int:
    """Return how many files `receipt_of` shows with this filter in all."""
    batch = uow.session.get(IntakeBatch, batch_id)
    return 0 if batch is None else _count(uow, batch_id, _mine(uow, batch), only)


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchRow:
    """One line of the list of deliveries; the counts are those of the whole delivery."""

    id: int
    source: str
    place: str
    opened_by: str
    opened_at: datetime
    closed_at: datetime | None
    expected: int | None
    received: int
    waiting: int
    odd: int


def batches_of(
    uow: UnitOfWork, *, source: str = "", limit: int = 20, offset: int = 0
) -> list[BatchRow]:
    """Return the deliveries of which the actor may see something, newest first."""
    listed = _listed(uow, select(IntakeBatch), source)
    found = uow.session.scalars(
        listed.order_by(IntakeBatch.id.desc()).limit(limit).offset(offset)
    ).all()
    rows = uow.session.execute(
        select(
            IntakeFile.batch_id,
            func.count().label("files"),
            func.sum(case((IS[IN_INBOX_FILES], 1), else_=0)).label("waiting"),
            func.sum(case((_state().not_in(QUIET), 1), else_=0)).label("odd"),
        )
        .outerjoin(Document, Document.id == IntakeFile.document_id)
        .where(
            IntakeFile.batch_id.in_([batch.id for batch in found]),
            IntakeFile.parent_id.is_(None),
        )
        .group_by(IntakeFile.batch_id)
    )
    counted = {row.batch_id: row for row in rows}
    return [
        BatchRow(
            id=batch.id,
            source=batch.source,
            place=batch.place,
            opened_by=batch.opened_by,
            opened_at=batch.opened_at,
            closed_at=batch.closed_at,
            expected=batch.expected,
            received=counted[batch.id].files if batch.id in counted else 0,
            waiting=int(counted[batch.id].waiting) if batch.id in counted else 0,
            odd=int(counted[batch.id].odd) if batch.id in counted else 0,
        )
        for batch in found
    ]


def count_batches(uow: UnitOfWork, *, source: str = "") -> int:
    """Return how many deliveries `batches_of` would return in all."""
    return uow.session.scalar(_listed(uow, select(func.count()), source)) or 0


def _listed(
    uow: UnitOfWork, query: Select[*tuple[Any, ...]], source: str
) -> Select[*tuple[Any, ...]]:
    query = query.select_from(IntakeBatch)
    if source:
        query = query.where(IntakeBatch.source == source)
    if uow.actor.branch_ids is None:
        return query
    some = (
        select(IntakeFile.id)
        .where(IntakeFile.batch_id == IntakeBatch.id, _of_branches(uow))
        .exists()
    )
    return query.where(or_(IntakeBatch.opened_by == uow.actor.name, some))


def _of(batch_id: int, query: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    return (
        query.select_from(IntakeFile)
        .outerjoin(Document, Document.id == IntakeFile.document_id)
        .where(IntakeFile.batch_id == batch_id, IntakeFile.parent_id.is_(None))
    )


def _mine(uow: UnitOfWork, batch: IntakeBatch) -> ColumnElement[bool]:
    if batch.opened_by == uow.actor.name:
        return or_(IntakeFile.loan_no == "", _of_branches(uow))
    return _of_branches(uow)


def _of_branches(uow: UnitOfWork) -> ColumnElement[bool]:
    """Return the files of the loans of the actor, and those that wait in an own branch."""
    ids = uow.actor.branch_ids
    if ids is None:
        return IntakeFile.id.is_not(None)
    return or_(
        and_(IntakeFile.loan_no != "", loans.is_visible_number(uow, IntakeFile.loan_no)),
        and_(IntakeFile.loan_no == "", IntakeFile.branch_id.in_(sorted(ids))),
    )


def _state() -> ColumnElement[str]:
    """Return the state to show, as `effective_state` says it."""
    waits = and_(
        IntakeFile.document_id.is_(None),
        IntakeFile.sha256 != "",
        IntakeFile.read_at.is_(None),
        IntakeFile.handled_at.is_(None),
    )
    filed = and_(IntakeFile.state == "stored", Document.id.is_not(None))
    recognised = and_(Document.ocr_pending > 0, Document.state.in_(["stored", "no_text"]))
    return case(
        (waits, WAITING),
        (and_(filed, Document.read_at.is_(None)), WAITING),
        (and_(filed, recognised), RECOGNISING),
        (filed, Document.state),
        else_=IntakeFile.state,
    )


def _only(only: str) -> tuple[ColumnElement[bool], ...]:
    return (IS[only],) if only in IS else ()


def _count(uow: UnitOfWork, batch_id: int, mine: ColumnElement[bool], only: str) -> int:
    query = _of(batch_id, select(func.count())).where(mine, *_only(only))
    return uow.session.scalar(query) or 0


def _arrived(uow: UnitOfWork, batch_id: int) -> Arrived:
    rows = uow.session.execute(
        select(Arrival.state, func.count())
        .where(Arrival.batch_id == batch_id)
        .group_by(Arrival.state)
    ).all()
    found = {str(state): int(count) for state, count in rows}
    return Arrived(
        found=sum(found.values()),
        taken=found.get("taken", 0),
        failed=found.get("failed", 0),
        given_up=found.get("given_up", 0),
    )


ODD_FILES: Final = "odd"
DUPLICATES: Final = "duplicate"
IN_INBOX_FILES: Final = "inbox"
UNMATCHED: Final = "unmatched"
QUIET: Final = ("stored", "duplicate", WAITING, RECOGNISING)
_OPEN: Final = and_(
    IntakeFile.document_id.is_(None),
    IntakeFile.sha256 != "",
    IntakeFile.handled_at.is_(None),
)
IS: Final[Mapping[str, ColumnElement[bool]]] = {
    ODD_FILES: _state().not_in(QUIET),
    DUPLICATES: IntakeFile.state == "duplicate",
    IN_INBOX_FILES: _OPEN,
    UNMATCHED: and_(_OPEN, IntakeFile.unmatched != ""),
}
FILTERS: Final[Mapping[str, str]] = {  # the order of the choice
    ODD_FILES: _l("须留意"),
    UNMATCHED: _l("文件名未对上案卷"),
    IN_INBOX_FILES: _l("在收件箱"),
    DUPLICATES: _l("重复已关联"),
}


def _received(uow: UnitOfWork, file: IntakeFile, document: Document | None) -> ReceivedFile:
    state, message = file.state, file.message
    waits = document is None and bool(file.sha256)
    if waits and file.read_at is None and file.handled_at is None:
        state = WAITING
    if waits and file.handled_at is None and not message:
        message = file.unmatched or IN_INBOX
    if file.state == "stored" and document is not None:
        state = effective_state(
            document.state, read=document.read_at is not None, ocr_pending=document.ocr_pending
        )
        message = document.message
    visible = document is not None and uow.actor.sees_category(document.item_code[:2])
    return ReceivedFile(
        id=file.id,
        name=file.name,
        size=file.size,
        state=state,
        words=STATES[state],
        sentence=message or STATES[state].sentence,
        loan_no=file.loan_no,
        document_id=document.id if document is not None and visible else None,
        waits=waits and file.handled_at is None,
        unmatched=file.unmatched if waits and file.handled_at is None else "",
        version=file.version,
        item_code=document.item_code if document else "",
        item=item_title(document.item_code) if document else "",
        pages=document.page_count if document else file.page_count,
        recognised=document.ocr_pages if document else 0,
        to_recognise=document.ocr_pages + document.ocr_pending if document else 0,
    )
