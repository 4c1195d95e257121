"""`postloan loan`: the shapes that scripts rely on."""

import json

import openpyxl
import pytest
from click.testing import CliRunner

from postloan_archive.cli import cli
from tests.builders import a_branch
from tests.loans.importing.books import loan_row, loans


@pytest.fixture
def run(system, settings, new_uow, monkeypatch):
    """Run a command on a fresh installation with branch 0201; returns code, rows, stderr."""
    del system
    monkeypatch.setenv("POSTLOAN_DATA", str(settings.data))
    monkeypatch.setenv("POSTLOAN_DEMO_DAY", "2026-11-30")
    with new_uow() as uow:
        a_branch(uow)

    def ran(*words: str):
        result = CliRunner().invoke(cli, ["loan", *words])
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        rows = []
        if "--json" in words:
            rows = [json.loads(line) for line in result.stdout.splitlines()]
        return result.exit_code, rows, result.stdout

    return ran


def ledger(tmp_path, *rows) -> str:
    path = tmp_path / "台账.xlsx"
    path.write_bytes(loans(*rows))
    return str(path)


def test_import_list_show(run, tmp_path):
    path = ledger(tmp_path, loan_row(), loan_row("JJ2"))
    code, (checked,), _ = run("import", path, "--dry-run", "--json")
    assert (code, checked["mode"], checked["applied"], checked["faults"]) == (
        0,
        "check",
        False,
        0,
    )
    assert checked["entered"]["loans"] == 2
    assert run("list", "--json")[1] == []

    code, _, said = run("import", path)
    assert (code, "已导入" in said) == (0, True)

    code, rows, _ = run("list", "--json")
    assert code == 0
    assert rows[0] == {
        "loan_no": "JJ1",
        "customer": "张三",
        "branch": "示范支行0201",
        "balance": "100000.00",
        "overdue_days": 6,
        "stage": "overdue",
    }
    assert [row["loan_no"] for row in run("list", "--text", "JJ2", "--json")[1]] == ["JJ2"]

    code, (shown,), _ = run("show", "JJ1", "--json")
    assert code == 0
    assert shown["overdue_days"] == 6
    assert shown["clocks"][0]["key"] == "limitation"
    assert shown["clocks"][0]["legal"] == "2029-11-24"
    assert "罚息" in run("show", "JJ1")[2]


def test_a_refusal_names_row_and_column_and_exits_1(run, tmp_path):
    path = ledger(tmp_path, loan_row(), loan_row("JJ2", id_no="1.23E+17"))

    code, rows, _ = run("import", path, "--json", "--errors", str(tmp_path / "e.xlsx"))

    assert code == 1
    fault, done = rows
    assert (fault["sheet"], fault["line"], fault["column"]) == ("贷款", 3, "借款人证件号")
    assert (done["applied"], done["refused"]) == (False, 1)
    sheet = openpyxl.load_workbook(tmp_path / "e.xlsx").active
    assert "科学计数" in sheet.cell(3, sheet.max_column).value
    assert run("import", path, "--good-only", "--json")[0] == 1
    assert [row["loan_no"] for row in run("list", "--json")[1]] == ["JJ1"]


def test_wrong_usage_and_unknown_loans(run, tmp_path):
    path = ledger(tmp_path, loan_row())
    assert run("import", path, "--dry-run", "--good-only")[0] == 2
    assert run("import", str(tmp_path / "none.xlsx"))[0] == 2
