"""What a user does with measures on assets: register one, note that a renewal was asked."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from postloan_archive.archive import queries as archive
from postloan_archive.cases import queries as cases
from postloan_archive.loans import queries as loans
from postloan_archive.loans import standing
from postloan_archive.preservation import queries
from postloan_archive.preservation.models import Measure
from postloan_archive.preservation.rules.kinds import WaitingOrderError
from postloan_archive.preservation.rules.term import preservation_term
from postloan_archive.uow import UnitOfWork
from postloan_archive.workdays.service import load_calendar


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterMeasure:
    """A measure as the papers of the court have it; `seizure_order` 1 is in force."""

    loan_no: str
    respondent: str
    asset_kind: str
    asset: str
    court: str
    ruling_no: str
    effective_on: date
    court_expiry: date | None = None
    case_no: str = ""
    phase: str = "in_litigation"
    amount: Decimal | None = None
    judge: str = ""
    seizure_order: int = 1
    security: str = ""
    security_expires_on: date | None = None
    document_id: int | None = None


def register_measure(uow: UnitOfWork, cmd: RegisterMeasure) -> Measure:
    """Register a measure; its term must follow from its kind or from the paper of the court.

    Raises:
        LoanNotFoundError, CaseNotFoundError, DocumentNotFoundError: not for this actor.
        UnknownAssetKindError: a kind without a term.
        ExpiryOrderError: the court's expiry is before the effective day.
        WaitingOrderError: the order is below 1.
    """
    loan = loans.get_loan(uow, cmd.loan_no)
    case = cases.get_case(uow, cmd.case_no) if cmd.case_no else None
    if cmd.document_id is not None:
        archive.get_document(uow, cmd.document_id)
    if cmd.seizure_order < 1:
        raise WaitingOrderError(order=cmd.seizure_order)
    term = preservation_term(
        cmd.effective_on,
        cmd.asset_kind,
        calendar=load_calendar(uow.session),
        court_expiry=cmd.court_expiry,
    )
    measure = Measure(
        loan_id=loan.id,
        case_id=case.id if case else None,
        branch_id=loan.branch_id,
        phase=cmd.phase,
        respondent=cmd.respondent,
        asset_kind=cmd.asset_kind,
        asset=cmd.asset,
        amount=cmd.amount,
        court=cmd.court,
        judge=cmd.judge,
        ruling_no=cmd.ruling_no,
        seizure_order=cmd.seizure_order,
        effective_on=cmd.effective_on,
        court_expiry=cmd.court_expiry,
        security=cmd.security,
        security_expires_on=cmd.security_expires_on,
        document_id=cmd.document_id,
        created_at=uow.clock.now(),
    )
    uow.session.add(measure)
    uow.session.flush()  # the audit line needs the id
    uow.record(
        "preservation.measure_registered",
        f"preservation:{measure.id}",
        loan_no=loan.loan_no,
        ruling_no=cmd.ruling_no,
        expiry=term.expiry.isoformat(),
        basis=[str(one) for one in term.basis],
    )
    standing.report_measure(uow, loan.id)
    return measure


def note_renewal(uow: UnitOfWork, measure_id: int, requested_on: date) -> Measure:
    """Record that the renewal was asked for.

    Raises:
        MeasureNotFoundError: no such measure for this actor.
    """
    measure = queries.get_measure(uow, measure_id)
    measure.renewal_requested_on = requested_on
    uow.record(
        "preservation.renewal_requested",
        f"preservation:{measure.id}",
        requested_on=requested_on.isoformat(),
    )
    return measure
