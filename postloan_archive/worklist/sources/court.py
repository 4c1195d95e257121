"""Deadlines that follow from the events of cases, and hearings."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

from postloan_archive.cases import periods
from postloan_archive.cases.models import Case, CaseEvent, PeriodDecision
from postloan_archive.cases.rules.deadlines import governing
from postloan_archive.cases.rules.events import LABELS, Event
from postloan_archive.cases.rules.periods.kinds import PeriodRule
from postloan_archive.kernel.clock import CHINA
from postloan_archive.kernel.law import Due
from postloan_archive.worklist.rules.computed import (
    COMPUTED,
    COURT_DOCUMENT,
    ENTERED,
    Computed,
    Ended,
    State,
)
from postloan_archive.worklist.rules.endings import Happened, ended_by
from postloan_archive.worklist.rules.kinds import kind_of
from postloan_archive.worklist.sources.as_of import AsOf
from postloan_archive.worklist.sources.facts import (
    LoanFile,
    first_ids,
    happened,
    standing_events,
)

COURT_DATE = "court_date"  # key of the facts of an event: the day that its paper states


def deadlines(file: LoanFile, at: AsOf) -> Iterator[Computed]:
    """Yield what we must do after each event of each case of a loan file."""
    for case in file.cases:
        firsts = first_ids(case)
        decided = {
            (firsts.get(row.event_id, row.event_id), row.rule, row.act): row
            for row in case.decisions  # in order: the newest stays
        }
        for event in standing_events(case):
            first = firsts[event.id]
            arrival = periods.served(case, event, at.calendar)
            day = arrival.legal if arrival else event.happened_on
            ours = [
                row
                for row in governing(Event(event.kind), day, periods.facts_of(case, event))
                if periods.is_ours(case, event, row.bound)
            ]
            for place, period in enumerate(ours):
                decision = decided.get((first, period.rule, period.act))
                stated = _stated(event, place, decision)
                computed = _after(file, case, _Asked(event, period, decision, stated), at)
                if computed is not None:
                    same = [row for row in ours if row.rule == period.rule]
                    key = f"case_event:{first}:{period.rule}:{same.index(period)}"
                    yield replace(computed, key=key)


@dataclass(frozen=True, slots=True)
class _Asked:
    """One row that an event governs, with what a paper or a person says about its day."""

    event: CaseEvent
    period: PeriodRule
    decision: PeriodDecision | None
    stated: date | None


def _stated(event: CaseEvent, place: int, decision: PeriodDecision | None) -> date | None:
    """Return the day that wins over ours: of a decision, else of the paper of the event.

    A paper that states one day states it for the first row that the event governs.
    """
    if decision is not None and decision.day is not None:
        return decision.day
    if event.kind == Event.HEARING and event.document_id is not None:
        return event.happened_on
    return stated_day(event.facts) if place == 0 else None


def _after(file: LoanFile, case: Case, asked: _Asked, at: AsOf) -> Computed | None:
    event, period, decision = asked.event, asked.period, asked.decision
    kind = Event(event.kind)
    arrival = periods.served(case, event, at.calendar)
    due = (
        period.due(event.happened_on, calendar=at.calendar, policy=at.policy)
        if arrival is None
        else period.due_after(arrival, calendar=at.calendar, policy=at.policy)
    )
    if due is None and asked.stated is None:
        return None  # only a paper of the court knows, and it has not come
    shown = due if asked.stated is None else _by_paper(asked.stated, due, period, at)
    assert shown is not None  # one of the two is there
    source = COMPUTED
    if asked.stated is not None:
        from_paper = decision is None or decision.document_id is not None
        source = COURT_DOCUMENT if from_paper else ENTERED
    this = Happened(event=kind, on=event.happened_on, document_id=event.document_id)
    where = _number_of(case, event)
    return Computed(
        key="",
        kind=kind_of(kind),
        rule=period.rule,
        subject=f"case_event:{event.id}",
        title=f"开庭 {event.note}".rstrip() if kind is Event.HEARING else period.act,
        due=shown,
        trigger=f"{LABELS[kind]} · {where}" if where else LABELS[kind],
        trigger_on=event.happened_on,
        proof_document_id=(decision and decision.document_id) or event.document_id,
        case_id=case.id,
        source=source,
        computed_legal=due.legal if due is not None and due.legal != shown.legal else None,
        at=event.happened_at if kind is Event.HEARING else None,
        owner=case.owner or file.owner,
        ended=_closed(case)
        or _refused(decision)
        or ended_by(this, happened(case), period, shown, at.day),
    )


def _refused(decision: PeriodDecision | None) -> Ended | None:
    if decision is None or decision.verdict != "refused":
        return None
    return Ended(
        state=State.STRUCK,
        on=decision.decided_at.astimezone(CHINA).date(),
        why=f"{decision.decided_by} 不采用该期限：{decision.reason}",
    )


def _number_of(case: Case, event: CaseEvent) -> str:
    found = (row.court_case_no for row in case.procedures if row.id == event.procedure_id)
    return next(found, None) or ""


def stated_day(facts: Mapping[str, object]) -> date | None:
    """Return the last day that the paper of the court states, as the event keeps it."""
    text = facts.get(COURT_DATE)
    try:
        return date.fromisoformat(text) if isinstance(text, str) and text else None
    except ValueError:
        return None


def _by_paper(day: date, ours: Due | None, period: PeriodRule, at: AsOf) -> Due:
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
        safe=day if plain else at.calendar.safe_day(day),
        provisional=False,
        basis=period.basis,
        steps=tuple(steps),
        edition=period.edition,
        calendar_edition=at.calendar.edition,
    )


def _closed(case: Case) -> Ended | None:
    if case.closed_on is None:
        return None
    return Ended(
        state=State.STRUCK,
        on=case.closed_on,
        why=f"案件已于 {case.closed_on.isoformat()} 结案。",
    )
