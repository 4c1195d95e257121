"""SELECTs of inspections, signals and classes; only of loans that the actor may see."""

from calendar import monthrange
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import ColumnElement, func, select

from postloan_archive.access import people
from postloan_archive.access.permissions import Permission
from postloan_archive.inspection.errors import InspectionThingNotFoundError
from postloan_archive.inspection.models import ClassDecision, Inspection, Signal
from postloan_archive.inspection.rules import (
    MATURITY_DAYS,
    BorrowerKind,
    CollateralClass,
    InspectedLoan,
    InspectionIntervals,
    InspectionKind,
    PlannedInspection,
    inspection_plan,
)
from postloan_archive.kernel.days import Unit, add_period
from postloan_archive.loans import collateral
from postloan_archive.loans import queries as loans
from postloan_archive.loans.collateral import AskedCollateral, CollateralRow
from postloan_archive.loans.errors import LoanNotFoundError
from postloan_archive.loans.headings import LoanHeading, headings_by_id
from postloan_archive.loans.models import Loan
from postloan_archive.loans.rules.ageing import RiskClass
from postloan_archive.loans.summaries import Standing
from postloan_archive.policy.queries import load_policy
from postloan_archive.uow import UnitOfWork

BUSINESS_WORDS = ("经营", "企业")
EXPIRY_DAYS = 30  # insurance and registration are looked at so long before their end
AT_ONCE = 500  # loans of one query
SMALL: int = 300_000  # yuan; smaller consumer loans are watched by the system


def borrower_kind(loan: Loan) -> BorrowerKind:
    """Return which plan a loan follows: company, personal business, small consumer."""
    if loan.customer.kind == "company":
        return BorrowerKind.COMPANY
    if any(word in loan.product for word in BUSINESS_WORDS) or loan.principal > SMALL:
        return BorrowerKind.PERSONAL_BUSINESS
    return BorrowerKind.SMALL_CONSUMER


def intervals_of(uow: UnitOfWork) -> InspectionIntervals:
    """Return the intervals that the bank has set (R-G06)."""
    policy = load_policy(uow)
    return InspectionIntervals(
        first_days=policy.inspect_first_days,
        company_normal_months=policy.inspect_company_months,
        company_watched_months=policy.inspect_company_watched_months,
        personal_normal_months=policy.inspect_personal_months,
        personal_watched_months=policy.inspect_personal_watched_months,
        consumer_months=policy.inspect_consumer_months,
        real_estate_months=policy.revalue_real_estate_months,
        other_collateral_months=policy.revalue_other_months,
    )


def last_inspections(
    uow: UnitOfWork, loan_ids: Sequence[int]
) -> dict[int, dict[InspectionKind, date]]:
    """Return the day of the last inspection of each kind, by loan; one query."""
    found: dict[int, dict[InspectionKind, date]] = {}
    for loan_id, kind, day in uow.session.execute(
        select(Inspection.loan_id, Inspection.kind, func.max(Inspection.made_on))
        .where(Inspection.loan_id.in_(loan_ids))
        .group_by(Inspection.loan_id, Inspection.kind)
        .order_by(Inspection.loan_id, Inspection.kind)
    ):
        found.setdefault(loan_id, {})[InspectionKind(kind)] = day
    return found


def plan_of(
    uow: UnitOfWork, loan: Loan, *, last: Mapping[InspectionKind, date] | None = None
) -> tuple[PlannedInspection, ...]:
    """Return the next inspection of each kind of a loan; none when it is settled (R-G06).

    `last`: the last inspections, where the caller has them.
    """
    if loan.is_over:
        return ()
    if last is None:
        last = last_inspections(uow, [loan.id]).get(loan.id, {})
    return inspection_plan(
        InspectedLoan(
            borrower=borrower_kind(loan),
            risk_class=RiskClass(loan.risk_class),
            drawdowns=(loan.disbursed_on,),
            maturity=loan.due_on,
            last=last,
            collateral=frozenset(_class_of(row.kind) for row in loan.collateral),
        ),
        intervals_of(uow),
    )


def inspections_of(uow: UnitOfWork, loan_id: int) -> list[Inspection]:
    """Return the inspections of a loan, newest first."""
    return list(
        uow.session.scalars(
            select(Inspection)
            .where(Inspection.loan_id == loan_id)
            .order_by(Inspection.made_on.desc(), Inspection.id.desc())
        )
    )


def same_inspection(
    uow: UnitOfWork, loan_id: int, kind: str, made_on: date, answers: dict[str, str]
) -> bool:
    """Return whether the actor noted this very inspection before."""
    rows = uow.session.scalars(
        select(Inspection)
        .where(
            Inspection.loan_id == loan_id,
            Inspection.kind == kind,
            Inspection.made_on == made_on,
            Inspection.made_by == uow.actor.name,
        )
        .order_by(Inspection.id)
    )
    return any(row.answers == answers for row in rows)


def same_signal(uow: UnitOfWork, loan_id: int, kind: str, text: str) -> bool:
    """Return whether a person's signal with these words is open."""
    found = select(Signal.id).where(
        Signal.loan_id == loan_id,
        Signal.kind == kind,
        Signal.text == text,
        Signal.source == "person",
        Signal.closed_on.is_(None),
    )
    return uow.session.scalar(found.limit(1)) is not None


def signals_of(uow: UnitOfWork, loan_id: int) -> list[Signal]:
    """Return the signals of a loan, open ones first."""
    return list(
        uow.session.scalars(
            select(Signal)
            .where(Signal.loan_id == loan_id)
            .order_by(Signal.closed_on.is_not(None), Signal.due_on, Signal.id)
        )
    )


def get_signal(uow: UnitOfWork, signal_id: int) -> Signal:
    """Return an open signal.

    Raises:
        InspectionThingNotFoundError: none for this actor.
    """
    found = uow.session.get(Signal, signal_id)
    if found is None or found.closed_on is not None or not _seen(uow, found.loan_id):
        raise InspectionThingNotFoundError(what="风险信号", number=signal_id)
    return found


def rule_signals(row: Standing, day: date) -> Iterator[tuple[str, str, str]]:
    """Yield key, kind and words of what the rules see in a loan today."""
    if row.overdue_days:
        since = date.fromordinal(day.toordinal() - row.overdue_days)
        yield f"overdue:{row.loan_id}:{since}", "逾期", f"自 {since} 起逾期"
    if row.class_floor and RiskClass(row.class_floor).rank > RiskClass(row.risk_class).rank:
        words = f"逾期天数对应的分类下限为{row.class_floor}，现为{row.risk_class}"
        yield f"class:{row.loan_id}:{row.class_floor}", "分类", words
    if row.due_on and row.balance and 0 <= (row.due_on - day).days <= MATURITY_DAYS:
        yield f"maturity:{row.loan_id}:{row.due_on}", "到期", f"{row.due_on} 到期，尚有余额"


def collateral_signals(
    uow: UnitOfWork, day: date
) -> Iterator[tuple[str, CollateralRow, str, str]]:
    """Yield key, thing, kind and words of what the calendar says of collateral on a day."""
    soon = day + timedelta(days=EXPIRY_DAYS)
    for row in collateral.register(uow, AskedCollateral(insured_by=soon)):
        if row.balance:
            key = f"insurance:{row.id}:{row.insured_until}"
            yield key, row, "押品", f"{row.description} 保险于 {row.insured_until} 到期"
    for row in collateral.register(uow, AskedCollateral(registered_by=soon)):
        if row.balance:
            key = f"registration:{row.id}:{row.registered_until}"
            yield key, row, "押品", f"{row.description} 登记于 {row.registered_until} 到期"


def months_before(day: date, months: int) -> date:
    """Return the same day some months earlier, or the last day of a month without it."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def revalue_by(
    kind: str, valued_on: date | None, intervals: InspectionIntervals
) -> date | None:
    """Return the day by which collateral is valued again (R-G06); None: never valued."""
    if valued_on is None:
        return None
    months = (
        intervals.real_estate_months
        if _class_of(kind) is CollateralClass.REAL_ESTATE
        else intervals.other_collateral_months
    )
    return add_period(valued_on, months, Unit.MONTH)


def inspectors(uow: UnitOfWork) -> list[tuple[str, str]]:
    """Return (user name, name) of who may inspect in the branches of the actor."""
    return people.holders(uow.session, Permission.INSPECTION_EDIT, uow.actor.branch_ids)


def get_decision(uow: UnitOfWork, decision_id: int) -> ClassDecision:
    """Return a proposal or decision.

    Raises:
        InspectionThingNotFoundError: none for this actor.
    """
    found = uow.session.get(ClassDecision, decision_id)
    if found is None or not _seen(uow, found.loan_id):
        raise InspectionThingNotFoundError(what="分类", number=decision_id)
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedClasses:
    """The filter of the classes of a month; empty: everything."""

    state: str = ""
    branch_id: int | None = None
    proposed: str = ""
    changed: bool = False  # only where the proposal is not the present class


def decisions(
    uow: UnitOfWork,
    month: str,
    *,
    state: str = "",
    asked: AskedClasses | None = None,
    limit: int | None = 500,
    offset: int = 0,
) -> list[tuple[ClassDecision, LoanHeading]]:
    """Return the decisions of a month; those that change something at the head."""
    query = (
        select(ClassDecision)
        .where(*_classes(uow, month, asked or AskedClasses(state=state)))
        .order_by(
            ClassDecision.state == "decided",
            ClassDecision.proposed == ClassDecision.before,
            ClassDecision.id,
        )
        .limit(limit)
        .offset(offset)
    )
    rows = uow.session.scalars(query).all()
    heads: dict[int, LoanHeading] = {}
    ids = [row.loan_id for row in rows]
    for at in range(0, len(ids), AT_ONCE):
        heads |= headings_by_id(uow, ids[at : at + AT_ONCE])
    return [(row, heads[row.loan_id]) for row in rows if row.loan_id in heads]


def count_decisions(uow: UnitOfWork, month: str, asked: AskedClasses) -> int:
    """Return how many decisions answer the filter."""
    query = select(func.count()).select_from(ClassDecision)
    return uow.session.scalar(query.where(*_classes(uow, month, asked))) or 0


def counted_classes(uow: UnitOfWork, month: str) -> dict[tuple[str, str], int]:
    """Return how many proposals there are by class and state."""
    rows = uow.session.execute(
        select(ClassDecision.proposed, ClassDecision.state, func.count())
        .where(*_classes(uow, month, AskedClasses()))
        .group_by(ClassDecision.proposed, ClassDecision.state)
        .order_by(ClassDecision.proposed, ClassDecision.state)
    )
    return {(row[0], row[1]): row[2] for row in rows}


def _classes(uow: UnitOfWork, month: str, asked: AskedClasses) -> list[ColumnElement[bool]]:
    found = [
        ClassDecision.month == month,
        ClassDecision.loan_id.in_(loans.visible_ids(uow)),
    ]
    if asked.state:
        found.append(ClassDecision.state == asked.state)
    if asked.branch_id is not None:
        found.append(ClassDecision.branch_id == asked.branch_id)
    if asked.proposed:
        found.append(ClassDecision.proposed == asked.proposed)
    if asked.changed:
        found.append(ClassDecision.proposed != ClassDecision.before)
    return found


def history_of(uow: UnitOfWork, loan_id: int) -> list[ClassDecision]:
    """Return the classes of a loan, newest month first."""
    return list(
        uow.session.scalars(
            select(ClassDecision)
            .where(ClassDecision.loan_id == loan_id)
            .order_by(ClassDecision.month.desc())
        )
    )


def _class_of(kind: str) -> CollateralClass:
    if kind == "mortgage_real_estate":
        return CollateralClass.REAL_ESTATE
    return CollateralClass.EQUITY if "equity" in kind else CollateralClass.MOVABLE


def _seen(uow: UnitOfWork, loan_id: int) -> bool:
    try:
        loans.get_loan_by_id(uow, loan_id)
    except LoanNotFoundError:
        return False
    return True
