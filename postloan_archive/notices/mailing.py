"""What goes to the post with the letters: the order sheet for EMS, the posting register."""

import io
from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Final

import xlsxwriter

from postloan_archive.access import people
from postloan_archive.kernel.clock import CHINA
from postloan_archive.notices.queries import LetterRow
from postloan_archive.notices.rules.conventions import mail_content
from postloan_archive.notices.rules.fields import NOTICES
from postloan_archive.sheets import Column, Kind, Table, workbook
from postloan_archive.uow import UnitOfWork

ORDER: Final = (  # the headings that the post's own sheets use, in their order
    ("条码号", 24), ("收件人", 28), ("收件人电话", 16), ("收件地址", 48), ("地址类别", 12),
    ("内件品名", 56), ("寄件人", 32), ("寄件人联系方式", 26), ("文号", 22), ("邮件号", 20),
)  # fmt: skip
A4: Final = 9  # as spreadsheets number it
ROW_HEIGHT: Final = 32  # points: two lines
ADDRESS_KINDS: Final = ("约定地址", "登记地址")
POSTING: Final = (  # together as wide as a sheet of A4 across
    ("序号", 5), ("邮件号", 16), ("收件人", 18), ("寄达地址", 32), ("内件品名", 38),
    ("文号", 18), ("备注", 10),
)  # fmt: skip
SIGNED: Final = (
    "交寄人（签名）：＿＿＿＿＿＿＿＿　　复核人（签名）：＿＿＿＿＿＿＿＿",
    "收寄局（日戳）：　　　　　　　　　　交寄日期：＿＿＿＿年＿＿月＿＿日",
)


def order_sheet(run_no: str, rows: Iterable[LetterRow]) -> bytes:
    """Return the order sheet: one line for each address of each letter, all of it text.

    The barcode number comes back with the tracking number, so that the sheet of the post can
    be given in again as it is.
    """
    columns = tuple(Column(label=label, kind=Kind.CODE, width=width) for label, width in ORDER)
    table = Table(columns=columns, rows=tuple(_orders(rows)))
    return workbook(table, title=f"EMS {run_no}", line="")


def posting_register(uow: UnitOfWork, run_no: str, rows: Iterable[LetterRow]) -> bytes:
    """Return the register of what is posted, with room for signatures and the date stamp."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False})
    title = book.add_format({"bold": True, "font_size": 16, "align": "center"})
    head = book.add_format({"bold": True, "border": 1, "align": "center", "valign": "vcenter"})
    text = book.add_format(
        {"border": 1, "num_format": "@", "text_wrap": True, "valign": "vcenter"}
    )
    sheet = book.add_worksheet(f"交寄清单 {run_no}")
    last = len(POSTING) - 1
    sheet.merge_range(0, 0, 0, last, f"{run_no} 函件交寄清单", title)
    made = uow.clock.now().astimezone(CHINA)
    who = uow.actor.display_name or people.name_of(uow, uow.actor.name)
    sheet.write_string(1, 0, f"制表 {who}　{made:%Y-%m-%d %H:%M}")
    for column, (label, width) in enumerate(POSTING):
        sheet.set_column(column, column, width)
        sheet.write_string(2, column, label, head)
    number = 0
    for number, (row, address) in enumerate(_envelopes(rows), 1):
        cells = (
            str(number),
            row.tracking_no,
            row.addressee,
            address,
            _content(row),
            row.serial_no or "",
            "",
        )
        for column, value in enumerate(cells):
            sheet.write_string(number + 2, column, value, text)
        sheet.set_row(number + 2, ROW_HEIGHT)
    for below, line in enumerate((f"共 {number} 件", *SIGNED)):
        sheet.set_row(number + 4 + below, ROW_HEIGHT)
        sheet.write_string(number + 4 + below, 0, line)
    _for_paper(sheet, head_row=2)
    book.close()
    return out.getvalue()


def _for_paper(sheet: xlsxwriter.worksheet.Worksheet, *, head_row: int) -> None:
    """Set a sheet for A4 across, one page wide, with its heading and numbers on each page."""
    sheet.set_landscape()
    sheet.set_paper(A4)
    sheet.set_margins(left=0.4, right=0.4, top=0.6, bottom=0.6)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(head_row)
    sheet.set_footer("&C— &P / &N —")


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
