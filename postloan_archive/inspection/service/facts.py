"""Facts that set a floor for the class besides overdue days (R-G02), and restructurings."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Final

from sqlalchemy import select

from postloan_archive.inspection.errors import (
    InspectionThingNotFoundError,
    OwnFactError,
    RiskFactError,
    SignalWordsError,
)
from postloan_archive.inspection.models import RiskFact
from postloan_archive.inspection.rules import FACT_WORDS, RiskFacts, observation_end
from postloan_archive.loans import queries as loans
from postloan_archive.loans.models import Amendment, Instalment
from postloan_archive.uow import UnitOfWork

SHARES: Final = frozenset({"ecl_ratio", "overdue90_share_all_banks", "npl_share_this_bank"})
DERIVED: Final = frozenset({"restructured", "restructured_again"})  # from the new plans
NAMES: Final = tuple(name for name in FACT_WORDS if name not in DERIVED)
TECHNICAL: Final = "technical_reason"


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteFact:
    """A fact as somebody found it; `value` is a share in percent where the fact is one."""

    loan_no: str
    name: str
    note: str
    value: str = ""


@dataclass(slots=True, kw_only=True)
class Known:
    """What is known of all loans besides their overdue days, by loan."""

    facts: dict[int, list[RiskFact]] = field(default_factory=dict)
    plans: dict[int, list[Amendment]] = field(default_factory=dict)
    dues: dict[int, list[date]] = field(default_factory=dict)

    def of(
        self, loan_id: int, day: date, *, retail: bool, overdue_since: date | None
    ) -> tuple[RiskFacts, tuple[str, ...]]:
        """Return the facts of one loan on a day, and what to say about its observation."""
        values: dict[str, bool | Decimal] = {}
        waiting: list[str] = []
        for fact in self.facts.get(loan_id, ()):
            if fact.name == TECHNICAL and not fact.approved_by:
                waiting.append("短期逾期的技术原因尚未经另一人批准，未计入（R-G01）")
                continue
            values[fact.name] = Decimal(fact.value) if fact.name in SHARES else True
        steps: list[str] = waiting
        ends: list[date] = []
        for plan in self.plans.get(loan_id, ()):
            again = bool(ends) and plan.effective_on <= ends[-1]
            found = observation_end(
                plan.effective_on, self.dues.get(loan_id, ()), overdue_since
            )
            ends.append(found.value)
            if day <= found.value:
                values["restructured"] = True
                values["restructured_again"] = again or bool(values.get("restructured_again"))
                steps += found.steps
        known = {one.name for one in fields(RiskFacts)}
        kept = {name: value for name, value in values.items() if name in known}
        return RiskFacts(retail=retail, **kept), tuple(steps)  # type: ignore[arg-type]  # by name


def known_facts(uow: UnitOfWork) -> Known:
    """Return the facts in force of every loan; three queries whatever the number of loans."""
    found = Known()
    for fact in uow.session.scalars(
        select(RiskFact).where(RiskFact.ended_on.is_(None)).order_by(RiskFact.id)
    ):
        found.facts.setdefault(fact.loan_id, []).append(fact)
    for plan in uow.session.scalars(
        select(Amendment).where(Amendment.kind == "restructuring").order_by(Amendment.id)
    ):
        found.plans.setdefault(plan.loan_id, []).append(plan)
    for loan_id, due_on in uow.session.execute(
        select(Instalment.loan_id, Instalment.due_on)
        .where(Instalment.loan_id.in_(sorted(found.plans)))
        .order_by(Instalment.due_on)
    ):
        found.dues.setdefault(loan_id, []).append(due_on)
    return found


def note_fact(uow: UnitOfWork, cmd: NoteFact) -> RiskFact:
    """Note a fact; the next proposal of the class takes it into account.

    Raises:
        LoanNotFoundError: no such loan for this actor.
        RiskFactError: no such fact, or no share from 0 to 100 percent.
        SignalWordsError: it is not said what it rests on.
    """
    loan = loans.get_loan(uow, cmd.loan_no)
    if cmd.name not in (*NAMES, TECHNICAL):
        raise RiskFactError
    if not cmd.note.strip():
        raise SignalWordsError
    row = RiskFact(
        loan_id=loan.id,
        branch_id=loan.branch_id,
        name=cmd.name,
        value=_share(cmd.value) if cmd.name in SHARES else "",
        since=uow.clock.today(),
        note=cmd.note.strip(),
        noted_by=uow.actor.name,
    )
    uow.session.add(row)
    uow.session.flush()  # the audit line needs the id
    uow.record(
        "inspection.risk_fact_noted",
        f"loan:{loan.loan_no}",
        fact=row.id,
        name=row.name,
        value=row.value,
        note=row.note,
    )
    return row


def approve_fact(uow: UnitOfWork, fact_id: int) -> RiskFact:
    """Approve that a delay of a few days has a technical reason (R-G01); another person.

    Raises:
        InspectionThingNotFoundError: none in force that waits, for this actor.
        OwnFactError: the same person noted it.
    """
    row = uow.session.get(RiskFact, fact_id)
    waits = row is not None and row.name == TECHNICAL and not row.approved_by
    if row is None or not waits or row.ended_on or not uow.actor.sees_branch(row.branch_id):
        raise InspectionThingNotFoundError(what="待批准的风险事实", number=fact_id)
    if row.noted_by == uow.actor.name:
        raise OwnFactError
    row.approved_by, row.approved_on = uow.actor.name, uow.clock.today()
    uow.record("inspection.risk_fact_approved", f"risk_fact:{row.id}", noted_by=row.noted_by)
    return row


def end_fact(uow: UnitOfWork, fact_id: int, why: str) -> RiskFact:
    """Say that a fact no longer holds, and why.

    Raises:
        InspectionThingNotFoundError: none in force for this actor.
        SignalWordsError: no reason.
    """
    row = uow.session.get(RiskFact, fact_id)
    if row is None or row.ended_on is not None or not uow.actor.sees_branch(row.branch_id):
        raise InspectionThingNotFoundError(what="风险事实", number=fact_id)
    if not why.strip():
        raise SignalWordsError
    row.ended_on, row.ended_by = uow.clock.today(), uow.actor.name
    row.ended_why = why.strip()
    uow.record("inspection.risk_fact_ended", f"risk_fact:{row.id}", why=row.ended_why)
    return row


def facts_of(uow: UnitOfWork, loan_id: int) -> list[RiskFact]:
    """Return the facts noted of a loan, those in force first."""
    return list(
        uow.session.scalars(
            select(RiskFact)
            .where(RiskFact.loan_id == loan_id)
            .order_by(RiskFact.ended_on.is_not(None), RiskFact.id.desc())
        )
    )


def words() -> Mapping[str, str]:
    """Return what the facts that people note are called."""
    return {TECHNICAL: "短期逾期系操作或技术原因（1–7 天）"} | {
        name: FACT_WORDS[name] for name in NAMES
    }


def _share(text: str) -> str:
    try:
        value = Decimal(text.strip().removesuffix("%").strip()) / 100
    except InvalidOperation as error:
        raise RiskFactError from error
    if not value.is_finite() or not 0 <= value <= 1:
        raise RiskFactError
    return str(value)
