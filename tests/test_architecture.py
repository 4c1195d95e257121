"""The rules of the house that a machine can check: layers, sizes, clocks, money, names."""

import ast
import pkgutil
import re
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from sqlalchemy import Float

import postloan_archive
from postloan_archive.cases.rules.steps import NEXT, STEP_LABELS, Step
from postloan_archive.db import Model
from postloan_archive.db.model import YuanType
from tests.every_model import mappers

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "postloan_archive"
MAX_LINES = 400
TEXT = {".py", ".md", ".toml", ".html", ".css", ".js", ".csv", ".lock", ".sh", ".txt", ""}

ONLY_IN = {  # third-party package: the places of ours that may import it
    "huey": {"jobs"},
    "whoosh": {"search", "cli/bench/search.py"},  # as the peer that is measured
    "pypdf": {"bundle", "reading"},
    "docx": {"wordgen"},
    "olefile": {"reading"},
    "rapidocr": {"reading"},
    "waitress": {"cli"},
    "alembic": {"db"},
    "argon2": {"access"},
    "asn1crypto": {"reading"},
    "gmssl": {"reading"},
    "pyhanko": {"reading"},
    "webauthn": {"access", "admin"},
    "boto3": {"vault"},
}
DRAWERS = {"pypdfium2": {"reading", "bundle", "wordgen", "cli/bench"}}
NAMELESS = re.compile(r"^(utils?|helpers?|common|misc|tools|shared|stuff)$")
BANNED_CLASSES = re.compile(r"(Helper|Manager|Util|Utils)$")
REGISTRIES = re.compile(  # put together, so that this file does not name them itself
    "|".join(
        re.escape(".".join(parts))
        for parts in (
            ("pypi", "org"),
            ("files", "pythonhosted", "org"),
            ("registry", "npmjs", "org"),
            ("mirrors", "aliyun", "com"),
            ("pypi", "tuna", "tsinghua", "edu", "cn"),
            ("mirrors", "ustc", "edu", "cn"),
            ("repo", "huaweicloud", "com"),
            ("proxy", "golang", "org"),
            ("unpkg", "com"),
            ("cdn", "jsdelivr", "net"),
        )
    )
)
MACHINE_PATH = re.compile(r"(?<![\w./-])/(?:work|home|root|Users)/[\w.-]+")


@cache
def tree(path: Path) -> ast.Module:
    """Parse a module once a session."""
    return ast.parse(path.read_text("utf-8"), str(path))


def modules(where: Path = PACKAGE) -> list[Path]:
    return sorted(where.rglob("*.py"))


def shown(path: Path) -> str:
    return str(path.relative_to(ROOT))


def imported(path: Path) -> Iterator[str]:
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module


def kept_in_git() -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=False,
    )
    if listed.returncode:  # an unpacked archive without git
        return [
            path for path in ROOT.rglob("*") if path.is_file() and ".venv" not in path.parts
        ]
    names = listed.stdout.decode().split("\0")
    return [ROOT / name for name in names if name and (ROOT / name).is_file()]


def test_imports_go_down_and_make_no_cycle():
    program = Path(sys.executable).with_name("lint-imports")
    if not program.exists():
        pytest.skip("import-linter is not installed; pip install import-linter")
    ended = subprocess.run(
        [program, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert ended.returncode == 0, ended.stdout[-4_000:] + ended.stderr[-1_000:]


def test_every_package_has_its_place_in_the_stack():
    layers = re.search(
        r"^layers = \[(.+?)^\]", (ROOT / "pyproject.toml").read_text(), re.DOTALL | re.MULTILINE
    )
    named = set(re.findall(r"\w+", layers[1]))
    found = {name for _, name, _ in pkgutil.iter_modules(postloan_archive.__path__)}
    assert found <= named


def test_no_file_is_longer_than_a_person_reads_at_once():
    too_long = {
        shown(path): lines
        for folder in ("postloan_archive", "tests", "tools", "templates")
        for path in sorted((ROOT / folder).rglob("*"))
        if path.suffix in {".py", ".html"} and "versions" not in path.parts
        if (lines := len(path.read_text("utf-8").splitlines())) > MAX_LINES
    }
    assert too_long == {}


@pytest.mark.parametrize(("package", "places"), sorted((ONLY_IN | DRAWERS).items()))
def test_only_its_own_place_imports(package, places):
    strangers = {
        shown(path)
        for path in modules()
        if any(name == package or name.startswith(f"{package}.") for name in imported(path))
        if not any(path.is_relative_to(PACKAGE / place) for place in places)
    }
    assert strangers == set()


def test_only_the_clock_asks_the_machine_for_the_time():
    asks = re.compile(
        r"\b(?:datetime\.(?:now|utcnow|today|fromtimestamp|utcfromtimestamp)|date\.today)\("
    )
    faults = {
        f"{shown(path)}:{number}"
        for path in modules()
        if path != PACKAGE / "kernel" / "clock.py"
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if asks.search(line) and "tz=" not in line and "UTC)" not in line
    }
    assert faults == set()
    now = {shown(p) for p in modules() if "datetime.now(" in p.read_text("utf-8")}
    assert now == {"postloan_archive/kernel/clock.py"}


def test_only_config_reads_the_environment():
    readers = {
        shown(path)
        for path in modules()
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Attribute)
        and node.attr in {"environ", "getenv"}
        and isinstance(node.value, ast.Name)
        and node.value.id == "os"
    }
    assert readers <= {"postloan_archive/config.py"}


MONEY = re.compile(
    r"(amount|principal|balance|interest|penalty|fee|claim|price|payment|paid|owed|yuan|cost"
    r"|recovered|promised|value_yuan)s?$"
)


def test_no_name_of_money_is_a_float():
    faults = []
    for path in modules():
        for node in ast.walk(tree(path)):
            name, kind = None, None
            if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
                name, kind = node.target.id, node.annotation
            elif isinstance(node, ast.arg):
                name, kind = node.arg, node.annotation
            elif isinstance(node, ast.FunctionDef):
                name, kind = node.name, node.returns
            money = name and kind is not None and MONEY.search(name)
            if money and re.search(r"\bfloat\b", ast.unparse(kind)):
                faults.append(f"{shown(path)}:{node.lineno} {name}")
    assert faults == []


def test_rules_know_no_float_at_all():
    pure = [
        path
        for path in modules()
        if "rules" in path.parts or path.name == "rules.py" or path.parent.name == "kernel"
    ]
    assert len(pure) > 40
    faults = [
        f"{shown(path)}:{node.lineno}"
        for path in pure
        for node in ast.walk(tree(path))
        if (isinstance(node, ast.Name) and node.id == "float")
        or (isinstance(node, ast.Constant) and isinstance(node.value, float))
    ]
    assert faults == []


def test_a_float_goes_only_into_the_cells_of_a_workbook():
    """XlsxWriter takes doubles; the whole cents of an amount survive in one (15 digits)."""
    ours = {"reading", "bundle", "wordgen", "search", "demo"}
    faults = [
        f"{shown(path)}:{node.lineno}"
        for path in modules()
        if path.relative_to(PACKAGE).parts[0] not in ours and "bench" not in path.parts
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "float"
        and "xlsxwriter" not in set(imported(path))
    ]
    assert faults == []


def test_every_table_belongs_to_one_package():
    homes = Counter(mapper.local_table.name for mapper in mappers())
    assert set(Model.metadata.tables) == set(homes)
    assert set(homes.values()) == {1}
    for mapper in mappers():
        home = mapper.class_.__module__.split(".")
        assert home[0] == "postloan_archive", mapper
        assert "models" in home[2:], f"{mapper} is declared outside a models module"


def test_no_amount_is_stored_as_a_float():
    assert mappers()
    for table in Model.metadata.tables.values():
        for column in table.columns:
            if MONEY.search(column.name):
                assert not isinstance(column.type, Float), f"{table.name}.{column.name}"
    stored = [
        c for t in Model.metadata.tables.values() for c in t.c if isinstance(c.type, YuanType)
    ]
    assert len(stored) > 10


def test_every_step_says_what_may_follow():
    assert set(NEXT) == set(Step) == set(STEP_LABELS)
    reached = {step for following in NEXT.values() for step in following}
    assert reached | {Step.PREPARED} == set(Step)


def test_a_thing_used_twice_has_a_name():
    nameless = {
        shown(path)
        for path in sorted(PACKAGE.rglob("*"))
        if path.is_dir() or path.suffix == ".py"
        if NAMELESS.match(path.stem)
    }
    assert nameless == set()
    gathered = {
        f"{shown(path)}: {node.name}"
        for path in modules()
        for node in ast.walk(tree(path))
        if isinstance(node, ast.ClassDef) and BANNED_CLASSES.search(node.name)
    }
    assert gathered == set()


def test_services_do_not_commit():
    committers = {
        shown(path)
        for path in modules()
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "commit"
        and "session" in ast.unparse(node.func.value)
    }
    assert committers <= {"postloan_archive/uow.py", "postloan_archive/jobs/runner.py"}


def test_imports_stand_at_the_top():
    inside = {
        f"{shown(path)}:{node.lineno}"
        for path in modules()
        for outer in ast.walk(tree(path))
        if isinstance(outer, ast.FunctionDef | ast.AsyncFunctionDef)
        for node in ast.walk(outer)
        if isinstance(node, ast.Import | ast.ImportFrom)
    }
    assert inside == set()


def test_the_repository_names_no_registry_and_no_machine():
    faults = []
    for path in kept_in_git():
        if path.suffix not in TEXT or path == Path(__file__).resolve() or path.is_symlink():
            continue
        text = path.read_text("utf-8", errors="replace")
        for number, line in enumerate(text.splitlines(), 1):
            if REGISTRIES.search(line) or MACHINE_PATH.search(line):
                faults.append(f"{shown(path)}:{number}: {line.strip()[:100]}")
    assert faults == []


def test_the_lock_has_a_hash_for_every_version_and_no_index():
    lock = (ROOT / "requirements.lock").read_text("utf-8")
    pinned = re.findall(r"^[a-z0-9][\w.\[\]-]*==\S+", lock, re.MULTILINE)
    assert len(pinned) > 60
    assert len(re.findall(r"==\S+[^\n]*\\\n    --hash=sha256:", lock)) == len(pinned)
    assert "index-url" not in lock.replace("--no-emit-index-url", "")


def test_git_ignores_what_runs_leave_behind():
    if not shutil.which("git") or not (ROOT / ".git").exists():
        pytest.skip("no git here")
    for name in ("storage/postloan.db", ".venv/x", "postloan_archive/__pycache__/x.pyc"):
        ended = subprocess.run(["git", "check-ignore", "-q", name], cwd=ROOT, check=False)
        assert ended.returncode == 0, name
