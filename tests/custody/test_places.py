"""Where the originals of a loan file are, as the list of loan files shows it."""

from sqlalchemy import select

from postloan_archive.custody.models import Original
from postloan_archive.custody.places import places_of
from postloan_archive.loans import queries as loans


def test_the_first_place_and_how_many(paper, new_uow, browser):
    with new_uow() as uow:
        loan = loans.get_loan(uow, "JJ2025-0001")
        assert places_of(uow, [loan.id, 999]) == {loan.id: f"一号库 {paper.box} 等 2 处"}

    assert f"一号库 {paper.box}" in browser("legal").get("/loans").get_data(as_text=True)


def test_what_is_not_in_its_box_says_where_it_is(paper, new_uow):
    with new_uow() as uow:
        for row in uow.session.scalars(select(Original)):
            row.state = "lent"
        uow.session.flush()  # the query below reads rows
        assert list(places_of(uow, [1]).values()) == ["借出"]
    assert paper.room
