"""What the arrival of a letter does to the limitation and guarantee clocks of its loan."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from postloan_archive.kernel.calendar import WorkCalendar
from postloan_archive.kernel.law import Due
from postloan_archive.loans import queries as loans
from postloan_archive.loans.derivation import confirmed_events, guarantee_clock, position_of
from postloan_archive.loans.models import Guarantee, LimitationEvent, Loan
from postloan_archive.loans.rules.guarantee import EXERCISE, guarantee_limitation_end
from postloan_archive.loans.rules.limitation_state import (
    InterruptingEvent,
    Interruption,
    LimitationState,
    limitation_state,
)
from postloan_archive.loans.rules.proof import Level
from postloan_archive.notices.models import Notice
from postloan_archive.uow import UnitOfWork
from postloan_archive.workdays.service import load_calendar


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """A proposed, confirmed or struck event with the clock before and after it.

    `before` and `after` are the careful end of the period; None while it does not run.
    """

    event_id: int
    label: str
    level: str
    happened_on: date
    document_id: int | None
    confirmed_by: str
    struck_reason: str
    before: Due | None
    after: Due | None
    sentence: str

    @property
    def is_proposed(self) -> bool:
        """Return whether a person still has to decide."""
        return not self.confirmed_by and not self.struck_reason


def limitation_of(
    uow: UnitOfWork, loan: Loan, as_of: date, *more: InterruptingEvent, leave_out: int = 0
) -> LimitationState:
    """Return the limitation of the debt on a day, from what is confirmed and `more`.

    Args:
        uow: the unit of work.
        loan: the loan.
        as_of: the day to look from.
        more: events that are not confirmed yet.
        leave_out: the id of an event to do without.
    """
    owed = position_of(loan, as_of).value
    first = owed.overdue_since or owed.next_due or loan.due_on
    events = [
        InterruptingEvent(
            kind=_kind(event.kind),
            on=event.happened_on,
            level=Level(event.level),
            confirmed=True,
            ref=f"limitation_event:{event.id}",
        )
        for event in confirmed_events(uow, loan.id)
        if event.guarantee_id is None and event.id != leave_out
    ]
    return limitation_state(
        sorted({first, loan.due_on}),
        [*events, *more],
        as_of=as_of,
        calendar=load_calendar(uow.session),
        accelerated=loan.accelerated_on,
    )


def effect_of(uow: UnitOfWork, notice: Notice) -> Effect | None:
    """Return what the letter did or would do to a clock, None where nothing was proposed."""
    if notice.limitation_event_id is None:
        return None
    event = uow.session.get_one(LimitationEvent, notice.limitation_event_id)
    loan = loans.get_loan_by_id(uow, notice.loan_id)
    if event.guarantee_id is not None:
        return _on_guarantee(uow, loan, event)
    day = max(uow.clock.today(), event.happened_on)
    before = limitation_of(uow, loan, day, leave_out=event.id)
    this = InterruptingEvent(
        kind=Interruption.DEMAND,
        on=event.happened_on,
        level=Level(event.level),
        confirmed=True,
    )
    after = limitation_of(uow, loan, day, this, leave_out=event.id)
    judged = next(one for one in after.conservative.events if one.event is this)
    return _effect(
        event,
        label="诉讼时效",
        before=before.conservative.due,
        after=after.conservative.due,
        sentence=f"{event.happened_on} 催收到达（证据等级{event.level}）：{judged.verdict}。",
    )


def _on_guarantee(uow: UnitOfWork, loan: Loan, event: LimitationEvent) -> Effect:
    calendar: WorkCalendar = load_calendar(uow.session)
    guarantee = uow.session.scalar(select(Guarantee).where(Guarantee.id == event.guarantee_id))
    assert guarantee is not None  # a foreign key
    clock = guarantee_clock(loan, guarantee, calendar=calendar)
    in_time = event.happened_on <= clock.end.nominal
    if guarantee.kind != "joint":
        sentence = f"一般保证：通知保证人不构成行使权利（{EXERCISE}）。"
    elif in_time:
        sentence = (
            f"{event.happened_on} 在保证期间（至 {clock.end.nominal}）内到达："
            "构成要求承担保证责任，保证债务诉讼时效自该日起三年。"
        )
    else:
        sentence = (
            f"{event.happened_on} 晚于保证期间届满日 {clock.end.nominal}："
            f"不构成期间内的主张（{EXERCISE}）。"
        )
    counts = in_time and guarantee.kind == "joint"
    return _effect(
        event,
        label=f"保证期间 {clock.guarantor}",
        before=clock.end,
        after=guarantee_limitation_end(event.happened_on, calendar=calendar)
        if counts
        else clock.end,
        sentence=sentence,
    )


def _effect(
    event: LimitationEvent, *, label: str, before: Due | None, after: Due | None, sentence: str
) -> Effect:
    return Effect(
        event_id=event.id,
        label=label,
        level=event.level,
        happened_on=event.happened_on,
        document_id=event.document_id,
        confirmed_by=event.confirmed_by,
        struck_reason=event.struck_reason,
        before=before,
        after=after,
        sentence=sentence,
    )


def _kind(word: str) -> Interruption:
    return Interruption(word) if word in set(Interruption) else Interruption.OTHER
