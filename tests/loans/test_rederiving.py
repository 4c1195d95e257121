"""Facts that come late: payments struck, money and rates of before, terms agreed (R-F20)."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import select

from postloan_archive.audit import AuditRow
from postloan_archive.loans import amending, repaying, reversing
from postloan_archive.loans.amending import AmendPlan
from postloan_archive.loans.derivation import position_of
from postloan_archive.loans.ledger_rows import load_facts
from postloan_archive.loans.models import Amendment, Loan, LoanPosition, Payment, RateChange
from postloan_archive.loans.rules.new_plan import Method, NewPlan
from postloan_archive.loans.rules.position import position
from postloan_archive.loans.rules.replay import LaterFactRefusesError
from tests.builders import in_four_instalments

PAY = {"receipt_no": "SK1", "keep": "plain", "channel": "自主还款", "act": "save"}


@pytest.fixture
def loan_no(people, new_uow):
    """40,000 yuan in four instalments from September on; today is 24 November 2026."""
    del people
    with new_uow() as uow:
        return in_four_instalments(uow, loan_facts={"product": "经营贷"}).loan_no


def pay(new_uow, loan_no, on, amount, receipt_no, keep=None):
    with new_uow() as uow:
        repaying.record_payment(
            uow,
            repaying.RecordPayment(
                loan_no=loan_no,
                paid_on=date.fromisoformat(on),
                amount=Decimal(amount),
                receipt_no=receipt_no,
                keep=keep,
            ),
        )


def rate(new_uow, loan_no, on, percent):
    with new_uow() as uow:
        repaying.set_rate(
            uow,
            repaying.SetRate(
                loan_no=loan_no,
                effective_on=date.fromisoformat(on),
                annual_rate=Decimal(percent),
                basis="补充协议",
            ),
        )


def state(new_uow):
    """Everything that a later entry may have moved, as plain values."""
    with new_uow() as uow:
        loan = uow.session.scalars(select(Loan)).one()
        days = [date(2026, month, 28) for month in range(8, 13)]
        return {
            "plan": [(row.due_on, row.principal, row.interest) for row in loan.schedule],
            "due_on": loan.due_on,
            "rates": [(row.effective_on, row.annual_rate) for row in loan.rate_changes],
            "payments": [
                (row.receipt_no, row.to_principal, row.to_interest, row.to_penalty)
                for row in loan.payments
            ],
            "days": [position_of(loan, day).value for day in days],
        }


def text_of(reply, status: int = 200) -> str:
    assert reply.status_code == status
    return reply.get_data(as_text=True)


def test_a_payment_is_struck_from_its_own_day(loan_no, browser, new_uow):
    empty = state(new_uow)
    clerk = browser("archive_clerk")
    url = f"/loans/{loan_no}/payments"
    clerk.post(f"{url}/new", PAY | {"paid_on": "2026-09-20", "amount": "10600"})
    form = {"reversed_on": "2026-11-20", "reason": "重复入账"}
    page = text_of(clerk.post(f"{url}/SK1/reversal", form))
    assert "改变什么" in page
    assert '<s class="muted">30,000.00</s> → <b>40,000.00</b>' in page
    assert clerk.post(f"{url}/SK1/reversal", form | {"act": "save"}).status_code == 302
    assert state(new_uow) == empty
    with new_uow() as uow:
        row = uow.session.scalars(select(Payment)).one()
        assert (row.reversed_on, row.reversal_reason) == (date(2026, 11, 20), "重复入账")
        assert uow.session.scalars(select(LoanPosition.balance)).one() == 40_000
        (found,) = load_facts(uow.session, [row.loan_id])
        assert found.facts.payments == ()
        assert "loans.payment_reversed" in set(uow.session.scalars(select(AuditRow.event)))
    page = text_of(clerk.get(f"/loans/{loan_no}/repayment"))
    assert "重复入账" in page
    assert "已于 2026-11-20 冲正" in text_of(clerk.post(f"{url}/SK1/reversal", form), 422)
    again = clerk.post(f"{url}/new", PAY | {"paid_on": "2026-09-20", "amount": "10600"})
    assert "请用新的凭证号" in text_of(again, 422)


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({"reversed_on": "2026-09-19"}, "应在还款日"),
        ({"reversed_on": "2099-01-01"}, "应在还款日"),
        ({"reason": "  "}, "请写明冲正原因"),
    ],
)
def test_a_reversal_that_cannot_be_says_why(loan_no, browser, new_uow, changes, word):
    pay(new_uow, loan_no, "2026-09-20", "10600", "SK1")
    form = {"reversed_on": "2026-11-20", "reason": "串户", "act": "save"} | changes
    clerk = browser("archive_clerk")
    reply = clerk.post(f"/loans/{loan_no}/payments/SK1/reversal", form)
    assert word in text_of(reply, 422)
    assert clerk.get(f"/loans/{loan_no}/payments/NONE/reversal").status_code == 404


def test_a_settled_loan_is_open_again(loan_no, new_uow):
    pay(new_uow, loan_no, "2026-09-20", "10600", "SK1")
    with new_uow() as uow:
        uow.session.scalars(select(Loan)).one().settled_on = date(2026, 10, 1)
    with new_uow() as uow:
        cmd = reversing.ReversePayment(
            loan_no=loan_no, receipt_no="SK1", reversed_on=date(2026, 11, 1), reason="退票"
        )
        assert reversing.preview_reversal(uow, cmd).reopened
        reversing.reverse_payment(uow, cmd)
    with new_uow() as uow:
        assert uow.session.scalars(select(Loan.settled_on)).one() is None


ORDERS = [
    ["pay", "ahead", "rate"], ["rate", "pay", "ahead"], ["ahead", "rate", "pay"],
    ["ahead", "pay", "rate"],
]  # fmt: skip


def test_the_order_of_entering_facts_changes_nothing(people, new_uow):
    del people
    seen = []
    for n, order in enumerate(ORDERS):
        with new_uow() as uow:
            number = in_four_instalments(
                uow,
                loan_no=f"JJ2026-{n}",
                contract_no=f"C{n}",
            ).loan_no
        steps = {
            "pay": lambda no=number: pay(new_uow, no, "2026-09-25", "3000", "SK1"),
            "ahead": lambda no=number: pay(
                new_uow, no, "2026-10-12", "20000", "SK2", repaying.Keep.TERM
            ),
            "rate": lambda no=number: rate(new_uow, no, "2026-10-01", "4.8"),
        }
        for step in order:
            steps[step]()
        with new_uow() as uow:
            loan = uow.session.scalars(select(Loan).where(Loan.loan_no == number)).one()
            (found,) = load_facts(uow.session, [loan.id])
            days = [date(2026, month, day) for month in range(8, 13) for day in (1, 20, 27)]
            seen.append(
                (
                    [(row.due_on, row.principal, row.interest) for row in loan.schedule],
                    [(row.receipt_no, row.to_principal, row.to_interest, row.to_penalty)
                     for row in loan.payments],
                    [(row.effective_on, row.annual_rate) for row in loan.rate_changes],
                    [replace(position_of(loan, day).value, until_paid="") for day in days],
                )
            )  # fmt: skip
            assert [
                replace(position(found.facts, day, detail=False).value, until_paid="")
                for day in days
            ] == seen[-1][-1]
    assert all(one == seen[0] for one in seen[1:])


def test_a_reversed_prepayment_brings_the_old_plan_back(loan_no, new_uow):
    rate(new_uow, loan_no, "2026-09-05", "5")
    before = state(new_uow)
    pay(new_uow, loan_no, "2026-10-12", "30000", "SK1", repaying.Keep.PAYMENT)
    rate(new_uow, loan_no, "2026-10-15", "4")
    with new_uow() as uow:
        cmd = reversing.ReversePayment(
            loan_no=loan_no, receipt_no="SK1", reversed_on=date(2026, 11, 1), reason="退票"
        )
        assert "利率调整按原协议条件重新推导" in reversing.preview_reversal(uow, cmd).changes[0]
        reversing.reverse_payment(uow, cmd)
    after = state(new_uow)
    assert after["due_on"] == before["due_on"]
    assert after["days"][:2] == before["days"][:2]
    assert sum(row[1] for row in after["plan"]) == 40_000
    with new_uow() as uow:
        rows = uow.session.scalars(select(Amendment).order_by(Amendment.id)).all()
        assert [row.struck_at is None for row in rows] == [True, False, True]
        assert rows[2].terms["superseded"]  # the plan with the prepayment is kept


def test_a_day_before_a_restructuring_has_the_plan_of_that_day(loan_no, new_uow):
    pay(new_uow, loan_no, "2026-09-20", "10600", "SK1")
    day = date(2026, 11, 10)
    with new_uow() as uow:
        loan = uow.session.scalars(select(Loan)).one()
        loan.accelerated_on = date(2026, 11, 1)
    with new_uow() as uow:
        loan = uow.session.scalars(select(Loan)).one()
        old = position_of(loan, day).value
        assert old.principal_due == 30_000  # all of it, by acceleration
        amending.amend(
            uow,
            AmendPlan(
                loan_id=loan.id,
                kind="restructuring",
                plan=NewPlan(
                    effective_on=date(2026, 11, 20),
                    due_on=date(2027, 5, 20),
                    annual_rate_pct=Decimal(5),
                    method=Method.EQUAL_PRINCIPAL,
                    first_due_on=date(2026, 12, 20),
                    months=6,
                ),
                reference="CZ1",
            ),
        )
    with new_uow() as uow:
        loan = uow.session.scalars(select(Loan)).one()
        assert position_of(loan, day).value == old
        assert position_of(loan, date(2026, 11, 21)).value.principal_due == 0
        (found,) = load_facts(uow.session, [loan.id])
        assert position(found.facts, day).value == old
    # Money of before the agreement: split on the plan of its day, the new plan made again.
    pay(new_uow, loan_no, "2026-10-20", "10600", "SK2")
    with new_uow() as uow:
        loan = uow.session.scalars(select(Loan)).one()
        row = next(one for one in loan.payments if one.receipt_no == "SK2")
        assert (row.to_principal, row.to_interest) == (10_000, 600)
        coming = [one for one in loan.schedule if one.due_on > date(2026, 11, 20)]
        assert sum(one.principal for one in coming) == 20_000
        assert len(coming) == 6
    with new_uow() as uow, pytest.raises(LaterFactRefusesError, match="重组"):
        repaying.record_payment(
            uow,
            repaying.RecordPayment(
                loan_no=loan_no,
                paid_on=date(2026, 11, 19),
                amount=position_of(uow.session.scalars(select(Loan)).one(), date(2026, 11, 19))
                .value.total,
                receipt_no="SK3",
            ),
        )  # fmt: skip


def test_a_rate_of_before_moves_what_was_divided_later(loan_no, browser, new_uow):
    pay(new_uow, loan_no, "2026-10-25", "11000", "SK1")
    legal = browser("legal")
    form = {"effective_on": "2026-09-01", "annual_rate": "3", "basis": "补充协议"}
    page = text_of(legal.post(f"/loans/{loan_no}/rate", form))
    assert "后面的还款重新分配" in page
    assert '<td class="mono">SK1</td>' in page
    assert legal.post(f"/loans/{loan_no}/rate", form | {"act": "save"}).status_code == 302
    with new_uow() as uow:
        row = uow.session.scalars(select(Payment)).one()
        assert (
            row.to_costs
            + row.to_principal
            + row.to_interest
            + row.to_penalty
            + (row.to_compound)
            == 11_000
        )
        assert [one.annual_rate for one in uow.session.scalars(select(RateChange))] == [3]


def test_what_the_contract_agrees_divides_again_what_was_booked(loan_no, browser, new_uow):
    pay(new_uow, loan_no, "2026-10-25", "5000", "SK1")
    clerk = browser("archive_clerk")
    form = {"grace_days": "10天", "order": "先本后息", "prepay_fee_pct": "1%"}
    page = text_of(clerk.post(f"/loans/{loan_no}/terms", form))
    assert "后面的还款重新分配" in page
    assert "宽限期 10 天" in page
    assert clerk.post(f"/loans/{loan_no}/terms", form | {"act": "save"}).status_code == 302
    with new_uow() as uow:
        loan = uow.session.scalars(select(Loan)).one()
        assert loan.agreed["order"] == "本金→复利→罚息→利息→费用"
        assert loan.payments[0].to_principal == 5_000
    page = text_of(clerk.get(f"/loans/{loan_no}/repayment?as_of=2026-11-25"))
    assert "宽限期内，至" not in page
    page = text_of(clerk.get(f"/loans/{loan_no}/repayment?as_of=2026-09-25"))
    assert "宽限期内，至 2026-09-30" in page
    wrong = text_of(clerk.post(f"/loans/{loan_no}/terms", {"order": "利息→本金"}), 422)
    assert "缺 费用" in wrong
    assert "不认识" in text_of(clerk.post(f"/loans/{loan_no}/terms", {"order": "随便"}), 422)
    assert "超过 90 天" in text_of(
        clerk.post(f"/loans/{loan_no}/terms", {"grace_days": "91"}), 422
    )
    assert "不是天数" in text_of(
        clerk.post(f"/loans/{loan_no}/terms", {"grace_days": "²"}), 422
    )


def test_a_product_agrees_for_its_loans(loan_no, browser, new_uow):
    legal = browser("legal")
    assert "经营贷" in text_of(legal.get("/loans/products"))
    url = "/loans/products/经营贷"
    assert legal.post(url, {"grace_days": "5", "grace_mode": "after"}).status_code == 302
    assert "宽限期 5 天" in text_of(legal.get("/loans/products"))
    assert "宽限期 5 天" in text_of(legal.get(f"/loans/{loan_no}/repayment"))
    with new_uow() as uow:
        loan = uow.session.scalars(select(Loan)).one()
        (found,) = load_facts(uow.session, [loan.id])
        assert found.facts.terms.grace_days == 5
        assert position_of(loan, date(2026, 9, 25)).value.penalty == 0
    assert "没有改变" in text_of(
        legal.post(url, {"grace_days": "5", "grace_mode": "after"}), 422
    )
    assert legal.get("/loans/products/无此产品").status_code == 404
