"""What a person tells a run besides the facts of the loans: a buyer, a day, a finding."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from postloan_archive.kernel.entries import read_date
from postloan_archive.kernel.errors import RuleError, _l
from postloan_archive.notices.rules.fields import REQUIRED, is_present

LONGEST: Final = 2_000  # characters of one fact


class GivenKind(StrEnum):
    """How a fact is typed."""

    LINE = "line"
    TEXT = "text"
    DAY = "day"
    CHOICE = "choice"


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenFact:
    """One fact that no loan file holds; the same for every letter of the run.

    Attributes:
        name: the key in the snapshot of the letter and on the command line.
        label: what a person reads.
        kind: a line, a text of several lines, or a day as 2026-11-24.
        required: a run without it is not planned.
        hint: an example, or what happens when it is left out.
        choices: the words of a choice.
    """

    name: str
    label: str
    kind: GivenKind = GivenKind.LINE
    required: bool = True
    hint: str = ""
    choices: tuple[str, ...] = ()


class GivenFactsError(RuleError):
    """Facts that the letters of the run need are missing or cannot be read; all are named."""

    field = "given"

    def __init__(self, *, names: str) -> None:
        super().__init__(_l("这种函件还须填写：{names}。"), basis=REQUIRED, names=names)


MEDIA: Final = (_l("全国性媒体"), _l("住所地省级有影响的媒体"), _l("其他媒体"))
FIT_MEDIA: Final = frozenset(MEDIA[:2])  # R-D07
_TRANSFER: Final = (
    GivenFact(name="transferee", label=_l("受让人"), hint=_l("登记的全称。")),
    GivenFact(
        name="transferee_contact", label=_l("受让人联系方式"), hint=_l("联系人、电话、地址。")
    ),
    GivenFact(
        name="transfer_agreement",
        label=_l("转让协议"),
        hint=_l("名称和编号，如《债权转让协议》（编号……）。"),
    ),
    GivenFact(name="agreement_date", label=_l("转让协议签订日"), kind=GivenKind.DAY),
    GivenFact(
        name="cutoff_date",
        label=_l("转让基准日"),
        kind=GivenKind.DAY,
        hint=_l("债权余额计至该日，该日不计。"),
    ),
)

GIVEN: Final[Mapping[str, tuple[GivenFact, ...]]] = {
    "N06": (
        GivenFact(name="law_firm", label=_l("律师事务所"), hint=_l("登记的全称。")),
        GivenFact(name="lawyer", label=_l("承办律师")),
        GivenFact(name="lawyer_licence_no", label=_l("律师执业证号")),
        GivenFact(name="lawyer_contact", label=_l("律师联系方式"), hint=_l("电话、地址。")),
        GivenFact(
            name="client_authorisation",
            label=_l("委托依据"),
            hint=_l("如 2026年11月1日签署的授权委托书。"),
        ),
        GivenFact(
            name="lawyer_letter_no",
            label=_l("律师函文号"),
            required=False,
            hint=_l("由律师事务所编排；留空不印。"),
        ),
        GivenFact(
            name="lawyer_basis",
            label=_l("补充的法律依据"),
            kind=GivenKind.TEXT,
            required=False,
            hint=_l("由律师填写；留空只引合同条款。"),
        ),
    ),
    "N07": (
        *_TRANSFER,
        GivenFact(
            name="new_pay_account",
            label=_l("受让人收款账户"),
            hint=_l("户名、开户行、账号。"),
        ),
    ),
    "N08": _TRANSFER,
    "N09": (
        GivenFact(name="newspaper", label=_l("刊登媒体"), hint=_l("只入档，不印在公告上。")),
        GivenFact(
            name="medium",
            label=_l("媒体级别"),
            kind=GivenKind.CHOICE,
            choices=MEDIA,
            hint=_l("须为全国性，或者债务人住所地省级有影响的媒体（时效规定第八条）。"),
        ),
        GivenFact(
            name="unreachable_fact",
            label=_l("下落不明的依据"),
            kind=GivenKind.TEXT,
            hint=_l("如两次特快专递退回、电话无法接通；只入档，不印在公告上。"),
        ),
    ),
    "N11": (
        GivenFact(
            name="repayment_plan",
            label=_l("还款计划"),
            kind=GivenKind.TEXT,
            hint=_l("一行一期，如 2026年12月20日前归还 10,000.00 元。"),
        ),
    ),
    "N12": (
        GivenFact(name="report_date", label=_l("拟报送日"), kind=GivenKind.DAY),
        GivenFact(
            name="objection_channel",
            label=_l("异议渠道"),
            hint=_l("如到营业网点书面提出，或者拨打客服电话。"),
        ),
    ),
    "N14": (
        GivenFact(
            name="change_content",
            label=_l("变更内容"),
            kind=GivenKind.TEXT,
            hint=_l("如“借款到期日由……变更为……，其他条款不变”。"),
        ),
        GivenFact(name="new_due_date", label=_l("变更后的到期日"), kind=GivenKind.DAY),
    ),
    "N15": (
        GivenFact(
            name="finding",
            label=_l("检查发现的问题"),
            kind=GivenKind.TEXT,
            hint=_l("照检查报告写明事实。"),
        ),
        GivenFact(
            name="contract_clause",
            label=_l("依据的合同条款"),
            hint=_l("如“合同第十一条”。"),
        ),
        GivenFact(name="required_action", label=_l("整改要求"), kind=GivenKind.TEXT),
        GivenFact(name="deadline", label=_l("整改期限"), kind=GivenKind.DAY),
        GivenFact(
            name="consequence",
            label=_l("逾期未整改的后果"),
            kind=GivenKind.TEXT,
            required=False,
            hint=_l("留空写“我行将依照合同约定采取相应措施”。"),
        ),
    ),
    "N16": (
        GivenFact(
            name="fixing_event",
            label=_l("债权确定的事由"),
            hint=_l("如债权确定期间届满、抵押财产被查封。"),
        ),
        GivenFact(name="fixing_date", label=_l("债权确定日"), kind=GivenKind.DAY),
        GivenFact(
            name="maximum_mortgages",
            label=_l("最高额抵（质）押合同编号"),
            required=False,
            hint=_l("多个用顿号隔开；最高额保证由系统识别。"),
        ),
    ),
}
Given = Mapping[str, str]


def checked_given(kind: str, given: Given) -> dict[str, str]:
    """Return the facts of a run, blanks cut off, days as ISO text, unknown names left out.

    Raises:
        GivenFactsError: a required fact is missing, a day is none, a text is too long.
    """
    facts: dict[str, str] = {}
    wrong: list[str] = []
    for fact in GIVEN.get(kind, ()):
        value = given.get(fact.name, "").strip()
        if not value:
            if fact.required:
                wrong.append(fact.label)
        elif len(value) > LONGEST or not is_present(value):
            wrong.append(fact.label)
        elif fact.kind is GivenKind.CHOICE and value not in fact.choices:
            wrong.append(f"{fact.label}（{'、'.join(fact.choices)}）")
        elif fact.kind is GivenKind.DAY:
            try:
                facts[fact.name] = read_date(value).isoformat()
            except RuleError:
                wrong.append(fact.label)
        else:
            facts[fact.name] = value
    if wrong:
        raise GivenFactsError(names="、".join(wrong))
    return facts


def day_given(given: Given, name: str) -> date | None:
    """Return a day that was given, None if it is missing or no day."""
    try:
        return date.fromisoformat(given.get(name, ""))
    except ValueError:
        return None


def lines_given(given: Given, name: str) -> list[str]:
    """Return the lines of a text that was given, without empty ones."""
    return [line.strip() for line in given.get(name, "").splitlines() if line.strip()]
