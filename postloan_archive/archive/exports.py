"""Hits as a workbook: real dates and numbers, identifiers as text, who made it and when."""

import io
import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Final

import xlsxwriter

from postloan_archive.archive import finding
from postloan_archive.archive.finding import EXPORTED, Find
from postloan_archive.archive.hit_groups import category_name
from postloan_archive.archive.rules.filing import item_title
from postloan_archive.kernel.clock import CHINA
from postloan_archive.loans.headings import LoanHeading, headings
from postloan_archive.uow import UnitOfWork

_COLUMNS: Final = (
    ("借据号", 18),
    ("客户", 22),
    ("合同号", 26),
    ("机构", 16),
    ("类别", 10),
    ("件类代码", 9),
    ("文书类型", 24),
    ("题名", 40),
    ("文件日期", 12),
    ("页码", 7),
    ("摘录", 80),
)
_AT_ONCE: Final = 500
_CELL: Final = 32_000  # characters; a cell holds 32,767
_UNFIT: Final = re.compile(r"[^\w\u3400-\u9fff-]+")


def hits_workbook(uow: UnitOfWork, cmd: Find) -> bytes:
    """Return up to `EXPORTED` hits as .xlsx and record the export.

    Raises:
        LoanNotFoundError: the command names a loan that the actor may not see.
        QueryTooLongError: the text is no query.
    """
    results = finding.find(uow, replace(cmd, limit=EXPORTED, offset=0))
    heads: dict[str, LoanHeading] = {}
    numbers = sorted({hit.loan_no for hit in results.hits})
    for at in range(0, len(numbers), _AT_ONCE):
        heads |= headings(uow, numbers[at : at + _AT_ONCE])
    rows = [
        [
            hit.loan_no,
            heads[hit.loan_no].customer,
            heads[hit.loan_no].contract_no,
            heads[hit.loan_no].branch,
            category_name(hit.category),
            hit.item_code,
            item_title(hit.item_code),
            hit.title,
            hit.doc_date,
            hit.page_no,
            hit.snippet[:_CELL],
        ]
        for hit in results.hits
        if hit.loan_no in heads
    ]
    now = uow.clock.now().astimezone(CHINA)
    note = (
        f"检索“{cmd.text}”：共 {results.total} 页，导出 {len(rows)} 页；"
        f"导出人 {uow.actor.display_name or uow.actor.name}，{now:%Y-%m-%d %H:%M}"
    )
    uow.record(
        "archive.hits_exported", "search", query=cmd.text, total=results.total, rows=len(rows)
    )
    return _workbook(rows, note, f"检索结果{now:%Y%m%d}")


def file_name(text: str) -> str:
    """Return the name of the workbook for a query."""
    return f"检索_{_UNFIT.sub('_', text)[:40].strip('_') or '全部'}.xlsx"


def _workbook(rows: Sequence[Sequence[object]], note: str, title: str) -> bytes:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(
        out,
        {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False},
    )
    sheet = book.add_worksheet(title)
    head = book.add_format({"bold": True, "bottom": 1})
    text = book.add_format({"num_format": "@"})
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    sheet.write_string(0, 0, note)
    for column, (label, width) in enumerate(_COLUMNS):
        sheet.set_column(column, column, width)
        sheet.write_string(1, column, label, head)
    for number, row in enumerate(rows, start=2):
        for column, value in enumerate(row):
            if isinstance(value, date):
                sheet.write_datetime(number, column, value, day)
            elif isinstance(value, int):
                sheet.write_number(number, column, value)
            elif value is not None:
                sheet.write_string(number, column, str(value), text)
    sheet.freeze_panes(2, 1)
    sheet.autofilter(1, 0, max(1, len(rows) + 1), len(_COLUMNS) - 1)
    book.close()
    return out.getvalue()
