"""How a computed day looks: state, words and icon, never colour alone."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from flask_babel import gettext as _

URGENT_DAYS: Final = 15
SOON_DAYS: Final = 60
SOON_DAYS_LONG: Final = 90  # limitation and guarantee periods


class ClockState(StrEnum):
    """The six faces of a clock; the value is the CSS class."""

    SAFE = "safe"
    SOON = "soon"
    URGENT = "urgent"
    EXPIRED = "expired"
    PROVISIONAL = "provisional"
    DONE = "done"


ICONS: Final = {
    ClockState.SAFE: "check",
    ClockState.SOON: "clock",
    ClockState.URGENT: "alert",
    ClockState.EXPIRED: "stop",
    ClockState.PROVISIONAL: "approx",
    ClockState.DONE: "check",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockFace:
    """What the macro `clock` draws."""

    state: ClockState
    words: str

    @property
    def icon(self) -> str:
        """Return the name of the icon."""
        return ICONS[self.state]


def clock_face(
    day: date,
    today: date,
    *,
    legal: date | None = None,
    provisional: bool = False,
    done: bool = False,
    long_period: bool = False,
    cannot_be_repaired: bool = False,
) -> ClockFace:
    """Return the face of a clock.

    Args:
        day: the safe day, the last on which to act.
        today: the civil day in China.
        legal: the last day by law where it is later than `day`; past it the clock has expired.
        provisional: a calendar is missing or a court must confirm.
        done: proven to be done.
        long_period: limitation or guarantee; soon begins at 90 days instead of 60.
        cannot_be_repaired: a missed renewal; urgent begins one day earlier.
    """
    left = (day - today).days
    if done:
        return ClockFace(state=ClockState.DONE, words=_("已办"))
    over = (today - (legal or day)).days
    if over > 0:
        return ClockFace(
            state=ClockState.EXPIRED, words=_("已过 %(days)s 天", days=f"{over:,}")
        )
    words = _("今天") if left <= 0 else _("剩 %(days)s 天", days=f"{left:,}")
    if provisional:
        return ClockFace(state=ClockState.PROVISIONAL, words=_("暂定 %(words)s", words=words))
    if left <= URGENT_DAYS + cannot_be_repaired:
        return ClockFace(state=ClockState.URGENT, words=words)
    if left <= (SOON_DAYS_LONG if long_period else SOON_DAYS):
        return ClockFace(state=ClockState.SOON, words=words)
    return ClockFace(state=ClockState.SAFE, words=words)
