"""The account and the costs as tables of figures, for page, workbook and Word."""

from collections.abc import Mapping
from datetime import date
from typing import Final

from postloan_archive.enforcement.rules.account import Account, Row, RowKind
from postloan_archive.kernel.errors import _l
from postloan_archive.sheets import Cell, Column, Kind, Table

KINDS: Final[Mapping[RowKind, str]] = {
    RowKind.AWARDED: _l("判决确定"),
    RowKind.INTEREST: _l("一般债务利息"),
    RowKind.DOUBLED: _l("加倍部分"),
    RowKind.PAID: _l("回款"),
}
COLUMNS: Final = (
    Column(label="日期", kind=Kind.DAY, width=12),
    Column(label="事项", width=14),
    Column(label="基数", kind=Kind.YUAN, width=16),
    Column(label="天数", kind=Kind.COUNT, width=8),
    Column(label="增加", kind=Kind.YUAN, width=14),
    Column(label="回款", kind=Kind.YUAN, width=14),
    Column(label="抵充费用", kind=Kind.YUAN, width=12),
    Column(label="抵充利息", kind=Kind.YUAN, width=12),
    Column(label="抵充本金", kind=Kind.YUAN, width=14),
    Column(label="抵充加倍部分", kind=Kind.YUAN, width=12),
    Column(label="余额合计", kind=Kind.YUAN, width=16),
)


def account_table(account: Account, as_of: date, notes: tuple[str, ...] = ()) -> Table:
    """Return the account line by line, its foot what is owed on the day."""
    owed = account.owed
    surplus = f"另有超出全部应付的 {account.surplus:,} 元，请核对。"
    return Table(
        columns=COLUMNS,
        rows=tuple(_cells(row) for row in account.rows),
        foot=(
            None, f"截至 {as_of} 未付", None, None, None, account.received,
            None, None, None, None, owed.total,
        ),
        notes=(
            (f"未付中：费用 {owed.costs:,} 元，一般债务利息 {owed.interest:,} 元，"
            f"本金 {owed.principal:,} 元，加倍部分 {owed.doubled:,} 元。"),
            "清偿顺序：费用、一般债务利息、本金，最后为加倍部分债务利息（迟延利息解释第四条）。",
            *((surplus,) if account.surplus else ()),
            *notes,
        ),
    )  # fmt: skip


def _cells(row: Row) -> tuple[Cell, ...]:
    paid = row.kind is RowKind.PAID
    interest = row.kind in {RowKind.INTEREST, RowKind.DOUBLED}
    return (
        row.on,
        str(KINDS[row.kind]),
        row.base if interest else None,
        row.days if interest else None,
        None if paid else row.amount,
        row.amount if paid else None,
        row.used.costs if paid else None,
        row.used.interest if paid else None,
        row.used.principal if paid else None,
        row.used.doubled if paid else None,
        row.left.total,
    )
