"""Calculators of preservation (group C)."""

from typing import Final

from postloan_archive.calculators.fields import (
    BOOL,
    CALENDAR,
    DATE,
    POSITIVE,
    WORDS,
    choice_of,
    may,
    maybe,
    money,
    need,
    plain,
    values,
)
from postloan_archive.calculators.functions import Form, Function, Outcome, outcome
from postloan_archive.calculators.kinds import Given, IntKind, NullKind
from postloan_archive.calculators.periods import calendar_of
from postloan_archive.kernel.policy import STANDARD_POLICY
from postloan_archive.preservation.rules import kinds, term, waiting
from postloan_archive.preservation.rules import security as demanded

_ASSET_LABELS: Final = ("银行存款", "动产", "不动产", "其他财产权")
_ASSET: Final = choice_of(kinds.AssetKind, *_ASSET_LABELS)


def _preservation(given: Given) -> Outcome:
    calendar = calendar_of(given)
    kind = given["asset_kind"]
    if given["court_expiry"] is None:
        _ASSET.read(kind, "asset_kind")  # other kinds are for the court alone
    result = term.preservation_term(
        given["effective_date"],
        kind,
        calendar=calendar,
        court_expiry=given["court_expiry"],
        policy=given.get("policy", STANDARD_POLICY),
    )
    return Outcome(
        values={
            "expiry": result.expiry,
            "apply_by_nominal": result.apply_by.nominal,
            "apply_by_safe": result.apply_by.safe,
            "provisional": result.apply_by.provisional,
        },
        basis=result.basis,
        steps=result.steps,
        edition=result.edition,
    )


def _preservation_security(given: Given) -> Outcome:
    result = demanded.preservation_security(**given)
    return Outcome(
        values=values(result, "min_required", "max_required", "may_be_waived"),
        basis=result.basis,
        steps=result.steps,
        edition=result.edition,
    )


def _conversion(given: Given) -> Outcome:
    return outcome(
        term.converted_expiry(
            given["pre_litigation_effective"],
            given["asset_kind"],
            converted_to=given["converted_to"],
            suit_filed=given["suit_filed"],
            enforcement_docketed=given["enforcement_docketed"],
            policy=given.get("policy", STANDARD_POLICY),
        ),
        "expiry",
    )


def _waiting(given: Given) -> Outcome:
    result = waiting.waiting_seizure(
        order=given["order"],
        registered_on=given["registered"],
        prior_released_on=given["prior_released"],
        asset_kind=given["asset_kind"],
        earlier_in_line=given["second_in_line_exists"],
        policy=given.get("policy", STANDARD_POLICY),
    )
    return Outcome(
        values=values(result, "effective", "effective_on", "expiry_estimated", "expiry"),
        basis=result.basis,
        steps=result.steps,
        edition=result.edition,
    )


PRESERVATION: Final = (
    Function(
        name="preservation",
        label="保全届满日与续行申请期限",
        rules=("R-C05", "R-C07"),
        forms=(
            Form(
                fields=(
                    need("effective_date", "保全生效日", DATE),
                    need("asset_kind", "财产种类", WORDS),
                    may("court_expiry", "法院告知的届满日", DATE),
                    CALENDAR,
                )
            ),
        ),
        results=(
            plain("expiry", "届满日"),
            plain("apply_by_nominal", "续行申请算术末日"),
            plain("apply_by_safe", "续行申请安全末日"),
            plain("provisional", "日历未定"),
        ),
        run=_preservation,
        takes_policy=True,
    ),
    Function(
        name="preservation_security",
        label="保全担保额",
        rules=("R-C03", "R-C04"),
        forms=(
            Form(
                fields=(
                    need("phase", "阶段", choice_of(demanded.Phase, "诉前", "诉中", "执行前")),
                    need("amount", "请求保全数额（元）", POSITIVE),
                    may(
                        "applicant",
                        "申请人",
                        choice_of(
                            demanded.Applicant,
                            "商业银行",
                            "保险公司",
                            "其他持牌金融机构",
                            "小额贷款公司",
                            "其他",
                        ),
                        demanded.Applicant.OTHER,
                    ),
                )
            ),
        ),
        results=(
            money("min_required", "最低担保（元）"),
            money("max_required", "最高担保（元）"),
            plain("may_be_waived", "可以不要求担保"),
        ),
        run=_preservation_security,
        takes_policy=True,
    ),
    Function(
        name="preservation_conversion",
        label="诉前保全转换后的届满日",
        rules=("R-C06",),
        forms=(
            Form(
                fields=(
                    need("pre_litigation_effective", "诉前保全生效日", DATE),
                    need("asset_kind", "财产种类", _ASSET),
                    need(
                        "converted_to",
                        "转为",
                        choice_of(term.Conversion, "诉讼", "仲裁", "执行"),
                    ),
                    may("suit_filed", "起诉日", DATE),
                    may("enforcement_docketed", "执行立案日", DATE),
                )
            ),
        ),
        results=(plain("expiry", "届满日（不变）"),),
        run=_conversion,
        takes_policy=True,
    ),
    Function(
        name="waiting_seizure",
        label="轮候查封",
        rules=("R-C08",),
        forms=(
            Form(
                fields=(
                    need("order", "顺位", IntKind(low=2)),
                    need("registered", "登记日", DATE),
                    need("prior_released", "在先措施解除日", NullKind(kind=DATE)),
                    may("asset_kind", "财产种类", _ASSET),
                    maybe("second_in_line_exists", "前面仍有轮候", BOOL),
                )
            ),
        ),
        results=(
            plain("effective", "已生效"),
            plain("effective_on", "生效日"),
            plain("expiry_estimated", "估计届满日"),
            plain("expiry", "届满日（只以法院文书为准）"),
        ),
        run=_waiting,
        takes_policy=True,
    ),
)
