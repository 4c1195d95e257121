"""Money is Decimal yuan; it is rounded here and nowhere else (R-004)."""

from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from typing import Final

CENT: Final = Decimal("0.01")
ZERO: Final = Decimal("0.00")


def yuan(value: Decimal | int | str) -> Decimal:
    """Return `value` in yuan, rounded half up to the cent."""
    exact = value if isinstance(value, Decimal) else Decimal(value)
    return exact.quantize(CENT, rounding=ROUND_HALF_UP)


def yuan_down(value: Decimal | int | str) -> Decimal:
    """Return `value` in yuan, cut down to the cent: for a ceiling that must not be passed."""
    return Decimal(value).quantize(CENT, rounding=ROUND_DOWN)
