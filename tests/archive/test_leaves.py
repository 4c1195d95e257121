"""Lists of pages: cut, turned, moved, left out, put back; what the titles of papers are."""

import pytest

from postloan_archive.archive.rules import leaves as cuts
from postloan_archive.archive.rules.headings import heading_of
from postloan_archive.archive.rules.leaves import (
    LastLeafError,
    Leaf,
    NoSuchLeafError,
    NothingToCutError,
)

FIVE = cuts.whole(7, 5)


def pages(leaves):
    return [leaf.page for leaf in leaves]


def test_a_cut_gives_both_parts():
    first, second = cuts.cut(FIVE, 3)
    assert (pages(first), pages(second)) == ([1, 2], [3, 4, 5])


@pytest.mark.parametrize(
    ("place", "fault"), [(1, NothingToCutError), (0, NoSuchLeafError), (6, NoSuchLeafError)]
)
def test_a_cut_leaves_no_empty_piece(place, fault):
    with pytest.raises(fault):
        cuts.cut(FIVE, place)


def test_turning_goes_round():
    once = cuts.turned(FIVE, 2)
    assert [leaf.turn for leaf in once] == [0, 90, 0, 0, 0]
    assert cuts.turned(cuts.turned(once, 2, 180), 2) == FIVE
    assert {leaf.turn for leaf in cuts.turned(FIVE, 0)} == {90}


@pytest.mark.parametrize(
    ("place", "by", "order"),
    [(2, -1, [2, 1, 3, 4, 5]), (2, 9, [1, 3, 4, 5, 2]), (5, -9, [5, 1, 2, 3, 4])],
)
def test_moving_stays_inside(place, by, order):
    assert pages(cuts.moved(FIVE, place, by)) == order


def test_what_is_left_out_comes_back_to_its_place():
    left = cuts.without(FIVE, [2, 4])
    assert pages(left) == [1, 3, 5]
    assert pages(cuts.put_back(left, Leaf(7, 4))) == [1, 3, 4, 5]
    assert pages(cuts.put_back(left[1:], Leaf(7, 1))) == [1, 3, 5]
    with pytest.raises(LastLeafError):
        cuts.without(FIVE, range(1, 6))


def test_rows_and_words():
    assert cuts.read(cuts.written(FIVE)) == FIVE
    assert cuts.words([Leaf(7, 1), Leaf(7, 2), Leaf(7, 3), Leaf(7, 9)]) == "1–3、9"
    assert cuts.is_whole(FIVE, 7, 5)
    assert not cuts.is_whole(FIVE[:4], 7, 5)


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("合同编号：示农商借字2025第0001号\n个人借款合同\n甲方：张三", "个人借款合同"),
        ("张三 抵押物价值确认书（二）\n一、", "抵押物价值确认书"),
        ("民 事 判 决 书\n（2025）示0101民初1号", "民事判决书"),
        ("今天，他来了。\n1,000,000.00", ""),
        ("", ""),
    ],
)
def test_the_title_of_a_paper(text, title):
    assert heading_of(text, "张三") == title
