"""Which act on record meets a period of ours: nobody is reminded of what is done."""

from typing import Final

from postloan_archive.cases.rules.events import Event

APPEALED: Final = frozenset({Event.JUDGMENT_SERVED, Event.RULING_SERVED})
MET_BY: Final[dict[Event, frozenset[Event]]] = {
    Event.PRELITIGATION_MEASURE: frozenset({Event.COMPLAINT_RECEIVED, Event.DOCKETED}),
    Event.HEARING: frozenset({Event.HEARING_OVER, Event.DEBATE_ENDS}),
    Event.JUDGMENT_SERVED: frozenset({Event.APPEAL_FILED}),
    Event.RULING_SERVED: frozenset({Event.APPEAL_FILED}),
    Event.APPEAL_FEE_NOTICE: frozenset({Event.APPEAL_DOCKETED}),
    Event.PERFORMANCE_PERIOD_OVER: frozenset(
        {Event.ENFORCEMENT_APPLIED, Event.ENFORCEMENT_DOCKETED}
    ),
    Event.SETTLEMENT_PERIOD_OVER: frozenset(
        {Event.ENFORCEMENT_APPLIED, Event.ENFORCEMENT_DOCKETED}
    ),
}
"""The act itself, by the event that asked for it."""
