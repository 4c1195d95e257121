"""Spreadsheets that calamine reads: xls, xlsb, ods; and xlsx where our own reader gives up."""

import datetime as dt
from decimal import Decimal
from typing import Final

import olefile
import python_calamine

from postloan_archive.kernel.errors import _l
from postloan_archive.reading.formats import number_format, ole_marks, ooxml
from postloan_archive.reading.formats.sheet_pages import SheetPages
from postloan_archive.reading.refusals import DamagedError, EncryptedError, TimedOutError
from postloan_archive.reading.source import Content, Source

_CELLS: Final = 20_000_000  # a sheet is held whole: cells from its first to its last corner


def read(source: Source) -> Content:
    """Return the cells, block by block.

    Raises:
        EncryptedError: a password is needed.
        DamagedError: it is no workbook.
    """
    content = Content(reader="calamine")
    if olefile.isOleFile(str(source.path)):
        ole_marks.note(source, content)
    else:
        _note_zip(source, content)
    try:
        book = python_calamine.CalamineWorkbook.from_path(str(source.path))
    except python_calamine.PasswordError as error:
        raise EncryptedError(_l("Excel 文件设有打开密码。")) from error
    except python_calamine.CalamineError as error:
        if "password" in str(error).lower():
            raise EncryptedError(_l("Excel 文件设有打开密码。")) from error
        raise DamagedError(_l("工作簿结构已损坏。")) from error
    pages = SheetPages(source.limits.chars)
    for name in book.sheet_names:
        _sheet(book, name, source, content, pages)
    pages.end()
    content.pages = pages.pages
    return content


def _note_zip(source: Source, content: Content) -> None:
    with source.path.open("rb") as file:
        if file.read(2) != b"PK":
            return
    with ooxml.opened(source) as container:
        ooxml.note(container, content)


def _sheet(
    book: python_calamine.CalamineWorkbook,
    name: str,
    source: Source,
    content: Content,
    pages: SheetPages,
) -> None:
    pages.start(name)
    try:
        sheet = book.get_sheet_by_name(name)
    except python_calamine.CalamineError:
        content.trouble = DamagedError(_l("工作表“{name}”无法解析。"), name=name)
        return
    if sheet.width * sheet.height > _CELLS:
        content.trouble = DamagedError(_l("工作表“{name}”范围异常，未读取。"), name=name)
        return
    for row in sheet.iter_rows():
        pages.add([_shown(value) for value in row])
        if pages.full or source.late:
            content.trouble = TimedOutError(_l("表格过大，仅读出前面的部分。"))
            return


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, float):
        return number_format.plain(Decimal(value)) if value == value else ""  # noqa: PLR0124 - not a number
    if isinstance(value, dt.datetime):
        return (
            f"{value:%Y-%m-%d}" if value.time() == dt.time() else f"{value:%Y-%m-%d %H:%M:%S}"
        )
    return str(value)
