"""Which items a loan file must hold and which are missing (R-I05)."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import chain
from typing import Final

from postloan_archive.archive.rules.items import ITEMS
from postloan_archive.kernel.errors import RuleError, _l
from postloan_archive.kernel.law import Confidence, Derived
from postloan_archive.kernel.statutes import HOUSE_RULE, Statute

COST_DISCLOSURE_RULES: Final = Statute(
    name="个人贷款业务明示综合融资成本规定",
    edition="金规〔2026〕2号",
    in_force_from=date(2026, 8, 1),
)
MATRIX: Final = HOUSE_RULE.at("档案完整性矩阵", rule="R-I05", confidence=Confidence.MEMORY)
COST_SHEET: Final = COST_DISCLOSURE_RULES.at(
    "综合融资成本明示表", rule="R-I05", confidence=Confidence.SECONDARY
)
COST_SHEET_FROM: Final = date(2026, 8, 1)  # contracts signed on this day or later


class Holder(StrEnum):
    """A natural person or a company."""

    PERSON = "person"
    COMPANY = "company"


class SecurityKind(StrEnum):
    """The kinds of guarantee and collateral."""

    GUARANTEE_PERSON = "guarantee_person"
    GUARANTEE_COMPANY = "guarantee_company"
    MORTGAGE_REAL_ESTATE = "mortgage_real_estate"
    MORTGAGE_MOVABLE = "mortgage_movable"
    MORTGAGE_VEHICLE = "mortgage_vehicle"
    PLEDGE_DEPOSIT = "pledge_deposit"
    PLEDGE_BILL = "pledge_bill"
    PLEDGE_RECEIVABLE = "pledge_receivable"
    PLEDGE_EQUITY = "pledge_equity"


GUARANTEES: Final = frozenset({SecurityKind.GUARANTEE_PERSON, SecurityKind.GUARANTEE_COMPANY})


class FileStage(StrEnum):
    """What has happened to the loan; each stage adds its own items only."""

    FIRST_CHECK_DUE = "first_check_due"
    OVERDUE = "overdue"
    LITIGATION = "litigation"
    PRESERVED = "preserved"
    JUDGED = "judged"
    EFFECTIVE = "effective"
    ENFORCEMENT = "enforcement"


BASE: Final = (
    "YJ01",
    "YJ02",
    "YJ06",
    "YJ12",
    "YJ13",
    "GL01",
    "GL02",
    "GL03",
    "GL04",
    "GL05",
    "GL14",
)
BY_SECURITY: Final[Mapping[SecurityKind, tuple[str, ...]]] = {
    SecurityKind.GUARANTEE_PERSON: ("YJ03", "YJ07"),
    SecurityKind.GUARANTEE_COMPANY: ("YJ03", "YJ07", "YJ09"),
    SecurityKind.MORTGAGE_REAL_ESTATE: ("YJ04", "QZ02", "GL06", "QZ09"),
    SecurityKind.MORTGAGE_MOVABLE: ("YJ04", "QZ03", "GL06"),
    SecurityKind.MORTGAGE_VEHICLE: ("YJ04", "QZ03", "QZ08", "GL06"),
    SecurityKind.PLEDGE_DEPOSIT: ("YJ05", "QZ04", "QZ09"),
    SecurityKind.PLEDGE_BILL: ("YJ05", "QZ04", "QZ09"),
    SecurityKind.PLEDGE_RECEIVABLE: ("YJ05", "QZ06"),
    SecurityKind.PLEDGE_EQUITY: ("YJ05", "QZ05"),
}
BY_STAGE: Final[Mapping[FileStage, tuple[str, ...]]] = {
    FileStage.FIRST_CHECK_DUE: ("GL08",),
    FileStage.OVERDUE: ("BQ01", "GL10", "GL11"),
    FileStage.LITIGATION: ("BQ05", "BQ06", "BQ08"),
    FileStage.PRESERVED: ("BQ07",),
    FileStage.JUDGED: ("BQ10",),
    FileStage.EFFECTIVE: ("BQ11",),
    FileStage.ENFORCEMENT: ("BQ12",),
}


STAGE_WORDS: Final[Mapping[FileStage, str]] = {
    FileStage.FIRST_CHECK_DUE: "首次检查到期",
    FileStage.OVERDUE: "逾期",
    FileStage.LITIGATION: "诉讼",
    FileStage.PRESERVED: "保全",
    FileStage.JUDGED: "裁判",
    FileStage.EFFECTIVE: "裁判生效",
    FileStage.ENFORCEMENT: "执行",
}
SECURITY_WORDS: Final[Mapping[SecurityKind, str]] = {
    SecurityKind.GUARANTEE_PERSON: "自然人保证",
    SecurityKind.GUARANTEE_COMPANY: "企业保证",
    SecurityKind.MORTGAGE_REAL_ESTATE: "不动产抵押",
    SecurityKind.MORTGAGE_MOVABLE: "动产抵押",
    SecurityKind.MORTGAGE_VEHICLE: "机动车抵押",
    SecurityKind.PLEDGE_DEPOSIT: "存单质押",
    SecurityKind.PLEDGE_BILL: "票据质押",
    SecurityKind.PLEDGE_RECEIVABLE: "应收账款质押",
    SecurityKind.PLEDGE_EQUITY: "股权质押",
}


class MarriedUnknownError(RuleError):
    """Whether a natural person is married decides on the spouse's consent."""

    field = "married"

    def __init__(self) -> None:
        super().__init__(_l("借款人是自然人时须说明是否已婚。"), basis=MATRIX)


class OwnerUnknownError(RuleError):
    """Whether a third-party provider is a company decides on its resolution."""

    field = "owner"

    def __init__(self) -> None:
        super().__init__(_l("第三人提供担保时须说明其为自然人还是企业。"), basis=MATRIX)


@dataclass(frozen=True, slots=True, kw_only=True)
class Security:
    """One guarantee or collateral.

    Attributes:
        kind: what it is.
        third_party: collateral that is not the borrower's own.
        owner: who provides it; must be given if `third_party`.
    """

    kind: SecurityKind
    third_party: bool = False
    owner: Holder | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FileFacts:
    """What decides on the items of a loan file; `married` must be given for a person."""

    borrower: Holder
    signed: date
    married: bool | None = None
    guarantees: tuple[Security, ...] = ()
    stages: frozenset[FileStage] = frozenset()


def _for_borrower(facts: FileFacts) -> Iterator[tuple[str, str]]:
    """Yield (code, reason) of what the borrower itself calls for."""
    if facts.borrower is Holder.COMPANY:
        yield from ((code, "企业借款") for code in ("YJ08", "GL07"))
        return
    if facts.married is None:
        raise MarriedUnknownError
    yield from ((code, "自然人借款") for code in ("YJ11", "YJ16"))
    if facts.married:
        yield "YJ10", "借款人已婚"
    if facts.signed >= COST_SHEET_FROM:
        yield "YJ17", f"自然人合同签订于 {COST_SHEET_FROM} 及以后"


def _for_security(security: Security) -> Iterator[tuple[str, str]]:
    """Yield (code, reason) of what one guarantee or collateral calls for."""
    yield from (
        (code, f"担保：{SECURITY_WORDS[security.kind]}") for code in BY_SECURITY[security.kind]
    )
    if security.third_party and security.owner is None:
        raise OwnerUnknownError
    if security.third_party and security.kind not in GUARANTEES:
        yield "YJ07", "第三人提供担保物"
        if security.owner is Holder.COMPANY:
            yield "YJ09", "第三人企业提供担保物"


def _for_stages(facts: FileFacts) -> Iterator[tuple[str, str]]:
    """Yield (code, reason) of what has happened to the loan."""
    for stage in FileStage:
        if stage in facts.stages:
            yield from ((code, f"阶段：{STAGE_WORDS[stage]}") for code in BY_STAGE[stage])
    others_liable = any(
        security.third_party or security.kind in GUARANTEES for security in facts.guarantees
    )
    if FileStage.OVERDUE in facts.stages and others_liable:
        yield "BQ02", "逾期且有保证人或第三人担保"


def required_items(facts: FileFacts) -> Mapping[str, str]:
    """Return the required item codes, each with the Chinese reason that asks first.

    Raises:
        MarriedUnknownError: a person's marriage is not known.
        OwnerUnknownError: the owner of third-party collateral is not known.
    """
    needed = dict.fromkeys(BASE, "基本要件")
    asked = chain(
        _for_borrower(facts),
        *(_for_security(security) for security in facts.guarantees),
        _for_stages(facts),
    )
    for code, why in asked:
        needed.setdefault(code, why)
    return needed


def completeness(facts: FileFacts, present: Iterable[str]) -> Derived[tuple[str, ...]]:
    """Return the missing item codes in plain string order (R-I05).

    Every item is required once, however many guarantees ask for it.
    """
    needed = required_items(facts)
    missing = tuple(sorted(needed.keys() - set(present)))
    return Derived(
        value=missing,
        basis=(MATRIX, COST_SHEET) if "YJ17" in needed else (MATRIX,),
        steps=(
            f"应有 {len(needed)} 项，缺 {len(missing)} 项",
            *(f"缺 {code} {ITEMS[code].title}（{needed[code]}）" for code in missing),
        ),
    )
