"""A whole ledger taken in: checked, entered, derived; beside a bare copy of its cells."""

import io
import os
import sqlite3
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

import openpyxl
from sqlalchemy import Engine

from postloan_archive.cli.bench.ledger_book import BRANCHES, workbook
from postloan_archive.config import Settings
from postloan_archive.db import Model
from postloan_archive.db.schema import migrate
from postloan_archive.kernel.actor import Actor
from postloan_archive.loans import positions
from postloan_archive.loans.importing.report import Mode
from postloan_archive.loans.importing.service import import_content
from postloan_archive.uow import System, open_system

Report = Callable[[dict[str, object]], None]

OPERATOR: Final = Actor.program("cli")
FULL: Final = 100_000  # loans
QUICK: Final = 2_000


def run(report: Report, *, quick: bool) -> None:
    """Measure check, entry and first derivation of one ledger, and the bare copy.

    `ratio_bare_copy` is how many times as long check and entry take together as reading the
    same workbook with openpyxl (read-only) and inserting its cells unchecked by executemany.

    Args:
        report: takes one line for each measurement.
        quick: 2,000 loans instead of 100,000.
    """
    count = QUICK if quick else FULL
    content = workbook(count)
    with tempfile.TemporaryDirectory(prefix="postloan-bench-") as name:
        bare = _Span()
        cells = _bare_copy(content, Path(name) / "bare.db")
        bare.end()
        system = open_system(Settings(data=Path(name) / "data"))
        migrate(system.engine)
        _add_branches(system.engine)
        both = _Span()
        check = _import(system, content, Mode.CHECK, count)
        entry = _import(system, content, Mode.ALL, count)
        both.end()
        derived = _Span()
        for _ in positions.refresh_loans(system, range(1, count + 1)):
            pass
        derived.end()
        system.close()
    for step, span in (
        ("check", check),
        ("entry", entry),
        ("check_and_entry", both),
        ("first_derivation", derived),
        ("bare_copy", bare),
    ):
        line: dict[str, object] = {
            "bench": "ledger",
            "name": f"{step}_{count}_loans",
            "per_s": round(count / span.wall, 1),
            "wall_s": round(span.wall, 2),
            "cpu_s": round(span.cpu, 2),
        }
        if span is both:
            line["ratio_bare_copy"] = round(span.cpu / bare.cpu, 2)
            line["cells"] = cells
        report(line)


class _Span:
    """Wall and processor seconds from its making to `end`."""

    def __init__(self) -> None:
        self.wall, self.cpu = time.perf_counter(), _processor()

    def end(self) -> None:
        self.wall, self.cpu = time.perf_counter() - self.wall, _processor() - self.cpu


def _processor() -> float:
    """Return the processor seconds of this process and of its children that ended."""
    return sum(os.times()[:4])


def _import(system: System, content: bytes, mode: Mode, count: int) -> _Span:
    span = _Span()
    found = import_content(system, OPERATOR, content, mode)
    span.end()
    assert not found.faults, found.faults[:3]
    assert found.entered["loans"] == count, found.entered
    return span


def _add_branches(engine: Engine) -> None:
    rows = [
        {"id": at, "code": code, "name": f"示范支行{code}", "path": f"/{at}/"}
        for at, code in enumerate(BRANCHES, start=1)
    ]
    with engine.begin() as connection:
        connection.execute(Model.metadata.tables["branches"].insert(), rows)


def _bare_copy(content: bytes, path: Path) -> int:
    """Read with openpyxl, insert each row as it stands; return how many cells there were."""
    cells = 0
    connection = sqlite3.connect(path)
    book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
    for at, sheet in enumerate(book.worksheets):
        rows = [
            [value if isinstance(value, str | int | float) else str(value) for value in row]
            for row in sheet.iter_rows(min_row=2, values_only=True)
        ]
        width = len(rows[0])
        columns = ", ".join(f"c{place}" for place in range(width))
        marks = ", ".join("?" * width)
        connection.execute(f"CREATE TABLE t{at} ({columns})")
        connection.executemany(f"INSERT INTO t{at} VALUES ({marks})", rows)  # noqa: S608 - ours
        cells += width * len(rows)
    connection.commit()
    connection.close()
    return cells
