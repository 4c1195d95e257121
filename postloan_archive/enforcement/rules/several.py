"""How money that came in for several debts is split over them (R-F09, 民法典560).

What the debtor named comes first and is a fact that a person enters. Without it: debts whose
day has come before others, then those least secured, then those that weigh most, then the older
ones, then in proportion. Which debt is less secured or weighs more is a judgment of ours: what
is said is a proposal (参考).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_DOWN, Decimal
from typing import Final

from postloan_archive.kernel.errors import RuleError, _l
from postloan_archive.kernel.law import Citation, Confidence, Derived
from postloan_archive.kernel.money import ZERO

SEVERAL: Final = Citation(law="民法典", article="第五百六十条", rule="R-F09")
READING: Final = Citation(
    law="民法典",
    article="第五百六十条：担保较少、负担较重的比较方法",
    rule="R-F09",
    confidence=Confidence.MEMORY,
)


CENT: Final = Decimal("0.01")


class NothingToSplitError(RuleError):
    """Nothing came in."""

    field = "amount"

    def __init__(self) -> None:
        super().__init__(_l("请填写大于 0 的金额。"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Debt:
    """One debt on the day of the payment.

    Attributes:
        name: what tells it apart, such as the number of the loan.
        owed: everything that can be demanded, yuan.
        due_on: the day on which it fell due, None where it has not.
        securities: how many guarantees and things secure it.
        rate_pct: what it costs the debtor, percent a year; the higher weighs more.
    """

    name: str
    owed: Decimal
    due_on: date | None
    securities: int
    rate_pct: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """What goes to one debt, yuan."""

    name: str
    amount: Decimal
    left: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Split:
    """How a sum is split; `surplus` is what no debt takes."""

    shares: tuple[Share, ...]
    surplus: Decimal


def split_over_debts(
    amount: Decimal, debts: Sequence[Debt], *, named: Sequence[str] = ()
) -> Derived[Split]:
    """Return how a payment is split over debts, in the order of the debts given.

    Args:
        amount: what came in, yuan.
        debts: the debts on the day.
        named: names of debts that the debtor said the payment is for, the first at the head.

    Raises:
        NothingToSplitError: the amount is not above 0.
    """
    if amount <= ZERO:
        raise NothingToSplitError
    left = amount
    given: dict[str, Decimal] = {one.name: ZERO for one in debts}
    steps = [_l("来款 {amount} 元。").format(amount=f"{amount:,}")]
    known = {one.name: one for one in debts}
    chosen = [known[name] for name in dict.fromkeys(named) if name in known]
    if chosen:
        steps.append(
            _l("债务人指定：{names}。").format(names="、".join(one.name for one in chosen))
        )
    rest = [one for one in debts if one not in chosen]
    ranks = sorted({_rank(one) for one in rest})
    groups = [[one] for one in chosen]
    groups += [[one for one in rest if _rank(one) == rank] for rank in ranks]
    for group in groups:
        taken = min(left, sum((one.owed for one in group), ZERO))
        for one, part in zip(group, _proportional(taken, group), strict=True):
            given[one.name] = part
            steps.append(_step(one, part, beside=len(group) > 1))
        left -= taken
    if left:
        steps.append(_l("多付 {left} 元。").format(left=f"{left:,}"))
    return Derived(
        value=Split(
            shares=tuple(
                Share(name=one.name, amount=given[one.name], left=one.owed - given[one.name])
                for one in debts
            ),
            surplus=left,
        ),
        basis=(SEVERAL, READING),
        steps=tuple(steps),
    )


def _rank(one: Debt) -> tuple[bool, int, Decimal, date]:
    """Return the place: due, less secured, heavier, older; equal places share in proportion."""
    return one.due_on is None, one.securities, -one.rate_pct, one.due_on or date.max


def _proportional(amount: Decimal, group: Sequence[Debt]) -> list[Decimal]:
    """Return the parts in proportion to what is owed; the first takes the odd cents."""
    whole = sum((one.owed for one in group), ZERO)
    if len(group) == 1 or not whole:
        return [min(amount, one.owed) for one in group]
    parts = [(amount * one.owed / whole).quantize(CENT, rounding=ROUND_DOWN) for one in group]
    left = amount - sum(parts, ZERO)
    for place, one in enumerate(group):
        more = min(left, one.owed - parts[place])
        parts[place] += more
        left -= more
    return parts


def _step(one: Debt, part: Decimal, *, beside: bool) -> str:
    due = _l("{day} 到期").format(day=one.due_on) if one.due_on else _l("未到期")
    return _l("{name}（{due}，担保 {count} 项，年利率 {rate}%）：{share}{part} 元。").format(
        name=one.name,
        due=due,
        count=one.securities,
        rate=f"{one.rate_pct.normalize():f}",
        share=_l("按比例 ") if beside else "",
        part=f"{part:,}",
    )
