"""How much security the applicant gives, and who may be let off (R-C03, R-C04)."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Final

from postloan_archive.kernel.law import Citation, Confidence
from postloan_archive.kernel.money import ZERO, yuan, yuan_down
from postloan_archive.kernel.policy import STANDARD_POLICY, LawPolicy
from postloan_archive.kernel.statutes import (
    CIVIL_PROCEDURE_INTERPRETATION,
    HOUSE_RULE,
    PRESERVATION_PROVISIONS,
)
from postloan_archive.preservation.rules.kinds import EXEMPTION, SECURITY, SecuredAmountError

SHARE_IN_LITIGATION: Final = Decimal("0.30")  # at most, cut down to the cent
AMOUNT: Final = CIVIL_PROCEDURE_INTERPRETATION.at(152, rule="R-C03")
MICRO_LOAN: Final = HOUSE_RULE.at(
    "小额贷款公司默认不适用免予担保", rule="R-C04", confidence=Confidence.MEMORY
)
FORMS: Final = PRESERVATION_PROVISIONS.at("第六条至第八条", rule="R-C04a")


class Phase(StrEnum):
    """When the measure is asked for."""

    PRE_LITIGATION = "pre_litigation"
    IN_LITIGATION = "in_litigation"
    PRE_ENFORCEMENT = "pre_enforcement"


class Applicant(StrEnum):
    """Who asks for it."""

    COMMERCIAL_BANK = "commercial_bank"
    INSURANCE_COMPANY = "insurance_company"
    OTHER_LICENSED = "other_licensed_financial_institution"
    MICRO_LOAN_COMPANY = "micro_loan_company"
    OTHER = "other"


LICENSED: Final = frozenset(
    {Applicant.COMMERCIAL_BANK, Applicant.INSURANCE_COMPANY, Applicant.OTHER_LICENSED}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SecurityDemand:
    """What the court may ask for, in yuan; None where the rules set no such limit."""

    min_required: Decimal | None
    max_required: Decimal | None
    may_be_waived: bool
    basis: tuple[Citation, ...]
    steps: tuple[str, ...]
    edition: str


def preservation_security(
    phase: Phase,
    amount: Decimal,
    applicant: Applicant = Applicant.OTHER,
    *,
    policy: LawPolicy = STANDARD_POLICY,
) -> SecurityDemand:
    """Return the security for preserving an amount.

    Before litigation it equals the amount; in litigation it is at the court's discretion and at
    most 30 percent, which licensed institutions may be spared; between judgment and enforcement
    everybody may. None of this is a right.

    Raises:
        SecuredAmountError: the amount is not positive.
    """
    if amount <= ZERO:
        raise SecuredAmountError(amount=amount)
    basis: tuple[Citation, ...] = (SECURITY, AMOUNT, FORMS)
    low = high = None
    match phase:
        case Phase.PRE_LITIGATION:
            low, waived = yuan(amount), False
            step = f"诉前保全应提供相当于请求保全数额的担保，即 {low} 元；法院可酌情处理。"
        case Phase.IN_LITIGATION:
            high = yuan_down(amount * SHARE_IN_LITIGATION)
            waived = applicant in LICENSED or (_micro(applicant) and policy.micro_loan_exempt)
            step = f"诉讼中保全由法院决定，担保数额不超过请求数额的百分之三十，即 {high} 元。"
            basis = (*basis, MICRO_LOAN if _micro(applicant) else EXEMPTION)
        case _:  # after the judgment, before its enforcement
            waived = True
            step = "法律文书生效后、进入执行前申请保全的，法院可以不要求提供担保。"
            basis = (*basis, EXEMPTION)
    return SecurityDemand(
        min_required=low,
        max_required=high,
        may_be_waived=waived,
        basis=basis,
        steps=(step, "可以不要求担保，但由法院决定。" if waived else "不能免予担保。"),
        edition=PRESERVATION_PROVISIONS.edition,
    )


def _micro(applicant: Applicant) -> bool:
    return applicant is Applicant.MICRO_LOAN_COMPANY
