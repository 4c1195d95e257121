"""`postloan report` and `postloan disposal` for programs and for people."""

import json

import openpyxl
import pytest
from click.testing import CliRunner

from postloan_archive.cli.management import disposal_group, report_group
from postloan_archive.disposal.rules import Kind
from postloan_archive.disposal.service import proposals
from postloan_archive.disposal.service.proposals import Propose
from postloan_archive.reports.catalogue import REPORTS
from tests.reports.conftest import late, refresh


@pytest.fixture
def call(system, new_uow):
    """Run a command on an installation with a loan 200 days late in a proposal."""
    with new_uow() as uow:
        late(uow, "JJ1", 200)
    refresh(new_uow)
    with new_uow() as uow:
        proposals.propose(
            uow,
            Propose(
                kind=Kind.WRITE_OFF,
                loan_nos=("JJ1",),
                reason="长期",
                terms={"ground": "无财产", "pursuit": "每季"},
            ),
        )
    env = {"POSTLOAN_DATA": str(system.settings.data), "POSTLOAN_DEMO_DAY": "2026-11-24"}

    def run(group, *arguments: str):
        return CliRunner(env=env).invoke(group, list(arguments))

    return run


def test_reports_are_listed_and_made(call, tmp_path):
    listed = [
        json.loads(line) for line in call(report_group, "list", "--json").stdout.splitlines()
    ]
    assert [row["key"] for row in listed] == list(REPORTS)
    made = call(report_group, "make", "ageing", "--json").stdout.splitlines()
    assert json.loads(made[-1])["账龄"] == "M6+"
    out = tmp_path / "a.xlsx"
    answer = call(report_group, "make", "ageing", "--since", "2026.11.1", "--out", str(out))
    assert answer.exit_code == 0, answer.output
    assert openpyxl.load_workbook(out).active["A1"].value == "逾期账龄表"


@pytest.mark.parametrize(
    "arguments",
    [
        ("make", "nothing"),
        ("make", "ageing", "--until", "昨天"),
        ("make", "ageing", "--since", "2026-11-02", "--until", "2026-11-01"),
    ],
)
def test_what_cannot_be_made_is_said(call, arguments):
    assert call(report_group, *arguments).exit_code != 0


def test_disposals_are_listed(call):
    (row,) = [
        json.loads(line) for line in call(disposal_group, "list", "--json").stdout.splitlines()
    ]
    assert (row["kind"], row["state"], row["loan_nos"]) == ("write_off", "proposed", ["JJ1"])
    assert call(disposal_group, "list", "--state", "executed", "--json").stdout == ""
    assert "核销" in call(disposal_group, "list").stdout
