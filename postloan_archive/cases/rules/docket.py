"""What a docket cannot hold: future events, a second judgment, service before filing.

A day against the order of the law is refused; a missing forerunner is only said, because a case
may be taken over while it runs.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from postloan_archive.cases.rules.events import LABELS, Event
from postloan_archive.cases.rules.steps import NEXT, Step
from postloan_archive.kernel.errors import ConflictError, RuleError, _l
from postloan_archive.kernel.law import Citation, Confidence
from postloan_archive.kernel.statutes import (
    CIVIL_PROCEDURE_INTERPRETATION,
    CIVIL_PROCEDURE_LAW,
)

law = CIVIL_PROCEDURE_LAW.at
interpretation = CIVIL_PROCEDURE_INTERPRETATION.at

APPOINTMENTS: Final = frozenset(  # days that are fixed before they come
    {
        Event.HEARING,
        Event.PRONOUNCEMENT,
        Event.EVIDENCE_PERIOD_ENDS,
        Event.PUBLIC_NOTICE_OVER,
        Event.APPEAL_PERIODS_OVER,
        Event.PERFORMANCE_PERIOD_OVER,
        Event.SETTLEMENT_PERIOD_OVER,
        Event.SUSPENSION_OVER,
        Event.PROPERTY_ENFORCEMENT_ENDS,
        Event.AUCTION_MOVABLE,
        Event.AUCTION_REAL_ESTATE,
        Event.SECOND_AUCTION_MOVABLE,
        Event.SECOND_AUCTION_REAL_ESTATE,
    }
)
PER_PARTY: Final = frozenset(  # served on each party by itself (R-A17)
    {
        Event.COMPLAINT_SERVED,
        Event.JUDGMENT_SERVED,
        Event.RULING_SERVED,
        Event.APPEAL_SERVED,
        Event.PAYMENT_ORDER_SERVED,
        Event.SECURITY_APPLICATION_SERVED,
        Event.SECURITY_RULING_SERVED,
        Event.ENFORCEMENT_NOTICE_SERVED,
        Event.PLAN_SERVED,
    }
)
ONCE: Final = frozenset(  # in one procedure, and where it is served: on one party
    {
        Event.COMPLAINT_RECEIVED,
        Event.DOCKETED,
        Event.COMPLAINT_SERVED,
        Event.DEBATE_ENDS,
        Event.PRONOUNCEMENT,
        Event.JUDGMENT_SERVED,
        Event.EFFECTIVE,
        Event.APPEAL_DOCKETED,
        Event.PAYMENT_ORDER_ACCEPTED,
        Event.PAYMENT_ORDER_ISSUED,
        Event.PAYMENT_ORDER_SERVED,
        Event.SECURITY_ACCEPTED,
        Event.ENFORCEMENT_DOCKETED,
    }
)
BY_US: Final = frozenset(  # what we do; everything else the court or another does
    {
        Event.COMPLAINT_RECEIVED,
        Event.APPEAL_FILED,
        Event.PAYMENT_ORDER_APPLIED,
        Event.ENFORCEMENT_APPLIED,
        Event.DISHONESTY_APPLIED,
        Event.DEBT_ASSET_TAKEN,
    }
)
WORKING_KINDS: Final = (  # offered first in the list of events
    Event.COMPLAINT_RECEIVED,
    Event.FEE_NOTICE,
    Event.DOCKETED,
    Event.COMPLAINT_SERVED,
    Event.EVIDENCE_NOTICE,
    Event.HEARING,
    Event.PRONOUNCEMENT,
    Event.JUDGMENT_SERVED,
    Event.APPEAL_FILED,
    Event.EFFECTIVE,
    Event.PERFORMANCE_PERIOD_OVER,
    Event.ENFORCEMENT_APPLIED,
    Event.ENFORCEMENT_DOCKETED,
    Event.TERMINATED_THIS_TIME,
)


STAGE_AFTER: Final[dict[Event, Step]] = {  # where a case stands once this has happened
    Event.COMPLAINT_RECEIVED: Step.FILED,
    Event.DOCKETED: Step.DOCKETED,
    Event.HEARING: Step.TRIAL,
    Event.PRONOUNCEMENT: Step.JUDGED,
    Event.JUDGMENT_SERVED: Step.JUDGED,
    Event.APPEAL_FILED: Step.APPEALED,
    Event.APPEAL_DOCKETED: Step.APPEALED,
    Event.MEDIATION_AGREED: Step.SETTLED,
    Event.EFFECTIVE: Step.EFFECTIVE,
    Event.PAYMENT_ORDER_APPLIED: Step.PAYMENT_ORDER,
    Event.ENFORCEMENT_DOCKETED: Step.ENFORCEMENT,
    Event.TERMINATED_THIS_TIME: Step.TERMINATED,
    Event.BANKRUPTCY_NOTICE: Step.BANKRUPTCY,
}


def stage_after(kind: str, now: Step) -> Step | None:
    """Return the stage that an event leads to; None where it leads nowhere from `now`."""
    step = STAGE_AFTER.get(Event(kind)) if kind in set(Event) else None
    return step if step in NEXT[now] else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """An event comes after one of others; the provision that orders them."""

    after: frozenset[Event]
    basis: Citation


TRIAL: Final = law(144, rule="R-B20", confidence=Confidence.MEMORY)
JUDGING: Final = law(151, rule="R-B21", confidence=Confidence.MEMORY)


def _need(basis: Citation, *after: Event) -> Need:
    return Need(after=frozenset(after), basis=basis)


NEEDS: Final[dict[Event, Need]] = {
    Event.DOCKETED: _need(law(126, rule="R-B01"), Event.COMPLAINT_RECEIVED),
    Event.COMPLAINT_SERVED: _need(law(128, rule="R-B05"), Event.DOCKETED),
    Event.DEFENCE_RECEIVED: _need(law(128, rule="R-B06"), Event.COMPLAINT_SERVED),
    Event.HEARING: _need(law(139, rule="R-B15"), Event.DOCKETED),
    Event.DEBATE_ENDS: _need(TRIAL, Event.HEARING, Event.DOCKETED),
    Event.PRONOUNCEMENT: _need(JUDGING, Event.DOCKETED),
    Event.JUDGMENT_SERVED: _need(JUDGING, Event.DOCKETED),
    Event.APPEAL_FILED: _need(
        law(171, rule="R-B21"), Event.JUDGMENT_SERVED, Event.RULING_SERVED
    ),
    Event.APPEAL_DOCKETED: _need(law(174, rule="R-B25"), Event.APPEAL_FILED),
    Event.EFFECTIVE: _need(
        law(158, rule="R-A12"),
        Event.JUDGMENT_SERVED,
        Event.MEDIATION_AGREED,
        Event.PAYMENT_ORDER_SERVED,
        Event.SECURITY_RULING_SERVED,
        Event.APPEAL_DOCKETED,
    ),
    Event.PAYMENT_ORDER_SERVED: _need(
        law(227, rule="R-B28"), Event.PAYMENT_ORDER_ISSUED, Event.PAYMENT_ORDER_ACCEPTED
    ),
    Event.PERFORMANCE_PERIOD_OVER: _need(law(250, rule="R-B35"), Event.EFFECTIVE),
    Event.ENFORCEMENT_DOCKETED: _need(
        interpretation(480, rule="R-B36"), Event.ENFORCEMENT_APPLIED
    ),
    Event.ENFORCEMENT_NOTICE_SERVED: _need(
        interpretation(480, rule="R-B36"), Event.ENFORCEMENT_DOCKETED
    ),
    Event.TERMINATED_THIS_TIME: _need(
        interpretation(517, rule="R-B51"), Event.ENFORCEMENT_DOCKETED
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """An event on record that is not struck."""

    kind: Event
    on: date
    procedure_id: int | None = None
    party_id: int | None = None


class FutureEventError(RuleError):
    """Something that has happened cannot lie in the future."""

    field = "happened_on"
    next_step = _l("只有开庭、宣判、拍卖等期日可以预先登记。")

    def __init__(self, *, label: str, on: date, today: date) -> None:
        super().__init__(
            _l("“{label}”是已发生的事项，{on} 晚于今天 {today}。"),
            label=label,
            on=on,
            today=today,
        )


class EventOrderError(RuleError):
    """The day is against the order in which the law lets the steps follow."""

    field = "happened_on"
    next_step = _l("请核对两份文书的日期；先登记的有误的，更正该事项。")

    def __init__(
        self, *, earlier: str, earlier_on: date, later: str, later_on: date, basis: Citation
    ) -> None:
        super().__init__(
            _l("“{later}”（{later_on}）不能早于“{earlier}”（{earlier_on}）：{basis_text}。"),
            basis=basis,
            earlier=earlier,
            earlier_on=earlier_on,
            later=later,
            later_on=later_on,
            basis_text=str(basis),
        )


class SecondEventError(ConflictError):
    """There is one judgment, one filing, one service on a party in one procedure."""

    field = "kind"
    next_step = _l("日期有误的，请更正已登记的事项；另一程序的，请选对程序。")

    def __init__(self, *, label: str, on: date) -> None:
        super().__init__(
            _l("同一程序已登记“{label}”（{on}），不能再登记一次。"), label=label, on=on
        )


class EventNeededError(ConflictError):
    """Another event on record rests on the one to be struck."""

    next_step = _l("请先处理后面的事项，或者更正日期而不是删划。")

    def __init__(self, *, label: str, later: str) -> None:
        super().__init__(
            _l("“{later}”以“{label}”为前提，不能先删划。"), label=label, later=later
        )


def check_event(
    kind: Event,
    on: date,
    history: Sequence[Past],
    *,
    today: date,
    procedure_id: int | None = None,
    party_id: int | None = None,
) -> None:
    """Say no to an event that cannot be.

    Args:
        kind: what happened.
        on: the day.
        history: what is on record, without the event itself when it is corrected.
        today: the civil day in China.
        procedure_id: the procedure it belongs to.
        party_id: the party it was served on.

    Raises:
        FutureEventError: it is no appointment and lies in the future.
        SecondEventError: the procedure has such an event already.
        EventOrderError: it is before what must precede it, or after what must follow it.
    """
    if on > today and kind not in APPOINTMENTS:
        raise FutureEventError(label=LABELS[kind], on=on, today=today)
    for past in history:
        same_place = past.procedure_id == procedure_id
        same_party = kind not in PER_PARTY or past.party_id == party_id
        if kind in ONCE and past.kind is kind and same_place and same_party:
            raise SecondEventError(label=LABELS[kind], on=past.on)
    _check_before(kind, on, history)
    _check_after(kind, on, history, party_id)


def _check_before(kind: Event, on: date, history: Sequence[Past]) -> None:
    need = NEEDS.get(kind)
    found = [past for past in history if need and past.kind in need.after]
    first = min(found, key=lambda past: past.on, default=None)
    if need and first is not None and on < first.on:
        raise EventOrderError(
            earlier=LABELS[first.kind],
            earlier_on=first.on,
            later=LABELS[kind],
            later_on=on,
            basis=need.basis,
        )


def _check_after(kind: Event, on: date, history: Sequence[Past], party_id: int | None) -> None:
    for past in history:
        need = NEEDS.get(past.kind)
        if need is None or kind not in need.after or past.on >= on:
            continue
        other = [one for one in history if one.kind in need.after and one.on <= past.on]
        other_party = kind in PER_PARTY and past.party_id not in {None, party_id}
        if not other and not other_party:
            raise EventOrderError(
                earlier=LABELS[kind],
                earlier_on=on,
                later=LABELS[past.kind],
                later_on=past.on,
                basis=need.basis,
            )


def missing_before(kind: Event, history: Iterable[Past]) -> tuple[str, ...]:
    """Return the words of what should have come before and is not on record."""
    need = NEEDS.get(kind)
    if need is None or any(past.kind in need.after for past in history):
        return ()
    names = "或".join(LABELS[event] for event in Event if event in need.after)
    return (f"尚未登记“{names}”（{need.basis}）；接手中的案件请补登记。",)


def check_strike(kind: Event, rest: Sequence[Past]) -> None:
    """Say no to striking what others on record rest on.

    Raises:
        EventNeededError: an event stays that needs one of this kind and finds none.
    """
    for past in rest:
        need = NEEDS.get(past.kind)
        if need is None or kind not in need.after:
            continue
        if not any(one.kind in need.after for one in rest):
            raise EventNeededError(label=LABELS[kind], later=LABELS[past.kind])
