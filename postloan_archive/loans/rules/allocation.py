"""In which order a payment settles a debt (R-F09, R-F10)."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Final

from postloan_archive.kernel.law import Citation, Confidence, Derived
from postloan_archive.kernel.money import ZERO, yuan

STATUTORY: Final = Citation(law="民法典", article="第五百六十一条", rule="R-F09")
AGREED: Final = Citation(
    law="借款合同",
    article="还款顺序条款（先本后息）",
    rule="R-F10",
    confidence=Confidence.MEMORY,
)


class Order(StrEnum):
    """The order of settlement; principal first only if the contract says so."""

    STATUTORY = "statutory"
    PRINCIPAL_FIRST = "principal_first"


class DebtClass(StrEnum):
    """What a payment can settle."""

    COSTS = "costs"
    COMPOUND = "compound"
    PENALTY = "penalty"
    INTEREST = "interest"
    PRINCIPAL = "principal"


# Inside "interest" the product's default is compound, penalty, in-term interest (R-F09).
CLASS_ORDER: Final[dict[Order, tuple[DebtClass, ...]]] = {
    Order.STATUTORY: (
        DebtClass.COSTS,
        DebtClass.COMPOUND,
        DebtClass.PENALTY,
        DebtClass.INTEREST,
        DebtClass.PRINCIPAL,
    ),
    Order.PRINCIPAL_FIRST: (
        DebtClass.PRINCIPAL,
        DebtClass.COMPOUND,
        DebtClass.PENALTY,
        DebtClass.INTEREST,
        DebtClass.COSTS,
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Allocation:
    """Where a payment went and what is left, yuan; nothing is ever negative."""

    to_costs: Decimal
    to_interest: Decimal
    to_principal: Decimal
    costs_left: Decimal
    interest_left: Decimal
    principal_left: Decimal
    surplus: Decimal


def allocate(
    payment: Decimal,
    *,
    costs: Decimal,
    interest: Decimal,
    principal: Decimal,
    order: Order = Order.STATUTORY,
) -> Derived[Allocation]:
    """Return how a payment settles costs, interest and principal; all in yuan, 0 or more.

    `interest` is the sum of in-term, penalty and compound interest up to the payment day.
    """
    names = {"costs": "实现债权的费用", "interest": "利息", "principal": "主债务"}
    owed = {"costs": costs, "interest": interest, "principal": principal}
    sequence = ("costs", "interest", "principal")
    if order is Order.PRINCIPAL_FIRST:
        sequence = ("principal", "interest", "costs")
    left = payment
    paid: dict[str, Decimal] = {}
    steps = [f"付款 {payment:,} 元，顺序：{'→'.join(names[name] for name in sequence)}"]
    for name in sequence:
        paid[name] = min(left, owed[name])
        left -= paid[name]
        steps.append(
            f"{names[name]} {owed[name]:,} 元，清偿 {paid[name]:,} 元，"
            f"余 {owed[name] - paid[name]:,} 元"
        )
    if left:
        steps.append(f"多付 {left:,} 元")
    return Derived(
        value=Allocation(
            to_costs=yuan(paid["costs"]),
            to_interest=yuan(paid["interest"]),
            to_principal=yuan(paid["principal"]),
            costs_left=yuan(costs - paid["costs"]),
            interest_left=yuan(interest - paid["interest"]),
            principal_left=yuan(principal - paid["principal"]),
            surplus=yuan(max(ZERO, left)),
        ),
        basis=(STATUTORY,) if order is Order.STATUTORY else (AGREED, STATUTORY),
        steps=tuple(steps),
    )
