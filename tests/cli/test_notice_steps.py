"""The way of a letter on the command line: from a sheet to a clock that moved."""

import json

import openpyxl
from click.testing import CliRunner

from postloan_archive.cli.notice_steps import group
from tests.notices.conftest import LOAN, TODAY, an_overdue_loan

DAY = TODAY.isoformat()


def call(system, *arguments, code=0):
    env = {"POSTLOAN_DATA": str(system.settings.data)}
    answer = CliRunner(env=env).invoke(group, [str(one) for one in arguments])
    assert answer.exit_code == code, answer.output
    return answer


def lines(answer):
    return [json.loads(line) for line in answer.stdout.splitlines() if line.startswith("{")]


def test_from_a_sheet_to_a_clock_that_moved(system, new_uow, tmp_path):
    with new_uow() as uow:
        an_overdue_loan(uow)
    asked = openpyxl.Workbook()
    for row in (["借据编号"], [LOAN], ["JJ404"], ["1.23E+17"]):
        asked.active.append(row)
    asked.save(tmp_path / "清单.xlsx")
    out = tmp_path / "out"

    rows = lines(
        call(
            system, "run", "--kind", "N02", "--as-of", DAY, "--sheet", tmp_path / "清单.xlsx",
            "--out", out, "--json", code=1,
        )
    )  # fmt: skip
    assert [(row["state"], row.get("row")) for row in rows] == [
        ("left_out", 3),
        ("left_out", 4),
        ("issued", None),
    ]
    (shown, *_left) = lines(call(system, "show", 1, "--json", code=1))
    assert shown["serial_no"] == rows[2]["serial_no"]

    made = call(system, "outputs", 1, "--out", out).stdout.splitlines()
    assert len(made) == 5
    order = openpyxl.load_workbook(next(path for path in made if "EMS" in path))
    order.active.cell(2, 10).value = "1100000000011"
    order.save(tmp_path / "回.xlsx")
    call(system, "tracking", 1, tmp_path / "回.xlsx")

    proof = tmp_path / "回执.txt"
    proof.write_text("已签收", encoding="utf-8")
    said = call(
        system, "outcome", "1100000000011", "--outcome", "signed", "--signer", "debtor",
        "--on", shown_day(system), "--proof", proof,
    ).output  # fmt: skip
    assert " A" in said
    assert "诉讼时效 → 20" in call(system, "confirm", "1100000000011").output


def shown_day(system):
    """The day on which the letter was sent: commands run by the clock of the machine."""
    (row, *_left) = lines(call(system, "show", 1, "--json", code=1))
    return row["dispatched_on"]


def test_the_day_proposes(system, new_uow):
    with new_uow() as uow:
        an_overdue_loan(uow)
    rows = lines(call(system, "propose", "--day", DAY, "--json"))
    assert {(row["stage"], row["kind"]) for row in rows} == {
        ("fourth", "N02"),
        ("fourth", "N04"),
        ("lawyer", "N06"),
    }


def test_a_number_nobody_has_is_said_without_a_trace(system):
    answer = CliRunner(env={"POSTLOAN_DATA": str(system.settings.data)}).invoke(
        group, ["confirm", "N029"]
    )
    assert answer.exit_code != 0
