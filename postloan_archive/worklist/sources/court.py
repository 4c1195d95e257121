"""Deadlines that follow from the events of cases, and hearings."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from postloan_archive.cases import periods
from postloan_archive.cases.models import Case, CaseEvent, PeriodDecision
from postloan_archive.cases.periods import Following
from postloan_archive.cases.rules.events import LABELS, Event
from postloan_archive.cases.rules.periods.kinds import PeriodRule
from postloan_archive.kernel.clock import CHINA
from postloan_archive.kernel.errors import RuleError
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


def deadlines(file: LoanFile, at: AsOf) -> Iterator[Computed]:
    """Yield what we must do after each event of each case that a loan leads."""
    for case in file.cases:
        if case.loan_id != file.loan_id:
            continue  # one act answers for all loans of the case
        firsts = first_ids(case)
        for event in standing_events(case):
            ours = [one for one in _follows(case, event, at) if one.ours]
            for one in ours:
                computed = _after(file, case, one, at)
                if computed is not None:
                    same = [row.period for row in ours if row.period.rule == one.period.rule]
                    place = same.index(one.period)
                    key = f"case_event:{firsts[event.id]}:{one.period.rule}:{place}"
                    yield replace(computed, key=key)


def _follows(case: Case, event: CaseEvent, at: AsOf) -> list[Following]:
    """Return what follows from an event; nothing where the rules refuse it (R-A18)."""
    try:
        return list(periods.follows(case, event, calendar=at.calendar, policy=at.policy))
    except RuleError:
        return []


def _after(file: LoanFile, case: Case, one: Following, at: AsOf) -> Computed | None:
    event, period, decision, due = one.event, one.period, one.decision, one.due
    kind = Event(event.kind)
    stated = one.stated
    if kind is Event.HEARING and stated is None and event.document_id is not None:
        stated = event.happened_on  # the summons states it
    if due is None and stated is None:
        return None  # only a paper of the court knows, and it has not come
    shown = due if stated is None else _by_paper(stated, due, period, at)
    assert shown is not None  # one of the two is there
    on = periods.trigger_day(case, event, at.calendar)
    this = Happened(event=kind, on=on, document_id=event.document_id)
    where = _number_of(case, event)
    return Computed(
        key="",
        kind=kind_of(kind),
        rule=period.rule,
        subject=f"case_event:{event.id}",
        title=f"开庭 {event.note}".rstrip() if kind is Event.HEARING else period.act,
        due=shown,
        trigger=f"{LABELS[kind]} · {where}" if where else LABELS[kind],
        trigger_on=on,
        proof_document_id=(decision and decision.document_id) or event.document_id,
        case_id=case.id,
        source=_source(stated, decision),
        computed_legal=due.legal if due is not None and due.legal != shown.legal else None,
        at=event.happened_at if kind is Event.HEARING else None,
        owner=case.owner or file.owner,
        ended=_closed(case)
        or _refused(decision)
        or ended_by(this, happened(case), period, shown, at.day),
    )


def _source(stated: date | None, decision: PeriodDecision | None) -> str:
    """Return where the day comes from; a correction without a paper is only entered."""
    if stated is None:
        return COMPUTED
    by_hand = decision is not None and decision.day is not None and decision.document_id is None
    return ENTERED if by_hand else COURT_DOCUMENT


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


def _refused(decision: PeriodDecision | None) -> Ended | None:
    if decision is None or decision.verdict != "refused":
        return None
    return Ended(
        state=State.STRUCK,
        on=decision.decided_at.astimezone(CHINA).date(),
        why=f"{decision.decided_by} 不采用该期限：{decision.reason}",
    )


def _closed(case: Case) -> Ended | None:
    if case.closed_on is None:
        return None
    return Ended(
        state=State.STRUCK,
        on=case.closed_on,
        why=f"案件已于 {case.closed_on.isoformat()} 结案。",
    )


def _number_of(case: Case, event: CaseEvent) -> str:
    found = (row.court_case_no for row in case.procedures if row.id == event.procedure_id)
    return next(found, None) or ""
