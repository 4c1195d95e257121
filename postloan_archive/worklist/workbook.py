"""Deadlines as a workbook: real dates and numbers, text for identifiers."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from postloan_archive.kernel.clock import CHINA
from postloan_archive.sheets import XLSX as MEDIA_TYPE
from postloan_archive.sheets import Cell, Column, Kind, Table
from postloan_archive.sheets import workbook as write
from postloan_archive.worklist.queries import DeadlineRow

__all__ = ["COLUMNS", "MEDIA_TYPE", "workbook"]
STATES: Final = {"open": "未办", "done": "已办", "struck": "划销"}
SOURCES: Final = {"computed": "推算", "court_document": "法院文书", "entered": "登记"}


@dataclass(frozen=True, slots=True)
class _Column:
    heading: str
    width: int
    value: Callable[[DeadlineRow], Cell]
    kind: Kind = Kind.TEXT


COLUMNS: Final = (
    _Column("类别", 12, lambda row: row.kind_label),
    _Column("事项", 36, lambda row: row.title),
    _Column("债务人", 24, lambda row: row.debtor),
    _Column("借据号", 16, lambda row: row.loan_no, Kind.CODE),
    _Column("案件", 14, lambda row: row.case_no, Kind.CODE),
    _Column("机构", 18, lambda row: row.branch),
    _Column("标的（元）", 16, lambda row: row.amount, Kind.YUAN),
    _Column("起算日", 12, lambda row: row.trigger_on, Kind.DAY),
    _Column("起算事由", 28, lambda row: row.trigger),
    _Column("安全日", 12, lambda row: row.safe, Kind.DAY),
    _Column("名义届满日", 12, lambda row: row.nominal, Kind.DAY),
    _Column("法定届满日", 12, lambda row: row.legal, Kind.DAY),
    _Column(
        "剩余天数", 10, lambda row: row.days_left if row.state == "open" else None, Kind.COUNT
    ),
    _Column("暂定", 6, lambda row: "是" if row.provisional else ""),
    _Column("日期来源", 10, lambda row: SOURCES[row.source]),
    _Column("推算届满日", 12, lambda row: row.computed_legal, Kind.DAY),
    _Column("依据", 40, lambda row: "、".join(str(one) for one in row.basis)),
    _Column("凭证", 24, lambda row: row.proof),
    _Column("承办人", 14, lambda row: row.owner_name),
    _Column("状态", 8, lambda row: STATES[row.state]),
    _Column("办结日", 12, lambda row: row.done_on, Kind.DAY),
    _Column("备注", 30, lambda row: row.note or row.struck_reason),
    _Column("推导", 60, lambda row: "\n".join(row.steps)),
    _Column("规则版本", 18, lambda row: row.edition),
    _Column("日历版本", 18, lambda row: row.calendar_edition),
)


def workbook(
    rows: Sequence[DeadlineRow], *, title: str, made_by: str, made_at: datetime
) -> bytes:
    """Return an .xlsx with one sheet: who made it and when, headings, one line a deadline."""
    at = made_at.astimezone(CHINA)
    return write(
        Table(
            columns=tuple(
                Column(label=one.heading, kind=one.kind, width=one.width) for one in COLUMNS
            ),
            rows=tuple(tuple(_cell(one.value(row)) for one in COLUMNS) for row in rows),
        ),
        title=title,
        line=f"导出人 {made_by}　导出时间 {at:%Y-%m-%d %H:%M}　共 {len(rows)} 项",
        sheet_name=f"期限 {at.date().isoformat()}",
    )


def _cell(value: Cell) -> Cell:
    return None if value == "" else value
