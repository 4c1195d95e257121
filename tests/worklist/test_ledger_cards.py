"""The desk counts what its links list, and says what changed since last month end."""

import re

import pytest

from postloan_archive.loans import standing
from postloan_archive.loans.models import Loan
from postloan_archive.loans.rules.ageing import BUCKET_NAMES, RiskClass, bucket, days_of
from postloan_archive.reports import daily
from postloan_archive.worklist import ledger_cards
from tests.builders import a_loan
from tests.loans.test_positions import late_loan

LINK = re.compile(r'href="(/loans\?[^"]+)">([0-9,]+)</a>')
TOTAL = re.compile(r"合计 ([0-9,]+) 卷")


@pytest.fixture
def ledger(people, new_uow):
    """Two loans of branch 0201, one of them late; yesterday's month end is recorded."""
    del people
    with new_uow() as uow:
        a_loan(uow, loan_no="JJ-OK", contract_no="C-OK")
        late_loan(uow, loan_no="JJ-LATE", contract_no="C-LATE")
        daily.note_day(uow, daily.month_end_before(uow.clock.today()))


def test_every_number_of_the_ledger_leads_to_a_list_of_that_length(ledger, browser):
    del ledger
    who = browser("legal")
    page = who.get("/desk").get_data(as_text=True)
    links = {address.replace("&amp;", "&"): number for address, number in LINK.findall(page)}
    assert any("bucket=late" in address for address in links)
    assert any("class=" in address for address in links)
    for address, number in links.items():
        listed = who.get(address)
        assert listed.status_code == 200
        (total,) = TOTAL.findall(listed.get_data(as_text=True))
        assert total == number, address


def test_the_change_is_against_last_month_end(ledger, new_uow):
    del ledger
    with new_uow() as uow:
        today = uow.clock.today()
        found = ledger_cards.ageing(uow, ledger_cards.then(uow, today))
        assert found.compared_with == daily.month_end_before(today)
        assert (found.total.count, found.total.count_change) == (1, 0)
        late_loan(uow, loan_no="JJ-2", contract_no="C-2")
        after = ledger_cards.ageing(uow, ledger_cards.then(uow, today))
        assert (after.total.count, after.total.count_change) == (2, 1)
        assert after.total.balance_change == after.total.balance - found.total.balance


def test_classes_are_compared_where_a_day_was_recorded(ledger, new_uow):
    del ledger
    with new_uow() as uow:
        loan = uow.session.get(Loan, 1)
        standing.report_class(uow, loan.id, RiskClass("次级"), "试")
        uow.session.flush()
        found = ledger_cards.classes(uow, ledger_cards.then(uow, uow.clock.today()))
    line = next(one for one in found.lines if one.name == "次级")
    assert line.count == 1
    assert line.changes[1] == 1  # since month end
    assert line.changes[2] is None  # nothing was recorded at the year end


def test_buckets_are_ranges_of_days():
    for name in BUCKET_NAMES:
        first, last = days_of(name)
        assert bucket(first) == bucket(last if last is not None else 10_000) == name
        assert bucket(first - 1) != name or first == 0
