"""What to check about the court before filing (R-B59): findings, not a conclusion (R-008)."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from postloan_archive.kernel.law import Citation
from postloan_archive.kernel.statutes import (
    CIVIL_PROCEDURE_INTERPRETATION,
    CIVIL_PROCEDURE_LAW,
    INTERNET_COURT_PROVISIONS,
    JURISDICTION_REPLY,
    SECURITY_INTERPRETATION,
)

PERFORMANCE_PLACE: Final = CIVIL_PROCEDURE_INTERPRETATION.at(18, rule="R-B59")
AGREED_COURT: Final = CIVIL_PROCEDURE_LAW.at(35, rule="R-B59")
CONNECTION: Final = JURISDICTION_REPLY.at("全文", rule="R-B59")
INTERNET_COURTS: Final = INTERNET_COURT_PROVISIONS.at(2, rule="R-B59")
MAIN_CONTRACT: Final = SECURITY_INTERPRETATION.at(21, 2, rule="R-B59")


class Place(StrEnum):
    """Why the chosen court should have the case."""

    DEFENDANT = "defendant"  # domicile of a defendant
    LENDER = "lender"  # place of the party that receives the money
    AGREED_PERFORMANCE = "agreed_performance"  # place of performance fixed in the contract
    CLAUSE_LISTED = "clause_listed"  # clause, one of the five places the law names
    CLAUSE_OTHER = "clause_other"  # clause, another place with an actual connection
    INTERNET_COURT = "internet_court"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One point to settle before filing; `blocks` if the court will refuse as it stands."""

    text: str
    basis: Citation
    blocks: bool


def jurisdiction_findings(
    place: Place,
    *,
    filed_on: date,
    performance_place_agreed: bool = False,
    connection_proved: bool = False,
    arbitration_or_court_clause: bool = False,
    specialised_court_has_it: bool = False,
    guarantor_sued_too: bool = False,
) -> tuple[Finding, ...]:
    """Return what must be settled about the court before filing; empty if nothing.

    Args:
        place: why this court.
        filed_on: picks the replies in force.
        performance_place_agreed: the contract fixes the place of performance.
        connection_proved: papers prove the actual connection of the agreed place.
        arbitration_or_court_clause: the clause offers arbitration or court.
        specialised_court_has_it: a special court (financial court) has this kind of case.
        guarantor_sued_too: debtor and guarantor are sued together.
    """
    found = []
    if place is Place.LENDER and performance_place_agreed:
        found.append(_stop("合同约定了履行地，应以约定的履行地确定管辖。", PERFORMANCE_PLACE))
    if place is Place.CLAUSE_OTHER and filed_on >= date(2025, 12, 31) and not connection_proved:
        found.append(_stop("约定的法院所在地须能证明与争议有实际联系。", CONNECTION))
    if place is Place.INTERNET_COURT and filed_on >= date(2025, 11, 1):
        found.append(
            _stop("金融借款、网络借款纠纷已不在互联网法院集中管辖范围内。", INTERNET_COURTS)
        )
    if specialised_court_has_it:
        found.append(_stop("约定管辖不能排除专门法院的管辖。", AGREED_COURT))
    if arbitration_or_court_clause:
        found.append(_note("“可仲裁可诉讼”的仲裁条款无效，诉讼条款有效。", AGREED_COURT))
    if guarantor_sued_too:
        found.append(_note("一并起诉债务人和担保人的，根据主合同确定管辖。", MAIN_CONTRACT))
    return tuple(found)


def _stop(text: str, basis: Citation) -> Finding:
    return Finding(text=text, basis=basis, blocks=True)


def _note(text: str, basis: Citation) -> Finding:
    return Finding(text=text, basis=basis, blocks=False)
