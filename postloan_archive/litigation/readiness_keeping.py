"""What the list of readiness is sorted and summed by: looked at every night, loan by loan."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from sqlalchemy import delete, insert, select

from postloan_archive.jobs import Handler, Job, JobContext, Periodic
from postloan_archive.kernel.actor import Actor
from postloan_archive.litigation import readiness
from postloan_archive.litigation.models import KeptReadiness
from postloan_archive.litigation.readiness import Readiness
from postloan_archive.loans.models import Loan
from postloan_archive.uow import System, UnitOfWork

KEEP: Final = "keep_readiness"
BATCH: Final = 100  # loans in one transaction, so that nobody waits long for the writer
NIGHT: Final = Actor.program("job")
PERIODIC: Final = (  # after the positions of the day
    Periodic(kind=KEEP, every=timedelta(days=1), offset=timedelta(minutes=50)),
)


def handlers(system: System) -> dict[str, Handler]:
    """Return the job handlers by job kind."""
    return {KEEP: lambda context: keep_all(system, context)}


def ask(uow: UnitOfWork) -> Job:
    """Let a worker look at every overdue loan now."""
    uow.record("litigation.readiness_asked", "readiness")
    return uow.enqueue(KEEP)


def keep_all(system: System, context: JobContext) -> None:
    """Look at every overdue loan; what is no longer overdue is forgotten."""
    with system.unit_of_work(NIGHT) as uow:
        loan_nos = readiness.overdue(uow)
        late = set(loan_nos)
        kept = uow.session.execute(
            select(Loan.loan_no, Loan.id).join(KeptReadiness, KeptReadiness.loan_id == Loan.id)
        ).all()
        for loan_no, loan_id in kept:
            if loan_no not in late:
                uow.session.execute(
                    delete(KeptReadiness).where(KeptReadiness.loan_id == loan_id)
                )
    for at in range(0, len(loan_nos), BATCH):
        part = loan_nos[at : at + BATCH]
        with system.unit_of_work(NIGHT) as uow:
            keep(uow, part)
        context.progress(at + len(part), len(loan_nos), "诉讼准备度")


def keep(uow: UnitOfWork, loan_nos: Sequence[str]) -> None:
    """Write the rows of some loans again, as of today."""
    rows = readiness.of_loans(uow, loan_nos)
    pairs = uow.session.execute(select(Loan.loan_no, Loan.id).where(Loan.loan_no.in_(loan_nos)))
    ids = {row.loan_no: row.id for row in pairs}
    uow.session.execute(delete(KeptReadiness).where(KeptReadiness.loan_id.in_(ids.values())))
    if rows:
        today = uow.clock.today()
        uow.session.execute(
            insert(KeptReadiness),
            [_kept(ids[row.loan_no], row) | {"as_of": today} for row in rows],
        )


def _kept(loan_id: int, row: Readiness) -> dict[str, object]:
    return {
        "loan_id": loan_id,
        "claim_total": row.claim_total,
        "procedure": row.procedure,
        "fee": row.fee,
        "missing": len(row.missing_items) + len(row.missing_facts),
        "case_no": row.case_no,
    }
