"""Excel workbooks (xlsx): streamed, so that one cell in the last corner costs nothing."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from postloan_archive.kernel.errors import _l
from postloan_archive.reading import markup
from postloan_archive.reading.formats import calc, number_format, ooxml
from postloan_archive.reading.formats.sheet_pages import SheetPages
from postloan_archive.reading.refusals import DamagedError, TimedOutError, TooLargeError
from postloan_archive.reading.results import Flag
from postloan_archive.reading.source import Content, Source
from postloan_archive.reading.zips import Container

_CELL: Final = re.compile(r"([A-Z]{1,3})(\d+)$")
_BESIDE: Final = re.compile(r"xl/(?:comments\d*|drawings/drawing\d+)\.xml$")
_COLUMNS: Final = 16_384
_GAP: Final = 40  # empty cells in a row that are still shown as tabs
_STRINGS_CHARS: Final = 60_000_000


@dataclass(slots=True, kw_only=True)
class _Book:
    """What cells refer to."""

    strings: list[str] = field(default_factory=list)
    formats: list[str] = field(default_factory=list)  # by style
    from_1904: bool = False
    sheets: list[tuple[str, str]] = field(default_factory=list)  # name and part


def read(source: Source) -> Content:
    """Return the cells as shown; a workbook that is not read this way goes to calamine.

    Raises:
        DamagedError: neither way works.
    """
    content = Content(reader="xlsx-xml")
    with ooxml.opened(source) as container:
        ooxml.note(container, content)
        if any("ddelink" in name.lower() for name in container.names):
            content.flags.add(Flag.DDE)
        pages = SheetPages(source.limits.chars)
        try:
            _read_book(container, source, content, pages)
        except DamagedError as error:
            content.trouble = error
        except TooLargeError as error:
            if not pages.pages:
                raise
            content.trouble = error
    content.pages = pages.pages
    if content.trouble is not None and not content.pages and not source.careful:
        return _second(source, content)
    return content


def _second(source: Source, content: Content) -> Content:
    assert content.trouble is not None
    try:
        second = calc.read(source)
    except DamagedError:
        raise content.trouble from None
    second.flags |= content.flags
    second.properties.update(content.properties)
    return second


def _read_book(
    container: Container, source: Source, content: Content, pages: SheetPages
) -> None:
    book = _Book()
    _workbook(container, book, content)
    book.strings = list(_strings(container))
    _styles(container, book)
    for name, part in book.sheets:
        pages.start(name)
        entry = container.find(part)
        if entry is None:
            content.trouble = DamagedError(_l("工作表“{name}”缺失。"), name=name)
            continue
        with container.open(entry) as stream:
            events = markup.Events(stream, keep=("c",))
            for row in _rows(events, book):
                pages.add(row)
                if pages.full or source.late:
                    content.trouble = TimedOutError(_l("表格过大，仅读出前面的部分。"))
                    break
        if events.broken and content.trouble is None:
            content.trouble = DamagedError(
                _l("工作表“{name}”已损坏，仅读出其中一部分。"), name=name
            )
        if events.entities:
            content.flags.add(Flag.ENTITIES)
    pages.end()
    _comments(container, pages)


def _workbook(container: Container, book: _Book, content: Content) -> None:
    data = container.read_name("xl/workbook.xml")
    if data is None:
        raise DamagedError(_l("工作簿缺少目录。"))
    root = markup.tree(data)
    if root.getroottree().docinfo.internalDTD is not None:
        content.flags.add(Flag.ENTITIES)
    targets = _targets(container)
    for element in root.iter():
        name = markup.local(element)
        if name == "workbookPr":
            book.from_1904 = markup.attribute(element, "date1904") in {"1", "true"}
        elif name == "sheet":
            target = targets.get(_relation(element), "")
            if target:
                book.sheets.append((element.get("name") or "", target))
    if not book.sheets:
        book.sheets = [
            (name.rpartition("/")[2].removesuffix(".xml"), name)
            for name in container.names
            if name.startswith("xl/worksheets/sheet")
        ]
    if not book.sheets:
        raise DamagedError(_l("工作簿中没有工作表。"))


def _relation(element: markup.Element) -> str:
    for key, value in element.attrib.items():
        if key.endswith("relationships}id"):
            return str(value)
    return ""


def _targets(container: Container) -> dict[str, str]:
    data = container.read_name("xl/_rels/workbook.xml.rels")
    if data is None:
        return {}
    targets = {}
    for relation in markup.tree(data):
        target = markup.attribute(relation, "Target")
        if markup.attribute(relation, "Type").endswith(("/worksheet", "/xlMacrosheet")):
            path = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
            targets[markup.attribute(relation, "Id")] = path.replace("xl/./", "xl/")
    return targets


def _strings(container: Container) -> Iterator[str]:
    entry = container.find("xl/sharedStrings.xml")
    if entry is None:
        return
    total = 0
    with container.open(entry) as stream:
        parts: list[str] = []
        phonetic = 0
        for start, name, element in markup.Events(stream):
            if name == "rPh":
                phonetic += 1 if start else -1
            elif start and name == "si":
                parts = []
            elif name == "t" and not start and not phonetic:
                parts.append(element.text or "")
            elif name == "si":
                text = "".join(parts)
                total += len(text)
                if total > _STRINGS_CHARS:
                    raise TooLargeError(_l("表格中的文字超过上限，已停止读取。"))
                yield text


def _styles(container: Container, book: _Book) -> None:
    data = container.read_name("xl/styles.xml")
    if data is None:
        return
    codes: dict[str, str] = {}
    for element in markup.tree(data).iter():
        name = markup.local(element)
        if name == "numFmt":
            codes[element.get("numFmtId") or ""] = element.get("formatCode") or ""
        elif name == "cellXfs":
            for style in element:
                number = style.get("numFmtId") or "0"
                default = (
                    number_format.built_in(int(number)) if number.isdecimal() else "General"
                )
                book.formats.append(codes.get(number, default))


def _rows(events: markup.Events, book: _Book) -> Iterator[list[str]]:
    row: list[str] = []
    for start, name, element in events:
        if name == "row":
            if not start:
                yield row
            row = []
        elif name == "c" and not start:
            found = _CELL.match(element.get("r") or "")
            column = _column(found[1]) if found else len(row)
            if column >= len(row):
                row.extend([""] * min(column - len(row), _GAP))
            row.append(_value(element, book))
    if row:
        yield row


def _column(letters: str) -> int:
    """Return the column from 0."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return min(number, _COLUMNS) - 1


def _value(cell: markup.Element, book: _Book) -> str:
    kind = cell.get("t") or "n"
    text = ""
    for part in cell.iter():
        if markup.local(part) == ("t" if kind == "inlineStr" else "v"):
            text += part.text or ""
    if kind == "s":
        place = int(text) if text.strip().isdecimal() else -1
        return book.strings[place] if 0 <= place < len(book.strings) else ""
    if kind == "b":
        return {"1": "TRUE", "0": "FALSE"}.get(text, text)
    if kind != "n" or not text:
        return text
    style = cell.get("s") or "0"
    place = int(style) if style.isdecimal() else -1
    code = book.formats[place] if 0 <= place < len(book.formats) else "General"
    return number_format.shown(text, code, from_1904=book.from_1904)


def _comments(container: Container, pages: SheetPages) -> None:
    for name in container.names:
        if _BESIDE.match(name):
            pages.start("批注" if "comments" in name else "图形文字")
            pages.extend(_beside(markup.tree(container.read_name(name) or b"<a/>")))
            pages.end()


def _beside(root: markup.Element) -> Iterator[str]:
    """Yield the lines of comments and drawings."""
    inside = 0
    for event, element in markup.walk(root):
        name = markup.local(element)
        if name in {"comment", "p"}:
            inside += 1 if event == "start" else -1
            if event == "end" and not inside:
                yield "".join(element.xpath(".//*[local-name()='t']/text()"))
