"""Workbooks as banks send them, built for one test each."""

import io
from datetime import date

import xlsxwriter

PERSON = "100101199001010072"
GUARANTOR = "100101198501010058"
COMPANY = "91100101MA1000001A"
LOAN_HEAD = (
    "借据号", "户名", "证件号码", "机构", "合同编号", "放款金额", "执行利率", "还款方式",
    "放款日期", "到期日期",
)  # fmt: skip


def loan_row(number: str = "JJ1", **changes) -> list:
    """A line of the loan sheet under `LOAN_HEAD`."""
    values = {
        "number": number,
        "name": "张三",
        "id_no": PERSON,
        "branch": "0201",
        "contract": f"C-{number}",
        "amount": 100_000,
        "rate": 6,
        "method": "利随本清",
        "disbursed": date(2025, 11, 24),
        "due": date(2026, 11, 24),
    }
    return list((values | changes).values())


def book(**sheets: list[list]) -> bytes:
    """A workbook with these sheets, row by row; dates are real dates."""
    out = io.BytesIO()
    made = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_numbers": False})
    day = made.add_format({"num_format": "yyyy/m/d"})
    for name, rows in sheets.items():
        sheet = made.add_worksheet(name)
        for line, row in enumerate(rows):
            for place, value in enumerate(row):
                if isinstance(value, date):
                    sheet.write_datetime(line, place, value, day)
                elif isinstance(value, int | float):
                    sheet.write_number(line, place, value)
                elif value:
                    sheet.write_string(line, place, value)
    made.close()
    return out.getvalue()


def loans(*rows: list, head=LOAN_HEAD) -> bytes:
    """A workbook with one sheet of loans."""
    return book(贷款=[list(head), *rows])
