"""What an inspection asks, by kind of borrower; the answers go into the report."""

from dataclasses import dataclass
from typing import Final

from postloan_archive.inspection.rules import BorrowerKind, InspectionKind
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
CONCLUSIONS: Final = ("正常", "关注", "风险，须采取措施")


def questions(kind: InspectionKind, borrower: BorrowerKind) -> tuple[Question, ...]:
    """Return the questions of one inspection in the order of the form."""
    own = COMPANY if borrower is BorrowerKind.COMPANY else PERSON
    return {
        InspectionKind.FIRST: (*USE, *own),
        InspectionKind.REGULAR: (*own, *SECURITY),
        InspectionKind.SPECIAL: (*own, *SECURITY),
        InspectionKind.REVALUATION: SECURITY,
        InspectionKind.BEFORE_MATURITY: (*MATURITY, *own),
    }[kind]
