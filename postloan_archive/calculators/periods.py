"""Calculators of periods, of the amount of small claims and of working days (A, B, K)."""

from typing import Final

from postloan_archive.calculators.fields import (
    AT_LEAST_ONE,
    BOOL,
    CALENDAR,
    DATE,
    POSITIVE,
    TEXT,
    choice_of,
    flag,
    may,
    need,
    plain,
)
from postloan_archive.calculators.functions import Form, Function, Outcome, outcome
from postloan_archive.calculators.kinds import Given, ListKind, MomentKind, ObjectKind
from postloan_archive.cases.rules.small_claims import small_claims
from postloan_archive.kernel import days
from postloan_archive.kernel.calendar import WORKDAY_BASIS, WorkCalendar
from postloan_archive.kernel.law import Due
from postloan_archive.workdays.seed import published_calendar


def calendar_of(given: Given) -> WorkCalendar:
    """Take `calendar_loaded_until` out of the input and return the calendar it asks for."""
    until = given.pop("calendar_loaded_until")
    calendar: WorkCalendar = given.pop("calendar", None) or published_calendar()
    return calendar if until is None else calendar.limited_to(until)


def _due(due: Due, **values: object) -> Outcome:
    return Outcome(values=values, basis=due.basis, steps=due.steps, edition=due.edition)


def _deadline(given: Given) -> Outcome:
    due = days.deadline(
        given["trigger_date"],
        given["length"],
        given["unit"],
        calendar=calendar_of(given),
        extends=given["extend"],
    )
    return _due(
        due,
        nominal_last_day=due.nominal,
        legal_last_day=due.legal,
        safe_last_day=due.safe,
        calendar_provisional=due.provisional,
    )


def _backward(given: Given) -> Outcome:
    due = days.backward_deadline(
        given["anchor_date"], given["days_before"], calendar=calendar_of(given)
    )
    return _due(
        due,
        nominal_last_day=due.nominal,
        safe_last_day=due.safe,
        calendar_provisional=due.provisional,
    )


def _effective(given: Given) -> Outcome:
    day = days.judgment_effective(given["served"], calendar=calendar_of(given))
    return Outcome(
        values={"effective": day.on, "calendar_provisional": day.provisional},
        basis=day.basis,
        steps=day.steps,
        edition=day.edition,
    )


def _performance(given: Given) -> Outcome:
    due = days.performance_last_day(
        given["effective"], given["days"], calendar=calendar_of(given)
    )
    return _due(
        due, nominal=due.nominal, legal=due.legal, safe=due.safe,
        calendar_provisional=due.provisional,
    )  # fmt: skip


def _small_claims(given: Given) -> Outcome:
    return outcome(
        small_claims(
            provincial_average_wage=given["provincial_avg_wage"], amount=given["amount"]
        ),
        "mode",
    )


def _is_workday(given: Given) -> Outcome:
    day = given["date"]
    workday = calendar_of(given).is_workday(day)
    words = {True: "工作日", False: "休息日", None: "日历未载入，不作推测"}[workday]
    return Outcome(
        values={"workday": workday, "status": "unknown" if workday is None else "known"},
        basis=(WORKDAY_BASIS,),
        steps=(f"{day}：{words}",),
    )


class ServedKind(ObjectKind):
    """A date, or an object that says whether the party has no domicile in China."""

    __slots__ = ()

    def read(self, value: object, at: str) -> object:
        """Return when one party was served."""
        if isinstance(value, dict):
            return super().read(value, at)
        return days.ServedOn(on=DATE.read(value, at))


_SERVED: Final = ServedKind(
    fields=(need("served", "送达日", DATE), need("abroad", "在中国境内没有住所", BOOL)),
    make=lambda given: days.ServedOn(on=given["served"], abroad=given["abroad"]),
)
_NOMINAL: Final = plain("nominal_last_day", "算术末日")
_LEGAL: Final = plain("legal_last_day", "法定末日")
_SAFE: Final = plain("safe_last_day", "安全末日")
_PROVISIONAL: Final = plain("calendar_provisional", "日历未定")

PERIODS: Final = (
    Function(
        name="deadline",
        label="期间届满日",
        rules=("R-A02", "R-A03", "R-A04"),
        forms=(
            Form(
                fields=(
                    need("trigger_date", "起算事由发生日（不计入）", DATE),
                    need("length", "长度", AT_LEAST_ONE),
                    need("unit", "单位", choice_of(days.Unit, "日", "月", "年")),
                    may("event", "事由", TEXT, ""),
                    flag("extend", "遇休假日顺延", default=True),
                    CALENDAR,
                )
            ),
        ),
        results=(_NOMINAL, _LEGAL, _SAFE, _PROVISIONAL),
        run=_deadline,
    ),
    Function(
        name="backward_deadline",
        label="届满前若干日",
        rules=("R-A08",),
        forms=(
            Form(
                fields=(
                    need("anchor_date", "届满日", DATE),
                    need("days_before", "提前天数", AT_LEAST_ONE),
                    CALENDAR,
                )
            ),
        ),
        results=(_NOMINAL, _SAFE, _PROVISIONAL),
        run=_backward,
    ),
    Function(
        name="hours_period",
        label="以小时计算的期间",
        rules=("R-A07",),
        forms=(
            Form(
                fields=(
                    need("start", "起算时刻", MomentKind()),
                    need("hours", "小时数", AT_LEAST_ONE),
                )
            ),
        ),
        results=(plain("end", "届满时刻"),),
        run=lambda given: outcome(days.hours_period(**given), "end"),
    ),
    Function(
        name="judgment_effective",
        label="一审判决生效日",
        rules=("R-A12",),
        forms=(
            Form(
                fields=(need("served", "各方送达日", ListKind(kind=_SERVED, least=1)), CALENDAR)
            ),
        ),
        results=(plain("effective", "生效日"), _PROVISIONAL),
        run=_effective,
    ),
    Function(
        name="performance_last_day",
        label="履行期限届满日",
        rules=("R-A14",),
        forms=(
            Form(
                fields=(
                    need("effective", "生效日", DATE),
                    need("days", "履行天数", AT_LEAST_ONE),
                    CALENDAR,
                )
            ),
        ),
        results=(
            plain("nominal", "算术末日"),
            plain("legal", "法定末日"),
            plain("safe", "安全末日"),
            _PROVISIONAL,
        ),
        run=_performance,
    ),
)

SMALL_CLAIMS: Final = (
    Function(
        name="small_claims",
        label="小额诉讼适用（金额）",
        rules=("R-B27",),
        forms=(
            Form(
                fields=(
                    need("provincial_avg_wage", "上年度就业人员年平均工资（元）", POSITIVE),
                    need("amount", "标的额（元）", POSITIVE),
                )
            ),
        ),
        results=(plain("mode", "适用方式"),),
        run=_small_claims,
    ),
)

WORKDAYS: Final = (
    Function(
        name="is_workday",
        label="是否工作日",
        rules=("R-K01", "R-K04"),
        forms=(Form(fields=(need("date", "日期", DATE), CALENDAR)),),
        results=(plain("workday", "工作日"), plain("status", "日历状态")),
        run=_is_workday,
    ),
)
