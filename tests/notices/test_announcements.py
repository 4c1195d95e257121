"""N03, N05, N10 and N13: what they need, what they say, what an acceleration sets off."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select

from postloan_archive.kernel.actor import Actor
from postloan_archive.kernel.clock import FrozenClock
from postloan_archive.loans import service as ledger
from postloan_archive.loans.acceleration import AcceleratedElsewhereError, accelerate
from postloan_archive.loans.models import Loan
from postloan_archive.loans.service import Scheduled
from postloan_archive.notices import delivery, queries, service
from postloan_archive.notices.announcing import Breach
from postloan_archive.notices.calling import PlanRun
from postloan_archive.notices.delivery import Dispatch, RecordOutcome
from postloan_archive.notices.errors import NothingToSendError
from postloan_archive.notices.rules.delivery import Channel, Outcome
from postloan_archive.wordgen import docx_text
from tests.builders import a_customer, a_loan
from tests.conftest import NOON
from tests.notices.conftest import ADDRESS, LOAN, TODAY, an_overdue_loan

BREACH = Breach(fact="未按约定用途使用贷款", due_from=TODAY + timedelta(days=6))
RUNNING = "JJ2025-0300"


def plan(uow, kind, *numbers, **more):
    return service.plan_run(
        uow, PlanRun(kind=kind, as_of=TODAY, loan_nos=numbers or None, **more)
    )


def errors(run):
    return [row["text"] for row in run.notices[0].problems if row["severity"] == "error"]


@pytest.fixture
def running_loan(new_uow):
    """A bullet loan due in a year, with a clause on acceleration."""
    with new_uow() as uow:
        an_overdue_loan(uow)
        customer = a_customer(uow, name="在期人", id_no="100101199011110030", facts=ADDRESS)
        due = date(2027, 11, 20)
        a_loan(
            uow,
            loan_no=RUNNING,
            customer_id=customer,
            contract_no="示农商借字2025第0300号",
            disbursed_on=date(2025, 11, 20),
            due_on=due,
            schedule=(
                Scheduled(due_on=due, principal=Decimal(100_000), interest=Decimal("12166.67")),
            ),
            loan_facts={"pay_account": "0000 0201"},
            contract_facts={"clauses": {"acceleration": "第八条", "interest": "第三条"}},
        )


@pytest.mark.usefixtures("running_loan")
def test_an_acceleration_needs_a_breach_a_clause_and_a_day(new_uow):
    with new_uow() as uow:
        bare = errors(plan(uow, "N03", RUNNING))
        assert bare == ["缺少：违约事实", "请填写宣布到期日。"]
        early = Breach(fact="违约", due_from=TODAY - timedelta(days=1))
        assert "早于数据截至日" in errors(plan(uow, "N03", RUNNING, breach=early))[0]
        over = errors(plan(uow, "N03", LOAN, breach=BREACH))
        assert over == [
            "缺少：提前到期条款（合同资料）",
            "贷款于 2026-08-24 到期，无须宣布提前到期。",
        ]
    with pytest.raises(NothingToSendError), new_uow() as uow:
        plan(uow, "N03", breach=BREACH)


@pytest.mark.usefixtures("running_loan")
def test_an_acceleration_demands_everything_on_its_day_and_is_checked_again(new_uow):
    with new_uow() as uow:
        run = plan(uow, "N03", RUNNING, breach=BREACH)
        run_id, notice_id = run.id, run.notices[0].id
    with new_uow() as uow:
        service.recheck_run(uow, run_id)
        notice = queries.get_notice(uow, notice_id)
        text = docx_text(service.preview(uow, notice))

    assert notice.state == "draft"
    # 375 days from 20 November 2025 to 30 November 2026 at 6 % on 360 days
    assert notice.total == Decimal("106250.00")
    assert "自2026年11月30日起提前到期" in text
    assert "违约情形：未按约定用途使用贷款。" in text
    assert "合同第八条" in text


@pytest.mark.parametrize(("arrived", "due"), [(2, 6), (9, 9)])
@pytest.mark.usefixtures("running_loan")
def test_a_confirmed_arrival_makes_the_loan_due_and_a_strike_takes_it_back(
    new_uow, system, runner, proof_paper, arrived, due
):
    with new_uow() as uow:
        run = plan(uow, "N03", RUNNING, breach=BREACH)
        notice_id = run.notices[0].id
        service.start_run(uow, run.id)
    runner.run_until_empty()
    paper = proof_paper(RUNNING)
    with new_uow() as uow:
        delivery.dispatch(uow, Dispatch(notice_ids=(notice_id,), channel=Channel.EMS, on=TODAY))
    later = replace(system, clock=FrozenClock(NOON + timedelta(days=arrived)))
    on = TODAY + timedelta(days=arrived)
    with later.unit_of_work(Actor.program("cli")) as uow:
        delivery.record_outcome(
            uow,
            RecordOutcome(
                notice_id=notice_id, outcome=Outcome.ARRIVED, on=on, document_id=paper
            ),
        )
        delivery.confirm_effect(uow, notice_id)

    with new_uow() as uow:
        loan = uow.session.scalar(select(Loan).where(Loan.loan_no == RUNNING))
        assert loan.accelerated_on == TODAY + timedelta(days=due)
        with pytest.raises(AcceleratedElsewhereError):
            accelerate(uow, loan.id, TODAY, reason="x")
        delivery.strike_effect(uow, notice_id, "送达记录有误")
        assert loan.accelerated_on is None


def test_a_firm_demand_names_what_was_sent_before(new_uow, issued):
    with new_uow() as uow:
        an_overdue_loan(uow, loan_no="JJ2025-0002", number=2)
        missing = plan(uow, "N05", "JJ2025-0002")
        assert errors(missing) == ["缺少：此前的催收函（先发催收通知书）"]
    issued("N02", (LOAN,))
    with new_uow() as uow:
        run = plan(uow, "N05", LOAN)
        assert run.notices[0].state == "draft"
        text = docx_text(service.preview(uow, run.notices[0]))
    assert "我行于2026年11月24日发出〔2026〕催字第0001号《贷款逾期催收通知书》" in text


@pytest.mark.usefixtures("loan")
def test_a_new_rate_is_announced_around_its_day(new_uow):
    with new_uow() as uow:
        assert errors(plan(uow, "N10", LOAN)) == ["没有登记利率调整。"]
        ledger.change_rate(uow, LOAN, date(2026, 12, 1), Decimal("5.50"), "合同第三条及LPR调整")
    with new_uow() as uow:
        run = plan(uow, "N10")
        text = docx_text(service.preview(uow, run.notices[0]))
    assert run.notices[0].state == "draft"
    assert "6%" in text
    assert "5.5%" in text
    assert "自2026年12月1日起调整" in text


@pytest.mark.usefixtures("loan")
def test_only_a_settled_loan_is_certified_and_once(new_uow, runner):
    with new_uow() as uow:
        owed = errors(plan(uow, "N13", LOAN))
        assert owed[0] == "缺少：结清日"
        assert "不能出具结清证明" in owed[1]
    with pytest.raises(NothingToSendError), new_uow() as uow:
        plan(uow, "N13")
    with new_uow() as uow:
        settled = an_overdue_loan(uow, loan_no="JJ2025-0002", number=2)
        ledger.book_payment(
            uow,
            ledger.BookPayment(
                loan_no=settled.loan_no,
                paid_on=date(2026, 8, 24),
                amount=Decimal("106083.33"),
                to_principal=Decimal(100_000),
                to_interest=Decimal("6083.33"),
                receipt_no="R1",
            ),
        )
        settled.settled_on = date(2026, 8, 24)
    with new_uow() as uow:
        run = plan(uow, "N13")
        assert [row.addressee for row in queries.letters_of(uow, run)] == ["借款人2"]
        assert "2026年8月24日全部结清" in docx_text(service.preview(uow, run.notices[0]))
        service.start_run(uow, run.id)
    runner.run_until_empty()
    with pytest.raises(NothingToSendError), new_uow() as uow:
        plan(uow, "N13")
