"""Vault, trail and jobs: files stored with all syncs, lines added and verified, jobs run."""

import hashlib
import io
import os
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Final

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from postloan_archive import audit, jobs
from postloan_archive.db import Model, create_database_engine, new_session
from postloan_archive.kernel.actor import Actor
from postloan_archive.vault import Vault

Report = Callable[[dict[str, object]], None]

TABLES: Final = ("audit_lines", "audit_checkpoints", "audit_blocks", "jobs")
AT: Final = datetime(2026, 1, 1, tzinfo=UTC)
CLERK: Final = Actor(name="bench", user_id=1, origin="web", address="10.0.0.8", request_id="r")
FILE_SIZE: Final = 200_000  # bytes, a scanned page
LINES_AT_ONCE: Final = 5_000  # lines in one transaction


def run(report: Report, *, quick: bool) -> None:
    """Measure in a temporary folder of the current one, so that the syncs reach a real volume.

    Args:
        report: takes one line for each measurement.
        quick: fewer files and lines.
    """
    with tempfile.TemporaryDirectory(prefix="postloan-bench-", dir=Path.cwd()) as name:
        folder = Path(name)
        _files(report, folder, count=200 if quick else 1_000)
        with _database(folder) as engine:
            _trail(report, engine, folder, lines=20_000 if quick else 1_000_000)
            _commits(report, engine, count=200 if quick else 1_000)
            _jobs(report, engine, count=200 if quick else 1_000)


@contextmanager
def _database(folder: Path) -> Iterator[Engine]:
    engine = create_database_engine(f"sqlite:///{folder / 'bench.db'}")
    Model.metadata.create_all(engine, tables=[Model.metadata.tables[name] for name in TABLES])
    try:
        yield engine
    finally:
        engine.dispose()


def _files(report: Report, folder: Path, *, count: int) -> None:
    """Store files; the peer writes the same bytes under their digest without any sync."""
    papers = [os.urandom(FILE_SIZE) for _ in range(count)]
    plain = folder / "plain"
    plain.mkdir()
    started = time.perf_counter()
    for data in papers:
        (plain / hashlib.sha256(data).hexdigest()).write_bytes(data)
    plain_s = time.perf_counter() - started
    vault = Vault(folder / "vault")
    spans = [_span(partial(vault.put, io.BytesIO(data))) for data in papers]
    again = [_span(partial(vault.put, io.BytesIO(data))) for data in papers]
    _say(report, "put_with_all_syncs", spans, ratio_unsynced_write=plain_s / sum(spans))
    _say(report, "put_of_known_bytes", again)
    digests = list(vault.digests())
    checks = [_span(partial(vault.verify, sha256)) for sha256 in digests]
    _say(report, "verify_files", checks, mb_per_s=count * FILE_SIZE / sum(checks) / 1e6)


def _trail(report: Report, engine: Engine, folder: Path, *, lines: int) -> None:
    started = time.perf_counter()
    for first in range(0, lines, LINES_AT_ONCE):
        with new_session(engine) as session, session.begin():
            for number in range(first, min(first + LINES_AT_ONCE, lines)):
                _append(session, number)
    _rate(report, "append_lines", lines, time.perf_counter() - started)
    signer = audit.create_key(folder)
    started = time.perf_counter()
    with new_session(engine) as session, session.begin():
        audit.sign_checkpoint(session, signer, at=AT)
    _rate(report, "first_checkpoint", lines, time.perf_counter() - started)
    with new_session(engine) as session:
        audit.publish(session, folder / "checkpoints")
        outside = audit.read_checkpoints(folder / "checkpoints")
        started = time.perf_counter()
        result = audit.verify(session, outside, trusted={signer.public_key})
        seconds = time.perf_counter() - started
        assert result.ok, result.faults
        bare_s = _bare_read(engine)
        _rate(report, "verify_lines", lines, seconds, ratio_bare_read=bare_s / seconds)
        spans = [
            _span(partial(audit.proof_for, session, [seq]))
            for seq in range(1, lines, lines // 20)
        ]
        _say(report, "proof_of_a_line", spans)


def _bare_read(engine: Engine) -> float:
    """Return the seconds to fetch the rows and hash their text once, without chain and tree."""
    started = time.perf_counter()
    with engine.connect().execution_options(read_only=True) as connection:
        result = connection.exec_driver_sql("SELECT * FROM audit_lines ORDER BY seq")
        assert result.cursor is not None
        while rows := result.cursor.fetchmany(2_048):
            for row in rows:
                hashlib.sha256(repr(row).encode()).digest()
        result.close()
    return time.perf_counter() - started


def _commits(report: Report, engine: Engine, *, count: int) -> None:
    def step() -> None:
        with new_session(engine) as session, session.begin():
            _append(session, 0)

    _say(report, "append_and_commit", [_span(step) for _ in range(count)])


def _jobs(report: Report, engine: Engine, *, count: int) -> None:
    with new_session(engine) as session, session.begin():
        for number in range(count):
            jobs.enqueue(session, "nothing", [number], at=AT)
    runner = jobs.JobRunner(engine, {"nothing": lambda _: None})
    started = time.perf_counter()
    done = runner.run_until_empty()
    _rate(report, "run_jobs", done, time.perf_counter() - started)


def _append(session: Session, number: int) -> None:
    audit.append(
        session,
        at=AT + timedelta(seconds=number),
        actor=CLERK,
        event="archive.document_added",
        subject=f"document:{number}",
        facts={"sha256": "ab" * 32, "标题": "借款合同", "页数": number % 40},
    )


def _span(step: Callable[[], object]) -> float:
    started = time.perf_counter()
    step()
    return time.perf_counter() - started


def _say(report: Report, name: str, spans: list[float], **more: float) -> None:
    report(
        {
            "bench": "store",
            "name": name,
            "per_s": round(len(spans) / sum(spans), 1),
            "median_ms": round(statistics.median(spans) * 1000, 3),
            "p95_ms": round(statistics.quantiles(spans, n=20)[-1] * 1000, 3),
            **{key: round(value, 3) for key, value in more.items()},
        }
    )


def _rate(report: Report, name: str, count: int, seconds: float, **more: float) -> None:
    unit = 1_000_000 if sys.platform == "darwin" else 1_000  # bytes on macOS, KiB elsewhere
    report(
        {
            "bench": "store",
            "name": name,
            "count": count,
            "seconds": round(seconds, 3),
            "per_s": round(count / seconds, 1),
            "rss_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit, 1),
            **{key: round(value, 3) for key, value in more.items()},
        }
    )
