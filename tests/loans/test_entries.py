"""Facts entered by hand: shown before they are saved, saved with their line, derived anew."""

import io
from decimal import Decimal

import openpyxl
import pytest
from sqlalchemy import select

from postloan_archive.audit import AuditRow
from postloan_archive.loans.models import Amendment, Loan, LoanPosition, Payment, RateChange
from postloan_archive.wordgen import docx_text
from tests.builders import a_branch, in_four_instalments


@pytest.fixture
def loan_no(people, new_uow):
    """40,000 yuan in four instalments; those of September and October are late."""
    del people
    with new_uow() as uow:
        return in_four_instalments(uow).loan_no


def text_of(reply, status: int = 200) -> str:
    assert reply.status_code == status
    return reply.get_data(as_text=True)


def test_a_back_dated_payment_shows_what_it_changes(loan_no, browser, new_uow):
    clerk = browser("archive_clerk")
    form = {"paid_on": "2026.9.20", "amount": "1.06万", "receipt_no": "SK1", "keep": "plain",
            "channel": "自主还款"}  # fmt: skip
    page = text_of(clerk.post(f"/loans/{loan_no}/payments/new", form))
    assert "改变什么" in page
    assert "2026-09-20" in page
    assert '<s class="muted">40,000.00</s> → <b>30,000.00</b>' in page
    with new_uow() as uow:
        assert uow.session.scalar(select(Payment.id)) is None  # only shown

    saved = clerk.post(f"/loans/{loan_no}/payments/new", form | {"act": "save"})
    assert saved.status_code == 302
    with new_uow() as uow:
        row = uow.session.scalars(select(Payment)).one()
        assert (row.to_principal, row.to_interest) == (10_000, 600)
        assert uow.session.scalars(select(LoanPosition.balance)).one() == 30_000
        events = set(uow.session.scalars(select(AuditRow.event)))
        assert "loans.payment_booked" in events
    again = text_of(clerk.post(f"/loans/{loan_no}/payments/new", form | {"act": "save"}), 422)
    assert "已经入账" in again


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({"paid_on": "2026-08-01"}, "早于放款日"),
        ({"paid_on": "2099-01-01"}, "晚于今天"),
        ({"amount": "0"}, "必须大于 0"),
        ({"amount": "100万"}, "超过截至该日欠款"),
        ({"amount": "约一百"}, "不是可识别的金额"),
        ({"receipt_no": ""}, "请填写凭证号"),
        ({"keep": "term", "amount": "100"}, "没有提前归还的本金"),
    ],
)
def test_a_payment_that_cannot_be_says_why(loan_no, browser, changes, word):
    form = {"paid_on": "2026-09-20", "amount": "100", "receipt_no": "SK1", "keep": "plain",
            "channel": "自主还款"}  # fmt: skip
    page = browser("legal").post(f"/loans/{loan_no}/payments/new", form | changes)
    assert word in text_of(page, 422)


def test_a_part_repaid_ahead_makes_the_plan_anew(loan_no, browser, new_uow):
    clerk = browser("archive_clerk")
    form = {"paid_on": "2026-09-20", "amount": "20600", "receipt_no": "SK1", "keep": "term",
            "channel": "自主还款", "act": "save"}  # fmt: skip
    assert clerk.post(f"/loans/{loan_no}/payments/new", form).status_code == 302
    with new_uow() as uow:
        loan = uow.session.scalars(select(Loan)).one()
        assert [row.principal for row in loan.schedule][:2] == [10_000, 10_000]
        assert sum(row.principal for row in loan.schedule) == 40_000
        kept = uow.session.scalars(select(Amendment)).one()
        assert (kept.kind, len(kept.before)) == ("prepayment", 4)
    page = text_of(clerk.get(f"/loans/{loan_no}/repayment"))
    assert "计划变更" in page
    assert "提前还款" in page
    early = clerk.post(
        f"/loans/{loan_no}/payments/new",
        form | {"paid_on": "2026-09-01", "receipt_no": "SK2"},
    )
    assert "补记后，2026-09-20 的还款 SK1不再成立：提前还本不能超过" in text_of(early, 422)
    small = form | {"paid_on": "2026-09-01", "receipt_no": "SK2", "amount": "5080"}
    page = text_of(clerk.post(f"/loans/{loan_no}/payments/new", small | {"act": "look"}))
    assert "提前还款按原协议条件重新推导" in page
    assert clerk.post(f"/loans/{loan_no}/payments/new", small).status_code == 302
    with new_uow() as uow:
        loan = uow.session.scalars(select(Loan)).one()
        assert sum(row.principal for row in loan.schedule) == 40_000
        assert loan.payments[0].to_principal == 5_000


def test_another_rate_makes_the_rest_of_the_plan_anew(loan_no, browser, new_uow):
    legal = browser("legal")
    form = {"effective_on": "2026-10-20", "annual_rate": "4.8%", "basis": "LPR 3.85 + 95BP"}
    page = text_of(legal.post(f"/loans/{loan_no}/rate", form))
    assert "新的还款计划" in page
    assert legal.post(f"/loans/{loan_no}/rate", form | {"act": "save"}).status_code == 302
    with new_uow() as uow:
        loan = uow.session.scalars(select(Loan)).one()
        assert [row.interest for row in loan.schedule][2:] == [80, 40]  # 20,000 × 4.8 % ÷ 12
        assert uow.session.scalars(select(RateChange.annual_rate)).one() == Decimal("4.8")
    assert "年利率已经是" in text_of(legal.post(f"/loans/{loan_no}/rate", form), 422)
    wrong = form | {"annual_rate": "480"}
    assert "不是可识别的百分比" in text_of(legal.post(f"/loans/{loan_no}/rate", wrong), 422)


LOAN = {
    "loan_no": "JJ-9", "branch": "0201", "name": "张三", "id_no": "100101199001010072",
    "contract_no": "C-9", "signed_on": "2026-01-10", "principal": "12万", "annual_rate": "4.35",
    "day_basis": "360", "method": "equal_payment", "disbursed_on": "2026-01-15",
    "due_on": "2027-01-15", "pay_day": "",
}  # fmt: skip


def test_a_loan_is_opened_by_hand(people, browser, new_uow):
    del people
    with new_uow() as uow:
        a_branch(uow)
    clerk = browser("archive_clerk")
    assert "登记贷款" in text_of(clerk.get("/loans/new"))
    assert "共 12 期" in text_of(clerk.post("/loans/new", LOAN))
    saved = clerk.post("/loans/new", LOAN | {"act": "save"})
    assert saved.headers["Location"].endswith("/loans/JJ-9")
    with new_uow() as uow:
        loan = uow.session.scalars(select(Loan)).one()
        assert (loan.principal, len(loan.schedule)) == (120_000, 12)
    assert "已经登记" in text_of(clerk.post("/loans/new", LOAN | {"act": "save"}), 422)


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({"id_no": "100101199001010071"}, "校验不通过"),
        ({"due_on": "2026-01-15"}, "必须晚于放款日"),
        ({"principal": "0"}, "必须大于 0"),
        ({"contract_amount": "1"}, "超过授信额度"),
        ({"disbursed_on": "2099-01-01", "due_on": "2100-01-01"}, "晚于今天"),
        ({"branch": "0202"}, ""),
        ({"method": "free"}, ""),
    ],
)
def test_a_loan_that_cannot_be_says_why(people, browser, new_uow, changes, word):
    del people
    with new_uow() as uow:
        a_branch(uow)
    page = browser("archive_clerk").post("/loans/new", LOAN | changes | {"act": "save"})
    assert word in text_of(page, 422)


def test_the_statement_of_account_is_a_workbook_and_a_paper(loan_no, browser, new_uow):
    clerk = browser("archive_clerk")
    form = {"paid_on": "2026-09-20", "amount": "10600", "receipt_no": "SK1", "keep": "plain",
            "channel": "自主还款", "act": "save"}  # fmt: skip
    clerk.post(f"/loans/{loan_no}/payments/new", form)
    sheet = openpyxl.load_workbook(
        io.BytesIO(clerk.get(f"/loans/{loan_no}/statement.xlsx?as_of=2026-10-01").data)
    ).active
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    last = next(row for row in rows if row[1] and str(row[1]).startswith("还款 SK1"))
    assert (last[4], last[5], last[6], last[8]) == (10_600, 10_000, 600, 30_000)
    assert not any(row[1] == "第 2 期应还" for row in rows)  # after the day
    paper = clerk.get(f"/loans/{loan_no}/statement.docx")
    assert "还款 SK1（自主还款）" in docx_text(paper.data)
    with new_uow() as uow:
        events = list(uow.session.scalars(select(AuditRow.event)))
    assert events.count("loans.statement_exported") == 2
    assert clerk.get(f"/loans/{loan_no}/statement.pdf").status_code == 404
