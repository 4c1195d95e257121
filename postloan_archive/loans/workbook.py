"""The list of loan files as a workbook: real dates and numbers, identifiers as text."""

import io
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Final

import xlsxwriter

from postloan_archive.access import branches
from postloan_archive.kernel.clock import CHINA
from postloan_archive.kernel.masking import MaskKind, mask
from postloan_archive.loans.ledger import LedgerRow
from postloan_archive.loans.rules.stages import STAGE_LABELS, Stage
from postloan_archive.uow import UnitOfWork

Cell = str | int | Decimal | date | None
COLUMNS: Final[tuple[tuple[str, int, Callable[[LedgerRow], Cell]], ...]] = (
    ("档号", 26, lambda row: row.archive_no),
    ("借据号", 18, lambda row: row.loan_no),
    ("客户", 24, lambda row: row.customer),
    ("证件号", 21, lambda row: row.id_no),
    ("合同号", 26, lambda row: row.contract_no),
    ("机构", 18, lambda row: row.branch_id),  # replaced by the name
    ("客户经理", 12, lambda row: row.manager),
    ("贷款金额（元）", 16, lambda row: row.principal),
    ("余额（元）", 16, lambda row: row.balance),
    ("五级分类", 10, lambda row: row.risk_class),
    ("逾期天数", 10, lambda row: row.overdue_days),
    ("账龄", 8, lambda row: row.bucket),
    ("到期日", 12, lambda row: row.due_on),
    ("状态", 12, lambda row: STAGE_LABELS[Stage(row.stage)] if row.stage else ""),
    ("应有件数", 10, lambda row: row.items_need),
    ("已有件数", 10, lambda row: row.items_have),
    ("缺件", 30, lambda row: "、".join((row.items_missing or "").split())),
    ("时效届满（安全日）", 18, lambda row: row.limitation_by),
    ("保证期间届满（安全日）", 20, lambda row: row.guarantee_by),
    ("数据截至", 12, lambda row: row.as_of),
)
HEAD_ROW: Final = 1  # the first row says who made it and when


def ledger_workbook(
    uow: UnitOfWork,
    rows: Iterable[LedgerRow],
    *,
    masked: bool,
    condition: Mapping[str, str],
) -> bytes:
    """Return the rows as .xlsx and record the export.

    Args:
        uow: who exports, and when.
        rows: the lines, in their order.
        masked: hide the middle of identity numbers of persons.
        condition: the filter as the address had it, for the trail.
    """
    out = io.BytesIO()
    now = uow.clock.now().astimezone(CHINA)
    names = branches.names(uow.session)
    book = xlsxwriter.Workbook(
        out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    sheet = book.add_worksheet(f"案卷台账{now:%Y%m%d}")
    head = book.add_format({"bold": True, "bottom": 1, "bg_color": "#EEF1F6"})
    text = book.add_format({"num_format": "@"})
    money = book.add_format({"num_format": "#,##0.00"})
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    for column, (label, width, _) in enumerate(COLUMNS):
        sheet.set_column(column, column, width)
        sheet.write_string(HEAD_ROW, column, label, head)
    count = 0
    for count, row in enumerate(rows, start=1):
        line = HEAD_ROW + count
        for column, (label, _, value_of) in enumerate(COLUMNS):
            value = value_of(row)
            if label == "机构":
                value = names.get(row.branch_id, "")
            elif label == "证件号" and masked:
                value = _masked(row.id_no)
            if isinstance(value, Decimal):
                sheet.write_number(line, column, float(value), money)
            elif isinstance(value, int):
                sheet.write_number(line, column, value)
            elif isinstance(value, date):
                sheet.write_datetime(line, column, value, day)
            elif value:
                sheet.write_string(line, column, value, text)
    who = uow.actor.display_name or uow.actor.name
    hidden = "证件号已遮蔽" if masked else "含完整证件号，请妥善保管"
    sheet.write_string(0, 0, f"共 {count} 卷 · 导出人 {who} · {now:%Y-%m-%d %H:%M} · {hidden}")
    sheet.freeze_panes(HEAD_ROW + 1, 3)
    sheet.autofilter(HEAD_ROW, 0, HEAD_ROW + max(1, count), len(COLUMNS) - 1)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(HEAD_ROW)
    sheet.set_footer(f"&L{who}&R&P / &N")
    book.close()
    uow.record(
        "loans.ledger_exported",
        "system:1",
        rows=count,
        masked=masked,
        condition=dict(condition),
    )
    return out.getvalue()


def _masked(number: str) -> str:
    """Return the identity number of a person masked; that of a company is public."""
    return mask(MaskKind.ID_CARD, number) if number[:-1].isdigit() else number
