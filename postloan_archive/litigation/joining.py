"""Loans that come into a case or leave it, with the exhibits of their files."""

from postloan_archive.archive import queries as archive
from postloan_archive.cases import joining
from postloan_archive.cases import queries as cases
from postloan_archive.litigation import queries, service
from postloan_archive.loans import queries as loans
from postloan_archive.uow import UnitOfWork


def join_loan(uow: UnitOfWork, case_no: str, loan_no: str) -> int:
    """Sue for one more loan; return how many exhibits of its file were added to the package.

    Raises:
        CaseNotFoundError, LoanNotFoundError: not for this actor.
        LoansFixedError, LoanNotJoinableError: see `cases.joining.join_loan`.
    """
    joining.join_loan(uow, case_no, loan_no)
    uow.session.flush()  # the package looks at the loans of the case
    if queries.package_of(uow, cases.get_case(uow, case_no)) is None:
        return 0
    return service.propose_more(uow, case_no)


def take_out(uow: UnitOfWork, case_no: str, loan_no: str, reason: str) -> int:
    """Take a loan out; return how many exhibits left the package with it.

    Raises:
        CaseNotFoundError, LoanNotFoundError: not for this actor.
        LoanNotJoinedError, LeadingLoanError, LoansFixedError, ReasonMissingError: see
            `cases.joining.take_out`.
    """
    joining.take_out(uow, case_no, loan_no, reason)
    package = queries.package_of(uow, cases.get_case(uow, case_no))
    if package is None:
        return 0
    loan_id = loans.get_loan(uow, loan_no).id
    gone = [
        item.id
        for item in package.items
        if archive.get_document(uow, item.document_id).loan_id == loan_id
    ]
    for item_id in gone:
        service.remove_exhibit(uow, case_no, item_id)
    return len(gone)
