"""What the capabilities above report of a loan: its court stage, that assets are held."""

from datetime import date

from postloan_archive.loans import positions, queries
from postloan_archive.loans.rules.ageing import RiskClass
from postloan_archive.loans.rules.stages import Stage
from postloan_archive.uow import UnitOfWork


def report_court_stage(uow: UnitOfWork, loan_id: int, stage: Stage) -> None:
    """Note where the case of a loan stands; `PERFORMING` where no case is open any more.

    The audit line is that of the step in the case.

    Raises:
        LoanNotFoundError: no such loan for this actor.
    """
    loan = queries.get_loan_by_id(uow, loan_id)
    if loan.stage != stage.value:
        loan.stage = stage.value
        positions.refresh(uow, loan_id)


def report_judgment(uow: UnitOfWork, loan_id: int, effective_on: date | None) -> None:
    """Note the first judgment in force about the loan; None: there is none.

    From then on the period for enforcement takes the place of the limitation (R-D13).

    Raises:
        LoanNotFoundError: no such loan for this actor.
    """
    loan = queries.get_loan_by_id(uow, loan_id)
    if loan.judged_on != effective_on:
        loan.judged_on = effective_on
        positions.refresh(uow, loan_id)


def report_measure(uow: UnitOfWork, loan_id: int) -> None:
    """Note that a measure on assets was registered for the loan.

    Raises:
        LoanNotFoundError: no such loan for this actor.
    """
    loan = queries.get_loan_by_id(uow, loan_id)
    if not loan.preserved:
        loan.preserved = True
        uow.session.flush()  # the archive counts from the row
        positions.recount_papers(uow, [loan_id])


def report_class(uow: UnitOfWork, loan_id: int, risk_class: RiskClass, why: str) -> None:
    """Note the class that people decided on.

    Raises:
        LoanNotFoundError: no such loan for this actor.
    """
    loan = queries.get_loan_by_id(uow, loan_id)
    before = loan.risk_class
    if before != risk_class:
        loan.risk_class = str(risk_class)
        uow.record(
            "loans.loan_classified",
            f"loan:{loan.loan_no}",
            before=before,
            after=loan.risk_class,
            why=why,
        )
