"""What is kept of a docket beside it: its coming days, and what the ledger must know of it.

Both follow from the events alone. They are written again with each recorded step, when calendar
or settings change, and every night; writing them twice changes nothing.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final

from sqlalchemy import delete, insert, select, update

from postloan_archive.cases import interruptions, queries
from postloan_archive.cases.models import Case, CaseDay
from postloan_archive.jobs import Handler, JobContext, Periodic
from postloan_archive.kernel.actor import Actor
from postloan_archive.policy.queries import load_policy
from postloan_archive.uow import System, UnitOfWork
from postloan_archive.workdays.service import load_calendar

KEEP: Final = "keep_case_days"
BATCH: Final = 200  # cases in one transaction
NIGHT: Final = Actor.program("job")
PERIODIC: Final = (  # before the deadlines of the day are computed from the ledger
    Periodic(kind=KEEP, every=timedelta(days=1), offset=timedelta(minutes=5)),
)


def keep(uow: UnitOfWork, case: Case, *, reason: str = "") -> None:
    """Write the days of a case again and tell the ledger; call it after any step.

    Args:
        uow: the unit of work of the step.
        case: the case.
        reason: why an event was struck, where one was; it goes with what the ledger takes back.
    """
    uow.session.flush()  # the days are read back from rows
    interruptions.sync(uow, case, reason=reason)
    _write_days(uow, case)


def handlers(system: System) -> dict[str, Handler]:
    """Return the job handlers by job kind."""
    return {KEEP: lambda context: keep_all(system, context)}


def keep_all(system: System, context: JobContext) -> None:
    """Keep every case that is not closed, and each closed one that was never kept."""
    after, done = 0, 0
    while True:
        with system.unit_of_work(NIGHT) as uow:
            cases: Sequence[Case] = uow.session.scalars(
                select(Case)
                .where(Case.id > after, Case.closed_on.is_(None) | Case.days_kept.is_(False))
                .order_by(Case.id)
                .limit(BATCH)
            ).all()
            for case in cases:
                keep(uow, case)
            if not cases:
                return
            after, done = cases[-1].id, done + len(cases)
        context.progress(done, 0, "案件期限")


def _write_days(uow: UnitOfWork, case: Case) -> None:
    calendar, policy = load_calendar(uow.session), load_policy(uow)
    days = queries.upcoming(case, calendar, date.min, policy)
    new = [(day.on, day.label) for day in days]
    old = [
        (row.on, row.label)
        for row in uow.session.execute(
            select(CaseDay.on, CaseDay.label)
            .where(CaseDay.case_id == case.id)
            .order_by(CaseDay.on, CaseDay.id)
        )
    ]
    if new != old:
        uow.session.execute(delete(CaseDay).where(CaseDay.case_id == case.id))
        if new:
            uow.session.execute(
                insert(CaseDay),
                [{"case_id": case.id, "on": on, "label": label} for on, label in new],
            )
    if not case.days_kept:  # not through the row: its version is for people
        uow.session.execute(
            update(Case)
            .where(Case.id == case.id)
            .values(days_kept=True)
            .execution_options(synchronize_session=False)
        )
