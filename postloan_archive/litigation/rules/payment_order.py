"""When a payment order is inadmissible (R-H06)."""

from dataclasses import dataclass
from typing import Final

from postloan_archive.kernel.law import Derived
from postloan_archive.kernel.statutes import CIVIL_PROCEDURE_INTERPRETATION, CIVIL_PROCEDURE_LAW

PAYMENT_ORDER: Final = CIVIL_PROCEDURE_LAW.at("第二百二十五条", rule="R-H06")
INADMISSIBLE: Final = CIVIL_PROCEDURE_INTERPRETATION.at("第四百二十七条", rule="R-H06")

REASONS: Final = {
    "amount_fixed": "金额不确定",
    "due": "债务未到期",
    "debtor_missing": "债务人下落不明",
    "pre_litigation_preservation": "已申请诉前保全",
    "counter_obligation": "债权人负有对待给付义务",
    "other_dispute": "当事人之间有其他债务纠纷",
    "debtor_in_china": "债务人不在我国境内",
    "deliverable": "支付令不能送达",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Admissibility:
    """Whether the application is admissible, and the members that forbid it."""

    admissible: bool
    reasons: tuple[str, ...]


def payment_order_admissible(
    *,
    amount_fixed: bool,
    due: bool,
    debtor_missing: bool,
    pre_litigation_preservation: bool,
    counter_obligation: bool = False,
    other_dispute: bool = False,
    debtor_in_china: bool = True,
    deliverable: bool = True,
) -> Derived[Admissibility]:
    """Return whether a payment order may be asked for, with every obstacle (R-H06)."""
    forbids = {
        "amount_fixed": not amount_fixed,
        "due": not due,
        "debtor_missing": debtor_missing,
        "pre_litigation_preservation": pre_litigation_preservation,
        "counter_obligation": counter_obligation,
        "other_dispute": other_dispute,
        "debtor_in_china": not debtor_in_china,
        "deliverable": not deliverable,
    }
    reasons = tuple(name for name, forbidden in forbids.items() if forbidden)
    steps = tuple(REASONS[name] for name in reasons) or ("没有不予受理的事由",)
    return Derived(
        value=Admissibility(admissible=not reasons, reasons=reasons),
        basis=(PAYMENT_ORDER, INADMISSIBLE),
        steps=steps,
    )
