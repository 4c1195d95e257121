"""The desk as a person arranged it: order, hidden cards, back to the usual one."""

import re

import pytest

from postloan_archive.worklist.rules.desk_cards import CARDS, in_order, moved, rows_of


def test_a_card_moves_and_stops_at_the_ends():
    cards = ("due", "levels", "gaps")
    assert moved(cards, "gaps", -1) == ("due", "gaps", "levels")
    assert moved(cards, "due", -1) == cards
    assert moved(cards, "gaps", 1) == cards
    assert moved(cards, "none", 1) == cards


def test_new_cards_stand_behind_and_gone_ones_are_forgotten():
    assert in_order(["gaps", "old", "gaps"], ["due", "gaps"]) == ("gaps", "due")


@pytest.mark.parametrize(
    ("cards", "rows"),
    [
        (("levels", "due", "gaps"), [[("levels", 12)], [("due", 12)], [("gaps", 12)]]),
        (("levels", "gaps", "inbox"), [[("levels", 7), ("gaps", 5)], [("inbox", 12)]]),
        (("gaps", "paper"), [[("gaps", 6), ("paper", 6)]]),
    ],
)
def test_cards_stand_two_in_a_row(cards, rows):
    assert [list(row) for row in rows_of(cards)] == rows


def shown(browser) -> list[str]:
    page = browser.get("/desk").get_data(as_text=True)
    return re.findall(r'<h2 id="h-(\w+)">', page)


def test_buttons_move_boxes_hide_and_the_usual_desk_comes_back(browser, new_uow):
    legal = browser("legal")
    usual = shown(legal)
    order = list(CARDS)
    reply = legal.post(
        "/desk/cards", {"order": ",".join(order), "show": order, "move": "levels:up"}
    )
    assert reply.headers["Location"] == "/desk/cards#card-levels"
    assert shown(legal)[:2] == ["lvl", "due"]
    legal.post("/desk/cards", {"order": "ageing,due,no-such", "show": ["ageing", "due"]})
    assert shown(legal) == ["age", "due"]
    assert 'value="levels">' in legal.get("/desk/cards").get_data(as_text=True)
    legal.post("/desk/cards", {"reset": "1"})
    assert shown(legal) == usual
    with new_uow() as uow:
        lines = uow.session.connection().exec_driver_sql(
            "SELECT event FROM audit_lines WHERE event LIKE 'worklist.desk_%' ORDER BY seq"
        )
        assert [row.event for row in lines] == [
            *["worklist.desk_arranged"] * 2, "worklist.desk_reset",
        ]  # fmt: skip
