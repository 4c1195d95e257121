"""Risk signals: found by rule every night or by a person, followed to their end."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select

from postloan_archive.inspection import queries
from postloan_archive.inspection.errors import SignalNotedError, SignalWordsError
from postloan_archive.inspection.models import Signal
from postloan_archive.inspection.rules import signal_deadline
from postloan_archive.loans import queries as loans
from postloan_archive.loans import summaries
from postloan_archive.uow import UnitOfWork
from postloan_archive.workdays.service import load_calendar


def raise_signal(uow: UnitOfWork, loan_no: str, kind: str, text: str) -> Signal:
    """Enter a signal that a person saw.

    Raises:
        LoanNotFoundError: no such loan for this actor.
        SignalWordsError: it says nothing.
        SignalNotedError: the same signal is open.
    """
    loan = loans.get_loan(uow, loan_no)
    if not text.strip():
        raise SignalWordsError
    if queries.same_signal(uow, loan.id, kind, text.strip()):
        raise SignalNotedError(kind=kind)
    today = uow.clock.today()
    uow.session.flush()  # the next number is behind those of this step
    number = (uow.session.scalar(select(func.max(Signal.id))) or 0) + 1
    key = f"person:{loan.id}:{uow.clock.now().isoformat()}:{number}"
    signal = _signal(uow, key, loan.id, loan.branch_id, kind, text.strip(), "person", today)
    signal.owner = loan.manager
    uow.record("inspection.signal_raised", f"loan:{loan_no}", kind=kind, text=signal.text)
    return signal


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A signal that a rule sees; `key` names it for good, so that it is entered once."""

    key: str
    loan_id: int
    branch_id: int
    kind: str
    text: str
    owner: str


def look_for_signals(uow: UnitOfWork, day: date) -> list[Found]:
    """Return what the rules see on a day and nobody entered yet; changes nothing."""
    known = set(uow.session.scalars(select(Signal.key).order_by(Signal.id)))
    return [
        *(
            Found(
                key=key,
                loan_id=row.loan_id,
                branch_id=row.branch_id,
                kind=kind,
                text=text,
                owner=row.manager,
            )
            for row in summaries.standings(uow)
            for key, kind, text in queries.rule_signals(row, day)
            if key not in known
        ),
        *(
            Found(
                key=key,
                loan_id=thing.loan_id,
                branch_id=thing.branch_id,
                kind=kind,
                text=text,
                owner=thing.manager,
            )
            for key, thing, kind, text in queries.collateral_signals(uow, day)
            if key not in known
        ),
    ]


def enter_signals(uow: UnitOfWork, found: Sequence[Found], day: date) -> int:
    """Enter what was found, except what somebody entered meanwhile.

    Args:
        uow: the transaction; it holds the writer's lock, so let it be short.
        found: a few hundred, from `look_for_signals`.
        day: the day on which they were found.

    Returns:
        How many are new.
    """
    keys = [one.key for one in found]
    known = set(uow.session.scalars(select(Signal.key).where(Signal.key.in_(keys))))
    new = [one for one in found if one.key not in known]
    due_on = signal_deadline(day, calendar=load_calendar(uow.session))
    uow.session.add_all(
        Signal(
            key=one.key,
            loan_id=one.loan_id,
            branch_id=one.branch_id,
            kind=one.kind,
            text=one.text,
            source="rule",
            found_on=day,
            due_on=due_on,
            owner=one.owner,
        )
        for one in new
    )
    if new:
        uow.record("inspection.signals_found", f"day:{day.isoformat()}", new=len(new))
    return len(new)


def find_signals(uow: UnitOfWork, day: date) -> int:
    """Look and enter in one transaction, for a few loans; return how many are new."""
    return enter_signals(uow, look_for_signals(uow, day), day)


def take_up(uow: UnitOfWork, signal_id: int, owner: str, measure: str) -> Signal:
    """Say who sees to a signal and what he is going to do; it stays open.

    Raises:
        InspectionThingNotFoundError: no such open signal for this actor.
        SignalWordsError: nothing is to be done.
    """
    signal = queries.get_signal(uow, signal_id)
    if not measure.strip():
        raise SignalWordsError
    able = dict(queries.inspectors(uow))
    if owner in able:
        signal.owner = owner
    signal.measure = measure.strip()
    uow.record(
        "inspection.signal_taken_up",
        f"signal:{signal.id}",
        owner=signal.owner,
        measure=signal.measure,
    )
    return signal


def close_signal(uow: UnitOfWork, signal_id: int, measure: str, why: str) -> Signal:
    """Close a signal with what was done about it.

    Raises:
        InspectionThingNotFoundError: no such open signal for this actor.
        SignalWordsError: measure or reason is missing.
    """
    signal = queries.get_signal(uow, signal_id)
    if not measure.strip() or not why.strip():
        raise SignalWordsError
    signal.measure, signal.closed_why = measure.strip(), why.strip()
    signal.closed_on, signal.closed_by = uow.clock.today(), uow.actor.name
    uow.record(
        "inspection.signal_closed",
        f"signal:{signal.id}",
        measure=signal.measure,
        why=signal.closed_why,
        late=signal.closed_on > signal.due_on,
    )
    return signal


def _signal(
    uow: UnitOfWork,
    key: str,
    loan_id: int,
    branch_id: int,
    kind: str,
    text: str,
    source: str,
    day: date,
) -> Signal:
    signal = Signal(
        key=key,
        loan_id=loan_id,
        branch_id=branch_id,
        kind=kind,
        text=text,
        source=source,
        found_on=day,
        due_on=signal_deadline(day, calendar=load_calendar(uow.session)),
    )
    uow.session.add(signal)
    return signal
