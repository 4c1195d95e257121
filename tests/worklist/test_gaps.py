"""What must not be forgotten: each list holds what lacks something, and nothing else."""

from datetime import date, timedelta
from decimal import Decimal

from sqlalchemy import select

from postloan_archive.cases.models import Case
from postloan_archive.collection.models import Contact, Promise
from postloan_archive.loans.models import Loan
from postloan_archive.notices.models import Notice, NoticeRun
from postloan_archive.worklist import gaps
from postloan_archive.worklist.models import Deadline
from tests.worklist.conftest import (
    TODAY,
    a_demand,
    text_of,
    total_of,
)


def test_a_case_without_a_future_date_is_listed_until_it_has_one(legal, new_uow):
    listed = text_of(legal.get("/deadlines?gap=case_without_date"))
    assert total_of(listed) == 1
    assert "JJ2025-0002" in listed

    with new_uow() as uow:
        case_no = uow.session.scalars(
            select(Case.case_no)
            .join(Loan, Loan.id == Case.loan_id)
            .where(Loan.loan_no == "JJ2025-0002")
        ).one()
    form = {"loan_no": "JJ2025-0002", "kind": "other", "title": "问法院", "day": "2026-12-01"}
    legal.post("/deadlines/new", form | {"case_no": case_no})
    assert total_of(text_of(legal.get("/deadlines?gap=case_without_date"))) == 0


def test_a_renewal_not_asked_for_is_listed_from_the_first_reminder(legal, new_uow):
    assert total_of(text_of(legal.get("/deadlines?gap=renewal_missing"))) == 4
    with new_uow() as uow:
        for one in uow.session.scalars(select(Deadline).where(Deadline.kind == "renewal")):
            one.remind_from = date(2026, 11, 25)
    assert total_of(text_of(legal.get("/deadlines?gap=renewal_missing"))) == 0


def test_a_renewal_goes_to_the_manager_five_working_days_before_its_last_day(legal):
    listed = text_of(legal.get("/deadlines?gap=renewal_escalated"))

    # The last days to ask are 2026-11-06, -13 and -20, and 2026-12-02: five working days
    # before that is 2026-11-25, tomorrow.
    assert total_of(listed) == 3
    assert "报主管" in listed


def test_an_interruption_without_a_paper_is_listed(legal):
    listed = text_of(legal.get("/deadlines?gap=limitation_unproven"))

    assert total_of(listed) == 1
    assert "JJ2025-0001" in listed


def test_a_letter_without_a_receipt_is_listed_after_its_days(legal, new_uow):
    with new_uow() as uow:
        loan = uow.session.scalars(select(Loan).where(Loan.loan_no == "JJ2025-0001")).one()
        run = NoticeRun(
            run_no="CH2026-0001",
            kind="N02",
            as_of=TODAY,
            template_name="n02",
            template_sha256="0" * 64,
            created_by="legal",
            created_at=uow.clock.now(),
        )
        for number, sent in ((1, date(2026, 11, 9)), (2, date(2026, 11, 10))):
            run.notices.append(
                Notice(
                    position=number,
                    kind="N02",
                    loan_id=loan.id,
                    branch_id=loan.branch_id,
                    addressee_id=loan.customer_id,
                    serial_no=f"〔2026〕催字第000{number}号",
                    state="issued",
                    issued_on=sent,
                    dispatched_on=sent,
                )
            )
        uow.session.add(run)

    listed = text_of(legal.get("/deadlines?gap=letter_unanswered"))
    assert total_of(listed) == 1
    assert "〔2026〕催字第0001号" in listed


def test_a_proposal_waits_for_a_person(legal, new_uow):
    with new_uow() as uow:
        loan = uow.session.scalars(select(Loan).where(Loan.loan_no == "JJ2025-0003")).one()
        a_demand(uow, loan, date(2026, 10, 1), confirmed=False, level="C")

    assert total_of(text_of(legal.get("/deadlines?gap=proposal_waiting"))) == 1
    assert {key for key, _, _ in gaps_of(new_uow)} == set(gaps.LABELS)


def gaps_of(new_uow):
    with new_uow() as uow:
        return gaps.counts(uow)


def test_a_broken_promise_is_listed_until_somebody_speaks_to_the_debtor(legal, new_uow):
    with new_uow() as uow:
        loan = uow.session.scalars(select(Loan).where(Loan.loan_no == "JJ2025-0003")).one()
        contact = Contact(
            loan_id=loan.id,
            branch_id=loan.branch_id,
            customer_id=loan.customer_id,
            at=uow.clock.now() - timedelta(days=30),
            channel="call",
            target="debtor",
            person="张三",
            purpose="催收",
            result="promise",
            made_by="legal",
            noted_at=uow.clock.now(),
        )
        uow.session.add(contact)
        uow.session.flush()
        uow.session.add(
            Promise(
                loan_id=loan.id,
                branch_id=loan.branch_id,
                contact_id=contact.id,
                promised_on=date(2026, 10, 25),
                due_on=date(2026, 11, 10),
                amount=Decimal(5000),
                paid=Decimal(0),
                state="broken",
                judged_on=date(2026, 11, 11),
            )
        )
    listed = text_of(legal.get("/deadlines?gap=promise_broken"))
    assert total_of(listed) == 1
    assert "承诺还款 5,000.00 元" in listed
