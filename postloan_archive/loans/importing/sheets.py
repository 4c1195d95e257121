"""From the bytes of a workbook to rows of raw cells under known columns."""

import re
import unicodedata
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Final

import python_calamine

from postloan_archive.kernel.errors import RuleError, _l
from postloan_archive.loans.importing.cells import Raw, is_blank
from postloan_archive.loans.importing.columns import Column, SheetKind
from postloan_archive.loans.importing.layout import GUIDES, RESULT, SHEETS, TOTALS

LARGEST_FILE: Final = 20 * 1024 * 1024  # bytes
LARGEST_UNPACKED: Final = 300 * 1024 * 1024  # bytes
MOST_ROWS: Final = 100_000  # of a sheet
MOST_BLANK: Final = 500  # blank rows after which a sheet has ended
HEAD_ROWS: Final = 15  # the headings stand within the first rows
FEWEST: Final = 2  # headings that must be known
FIRST_CELLS: Final = 4  # where the word of a totals row stands
UNIT: Final = re.compile(r"[(\[]?(万元|元|%|人民币元|人民币)[)\]]?$")
NOISE: Final = re.compile(r"[\s*:：※]+")


class WorkbookError(RuleError):
    """The file is no workbook that can be read."""

    field = "file"
    next_step = _l("请下载模板，把台账粘贴进去再上传。")

    def __init__(self, sentence: str, *, most: int = 0) -> None:
        super().__init__(sentence, most=most)


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """A column of the sheet as it was understood; `column` None: not used."""

    at: int  # column of the sheet, from 0
    said: str
    column: Column | None
    in_ten_thousands: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RawRow:
    """One row; `line` as the spreadsheet numbers it, from 1; cells by key of the column."""

    line: int
    cells: Mapping[str, Raw]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadSheet:
    """One sheet that was recognised.

    Attributes:
        head_line: the line of the headings, from 1; of two lines the lower one.
        skipped: totals rows that were passed over, their lines.
        missing: labels of required columns that no heading says.
    """

    name: str
    kind: SheetKind
    head_line: int
    headings: tuple[Heading, ...]
    rows: tuple[RawRow, ...]
    skipped: tuple[int, ...]
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadBook:
    """A workbook: its recognised sheets in the order of entry, and the names of the others."""

    sheets: tuple[ReadSheet, ...]
    ignored: tuple[str, ...]


def read_book(content: bytes) -> ReadBook:
    """Return the sheets of a workbook (.xlsx, .xls, .ods).

    Raises:
        WorkbookError: too large, damaged, encrypted, or without any known heading.
    """
    if len(content) > LARGEST_FILE:
        raise WorkbookError(_l("文件超过 {most} MB。"), most=LARGEST_FILE // 1024 // 1024)
    _check_unpacked(content)
    try:
        book = python_calamine.load_workbook(BytesIO(content))
        names = list(book.sheet_names)
        found, ignored = [], []
        for name in names:
            rows = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
            sheet = None if _plain(name) in GUIDES else _read_sheet(name, rows)
            if sheet is None:
                ignored.append(name)
            else:
                found.append(sheet)
    except (python_calamine.CalamineError, OSError, ValueError, zipfile.BadZipFile) as error:
        raise WorkbookError(_l("无法读取该文件：不是表格文件、已加密或已损坏。")) from error
    if not found:
        raise WorkbookError(_l("没有认出任何工作表：找不到“借据号”“户名”等表头。"))
    order = {kind.key: place for place, kind in enumerate(SHEETS)}
    found.sort(key=lambda sheet: order[sheet.kind.key])
    return ReadBook(sheets=tuple(found), ignored=tuple(ignored))


def _check_unpacked(content: bytes) -> None:
    """Refuse a zip that becomes too large when it is unpacked."""
    if not content.startswith(b"PK"):
        return
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            size = sum(member.file_size for member in archive.infolist())
    except zipfile.BadZipFile as error:
        raise WorkbookError(_l("文件已损坏，无法打开。")) from error
    if size > LARGEST_UNPACKED:
        raise WorkbookError(_l("文件解压后过大，未读取。"))


def _read_sheet(name: str, rows: Sequence[Sequence[Raw]]) -> ReadSheet | None:
    best: tuple[int, SheetKind, int, tuple[Heading, ...]] | None = None
    for kind in _likely(name):
        for at, said in _candidates(rows):
            headings = _understood(kind, said)
            known = {one.column.key for one in headings if one.column}
            score = len(known) + 2 * len(known & kind.required)
            if len(known) >= FEWEST and (best is None or score > best[0]):
                best = (score, kind, at, headings)
    if best is None:
        return None
    _, kind, at, headings = best
    known = {one.column.key for one in headings if one.column}
    read, skipped = _rows(rows, at + 1, headings)
    return ReadSheet(
        name=name,
        kind=kind,
        head_line=at + 1,
        headings=headings,
        rows=tuple(read),
        skipped=tuple(skipped),
        missing=tuple(
            column.label
            for column in kind.columns
            if column.required and column.key not in known
        ),
    )


def _likely(name: str) -> Sequence[SheetKind]:
    """Return the kind that the name of the sheet says, or all of them."""
    plain = _plain(name)
    for kind in SHEETS:
        if plain in {_plain(word) for word in (kind.label, *kind.also)}:
            return [kind]
    return SHEETS


def _candidates(rows: Sequence[Sequence[Raw]]) -> Iterator[tuple[int, list[tuple[str, ...]]]]:
    """Yield what may be the headings: one row, or two of which the upper has merged cells.

    Each heading comes with its readings, the most exact one first.
    """
    for at in range(min(HEAD_ROWS, len(rows))):
        lower = [_words(cell) for cell in rows[at]]
        yield at, [(word,) for word in lower]
        if at == 0:
            continue
        upper, above = [], ""
        for cell in rows[at - 1]:
            above = _words(cell) or above
            upper.append(above)
        upper += [above] * (len(lower) - len(upper))
        own = [_words(cell) for cell in rows[at - 1]] + [""] * len(lower)
        yield (
            at,
            [
                (word, over + word) if word else (own[place],)
                for place, (word, over) in enumerate(zip(lower, upper, strict=False))
            ],
        )


def _understood(kind: SheetKind, said: Sequence[tuple[str, ...]]) -> tuple[Heading, ...]:
    """Return the headings with their columns; each column is taken once, the first time."""
    words: dict[str, Column] = {}
    for exact in (True, False):
        for column in kind.columns:
            for word in (column.label,) if exact else column.also:
                words.setdefault(_plain(word), column)
    taken: set[str] = set()
    headings = []
    for at, readings in enumerate(said):
        meant: Column | None = None
        thousands = False
        for reading in readings:
            plain = _plain(reading)
            unit = UNIT.search(plain)
            bare = plain[: unit.start()] if unit and unit.start() else plain
            found = words.get(plain) or words.get(bare)
            if found is not None and found.key not in taken:
                meant = found
                thousands = bool(unit and unit[1] == "万元")
                taken.add(found.key)
                break
        shown = next(filter(None, readings), "")
        if shown and _plain(shown) != RESULT:
            headings.append(
                Heading(at=at, said=shown, column=meant, in_ten_thousands=thousands)
            )
    return tuple(headings)


def _rows(
    rows: Sequence[Sequence[Raw]], start: int, headings: Sequence[Heading]
) -> tuple[list[RawRow], list[int]]:
    read: list[RawRow] = []
    skipped: list[int] = []
    blank = 0
    for line, row in enumerate(rows[start:], start=start + 1):
        cells = {
            one.column.key: row[one.at] if one.at < len(row) else None
            for one in headings
            if one.column is not None
        }
        if all(is_blank(cell) for cell in row):
            blank += 1
            if blank > MOST_BLANK:
                break
            continue
        blank = 0
        if any(_plain(_words(cell)) in TOTALS for cell in row[:FIRST_CELLS]):
            skipped.append(line)
            continue
        if all(is_blank(cell) for cell in cells.values()):
            continue
        if len(read) == MOST_ROWS:
            raise WorkbookError(_l("一个工作表最多 {most} 行，请分次导入。"), most=MOST_ROWS)
        read.append(RawRow(line=line, cells=cells))
    return read, skipped


def _words(cell: Raw) -> str:
    return cell.strip() if isinstance(cell, str) else ""


def _plain(text: str) -> str:
    return NOISE.sub("", unicodedata.normalize("NFKC", text))
