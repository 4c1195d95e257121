"""The list of cases reads kept days; they are what the docket says, after any step."""

from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import event as sql_event
from sqlalchemy import select

from postloan_archive.cases import deciding, keeping, listing, queries, recording, service
from postloan_archive.cases.deciding import DecidePeriod
from postloan_archive.cases.listing import CaseFilter
from postloan_archive.cases.models import Case, CaseDay
from postloan_archive.cases.recording import CorrectEvent, KeepParty, KeepProcedure, StrikeEvent
from postloan_archive.cases.rules.events import Event
from postloan_archive.cases.rules.steps import Step
from postloan_archive.cases.service import AddEvent, OpenCase
from postloan_archive.jobs import JobRunner
from postloan_archive.kernel.errors import PostloanError
from tests.builders import a_loan

KINDS = sorted(Event)
STEPS = st.lists(
    st.tuples(
        st.sampled_from(["add", "correct", "strike", "decide", "abroad", "track"]),
        st.sampled_from(KINDS),
        st.integers(-200, 20),
    ),
    min_size=1,
    max_size=8,
)


def derived(uow, case):
    row = queries.case_row(uow, case)
    return row.next_deadline, row.next_label


def step(uow, case_no, what, kind, day) -> None:
    """Do one step, whatever it is; what the rules refuse is not done."""
    case = queries.get_case(uow, case_no)
    standing = [row for row in case.events if not row.struck_reason]
    last = standing[-1] if standing else None
    party = case.parties[1].id
    if what == "add" or last is None:
        cmd = AddEvent(
            case_no=case_no, kind=kind, happened_on=day, procedure="first", party_id=party
        )
        service.add_event(uow, cmd)
    elif what == "correct":
        cmd = CorrectEvent(case_no=case_no, event_id=last.id, happened_on=day, reason="看错")
        recording.correct_event(uow, cmd)
    elif what == "strike":
        recording.strike_event(
            uow, StrikeEvent(case_no=case_no, event_id=last.id, reason="看错")
        )
    elif what == "decide":
        for one in queries.follows_of(uow, case, last)[:1]:
            deciding.decide(
                uow,
                DecidePeriod(
                    case_no=case_no,
                    event_id=last.id,
                    rule=one.period.rule,
                    act=one.period.act,
                    verdict="corrected",
                    day=last.happened_on + timedelta(days=40),
                    reason="文书",
                ),
            )
    elif what == "abroad":
        recording.keep_party(uow, KeepParty(case_no=case_no, party_id=party, abroad=True))
    else:
        (procedure,) = case.procedures
        recording.keep_procedure(
            uow,
            KeepProcedure(
                case_no=case_no,
                procedure_id=procedure.id,
                kind="first",
                court="某法院",
                track="simplified",
            ),
        )


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(steps=STEPS)
def test_the_list_says_what_the_docket_says_after_any_steps(new_uow, steps):
    with new_uow() as uow:
        for case in uow.session.scalars(select(Case)):
            case.closed_on = case.closed_on or date(2026, 11, 1)
        number = len(uow.session.scalars(select(Case)).all()) + 1
        loan = a_loan(uow, loan_no=f"JJ-{number}", contract_no=f"HT-{number}")
        case_no = service.open_case(uow, OpenCase(loan_no=loan.loan_no, court="某法院")).case_no
    for what, kind, days in steps:
        try:
            with new_uow() as uow:
                step(uow, case_no, what, kind, uow.clock.today() + timedelta(days=days))
        except PostloanError:
            continue
    with new_uow() as uow:
        case = queries.get_case(uow, case_no)
        (row,) = listing.case_rows(uow, CaseFilter(loan_id=case.loan_id))
        assert case.days_kept
        assert (row.next_deadline, row.next_label) == derived(uow, case)
        before = [(one.on, one.label) for one in uow.session.scalars(select(CaseDay))]
        keeping.keep(uow, case)
        assert [(one.on, one.label) for one in uow.session.scalars(select(CaseDay))] == before


@pytest.fixture
def three(new_uow) -> list[str]:
    """Three open cases: a fee due on 1 December, a hearing on 10 December, nothing."""
    found = []
    with new_uow() as uow:
        for number, kind, day in (
            (1, Event.FEE_NOTICE, date(2026, 11, 24)),
            (2, Event.HEARING, date(2026, 12, 10)),
            (3, None, None),
        ):
            loan = a_loan(uow, loan_no=f"JJ2025-000{number}", contract_no=f"HT{number}")
            cmd = OpenCase(loan_no=loan.loan_no, court=f"第{number}法院", owner=f"人{number}")
            case = service.open_case(uow, cmd)
            if kind:
                service.add_event(
                    uow,
                    AddEvent(
                        case_no=case.case_no,
                        kind=kind,
                        happened_on=day,
                        procedure="first",
                        court_case_no=f"（2026）苏0102民初{number}号",
                    ),
                )
            found.append(case.case_no)
    return found


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ({}, [3, 2, 1]),
        ({"next_within": 7}, [1]),
        ({"next_within": 16}, [2, 1]),
        ({"next_within": 10**12}, [2, 1]),
        ({"court": "第2法院"}, [2]),
        ({"owner": "人3"}, [3]),
        ({"word": "民初2号"}, [2]),
        ({"word": "JJ2025-0003"}, [3]),
        ({"word": "%"}, []),
        ({"stage": "prepared"}, [3, 2, 1]),
        ({"stage": "closed"}, []),
    ],
)
def test_the_list_is_filtered_in_the_database(new_uow, three, wanted, found):
    with new_uow() as uow:
        cmd = CaseFilter(**wanted)
        rows = listing.case_rows(uow, cmd)
        assert [three.index(row.case_no) + 1 for row in rows] == found
        totals = listing.totals(uow, cmd)
        assert totals.cases == len(found)
        assert totals.amount == sum(row.claim_amount for row in rows)
        paged = [
            row for at in range(3) for row in listing.case_rows(uow, cmd, limit=1, offset=at)
        ]
        assert paged == rows


def test_a_closed_case_has_no_day(new_uow, three):
    with new_uow() as uow:
        cmd = AddEvent(
            case_no=three[0], kind="note", happened_on=date(2026, 11, 24), stage=Step.CLOSED
        )
        service.add_event(uow, cmd)
        row = next(row for row in listing.case_rows(uow) if row.case_no == three[0])
        assert row.next_deadline is None


def test_a_case_from_before_is_derived_until_the_night_keeps_it(system, new_uow, three):
    del three
    with new_uow() as uow:
        before = listing.case_rows(uow)
        for case in uow.session.scalars(select(Case)):
            case.days_kept = False
        for day in uow.session.scalars(select(CaseDay)):
            uow.session.delete(day)
    with new_uow() as uow:
        assert listing.case_rows(uow) == before
        uow.enqueue(keeping.KEEP)
    runner = JobRunner(system.engine, keeping.handlers(system), clock=system.clock)
    assert runner.run_until_empty()
    with new_uow() as uow:
        assert all(uow.session.scalars(select(Case.days_kept)))
        assert listing.case_rows(uow) == before


def test_the_count_of_selects_does_not_grow(new_uow, three):
    def selects() -> int:
        with new_uow() as uow:
            seen = []
            engine = uow.session.get_bind()
            listen = lambda *args: seen.append(args[2])  # noqa: E731
            sql_event.listen(engine, "before_cursor_execute", listen)
            listing.case_rows(uow)
            sql_event.remove(engine, "before_cursor_execute", listen)
            return len(seen)

    few = selects()
    with new_uow() as uow:
        for number in range(10, 30):
            loan = a_loan(uow, loan_no=f"JJ2025-00{number}", contract_no=f"HT{number}")
            service.open_case(uow, OpenCase(loan_no=loan.loan_no, court="某法院"))
    assert selects() == few
    assert three
