"""Categories, item codes and states of a loan file (R-I01, R-I02, R-I05a)."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from postloan_archive.kernel.law import Confidence
from postloan_archive.kernel.statutes import HOUSE_RULE

CATEGORIES_BASIS: Final = HOUSE_RULE.at(
    "信贷档案分类", rule="R-I01", confidence=Confidence.MEMORY
)
ITEMS_BASIS: Final = HOUSE_RULE.at("卷内项目代码", rule="R-I02", confidence=Confidence.MEMORY)


class Category(StrEnum):
    """The five categories; the value starts each item code."""

    RIGHTS = "QZ"
    ESSENTIALS = "YJ"
    MANAGEMENT = "GL"
    RECOVERY = "BQ"
    GENERAL = "ZH"


@dataclass(frozen=True, slots=True, kw_only=True)
class CategoryFacts:
    """Name, content and custody of a category, Chinese; `number` is the code of R-I01."""

    number: int
    name: str
    content: str
    custody: str


CATEGORIES: Final[Mapping[Category, CategoryFacts]] = {
    Category.RIGHTS: CategoryFacts(
        number=1,
        name="权证类",
        content="证明押品权利的原件",
        custody="金库或专柜，双人保管，单独登记，出入库登记",
    ),
    Category.ESSENTIALS: CategoryFacts(
        number=2,
        name="要件类",
        content="形成债权的合同和法律文件",
        custody="封闭保管，原件未经批准不得调出",
    ),
    Category.MANAGEMENT: CategoryFacts(
        number=3, name="管理类", content="申请、调查、审批和贷后记录", custody="档案室"
    ),
    Category.RECOVERY: CategoryFacts(
        number=4,
        name="保全类",
        content="催收、诉讼、执行、处置",
        custody="结案前由法务部门保管，结案后移交档案室",
    ),
    Category.GENERAL: CategoryFacts(
        number=5, name="综合类", content="制度和非客户记录", custody="按年度保管"
    ),
}

_TITLES: Final[Mapping[Category, str]] = {
    Category.RIGHTS: "不动产权证书(抵押物) 不动产登记证明(抵押) 动产和权利担保登记证明"
    " 质物/权利凭证(存单、票据、仓单) 股权出质登记通知书 应收账款质押登记证明"
    " 保险单(第一受益人) 机动车登记证书 权证入(出)库单",
    Category.ESSENTIALS: "借款合同/授信协议 借款借据/放款凭证 保证合同 抵押合同 质押合同"
    " 借款人主体资料 担保人主体资料 借款人有权机构决议 担保人有权机构决议"
    " 配偶同意/共同还款承诺 面谈面签/双录 征信查询授权书 送达地址确认条款/书 受托支付凭证"
    " 展期/变更/补充协议 个人信息处理授权(单独同意) 综合融资成本明示表 公证书/执行证书",
    Category.MANAGEMENT: "贷款申请书 调查报告 审查审批表/批复 征信报告 财务报表/收入证明"
    " 押品评估报告 用信/放款审核表 首次检查报告 日常贷后检查报告 风险分类认定表"
    " 还款流水/对账单 到期通知书 押品重估报告 用途证明",
    Category.RECOVERY: "逾期催收通知书及送达凭证 担保人履责通知及送达凭证 律师函 公告催收"
    " 债权计算表 起诉状/申请书 保全裁定与期限告知书 受理/缴费通知与票据 传票/举证通知"
    " 判决/裁定/调解书 生效证明 执行申请与受理 执行裁定(终本等) 和解/还款协议 抵债/处置"
    " 核销 债权转让 送达回证/EMS回执",
    Category.GENERAL: "",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One kind of paper of a loan file."""

    code: str
    category: Category
    title: str


ITEMS: Final[Mapping[str, Item]] = {
    (code := f"{category}{number:02}"): Item(code=code, category=category, title=title)
    for category, titles in _TITLES.items()
    for number, title in enumerate(titles.split(), start=1)
}


class ItemState(StrEnum):
    """What is known of a required item."""

    MISSING = "缺失"
    COPY = "复印件待换原件"
    DEFECTIVE = "有瑕疵"  # lacks a seal, a date or a page
    FILED = "已归档"
    NOT_APPLICABLE = "不适用"  # with a reason


PRODUCT_EXTRAS: Final[Mapping[str, tuple[str, ...]]] = {  # R-I05a, a setting of the bank
    "个人住房按揭": (
        "购房合同(网签备案)",
        "首付款凭证/发票",
        "预告登记/正式抵押登记",
        "婚姻状况证明",
        "二手房评估与过户凭证",
        "开发商阶段性担保合同",
    ),
    "个人消费贷款": ("用途声明及发票/合同", "禁止用途承诺", "资金流向核查记录"),
    "个人经营/小微贷款": (
        "营业执照",
        "经营流水与纳税资料",
        "购销合同",
        "实地调查照片",
        "用途凭证",
    ),
    "流动资金贷款": (
        "流动资金需求测算表",
        "购销合同",
        "受托支付清单与凭证",
        "应收/存货明细",
        "审计报表",
    ),
    "固定资产/项目贷款": (
        "立项(核准/备案)",
        "环评",
        "用地与规划许可",
        "施工许可",
        "资本金到位证明",
        "工程进度与监理报告",
        "竣工验收",
        "项目账户监管协议",
    ),
    "最高额授信下单笔": (
        "最高额合同复印件及索引",
        "单笔用信申请",
        "额度占用表",
        "债权确定通知",
    ),
    "已转让/受托管理": ("债权转让合同", "交割清单", "通知及送达证据", "权利变更登记"),
    "线上/网络贷款": (
        "电子合同原文件(带签名)及认证证书/时间戳",
        "实名与人脸核验记录",
        "操作与登录日志",
        "放款及还款流水",
        "存证报告",
    ),
}
