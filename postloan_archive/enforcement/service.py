"""Costs paid, refunds, awards: what a person enters; the account of a case at any day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from sqlalchemy import select

from postloan_archive.archive import queries as archive
from postloan_archive.cases import case_loans
from postloan_archive.cases import queries as cases
from postloan_archive.cases import service as case_service
from postloan_archive.cases.models import Case
from postloan_archive.enforcement.errors import (
    AwardEmptyError,
    CostNotFoundError,
    CostStruckError,
    DayBasisError,
    FutureDayError,
    NoAmountError,
    RateTooHighError,
    ReasonMissingError,
    RefundTooLargeError,
    UnknownBearerError,
    UnknownCostKindError,
)
from postloan_archive.enforcement.models import CaseAward, CaseCost
from postloan_archive.enforcement.rules.account import Account, Award, judgment_account
from postloan_archive.enforcement.rules.several import Debt, Split, split_over_debts
from postloan_archive.enforcement.words import BEARERS, COSTS
from postloan_archive.kernel.law import Derived
from postloan_archive.kernel.money import ZERO
from postloan_archive.loans.derivation import position_of
from postloan_archive.loans.rules.delay import PartPayment
from postloan_archive.loans.rules.penalty import penalty_rate
from postloan_archive.notices.rules.conventions import date_in_body
from postloan_archive.uow import UnitOfWork

DAY_BASES: Final = frozenset({360, 365})
HIGHEST_RATE: Final = Decimal(36)


@dataclass(frozen=True, slots=True, kw_only=True)
class AddCost:
    """Money paid for a case, yuan."""

    case_no: str
    kind: str
    amount: Decimal
    paid_on: date
    borne_by: str = "open"
    refund_due: Decimal | None = None
    document_id: int | None = None
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class KeepAward:
    """What the effective paper awards; see `enforcement.rules.account.Award`."""

    case_no: str
    award: Award
    document_id: int | None = None
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CostSums:
    """Sums over costs that are not struck, yuan."""

    paid: Decimal
    debtor: Decimal
    refund_due: Decimal
    refunded: Decimal


def costs_of(uow: UnitOfWork, case: Case) -> list[CaseCost]:
    """Return every cost of the case, struck ones included, by day."""
    return list(
        uow.session.scalars(
            select(CaseCost)
            .where(CaseCost.case_id == case.id)
            .order_by(CaseCost.paid_on, CaseCost.id)
        )
    )


def sums_of(costs: Sequence[CaseCost]) -> CostSums:
    """Return the sums of a list of costs."""
    live = [one for one in costs if not one.struck_reason]
    return CostSums(
        paid=sum((one.amount for one in live), ZERO),
        debtor=sum((one.amount for one in live if one.borne_by == "debtor"), ZERO),
        refund_due=sum(
            (one.refund_due or ZERO for one in live if one.refunded_on is None), ZERO
        ),
        refunded=sum((one.refund_due or ZERO for one in live if one.refunded_on), ZERO),
    )


def add_cost(uow: UnitOfWork, cmd: AddCost) -> CaseCost:
    """Record a cost.

    Raises:
        CaseNotFoundError, DocumentNotFoundError: none such for this actor.
        UnknownCostKindError, UnknownBearerError: no such kind, or nobody of that name.
        NoAmountError: a cost of nothing.
        FutureDayError: the day of payment has not come.
        RefundTooLargeError: more would come back than was paid.
    """
    case = cases.get_case(uow, cmd.case_no)
    if cmd.kind not in COSTS:
        raise UnknownCostKindError(kind=cmd.kind)
    if cmd.borne_by not in BEARERS:
        raise UnknownBearerError(bearer=cmd.borne_by)
    if cmd.amount <= 0:
        raise NoAmountError
    _refuse_future(uow, cmd.paid_on)
    if cmd.refund_due is not None and cmd.refund_due > cmd.amount:
        raise RefundTooLargeError(refund=cmd.refund_due, amount=cmd.amount)
    if cmd.document_id is not None:
        archive.get_document(uow, cmd.document_id)
    cost = CaseCost(
        case_id=case.id,
        kind=cmd.kind,
        amount=cmd.amount,
        paid_on=cmd.paid_on,
        borne_by=cmd.borne_by,
        refund_due=cmd.refund_due or None,
        document_id=cmd.document_id,
        note=cmd.note.strip(),
        recorded_by=uow.actor.name,
        recorded_at=uow.clock.now(),
    )
    uow.session.add(cost)
    uow.session.flush()  # the audit line needs the id
    uow.record(
        "enforcement.cost_added",
        f"case:{case.id}",
        cost_id=cost.id,
        kind=cost.kind,
        amount=str(cost.amount),
        document_id=cost.document_id,
    )
    return cost


def refund(uow: UnitOfWork, case_no: str, cost_id: int, amount: Decimal, on: date) -> None:
    """Note that the court gave money back.

    Raises:
        CaseNotFoundError, CostNotFoundError: none such for this actor.
        CostStruckError: the cost was struck.
        FutureDayError: the day has not come.
        NoAmountError: nothing came back.
        RefundTooLargeError: more came back than was paid.
    """
    cost = _live_cost(uow, case_no, cost_id)
    _refuse_future(uow, on)
    if amount <= 0:
        raise NoAmountError
    if amount > cost.amount:
        raise RefundTooLargeError(refund=amount, amount=cost.amount)
    cost.refund_due, cost.refunded_on = amount, on
    uow.record(
        "enforcement.cost_refunded",
        f"case:{cost.case_id}",
        cost_id=cost.id,
        amount=str(amount),
        refunded_on=on.isoformat(),
    )


def strike_cost(uow: UnitOfWork, case_no: str, cost_id: int, reason: str) -> None:
    """Strike a cost that was entered by mistake; it stays visible.

    Raises:
        CaseNotFoundError, CostNotFoundError: none such for this actor.
        CostStruckError: it was struck before.
        ReasonMissingError: without a reason.
    """
    cost = _live_cost(uow, case_no, cost_id)
    if not reason.strip():
        raise ReasonMissingError
    cost.struck_reason, cost.struck_by = reason.strip(), uow.actor.name
    cost.struck_at = uow.clock.now()
    uow.record(
        "enforcement.cost_struck",
        f"case:{cost.case_id}",
        cost_id=cost.id,
        reason=reason.strip(),
    )


def keep_award(uow: UnitOfWork, cmd: KeepAward) -> CaseAward:
    """Record what the effective paper awards; an earlier entry stays as history.

    Raises:
        CaseNotFoundError, DocumentNotFoundError: none such for this actor.
        AwardEmptyError: nothing was awarded.
        RateTooHighError: the rate is below 0 or above 36 % a year.
        DayBasisError: a year of other days than 360 or 365.
    """
    case = cases.get_case(uow, cmd.case_no)
    award = cmd.award
    if not award.principal + award.interest + award.costs:
        raise AwardEmptyError
    if not 0 <= award.rate_pct <= HIGHEST_RATE:
        raise RateTooHighError(rate=award.rate_pct)
    if award.day_basis not in DAY_BASES:
        raise DayBasisError(days=award.day_basis)
    if cmd.document_id is not None:
        archive.get_document(uow, cmd.document_id)
    row = CaseAward(
        case_id=case.id,
        principal=award.principal,
        interest=award.interest,
        costs=award.costs,
        rate_pct=award.rate_pct,
        day_basis=award.day_basis,
        interest_from=award.interest_from,
        performance_last_day=award.performance_last_day,
        document_id=cmd.document_id,
        note=cmd.note.strip(),
        recorded_by=uow.actor.name,
        recorded_at=uow.clock.now(),
    )
    uow.session.add(row)
    uow.session.flush()  # the audit line needs the id
    uow.record(
        "enforcement.award_kept",
        f"case:{case.id}",
        award_id=row.id,
        principal=str(row.principal),
        interest=str(row.interest),
        costs=str(row.costs),
        rate_pct=str(row.rate_pct),
    )
    _tell_papers(uow, case, award)
    return row


def _tell_papers(uow: UnitOfWork, case: Case, award: Award) -> None:
    """Keep the award among the facts of the case: the papers of enforcement ask for it once."""
    facts = {
        "judged_principal": f"{award.principal:f}" if award.principal else "",
        "judged_interest": f"{award.interest:f}" if award.interest else "",
        "judged_costs": f"{award.costs:f}" if award.costs else "",
        "performance_last_day": award.performance_last_day.isoformat(),
    }
    if award.rate_pct:
        facts["judged_interest_formula"] = (
            f"自{date_in_body(award.interest_from)}起至实际清偿之日止，以尚欠本金为基数，"
            f"按年利率{award.rate_pct.normalize():f}%（一年按{award.day_basis}天）计算"
        )
    case_service.fill_in(uow, case.case_no, facts)


def award_of(uow: UnitOfWork, case: Case) -> CaseAward | None:
    """Return the award that counts, the newest."""
    return uow.session.scalar(
        select(CaseAward)
        .where(CaseAward.case_id == case.id)
        .order_by(CaseAward.id.desc())
        .limit(1)
    )


def payments_of(uow: UnitOfWork, case: Case, since: date, until: date) -> list[PartPayment]:
    """Return what came in on the loans of the case, both days included, oldest first."""
    found = [
        PartPayment(on=row.paid_on, amount=row.amount)
        for loan in case_loans.loans_of(uow, case)
        for row in loan.payments
        if since <= row.paid_on <= until
    ]
    return sorted(found, key=lambda payment: payment.on)


def split_proposed(
    uow: UnitOfWork, case: Case, amount: Decimal, *, named: Sequence[str] = ()
) -> Derived[Split]:
    """Return how money that comes in today would be split over the loans of a case (参考).

    Where it really goes is what is booked on each loan. What is owed is that of the ledger.

    Raises:
        NothingToSplitError: the amount is not above 0.
    """
    today = uow.clock.today()
    debts = []
    for loan in case_loans.loans_of(uow, case):
        owed = position_of(loan, today).value
        due = loan.accelerated_on or loan.due_on
        debts.append(
            Debt(
                name=loan.loan_no,
                owed=owed.total,
                due_on=owed.overdue_since or (due if due <= today else None),
                securities=len(loan.guarantees) + len(loan.collateral),
                rate_pct=penalty_rate(loan.annual_rate, loan.penalty_uplift),
            )
        )
    return split_over_debts(amount, debts, named=named)


def account_of(uow: UnitOfWork, case: Case, as_of: date) -> Derived[Account] | None:
    """Return the account of the judgment on a day, None while no award is recorded.

    Payments are those of the ledger from the first day of the running interest on: what came
    in before is in the figures of the judgment.

    Raises:
        OldRuleError: counted days lie before 1 August 2014.
    """
    row = award_of(uow, case)
    if row is None:
        return None
    return judgment_account(
        terms_of(row), payments_of(uow, case, row.interest_from, as_of), as_of
    )


def terms_of(row: CaseAward) -> Award:
    """Return the award as the rules take it."""
    return Award(
        principal=row.principal,
        interest=row.interest,
        costs=row.costs,
        rate_pct=row.rate_pct,
        day_basis=row.day_basis,
        interest_from=row.interest_from,
        performance_last_day=row.performance_last_day,
    )


def _live_cost(uow: UnitOfWork, case_no: str, cost_id: int) -> CaseCost:
    case = cases.get_case(uow, case_no)
    cost = uow.session.get(CaseCost, cost_id)
    if cost is None or cost.case_id != case.id:
        raise CostNotFoundError(cost_id=cost_id)
    if cost.struck_reason:
        raise CostStruckError(cost_id=cost_id)
    return cost


def _refuse_future(uow: UnitOfWork, on: date) -> None:
    if on > uow.clock.today():
        raise FutureDayError(on=on, today=uow.clock.today())
