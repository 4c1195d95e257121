"""What the arrival of a letter does to the limitation and guarantee clocks of its loan."""

from dataclasses import dataclass
from datetime import date

from postloan_archive.kernel.law import Due
from postloan_archive.loans import queries as loans
from postloan_archive.loans.clocks import guarantees_of, limitation_of, planned
from postloan_archive.loans.derivation import confirmed_events
from postloan_archive.loans.models import LimitationEvent, Loan
from postloan_archive.loans.rules.guarantee import EXERCISE
from postloan_archive.loans.rules.guarantee_state import GuaranteeStatus
from postloan_archive.notices.models import Notice
from postloan_archive.policy.queries import load_policy
from postloan_archive.uow import UnitOfWork
from postloan_archive.workdays.service import load_calendar


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """A proposed, confirmed or struck event with the clock before and after it.

    `before` and `after` are the ends of the period by which one plans; None: it does not run.
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


def effect_of(uow: UnitOfWork, notice: Notice) -> Effect | None:
    """Return what the letter did or would do to a clock, None where nothing was proposed."""
    if notice.limitation_event_id is None:
        return None
    event = uow.session.get_one(LimitationEvent, notice.limitation_event_id)
    loan = loans.get_loan_by_id(uow, notice.loan_id)
    others = [one for one in confirmed_events(uow, loan.id) if one.id != event.id]
    if event.guarantee_id is not None:
        return _on_guarantee(uow, loan, event, others)
    return _on_debt(uow, loan, event, others, _called_due(notice, event))


def _on_debt(
    uow: UnitOfWork,
    loan: Loan,
    event: LimitationEvent,
    others: list[LimitationEvent],
    also: str,
) -> Effect:
    day = max(uow.clock.today(), event.happened_on)
    calendar = load_calendar(uow.session)
    before = limitation_of(loan, others, as_of=day, calendar=calendar, policy=load_policy(uow))
    after = limitation_of(
        loan,
        [*others, _as_confirmed(uow, event)],
        as_of=day,
        calendar=calendar,
        policy=load_policy(uow),
    )
    verdict = "已无未清偿款项"
    if after is not None:
        here = [
            one for one in after.conservative.events if one.event.ref.endswith(f":{event.id}")
        ]
        verdict = str(here[0].verdict) if here else verdict
    return _effect(
        event,
        label="诉讼时效",
        before=planned(before) if before else None,
        after=planned(after) if after else None,
        sentence=f"{event.happened_on} {_what(event)}（证据等级{event.level}）："
        f"{verdict}。{also}",
    )


def _what(event: LimitationEvent) -> str:
    return "债务人签认债务" if event.kind == "acknowledgement" else "催收到达"


def _called_due(notice: Notice, event: LimitationEvent) -> str:
    """Return what the arrival of N03 does besides (R-D03), nothing for other letters."""
    kept = notice.snapshot.get("acceleration_on")
    if not kept:
        return ""
    on = max(date.fromisoformat(str(kept)), event.happened_on)
    return f"确认后，贷款自 {on} 起提前到期。"


def _on_guarantee(
    uow: UnitOfWork,
    loan: Loan,
    event: LimitationEvent,
    others: list[LimitationEvent],
) -> Effect:
    day = max(uow.clock.today(), event.happened_on)
    calendar = load_calendar(uow.session)
    reading = next(
        one
        for one in guarantees_of(
            loan,
            [*others, _as_confirmed(uow, event)],
            as_of=day,
            calendar=calendar,
            policy=load_policy(uow),
        )
        if one.guarantee.id == event.guarantee_id
    )
    state = reading.state
    in_time = event.happened_on <= state.due.nominal
    if reading.guarantee.kind != "joint":
        sentence = f"一般保证：通知保证人不构成行使权利（{EXERCISE}）。"
    elif in_time and state.status is GuaranteeStatus.CLAIMED:
        sentence = (
            f"{event.happened_on} 在保证期间（至 {state.due.nominal}）内到达："
            "构成要求承担保证责任，保证债务开始计算诉讼时效。"
        )
    else:
        sentence = (
            f"{event.happened_on} 晚于保证期间届满日 {state.due.nominal}："
            f"不构成期间内的主张（{EXERCISE}）。"
        )
    return _effect(
        event,
        label=f"保证期间 {reading.guarantee.guarantor.name}",
        before=state.due,
        after=state.limitation or state.due,
        sentence=sentence,
    )


def _as_confirmed(uow: UnitOfWork, event: LimitationEvent) -> LimitationEvent:
    """Return a copy, in no session, as it would stand after a confirmation."""
    return LimitationEvent(
        id=event.id,
        loan_id=event.loan_id,
        guarantee_id=event.guarantee_id,
        kind=event.kind,
        happened_on=event.happened_on,
        level=event.level,
        confirmed_at=uow.clock.now(),
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
