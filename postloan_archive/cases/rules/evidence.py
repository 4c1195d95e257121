"""The period for evidence: the court sets it, the rules check and resume it (R-B10, R-B12)."""

from datetime import date
from enum import StrEnum
from typing import Final

from postloan_archive.kernel.days import Unit, add_period
from postloan_archive.kernel.errors import RuleError, _l
from postloan_archive.kernel.law import Derived
from postloan_archive.kernel.statutes import (
    CIVIL_PROCEDURE_INTERPRETATION,
    EVIDENCE_PROVISIONS,
)

LENGTH: Final = EVIDENCE_PROVISIONS.at(51, rule="R-B10")
SUSPENDED: Final = EVIDENCE_PROVISIONS.at("第五十五条第一项", rule="R-B12")


class Procedure(StrEnum):
    """The procedure in which evidence is called for."""

    ORDINARY = "ordinary"
    SECOND_INSTANCE = "second_instance"
    SIMPLIFIED = "simplified"
    SMALL_CLAIMS = "small_claims"


# Days: at least, at most; None where the law sets no such limit. Small claims: as a rule.
LIMITS: Final[dict[Procedure, tuple[int | None, int | None]]] = {
    Procedure.ORDINARY: (15, None),
    Procedure.SECOND_INSTANCE: (10, None),
    Procedure.SIMPLIFIED: (None, 15),
    Procedure.SMALL_CLAIMS: (None, 7),
}


class SuspensionOrderError(RuleError):
    """The objection lies outside the period, or the ruling before the objection."""

    field = "objected_on"

    def __init__(self, *, set_until: date, objected_on: date, ruling_effective: date) -> None:
        super().__init__(
            _l(
                "管辖异议日 {objected_on} 应不晚于举证期限 {set_until}，"
                "且不晚于裁定生效日 {ruling_effective}。"
            ),
            basis=SUSPENDED,
            set_until=set_until,
            objected_on=objected_on,
            ruling_effective=ruling_effective,
        )


def evidence_period_in_order(
    procedure: Procedure, *, notified_on: date, set_until: date
) -> Derived[bool]:
    """Return whether the period the court set has the length the rules ask for.

    The date of the court stays in force either way; False is only worth a word to the court.

    Args:
        procedure: which limits apply.
        notified_on: day the notice was received, not counted.
        set_until: last day on the notice, inclusive.
    """
    days = (set_until - notified_on).days
    least, most = LIMITS[procedure]
    in_order = (least is None or days >= least) and (most is None or days <= most)
    wanted = f"不少于{least}日" if least is not None else f"不超过{most}日"
    return Derived(
        value=in_order,
        basis=(
            CIVIL_PROCEDURE_INTERPRETATION.at(99, rule="R-B10"),
            CIVIL_PROCEDURE_INTERPRETATION.at(266, rule="R-B10"),
            CIVIL_PROCEDURE_INTERPRETATION.at(275, rule="R-B10"),
            LENGTH,
        ),
        steps=(f"通知载明的举证期限为{days}日，应{wanted}；以通知书为准。",),
        edition=EVIDENCE_PROVISIONS.edition,
    )


def resumed_evidence_period(
    *, set_until: date, objected_on: date, ruling_effective: date
) -> Derived[date]:
    """Return the last day for evidence after an objection to jurisdiction was refused.

    The period stood still from the objection; the days left run on from the day the ruling took
    effect. A new date from the court replaces it (R-001).

    Raises:
        SuspensionOrderError: the dates are not in that order.
    """
    if not objected_on <= min(set_until, ruling_effective):
        raise SuspensionOrderError(
            set_until=set_until, objected_on=objected_on, ruling_effective=ruling_effective
        )
    left = (set_until - objected_on).days
    last = add_period(ruling_effective, left, Unit.DAY) if left else ruling_effective
    return Derived(
        value=last,
        basis=(SUSPENDED,),
        steps=(
            f"提出管辖异议时举证期限尚余{left}日。",
            f"自裁定生效日 {ruling_effective.isoformat()} 恢复计算，至 {last.isoformat()}。",
        ),
        edition=EVIDENCE_PROVISIONS.edition,
    )
