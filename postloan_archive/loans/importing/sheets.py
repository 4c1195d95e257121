"""From the tables of a file to rows of raw cells under known columns."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, NamedTuple

from postloan_archive.kernel.errors import _l
from postloan_archive.loans.importing.cells import Raw, is_blank
from postloan_archive.loans.importing.columns import Column, SheetKind
from postloan_archive.loans.importing.layout import GUIDES, RESULT, SHEETS, TOTALS
from postloan_archive.loans.importing.mapping import (
    NO_MAPPING,
    NOTHING,
    HeadingMapping,
    plain_words,
)
from postloan_archive.loans.importing.sources import ERA_1900, Table, WorkbookError, tables

MOST_ROWS: Final = 1_048_575  # of a sheet; more no spreadsheet holds
MOST_BLANK: Final = 500  # blank rows after which a sheet has ended
HEAD_ROWS: Final = 15  # the headings stand within the first rows
FEWEST: Final = 2  # headings that must be known
FIRST_CELLS: Final = 4  # where the word of a totals row stands
LONGEST_TOTAL: Final = 12  # characters of a cell that may be the word of a totals row
UNIT: Final = re.compile(r"[(\[]?(万元|元|%|人民币元|人民币)[)\]]?$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """A column of the sheet as it was understood; `column` None: not used."""

    at: int  # column of the sheet, from 0
    said: str
    column: Column | None
    in_ten_thousands: bool = False


class RawRow(NamedTuple):
    """One row; `line` as the spreadsheet numbers it, from 1.

    `cells` are those under the headings that have a column, in their order.
    """

    line: int
    cells: tuple[Raw, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadSheet:
    """One sheet that was recognised.

    Attributes:
        head_line: the line of the headings, from 1; of two lines the lower one.
        skipped: totals rows that were passed over, their lines.
        missing: labels of required columns that no heading says.
        serial_zero: the day that a serial number counts from.
    """

    name: str
    kind: SheetKind
    head_line: int
    headings: tuple[Heading, ...]
    rows: tuple[RawRow, ...]
    skipped: tuple[int, ...]
    missing: tuple[str, ...]
    serial_zero: date = ERA_1900


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadBook:
    """A workbook: its recognised sheets in the order of entry, and the names of the others."""

    sheets: tuple[ReadSheet, ...]
    ignored: tuple[str, ...]


def read_book(content: bytes, mapping: HeadingMapping = NO_MAPPING) -> ReadBook:
    """Return the sheets of a ledger in the order of entry.

    Args:
        content: the file.
        mapping: what its headings mean where a person has said so.

    Raises:
        WorkbookError: too large, damaged, encrypted, or without any known heading.
    """
    found, ignored = [], []
    for table in tables(content):
        sheet = None
        if mapping.kind_of(table.name) != NOTHING and _plain(table.name) not in GUIDES:
            sheet = read_sheet(table, mapping)
        if sheet is None:
            ignored.append(table.name)
        else:
            found.append(sheet)
    if not found:
        raise WorkbookError(_l("没有认出任何工作表：找不到“借据号”“户名”等表头。"))
    order = {kind.key: place for place, kind in enumerate(SHEETS)}
    found.sort(key=lambda sheet: order[sheet.kind.key])
    return ReadBook(sheets=tuple(found), ignored=tuple(ignored))


def read_sheet(table: Table, mapping: HeadingMapping) -> ReadSheet | None:
    """Return the rows of a sheet under the columns they were understood as, None for others."""
    best: tuple[int, SheetKind, int, tuple[Heading, ...]] | None = None
    for kind in _likely(table.name, mapping):
        for at, said in _candidates(table.rows):
            headings = _understood(kind, said, mapping)
            known = {one.column.key for one in headings if one.column}
            score = len(known) + 2 * len(known & kind.required)
            enough = FEWEST if kind.key != mapping.kind_of(table.name) else 1
            if len(known) >= enough and (best is None or score > best[0]):
                best = (score, kind, at, headings)
    if best is None:
        return None
    _, kind, at, headings = best
    known = {one.column.key for one in headings if one.column}
    read, skipped = _rows(table.rows, at + 1, headings)
    return ReadSheet(
        name=table.name,
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
        serial_zero=table.serial_zero,
    )


def _likely(name: str, mapping: HeadingMapping) -> Sequence[SheetKind]:
    """Return the kind that a person or the name of the sheet says, or all of them."""
    said = mapping.kind_of(name)
    plain = _plain(name)
    for kind in SHEETS:
        if kind.key == said:
            return [kind]
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


def _understood(
    kind: SheetKind, said: Sequence[tuple[str, ...]], mapping: HeadingMapping
) -> tuple[Heading, ...]:
    """Return the headings with their columns; each column is taken once, the first time.

    What a person said of a heading goes before what its words say.
    """
    told = mapping.headings_of(kind.key)
    words: dict[str, Column] = {}
    for exact in (True, False):
        for column in kind.columns:
            for word in (column.label,) if exact else column.also:
                words.setdefault(_plain(word), column)
    by_key = {column.key: column for column in kind.columns}
    shown_words = {_plain(next(filter(None, readings), "")) for readings in said}
    taken: set[str] = set()
    reserved = {key for word, key in told.items() if word in shown_words}
    headings = []
    for at, readings in enumerate(said):
        meant: Column | None = None
        thousands = False
        own = _plain(next(filter(None, readings), ""))
        for reading in () if own in told else readings:
            plain = _plain(reading)
            unit = UNIT.search(plain)
            bare = plain[: unit.start()] if unit and unit.start() else plain
            found = words.get(plain) or words.get(bare)
            if found is not None and found.key not in taken | reserved:
                meant = found
                thousands = bool(unit and unit[1] == "万元")
                taken.add(found.key)
                break
        if own in told and told[own] in by_key and told[own] not in taken:
            meant = by_key[told[own]]
            thousands = (unit := UNIT.search(own)) is not None and unit[1] == "万元"
            taken.add(meant.key)
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
    used = [one.at for one in headings if one.column is not None]
    widest = max(used, default=0) + 1
    for line, row in enumerate(rows[start:], start=start + 1):
        full = row if len(row) >= widest else [*row, *[None] * (widest - len(row))]
        cells = tuple([full[at] for at in used])
        if all(map(is_blank, cells)):
            blank = 0 if any(not is_blank(cell) for cell in row) else blank + 1
            if blank > MOST_BLANK:
                break
            continue
        blank = 0
        if any(isinstance(cell, str) and _is_total(cell) for cell in row[:FIRST_CELLS]):
            skipped.append(line)
            continue
        if len(read) == MOST_ROWS:
            raise WorkbookError(_l("一个工作表最多 {most} 行，请分次导入。"), most=MOST_ROWS)
        read.append(RawRow(line, cells))
    return read, skipped


def _is_total(cell: str) -> bool:
    return (  # every word of a total is Chinese
        not cell.isascii() and len(cell) <= LONGEST_TOTAL and _plain(cell) in TOTALS
    )


def _words(cell: Raw) -> str:
    return cell.strip() if isinstance(cell, str) else ""


def _plain(text: str) -> str:
    return plain_words(text)
