"""The state of one guarantee on a day."""

from datetime import date

import pytest

from postloan_archive.loans.rules.guarantee import (
    Act,
    ActKind,
    GuaranteeKind,
    guarantee_period,
)
from postloan_archive.loans.rules.guarantee_state import (
    GuaranteeFacts,
    GuaranteeStatus,
    guarantee_state,
)
from postloan_archive.workdays.seed import published_calendar

CALENDAR = published_calendar()
MAIN_DUE = date(2026, 3, 31)  # so the period ends on 30 September
NOTICE = Act(kind=ActKind.NOTICE_TO_GUARANTOR, on=date(2026, 7, 1))
SUIT = Act(kind=ActKind.SUE_DEBTOR, on=date(2026, 7, 1))


def state(kind, *acts, as_of=date(2026, 7, 2), **changes):
    facts = GuaranteeFacts(
        kind=kind, period=guarantee_period(MAIN_DUE), main_due=MAIN_DUE, **changes
    )
    return guarantee_state(facts, acts, as_of=as_of, calendar=CALENDAR)


@pytest.mark.parametrize(
    ("as_of", "status"),
    [
        ((2026, 3, 31), GuaranteeStatus.NOT_STARTED),
        ((2026, 4, 1), GuaranteeStatus.RUNNING),
        ((2026, 7, 2), GuaranteeStatus.RUNNING),
        ((2026, 7, 3), GuaranteeStatus.ENDING),
        ((2026, 9, 30), GuaranteeStatus.ENDING),
        ((2026, 10, 1), GuaranteeStatus.PAST),
    ],
)
def test_without_an_act_the_status_follows_the_day(as_of, status):
    assert state(GuaranteeKind.JOINT, as_of=date(*as_of)).status is status


def test_a_notice_to_a_joint_guarantor_starts_the_limitation_of_its_debt():
    joint = state(GuaranteeKind.JOINT, NOTICE)
    assert joint.status is GuaranteeStatus.CLAIMED
    assert joint.acts == (NOTICE,)
    assert joint.limitation is not None
    assert joint.limitation.nominal == date(2029, 7, 1)


def test_the_limitation_of_a_general_guarantee_starts_when_enforcement_has_failed():
    assert state(GuaranteeKind.GENERAL, SUIT).limitation is None
    later = state(GuaranteeKind.GENERAL, SUIT, general_from=date(2027, 1, 5))
    assert later.limitation is not None
    assert later.limitation.nominal == date(2030, 1, 5)
    idle = state(GuaranteeKind.GENERAL, NOTICE, general_from=date(2027, 1, 5))
    assert idle.limitation is None
