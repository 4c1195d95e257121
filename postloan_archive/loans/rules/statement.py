"""A loan account that settles payments itself, by the contract's order (R-F09, R-F17, R-F20).

It proposes how a payment is booked; what is owed with the bookings as stored is `position`.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Final

from postloan_archive.kernel.law import Citation, Derived
from postloan_archive.kernel.money import ZERO
from postloan_archive.loans.rules.account import Account, OpenItem, PaidPart
from postloan_archive.loans.rules.account_facts import AccountFacts, PaymentFact
from postloan_archive.loans.rules.allocation import STATUTORY, DebtClass
from postloan_archive.loans.rules.claim import SHEET, ClaimRow, DebtKind
from postloan_archive.loans.rules.interest import CONTRACT, formula, until_paid
from postloan_archive.loans.rules.penalty import COMPOUND, PENALTY

BASIS: Final[tuple[Citation, ...]] = (CONTRACT, PENALTY, COMPOUND, STATUTORY, SHEET)


@dataclass(frozen=True, slots=True, kw_only=True)
class OverdueItem:
    """What is left of one instalment that fell due, yuan; `no` as in the schedule."""

    no: int
    due: date
    principal: Decimal
    interest: Decimal
    penalty: Decimal
    compound: Decimal

    @property
    def total(self) -> Decimal:
        """Return everything left of it."""
        return self.principal + self.interest + self.penalty + self.compound


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """What is owed on `as_of`, that day not contained in any interest row; all in yuan.

    Attributes:
        balance: principal paid out and not repaid, due or not.
        normal_principal: the part not yet due.
        due_principal: the part due on or before `as_of`.
        due_interest: in-term interest due and unpaid.
        accrued_interest: in-term interest since the last boundary, not yet due.
        penalty: unpaid penalty interest.
        compound: unpaid compound interest.
        costs: unpaid costs of realising the claim.
        waiting: money received for which nothing was due yet; never netted silently.
        overdue_since: the oldest unpaid due date, None if nothing is overdue.
        overdue_days: `as_of - overdue_since`, 0 if nothing is overdue (R-G05).
        rate_pct: contract rate on `as_of`, percent a year.
        penalty_rate_pct: penalty rate on `as_of`.
        overdue: what is left of each instalment, oldest first.
        rows: every row of interest, penalty and compound interest ever counted.
        paid: what each payment settled.
    """

    as_of: date
    balance: Decimal
    normal_principal: Decimal
    due_principal: Decimal
    due_interest: Decimal
    accrued_interest: Decimal
    penalty: Decimal
    compound: Decimal
    costs: Decimal
    waiting: Decimal
    overdue_since: date | None
    overdue_days: int
    rate_pct: Decimal
    penalty_rate_pct: Decimal
    day_basis: int
    overdue: tuple[OverdueItem, ...]
    rows: tuple[ClaimRow, ...]
    paid: tuple[PaidPart, ...]

    @property
    def total_due(self) -> Decimal:
        """Return what can be demanded on `as_of`: due principal, interest and costs."""
        return (
            self.due_principal + self.due_interest + self.penalty + self.compound + self.costs
        )

    @property
    def total(self) -> Decimal:
        """Return what settles the loan on `as_of`, principal not yet due included."""
        return self.total_due + self.normal_principal + self.accrued_interest


Step = Callable[[], None]


def _events(
    facts: AccountFacts, account: Account, as_of: date
) -> Iterator[tuple[date, int, Step]]:
    """Yield (day, rank, step): on one day rate and status come first, then payments."""
    terms = facts.terms
    all_due = terms.all_due_on

    def add_cost(amount: Decimal) -> None:
        account.costs += amount

    for change in facts.rate_changes:
        yield change.on, 0, partial(account.change_rate, change.on, change.annual_rate_pct)
    for paid_out in facts.disbursements:
        yield paid_out.on, 1, partial(account.pay_out, paid_out.on, paid_out.amount)
    for row in facts.schedule:
        if row.due < all_due or (row.due == all_due and not terms.is_accelerated):
            yield (
                row.due,
                2,
                partial(_fall_due, account, row.due, row.no, row.principal, row.interest),
            )
    yield all_due, 3, partial(_all_due, account, all_due)
    for cost in facts.costs:
        yield cost.on, 4, partial(add_cost, cost.amount)
    for payment in facts.payments:
        yield payment.on, 5, partial(_receive, account, payment)
    yield as_of, 6, partial(_close, account, as_of)


def _fall_due(
    account: Account, day: date, no: int, principal: Decimal, interest: Decimal | None
) -> None:
    account.fall_due(day, no=no, principal=principal, interest=interest)
    _use_waiting(account, day)


def _use_waiting(account: Account, day: date) -> None:
    """Settle what fell due with money that had been waiting for it."""
    if account.waiting:
        account.count_overdue(day)
        account.waiting = account.settle(day, account.waiting)
        account.drop_settled()


def _all_due(account: Account, day: date) -> None:
    """Make the rest of the principal due: maturity or acceleration (R-F19)."""
    account.count_overdue(day)  # compound interest changes its rate here
    if account.normal:
        account.fall_due(day, no=account.anchor_no + 1, principal=account.normal, interest=None)
        _use_waiting(account, day)


def _receive(account: Account, payment: PaymentFact) -> None:
    """Settle what is due up to the payment's own day (R-F09, R-F20)."""
    account.count_overdue(payment.on)
    if payment.booked is None:
        rest = account.settle(payment.on, payment.amount)
        if payment.prepayment:
            rest = account.prepay(payment.on, rest)
    else:
        rest = payment.amount - sum((amount for _, amount in payment.booked), ZERO)
        for debt, amount in payment.booked:
            rest += account.settle_booked(payment.on, debt, amount)
    account.waiting += rest
    account.drop_settled()


def _close(account: Account, day: date) -> None:
    account.count_interest(day)
    account.count_overdue(day)


def _left(item: OpenItem) -> OverdueItem:
    return OverdueItem(
        no=item.no,
        due=item.due,
        principal=item.left[DebtClass.PRINCIPAL],
        interest=item.left[DebtClass.INTEREST],
        penalty=item.left[DebtClass.PENALTY],
        compound=item.left[DebtClass.COMPOUND],
    )


def statement(
    facts: AccountFacts, as_of: date, *, penalty_keeps_unpaid: bool = True, detail: bool = True
) -> Statement:
    """Return what is owed on the day; facts after it are not looked at.

    A payment received on `as_of` is taken into account. Interest rows end at `as_of`, which
    bears none itself. Every payment closes the running rows, because it is allocated with
    amounts computed up to its own day. Back-dated facts simply change the derivation.

    Args:
        facts: the stored facts.
        as_of: the day.
        penalty_keeps_unpaid: penalty or compound interest alone keeps an instalment unpaid
            for the count of overdue days; the bank's policy (R-G05).
        detail: False leaves `rows` and `paid` empty: quicker, for lists of many loans.

    Raises:
        DayBasisError: the contract's day basis is neither 360 nor 365.
    """
    account = Account(terms=facts.terms, rate_pct=facts.terms.annual_rate_pct, detail=detail)
    events = [event for event in _events(facts, account, as_of) if event[0] <= as_of]
    events.sort(key=lambda event: event[:2])  # stable: the order of facts on one day stays
    for _, _, step in events:
        step()
    overdue = tuple(_left(item) for item in account.items)
    anchors = [
        item.due
        for item in overdue
        if item.principal or item.interest or (penalty_keeps_unpaid and item.total)
    ]
    since = min(anchors, default=None)
    days = 0 if since is None else (as_of - since).days
    due_principal = sum((item.principal for item in overdue), ZERO)
    return Statement(
        as_of=as_of,
        balance=account.normal + due_principal,
        normal_principal=account.normal,
        due_principal=due_principal,
        due_interest=sum((item.interest for item in overdue), ZERO),
        accrued_interest=account.running,
        penalty=sum((item.penalty for item in overdue), ZERO),
        compound=sum((item.compound for item in overdue), ZERO),
        costs=account.costs,
        waiting=account.waiting,
        overdue_since=since if days else None,
        overdue_days=days,
        rate_pct=account.rate_pct,
        penalty_rate_pct=facts.terms.penalty_rate_pct(account.rate_pct),
        day_basis=facts.terms.day_basis,
        overdue=overdue,
        rows=tuple(account.rows),
        paid=tuple(account.parts),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Booking:
    """How a payment should be booked, yuan; `waiting` is what nothing is due for."""

    costs: Decimal
    principal: Decimal
    interest: Decimal
    penalty: Decimal
    compound: Decimal
    waiting: Decimal


def propose_booking(facts: AccountFacts, payment: PaymentFact) -> Derived[Booking]:
    """Return the split of a new payment: oldest instalment first, the contract's order inside.

    Args:
        facts: the stored facts without the new payment.
        payment: counted on its own day, after the payments already stored for that day.
    """
    with_it = replace(facts, payments=(*facts.payments, payment))
    before, after = statement(facts, payment.on), statement(with_it, payment.on)
    split = dict.fromkeys(DebtClass, ZERO)
    for part in after.paid[len(before.paid) :]:
        split[part.debt] += part.amount
    return Derived(
        value=Booking(
            costs=split[DebtClass.COSTS],
            principal=split[DebtClass.PRINCIPAL],
            interest=split[DebtClass.INTEREST],
            penalty=split[DebtClass.PENALTY],
            compound=split[DebtClass.COMPOUND],
            waiting=after.waiting - before.waiting,
        ),
        basis=(STATUTORY, CONTRACT),
        steps=tuple(_part_words(part) for part in after.paid[len(before.paid) :]),
    )


def _part_words(part: PaidPart) -> str:
    """Return what a payment settled as a Chinese sentence."""
    which = f"第{part.no}期" if part.no else ""
    return f"{part.on} 清偿{which}{CLASS_WORDS[part.debt]} {part.amount:,} 元"


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetTotal:
    """One class of debt on the calculation sheet: counted, paid, left; yuan."""

    kind: DebtKind
    counted: Decimal
    paid: Decimal
    left: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimSheet:
    """The calculation sheet A06 (R-F17): rows, totals of rows, cut-off day, what runs on.

    Attributes:
        cut_off: the day up to which rows run, not contained.
        rows: contiguous rows of interest, penalty and compound interest.
        totals: counted, paid and left for each class; `left` adds up to `grand_total`.
        grand_total: yuan owed on the cut-off day, principal not yet due included.
        until_paid: sentence for what keeps running, empty if nothing does.
    """

    cut_off: date
    rows: tuple[ClaimRow, ...]
    totals: tuple[SheetTotal, ...]
    grand_total: Decimal
    until_paid: str


def claim_sheet(facts: AccountFacts, as_of: date) -> Derived[ClaimSheet]:
    """Return the calculation sheet of a loan; recomputing it gives the same figures (R-F17)."""
    now = statement(facts, as_of)
    paid_by: dict[DebtClass, Decimal] = dict.fromkeys(DebtClass, ZERO)
    for part in now.paid:
        paid_by[part.debt] += part.amount
    left_by = {
        DebtKind.PRINCIPAL: (DebtClass.PRINCIPAL, now.balance),
        DebtKind.INTEREST: (DebtClass.INTEREST, now.due_interest + now.accrued_interest),
        DebtKind.PENALTY: (DebtClass.PENALTY, now.penalty),
        DebtKind.COMPOUND: (DebtClass.COMPOUND, now.compound),
        DebtKind.COSTS: (DebtClass.COSTS, now.costs),
    }
    totals = tuple(
        SheetTotal(kind=kind, counted=left + paid_by[debt], paid=paid_by[debt], left=left)
        for kind, (debt, left) in left_by.items()
    )
    overdue = now.due_principal > 0
    base = now.due_principal if overdue else now.normal_principal
    rate = now.penalty_rate_pct if overdue else now.rate_pct
    sentence = until_paid(base, rate, as_of, now.day_basis) if base else ""
    sheet = ClaimSheet(
        cut_off=as_of,
        rows=now.rows,
        totals=totals,
        grand_total=now.total,
        until_paid=sentence,
    )
    return Derived(
        value=sheet,
        basis=BASIS,
        steps=(*statement_steps(now), *((f"此后{sentence}",) if sentence else ())),
    )


def statement_steps(now: Statement) -> tuple[str, ...]:
    """Return the derivation of a statement in Chinese sentences, row by row."""
    return (
        *(
            f"{row.note} {row.kind} {row.start} 至 {row.end}："
            + formula(row.base, row.rate_pct, row.days, now.day_basis, row.amount)
            for row in now.rows
        ),
        *(_part_words(part) for part in now.paid),
        (
            f"截至 {now.as_of}：本金余额 {now.balance:,}，到期未付本金 {now.due_principal:,}，"
            f"利息 {now.due_interest:,}，罚息 {now.penalty:,}，复利 {now.compound:,}，"
            f"费用 {now.costs:,}，逾期 {now.overdue_days} 天"
        ),
    )


CLASS_WORDS: Final = {
    DebtClass.COSTS: "费用",
    DebtClass.COMPOUND: "复利",
    DebtClass.PENALTY: "罚息",
    DebtClass.INTEREST: "利息",
    DebtClass.PRINCIPAL: "本金",
}
