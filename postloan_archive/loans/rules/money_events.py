"""Payments as interruptions of the limitation: money of the debtor, deductions (R-D04, R-D06).

The books prove a payment, but who paid only where the receipt names the payer: money
of somebody else, or of nobody named, waits for legal and moves no clock.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Final

from postloan_archive.loans.rules.limitation_state import InterruptingEvent, Interruption
from postloan_archive.loans.rules.loan_facts import PaidRow
from postloan_archive.loans.rules.proof import Level

RELIEF: Final = "减免"  # a channel: nothing came in
DEDUCTED: Final = ("扣", "划收")  # in the channel: the bank took it from the debtor's account
VOLUNTARY: Final = frozenset({"自主还款", "催收还款"})  # without another name: the debtor paid
NOT_THE_DEBTORS: Final = frozenset({"诉讼执行", "处置押品", "破产分配", "担保人代偿"})


def money_events(
    payments: Sequence[PaidRow], *, debtor: str, after: date
) -> Iterator[InterruptingEvent]:
    """Yield one event for each day with money after the first open due date.

    Args:
        payments: as booked, in any order.
        debtor: name of the borrower; a payer of this name is the debtor.
        after: the earliest due date that is not fully paid; money up to it interrupts nothing.
    """
    best: dict[date, InterruptingEvent] = {}
    for row in payments:
        if row.paid_on <= after or row.channel == RELIEF:
            continue
        kind, level = _kind(row, debtor)
        known = best.get(row.paid_on)
        if known is None or level < known.level:
            # After the end only legal can say that the debtor agrees to pay the rest (R-D10).
            best[row.paid_on] = InterruptingEvent(
                kind=kind, on=row.paid_on, level=level, shows_agreement=False
            )
    yield from (best[day] for day in sorted(best))


def _kind(row: PaidRow, debtor: str) -> tuple[Interruption, Level]:
    payer, owner = "".join(row.payer.split()), "".join(debtor.split())
    if row.channel not in NOT_THE_DEBTORS and payer in {"", owner}:
        if any(word in row.channel for word in DEDUCTED):
            return Interruption.DEDUCTION, Level.A
        if payer or row.channel in VOLUNTARY:
            return Interruption.PAYMENT, Level.A
    return Interruption.MONEY, Level.C
