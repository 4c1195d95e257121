"""Making an inspection: the answers become a report of the loan file."""

import io
from dataclasses import dataclass
from datetime import date
from typing import Final, NamedTuple

from sqlalchemy import delete, insert, select

from postloan_archive.archive import service as archive
from postloan_archive.archive.service import FileMade, OpenBatch, ReceiveFile
from postloan_archive.inspection import queries
from postloan_archive.inspection.errors import (
    InspectedInFutureError,
    InspectionNotedError,
    UnansweredError,
)
from postloan_archive.inspection.models import Inspection, Planned
from postloan_archive.inspection.photos import Photo
from postloan_archive.inspection.questions import form_kind, questions
from postloan_archive.inspection.rules import ITEM_OF, InspectionKind
from postloan_archive.loans import queries as loans
from postloan_archive.loans.models import Loan
from postloan_archive.uow import UnitOfWork
from postloan_archive.wordgen import Cell, Grid, Paper, Sheet, Words, write_paper

PHOTO_WIDTH: Final = 78  # mm
PHOTO_HEIGHT: Final = 90


@dataclass(frozen=True, slots=True, kw_only=True)
class MakeInspection:
    """An inspection that was made; `answers` by the keys of its questions."""

    loan_no: str
    kind: InspectionKind
    made_on: date
    answers: dict[str, str]
    conclusion: str
    place: str = ""
    remarks: str = ""
    photos: tuple[Photo, ...] = ()


class PlanRow(NamedTuple):
    """A row of the plan."""

    loan_id: int
    kind: str
    branch_id: int
    due_on: date
    not_before: date | None
    reason: str


def replan(uow: UnitOfWork, loan: Loan) -> None:
    """Write the next inspections of a loan anew."""
    uow.session.execute(delete(Planned).where(Planned.loan_id == loan.id))
    for one in queries.plan_of(uow, loan):
        uow.session.add(
            Planned(
                loan_id=loan.id,
                kind=str(one.kind),
                branch_id=loan.branch_id,
                due_on=one.due_on,
                not_before=one.not_before,
                reason=one.reason,
            )
        )


def replan_batch(uow: UnitOfWork, after: str | None, limit: int = 500) -> str | None:
    """Write the plans of the next loans where they changed; None at the end.

    Returns the last number. The queries do not grow with the loans, and a night on which
    nothing changed writes nothing.
    """
    numbers = loans.numbers_after(uow, after, limit)
    if not numbers:
        return None
    ids = list(numbers)
    last = queries.last_inspections(uow, ids)
    old: dict[int, set[PlanRow]] = {}
    for row in uow.session.execute(
        select(*(getattr(Planned, name) for name in PlanRow._fields))
        .where(Planned.loan_id.in_(ids))
        .order_by(Planned.loan_id, Planned.kind)
    ):
        old.setdefault(row.loan_id, set()).add(PlanRow(*row))
    stale, new = [], []
    for loan in loans.loans_with_parties(uow, ids):
        rows = {
            PlanRow(
                loan.id, str(one.kind), loan.branch_id, one.due_on, one.not_before, one.reason
            )
            for one in queries.plan_of(uow, loan, last=last.get(loan.id, {}))
        }
        if rows != old.get(loan.id, set()):
            stale.append(loan.id)
            new += [row._asdict() for row in sorted(rows, key=lambda row: row.kind)]
    if stale:
        uow.session.execute(delete(Planned).where(Planned.loan_id.in_(stale)))
    if new:
        uow.session.execute(insert(Planned), new)
    return numbers[ids[-1]]


def make(uow: UnitOfWork, cmd: MakeInspection) -> Inspection:
    """Keep an inspection and file its report as Word.

    Raises:
        LoanNotFoundError: no such loan for this actor.
        InspectedInFutureError: it was not made yet.
        UnansweredError: a question has no answer; all are named.
        InspectionNotedError: it was sent twice.
    """
    loan = loans.get_loan(uow, cmd.loan_no)
    today = uow.clock.today()
    if cmd.made_on > today:
        raise InspectedInFutureError(made_on=cmd.made_on, today=today)
    form = form_kind(loan.product, loan.customer.kind)
    asked = questions(cmd.kind, form)
    missing = [one.text for one in asked if not cmd.answers.get(one.key, "").strip()]
    if missing:
        raise UnansweredError(questions="、".join(missing))
    if queries.same_inspection(uow, loan.id, str(cmd.kind), cmd.made_on, _answers(cmd)):
        raise InspectionNotedError(kind=str(cmd.kind), made_on=cmd.made_on)
    planned = {one.kind: one.due_on for one in queries.plan_of(uow, loan)}
    title = f"{cmd.kind}报告"
    rows = [(str(one.text), cmd.answers[one.key].strip()) for one in asked]
    rows += [("其他情况", cmd.remarks.strip() or "—"), ("结论", cmd.conclusion)]
    photo_ids = _file_photos(uow, loan, cmd)
    data = _report(uow, loan, cmd, f"贷后{title}（{form}）", rows)
    document = archive.file_made(
        uow,
        FileMade(
            loan_id=loan.id,
            item_code=ITEM_OF[cmd.kind],
            name=f"{title}-{cmd.made_on}.docx",
            title=f"{title}（{cmd.made_on}）",
            stream=io.BytesIO(data),
            author=uow.actor.display_name or uow.actor.name,
            doc_date=cmd.made_on,
        ),
    )
    row = Inspection(
        loan_id=loan.id,
        branch_id=loan.branch_id,
        kind=str(cmd.kind),
        due_on=planned.get(cmd.kind),
        made_on=cmd.made_on,
        made_by=uow.actor.name,
        place=cmd.place.strip(),
        answers=_answers(cmd),
        conclusion=cmd.conclusion,
        document_id=document.id,
        photo_ids=photo_ids,
        noted_at=uow.clock.now(),
    )
    uow.session.add(row)
    uow.session.flush()  # the plan and the audit line need the id
    replan(uow, loan)
    uow.record(
        "inspection.inspection_made",
        f"loan:{loan.loan_no}",
        inspection=row.id,
        kind=str(cmd.kind),
        conclusion=cmd.conclusion,
        document=document.id,
        photos=photo_ids,
    )
    return row


def _answers(cmd: MakeInspection) -> dict[str, str]:
    return {**cmd.answers, "remarks": cmd.remarks.strip()}


def _file_photos(uow: UnitOfWork, loan: Loan, cmd: MakeInspection) -> list[int]:
    """File the photos as they came, beside the report; return their numbers."""
    if not cmd.photos:
        return []
    batch = archive.open_batch(uow, OpenBatch(source="phone"))
    filed = []
    for at, photo in enumerate(cmd.photos, start=1):
        received = archive.receive_file(
            uow,
            ReceiveFile(
                batch_id=batch.id,
                loan_no=loan.loan_no,
                name=photo.name or f"照片{at}.jpg",
                stream=io.BytesIO(photo.data),
                item_code=ITEM_OF[cmd.kind],
                title=f"{cmd.kind}照片 {at}（{cmd.made_on}）",
                doc_date=cmd.made_on,
                form="original",
            ),
        )
        if received.document_id is not None:
            filed.append(received.document_id)
    archive.close_batch(uow, batch.id)
    if filed:
        uow.enqueue("read_documents", filed)
    return filed


def _report(
    uow: UnitOfWork, loan: Loan, cmd: MakeInspection, title: str, rows: list[tuple[str, str]]
) -> bytes:
    """Return the report as .docx, the photos two by two at its end."""
    by = uow.actor.display_name or uow.actor.name
    blocks: list[Words | Grid | Sheet] = [
        Words(text=title, size=16, bold=True, centred=True),
        Words(
            text=f"借款人 {loan.customer.name}　借据号 {loan.loan_no}　"
            f"合同号 {loan.contract.contract_no}",
            space_mm=3,
        ),
        Words(
            text=f"检查日 {cmd.made_on}　检查人 {by}　地点 {cmd.place.strip() or '—'}",
            space_mm=1,
        ),
        Grid(widths=(70, 97), headings=("检查事项", "情况"), rows=rows),
        Words(text="检查人签字：　　　　　　　　复核人签字：", space_mm=6),
    ]
    if cmd.photos:
        blocks.append(Words(text=f"照片（{len(cmd.photos)} 张）", bold=True, space_mm=6))
        blocks.append(
            Sheet(
                across=2,
                width=82,
                height=PHOTO_HEIGHT + 8,
                cells=[
                    Cell(
                        lines=(Words(text=f"照片 {at}", size=9, centred=True),),
                        pictures=((photo.shown, *_within(photo.ratio)),),
                    )
                    for at, photo in enumerate(cmd.photos, start=1)
                ],
            )
        )
    return write_paper(Paper(blocks=blocks))


def _within(ratio: float) -> tuple[float, float]:
    """Return width and height in mm: as wide as its field, never higher."""
    width = min(PHOTO_WIDTH, PHOTO_HEIGHT / ratio)
    return width, width * ratio
