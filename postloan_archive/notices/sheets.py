"""Reading what people give in: loan numbers in a text or a sheet, tracking numbers."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from io import BytesIO
from typing import BinaryIO, Final

import python_calamine

from postloan_archive.kernel.errors import _l
from postloan_archive.notices.delivery import Tracked
from postloan_archive.notices.errors import SheetUnreadableError
from postloan_archive.notices.rules.delivery import CHANNEL_LABELS, Channel

LARGEST: Final = 10 * 1024 * 1024
MOST_ROWS: Final = 20_000
HEAD_WITHIN: Final = 10  # rows in which the headings are looked for
LETTER_HEADS: Final = frozenset({"条码号", "条码", "文号", "函件编号", "编号"})
TRACKING_HEADS: Final = frozenset(
    {"邮件号", "运单号", "快递单号", "单号", "邮件编号", "快递号"}
)
CHANNEL_HEADS: Final = frozenset({"寄送方式", "送达方式", "方式"})
DAY_HEADS: Final = frozenset({"寄送日期", "寄出日期", "寄件日期", "日期"})
_BETWEEN: Final = re.compile(r"[\s,，;；、]+")
_SCIENTIFIC: Final = re.compile(r"\d(\.\d+)?[eE]\+?\d+")
NO_TRACKING: Final = _l("{letter}（邮件号 {number} 是科学计数，请设为文本）")
_DAY: Final = re.compile(r"(\d{4})[-./年](\d{1,2})[-./月](\d{1,2})日?")
Cell = object


def loan_numbers(text: str) -> tuple[str, ...]:
    """Return the loan numbers of a pasted text, in order, each once."""
    found = (unicodedata.normalize("NFKC", one) for one in _BETWEEN.split(text) if one)
    return tuple(dict.fromkeys(found))


def tracking_of_sheet(stream: BinaryIO) -> list[Tracked]:
    """Return the lines of a list of tracking numbers, such as our own register filled in.

    Raises:
        SheetUnreadableError: no xlsx, too large, or without the two columns that are needed.
    """
    rows = read_rows(stream)
    head, letters = _head(rows, LETTER_HEADS)
    if not letters:
        raise SheetUnreadableError
    headings = [_text(cell) for cell in rows[head - 1]]
    tracking = _column(headings, TRACKING_HEADS)
    if tracking is None:
        raise SheetUnreadableError
    return list(_tracked(rows[head:], letters, tracking, headings))


def _tracked(
    rows: Sequence[Sequence[Cell]], letters: list[int], tracking: int, headings: list[str]
) -> Iterator[Tracked]:
    channel, day = _column(headings, CHANNEL_HEADS), _column(headings, DAY_HEADS)
    for row in rows:
        cells = [*row, *[""] * (len(headings) - len(row))]
        letter = next((_text(cells[one]) for one in letters if _text(cells[one])), "")
        number = _text(cells[tracking])
        if letter and _SCIENTIFIC.fullmatch(number):
            yield Tracked(
                letter=NO_TRACKING.format(letter=letter, number=number), tracking_no=""
            )
        elif letter and number:
            yield Tracked(
                letter=letter,
                tracking_no=number,
                channel=_channel(_text(cells[channel])) if channel is not None else None,
                on=_day(cells[day]) if day is not None else None,
            )


def read_rows(stream: BinaryIO) -> list[list[Cell]]:
    """Return the cells of the first sheet, at most `MOST_ROWS` rows.

    Raises:
        SheetUnreadableError: no spreadsheet, or too large.
    """
    data = stream.read(LARGEST + 1)
    if len(data) > LARGEST:
        raise SheetUnreadableError
    try:
        book = python_calamine.load_workbook(BytesIO(data))
        rows = book.get_sheet_by_index(0).to_python(skip_empty_area=False, nrows=MOST_ROWS)
    except (python_calamine.CalamineError, OSError, ValueError, IndexError) as error:
        raise SheetUnreadableError from error
    return [list(row) for row in rows]


def _head(rows: Sequence[Sequence[Cell]], names: frozenset[str]) -> tuple[int, list[int]]:
    """Return the number of rows up to and with the headings, and the columns so named."""
    for number, row in enumerate(rows[:HEAD_WITHIN], 1):
        columns = [place for place, cell in enumerate(row) if _text(cell) in names]
        if columns:
            return number, columns
    return 0, []


def _column(headings: list[str], names: frozenset[str]) -> int | None:
    return next((place for place, text in enumerate(headings) if text in names), None)


def _text(cell: Cell) -> str:
    """Return a cell as text; a whole number keeps its digits."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return unicodedata.normalize("NFKC", str(cell)).strip()


def _channel(text: str) -> Channel | None:
    known = {str(label): channel for channel, label in CHANNEL_LABELS.items()}
    return known.get(text) or (Channel.EMS if text.upper() == "EMS" else None)


def _day(cell: Cell) -> date | None:
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    found = _DAY.fullmatch(_text(cell))
    if not found:
        return None
    try:
        return date(int(found[1]), int(found[2]), int(found[3]))
    except ValueError:
        return None
