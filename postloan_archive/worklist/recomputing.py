"""Recomputing the deadlines of loans for a day: the stored rows follow the facts."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from sqlalchemy import ColumnElement, or_, select

from postloan_archive.cases import case_loans
from postloan_archive.kernel.actor import Actor
from postloan_archive.kernel.law import Citation, Due
from postloan_archive.loans.models import Loan, LoanPosition
from postloan_archive.policy.queries import load_policy
from postloan_archive.preservation.models import Measure
from postloan_archive.uow import System, UnitOfWork
from postloan_archive.workdays.service import load_calendar
from postloan_archive.worklist.models import Deadline
from postloan_archive.worklist.rules.computed import (
    COMPUTED,
    GONE,
    PAID_UP,
    SETTLED,
    Computed,
    Ended,
    State,
    Verdict,
    decide,
)
from postloan_archive.worklist.rules.kinds import Kind
from postloan_archive.worklist.sources.all import deadlines
from postloan_archive.worklist.sources.as_of import AsOf
from postloan_archive.worklist.sources.facts import LoanFile, load_files
from postloan_archive.worklist.sources.limitation import IN_PROCEDURE

BATCH: Final = 200  # loans in one transaction
BY_HAND: Final = "entered:"  # keys of what a person entered
"""Computed keys begin with the table they come from, entered ones with this."""


@dataclass(slots=True)
class Recomputed:
    """What a recomputation did, by verdict; a second run on the same facts does nothing."""

    loans: int = 0
    counts: Counter[str] = field(default_factory=Counter)

    @property
    def changed(self) -> int:
        """Return how many rows were created, moved, finished, struck or taken up again."""
        return sum(self.counts.values())

    def add(self, other: "Recomputed") -> None:
        """Add the result of another batch."""
        self.loans += other.loans
        self.counts.update(other.counts)


def recompute_loans(uow: UnitOfWork, loan_ids: Sequence[int], *, as_of: date) -> Recomputed:
    """Bring the deadlines of these loans in line with their facts as of a day.

    A row whose trigger moved is moved; a done one stays; one whose ground is gone is struck
    with the reason. A day that a person took from a paper of the court is never overwritten
    (R-001): the computed day stands beside it.
    """
    result = Recomputed()
    at = AsOf(day=as_of, calendar=load_calendar(uow.session), policy=load_policy(uow))
    files = load_files(uow, loan_ids)
    stored = _stored(uow, [one.loan_id for one in files])
    for file in files:
        rows = stored.get(file.loan_id, {})
        changes: list[list[str]] = []
        seen: set[str] = set()
        for computed in deadlines(file, at):
            seen.add(computed.key)
            row = rows.get(computed.key)
            if (change := _apply(uow, file, row, computed)) is not None:
                changes.append(change)
        for key, row in rows.items():
            if key not in seen and not key.startswith(BY_HAND) and row.state == State.OPEN:
                changes.append(_strike(uow, row, _why_gone(file, key, as_of)))
        result.loans += 1
        result.counts.update(change[0] for change in changes)
        if changes:
            uow.record(
                "worklist.deadlines_recomputed",
                f"loan:{file.loan_id}",
                loan_no=file.loan_no,
                as_of=as_of.isoformat(),
                changes=changes,
            )
    return result


def recompute_all(
    system: System, *, as_of: date | None = None
) -> Iterator[tuple[int, int, Recomputed]]:
    """Recompute every loan that may have deadlines, a batch in each transaction.

    Yields, after each batch, how many are done, of how many, and the result so far.

    Args:
        system: the opened parts.
        as_of: the day to look from; today unless given.
    """
    actor = Actor.program("job")
    with system.look(actor) as uow:
        today = uow.clock.today()
        day = as_of or today
        query = select(Loan.id).order_by(Loan.id)
        if day == today:
            query = query.where(_may_have_deadlines(today))
        ids: list[int] = list(uow.session.scalars(query))
    result = Recomputed()
    for batch in batched_ids(ids):
        with system.unit_of_work(actor) as uow:
            result.add(recompute_loans(uow, batch, as_of=day))
        yield result.loans, len(ids), result


def _may_have_deadlines(today: date) -> ColumnElement[bool]:
    """Return which loans are worth a look: those that are paid on time have no deadline.

    The position of the day says so; a loan without one, or with an older one, is looked at.
    """
    on_time = select(LoanPosition.loan_id).where(
        LoanPosition.as_of == today, LoanPosition.overdue_days == 0
    )
    watched = (
        select(Measure.loan_id),
        case_loans.sued_for(),
        select(Deadline.loan_id).where(
            Deadline.state == State.OPEN, ~Deadline.key.startswith(BY_HAND)
        ),
    )
    return or_(Loan.id.not_in(on_time), *(Loan.id.in_(query) for query in watched))


def batched_ids(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    """Yield the ids in batches of one transaction each."""
    for start in range(0, len(ids), BATCH):
        yield ids[start : start + BATCH]


def _stored(uow: UnitOfWork, loan_ids: Iterable[int]) -> dict[int, dict[str, Deadline]]:
    found: dict[int, dict[str, Deadline]] = {}
    for row in uow.session.scalars(
        select(Deadline).where(Deadline.loan_id.in_(list(loan_ids))).order_by(Deadline.id)
    ):
        found.setdefault(row.loan_id, {})[row.key] = row
    return found


def _apply(
    uow: UnitOfWork, file: LoanFile, row: Deadline | None, computed: Computed
) -> list[str] | None:
    """Bring one row in line; return what changed as the audit line says it, None if nothing."""
    state = None if row is None else State(row.state)
    by_person = row is not None and bool(row.struck_by)
    match decide(state, computed, struck_by_person=by_person):
        case Verdict.CREATE | Verdict.CREATE_DONE as verdict:
            row = _new(uow, file, computed)
            if computed.ended is not None:
                _finish(row, computed.ended)
            uow.session.add(row)
            return [verdict, computed.key, computed.due.safe.isoformat()]
        case Verdict.UPDATE:
            assert row is not None  # decide says so
            return _update(uow, row, computed)
        case Verdict.REOPEN:
            assert row is not None  # decide says so
            row.state, row.struck_reason = State.OPEN, ""
            _update(uow, row, computed)
            return [Verdict.REOPEN, row.key, row.safe.isoformat()]
        case Verdict.FINISH:
            assert row is not None  # decide says so
            assert computed.ended is not None  # decide says so
            _update(uow, row, computed)
            row.struck_reason = ""
            _finish(row, computed.ended)
            row.updated_at = uow.clock.now()
            return [Verdict.FINISH, row.key, computed.ended.on.isoformat()]
        case Verdict.STRIKE:
            assert row is not None  # decide says so
            assert computed.ended is not None  # decide says so
            if _waits(computed):
                _update(uow, row, computed)
            return _strike(uow, row, computed.ended.why)
        case _:
            return None if by_person else _of_struck(uow, file, row, computed)


def _of_struck(
    uow: UnitOfWork, file: LoanFile, row: Deadline | None, computed: Computed
) -> list[str] | None:
    """Keep what a struck limitation says of itself; nothing else is touched."""
    if row is None:
        return _waiting(uow, file, computed) if _waits(computed) else None
    return _restate(uow, row, computed) if row.state == State.STRUCK else None


def _waits(computed: Computed) -> bool:
    """Return whether a limitation stands still in a procedure; its page lists it anyway."""
    return (
        computed.kind is Kind.LIMITATION
        and computed.ended is not None
        and computed.ended.why == IN_PROCEDURE
    )


def _waiting(uow: UnitOfWork, file: LoanFile, computed: Computed) -> list[str]:
    """Enter a limitation that stands still in a procedure from the start; it is struck."""
    row = _new(uow, file, computed)
    uow.session.add(row)
    return _strike(uow, row, IN_PROCEDURE)


def _restate(uow: UnitOfWork, row: Deadline, computed: Computed) -> list[str] | None:
    """Keep up to date why a struck limitation does not run; it stays struck."""
    if computed.kind is not Kind.LIMITATION or computed.ended is None:
        return None
    changed = _update(uow, row, computed) if _waits(computed) else None
    if row.struck_reason != computed.ended.why:
        return _strike(uow, row, computed.ended.why)
    return changed


def _why_gone(file: LoanFile, key: str, day: date) -> str:
    """Return why the facts no longer give a deadline."""
    if file.settled:
        return SETTLED
    unpaid = file.unpaid(day)
    on_time = not unpaid or unpaid[0] >= day
    return PAID_UP if on_time and key.startswith(("limitation:", "guarantee:")) else GONE


def _new(uow: UnitOfWork, file: LoanFile, computed: Computed) -> Deadline:
    row = Deadline(
        key=computed.key,
        loan_id=file.loan_id,
        branch_id=file.branch_id,
        owner=computed.owner,
        created_at=uow.clock.now(),
        state=State.OPEN,
    )
    for name, value in _values(computed).items():
        setattr(row, name, value)
    return row


def _update(uow: UnitOfWork, row: Deadline, computed: Computed) -> list[str] | None:
    before = row.safe
    wanted = _values(computed)
    if row.court_day_by and computed.source == COMPUTED:
        # A person took the day from a paper: ours stands beside it.
        for name in ("nominal", "legal", "safe", "source", "provisional"):
            wanted.pop(name)
        wanted["computed_legal"] = computed.due.legal
        wanted["steps"] = steps_of_court_day(row.legal, computed.due)
    elif row.court_day_by and computed.due.legal == row.legal:
        wanted.pop("source")  # the docket says the same; the person named the paper
    elif row.court_day_by:
        wanted["court_day_by"] = ""  # the docket has been told another day since
    changed = [name for name, value in wanted.items() if getattr(row, name) != value]
    for name in changed:
        setattr(row, name, wanted[name])
    if not row.owner and computed.owner:
        row.owner = computed.owner
        changed.append("owner")
    if not changed:
        return None
    row.updated_at = uow.clock.now()
    if row.safe != before:
        return ["move", row.key, before.isoformat(), row.safe.isoformat()]
    return [Verdict.UPDATE, row.key, *sorted(changed)]


def _values(computed: Computed) -> dict[str, Any]:
    due = computed.due
    return {
        "kind": str(computed.kind),
        "rule": computed.rule,
        "case_id": computed.case_id,
        "subject": computed.subject,
        "title": computed.title,
        "nominal": due.nominal,
        "legal": due.legal,
        "safe": due.safe,
        "at": computed.at,
        "provisional": due.provisional,
        "source": computed.source,
        "computed_legal": computed.computed_legal,
        "trigger": computed.trigger,
        "trigger_on": computed.trigger_on,
        "proof_document_id": computed.proof_document_id,
        "basis": stored_basis(due.basis),
        "steps": list(due.steps),
        "edition": due.edition,
        "calendar_edition": due.calendar_edition,
        "reminders": [day.isoformat() for day in computed.reminders],
        "remind_from": min(computed.reminders, default=None),
        "escalate_on": computed.escalate_on,
    }


def _finish(row: Deadline, ended: Ended) -> None:
    row.state = State.DONE
    row.done_on = ended.on
    row.done_document_id = ended.document_id
    row.done_by = ""
    row.note = row.note or ended.why


def _strike(uow: UnitOfWork, row: Deadline, why: str) -> list[str]:
    row.state, row.struck_reason, row.struck_by = State.STRUCK, why, ""
    row.updated_at = uow.clock.now()
    return [Verdict.STRIKE, row.key, why]


def steps_of_court_day(day: date, ours: Due) -> list[str]:
    """Return the derivation of a day taken from a paper of the court, ours beneath it."""
    steps = [f"法院文书载明 {day.isoformat()}，以文书为准。", *ours.steps]
    if ours.legal != day:
        steps.append(f"推算为 {ours.legal.isoformat()}，与文书不一致，请核对。")
    return steps


def stored_basis(basis: Iterable[Citation]) -> list[dict[str, str]]:
    """Return the provisions as the row keeps them: what was cited, in which edition."""
    return [
        {
            "law": one.law,
            "article": one.article,
            "rule": one.rule,
            "confidence": str(one.confidence),
            "in_force_from": one.in_force_from.isoformat() if one.in_force_from else "",
        }
        for one in basis
    ]
