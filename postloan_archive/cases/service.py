"""What a user does with cases: open one, record its events, fill in what papers ask for."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Final

from sqlalchemy import func, select

from postloan_archive.archive import queries as archive
from postloan_archive.cases import queries
from postloan_archive.cases.errors import (
    ArbitrationAgreedError,
    CaseOpenError,
    CourtNumberTakenError,
    CourtUnknownError,
    UnknownEventError,
)
from postloan_archive.cases.models import Case, CaseEvent, Party, Procedure
from postloan_archive.cases.rules.events import Event
from postloan_archive.cases.rules.steps import LOAN_STAGES, Step, check_step
from postloan_archive.loans import queries as loans
from postloan_archive.loans import standing
from postloan_archive.loans.derivation import position_of
from postloan_archive.loans.models import Loan
from postloan_archive.uow import UnitOfWork

CAUSE: Final = "金融借款合同纠纷"
NOTE: Final = "note"  # an event of ours that starts no period


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenCase:
    """A loan goes to court; an empty `court` takes the one agreed in the contract."""

    loan_no: str
    court: str = ""
    cause: str = CAUSE
    owner: str = ""
    opened_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AddEvent:
    """Something happened in a case.

    Attributes:
        kind: a value of `Event`, or `note`.
        stage: where the case stands from now on; None leaves it.
        procedure: kind of the procedure, created with its court number at first mention.
        document_id: the paper that proves it, of the same loan file.
    """

    case_no: str
    kind: str
    happened_on: date
    happened_at: datetime | None = None
    stage: Step | None = None
    procedure: str = ""
    court: str = ""
    court_case_no: str = ""
    judge: str = ""
    document_id: int | None = None
    amount: Decimal | None = None
    note: str = ""


def open_case(uow: UnitOfWork, cmd: OpenCase) -> Case:
    """Open a case with our own number and the parties of the loan.

    Plaintiff is the lender; defendants are the borrower, the joint guarantors and the
    providers of collateral, each once.

    Raises:
        LoanNotFoundError: no such loan for this actor.
        ArbitrationAgreedError: the contract sends disputes to arbitration.
        CourtUnknownError: no court is given and none is agreed.
        CaseOpenError: the loan has a case that is not closed.
    """
    loan = loans.get_loan(uow, cmd.loan_no)
    if loan.contract.dispute == "arbitration":
        raise ArbitrationAgreedError(contract_no=loan.contract.contract_no)
    court = cmd.court.strip() or loan.contract.court
    if not court:
        raise CourtUnknownError(loan_no=loan.loan_no)
    running = uow.session.scalar(
        select(Case).where(Case.loan_id == loan.id, Case.closed_on.is_(None)).limit(1)
    )
    if running is not None:
        raise CaseOpenError(loan_no=loan.loan_no, case_no=running.case_no)
    day = cmd.opened_on or uow.clock.today()
    case = Case(
        case_no=_next_number(uow, day.year),
        loan_id=loan.id,
        branch_id=loan.branch_id,
        cause=cmd.cause,
        court=court,
        claim_amount=position_of(loan, day).value.total_due,
        owner=cmd.owner or uow.actor.name,
        opened_on=day,
        facts={},
        parties=list(_parties(loan)),
    )
    uow.session.add(case)
    uow.session.flush()  # the audit line needs the id
    uow.record(
        "cases.opened",
        f"case:{case.id}",
        case_no=case.case_no,
        loan_no=loan.loan_no,
        court=court,
    )
    return case


def add_event(uow: UnitOfWork, cmd: AddEvent) -> CaseEvent:
    """Record an event with the paper that proves it, and move the case on.

    Raises:
        CaseNotFoundError: no such case for this actor.
        UnknownEventError: no such kind of event.
        StepNotAllowedError: the case cannot go to the stage asked for.
        DocumentNotFoundError: the paper is not in a loan file of this actor.
        CourtNumberTakenError: the number of the court belongs to another case.
    """
    case = queries.get_case(uow, cmd.case_no)
    if cmd.kind != NOTE and cmd.kind not in set(Event):
        raise UnknownEventError(kind=cmd.kind)
    if cmd.stage is not None and cmd.stage != case.stage:
        check_step(Step(case.stage), cmd.stage)
        case.stage = cmd.stage.value
        if cmd.stage is Step.CLOSED:
            case.closed_on = cmd.happened_on
    if cmd.document_id is not None:
        archive.get_document(uow, cmd.document_id)
    procedure = _procedure(uow, case, cmd) if cmd.procedure else None
    event = CaseEvent(
        case_id=case.id,
        procedure_id=procedure.id if procedure else None,
        kind=cmd.kind,
        happened_on=cmd.happened_on,
        happened_at=cmd.happened_at,
        date_source="court_document" if cmd.document_id else "entered",
        document_id=cmd.document_id,
        amount=cmd.amount,
        facts={},
        note=cmd.note,
        recorded_by=uow.actor.name,
        recorded_at=uow.clock.now(),
    )
    case.events.append(event)
    uow.session.flush()  # the audit line needs the id
    uow.record(
        "cases.event_added",
        f"case:{case.id}",
        case_no=case.case_no,
        kind=cmd.kind,
        happened_on=cmd.happened_on.isoformat(),
        stage=case.stage,
        document_id=cmd.document_id,
    )
    standing.report_court_stage(uow, case.loan_id, LOAN_STAGES[Step(case.stage)])
    return event


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
    return case


def _parties(loan: Loan) -> Iterator[Party]:
    yield Party(position=1, role="plaintiff", capacity="lender", customer_id=None)
    capacities = {loan.customer_id: "borrower"}
    for guarantee in loan.guarantees:
        if guarantee.kind == "joint":
            capacities.setdefault(guarantee.guarantor_id, "guarantor")
    for asset in loan.collateral:
        capacities.setdefault(asset.provider_id, "mortgagor")
    for position, (customer_id, capacity) in enumerate(capacities.items(), 2):
        yield Party(
            position=position, role="defendant", capacity=capacity, customer_id=customer_id
        )


def _procedure(uow: UnitOfWork, case: Case, cmd: AddEvent) -> Procedure:
    number = cmd.court_case_no.strip() or None
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
