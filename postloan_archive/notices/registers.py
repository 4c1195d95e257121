"""The register of letters as .xlsx: what the mail room fills in and gives back."""

import io
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Final

import xlsxwriter

from postloan_archive.access import people
from postloan_archive.kernel.clock import CHINA
from postloan_archive.notices.queries import LetterRow
from postloan_archive.notices.rules.conventions import mail_content
from postloan_archive.notices.rules.delivery import (
    CHANNEL_LABELS,
    OUTCOME_LABELS,
    Channel,
    Outcome,
)
from postloan_archive.notices.rules.fields import NOTICES
from postloan_archive.sheets import Column, Kind, Table, workbook
from postloan_archive.uow import UnitOfWork

COLUMNS: Final = (
    ("序号", 6), ("条码号", 22), ("文号", 22), ("收件人", 28), ("送达地址", 44),
    ("内件品名", 52), ("借据号", 16), ("合同编号", 26), ("金额（元）", 16), ("寄送方式", 14),
    ("寄送日期", 12), ("邮件号", 20), ("送达结果", 12), ("结果日期", 12), ("凭证等级", 10),
)  # fmt: skip
NUMBER_COLUMN: Final = 11
CHANNEL_COLUMN: Final = 9


def register_sheet(uow: UnitOfWork, title: str, rows: Iterable[LetterRow]) -> bytes:
    """Return the register; identifiers are text, days are days, amounts are numbers."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False})
    head = book.add_format(
        {"bold": True, "align": "center", "border": 1, "bg_color": "#EDEFF2"}
    )
    text = book.add_format({"border": 1, "num_format": "@", "valign": "top"})
    money = book.add_format({"border": 1, "num_format": "#,##0.00", "valign": "top"})
    day = book.add_format({"border": 1, "num_format": "yyyy-mm-dd", "valign": "top"})
    sheet = book.add_worksheet(f"函件登记 {uow.clock.today()}")
    for column, (label, width) in enumerate(COLUMNS):
        sheet.set_column(column, column, width)
        sheet.write_string(0, column, label, head)
    line = 0
    for line, row in enumerate(rows, 1):
        for column, value in enumerate(_cells(line, row)):
            if isinstance(value, date):
                sheet.write_datetime(line, column, value, day)
            elif isinstance(value, Decimal):
                sheet.write_number(line, column, float(value), money)
            elif isinstance(value, int):
                sheet.write_number(line, column, value, text)
            else:
                sheet.write_string(line, column, value or "", text)
    sheet.freeze_panes(1, 4)
    sheet.autofilter(0, 0, max(line, 1), len(COLUMNS) - 1)
    labels = [str(label) for label in CHANNEL_LABELS.values()]
    sheet.data_validation(
        1, CHANNEL_COLUMN, max(line, 1), CHANNEL_COLUMN, {"validate": "list", "source": labels}
    )
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    made = uow.clock.now().astimezone(CHINA)
    who = uow.actor.display_name or people.name_of(uow, uow.actor.name)
    sheet.write_string(
        line + 2, 0, f"{title}　共 {line} 封　导出人 {who}"
        f"　{made:%Y-%m-%d %H:%M}",
    )  # fmt: skip
    book.set_properties({"title": title})
    book.close()
    return out.getvalue()


def left_out_sheet(run_no: str, rows: Iterable[Mapping[str, object]]) -> bytes:
    """Return what a run left out: row of the sheet that was given in, what it said, why."""
    keys = (("row", "行", 8), ("what", "所填编号", 40), ("reason", "原因", 60))
    found = [
        tuple("" if row.get(key) is None else str(row[key]) for key, _w, _n in keys)
        for row in rows
    ]
    columns = tuple(
        Column(label=label, kind=Kind.CODE, width=width) for _key, label, width in keys
    )
    table = Table(columns=columns, rows=tuple(found))
    return workbook(table, title=f"未进入{run_no}", line="")


def _cells(number: int, row: LetterRow) -> tuple[object, ...]:
    content = mail_content(NOTICES[row.kind].title, row.contract_no, row.total or Decimal(0))
    return (
        number,
        row.barcode,
        row.serial_no,
        row.addressee,
        row.address,
        content,
        row.loan_no,
        row.contract_no,
        row.total,
        CHANNEL_LABELS[Channel(row.channel)] if row.channel else "",
        row.dispatched_on or "",
        row.tracking_no,
        OUTCOME_LABELS[Outcome(row.outcome)] if row.outcome else "",
        row.outcome_on or "",
        row.proof_level,
    )
