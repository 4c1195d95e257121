"""The required papers that a loan file lacks (R-I05): the ledger against what was filed."""

from collections.abc import Iterator

from postloan_archive.access.permissions import Permission
from postloan_archive.archive import queries
from postloan_archive.archive.rules.completeness import (
    FileFacts,
    FileStage,
    Holder,
    MarriedUnknownError,
    OwnerUnknownError,
    Security,
    SecurityKind,
    required_items,
)
from postloan_archive.archive.rules.items import ITEMS
from postloan_archive.kernel.errors import _l
from postloan_archive.loans.derivation import position_of
from postloan_archive.loans.file_parts import Completeness, MissingItem, NextStep
from postloan_archive.loans.models import Loan
from postloan_archive.uow import UnitOfWork


def file_facts(loan: Loan, stages: frozenset[FileStage]) -> FileFacts:
    """Return what decides on the items of the file of a loan."""
    guarantees = [
        Security(
            kind=SecurityKind.GUARANTEE_COMPANY
            if row.guarantor.kind == "company"
            else SecurityKind.GUARANTEE_PERSON
        )
        for row in loan.guarantees
    ]
    collateral = [
        Security(
            kind=SecurityKind(row.kind),
            third_party=row.provider_id != loan.customer_id,
            owner=Holder(row.provider.kind),
        )
        for row in loan.collateral
    ]
    return FileFacts(
        borrower=Holder(loan.customer.kind),
        signed=loan.contract.signed_on,
        married=loan.customer.married,
        guarantees=(*guarantees, *collateral),
        stages=stages,
    )


def completeness_of(uow: UnitOfWork, loan: Loan) -> Completeness:
    """Return how many of the required papers the file holds and which are missing."""
    stages = set()
    if position_of(loan, uow.clock.today()).value.overdue_days:
        stages.add(FileStage.OVERDUE)
    try:
        needed = required_items(file_facts(loan, frozenset(stages)))
    except (MarriedUnknownError, OwnerUnknownError) as error:
        return Completeness(have=0, need=0, unknown=str(error))
    present = queries.present_items(uow, loan.id)
    missing = sorted(needed.keys() - present)
    return Completeness(
        have=len(needed) - len(missing),
        need=len(needed),
        missing=tuple(
            MissingItem(code=code, title=ITEMS[code].title, reason=needed[code])
            for code in missing
        ),
    )


def next_steps(uow: UnitOfWork, loan: Loan) -> Iterator[NextStep]:
    """Yield the step that asks for the missing papers."""
    if completeness_of(uow, loan).missing:
        yield NextStep(
            label=_l("催补缺件"),
            endpoint="archive.items",
            permission=Permission.DOCUMENT_VIEW,
            args={"loan_no": loan.loan_no},
            anchor="gaps",
            icon="doc",
            urgency=60,
        )
