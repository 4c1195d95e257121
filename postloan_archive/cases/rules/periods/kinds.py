"""The row of a table of periods: what starts it, how long it is, what it rests on."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from postloan_archive.cases.rules.events import Bound, Event, Fact
from postloan_archive.kernel.calendar import ONE_DAY, WorkCalendar
from postloan_archive.kernel.days import Unit, add_period, backward_deadline, chain, deadline
from postloan_archive.kernel.law import Citation, Due
from postloan_archive.kernel.policy import STANDARD_POLICY, LawPolicy


class Counting(StrEnum):
    """How the day follows from the trigger."""

    FORWARD = "forward"  # last day of a period
    BACKWARD = "backward"  # so many days before the event (R-A08)
    ON_THE_DAY = "on_the_day"  # an appointment, never moved (R-A05)
    OPENS = "opens"  # a right that begins when the period is over
    BEFORE = "before"  # any time before the event happens
    COURT_SET = "court_set"  # only the paper of the court knows
    NO_LIMIT = "no_limit"


@dataclass(frozen=True, slots=True, kw_only=True)
class PeriodRule:
    """One period of procedure in one edition.

    Attributes:
        rule: id in the domain rules, such as R-B21.
        event: what starts it.
        act: what is to be done, Chinese.
        bound: who must do it.
        if_missed: what follows, or what the system does, Chinese.
        basis: the provisions, the one that sets the length first.
        length: units, 0 where no end is computed.
        unit: what the length is counted in.
        counting: how the day follows from the trigger.
        extends: whether R-A04 moves the last day over rest days (column 休).
        fixed: 不变期间, the court cannot prolong it (R-A15).
        only_if: one of these facts must be known; empty: no condition.
        not_if: none of these facts may be known.
        length_set_by: where the bank sets the length; `length` is then the standard.
        valid_from: first trigger day of the edition, None: since the law is in force.
        valid_to: last trigger day of the edition, inclusive, None: until today.
    """

    rule: str
    event: Event
    act: str
    bound: Bound
    if_missed: str
    basis: tuple[Citation, ...]
    length: int = 0
    unit: Unit = Unit.DAY
    counting: Counting = Counting.FORWARD
    extends: bool = True
    fixed: bool = False
    only_if: frozenset[Fact] = frozenset()
    not_if: frozenset[Fact] = frozenset()
    length_set_by: Callable[[LawPolicy], int] | None = None
    valid_from: date | None = None
    valid_to: date | None = None

    @property
    def edition(self) -> str:
        """Return the dated name of the row, stored with the day computed from it (R-006)."""
        since = self.valid_from or self.basis[0].in_force_from
        return f"{self.rule}@{since.isoformat()}" if since else self.rule

    def applies(self, facts: frozenset[Fact], on: date) -> bool:
        """Return whether the row governs an event on that day with these facts."""
        return (
            (not self.only_if or bool(self.only_if & facts))
            and not self.not_if & facts
            and (self.valid_from is None or on >= self.valid_from)
            and (self.valid_to is None or on <= self.valid_to)
        )

    def due(
        self, on: date, *, calendar: WorkCalendar, policy: LawPolicy = STANDARD_POLICY
    ) -> Due | None:
        """Return the day for an event on `on`; None where no end date can be computed."""
        length = self.length_set_by(policy) if self.length_set_by else self.length
        match self.counting:
            case Counting.FORWARD:
                return deadline(
                    on,
                    length,
                    self.unit,
                    calendar=calendar,
                    extends=self.extends,
                    basis=self.basis,
                    edition=self.edition,
                )
            case Counting.BEFORE:
                return self._before(on, calendar)
            case Counting.BACKWARD:
                return backward_deadline(
                    on,
                    self.length,
                    calendar=calendar,
                    basis=self.basis,
                    edition=self.edition,
                )
            case Counting.ON_THE_DAY:
                return self._plain(on, calendar, "期日不因法定休假日顺延。")
            case Counting.OPENS:
                day = add_period(add_period(on, self.length, self.unit), 1, Unit.DAY)
                return self._plain(
                    day,
                    calendar,
                    f"自 {on.isoformat()} 起满{self.length}{self.unit.chinese}后可以提出。",
                )
            case _:  # only a paper of the court knows, or nobody
                return None

    def due_after(
        self, earlier: Due, *, calendar: WorkCalendar, policy: LawPolicy = STANDARD_POLICY
    ) -> Due | None:
        """Return the day where the trigger is the end of another period (R-A19)."""
        if self.counting is not Counting.FORWARD:
            due = self.due(earlier.legal, calendar=calendar, policy=policy)
            return due and replace(due, provisional=due.provisional or earlier.provisional)
        return chain(
            earlier,
            self.length,
            self.unit,
            calendar=calendar,
            own_right=policy.plan_from_nominal and self.bound in {Bound.OWN, Bound.BOTH},
            extends=self.extends,
            basis=self.basis,
            edition=self.edition,
        )

    def _before(self, on: date, calendar: WorkCalendar) -> Due:
        """Plan for the working day before; the right is lost only when the day is over."""
        return replace(
            self._plain(
                on, calendar, f"应在 {on.isoformat()} 之前提出，请提前一个工作日办理。"
            ),
            safe=calendar.safe_day(on - ONE_DAY),
            provisional=calendar.is_open(on),
        )

    def _plain(self, day: date, calendar: WorkCalendar, step: str) -> Due:
        return Due(
            nominal=day,
            legal=day,
            safe=day,
            provisional=False,
            basis=self.basis,
            steps=(step,),
            edition=self.edition,
            calendar_edition=calendar.edition,
        )
