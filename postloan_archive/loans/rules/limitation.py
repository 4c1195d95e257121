"""The limitation period of the debt: where it starts and ends (R-D01 to R-D13)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from postloan_archive.kernel.calendar import WorkCalendar
from postloan_archive.kernel.days import Unit, deadline
from postloan_archive.kernel.errors import RuleError, _l
from postloan_archive.kernel.law import Citation, Confidence, Derived, Due
from postloan_archive.kernel.statutes import (
    CIVIL_CODE,
    CIVIL_PROCEDURE_LAW,
    GENERAL_PART_INTERPRETATION,
    HOUSE_RULE,
    LATE_SIGNATURE_REPLY,
    LIMITATION_PROVISIONS,
)

YEARS: Final = 3
LONGEST_YEARS: Final = 20
MONTHS_AFTER_SUSPENSION: Final = 6

THREE_YEARS: Final = CIVIL_CODE.at(188, 1, rule="R-D01")
NO_DUE_DATE: Final = LIMITATION_PROVISIONS.at(4, rule="R-D01")
ONE_DAY_READING: Final = HOUSE_RULE.at(
    "自到期日起算，不取“次日知道”的读法", rule="R-D01", confidence=Confidence.MEMORY
)
ENFORCEMENT_INSTEAD: Final = CIVIL_PROCEDURE_LAW.at(250, rule="R-D13")
LAST_INSTALMENT: Final = CIVIL_CODE.at(189, rule="R-D02")
CAUTIOUS_ANCHOR: Final = HOUSE_RULE.at(
    "按最早未清偿一期安排催收", rule="R-D02", confidence=Confidence.MEMORY
)
ACCELERATION: Final = HOUSE_RULE.at(
    "提前到期以通知到达所载日期为准", rule="R-D03", confidence=Confidence.MEMORY
)
INTERRUPTION: Final = CIVIL_CODE.at(195, rule="R-D04")
INTERRUPTION_EVENTS: Final = LIMITATION_PROVISIONS.at("第八条、第十条至第十四条", rule="R-D04")
SUSPENSION: Final = CIVIL_CODE.at(194, rule="R-D09")
WAIVER: Final = CIVIL_CODE.at(192, 2, rule="R-D10")
WAIVER_BY_AGREEMENT: Final = LIMITATION_PROVISIONS.at(19, rule="R-D10")
WAIVER_BY_SIGNATURE: Final = LATE_SIGNATURE_REPLY.at("全文", rule="R-D10")
TWENTY_YEARS: Final = CIVIL_CODE.at(188, 2, rule="R-D11")
TWENTY_YEARS_FIXED: Final = GENERAL_PART_INTERPRETATION.at(35, rule="R-D11")
EDITION: Final = "民法典2020"


class NoInstalmentError(RuleError):
    """A debt without an unpaid due date has no limitation period."""

    field = "installments"

    def __init__(self) -> None:
        super().__init__(_l("没有未清偿的到期日，无法确定时效起算点。"), basis=THREE_YEARS)


class SignedInTimeError(RuleError):
    """A signature before the end is an interruption, not a waiver."""

    field = "signed_demand"

    def __init__(self, *, signed_on: date, limitation_end: date) -> None:
        super().__init__(
            _l("签字日 {signed_on} 不晚于时效届满日 {limitation_end}，属于时效中断。"),
            basis=INTERRUPTION,
            signed_on=signed_on,
            limitation_end=limitation_end,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitationStart:
    """Where the period starts by law, and where to count from to be careful."""

    legal_anchor: date
    conservative_anchor: date
    basis: tuple[Citation, ...]
    steps: tuple[str, ...]
    edition: str


def limitation_start(
    installments: Sequence[date], accelerated: date | None = None
) -> LimitationStart:
    """Return the two anchors of the limitation period.

    Args:
        installments: due dates not fully paid, in any order, one or more.
        accelerated: day fixed in the acceleration notice, at the earliest its arrival, or the
            day the complaint copy was served; later than the last due date it changes nothing.

    Raises:
        NoInstalmentError: `installments` is empty.
    """
    if not installments:
        raise NoInstalmentError
    first, last = min(installments), max(installments)
    legal = min(last, accelerated or last)
    conservative = min(first, accelerated or first)
    steps = [f"同一债务分期履行，自最后一期 {last.isoformat()} 起算。"]
    basis = [THREE_YEARS, LAST_INSTALMENT, CAUTIOUS_ANCHOR, ONE_DAY_READING]
    if accelerated is not None:
        basis.append(ACCELERATION)
        steps.append(f"提前到期日为 {accelerated.isoformat()}，取较早者 {legal.isoformat()}。")
    if conservative != legal:
        steps.append(f"稳妥起见按最早未清偿一期 {conservative.isoformat()} 安排。")
    return LimitationStart(
        legal_anchor=legal,
        conservative_anchor=conservative,
        basis=tuple(basis),
        steps=tuple(steps),
        edition=EDITION,
    )


def limitation_end(start: date, *, calendar: WorkCalendar) -> Due:
    """Return the end of the three years from a due date or an interruption (R-D01, R-D04).

    Plan by `safe`; the extension over rest days must never be relied on (R-A05).
    """
    return deadline(
        start,
        YEARS,
        Unit.YEAR,
        calendar=calendar,
        basis=(THREE_YEARS, INTERRUPTION),
        edition=EDITION,
    )


def suspension_end(cause_removed_on: date, *, calendar: WorkCalendar) -> Due:
    """Return the end of a period that stood still in its last six months (R-D09)."""
    return deadline(
        cause_removed_on,
        MONTHS_AFTER_SUSPENSION,
        Unit.MONTH,
        calendar=calendar,
        basis=(SUSPENSION,),
        edition=EDITION,
    )


def longest_end(breach_on: date, *, calendar: WorkCalendar) -> Due:
    """Return the end of the twenty years that nothing interrupts or suspends (R-D11)."""
    return deadline(
        breach_on,
        LONGEST_YEARS,
        Unit.YEAR,
        calendar=calendar,
        basis=(TWENTY_YEARS, TWENTY_YEARS_FIXED),
        edition=EDITION,
    )


def debtor_signs_after_limitation(
    *, limitation_end: date, signed_demand: date, shows_agreement: bool = True
) -> Derived[bool | None]:
    """Return whether a late signature takes the defence away; None: legal must look (R-D10).

    Args:
        limitation_end: last day of the period, inclusive.
        signed_demand: day of the signature, after the end.
        shows_agreement: the paper says that the debtor agrees to pay, or is a new agreement,
            or money was paid; a bare receipt is not enough.

    Raises:
        SignedInTimeError: the signature is not after the end.
    """
    if signed_demand <= limitation_end:
        raise SignedInTimeError(signed_on=signed_demand, limitation_end=limitation_end)
    step = (
        "债务人同意履行，不得再以时效届满抗辩。"
        if shows_agreement
        else "仅为签收，是否同意履行有争议，交法务判断。"
    )
    return Derived(
        value=True if shows_agreement else None,
        basis=(WAIVER, WAIVER_BY_AGREEMENT, WAIVER_BY_SIGNATURE),
        steps=(
            f"时效于 {limitation_end.isoformat()} 届满，{signed_demand.isoformat()} 签字。",
            step,
        ),
        edition=LIMITATION_PROVISIONS.edition,
    )
