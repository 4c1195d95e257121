"""Clock, errors and actor: the ground everything stands on."""

from datetime import UTC, date, datetime, timedelta

import pytest

from postloan_archive.kernel.actor import Actor
from postloan_archive.kernel.clock import DemonstrationClock, FrozenClock, SystemClock
from postloan_archive.kernel.days import PeriodLengthError


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        ((2026, 11, 24, 15, 59), (2026, 11, 24)),
        ((2026, 11, 24, 16, 0), (2026, 11, 25)),  # midnight in China
    ],
)
def test_the_civil_day_is_that_of_china(moment, day):
    clock = FrozenClock(datetime(*moment, tzinfo=UTC))
    assert clock.today() == date(*day)
    assert clock.now() == clock.at


def test_the_clock_of_the_machine_is_aware():
    clock = SystemClock()
    assert clock.now().utcoffset() == timedelta(0)
    assert isinstance(clock.today(), date)


def test_the_clock_of_a_demonstration_fixes_the_day_and_not_the_moment():
    clock = DemonstrationClock(date(2026, 11, 24))
    assert clock.today() == date(2026, 11, 24)
    assert clock.now().utcoffset() == timedelta(0)


def test_an_error_says_its_facts_its_field_and_its_name():
    error = PeriodLengthError(length=0)
    assert str(error) == "期间长度 0 无效，应为不小于 1 的整数。"
    assert (error.code, error.field, error.facts) == ("PeriodLength", "length", {"length": 0})


def test_an_actor_sees_what_it_was_given_and_a_program_everything():
    clerk = Actor(
        name="clerk",
        permissions=frozenset({"loan.view"}),
        branch_ids=frozenset({1}),
        categories=frozenset({"QZ"}),
    )
    assert clerk.may("loan.view")
    assert not clerk.may("loan.edit")
    assert (clerk.sees_branch(1), clerk.sees_branch(2)) == (True, False)
    assert (clerk.sees_category("QZ"), clerk.sees_category("YJ")) == (True, False)
    program = Actor.program("cli")
    assert program.may("anything")
    assert program.sees_branch(2)
    assert program.sees_category("YJ")
