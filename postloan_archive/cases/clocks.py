"""The next days of the court cases of a loan, for the header of its file."""

from collections.abc import Iterator
from typing import Final

from postloan_archive.cases import queries
from postloan_archive.kernel.law import Due
from postloan_archive.loans.file_parts import HeaderClock
from postloan_archive.loans.models import Loan
from postloan_archive.uow import UnitOfWork

NEAREST: Final = 2  # days of each case that the header shows


def header_clocks(uow: UnitOfWork, loan: Loan) -> Iterator[HeaderClock]:
    """Yield the nearest days of each open case of the loan."""
    for case, days in queries.upcoming_of_loan(uow, loan.id):
        for number, day in enumerate(days[:NEAREST], start=1):
            due = day.due or Due(
                nominal=day.on,
                legal=day.on,
                safe=day.on,
                provisional=False,
                basis=(),
                steps=(f"{day.label}：法院文书或登记的日期 {day.on.isoformat()}。",),
            )
            yield HeaderClock(
                key=f"case-{case.id}-{number}",
                label=day.label,
                subject=case.case_no,
                due=due,
                note=f"{case.case_no} {case.court}",
                source="cases.case",
                source_args={"case_no": case.case_no},
            )
