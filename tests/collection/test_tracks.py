"""Plans for debtors in difficulty, duty by rule, supervision of agencies, guarantors."""

import io
from datetime import date, datetime, timedelta
from decimal import Decimal

import openpyxl
import pytest

from postloan_archive.collection import lists, queries
from postloan_archive.collection.errors import (
    CollectionThingNotFoundError,
    CollectorUnknownError,
    ConductError,
    ExtensionError,
    InvolvedHandlerError,
    OwnPlanError,
    PlanDaysError,
    PlanDecidedError,
    PlanRunsError,
    StoppedError,
    WordsMissingError,
)
from postloan_archive.collection.queries import NOBODY, AskedWork
from postloan_archive.collection.rules import Purpose, Result, Stage, next_in_turn, plan_kept
from postloan_archive.collection.service import contacts, debtors, duties, pauses, plans
from postloan_archive.collection.service.contacts import LogContact
from postloan_archive.collection.service.debtors import NoteSurvey, Place
from postloan_archive.collection.service.duties import SetRule
from postloan_archive.collection.service.pauses import NoteComplaint
from postloan_archive.collection.service.plans import ProposePlan
from postloan_archive.inspection import queries as inspection
from postloan_archive.kernel.clock import CHINA
from postloan_archive.loans import queries as loans
from postloan_archive.loans.errors import LoanNotFoundError
from postloan_archive.loans.service import BookPayment, book_payment
from tests.builders import a_branch
from tests.reports.conftest import TODAY

pytestmark = pytest.mark.usefixtures("ledger")
RATES = ((date(2026, 12, 10), Decimal(300)), (date(2027, 1, 10), Decimal(300)))
MORNING = datetime(2026, 11, 24, 9, 0, tzinfo=CHINA)


def proposed(acting, **changes) -> int:
    values = {"loan_no": "JJ1", "hardship": "住院，有诊断证明", "rates": RATES} | changes
    with acting("account_manager") as uow:
        return plans.propose_plan(uow, ProposePlan(**values)).id


def pay(new_uow, day: date, amount: str, channel: str = "") -> None:
    with new_uow() as uow:
        book_payment(
            uow,
            BookPayment(
                loan_no="JJ1",
                paid_on=day,
                amount=Decimal(amount),
                to_interest=Decimal(amount),
                receipt_no=f"{day}{channel}",
                channel=channel,
            ),
        )


@pytest.mark.parametrize(
    ("paid", "day", "verdict"),
    [
        ([], date(2026, 12, 10), None),  # due until the end of its day
        ([], date(2026, 12, 11), False),
        ([(date(2026, 12, 10), Decimal(300))], date(2026, 12, 11), None),
        ([(date(2026, 12, 1), Decimal(600))], date(2027, 1, 11), True),
        ([(date(2026, 12, 1), Decimal("599.99"))], date(2027, 1, 11), False),
        ([(date(2027, 1, 11), Decimal(600))], date(2027, 1, 11), False),
    ],
)
def test_a_plan_is_kept_by_what_came_in_until_each_day(paid, day, verdict):
    assert plan_kept(RATES, paid, day) is verdict


def test_who_has_the_fewest_takes_the_next():
    assert next_in_turn(("a", "b"), {}) == "a"
    assert next_in_turn(("a", "b"), {"a": 1}) == "b"


def test_a_plan_is_approved_by_another_and_pauses_collection(acting, new_uow):
    number = proposed(acting)
    with pytest.raises(PlanRunsError):
        proposed(acting)
    with acting("branch_manager") as uow:
        plans.decide_plan(uow, number, agree=True, words="同意")
        with pytest.raises(PlanDecidedError):
            plans.decide_plan(uow, number, agree=True, words="")
    call = LogContact(
        loan_no="JJ1", at=MORNING, channel="call", target="debtor", person="张三",
        result=Result.REACHED,
    )  # fmt: skip
    with pytest.raises(StoppedError), acting("account_manager") as uow:
        contacts.log_contact(uow, call)
    pay(new_uow, date(2026, 12, 5), "200")
    pay(new_uow, date(2026, 12, 6), "100", "减免")  # no money
    with new_uow() as uow:
        assert plans.judge_plans(uow, date(2026, 12, 10)) == 0
        assert plans.judge_plans(uow, date(2026, 12, 11)) == 1
        assert lists.get_plan(uow, number).state == "broken"
        assert queries.stops_of(uow, loans.get_loan(uow, "JJ1").customer_id) == []


def test_nobody_approves_his_own_plan_and_a_refusal_has_a_reason(acting):
    with acting("legal") as uow:
        number = plans.propose_plan(
            uow, ProposePlan(loan_no="JJ1", hardship="失业", rates=RATES)
        ).id
    with pytest.raises(OwnPlanError), acting("legal") as uow:
        plans.decide_plan(uow, number, agree=True, words="")
    with pytest.raises(WordsMissingError), acting("branch_manager") as uow:
        plans.decide_plan(uow, number, agree=False, words="")


@pytest.mark.parametrize(
    "rates",
    [
        (),
        ((TODAY, Decimal(1)),),
        ((date(2026, 12, 2), Decimal(1)), (date(2026, 12, 1), Decimal(1))),
        ((date(2026, 12, 2), Decimal(0)),),
        tuple((TODAY + timedelta(days=n), Decimal(1)) for n in range(1, 38)),
    ],
)
def test_payments_that_make_no_plan(acting, rates):
    with pytest.raises(PlanDaysError):
        proposed(acting, rates=rates)


def test_duty_by_rule_fills_what_nobody_has(acting, new_uow):
    with new_uow() as uow:
        branch = a_branch(uow)
        other = a_branch(uow, "0202")
    with acting("legal") as uow:
        for names, error in ((("nobody",), CollectorUnknownError), ((), None)):
            cmd = SetRule(branch_id=branch, stage=Stage.M1, collectors=names)
            if error:
                with pytest.raises(error):
                    duties.set_rule(uow, cmd)
        with pytest.raises(CollectionThingNotFoundError):
            duties.set_rule(uow, SetRule(branch_id=other, stage=Stage.M1, collectors=()))
        taker = SetRule(branch_id=branch, stage=Stage.M1, collectors=("account_manager",))
        duties.set_rule(uow, taker)
    with new_uow() as uow:
        assert duties.give_by_rule(uow) == 1
        assert duties.give_by_rule(uow) == 0
    with acting("account_manager") as uow:
        _rows, total = queries.worklist(uow, Stage.M1, AskedWork(mine=True))
        _none, left = queries.worklist(uow, Stage.M1, AskedWork(collector=NOBODY))
        assert (total, left) == (1, 0)


def test_duty_by_hand_goes_to_people_who_may(acting):
    with pytest.raises(CollectorUnknownError), acting("legal") as uow:
        contacts.give_duty(uow, ("JJ1",), "auditor")
    with pytest.raises(LoanNotFoundError), acting("legal") as uow:
        contacts.give_duty(uow, ("JJ9",), "account_manager")


def test_a_third_party_that_asked_to_be_left_alone_is(acting):
    ask = {
        "loan_no": "JJ1",
        "channel": "message",
        "target": "third_party",
        "person": "李四",
        "purpose": Purpose.RESTORE_CONTACT,
        "contact_on_file": True,
    }
    with acting("account_manager") as uow:
        contacts.log_contact(
            uow, LogContact(**ask, at=MORNING, result=Result.THIRD_PARTY_STOPS)
        )
        with pytest.raises(ConductError):
            contacts.log_contact(
                uow,
                LogContact(**ask, at=MORNING + timedelta(minutes=5), result=Result.NOT_REACHED),
            )
        contacts.log_contact(
            uow,
            LogContact(
                **{**ask, "person": "王五"},
                at=MORNING + timedelta(minutes=9),
                result=Result.NOT_REACHED,
            ),
        )


def complaint(acting, **changes) -> str:
    values = {
        "loan_no": "JJ1",
        "person": "张三",
        "channel": "来电",
        "received_on": TODAY,
        "content": "来电过多",
        "handler": "auditor",
        "is_complex": True,
    } | changes
    with acting("account_manager") as uow:
        return pauses.note_complaint(uow, NoteComplaint(**values)).complaint_no


def test_a_complex_complaint_is_extended_once(acting):
    number = complaint(acting)
    with acting("legal") as uow:
        found = pauses.extend_complaint(uow, number, "须调取录音")
        assert found.answer_by == TODAY + timedelta(days=60)
        with pytest.raises(ExtensionError):
            pauses.extend_complaint(uow, number, "再延")
    with pytest.raises(ExtensionError), acting("legal") as uow:
        pauses.extend_complaint(
            uow, complaint(acting, is_complex=False, content="又一次"), "简单"
        )


def test_who_took_part_answers_no_complaint(acting):
    with acting("legal") as uow:
        contacts.give_duty(uow, ("JJ1",), "legal")
    number = complaint(acting)
    for step in (pauses.answer_complaint, pauses.extend_complaint):
        with pytest.raises(InvolvedHandlerError), acting("legal") as uow:
            step(uow, number, "已核")


def test_an_urgent_answer_raises_a_signal_for_each(acting):
    with acting("account_manager") as uow:
        debtors.note_survey(
            uow,
            NoteSurvey(
                loan_no="JJ1",
                made_on=TODAY,
                reason_for_default="停产",
                answers={},
                urgent=("disappeared", "assets_moving"),
            ),
        )
        loan = loans.get_loan(uow, "JJ1")
        found = inspection.signals_of(uow, loan.id)
        assert {row.kind for row in found} == {"紧急处置"}
        assert any("正在转移财产" in row.text for row in found)


def test_an_agency_is_supervised_and_its_recovery_counted(acting, new_uow):
    with acting("legal") as uow:
        number = debtors.place(
            uow,
            Place(
                loan_no="JJ1",
                agency="某律所",
                contract_no="W1",
                data_given=("姓名",),
                basis="委托合同，影响评估 2026-11",
            ),
        ).id
        with pytest.raises(WordsMissingError):
            debtors.supervise(uow, number, " ")
        debtors.supervise(uow, number, "抽听录音 3 段，合规")
    pay(new_uow, TODAY, "700")
    with acting("legal") as uow:
        (row,) = lists.placements(uow, running=True)
        assert row.recovered == Decimal(700)
        assert row.placement.checks[0]["by"] == "legal"


@pytest.mark.parametrize(
    "path",
    [
        "/collection",
        "/collection?stage=M3%2B&branch=1&collector=-&q=张",
        "/collection?mine=1&branch=²",
        "/collection/promises?view=broken",
        "/collection/plans",
        "/collection/placements?all=1",
        "/collection/complaints",
        "/collection/rules",
        "/collection/worklist.xlsx?stage=M1",
        "/loans/JJ1/collection/plan",
    ],
)
def test_every_list_answers(browser, acting, path):
    proposed(acting)
    complaint(acting)
    assert browser("legal").get(path).status_code == 200


def test_a_plan_on_the_pages(browser):
    manager, lead = browser("account_manager"), browser("branch_manager")
    refused = manager.post(
        "/loans/JJ1/collection/plan", {"hardship": "住院", "rates": "下月 三百"}
    )
    assert refused.status_code == 422
    sent = {
        "hardship": "住院",
        "rates": "2026-12-10 300\n2027年1月10日 3百元".replace("3百元", "300"),
    }
    assert manager.post("/loans/JJ1/collection/plan", sent).status_code == 302
    page = lead.get("/collection/plans").get_data(as_text=True)
    assert "2027-01-10 300.00" in page
    assert lead.post("/collection/plans/1/decide", {"decision": "yes"}).status_code == 302
    assert "执行中" in manager.get("/loans/JJ1/collection").get_data(as_text=True)


def test_rules_on_the_page(browser, new_uow):
    with new_uow() as uow:
        branch = a_branch(uow)
    lead = browser("legal")
    sent = {"branch": branch, "stage": "M1", "collector": ["account_manager", "legal"]}
    assert lead.post("/collection/rules", sent).status_code == 302
    assert "checked" in lead.get("/collection/rules").get_data(as_text=True)
    assert lead.post("/collection/rules", {"branch": "²", "stage": "M1"}).status_code == 404
    assert lead.post("/collection/duty", {"act": "rule", "stage": "M1"}).status_code == 302


def test_a_debtor_who_died_is_collected_from_no_more(acting):
    with acting("account_manager") as uow:
        values = {"loan_no": "JJ1", "made_on": TODAY, "answers": {}, "urgent": ("died",)}
        debtors.note_survey(uow, NoteSurvey(reason_for_default="病故", **values))
        with pytest.raises(StoppedError):
            contacts.log_contact(
                uow,
                LogContact(
                    loan_no="JJ1",
                    at=MORNING,
                    channel="call",
                    target="debtor",
                    person="张三",
                    result=Result.REACHED,
                ),
            )
        values["made_on"] = TODAY - timedelta(days=1)
        debtors.note_survey(uow, NoteSurvey(reason_for_default="邻居证实", **values))
        stops = queries.stops_of(uow, loans.get_loan(uow, "JJ1").customer_id)
        assert [row.reason for row in stops] == ["债务人死亡"]


def test_an_agency_gets_the_promised_fields_only_and_says_what_it_deleted(acting, browser):
    with acting("legal") as uow:
        placed = debtors.place(
            uow,
            Place(
                loan_no="JJ1", agency="甲所", contract_no="W1", data_given=("姓名", "合同号")
            ),
        ).id
    sent = browser("legal").post("/collection/placements/data", {"agency": "甲所"})
    sheet = openpyxl.load_workbook(io.BytesIO(sent.data)).active
    line = dict(zip((c.value for c in sheet[3]), (c.value for c in sheet[4]), strict=True))
    assert line["姓名"] == "张三"
    assert line["联系电话"] is None
    assert line["逾期金额"] is None
    assert (
        browser("legal").post("/collection/placements/data", {"agency": "乙"}).status_code
        == 404
    )
    with acting("legal") as uow:
        debtors.recall(uow, placed, "到期", "收回一部分")
        with pytest.raises(WordsMissingError):
            debtors.confirm_returned(uow, placed, " ")
        debtors.confirm_returned(uow, placed, "收到删除确认函")
        with pytest.raises(CollectionThingNotFoundError):
            debtors.confirm_returned(uow, placed, "再一次")
