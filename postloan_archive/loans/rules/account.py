"""The running account of a loan: what falls due, what it bears, what payments settle.

`statement` walks the events of a loan through an `Account`, day by day where something
happens: rate and status first, then payments (R-F20).
"""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Final

from postloan_archive.kernel.money import ZERO, yuan
from postloan_archive.loans.rules.account_facts import LoanTerms
from postloan_archive.loans.rules.allocation import DebtClass
from postloan_archive.loans.rules.claim import ClaimRow, DebtKind
from postloan_archive.loans.rules.interest import simple
from postloan_archive.loans.rules.repayment_terms import GraceMode

OPEN_CLASSES: Final = (
    DebtClass.COMPOUND,
    DebtClass.PENALTY,
    DebtClass.INTEREST,
    DebtClass.PRINCIPAL,
)


@dataclass(slots=True, kw_only=True)
class OpenItem:
    """What is left of one instalment after its due date, yuan.

    `since` is the day up to which penalty and compound interest are counted, not contained.
    """

    no: int
    due: date
    since: date
    left: dict[DebtClass, Decimal]

    @property
    def is_open(self) -> bool:
        """Return whether anything is left."""
        return any(self.left.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class PaidPart:
    """What one payment settled, yuan; `no` is the instalment, 0 for costs and prepayment."""

    on: date
    no: int
    debt: DebtClass
    amount: Decimal


@dataclass(slots=True, kw_only=True)
class Account:
    """The state of a loan on the day the walk has reached."""

    terms: LoanTerms
    rate_pct: Decimal
    detail: bool = True  # keep the rows and what each payment settled
    normal: Decimal = ZERO  # principal paid out and not yet due
    boundary: date | None = None  # up to which in-term interest was billed
    interest_since: date | None = None  # up to which in-term interest was counted
    running: Decimal = ZERO  # in-term interest since the boundary
    costs: Decimal = ZERO
    waiting: Decimal = ZERO  # received and nothing due to settle yet
    items: list[OpenItem] = field(default_factory=list)
    rows: list[ClaimRow] = field(default_factory=list)
    parts: list[PaidPart] = field(default_factory=list)
    anchor_no: int = 0  # last instalment number that fell due
    mark: int = 0  # rows before it belong to periods already billed
    rates: list[tuple[date, Decimal]] = field(default_factory=list)  # changed so far

    def _until(self, day: date) -> date:
        """Return the day up to which interest runs at most."""
        stop = self.terms.interest_stops_on
        return day if stop is None else min(day, stop)

    def _row(
        self, kind: DebtKind, base: Decimal, rate: Decimal, period: tuple[date, date], no: int
    ) -> Decimal:
        start, end = period
        days = (end - start).days
        amount = yuan(simple(base, rate, days, self.terms.day_basis))
        if not self.detail:
            return amount
        self.rows.append(
            ClaimRow(
                kind=kind, base=base, rate_pct=rate, start=start, end=end, days=days,
                amount=amount, note=f"第{no}期" if no else "",
            )
        )  # fmt: skip
        return amount

    def pay_out(self, day: date, amount: Decimal) -> None:
        """Raise the principal from that day on."""
        self.count_interest(day)
        self.normal += amount
        if self.boundary is None:
            self.boundary = self.interest_since = day

    def count_interest(self, day: date) -> None:
        """Close the row of in-term interest on principal not yet due."""
        end = self._until(day)
        since = self.interest_since
        if since is None or end <= since:
            return
        if self.normal:
            self.running += self._row(
                DebtKind.INTEREST, self.normal, self.rate_pct, (since, end), self.anchor_no + 1
            )
        self.interest_since = end

    def change_rate(self, day: date, rate: Decimal) -> None:
        """Close the rows and go on with another rate from that day on."""
        self.count_interest(day)
        self.count_overdue(day)
        self.rate_pct = rate
        self.rates.append((day, rate))

    def count_overdue(self, day: date) -> None:
        """Close the rows of penalty and compound interest of every open item.

        Within the grace days nothing is counted; after them the days since the item fell due
        are, or those since the last grace day, as the contract says (R-G05).
        """
        end = self._until(day)
        for item in self.items:
            free = self.terms.free_until(item.due)
            if end <= max(item.since, free):
                continue
            if item.since < free and self.terms.agreed.grace_mode is GraceMode.AFTER:
                item.since = free
            for start, stop, rate in self._pieces(item.since, end):
                self._charge(item, (start, stop), rate)
            item.since = end

    def _pieces(self, since: date, end: date) -> Iterator[tuple[date, date, Decimal]]:
        """Yield the parts of a time with the contract rate of each.

        Changes close the rows themselves, save those that fell into the grace days.
        """
        cuts = {day for day, _ in self.rates if since < day < end}
        if since < self.terms.all_due_on < end:
            cuts.add(self.terms.all_due_on)
        if not cuts:
            yield since, end, self.rate_pct
            return
        for start, stop in itertools.pairwise([since, *sorted(cuts), end]):
            known = [rate for day, rate in self.rates if day <= start]
            yield start, stop, known[-1] if known else self.terms.annual_rate_pct

    def _charge(self, item: OpenItem, period: tuple[date, date], rate_pct: Decimal) -> None:
        penalty_rate = self.terms.penalty_rate_pct(rate_pct)
        if principal := item.left[DebtClass.PRINCIPAL]:
            item.left[DebtClass.PENALTY] += self._row(
                DebtKind.PENALTY, principal, penalty_rate, period, item.no
            )
        interest = item.left[DebtClass.INTEREST]
        if interest and self.terms.compound_clause:
            after = period[0] >= self.terms.all_due_on
            item.left[DebtClass.COMPOUND] += self._row(
                DebtKind.COMPOUND,
                interest,
                penalty_rate if after else rate_pct,
                period,
                item.no,
            )

    def fall_due(
        self, day: date, *, no: int, principal: Decimal, interest: Decimal | None
    ) -> None:
        """Move an instalment to the overdue side; billed interest replaces the counted one.

        After the day interest stops nothing billed is taken over, only what was counted.
        """
        moved = min(principal, self.normal)
        if interest is None or self._until(day) < day:
            self.count_interest(day)
            owed = self.running
        else:
            owed = interest
            self._bill(day, no, interest)
        self.normal -= moved
        self.running = ZERO
        self.boundary = self.interest_since = day
        self.mark = len(self.rows)
        self.anchor_no = max(self.anchor_no, no)
        if moved or owed:
            left = dict.fromkeys(OPEN_CLASSES, ZERO)
            left[DebtClass.INTEREST], left[DebtClass.PRINCIPAL] = owed, moved
            self.items.append(OpenItem(no=no, due=day, since=day, left=left))

    def _bill(self, day: date, no: int, interest: Decimal) -> None:
        """Replace the rows of interest counted since the boundary by the one billed."""
        if not self.detail:
            return
        start = self.boundary or day
        if len(self.rows) > self.mark:
            self.rows[self.mark :] = [
                row for row in self.rows[self.mark :] if row.kind is not DebtKind.INTEREST
            ]
        self.rows.append(
            ClaimRow(
                kind=DebtKind.INTEREST,
                base=self.normal,
                rate_pct=self.rate_pct,
                start=start,
                end=day,
                days=(day - start).days,
                amount=interest,
                note=f"第{no}期，按还款计划",
            )
        )

    def settle(self, day: date, amount: Decimal) -> Decimal:
        """Settle what is due in the contract's order; return what is left (R-F09, R-F10)."""
        due = min((item.due for item in self.items), default=day)
        order = self.terms.order_on((day - due).days)
        costs_first = order.index(DebtClass.COSTS) < order.index(DebtClass.PRINCIPAL)
        rest = self._settle_costs(day, amount) if costs_first else amount
        for item in self.items:
            if not rest:
                break
            for debt in order:
                if item.left.get(debt):
                    rest -= self._take(day, item, debt, rest)
        return rest if costs_first else self._settle_costs(day, rest)

    def settle_booked(self, day: date, debt: DebtClass, amount: Decimal) -> Decimal:
        """Settle one class as it was booked, oldest instalment first; return what is left."""
        if debt is DebtClass.COSTS:
            return self._settle_costs(day, amount)
        rest = amount
        for item in self.items:
            if rest:
                rest -= self._take(day, item, debt, rest)
        return self.prepay(day, rest) if debt is DebtClass.PRINCIPAL else rest

    def prepay(self, day: date, amount: Decimal) -> Decimal:
        """Lower the principal not yet due; return what is left."""
        part = min(amount, self.normal)
        if part:
            self.count_interest(day)
            self.normal -= part
            self._note(day, 0, DebtClass.PRINCIPAL, part)
        return amount - part

    def _settle_costs(self, day: date, amount: Decimal) -> Decimal:
        part = min(amount, self.costs)
        if part:
            self.costs -= part
            self._note(day, 0, DebtClass.COSTS, part)
        return amount - part

    def _take(self, day: date, item: OpenItem, debt: DebtClass, rest: Decimal) -> Decimal:
        """Settle one class of one instalment; return what it took."""
        part = min(rest, item.left[debt])
        if part:
            item.left[debt] -= part
            self._note(day, item.no, debt, part)
        return part

    def _note(self, day: date, no: int, debt: DebtClass, amount: Decimal) -> None:
        if self.detail:
            self.parts.append(PaidPart(on=day, no=no, debt=debt, amount=amount))

    def drop_settled(self) -> None:
        """Forget the items on which nothing is left."""
        if self.items:
            self.items = [item for item in self.items if item.is_open]
