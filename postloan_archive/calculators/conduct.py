"""Calculators of classification and of the conduct of collection (groups G and L)."""

from typing import Final

from postloan_archive.calculators.fields import (
    ANY_INT,
    BOOL,
    COUNT,
    DATE,
    DATES,
    RATIO,
    WORDS,
    choice_of,
    flag,
    may,
    need,
    plain,
)
from postloan_archive.calculators.functions import Form, Function, Outcome, outcome
from postloan_archive.calculators.kinds import Given, TimeKind
from postloan_archive.collection.rules import Purpose, contact_allowed
from postloan_archive.inspection import rules

_NONE: Final = rules.RiskFacts().ecl_ratio  # the share that sets no floor


def _classify_other(given: Given) -> Outcome:
    days = given.pop("overdue_days")
    return outcome(rules.classify_other(days, rules.RiskFacts(**given)))


def _contact(given: Given) -> Outcome:
    return outcome(contact_allowed(at=given.pop("time"), **given))


_OVERDUE: Final = need("overdue_days", "逾期天数", ANY_INT)
_CLASS: Final = plain("minimum_class", "最低分类")

CLASSIFICATION: Final = (
    Function(
        name="classify",
        label="风险分类（按逾期天数）",
        rules=("R-G01", "R-G04"),
        forms=(Form(fields=(_OVERDUE, need("technical_reason", "短期技术性逾期", BOOL))),),
        results=(_CLASS, plain("bucket", "账龄分段")),
        run=lambda given: outcome(rules.classify(**given)),
    ),
    Function(
        name="classify_other",
        label="风险分类（综合）",
        rules=("R-G02", "R-G03"),
        forms=(
            Form(
                fields=(
                    _OVERDUE,
                    flag("technical_reason", "短期技术性逾期"),
                    flag("funds_misused", "未经同意改变用途"),
                    flag("rolled_over", "借新还旧"),
                    flag("rolled_over_qualified", "符合条件的小微续贷"),
                    flag("credit_impaired", "已发生信用减值"),
                    flag("rating_collapse", "评级大幅下调"),
                    flag("debt_evasion", "逃废债"),
                    flag("bankruptcy_liquidation", "破产清算"),
                    flag("restructured", "重组资产"),
                    flag("restructured_again", "观察期内再次重组"),
                    may("ecl_ratio", "预期信用损失占账面余额", RATIO, _NONE),
                    flag("retail", "零售债务人", default=True),
                    flag("npl_elsewhere", "在本行或他行债务已成不良"),
                    may("overdue90_share_all_banks", "各行逾期90天以上债务占比", RATIO, _NONE),
                    may("npl_share_this_bank", "本行不良占比", RATIO, _NONE),
                )
            ),
        ),
        results=(_CLASS, plain("reasons", "依据的事实")),
        run=_classify_other,
    ),
    Function(
        name="overdue_days",
        label="逾期天数",
        rules=("R-G05",),
        forms=(
            Form(
                fields=(
                    need("unpaid_due_dates", "未清偿的到期日", DATES),
                    need("as_of", "截止日", DATE),
                    flag("oldest_fully_paid", "最早一期已全部清偿"),
                )
            ),
        ),
        results=(plain("days", "逾期天数"),),
        run=lambda given: outcome(rules.overdue_days(**given), "days"),
    ),
)

CONDUCT: Final = (
    Function(
        name="contact_allowed",
        label="能否联系（催收时间、频次、对象）",
        rules=("R-L01", "R-L02", "R-L03"),
        forms=(
            Form(
                fields=(
                    need("time", "当地时间", TimeKind()),
                    need("calls_already_today", "当日此前已拨打次数", COUNT),
                    need(
                        "target", "对象（debtor 债务人、guarantor 保证人，其余为第三人）", WORDS
                    ),
                    need("agreed_other_time", "债务人同意其他时间", BOOL),
                    need("purpose", "目的", choice_of(Purpose, "催收", "恢复联系")),
                    flag("contact_on_file", "已留存的联系人"),
                    flag("stop_requested", "对方要求停止"),
                )
            ),
        ),
        results=(plain("allowed", "可以联系"), plain("reasons", "禁止事由")),
        run=_contact,
    ),
)
