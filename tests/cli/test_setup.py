"""`postloan init`: everything an installation needs, and nothing twice."""

import sys

import pytest
from sqlalchemy import func, select

from postloan_archive.cli import main
from postloan_archive.cli.setup import create_installation
from postloan_archive.workdays.models import WorkdayYear
from postloan_archive.workdays.seed import published_days


def test_an_installation_knows_the_published_years_once(settings):
    for _again in range(2):
        system = create_installation(settings)
        with system.unit_of_work(None) as uow:
            count = uow.session.scalar(select(func.count()).select_from(WorkdayYear))
        system.close()
        assert count == len(published_days())


def test_a_file_that_cannot_be_written_is_a_sentence_and_no_trace(
    system, tmp_path, monkeypatch, capsys
):
    (file := tmp_path / "账.txt").write_text("x")
    monkeypatch.setenv("POSTLOAN_DATA", str(system.settings.data))
    monkeypatch.setattr(sys, "argv", ["postloan", "deadline", "list", "--ics", f"{file}/x"])

    with pytest.raises(SystemExit) as left:
        main()

    assert left.value.code == 1
    assert f"无法读写 {file}/x" in capsys.readouterr().err


@pytest.mark.parametrize("command", [("batch", "show"), ("notice", "pause"), ("jobs", "retry")])
def test_a_number_no_table_can_hold_is_wrong_usage(call, command):
    assert call(*command, "9" * 20).code == 2


def test_the_database_is_written_anew(call):
    answer = call("retention", "clean")

    assert (answer.code, answer.out) == (0, "数据库已整理，日志已清空。\n")


def test_a_new_installation_gets_branches_and_their_identity_by_command(call):
    assert call("branch", "add", "88", "--name", "总部").code == 0
    assert call("branch", "add", "8801", "--name", "支行", "--above", "88").code == 0
    assert call("branch", "add", "9", "--name", "x", "--above", "7").code == 1
    call("branch", "describe", "88", "--name", "滨海银行", "--phone", "1")
    call("branch", "describe", "88", "--phone", "0532")  # the name stays

    rows = call("branch", "list", "--json").rows

    here = [(row["code"], row["depth"]) for row in rows if row["code"].startswith("88")]
    assert here == [("88", 0), ("8801", 1)]
    assert {row["lender"]["phone"] for row in rows if row["code"].startswith("88")} == {"0532"}
    assert rows[-1]["lender"]["name"] == "滨海银行"
