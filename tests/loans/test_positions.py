"""The cached position follows the facts, counts every loan once and can be thrown away."""

from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import delete, event, func, select

from postloan_archive.archive import gaps
from postloan_archive.audit import AuditRow
from postloan_archive.jobs import JobRunner
from postloan_archive.loans import positions, service, standing
from postloan_archive.loans.derivation import position_of
from postloan_archive.loans.models import Loan, LoanPosition
from postloan_archive.loans.rules.stages import IN_COURT, Stage, court_stages_up_to, stage_of
from postloan_archive.loans.service import (
    BookPayment,
    NewGuarantee,
    NoteLimitationEvent,
    Scheduled,
)
from tests.builders import a_customer, a_loan

TODAY = date(2026, 11, 24)


def late_loan(uow, **changes) -> Loan:
    """Due on 23 August 2026, nothing paid, a joint guarantor for six months."""
    guarantor = a_customer(uow, name="卫南乔", id_no="100101198501010053")
    values = {
        "disbursed_on": date(2025, 8, 23),
        "due_on": date(2026, 8, 23),
        "schedule": (
            Scheduled(
                due_on=date(2026, 8, 23),
                principal=Decimal(100_000),
                interest=Decimal("6083.33"),
            ),
        ),
        "guarantees": (
            NewGuarantee(
                guarantor_id=guarantor,
                contract_no="示农商保字2025第0001号",
                kind="joint",
                signed_on=date(2025, 8, 20),
            ),
        ),
    }
    return a_loan(uow, **(values | changes))


def stored(uow, loan_id: int = 1):
    return uow.session.execute(
        select(*LoanPosition.__table__.c).where(LoanPosition.loan_id == loan_id)
    ).one()


def test_a_registered_loan_has_its_position_at_once(new_uow):
    with new_uow() as uow:
        late_loan(uow)

    with new_uow() as uow:
        row = stored(uow)
        owed = position_of(uow.session.get_one(Loan, 1), TODAY).value
        assert (row.as_of, row.balance) == (TODAY, Decimal("100000.00"))
        assert row.principal_due == owed.principal_due
        assert row.penalty == owed.penalty > 0
        assert (row.overdue_days, row.bucket, row.class_floor) == (93, "M4", "次级")
        assert row.stage == "overdue"
        assert row.limitation_end == date(2029, 8, 23)
        assert row.guarantee_end == date(2027, 2, 23)


def test_a_payment_moves_it(new_uow):
    with new_uow() as uow:
        loan = late_loan(uow)
        service.book_payment(
            uow,
            BookPayment(
                loan_no=loan.loan_no,
                paid_on=TODAY,
                amount=Decimal("106083.33"),
                to_principal=Decimal(100_000),
                to_interest=Decimal("6083.33"),
                receipt_no="SK1",
            ),
        )

    with new_uow() as uow:
        row = stored(uow)
        assert (row.balance, row.overdue_days, row.bucket) == (Decimal("0.00"), 0, "M0")
        assert (row.stage, row.limitation_by, row.guarantee_by) == ("performing", None, None)


def test_a_demand_moves_the_limitation_and_the_guarantee(new_uow):
    with new_uow() as uow:
        loan = late_loan(uow)
        for guarantee_id in (None, loan.guarantees[0].id):
            service.note_limitation_event(
                uow,
                NoteLimitationEvent(
                    loan_no=loan.loan_no,
                    kind="demand",
                    happened_on=date(2026, 10, 12),
                    level="A",
                    guarantee_id=guarantee_id,
                ),
            )

    with new_uow() as uow:
        row = stored(uow)
        assert row.limitation_end == date(2029, 10, 12)
        assert row.guarantee_end is None  # claimed inside the period


def test_an_unconfirmed_demand_moves_nothing(new_uow):
    with new_uow() as uow:
        loan = late_loan(uow)
        before = stored(uow).limitation_end
        service.note_limitation_event(
            uow,
            NoteLimitationEvent(
                loan_no=loan.loan_no,
                kind="demand",
                happened_on=date(2026, 10, 12),
                level="A",
                confirmed=False,
            ),
        )
        assert stored(uow).limitation_end == before


def test_the_night_writes_every_loan_and_again_the_same(new_uow, system):
    with new_uow() as uow:
        for number in range(1, 8):
            a_loan(uow, loan_no=f"JJ{number}", contract_no=f"C{number}")
        uow.session.execute(delete(LoanPosition))

    run_the_night(system)
    first = everything(new_uow)
    run_the_night(system)

    assert len(first) == 7
    assert everything(new_uow) == first
    with new_uow() as uow:
        nights = select(func.count()).where(AuditRow.event == "loans.positions_refreshed")
        assert uow.session.scalar(nights) == 2


def test_a_batch_asks_the_database_the_same_number_of_times(new_uow, system):
    with new_uow() as uow:
        for number in range(1, 21):
            a_loan(uow, loan_no=f"JJ{number}", contract_no=f"C{number}")

    counts = []
    for limit in (2, 20):
        asked = []
        event.listen(system.engine, "before_cursor_execute", lambda *_, a=asked: a.append(1))
        with new_uow() as uow:
            positions.refresh_batch(uow, limit=limit)
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_another_day_gives_another_position(new_uow):
    with new_uow() as uow:
        late_loan(uow)
        positions.refresh_batch(uow, as_of=date(2026, 8, 23))
        row = stored(uow)
        assert (row.as_of, row.overdue_days, row.stage) == (
            date(2026, 8, 23),
            0,
            "performing",
        )


def test_a_stage_in_court_asks_for_other_papers(new_uow, system):
    with new_uow() as uow:
        loan = late_loan(uow, customer_id=married(uow))
        gaps.refresh(uow, loan.id)
        before = stored(uow)
        standing.report_court_stage(uow, loan.id, Stage.JUDGED)
    drain(system)

    with new_uow() as uow:
        row = stored(uow)
        assert row.stage == "judged"
        assert row.items_need == before.items_need + 4  # BQ05 BQ06 BQ08 BQ10
        assert " BQ10 " in row.items_missing
        assert row.items_have == 0


def test_a_measure_asks_for_its_ruling(new_uow, system):
    with new_uow() as uow:
        loan = late_loan(uow, customer_id=married(uow))
        standing.report_measure(uow, loan.id)
        standing.report_measure(uow, loan.id)
    drain(system)

    with new_uow() as uow:
        assert " BQ07 " in stored(uow).items_missing


def test_a_paper_that_arrives_is_taken_off(new_uow):
    with new_uow() as uow:
        loan = late_loan(uow, customer_id=married(uow))
        gaps.refresh(uow, loan.id)
        before = stored(uow)
        positions.note_arrived(uow, loan.id, "YJ01")
        positions.note_arrived(uow, loan.id, "YJ01")
        row = stored(uow)
        assert row.items_have == before.items_have + 1
        assert " YJ01 " not in row.items_missing
        assert row.items_missing.split() == [
            code for code in before.items_missing.split() if code != "YJ01"
        ]


def test_what_cannot_be_counted_says_why(new_uow):
    with new_uow() as uow:
        loan = late_loan(uow)  # nobody knows whether the borrower is married
        gaps.refresh(uow, loan.id)
        row = stored(uow)
        assert (row.items_have, row.items_need) == (None, None)
        assert "已婚" in row.items_unknown


@pytest.mark.parametrize(
    ("court", "days", "settled", "stage"),
    [
        ("performing", 0, None, Stage.PERFORMING),
        ("performing", 1, None, Stage.OVERDUE),
        ("litigation", 0, None, Stage.LITIGATION),
        ("enforcement", 400, None, Stage.ENFORCEMENT),
        ("judged", 400, TODAY, Stage.SETTLED),
        ("a word nobody knows", 1, None, Stage.OVERDUE),
    ],
)
def test_the_stage_is_the_furthest_one(court, days, settled, stage):
    found = stage_of(court=court, overdue_days=days, settled_on=settled, as_of=TODAY)
    assert found is stage


def test_earlier_court_stages_stay_in_the_file():
    assert court_stages_up_to(Stage.ENFORCEMENT) == IN_COURT
    assert court_stages_up_to(Stage.LITIGATION) == (Stage.LITIGATION,)
    assert court_stages_up_to(Stage.OVERDUE) == ()


def married(uow) -> int:
    return a_customer(uow, facts={"married": True})


def drain(system) -> None:
    handlers = {**gaps.handlers(system), **positions.handlers(system)}
    JobRunner(system.engine, handlers, clock=system.clock).run_until_empty()


def run_the_night(system) -> None:
    with system.unit_of_work(positions.NIGHT) as uow:
        uow.enqueue(positions.REFRESH)
    drain(system)


def everything(new_uow) -> list[tuple]:
    with new_uow() as uow:
        table = LoanPosition.__table__
        return [tuple(row) for row in uow.session.execute(select(table).order_by("loan_id"))]
