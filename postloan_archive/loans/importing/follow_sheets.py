"""The sheets that follow the loans: guarantees, collateral, schedule, payments."""

from typing import Final

from postloan_archive.loans.importing.columns import (
    COLLATERAL_KINDS,
    GUARANTEE_KINDS,
    LOAN_NO,
    CellKind,
    Column,
    SheetKind,
    identity,
)

GUARANTEES: Final = SheetKind(
    key="guarantees",
    label="保证",
    also=("保证人", "担保人", "保证担保", "担保"),
    columns=(
        LOAN_NO,
        *identity(
            ("保证人", "担保人", "保证人姓名", "担保人名称", "担保人姓名"),
            ("保证人证件号码", "担保人证件号", "保证人身份证号", "证件号", "证件号码"),
            "保证人",
        ),
        Column(
            key="contract_no",
            label="保证合同号",
            kind=CellKind.IDENTIFIER,
            required=True,
            also=("担保合同号", "保证合同编号", "合同号", "合同编号"),
        ),
        Column(
            key="kind",
            label="保证方式",
            kind=CellKind.CHOICE,
            required=True,
            choices=GUARANTEE_KINDS,
            also=("担保方式", "保证类型"),
        ),
        Column(
            key="signed_on",
            label="保证合同签订日",
            kind=CellKind.DAY,
            required=True,
            also=("签订日期", "签订日", "保证合同日期"),
        ),
        Column(key="amount", label="保证金额", kind=CellKind.AMOUNT, hint="不填为全部债务"),
        Column(key="period_clause", label="保证期间条款", also=("保证期间", "保证期间约定")),
        Column(
            key="period_end", label="保证期间届满日", kind=CellKind.DAY, also=("保证到期日",)
        ),
    ),
)
COLLATERAL: Final = SheetKind(
    key="collateral",
    label="押品",
    also=("抵质押物", "抵押物", "抵押", "质押", "抵质押", "押品信息"),
    columns=(
        LOAN_NO,
        *identity(
            ("抵押人", "出质人", "押品所有人", "权利人", "抵押人名称"),
            ("抵押人证件号", "出质人证件号", "权利人证件号", "证件号", "证件号码"),
            "提供人",
        ),
        Column(
            key="kind",
            label="押品种类",
            kind=CellKind.CHOICE,
            required=True,
            choices=COLLATERAL_KINDS,
            also=("押品类型", "抵押物类型", "担保方式"),
        ),
        Column(
            key="contract_no",
            label="担保合同号",
            kind=CellKind.IDENTIFIER,
            required=True,
            also=("抵押合同号", "质押合同号", "抵押合同编号", "合同号", "合同编号"),
        ),
        Column(
            key="signed_on",
            label="担保合同签订日",
            kind=CellKind.DAY,
            required=True,
            also=("签订日期", "签订日", "抵押合同日期"),
        ),
        Column(
            key="description",
            label="押品描述",
            required=True,
            also=("押品名称", "抵押物名称", "抵押物", "质物"),
        ),
        Column(key="location", label="坐落", also=("押品地址", "抵押物地址")),
        Column(
            key="certificate_no",
            label="权证编号",
            kind=CellKind.IDENTIFIER,
            also=("权证号", "不动产权证号", "产权证号"),
        ),
        Column(
            key="registration_no",
            label="登记证明号",
            kind=CellKind.IDENTIFIER,
            also=("他项权证号", "登记证明编号", "抵押登记号"),
        ),
        Column(key="registered_on", label="登记日", kind=CellKind.DAY, also=("登记日期",)),
        Column(
            key="value",
            label="押品价值",
            kind=CellKind.AMOUNT,
            required=True,
            also=("评估价值", "评估价", "认定价值"),
        ),
        Column(key="valued_on", label="评估日", kind=CellKind.DAY, also=("评估日期",)),
        Column(key="insured_until", label="保险到期日", kind=CellKind.DAY, also=("保险到期",)),
    ),
)
SCHEDULE: Final = SheetKind(
    key="schedule",
    label="还款计划",
    also=("计划", "还款计划表", "分期计划"),
    columns=(
        LOAN_NO,
        Column(key="no", label="期次", kind=CellKind.NUMBER, also=("期数", "期号")),
        Column(
            key="due_on",
            label="应还日",
            kind=CellKind.DAY,
            required=True,
            also=("应还日期", "还款日期", "到期日", "计划还款日"),
        ),
        Column(
            key="principal",
            label="应还本金",
            kind=CellKind.AMOUNT,
            required=True,
            also=("本金", "计划本金"),
        ),
        Column(
            key="interest",
            label="应还利息",
            kind=CellKind.AMOUNT,
            required=True,
            also=("利息", "计划利息"),
        ),
    ),
)
PAYMENTS: Final = SheetKind(
    key="payments",
    label="还款",
    also=("还款流水", "还款明细", "回收", "回收明细", "收款", "还款记录"),
    columns=(
        LOAN_NO,
        Column(
            key="paid_on",
            label="还款日期",
            kind=CellKind.DAY,
            required=True,
            also=("交易日期", "收款日期", "入账日期", "还款日"),
        ),
        Column(
            key="amount",
            label="还款金额",
            kind=CellKind.AMOUNT,
            required=True,
            also=("金额", "收款金额", "交易金额", "还款总额"),
        ),
        Column(
            key="to_principal", label="还本金", kind=CellKind.AMOUNT, also=("本金", "归还本金")
        ),
        Column(
            key="to_interest", label="还利息", kind=CellKind.AMOUNT, also=("利息", "归还利息")
        ),
        Column(
            key="to_penalty", label="还罚息", kind=CellKind.AMOUNT, also=("罚息", "归还罚息")
        ),
        Column(
            key="to_compound", label="还复利", kind=CellKind.AMOUNT, also=("复利", "归还复利")
        ),
        Column(key="to_costs", label="还费用", kind=CellKind.AMOUNT, also=("费用", "归还费用")),
        Column(
            key="receipt_no",
            label="凭证号",
            kind=CellKind.IDENTIFIER,
            required=True,
            also=("流水号", "交易流水号", "凭证编号"),
        ),
        Column(key="payer", label="付款人", also=("还款人", "付款户名")),
        Column(key="channel", label="渠道", also=("还款渠道", "还款方式", "交易渠道")),
    ),
)
BALANCES: Final = SheetKind(
    key="balances",
    label="余额",
    also=("贷款余额", "逐日余额", "每日余额", "余额表", "余额明细", "日终余额", "核心余额"),
    columns=(
        LOAN_NO,
        Column(
            key="day",
            label="余额日期",
            kind=CellKind.DAY,
            required=True,
            also=("日期", "数据日期", "统计日期", "账务日期", "会计日期", "截止日期"),
        ),
        Column(
            key="balance",
            label="本金余额",
            kind=CellKind.AMOUNT,
            required=True,
            also=("余额", "贷款余额", "本金结余", "当前余额", "未还本金"),
        ),
        Column(
            key="interest_due",
            label="欠息",
            kind=CellKind.AMOUNT,
            also=("拖欠利息", "应收利息", "欠息金额", "逾期利息"),
        ),
        Column(
            key="penalty", label="罚息余额", kind=CellKind.AMOUNT, also=("罚息", "应收罚息")
        ),
        Column(
            key="compound", label="复利余额", kind=CellKind.AMOUNT, also=("复利", "应收复利")
        ),
        Column(
            key="overdue_days",
            label="逾期天数",
            kind=CellKind.NUMBER,
            also=("逾期日数", "欠款天数", "拖欠天数"),
        ),
    ),
)
