"""The step between upload and check: what each sheet and heading is taken for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from postloan_archive.loans.importing.layout import BY_KEY, GUIDES
from postloan_archive.loans.importing.mapping import NOTHING, HeadingMapping, plain_words
from postloan_archive.loans.importing.sheets import ReadSheet, read_sheet
from postloan_archive.loans.importing.sources import tables

ROWS: Final = 40  # of a sheet that are looked at
SHOWN: Final = 5  # values of a heading


@dataclass(frozen=True, slots=True, kw_only=True)
class HeadingChoice:
    """A heading of the file, the key of the column it is taken for, and its first values."""

    said: str
    column: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetChoice:
    """A sheet of the file; `kind` empty: it is not recognised, or not to be used."""

    name: str
    kind: str
    headings: tuple[HeadingChoice, ...] = ()
    missing: tuple[str, ...] = ()  # labels of required columns that no heading says
    left_out: bool = False  # a person said so


def choices(content: bytes, mapping: HeadingMapping) -> list[SheetChoice]:
    """Return what can be said of each sheet, as it is understood now.

    Raises:
        WorkbookError: the file cannot be read.
    """
    found = []
    for table in tables(content, most=ROWS):
        if plain_words(table.name) in GUIDES:
            continue
        told = mapping.kind_of(table.name)
        sheet = None if told == NOTHING else read_sheet(table, mapping)
        if sheet is None:
            found.append(SheetChoice(name=table.name, kind="", left_out=told == NOTHING))
        else:
            found.append(_choice(sheet))
    return found


def said(
    sheets: Sequence[SheetChoice], answers: Mapping[str, str], before: HeadingMapping
) -> HeadingMapping:
    """Return what a person answered on the page.

    Args:
        sheets: as the page showed them.
        answers: `kind-1` is the kind of the first sheet, `column-1-2` the key of the column
            of its second heading; an unknown answer says nothing.
        before: what was said earlier; it stays for headings that the page did not show.
    """
    kinds = dict(before.kinds)
    headings = {kind: dict(told) for kind, told in before.headings.items()}
    for place, sheet in enumerate(sheets, start=1):
        kind = answers.get(f"kind-{place}", "")
        if kind in BY_KEY or kind == NOTHING:
            kinds[plain_words(sheet.name)] = kind
        if kind not in BY_KEY:
            continue
        keys = {column.key for column in BY_KEY[kind].columns}
        for at, heading in enumerate(sheet.headings, start=1):
            answer = answers.get(f"column-{place}-{at}", "")
            if answer in keys or answer == NOTHING:
                headings.setdefault(kind, {})[plain_words(heading.said)] = answer
    return HeadingMapping(kinds=kinds, headings=headings)


def _choice(sheet: ReadSheet) -> SheetChoice:
    used = [one for one in sheet.headings if one.column is not None]
    place = {one.at: at for at, one in enumerate(used)}
    return SheetChoice(
        name=sheet.name,
        kind=sheet.kind.key,
        headings=tuple(
            HeadingChoice(
                said=one.said,
                column=one.column.key if one.column else "",
                values=tuple(
                    str(row.cells[place[one.at]])
                    for row in sheet.rows[:SHOWN]
                    if one.at in place and row.cells[place[one.at]] not in {None, ""}
                ),
            )
            for one in sheet.headings
        ),
        missing=sheet.missing,
    )
