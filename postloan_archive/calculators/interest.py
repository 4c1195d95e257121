"""Calculators of interest, claims and allocation (group F)."""

from typing import Final

from postloan_archive.calculators.faults import missing_field
from postloan_archive.calculators.fields import (
    BASIS,
    COUNT,
    DATE,
    DATES,
    DAY_BASIS,
    MONEY,
    MONTHS,
    MULTIPLIER,
    POINTS,
    POSITIVE,
    RATE,
    choice_of,
    flag,
    may,
    maybe,
    money,
    need,
    plain,
    rate,
)
from postloan_archive.calculators.functions import Form, Function, Member, Outcome, outcome
from postloan_archive.calculators.kinds import Field, Given, ListKind, ObjectKind
from postloan_archive.kernel.money import ZERO
from postloan_archive.loans.rules import (
    allocation,
    claim,
    delay,
    instalments,
    interest,
    penalty,
)


def _one(*fields: Field) -> tuple[Form, ...]:
    return (Form(fields=fields),)


def _penalty(given: Given) -> Outcome:
    if given["misused"] and given["misuse_uplift_pct"] is None:
        raise missing_field("misuse_uplift_pct", "挪用加收比例")
    return outcome(penalty.penalty(**given))


def _loan_claim(given: Given) -> Outcome:
    answer = outcome(claim.loan_claim(**given))
    values = {**answer.values}
    values["rows"] = [
        {
            "kind": row.kind.value,
            "base": str(row.base),
            "rate_pct": str(row.rate_pct),
            "start": row.start.isoformat(),
            "end": row.end.isoformat(),
            "days": row.days,
            "amount": str(row.amount),
        }
        for row in answer.values["rows"]  # type: ignore[attr-defined] # a tuple of ClaimRow
    ]
    return Outcome(
        values=values, basis=answer.basis, steps=answer.steps, edition=answer.edition
    )


_PRINCIPAL: Final = need("principal", "本金（元）", MONEY)
_ANNUAL_RATE: Final = need("annual_rate_pct", "年利率（%）", RATE)
_CONTRACT_RATE: Final = need("contract_rate_pct", "合同年利率（%）", RATE)
_START: Final = need("start", "开始日（含）", DATE)
_END: Final = need("end", "结束日（不含）", DATE)
_PLAN: Final = _one(
    need("principal", "本金（元）", POSITIVE),
    _ANNUAL_RATE,
    need("months", "期数（月）", MONTHS),
)

_SEGMENT: Final = ObjectKind(
    fields=(
        _START,
        _END,
        need("lpr_pct", "LPR（%）", RATE),
        need("bp", "加减点（基点）", POINTS),
    ),
    make=lambda given: interest.FloatingSegment(**given),
)
_PAYMENT: Final = ObjectKind(
    fields=(need("date", "付款日", DATE), need("amount", "金额（元）", MONEY)),
    make=lambda given: delay.PartPayment(on=given["date"], amount=given["amount"]),
)
_DAYS: Final = plain("days", "天数")

INTEREST: Final = (
    Function(
        name="interest",
        label="利息（按实际天数）",
        rules=("R-F01", "R-F02"),
        forms=_one(_PRINCIPAL, _ANNUAL_RATE, _START, _END, BASIS),
        results=(_DAYS, money("interest", "利息（元）")),
        run=lambda given: outcome(interest.interest(**given)),
    ),
    Function(
        name="interest_ymd",
        label="利息（逐笔计息两种方法）",
        rules=("R-F03",),
        forms=_one(_PRINCIPAL, _ANNUAL_RATE, _START, _END, BASIS),
        results=(
            plain("months", "整月数"),
            plain("odd_days", "零头天数"),
            plain("actual_days", "实际天数"),
            money("interest_by_months", "按整月加零头天数（元）"),
            money("interest_by_actual_days", "按实际天数（元）"),
        ),
        run=lambda given: outcome(interest.interest_ymd(**given)),
    ),
    Function(
        name="penalty",
        label="罚息",
        rules=("R-F06", "R-F07"),
        forms=_one(
            _PRINCIPAL,
            _CONTRACT_RATE,
            need("uplift_pct", "逾期加收比例（%）", RATE),
            need("due", "到期日", DATE),
            _END,
            BASIS,
            flag("misused", "是否挪用"),
            maybe("misuse_uplift_pct", "挪用加收比例（%）", RATE),
        ),
        results=(
            rate("penalty_rate_pct", "罚息年利率（%）"),
            _DAYS,
            money("penalty", "罚息（元）"),
            plain("warnings", "提示"),
        ),
        run=_penalty,
    ),
    Function(
        name="penalty_uplift_check",
        label="罚息加收比例检查",
        rules=("R-F06", "R-F07"),
        forms=_one(
            need("uplift_pct", "加收比例（%）", RATE),
            need("kind", "种类", choice_of(penalty.UpliftKind, "逾期", "挪用")),
        ),
        results=(plain("valid", "在通常范围内"), plain("allowed", "通常范围（%）")),
        run=lambda given: outcome(penalty.penalty_uplift_check(**given)),
    ),
    Function(
        name="compound",
        label="复利",
        rules=("R-F08",),
        forms=_one(
            need("unpaid_interest", "未付期内利息（元）", MONEY),
            need("rate_pct", "年利率（%）", RATE),
            need("days", "天数", COUNT),
            BASIS,
        ),
        results=(money("compound", "复利（元）"),),
        run=lambda given: outcome(penalty.compound(**given), "compound"),
    ),
    Function(
        name="compound_base",
        label="复利基数",
        rules=("R-F08",),
        forms=_one(
            need("in_term_interest_unpaid", "未付期内利息（元）", MONEY),
            need("penalty_unpaid", "未付罚息（元）", MONEY),
            need("compound_unpaid", "未付复利（元）", MONEY),
        ),
        results=(money("base", "复利基数（元）"),),
        run=lambda given: outcome(penalty.compound_base(**given), "base"),
    ),
    Function(
        name="loan_claim",
        label="债权计算（一次还本）",
        rules=("R-F05", "R-F06", "R-F08", "R-F17"),
        forms=_one(
            _PRINCIPAL,
            _CONTRACT_RATE,
            need("penalty_multiplier", "罚息倍数", MULTIPLIER),
            need("interest_due", "未付利息的结息日", DATES),
            need("interest_paid_to", "已付息至", DATE),
            need("maturity", "到期日", DATE),
            need("as_of", "截止日", DATE),
            BASIS,
        ),
        results=(
            money("in_term_interest", "各期期内利息（元）"),
            money("penalty", "罚息（元）"),
            money("compound", "各行复利（元）"),
            money("total_interest", "期内利息合计（元）"),
            money("total_compound", "复利合计（元）"),
            money("grand_total", "债权总额（元）"),
            Member(name="rows", label="计算表"),
            plain("until_paid", "此后计算方法"),
        ),
        run=_loan_claim,
    ),
    Function(
        name="allocate",
        label="还款清偿顺序",
        rules=("R-F09", "R-F10"),
        forms=_one(
            need("payment", "付款（元）", MONEY),
            need("costs", "实现债权的费用（元）", MONEY),
            need("interest", "利息（元）", MONEY),
            need("principal", "主债务（元）", MONEY),
            need("order", "顺序", choice_of(allocation.Order, "法定", "先本后息（须有约定）")),
        ),
        results=(
            money("to_costs", "清偿费用（元）"),
            money("to_interest", "清偿利息（元）"),
            money("to_principal", "清偿主债务（元）"),
            money("costs_left", "剩余费用（元）"),
            money("interest_left", "剩余利息（元）"),
            money("principal_left", "剩余主债务（元）"),
            money("surplus", "多付（元）"),
        ),
        run=lambda given: outcome(allocation.allocate(**given)),
    ),
    Function(
        name="floating",
        label="浮动利率分段利息",
        rules=("R-F11", "R-F20"),
        forms=_one(
            _PRINCIPAL, need("segments", "计息区间", ListKind(kind=_SEGMENT, least=1)), BASIS
        ),
        results=(money("rows", "各段利息（元）"), money("total", "合计（元）")),
        run=lambda given: outcome(interest.floating(**given)),
    ),
    Function(
        name="cap24",
        label="年利率24%上限检查",
        rules=("R-F12",),
        forms=_one(
            _PRINCIPAL,
            need("days", "天数", COUNT),
            need("interest", "期内利息（元）", MONEY),
            need("penalty", "罚息（元）", MONEY),
            need("compound", "复利（元）", MONEY),
            need("liquidated_damages", "违约金（元）", MONEY),
            may("other_fees", "其他费用（元）", MONEY, ZERO),
            need("day_basis", "一年天数", DAY_BASIS),
        ),
        results=(
            money("cap", "上限（元）"),
            money("claimed", "主张合计（元）"),
            money("excess", "超出（元）"),
        ),
        run=lambda given: outcome(interest.cap24(**given)),
    ),
    Function(
        name="delay_interest",
        label="加倍部分债务利息",
        rules=("R-F13",),
        forms=_one(
            need("base", "基数（元）", MONEY),
            need("performance_last_day", "履行期限届满日", DATE),
            need("paid", "付款日", DATE),
            may("excluded_days", "扣除天数", COUNT, 0),
        ),
        results=(_DAYS, money("doubled_part", "加倍部分（元）")),
        run=lambda given: outcome(delay.delay_interest(**given)),
    ),
    Function(
        name="delay_interest_partial",
        label="加倍部分债务利息（分次付款）",
        rules=("R-F14",),
        forms=_one(
            _PRINCIPAL,
            need("general_interest", "一般债务利息（元）", MONEY),
            need("costs", "费用（元）", MONEY),
            need("performance_last_day", "履行期限届满日", DATE),
            need("payments", "付款", ListKind(kind=_PAYMENT)),
            need("as_of", "截止日", DATE),
        ),
        results=(
            money("principal_left_after_payment", "末次付款后本金（元）"),
            money("doubled_rows", "各行加倍部分（元）"),
            money("doubled_total", "加倍部分合计（元）"),
            money("costs_left", "剩余费用（元）"),
            money("general_interest_left", "剩余一般债务利息（元）"),
            money("doubled_left", "剩余加倍部分（元）"),
            money("surplus", "多付（元）"),
        ),
        run=lambda given: outcome(delay.delay_interest_partial(**given)),
    ),
    Function(
        name="epi",
        label="等额本息",
        rules=("R-F15",),
        forms=_PLAN,
        results=(
            money("payment", "每期还款（元）"),
            money("first_interest", "首期利息（元）"),
            money("first_principal", "首期本金（元）"),
            money("last_payment", "末期还款（元）"),
            money("total_interest", "利息合计（元）"),
        ),
        run=lambda given: outcome(instalments.epi(**given)),
    ),
    Function(
        name="ep",
        label="等额本金",
        rules=("R-F15",),
        forms=_PLAN,
        results=(
            money("first_payment", "首期还款（元）"),
            money("second_payment", "第二期还款（元）"),
            money("last_payment", "末期还款（元）"),
            money("total_interest", "利息合计（元）"),
        ),
        run=lambda given: outcome(instalments.ep(**given)),
    ),
)
