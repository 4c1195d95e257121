"""Lending of originals: who approves, how long, with how many signatures (R-I09)."""

from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from postloan_archive.kernel.calendar import SATURDAY, WorkCalendar
from postloan_archive.kernel.law import Confidence
from postloan_archive.kernel.statutes import HOUSE_RULE

LENDING: Final = HOUSE_RULE.at("原件借阅", rule="R-I09", confidence=Confidence.MEMORY)
TRANSFER: Final = HOUSE_RULE.at("移交清册", rule="R-I10", confidence=Confidence.MEMORY)
WORKING_DAYS: Final = 7
CONFIRM_DAYS: Final = 31  # court use is confirmed monthly
DEEDS: Final = "QZ"
MANAGER_CATEGORIES: Final = frozenset({"QZ", "YJ"})


class Way(StrEnum):
    """How an original is used."""

    READING_ROOM = "reading_room"
    OUT = "out"
    COURT = "court"


WAY_LABELS: Final = {
    Way.READING_ROOM: "库内查阅",
    Way.OUT: "外借",
    Way.COURT: "法院、仲裁使用",
}


def is_deed(item_code: str) -> bool:
    """Return whether the paper is a title deed: kept in a vault, moved with two signatures."""
    return item_code.startswith(DEEDS)


def needs_manager(item_code: str, way: Way) -> bool:
    """Return whether only the manager may approve: originals of QZ and YJ that leave."""
    return way is not Way.READING_ROOM and item_code[:2] in MANAGER_CATEGORIES


def due_date(way: Way, on: date, *, calendar: WorkCalendar) -> date | None:
    """Return the day of return: today for the reading room, the seventh working day after.

    None: court use lasts until the paper comes back.
    """
    if way is Way.COURT:
        return None
    day, left = on, 0 if way is Way.READING_ROOM else WORKING_DAYS
    while left:
        day += timedelta(days=1)
        known = calendar.is_workday(day)
        left -= day.weekday() < SATURDAY if known is None else known
    return day


def needs_confirmation(way: Way, last: date, today: date) -> bool:
    """Return whether a paper with the court was not confirmed for a month."""
    return way is Way.COURT and (today - last).days >= CONFIRM_DAYS
