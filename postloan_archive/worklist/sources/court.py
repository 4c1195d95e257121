"""Deadlines that follow from the events of cases, and hearings."""

from collections.abc import Iterator, Mapping
from datetime import date

from postloan_archive.cases.models import Case, CaseEvent
from postloan_archive.cases.rules.deadlines import governing
from postloan_archive.cases.rules.events import LABELS, Bound, Event, Fact
from postloan_archive.cases.rules.periods.kinds import PeriodRule
from postloan_archive.kernel.calendar import WorkCalendar
from postloan_archive.kernel.law import Due
from postloan_archive.worklist.rules.computed import (
    COMPUTED,
    COURT_DOCUMENT,
    Computed,
    Ended,
    State,
)
from postloan_archive.worklist.rules.endings import ended_by
from postloan_archive.worklist.rules.kinds import kind_of
from postloan_archive.worklist.sources.facts import (
    LoanFile,
    first_ids,
    happened,
    standing_events,
)

OURS = frozenset({Bound.OWN, Bound.BOTH})
COURT_DATE = "court_date"  # key of the facts of an event: the day that its paper states


def deadlines(file: LoanFile, *, today: date, calendar: WorkCalendar) -> Iterator[Computed]:
    """Yield what we must do after each event of each case of a loan file."""
    for case in file.cases:
        firsts = first_ids(case)
        for event in standing_events(case):
            yield from _after(
                file, case, event, firsts[event.id], today=today, calendar=calendar
            )


def _after(
    file: LoanFile,
    case: Case,
    event: CaseEvent,
    first_id: int,
    *,
    today: date,
    calendar: WorkCalendar,
) -> Iterator[Computed]:
    kind = Event(event.kind)
    procedures = {row.id: row for row in case.procedures}
    procedure = procedures.get(event.procedure_id or 0)
    where = (procedure.court_case_no or "") if procedure else ""
    facts = facts_of(case, event)
    ours = [row for row in governing(kind, event.happened_on, facts) if row.bound in OURS]
    stated = stated_day(event.facts)
    others = happened(case)
    this = next(one for one in others if one.event is kind and one.on == event.happened_on)
    for at, period in enumerate(ours):
        due = period.due(event.happened_on, calendar=calendar)
        # A paper that states one day states it for the first row that the event governs.
        court = stated if at == 0 else None
        if kind is Event.HEARING and event.document_id is not None:
            court = event.happened_on
        if due is None and court is None:
            continue
        shown = due if court is None else _by_court(court, due, period, calendar)
        assert shown is not None  # one of the two is there
        differs = court is not None and due is not None and due.legal != court
        ended = _closed(case) or ended_by(this, others, period, shown, today)
        yield Computed(
            key=f"case_event:{first_id}:{period.rule}:{_slug(period, ours)}",
            kind=kind_of(kind),
            rule=period.rule,
            subject=f"case_event:{event.id}",
            title=_title(period, event),
            due=shown,
            trigger=f"{LABELS[kind]} · {where}" if where else LABELS[kind],
            trigger_on=event.happened_on,
            proof_document_id=event.document_id,
            case_id=case.id,
            source=COMPUTED if court is None else COURT_DOCUMENT,
            computed_legal=due.legal if differs and due is not None else None,
            at=event.happened_at if kind is Event.HEARING else None,
            owner=case.owner or file.owner,
            ended=ended,
        )


def facts_of(case: Case, event: CaseEvent) -> frozenset[Fact]:
    """Return what is known of the case and of the party that the event concerns."""
    known = {
        Fact(name) for name in Fact if event.facts.get(str(name)) or case.facts.get(str(name))
    }
    party = next((row for row in case.parties if row.id == event.party_id), None)
    if party is not None and party.abroad:
        known.add(Fact.ABROAD)
    procedure = next((row for row in case.procedures if row.id == event.procedure_id), None)
    if procedure is not None and procedure.kind == "second":
        known.add(Fact.SECOND_INSTANCE)
    return frozenset(known)


def stated_day(facts: Mapping[str, object]) -> date | None:
    """Return the last day that the paper of the court states, as the event keeps it."""
    text = facts.get(COURT_DATE)
    try:
        return date.fromisoformat(text) if isinstance(text, str) and text else None
    except ValueError:
        return None


def _by_court(day: date, ours: Due | None, period: PeriodRule, calendar: WorkCalendar) -> Due:
    """Return the day of the paper; it wins over ours, which stays in the derivation (R-001)."""
    steps = [f"法院文书载明 {day.isoformat()}，以文书为准。"]
    if ours is not None:
        steps += [*ours.steps]
        if ours.legal != day:
            steps.append(f"推算为 {ours.legal.isoformat()}，与文书不一致，请核对。")
    plain = ours is not None and ours.safe == ours.legal == ours.nominal
    return Due(
        nominal=day,
        legal=day,
        safe=day if plain else calendar.safe_day(day),
        provisional=False,
        basis=period.basis,
        steps=tuple(steps),
        edition=period.edition,
        calendar_edition=calendar.edition,
    )


def _closed(case: Case) -> Ended | None:
    if case.closed_on is None:
        return None
    return Ended(
        state=State.STRUCK,
        on=case.closed_on,
        why=f"案件已于 {case.closed_on.isoformat()} 结案。",
    )


def _slug(period: PeriodRule, ours: list[PeriodRule]) -> int:
    """Return the place among the rows of the same rule: one event may have two of a rule."""
    same = [row for row in ours if row.rule == period.rule]
    return same.index(period)


def _title(period: PeriodRule, event: CaseEvent) -> str:
    if event.kind == Event.HEARING:
        return f"开庭 {event.note}".rstrip()
    return period.act
