"""Which papers of a loan file go to court, in which order, and what each is to prove."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from postloan_archive.kernel.errors import _l

CONTRACTS: Final = _l("一、合同与放款")
SECURITY: Final = _l("二、担保")
DEMANDS: Final = _l("三、履行与催收")
PARTIES: Final = _l("四、主体与送达")


@dataclass(frozen=True, slots=True, kw_only=True)
class ChecklistItem:
    """One line of the checklist of a loan dispute.

    Attributes:
        key: stable name, kept with the exhibit.
        codes: item codes of R-I02 that answer it.
        needs: empty: always needed; `guarantee` or `mortgage`: only with such security.
        optional: its absence is no gap.
    """

    key: str
    codes: tuple[str, ...]
    title: str
    purpose: str
    group: str
    needs: str = ""
    optional: bool = False


CHECKLIST: Final = (
    ChecklistItem(
        key="contract",
        codes=("YJ01",),
        title=_l("借款合同"),
        purpose=_l("证明原告与借款人之间成立金融借款合同关系，以及借款金额、利率、期限、"
                   "违约责任和争议解决的约定。"),
        group=CONTRACTS,
    ),
    ChecklistItem(
        key="iou",
        codes=("YJ02",),
        title=_l("借款借据（放款凭证）"),
        purpose=_l("证明原告已依约发放借款。"),
        group=CONTRACTS,
    ),
    ChecklistItem(
        key="change",
        codes=("YJ15",),
        title=_l("展期、变更协议"),
        purpose=_l("证明合同内容的变更。"),
        group=CONTRACTS,
        optional=True,
    ),
    ChecklistItem(
        key="guarantee",
        codes=("YJ03",),
        title=_l("保证合同"),
        purpose=_l("证明保证人为案涉债务提供保证及保证方式、范围、期间。"),
        group=SECURITY,
        needs="guarantee",
    ),
    ChecklistItem(
        key="mortgage",
        codes=("YJ04", "YJ05"),
        title=_l("抵押（质押）合同"),
        purpose=_l("证明担保人以其财产为案涉债务提供物的担保。"),
        group=SECURITY,
        needs="mortgage",
    ),
    ChecklistItem(
        key="registration",
        codes=("QZ02", "QZ03", "QZ04", "QZ05", "QZ06"),
        title=_l("担保登记证明"),
        purpose=_l("证明担保物权已经设立，原告有权优先受偿。"),
        group=SECURITY,
        needs="mortgage",
    ),
    ChecklistItem(
        key="statement",
        codes=("GL11",),
        title=_l("还款流水（对账单）"),
        purpose=_l("证明借款人的还款情况和欠款事实。"),
        group=DEMANDS,
    ),
    ChecklistItem(
        key="demand",
        codes=("BQ01",),
        title=_l("催收通知书"),
        purpose=_l("证明原告向借款人催收的情况；是否到达以回执为准。"),
        group=DEMANDS,
    ),
    ChecklistItem(
        key="guarantor_demand",
        codes=("BQ02",),
        title=_l("担保人履责通知书"),
        purpose=_l("证明原告要求担保人承担担保责任的情况；是否到达以回执为准。"),
        group=DEMANDS,
        needs="guarantee",
        optional=True,
    ),
    ChecklistItem(
        key="receipt",
        codes=("BQ18",),
        title=_l("送达回执"),
        purpose=_l("证明催收通知的寄送和签收情况。"),
        group=DEMANDS,
        optional=True,
    ),
    ChecklistItem(
        key="acceleration",
        codes=("BQ01",),  # told from a demand by its title
        title=_l("宣布提前到期通知书及送达凭证"),
        purpose=_l("证明原告依约宣布贷款提前到期及通知到达。"),
        group=DEMANDS,
        optional=True,
    ),
    ChecklistItem(
        key="costs",
        codes=("BQ08",),
        title=_l("费用凭证（受理费、保全费、律师费）"),
        purpose=_l("证明原告为实现债权支出的费用。"),
        group=DEMANDS,
        optional=True,
    ),
    ChecklistItem(
        key="borrower",
        codes=("YJ06",),
        title=_l("借款人主体资料"),
        purpose=_l("证明借款人的主体身份。"),
        group=PARTIES,
    ),
    ChecklistItem(
        key="guarantor",
        codes=("YJ07",),
        title=_l("担保人主体资料"),
        purpose=_l("证明担保人的主体身份。"),
        group=PARTIES,
        needs="guarantee",
    ),
    ChecklistItem(
        key="service_address",
        codes=("YJ13",),
        title=_l("送达地址确认书"),
        purpose=_l("证明当事人约定的送达地址及其法律后果。"),
        group=PARTIES,
        optional=True,
    ),
)  # fmt: skip
TITLE: Final = _l("一、执行依据")
ASSETS: Final = _l("二、担保与财产")
DEBTORS: Final = _l("三、主体与送达")
ENFORCEMENT_CHECKLIST: Final = (  # what R-H02a X01 has attached
    ChecklistItem(
        key="title",
        codes=("BQ10", "YJ18"),
        title=_l("执行依据（生效法律文书）"),
        purpose=_l("证明申请执行人的债权经生效法律文书确定，具有给付内容。"),
        group=TITLE,
    ),
    ChecklistItem(
        key="effective",
        codes=("BQ11",),
        title=_l("生效证明"),
        purpose=_l("证明执行依据已经发生法律效力。"),
        group=TITLE,
    ),
    ChecklistItem(
        key="earlier",
        codes=("BQ12", "BQ13", "BQ14"),
        title=_l("此前的执行文书、和解协议"),
        purpose=_l("证明此前申请执行及执行的情况。"),
        group=TITLE,
        optional=True,
    ),
    ChecklistItem(
        key="seized",
        codes=("BQ07",),
        title=_l("财产保全裁定及期限告知书"),
        purpose=_l("证明被执行人的财产已被查封、扣押、冻结及其期限。"),
        group=ASSETS,
        optional=True,
    ),
    ChecklistItem(
        key="priority",
        codes=("QZ02", "QZ03", "QZ04", "QZ05", "QZ06"),
        title=_l("担保登记证明"),
        purpose=_l("证明申请执行人对担保财产享有优先受偿权。"),
        group=ASSETS,
        needs="mortgage",
    ),
    ChecklistItem(
        key="debtor",
        codes=("YJ06",),
        title=_l("被执行人（借款人）主体资料"),
        purpose=_l("证明被执行人的主体身份。"),
        group=DEBTORS,
    ),
    ChecklistItem(
        key="co_debtor",
        codes=("YJ07",),
        title=_l("被执行人（担保人）主体资料"),
        purpose=_l("证明被执行人的主体身份。"),
        group=DEBTORS,
        needs="guarantee",
    ),
    ChecklistItem(
        key="debtor_address",
        codes=("YJ13",),
        title=_l("送达地址确认书"),
        purpose=_l("证明当事人约定的送达地址及其法律后果。"),
        group=DEBTORS,
        optional=True,
    ),
)  # fmt: skip
NUMERALS: Final = "一二三四五六七八"
COMPLAINT: Final = "complaint"
ENFORCEMENT: Final = "enforcement"
CHECKLISTS: Final[Mapping[str, tuple[ChecklistItem, ...]]] = {  # by kind of package
    COMPLAINT: CHECKLIST,
    ENFORCEMENT: ENFORCEMENT_CHECKLIST,
}
ACCELERATION: Final = "acceleration"
ACCELERATION_WORDS: Final = ("提前到期", "提前收回")
DEMAND_CHAIN: Final = "receipt"  # lines that take what the clocks rest on
GUARANTEE_CHAIN: Final = "guarantor_demand"
BY_KEY: Final = {item.key: item for lines in CHECKLISTS.values() for item in lines}
CONTRACT: Final = "contract"
PERSONAL: Final = frozenset({"demand", "guarantor_demand", "receipt", "costs"})


def answered_once(line: ChecklistItem) -> bool:
    """Return whether one paper answers for all loans of a case: persons, demands, costs."""
    return line.group == PARTIES or line.key in PERSONAL


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """One thing that must be proven, with the lines of the checklist that prove it."""

    label: str
    keys: tuple[str, ...]
    needs: str = ""


PROOFS: Final = (
    Proof(label=_l("合同成立与约定"), keys=("contract",)),
    Proof(label=_l("放款"), keys=("iou",)),
    Proof(label=_l("违约与欠款数额"), keys=("statement",)),
    Proof(label=_l("宣布提前到期"), keys=("acceleration",), needs="acceleration"),
    Proof(label=_l("保证责任"), keys=("guarantee",), needs="guarantee"),
    Proof(label=_l("抵押、质押"), keys=("mortgage",), needs="mortgage"),
    Proof(label=_l("担保登记"), keys=("registration",), needs="mortgage"),
    Proof(label=_l("催收与时效中断"), keys=("demand", "receipt")),
    Proof(label=_l("在保证期间内主张"), keys=("guarantor_demand",), needs="guarantee"),
    Proof(label=_l("主体身份"), keys=("borrower", "guarantor")),
    Proof(label=_l("实现债权的费用"), keys=("costs",), needs="costs"),
)

ENFORCEMENT_PROOFS: Final = (
    Proof(label=_l("执行依据"), keys=("title",)),
    Proof(label=_l("已经生效"), keys=("effective",)),
    Proof(label=_l("担保物权优先"), keys=("priority",), needs="mortgage"),
    Proof(label=_l("主体身份"), keys=("debtor", "co_debtor")),
)


def proofs(needs: frozenset[str], kind: str = COMPLAINT) -> Iterator[Proof]:
    """Yield what must be proven in a case with these securities, claims and costs."""
    lines = ENFORCEMENT_PROOFS if kind == ENFORCEMENT else PROOFS
    yield from (proof for proof in lines if not proof.needs or proof.needs in needs)


def wanted(securities: frozenset[str], kind: str = COMPLAINT) -> Iterator[ChecklistItem]:
    """Yield the lines that apply; `securities` holds guarantee and mortgage where they are."""
    yield from (item for item in CHECKLISTS[kind] if not item.needs or item.needs in securities)


def numbered_groups(groups: Iterable[str]) -> dict[str, str]:
    """Return each group with the numeral of its place among those that are there.

    A group without exhibits leaves no hole in the numbers.
    """
    return {
        group: f"{NUMERALS[place]}、{group.partition('、')[2]}"
        for place, group in enumerate(dict.fromkeys(groups))
    }


def line_of(item_code: str, title: str, kind: str = COMPLAINT) -> ChecklistItem | None:
    """Return the line that a paper of the file answers, None where none asks for it."""
    if kind == COMPLAINT and item_code == "BQ01" and is_acceleration(title):
        return BY_KEY[ACCELERATION]
    return next((one for one in CHECKLISTS[kind] if item_code in one.codes), None)


def is_acceleration(title: str) -> bool:
    """Return whether a notice declares the loan due early; it is told by its title."""
    return any(word in title for word in ACCELERATION_WORDS)


def gaps(present: Iterable[str], securities: frozenset[str]) -> tuple[ChecklistItem, ...]:
    """Return the needed lines that no present item code answers."""
    have = frozenset(present)
    return tuple(
        item
        for item in wanted(securities)
        if not item.optional and not have.intersection(item.codes)
    )
