"""Calculators of limitation, guarantee and proof (group D)."""

from collections.abc import Callable, Mapping
from typing import Final

from postloan_archive.calculators.faults import bad_value, missing_field, unknown_field
from postloan_archive.calculators.fields import (
    BOOL,
    DATE,
    TEXT,
    WORDS,
    choice,
    choice_of,
    flag,
    may,
    maybe,
    need,
    plain,
    values,
)
from postloan_archive.calculators.functions import Form, Function, Outcome, outcome
from postloan_archive.calculators.kinds import (
    ChoiceKind,
    Field,
    Given,
    ListKind,
    NullKind,
    read_members,
)
from postloan_archive.kernel.policy import STANDARD_POLICY
from postloan_archive.loans.rules import guarantee, limitation, proof


def _limitation_start(given: Given) -> Outcome:
    start = limitation.limitation_start(given["installments"], given["accelerated"])
    return Outcome(
        values=values(start, "legal_anchor", "conservative_anchor"),
        basis=start.basis,
        steps=start.steps,
        edition=start.edition,
    )


def _guarantee_period(given: Given) -> Outcome:
    period = guarantee.guarantee_period(
        given["main_due"], clause_end=given["clause_end"], clause=given["clause"]
    )
    return Outcome(
        values=values(period, "treated_as", "last_day", "needs_review"),
        basis=period.basis,
        steps=period.steps,
        edition=period.edition,
    )


_WHO: Final = may("guarantor", "针对的保证人", TEXT)
_FILED: Final = need("filed", "提起日", DATE)
_ACT: Final = need("act", "行为", choice_of(guarantee.ActKind, *guarantee.ACT_LABELS.values()))
_AGAINST_GUARANTOR: Final = (_ACT, _FILED, may("copy_served", "副本送达日", DATE), _WHO)
_AGAINST_DEBTOR: Final = (_ACT, _FILED, _WHO)
ACTS: Final[Mapping[guarantee.ActKind, tuple[Field, ...]]] = {
    guarantee.ActKind.NOTICE_TO_GUARANTOR: (
        _ACT,
        need("arrived", "到达日", NullKind(kind=DATE)),
        maybe("sent", "发出日", DATE),
        _WHO,
    ),
    guarantee.ActKind.SUE_GUARANTOR: _AGAINST_GUARANTOR,
    guarantee.ActKind.ARBITRATE_GUARANTOR: _AGAINST_GUARANTOR,
    guarantee.ActKind.SUE_DEBTOR: _AGAINST_DEBTOR,
    guarantee.ActKind.ARBITRATE_DEBTOR: _AGAINST_DEBTOR,
    guarantee.ActKind.ENFORCE_NOTARISED_AGAINST_DEBTOR: _AGAINST_DEBTOR,
    guarantee.ActKind.WITHDRAW: (_ACT, need("date", "撤回日", DATE), _WHO),
}


class ActOfCreditorKind:
    """One act; its members depend on what was done."""

    form: str = "对象：一项行为"

    def read(self, value: object, at: str) -> guarantee.Act:
        """Return the act."""
        if not isinstance(value, dict):
            raise bad_value(at, "每项行为应为 JSON 对象。")
        if "act" not in value:
            raise missing_field(f"{at}.act", "行为")
        kind = _ACT.kind.read(value["act"], f"{at}.act")
        assert isinstance(kind, guarantee.ActKind)  # the choice has seen to it
        given = read_members(value, ACTS[kind], f"{at}.")
        on = next(given[name] for name in ("arrived", "filed", "date") if name in given)
        return guarantee.Act(
            kind=kind,
            on=on,
            guarantor=given["guarantor"],
            copy_served=given.get("copy_served"),
            sent=given.get("sent"),
        )


def _exercised(given: Given) -> Outcome:
    return outcome(
        guarantee.guarantee_right_exercised(
            given["type"], given["period_end"], given["acts"], given["guarantor"]
        ),
        "guarantor_liable",
    )


_AGREED: Final = choice({"agreed": "约定", "not agreed": "未约定"})
_MESSAGE: Final = (
    need("number", "号码、地址或账号", _AGREED),
    need("delivery_report", "有送达回执", BOOL),
)


def _message(given: Given) -> proof.Proof:
    return proof.Message(
        agreed=given["number"] == "agreed", delivery_report=given["delivery_report"]
    )


CHANNELS: Final[Mapping[str, tuple[str, tuple[Field, ...], Callable[[Given], proof.Proof]]]] = {
    "sign": (
        "签收",
        (need("signer", "签收人", WORDS),),
        lambda given: proof.Signed(**given),
    ),
    "notarised": ("公证送达", (), lambda given: proof.Notarised(**given)),
    "account_deduction": (
        "扣款",
        (need("success", "扣款成功", BOOL),),
        lambda given: proof.Deduction(**given),
    ),
    "EMS": (
        "邮政特快专递",
        (
            need("address", "地址", _AGREED),
            need("track", "查询结果", NullKind(kind=TEXT)),
            flag("content_stated", "面单写明内件", default=True),
        ),
        lambda given: proof.Ems(
            agreed=given["address"] == "agreed",
            track=given["track"],
            content_stated=given["content_stated"],
        ),
    ),
    "SMS": ("短信", _MESSAGE, _message),
    "email": ("电子邮件", _MESSAGE, _message),
    "wechat": ("微信", _MESSAGE, _message),
    "phone": (
        "电话",
        (need("recorded", "有录音", BOOL), flag("identity_checked", "核实身份")),
        lambda given: proof.Phone(**given),
    ),
    "visit": ("上门", (flag("logged", "有记录"),), lambda given: proof.Visit(**given)),
    "public_notice": (
        "公告",
        (need("debtor_missing", "下落不明", BOOL), need("medium_ok", "媒体符合要求", BOOL)),
        lambda given: proof.PublicNotice(**given),
    ),
}
_CHANNEL: Final = ChoiceKind(
    choices={name: label for name, (label, _, _) in CHANNELS.items()}, fold=True
)
_CHANNEL_FIELD: Final = need("channel", "方式", _CHANNEL)
_CHANNEL_FORMS: Final = {
    name: Form(fields=(_CHANNEL_FIELD, *fields), label=label)
    for name, (label, fields, _) in CHANNELS.items()
}


def _choose_channel(given: Mapping[str, object]) -> Form:
    known = {field.name for form in _CHANNEL_FORMS.values() for field in form.fields}
    for name in given:
        if name not in known:
            raise unknown_field(name, sorted(known))
    if "channel" not in given:
        raise missing_field("channel", "方式")
    return _CHANNEL_FORMS[str(_CHANNEL.read(given["channel"], "channel"))]


def _proof_level(given: Given) -> Outcome:
    _, _, make = CHANNELS[given.pop("channel")]
    policy = given.pop("policy", STANDARD_POLICY)
    level = proof.proof_level(make(given), policy=policy)
    return Outcome(
        values=values(level, "level", "resets_limitation"),
        basis=level.basis,
        steps=level.steps,
        edition=level.edition,
    )


_LIABLE: Final = (plain("guarantor_liable", "保证人应承担责任（测试字段）"),)

LIMITATION: Final = (
    Function(
        name="limitation_start",
        label="诉讼时效起算点",
        rules=("R-D02", "R-D03"),
        forms=(
            Form(
                fields=(
                    need("installments", "未全部清偿的到期日", ListKind(kind=DATE, least=1)),
                    may("accelerated", "提前到期日", DATE),
                )
            ),
        ),
        results=(
            plain("legal_anchor", "法定起算点"),
            plain("conservative_anchor", "保守起算点"),
        ),
        run=_limitation_start,
    ),
    Function(
        name="guarantee_period_clause",
        label="保证期间条款",
        rules=("R-D14", "R-D17"),
        forms=(
            Form(
                fields=(
                    need("main_due", "主债务到期日", DATE),
                    may("clause_end", "约定的届满日", DATE),
                    may("clause", "条款文字", TEXT),
                )
            ),
        ),
        results=(
            plain("treated_as", "视为"),
            plain("last_day", "最后一日"),
            plain("needs_review", "须法务审阅"),
        ),
        run=_guarantee_period,
    ),
    Function(
        name="guarantee_right_exercised",
        label="保证期间内是否行使权利",
        rules=("R-D15", "R-D18"),
        forms=(
            Form(
                fields=(
                    need(
                        "type",
                        "保证方式",
                        choice_of(
                            guarantee.GuaranteeKind, "一般保证", "连带责任保证", "未约定"
                        ),
                    ),
                    need("period_end", "保证期间届满日", DATE),
                    need("acts", "行为", ListKind(kind=ActOfCreditorKind())),
                    may("guarantor", "保证人", TEXT),
                )
            ),
        ),
        results=_LIABLE,
        run=_exercised,
    ),
    Function(
        name="guarantor_signs_after_expiry",
        label="保证期间届满后签字（保证人）",
        rules=("R-D19",),
        forms=(
            Form(
                fields=(
                    need("period_end", "保证期间届满日", DATE),
                    need("signed_notice", "签字日", DATE),
                    need("new_guarantee_contract", "成立新的保证合同", BOOL),
                )
            ),
        ),
        results=_LIABLE,
        run=lambda given: outcome(
            guarantee.guarantor_signs_after_expiry(**given), "guarantor_liable"
        ),
    ),
    Function(
        name="debtor_signs_after_limitation",
        label="时效届满后签字（债务人）",
        rules=("R-D10",),
        forms=(
            Form(
                fields=(
                    need("limitation_end", "时效届满日", DATE),
                    need("signed_demand", "签字日", DATE),
                    flag("shows_agreement", "有同意履行的意思表示", default=True),
                )
            ),
        ),
        results=(plain("defence_waived", "放弃时效抗辩"),),
        run=lambda given: outcome(
            limitation.debtor_signs_after_limitation(**given), "defence_waived"
        ),
    ),
    Function(
        name="proof_level",
        label="催收证据等级",
        rules=("R-D05", "R-D06", "R-D07"),
        forms=tuple(_CHANNEL_FORMS.values()),
        choose=_choose_channel,
        results=(plain("level", "等级"), plain("resets_limitation", "中断时效")),
        run=_proof_level,
        takes_policy=True,
    ),
)
