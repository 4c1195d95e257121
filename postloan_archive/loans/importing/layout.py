"""Every sheet of the workbook, in the order in which they are entered."""

from typing import Final

from postloan_archive.loans.importing.follow_sheets import (
    BALANCES,
    COLLATERAL,
    GUARANTEES,
    PAYMENTS,
    SCHEDULE,
)
from postloan_archive.loans.importing.ledger_sheets import CUSTOMERS, LOANS

SHEETS: Final = (CUSTOMERS, LOANS, GUARANTEES, COLLATERAL, SCHEDULE, PAYMENTS, BALANCES)
BY_KEY: Final = {kind.key: kind for kind in SHEETS}
RESULT: Final = "导入结果"  # the column that comes back; read over when it is sent again
TOTALS: Final = frozenset({"合计", "总计", "小计", "共计", "本页合计", "累计", "合计数"})
GUIDES: Final = frozenset({"说明", "填表说明", "填写说明", "字典"})
