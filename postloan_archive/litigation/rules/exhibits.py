"""Which papers of a loan file go to court, in which order, and what each is to prove."""

from collections.abc import Iterable, Iterator
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
ACCELERATION: Final = "acceleration"
ACCELERATION_WORDS: Final = ("提前到期", "提前收回")
DEMAND_CHAIN: Final = "receipt"  # lines that take what the clocks rest on
GUARANTEE_CHAIN: Final = "guarantor_demand"
BY_KEY: Final = {item.key: item for item in CHECKLIST}
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


def proofs(needs: frozenset[str]) -> Iterator[Proof]:
    """Yield what must be proven in a case with these securities, claims and costs."""
    yield from (proof for proof in PROOFS if not proof.needs or proof.needs in needs)


def wanted(securities: frozenset[str]) -> Iterator[ChecklistItem]:
    """Yield the lines that apply; `securities` holds guarantee and mortgage where they are."""
    yield from (item for item in CHECKLIST if not item.needs or item.needs in securities)


def gaps(present: Iterable[str], securities: frozenset[str]) -> tuple[ChecklistItem, ...]:
    """Return the needed lines that no present item code answers."""
    have = frozenset(present)
    return tuple(
        item
        for item in wanted(securities)
        if not item.optional and not have.intersection(item.codes)
    )
