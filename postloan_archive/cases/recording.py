"""What a user does with a docket: strike, correct, keep procedures and parties.

Nothing is deleted: what was wrong stays, struck, with the reason and what took its place.
"""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from postloan_archive.cases import cautions, keeping, periods, queries
from postloan_archive.cases.errors import (
    CourtNumberTakenError,
    NothingChangedError,
    PartyNameError,
    ProcedureDaysError,
    ReasonMissingError,
    UnknownProcedureError,
    UnknownServiceModeError,
)
from postloan_archive.cases.models import (
    Case,
    CaseEvent,
    Party,
    Procedure,
    ProcedureParty,
)
from postloan_archive.cases.periods import Moved
from postloan_archive.cases.rules.docket import (
    FutureEventError,
    check_event,
    check_stated,
    check_strike,
)
from postloan_archive.cases.rules.events import Event
from postloan_archive.cases.rules.service import ServiceMode
from postloan_archive.cases.rules.steps import PROCEDURE_KINDS
from postloan_archive.cases.service import (
    NOTE_LABEL,
    canonical_number,
    check_paper,
    event_facts,
)
from postloan_archive.policy.queries import load_policy
from postloan_archive.uow import UnitOfWork
from postloan_archive.workdays.service import load_calendar


@dataclass(frozen=True, slots=True, kw_only=True)
class StrikeEvent:
    """An event that never was."""

    case_no: str
    event_id: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectEvent:
    """What the paper of an event really says; None and "" leave nothing, they are values."""

    case_no: str
    event_id: int
    happened_on: date
    reason: str
    document_id: int | None = None
    mode: str = ""
    court_date: date | None = None
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class KeepProcedure:
    """A procedure as the court names it; `procedure_id` None: a new one.

    `titles` says by party what it is called in the procedure.
    """

    case_no: str
    kind: str
    court: str
    court_case_no: str = ""
    judge: str = ""
    track: str = "ordinary"
    opened_on: date | None = None
    closed_on: date | None = None
    procedure_id: int | None = None
    titles: tuple[tuple[int, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class KeepParty:
    """A party; `party_id` None: a new one that is no customer of ours."""

    case_no: str
    role: str = "third_party"
    name: str = ""
    abroad: bool = False
    party_id: int | None = None


def strike_event(uow: UnitOfWork, cmd: StrikeEvent) -> CaseEvent:
    """Strike an event; it stays on the docket with the reason.

    Raises:
        CaseNotFoundError, EventNotFoundError: not for this actor, or struck before.
        ReasonMissingError: no reason.
        EventNeededError: another event on record rests on it.
    """
    case = queries.get_case(uow, cmd.case_no)
    event = queries.get_event(case, cmd.event_id)
    if not cmd.reason.strip():
        raise ReasonMissingError
    if event.kind in set(Event):
        check_strike(Event(event.kind), periods.history_of(case, without=event))
    _strike(uow, event, cmd.reason)
    keeping.keep(uow, case, reason=cmd.reason)
    uow.record(
        "cases.event_struck",
        f"case:{case.id}",
        case_no=case.case_no,
        event_id=event.id,
        kind=event.kind,
        happened_on=event.happened_on.isoformat(),
        reason=cmd.reason,
    )
    return event


def preview_correction(uow: UnitOfWork, cmd: CorrectEvent) -> list[Moved]:
    """Return what would move; nothing is stored.

    Raises:
        CaseNotFoundError, EventNotFoundError: not for this actor, or struck before.
        NothingChangedError: the correction says what stands there.
        FutureEventError, EventOrderError: the docket cannot hold it.
        SimplifiedNoticeError: public notice in a simplified case.
    """
    case, event, corrected = _corrected(uow, cmd)
    corrected.id = event.id  # the decisions about the first are found by it
    return periods.moves(
        case,
        event,
        corrected,
        calendar=load_calendar(uow.session),
        policy=load_policy(uow),
    )


def correct_event(uow: UnitOfWork, cmd: CorrectEvent) -> CaseEvent:
    """Strike an event and put the corrected one in its place; its periods move with it.

    Raises:
        CaseNotFoundError, EventNotFoundError, DocumentNotFoundError: not for this actor.
        ReasonMissingError: no reason.
        NothingChangedError: the correction says what stands there.
        FutureEventError, EventOrderError: the docket cannot hold it.
        SimplifiedNoticeError: public notice in a simplified case.
    """
    if not cmd.reason.strip():
        raise ReasonMissingError
    moved = preview_correction(uow, cmd)
    case, event, corrected = _corrected(uow, cmd)
    uow.session.add(corrected)
    uow.session.flush()  # the old event points to it
    _strike(uow, event, cmd.reason)
    event.replaced_by = corrected.id
    uow.session.flush()  # the collection is read again
    uow.session.expire(case, ["events"])
    keeping.keep(uow, case, reason=cmd.reason)
    uow.record(
        "cases.event_corrected",
        f"case:{case.id}",
        case_no=case.case_no,
        event_id=corrected.id,
        replaces=event.id,
        kind=event.kind,
        happened_on=[event.happened_on.isoformat(), corrected.happened_on.isoformat()],
        reason=cmd.reason,
        moved=[
            [one.rule, _iso(one.before), _iso(one.after)]
            for one in moved
            if one.before != one.after
        ],
    )
    return corrected


def keep_procedure(uow: UnitOfWork, cmd: KeepProcedure) -> Procedure:
    """Enter a procedure or what changed about it: number, court, judge, parties.

    Raises:
        CaseNotFoundError, ProcedureNotFoundError, PartyNotFoundError: not for this actor.
        CourtNumberTakenError: the number belongs to another procedure.
        UnknownProcedureError: no such kind.
        ProcedureDaysError: closed before it was opened, or in the future.
    """
    case = queries.get_case(uow, cmd.case_no)
    if cmd.kind not in PROCEDURE_KINDS:
        raise UnknownProcedureError(kind=cmd.kind)
    _check_days(cmd, uow.clock.today())
    number = canonical_number(cmd.court_case_no)
    taken = number and uow.session.scalar(
        select(Procedure.id).where(Procedure.court_case_no == number)
    )
    if number and taken and taken != cmd.procedure_id:
        raise CourtNumberTakenError(court_case_no=number)
    if cmd.procedure_id is None:
        row = Procedure(kind=cmd.kind, court=cmd.court)
        case.procedures.append(row)
    else:
        row = queries.get_procedure(case, cmd.procedure_id)
    row.kind, row.court, row.court_case_no = cmd.kind, cmd.court.strip() or case.court, number
    row.judge, row.track = cmd.judge.strip(), cmd.track
    row.opened_on, row.closed_on = cmd.opened_on, cmd.closed_on
    titles = dict(cmd.titles)
    for party_id in titles:
        queries.get_party(case, party_id)
    uow.session.flush()  # the members need the id
    have = {member.party_id: member for member in row.members}
    for party_id, title in titles.items():
        if party_id in have:
            have[party_id].title = title
        elif title:
            row.members.append(ProcedureParty(party_id=party_id, title=title))
    uow.session.flush()  # the audit line needs the id
    uow.record(
        "cases.procedure_kept",
        f"case:{case.id}",
        case_no=case.case_no,
        procedure=row.id,
        kind=row.kind,
        court=row.court,
        court_case_no=number,
        judge=row.judge,
        track=row.track,
        warnings=[str(one) for one in cautions.of_number(uow, case, row, cmd.court_case_no)],
    )
    keeping.keep(uow, case)
    return row


def _check_days(cmd: KeepProcedure, today: date) -> None:
    days = [day for day in (cmd.opened_on, cmd.closed_on) if day]
    if sorted(days) != days or any(day > today for day in days):
        raise ProcedureDaysError(opened_on=cmd.opened_on, closed_on=cmd.closed_on)


def keep_party(uow: UnitOfWork, cmd: KeepParty) -> Party:
    """Enter a party that is no customer, or say whether a party lives abroad.

    Raises:
        CaseNotFoundError, PartyNotFoundError: not for this actor.
        PartyNameError: a new party without a name.
    """
    case = queries.get_case(uow, cmd.case_no)
    if cmd.party_id is None:
        if not cmd.name.strip():
            raise PartyNameError
        last = max((row.position for row in case.parties), default=0)
        party = Party(position=last + 1, role=cmd.role, capacity="other", name=cmd.name.strip())
        case.parties.append(party)
    else:
        party = queries.get_party(case, cmd.party_id)
    party.abroad = cmd.abroad
    uow.session.flush()  # the audit line needs the id
    uow.record(
        "cases.party_kept",
        f"case:{case.id}",
        case_no=case.case_no,
        party=party.id,
        role=party.role,
        abroad=cmd.abroad,
    )
    keeping.keep(uow, case)
    return party


def _corrected(uow: UnitOfWork, cmd: CorrectEvent) -> tuple[Case, CaseEvent, CaseEvent]:
    """Return case, event and the event that would take its place, not yet in the session."""
    case = queries.get_case(uow, cmd.case_no)
    event = queries.get_event(case, cmd.event_id)
    facts = {
        key: value
        for key, value in event.facts.items()
        if key not in {periods.MODE, periods.COURT_DATE}
    } | event_facts(cmd.mode, cmd.court_date)
    same = (event.happened_on, event.facts, event.document_id, event.note)
    if (cmd.happened_on, facts, cmd.document_id, cmd.note) == same:
        raise NothingChangedError
    check_stated(cmd.happened_on, cmd.court_date)
    if event.kind in set(Event):
        kind = Event(event.kind)
        check_event(
            kind,
            cmd.happened_on,
            periods.history_of(case, without=event),
            today=uow.clock.today(),
            procedure_id=periods.home_of(case, kind, event.procedure_id),
            party_id=event.party_id,
        )
    elif cmd.happened_on > uow.clock.today():
        raise FutureEventError(label=NOTE_LABEL, on=cmd.happened_on, today=uow.clock.today())
    if cmd.mode and cmd.mode not in set(ServiceMode):
        raise UnknownServiceModeError(mode=cmd.mode)
    if cmd.document_id is not None:
        check_paper(uow, case, cmd.document_id)
    corrected = CaseEvent(
        case_id=case.id,
        procedure_id=event.procedure_id,
        party_id=event.party_id,
        kind=event.kind,
        happened_on=cmd.happened_on,
        happened_at=event.happened_at,
        date_source="court_document" if cmd.document_id else "entered",
        document_id=cmd.document_id,
        amount=event.amount,
        facts=facts,
        note=cmd.note,
        struck_reason="",
        recorded_by=uow.actor.name,
        recorded_at=uow.clock.now(),
    )
    return case, event, corrected


def _strike(uow: UnitOfWork, event: CaseEvent, reason: str) -> None:
    event.struck_reason = reason.strip()
    event.struck_by = uow.actor.name
    event.struck_at = uow.clock.now()


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
