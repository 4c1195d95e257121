"""What a person says about a proposed period: accept it, correct its day, or refuse it."""

from dataclasses import dataclass
from datetime import date

from postloan_archive.cases import keeping, periods, queries
from postloan_archive.cases.errors import (
    DayMissingError,
    PeriodNotFoundError,
    ReasonMissingError,
)
from postloan_archive.cases.models import Case, CaseEvent, PeriodDecision
from postloan_archive.cases.periods import Following
from postloan_archive.cases.rules.docket import check_decided
from postloan_archive.cases.service import check_paper
from postloan_archive.policy.queries import load_policy
from postloan_archive.uow import UnitOfWork
from postloan_archive.workdays.service import load_calendar


@dataclass(frozen=True, slots=True, kw_only=True)
class DecidePeriod:
    """What a person says about a period that was proposed.

    Attributes:
        rule: id of the rule, such as R-B21.
        act: what is to be done, as proposed.
        verdict: accepted, corrected (with `day`) or refused.
        document_id: the paper of the court that states the day.
    """

    case_no: str
    event_id: int
    rule: str
    act: str
    verdict: str
    day: date | None = None
    document_id: int | None = None
    reason: str = ""


def decide(uow: UnitOfWork, cmd: DecidePeriod) -> PeriodDecision:
    """Accept a proposed period, correct its day, or say that it does not apply.

    Raises:
        CaseNotFoundError, EventNotFoundError, DocumentNotFoundError: not for this actor.
        PeriodNotFoundError: nothing of that kind follows from the event.
        ReasonMissingError, DayMissingError: a correction without them.
        DecidedDayError, FarDayError: a last day that cannot be.
    """
    case = queries.get_case(uow, cmd.case_no)
    event = queries.get_event(case, cmd.event_id)
    one = period_of(uow, case, event, cmd.rule, cmd.act)
    if cmd.verdict != "accepted" and not cmd.reason.strip():
        raise ReasonMissingError
    if cmd.verdict == "corrected" and cmd.day is None:
        raise DayMissingError
    if cmd.document_id is not None:
        check_paper(uow, case, cmd.document_id)
    check_decided(event.happened_on, cmd.day)
    decision = PeriodDecision(
        event_id=event.id,
        rule=cmd.rule,
        act=cmd.act,
        party_id=event.party_id,
        verdict=cmd.verdict,
        day=cmd.day if cmd.verdict == "corrected" else None,
        computed=one.due.legal if one.due else None,
        document_id=cmd.document_id,
        reason=cmd.reason.strip(),
        decided_by=uow.actor.name,
        decided_at=uow.clock.now(),
    )
    case.decisions.append(decision)
    uow.session.flush()  # the audit line needs the id
    uow.record(
        "cases.period_decided",
        f"case:{case.id}",
        case_no=case.case_no,
        event_id=event.id,
        rule=cmd.rule,
        act=cmd.act,
        verdict=cmd.verdict,
        computed=_iso(decision.computed),
        day=_iso(decision.day),
        document_id=cmd.document_id,
        reason=decision.reason,
        basis=[str(citation) for citation in one.period.basis],
    )
    keeping.keep(uow, case)
    return decision


def period_of(uow: UnitOfWork, case: Case, event: CaseEvent, rule: str, act: str) -> Following:
    """Return one period that follows from an event.

    Raises:
        PeriodNotFoundError: nothing of that kind follows.
    """
    found = periods.follows(
        case, event, calendar=load_calendar(uow.session), policy=load_policy(uow)
    )
    for one in found:
        if (one.period.rule, one.period.act) == (rule, act):
            return one
    raise PeriodNotFoundError(rule=rule)


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
