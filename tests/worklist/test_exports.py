"""Deadlines taken along: .ics parses back, workbooks hold real dates, feeds end."""

from datetime import UTC, date, datetime, timedelta
from io import BytesIO

import icalendar
import openpyxl
import pytest
from sqlalchemy import select

from postloan_archive.access import users
from postloan_archive.audit import AuditRow
from postloan_archive.cases import service as cases
from postloan_archive.cases.rules.events import Event
from postloan_archive.cases.service import AddEvent, OpenCase
from postloan_archive.worklist import service
from postloan_archive.worklist.models import CalendarFeed, Deadline
from tests.worklist.conftest import a_measure, overdue_loan


@pytest.fixture
def legal(browser, new_uow, recompute, people):
    """Legal staff of branch 0201 with a measure about to lapse and a hearing."""
    del people
    with new_uow() as uow:
        loan = overdue_loan(uow)
        a_measure(uow, loan)
        case = cases.open_case(uow, OpenCase(loan_no=loan.loan_no, court="示范县人民法院"))
        cases.add_event(
            uow,
            AddEvent(
                case_no=case.case_no,
                kind=Event.HEARING,
                happened_on=date(2026, 12, 10),
                happened_at=datetime(2026, 12, 10, 1, 30, tzinfo=UTC),
            ),
        )
    recompute()
    return browser("legal")


def events_of(reply) -> dict[str, icalendar.Event]:
    assert reply.status_code == 200
    assert reply.mimetype == "text/calendar"
    calendar = icalendar.Calendar.from_ical(reply.get_data())
    return {str(one["uid"]): one for one in calendar.walk("VEVENT")}


def test_the_calendar_file_parses_back(legal, new_uow):
    events = events_of(legal.get("/deadlines/export.ics"))

    with new_uow() as uow:
        keys = set(uow.session.scalars(select(Deadline.key).where(Deadline.state == "open")))
    assert set(events) == {f"{key}@postloan-archive" for key in keys}
    renewal = events["preservation:1:renewal@postloan-archive"]
    assert renewal.decoded("dtstart") == date(2026, 12, 2)
    assert renewal.decoded("dtend") == date(2026, 12, 3)
    assert "续行申请" in str(renewal["summary"])
    assert "第十八条" in str(renewal["description"])
    assert len(str(renewal["url"]).split("/deadlines/")) == 2
    alarms = [one.decoded("trigger") for one in renewal.walk("VALARM")]
    assert datetime(2026, 10, 10, 1, 0, tzinfo=UTC) in alarms
    hearing = next(one for key, one in events.items() if "R-B16" in key)
    assert hearing.decoded("dtstart") == datetime(2026, 12, 10, 1, 30, tzinfo=UTC)


def test_the_calendar_file_holds_what_the_filter_finds(legal):
    assert len(events_of(legal.get("/deadlines/export.ics?kind=hearing"))) == 1
    assert len(events_of(legal.get("/deadlines/export.ics?kind=fee"))) == 0


def test_a_struck_deadline_is_cancelled_in_the_calendar(legal, new_uow, row):
    with new_uow() as uow:
        service.strike(uow, row(":renewal").id, "已和解")

    events = events_of(legal.get("/deadlines/export.ics?state=any"))
    renewal = events["preservation:1:renewal@postloan-archive"]
    assert str(renewal["status"]) == "CANCELLED"
    assert not list(renewal.walk("VALARM"))


def test_the_workbook_has_real_dates_and_text_identifiers(legal):
    reply = legal.get("/deadlines/export.xlsx?kind=renewal")

    sheet = openpyxl.load_workbook(BytesIO(reply.get_data())).active
    headings = [cell.value for cell in sheet[3]]
    line = dict(zip(headings, (cell.value for cell in sheet[4]), strict=True))
    assert line["安全日"].date() == date(2026, 12, 2)
    assert line["借据号"] == "JJ2025-0001"
    assert line["标的（元）"] == 100_000
    assert "人员legal" in sheet["A2"].value
    assert sheet.max_row == 4


@pytest.mark.parametrize("path", ["/deadlines/export.xlsx", "/deadlines/export.ics"])
def test_the_name_of_an_export_passes_a_real_server(legal, path):
    header = legal.get(path).headers["Content-Disposition"]

    assert "filename*=UTF-8''%E6%9C%9F%E9%99%90" in header
    header.encode("latin-1")  # as waitress writes it; a bare Chinese name was a 500 there


def test_every_export_is_in_the_trail(legal, new_uow):
    legal.get("/deadlines/export.xlsx?kind=renewal")
    legal.get("/deadlines/export.ics")
    legal.get("/deadlines/week")

    with new_uow() as uow:
        events = list(
            uow.session.scalars(
                select(AuditRow.event).where(AuditRow.actor == "legal").order_by(AuditRow.seq)
            )
        )
    assert events[-3:] == [
        "worklist.deadlines_exported",
        "worklist.deadlines_exported",
        "worklist.week_printed",
    ]


def make_feed(legal, query: dict | None = None) -> str:
    page = legal.post("/deadlines/feeds", query or {}).get_data(as_text=True)
    return page.split("/deadlines/feed/")[1].split('"')[0]


def test_a_feed_answers_without_a_sign_in_and_shows_its_filter(legal, app):
    secret = make_feed(legal, {"filter_kind": "hearing"})

    events = events_of(app.test_client().get(f"/deadlines/feed/{secret}"))
    assert len(events) == 1


def test_the_secret_is_stored_only_as_a_digest(legal, new_uow):
    secret = make_feed(legal).removesuffix(".ics")

    with new_uow() as uow:
        feed = uow.session.scalars(select(CalendarFeed)).one()
        lines = " ".join(uow.session.scalars(select(AuditRow.facts)))
    assert secret not in feed.digest
    assert secret not in lines
    assert len(secret) >= 43


def test_a_revoked_feed_a_wrong_secret_and_a_disabled_user_get_nothing(
    legal, app, new_uow, people
):
    secret = make_feed(legal)
    client = app.test_client()
    assert client.get("/deadlines/feed/made-up.ics").status_code == 404
    with new_uow() as uow:
        users.by_name(uow, "legal").disabled_at = uow.clock.now()
    assert client.get(f"/deadlines/feed/{secret}").status_code == 404
    with new_uow() as uow:
        uow.session.get(type(users.by_name(uow, "legal")), people["legal"]).disabled_at = None
        feed_id = uow.session.scalars(select(CalendarFeed.id)).one()
    assert client.get(f"/deadlines/feed/{secret}").status_code == 200

    assert legal.post(f"/deadlines/feeds/{feed_id}/revoke").status_code == 302
    assert client.get(f"/deadlines/feed/{secret}").status_code == 404


def test_nobody_revokes_the_feed_of_another(legal, browser, new_uow):
    make_feed(legal)
    with new_uow() as uow:
        feed_id = uow.session.scalars(select(CalendarFeed.id)).one()

    assert (
        browser("branch_manager").post(f"/deadlines/feeds/{feed_id}/revoke").status_code == 404
    )


def test_a_feed_of_another_branch_is_empty(browser, app, legal):
    del legal
    secret = make_feed(browser("other_branch"))

    assert events_of(app.test_client().get(f"/deadlines/feed/{secret}")) == {}


def test_the_week_sheet_has_seven_days_and_what_was_left(legal, new_uow, row):
    with new_uow() as uow:
        found = uow.session.get(Deadline, row(":renewal").id)
        found.nominal = found.legal = found.safe = date(2026, 11, 20)

    this_week = legal.get("/deadlines/week").get_data(as_text=True)
    assert "此前未办" in this_week
    monday = date(2026, 11, 23)
    for number in range(7):
        assert (monday + timedelta(days=number)).isoformat() in this_week

    hearing_week = legal.get("/deadlines/week?from=2026-12-09").get_data(as_text=True)
    assert "此前未办" not in hearing_week
    assert "2026-12-07 至 2026-12-13" in hearing_week
    assert "09:30" in hearing_week
