"""Which later events of a case end a deadline: the act is on record, or the case went on."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from postloan_archive.cases.rules.events import LABELS, Event
from postloan_archive.cases.rules.met import APPEALED, MET_BY
from postloan_archive.cases.rules.periods.kinds import Counting, PeriodRule
from postloan_archive.kernel.law import Due
from postloan_archive.worklist.rules.computed import Ended, State

LAPSED_DAYS: Final = 30  # an option that nobody took leaves the board so long after its end

PHASES: Final[tuple[frozenset[Event], ...]] = (  # a later one shows that the earlier is over
    frozenset(
        {
            Event.COMPLAINT_RECEIVED,
            Event.CORRECTION_NOTICE,
            Event.FEE_NOTICE,
            Event.MEDIATION_ASSIGNED,
            Event.MEDIATION_ENTRUSTED,
        }
    ),
    frozenset(
        {
            Event.DOCKETED,
            Event.COMPLAINT_SERVED,
            Event.DEFENCE_RECEIVED,
            Event.FEE_TOP_UP_NOTICE,
            Event.EVIDENCE_NOTICE,
            Event.EVIDENCE_PERIOD_ENDS,
            Event.JURISDICTION_OBJECTION,
            Event.HEARING,
            Event.HEARING_OVER,
            Event.DEBATE_ENDS,
            Event.PRONOUNCEMENT,
        }
    ),
    frozenset({Event.JUDGMENT_SERVED}),
    frozenset(
        {
            Event.APPEAL_FILED,
            Event.APPEAL_FEE_NOTICE,
            Event.APPEAL_SERVED,
            Event.APPEAL_DEFENCE_RECEIVED,
            Event.APPEAL_DOCKETED,
        }
    ),
    frozenset({Event.EFFECTIVE, Event.ENFORCEMENT_DOCKETED, Event.ENFORCEMENT_APPLIED}),
)

APPEALS: Final = 3  # the place of the appeal above

OPTIONS: Final = frozenset(  # rights that one may leave alone; a duty stays until it is met
    {
        "R-B11",
        "R-B17",
        "R-B18",
        "R-B19",
        "R-B31",
        "R-B32",
        "R-B34",
        "R-B37",
        "R-B39",
        "R-B40",
        "R-B41",
        "R-B42",
        "R-B43",
        "R-B45",
        "R-B47",
        "R-B48",
        "R-B52",
        "R-B54",
        "R-B61",
        "R-B63",
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Happened:
    """An event of a case that was not struck; `by_other`: the other side did it."""

    event: Event
    on: date
    document_id: int | None = None
    by_other: bool = False


def ended_by(
    trigger: Happened, later: Iterable[Happened], period: PeriodRule, due: Due, today: date
) -> Ended | None:
    """Return what ended the deadline that follows from `trigger`, None while it runs.

    Args:
        trigger: the event that started it.
        later: every event of the case, in any order.
        period: the row of the table of periods.
        due: the computed days.
        today: the day to look from.
    """
    known = sorted(later, key=lambda one: one.on)
    acts = MET_BY.get(trigger.event, frozenset())
    for one in known:
        if one.event in acts and one.on >= trigger.on and not one.by_other:
            return Ended(
                state=State.DONE,
                on=one.on,
                why=f"{one.on.isoformat()} {LABELS[one.event]}。",
                document_id=one.document_id,
            )
    phase = phase_of(trigger.event)
    for one in known:
        after = phase_of(one.event)
        if trigger.event in APPEALED and one.on <= due.legal and after == APPEALS:
            continue  # the other side's appeal takes nothing from our own right
        if phase is not None and after is not None and after > phase and one.on > trigger.on:
            return Ended(
                state=State.STRUCK,
                on=one.on,
                why=f"案件已进入后续程序：{one.on.isoformat()} {LABELS[one.event]}。",
            )
    gone = due.legal + timedelta(days=LAPSED_DAYS)
    optional = period.rule in OPTIONS or period.counting is Counting.OPENS
    if optional and today > gone:
        return Ended(
            state=State.STRUCK,
            on=gone,
            why=f"期间于 {due.legal.isoformat()} 届满，没有行使的记录。",
        )
    return None


def phase_of(event: Event) -> int | None:
    """Return the place of the event in the course of a suit, None where it has none."""
    return next((at for at, events in enumerate(PHASES) if event in events), None)
