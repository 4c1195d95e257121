"""The clocks of measures on assets in the header of the loan file; the step they ask for."""

from collections.abc import Iterator
from typing import Final

from postloan_archive.access.permissions import Permission
from postloan_archive.kernel.errors import _l
from postloan_archive.kernel.law import Due
from postloan_archive.loans.file_parts import FileState, HeaderClock, NextStep
from postloan_archive.loans.models import Loan
from postloan_archive.preservation import queries
from postloan_archive.preservation.queries import MeasureRow
from postloan_archive.uow import UnitOfWork

RENEWAL_DAYS: Final = 30  # so many days before the end the renewal is proposed (ux.md §4.2)


def header_clocks(uow: UnitOfWork, loan: Loan) -> Iterator[HeaderClock]:
    """Yield for each measure that stands its end, and the last day to ask for renewal."""
    for row in queries.measures(uow, loan_id=loan.id):
        name = f"{row.asset_label} · {row.respondent}"
        if row.expiry is None or row.apply_by is None:
            yield HeaderClock(
                key=f"measure-{row.id}",
                label=_l("轮候"),
                subject=name,
                due=None,
                words=_l("轮候无期限"),
                steps=("轮候查封、冻结在轮到生效之前没有期限。",),
            )
            continue
        yield HeaderClock(
            key=f"measure-{row.id}",
            label=_l("保全到期"),
            subject=name,
            due=_expiry(row),
            cannot_be_repaired=True,
            steps=row.steps,
            note=f"{row.court} {row.ruling_no}",
            source="preservation.of_loan",
            source_args={"loan_no": loan.loan_no},
        )
        if (row.days_left or 0) >= 0:
            yield HeaderClock(
                key=f"renewal-{row.id}",
                label=_l("续封申请"),
                subject=name,
                due=row.apply_by,
                cannot_be_repaired=True,
                done=row.renewal_requested_on is not None,
                words=_l("已申请续行") if row.renewal_requested_on else "",
                note=f"{row.court} {row.ruling_no}",
                source="preservation.of_loan",
                source_args={"loan_no": loan.loan_no},
            )


def next_steps(uow: UnitOfWork, loan: Loan, state: FileState) -> Iterator[NextStep]:
    """Yield the renewal of each measure that lapses soon and for which nothing was filed."""
    today = uow.clock.today()
    waiting = {
        clock.key.removeprefix("renewal-")
        for clock in state.clocks
        if clock.key.startswith("renewal-") and not clock.done
    }
    for clock in state.clocks:
        number = clock.key.removeprefix("measure-")
        if clock.due is None or number not in waiting:
            continue
        left = (clock.due.safe - today).days
        if 0 <= left < RENEWAL_DAYS:
            yield NextStep(
                label=_l("续封申请"),
                endpoint="preservation.of_loan",
                permission=Permission.PRESERVATION_EDIT,
                args={"loan_no": loan.loan_no},
                anchor=clock.key,
                icon="lock",
                urgency=left - RENEWAL_DAYS,
            )


def _expiry(row: MeasureRow) -> Due:
    """Return the end of the measure as a day that nothing moves."""
    assert row.expiry is not None
    assert row.apply_by is not None
    return Due(
        nominal=row.expiry,
        legal=row.expiry,
        safe=row.expiry,
        provisional=False,
        basis=row.basis,
        steps=row.steps,
        edition=row.apply_by.edition,
        calendar_edition=row.apply_by.calendar_edition,
    )
