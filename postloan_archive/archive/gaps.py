"""The required papers that a loan file lacks (R-I05): the ledger against what was filed."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Final

from postloan_archive.access.permissions import Permission
from postloan_archive.archive import matrix, queries
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
from postloan_archive.jobs import Handler, JobContext
from postloan_archive.kernel.actor import Actor
from postloan_archive.kernel.errors import _l
from postloan_archive.loans import positions
from postloan_archive.loans import queries as loans
from postloan_archive.loans.derivation import position_of
from postloan_archive.loans.errors import LoanNotFoundError
from postloan_archive.loans.file_parts import Completeness, FileState, MissingItem, NextStep
from postloan_archive.loans.models import Loan
from postloan_archive.loans.rules.stages import Stage, court_stages_up_to
from postloan_archive.uow import System, UnitOfWork

AT_ONCE: Final = 200  # loans of one transaction
FIRST_CHECK: Final = timedelta(days=15)  # after the drawdown, R-G06
_OF_COURT: Final = {
    Stage.LITIGATION: FileStage.LITIGATION,
    Stage.JUDGED: FileStage.JUDGED,
    Stage.EFFECTIVE: FileStage.EFFECTIVE,
    Stage.ENFORCEMENT: FileStage.ENFORCEMENT,
}


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


def file_stages(
    uow: UnitOfWork, loan: Loan, *, late: bool | None = None
) -> frozenset[FileStage]:
    """Return what has happened to the loan; earlier stages are listed too (R-I05).

    `late`: whether something is overdue today, where the caller knows; None: it is derived.
    """
    today = uow.clock.today()
    if late is None:
        late = bool(position_of(loan, today).value.overdue_days)
    stages = {_OF_COURT[stage] for stage in court_stages_up_to(Stage(loan.stage))}
    if loan.preserved:
        stages.add(FileStage.PRESERVED)
    if today > loan.disbursed_on + FIRST_CHECK:
        stages.add(FileStage.FIRST_CHECK_DUE)
    if late:
        stages.add(FileStage.OVERDUE)
    return frozenset(stages)


def handlers(system: System) -> dict[str, Handler]:
    """Return the job handlers by job kind."""
    return {
        positions.COUNT_PAPERS: lambda context: count_papers(system, context),
        matrix.COUNT_ALL: lambda context: count_all_papers(system, context),
    }


def count_all_papers(system: System, context: JobContext) -> None:
    """Count the papers of every loan anew, some at a time: the matrix has changed."""
    after: str | None = None
    done = 0
    while True:
        with system.unit_of_work(Actor.program("job")) as uow:
            found = loans.loans_after(uow, after, AT_ONCE)
            _count(uow, [loan.id for loan in found])
        if not found:
            return
        after, done = found[-1].loan_no, done + len(found)
        context.progress(done, 0, _l("正在清点必备件"))


def count_papers(system: System, context: JobContext) -> None:
    """Count the papers of the loans whose ids are the one argument."""
    ids = context.args[0]
    assert isinstance(ids, list)
    wanted = [one for one in ids if isinstance(one, int)]
    for at in range(0, len(wanted), AT_ONCE):
        with system.unit_of_work(Actor.program("job")) as uow:
            _count(uow, wanted[at : at + AT_ONCE])
        context.progress(at, len(wanted), _l("正在清点必备件"))


def _count(uow: UnitOfWork, loan_ids: Sequence[int]) -> None:
    """Count the papers of these loans for lists; the queries do not grow with their number."""
    late = positions.late_today(uow, loan_ids)
    _edition, rules = matrix.rules_of(uow)
    marks = matrix.standing_marks(uow, loan_ids)
    present = queries.present_items_of(uow, loan_ids)
    for loan in loans.loans_with_parties(uow, loan_ids):
        stages = file_stages(uow, loan, late=late.get(loan.id))
        try:
            needed: Mapping[str, str] = required_items(file_facts(loan, stages))
        except (MarriedUnknownError, OwnerUnknownError) as error:
            found = Completeness(have=0, need=0, unknown=str(error))
        else:
            needed = matrix.asked_for(needed, loan.product, rules, marks.get(loan.id, {}))
            found = _compared(needed, present.get(loan.id, frozenset()))
        positions.note_papers(uow, loan.id, found)


def refresh(uow: UnitOfWork, loan_id: int) -> None:
    """Count the papers of one loan for lists."""
    uow.session.flush()  # a paper of this step counts
    loan = loans.get_loan_by_id(uow, loan_id)
    positions.note_papers(uow, loan_id, completeness_of(uow, loan))


def standard_items(uow: UnitOfWork, loan: Loan) -> Mapping[str, str]:
    """Return what the standard matrix asks of a loan file today: code and reason.

    Raises:
        MarriedUnknownError, OwnerUnknownError: it cannot be told.
    """
    return required_items(file_facts(loan, file_stages(uow, loan)))


def completeness_of(uow: UnitOfWork, loan: Loan) -> Completeness:
    """Return how many of the required papers the file holds and which are missing."""
    try:
        needed = standard_items(uow, loan)
    except (MarriedUnknownError, OwnerUnknownError) as error:
        return Completeness(have=0, need=0, unknown=str(error))
    return _compared(matrix.required_of(uow, loan, needed), queries.present_items(uow, loan.id))


def _compared(needed: Mapping[str, str], present: frozenset[str]) -> Completeness:
    missing = sorted(needed.keys() - present)
    return Completeness(
        have=len(needed) - len(missing),
        need=len(needed),
        missing=tuple(
            MissingItem(code=code, title=ITEMS[code].title, reason=needed[code])
            for code in missing
        ),
    )


def fills_gap(uow: UnitOfWork, loan_no: str, code: str) -> tuple[int, int, bool] | None:
    """Return how many required papers the file holds, of how many, and whether this fills one.

    None where the loan file is not for the actor, or what it needs is not known.
    """
    try:
        found = completeness_of(uow, loans.get_loan(uow, loan_no))
    except LoanNotFoundError:
        return None
    if found.unknown:
        return None
    return found.have, found.need, any(one.code == code for one in found.missing)


def next_steps(uow: UnitOfWork, loan: Loan, state: FileState) -> Iterator[NextStep]:
    """Yield the step that asks for the missing papers."""
    del uow
    if state.completeness is not None and state.completeness.missing:
        yield NextStep(
            label=_l("催补缺件"),
            endpoint="archive.items",
            permission=Permission.DOCUMENT_VIEW,
            args={"loan_no": loan.loan_no},
            anchor="gaps",
            icon="doc",
            urgency=60,
        )
