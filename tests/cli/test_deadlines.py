"""`postloan deadline`: the same rows as the page, for programs and calendars."""

import json

import icalendar
import pytest
from click.testing import CliRunner

from postloan_archive.cli.deadlines import group
from postloan_archive.worklist.models import Deadline
from tests.worklist.conftest import a_measure, guaranteed_loan, overdue_loan


@pytest.fixture
def call(system, new_uow):
    """Run a command on an installation with two overdue loans and a measure."""
    with new_uow() as uow:
        guaranteed_loan(uow)
        a_measure(uow, overdue_loan(uow, loan_no="JJ2025-0002", contract_no="合2"))
    env = {"POSTLOAN_DATA": str(system.settings.data), "POSTLOAN_DEMO_DAY": "2026-11-24"}

    def run(*arguments: str):
        answer = CliRunner(env=env).invoke(group, list(arguments))
        assert answer.exit_code == 0, (answer.output, answer.exception)
        return answer.stdout

    return run


def rows_of(text: str) -> list[dict]:
    return [json.loads(line) for line in text.splitlines()]


def test_recompute_counts_what_it_changed_and_then_nothing(call):
    first = json.loads(call("recompute", "--json"))
    second = json.loads(call("recompute", "--json"))

    assert first["loans"] == second["loans"] == 2
    assert first["changes"]["create"] == first["changed"] == 5
    assert second["changed"] == 0


def test_recompute_runs_for_any_day(call):
    assert json.loads(call("recompute", "--as-of", "2026-03-02", "--json"))["changed"] == 2
    assert "新增 3" in call("recompute")


def test_list_is_sorted_by_the_safe_day_and_names_everything(call):
    call("recompute")
    rows = rows_of(call("list", "--json"))

    assert [row["safe"] for row in rows] == sorted(row["safe"] for row in rows)
    renewal = next(row for row in rows if row["kind"] == "renewal")
    assert (renewal["safe"], renewal["days_left"]) == ("2026-12-02", 8)
    assert renewal["loan_no"] == "JJ2025-0002"
    assert any("第十八条" in one for one in renewal["basis"])
    assert renewal["steps"]
    assert renewal["edition"]


def test_due_keeps_what_is_over_and_what_is_near(call):
    call("recompute")
    kinds = {row["kind"]: row for row in rows_of(call("list", "--due", "10", "--json"))}

    assert set(kinds) == {"guarantee", "renewal"}  # over since 2026-09-02, and in eight days
    assert kinds["guarantee"]["over"] is True


def test_list_looks_from_any_day(call):
    call("recompute")
    rows = rows_of(call("list", "--as-of", "2026-12-01", "--json"))

    assert next(row for row in rows if row["kind"] == "renewal")["days_left"] == 1


def test_list_writes_a_calendar_file(call, tmp_path):
    call("recompute")
    target = tmp_path / "期限.ics"
    rows = rows_of(call("list", "--ics", str(target), "--json"))

    events = icalendar.Calendar.from_ical(target.read_bytes()).walk("VEVENT")
    assert len(events) == len(rows) == 5


def test_mine_is_what_the_user_owns_and_what_nobody_owns(call, new_uow):
    call("recompute")
    with new_uow() as uow:
        for row in uow.session.query(Deadline):
            row.owner = "fawu" if row.kind == "renewal" else "other"
    rows = rows_of(call("list", "--mine", "--user", "fawu", "--json"))

    assert [row["kind"] for row in rows] == ["renewal"]
