"""How money that came in settles a loan: the split by the contract's order (R-F09)."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from postloan_archive.kernel.law import Derived
from postloan_archive.loans.derivation import facts_of
from postloan_archive.loans.models import Loan
from postloan_archive.loans.rules.money_events import RELIEF
from postloan_archive.loans.rules.splitting import SurplusError as SurplusError
from postloan_archive.loans.rules.splitting import split
from postloan_archive.loans.rules.statement import Booking

IN_KIND: Final = "以物抵债"
CHANNELS: Final = (
    "自主还款",
    "催收还款",
    "诉讼执行",
    "处置押品",
    IN_KIND,
    "委外清收",
    "破产分配",
    "担保人代偿",
    "核销后追回",
    "其他",
)
NOT_MONEY: Final = frozenset({RELIEF})  # lowers the debt, is no recovery


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """An amount on a day, yuan."""

    on: date
    amount: Decimal


def propose(loan: Loan, received: Received) -> Derived[Booking]:
    """Return the split of an amount; what is not due yet is repaid ahead.

    Raises:
        SurplusError: more than is owed on the day.
    """
    return split(facts_of(loan), on=received.on, amount=received.amount)
