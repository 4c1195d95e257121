"""The state of a debt's limitation for the header of the loan file: a fold over proven events.

It says when the period ends and why, never whether a claim is lost or kept (R-008).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from postloan_archive.kernel.calendar import WorkCalendar
from postloan_archive.kernel.days import Unit, add_period
from postloan_archive.kernel.law import Citation, Due
from postloan_archive.kernel.policy import STANDARD_POLICY, LawPolicy
from postloan_archive.loans.rules.limitation import (
    INTERRUPTION_EVENTS,
    MONTHS_AFTER_SUSPENSION,
    LimitationStart,
    limitation_end,
    limitation_start,
    longest_end,
    suspension_end,
)
from postloan_archive.loans.rules.proof import Level


class Interruption(StrEnum):
    """What interrupts the period (R-D04)."""

    DEMAND = "demand"
    ACKNOWLEDGEMENT = "acknowledgement"
    PAYMENT = "payment"
    DEDUCTION = "deduction"
    MONEY = "money"  # received, who paid is not known to be the debtor
    SUIT = "suit"
    ARBITRATION = "arbitration"
    PAYMENT_ORDER = "payment_order"
    PRESERVATION = "preservation"
    ENFORCEMENT = "enforcement"
    BANKRUPTCY_CLAIM = "bankruptcy_claim"
    OTHER = "other"


PROCEDURES: Final = frozenset(
    {
        Interruption.SUIT,
        Interruption.ARBITRATION,
        Interruption.PAYMENT_ORDER,
        Interruption.ENFORCEMENT,
        Interruption.BANKRUPTCY_CLAIM,
    }
)
BY_DEBTOR: Final = frozenset({Interruption.ACKNOWLEDGEMENT, Interruption.PAYMENT})
KIND_LABELS: Final[dict[Interruption, str]] = {
    Interruption.DEMAND: "催收到达",
    Interruption.ACKNOWLEDGEMENT: "债务人同意履行",
    Interruption.PAYMENT: "债务人部分还款",
    Interruption.DEDUCTION: "账户扣收",
    Interruption.MONEY: "收到还款（付款人未核实为债务人）",
    Interruption.SUIT: "起诉",
    Interruption.ARBITRATION: "申请仲裁",
    Interruption.PAYMENT_ORDER: "申请支付令",
    Interruption.PRESERVATION: "申请诉前保全",
    Interruption.ENFORCEMENT: "申请强制执行",
    Interruption.BANKRUPTCY_CLAIM: "申报破产债权",
    Interruption.OTHER: "其他中断事由",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class InterruptingEvent:
    """One event that may interrupt the period.

    Attributes:
        kind: what happened.
        on: day it reached the debtor, was filed, or the money moved.
        level: strength of the proof; only A and B count by themselves.
        confirmed: legal has confirmed an event of level C; it then counts.
        ended_on: last day of a procedure; None while it is pending or for other kinds.
        shows_agreement: after expiry, the paper shows that the debtor agrees to pay.
        ref: what the screen links to, such as `limitation_event:12`.
    """

    kind: Interruption
    on: date
    level: Level
    confirmed: bool = False
    ended_on: date | None = None
    shows_agreement: bool = True
    ref: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Suspension:
    """A cause of suspension, such as a death without an administrator; None: it goes on."""

    started_on: date
    ended_on: date | None
    cause: str


class Verdict(StrEnum):
    """What the fold did with an event."""

    RESTARTED = "重新起算"
    RUNS_IN_PROCEDURE = "程序进行中，终结后重新起算"
    TOO_EARLY = "期间尚未起算，不产生中断"
    TOO_LATE = "发生在届满之后，不产生中断"
    WAIVED = "届满后同意履行，请法务确认"
    LATE_MONEY = "发生在届满之后，是否同意履行其余债务请法务确认，未计入"
    WEAK_PROOF = "证据等级不足，未计入"


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """An event and what became of it."""

    event: InterruptingEvent
    verdict: Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """One reading of the period: its anchor, what restarted it, its end.

    `due` is None while a procedure or a suspension goes on.
    """

    anchor: date
    started_on: date
    due: Due | None
    events: tuple[Judged, ...]


class LimitationStatus(StrEnum):
    """How urgent the file is; a description of dates, not a legal conclusion (R-008)."""

    NOT_STARTED = "尚未到期"
    RUNNING = "期间进行中"
    ENDING = "即将届满"
    AT_RISK = "按最早一期计算已届满"
    PAST = "届满日已过"
    IN_PROCEDURE = "程序进行中"


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitationState:
    """What the header of a loan file shows."""

    as_of: date
    status: LimitationStatus
    legal: Clock
    conservative: Clock
    cap: Due
    start: LimitationStart
    basis: tuple[Citation, ...]
    steps: tuple[str, ...]


def limitation_state(
    installments: Sequence[date],
    events: Iterable[InterruptingEvent],
    *,
    as_of: date,
    calendar: WorkCalendar,
    accelerated: date | None = None,
    suspensions: Sequence[Suspension] = (),
    policy: LawPolicy = STANDARD_POLICY,
) -> LimitationState:
    """Return when the limitation of a debt ends, by law and carefully, and how it came to that.

    Args:
        installments: due dates not fully paid, one or more.
        events: what may have interrupted the period, in any order; later than `as_of` ignored.
        as_of: the day to look from.
        calendar: the working days known.
        accelerated: see `limitation_start`.
        suspensions: causes of suspension; one counts only in the last six months (R-D09).
        policy: the settings of the bank.

    Raises:
        NoInstalmentError: nothing is unpaid.
    """
    start = limitation_start(installments, accelerated)
    known = sorted((event for event in events if event.on <= as_of), key=lambda event: event.on)
    cap = longest_end(start.conservative_anchor, calendar=calendar)
    facts = _Facts(
        events=known, suspensions=suspensions, cap=cap, calendar=calendar, policy=policy
    )
    legal = _run(start.legal_anchor, facts)
    conservative = _run(start.conservative_anchor, facts)
    return LimitationState(
        as_of=as_of,
        status=_status(legal, conservative, as_of, policy),
        legal=legal,
        conservative=conservative,
        cap=cap,
        start=start,
        basis=(*start.basis, INTERRUPTION_EVENTS),
        steps=(
            *start.steps,
            *(_sentence(judged) for judged in legal.events),
            *(legal.due.steps if legal.due else ("程序或中止事由尚未结束，期间未继续计算。",)),
        ),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Facts:
    """What both clocks are run over."""

    events: Sequence[InterruptingEvent]
    suspensions: Sequence[Suspension]
    cap: Due
    calendar: WorkCalendar
    policy: LawPolicy


def _run(anchor: date, facts: _Facts) -> Clock:
    started, due, pending = anchor, _end(anchor, facts), False
    judged = []
    for event in facts.events:
        proven = event.level in facts.policy.resetting_levels or (
            event.confirmed and event.level is Level.C
        )
        verdict = _judge(event, anchor, due, pending=pending) if proven else Verdict.WEAK_PROOF
        judged.append(Judged(event=event, verdict=verdict))
        if verdict is Verdict.RUNS_IN_PROCEDURE:
            started, due, pending = event.on, None, True
        elif verdict in {Verdict.RESTARTED, Verdict.WAIVED}:
            # A payment during a suit does not take back the end of the suit.
            started = max(started, event.on, _procedure_end(event))
            due = _end(started, facts)
    return Clock(anchor=anchor, started_on=started, due=due, events=tuple(judged))


def _procedure_end(event: InterruptingEvent) -> date:
    if event.kind in PROCEDURES and event.ended_on is not None:
        return event.ended_on
    return event.on


def _judge(
    event: InterruptingEvent, anchor: date, due: Due | None, *, pending: bool
) -> Verdict:
    if event.on <= anchor:
        return Verdict.TOO_EARLY
    if due is not None and event.on > due.legal:
        agreed = event.kind in BY_DEBTOR and event.shows_agreement
        if event.kind is Interruption.PAYMENT and not agreed:
            return Verdict.LATE_MONEY
        return Verdict.WAIVED if agreed else Verdict.TOO_LATE
    if pending or (event.kind in PROCEDURES and event.ended_on is None):
        return Verdict.RUNS_IN_PROCEDURE
    return Verdict.RESTARTED


def _end(start: date, facts: _Facts) -> Due | None:
    """Return the end of three years from `start`, moved by suspensions, held by the cap."""
    due, cap = limitation_end(start, calendar=facts.calendar), facts.cap
    for suspension in sorted(facts.suspensions, key=lambda cause: cause.started_on):
        if suspension.started_on > due.nominal:
            continue
        if suspension.ended_on is None:
            return None
        if add_period(suspension.ended_on, MONTHS_AFTER_SUSPENSION, Unit.MONTH) > due.nominal:
            due = suspension_end(suspension.ended_on, calendar=facts.calendar)
            due = replace(due, steps=(f"期间中止：{suspension.cause}。", *due.steps))
    if due.nominal > cap.nominal:
        return replace(cap, steps=(*cap.steps, "受二十年最长期间限制。"))
    return due


def _status(
    legal: Clock, conservative: Clock, as_of: date, policy: LawPolicy
) -> LimitationStatus:
    if legal.due is not None and as_of > legal.due.legal:
        return LimitationStatus.PAST
    if legal.due is None or conservative.due is None:
        return LimitationStatus.IN_PROCEDURE
    if as_of <= conservative.anchor:
        return LimitationStatus.NOT_STARTED
    if as_of > conservative.due.legal:
        return LimitationStatus.AT_RISK
    if as_of > conservative.due.safe - timedelta(days=policy.limitation_warning):
        return LimitationStatus.ENDING
    return LimitationStatus.RUNNING


def _sentence(judged: Judged) -> str:
    event = judged.event
    return (
        f"{event.on.isoformat()} {KIND_LABELS[event.kind]}"
        f"（证据等级{event.level}）：{judged.verdict}。"
    )
