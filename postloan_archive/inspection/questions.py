"""What an inspection asks, by kind of borrower; the answers go into the report."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from postloan_archive.inspection.rules import InspectionKind
from postloan_archive.kernel.errors import _l


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One question; `choices` empty: free text."""

    key: str
    text: str
    choices: tuple[str, ...] = ()


USE: Final = (
    Question(key="use", text=_l("资金是否按约定用途使用"), choices=("是", "否", "部分")),
    Question(key="vouchers", text=_l("支付凭证、合同、发票是否相符"), choices=("相符", "不符")),
)
COMPANY: Final = (
    Question(key="operating", text=_l("生产经营是否正常"), choices=("正常", "下滑", "停产")),
    Question(key="finance", text=_l("主要财务指标变化")),
    Question(key="owners", text=_l("股东、实际控制人、高管有无变化"), choices=("无", "有")),
    Question(key="disputes", text=_l("有无诉讼、查封、欠薪欠税"), choices=("无", "有")),
)
PERSON: Final = (
    Question(key="income", text=_l("收入和还款能力"), choices=("稳定", "下降", "中断")),
    Question(key="contact", text=_l("本人能否联系"), choices=("能", "不能")),
    Question(key="family", text=_l("家庭、健康有无重大变化"), choices=("无", "有")),
)
SECURITY: Final = (
    Question(key="collateral", text=_l("押品现状"), choices=("完好", "贬损", "灭失", "被占用")),
    Question(
        key="insurance", text=_l("保险是否有效"), choices=("有效", "将到期", "失效", "无")
    ),
    Question(key="value", text=_l("押品现值及依据")),
)
MATURITY: Final = (
    Question(key="source", text=_l("到期还款来源是否落实"), choices=("落实", "部分", "未落实")),
)
DEVELOPMENT: Final = (
    Question(key="progress", text=_l("工程形象进度（完成比例和部位）")),
    Question(
        key="progress_fits",
        text=_l("进度与用款计划是否匹配"),
        choices=("匹配", "滞后", "停工"),
    ),
    Question(
        key="permits", text=_l("土地、规划、施工、预售许可是否齐全"), choices=("齐全", "不齐")
    ),
    Question(
        key="escrow",
        text=_l("销售回款是否进入监管账户"),
        choices=("全部进入", "部分进入", "未进入", "未开售"),
    ),
    Question(key="escrow_balance", text=_l("监管账户余额（元）及核对日期")),
    Question(key="sold", text=_l("预售或销售比例、均价变化")),
    Question(
        key="site_mortgage",
        text=_l("土地和在建工程抵押是否有效、有无其他查封"),
        choices=("有效", "有查封", "失效"),
    ),
)
STUDENT: Final = (
    Question(
        key="studying", text=_l("在读状态"), choices=("在读", "休学", "退学", "已毕业", "不明")
    ),
    Question(key="job", text=_l("就业去向和收入")),
    Question(
        key="contact", text=_l("本人联系方式是否有效"), choices=("有效", "已更新", "失联")
    ),
    Question(
        key="co_borrower", text=_l("共同借款人能否联系"), choices=("能", "不能", "无共同借款人")
    ),
    Question(
        key="subsidy", text=_l("财政贴息和风险补偿是否正常"), choices=("正常", "异常", "不适用")
    ),
)


class FormKind(StrEnum):
    """Which form an inspection uses; the plan goes by the kind of borrower."""

    COMPANY = "对公"
    PERSON = "个人"
    DEVELOPMENT = "房地产开发"
    STUDENT = "助学"


OWN: Final = {
    FormKind.COMPANY: COMPANY,
    FormKind.PERSON: PERSON,
    FormKind.DEVELOPMENT: (*DEVELOPMENT, *COMPANY),
    FormKind.STUDENT: STUDENT,
}
DEVELOPMENT_WORDS: Final = ("房地产开发", "开发贷", "项目贷")
STUDENT_WORDS: Final = ("助学",)


def form_kind(product: str, customer_kind: str) -> FormKind:
    """Return the form by the name of the product, else by who borrowed."""
    if any(word in product for word in STUDENT_WORDS):
        return FormKind.STUDENT
    if customer_kind == "company":
        if any(word in product for word in DEVELOPMENT_WORDS):
            return FormKind.DEVELOPMENT
        return FormKind.COMPANY
    return FormKind.PERSON


CONCLUSIONS: Final = ("正常", "关注", "风险，须采取措施")


def questions(kind: InspectionKind, form: FormKind) -> tuple[Question, ...]:
    """Return the questions of one inspection in the order of the form."""
    own = OWN[form]
    return {
        InspectionKind.FIRST: (*USE, *own),
        InspectionKind.REGULAR: (*own, *SECURITY),
        InspectionKind.SPECIAL: (*own, *SECURITY),
        InspectionKind.REVALUATION: SECURITY,
        InspectionKind.BEFORE_MATURITY: (*MATURITY, *own),
    }[kind]
