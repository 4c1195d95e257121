"""What goes to the post with the letters: the order sheet for EMS, the posting register."""

import io
from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Final

import xlsxwriter

from postloan_archive.kernel.clock import CHINA
from postloan_archive.notices.queries import LetterRow
from postloan_archive.notices.rules.conventions import mail_content
from postloan_archive.notices.rules.fields import NOTICES
from postloan_archive.sheets.tables import Column, Kind, Table
from postloan_archive.sheets.workbook import workbook
from postloan_archive.uow import UnitOfWork

ORDER: Final = (  # the headings that the post's own sheets use, in their order
    ("条码号", 24), ("收件人", 28), ("收件人电话", 16), ("收件地址", 48), ("地址类别", 12),
    ("内件品名", 56), ("寄件人", 32), ("寄件人联系方式", 26), ("文号", 22), ("邮件号", 20),
)  # fmt: skip
ADDRESS_KINDS: Final = ("约定地址", "登记地址")
POSTING: Final = (
    Column(label="序号", kind=Kind.COUNT, width=6),
    Column(label="邮件号", kind=Kind.CODE, width=18),
    Column(label="收件人", width=24),
    Column(label="寄达地址", width=44),
    Column(label="内件品名", width=48),
    Column(label="文号", kind=Kind.CODE, width=20),
    Column(label="备注", width=12),
)
SIGNED: Final = (
    "交寄人（签名）：＿＿＿＿＿＿＿＿　　复核人（签名）：＿＿＿＿＿＿＿＿",
    "收寄局（日戳）：　　　　　　　　　　交寄日期：＿＿＿＿年＿＿月＿＿日",
)


def order_sheet(run_no: str, rows: Iterable[LetterRow]) -> bytes:
    """Return the order sheet: one line for each address of each letter, all of it text.

    The barcode number comes back with the tracking number, so that the sheet of the post can
    be given in again as it is.
    """
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False})
    head = book.add_format({"bold": True, "border": 1, "bg_color": "#EDEFF2"})
    text = book.add_format({"border": 1, "num_format": "@", "valign": "top"})
    sheet = book.add_worksheet(f"EMS {run_no}")
    for column, (label, width) in enumerate(ORDER):
        sheet.set_column(column, column, width)
        sheet.write_string(0, column, label, head)
    line = 0
    for line, cells in enumerate(_orders(rows), 1):
        for column, value in enumerate(cells):
            sheet.write_string(line, column, value, text)
    sheet.freeze_panes(1, 2)
    sheet.autofilter(0, 0, max(line, 1), len(ORDER) - 1)
    book.close()
    return out.getvalue()


def posting_register(uow: UnitOfWork, run_no: str, rows: Iterable[LetterRow]) -> bytes:
    """Return the register of what is posted, with room for signatures and the date stamp."""
    lines = tuple(
        (
            number,
            row.tracking_no,
            row.addressee,
            address,
            _content(row),
            row.serial_no or "",
            "",
        )
        for number, (row, address) in enumerate(_envelopes(rows), 1)
    )
    made = uow.clock.now().astimezone(CHINA)
    who = uow.actor.display_name or uow.actor.name
    table = Table(columns=POSTING, rows=lines, notes=(f"共 {len(lines)} 件", *SIGNED))
    return workbook(
        table, title=f"{run_no} 交寄清单", line=f"制表 {who}　{made:%Y-%m-%d %H:%M}"
    )


def _envelopes(rows: Iterable[LetterRow]) -> Iterator[tuple[LetterRow, str]]:
    """Yield each envelope: to the agreed address and to the registered one (R-H02)."""
    for row in rows:
        for address in row.addresses or ("",):
            yield row, address


def _orders(rows: Iterable[LetterRow]) -> Iterator[tuple[str, ...]]:
    for row, address in _envelopes(rows):
        kind = ADDRESS_KINDS[0] if address == row.address else ADDRESS_KINDS[1]
        yield (
            row.barcode or "",
            row.addressee,
            row.phone,
            address,
            kind,
            _content(row),
            row.sender,
            row.sender_contact,
            row.serial_no or "",
            row.tracking_no,
        )


def _content(row: LetterRow) -> str:
    return mail_content(NOTICES[row.kind].title, row.contract_no, row.total or Decimal(0))
