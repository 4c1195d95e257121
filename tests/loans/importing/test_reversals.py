"""Payments that the core system struck, and what contracts agree, in the bank's own sheets."""

from datetime import date

import pytest
from sqlalchemy import select

from postloan_archive.kernel.actor import Actor
from postloan_archive.loans.importing.report import Mode
from postloan_archive.loans.importing.service import import_content
from postloan_archive.loans.models import Loan, Payment
from tests.builders import a_branch
from tests.loans.importing.books import LOAN_HEAD, book, loan_row, loans

CLI = Actor.program("cli")
HEAD = [
    "借据编号",
    "交易日期",
    "发生额",
    "实还本金",
    "实还利息",
    "核心流水号",
    "原流水号",
    "交易状态",
]


@pytest.fixture
def take(system, new_uow):
    """Import as the operator; one loan of 100,000 yuan is there."""
    with new_uow() as uow:
        a_branch(uow, "0201")
    import_content(system, CLI, loans(loan_row()), Mode.ALL)
    return lambda content, mode=Mode.ALL: import_content(system, CLI, content, mode)


def payments(*rows) -> bytes:
    return book(还款流水=[HEAD, *[list(row) for row in rows]])


def test_a_payment_and_its_reversal_in_one_file_count_on_no_day(take, new_uow):
    report = take(
        payments(
            ("JJ1", "20260105", "5,000.00", 4_500, 500, "SK1", "", "正常"),
            ("JJ1", date(2026, 1, 8), -5_000, -4_500, -500, "SK2", "SK1", ""),
            ("JJ1", "2026年1月9日", "（600.00）", "", "（600.00）", "SK4", "SK3", ""),
            ("JJ1", "2026-1-6", 600, 0, 600, "SK3", "", ""),
            ("JJ1", "2026/1/7", "７００", 0, "７００", "SK5", "", "已冲正"),
            ("JJ1", "2026.1.7", 800, 0, 800, "SK6", "", "正常"),
        )
    )
    assert report.faults == []
    assert (report.entered["payments"], report.entered["reversals"]) == (4, 3)
    with new_uow() as uow:
        loan = uow.session.scalars(select(Loan)).one()
        assert [row.receipt_no for row in loan.payments] == ["SK6"]
        struck = {row.receipt_no: row for row in loan.reversed_payments}
        assert (struck["SK1"].reversed_on, struck["SK1"].reversal_no) == (
            date(2026, 1, 8),
            "SK2",
        )
        assert "核心系统" in struck["SK5"].reversal_reason


def test_a_reversal_of_a_payment_of_before(take, new_uow):
    take(payments(("JJ1", "2026-1-5", 5_000, 4_500, 500, "SK1", "", "")))
    wrong = take(payments(("JJ1", "2026-1-8", -4_000, -4_000, 0, "SK2", "SK1", "")))
    assert [(one.column, one.value) for one in wrong.faults] == [("还款金额", "4000.00")]
    early = take(payments(("JJ1", "2026-1-2", -5_000, 0, 0, "SK2", "SK1", "")))
    assert "应在还款日" in early.faults[0].text
    done = take(payments(("JJ1", "2026-1-8", -5_000, -4_500, -500, "SK2", "SK1", "")))
    assert done.entered["reversals"] == 1
    with new_uow() as uow:
        row = uow.session.scalars(select(Payment)).one()
        assert (row.reversed_on, row.reversal_no) == (date(2026, 1, 8), "SK2")
    again = take(payments(("JJ1", "2026-1-8", -5_000, -4_500, -500, "SK7", "SK1", "")))
    assert "已经冲正" in again.faults[0].text
    unknown = take(payments(("JJ1", "2026-1-8", -5_000, 0, 0, "SK8", "SK0", "")))
    assert "没有凭证号为“SK0”的还款" in unknown.faults[0].text
    assert unknown.faults[0].step


def test_a_negative_payment_says_how_to_name_the_struck_one(take):
    report = take(payments(("JJ1", "2026-1-8", "-5,000", "-5,000", 0, "SK2", "", "")))
    assert {one.column for one in report.faults} == {"还款金额", "还本金"}
    assert all("冲正原凭证号" in one.step for one in report.faults)


def test_what_the_contract_agrees_comes_with_the_loan(take, new_uow):
    head = [
        *LOAN_HEAD,
        "宽限期",
        "宽限期计息",
        "清偿顺序",
        "逾期后清偿顺序",
        "提前还款违约金比例",
    ]
    row = [*loan_row("JJ2"), "3天", "期满起计", "费用、利息、本金", "先本后息", "1%"]
    assert take(book(贷款=[head, row])).faults == []
    with new_uow() as uow:
        loan = uow.session.scalars(select(Loan).where(Loan.loan_no == "JJ2")).one()
        assert loan.agreed == {
            "grace_days": "3",
            "grace_mode": "after",
            "order": "费用→复利→罚息→利息→本金",
            "late_order": "本金→复利→罚息→利息→费用",
            "prepay_fee_pct": "1",
        }
    bad = [*loan_row("JJ3"), "3", "期满起计", "利息→本金", "", ""]
    (fault,) = take(book(贷款=[head, bad])).faults
    assert (fault.column, fault.line) == ("清偿顺序", 2)
    assert "缺 费用" in fault.text
    long = [*loan_row("JJ3"), "200", "", "", "", ""]
    (fault,) = take(book(贷款=[head, long])).faults
    assert (fault.column, fault.value) == ("宽限期天数", "200")


def test_a_text_file_with_the_mark_of_gb18030_and_times_of_day(take, new_uow):
    lines = [",".join(f'"{cell}"' for cell in HEAD)]
    lines.append('"JJ1","2026-01-05 10:11:12","￥５００","","５００.００","SK1","","正常"')
    content = ("\ufeff" + "\r\n".join(lines)).encode("gb18030")
    assert take(content).faults == []
    with new_uow() as uow:
        row = uow.session.scalars(select(Payment)).one()
        assert (row.paid_on, row.amount) == (date(2026, 1, 5), 500)


def test_a_word_that_is_no_choice_is_answered_with_one_word_for_each(take):
    (fault,) = take(loans(loan_row("JJ2", method="按揭"))).faults
    assert fault.text.endswith(
        "等额本息、等额本金、一次还本付息、按月付息到期还本、按季付息到期还本、按计划"
    )
