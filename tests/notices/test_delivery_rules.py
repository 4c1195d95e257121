"""The proof of a delivery by channel, outcome, signer and address (R-D05)."""

from datetime import date

import pytest

from postloan_archive.notices.rules.delivery import (
    Channel,
    Delivery,
    DeliveryOrderError,
    Outcome,
    Signer,
    SignerMissingError,
    check_day,
    level_of,
)


@pytest.mark.parametrize(
    ("channel", "outcome", "signer", "agreed", "stated", "level"),
    [
        ("ems", "signed", "debtor", False, True, "A"),
        ("hand", "signed", "adult_relative", False, True, "A"),
        ("hand", "signed", "other", True, True, "C"),
        ("notary", "refused", None, False, True, "A"),
        ("ems", "arrived", None, True, True, "B"),
        ("ems", "refused", None, True, True, "B"),
        ("ems", "returned", None, True, True, "B"),
        ("ems", "arrived", None, True, False, "C"),
        ("ems", "arrived", None, False, True, "C"),
        ("ems", "returned", None, False, True, "D"),
        ("post", "arrived", None, True, True, "C"),
        ("post", "returned", None, False, True, "D"),
        ("hand", "refused", None, True, True, "C"),
    ],
)
def test_the_level_of_each_way(channel, outcome, signer, agreed, stated, level):
    delivery = Delivery(
        channel=Channel(channel),
        outcome=Outcome(outcome),
        signer=Signer(signer) if signer else None,
        agreed=agreed,
        content_stated=stated,
    )

    assert level_of(delivery).level == level


def test_a_signed_slip_names_its_signer():
    delivery = Delivery(channel=Channel.EMS, outcome=Outcome.SIGNED, agreed=True)

    with pytest.raises(SignerMissingError):
        level_of(delivery)


@pytest.mark.parametrize("day", [9, 12])
def test_nothing_arrives_before_it_is_sent_or_tomorrow(day):
    sent, today = date(2026, 11, 10), date(2026, 11, 11)
    check_day(sent, not_before=sent, today=today)

    with pytest.raises(DeliveryOrderError):
        check_day(date(2026, 11, day), not_before=sent, today=today)
