"""Back from non-performing, the debtor as a whole, and the month that begins by itself."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from postloan_archive.inspection import jobs, queries
from postloan_archive.inspection.errors import InspectionThingNotFoundError, OwnFactError
from postloan_archive.inspection.rules import NplState, upgrade_allowed
from postloan_archive.inspection.service import classes, facts, signals
from postloan_archive.inspection.service.facts import NoteFact
from postloan_archive.kernel.policy import STANDARD_POLICY
from postloan_archive.loans import queries as loans
from postloan_archive.loans import standing
from postloan_archive.loans.rules.ageing import RiskClass
from postloan_archive.loans.service import BookPayment, book_payment
from postloan_archive.policy import service as policy_service
from postloan_archive.policy.service import ChangePolicy
from postloan_archive.policy.settings import stored
from tests.builders import a_customer
from tests.reports.conftest import TODAY, late, refresh

CLEARED = date(2026, 1, 20)
MONTHLY = tuple(date(2026, month, 20) for month in range(1, 13))


@pytest.mark.parametrize(
    ("changes", "as_of", "allowed"),
    [
        ({"cleared_on": None}, date(2026, 12, 31), False),
        ({}, date(2026, 7, 20), False),  # the last day of six months
        ({}, date(2026, 7, 21), True),
        ({"due_days": MONTHLY}, date(2026, 7, 21), True),  # two periods were over in March
        (
            {"due_days": (date(2026, 6, 20), date(2026, 12, 20))},  # half-yearly: two periods
            date(2026, 12, 20),
            False,
        ),
        ({"due_days": (date(2026, 6, 20), date(2026, 12, 20))}, date(2026, 12, 21), True),
        ({"other_npl": True}, date(2026, 12, 31), False),
    ],
)
def test_a_bad_loan_is_good_again_after_two_periods_and_six_months(changes, as_of, allowed):
    found = upgrade_allowed(NplState(**{"cleared_on": CLEARED, **changes}), as_of)
    assert found.value is allowed
    assert found.basis[0].rule == "R-G03"


@pytest.fixture
def company(new_uow, people):
    """KK1 calm and KK2 200 days late, both of one company, in two branches; KK3 of a person."""
    del people
    with new_uow() as uow:
        values = {"kind": "company", "name": "示范公司", "id_no": "91310000MA1FL00017"}
        late(uow, "KK1", -90, customer_id=a_customer(uow, **values))
        other = a_customer(uow, branch="0202", **values)
        late(uow, "KK2", 200, branch="0202", customer_id=other)
        person = late(uow, "KK3", 30)
        standing.report_class(uow, person.id, RiskClass.SUBSTANDARD, "认定")
    refresh(new_uow)


def proposals(new_uow) -> dict[str, tuple[str, str]]:
    with new_uow() as uow:
        classes.propose(uow, "2026-11")
        return {
            head.loan_no: (row.floor, "；".join(row.reasons))
            for row, head in queries.decisions(uow, "2026-11")
        }


@pytest.mark.usefixtures("company")
def test_one_bad_loan_makes_all_loans_of_a_company_bad(new_uow):
    found = proposals(new_uow)
    assert found["KK1"][0] == "次级"
    assert "本行债权中不良的占比" in found["KK1"][1]
    assert found["KK3"][0] == "次级"  # it is overdue: no way back yet
    assert "欠款未结清" in found["KK3"][1]


@pytest.mark.usefixtures("company")
def test_paid_up_it_still_waits_six_months(new_uow):
    with new_uow() as uow:
        book_payment(
            uow,
            BookPayment(
                loan_no="KK3",
                paid_on=TODAY - timedelta(days=1),
                amount=Decimal(100000),
                to_principal=Decimal(90000),
                to_interest=Decimal("6083.33"),
                to_penalty=Decimal("3916.67"),
                receipt_no="R1",
            ),
        )
    refresh(new_uow)
    assert proposals(new_uow)["KK3"][0] == "次级"


@pytest.mark.usefixtures("company")
def test_the_month_begins_by_itself_and_only_once(new_uow, system):
    assert jobs.begin_month(system) == 3
    assert jobs.begin_month(system) == 0
    with new_uow() as uow:
        assert queries.count_decisions(uow, "2026-11", queries.AskedClasses()) == 3


@pytest.mark.parametrize(
    ("day", "months", "then"),
    [
        (date(2026, 11, 24), 12, date(2025, 11, 24)),
        (date(2026, 3, 31), 1, date(2026, 2, 28)),
        (date(2026, 1, 15), 3, date(2025, 10, 15)),
    ],
)
def test_months_are_counted_back_to_the_same_day(day, months, then):
    assert queries.months_before(day, months) == then


@pytest.mark.usefixtures("company")
def test_the_bank_sets_its_own_intervals(new_uow):
    with new_uow() as uow:
        usual = queries.intervals_of(uow)
        policy_service.change_policy(
            uow,
            ChangePolicy(
                values=stored(STANDARD_POLICY) | {"inspect_company_months": 6},
                reason="风险部审定",
                seen=0,
            ),
        )
        assert queries.intervals_of(uow) == replace(usual, company_normal_months=6)


def test_a_technical_reason_counts_once_another_person_approves(acting, ledger):
    del ledger
    with acting("legal") as uow:
        note = NoteFact(loan_no="JJ1", name=facts.TECHNICAL, note="系统扣款失败")
        number = facts.note_fact(uow, note).id
        with pytest.raises(OwnFactError):
            facts.approve_fact(uow, number)
        loan_id = loans.get_loan(uow, "JJ1").id
        known = facts.known_facts(uow).of(loan_id, TODAY, retail=True, overdue_since=None)
        assert known[0].technical_reason is False
        assert "尚未经另一人批准" in known[1][0]
    with acting("branch_manager") as uow:
        facts.approve_fact(uow, number)
        known = facts.known_facts(uow).of(loan_id, TODAY, retail=True, overdue_since=None)
        assert known[0].technical_reason is True
        with pytest.raises(InspectionThingNotFoundError):
            facts.approve_fact(uow, number)


def test_signals_are_filtered_and_handed_out(browser, acting, ledger):
    del ledger
    with acting("account_manager") as uow:
        signals.raise_signal(uow, "JJ1", "经营", "停产")
        signals.raise_signal(uow, "JJ2", "财务", "亏损")
    page = browser("account_manager").get("/signals?kind=经营").get_data(as_text=True)
    assert "停产" in page
    assert "亏损" not in page
    assert "亏损" in browser("legal").get("/signals?q=JJ2").get_data(as_text=True)
    assert "停产" not in browser("other_branch").get("/signals").get_data(as_text=True)
    for path in (
        "/signals/list.xlsx",
        "/inspections.xlsx?kind=日常检查",
        "/signals?branch=²&state=x",
    ):
        assert browser("legal").get(path).status_code == 200, path
