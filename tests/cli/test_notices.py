"""`postloan notice run`: letters into a folder, held back ones with the reason, exit code 1."""

import json

from click.testing import CliRunner

from postloan_archive.cli.notices import group
from postloan_archive.notices import printing, queries
from postloan_archive.notices.models import Notice
from tests.notices.conftest import LOAN, TODAY, an_overdue_loan


def call(system, out, *arguments):
    env = {"POSTLOAN_DATA": str(system.settings.data)}
    day = TODAY.isoformat()
    answer = CliRunner(env=env).invoke(
        group, ["run", "--as-of", day, "--out", str(out), "--json", *arguments]
    )
    lines = answer.stdout.splitlines()
    return answer, [json.loads(line) for line in lines if line.startswith("{")]


def test_a_letter_is_written_as_it_lies_in_the_vault(system, new_uow, tmp_path):
    with new_uow() as uow:
        an_overdue_loan(uow)

    answer, (row,) = call(system, tmp_path / "out", "--kind", "n02")

    assert answer.exit_code == 0, answer.output
    assert (row["state"], row["loan_no"]) == ("issued", LOAN)
    with new_uow() as uow:
        notice = queries.get_notice(uow, uow.session.query(Notice.id).scalar())
        (file,) = (tmp_path / "out").iterdir()
        assert file.read_bytes() == printing.letter_file(uow, notice)


def test_letters_that_are_all_held_back_say_why(system, new_uow, tmp_path):
    with new_uow() as uow:
        an_overdue_loan(uow, facts={})

    answer, (row,) = call(system, tmp_path / "out", "--kind", "N02", "--loan", LOAN)

    assert answer.exit_code == 1
    assert row["state"] == "blocked"
    assert row["problems"] == ["缺少：送达地址"]


def test_a_loan_is_called_due_from_the_command_line(system, new_uow, tmp_path):
    with new_uow() as uow:
        an_overdue_loan(uow)
    arguments = (
        "--kind",
        "N03",
        "--loan",
        LOAN,
        "--breach",
        "挪用",
        "--due-from",
        "2026-12-01",
    )

    answer, (row,) = call(system, tmp_path, *arguments, "--due-from", "2026-12-01")

    assert answer.exit_code == 1
    assert "贷款于 2026-08-24 到期，无须宣布提前到期。" in row["problems"]
