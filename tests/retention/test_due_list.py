"""The list of what is due: derived where a period can be over, counted and paged elsewhere."""

from datetime import date

import pytest

from postloan_archive.kernel.actor import Actor
from postloan_archive.retention import due
from postloan_archive.retention.due import Choice
from tests.builders import a_customer
from tests.retention.conftest import old_loan

CLI = Actor.program("cli")


@pytest.fixture
def settled(people, new_uow) -> None:
    """Three files whose period is over, 25 whose period cannot be."""
    del people
    with new_uow() as uow:
        person = a_customer(uow)
        for number in range(28):
            day = date(2004, 1, 1 + number) if number < 3 else date(2022, 1, 1 + number)
            old_loan(uow, loan_no=f"JJ-{number:02d}", settled=day, customer_id=person)


def test_pages_of_both_kinds_follow_each_other(settled, new_uow):
    del settled
    with new_uow() as uow:
        assert due.last_old_day(uow) == date(2010, 12, 31)
        found = due.due_list(uow, Choice(show="all"), offset=0, size=20)
        assert found.counts == {"due": 3, "ready": 0, "blocked": 0, "running": 25, "all": 28}
        assert (found.total, found.left_out) == (28, 0)
        rest = due.due_list(uow, Choice(show="all"), offset=20, size=20)
        names = [row.loan.loan_no for row in (*found.rows, *rest.rows)]
        assert names == [f"JJ-{number:02d}" for number in range(28)]
        running = due.due_list(uow, Choice(show="running"), offset=0, size=20)
        assert running.total == 25
        assert len(running.rows) == 20
        one = due.due_list(uow, Choice(show="due"), offset=0, size=20)
        assert [row.loan.loan_no for row in one.rows] == ["JJ-00", "JJ-01", "JJ-02"]
        end = running.rows[0].period.value.end.year
        of_year = due.due_list(uow, Choice(show="running", year=end), offset=0, size=20)
        assert of_year.total == 25
        none = due.due_list(uow, Choice(show="running", branch=99_999), offset=0, size=20)
        assert none.total == 0
        assert len(list(due.each(uow, every=True))) == 28
        assert len(list(due.each(uow, every=False))) == 3


def test_the_page_offers_the_next_ones(settled, browser):
    del settled
    clerk = browser("archive_clerk")
    page = clerk.get("/retention?show=running&page=2").get_data(as_text=True)
    assert "JJ-27" in page
    assert "JJ-03" not in page
    assert "JJ-27" in clerk.get("/retention?show=running&page=99").get_data(as_text=True)
    assert clerk.get("/retention?show=running&page=²").status_code == 200
