"""The periods of post-loan reports: quarters, half-years, years; pure."""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from postloan_archive.kernel.errors import RuleError, _l

_NAME: Final = re.compile(r"(?P<year>[12][0-9]{3})(?P<part>Q[1-4]|H[12]|Y)")
MONTHS: Final = {"Q": 3, "H": 6, "Y": 12}
WORDS: Final = {"Q": "第{no}季度", "H": "{half}半年", "Y": "全年"}


class PeriodNameError(RuleError):
    """The text names no period."""

    field = "period"

    def __init__(self, *, text: str) -> None:
        super().__init__(_l("“{text}”不是报告期，请写成 2026Q4、2026H2 或 2026Y。"), text=text)


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """One period of reports; both days are included."""

    name: str
    since: date
    until: date
    words: str


def period_of(text: str) -> Period:
    """Return the period of a name such as 2026Q4.

    Raises:
        PeriodNameError: it is none.
    """
    found = _NAME.fullmatch(text.strip().upper())
    if found is None:
        raise PeriodNameError(text=text[:20])
    year, part = int(found["year"]), found["part"]
    no = int(part[1:] or 1)
    months = MONTHS[part[0]]
    since = date(year, (no - 1) * months + 1, 1)
    last = no * months
    until = date(year, 12, 31) if last == 12 else date(year, last + 1, 1) - timedelta(days=1)  # noqa: PLR2004 - December
    words = WORDS[part[0]].format(no=no, half="上" if no == 1 else "下")
    return Period(name=f"{year}{part}", since=since, until=until, words=f"{year} 年{words}")


def quarter_of(day: date) -> Period:
    """Return the quarter that a day lies in."""
    return period_of(f"{day.year}Q{(day.month - 1) // 3 + 1}")


def offered(today: date) -> tuple[Period, ...]:
    """Return the periods that a page offers: five quarters, two halves, two years."""
    quarters, day = [], today
    for _turn in range(5):
        quarters.append(quarter_of(day))
        day = quarters[-1].since - timedelta(days=1)
    half = f"{today.year}H{1 if today.month <= 6 else 2}"  # noqa: PLR2004 - June
    before = f"{today.year}H1" if half.endswith("2") else f"{today.year - 1}H2"
    names = (half, before, f"{today.year}Y", f"{today.year - 1}Y")
    return (*quarters, *(period_of(name) for name in names))
