"""A ledger as a core system delivers it: six sheets, each row made from its number.

Two thirds of the borrowers are persons. A loan has a payment and a delivered balance, every
third one a guarantee, every fourth one collateral; the schedules follow from the methods.
"""

import io
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Final

import xlsxwriter

from postloan_archive.kernel.identifiers import (
    ID_CHECKS,
    ID_WEIGHTS,
    USCC_ALPHABET,
    USCC_WEIGHTS,
)

Row = Sequence[object]

DAY: Final = date(2026, 11, 24)
BRANCHES: Final = tuple(f"{number:02d}01" for number in range(2, 22))
PRODUCTS: Final = ("个人住房贷款", "个人经营贷款", "流动资金贷款", "固定资产贷款")
METHODS: Final = ("等额本息", "等额本金", "按月付息到期还本", "按季付息到期还本", "利随本清")
SURNAMES: Final = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏"
GIVEN: Final = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰文斌"
HEADS: Final[dict[str, Row]] = {
    "客户": ("户名", "证件号码", "机构", "联系电话", "住所", "送达地址"),
    "贷款": (
        "借据号", "户名", "证件号码", "机构", "合同编号", "放款金额", "执行利率", "还款方式",
        "放款日期", "到期日期", "客户经理", "产品", "五级分类",
    ),
    "保证": ("借据号", "保证人", "保证人证件号", "保证合同号", "保证方式", "签订日期"),
    "押品": (
        "借据号", "抵押人", "抵押人证件号", "押品种类", "担保合同号", "签订日期", "押品描述",
        "坐落", "评估价值", "评估日",
    ),
    "还款": ("借据号", "还款日期", "还款金额", "还本金", "还利息", "凭证号", "渠道"),
    "余额": ("借据号", "余额日期", "本金余额", "逾期天数"),
}  # fmt: skip


def id_card(number: int) -> str:
    """Return a fictional identity number with its check digit."""
    born = date(1950, 1, 1) + timedelta(days=number % 15_000)
    body = f"{11 + number % 5:02d}0101{born:%Y%m%d}{number // 15_000 % 1000:03d}"
    total = sum(int(digit) * weight for digit, weight in zip(body, ID_WEIGHTS, strict=True))
    return body + ID_CHECKS[total % 11]


def uscc(number: int) -> str:
    """Return a fictional unified credit code with its check digit."""
    body = f"91110101MA{number:07d}"
    total = sum(
        USCC_ALPHABET.index(char) * weight
        for char, weight in zip(body, USCC_WEIGHTS, strict=True)
    )
    return body + USCC_ALPHABET[(31 - total % 31) % 31]


def sheets(count: int) -> Iterator[tuple[str, Iterator[Row]]]:
    """Yield each sheet with its rows, the headings first."""
    for name, row_of in (
        ("客户", _customer),
        ("贷款", _loan),
        ("保证", _guarantee),
        ("押品", _collateral),
        ("还款", _payment),
        ("余额", _balance),
    ):
        yield name, _rows(HEADS[name], row_of, count)


def workbook(count: int) -> bytes:
    """Return the workbook of so many loans."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"constant_memory": True}) as book:
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        for name, rows in sheets(count):
            sheet = book.add_worksheet(name)
            for line, row in enumerate(rows):
                for place, value in enumerate(row):
                    if isinstance(value, date):
                        sheet.write_datetime(line, place, value, day)
                    elif isinstance(value, str):
                        sheet.write_string(line, place, value)
                    else:
                        sheet.write_number(line, place, value)
    return out.getvalue()


def _rows(head: Row, row_of: object, count: int) -> Iterator[Row]:
    assert callable(row_of)  # one of the functions below
    yield head
    for number in range(1, count + 1):
        row = row_of(number)
        if row is not None:
            yield row


def _party(number: int) -> tuple[str, str]:
    if number % 3:
        given = GIVEN[number // 30 % len(GIVEN)] + GIVEN[number // 870 % len(GIVEN)]
        return SURNAMES[number % 30] + given, id_card(number)
    return f"示范实业{number}有限公司", uscc(number)


def _branch(number: int) -> str:
    return BRANCHES[number % len(BRANCHES)]


def _days(number: int) -> tuple[date, date]:
    """Return the days of disbursement and maturity: twelve to twenty-four months."""
    begun = DAY - timedelta(days=30 + number * 7 % 700)
    months = 12 if number % 4 else 24
    return begun, date(begun.year + months // 12, begun.month, min(begun.day, 28))


def _customer(number: int) -> Row:
    name, code = _party(number)
    phone = f"139{number % 10**8:08d}"
    place = f"示范市第{number % 97}街道{number}号"
    return name, code, _branch(number), phone, place, place


def _principal(number: int) -> int:
    return 50_000 + number % 97 * 10_000


def _loan(number: int) -> Row:
    name, code = _party(number)
    begun, due = _days(number)
    return (
        f"JJ{number:08d}",
        name,
        code,
        _branch(number),
        f"借{number:08d}",
        _principal(number),
        4.35,
        METHODS[number % len(METHODS)],
        begun,
        due,
        f"经理{number % 60 + 1}",
        PRODUCTS[number % len(PRODUCTS)],
        "正常",
    )


def _guarantee(number: int) -> Row | None:
    if number % 3:
        return None
    name, code = _party(number + 1)
    return f"JJ{number:08d}", name, code, f"保{number:08d}", "连带责任保证", _days(number)[0]


def _collateral(number: int) -> Row | None:
    if number % 4:
        return None
    name, code = _party(number)
    day = _days(number)[0]
    what, where = f"示范路{number}号房屋", f"示范市示范路{number}号"
    value = _principal(number) * 3 // 2
    return (
        f"JJ{number:08d}", name, code, "房产抵押", f"抵{number:08d}", day, what, where, value,
        day,
    )  # fmt: skip


def _paid(number: int) -> Decimal:
    return Decimal(_principal(number) // 50)


def _payment(number: int) -> Row:
    interest = float(round(Decimal(_principal(number)) * Decimal("0.0036"), 2))
    principal = float(_paid(number))
    day = _days(number)[0] + timedelta(days=25)
    return (
        f"JJ{number:08d}", day, round(principal + interest, 2), principal, interest,
        f"LS{number:010d}", "柜面",
    )  # fmt: skip


def _balance(number: int) -> Row:
    return f"JJ{number:08d}", DAY, float(_principal(number) - _paid(number)), 0
