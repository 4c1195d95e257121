"""The columns of a loan about grace days, allocation and prepayment."""

from typing import Final

from postloan_archive.loans.importing.columns import (
    GRACE_MODES,
    PREPAY_INTEREST,
    CellKind,
    Column,
)

TERMS: Final = (
    Column(
        key="grace_days",
        label="宽限期天数",
        kind=CellKind.NUMBER,
        also=("宽限期", "宽限天数", "容时天数", "还款宽限期"),
        hint="应还日之后几天，0 至 90；不填按产品约定",
    ),
    Column(
        key="grace_mode",
        label="宽限期计息",
        kind=CellKind.CHOICE,
        choices=GRACE_MODES,
        also=("宽限期计息方式",),
        hint="期内还清免计：未还清的自应还日起计罚息；期满起计：宽限期满才起计",
    ),
    Column(
        key="order",
        label="清偿顺序",
        also=("还款顺序", "扣款顺序", "约定清偿顺序"),
        hint="如 费用→利息→本金；不填按产品约定或法定顺序",
    ),
    Column(
        key="late_order",
        label="逾期后清偿顺序",
        also=("不良清偿顺序", "逾期还款顺序"),
        hint="合同约定长期逾期后改变顺序的才填，如 先本后息",
    ),
    Column(
        key="late_days",
        label="改变清偿顺序的逾期天数",
        kind=CellKind.NUMBER,
        hint="不填为 90",
    ),
    Column(
        key="prepay_interest",
        label="提前还款计息",
        kind=CellKind.CHOICE,
        choices=PREPAY_INTEREST,
    ),
    Column(
        key="prepay_fee_pct",
        label="提前还款违约金比例",
        kind=CellKind.RATE,
        hint="提前归还本金的百分之几，如 1%",
    ),
)
