"""The state of a loan as the plan of the letters asks for it, and one proposed letter."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from postloan_archive.kernel.errors import _l
from postloan_archive.notices.rules.stages import GUARANTOR_NOTICE, Stage

RETURNED: Final = "returned"


@dataclass(frozen=True, slots=True, kw_only=True)
class Surety:
    """One guarantor of a loan: `ends` the last day of the period, `claimed` in time."""

    guarantee_id: int
    addressee_id: int
    name: str
    kind: str
    ends: date
    claimed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """A letter that was issued; `guarantee_id` None: to the borrower."""

    kind: str
    addressee_id: int
    guarantee_id: int | None
    serial_no: str
    issued_on: date
    dispatched_on: date | None = None
    outcome: str = ""
    outcome_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LoanState:
    """What the plan asks of one loan on one day.

    Attributes:
        overdue_days: 0 where nothing is late.
        limitation: the careful end of limitation, None while it does not run.
        in_court: a case, judgment or enforcement runs: letters of demand are over.
        providers: third parties who gave security: they are to be told as well (R-H01).
        stops: reason and first day of each pause in force, by customer (R-L08).
        letters: issued ones, oldest first.
    """

    loan_id: int
    borrower_id: int
    borrower: str
    due_on: date
    overdue_days: int = 0
    settled_on: date | None = None
    limitation: date | None = None
    in_court: bool = False
    sureties: tuple[Surety, ...] = ()
    providers: tuple[str, ...] = ()
    letters: tuple[Sent, ...] = ()
    stops: dict[int, tuple[tuple[str, date], ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposed:
    """One letter that a day proposes, with what it follows from.

    Attributes:
        days: overdue, left or waited, as the stage counts; sorts the list with `urgent_on`.
        urgent_on: the day by which it matters.
        why: sentences: rule and days.
        last: the last letter to the same person, empty where there is none.
        stopped: why collection pauses for the addressee; such a letter waits for a person.
        next_step: what to do.
    """

    stage: str
    kind: str
    addressee_id: int
    addressee: str
    guarantee_id: int | None
    days: int
    urgent_on: date
    why: tuple[str, ...]
    last: str
    stopped: str
    next_step: str


def issued(
    state: LoanState,
    addressee_id: int,
    kinds: Iterable[str],
    *,
    since: date = date.min,
    surety: Surety | None = None,
    arrived: bool = False,
) -> bool:
    """Return whether such a letter was issued since a day.

    Args:
        state: the loan.
        addressee_id: to whom.
        kinds: which letters count.
        since: the first day that counts.
        surety: the guarantee that the letter must be about.
        arrived: one that came back does not count.
    """
    wanted = frozenset(kinds)
    return any(
        one.kind in wanted
        and one.addressee_id == addressee_id
        and one.issued_on >= since
        and (surety is None or one.guarantee_id == surety.guarantee_id)
        and not (arrived and one.outcome == RETURNED)
        for one in state.letters
    )


def to_borrower(
    state: LoanState,
    stage: Stage,
    *,
    days: int,
    urgent_on: date,
    why: str,
    next_step: str,
    kind: str = "",
) -> Proposed:
    """Return a proposed letter to the borrower, of the kind of the stage unless named."""
    return Proposed(
        stage=stage.key,
        kind=kind or stage.kind,
        addressee_id=state.borrower_id,
        addressee=state.borrower,
        guarantee_id=None,
        days=days,
        urgent_on=urgent_on,
        why=(why,),
        last=_last(state, state.borrower_id, None),
        stopped=_stopped(state, state.borrower_id),
        next_step=next_step,
    )


def to_surety(
    state: LoanState,
    stage: Stage,
    surety: Surety,
    *,
    days: int,
    urgent_on: date,
    why: str,
    kind: str = GUARANTOR_NOTICE,
    next_step: str = _l("寄发担保人履行担保责任通知书，须在保证期间内到达"),
) -> Proposed:
    """Return the proposal of a letter to one guarantor."""
    return Proposed(
        stage=stage.key,
        kind=kind,
        addressee_id=surety.addressee_id,
        addressee=surety.name,
        guarantee_id=surety.guarantee_id,
        days=days,
        urgent_on=urgent_on,
        why=(why,),
        last=_last(state, surety.addressee_id, surety.guarantee_id),
        stopped=_stopped(state, surety.addressee_id),
        next_step=next_step,
    )


def _last(state: LoanState, addressee_id: int, guarantee_id: int | None) -> str:
    same = [
        one
        for one in state.letters
        if (one.addressee_id, one.guarantee_id) == (addressee_id, guarantee_id)
    ]
    if not same:
        return ""
    one = same[-1]
    return f"{one.issued_on} {one.kind} {one.serial_no}"


def _stopped(state: LoanState, customer_id: int) -> str:
    return "；".join(
        f"{reason}（{since} 起）" for reason, since in state.stops.get(customer_id, ())
    )
