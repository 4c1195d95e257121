"""Which instalments are paid: the schedule against the payments as booked (R-D02, R-G05)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from postloan_archive.kernel.money import ZERO
from postloan_archive.loans.rules.position import PaidRow, ScheduledRow


@dataclass(frozen=True, slots=True, kw_only=True)
class SettledRow:
    """One row of the schedule with what was paid on it, yuan.

    Attributes:
        settled_on: the day of the payment that completed it, None while something is open.
    """

    no: int
    due_on: date
    principal: Decimal
    interest: Decimal
    principal_paid: Decimal
    interest_paid: Decimal
    settled_on: date | None

    @property
    def left(self) -> Decimal:
        """Return what is open of it."""
        return self.principal + self.interest - self.principal_paid - self.interest_paid


def settle(schedule: Sequence[ScheduledRow], payments: Sequence[PaidRow]) -> list[SettledRow]:
    """Return each row of the schedule with what the payments, oldest row first, put on it."""
    paid = sorted(payments, key=lambda row: row.paid_on)
    principal = _fill([row.principal for row in schedule], [row.to_principal for row in paid])
    interest = _fill([row.interest for row in schedule], [row.to_interest for row in paid])
    rows = []
    for no, row in enumerate(schedule, start=1):
        (principal_paid, last), (interest_paid, other) = principal[no - 1], interest[no - 1]
        open_ = row.principal - principal_paid + row.interest - interest_paid
        days = [paid[at].paid_on for at in (last, other) if at is not None]
        rows.append(
            SettledRow(
                no=no,
                due_on=row.due_on,
                principal=row.principal,
                interest=row.interest,
                principal_paid=principal_paid,
                interest_paid=interest_paid,
                settled_on=max(days) if days and not open_ else None,
            )
        )
    return rows


def open_days(schedule: Sequence[ScheduledRow], payments: Sequence[PaidRow]) -> list[date]:
    """Return the due dates that are not fully paid, past and future, in order."""
    return [row.due_on for row in settle(schedule, payments) if row.left > ZERO]


def _fill(
    wanted: Sequence[Decimal], paid: Sequence[Decimal]
) -> list[tuple[Decimal, int | None]]:
    """Return for each row what was put on it and which payment came last."""
    rest, at, filled = ZERO, -1, []
    for amount in wanted:
        put: Decimal = ZERO
        last = None
        while put < amount:
            if rest <= ZERO:
                if at + 1 >= len(paid):
                    break
                at += 1
                rest = paid[at]
                continue
            part = min(rest, amount - put)
            put, rest, last = put + part, rest - part, at
        filled.append((put, last))
    return filled
