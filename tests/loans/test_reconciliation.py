"""Delivered balances are compared with derived ones; a difference says what may explain it."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from postloan_archive.jobs import JobRunner
from postloan_archive.kernel.actor import Actor
from postloan_archive.loans import positions, reconciling
from postloan_archive.loans.importing.report import Mode
from postloan_archive.loans.importing.service import import_content
from postloan_archive.loans.rules.position import LoanFacts, PaidRow, ScheduledRow, position
from postloan_archive.loans.rules.reconciliation import Delivered, Figure, differences
from tests.builders import a_branch
from tests.loans.importing.books import LOAN_HEAD, book, loan_row

DAY = date(2026, 3, 31)
FACTS = LoanFacts(
    principal=Decimal(100_000),
    annual_rate_pct=Decimal(6),
    penalty_uplift_pct=Decimal(50),
    day_basis=360,
    disbursed_on=date(2025, 12, 20),
    due_on=date(2026, 6, 20),
    schedule=(
        ScheduledRow(
            due_on=date(2026, 1, 20), principal=Decimal(10_000), interest=Decimal(500)
        ),
        ScheduledRow(
            due_on=date(2026, 2, 20), principal=Decimal(10_000), interest=Decimal(450)
        ),
        ScheduledRow(
            due_on=date(2026, 6, 20), principal=Decimal(80_000), interest=Decimal(1_600)
        ),
    ),
    payments=(
        PaidRow(
            paid_on=date(2026, 1, 20), to_principal=Decimal(10_000), to_interest=Decimal(500)
        ),
        PaidRow(paid_on=date(2026, 3, 30), to_principal=Decimal(4_000)),
    ),
)
OURS = position(FACTS, DAY).value


def told(**changes) -> Delivered:
    return Delivered(day=DAY, **({"balance": OURS.balance} | changes))


def test_the_same_figures_differ_in_nothing():
    same = told(
        interest_due=OURS.interest_due,
        penalty=OURS.penalty,
        compound=OURS.compound,
        overdue_days=OURS.overdue_days,
    )
    assert differences(FACTS, same) == []


@pytest.mark.parametrize(
    ("changes", "figure", "word"),
    [
        ({"balance": OURS.balance + 4_000}, Figure.BALANCE, "2026-03-30 的还本金"),
        ({"balance": OURS.balance - 10_000}, Figure.BALANCE, "最近 1 期应还本金"),
        ({"balance": Decimal(100_000)}, Figure.BALANCE, "等于放款金额"),
        ({"balance": Decimal(0)}, Figure.BALANCE, "已结清"),
        ({"balance": OURS.balance + Decimal("0.01")}, Figure.BALANCE, ""),
        ({"interest_due": Decimal(0)}, Figure.INTEREST, "可能不计该项"),
        ({"overdue_days": OURS.overdue_days + 1}, Figure.DAYS, "到期日当天"),
        ({"overdue_days": 0}, Figure.DAYS, "核心系统不逾期"),
        (
            {"penalty": position(replace(FACTS, day_basis=365), DAY).value.penalty},
            Figure.PENALTY,
            "每年 365 天",
        ),
        (
            {"penalty": position(FACTS, date(2026, 4, 1)).value.penalty},
            Figure.PENALTY,
            "多计一天",
        ),
    ],
)
def test_a_difference_says_what_may_explain_it(changes, figure, word):
    (found,) = differences(FACTS, told(**changes))
    assert found.figure is figure
    assert word in found.reason if word else found.reason == ""


def test_balances_come_in_with_the_ledger_and_are_listed(people, browser, system, new_uow):
    del people
    with new_uow() as uow:
        a_branch(uow)
    content = book(
        贷款=[list(LOAN_HEAD), loan_row(), loan_row("JJ2")],
        日终余额=[
            ["借据号", "数据日期", "贷款余额", "逾期天数"],
            ["JJ1", date(2026, 3, 31), 100_000, 0],
            ["JJ2", date(2026, 3, 31), "99,999.00", 0],
        ],
    )
    report = import_content(system, Actor.program("cli"), content, Mode.ALL)
    assert report.faults == []
    assert report.entered["balances"] == 2
    clerk = browser("archive_clerk")
    assert "等待核对" in clerk.get("/loans/balances").get_data(as_text=True)

    handlers = reconciling.handlers(system) | positions.handlers(system)
    runner = JobRunner(
        system.engine, handlers | {"count_papers": lambda _: None}, clock=system.clock
    )
    runner.run_until_empty()

    page = clerk.get("/loans/balances/2026-03-31").get_data(as_text=True)
    assert "导入 2 笔，1 笔有差异" in page
    assert "JJ2" in page
    assert "JJ1" not in page
    assert "-1.00" in page or "−1.00" in page
    assert clerk.get("/loans/balances/2026-03-31/differences.xlsx").status_code == 200
    assert clerk.get("/loans/balances/2026-03-31?figure=penalty").status_code == 200
    assert clerk.get("/loans/balances/2026-02-30").status_code == 404
    assert clerk.get("/loans/balances/2020-01-01").status_code == 404
    assert clerk.post("/loans/balances/2026-03-31").status_code == 302
    other = browser("other_branch").get("/loans/balances").get_data(as_text=True)
    assert "还没有导入过余额" in other
