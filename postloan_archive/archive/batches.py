"""The receipt of a delivery: what became of every file."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import select

from postloan_archive.archive.errors import BatchNotFoundError
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
from postloan_archive.loans.headings import headings
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
class Receipt:
    """A delivery with its files: n in = n stored + n named exceptions."""

    id: int
    source: str
    opened_by: str
    opened_at: datetime
    files: tuple[ReceivedFile, ...]

    @property
    def done(self) -> int:
        """Return for how many files the work is over."""
        return sum(1 for file in self.files if not file.going_on)

    @property
    def in_inbox(self) -> int:
        """Return how many files wait in the inbox for a loan."""
        return sum(1 for file in self.files if file.waits)

    @property
    def exceptions(self) -> int:
        """Return how many files did not simply become a readable document."""
        return sum(1 for file in self.files if not file.going_on and file.state != "stored")


def receipt_of(uow: UnitOfWork, batch_id: int) -> Receipt:
    """Return the delivery as its sender may see it; others see the files of their loans.

    Raises:
        BatchNotFoundError: no such delivery, or nothing of it is for this actor.
    """
    batch = uow.session.get(IntakeBatch, batch_id)
    if batch is None:
        raise BatchNotFoundError(batch_id=batch_id)
    rows: Sequence[tuple[IntakeFile, Document | None]] = [
        (row[0], row[1])
        for row in uow.session.execute(
            select(IntakeFile, Document)
            .outerjoin(Document, Document.id == IntakeFile.document_id)
            .where(IntakeFile.batch_id == batch_id)
            .order_by(IntakeFile.id)
        )
    ]
    own = batch.opened_by == uow.actor.name
    seen = headings(uow, {file.loan_no for file, _document in rows if file.loan_no})
    files = tuple(
        _received(uow, file, document)
        for file, document in rows
        if file.loan_no in seen or (own and not file.loan_no)
    )
    if not files:
        raise BatchNotFoundError(batch_id=batch_id)
    return Receipt(
        id=batch.id,
        source=batch.source,
        opened_by=batch.opened_by,
        opened_at=batch.opened_at,
        files=files,
    )


def _received(uow: UnitOfWork, file: IntakeFile, document: Document | None) -> ReceivedFile:
    state, message = file.state, file.message
    waits = document is None and bool(file.sha256)
    if waits and file.read_at is None:
        state = WAITING
    elif waits and not message:
        message = IN_INBOX
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
        waits=waits,
        item_code=document.item_code if document else "",
        item=item_title(document.item_code) if document else "",
        pages=document.page_count if document else file.page_count,
        recognised=document.ocr_pages if document else 0,
        to_recognise=document.ocr_pages + document.ocr_pending if document else 0,
    )
