"""The numbers of cases, ours and the court's, by loan: they lead papers to their loan file."""

from collections.abc import Iterator

from sqlalchemy import select

from postloan_archive.access import branches
from postloan_archive.archive.rules.clues import Other
from postloan_archive.cases.case_loans import links
from postloan_archive.cases.models import Case, Procedure
from postloan_archive.loans import queries
from postloan_archive.loans.models import Loan
from postloan_archive.uow import UnitOfWork


def numbers_of_cases(uow: UnitOfWork, branch_id: int | None) -> Iterator[Other]:
    """Yield each number with each loan that it stands for, where the actor may see the loan."""
    pairs = links()
    query = (
        select(Loan.loan_no, Case.case_no, Procedure.court_case_no)
        .join(pairs, pairs.c.loan_id == Loan.id)
        .join(Case, Case.id == pairs.c.case_id)
        .outerjoin(Procedure, Procedure.case_id == Case.id)
        .where(Loan.id.in_(queries.visible_ids(uow)))
        .order_by(Case.id, Procedure.id)
    )
    if branch_id is not None:
        below = branches.with_descendants(uow.session, [branch_id])
        query = query.where(Loan.branch_id.in_(sorted(below)))
    for loan_no, case_no, court_no in uow.session.execute(query):
        yield Other(kind="case_no", number=case_no, loan_no=loan_no)
        if court_no:
            yield Other(kind="court_no", number=court_no, loan_no=loan_no)
