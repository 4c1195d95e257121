"""The kinds of court papers, how their titles read, and what each one starts in a docket."""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from postloan_archive.cases.rules.events import Event
from postloan_archive.kernel.errors import _l


class PaperKind(StrEnum):
    """What a paper of the court is."""

    JUDGMENT = "judgment"
    APPEAL_JUDGMENT = "appeal_judgment"
    MEDIATION = "mediation"
    ACCEPTANCE = "acceptance"
    FEE_NOTICE = "fee_notice"
    APPEAL_FEE_NOTICE = "appeal_fee_notice"
    FEE_TOP_UP = "fee_top_up"
    SUMMONS = "summons"
    EVIDENCE_NOTICE = "evidence_notice"
    CORRECTION_NOTICE = "correction_notice"
    PRESERVATION_RULING = "preservation_ruling"
    PRESERVATION_INFO = "preservation_info"
    APPEALABLE_RULING = "appealable_ruling"
    WITHDRAWAL_RULING = "withdrawal_ruling"
    SECURITY_RULING = "security_ruling"
    PAYMENT_ORDER = "payment_order"
    PAYMENT_ORDER_ENDED = "payment_order_ended"
    ENFORCEMENT_ACCEPTED = "enforcement_accepted"
    ENFORCEMENT_NOTICE = "enforcement_notice"
    TERMINATED_THIS_TIME = "terminated_this_time"
    ENFORCEMENT_ENDED = "enforcement_ended"
    ENFORCEMENT_RULING = "enforcement_ruling"
    EFFECT_CERTIFICATE = "effect_certificate"
    OTHER_RULING = "other_ruling"


class DayOf(StrEnum):
    """Which day of the paper the event happens on."""

    RECEIPT = "receipt"  # only the receipt of service knows it; a person fills it in
    DOCKETED = "docketed"  # the day the court says it took the case
    HEARING = "hearing"
    EFFECT = "effect"
    MADE = "made"  # the day below the signature


@dataclass(frozen=True, slots=True, kw_only=True)
class KindFacts:
    """What a kind of paper is called and what it starts.

    Attributes:
        event: what is entered into the docket; None: the paper starts no period of its own.
        procedure: the procedure whose number the paper bears.
        day: which day of the paper is that of the event.
    """

    label: str
    event: Event | None
    procedure: str
    day: DayOf = DayOf.RECEIPT


KINDS: Final[dict[PaperKind, KindFacts]] = {
    PaperKind.JUDGMENT: KindFacts(
        label=_l("一审判决书"), event=Event.JUDGMENT_SERVED, procedure="first"
    ),
    PaperKind.APPEAL_JUDGMENT: KindFacts(
        label=_l("二审判决书"), event=Event.EFFECTIVE, procedure="second"
    ),
    PaperKind.MEDIATION: KindFacts(
        label=_l("调解书"), event=Event.MEDIATION_AGREED, procedure="first"
    ),
    PaperKind.ACCEPTANCE: KindFacts(
        label=_l("受理案件通知书"),
        event=Event.DOCKETED,
        procedure="first",
        day=DayOf.DOCKETED,
    ),
    PaperKind.FEE_NOTICE: KindFacts(
        label=_l("交纳诉讼费用通知书"), event=Event.FEE_NOTICE, procedure="first"
    ),
    PaperKind.APPEAL_FEE_NOTICE: KindFacts(
        label=_l("交纳上诉费通知书"), event=Event.APPEAL_FEE_NOTICE, procedure="second"
    ),
    PaperKind.FEE_TOP_UP: KindFacts(
        label=_l("补交诉讼费用通知书"), event=Event.FEE_TOP_UP_NOTICE, procedure="first"
    ),
    PaperKind.SUMMONS: KindFacts(
        label=_l("开庭传票"), event=Event.HEARING, procedure="first", day=DayOf.HEARING
    ),
    PaperKind.EVIDENCE_NOTICE: KindFacts(
        label=_l("举证通知书"), event=Event.EVIDENCE_NOTICE, procedure="first"
    ),
    PaperKind.CORRECTION_NOTICE: KindFacts(
        label=_l("补正通知书"), event=Event.CORRECTION_NOTICE, procedure="first"
    ),
    PaperKind.PRESERVATION_RULING: KindFacts(
        label=_l("财产保全裁定书"),
        event=Event.PRESERVATION_RULING_SERVED,
        procedure="preservation",
    ),
    PaperKind.PRESERVATION_INFO: KindFacts(
        label=_l("保全事项告知书"), event=None, procedure="preservation"
    ),
    PaperKind.APPEALABLE_RULING: KindFacts(
        label=_l("可上诉裁定书"), event=Event.RULING_SERVED, procedure="first"
    ),
    PaperKind.WITHDRAWAL_RULING: KindFacts(
        label=_l("准许撤诉裁定书"), event=None, procedure="first"
    ),
    PaperKind.SECURITY_RULING: KindFacts(
        label=_l("实现担保物权裁定书"),
        event=Event.SECURITY_RULING_SERVED,
        procedure="",
    ),
    PaperKind.PAYMENT_ORDER: KindFacts(
        label=_l("支付令"),
        event=Event.PAYMENT_ORDER_ISSUED,
        procedure="payment_order",
        day=DayOf.MADE,
    ),
    PaperKind.PAYMENT_ORDER_ENDED: KindFacts(
        label=_l("终结督促程序裁定书"),
        event=Event.PAYMENT_ORDER_ENDED,
        procedure="payment_order",
    ),
    PaperKind.ENFORCEMENT_ACCEPTED: KindFacts(
        label=_l("执行案件受理通知书"),
        event=Event.ENFORCEMENT_DOCKETED,
        procedure="enforcement",
        day=DayOf.DOCKETED,
    ),
    PaperKind.ENFORCEMENT_NOTICE: KindFacts(
        label=_l("执行通知书"),
        event=Event.ENFORCEMENT_NOTICE_SERVED,
        procedure="enforcement",
    ),
    PaperKind.TERMINATED_THIS_TIME: KindFacts(
        label=_l("终结本次执行程序裁定书"),
        event=Event.TERMINATED_THIS_TIME,
        procedure="enforcement",
    ),
    PaperKind.ENFORCEMENT_ENDED: KindFacts(
        label=_l("终结执行裁定书"), event=Event.ENFORCEMENT_ENDED, procedure="enforcement"
    ),
    PaperKind.ENFORCEMENT_RULING: KindFacts(
        label=_l("执行裁定书"), event=None, procedure="enforcement"
    ),
    PaperKind.EFFECT_CERTIFICATE: KindFacts(
        label=_l("生效证明"), event=Event.EFFECTIVE, procedure="first", day=DayOf.EFFECT
    ),
    PaperKind.OTHER_RULING: KindFacts(label=_l("其他裁定书"), event=None, procedure="first"),
}

# The title stands in the first characters; the first row that fits decides.
_TITLES: Final = tuple(
    (re.compile(title), re.compile(words) if words else None, kind)
    for title, words, kind in (
        ("支付令", "终结督促程序", PaperKind.PAYMENT_ORDER_ENDED),
        ("调解书", "", PaperKind.MEDIATION),
        ("裁定书", "终结督促程序", PaperKind.PAYMENT_ORDER_ENDED),
        ("裁定书", "终结(?:本院)?.{0,40}?本次执行程序", PaperKind.TERMINATED_THIS_TIME),
        ("执行裁定书", "裁定如下.{0,80}终结.{0,60}执行", PaperKind.ENFORCEMENT_ENDED),
        (
            "裁定书",
            "裁定如下.{0,200}(?:查封|冻结|扣押|续行保全|续封|续冻)",
            PaperKind.PRESERVATION_RULING,
        ),
        ("执行裁定书", "", PaperKind.ENFORCEMENT_RULING),
        ("裁定书", "准许.{0,40}(?:撤诉|撤回起诉)", PaperKind.WITHDRAWAL_RULING),
        ("裁定书", "准许.{0,40}(?:拍卖|变卖)", PaperKind.SECURITY_RULING),
        (
            "裁定书",
            "裁定如下.{0,120}(?:不予受理|驳回.{0,40}(?:起诉|管辖权))",
            PaperKind.APPEALABLE_RULING,
        ),
        ("裁定书", "", PaperKind.OTHER_RULING),
        ("判决书", "", PaperKind.JUDGMENT),
        ("支付令", "", PaperKind.PAYMENT_ORDER),
        ("生效证明", "", PaperKind.EFFECT_CERTIFICATE),
        ("(?:证明书|证明)", "(?:发生法律效力|生效)", PaperKind.EFFECT_CERTIFICATE),
        ("补[交缴].{0,6}(?:诉讼|受理)费", "", PaperKind.FEE_TOP_UP),
        ("[交缴]纳?.{0,4}上诉.{0,8}费.{0,6}通知", "", PaperKind.APPEAL_FEE_NOTICE),
        ("[交缴]纳?.{0,8}费用?.{0,6}通知", "", PaperKind.FEE_NOTICE),
        ("诉讼费用?.{0,4}(?:[交缴]纳|预交).{0,4}通知", "", PaperKind.FEE_NOTICE),
        ("执行.{0,8}(?:受理|立案).{0,8}通知书", "", PaperKind.ENFORCEMENT_ACCEPTED),
        ("(?:受理|立案).{0,6}执行.{0,8}通知书", "", PaperKind.ENFORCEMENT_ACCEPTED),
        ("(?:受理|立案).{0,8}通知书", "", PaperKind.ACCEPTANCE),
        ("执行通知书", "", PaperKind.ENFORCEMENT_NOTICE),
        ("传票|开庭通知", "", PaperKind.SUMMONS),
        ("举证.{0,8}通知书", "", PaperKind.EVIDENCE_NOTICE),
        ("补正.{0,8}通知", "", PaperKind.CORRECTION_NOTICE),
        ("保全.{0,10}(?:告知书|通知书|情况)", "", PaperKind.PRESERVATION_INFO),
    )
)
_HEAD: Final = 80  # characters of a paper without blanks that hold court and title
_SECOND: Final = frozenset({"民终", "知民终"})
_ENFORCEMENT: Final = frozenset({"执", "执恢"})
_PROCEDURES: Final = (
    (_SECOND, "second"),
    (frozenset({"民督"}), "payment_order"),
    (frozenset({"财保", "执保"}), "preservation"),
    (_ENFORCEMENT, "enforcement"),
    (frozenset({"民再", "民申", "民监"}), "retrial"),
    (frozenset({"民特"}), ""),
    (frozenset({"民初"}), "first"),
)


def kind_of(text: str, number_type: str = "") -> PaperKind | None:
    """Return the kind of the paper, None if its head names none.

    Args:
        text: of the paper without blanks, from `FlatText`.
        number_type: type code of its case number (R-J04), such as 民终; tells the instance.
    """
    head = text[:_HEAD]
    for title, words, kind in _TITLES:
        if title.search(head) and (words is None or words.search(text)):
            return _of_instance(kind, number_type)
    return None


def _of_instance(kind: PaperKind, number_type: str) -> PaperKind:
    if number_type in _SECOND:
        return {
            PaperKind.JUDGMENT: PaperKind.APPEAL_JUDGMENT,
            PaperKind.FEE_NOTICE: PaperKind.APPEAL_FEE_NOTICE,
        }.get(kind, kind)
    if number_type in _ENFORCEMENT and kind is PaperKind.ACCEPTANCE:
        return PaperKind.ENFORCEMENT_ACCEPTED
    return kind


def procedure_of(kind: PaperKind, number_type: str) -> str:
    """Return the kind of procedure whose number the paper bears, empty for none."""
    for types, procedure in _PROCEDURES:
        if number_type in types:
            return procedure
    return KINDS[kind].procedure
