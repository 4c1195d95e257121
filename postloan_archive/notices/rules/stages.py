"""The plan of the letters: the stages of a loan and the letter each calls for (R-H01, [M]).

The days are the deterministic default; the bank sets its own, with a reason on record.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from postloan_archive.kernel.errors import _l
from postloan_archive.notices.rules.triggers import (
    DUE_NOTICE_DAYS,
    FIRM_DEMAND_FROM,
    LAWYER_LETTER_FROM,
    WITHIN_DAYS,
    Event,
)

GUARANTOR_NOTICE: Final = "N04"
FIRM_DEMAND: Final = "N05"
DEMAND: Final = "N02"


class Trigger(StrEnum):
    """What a stage waits for."""

    BEFORE_DUE = "before_due"
    OVERDUE = "overdue"
    LIMITATION = "limitation"
    GUARANTEE = "guarantee"
    NO_WORD = "no_word"
    UNREACHABLE = "unreachable"
    SETTLED = "settled"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """One line of the plan.

    Attributes:
        key: its name in the code and in addresses.
        days: before the due date or the end of a period, after it became overdue, or without
            word since it was sent; for `UNREACHABLE` how many letters came back.
        kind: the letter to the borrower; empty where the stage gives it by itself.
        guarantors: each joint guarantor gets N04 as well.
        active: the plan uses it.
    """

    key: str
    label: str
    trigger: Trigger
    days: int
    kind: str = ""
    guarantors: bool = False
    active: bool = True


STANDARD_PLAN: Final = (
    Stage(
        key="due",
        label=_l("到期前提示"),
        trigger=Trigger.BEFORE_DUE,
        days=DUE_NOTICE_DAYS,
        kind="N01",
    ),
    Stage(
        key="first",
        label=_l("首次催收"),
        trigger=Trigger.OVERDUE,
        days=1,
        kind=DEMAND,
        guarantors=True,
    ),
    Stage(
        key="second",
        label=_l("第二次催收"),
        trigger=Trigger.OVERDUE,
        days=30,
        kind=DEMAND,
        guarantors=True,
    ),
    Stage(
        key="third",
        label=_l("第三次催收（催款函）"),
        trigger=Trigger.OVERDUE,
        days=FIRM_DEMAND_FROM,
        kind=FIRM_DEMAND,
        guarantors=True,
    ),
    Stage(
        key="fourth",
        label=_l("逾期九十日催款函"),
        trigger=Trigger.OVERDUE,
        days=LAWYER_LETTER_FROM,
        kind=FIRM_DEMAND,
        guarantors=True,
    ),
    Stage(
        key="lawyer",
        label=_l("律师函"),
        trigger=Trigger.OVERDUE,
        days=LAWYER_LETTER_FROM,
        kind="N06",
    ),
    Stage(
        key="limitation",
        label=_l("时效将届"),
        trigger=Trigger.LIMITATION,
        days=WITHIN_DAYS[Event.LIMITATION_ENDS_IN_DAYS],
        kind=DEMAND,
    ),
    Stage(
        key="guarantee",
        label=_l("保证期间将届"),
        trigger=Trigger.GUARANTEE,
        days=WITHIN_DAYS[Event.GUARANTEE_PERIOD_ENDS_IN_DAYS],
    ),
    Stage(key="no_word", label=_l("寄出无回执"), trigger=Trigger.NO_WORD, days=15),
    Stage(
        key="unreachable",
        label=_l("债务人下落不明"),
        trigger=Trigger.UNREACHABLE,
        days=2,
        kind="N09",
    ),
    Stage(key="settled", label=_l("结清"), trigger=Trigger.SETTLED, days=0, kind="N13"),
    Stage(
        key="extra_1",
        label=_l("自定阶段一"),
        trigger=Trigger.OVERDUE,
        days=120,
        kind=FIRM_DEMAND,
        active=False,
    ),
    Stage(
        key="extra_2",
        label=_l("自定阶段二"),
        trigger=Trigger.OVERDUE,
        days=180,
        kind=FIRM_DEMAND,
        active=False,
    ),
)
MOST_DAYS: Final = 3650
KINDS_OF: Final[dict[Trigger, tuple[str, ...]]] = {  # what a stage may ask for; () : fixed
    Trigger.BEFORE_DUE: (),
    Trigger.OVERDUE: (DEMAND, FIRM_DEMAND, "N06"),
    Trigger.LIMITATION: (DEMAND, FIRM_DEMAND),
    Trigger.GUARANTEE: (),
    Trigger.NO_WORD: (),
    Trigger.UNREACHABLE: (),
    Trigger.SETTLED: (),
}
