"""Payments that interrupt the limitation: whose money it is decides (R-D04, R-D06)."""

from datetime import date

import pytest

from postloan_archive.loans.rules.limitation_state import (
    InterruptingEvent,
    Interruption,
    Verdict,
    limitation_state,
)
from postloan_archive.loans.rules.loan_facts import PaidRow
from postloan_archive.loans.rules.money_events import money_events
from postloan_archive.loans.rules.proof import Level
from postloan_archive.workdays.seed import published_calendar

DUE = date(2020, 2, 29)


def paid(on, payer="", channel=""):
    return PaidRow(paid_on=date.fromisoformat(on), payer=payer, channel=channel)


def found(*rows) -> list[InterruptingEvent]:
    return list(money_events(rows, debtor="覃䶮", after=DUE))


@pytest.mark.parametrize(
    ("payer", "channel", "kind", "level"),
    [
        ("覃䶮", "柜面", Interruption.PAYMENT, Level.A),
        (" 覃 䶮 ", "", Interruption.PAYMENT, Level.A),
        ("", "自动扣款", Interruption.DEDUCTION, Level.A),
        ("覃䶮", "自动扣款", Interruption.DEDUCTION, Level.A),
        ("保证人甲", "自动扣款", Interruption.MONEY, Level.C),
        ("保证人甲", "转账", Interruption.MONEY, Level.C),
        ("", "自主还款", Interruption.PAYMENT, Level.A),
        ("覃䶮", "诉讼执行", Interruption.MONEY, Level.C),
        ("", "", Interruption.MONEY, Level.C),
    ],
)
def test_the_payer_decides_what_money_proves(payer, channel, kind, level):
    [event] = found(paid("2022-08-31", payer, channel))

    assert (event.kind, event.level) == (kind, level)


def test_money_up_to_the_first_open_day_is_performance_and_the_best_of_a_day_counts():
    assert found(paid("2020-02-29", "覃䶮"), paid("2022-01-04", "覃䶮", "减免")) == []
    [event] = found(paid("2021-01-04", "甲"), paid("2021-01-04", "覃䶮"))
    assert event.level is Level.A


@pytest.mark.parametrize(
    ("on", "end", "verdict"),
    [
        ("2022-08-31", "2025-08-31", Verdict.RESTARTED),  # a Sunday: 1 September by law
        ("2023-02-28", "2026-02-28", Verdict.RESTARTED),  # the last day of three years
        ("2023-03-01", "2023-02-28", Verdict.LATE_MONEY),
    ],
)
def test_a_part_payment_of_the_debtor_restarts_three_years_and_never_revives(on, end, verdict):
    state = limitation_state(
        [DUE],
        found(paid(on, "覃䶮")),
        as_of=date(2026, 11, 26),
        calendar=published_calendar(),
    )

    assert state.legal.due is not None
    assert state.legal.due.nominal == date.fromisoformat(end)
    assert state.legal.events[0].verdict is verdict
