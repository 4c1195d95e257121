"""Samples of loan files: drawn with a kept seed, noted line by line, kept for ever."""

import secrets
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final

from sqlalchemy import func, select

from postloan_archive.archive.models import Document
from postloan_archive.assurance.models import AuditSample, SampleLine
from postloan_archive.assurance.rules.sampling import (
    Candidate,
    Method,
    RiskFacts,
    draw,
    population_digest,
    weighed,
)
from postloan_archive.audit import AuditRow
from postloan_archive.kernel.errors import NotFoundError, RuleError, _l
from postloan_archive.loans import queries as loans
from postloan_archive.loans.models import Loan, LoanPosition
from postloan_archive.loans.rules.stages import IN_COURT
from postloan_archive.uow import UnitOfWork

YEAR: Final = timedelta(days=365)
METHODS: Final = {"random": _l("随机"), "risk": _l("按风险加权")}
EXPORTED: Final = "archive.original_exported"


class SampleNotFoundError(NotFoundError):
    """No such sample, or one with loan files that are not for this actor."""

    def __init__(self) -> None:
        super().__init__(_l("没有这份抽样。"))


class SampleTitleError(RuleError):
    """A sample is called something."""

    field = "title"

    def __init__(self) -> None:
        super().__init__(_l("请填写抽样名称。"))


class EmptyPopulationError(RuleError):
    """Nothing is there to draw from."""

    field = "wanted"

    def __init__(self) -> None:
        super().__init__(_l("范围内没有案卷可抽。"))


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawSample:
    """What is to be drawn; an empty seed is made here."""

    title: str
    method: Method
    wanted: int
    seed: str = ""
    branch: int = 0
    product: str = ""


def draw_sample(uow: UnitOfWork, cmd: DrawSample) -> AuditSample:
    """Draw loan files among those that the actor may see.

    Raises:
        SampleTitleError, SampleSizeError, EmptyPopulationError: it cannot be drawn.
    """
    if not cmd.title.strip():
        raise SampleTitleError
    seed = cmd.seed.strip() or secrets.token_hex(8)
    found = population(uow, cmd)
    if not found:
        raise EmptyPopulationError
    drawn = draw([one for one, _ in found], wanted=cmd.wanted, seed=seed, method=cmd.method)
    ids = {one.number: loan_id for one, loan_id in found}
    row = AuditSample(
        title=cmd.title.strip(),
        method=cmd.method.value,
        seed=seed,
        wanted=cmd.wanted,
        population=len(found),
        population_sha=population_digest([one for one, _ in found]),
        filters={"branch": cmd.branch, "product": cmd.product},
        drawn_by=uow.actor.name,
        drawn_at=uow.clock.now(),
        lines=[
            SampleLine(
                no=no, loan_id=ids[one.number], weight=one.weight, reasons=list(one.reasons)
            )
            for no, one in enumerate(drawn, start=1)
        ],
    )
    uow.session.add(row)
    uow.session.flush()  # the audit line and the page need the id
    uow.record(
        "assurance.sample_drawn",
        f"audit_sample:{row.id}",
        title=row.title,
        method=row.method,
        seed=seed,
        wanted=row.wanted,
        population=row.population,
        population_sha=row.population_sha,
        loans=[one.number for one in drawn],
    )
    return row


def population(uow: UnitOfWork, cmd: DrawSample) -> list[tuple[Candidate, int]]:
    """Return every loan file that could be drawn, with its id; weights only by risk."""
    query = (
        select(
            Loan.id,
            Loan.loan_no,
            Loan.risk_class,
            LoanPosition.balance,
            LoanPosition.overdue_days,
            LoanPosition.items_missing,
            LoanPosition.stage,
        )
        .join(LoanPosition, LoanPosition.loan_id == Loan.id)
        .where(Loan.id.in_(loans.visible_ids(uow)))
        .order_by(Loan.loan_no)
    )
    if cmd.branch:
        query = query.where(Loan.id.in_(loans.ids_in_branch(uow, cmd.branch)))
    if cmd.product:
        query = query.where(Loan.product == cmd.product)
    exports = _exports(uow) if cmd.method is Method.RISK else Counter()
    found = []
    for row in uow.session.execute(query):
        candidate = weighed(
            RiskFacts(
                number=row.loan_no,
                balance=row.balance,
                overdue_days=row.overdue_days,
                risk_class=row.risk_class,
                missing=len(row.items_missing.split()),
                in_court=row.stage in IN_COURT,
                exports=exports[row.id],
            )
        )
        if cmd.method is Method.RANDOM:
            candidate = replace(candidate, weight=1, reasons=())
        found.append((candidate, row.id))
    return found


def samples(uow: UnitOfWork) -> list[AuditSample]:
    """Return the samples all of whose loan files the actor may see, the newest first."""
    rows = uow.session.scalars(select(AuditSample).order_by(AuditSample.id.desc()))
    return [row for row in rows if _sees(uow, row.lines)]


def get_sample(uow: UnitOfWork, sample_id: int) -> AuditSample:
    """Return one sample.

    Raises:
        SampleNotFoundError: no such sample, or not for this actor.
    """
    row = uow.session.get(AuditSample, sample_id)
    if row is None or not _sees(uow, row.lines):
        raise SampleNotFoundError
    return row


def note(uow: UnitOfWork, sample_id: int, conclusions: dict[int, str]) -> int:
    """Keep what the auditor found, by line of the sample; return how many lines changed."""
    row = get_sample(uow, sample_id)
    changed = 0
    for line in row.lines:
        text = conclusions.get(line.id, line.conclusion).strip()
        if text != line.conclusion:
            line.conclusion, line.noted_by = text, uow.actor.name
            changed += 1
    if changed:
        uow.record("assurance.sample_noted", f"audit_sample:{row.id}", lines=changed)
    return changed


def numbers_of(uow: UnitOfWork, row: AuditSample) -> dict[int, Loan]:
    """Return the loans of a sample by id."""
    ids = [line.loan_id for line in row.lines]
    return {
        loan.id: loan
        for loan in uow.session.scalars(select(Loan).where(Loan.id.in_(ids)).order_by(Loan.id))
    }


def _exports(uow: UnitOfWork) -> Counter[int]:
    since = uow.clock.now() - YEAR
    by_subject = uow.session.execute(
        select(AuditRow.subject, func.count())
        .where(AuditRow.event == EXPORTED, AuditRow.at >= since)
        .group_by(AuditRow.subject)
        .order_by(AuditRow.subject)
    )
    counted = {int(subject.partition(":")[2]): count for subject, count in by_subject}
    loans_of = dict(
        uow.session.execute(
            select(Document.id, Document.loan_id)
            .where(Document.id.in_(counted))
            .order_by(Document.id)
        ).all()
    )
    found: Counter[int] = Counter()
    for document_id, count in counted.items():
        if document_id in loans_of:
            found[loans_of[document_id]] += count
    return found


def _sees(uow: UnitOfWork, lines: Sequence[SampleLine]) -> bool:
    if uow.actor.branch_ids is None:
        return True
    ids = [line.loan_id for line in lines]
    found = uow.session.scalars(select(Loan.branch_id).where(Loan.id.in_(ids)).distinct())
    return all(uow.actor.sees_branch(branch) for branch in found)
