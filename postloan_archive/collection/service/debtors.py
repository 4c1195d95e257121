"""What is known of a debtor, and debts given to an agency."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from postloan_archive.collection import queries
from postloan_archive.collection.errors import (
    AlreadyNotedError,
    FieldNotForAgencyError,
    NotedAheadError,
    PlacedError,
    UrgentUnknownError,
    WordsMissingError,
)
from postloan_archive.collection.models import Placement, Survey
from postloan_archive.collection.rules import URGENT, StopReason, may_be_given
from postloan_archive.collection.service import pauses
from postloan_archive.inspection.service import signals
from postloan_archive.kernel.errors import _l
from postloan_archive.loans import queries as loans
from postloan_archive.uow import UnitOfWork

URGENT_KIND = "紧急处置"
DIED = "died"


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteSurvey:
    """What was found out about the debtor; `urgent` are keys of `rules.URGENT`."""

    loan_no: str
    made_on: date
    reason_for_default: str
    answers: dict[str, str]
    assets: tuple[dict[str, str], ...] = ()
    urgent: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A loan goes to an agency with the data that it is given."""

    loan_no: str
    agency: str
    contract_no: str
    data_given: tuple[str, ...]
    basis: str = ""  # consent, or why none is needed


def note_survey(uow: UnitOfWork, cmd: NoteSurvey) -> Survey:
    """Keep what was found out about the debtor.

    Raises:
        LoanNotFoundError: no such loan for this actor.
        WordsMissingError: no reason for default.
        NotedAheadError: it lies in the future.
        UrgentUnknownError: an urgent answer that the form does not have.
        AlreadyNotedError: it was sent twice.
    """
    loan, today = loans.get_loan(uow, cmd.loan_no), uow.clock.today()
    if not cmd.reason_for_default.strip():
        raise WordsMissingError
    if cmd.made_on > today:
        raise NotedAheadError(
            name="made_on", words=_l("调查日期"), day=cmd.made_on, today=today
        )
    unknown = [key for key in cmd.urgent if key not in URGENT]
    if unknown:
        raise UrgentUnknownError(keys=tuple(unknown))
    if _noted(uow, loan.id, cmd):
        raise AlreadyNotedError(what=_l("债务人调查"))
    survey = Survey(
        loan_id=loan.id,
        branch_id=loan.branch_id,
        made_on=cmd.made_on,
        made_by=uow.actor.name,
        reason_for_default=cmd.reason_for_default.strip(),
        answers=dict(cmd.answers),
        assets=[dict(asset) for asset in cmd.assets],
        urgent=list(cmd.urgent),
    )
    uow.session.add(survey)
    uow.session.flush()  # the audit line needs the id
    uow.record(
        "collection.survey_noted", f"loan:{cmd.loan_no}", survey=survey.id, urgent=survey.urgent
    )
    for key in survey.urgent:  # the way of urgent cases: secure assets first, within five days
        signals.raise_signal(
            uow, cmd.loan_no, URGENT_KIND, f"{URGENT[key]}（{cmd.made_on} 调查）：先保全财产"
        )
    if DIED in survey.urgent and not any(
        stop.reason == str(StopReason.DEATH) for stop in queries.stops_of(uow, loan.customer_id)
    ):
        note = f"{cmd.made_on} 调查：债务人死亡，向继承人或遗产管理人主张"
        pauses.set_stop(uow, cmd.loan_no, StopReason.DEATH, note)  # R-L08
    return survey


def _noted(uow: UnitOfWork, loan_id: int, cmd: NoteSurvey) -> bool:
    newest = uow.session.scalar(
        select(Survey).where(Survey.loan_id == loan_id).order_by(Survey.id.desc()).limit(1)
    )
    return newest is not None and (
        newest.made_on == cmd.made_on
        and newest.made_by == uow.actor.name
        and newest.reason_for_default == cmd.reason_for_default.strip()
        and newest.answers == dict(cmd.answers)
        and newest.assets == [dict(asset) for asset in cmd.assets]
        and newest.urgent == list(cmd.urgent)
    )


def handle_urgent(uow: UnitOfWork, survey_id: int, how: str) -> Survey:
    """Say what was done about an urgent survey; it leaves the urgent list.

    Raises:
        CollectionThingNotFoundError: no such survey for this actor.
        WordsMissingError: nothing is said.
    """
    survey = queries.get_survey(uow, survey_id)
    if not how.strip():
        raise WordsMissingError
    survey.handled_at, survey.handled_by = uow.clock.now(), uow.actor.name
    survey.handled_how = how.strip()
    uow.record("collection.urgent_handled", f"survey:{survey.id}", how=survey.handled_how)
    return survey


def place(uow: UnitOfWork, cmd: Place) -> Placement:
    """Give a loan to an agency.

    Raises:
        LoanNotFoundError: no such loan for this actor.
        FieldNotForAgencyError: more data than an agency may have.
        PlacedError: it is with an agency.
        WordsMissingError: no agency or no contract.
    """
    loan = loans.get_loan(uow, cmd.loan_no)
    if not cmd.agency.strip() or not cmd.contract_no.strip():
        raise WordsMissingError
    too_much = may_be_given(cmd.data_given)
    if too_much:
        raise FieldNotForAgencyError(fields=too_much)
    running = queries.placement_of(uow, loan.id)
    if running is not None:
        raise PlacedError(loan_no=cmd.loan_no, agency=running.agency)
    placement = Placement(
        loan_id=loan.id,
        branch_id=loan.branch_id,
        agency=cmd.agency.strip(),
        contract_no=cmd.contract_no.strip(),
        data_given=list(cmd.data_given),
        basis=cmd.basis.strip(),
        placed_on=uow.clock.today(),
        placed_by=uow.actor.name,
    )
    uow.session.add(placement)
    uow.session.flush()  # the audit line needs the id
    uow.record(
        "collection.loan_placed",
        f"loan:{cmd.loan_no}",
        agency=placement.agency,
        data_given=placement.data_given,
    )
    return placement


def supervise(uow: UnitOfWork, placement_id: int, finding: str) -> Placement:
    """Note what a check of the agency found (R-L06: supervision).

    Raises:
        CollectionThingNotFoundError: no such placement in force for this actor.
        WordsMissingError: nothing was found out.
    """
    placement = queries.get_placement(uow, placement_id)
    if not finding.strip():
        raise WordsMissingError
    placement.checks = [
        *placement.checks,
        {
            "on": uow.clock.today().isoformat(),
            "finding": finding.strip(),
            "by": uow.actor.name,
        },
    ]
    uow.record(
        "collection.agency_checked", f"placement:{placement.id}", finding=finding.strip()
    )
    return placement


def recall(
    uow: UnitOfWork, placement_id: int, why: str, result: str, *, returned: str = ""
) -> Placement:
    """Take a loan back from an agency; `returned`: how it confirmed that data are deleted.

    Raises:
        CollectionThingNotFoundError: no such placement in force for this actor.
        WordsMissingError: no reason.
    """
    placement = queries.get_placement(uow, placement_id)
    if not why.strip():
        raise WordsMissingError
    placement.recalled_on = uow.clock.today()
    placement.recalled_why, placement.result = why.strip(), result.strip()
    uow.record("collection.loan_recalled", f"placement:{placement.id}", why=why.strip())
    if returned.strip():
        confirm_returned(uow, placement_id, returned)
    return placement


def confirm_returned(uow: UnitOfWork, placement_id: int, how: str) -> Placement:
    """Note how an agency confirmed that it returned or deleted what it was given (PIPL 21).

    Raises:
        CollectionThingNotFoundError: no recalled placement without it for this actor.
        WordsMissingError: it is not said how.
    """
    placement = queries.get_recalled(uow, placement_id)
    if not how.strip():
        raise WordsMissingError
    placement.data_returned_on, placement.data_returned = uow.clock.today(), how.strip()
    uow.record(
        "collection.agency_data_returned",
        f"placement:{placement.id}",
        agency=placement.agency,
        how=how.strip(),
    )
    return placement
