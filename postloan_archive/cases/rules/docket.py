"""What a docket cannot hold: future events, a second judgment, service before filing.

A day against the order of the law is refused; a missing forerunner is said for as long as it is
missing (`cautions`), because a case may be taken over while it runs.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from postloan_archive.cases.rules.events import LABELS, Event
from postloan_archive.cases.rules.order import NEEDS
from postloan_archive.cases.rules.steps import NEXT, Step
from postloan_archive.kernel.errors import ConflictError, RuleError, _l
from postloan_archive.kernel.law import Citation
from postloan_archive.kernel.statutes import CIVIL_PROCEDURE_LAW

AHEAD_YEARS: Final = 30  # the longest plan of instalments under a judgment
BACKWARD: Final = timedelta(days=60)  # thirty days before an auction, and rest days
NOT_COUNTED: Final = CIVIL_PROCEDURE_LAW.at(85, 2, rule="R-A01")
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


FIRST_ONLY: Final = frozenset({Event.HEARING, Event.PRONOUNCEMENT, Event.JUDGMENT_SERVED})
LATER_PROCEDURES: Final = frozenset({"second", "retrial", "enforcement"})


def stage_after(kind: str, now: Step, procedure: str = "") -> Step | None:
    """Return the stage that an event leads to; None where it leads nowhere from `now`.

    A hearing or a judgment of the second instance leaves the case in the second instance.
    """
    step = STAGE_AFTER.get(Event(kind)) if kind in set(Event) else None
    if kind in FIRST_ONLY and procedure in LATER_PROCEDURES:
        return None
    return step if step in NEXT[now] else None


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


class FarDayError(RuleError):
    """A day so far ahead that the year is a slip of the pen."""

    field = "happened_on"
    next_step = _l("请核对年份。")

    def __init__(self, *, on: date, until: date) -> None:
        super().__init__(_l("{on} 晚于 {until}，不是可以预先确定的日期。"), on=on, until=until)


class StatedDayError(RuleError):
    """The last day that a paper states is before the day that starts the period."""

    field = "court_date"
    next_step = _l("请核对文书；文书写明的期限届满日不会早于送达日。")

    def __init__(self, *, stated: date, on: date) -> None:
        super().__init__(
            _l("文书载明的末日 {stated} 早于发生日 {on}：{basis_text}。"),
            basis=NOT_COUNTED,
            stated=stated,
            on=on,
            basis_text=str(NOT_COUNTED),
        )


class DecidedDayError(StatedDayError):
    """A corrected last day is before the day that starts the period."""

    field = "day"


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
        FarDayError: an appointment further ahead than any court fixes one.
        SecondEventError: the procedure has such an event already.
        EventOrderError: it is before what must precede it, or after what must follow it.
    """
    if on > today and kind not in APPOINTMENTS:
        raise FutureEventError(label=LABELS[kind], on=on, today=today)
    check_near(on, today)
    for past in history:
        same_place = past.procedure_id == procedure_id
        same_party = kind not in PER_PARTY or past.party_id == party_id
        if kind in ONCE and past.kind is kind and same_place and same_party:
            raise SecondEventError(label=LABELS[kind], on=past.on)
    _check_before(kind, on, history)
    _check_after(kind, on, history, party_id)


def check_near(on: date, today: date) -> None:
    """Say no to a day further ahead than anything that is fixed beforehand.

    Raises:
        FarDayError: it is more than thirty years ahead.
    """
    until = date(today.year + AHEAD_YEARS, 12, 31)
    if on > until:
        raise FarDayError(on=on, until=until)


def check_stated(on: date, stated: date | None) -> None:
    """Say no to the last day of a period that is before the day that starts it.

    Raises:
        StatedDayError: it is before `on`.
        FarDayError: it is more than thirty years behind it.
    """
    if stated is not None and stated < on:
        raise StatedDayError(stated=stated, on=on)
    if stated is not None:
        check_near(stated, on)


def check_decided(on: date, day: date | None) -> None:
    """Say no to a corrected last day that is before the day that starts the period.

    Backward limits, such as three days before the hearing, lie before it.

    Raises:
        DecidedDayError: it is earlier.
        FarDayError: it is more than thirty years behind it.
    """
    if day is not None and day < on - BACKWARD:
        raise DecidedDayError(stated=day, on=on)
    if day is not None:
        check_near(day, on)


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
