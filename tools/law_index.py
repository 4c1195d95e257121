"""Write docs/law.md, the index over docs/law/*.md: python -m tools.law_index [--check]."""

import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "docs" / "law.md"
SOURCES = sorted((ROOT / "docs" / "law").glob("*.md"))
WIDTH = 80  # characters of a provision or setting; the register has the rest
RULE = re.compile(r"R-[A-L]\d{2}[a-z]?")
WANTED = {
    "provision": ("Provision", "Basis"),
    "conf": ("Conf.",),
    "setting": ("Setting", "Setting or parameter"),
    "sign": ("Sign-off",),
}
HEAD = """# Law: the index

Written by `python -m tools.law_index` from the registers in `docs/law/`, where each rule has its function, the edition
of its provision and what is left open; a test keeps the two together. The provisions themselves are in the code
(`kernel.statutes` and the `rules` modules), and every computed date and amount prints the one it rests on.

**Confidence**: V the article was read; V2 seen in a secondary source; M from memory or practice. M is printed as 参考 beside
the date and stays a proposal until the named department has signed it off. An empty sign-off needs none.

The general rules R-001 to R-008 are not one function each: a court's paper wins over a computed day (R-001: `deadlines.source`,
`worklist`); every date keeps its trigger and proof (R-002, R-003: `kernel.law.Due`); editions are never edited (R-004, R-006: `kernel.law`,
`workdays`); the civil day is China's (R-005: `kernel.clock`); issued is not arrived (R-007: `notices`, `litigation`); the product describes
dates and gives no opinion (R-008: the words of `loans.rules`).

Who signs off what, and when it was done, is the last table of the register of A–D, J, K.
"""


def cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip().strip("|").split("|")]


def rows_of(path: Path) -> dict[str, dict[str, list[str]]]:
    """Return what the tables of one register say of each rule."""
    found: dict[str, dict[str, list[str]]] = {}
    columns: dict[str, int] = {}
    for line in path.read_text("utf-8").splitlines():
        if not line.startswith("|"):
            columns = {}
            continue
        row = cells(line)
        if row[0] == "Rule":
            columns = {
                key: row.index(name)
                for key, names in WANTED.items()
                for name in names
                if name in row
            }
            continue
        if not columns:
            continue
        for rule in RULE.findall(row[0]):
            entry = found.setdefault(rule, {key: [] for key in WANTED})
            for key, place in columns.items():
                value = row[place] if place < len(row) else ""
                if value not in {"", "–", "-", *entry[key]}:
                    entry[key].append(value)
    return found


def short(values: list[str]) -> str:
    text = "; ".join(values)
    return text if len(text) <= WIDTH else text[: WIDTH - 1].rstrip("`；;, ") + "…"


def index() -> str:
    lines = [HEAD]
    group = ""
    rules = {rule: (path, entry) for path in SOURCES for rule, entry in rows_of(path).items()}
    for rule in sorted(rules):
        path, entry = rules[rule]
        if rule[2] != group:
            group = rule[2]
            title = re.search(rf"^## {group}\. (.+)$", path.read_text("utf-8"), re.MULTILINE)
            lines += [
                f"\n## {group}. {title[1] if title else ''}\n\nRegister: [law/{path.name}](law/{path.name})\n",
                "| Rule | Provision | Conf. | Setting | Sign-off |",
                "| --- | --- | --- | --- | --- |",
            ]
        shown = (short(entry[key]) for key in WANTED)
        lines.append("| " + " | ".join((rule, *shown)) + " |")
    return "\n".join(lines) + "\n"


def main() -> None:
    text = index()
    if "--check" in sys.argv:
        sys.exit(
            0
            if TARGET.read_text("utf-8") == text
            else "docs/law.md is stale: python -m tools.law_index"
        )
    TARGET.write_text(text, "utf-8")


if __name__ == "__main__":
    main()
