"""What a ledger workbook may hold: sheets, columns, and the words banks use for them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final


class CellKind(StrEnum):
    """How the cells of a column are read."""

    TEXT = "text"
    IDENTIFIER = "identifier"
    DAY = "day"
    AMOUNT = "amount"  # yuan
    SIGNED = "signed"  # yuan, minus where a row takes another one back
    RATE = "rate"  # percent
    NUMBER = "number"
    CHOICE = "choice"


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column.

    Attributes:
        key: its name in the code.
        label: the heading in the template, Chinese.
        also: other headings that mean the same.
        choices: what a cell may say -> the value it stands for.
        hint: what the template says about it.
    """

    key: str
    label: str
    kind: CellKind = CellKind.TEXT
    required: bool = False
    also: tuple[str, ...] = ()
    choices: Mapping[str, str] = field(default_factory=dict)
    hint: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetKind:
    """One sheet of the template; `also`: other names of the sheet."""

    key: str
    label: str
    also: tuple[str, ...]
    columns: tuple[Column, ...]

    @property
    def required(self) -> frozenset[str]:
        """Return the keys of the columns that must be there."""
        return frozenset(column.key for column in self.columns if column.required)


METHODS: Final = {
    "等额本息": "equal_payment",
    "等额本金": "equal_principal",
    "一次还本付息": "bullet",
    "到期一次还本付息": "bullet",
    "利随本清": "bullet",
    "等额本息还款": "equal_payment",
    "等额本息法": "equal_payment",
    "按月等额本息": "equal_payment",
    "等额本金还款": "equal_principal",
    "等额本金法": "equal_principal",
    "按月等额本金": "equal_principal",
    "一次性还本付息": "bullet",
    "到期还本付息": "bullet",
    "到期一次性还本付息": "bullet",
    "按月付息到期还本": "interest_monthly",
    "先息后本": "interest_monthly",
    "按月付息": "interest_monthly",
    "按月结息": "interest_monthly",
    "按月付息一次还本": "interest_monthly",
    "按月付息到期一次还本": "interest_monthly",
    "按月付息、到期一次还本": "interest_monthly",
    "按月付息、到期还本": "interest_monthly",
    "按月结息到期还本": "interest_monthly",
    "按季付息到期还本": "interest_quarterly",
    "按季付息": "interest_quarterly",
    "按季结息": "interest_quarterly",
    "按季付息一次还本": "interest_quarterly",
    "按季付息到期一次还本": "interest_quarterly",
    "按季付息、到期一次还本": "interest_quarterly",
    "按季付息、到期还本": "interest_quarterly",
    "按季结息到期还本": "interest_quarterly",
    "按计划": "free",
    "按约定计划": "free",
    "自定义": "free",
}
GUARANTEE_KINDS: Final = {
    "连带责任保证": "joint",
    "连带": "joint",
    "连带保证": "joint",
    "一般保证": "general",
    "一般": "general",
    "未约定": "not_agreed",
}
COLLATERAL_KINDS: Final = {
    "不动产抵押": "mortgage_real_estate",
    "房产抵押": "mortgage_real_estate",
    "房地产抵押": "mortgage_real_estate",
    "土地抵押": "mortgage_real_estate",
    "动产抵押": "mortgage_movable",
    "机动车抵押": "mortgage_vehicle",
    "车辆抵押": "mortgage_vehicle",
    "存单质押": "pledge_deposit",
    "应收账款质押": "pledge_receivable",
    "股权质押": "pledge_equity",
}
MARRIED: Final = {
    "已婚": "yes",
    "是": "yes",
    "未婚": "no",
    "否": "no",
    "离异": "no",
    "丧偶": "no",
}
RISK_CLASSES: Final = {
    said: name
    for name in ("正常", "关注", "次级", "可疑", "损失")
    for said in (name, f"{name}类", f"{name}贷款")
}
GRACE_MODES: Final = {
    "期内还清免计": "waived",
    "期内还清不计罚息": "waived",
    "自应还日起计": "waived",
    "期满起计": "after",
    "宽限期满起计": "after",
}
PREPAY_INTEREST: Final = {
    "计至还款日": "to_day",
    "按实际天数": "to_day",
    "计至当期期末": "full_period",
    "按整期": "full_period",
}
REVERSED: Final = {
    "否": "no",
    "正常": "no",
    "有效": "no",
    "成功": "no",
    "是": "reversed",
    "已冲正": "reversed",
    "被冲正": "reversed",
    "已撤销": "reversed",
    "无效": "reversed",
}
DISPUTES: Final = {"诉讼": "court", "法院": "court", "仲裁": "arbitration"}

LOAN_NO: Final = Column(
    key="loan_no",
    label="借据号",
    kind=CellKind.IDENTIFIER,
    required=True,
    also=(
        "借据编号",
        "贷款账号",
        "借据号码",
        "贷款借据号",
        "借款借据号",
        "贷款帐号",
        "贷款编号",
        "贷款号",
        "借据代码",
        "借据编码",
        "放款编号",
        "出账编号",
        "借款借据编号",
        "贷款借据编号",
    ),
)
BRANCH: Final = Column(
    key="branch",
    label="机构",
    required=True,
    also=(
        "机构号",
        "机构代码",
        "机构名称",
        "经办机构",
        "支行",
        "网点",
        "开户机构",
        "机构编号",
        "机构编码",
        "所属机构",
        "管理机构",
        "经办行",
        "开户行",
        "核算机构",
        "账务机构",
        "营业机构",
        "贷款机构",
        "所属支行",
        "管户机构",
    ),
    hint="机构代码或名称",
)

CUSTOMER_NAME: Final = (
    "户名",
    "客户姓名",
    "客户名称",
    "借款人",
    "借款人名称",
    "借款人姓名",
    "姓名",
    "客户全称",
    "企业名称",
    "借款企业",
    "借款单位",
    "主借款人",
    "债务人",
)
CUSTOMER_ID: Final = (
    "证件号",
    "证件号码",
    "身份证号",
    "身份证号码",
    "统一社会信用代码",
    "客户证件号",
    "借款人证件号",
    "证件编号",
    "身份证",
    "身份证件号码",
    "社会信用代码",
    "统一信用代码",
    "借款人证件号码",
    "客户证件号码",
    "借款人身份证号",
)


def identity(name: tuple[str, ...], number: tuple[str, ...], who: str) -> tuple[Column, ...]:
    """Return the two columns that say who somebody is; `name`, `number`: other headings."""
    return (
        Column(key="name", label=f"{who}名称", required=True, also=name),
        Column(
            key="id_no",
            label=f"{who}证件号",
            kind=CellKind.IDENTIFIER,
            required=True,
            also=number,
            hint="身份证号或统一社会信用代码，须为文本格式",
        ),
    )
