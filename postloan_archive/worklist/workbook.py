"""Deadlines as a workbook: real dates and numbers, text for identifiers."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO
from typing import Final, TypeAlias

import xlsxwriter

from postloan_archive.kernel.clock import CHINA
from postloan_archive.worklist.queries import DeadlineRow

MEDIA_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
STATES: Final = {"open": "未办", "done": "已办", "struck": "划销"}
SOURCES: Final = {"computed": "推算", "court_document": "法院文书", "entered": "登记"}
Cell: TypeAlias = str | int | Decimal | date | None


@dataclass(frozen=True, slots=True)
class _Column:
    heading: str
    width: int
    value: Callable[[DeadlineRow], Cell]


COLUMNS: Final = (
    _Column("类别", 12, lambda row: row.kind_label),
    _Column("事项", 36, lambda row: row.title),
    _Column("债务人", 24, lambda row: row.debtor),
    _Column("借据号", 16, lambda row: row.loan_no),
    _Column("案件", 14, lambda row: row.case_no),
    _Column("机构", 18, lambda row: row.branch),
    _Column("标的（元）", 16, lambda row: row.amount),
    _Column("起算日", 12, lambda row: row.trigger_on),
    _Column("起算事由", 28, lambda row: row.trigger),
    _Column("安全日", 12, lambda row: row.safe),
    _Column("名义届满日", 12, lambda row: row.nominal),
    _Column("法定届满日", 12, lambda row: row.legal),
    _Column("剩余天数", 10, lambda row: row.days_left if row.state == "open" else None),
    _Column("暂定", 6, lambda row: "是" if row.provisional else ""),
    _Column("日期来源", 10, lambda row: SOURCES[row.source]),
    _Column("推算届满日", 12, lambda row: row.computed_legal),
    _Column("依据", 40, lambda row: "、".join(str(one) for one in row.basis)),
    _Column("凭证", 24, lambda row: row.proof),
    _Column("承办人", 14, lambda row: row.owner_name),
    _Column("状态", 8, lambda row: STATES[row.state]),
    _Column("办结日", 12, lambda row: row.done_on),
    _Column("备注", 30, lambda row: row.note or row.struck_reason),
    _Column("推导", 60, lambda row: "\n".join(row.steps)),
    _Column("规则版本", 18, lambda row: row.edition),
    _Column("日历版本", 18, lambda row: row.calendar_edition),
)


def workbook(
    rows: Sequence[DeadlineRow], *, title: str, made_by: str, made_at: datetime
) -> bytes:
    """Return an .xlsx with one sheet: who made it and when, headings, one line a deadline."""
    stream = BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True, "strings_to_formulas": False})
    sheet = book.add_worksheet(f"期限 {made_at.astimezone(CHINA).date().isoformat()}")
    bold = book.add_format({"bold": True, "bottom": 1, "text_wrap": True})
    formats = {
        date: book.add_format({"num_format": "yyyy-mm-dd"}),
        Decimal: book.add_format({"num_format": "#,##0.00"}),
    }
    when = made_at.astimezone(CHINA).strftime("%Y-%m-%d %H:%M")
    sheet.write_string(0, 0, f"{title}　导出人 {made_by}　导出时间 {when}　共 {len(rows)} 项")
    for at, column in enumerate(COLUMNS):
        sheet.write_string(1, at, column.heading, bold)
        sheet.set_column(at, at, column.width)
    for line, row in enumerate(rows, start=2):
        for at, column in enumerate(COLUMNS):
            value = column.value(row)
            if isinstance(value, date):
                sheet.write_datetime(line, at, value, formats[date])
            elif isinstance(value, Decimal):
                sheet.write_number(line, at, float(value), formats[Decimal])
            elif isinstance(value, int):
                sheet.write_number(line, at, value)
            elif value:
                sheet.write_string(line, at, value)
    sheet.freeze_panes(2, 2)
    if rows:
        sheet.autofilter(1, 0, len(rows) + 1, len(COLUMNS) - 1)
    book.close()
    return stream.getvalue()
