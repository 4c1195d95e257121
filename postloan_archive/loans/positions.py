"""The cached position of each loan: recomputed when its facts change and every night.

Lists read the table and derive nothing. The columns of papers belong to the archive, which
writes them through `note_papers`.
"""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Final

from sqlalchemy import func, insert, select, update
from sqlalchemy.orm import Session

from postloan_archive.jobs import Handler, JobContext, Periodic
from postloan_archive.kernel.actor import Actor
from postloan_archive.kernel.calendar import WorkCalendar
from postloan_archive.kernel.policy import LawPolicy
from postloan_archive.loans.clocks import counted, debt_clock, guarantee_clocks
from postloan_archive.loans.file_parts import Completeness
from postloan_archive.loans.ledger_rows import LedgerFacts, load_facts
from postloan_archive.loans.models import Loan, LoanPosition
from postloan_archive.loans.rules.ageing import bucket, class_by_days
from postloan_archive.loans.rules.guarantee_state import GuaranteeStatus
from postloan_archive.loans.rules.limitation_state import LimitationStatus
from postloan_archive.loans.rules.position import position
from postloan_archive.loans.rules.stages import stage_of
from postloan_archive.policy.queries import load_policy
from postloan_archive.uow import System, UnitOfWork
from postloan_archive.workdays.service import load_calendar

BATCH: Final = 500  # loans in one transaction
AT_ONCE: Final = 2_000  # loans of an import that are done in its own transaction
COUNT_PAPERS: Final = "count_papers"  # a job of the archive
REFRESH: Final = "refresh_positions"  # a job of ours, every night
REFRESH_SOME: Final = "refresh_some_positions"  # after an import
PERIODIC: Final = (  # ten minutes past midnight, before the deadlines of the day
    Periodic(kind=REFRESH, every=timedelta(days=1), offset=timedelta(minutes=10)),
)
NIGHT: Final = Actor.program("job")
NOTHING_OWED: Final[dict[str, Any]] = {  # to us, of a claim that was sold
    **dict.fromkeys(
        ("balance", "principal_due", "interest_due", "accrued", "penalty", "compound"),
        Decimal("0.00"),
    ),
    "overdue_since": None,
    "overdue_days": 0,
    "bucket": bucket(0),
    "class_floor": class_by_days(0).value,
    "next_due": None,
}
_OVER: Final = (GuaranteeStatus.CLAIMED, GuaranteeStatus.PAST)


def refresh(uow: UnitOfWork, loan_id: int) -> None:
    """Recompute the position of one loan for today; call it after its facts changed."""
    uow.session.flush()  # the facts of this step are read back as rows
    _write(uow, [loan_id], uow.clock.today())


def refresh_imported(uow: UnitOfWork, loan_ids: Sequence[int], *, later: bool) -> None:
    """Compute the positions of loans that an import brought or changed.

    A few are done in this transaction. Of many each part is a job, so that nobody waits for
    the write lock; `later` False: the caller does it after the commit with `refresh_loans`.
    """
    ids = sorted(set(loan_ids))
    if len(ids) <= AT_ONCE:
        uow.session.flush()  # the facts are read back as rows
        _refresh(uow, ids)
    elif later:
        for at in range(0, len(ids), AT_ONCE):
            uow.enqueue(REFRESH_SOME, ids[at : at + AT_ONCE])


def refresh_loans(system: System, loan_ids: Sequence[int]) -> Iterator[int]:
    """Compute the positions of these loans, a batch a transaction; yield how many are done."""
    for at in range(0, len(loan_ids), BATCH):
        part = loan_ids[at : at + BATCH]
        with system.unit_of_work(NIGHT) as uow:
            _refresh(uow, part)
        yield at + len(part)


def refresh_some(system: System, context: JobContext) -> None:
    """Compute the positions of the loans whose ids are the one argument."""
    ids = context.args[0]
    assert isinstance(ids, Sequence)  # written by `refresh_imported`
    wanted = sorted({int(one) for one in ids if isinstance(one, int)})
    for done in refresh_loans(system, wanted):
        context.progress(done, len(wanted))


def _refresh(uow: UnitOfWork, ids: Sequence[int]) -> None:
    for at in range(0, len(ids), BATCH):
        _write(uow, ids[at : at + BATCH], uow.clock.today())
    if ids:
        recount_papers(uow, ids)


def refresh_batch(
    uow: UnitOfWork, *, after: int = 0, as_of: date | None = None, limit: int = BATCH
) -> tuple[int | None, int]:
    """Recompute the next loans after an id; running it again writes the same rows.

    Returns:
        The last id, None when there is no loan left, and how many were recomputed.
    """
    ids = uow.session.scalars(
        select(Loan.id).where(Loan.id > after).order_by(Loan.id).limit(limit)
    ).all()
    if not ids:
        return None, 0
    _write(uow, ids, as_of or uow.clock.today())
    uncounted = uow.session.scalars(
        select(LoanPosition.loan_id)
        .where(
            LoanPosition.loan_id.in_(ids),
            LoanPosition.items_need.is_(None),
            LoanPosition.items_unknown == "",
        )
        .order_by(LoanPosition.loan_id)
    ).all()
    if uncounted:
        recount_papers(uow, uncounted)
    return ids[-1], len(ids)


def handlers(system: System) -> dict[str, Handler]:
    """Return the job handlers by job kind."""
    return {
        REFRESH: lambda context: refresh_all(system, context),
        REFRESH_SOME: lambda context: refresh_some(system, context),
    }


def refresh_all(system: System, context: JobContext) -> None:
    """Recompute every loan for today, a batch a transaction; the work of every night."""
    after: int | None = 0
    count = 0
    while after is not None:
        context.progress(count, 0)
        with system.unit_of_work(NIGHT) as uow:
            after, done = refresh_batch(uow, after=after)
            count += done
            if after is None:
                uow.record(
                    "loans.positions_refreshed",
                    "system:1",
                    as_of=uow.clock.today().isoformat(),
                    loans=count,
                )


def recount_papers(uow: UnitOfWork, loan_ids: Sequence[int]) -> None:
    """Ask the archive to count the papers of these loans again, after the commit."""
    uow.enqueue(COUNT_PAPERS, list(loan_ids))


def late_today(uow: UnitOfWork, loan_ids: Sequence[int]) -> dict[int, bool]:
    """Return whether something is overdue, of the loans whose position is of today."""
    rows = uow.session.execute(
        select(LoanPosition.loan_id, LoanPosition.overdue_days)
        .where(LoanPosition.loan_id.in_(loan_ids), LoanPosition.as_of == uow.clock.today())
        .order_by(LoanPosition.loan_id)
    )
    return {loan_id: days > 0 for loan_id, days in rows}


def note_papers(uow: UnitOfWork, loan_id: int, found: Completeness) -> None:
    """Write what the archive counted for a loan; nothing happens where it has no position."""
    codes = " ".join(item.code for item in found.missing)
    uow.session.execute(
        update(LoanPosition)
        .where(LoanPosition.loan_id == loan_id)
        .values(
            items_have=None if found.unknown else found.have,
            items_need=None if found.unknown else found.need,
            items_missing=f" {codes} " if codes else "",
            items_unknown=found.unknown,
        )
        .execution_options(synchronize_session=False)
    )


def note_arrived(uow: UnitOfWork, loan_id: int, code: str) -> None:
    """Take an item off the missing ones of a loan: a paper with this code was filed."""
    mark = f" {code} "
    uow.session.execute(
        update(LoanPosition)
        .where(LoanPosition.loan_id == loan_id, LoanPosition.items_missing.contains(mark))
        .values(
            items_have=LoanPosition.items_have + 1,
            items_missing=func.replace(LoanPosition.items_missing, mark, " "),
        )
        .execution_options(synchronize_session=False)
    )


def _write(uow: UnitOfWork, ids: Sequence[int], as_of: date) -> None:
    session = uow.session
    calendar, policy, at = load_calendar(session), load_policy(uow), uow.clock.now()
    rows = [
        {**_values(ledger, as_of, calendar, policy), "computed_at": at}
        for ledger in load_facts(session, ids)
    ]
    known = _stages(session, ids)
    old = [row for row in rows if row["loan_id"] in known]
    new = [row for row in rows if row["loan_id"] not in known]
    if old:
        session.execute(update(LoanPosition), old)
    if new:
        blank = {"items_missing": "", "items_unknown": ""}
        session.execute(insert(LoanPosition), [row | blank for row in new])
    moved = [row["loan_id"] for row in old if known[row["loan_id"]] != row["stage"]]
    if moved:
        recount_papers(uow, moved)  # another stage asks for other papers (R-I05)


def _stages(session: Session, ids: Sequence[int]) -> dict[int, str]:
    """Return the stage by loan id for the loans that have a row."""
    rows = session.execute(
        select(LoanPosition.loan_id, LoanPosition.stage)
        .where(LoanPosition.loan_id.in_(ids))
        .order_by(LoanPosition.loan_id)
    )
    return {row.loan_id: row.stage for row in rows}


def _values(
    ledger: LedgerFacts, as_of: date, calendar: WorkCalendar, policy: LawPolicy
) -> dict[str, Any]:
    """Return the columns of one row, those of papers left out."""
    owed = position(ledger.facts, as_of, detail=False).value
    values: dict[str, Any] = {
        "loan_id": ledger.loan_id,
        "as_of": as_of,
        "branch_id": ledger.branch_id,
        "year": ledger.facts.disbursed_on.year,
        "principal": ledger.facts.principal,
        "due_on": ledger.facts.due_on,
        "balance": owed.balance,
        "principal_due": owed.principal_due,
        "interest_due": owed.interest_due,
        "accrued": owed.accrued,
        "penalty": owed.penalty,
        "compound": owed.compound,
        "overdue_since": owed.overdue_since,
        "overdue_days": owed.overdue_days,
        "bucket": bucket(owed.overdue_days),
        "class_floor": class_by_days(owed.overdue_days).value,
        "next_due": owed.next_due,
        "stage": stage_of(
            court=ledger.stage,
            overdue_days=owed.overdue_days,
            settled_on=ledger.settled_on,
            as_of=as_of,
            transferred_on=ledger.transferred_on,
        ).value,
        "limitation_by": None,
        "limitation_end": None,
        "limitation_status": "",
        "guarantee_by": None,
        "guarantee_end": None,
    }
    if ledger.transferred_on is not None and ledger.transferred_on <= as_of:
        return values | NOTHING_OWED
    if ledger.over or not owed.overdue_days:
        return values  # no clock of the ledger runs before something is late
    debt = debt_clock(ledger, as_of=as_of, calendar=calendar, policy=policy)
    if debt is not None and debt.status is not LimitationStatus.NOT_STARTED:
        due = counted(debt)
        values["limitation_status"] = debt.status.value
        if due is not None:
            values["limitation_by"], values["limitation_end"] = due.safe, due.legal
    if as_of > ledger.main_due:
        running = [
            one.due
            for one in guarantee_clocks(ledger, as_of=as_of, calendar=calendar, policy=policy)
            if one.status not in _OVER
        ]
        if running:
            nearest = min(running, key=lambda due: due.safe)
            values["guarantee_by"], values["guarantee_end"] = nearest.safe, nearest.legal
    return values
