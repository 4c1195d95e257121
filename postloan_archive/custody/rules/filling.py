"""How full a box is: sheets of paper against the spine."""

from typing import Final

SPINES_MM: Final = (20, 30, 40, 50)
SHEET_UM: Final = 110  # 80 g paper with binding, thousandths of a millimetre


def used_um(pages: int) -> int:
    """Return the thickness of so many written sides, two to a sheet, in micrometres."""
    return -(-pages // 2) * SHEET_UM


def fill_percent(pages: int, spine_mm: int) -> int:
    """Return how full a box is, percent of its spine, rounded down; 100 can be passed."""
    return used_um(pages) // (spine_mm * 10)
