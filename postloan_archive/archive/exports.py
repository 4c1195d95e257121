"""Hits as a workbook: real dates and numbers, identifiers as text, who made it and when."""

import re
from dataclasses import replace
from typing import Final

from postloan_archive.archive import finding
from postloan_archive.archive.finding import EXPORTED, Find
from postloan_archive.archive.hit_groups import category_name
from postloan_archive.archive.rules.filing import item_title
from postloan_archive.kernel.clock import CHINA
from postloan_archive.loans.headings import LoanHeading, headings
from postloan_archive.sheets import Column, Kind, Table, workbook
from postloan_archive.uow import UnitOfWork

_COLUMNS: Final = (
    Column(label="借据号", kind=Kind.CODE, width=18),
    Column(label="客户", width=22),
    Column(label="合同号", kind=Kind.CODE, width=26),
    Column(label="机构", width=16),
    Column(label="类别", width=10),
    Column(label="件类代码", kind=Kind.CODE, width=9),
    Column(label="文书类型", width=24),
    Column(label="题名", width=40),
    Column(label="文件日期", kind=Kind.DAY, width=12),
    Column(label="页码", kind=Kind.COUNT, width=7),
    Column(label="摘录", width=80),
)
_AT_ONCE: Final = 500
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
        (
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
            hit.snippet,
        )
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
    return workbook(
        Table(columns=_COLUMNS, rows=tuple(rows)),
        title=f"检索结果{now:%Y%m%d}",
        line=note,
    )


def file_name(text: str) -> str:
    """Return the name of the workbook for a query."""
    return f"检索_{_UNFIT.sub('_', text)[:40].strip('_') or '全部'}.xlsx"
