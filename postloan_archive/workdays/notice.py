"""Reading the yearly notice on holidays: its text, or a table of days (R-K06)."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from postloan_archive.kernel.calendar import SATURDAY, DayKind
from postloan_archive.kernel.cautions import Caution
from postloan_archive.kernel.entries import DateEntryError, read_date
from postloan_archive.kernel.errors import RuleError, _l
from postloan_archive.kernel.statutes import HOLIDAY_MEASURES

LONGEST_TEXT: Final = 20_000  # characters
LONGEST_BLOCK: Final = 15  # days; no notice has ever had more than ten
DECEMBER: Final = 12
WEEKDAYS: Final = "一二三四五六日"
SUNDAY_WORDS: Final = str.maketrans("天七", "日日")
KINDS: Final[dict[str, DayKind]] = {
    "休": DayKind.REST,
    "放假": DayKind.REST,
    "休息": DayKind.REST,
    "班": DayKind.WORK,
    "上班": DayKind.WORK,
    "工作日": DayKind.WORK,
}

VERB: Final = re.compile(r"放假|上班")
SENTENCE: Final = re.compile(r"[^。;\n]+")
HEADING: Final = re.compile(r"^[一二三四五六七八九十]+、([^:]{1,12}):")
DAY: Final = re.compile(
    r"(?:(?P<year>[0-9]{4})年)?(?:(?P<month>[0-9]{1,2})月)?(?P<day>[0-9]{1,2})日"
    r"(?:\((?P<note>[^()]*)\))?(?P<to>至)?"
)
WEEKDAY: Final = re.compile(r"(?:周|星期)([一二三四五六日天七])")


class NoticeError(RuleError):
    """The notice cannot be read, or contradicts itself."""

    field = "text"


class NoticeSentenceError(NoticeError):
    """A sentence of the notice holds no readable date, or an impossible one."""

    def __init__(self, *, sentence: str) -> None:
        super().__init__(_l("读不懂这一句：“{words}”。"), words=sentence)


class NoticeWeekdayError(NoticeError):
    """The weekday printed beside a date is not the weekday of that date."""

    next_step = _l("请核对所选年度与通知是否一致。")

    def __init__(self, *, day: date, printed: str) -> None:
        super().__init__(_l("{day} 不是通知所写的星期{printed}。"), day=day, printed=printed)


class NoticeDayError(NoticeError):
    """A day outside the year, or a working day that is none of the weekend."""

    def __init__(self, *, day: date, year: int) -> None:
        super().__init__(
            _l("{day} 不能列入 {year} 年的安排：应为该年度或上年12月，调休上班应为周末。"),
            day=day,
            year=year,
        )


class DoubleDayError(NoticeError):
    """A day stands in the notice both as rest and as work."""

    def __init__(self, *, day: date) -> None:
        super().__init__(_l("{day} 既列为放假又列为上班。"), day=day)


class EmptyNoticeError(NoticeError):
    """Nothing in the text is an arrangement of holidays."""

    def __init__(self) -> None:
        super().__init__(_l("没有找到放假安排。"))


class TableRowError(NoticeError):
    """A row of the table cannot be read."""

    def __init__(self, *, row: int, text: str) -> None:
        super().__init__(
            _l("第 {row} 行“{text}”应为：日期、休或班、名称。"), row=row, text=text
        )


STATUTORY: Final = HOLIDAY_MEASURES.at(2, rule="R-K03")


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeDay:
    """One exceptional day: free (休) or worked on a weekend (班)."""

    day: date
    kind: DayKind
    name: str = ""


def read_notice(year: int, text: str) -> tuple[NoticeDay, ...]:
    """Return the exceptional days that the text of the notice for `year` arranges, in order.

    Understands 5月1日（周五）至5日（周二）放假调休，共5天。5月9日（周六）上班。
    A weekday in brackets is compared with the calendar, so a notice of another year is refused.

    Raises:
        NoticeError: a subclass says which sentence or day is at fault.
    """
    plain = unicodedata.normalize("NFKC", text[:LONGEST_TEXT]).replace(" ", "")
    days: list[NoticeDay] = []
    for sentence, name in _sentences(plain):
        start = 0
        for verb in VERB.finditer(sentence):
            kind = DayKind.REST if verb[0] == "放假" else DayKind.WORK
            part = sentence[start : verb.start()]
            start = verb.end()
            days += (NoticeDay(day=day, kind=kind, name=name) for day in _days(year, part))
    return checked(year, days)


def read_table(year: int, rows: Sequence[Sequence[object]]) -> tuple[NoticeDay, ...]:
    """Return the exceptional days of a table with the columns date, 休 or 班, and name.

    Blank rows and a heading are skipped.

    Raises:
        NoticeError: a subclass says which row or day is at fault.
    """
    days = []
    for number, row in enumerate(rows, start=1):
        cells = [*row, "", "", ""][:3]
        texts = ["" if cell is None else str(cell).strip() for cell in cells]
        if not any(texts) or texts[0] in {"日期", "date"}:
            continue
        kind = KINDS.get(texts[1])
        try:
            day = _cell_day(cells[0])
        except DateEntryError as error:
            raise TableRowError(row=number, text=" ".join(texts)) from error
        if kind is None:
            raise TableRowError(row=number, text=" ".join(texts))
        days.append(NoticeDay(day=day, kind=kind, name=texts[2]))
    return checked(year, days)


def checked(year: int, days: Sequence[NoticeDay]) -> tuple[NoticeDay, ...]:
    """Return the days in order, each once, if they can be the arrangement of that year.

    Raises:
        EmptyNoticeError: no day is free.
        NoticeDayError: a day outside the year and the December before it, or a working day that
            is not on a weekend.
        DoubleDayError: a day is free and worked.
    """
    by_day: dict[date, NoticeDay] = {}
    for day in days:
        in_year = day.day.year == year or (day.day.year, day.day.month) == (year - 1, DECEMBER)
        if not in_year or (day.kind is DayKind.WORK and day.day.weekday() < SATURDAY):
            raise NoticeDayError(day=day.day, year=year)
        known = by_day.setdefault(day.day, day)
        if known.kind is not day.kind:
            raise DoubleDayError(day=day.day)
    if not any(day.kind is DayKind.REST for day in by_day.values()):
        raise EmptyNoticeError
    return tuple(by_day[day] for day in sorted(by_day))


def _sentences(text: str) -> Iterator[tuple[str, str]]:
    """Yield each sentence with the name of the holiday whose paragraph it stands in."""
    name = ""
    for match in SENTENCE.finditer(text):
        sentence = match[0].strip()
        if heading := HEADING.match(sentence):
            name, sentence = heading[1], sentence[heading.end() :]
        yield sentence, name


def _days(year: int, part: str) -> Iterator[date]:
    """Yield every day that the words before 放假 or 上班 name, ranges filled."""
    first: date | None = None
    month: int | None = None
    named_year: int | None = None
    for match in DAY.finditer(part):
        month = int(match["month"]) if match["month"] else month
        named_year = int(match["year"]) if match["year"] else named_year
        if month is None:
            raise NoticeSentenceError(sentence=part)
        try:
            day = date(named_year or year, month, int(match["day"]))
        except ValueError as error:
            raise NoticeSentenceError(sentence=part) from error
        if match["to"] and month == DECEMBER and match["year"] is None:
            day = _december_before(day, part[match.end() :])
        _check_weekday(day, match["note"] or "")
        if match["to"]:
            first = day
            continue
        block = (day - first).days if first else 0
        if not 0 <= block < LONGEST_BLOCK:
            raise NoticeSentenceError(sentence=part)
        yield from (day - timedelta(days=back) for back in range(block, -1, -1))
        first = None
    if first is not None:
        raise NoticeSentenceError(sentence=part)


def _december_before(day: date, rest: str) -> date:
    """Return 30 December of the year before where the range runs to January."""
    until = DAY.match(rest)
    january = until is not None and until["month"] is not None and int(until["month"]) == 1
    return day.replace(year=day.year - 1) if january else day


def _check_weekday(day: date, note: str) -> None:
    printed = WEEKDAY.search(note)
    if printed and WEEKDAYS.index(printed[1].translate(SUNDAY_WORDS)) != day.weekday():
        raise NoticeWeekdayError(day=day, printed=printed[1])


def _cell_day(cell: object) -> date:
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    return read_date(str(cell))


FIXED: Final = (  # 全国年节及纪念日放假办法（2024修订）: days that every notice since 2025 has
    (_l("元旦"), ((1, 1),)),
    (_l("劳动节"), ((5, 1), (5, 2))),
    (_l("国庆节"), ((10, 1), (10, 2), (10, 3))),
)
MOVING: Final = (_l("春节"), _l("清明"), _l("端午"), _l("中秋"))  # known by name alone
FIRST_YEAR: Final = 2025


def lacking(year: int, days: Sequence[NoticeDay]) -> tuple[Caution, ...]:
    """Return the warning that a notice does not arrange every statutory holiday.

    Args:
        year: the year of the notice; before 2025 other days were free, nothing is said.
        days: the exceptional days that were read.
    """
    if year < FIRST_YEAR:
        return ()
    free = {one.day for one in days if one.kind is DayKind.REST}
    names = " ".join(one.name for one in days if one.kind is DayKind.REST)
    gone = [
        name for name, dates in FIXED if not {date(year, *one) for one in dates} <= free
    ] + [name for name in MOVING if name not in names]
    if not gone:
        return ()
    return (
        Caution(
            sentence=_l(
                "没有读到{names}的放假安排；入历后这些日子按平日计算，期限不会顺延。"
                "请确认通知是否完整。"
            ),
            facts={"names": "、".join(gone)},
            basis=STATUTORY,
        ),
    )
