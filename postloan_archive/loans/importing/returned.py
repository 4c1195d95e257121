"""The workbooks that go back: the template, the own file with its faults, the rows left out."""

import io
import math
import zipfile
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final

import openpyxl
import xlsxwriter
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.worksheet.worksheet import Worksheet

from postloan_archive.loans.importing.columns import CellKind, Column
from postloan_archive.loans.importing.layout import RESULT, SHEETS
from postloan_archive.loans.importing.mapping import NO_MAPPING, HeadingMapping
from postloan_archive.loans.importing.report import MOST_FAULTS, Report
from postloan_archive.loans.importing.sheets import ReadSheet, read_book

ROWS: Final = 2_000  # rows of the template that carry formats and choices
LONGEST_LIST: Final = 255  # characters of a drop-down list
WIDTH: Final = 18
LARGEST_KEPT: Final = 5 * 1024 * 1024  # bytes; a larger file comes back without its formats
GUIDE: Final = (
    "一笔贷款占“贷款”表一行；保证、押品、还款计划、还款各占一行，用借据号对应。",
    "证件号、合同号、借据号须为文本；变成 1.23E+17 或尾数变 0 的一律退回，不作猜测。",
    "日期可写 2026-03-05、2026.3.5、2026年3月5日；金额可写 1,234.56、123.5万；合计行自动跳过。",
    "年利率写百分数：4.35 或 4.35%。没有还款计划的，按还款方式推算。",
    "带 * 的列必填。其他列可以不填、可以换位置，常见的别名也能识别。",
)
FORMATS: Final = {
    CellKind.IDENTIFIER: "@",
    CellKind.DAY: "yyyy-mm-dd",
    CellKind.AMOUNT: "#,##0.00",
    CellKind.SIGNED: "#,##0.00",
}


def template() -> bytes:
    """Return an empty workbook with notes, formats and choices."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    bold = book.add_format({"bold": True, "bg_color": "#EEF1F6", "bottom": 1})
    formats = {
        kind: book.add_format({"num_format": number}) for kind, number in FORMATS.items()
    }
    guide = book.add_worksheet("说明")
    guide.set_column(0, 0, 14)
    guide.set_column(1, 1, 18)
    guide.set_column(2, 3, 60)
    for line, text in enumerate(GUIDE):
        guide.write_string(line, 0, text)
    at = len(GUIDE) + 1
    for place, head in enumerate(("工作表", "列", "填写要求", "也认识的表头")):
        guide.write_string(at, place, head, bold)
    for kind in SHEETS:
        sheet = book.add_worksheet(kind.label)
        for place, column in enumerate(kind.columns):
            at += 1
            mark = "*" if column.required else ""
            guide.write_string(at, 0, kind.label)
            guide.write_string(at, 1, column.label + mark)
            guide.write_string(at, 2, column.hint or "、".join(dict.fromkeys(column.choices)))
            guide.write_string(at, 3, "、".join(column.also))
            sheet.write_string(0, place, column.label + mark, bold)
            sheet.set_column(place, place, WIDTH, formats.get(column.kind))
            _offer(sheet, place, column)
        sheet.freeze_panes(1, 1)
    book.close()
    return out.getvalue()


def with_results(content: bytes, report: Report, mapping: HeadingMapping = NO_MAPPING) -> bytes:
    """Return the own file with a column that says for each row what became of it.

    A file that is no .xlsx comes back as one, with the same rows.
    """
    if len(content) > LARGEST_KEPT:
        return _rebuilt(content, report, mapping, bad_only=False)
    try:
        book = openpyxl.load_workbook(io.BytesIO(content))
    except (InvalidFileException, zipfile.BadZipFile, KeyError, ValueError, OSError):
        return _rebuilt(content, report, mapping, bad_only=False)
    texts = _texts(report)
    fill = PatternFill("solid", fgColor="FFF1F0")
    for read in read_book(content, mapping).sheets:
        sheet = book[read.name]
        column = _result_column(sheet, read)
        head = sheet.cell(read.head_line, column, RESULT)
        head.font = Font(bold=True)
        sheet.column_dimensions[head.column_letter].width = 60
        for row in read.rows:
            words = _words_of(report, texts, read.name, row.line)
            cell = sheet.cell(row.line, column, words)
            cell.alignment = Alignment(wrap_text=True)
            if (read.name, row.line) in texts:
                cell.fill = fill
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def left_out(content: bytes, report: Report, mapping: HeadingMapping = NO_MAPPING) -> bytes:
    """Return only the rows that were not entered, in the shape of the template."""
    return _rebuilt(content, report, mapping, bad_only=True)


def _rebuilt(
    content: bytes, report: Report, mapping: HeadingMapping, *, bad_only: bool
) -> bytes:
    texts = _texts(report)
    out = io.BytesIO()
    book = xlsxwriter.Workbook(
        out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    bold = book.add_format({"bold": True, "bg_color": "#EEF1F6", "bottom": 1})
    text = book.add_format({"num_format": "@"})
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    wrap = book.add_format({"text_wrap": True, "bg_color": "#FFF1F0"})
    for read in read_book(content, mapping).sheets:
        wanted = [
            row
            for row in read.rows
            if not bad_only or row.line in report.bad_lines.get(read.name, set())
        ]
        if not wanted:
            continue
        sheet = book.add_worksheet(read.name[:31])
        used = [one for one in read.headings if one.column is not None]  # as the cells are
        for place, one in enumerate(used):
            sheet.write_string(0, place, one.said, bold)
            sheet.set_column(place, place, WIDTH)
        sheet.write_string(0, len(used), RESULT, bold)
        sheet.set_column(len(used), len(used), 60)
        for line, row in enumerate(wanted, start=1):
            for place, cell in enumerate(row.cells):
                _put(sheet, (line, place), cell, text, day)
            words = _words_of(report, texts, read.name, row.line)
            sheet.write_string(line, len(used), words, wrap)
        sheet.freeze_panes(1, 1)
    if not book.worksheets():
        book.add_worksheet("没有未导入的行")
    book.close()
    return out.getvalue()


def _put(
    sheet: xlsxwriter.worksheet.Worksheet,
    at: tuple[int, int],
    value: object,
    text: xlsxwriter.format.Format,
    day: xlsxwriter.format.Format,
) -> None:
    if isinstance(value, bool) or value is None:
        return
    if isinstance(value, float) and not math.isfinite(value):
        return
    if isinstance(value, int | float):
        sheet.write_number(*at, value)
    elif isinstance(value, date):
        sheet.write_datetime(*at, value, day)
    else:
        sheet.write_string(*at, str(value), text)


def _offer(sheet: xlsxwriter.worksheet.Worksheet, place: int, column: Column) -> None:
    """Give the cells of a column their drop-down list."""
    choices = list(dict.fromkeys(column.choices))
    if choices and len(",".join(choices)) <= LONGEST_LIST:
        sheet.data_validation(
            1,
            place,
            ROWS,
            place,
            {"validate": "list", "source": choices, "error_type": "warning"},
        )


def _texts(report: Report) -> Mapping[tuple[str, int], str]:
    """Return what is wrong with each row, by sheet and line."""
    found: dict[tuple[str, int], list[str]] = {}
    for fault in report.faults:
        words = f"{fault.column}：{fault.text}" if fault.column else fault.text
        if fault.step:
            words = f"{words.rstrip('。')}。{fault.step}"
        found.setdefault((fault.sheet, fault.line), []).append(words)
    return {key: "；".join(texts) for key, texts in found.items()}


def _words_of(
    report: Report, texts: Mapping[tuple[str, int], str], sheet: str, line: int
) -> str:
    if (sheet, line) in texts:
        return texts[sheet, line]
    if line in report.bad_lines.get(sheet, set()):
        if len(report.faults) >= MOST_FAULTS:
            return "未导入；错误过多，请先改正已列出的再检查"
        return "同一笔的其他行有错误，未导入"
    return "已导入" if report.applied else "可以导入"


def _result_column(sheet: Worksheet, read: ReadSheet) -> int:
    """Return the column of a result of before, else the first one behind the sheet."""
    heads: Sequence[object] = [cell.value for cell in sheet[read.head_line]]
    if RESULT in heads:
        return heads.index(RESULT) + 1
    return len(heads) + 1
