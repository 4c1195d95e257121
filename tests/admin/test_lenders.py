"""机构资料: what papers print of a branch; what is empty is taken from the branch above."""

import pytest

from postloan_archive.access import branches
from postloan_archive.loans import lenders
from postloan_archive.loans.lenders import (
    Lender,
    LenderCodeError,
    LenderPersonError,
    describe_lender,
    lender_of,
)

GOOD = "91370212MA3C4D5E7D"


@pytest.fixture
def below(new_uow):
    """A branch below another one; returns the id of the lower."""
    with new_uow() as uow:
        branches.ensure(uow, code="88", name="总部")
        return branches.ensure(uow, code="8801", name="支行", parent_code="88")


def test_a_branch_inherits_what_it_does_not_say(new_uow, below):
    with new_uow() as uow:
        describe_lender(uow, "88", Lender(name="滨海银行", uscc=f" {GOOD.lower()} ", phone="1"))
        describe_lender(uow, "8801", Lender(phone="0532-86001234"))

        found = lender_of(uow, below)
        own = lenders.own_facts(uow, below)

    assert (found.name, found.uscc, found.phone) == ("滨海银行", GOOD, "0532-86001234")
    assert own == Lender(phone="0532-86001234")


@pytest.mark.parametrize(
    ("lender", "error"),
    [
        (Lender(uscc=GOOD[:-1] + "X"), LenderCodeError),
        (Lender(legal_rep_id_no="110105194912310021"), LenderPersonError),
    ],
)
def test_a_number_that_does_not_check_is_refused(new_uow, below, lender, error):
    del below
    with pytest.raises(error), new_uow() as uow:
        describe_lender(uow, "8801", lender)
