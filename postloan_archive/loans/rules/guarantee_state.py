"""The state of one guarantee for the header of the loan file: dates and facts (R-008)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from postloan_archive.kernel.calendar import WorkCalendar
from postloan_archive.kernel.law import Due
from postloan_archive.kernel.policy import STANDARD_POLICY, LawPolicy
from postloan_archive.loans.rules.guarantee import (
    Act,
    GuaranteeKind,
    GuaranteePeriod,
    acts_that_count,
    guarantee_end,
    guarantee_limitation_end,
)


class GuaranteeStatus(StrEnum):
    """How urgent the guarantee is."""

    NOT_STARTED = "主债务尚未到期"
    RUNNING = "保证期间进行中"
    ENDING = "保证期间即将届满"
    PAST = "届满日已过，期间内无有效主张记录"
    CLAIMED = "期间内已有主张记录"


@dataclass(frozen=True, slots=True, kw_only=True)
class GuaranteeState:
    """What the header shows of one guarantor.

    Attributes:
        status: for the list and its colour.
        due: the end of the period; plan by `safe`.
        acts: the acts on record that keep the right.
        limitation: end of the limitation of the guarantee debt, None while it does not run.
        steps: the derivation, Chinese sentences.
    """

    status: GuaranteeStatus
    due: Due
    acts: tuple[Act, ...]
    limitation: Due | None
    steps: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class GuaranteeFacts:
    """One guarantor's promise for one loan.

    Attributes:
        kind: what was agreed.
        period: the period as `guarantee_period` read it.
        main_due: end of the performance period of the main debt.
        guarantor: whose guarantee it is, as the acts name it.
        general_from: where the limitation of a general guarantee starts (R-D16).
    """

    kind: GuaranteeKind
    period: GuaranteePeriod
    main_due: date
    guarantor: str | None = None
    general_from: date | None = None


def guarantee_state(
    facts: GuaranteeFacts,
    acts: Sequence[Act],
    *,
    as_of: date,
    calendar: WorkCalendar,
    policy: LawPolicy = STANDARD_POLICY,
) -> GuaranteeState:
    """Return how one guarantee stands on a day.

    Args:
        facts: the promise.
        acts: in the order they were recorded.
        as_of: the day to look from.
        calendar: the working days known.
        policy: the settings of the bank.
    """
    counted, steps = acts_that_count(facts.kind, facts.period.last_day, acts, facts.guarantor)
    due = guarantee_end(facts.period, calendar=calendar)
    start = facts.general_from
    if facts.kind is GuaranteeKind.JOINT:
        start = min((act.on for act in counted if act.on), default=None)
    limitation = None
    if counted and start is not None:
        limitation = guarantee_limitation_end(start, calendar=calendar)
    return GuaranteeState(
        status=_status(due, counted, facts.main_due, as_of, policy),
        due=due,
        acts=counted,
        limitation=limitation,
        steps=(*facts.period.steps, *steps),
    )


def _status(
    due: Due, counted: Sequence[Act], main_due: date, as_of: date, policy: LawPolicy
) -> GuaranteeStatus:
    if counted:
        return GuaranteeStatus.CLAIMED
    if as_of > due.nominal:
        return GuaranteeStatus.PAST
    if as_of <= main_due:
        return GuaranteeStatus.NOT_STARTED
    if as_of > due.safe - timedelta(days=policy.guarantee_warning):
        return GuaranteeStatus.ENDING
    return GuaranteeStatus.RUNNING
