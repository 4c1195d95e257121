"""The sheets of customers and loans."""

from typing import Final

from postloan_archive.loans.importing.columns import (
    BRANCH,
    CUSTOMER_ID,
    CUSTOMER_NAME,
    DISPUTES,
    LOAN_NO,
    MARRIED,
    METHODS,
    RISK_CLASSES,
    CellKind,
    Column,
    SheetKind,
    identity,
)

CLAUSES: Final = {  # what letters and pleadings cite -> heading
    "interest": "利息条款",
    "penalty": "罚息条款",
    "compound": "复利条款",
    "acceleration": "提前到期条款",
    "costs": "费用条款",
    "service": "送达条款",
}
CUSTOMERS: Final = SheetKind(
    key="customers",
    label="客户",
    also=("客户信息", "借款人", "借款人信息", "客户资料"),
    columns=(
        *identity(CUSTOMER_NAME, CUSTOMER_ID, "客户"),
        BRANCH,
        Column(
            key="phone",
            label="联系电话",
            kind=CellKind.IDENTIFIER,
            also=("电话", "手机", "手机号", "手机号码", "联系方式"),
        ),
        Column(
            key="domicile",
            label="住所",
            also=("户籍地址", "户籍地", "注册地址", "住址", "地址"),
        ),
        Column(key="residence", label="经常居住地", also=("现住址", "居住地址", "经营地址")),
        Column(key="service_address", label="送达地址", also=("约定送达地址", "邮寄地址")),
        Column(
            key="service_address_source",
            label="送达地址依据",
            hint="合同条款或地址确认书，如 借款合同第十二条",
        ),
        Column(
            key="married",
            label="婚姻状况",
            kind=CellKind.CHOICE,
            choices=MARRIED,
            also=("婚姻",),
        ),
        Column(key="employer", label="工作单位", also=("单位",)),
        Column(key="legal_rep", label="法定代表人", also=("负责人", "法人代表", "法人")),
        Column(key="legal_rep_post", label="职务", also=("法定代表人职务",)),
    ),
)
LOANS: Final = SheetKind(
    key="loans",
    label="贷款",
    also=("台账", "贷款台账", "借据", "借据台账", "贷款明细", "案卷台账", "逾期贷款台账"),
    columns=(
        LOAN_NO,
        *identity(CUSTOMER_NAME, CUSTOMER_ID, "借款人"),
        BRANCH,
        Column(
            key="contract_no",
            label="合同号",
            kind=CellKind.IDENTIFIER,
            required=True,
            also=("合同编号", "借款合同号", "借款合同编号", "贷款合同号"),
        ),
        Column(key="contract_name", label="合同名称"),
        Column(
            key="signed_on",
            label="合同签订日",
            kind=CellKind.DAY,
            also=("签订日期", "合同日期", "签约日", "签约日期", "合同签订日期"),
        ),
        Column(
            key="contract_amount",
            label="合同金额",
            kind=CellKind.AMOUNT,
            also=("授信额度", "合同额"),
        ),
        Column(
            key="principal",
            label="贷款金额",
            kind=CellKind.AMOUNT,
            required=True,
            also=("放款金额", "借据金额", "借款金额", "发放金额", "贷款本金"),
        ),
        Column(
            key="annual_rate",
            label="年利率",
            kind=CellKind.RATE,
            required=True,
            also=("利率", "执行利率", "执行年利率", "贷款利率"),
            hint="百分之几，如 4.35 或 4.35%",
        ),
        Column(
            key="penalty_uplift",
            label="罚息上浮",
            kind=CellKind.RATE,
            also=("罚息上浮比例", "罚息浮动比例", "逾期上浮"),
            hint="百分之几，30 至 50，不填为 50",
        ),
        Column(
            key="day_basis",
            label="计息基数",
            kind=CellKind.CHOICE,
            choices={"360": "360", "365": "365"},
            also=("计息天数", "年天数"),
            hint="360 或 365，不填为 360",
        ),
        Column(
            key="repayment_method",
            label="还款方式",
            kind=CellKind.CHOICE,
            required=True,
            choices=METHODS,
        ),
        Column(
            key="pay_day",
            label="还款日",
            kind=CellKind.NUMBER,
            also=("每月还款日", "结息日"),
            hint="每月几日，1 至 28；没有还款计划时用来推算",
        ),
        Column(
            key="disbursed_on",
            label="放款日",
            kind=CellKind.DAY,
            required=True,
            also=("放款日期", "发放日期", "发放日", "起息日", "借款日期", "贷款发放日"),
        ),
        Column(
            key="due_on",
            label="到期日",
            kind=CellKind.DAY,
            required=True,
            also=("到期日期", "贷款到期日", "借款到期日"),
        ),
        Column(key="manager", label="客户经理", also=("经办人", "管户经理", "管户人")),
        Column(key="product", label="产品", also=("贷款品种", "业务品种", "产品名称")),
        Column(key="purpose", label="贷款用途", also=("用途", "借款用途")),
        Column(
            key="risk_class",
            label="五级分类",
            kind=CellKind.CHOICE,
            choices=RISK_CLASSES,
            also=("分类", "风险分类", "五级分类结果"),
        ),
        Column(
            key="dispute",
            label="争议解决",
            kind=CellKind.CHOICE,
            choices=DISPUTES,
            also=("争议解决方式",),
        ),
        Column(key="court", label="约定管辖法院", also=("管辖法院", "约定法院")),
        Column(
            key="pay_account",
            label="还款账户",
            kind=CellKind.IDENTIFIER,
            also=("还款账号", "扣款账户", "扣款账号"),
            hint="催收函印的账户，文本格式",
        ),
        Column(key="signed_at", label="合同签订地", also=("签订地", "签约地")),
        *(
            Column(key=f"clause_{key}", label=label, hint="合同中的条款号，如 第八条第二款")
            for key, label in CLAUSES.items()
        ),
    ),
)
