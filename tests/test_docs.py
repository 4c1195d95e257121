"""What is written about the product keeps up with it."""

import re
from dataclasses import fields
from pathlib import Path

import pytest

from postloan_archive.cli import COMMANDS
from postloan_archive.config import Settings
from tests.shared_folder import SHARED, needs_shared
from tools import law_index

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"
RULES = re.compile(r"R-[A-L]\d{2}[a-z]?")
RULE = re.compile(r"R-[A-L]\d{2}")


def text(*parts: str) -> str:
    return ROOT.joinpath(*parts).read_text("utf-8")


def test_the_index_of_the_law_is_that_of_the_registers():
    assert text("docs", "law.md") == law_index.index()


@needs_shared
def test_every_rule_of_the_document_is_in_the_index_with_what_it_needs():
    """Each rule has a line with its confidence; one from memory names who signs it off."""
    document = (SHARED / "domain-rules.md").read_text("utf-8")
    wanted = set(re.findall(r"R-[A-L]\d{2}[a-z]?", document))
    lines = [
        [cell.strip() for cell in line.strip("|\n").split("|")]
        for line in text("docs", "law.md").splitlines()
        if line.startswith("| R-")
    ]
    listed = {rule: cells for cells in lines for rule in re.findall(RULES, cells[0])}
    assert len(wanted) > 200
    assert wanted - set(listed) == {"R-D04b"}  # item (b) of R-D04, no rule of its own
    for rule, cells in listed.items():
        said = f"{cells[1]} {cells[2]}"
        assert re.search(r"\b(V2?|M)\b|product rule", said), (rule, cells)


def test_every_rule_that_the_code_cites_is_in_the_index():
    indexed = set(RULE.findall(text("docs", "law.md")))
    cited = {
        rule
        for path in sorted((ROOT / "postloan_archive").rglob("*.py"))
        if "rules" in path.parts or path.name == "rules.py"
        for rule in RULE.findall(path.read_text("utf-8"))
    }
    assert cited
    assert cited <= indexed


@pytest.mark.parametrize("name", [spec.name.upper() for spec in fields(Settings)])
def test_every_setting_is_explained(name):
    assert f"`POSTLOAN_{name}`" in text("docs", "operations.md")


def test_no_setting_is_explained_that_does_not_exist():
    known = {f"POSTLOAN_{spec.name.upper()}" for spec in fields(Settings)}
    told = set(re.findall(r"POSTLOAN_[A-Z_]+[A-Z0-9]", text("docs", "operations.md")))
    assert told <= known


@pytest.mark.parametrize("readme", ["README.md", "README.zh-CN.md"])
def test_every_command_is_in_the_readme(readme):
    told = text(readme)
    missing = {
        name for name in COMMANDS if not re.search(rf"postloan (\w+ \| )?{name}\b", told)
    }
    assert missing == set()


def test_every_decision_is_listed():
    pages = {path.name for path in (DOCS / "decisions").glob("0*.md")}
    assert pages == set(re.findall(r"\((0[^)]+\.md)\)", text("docs", "decisions", "README.md")))


def test_links_between_the_pages_lead_somewhere():
    for path in [*DOCS.rglob("*.md"), *ROOT.glob("*.md")]:
        for target in re.findall(r"\]\(([^)#:]+?)(?:#[^)]*)?\)", path.read_text("utf-8")):
            assert (path.parent / target).exists(), (path.name, target)
