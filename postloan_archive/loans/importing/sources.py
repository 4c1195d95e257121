"""From the bytes of a file to tables of raw cells: workbooks, delimited text, web tables."""

import csv
import io
import re
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

import lxml.etree
import lxml.html
import python_calamine

from postloan_archive.kernel.errors import RuleError, _l

LARGEST_FILE: Final = 200 * 1024 * 1024  # bytes
LARGEST_UNPACKED: Final = 1_500 * 1024 * 1024  # bytes
SMALL_ENOUGH: Final = 20 * 1024 * 1024  # bytes; below it no ratio is looked at
STEEPEST: Final = 150  # unpacked to packed; honest ledgers stay below 40
ZIP: Final = b"PK"
OLE: Final = bytes.fromhex("d0cf11e0a1b11ae1")
MARKS: Final = (  # of encodings, at the beginning
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
DELIMITERS: Final = ",\t;|"
LOOKED_AT: Final = 20  # lines from which the delimiter is seen
FEWEST_COLUMNS: Final = 2  # of delimited text
TEXT_NAME: Final = "文本"
ERA_1900: Final = date(1899, 12, 30)  # what day 0 of a spreadsheet is
ERA_1904: Final = date(1904, 1, 1)
DATE_1904: Final = re.compile(rb'date1904\s*=\s*"(?:1|true|on)"', re.IGNORECASE)
XLS_1904: Final = bytes.fromhex("220002000100")  # the record DATEMODE with the value 1
WIDEST: Final = 512  # columns that a cell of a web table may span
SHEET_SPACE: Final = "{urn:schemas-microsoft-com:office:spreadsheet}"
CONTROL: Final = re.compile(rb"[\x00-\x08\x0e-\x1f]")

Rows = Sequence[Sequence[object]]


class WorkbookError(RuleError):
    """The file is no workbook that can be read."""

    field = "file"
    next_step = _l("请下载模板，把台账粘贴进去再上传。")

    def __init__(self, sentence: str, *, most: int = 0) -> None:
        super().__init__(sentence, most=most)


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """One sheet: rows from the first line of the file on, cells as the file holds them."""

    name: str
    rows: Rows
    serial_zero: date = ERA_1900  # the day that a serial number counts from


def check_size(size: int) -> None:
    """Refuse a file that is too large.

    Raises:
        WorkbookError: it is.
    """
    if size > LARGEST_FILE:
        raise WorkbookError(_l("文件超过 {most} MB。"), most=LARGEST_FILE // 1024 // 1024)


def tables(content: bytes, *, most: int | None = None) -> Iterator[Table]:
    """Yield the sheets of .xlsx, .xlsm, .xlsb, .xls, .ods, .csv and .txt, and of web tables.

    Core systems often write a web table or an XML sheet under the name .xls; both are read.

    Args:
        content: the file.
        most: rows of a workbook's sheet to read, None for all.

    Raises:
        WorkbookError: too large, damaged, encrypted, or nothing of these.
    """
    check_size(len(content))
    if content.startswith((ZIP, OLE)):
        yield from _workbook(content, most)
        return
    text = _decoded(content)
    start = text.lstrip("\ufeff \t\r\n")[:2_000].lower()
    if start.startswith("<") and "urn:schemas-microsoft-com:office:spreadsheet" in start:
        yield from _xml_sheets(content)
    elif start.startswith("<"):
        yield from _web_tables(text)
    else:
        yield Table(name=TEXT_NAME, rows=_delimited(text))


def _workbook(content: bytes, most: int | None) -> Iterator[Table]:
    era = _era(content)
    try:
        book = python_calamine.load_workbook(io.BytesIO(content))
        for name in list(book.sheet_names):
            rows = book.get_sheet_by_name(name).to_python(skip_empty_area=False, nrows=most)
            yield Table(name=name, rows=rows, serial_zero=era)
    except (python_calamine.CalamineError, OSError, ValueError, zipfile.BadZipFile) as error:
        raise WorkbookError(_l("无法读取该文件：不是表格文件、已加密或已损坏。")) from error


def _era(content: bytes) -> date:
    """Return the day that serial numbers count from; refuse a zip that grows too large."""
    if not content.startswith(ZIP):
        return ERA_1904 if XLS_1904 in content else ERA_1900
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            size = sum(member.file_size for member in archive.infolist())
            if size > LARGEST_UNPACKED or size > max(SMALL_ENOUGH, len(content) * STEEPEST):
                raise WorkbookError(_l("文件解压后过大，未读取。"))
            names = archive.namelist()
            book = archive.read("xl/workbook.xml") if "xl/workbook.xml" in names else b""
    except (zipfile.BadZipFile, OSError, RuntimeError, NotImplementedError) as error:
        raise WorkbookError(_l("文件已损坏，无法打开。")) from error
    return ERA_1904 if DATE_1904.search(book) else ERA_1900


def _decoded(content: bytes) -> str:
    """Return the text of a file: UTF-8, UTF-16 with its mark, or GB18030."""
    for mark, encoding in MARKS:
        if content.startswith(mark):
            try:
                return content.decode(encoding)
            except UnicodeDecodeError as error:
                raise WorkbookError(_l("文本文件的编码已损坏，无法读取。")) from error
    if not content.strip() or CONTROL.search(content):
        raise WorkbookError(_l("无法读取该文件：不是表格文件、已加密或已损坏。"))
    for encoding in ("utf-8", "gb18030"):
        try:
            return content.decode(encoding).removeprefix("\ufeff")  # GB 18030 has a mark, too
        except UnicodeDecodeError:
            continue
    raise WorkbookError(_l("文本文件既不是 UTF-8 也不是 GB18030 编码，无法读取。"))


def _delimited(text: str) -> Rows:
    lines = text.splitlines()[:LOOKED_AT]
    delimiter = max(DELIMITERS, key=lambda one: sum(line.count(one) for line in lines))
    csv.field_size_limit(1_000_000)
    try:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
        rows = [[_unwrapped(cell) for cell in row] for row in reader]
    except csv.Error as error:
        raise WorkbookError(_l("文本文件的引号或分隔符有错误，无法读取。")) from error
    if all(len(row) < FEWEST_COLUMNS for row in rows):
        raise WorkbookError(_l("无法读取该文件：不是表格文件、已加密或已损坏。"))
    return rows


def _unwrapped(cell: str) -> str:
    """Return a cell without what keeps a number text in a spreadsheet: ="0012", '0012."""
    plain = cell.strip()
    if plain.startswith('="') and plain.endswith('"'):
        return plain[2:-1]
    return plain.removeprefix("'")


def _web_tables(text: str) -> Iterator[Table]:
    parser = lxml.html.HTMLParser(encoding="utf-8", no_network=True, huge_tree=False)
    try:
        page = lxml.html.document_fromstring(text.encode(), parser=parser)
    except (lxml.etree.LxmlError, ValueError) as error:
        raise WorkbookError(_l("无法读取该文件：不是表格文件、已加密或已损坏。")) from error
    for at, table in enumerate(page.iter("table"), start=1):
        rows: list[list[object]] = []
        for line in table.iter("tr"):
            cells: list[object] = []
            for cell in line.iter("td", "th"):
                span = str(cell.get("colspan") or "1")
                width = int(span) if span.isascii() and span.isdecimal() else 1
                cells.append(" ".join("".join(map(str, cell.itertext())).split()))
                cells += [""] * (min(width, WIDEST) - 1)
            rows.append(cells)
        yield Table(name=f"网页表格{at}", rows=rows)


def _xml_sheets(content: bytes) -> Iterator[Table]:
    parser = lxml.etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
    try:
        root = lxml.etree.fromstring(content, parser=parser)
    except lxml.etree.LxmlError as error:
        raise WorkbookError(_l("无法读取该文件：不是表格文件、已加密或已损坏。")) from error
    for sheet in root.iter(f"{SHEET_SPACE}Worksheet"):
        rows: list[list[object]] = []
        for line in sheet.iter(f"{SHEET_SPACE}Row"):
            skip = _index(line.get(f"{SHEET_SPACE}Index"))
            while skip and len(rows) < skip - 1:
                rows.append([])
            cells: list[object] = []
            for cell in line.iter(f"{SHEET_SPACE}Cell"):
                place = _index(cell.get(f"{SHEET_SPACE}Index"))
                while place and len(cells) < min(place, WIDEST) - 1:
                    cells.append("")
                cells.append(_xml_value(cell.find(f"{SHEET_SPACE}Data")))
            rows.append(cells)
        yield Table(name=str(sheet.get(f"{SHEET_SPACE}Name") or TEXT_NAME), rows=rows)


def _index(text: str | None) -> int:
    plain = text or ""
    return min(int(plain), 1_048_576) if plain.isascii() and plain.isdecimal() else 0


def _xml_value(data: lxml.etree._Element | None) -> object:
    if data is None:
        return ""
    text = "".join(str(part) for part in data.itertext())
    kind = data.get(f"{SHEET_SPACE}Type")
    try:
        if kind == "DateTime":
            return datetime.fromisoformat(text)
    except ValueError:
        return text
    return text
