"""The next step to court in the header of a loan file."""

from collections.abc import Iterator

from postloan_archive.access.permissions import Permission
from postloan_archive.cases.case_loans import open_case_no
from postloan_archive.kernel.errors import _l
from postloan_archive.loans.derivation import position_of
from postloan_archive.loans.file_parts import FileState, NextStep
from postloan_archive.loans.models import Loan
from postloan_archive.uow import UnitOfWork

AFTER: int = 400  # behind what has a day


def next_steps(uow: UnitOfWork, loan: Loan, state: FileState) -> Iterator[NextStep]:
    """Yield the way to court of an overdue loan, or the package of its open case."""
    del state
    if loan.settled_on is not None:
        return
    case_no = open_case_no(uow, loan.id)
    if case_no is not None:
        yield NextStep(
            label=_l("材料包"),
            endpoint="litigation.package",
            permission=Permission.PACKAGE_VIEW,
            args={"case_no": case_no},
            icon="box",
            urgency=AFTER,
        )
    elif position_of(loan, uow.clock.today()).value.overdue_days:
        yield NextStep(
            label=_l("起诉准备"),
            endpoint="litigation.setup",
            permission=Permission.PACKAGE_VIEW,
            args={"loan_no": loan.loan_no},
            icon="law",
            urgency=AFTER,
        )
