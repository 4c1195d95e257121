"""Loans marked in a list arrive where they are taken to, however many."""

from datetime import timedelta

from postloan_archive.kernel.actor import Actor
from postloan_archive.loans import selections
from postloan_archive.loans.models import LoanSelection

LEGAL = Actor(name="legal", origin="web", branch_ids=None)
OTHER = Actor(name="other", origin="web", branch_ids=None)
MANY = [f"JJ2025-{number:05d}" for number in range(3_000)]


def test_a_few_go_in_the_address_and_many_are_kept_for_the_person(new_uow):
    with new_uow(LEGAL) as uow:
        assert selections.carried(uow, ["A", "B"]) == {"loans": "A,B"}
        along = selections.carried(uow, MANY)
    with new_uow(LEGAL) as uow:
        assert list(selections.chosen(uow, int(along["chosen"]))) == MANY
        assert selections.chosen(uow, None) == selections.chosen(uow, 999) == ()
    with new_uow(OTHER) as uow:
        assert selections.chosen(uow, int(along["chosen"])) == ()


def test_old_ones_are_forgotten(new_uow):
    with new_uow(LEGAL) as uow:
        selections.carried(uow, MANY)
        uow.session.get(LoanSelection, 1).made_at -= timedelta(days=3)
    with new_uow(LEGAL) as uow:
        selections.carried(uow, MANY)
        assert uow.session.query(LoanSelection).count() == 1


def test_three_thousand_marked_loans_stand_in_the_form(browser, people, new_uow):
    del people
    with new_uow(LEGAL) as uow:
        along = selections.carried(uow, MANY)
    page = browser("legal").get(f"/notices/new?chosen={along['chosen']}")
    assert page.status_code == 200
    assert MANY[-1] in page.get_data(as_text=True)
    stranger = browser("legal").get("/notices/new?chosen=²")
    assert stranger.status_code == 200
