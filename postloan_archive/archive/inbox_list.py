"""SELECTs over the inbox; a person sees the own deliveries and those of the own branches."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, and_, func, or_, select

from postloan_archive.access.permissions import Permission
from postloan_archive.archive.errors import IntakeFileNotFoundError
from postloan_archive.archive.models import Document, IntakeBatch, IntakeFile
from postloan_archive.archive.pieces.suggesting import ItemOffer, item_of
from postloan_archive.archive.rules.clues import BEST, strength
from postloan_archive.archive.rules.filing import UNSORTED, item_title
from postloan_archive.archive.rules.leaves import read, words
from postloan_archive.archive.rules.states import (
    ODD,
    RECOGNISING,
    STATES,
    WAITING,
    StateWords,
    effective_state,
)
from postloan_archive.kernel.errors import _l
from postloan_archive.loans import queries as loans
from postloan_archive.loans.headings import LoanHeading, headings
from postloan_archive.reading import has_page_image
from postloan_archive.uow import UnitOfWork

RECENT: Final = 5  # handled files offered for undoing
NO_LOAN: Final = "no_loan"
NO_ITEM: Final = "no_item"
STATE_FILTERS: Final[Mapping[str, str]] = {  # the order of the choice
    NO_LOAN: _l("未归案卷"),
    NO_ITEM: _l("待归类"),
    "encrypted": STATES["encrypted"].word,
    "damaged": STATES["damaged"].word,
    "type_mismatch": STATES["type_mismatch"].word,
    "unsupported": STATES["unsupported"].word,
    "no_text": STATES["no_text"].word,
    "timed_out": STATES["timed_out"].word,
    "too_large": STATES["too_large"].word,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """One file of the inbox, or one just handled."""

    id: int
    version: int
    name: str
    state: str
    words: StateWords
    sentence: str
    why: str  # it waits for: a loan, an item, somebody's eyes
    loan_no: str
    item_code: str
    item: str
    document_id: int | None
    title: str
    pages: int
    image: bool  # its pages can be shown to this person
    size: int
    sha256: str
    source: str
    root_id: int  # the file that it was cut from, or itself
    piece: str  # which of its pages, where it is a part; else empty
    decided_by: str
    unmatched: str
    batch_id: int
    received_at: datetime
    received_by: str
    outcome: str
    handled_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A loan that a waiting file may belong to."""

    loan: LoanHeading
    score: str  # in words
    percent: int
    reasons: tuple[str, ...]


def get_file(uow: UnitOfWork, file_id: int) -> IntakeFile:
    """Return a file as it came in, if the actor may see it.

    Raises:
        IntakeFileNotFoundError: no such file, or not for this actor: the same answer.
    """
    row: IntakeFile | None = uow.session.scalar(
        _joined(select(IntakeFile)).where(IntakeFile.id == file_id, _visible(uow))
    )
    if row is None:
        raise IntakeFileNotFoundError(file_id=file_id)
    return row


def numbers(uow: UnitOfWork) -> dict[str, int]:
    """Return how many files wait, for the number beside the word."""
    return {"inbox": count_files(uow)} if uow.actor.may(Permission.DOCUMENT_ADD) else {}


def open_files(
    uow: UnitOfWork, *, state: str = "", source: str = "", limit: int = 50, offset: int = 0
) -> list[Waiting]:
    """Return the files that wait, the oldest first."""
    query = _filtered(_joined(select(IntakeFile, Document, IntakeBatch)), state, source)
    rows = uow.session.execute(
        query.where(_is_open(), _visible(uow))
        .order_by(
            IntakeFile.received_at,
            func.coalesce(IntakeFile.parent_id, IntakeFile.id),
            IntakeFile.id,
        )
        .limit(limit)
        .offset(offset)
    )
    return [_waiting(uow, *row) for row in rows]


def count_files(uow: UnitOfWork, *, state: str = "", source: str = "") -> int:
    """Return how many files `open_files` would return in all."""
    query = _filtered(_joined(select(func.count())), state, source)
    return uow.session.scalar(query.where(_is_open(), _visible(uow))) or 0


def counts(uow: UnitOfWork) -> dict[str, int]:
    """Return how many files wait by filter of state and by source (`source:mail`)."""
    state = func.coalesce(Document.state, IntakeFile.state)
    rows = uow.session.execute(
        _joined(
            select(
                IntakeFile.document_id.is_(None).label("no_loan"),
                (Document.item_code == UNSORTED).label("no_item"),
                state.label("state"),
                IntakeBatch.source,
                func.count().label("files"),
            )
        )
        .where(_is_open(), _visible(uow))
        .group_by("no_loan", "no_item", state, IntakeBatch.source)
    )
    found: dict[str, int] = {}
    for row in rows:
        keys = [f"source:{row.source}"]
        keys += [NO_LOAN] if row.no_loan else []
        keys += [NO_ITEM] if row.no_item else []
        keys += [row.state] if row.state in STATE_FILTERS else []
        for key in keys:
            found[key] = found.get(key, 0) + int(row.files)
    return found


def just_handled(uow: UnitOfWork) -> list[Waiting]:
    """Return what the actor handled last, newest first."""
    rows = uow.session.execute(
        _joined(select(IntakeFile, Document, IntakeBatch))
        .where(
            IntakeFile.handled_by == uow.actor.name,
            IntakeFile.outcome != "merged",
            _visible(uow),
        )
        .order_by(IntakeFile.handled_at.desc(), IntakeFile.id.desc())
        .limit(RECENT)
    )
    return [_waiting(uow, *row) for row in rows]


def shown_file(uow: UnitOfWork, file_id: int) -> Waiting:
    """Return one file of the inbox.

    Raises:
        IntakeFileNotFoundError: no such file, or not for this actor.
    """
    row = get_file(uow, file_id)
    document = uow.session.get(Document, row.document_id) if row.document_id else None
    return _waiting(uow, row, document, uow.session.get_one(IntakeBatch, row.batch_id))


def offers(uow: UnitOfWork, file_id: int) -> list[Offer]:
    """Return the loans that the actor may see and that the file speaks of, best first."""
    row = get_file(uow, file_id)
    seen = headings(uow, {one[0] for one in row.candidates})
    return [
        Offer(
            loan=seen[loan_no],
            score=strength(score),
            percent=int(score),
            reasons=tuple(reasons),
        )
        for loan_no, score, reasons in row.candidates
        if loan_no in seen
    ][:BEST]


def item_offer(uow: UnitOfWork, file_id: int) -> ItemOffer | None:
    """Return what the title of a waiting piece says it is; None where it is filed."""
    row = get_file(uow, file_id)
    return None if row.document_id is not None else item_of(uow, row)


def _joined(query: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    return (
        query.select_from(IntakeFile)
        .join(IntakeBatch, IntakeBatch.id == IntakeFile.batch_id)
        .outerjoin(Document, Document.id == IntakeFile.document_id)
    )


def _is_open() -> ColumnElement[bool]:
    odd = and_(
        IntakeFile.state != "duplicate",
        Document.read_at.is_not(None),
        Document.ocr_pending == 0,
        or_(Document.state.in_(sorted(ODD)), Document.item_code == UNSORTED),
    )
    return and_(IntakeFile.handled_at.is_(None), or_(IntakeFile.document_id.is_(None), odd))


def _visible(uow: UnitOfWork) -> ColumnElement[bool]:
    """Return the own files, and those of the own branches and categories."""
    own = and_(IntakeFile.loan_no == "", IntakeBatch.opened_by == uow.actor.name)
    conditions: list[ColumnElement[bool]] = [
        or_(
            and_(Document.id.is_not(None), loans.is_visible(uow, Document.loan_id)),
            and_(Document.id.is_(None), loans.is_visible_number(uow, IntakeFile.loan_no)),
            and_(IntakeFile.loan_no == "", _of_branches(uow)),
        )
    ]
    if uow.actor.categories is not None:
        code = func.coalesce(Document.item_code, IntakeFile.item_code)
        known = sorted({*uow.actor.categories, ""})  # "": nothing is known of it
        conditions.append(func.substr(code, 1, 2).in_(known))
    return or_(own, and_(*conditions))


def _of_branches(uow: UnitOfWork) -> ColumnElement[bool]:
    ids = uow.actor.branch_ids
    if ids is None:
        return IntakeFile.id.is_not(None)
    return IntakeFile.branch_id.in_(sorted(ids))


def _filtered(
    query: Select[*tuple[Any, ...]], state: str, source: str
) -> Select[*tuple[Any, ...]]:
    if source:
        query = query.where(IntakeBatch.source == source)
    if state == NO_LOAN:
        return query.where(IntakeFile.document_id.is_(None))
    if state == NO_ITEM:
        return query.where(Document.item_code == UNSORTED)
    if state:
        return query.where(func.coalesce(Document.state, IntakeFile.state) == state)
    return query


def _waiting(
    uow: UnitOfWork, row: IntakeFile, document: Document | None, batch: IntakeBatch
) -> Waiting:
    state, message = row.state, row.message
    if document is not None and row.state != "duplicate":
        state = effective_state(
            document.state, read=document.read_at is not None, ocr_pending=document.ocr_pending
        )
        message = document.message
    elif document is None and row.sha256 and row.read_at is None:
        state = WAITING
    item = document.item_code if document else row.item_code
    media = document.media_type if document else row.media_type
    mine = document is None or uow.actor.sees_category(item[:2])
    return Waiting(
        id=row.id,
        version=row.version,
        name=row.name,
        state=state,
        words=STATES[state],
        sentence=message or (STATES[state].sentence if document or state != "stored" else ""),
        why=_why(document, row, state),
        loan_no=row.loan_no,
        item_code=item,
        item=item_title(item) if item else "",
        document_id=document.id if document and mine else None,
        title=document.title if document else "",
        pages=document.page_count if document else len(row.leaves) or row.page_count,
        image=mine and has_page_image(media),
        size=row.size,
        sha256=row.sha256,
        source=batch.source,
        root_id=row.parent_id or row.id,
        piece=words(read(row.leaves)) if row.leaves else "",
        decided_by=row.decided_by,
        unmatched=row.unmatched if document is None else "",
        batch_id=batch.id,
        received_at=row.received_at,
        received_by=batch.opened_by,
        outcome=row.outcome,
        handled_at=row.handled_at,
    )


def _why(document: Document | None, row: IntakeFile, state: str) -> str:
    if document is None:
        return _l("未归案卷") if row.sha256 else _l("未能存放")
    if document.item_code == UNSORTED:
        return _l("待归类")
    return STATES[state].word if state not in {WAITING, RECOGNISING} else ""
