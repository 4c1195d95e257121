"""A ledger comes in whole, in part or not at all; what is refused says row and column."""

import io
import zipfile
from datetime import date
from decimal import Decimal

import openpyxl
import pytest
from sqlalchemy import func, select

from postloan_archive.audit import AuditRow
from postloan_archive.jobs.models import JobRow
from postloan_archive.kernel.actor import Actor
from postloan_archive.loans.importing.returned import left_out, template, with_results
from postloan_archive.loans.importing.service import Mode, import_content
from postloan_archive.loans.importing.sheets import WorkbookError, read_book
from postloan_archive.loans.models import (
    Collateral,
    Customer,
    Guarantee,
    Instalment,
    Loan,
    LoanPosition,
    Payment,
)
from tests.builders import a_branch
from tests.loans.importing.books import (
    COMPANY,
    GUARANTOR,
    LOAN_HEAD,
    PERSON,
    book,
    loan_row,
    loans,
)

CLI = Actor.program("cli")


@pytest.fixture
def branches(new_uow):
    """Branches 0201 and 0202 with their names."""
    with new_uow() as uow:
        for code in ("0201", "0202"):
            a_branch(uow, code)


@pytest.fixture
def take(system, branches):
    """Import a workbook as the operator."""
    del branches
    return lambda content, mode=Mode.ALL: import_content(system, CLI, content, mode)


def count(new_uow, model) -> int:
    with new_uow() as uow:
        return uow.session.scalar(select(func.count()).select_from(model))


def whole() -> bytes:
    """Every sheet, with the habits of a bank."""
    return book(
        客户信息=[
            ["客户姓名", "身份证号", "经办机构", "手机号码", "婚姻状况"],
            ["张三", PERSON, "示范支行0201", "12000000001", "已婚"],
        ],
        贷款台账=[
            ["2026 年贷款台账（单位：元）"],
            list(LOAN_HEAD),
            loan_row(disbursed="2025.11.24", due="2026年11月24日", amount="10万"),
            loan_row(
                "JJ2",
                name="示范县国栋建材有限公司",
                id_no=COMPANY,
                branch="示范支行0202",
                method="按月付息到期还本",
            ),
            ["合计", "", "", "", "", 200_000],
        ],
        保证人=[
            [
                "借据号", "保证人", "保证人身份证号", "保证合同编号", "保证方式", "签订日期",
                "保证期间",
            ],
            ["JJ1", "卫南乔", GUARANTOR, "B1", "连带", 45984, "主债务届满之日起二年"],
        ],
        抵押物=[
            [
                "借据号", "抵押人", "抵押人证件号", "押品类型", "抵押合同号", "签订日期",
                "押品名称", "评估价值（万元）",
            ],
            ["JJ1", "张三", PERSON, "房产抵押", "D1", date(2025, 11, 20), "文昌路住宅", 69],
        ],
        还款计划=[
            ["借据号", "期次", "应还日期", "本金", "利息"],
            ["JJ1", "第1期", "2026.5.24", 40_000, "3,000.00"],
            ["JJ1", "第2期", "2026.11.24", 60_000, 3000],
        ],
        还款流水=[
            ["借据号", "交易日期", "交易金额", "本金", "利息", "交易流水号"],
            ["JJ1", "2026/5/24", 43_000, 40_000, 3_000, "SK1"],
        ],
    )  # fmt: skip


def test_a_whole_ledger_comes_in(take, new_uow):
    report = take(whole())

    assert report.faults == []
    assert report.applied
    assert report.entered == {
        "customers": 3,
        "loans": 2,
        "guarantees": 1,
        "collateral": 1,
        "schedule": 2 + 12,
        "payments": 1,
    }
    with new_uow() as uow:
        loan = uow.session.scalars(select(Loan).where(Loan.loan_no == "JJ1")).one()
        assert loan.customer.phone == "12000000001"
        assert loan.customer.married is True
        assert loan.principal == Decimal("100000.00")
        assert (loan.disbursed_on, loan.due_on) == (date(2025, 11, 24), date(2026, 11, 24))
        assert loan.guarantees[0].signed_on == date(2025, 11, 23)
        assert loan.collateral[0].value == Decimal("690000.00")
        assert loan.collateral[0].provider_id == loan.customer_id
        assert [row.principal for row in loan.schedule] == [40_000, 60_000]
        position = uow.session.get(LoanPosition, loan.id)
        assert position.balance == Decimal("60000.00")
        line = uow.session.scalars(
            select(AuditRow).where(AuditRow.event == "loans.ledger_imported")
        ).one()
        assert '"loans":2' in line.facts.replace(" ", "")
        kinds = list(uow.session.scalars(select(JobRow.kind)))
        assert kinds.count("count_papers") == 1


def test_what_letters_cite_of_the_contract_comes_in(take, new_uow):
    head = [*LOAN_HEAD, "扣款账号", "签约地", "提前到期条款"]

    assert take(
        loans([*loan_row(), "6228 4800", "示范县", "第九条第（二）项"], head=head)
    ).applied

    with new_uow() as uow:
        loan = uow.session.scalars(select(Loan)).one()
        assert (loan.pay_account, loan.contract.signed_at) == ("62284800", "示范县")
        assert loan.contract.clauses == {"acceleration": "第九条第（二）项"}


def test_two_rows_of_a_customer_that_differ_are_named_and_a_repetition_passes(take):
    head = ["客户姓名", "身份证号", "机构", "手机号码"]
    first = ["张三", PERSON, "0201", "12000000001"]
    sheets = {"贷款": [list(LOAN_HEAD), loan_row()]}

    report = take(book(客户=[head, first, [*first[:3], "12000000002"]], **sheets), Mode.CHECK)
    again = take(book(客户=[head, first, first], **sheets), Mode.CHECK)

    assert [(one.line, one.column) for one in report.faults] == [(3, "证件号")]
    assert again.faults == []


def test_a_check_keeps_nothing(take, new_uow):
    report = take(whole(), Mode.CHECK)

    assert (report.faults, report.applied, report.entered["loans"]) == ([], False, 2)
    for model in (Loan, Customer, Guarantee, Collateral, Instalment, Payment):
        assert count(new_uow, model) == 0
    with new_uow() as uow:
        assert "loans.ledger_imported" not in set(uow.session.scalars(select(AuditRow.event)))


BAD = loan_row("JJ2", id_no="1.00101E+17")


def test_one_bad_row_stops_everything(take, new_uow):
    report = take(loans(loan_row(), BAD))

    assert not report.applied
    assert count(new_uow, Loan) == 0
    (fault,) = report.faults
    assert (fault.sheet, fault.line, fault.column) == ("贷款", 3, "借款人证件号")
    assert "科学计数" in fault.text


def test_the_good_rows_come_in_and_the_bad_ones_go_back(take, new_uow):
    content = loans(loan_row(), BAD)
    report = take(content, Mode.GOOD)

    assert report.applied
    assert count(new_uow, Loan) == 1
    rest = openpyxl.load_workbook(io.BytesIO(left_out(content, report))).active
    rows = [[cell.value for cell in row] for row in rest.iter_rows()]
    assert rows[0][:2] == ["借据号", "户名"]
    assert [row[0] for row in rows[1:]] == ["JJ2"]
    assert "科学计数" in rows[1][-1]

    repaired = [*rows[1]]
    repaired[2] = PERSON  # by hand, in the workbook that came back
    again = take(book(贷款=[rows[0], [value for value in repaired if value is not None]]))
    assert again.applied
    assert count(new_uow, Loan) == 2


def test_the_own_file_comes_back_with_a_column_of_results(take):
    content = loans(loan_row(), BAD)
    report = take(content)

    sheet = openpyxl.load_workbook(io.BytesIO(with_results(content, report)))["贷款"]

    last = [cell.value for cell in sheet[sheet.max_row]]
    assert [cell.value for cell in sheet[1]][-1] == "导入结果"
    assert "科学计数" in last[-1]
    assert sheet.cell(2, sheet.max_column).value == "可以导入"
    assert sheet.cell(2, 3).value == PERSON  # nothing else has changed
    once_more = io.BytesIO()
    sheet.parent.save(once_more)
    twice = openpyxl.load_workbook(
        io.BytesIO(with_results(once_more.getvalue(), take(once_more.getvalue())))
    )["贷款"]
    assert [cell.value for cell in twice[1]].count("导入结果") == 1


@pytest.mark.parametrize(
    ("changes", "column", "word"),
    [
        ({"branch": "0999"}, "机构", "没有代码或名称"),
        ({"id_no": "100101199001010071"}, "借款人证件号", "校验不通过"),
        ({"id_no": 100101199001010070}, "借款人证件号", "第 16 位起"),
        ({"rate": 0.06}, "年利率", "百分号"),
        ({"method": "随便还"}, "还款方式", "可选值"),
        ({"due": date(2025, 11, 1)}, "到期日", "必须晚于放款日"),
        ({"amount": "约十万"}, "贷款金额", "不是可识别的金额"),
        ({"name": ""}, "借款人名称", "不能为空"),
    ],
)
def test_what_is_wrong_says_where(take, changes, column, word):
    report = take(loans(loan_row(**changes)))

    assert not report.applied
    fault = report.faults[0]
    assert (fault.line, fault.column) == (2, column)
    assert word in fault.text


def test_a_minor_borrower_is_named(take):
    report = take(loans(loan_row(id_no="10010120100101003X")))
    assert "未满十八周岁" in report.faults[0].text


def test_a_loan_twice_in_the_file_is_refused_twice(take):
    report = take(loans(loan_row(), loan_row(contract="C-2")))
    assert {fault.line for fault in report.faults} == {3}
    assert report.bad_units == 1


def test_a_loan_of_before_is_refused_and_the_rest_stays(take, new_uow):
    assert take(loans(loan_row())).applied
    report = take(loans(loan_row(), loan_row("JJ9")), Mode.GOOD)
    assert "已经登记" in report.faults[0].text
    assert count(new_uow, Loan) == 2


def test_payments_go_to_a_loan_of_before(take, new_uow):
    head = ["借据号", "还款日期", "还款金额", "还本金", "还利息", "凭证号"]
    assert take(loans(loan_row())).applied
    report = take(
        book(还款=[head, ["JJ1", "2026-1-5", 500, 0, 500, "SK1"]]),
    )
    assert (report.applied, report.entered["payments"]) == (True, 1)

    early = book(还款=[head, ["JJ1", "2025-1-5", 500, 0, 500, "SK9"]])
    assert "早于放款日" in take(early).faults[0].text
    negative = book(还款=[head, ["JJ1", "2026-1-5", -500, 0, -500, "SK9"]])
    assert {fault.column for fault in take(negative).faults} == {"还款金额", "还利息"}

    bad = book(
        还款=[
            head,
            ["JJ1", "2026-1-5", 500, 0, 500, "SK1"],  # booked before
            ["JJ1", "2026-1-6", 500, 0, 400, "SK2"],  # does not add up
            ["JJ7", "2026-1-6", 500, 0, 500, "SK3"],  # nobody's
        ]
    )
    texts = [fault.text for fault in take(bad).faults]
    assert any("已经入账" in text or "不符" in text for text in texts)
    assert any("既不在贷款表中" in text for text in texts)
    assert count(new_uow, Payment) == 1


def test_a_schedule_that_does_not_add_up_is_refused(take):
    content = book(
        贷款=[list(LOAN_HEAD), loan_row()],
        还款计划=[
            ["借据号", "应还日", "应还本金", "应还利息"],
            ["JJ1", "2026-11-24", 90_000, 0],
        ],
    )
    assert "还款计划本金合计" in take(content).faults[0].text


def test_a_missing_column_is_named(take):
    report = take(book(贷款=[["借据号", "户名", "机构"], ["JJ1", "张三", "0201"]]))
    assert "贷款金额" in report.faults[0].text
    assert report.faults[0].line == 1


def test_headings_of_two_lines_with_merged_cells(take, new_uow):
    upper = ["借据号", "借款人信息", "", "机构", "合同号", "贷款要素", "", "", "", ""]
    lower = ["", "户名", "证件号", "", "", "金额", "利率", "还款方式", "放款日", "到期日"]
    lower[5] = "贷款金额（万元）"
    report = take(book(台账=[upper, lower, loan_row(amount=10)]))
    assert report.faults == []
    with new_uow() as uow:
        assert uow.session.scalars(select(Loan.principal)).one() == Decimal("100000.00")


def test_blank_rows_and_totals_are_passed_over(take, new_uow):
    report = take(
        loans(loan_row(), [], ["　", " "], loan_row("JJ2"), ["小计", "", "", "", "", 2e5])
    )
    assert report.applied
    assert count(new_uow, Loan) == 2
    assert report.sheets[0].skipped == (6,)


def test_the_template_is_read_as_it_is_written(take):
    read = read_book(template())
    assert [sheet.kind.label for sheet in read.sheets] == [
        "客户", "贷款", "保证", "押品", "还款计划", "还款", "余额",
    ]  # fmt: skip
    assert all(not sheet.missing and not sheet.rows for sheet in read.sheets)
    assert read.ignored == ("说明",)
    assert take(template()).entered == {"customers": 0}


@pytest.mark.parametrize(
    "content", [b"", b"nonsense", b"PK\x03\x04 broken", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"]
)
def test_what_is_no_workbook_is_refused_in_one_sentence(content):
    with pytest.raises(WorkbookError):
        read_book(content)


def test_a_zip_that_grows_too_large_is_not_unpacked():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(4):
            archive.writestr(f"xl/{number}", b"\0" * 90_000_000)
    with pytest.raises(WorkbookError) as refused:
        read_book(out.getvalue())
    assert "过大" in str(refused.value)


def test_a_sheet_without_known_headings_is_no_ledger():
    with pytest.raises(WorkbookError):
        read_book(book(随便=[["甲", "乙"], [1, 2]]))
