"""When, how often and whom one may contact."""

from datetime import time

import pytest

from postloan_archive.collection import rules
from postloan_archive.collection.rules import Obstacle, Purpose


def ask(**changes):
    return rules.contact_allowed(
        **{
            "at": time(10),
            "calls_already_today": 0,
            "target": "debtor",
            "agreed_other_time": False,
            "purpose": Purpose.COLLECT,
            **changes,
        }
    ).value


@pytest.mark.parametrize(
    ("at", "allowed"),
    [
        (time(7, 59, 59), False),
        (time(8), True),
        (time(21, 59, 59), True),
        (time(22), False),
        (time(0), False),
    ],
)
def test_the_window_opens_at_eight_and_closes_before_twenty_two(at, allowed):
    assert ask(at=at).allowed is allowed
    assert ask(at=at, agreed_other_time=True).allowed is True


def test_the_fourth_call_of_a_day_is_one_too_many():
    assert ask(calls_already_today=2).allowed
    assert ask(calls_already_today=3).reasons == (Obstacle.DAILY_LIMIT,)


def test_an_agreed_time_does_not_lift_the_daily_limit():
    got = ask(at=time(23), agreed_other_time=True, calls_already_today=9)
    assert got.reasons == (Obstacle.DAILY_LIMIT,)


@pytest.mark.parametrize(
    ("changes", "reasons"),
    [
        ({}, ("third_party",)),
        ({"contact_on_file": True}, ("third_party",)),
        ({"purpose": Purpose.RESTORE_CONTACT}, ("third_party",)),
        ({"purpose": Purpose.RESTORE_CONTACT, "contact_on_file": True}, ()),
        (
            {
                "purpose": Purpose.RESTORE_CONTACT,
                "contact_on_file": True,
                "stop_requested": True,
            },
            ("stop_requested",),
        ),
        ({"stop_requested": True}, ("third_party", "stop_requested")),
    ],
)
def test_a_third_party_may_only_restore_contact(changes, reasons):
    assert ask(target="colleague", **changes).reasons == reasons


def test_the_guarantor_is_asked_like_the_debtor():
    assert ask(target="guarantor", stop_requested=True).allowed


def test_every_obstacle_is_named():
    got = ask(at=time(23), calls_already_today=5, target="spouse")
    assert got.reasons == ("time_window", "daily_limit", "third_party")


def test_a_stop_pauses_collection():
    assert rules.collection_paused([rules.StopReason.BANKRUPTCY]).value
    assert not rules.collection_paused([]).value


@pytest.mark.parametrize(
    ("is_complex", "extended", "days"),
    [(False, False, 15), (False, True, 15), (True, False, 30), (True, True, 60)],
)
def test_complaints_are_answered_in_time(is_complex, extended, days):
    assert rules.complaint_days(is_complex=is_complex, extended=extended).value == days
