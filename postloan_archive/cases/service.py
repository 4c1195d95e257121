"""What a user does with cases: open one, record its events, fill in what papers ask for."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Final

from sqlalchemy import func, select

from postloan_archive.archive import queries as archive
from postloan_archive.cases import (
    case_loans,
    cautions,
    interruptions,
    joining,
    keeping,
    periods,
    queries,
)
from postloan_archive.cases.errors import (
    ArbitrationAgreedError,
    CaseOpenError,
    CourtNumberTakenError,
    CourtUnknownError,
    PaperElsewhereError,
    UnknownEventError,
    UnknownProcedureError,
    UnknownServiceModeError,
)
from postloan_archive.cases.models import Case, CaseEvent, CaseLoan, Procedure
from postloan_archive.cases.rules.docket import (
    FutureEventError,
    check_event,
    check_stated,
    stage_after,
)
from postloan_archive.cases.rules.events import Event
from postloan_archive.cases.rules.service import ServiceMode
from postloan_archive.cases.rules.steps import LOAN_STAGES, PROCEDURE_KINDS, Step, check_step
from postloan_archive.kernel.identifiers import case_no
from postloan_archive.loans import queries as loans
from postloan_archive.loans import standing
from postloan_archive.uow import UnitOfWork
from postloan_archive.workdays.service import load_calendar

CAUSE: Final = "金融借款合同纠纷"
OVER: Final = frozenset({Step.CLOSED, Step.WITHDRAWN, Step.NOT_ACCEPTED})
NOTE_LABEL: Final = "记事"
NOTE: Final = "note"  # an event of ours that starts no period
PLAIN_DIGITS: Final = str.maketrans("０１２３４５６７８９", "0123456789")


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenCase:
    """A loan goes to court; an empty `court` takes the one agreed in the contract.

    `further` are the numbers of loans that are sued for in the same case.
    """

    loan_no: str
    court: str = ""
    cause: str = CAUSE
    owner: str = ""
    opened_on: date | None = None
    further: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AddEvent:
    """Something happened in a case.

    Attributes:
        kind: a value of `Event`, or `note`.
        stage: where the case stands from now on; None leaves it.
        stage_follows: the event moves the case on by itself where `stage` is None.
        procedure: kind of the procedure, created with its court number at first mention.
        party_id: the party it was served on; each is served by itself (R-A17).
        mode: how it was served, a value of `ServiceMode`; empty: the day is that of service.
        court_date: the last day that the paper states for what we must do; it wins (R-001).
        document_id: the paper that proves it, of the same loan file.
    """

    case_no: str
    kind: str
    happened_on: date
    happened_at: datetime | None = None
    stage: Step | None = None
    stage_follows: bool = False
    procedure: str = ""
    court: str = ""
    court_case_no: str = ""
    judge: str = ""
    document_id: int | None = None
    amount: Decimal | None = None
    note: str = ""
    party_id: int | None = None
    mode: str = ""
    court_date: date | None = None


def open_case(uow: UnitOfWork, cmd: OpenCase) -> Case:
    """Open a case with our own number and the parties of its loans.

    Plaintiff is the lender; defendants are the borrowers, the joint guarantors and the
    providers of collateral, each once.

    Raises:
        LoanNotFoundError: no such loan for this actor.
        ArbitrationAgreedError: the contract sends disputes to arbitration.
        CourtUnknownError: no court is given and none is agreed.
        CaseOpenError: the loan has a case that is not closed.
        LoanNotJoinableError: a further loan has another lender, debtor or court.
    """
    loan = loans.get_loan(uow, cmd.loan_no)
    if loan.contract.dispute == "arbitration":
        raise ArbitrationAgreedError(contract_no=loan.contract.contract_no)
    running = case_loans.open_case_no(uow, loan.id)
    if running is not None:
        raise CaseOpenError(loan_no=loan.loan_no, case_no=running)
    held = [loan]
    for number in dict.fromkeys(cmd.further):
        one = loans.get_loan(uow, number)
        joining.check_joinable(uow, held, one)
        held.append(one)
    agreed = (one.contract.court for one in held if one.contract.court)
    court = cmd.court.strip() or next(agreed, "")
    if not court:
        raise CourtUnknownError(loan_no=loan.loan_no)
    day = cmd.opened_on or uow.clock.today()
    case = Case(
        case_no=_next_number(uow, day.year),
        loan_id=loan.id,
        branch_id=loan.branch_id,
        cause=cmd.cause,
        court=court,
        claim_amount=joining.sum_of(held, day),
        owner=cmd.owner or uow.actor.name,
        opened_on=day,
        facts={},
        parties=list(joining.parties(held)),
        further=[
            CaseLoan(loan_id=one.id, added_by=uow.actor.name, added_at=uow.clock.now())
            for one in held[1:]
        ],
    )
    uow.session.add(case)
    uow.session.flush()  # the audit line needs the id
    uow.record(
        "cases.opened",
        f"case:{case.id}",
        case_no=case.case_no,
        loan_no=loan.loan_no,
        court=court,
        **({"further": [one.loan_no for one in held[1:]]} if held[1:] else {}),
    )
    keeping.keep(uow, case)
    return case


def add_event(uow: UnitOfWork, cmd: AddEvent) -> CaseEvent:
    """Record an event with the paper that proves it, and move the case on.

    Raises:
        CaseNotFoundError: no such case for this actor.
        UnknownEventError, UnknownProcedureError, UnknownServiceModeError: no such kind.
        StepNotAllowedError: the case cannot go to the stage asked for.
        DocumentNotFoundError: the paper is not in a loan file of this actor.
        PaperElsewhereError: the paper is in the file of another loan.
        CourtNumberTakenError: the number of the court belongs to another case.
        PartyNotFoundError: the party is not of this case.
        FutureEventError, SecondEventError, EventOrderError: the docket cannot hold it.
        FarDayError, StatedDayError: a day that cannot be meant.
        SimplifiedNoticeError: public notice in a simplified case.
    """
    case = queries.get_case(uow, cmd.case_no)
    if cmd.kind != NOTE and cmd.kind not in set(Event):
        raise UnknownEventError(kind=cmd.kind)
    if cmd.procedure and cmd.procedure not in PROCEDURE_KINDS:
        raise UnknownProcedureError(kind=cmd.procedure)
    if cmd.mode and cmd.mode not in set(ServiceMode):
        raise UnknownServiceModeError(mode=cmd.mode)
    before = Step(case.stage)
    stage = cmd.stage
    if stage is None and cmd.stage_follows:
        stage = stage_after(cmd.kind, before, cmd.procedure)
    if stage is not None and stage is not before:
        check_step(before, stage)
        case.stage = stage.value
        if stage is Step.CLOSED:
            case.closed_on = cmd.happened_on
    if cmd.document_id is not None:
        check_paper(uow, case, cmd.document_id)
    procedure = _procedure(uow, case, cmd) if cmd.procedure else None
    procedure_id = procedure.id if procedure else None
    if cmd.party_id is not None:
        queries.get_party(case, cmd.party_id)
    _check_docket(uow, case, cmd, procedure_id)
    event = CaseEvent(
        case_id=case.id,
        procedure_id=procedure_id,
        party_id=cmd.party_id,
        kind=cmd.kind,
        happened_on=cmd.happened_on,
        happened_at=cmd.happened_at,
        date_source="court_document" if cmd.document_id else "entered",
        document_id=cmd.document_id,
        amount=cmd.amount,
        facts=event_facts(cmd.mode, cmd.court_date),
        note=cmd.note,
        recorded_by=uow.actor.name,
        recorded_at=uow.clock.now(),
    )
    case.events.append(event)
    periods.served(case, event, load_calendar(uow.session))  # refuses a notice that cannot be
    uow.session.flush()  # the audit line needs the id
    uow.record(
        "cases.event_added",
        f"case:{case.id}",
        case_no=case.case_no,
        kind=cmd.kind,
        happened_on=cmd.happened_on.isoformat(),
        stage=case.stage,
        document_id=cmd.document_id,
        event_id=event.id,
        party=cmd.party_id,
        warnings=[
            str(one)
            for one in cautions.of_event(
                uow, case, event, number=cmd.court_case_no, before=before
            )
        ],
    )
    _report_stage(uow, case)
    keeping.keep(uow, case)
    if stage in OVER:
        interruptions.end(uow, case, cmd.happened_on)
    return event


def _report_stage(uow: UnitOfWork, case: Case) -> None:
    for loan_id in case.loan_ids:
        standing.report_court_stage(uow, loan_id, LOAN_STAGES[Step(case.stage)])


def check_paper(uow: UnitOfWork, case: Case, document_id: int) -> None:
    """Say no to a paper that is not in a loan file of the case.

    Raises:
        DocumentNotFoundError: not for this actor.
        PaperElsewhereError: it is in the file of another loan.
    """
    paper = archive.get_document(uow, document_id)
    if paper.loan_id not in case.loan_ids:
        raise PaperElsewhereError(title=paper.title, case_no=case.case_no)


def event_facts(mode: str, court_date: date | None) -> dict[str, object]:
    """Return what an event keeps beside its columns."""
    found: dict[str, object] = {}
    if mode:
        found[periods.MODE] = ServiceMode(mode).value
    if court_date is not None:
        found[periods.COURT_DATE] = court_date.isoformat()
    return found


def fill_in(uow: UnitOfWork, case_no: str, facts: Mapping[str, str]) -> Case:
    """Keep facts that papers ask for; an empty text forgets one.

    Raises:
        CaseNotFoundError: no such case for this actor.
    """
    case = queries.get_case(uow, case_no)
    merged = {**case.facts, **{key: text.strip() for key, text in facts.items()}}
    case.facts = {key: text for key, text in merged.items() if text}
    uow.record(
        "cases.facts_filled", f"case:{case.id}", case_no=case.case_no, keys=sorted(facts)
    )
    keeping.keep(uow, case)
    return case


def _check_docket(uow: UnitOfWork, case: Case, cmd: AddEvent, procedure_id: int | None) -> None:
    """Refuse what the docket cannot hold."""
    today = uow.clock.today()
    check_stated(cmd.happened_on, cmd.court_date)
    if cmd.kind == NOTE:
        if cmd.happened_on > today:
            raise FutureEventError(label=NOTE_LABEL, on=cmd.happened_on, today=today)
        return
    kind = Event(cmd.kind)
    check_event(
        kind,
        cmd.happened_on,
        periods.history_of(case),
        today=today,
        procedure_id=periods.home_of(case, kind, procedure_id),
        party_id=cmd.party_id,
    )


def canonical_number(text: str) -> str | None:
    """Return the number of a court in its canonical form, None for a blank.

    Full-width digits become plain ones. A text that is no known number is kept as it was typed;
    a caution says so.
    """
    plain = text.translate(PLAIN_DIGITS).strip()
    if not plain:
        return None
    number = case_no(plain)
    return plain if number is None else number.normalised


def _procedure(uow: UnitOfWork, case: Case, cmd: AddEvent) -> Procedure:
    number = canonical_number(cmd.court_case_no)
    for row in case.procedures:
        if row.kind == cmd.procedure and (
            number is None or row.court_case_no in {None, number}
        ):
            row.court_case_no = row.court_case_no or number
            row.judge = cmd.judge or row.judge
            return row
    if number and uow.session.scalar(
        select(Procedure.id).where(Procedure.court_case_no == number)
    ):
        raise CourtNumberTakenError(court_case_no=number)
    row = Procedure(
        kind=cmd.procedure,
        court=cmd.court or case.court,
        court_case_no=number,
        judge=cmd.judge,
        opened_on=cmd.happened_on,
    )
    case.procedures.append(row)
    uow.session.flush()  # the event needs the id
    return row


def _next_number(uow: UnitOfWork, year: int) -> str:
    stem = f"AJ{year}-"
    last = uow.session.scalar(
        select(func.max(Case.case_no)).where(Case.case_no.startswith(stem))
    )
    return f"{stem}{int(last[len(stem) :]) + 1 if last else 1:04d}"
