"""Risk signals: found by rule every night or by a person, followed to their end."""

from datetime import date

from sqlalchemy import func, select

from postloan_archive.inspection import queries
from postloan_archive.inspection.errors import SignalWordsError
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
    """
    loan = loans.get_loan(uow, loan_no)
    if not text.strip():
        raise SignalWordsError
    today = uow.clock.today()
    uow.session.flush()  # the next number is behind those of this step
    number = (uow.session.scalar(select(func.max(Signal.id))) or 0) + 1
    key = f"person:{loan.id}:{uow.clock.now().isoformat()}:{number}"
    signal = _signal(uow, key, loan.id, loan.branch_id, kind, text.strip(), "person", today)
    signal.owner = loan.manager
    uow.record("inspection.signal_raised", f"loan:{loan_no}", kind=kind, text=signal.text)
    return signal


def find_signals(uow: UnitOfWork, day: date) -> int:
    """Let the rules look at every loan; a signal found before is not found again.

    Returns:
        How many are new.
    """
    known = set(uow.session.scalars(select(Signal.key).order_by(Signal.id)))
    new = 0
    for row in summaries.standings(uow):
        for key, kind, text in queries.rule_signals(row, day):
            if key in known:
                continue
            signal = _signal(uow, key, row.loan_id, row.branch_id, kind, text, "rule", day)
            signal.owner = row.manager
            new += 1
    for key, thing, kind, text in queries.collateral_signals(uow, day):
        if key not in known:
            signal = _signal(uow, key, thing.loan_id, thing.branch_id, kind, text, "rule", day)
            signal.owner = thing.manager
            new += 1
    if new:
        uow.record("inspection.signals_found", f"day:{day.isoformat()}", new=new)
    return new


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
