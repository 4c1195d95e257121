"""The check table: addresses, the stop list, letters sent before, remedies in the row."""

import io
from datetime import timedelta

import openpyxl
import pytest

from postloan_archive.collection.rules import StopReason
from postloan_archive.collection.service.pauses import set_stop
from postloan_archive.kernel.actor import Actor
from postloan_archive.kernel.errors import RuleError
from postloan_archive.loans import lenders
from postloan_archive.loans.models import Loan
from postloan_archive.notices import choosing, queries, remedies, run_letters, service
from postloan_archive.notices.errors import FutureCutoffError, NothingToSendError
from postloan_archive.notices.models import Notice
from postloan_archive.notices.rules.addresses import address_doubt, address_fault
from postloan_archive.notices.run_letters import Group
from postloan_archive.notices.service import PlanRun
from tests.builders import a_customer
from tests.notices.conftest import ADDRESS, LOAN, TODAY, an_overdue_loan


def plan(uow, kind="N02", **more):
    return service.plan_run(uow, PlanRun(kind=kind, as_of=TODAY, **more))


def only_row(uow, run_id):
    (row,) = queries.letters_of(uow, queries.get_run(uow, run_id))
    return row


@pytest.mark.parametrize(
    "text", ["不详", "无", "地址待补", "同上", "xx村", "—", "N/A", "下落不明"]
)
def test_what_is_no_address_cannot_be_delivered_to(text):
    assert address_fault(text)


@pytest.mark.parametrize(
    "text", ["", "示范县城关镇北街43号", "柳树乡一组", "无锡市滨湖区1号", "同心县豫海镇3队"]
)
def test_addresses_and_blanks_are_no_fault(text):
    assert address_fault(text) == ""


def test_a_short_address_is_pointed_out():
    assert address_doubt("北街")
    assert address_doubt("北街43号院") == ""


@pytest.mark.usefixtures("loan")
def test_amounts_of_a_day_to_come_are_refused_to_people_and_marked_for_programs(new_uow):
    cmd = PlanRun(kind="N02", as_of=TODAY + timedelta(days=1))
    person = Actor(name="legal", origin="web", branch_ids=None)
    with pytest.raises(FutureCutoffError), new_uow(person) as uow:
        service.plan_run(uow, cmd)
    with new_uow() as uow:
        run_id = service.plan_run(uow, cmd).id
        uow.session.flush()
        assert any("晚于今天" in text for text in only_row(uow, run_id).warnings)


def test_a_loan_without_guarantor_is_named_with_the_reason(new_uow):
    with new_uow() as uow:
        an_overdue_loan(uow)
        an_overdue_loan(uow, loan_no="JJ2025-0002", number=2, guaranteed=False)
    with new_uow() as uow:
        run_id = plan(uow, "N04", loan_nos=(LOAN, "JJ2025-0002")).id
    with new_uow() as uow:
        run = queries.get_run(uow, run_id)
        assert len(run.notices) == 1
        (one,) = run.left_out
        assert (one["what"], "保证人" in one["reason"]) == ("JJ2025-0002", True)
    with pytest.raises(NothingToSendError, match="JJ2025-0002"), new_uow() as uow:
        plan(uow, "N04", loan_nos=("JJ2025-0002",))


def test_the_debt_of_a_loan_with_two_guarantors_counts_once(new_uow):
    with new_uow() as uow:
        loan = an_overdue_loan(uow)
        second = a_customer(uow, name="保证人乙", id_no="100101198000009999", facts=ADDRESS)
        first = loan.guarantees[0]
        loan.guarantees.append(
            type(first)(
                guarantor_id=second,
                contract_no="示农商保字2025第9号",
                kind="joint",
                signed_on=first.signed_on,
                period_clause=first.period_clause,
            )
        )
        uow.session.flush()
    with new_uow() as uow:
        run = plan(uow, "N04")
        uow.session.flush()
        sums = run_letters.sums(uow, run, Group.ALL)
        each = run.notices[0].total
    assert (sums.letters, sums.loans, sums.total) == (2, 1, each)


@pytest.mark.usefixtures("loan")
def test_a_stopped_debtor_gets_a_letter_only_with_a_reason(new_uow):
    with new_uow() as uow:
        set_stop(uow, LOAN, StopReason.DISPUTE, "金额有争议")
    with new_uow() as uow:
        run_id = plan(uow).id
    with new_uow() as uow:
        row = only_row(uow, run_id)
        assert row.state == "blocked"
        assert "停催：争议待核" in row.errors[0]
        with pytest.raises(remedies.ReasonToSendError):
            remedies.allow_stopped(uow, row.id, " ")
        remedies.allow_stopped(uow, row.id, "时效将届")
    with new_uow() as uow:
        service.recheck_run(uow, run_id)  # what a person decided stays
    with new_uow() as uow:
        row = only_row(uow, run_id)
        assert (row.state, row.errors) == ("draft", ())
        assert row.notes == ("停催期间仍要发送：时效将届",)
        with pytest.raises(remedies.NotStoppedError):
            remedies.allow_stopped(uow, row.id, "再次")


def test_a_stop_that_comes_later_stops_an_allowed_letter(new_uow, loan):
    del loan
    with new_uow() as uow:
        set_stop(uow, LOAN, StopReason.DISPUTE, "")
        run = plan(uow)
        uow.session.flush()
        run_id, notice_id = run.id, run.notices[0].id
        remedies.allow_stopped(uow, notice_id, "时效将届")
        set_stop(uow, LOAN, StopReason.BANKRUPTCY, "")
    with new_uow() as uow:
        service.recheck_run(uow, run_id)
        row = only_row(uow, run_id)
    assert row.state == "blocked"
    assert ["破产受理" in text for text in row.errors] == [True]


def test_a_letter_to_an_address_that_sent_one_back_is_pointed_out(new_uow, issued):
    (notice_id,) = issued()
    with new_uow() as uow:
        notice = uow.session.get(Notice, notice_id)
        notice.dispatched_on = notice.outcome_on = TODAY
        notice.dispatch_channel, notice.outcome = "ems", "returned"
    with new_uow() as uow:
        row = only_row(uow, plan(uow).id)
    assert any("被退回" in text for text in row.warnings)
    assert remedies.lacking(row) == (remedies.ADDRESS,)


def test_account_and_telephone_are_entered_in_the_row(new_uow):
    with new_uow() as uow:
        loan = an_overdue_loan(uow)
        loan.pay_account = ""
        uow.session.flush()
        lenders.describe_lender(uow, "0201", lenders.Lender(name="示范农商行"))
        run_id = plan(uow).id
    with new_uow() as uow:
        row = only_row(uow, run_id)
        assert set(remedies.lacking(row)) == {remedies.ACCOUNT, remedies.PHONE}
        with pytest.raises(remedies.EmptyFactError):
            remedies.state_fact(uow, row.id, remedies.ACCOUNT, " ")
        remedies.state_fact(uow, row.id, remedies.ACCOUNT, "0000 1111")
        remedies.state_fact(uow, row.id, remedies.PHONE, "010-1200")
    with new_uow() as uow:
        row = only_row(uow, run_id)
        assert (row.state, row.errors) == ("draft", ())
        assert uow.session.get(Loan, row.loan_id).pay_account == "0000 1111"


def sheet(*rows):
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    out.seek(0)
    return out


def test_rows_of_a_sheet_find_their_loans_or_say_why_not(new_uow):
    with new_uow() as uow:
        first = an_overdue_loan(uow)
        second = an_overdue_loan(uow, loan_no="JJ2025-0002", number=2)
        id_no = second.customer.id_no
        contract = first.contract.contract_no
        given = sheet(
            ["逾期清单"],
            ["户名", "借据编号", "合同号", " 身份证号码 "],
            ["借款人1", LOAN, contract, None],
            ["借款人2", None, None, id_no],
            ["借款人2", "JJ2025-0002", None, None],  # twice
            ["谁", "JJ404", None, None],  # unknown
            ["借款人1", LOAN, None, id_no],  # two loans
            ["科学", None, None, 1.00101199e17],  # digits lost
            ["科学", "1.23E+17", None, None],
            ["合计", None, None, None],
        )
        rows = choosing.asked_rows(given)
        found = choosing.resolve(uow, rows, "N02")

    assert found.loan_nos == (LOAN, "JJ2025-0002")
    reasons = {one.row: one.reason for one in found.left_out}
    assert sorted(reasons) == [5, 6, 7, 8, 9]
    assert "与第 4 行重复" in reasons[5]
    assert "没有这笔借款" in reasons[6]
    assert "不是同一笔" in reasons[7]
    assert "已变成 0" in reasons[8]
    assert "科学计数" in reasons[9]


def test_a_sheet_with_bad_rows_makes_a_run_of_the_good_ones(browser, people, new_uow):
    del people
    with new_uow() as uow:
        an_overdue_loan(uow)
    desk = browser("legal")
    given = sheet(["借据号"], [LOAN], ["JJ404"], ["1.23E+17"])
    answer = desk.post(
        "/notices/new",
        {"kind": "N02", "as_of": "2026.11.24", "source": "sheet", "sheet": (given, "a.xlsx")},
    )
    assert answer.status_code == 302
    page = desk.get(answer.headers["Location"]).get_data(as_text=True)
    assert "2 项没有进入本批次" in page
    assert "JJ404" in page
    book = desk.get(f"{answer.headers['Location']}/left-out.xlsx")
    rows = list(openpyxl.load_workbook(io.BytesIO(book.data)).active.values)
    assert [row[0] for row in rows] == ["行", "3", "4"]


@pytest.mark.parametrize("day", ["2026年11月24日", "2026.11.24", "20261124", "2026-11-24"])
@pytest.mark.usefixtures("loan", "people")
def test_the_day_is_read_as_people_write_it(browser, day):
    desk = browser("legal")
    answer = desk.post("/notices/new", {"kind": "N02", "as_of": day, "source": "called_for"})
    assert answer.status_code == 302
    future = desk.post(
        "/notices/new", {"kind": "N02", "as_of": "2027-01-01", "source": "called_for"}
    )
    assert future.status_code == 422
    assert "晚于今天" in future.get_data(as_text=True)


def test_what_a_person_breaks_is_a_rule(new_uow, loan):
    del loan
    with new_uow() as uow, pytest.raises(RuleError):
        plan(uow, "N99")
