"""How full a box is: sheets of paper against the spine."""

from typing import Final

SPINES_MM: Final = (20, 30, 40, 50)
SHEET_MM: Final = 0.11  # 80 g paper with binding
PERCENT: Final = 100


def used_mm(pages: int) -> float:
    """Return the thickness of so many written sides: two to a sheet."""
    return -(-pages // 2) * SHEET_MM


def fill_percent(pages: int, spine_mm: int) -> int:
    """Return how full a box is, percent of its spine, rounded; more than 100 is possible."""
    return round(used_mm(pages) * PERCENT / spine_mm)
