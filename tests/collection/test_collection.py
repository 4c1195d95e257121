"""Contacts under the rules of conduct, promises, pauses, complaints, surveys, agencies."""

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest

from postloan_archive.collection import pressing, queries
from postloan_archive.collection.errors import (
    AnsweredError,
    CollectionThingNotFoundError,
    ConductError,
    FieldNotForAgencyError,
    FutureContactError,
    InvolvedHandlerError,
    PlacedError,
    PromiseDayError,
    StoppedError,
    WordsMissingError,
)
from postloan_archive.collection.queries import AskedWork
from postloan_archive.collection.rules import Obstacle, Purpose, Result, Stage, StopReason
from postloan_archive.collection.service import contacts, debtors, pauses
from postloan_archive.collection.service.contacts import LogContact
from postloan_archive.collection.service.debtors import NoteSurvey, Place
from postloan_archive.collection.service.pauses import NoteComplaint
from postloan_archive.kernel.clock import CHINA
from postloan_archive.loans.errors import LoanNotFoundError
from postloan_archive.loans.service import BookPayment, book_payment
from tests.reports.conftest import TODAY, refresh

pytestmark = pytest.mark.usefixtures("ledger")
MORNING = datetime(2026, 11, 24, 9, 0, tzinfo=CHINA)


def call(**changes) -> LogContact:
    values = {
        "loan_no": "JJ1",
        "at": MORNING,
        "channel": "call",
        "target": "debtor",
        "person": "张三",
        "result": Result.REACHED,
    }
    return LogContact(**(values | changes))


def complaint(**changes) -> NoteComplaint:
    values = {
        "loan_no": "JJ1",
        "person": "张三",
        "channel": "来电",
        "received_on": TODAY,
        "content": "一天内多次来电",
        "handler": "legal",
    }
    return NoteComplaint(**(values | changes))


@pytest.mark.parametrize(
    ("at", "fine"),
    [("07:59", False), ("08:00", True), ("11:59", True)],
)
def test_the_hour_of_a_call_counts_for_a_person(at, fine, acting):
    hour, minute = map(int, at.split(":"))
    cmd = call(at=MORNING.replace(hour=hour, minute=minute))
    with acting("account_manager") as uow:
        if fine:
            assert contacts.log_contact(uow, cmd).violations == []
        else:
            with pytest.raises(ConductError) as refused:
                contacts.log_contact(uow, cmd)
            assert refused.value.reasons == (Obstacle.TIME_WINDOW,)


def test_three_calls_a_day_over_all_loans_of_the_debtor(acting):
    with acting("account_manager") as uow:
        for minute, loan_no in ((0, "JJ1"), (5, "JJ2"), (10, "JJ1")):
            contacts.log_contact(
                uow, call(loan_no=loan_no, at=MORNING + timedelta(minutes=minute))
            )
        with pytest.raises(ConductError):
            contacts.log_contact(uow, call(loan_no="JJ2", at=MORNING + timedelta(minutes=15)))
        contacts.log_contact(
            uow, call(channel="letter", at=MORNING + timedelta(minutes=20))
        )  # a letter is no call
        made = contacts.log_contact(
            uow, call(at=MORNING + timedelta(minutes=25), already_made=True)
        )
        assert made.violations == ["daily_limit"]


def test_a_third_party_is_asked_for_the_way_only(acting):
    with acting("account_manager") as uow:
        with pytest.raises(ConductError):
            contacts.log_contact(uow, call(target="third_party"))
        contacts.log_contact(
            uow,
            call(target="third_party", purpose=Purpose.RESTORE_CONTACT, contact_on_file=True),
        )


def test_what_has_not_happened_is_not_noted(acting):
    with acting("account_manager") as uow, pytest.raises(FutureContactError):
        contacts.log_contact(uow, call(at=MORNING + timedelta(days=1)))


def test_a_promise_is_judged_by_what_came_in(acting, new_uow):
    wanted = {"result": Result.PROMISED, "promised_for": date(2026, 11, 26)}
    with acting("account_manager") as uow:
        with pytest.raises(PromiseDayError):
            contacts.log_contact(uow, call(**wanted))
        contacts.log_contact(uow, call(**wanted, promised_amount=Decimal(5000)))
        contacts.log_contact(uow, call(loan_no="JJ2", **wanted, promised_amount=Decimal(5000)))
    with new_uow() as uow:
        for day, amount in ((24, "3000"), (26, "2000"), (27, "9000")):
            book_payment(
                uow,
                BookPayment(
                    loan_no="JJ1",
                    paid_on=date(2026, 11, day),
                    amount=Decimal(amount),
                    to_principal=Decimal(amount),
                    receipt_no=f"R{day}",
                ),
            )
    with new_uow() as uow:
        assert contacts.judge_promises(uow, date(2026, 11, 26)) == 0  # its day is not over
        assert contacts.judge_promises(uow, date(2026, 11, 27)) == 2
        assert contacts.judge_promises(uow, date(2026, 11, 27)) == 0
    with acting("legal") as uow:
        (broken,) = pressing.broken_promises(uow)
        assert broken[1] == "JJ2"


def test_a_pause_holds_for_every_loan_of_the_debtor(acting):
    with acting("account_manager") as uow:
        stop = pauses.set_stop(uow, "JJ1", StopReason.DISPUTE, "金额有异议").id
        with pytest.raises(StoppedError):
            contacts.log_contact(uow, call(loan_no="JJ2"))
        with pytest.raises(WordsMissingError):
            pauses.lift_stop(uow, stop, " ")
        pauses.lift_stop(uow, stop, "复核无误")
        contacts.log_contact(uow, call(loan_no="JJ2"))


def test_a_complaint_pauses_and_is_answered_by_somebody_else(acting):
    with acting("account_manager") as uow:
        contacts.log_contact(uow, call())
        with pytest.raises(InvolvedHandlerError):
            pauses.note_complaint(uow, complaint(handler="account_manager"))
        found = pauses.note_complaint(uow, complaint())
        assert found.answer_by == TODAY + timedelta(days=15)
        number = found.complaint_no
        with pytest.raises(StoppedError):
            contacts.log_contact(uow, call(at=MORNING + timedelta(minutes=30)))
    with acting("legal") as uow:
        pauses.answer_complaint(uow, number, "属实，已道歉")
        with pytest.raises(AnsweredError):
            pauses.answer_complaint(uow, number, "再答")
        contacts.log_contact(uow, call(at=MORNING + timedelta(minutes=30)))


def test_a_complex_complaint_has_thirty_days(acting):
    with acting("legal") as uow:
        found = pauses.note_complaint(uow, complaint(handler="auditor", is_complex=True))
        assert found.answer_by == TODAY + timedelta(days=30)


def test_an_urgent_answer_stays_on_top_until_it_is_handled(acting):
    cmd = NoteSurvey(
        loan_no="JJ1",
        made_on=TODAY,
        reason_for_default="经营失败",
        answers={"whereabouts": "失联"},
        urgent=("disappeared", "assets_moving"),
    )
    with acting("account_manager") as uow:
        number = debtors.note_survey(uow, cmd).id
    with acting("legal") as uow:
        assert [no for _row, no in pressing.urgent_surveys(uow)] == ["JJ1"]
        debtors.handle_urgent(uow, number, "已申请诉前保全")
        assert pressing.urgent_surveys(uow) == []


def test_an_agency_gets_no_more_than_it_needs(acting):
    wanted = {"loan_no": "JJ1", "agency": "某律所", "contract_no": "W1"}
    with acting("legal") as uow:
        with pytest.raises(FieldNotForAgencyError):
            debtors.place(uow, Place(**wanted, data_given=("姓名", "证件号")))
        number = debtors.place(uow, Place(**wanted, data_given=("姓名", "合同号"))).id
        with pytest.raises(PlacedError):
            debtors.place(uow, Place(**wanted, data_given=("姓名",)))
        debtors.recall(uow, number, "到期", "未收回")
        with pytest.raises(CollectionThingNotFoundError):
            debtors.recall(uow, number, "再收回", "")


def test_worklists_hold_each_loan_once(acting):
    with acting("legal") as uow:
        found = {
            stage: [
                row.standing.loan_no for row in queries.worklist(uow, stage, AskedWork())[0]
            ]
            for stage in Stage
        }
    assert found == {
        Stage.BEFORE_DUE: ["JJ2"],
        Stage.M1: ["JJ1"],
        Stage.M2_M3: [],
        Stage.OVER: [],
    }


def test_a_duty_moves_a_loan_to_ones_own_list(acting):
    with acting("legal") as uow:
        assert contacts.give_duty(uow, ("JJ1", "JJ1"), "account_manager") == 1
        assert contacts.give_duty(uow, ("JJ1",), "account_manager") == 0
        with pytest.raises(LoanNotFoundError):
            contacts.give_duty(uow, ("JJ9",), "account_manager")
    with acting("account_manager") as uow:
        rows, total = queries.worklist(uow, Stage.M1, AskedWork(mine=True))
        assert (total, rows[0].collector) == (1, "account_manager")


def test_a_day_of_collection_on_the_pages(browser, new_uow):
    refresh(new_uow)
    worker = browser("account_manager")
    assert "张三" in worker.get("/collection?stage=M1").get_data(as_text=True)
    contact = {
        "at": "2026-11-24T09:30",
        "channel": "call",
        "target": "debtor",
        "person": "张三",
        "purpose": "collect",
        "result": "承诺还款",
        "promised_for": "2026-11-30",
        "promised_amount": "2万",
    }
    base = "/loans/JJ1/collection"
    early = worker.post(f"{base}/contacts", contact | {"at": "2026-11-24T06:00"})
    assert early.status_code == 422
    assert "22:00 至次日 08:00" in early.get_data(as_text=True)
    assert worker.post(f"{base}/contacts", contact).status_code == 302
    page = worker.get(base).get_data(as_text=True)
    assert "20,000.00" in page
    assert "今日已拨打 1 次" in page
    survey = {
        "made_on": "2026-11-24",
        "reason_for_default": "停产",
        "found": "外出可联系",
        "trade": "停业",
        "asset-0-what": "厂房",
        "asset-0-where": "示范县",
        "asset-0-state": "已抵押",
        "urgent": ["closing"],
    }
    assert worker.post(f"{base}/survey", survey).status_code == 302
    assert "停业或关闭" in worker.get("/collection").get_data(as_text=True)
    paper = {
        "person": "张三",
        "channel": "来电",
        "received_on": "2026-11-24",
        "content": "骚扰",
        "handler": "legal",
    }
    assert worker.post(f"{base}/complaint", paper).status_code == 302
    assert worker.post(f"{base}/placement", {}).status_code == 403
    lead = browser("legal")
    listed = lead.get("/collection/complaints").get_data(as_text=True)
    number = listed.split("complaints/TS")[1].split("/")[0]
    assert "已抵押" in worker.get(base).get_data(as_text=True)
    lead.post(f"/collection/complaints/TS{number}/answer", {"outcome": "已答复"})
    assert "已答复" in lead.get("/collection/complaints").get_data(as_text=True)
    for path in (f"{base}/stop", f"{base}/placement", f"{base}/survey"):
        assert lead.get(path).status_code == 200, path
    assert (
        lead.post("/collection/duty", {"loan": "JJ1", "collector": "legal"}).status_code == 302
    )
    assert lead.get("/loans/JJ9/collection").status_code == 404
