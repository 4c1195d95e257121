"""The claim on a loan with one maturity (R-F05 to R-F08, R-F17): totals of rounded rows."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Final

from postloan_archive.kernel.errors import RuleError, _l
from postloan_archive.kernel.law import Citation, Confidence, Derived
from postloan_archive.kernel.money import ZERO, yuan
from postloan_archive.loans.rules.interest import CONTRACT, formula, simple, until_paid
from postloan_archive.loans.rules.penalty import COMPOUND, PENALTY

SHEET: Final = Citation(
    law="本系统默认规则", article="债权计算表：逐行取整，合计为各行之和", rule="R-F17",
    confidence=Confidence.MEMORY,
)  # fmt: skip


class DebtKind(StrEnum):
    """What a row of the calculation sheet computes."""

    PRINCIPAL = "本金"
    INTEREST = "期内利息"
    PENALTY = "罚息"
    COMPOUND = "复利"
    COSTS = "费用"


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimRow:
    """One row of the calculation sheet A06 (R-F17).

    Attributes:
        kind: the debt item.
        base: yuan on which interest runs.
        rate_pct: percent a year, exact.
        start: first day, included.
        end: first day no longer contained.
        days: `end - start`.
        amount: yuan, rounded once.
        note: which instalment or payment the row belongs to, Chinese, or empty.
    """

    kind: DebtKind
    base: Decimal
    rate_pct: Decimal
    start: date
    end: date
    days: int
    amount: Decimal
    note: str = ""


class InterestDatesError(RuleError):
    """The settlement boundaries do not fit the loan."""

    field = "interest_due"

    def __init__(self, reason: str, **facts: object) -> None:
        super().__init__(reason, basis=CONTRACT, **facts)


class ClaimBeforeInterestError(RuleError):
    """The cut-off day lies before the day up to which interest is paid."""

    field = "as_of"

    def __init__(self, *, as_of: date, interest_paid_to: date) -> None:
        super().__init__(
            _l("截止日 {as_of} 早于已付息至 {interest_paid_to}。"),
            as_of=as_of,
            interest_paid_to=interest_paid_to,
        )


class MultiplierError(RuleError):
    """A penalty rate below the contract rate."""

    field = "penalty_multiplier"

    def __init__(self, *, multiplier: Decimal) -> None:
        super().__init__(
            _l("罚息倍数 {multiplier} 不能小于 1。"), basis=PENALTY, multiplier=multiplier
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class LoanClaim:
    """What is owed on the cut-off day, yuan; `rows` print the calculation sheet."""

    in_term_interest: tuple[Decimal, ...]
    penalty: Decimal
    compound: tuple[Decimal, ...]
    total_interest: Decimal
    total_compound: Decimal
    grand_total: Decimal
    rows: tuple[ClaimRow, ...]
    until_paid: str


def _check_dates(
    interest_due: Sequence[date], *, interest_paid_to: date, maturity: date, as_of: date
) -> None:
    if as_of < interest_paid_to:
        raise ClaimBeforeInterestError(as_of=as_of, interest_paid_to=interest_paid_to)
    previous = interest_paid_to
    for day in interest_due:
        if day <= previous:
            raise InterestDatesError(
                _l("结息日 {day} 必须晚于 {previous}，并按先后排列。"),
                day=day,
                previous=previous,
            )
        if day > maturity or day > as_of:
            raise InterestDatesError(
                _l("结息日 {day} 不能晚于到期日 {maturity} 和截止日 {as_of}。"),
                day=day,
                maturity=maturity,
                as_of=as_of,
            )
        previous = day
    if maturity <= as_of and previous < maturity:
        raise InterestDatesError(
            _l("贷款已于 {maturity} 到期，最后一个结息日必须是到期日。"), maturity=maturity
        )


def loan_claim(
    *,
    principal: Decimal,
    contract_rate_pct: Decimal,
    penalty_multiplier: Decimal,
    interest_due: Sequence[date],
    interest_paid_to: date,
    maturity: date,
    as_of: date,
    basis: int,
) -> Derived[LoanClaim]:
    """Return the claim on a loan that is repaid at once, on the cut-off day.

    Args:
        principal: yuan, unchanged since `interest_paid_to`.
        contract_rate_pct: percent a year.
        penalty_multiplier: penalty rate ÷ contract rate, 1 or more.
        interest_due: boundaries of the unpaid interest periods, rising.
        interest_paid_to: boundary up to which interest is paid.
        maturity: first day of the overdue side.
        as_of: the cut-off day, not contained.
        basis: 360 or 365.

    Raises:
        InterestDatesError: the boundaries do not fit.
        ClaimBeforeInterestError: `as_of` lies before `interest_paid_to`.
        MultiplierError: the multiplier is below 1.
    """
    if penalty_multiplier < 1:
        raise MultiplierError(multiplier=penalty_multiplier)
    _check_dates(
        interest_due, interest_paid_to=interest_paid_to, maturity=maturity, as_of=as_of
    )
    penalty_rate = contract_rate_pct * penalty_multiplier

    def row(kind: DebtKind, base: Decimal, rate: Decimal, start: date, end: date) -> ClaimRow:
        days = (end - start).days
        amount = yuan(simple(base, rate, days, basis))
        return ClaimRow(
            kind=kind, base=base, rate_pct=rate, start=start, end=end, days=days, amount=amount
        )

    starts = (interest_paid_to, *interest_due)
    interest_rows = [
        row(DebtKind.INTEREST, principal, contract_rate_pct, start, end)
        for start, end in zip(starts, interest_due, strict=False)
    ]

    def compound_rows() -> Iterator[ClaimRow]:
        for item in interest_rows:
            due, base = item.end, item.amount
            if due < (end := min(maturity, as_of)):
                yield row(DebtKind.COMPOUND, base, contract_rate_pct, due, end)
            if (start := max(due, maturity)) < as_of:
                yield row(DebtKind.COMPOUND, base, penalty_rate, start, as_of)

    penalty_rows = (
        [row(DebtKind.PENALTY, principal, penalty_rate, maturity, as_of)]
        if maturity < as_of
        else []
    )
    compounds = list(compound_rows())
    rows = (*interest_rows, *penalty_rows, *compounds)
    total_interest = sum((item.amount for item in interest_rows), ZERO)
    total_compound = sum((item.amount for item in compounds), ZERO)
    penalty = sum((item.amount for item in penalty_rows), ZERO)
    grand_total = yuan(principal + total_interest + penalty + total_compound)
    overdue = maturity <= as_of
    value = LoanClaim(
        in_term_interest=tuple(item.amount for item in interest_rows),
        penalty=penalty,
        compound=tuple(item.amount for item in compounds),
        total_interest=total_interest,
        total_compound=total_compound,
        grand_total=grand_total,
        rows=rows,
        until_paid=until_paid(
            principal, penalty_rate if overdue else contract_rate_pct, as_of, basis
        ),
    )
    return Derived(
        value=value,
        basis=(CONTRACT, PENALTY, COMPOUND, SHEET),
        steps=(
            *(row_sentence(item, basis) for item in rows),
            (
                f"本金 {principal:,} + 期内利息 {total_interest:,} + 罚息 {penalty:,} "
                f"+ 复利 {total_compound:,} = {grand_total:,} 元（截至 {as_of}）"
            ),
            "此后" + value.until_paid,
        ),
    )


def row_sentence(row: ClaimRow, basis: int) -> str:
    """Return one row of the sheet as a Chinese sentence."""
    return f"{row.kind} {row.start} 至 {row.end}：" + formula(
        row.base, row.rate_pct, row.days, basis, row.amount
    )
