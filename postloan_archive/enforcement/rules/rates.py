"""Rates a year in percent as papers of courts print them."""

import re
from decimal import Decimal
from typing import Final

from postloan_archive.kernel.errors import RuleError, _l
from postloan_archive.kernel.money import ZERO

HALF_WIDTH: Final = str.maketrans("０１２３４５６７８９．％", "0123456789.%")
RATE: Final = re.compile(r"[0-9]{1,3}(?:\.[0-9]{1,4})?%?")


class RateEntryError(RuleError):
    """The text is no rate."""

    field = "rate_pct"

    def __init__(self, *, text: str) -> None:
        super().__init__(_l("“{text}”不是利率，请写成 5.35，最多四位小数。"), text=text)


def read_rate(text: str) -> Decimal:
    """Return the percent a year that was typed, 0 for a blank.

    Raises:
        RateEntryError: it is no number of percent.
    """
    plain = text.translate(HALF_WIDTH).strip()  # no NFKC: it makes ² a 2
    if not plain:
        return ZERO
    if not RATE.fullmatch(plain):
        raise RateEntryError(text=text)
    return Decimal(plain.removesuffix("%"))
