"""A1: SIGKILL at any point of intake and editing loses nothing that was acknowledged."""

import contextlib
import json
import os
import random
import signal
import sqlite3
import time
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from postloan_archive import audit
from postloan_archive.archive import reading_jobs
from postloan_archive.archive.models import Document, DocumentVersion, IntakeFile
from postloan_archive.audit import TrailFilter
from postloan_archive.cli.handlers import all_handlers
from postloan_archive.jobs import JobRunner, JobState, list_jobs, retry
from postloan_archive.kernel.clock import SystemClock
from postloan_archive.vault import State, verify_all
from tests.acceptance.cradle import Cradle, Ended
from tests.builders import a_loan

pytestmark = pytest.mark.acceptance

PROGRAM = "tests.acceptance.killed_intake"
PAPERS = 3  # a run
POINTS = {  # how often each is passed in a run of three papers; a test below says if it moved
    "file": (0, 1, 2, 3, 4, 5, 6, 7, 8, 9),
    "begin": (0, 1, 3),
    "sql": (0, 2, 5, 9, 14, 20, 27, 35),
    "commit": (0, 1, 2),
    "committed": (0, 1, 2),
    "reply": (0, 2, 4),
}
FULL_ROUNDS = 800


class Site:
    """An installation that is killed again and again, and what it has acknowledged."""

    def __init__(self, system, new_uow, folder: Path, cradle: Cradle) -> None:
        self.system, self.data, self.new_uow = system, system.settings.data, new_uow
        self.folder, self.cradle = folder, cradle
        self.chance = random.Random(20261124)
        self.stored: dict[int, str] = {}
        self.titles: dict[int, str] = {}
        self.round = 0

    def papers(self) -> list[Path]:
        self.round += 1
        paths = []
        for number in range(PAPERS):
            path = self.folder / f"{self.round:03}-{number}.txt"
            path.write_text(f"对账单 {self.round}-{number} {self.chance.random()}", "utf-8")
            paths.append(path)
        return paths

    def run(self, papers: list[Path], point: str = "none", number: int = 0, **more) -> Ended:
        return self.cradle.run(self.data, point, number, *papers, **more)

    def heard(self, ended: Ended, *, killed: bool) -> dict[str, int]:
        """Note what the process acknowledged; return how often it passed each point."""
        assert ended.returncode == (-signal.SIGKILL if killed else 0), ended.errors[-2_000:]
        passes = {}
        for line in ended.out.splitlines():
            if not line.endswith("}"):
                continue  # the kill cut it short: not acknowledged
            done = json.loads(line)
            if "title" in done:
                self.titles[done["document_id"]] = done["title"]
            elif "sha256" in done:
                self.stored[done["document_id"]] = done["sha256"]
            else:
                passes = done["passes"]
        return passes

    def check(self) -> None:
        """Look with new eyes: nothing acknowledged is lost, nothing is half there."""
        begun = time.monotonic()
        plain = sqlite3.connect(self.data / "postloan.db")
        assert plain.execute("PRAGMA quick_check").fetchall() == [("ok",)]
        plain.close()
        with self.new_uow() as uow:
            documents = {row.id: row for row in uow.session.scalars(select(Document))}
            versions = uow.session.scalars(select(DocumentVersion.sha256)).all()
            report = audit.verify(uow.session)
            wanted = TrailFilter(event="archive.document_added")
            facts = audit.read(uow.session, wanted, limit=9_999).lines
        assert time.monotonic() - begun < 10
        for document_id, sha256 in self.stored.items():
            assert documents[document_id].sha256 == sha256
        for document_id, title in self.titles.items():
            assert documents[document_id].title == title
        assert report.fault_count == 0
        added = Counter(line.subject for line in facts)
        assert set(added.values()) <= {1}
        assert set(added) == {f"document:{number}" for number in documents}
        found = verify_all(self.system.vault, versions)
        assert {one.state for one in found} <= {State.GOOD, State.STRAY}
        assert all(self.system.vault.verify(sha256).good for sha256 in versions)

    def go_on(self, papers: list[Path]) -> None:
        """Start again with the same papers: each is there once, read, and no job waits."""
        self.heard(self.run(papers), killed=False)
        with self.new_uow() as uow:
            names = uow.session.scalars(select(Document.filename)).all()
            assert set(Counter(names).values()) == {1}
            assert {str(path) for path in papers} <= set(names)
            unread = select(Document.id).where(Document.read_at.is_(None))
            assert uow.session.scalars(unread).all() == []
            for kind in reading_jobs.handlers(self.system):  # counting papers is a worker's
                for state in (JobState.QUEUED, JobState.RUNNING, JobState.FAILED):
                    assert list_jobs(uow.session, state=state, kind=kind).total == 0


@pytest.fixture(scope="module")
def cradle(tmp_path_factory):
    opened = Cradle(PROGRAM, tmp_path_factory.mktemp("cradle"))
    yield opened
    opened.close()


@pytest.fixture
def site(system, new_uow, tmp_path, cradle) -> Site:
    with new_uow() as uow:
        a_loan(uow)
    folder = tmp_path / "in"
    folder.mkdir()
    return Site(system, new_uow, folder, cradle)


@pytest.mark.parametrize("point", POINTS)
def test_A1_named_points(site, point):
    for number in POINTS[point]:
        papers = site.papers()
        site.heard(site.run(papers, point, number), killed=True)
        site.check()
    site.go_on(papers)
    site.check()


def test_A1_the_points_lie_within_a_run(site):
    passes = site.heard(site.run(site.papers()), killed=False)
    for point, numbers in POINTS.items():
        assert passes[point] > max(numbers), point
    assert passes["reply"] == 2 * PAPERS


def test_A1_random_moments(site, full):
    started = time.monotonic()
    site.heard(site.run(site.papers()), killed=False)
    whole = time.monotonic() - started
    killed, before = 0, len(site.stored)
    runner = JobRunner(site.system.engine, all_handlers(site.system), clock=site.system.clock)
    for number in range(FULL_ROUNDS if full else 8):
        if number % 4:  # else the next process meets what the killed ones have left
            runner.run_until_empty()
        papers = site.papers()
        moment = whole * site.chance.uniform(0.1, 1.3)
        ended = site.run(papers, meanwhile=lambda pid, moment=moment: kill(pid, moment))
        killed += ended.returncode != 0  # it may have been quicker
        site.heard(ended, killed=ended.returncode != 0)
        site.check()
    acknowledged = len(site.stored) - before
    assert killed > 0
    assert acknowledged > 0
    if full:
        print(f"{killed} kills, {acknowledged} papers, {len(site.titles)} edits acknowledged")
    with site.new_uow() as uow:  # a job that met five kills waits for a person, and says so
        for job in list_jobs(uow.session, state=JobState.FAILED, limit=9_999).jobs:
            assert "中途消失" in job.reason
            retry(uow.session, job.id, at=uow.clock.now())
    runner.run_until_empty()
    site.go_on(papers)
    site.check()
    sweep(site)


def kill(pid: int, moment: float) -> None:
    """Kill the process after so many seconds."""
    time.sleep(moment)
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)


def sweep(site) -> None:
    """What no row points to is removed, and nothing else."""
    with site.new_uow() as uow:
        kept = set(uow.session.scalars(select(IntakeFile.sha256))) - {""}
    later = SystemClock().now() + timedelta(minutes=1)
    site.system.vault.sweep(kept.__contains__, older_than=later)
    assert set(site.system.vault.digests()) == kept
