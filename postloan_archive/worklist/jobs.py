"""Recomputing in the background: after each step that changes facts, and every night."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Final

from sqlalchemy import select

from postloan_archive.cases import case_loans
from postloan_archive.cases.keeping import KEEP
from postloan_archive.cases.models import CaseEvent
from postloan_archive.disposal.models import DisposalLoan, ForeclosedAsset
from postloan_archive.jobs import Handler, JobContext, Periodic
from postloan_archive.kernel.actor import Actor
from postloan_archive.loans.models import Guarantee, LimitationEvent, Loan, Payment
from postloan_archive.preservation.models import Measure
from postloan_archive.uow import Step, System, UnitOfWork
from postloan_archive.worklist import reminding
from postloan_archive.worklist.recomputing import (
    BATCH,
    batched_ids,
    recompute_all,
    recompute_loans,
)

RECOMPUTE: Final = "recompute_deadlines"
RECOMPUTE_ALL: Final = "recompute_all_deadlines"
REMIND: Final = "remind"
MAIL: Final = "mail_reminders"
PERIODIC: Final = (
    Periodic(kind=RECOMPUTE_ALL, every=timedelta(days=1), offset=timedelta(minutes=10)),
    Periodic(kind=REMIND, every=timedelta(days=1), offset=timedelta(hours=6)),
    Periodic(kind=MAIL, every=timedelta(days=1), offset=timedelta(hours=8)),
)

MOVING: Final = frozenset({"loans", "cases", "preservation", "disposal"})
"""Capabilities whose steps change what deadlines rest on."""

STILL: Final = frozenset(  # steps of theirs that move no deadline, and looks at pages
    {
        "loans.balances_compared",
        "loans.balances_comparison_asked",
        "loans.customer_registered",
        "loans.lender_described",
        "loans.positions_refreshed",
        "loans.ledger_uploaded",
        "loans.ledger_worked_on",
        "loans.ledger_decided",
        "loans.ledger_mapped",
        "loans.mapping_dropped",
        "loans.mapping_saved",
        "loans.collateral_revalued",
        "loans.loan_classified",
        "loans.service_address_stated",
        "preservation.application_made",
        "cases.facts_filled",
        "disposal.letters_planned",
        "disposal.sheet_filed",
        "disposal.package_made",
        "disposal.claim_confirmed",
        "disposal.money_recovered",  # the ledger's own step moves them
    }
)
LOOKS: Final = ("_viewed", "_printed", "_exported", "_unmasked", "_looked_at", "_downloaded")
ALL_MOVE: Final = frozenset({"workdays", "policy"})  # calendar (R-K06) and settings

LONGEST_ID: Final = 18  # digits; a longer number is no id
LINKS: Final = case_loans.links()
_OWNERS: Final = {  # first word of a subject -> its loans, and the column of its number
    "loan": (select(Loan.id), Loan.id),
    "case": (select(LINKS.c.loan_id), LINKS.c.case_id),
    "case_event": (
        select(LINKS.c.loan_id).join(CaseEvent, CaseEvent.case_id == LINKS.c.case_id),
        CaseEvent.id,
    ),
    "preservation": (select(Measure.loan_id), Measure.id),
    "measure": (select(Measure.loan_id), Measure.id),
    "limitation_event": (select(LimitationEvent.loan_id), LimitationEvent.id),
    "payment": (select(Payment.loan_id), Payment.id),
    "disposal": (select(DisposalLoan.loan_id), DisposalLoan.disposal_id),
    "foreclosed_asset": (select(ForeclosedAsset.loan_id), ForeclosedAsset.id),
    "guarantee": (select(Guarantee.loan_id), Guarantee.id),
}


def handlers(system: System) -> dict[str, Handler]:
    """Return the job handlers of the worklist by job kind."""
    return {
        RECOMPUTE: lambda context: recompute_some(system, context),
        RECOMPUTE_ALL: lambda context: recompute_every_loan(system, context),
        REMIND: lambda _context: write_reminders(system),
        MAIL: lambda _context: send_digests(system),
    }


def write_reminders(system: System) -> None:
    """Write the reminders of today."""
    with system.look(reminding.JOB) as uow:  # it takes long and must keep no writer waiting
        day = uow.clock.today()
        rows = reminding.due_reminders(uow, day)
    new = 0
    for part in reminding.parts_of(rows):
        with system.unit_of_work(reminding.JOB) as uow:
            new += reminding.write_reminders(uow, part)
    if new:
        with system.unit_of_work(reminding.JOB) as uow:
            reminding.note_reminded(uow, day, new)


def send_digests(system: System) -> None:
    """Send the daily digests; a refusal of the mail server fails the job, which tries again."""
    reminding.mail_digests(system, system.settings)


def recompute_some(system: System, context: JobContext) -> None:
    """Recompute the loans whose ids are the one argument, as of today."""
    ids = context.args[0]
    assert isinstance(ids, Sequence)  # written by `follow`
    wanted = sorted({int(one) for one in ids if isinstance(one, int)})
    for batch in batched_ids(wanted):
        with system.unit_of_work(Actor.program("job")) as uow:
            recompute_loans(uow, batch, as_of=uow.clock.today())


def recompute_every_loan(system: System, context: JobContext) -> None:
    """Recompute all loans as of today, or of the day (ISO) that is the one argument."""
    day = date.fromisoformat(str(context.args[0])) if context.args else None
    for done, total, _result in recompute_all(system, as_of=day):
        context.progress(done, total, "重算期限")


def follow(uow: UnitOfWork, steps: Sequence[Step]) -> None:
    """Put in the recomputation that the steps of one transaction ask for; in the same one.

    The layers below know nothing of deadlines: their audit lines say what they did.
    """
    if any(_capability(event) in ALL_MOVE and _acts(event) for event, _ in steps):
        uow.enqueue(KEEP)
        uow.enqueue(RECOMPUTE_ALL)
        return
    subjects = [subject for event, subject in steps if moves_deadlines(event)]
    if not subjects:
        return
    if ids := _loans_of(uow, subjects):
        uow.enqueue(RECOMPUTE, ids)
    else:
        uow.enqueue(RECOMPUTE_ALL)  # a step on many loans, such as an import


def moves_deadlines(event: str) -> bool:
    """Return whether a step may change the deadlines of a loan."""
    return _capability(event) in MOVING and event not in STILL and _acts(event)


def _capability(event: str) -> str:
    return event.partition(".")[0]


def _acts(event: str) -> bool:
    return not event.endswith(LOOKS)


def _loans_of(uow: UnitOfWork, subjects: Iterable[str]) -> list[int]:
    """Return the ids of the loans that the subjects belong to, rising; a query a table."""
    numbers: dict[str, set[int]] = {}
    loan_numbers: set[str] = set()
    for subject in subjects:
        table, _, number = subject.partition(":")
        if number.isdecimal() and len(number) < LONGEST_ID:
            numbers.setdefault(table, set()).add(int(number))
        if table == "loan":
            loan_numbers.add(number)  # some steps name the loan by its number
    found: set[int] = set()
    for start in range(0, len(loan_numbers), BATCH):
        part = sorted(loan_numbers)[start : start + BATCH]
        found.update(uow.session.scalars(select(Loan.id).where(Loan.loan_no.in_(part))))
    for table, ids in numbers.items():
        if table not in _OWNERS:
            continue
        for batch in batched_ids(sorted(ids)):
            query = _OWNERS[table]
            found.update(uow.session.scalars(query[0].where(query[1].in_(batch))))
    return sorted(found)
