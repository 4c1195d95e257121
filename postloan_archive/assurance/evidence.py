"""证据链: from a claim to its paper, page, digest, arrival, uses and place in the chain."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from sqlalchemy import func, select

from postloan_archive import audit
from postloan_archive.admin.models import VaultCheck
from postloan_archive.archive.contents import SOURCES
from postloan_archive.archive.models import Document, IntakeFile
from postloan_archive.archive.rules.filing import item_title
from postloan_archive.audit import AuditRow
from postloan_archive.cases.case_loans import about
from postloan_archive.cases.models import Case, CaseEvent
from postloan_archive.cases.queries import event_label
from postloan_archive.kernel.errors import _l
from postloan_archive.loans.models import LimitationEvent, Loan
from postloan_archive.loans.rules.limitation_state import KIND_LABELS, Interruption
from postloan_archive.notices.models import Notice
from postloan_archive.preservation.models import Measure
from postloan_archive.uow import UnitOfWork
from postloan_archive.worklist.trail import is_intact

OUTCOMES: Final = {
    "signed": _l("签收"),
    "arrived": _l("到达"),
    "refused": _l("拒收"),
    "returned": _l("退回"),
}
USES: Final = ("viewed", "printed", "exported")
ARRIVAL: Final = "archive.document_added"


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """What is asserted, on which day, and the paper that is to prove it."""

    words: str
    day: date | None
    document_id: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """One row: the claim and everything between it and the chain.

    Attributes:
        gap: why the chain is broken, or empty.
        checked: what the last check of the stored bytes said, and when.
        uses: how often the paper was viewed, printed, exported.
        seq: number of the line of arrival; None where there is none.
    """

    claim: Claim
    gap: str
    item: str = ""
    title: str = ""
    document_id: int | None = None
    pages: int = 0
    sha256: str = ""
    check_state: str = ""
    checked_at: datetime | None = None
    added_by: str = ""
    added_at: datetime | None = None
    source: str = ""
    batch_id: int | None = None
    uses: tuple[int, int, int] = (0, 0, 0)
    seq: int | None = None
    intact: bool = False
    signed: bool = False


def chain_of(uow: UnitOfWork, loan: Loan) -> list[Link]:
    """Return the rows of a loan file: its claims, then the papers that no claim names."""
    claims = list(_claims(uow, loan))
    rows = {
        row.id: row
        for row in uow.session.scalars(
            select(Document)
            .where(Document.loan_id == loan.id, Document.withdrawn_at.is_(None))
            .order_by(Document.item_code, Document.piece_no)
        )
        if uow.actor.sees_category(row.item_code[:2])
    }
    claimed = {claim.document_id for claim in claims}
    claims += [
        Claim(words=item_title(row.item_code), day=row.doc_date, document_id=row.id)
        for row in rows.values()
        if row.id not in claimed
    ]
    around = _Around(uow, list(rows))
    return [around.link(claim, rows.get(claim.document_id or 0)) for claim in claims]


class _Around:
    """What the trail, the vault and the intake know of the papers, looked up once."""

    def __init__(self, uow: UnitOfWork, ids: list[int]) -> None:
        subjects = [f"document:{one}" for one in ids]
        self.uses: dict[int, Counter[str]] = defaultdict(Counter)
        for subject, event, count in uow.session.execute(
            select(AuditRow.subject, AuditRow.event, func.count())
            .where(AuditRow.subject.in_(subjects))
            .group_by(AuditRow.subject, AuditRow.event)
            .order_by(AuditRow.subject, AuditRow.event)
        ):
            kind = event.rpartition("_")[2]
            if kind in USES:
                self.uses[int(subject.partition(":")[2])][kind] += count
        seqs = uow.session.execute(
            select(AuditRow.subject, func.min(AuditRow.seq))
            .where(AuditRow.subject.in_(subjects), AuditRow.event == ARRIVAL)
            .group_by(AuditRow.subject)
            .order_by(AuditRow.subject)
        )
        self.seqs = {int(subject.partition(":")[2]): seq for subject, seq in seqs}
        lines = audit.lines_of(uow.session, sorted(self.seqs.values()))
        self.intact = {line.seq: is_intact(line) for line in lines}
        checkpoint = audit.last_checkpoint(uow.session)
        self.covered = checkpoint.tree_size if checkpoint is not None else 0
        digests = select(Document.sha256).where(Document.id.in_(ids))
        self.checks = {
            row.sha256: row
            for row in uow.session.scalars(
                select(VaultCheck).where(VaultCheck.sha256.in_(digests))
            )
        }
        self.batches = dict(
            uow.session.execute(
                select(IntakeFile.document_id, func.min(IntakeFile.batch_id))
                .where(IntakeFile.document_id.in_(ids), IntakeFile.state != "duplicate")
                .group_by(IntakeFile.document_id)
                .order_by(IntakeFile.document_id)
            ).all()
        )

    def link(self, claim: Claim, row: Document | None) -> Link:
        """Return the row of a claim."""
        if row is None:
            gap = _l("没有证明文件") if claim.document_id is None else _l("文件不可见或已撤出")
            return Link(claim=claim, gap=gap)
        seq, check = self.seqs.get(row.id), self.checks.get(row.sha256)
        used = self.uses[row.id]
        state = check.state if check is not None else "waiting"
        return Link(
            claim=claim,
            gap=self._gap(seq, state),
            item=row.item_code,
            title=row.title,
            document_id=row.id,
            pages=row.page_count,
            sha256=row.sha256,
            check_state=state,
            checked_at=check.checked_at if check is not None else None,
            added_by=row.added_by,
            added_at=row.added_at,
            source=str(SOURCES.get(row.source, row.source)),
            batch_id=self.batches.get(row.id),
            uses=(used["viewed"], used["printed"], used["exported"]),
            seq=seq,
            intact=seq is not None and self.intact.get(seq, False),
            signed=seq is not None and seq <= self.covered,
        )

    def _gap(self, seq: int | None, state: str) -> str:
        if seq is None:
            return _l("没有入库审计记录")
        if not self.intact.get(seq, False):
            return _l("审计记录与其指纹不符")
        if state not in {"good", "waiting"}:
            return _l("存储内容核对不符")
        return ""


def _kind(word: str) -> str:
    return KIND_LABELS[Interruption(word)] if word in set(Interruption) else word


def _claims(uow: UnitOfWork, loan: Loan) -> Iterator[Claim]:
    """Yield what is asserted: interruptions, letters and their proof, court, measures."""
    session = uow.session
    for event in session.scalars(
        select(LimitationEvent)
        .where(LimitationEvent.loan_id == loan.id, LimitationEvent.struck_reason == "")
        .order_by(LimitationEvent.happened_on, LimitationEvent.id)
    ):
        kind = _kind(event.kind)
        words = f"时效中断：{kind}（证据等级 {event.level}）"
        yield Claim(words=words, day=event.happened_on, document_id=event.document_id)
    for notice in session.scalars(
        select(Notice)
        .where(Notice.loan_id == loan.id, Notice.state == "issued")
        .order_by(Notice.issued_on, Notice.id)
    ):
        number = notice.serial_no or ""
        yield Claim(
            words=f"发出函件 {number}", day=notice.issued_on, document_id=notice.document_id
        )
        if notice.outcome:
            words = f"函件 {number} {OUTCOMES.get(notice.outcome, notice.outcome)}"
            yield Claim(
                words=words, day=notice.outcome_on, document_id=notice.outcome_document_id
            )
    for case_event, case_no in session.execute(
        select(CaseEvent, Case.case_no)
        .join(Case, Case.id == CaseEvent.case_id)
        .where(about(loan.id), CaseEvent.struck_reason == "")
        .order_by(CaseEvent.happened_on, CaseEvent.id)
    ):
        yield Claim(
            words=f"案件 {case_no}：{event_label(case_event.kind)}",
            day=case_event.happened_on,
            document_id=case_event.document_id,
        )
    for measure in session.scalars(
        select(Measure).where(Measure.loan_id == loan.id).order_by(Measure.id)
    ):
        yield Claim(
            words=f"保全措施第 {measure.id} 号",
            day=measure.effective_on,
            document_id=measure.document_id,
        )
