"""What a day proposes, computed for every loan: each night, and again for any day."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any, Final

from sqlalchemy import and_, delete, insert, or_, select

from postloan_archive.collection import queries as collection
from postloan_archive.jobs import JobContext, Periodic
from postloan_archive.kernel.actor import Actor
from postloan_archive.kernel.errors import _l
from postloan_archive.loans.clocks import debt_clock, guarantee_clocks, planned
from postloan_archive.loans.ledger_rows import LedgerFacts, load_facts
from postloan_archive.loans.models import Collateral, Customer, Guarantee, Loan
from postloan_archive.loans.rules.guarantee_state import GuaranteeStatus
from postloan_archive.loans.rules.position import position
from postloan_archive.loans.rules.stages import Stage as LoanStage
from postloan_archive.notices.models import LetterProposal, Notice
from postloan_archive.notices.plans import PlanInUse, plan_in_use
from postloan_archive.notices.rules.loan_state import LoanState, Sent, Surety
from postloan_archive.notices.rules.proposals import proposals
from postloan_archive.policy.queries import load_policy
from postloan_archive.uow import System, UnitOfWork
from postloan_archive.workdays.service import load_calendar

PROPOSE: Final = "propose_letters"  # the kind of the job; its argument is a day, ISO, or none
PERIODIC: Final = (  # after the positions and the deadlines of the night
    Periodic(kind=PROPOSE, every=timedelta(days=1), offset=timedelta(minutes=50)),
)
BATCH: Final = 200  # loans in one transaction
KEPT_DAYS: Final = 31  # what older days proposed is forgotten: it can be computed again
NIGHT: Final = Actor.program("job")
BEFORE_COURT: Final = frozenset({LoanStage.PERFORMING.value, LoanStage.OVERDUE.value})
Stops = dict[int, tuple[tuple[str, date], ...]]


def propose_letters(system: System, context: JobContext) -> None:
    """Compute what a day proposes for all loans; running it again writes the same rows."""
    with system.look(NIGHT) as uow:
        day = date.fromisoformat(str(context.args[0])) if context.args else uow.clock.today()
    after: int | None = 0
    done = found = 0
    while after is not None:
        with system.unit_of_work(NIGHT) as uow:
            if after == 0:
                _forget(uow, day)
            after, loans_done, letters = _next_batch(uow, day, after)
            done, found = done + loans_done, found + letters
            if after is None:
                uow.record(
                    "notices.letters_proposed",
                    "notices",
                    day=day.isoformat(),
                    loans=done,
                    letters=found,
                )
        context.progress(done, 0, _l("正在推算应发函件"))


def _next_batch(uow: UnitOfWork, day: date, after: int) -> tuple[int | None, int, int]:
    certified = select(Notice.loan_id).where(Notice.kind == "N13", Notice.state == "issued")
    ids = uow.session.scalars(
        select(Loan.id)
        .where(
            Loan.id > after,
            Loan.disbursed_on <= day,
            or_(
                Loan.settled_on.is_(None),
                and_(Loan.settled_on.is_not(None), Loan.id.not_in(certified)),
            ),
        )
        .order_by(Loan.id)
        .limit(BATCH)
    ).all()
    if not ids:
        return None, 0, 0
    return ids[-1], len(ids), compute(uow, ids, day)


def compute(uow: UnitOfWork, loan_ids: Sequence[int], day: date) -> int:
    """Write what a day proposes for these loans in place of what was there; return how many."""
    plan = plan_in_use(uow)
    uow.session.execute(
        delete(LetterProposal).where(
            LetterProposal.day == day, LetterProposal.loan_id.in_(loan_ids)
        )
    )
    rows = [
        row
        for ledger, state in _states(uow, loan_ids, day)
        for row in _rows(uow, ledger, state, plan, day)
    ]
    if rows:
        uow.session.execute(insert(LetterProposal), rows)
    return len(rows)


def _forget(uow: UnitOfWork, day: date) -> None:
    oldest = uow.clock.today() - timedelta(days=KEPT_DAYS)
    uow.session.execute(
        delete(LetterProposal).where(
            or_(
                LetterProposal.day == day,
                and_(LetterProposal.day < oldest, LetterProposal.day != day),
            )
        )
    )


def _rows(
    uow: UnitOfWork, ledger: LedgerFacts, state: LoanState, plan: PlanInUse, day: date
) -> list[dict[str, Any]]:
    return [
        {
            "day": day,
            "loan_id": state.loan_id,
            "branch_id": ledger.branch_id,
            "stage": one.stage,
            "kind": one.kind,
            "addressee_id": one.addressee_id,
            "guarantee_id": one.guarantee_id,
            "days": one.days,
            "urgent_on": one.urgent_on,
            "why": list(one.why),
            "last": one.last,
            "stopped": one.stopped,
            "next_step": one.next_step,
            "edition": plan.edition,
            "computed_at": uow.clock.now(),
        }
        for one in proposals(state, plan.stages, day)
    ]


def _states(
    uow: UnitOfWork, loan_ids: Sequence[int], day: date
) -> list[tuple[LedgerFacts, LoanState]]:
    borrowers = {
        row.id: (row.customer_id, row.name)
        for row in uow.session.execute(
            select(Loan.id, Loan.customer_id, Customer.name)
            .join(Customer, Customer.id == Loan.customer_id)
            .where(Loan.id.in_(loan_ids))
            .order_by(Loan.id)
        )
    }
    sureties, providers = _sureties(uow, loan_ids), _providers(uow, loan_ids)
    letters = _letters(uow, loan_ids, day)
    stops = _stops(uow)
    calendar, policy = load_calendar(uow.session), load_policy(uow)
    found = []
    for ledger in load_facts(uow.session, loan_ids):
        borrower_id, name = borrowers[ledger.loan_id]
        owed = position(ledger.facts, day, detail=False).value
        settled = ledger.settled_on is not None and ledger.settled_on <= day
        # Nobody is in default while the contract's grace days run (R-G05).
        late = 0 if settled or owed.grace_until else owed.overdue_days
        limitation, own = None, []
        if late:
            clock = debt_clock(ledger, as_of=day, calendar=calendar, policy=policy)
            due = planned(clock) if clock is not None else None
            limitation = due.safe if due is not None else None
            states = guarantee_clocks(ledger, as_of=day, calendar=calendar, policy=policy)
            own = [
                Surety(
                    guarantee_id=terms.id,
                    addressee_id=sureties[terms.id][0],
                    name=sureties[terms.id][1],
                    kind=terms.kind,
                    ends=state.due.safe,
                    claimed=state.status is GuaranteeStatus.CLAIMED,
                )
                for terms, state in zip(ledger.guarantees, states, strict=True)
            ]
        found.append(
            (
                ledger,
                LoanState(
                    loan_id=ledger.loan_id,
                    borrower_id=borrower_id,
                    borrower=name,
                    due_on=ledger.main_due,
                    overdue_days=late,
                    settled_on=ledger.settled_on if settled else None,
                    limitation=limitation,
                    in_court=ledger.stage not in BEFORE_COURT,
                    sureties=tuple(own),
                    providers=tuple(providers[ledger.loan_id]),
                    letters=tuple(letters[ledger.loan_id]),
                    stops=stops,
                ),
            )
        )
    return found


def _sureties(uow: UnitOfWork, loan_ids: Sequence[int]) -> dict[int, tuple[int, str]]:
    rows = uow.session.execute(
        select(Guarantee.id, Guarantee.guarantor_id, Customer.name)
        .join(Customer, Customer.id == Guarantee.guarantor_id)
        .where(Guarantee.loan_id.in_(loan_ids))
        .order_by(Guarantee.id)
    )
    return {row.id: (row.guarantor_id, row.name) for row in rows}


def _providers(uow: UnitOfWork, loan_ids: Sequence[int]) -> dict[int, list[str]]:
    """Return the names of third parties who gave security, each once, by loan."""
    found: dict[int, list[str]] = defaultdict(list)
    for row in uow.session.execute(
        select(Collateral.loan_id, Customer.name)
        .join(Customer, Customer.id == Collateral.provider_id)
        .join(Loan, Loan.id == Collateral.loan_id)
        .where(Collateral.loan_id.in_(loan_ids), Collateral.provider_id != Loan.customer_id)
        .distinct()
        .order_by(Collateral.loan_id, Customer.name)
    ):
        found[row.loan_id].append(row.name)
    return found


def _letters(uow: UnitOfWork, loan_ids: Sequence[int], day: date) -> dict[int, list[Sent]]:
    """Return the issued letters of each loan as they stood on the day, oldest first."""
    found: dict[int, list[Sent]] = defaultdict(list)
    for row in uow.session.execute(
        select(
            Notice.loan_id,
            Notice.kind,
            Notice.addressee_id,
            Notice.guarantee_id,
            Notice.serial_no,
            Notice.issued_on,
            Notice.dispatched_on,
            Notice.outcome,
            Notice.outcome_on,
        )
        .where(Notice.loan_id.in_(loan_ids), Notice.state == "issued", Notice.issued_on <= day)
        .order_by(Notice.issued_on, Notice.id)
    ):
        sent = row.dispatched_on if row.dispatched_on and row.dispatched_on <= day else None
        known = bool(row.outcome) and row.outcome_on is not None and row.outcome_on <= day
        found[row.loan_id].append(
            Sent(
                kind=row.kind,
                addressee_id=row.addressee_id,
                guarantee_id=row.guarantee_id,
                serial_no=row.serial_no or "",
                issued_on=row.issued_on,
                dispatched_on=sent,
                outcome=row.outcome if known else "",
                outcome_on=row.outcome_on if known else None,
            )
        )
    return found


def _stops(uow: UnitOfWork) -> Stops:
    found: dict[int, list[tuple[str, date]]] = defaultdict(list)
    for stop in collection.stops_in_force(uow):
        found[stop.customer_id].append((stop.reason, stop.since))
    return {customer: tuple(stops) for customer, stops in found.items()}
