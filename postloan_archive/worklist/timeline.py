"""Everything that happened to one loan, and what is to come, in one line."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from sqlalchemy import select

from postloan_archive.archive import queries as archive
from postloan_archive.cases import queries as cases
from postloan_archive.cases.case_loans import about
from postloan_archive.cases.models import Case
from postloan_archive.kernel.clock import CHINA
from postloan_archive.kernel.errors import _l
from postloan_archive.loans.models import LimitationEvent, Loan
from postloan_archive.loans.rules.limitation_state import KIND_LABELS, Interruption
from postloan_archive.notices.models import Notice
from postloan_archive.preservation.models import Measure
from postloan_archive.uow import UnitOfWork
from postloan_archive.worklist import queries
from postloan_archive.worklist.rules.computed import State


class Strand(StrEnum):
    """What an entry is about; the filter of the page."""

    LEDGER = "ledger"
    CLOCKS = "clocks"
    LETTERS = "letters"
    COURT = "court"
    PRESERVATION = "preservation"
    DEADLINES = "deadlines"
    PAPERS = "papers"


LABELS: Final[dict[Strand, str]] = {
    Strand.LEDGER: _l("贷款与还款"),
    Strand.CLOCKS: _l("时效与保证"),
    Strand.LETTERS: _l("函件"),
    Strand.COURT: _l("诉讼"),
    Strand.PRESERVATION: _l("保全"),
    Strand.DEADLINES: _l("期限"),
    Strand.PAPERS: _l("文件"),
}
COURT: Final = "court"
OURS: Final = "ours"
OUTCOMES: Final = {
    "arrived": _l("签收"),
    "refused": _l("拒收"),
    "returned": _l("退回"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One thing on one day.

    Attributes:
        side: `court` or the other side, or `ours`.
        note: further words, such as a case number.
        struck: it was corrected or struck and stays to be seen.
        deadline_id: the deadline behind it, None for what happened.
        document_id: the paper behind it, None where there is none.
    """

    strand: Strand
    on: date
    title: str
    side: str = OURS
    note: str = ""
    struck: bool = False
    deadline_id: int | None = None
    document_id: int | None = None


def entries(uow: UnitOfWork, loan: Loan, strands: Iterable[Strand] = ()) -> list[Entry]:
    """Return what happened and what is to come, newest first.

    Args:
        uow: whose rights count: papers of hidden categories are left out.
        loan: a loan that the actor was allowed to load.
        strands: only these; none asks for all.
    """
    wanted = frozenset(strands) or frozenset(Strand)
    sources = {
        Strand.LEDGER: _ledger,
        Strand.CLOCKS: _clocks,
        Strand.LETTERS: _letters,
        Strand.COURT: _court,
        Strand.PRESERVATION: _preservation,
        Strand.DEADLINES: _deadlines,
        Strand.PAPERS: _papers,
    }
    found = [
        entry
        for strand, source in sources.items()
        if strand in wanted
        for entry in source(uow, loan)
    ]
    return sorted(found, key=lambda entry: (entry.on, entry.strand, entry.title), reverse=True)


def _ledger(uow: UnitOfWork, loan: Loan) -> Iterator[Entry]:
    del uow

    def entry(on: date, title: str, note: str = "", side: str = OURS) -> Entry:
        return Entry(strand=Strand.LEDGER, on=on, title=title, note=note, side=side)

    yield entry(loan.contract.signed_on, f"签订{loan.contract.name}", loan.contract.contract_no)
    yield entry(loan.disbursed_on, f"发放贷款 {loan.principal:,} 元")
    yield entry(loan.due_on, "贷款到期日")
    if loan.accelerated_on is not None:
        yield entry(loan.accelerated_on, "宣布提前到期")
    if loan.settled_on is not None:
        yield entry(loan.settled_on, "贷款结清")
    for payment in loan.payments:
        note = "　".join(filter(None, (payment.payer, payment.channel, payment.receipt_no)))
        yield entry(payment.paid_on, f"收到还款 {payment.amount:,} 元", note, COURT)
    for change in loan.rate_changes:
        yield entry(change.effective_on, f"利率调整为年 {change.annual_rate}%", change.basis)


def _clocks(uow: UnitOfWork, loan: Loan) -> Iterator[Entry]:
    names = {one.id: one.guarantor.name for one in loan.guarantees}
    for event in uow.session.scalars(
        select(LimitationEvent)
        .where(LimitationEvent.loan_id == loan.id)
        .order_by(LimitationEvent.happened_on, LimitationEvent.id)
    ):
        known = event.kind in set(Interruption)
        label = KIND_LABELS[Interruption(event.kind)] if known else event.kind
        whom = f"（保证人 {names[event.guarantee_id]}）" if event.guarantee_id in names else ""
        state = "" if event.confirmed_at else "待确认"
        words = (
            f"证据等级{event.level}",
            event.channel,
            state,
            event.note,
            event.struck_reason,
        )
        yield Entry(
            strand=Strand.CLOCKS,
            on=event.happened_on,
            title=f"{label}{whom}",
            note="　".join(filter(None, words)),
            struck=bool(event.struck_reason),
            document_id=event.document_id,
        )


def _letters(uow: UnitOfWork, loan: Loan) -> Iterator[Entry]:
    for notice in uow.session.scalars(
        select(Notice)
        .where(Notice.loan_id == loan.id, Notice.state == "issued")
        .order_by(Notice.id)
    ):
        name = str(notice.snapshot.get("addressee", ""))
        title = f"{notice.serial_no or notice.kind} {name}".strip()
        if notice.issued_on is not None:
            yield Entry(
                strand=Strand.LETTERS,
                on=notice.issued_on,
                title=f"出具函件 {title}",
                document_id=notice.document_id,
            )
        if notice.dispatched_on is not None:
            yield Entry(
                strand=Strand.LETTERS,
                on=notice.dispatched_on,
                title=f"寄出 {title}",
                note="　".join(filter(None, (notice.dispatch_channel, notice.tracking_no))),
            )
        if notice.outcome and notice.outcome_on is not None:
            yield Entry(
                strand=Strand.LETTERS,
                on=notice.outcome_on,
                title=f"{OUTCOMES.get(notice.outcome, notice.outcome)} {title}",
                side=COURT,
                document_id=notice.outcome_document_id,
            )


def _court(uow: UnitOfWork, loan: Loan) -> Iterator[Entry]:
    found = uow.session.scalars(select(Case).where(about(loan.id)).order_by(Case.id))
    for case in found:
        yield Entry(
            strand=Strand.COURT,
            on=case.opened_on,
            title=f"建立案件 {case.case_no}",
            note=case.court,
        )
        if case.closed_on is not None:
            yield Entry(strand=Strand.COURT, on=case.closed_on, title=f"结案 {case.case_no}")
        for event in cases.docket(uow, case):
            words = (event.court_case_no, event.note, event.struck_reason)
            yield Entry(
                strand=Strand.COURT,
                on=event.happened_on,
                title=event.label,
                side=COURT if event.court_case_no else OURS,
                note="　".join(filter(None, words)),
                struck=bool(event.struck_reason),
                document_id=event.document_id,
            )


def _preservation(uow: UnitOfWork, loan: Loan) -> Iterator[Entry]:
    for measure in uow.session.scalars(
        select(Measure).where(Measure.loan_id == loan.id).order_by(Measure.id)
    ):
        words = f"{measure.asset}　{measure.respondent}　{measure.ruling_no}"
        renewed = "续行" if measure.renewal_of is not None else "采取"
        days = (
            (measure.effective_on, f"{renewed}保全措施", COURT, measure.document_id),
            (measure.renewal_requested_on, "申请续行保全", OURS, None),
            (measure.renewal_receipt_on, "收到续行申请回执", COURT, None),
            (measure.released_on, "解除保全措施", COURT, None),
        )
        for on, title, side, document_id in days:
            if on is not None:
                yield Entry(
                    strand=Strand.PRESERVATION,
                    on=on,
                    title=title,
                    side=side,
                    note=words,
                    document_id=document_id,
                )


def _deadlines(uow: UnitOfWork, loan: Loan) -> Iterator[Entry]:
    for row in queries.of_loan(uow, loan.id):
        if row.state == State.DONE:
            title, on = f"已办：{row.title}", row.done_on or row.safe
        else:
            title, on = row.title, row.safe
        note = row.struck_reason or row.note
        if row.legal != row.safe and row.state == State.OPEN:
            note = "　".join(filter(None, (f"法定届满 {row.legal.isoformat()}", note)))
        yield Entry(
            strand=Strand.DEADLINES,
            on=on,
            title=title,
            note=note,
            struck=row.state == State.STRUCK,
            deadline_id=row.id,
            document_id=row.done_document_id,
        )


def _papers(uow: UnitOfWork, loan: Loan) -> Iterator[Entry]:
    for paper in archive.documents_of(uow, loan.id):
        added = paper.added_at.astimezone(CHINA).date()
        note = f"{paper.item_code}　{paper.page_count} 页"
        if paper.doc_date is not None:
            note += f"　{added.isoformat()} 归档"
        yield Entry(
            strand=Strand.PAPERS,
            on=paper.doc_date or added,
            title=paper.title,
            note=note,
            document_id=paper.id,
        )
