"""Court fees (group E): worked out unrounded from the dated tables, rounded once (R-E11)."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from postloan_archive.cases.rules.fee_tables import (
    APPEAL,
    BANKRUPTCY,
    BANKRUPTCY_CAP,
    CLAIM_CHANGED,
    COURT_FEES,
    ENFORCEMENT,
    ENFORCEMENT_FEES,
    FIRST_INSTANCE,
    HALVED,
    OFFSET,
    PAYMENT_ORDER,
    PRESERVATION,
    PRESERVATION_FEES,
    ROUNDING,
    FeeTable,
    edition,
)
from postloan_archive.kernel.errors import RuleError, _l
from postloan_archive.kernel.law import Derived
from postloan_archive.kernel.money import ZERO, yuan


class AmountNotPositiveError(RuleError):
    """The amount in dispute is not above zero."""

    field = "amount"

    def __init__(self, *, amount: Decimal) -> None:
        super().__init__(_l("金额必须大于 0，而不是 {amount}。"), amount=amount)


class AppealAboveClaimError(RuleError):
    """More is appealed than was claimed."""

    field = "appealed_amount"

    def __init__(self, *, appealed: Decimal, claimed: Decimal) -> None:
        super().__init__(
            _l("上诉请求额 {appealed} 大于一审请求额 {claimed}。"),
            basis=APPEAL,
            appealed=appealed,
            claimed=claimed,
        )


class ReductionTimeMissingError(RuleError):
    """A claim is reduced and nobody said whether the court's investigation had ended."""

    field = "when"

    def __init__(self) -> None:
        super().__init__(
            _l("减少诉讼请求须说明发生在法庭调查终结之前还是之后。"), basis=CLAIM_CHANGED
        )


def _positive(amount: Decimal) -> Decimal:
    if amount <= 0:
        raise AmountNotPositiveError(amount=amount)
    return amount


def court_fee(claim: Decimal, *, filed_on: date | None = None) -> Derived[Decimal]:
    """Return the first-instance fee of a property case (R-E01, R-E02).

    Args:
        claim: all property claims together in yuan, above 0; interest up to the filing day
            is part of it, later interest is not.
        filed_on: day the claim reaches the court; None: the newest edition.

    Raises:
        AmountNotPositiveError: the claim is 0 or less.
        NoFeeTableError: `filed_on` is older than the oldest table.
    """
    table = edition(COURT_FEES, filed_on)
    fee = yuan(table.fee(_positive(claim)))
    return _derived(fee, table, (*table.steps(claim), f"案件受理费：{fee:,} 元"))


def preservation_fee(
    amount: Decimal | None, *, filed_on: date | None = None
) -> Derived[Decimal]:
    """Return the fee on the amount actually preserved; None: no property value (R-E05)."""
    table = edition(PRESERVATION_FEES, filed_on)
    value = ZERO if amount is None else amount
    fee = yuan(table.fee(value))
    return _derived(fee, table, (*table.steps(value), f"保全申请费：{fee:,} 元"))


def enforcement_fee(amount: Decimal, *, filed_on: date | None = None) -> Derived[Decimal]:
    """Return the enforcement fee in yuan; it is not prepaid (R-E06)."""
    table = edition(ENFORCEMENT_FEES, filed_on)
    fee = yuan(table.fee(_positive(amount)))
    return _derived(fee, table, (*table.steps(amount), f"执行申请费（不预交）：{fee:,} 元"))


def _derived(value: Decimal, table: FeeTable, steps: tuple[str, ...]) -> Derived[Decimal]:
    return Derived(
        value=value,
        basis=(table.basis, ROUNDING),
        steps=steps,
        edition=str(table.basis.in_force_from),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Fees:
    """What one amount costs in each kind of proceedings, yuan."""

    first_instance: Decimal
    half: Decimal
    payment_order: Decimal
    preservation: Decimal
    enforcement: Decimal


def fees(amount: Decimal, *, filed_on: date | None = None) -> Derived[Fees]:
    """Return the five fees of one amount; half and third come from the unrounded fee (R-E11).

    Raises:
        AmountNotPositiveError: the amount is 0 or less.
    """
    table = edition(COURT_FEES, filed_on)
    whole = table.fee(_positive(amount))
    value = Fees(
        first_instance=yuan(whole),
        half=yuan(whole / 2),
        payment_order=yuan(whole / 3),
        preservation=preservation_fee(amount, filed_on=filed_on).value,
        enforcement=enforcement_fee(amount, filed_on=filed_on).value,
    )
    return Derived(
        value=value,
        basis=(FIRST_INSTANCE, HALVED, PAYMENT_ORDER, PRESERVATION, ENFORCEMENT, ROUNDING),
        steps=(
            *table.steps(amount),
            f"案件受理费：{value.first_instance:,} 元",
            f"减半：未取整费用 ÷ 2 = {value.half:,} 元",
            f"支付令：未取整费用 ÷ 3 = {value.payment_order:,} 元",
            f"保全申请费：{value.preservation:,} 元",
            f"执行申请费（不预交）：{value.enforcement:,} 元",
        ),
        edition=str(table.basis.in_force_from),
    )


def appeal_fee(
    first_instance_amount: Decimal, appealed_amount: Decimal, *, filed_on: date | None = None
) -> Derived[Decimal]:
    """Return the fee on the part that is appealed (R-E07).

    Raises:
        AmountNotPositiveError: an amount is 0 or less.
        AppealAboveClaimError: more is appealed than was claimed.
    """
    _positive(first_instance_amount)
    if appealed_amount > first_instance_amount:
        raise AppealAboveClaimError(appealed=appealed_amount, claimed=first_instance_amount)
    fee = court_fee(appealed_amount, filed_on=filed_on)
    return Derived(
        value=fee.value,
        basis=(APPEAL, *fee.basis),
        steps=(
            f"只就上诉请求额 {appealed_amount:,} 元计算（一审 {first_instance_amount:,} 元）",
            *fee.steps,
        ),
        edition=fee.edition,
    )


def half_once(
    amount: Decimal,
    *,
    simplified: bool = False,
    withdrawn: bool = False,
    mediated: bool = False,
    joined: bool = False,
    filed_on: date | None = None,
) -> Derived[Decimal]:
    """Return the fee, halved once however many grounds there are (R-E03).

    Args:
        amount: yuan, above 0.
        simplified: simplified procedure, small claims included.
        withdrawn: the suit was withdrawn.
        mediated: settled by mediation.
        joined: a counter-claim or a third party's independent claim tried together.
        filed_on: day the claim reaches the court; None: the newest edition.
    """
    table = edition(COURT_FEES, filed_on)
    whole = table.fee(_positive(amount))
    grounds = [
        name
        for name, given in (
            ("适用简易程序", simplified),
            ("撤诉", withdrawn),
            ("调解结案", mediated),
            ("反诉或有独立请求权第三人合并审理", joined),
        )
        if given
    ]
    fee = yuan(whole / 2) if grounds else yuan(whole)
    last = (
        f"减半事由：{'、'.join(grounds)}；只减半一次：{fee:,} 元"
        if grounds
        else f"没有减半事由：{fee:,} 元"
    )
    return Derived(
        value=fee,
        basis=(HALVED, table.basis, ROUNDING),
        steps=(*table.steps(amount), last),
        edition=str(table.basis.in_force_from),
    )


class ReducedWhen(StrEnum):
    """When a claim was reduced; only a reduction before the end is refunded."""

    BEFORE_END_OF_COURT_INVESTIGATION = "before_end_of_court_investigation"
    AFTER_END_OF_COURT_INVESTIGATION = "after_end_of_court_investigation"


@dataclass(frozen=True, slots=True, kw_only=True)
class FeeDifference:
    """What is still to be paid or comes back, yuan; 0.00 where it does not apply."""

    top_up: Decimal
    refund: Decimal


def claim_change(
    old: Decimal,
    new: Decimal,
    *,
    when: ReducedWhen | None = None,
    filed_on: date | None = None,
) -> Derived[FeeDifference]:
    """Return what a changed claim costs or brings back: rounded fees subtracted (R-E09).

    Raises:
        AmountNotPositiveError: an amount is 0 or less.
        ReductionTimeMissingError: the claim is reduced and `when` is None.
    """
    before = court_fee(old, filed_on=filed_on)
    after = court_fee(new, filed_on=filed_on)
    if new < old and when is None:
        raise ReductionTimeMissingError
    top_up = max(ZERO, after.value - before.value)
    refund = max(ZERO, before.value - after.value)
    late = when is ReducedWhen.AFTER_END_OF_COURT_INVESTIGATION
    outcome = f"应补交 {top_up:,} 元，应退还 {refund:,} 元"
    if new < old and late:
        refund = ZERO
        outcome = "法庭调查终结后减少诉讼请求，差额由减少请求的一方负担，不退还"
    return Derived(
        value=FeeDifference(top_up=top_up, refund=refund),
        basis=(CLAIM_CHANGED, before.basis[0], ROUNDING),
        steps=(
            f"原请求 {old:,} 元，受理费 {before.value:,} 元",
            f"新请求 {new:,} 元，受理费 {after.value:,} 元",
            outcome,
        ),
        edition=after.edition,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentOrderToSuit:
    """What was paid for the payment order and what the suit still costs, yuan."""

    already_paid: Decimal
    top_up: Decimal


def payment_order_to_suit(
    amount: Decimal, *, filed_on: date | None = None
) -> Derived[PaymentOrderToSuit]:
    """Return the difference to pay when a payment order turns into a suit (R-E04).

    The full fee is the base; a later halving is the court's decision.
    """
    table = edition(COURT_FEES, filed_on)
    whole = table.fee(_positive(amount))
    paid = yuan(whole / 3)
    value = PaymentOrderToSuit(already_paid=paid, top_up=yuan(whole) - paid)
    return Derived(
        value=value,
        basis=(PAYMENT_ORDER, OFFSET, table.basis, ROUNDING),
        steps=(
            *table.steps(amount),
            f"支付令已交：未取整费用 ÷ 3 = {paid:,} 元",
            f"应补交：{yuan(whole):,} − {paid:,} = {value.top_up:,} 元（以法院通知为准）",
        ),
        edition=str(table.basis.in_force_from),
    )


def bankruptcy_fee(estate: Decimal, *, filed_on: date | None = None) -> Derived[Decimal]:
    """Return the bankruptcy fee: half the court fee on the estate, at most 300,000 (R-E13)."""
    table = edition(COURT_FEES, filed_on)
    fee = yuan(min(table.fee(_positive(estate)) / 2, BANKRUPTCY_CAP))
    return Derived(
        value=fee,
        basis=(BANKRUPTCY, table.basis, ROUNDING),
        steps=(*table.steps(estate), f"减半，最高 {BANKRUPTCY_CAP:,} 元：{fee:,} 元"),
        edition=str(table.basis.in_force_from),
    )
