"""Calculators of court fees (group E)."""

from typing import Final

from postloan_archive.calculators.faults import missing_field
from postloan_archive.calculators.fields import (
    MONEY,
    POSITIVE,
    choice_of,
    flag,
    may,
    money,
    need,
)
from postloan_archive.calculators.functions import Form, Function, Outcome, outcome
from postloan_archive.calculators.kinds import Field, Given, NullKind
from postloan_archive.cases.rules import fees

_FEE: Final = (money("fee", "费用（元）"),)
_AMOUNT: Final = need("amount", "金额（元）", POSITIVE)


def _one(*fields: Field) -> tuple[Form, ...]:
    return (Form(fields=fields),)


def _claim_change(given: Given) -> Outcome:
    if given["new"] < given["old"] and given["when"] is None:
        raise missing_field("when", "减少请求的时间")
    return outcome(fees.claim_change(**given))


FEES: Final = (
    Function(
        name="fees",
        label="诉讼费用一览",
        rules=("R-E01", "R-E03", "R-E04", "R-E05", "R-E06"),
        forms=_one(_AMOUNT),
        results=(
            money("first_instance", "案件受理费（元）"),
            money("half", "减半受理费（元）"),
            money("payment_order", "支付令申请费（元）"),
            money("preservation", "保全申请费（元）"),
            money("enforcement", "执行申请费（元）"),
        ),
        run=lambda given: outcome(fees.fees(**given)),
    ),
    Function(
        name="preservation_fee",
        label="保全申请费",
        rules=("R-E05",),
        forms=_one(need("amount", "实际保全金额（元）", NullKind(kind=MONEY))),
        results=_FEE,
        run=lambda given: outcome(fees.preservation_fee(**given), "fee"),
    ),
    Function(
        name="appeal_fee",
        label="上诉案件受理费",
        rules=("R-E07",),
        forms=_one(
            need("first_instance_amount", "一审请求额（元）", POSITIVE),
            need("appealed_amount", "上诉请求额（元）", POSITIVE),
        ),
        results=_FEE,
        run=lambda given: outcome(fees.appeal_fee(**given), "fee"),
    ),
    Function(
        name="half_once",
        label="减半受理费（只减一次）",
        rules=("R-E03",),
        forms=_one(
            _AMOUNT,
            flag("simplified", "适用简易程序"),
            flag("withdrawn", "撤诉"),
            flag("mediated", "调解结案"),
            flag("joined", "反诉或第三人请求合并审理"),
        ),
        results=_FEE,
        run=lambda given: outcome(fees.half_once(**given), "fee"),
    ),
    Function(
        name="claim_change",
        label="变更诉讼请求的补交或退费",
        rules=("R-E09",),
        forms=_one(
            need("old", "原请求额（元）", POSITIVE),
            need("new", "新请求额（元）", POSITIVE),
            may(
                "when",
                "减少请求的时间",
                choice_of(fees.ReducedWhen, "法庭调查终结前", "法庭调查终结后"),
            ),
        ),
        results=(money("top_up", "应补交（元）"), money("refund", "应退还（元）")),
        run=_claim_change,
    ),
    Function(
        name="payment_order_to_suit",
        label="支付令转诉讼的补交",
        rules=("R-E04",),
        forms=_one(_AMOUNT),
        results=(money("already_paid", "支付令已交（元）"), money("top_up", "应补交（元）")),
        run=lambda given: outcome(fees.payment_order_to_suit(**given)),
    ),
)
