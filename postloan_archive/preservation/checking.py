"""What a measure cannot be; asked before anything is stored."""

from datetime import date, timedelta
from typing import Final

from sqlalchemy import select

from postloan_archive.archive import queries as archive
from postloan_archive.cases.models import Case
from postloan_archive.loans.models import Loan
from postloan_archive.preservation.commands import RegisterMeasure
from postloan_archive.preservation.errors import (
    BeforeMeasureError,
    FarExpiryError,
    FutureDayError,
    KnownMeasureError,
    OtherLoanError,
    PaperElsewhereError,
    ReceiptOrderError,
    SecurityOverError,
    UnknownPhaseError,
)
from postloan_archive.preservation.models import Measure
from postloan_archive.preservation.rules.kinds import WaitingOrderError
from postloan_archive.uow import UnitOfWork

PHASES: Final = frozenset({"pre_litigation", "in_litigation", "pre_enforcement", "enforcement"})
LAST_PLACE: Final = 99  # nobody waits behind a hundred others
FAR: Final = timedelta(days=3660)  # ten years; the longest term is three


def check_registered(
    uow: UnitOfWork, loan: Loan, case: Case | None, cmd: RegisterMeasure
) -> None:
    """Say no to a new measure that cannot be."""
    if case is not None and loan.id not in case.loan_ids:
        raise OtherLoanError(case_no=case.case_no, loan_no=loan.loan_no)
    if not 1 <= cmd.seizure_order <= LAST_PLACE:
        raise WaitingOrderError(order=cmd.seizure_order)
    check_phase(cmd.phase)
    check_past(uow, "effective_on", cmd.effective_on)
    check_days(cmd.effective_on, cmd.court_expiry, cmd.security_expires_on)
    twin = uow.session.scalar(
        select(Measure.id).where(
            Measure.loan_id == loan.id,
            Measure.ruling_no == cmd.ruling_no,
            Measure.asset == cmd.asset,
            Measure.respondent == cmd.respondent,
            Measure.effective_on == cmd.effective_on,
            Measure.released_on.is_(None),
        )
    )
    if twin is not None:
        raise KnownMeasureError(ruling_no=cmd.ruling_no, asset=cmd.asset)


def check_phase(phase: str) -> None:
    """Say no to a phase that no page offers."""
    if phase not in PHASES:
        raise UnknownPhaseError(phase=phase)


def check_days(
    effective_on: date, court_expiry: date | None, security_expires_on: date | None
) -> None:
    """Say no to an end that is a slip of the year, and to a security that was over before."""
    if court_expiry is not None and court_expiry > effective_on + FAR:
        raise FarExpiryError(effective_on=effective_on, expiry=court_expiry)
    if security_expires_on is not None and security_expires_on < effective_on:
        raise SecurityOverError(effective_on=effective_on, expires_on=security_expires_on)


def check_receipt(requested_on: date, receipt_on: date) -> None:
    """Say no to a receipt that is older than the application."""
    if receipt_on < requested_on:
        raise ReceiptOrderError(requested_on=requested_on, receipt_on=receipt_on)


def check_paper(uow: UnitOfWork, loan_id: int, document_id: int | None) -> None:
    """Say no to a paper that is not in the loan file of the measure."""
    if document_id is None:
        return
    paper = archive.get_document(uow, document_id)
    if paper.loan_id != loan_id:
        raise PaperElsewhereError(title=paper.title)


def check_past(uow: UnitOfWork, field: str, day: date) -> None:
    """Say no to something that has not happened yet."""
    today = uow.clock.today()
    if day > today:
        raise FutureDayError(field=field, day=day, today=today)


def check_after(measure: Measure, field: str, day: date) -> None:
    """Say no to a step before the measure took effect."""
    if day < measure.effective_on:
        raise BeforeMeasureError(field=field, day=day, effective_on=measure.effective_on)
