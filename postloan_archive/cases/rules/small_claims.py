"""Whether a simple money claim goes to the small-claims procedure (R-B27)."""

from decimal import Decimal
from enum import StrEnum
from typing import Final

from postloan_archive.kernel.errors import RuleError, _l
from postloan_archive.kernel.law import Derived
from postloan_archive.kernel.money import ZERO
from postloan_archive.kernel.statutes import (
    CIVIL_PROCEDURE_INTERPRETATION,
    CIVIL_PROCEDURE_LAW,
)

MANDATORY_SHARE: Final = Decimal("0.5")  # of the provincial average wage, included
AGREED_MULTIPLE: Final = Decimal(2)  # included
BASIS: Final = (
    CIVIL_PROCEDURE_LAW.at(165, rule="R-B27"),
    CIVIL_PROCEDURE_LAW.at(166, rule="R-B27"),
    CIVIL_PROCEDURE_INTERPRETATION.at(272, rule="R-B27"),
)


class SmallClaims(StrEnum):
    """What the amount says; the exclusions of article 166 are for the user to check."""

    MANDATORY = "mandatory"
    BY_AGREEMENT = "by_agreement"
    NOT_AVAILABLE = "not_available"


class AverageWageError(RuleError):
    """The provincial average wage must be a positive amount."""

    field = "provincial_avg_wage"

    def __init__(self, *, wage: Decimal) -> None:
        super().__init__(_l("年平均工资 {wage} 应大于 0。"), basis=BASIS[0], wage=wage)


class ClaimAmountError(RuleError):
    """A claim must be a positive amount."""

    field = "amount"

    def __init__(self, *, amount: Decimal) -> None:
        super().__init__(_l("诉讼标的额 {amount} 应大于 0。"), basis=BASIS[0], amount=amount)


def small_claims(*, provincial_average_wage: Decimal, amount: Decimal) -> Derived[SmallClaims]:
    """Return whether the small-claims procedure is mandatory, agreed or closed.

    Half of the wage and twice the wage are themselves included (R-A11). A small-claims judgment
    cannot be appealed.

    Args:
        provincial_average_wage: yuan a year, of employed persons in the province, last year.
        amount: claim in yuan.

    Raises:
        AverageWageError: the wage is not positive.
        ClaimAmountError: the amount is not positive.
    """
    if provincial_average_wage <= ZERO:
        raise AverageWageError(wage=provincial_average_wage)
    if amount <= ZERO:
        raise ClaimAmountError(amount=amount)
    lower = provincial_average_wage * MANDATORY_SHARE
    upper = provincial_average_wage * AGREED_MULTIPLE
    if amount <= lower:
        mode = SmallClaims.MANDATORY
        step = f"标的额 {amount} 元不超过年平均工资的百分之五十 {lower} 元，适用小额诉讼程序。"
    elif amount <= upper:
        mode = SmallClaims.BY_AGREEMENT
        step = f"标的额 {amount} 元不超过年平均工资的二倍 {upper} 元，可以约定适用。"
    else:
        mode = SmallClaims.NOT_AVAILABLE
        step = f"标的额 {amount} 元超过年平均工资的二倍 {upper} 元，不适用。"
    return Derived(value=mode, basis=BASIS, steps=(step,), edition=CIVIL_PROCEDURE_LAW.edition)
