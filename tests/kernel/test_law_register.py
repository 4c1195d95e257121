"""Every rule that the code cites stands in the register, and every rule of the groups too."""

import re
from dataclasses import fields
from pathlib import Path

import pytest

from postloan_archive.cases.rules.deadlines import PERIODS
from postloan_archive.kernel.policy import LawPolicy

ROOT = Path(__file__).resolve().parents[2]
LAW = ROOT / "docs" / "law"
REGISTER = (LAW / "a-d-j-k.md").read_text(encoding="utf-8")
RULE = re.compile(r"R-[ABCDJK][0-9]{2}[a-z]?")
FOLDERS = ("kernel", "cases/rules", "preservation/rules", "loans/rules", "workdays")
LAST = {"A": 19, "B": 66, "C": 20, "D": 29, "J": 9, "K": 7}


def cited():
    for folder in FOLDERS:
        for path in sorted((ROOT / "postloan_archive" / folder).rglob("*.py")):
            yield from RULE.findall(path.read_text(encoding="utf-8"))


def test_every_rule_that_the_code_names_is_registered():
    assert set(cited()) - set(RULE.findall(REGISTER)) == set()


@pytest.mark.parametrize("group", sorted(LAST))
def test_every_rule_of_the_groups_is_registered(group):
    expected = {f"R-{group}{number:02}" for number in range(1, LAST[group] + 1)}
    assert expected - set(RULE.findall(REGISTER)) == set()


def test_every_setting_is_registered_with_its_rule():
    registers = "".join(path.read_text(encoding="utf-8") for path in LAW.glob("*.md"))
    for setting in fields(LawPolicy):
        assert f"`{setting.name}`" in registers


def test_every_row_of_the_tables_is_registered_with_its_provisions():
    lines = REGISTER.splitlines()
    for row in PERIODS:
        start, act = f"| {row.rule} | {row.event}", f"| {row.act} |"
        line = next(line for line in lines if line.startswith(start) and act in line)
        for citation in row.basis:
            assert str(citation) in line
