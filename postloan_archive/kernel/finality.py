"""When a judgment takes effect that nobody can appeal (R-A12)."""

from collections.abc import Sequence
from typing import Final

from postloan_archive.kernel.days import EffectiveDay, NobodyServedError, ServedOn
from postloan_archive.kernel.law import Confidence
from postloan_archive.kernel.statutes import CIVIL_PROCEDURE_LAW, HOUSE_RULE

FINAL_JUDGMENT: Final = CIVIL_PROCEDURE_LAW.at("第一百八十二条", rule="R-A12")
FINAL_SMALL_CLAIM: Final = CIVIL_PROCEDURE_LAW.at("第一百六十五条", rule="R-A12")
LAST_SERVICE: Final = HOUSE_RULE.at(
    "终审判决自最后一名当事人送达之日生效", rule="R-A12", confidence=Confidence.MEMORY
)


def final_effective(served: Sequence[ServedOn], *, small_claims: bool = False) -> EffectiveDay:
    """Return the day a judgment takes effect that nobody can appeal (R-A12).

    A judgment of the second instance, or of a small claim: the day the last party is served.

    Raises:
        NobodyServedError: `served` is empty.
    """
    if not served:
        raise NobodyServedError
    on = max(party.on for party in served)
    what = "小额诉讼判决一审终审" if small_claims else "第二审判决是终审判决"
    return EffectiveDay(
        on=on,
        provisional=False,
        last_appeal=None,
        basis=(FINAL_SMALL_CLAIM if small_claims else FINAL_JUDGMENT, LAST_SERVICE),
        steps=(f"{what}，自最后一名当事人送达之日 {on.isoformat()} 生效。",),
        edition=CIVIL_PROCEDURE_LAW.edition,
    )
