"""What follows from the events of a case: each period with its party, its day, the decision.

The day of a court's paper wins (R-001); a decision stays with its event through corrections.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from postloan_archive.cases.models import Case, CaseEvent, Party, PeriodDecision
from postloan_archive.cases.rules.deadlines import governing
from postloan_archive.cases.rules.docket import Past
from postloan_archive.cases.rules.events import Bound, Event, Fact
from postloan_archive.cases.rules.met import MET_BY
from postloan_archive.cases.rules.order import HOME
from postloan_archive.cases.rules.periods.kinds import PeriodRule
from postloan_archive.cases.rules.service import ServiceMode, served_on
from postloan_archive.kernel.calendar import WorkCalendar
from postloan_archive.kernel.days import (
    EffectiveDay,
    ServedOn,
    judgment_effective,
)
from postloan_archive.kernel.finality import final_effective
from postloan_archive.kernel.law import Due
from postloan_archive.kernel.policy import STANDARD_POLICY, LawPolicy

MODE: Final = "mode"  # key of the facts of an event: how it was served
COURT_DATE: Final = "court_date"  # the last day that its paper states, for our first period
COMPUTED_MODES: Final = frozenset({ServiceMode.PUBLIC_NOTICE, ServiceMode.MAIL_ABROAD})
TRACKS: Final = {"simplified": Fact.SIMPLIFIED, "small_claims": Fact.SMALL_CLAIMS}
PLAINTIFF: Final = "plaintiff"
FIRST: Final = "first"


@dataclass(frozen=True, slots=True, kw_only=True)
class Following:
    """One period that follows from an event.

    Attributes:
        event: what started it.
        party: on whom it was served, None where the event has no party.
        period: the row of the table.
        due: what the rules say; None where only a paper of the court knows.
        ours: we must act, or the right is ours.
        decision: what a person said about it, the newest.
        stated: the day of a paper or of a correction; it wins.
    """

    event: CaseEvent
    party: Party | None
    period: PeriodRule
    due: Due | None
    ours: bool
    decision: PeriodDecision | None
    stated: date | None

    @property
    def day(self) -> date | None:
        """Return the day that counts."""
        return self.stated or (self.due.legal if self.due else None)

    @property
    def refused(self) -> bool:
        """Return whether a person has said that the period does not apply."""
        return self.decision is not None and self.decision.verdict == "refused"

    @property
    def differs(self) -> bool:
        """Return whether the paper says another day than the rules."""
        return (
            self.stated is not None and self.due is not None and (self.stated != self.due.legal)
        )

    @property
    def open(self) -> bool:
        """Return whether a person has still to say yes or no."""
        return self.decision is None and self.period.bound in {
            Bound.OWN,
            Bound.OTHER,
            Bound.BOTH,
        }

    @property
    def key(self) -> tuple[str, str, int | None]:
        """Return what names the period within its event."""
        return self.period.rule, self.period.act, self.party.id if self.party else None


def standing(case: Case) -> list[CaseEvent]:
    """Return the events of known kinds that are not struck, oldest first."""
    kinds = set(Event)
    return [row for row in case.events if not row.struck_reason and row.kind in kinds]


def history_of(case: Case, *, without: CaseEvent | None = None) -> list[Past]:
    """Return the standing events as the rules of the docket take them."""
    return [
        Past(
            kind=Event(row.kind),
            on=row.happened_on,
            procedure_id=home_of(case, Event(row.kind), row.procedure_id),
            party_id=row.party_id,
        )
        for row in standing(case)
        if row is not without
    ]


def home_of(case: Case, kind: Event, procedure_id: int | None) -> int | None:
    """Return the procedure of an event; where nobody named one, the only one it can be of."""
    if procedure_id is not None or kind not in HOME:
        return procedure_id
    fitting = [row.id for row in case.procedures if row.kind == HOME[kind]]
    return fitting[0] if len(fitting) == 1 else None


def facts_of(case: Case, event: CaseEvent) -> frozenset[Fact]:
    """Return what is known of the case, the procedure and the party of an event."""
    known = {Fact(name) for name in Fact if event.facts.get(str(name))}
    known |= {Fact(name) for name in Fact if case.facts.get(str(name))}
    party = party_of(case, event)
    if party is not None and party.abroad:
        known.add(Fact.ABROAD)
    for procedure in case.procedures:
        if procedure.id == event.procedure_id:
            known |= {TRACKS[procedure.track]} if procedure.track in TRACKS else set()
            known |= {Fact.SECOND_INSTANCE} if procedure.kind == "second" else set()
    return frozenset(known)


def party_of(case: Case, event: CaseEvent) -> Party | None:
    """Return the party that an event concerns."""
    return next((row for row in case.parties if row.id == event.party_id), None)


def served(case: Case, event: CaseEvent, calendar: WorkCalendar) -> Due | None:
    """Return when a paper counts as served where that is not the day of the event itself.

    Raises:
        SimplifiedNoticeError: public notice in a simplified case (R-A18).
    """
    mode = event.facts.get(MODE)
    if mode not in COMPUTED_MODES:
        return None
    return served_on(
        ServiceMode(mode), event.happened_on, facts_of(case, event), calendar=calendar
    )


def trigger_day(case: Case, event: CaseEvent, calendar: WorkCalendar) -> date:
    """Return the day from which the periods of an event run."""
    due = served(case, event, calendar)
    return due.legal if due else event.happened_on


def by_other(case: Case, event: CaseEvent) -> bool:
    """Return whether the other side did it: an appeal has a party, and it is not us."""
    party = party_of(case, event)
    return event.kind == Event.APPEAL_FILED and party is not None and party.role != PLAINTIFF


def met_by(case: Case, event: CaseEvent) -> CaseEvent | None:
    """Return the act of ours on record that an event asked for, the first; None: not yet."""
    acts = MET_BY.get(Event(event.kind), frozenset()) if event.kind in set(Event) else ()
    return next(
        (
            row
            for row in standing(case)
            if row.kind in acts
            and row.happened_on >= event.happened_on
            and not by_other(case, row)
        ),
        None,
    )


def is_ours(case: Case, event: CaseEvent, bound: Bound) -> bool:
    """Return whether the period is ours: what binds both belongs to the party served."""
    if bound is Bound.OWN:
        return True
    party = party_of(case, event)
    return bound is Bound.BOTH and (party is None or party.role == PLAINTIFF)


def follows(
    case: Case,
    event: CaseEvent,
    *,
    calendar: WorkCalendar,
    policy: LawPolicy = STANDARD_POLICY,
) -> Iterator[Following]:
    """Yield what follows from one event, in the order of the tables; nothing if struck."""
    if event.struck_reason or event.kind not in set(Event):
        return
    arrival = served(case, event, calendar)
    day = arrival.legal if arrival else event.happened_on
    rows = governing(Event(event.kind), day, facts_of(case, event))
    decided = _decisions(case) if case.decisions else {}
    first = _first_ids(case)[event.id] if decided else 0
    stated_for_first = True
    for period in rows:
        if arrival is None:
            due = period.due(day, calendar=calendar, policy=policy)
        else:
            due = period.due_after(arrival, calendar=calendar, policy=policy)
            due = due and replace(due, steps=_after_service(arrival, day, due.steps))
        ours = is_ours(case, event, period.bound)
        party = party_of(case, event)
        decision = decided.get((first, period.rule, period.act))
        stated = decision.day if decision is not None else None
        if ours and stated_for_first:
            stated = stated or court_date(event)
            stated_for_first = False
        yield Following(
            event=event,
            party=party,
            period=period,
            due=due,
            ours=ours,
            decision=decision,
            stated=stated,
        )


def _after_service(arrival: Due, on: date, steps: tuple[str, ...]) -> tuple[str, ...]:
    """Return the derivation with that of the service in front, once."""
    twice = steps[: len(arrival.steps)] == arrival.steps
    rest = steps[len(arrival.steps) :] if twice else steps
    return (*arrival.steps, f"{on.isoformat()} 视为送达。", *rest)


def all_follows(
    case: Case, *, calendar: WorkCalendar, policy: LawPolicy = STANDARD_POLICY
) -> list[Following]:
    """Return what follows from every event of the case, oldest event first."""
    return [
        one
        for event in standing(case)
        for one in follows(case, event, calendar=calendar, policy=policy)
    ]


def court_date(event: CaseEvent) -> date | None:
    """Return the last day that the paper of an event states."""
    text = event.facts.get(COURT_DATE)
    return date.fromisoformat(text) if isinstance(text, str) and text else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """When the judgment takes effect, that of the first instance if nobody appeals (R-A12).

    `unserved` are the parties without a service on record; the day is open until all are.
    """

    day: EffectiveDay
    unserved: tuple[Party, ...]


def effect_of(
    case: Case, calendar: WorkCalendar, events: Sequence[CaseEvent] | None = None
) -> Effect | None:
    """Return the effect of the judgment that stands; None where nothing is served.

    A judgment of the second instance takes the place of the first one; while an appeal is
    pending, and once the effect itself is on record, there is nothing to compute.

    Args:
        case: the case.
        calendar: the working days known.
        events: what happened; those on record unless given.
    """
    events = standing(case) if events is None else events
    kinds = {row.kind for row in events}
    if Event.EFFECTIVE in kinds:
        return None
    judged = [row for row in events if row.kind == Event.JUDGMENT_SERVED]
    second = [row for row in judged if Fact.SECOND_INSTANCE in facts_of(case, row)]
    if not second and kinds & {Event.APPEAL_FILED, Event.APPEAL_DOCKETED}:
        return None
    rows = second or judged
    if not rows:
        return None
    days = [
        ServedOn(on=trigger_day(case, row, calendar), abroad=Fact.ABROAD in facts_of(case, row))
        for row in rows
    ]
    small = any(Fact.SMALL_CLAIMS in facts_of(case, row) for row in rows)
    reached = {row.party_id for row in rows}
    return Effect(
        day=final_effective(days, small_claims=not second)
        if second or small
        else judgment_effective(days, calendar=calendar),
        unserved=tuple(row for row in case.parties if row.id not in reached),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """What the correction of an event does to one period; None: there was or is none."""

    act: str
    rule: str
    before: date | None
    after: date | None
    stays: bool  # a paper of the court holds it


def moves(
    case: Case,
    event: CaseEvent,
    corrected: CaseEvent,
    *,
    calendar: WorkCalendar,
    policy: LawPolicy = STANDARD_POLICY,
) -> list[Moved]:
    """Return what moves when `corrected` takes the place of `event`; nothing is stored.

    Args:
        case: the case.
        event: what stands there.
        corrected: the same event with other days, with the id of the first so that decisions
            are found.
        calendar: the working days known.
        policy: the settings of the bank.
    """
    before = {one.key: one for one in follows(case, event, calendar=calendar, policy=policy)}
    after = {one.key: one for one in follows(case, corrected, calendar=calendar, policy=policy)}
    found = []
    for key in dict.fromkeys([*before, *after]):
        was, now = before.get(key), after.get(key)
        one = now or was
        assert one is not None  # the key is of one of the two
        days = (was.day if was else None, now.day if now else None)
        if days != (None, None):
            found.append(
                Moved(
                    act=one.period.act,
                    rule=one.period.rule,
                    before=days[0],
                    after=days[1],
                    stays=now is not None and now.stated is not None,
                )
            )
    return [*found, *_effect_moves(case, event, corrected, calendar)]


def _effect_moves(
    case: Case, event: CaseEvent, corrected: CaseEvent, calendar: WorkCalendar
) -> Iterator[Moved]:
    """Yield what becomes of the day on which the judgment takes effect."""
    then = [corrected if row is event else row for row in standing(case)]
    was, now = effect_of(case, calendar), effect_of(case, calendar, then)
    if event.kind == Event.JUDGMENT_SERVED and was is not None and now is not None:
        yield Moved(
            act="判决生效（无人上诉的）",
            rule="R-A12",
            before=was.day.on,
            after=now.day.on,
            stays=False,
        )


def _decisions(case: Case) -> dict[tuple[int, str, str], PeriodDecision]:
    firsts = _first_ids(case)
    return {  # in order: the newest stays
        (firsts.get(row.event_id, row.event_id), row.rule, row.act): row
        for row in case.decisions
    }


def _first_ids(case: Case) -> dict[int, int]:
    """Return for each event the id of the first one that it corrects, over any steps."""
    before = {row.replaced_by: row.id for row in case.events if row.replaced_by}
    found = {}
    for row in case.events:
        first = row.id
        while first in before:
            first = before[first]
        found[row.id] = first
    return found
