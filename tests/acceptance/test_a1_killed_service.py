"""A1 for pages and workers together: killed while papers come in by the API."""

import contextlib
import hashlib
import http.client
import json
import os
import random
import signal
import socket
import sqlite3
import threading
import time
from collections import Counter
from dataclasses import replace

import pytest
from sqlalchemy import select

from postloan_archive import audit
from postloan_archive.access import tokens
from postloan_archive.access.tokens import IssueToken
from postloan_archive.archive.models import Document, DocumentVersion
from postloan_archive.audit import TrailFilter
from postloan_archive.cli.handlers import all_handlers
from postloan_archive.jobs import JobRunner, JobState, list_jobs
from postloan_archive.kernel.clock import SystemClock
from tests.acceptance.cradle import Cradle
from tests.builders import a_loan

pytestmark = pytest.mark.acceptance
SENDERS = 4
START_S = 10  # the promise, on an idle machine


def send(port: int, key: str, name: str, data: bytes) -> list[dict[str, object]]:
    """Send one paper as a program does; return what the service acknowledged."""
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    head = f'--x\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'
    headers = {
        "Authorization": f"Bearer {key}",
        "Content-Type": "multipart/form-data; boundary=x",
        "Idempotency-Key": name,
    }
    body = head.encode() + data + b"\r\n--x--\r\n"
    try:
        line.request("POST", "/api/v1/loan-files/JJ2025-0001/items", body, headers)
        with line.getresponse() as reply:
            answer = json.loads(reply.read())
    finally:
        line.close()
    assert reply.status == 201, answer
    return answer["data"] if isinstance(answer, dict) else answer


class Site:
    """A service under fire and what it has acknowledged."""

    def __init__(self, port: int, key: str) -> None:
        self.port, self.key = port, key
        self.chance = random.Random(20261126)
        self.acknowledged: dict[str, int] = {}
        self.slowest_start = 0.0
        self.refusals: list[str] = []

    def drive(self, pid: int) -> None:
        """Wait for the service, send papers to it, kill all of it in the middle."""
        begun = time.monotonic()
        while not self._answers():
            assert time.monotonic() - begun < 120, "it does not start again"
            time.sleep(0.02)
        self.slowest_start = max(self.slowest_start, time.monotonic() - begun)
        stop = threading.Event()
        before = len(self.acknowledged)
        senders = [
            threading.Thread(target=self._send, args=(stop, self.chance.random()))
            for _ in range(SENDERS)
        ]
        for sender in senders:
            sender.start()
        while len(self.acknowledged) == before and time.monotonic() - begun < 120:
            time.sleep(0.005)
        time.sleep(self.chance.uniform(0.0, 1.5))
        os.killpg(pid, signal.SIGKILL)
        stop.set()
        for sender in senders:
            sender.join()

    def _answers(self) -> bool:
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        with contextlib.closing(line), contextlib.suppress(OSError, http.client.HTTPException):
            line.request("GET", "/healthz")
            with line.getresponse() as reply:
                return reply.status == 200
        return False

    def _send(self, stop: threading.Event, seed: float) -> None:
        number = 0
        while not stop.is_set():
            data = f"对账单 {seed} {number}".encode()
            try:
                (one,) = send(self.port, self.key, f"{seed}-{number}.txt", data)
            except (OSError, http.client.HTTPException, json.JSONDecodeError):
                continue  # killed: not acknowledged
            except AssertionError as error:
                self.refusals.append(str(error))
                return
            self.acknowledged[hashlib.sha256(data).hexdigest()] = one["document_id"]
            number += 1


@pytest.fixture
def site(system, new_uow, people):
    with new_uow() as uow:
        a_loan(uow)
    now = replace(system, clock=SystemClock())
    with now.unit_of_work(new_uow().actor) as uow:
        key = tokens.issue(uow, IssueToken(user_id=people["legal"], name="scanner"))
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    return Site(port, key)


def check(site, system, new_uow):
    plain = sqlite3.connect(system.settings.data / "postloan.db")
    assert plain.execute("PRAGMA quick_check").fetchall() == [("ok",)]
    plain.close()
    with new_uow() as uow:
        rows = dict(uow.session.execute(select(Document.id, Document.sha256)).all())
        versions = uow.session.scalars(select(DocumentVersion.sha256)).all()
        wanted = TrailFilter(event="archive.document_added")
        added = Counter(
            line.subject for line in audit.read(uow.session, wanted, limit=99_999).lines
        )
        assert audit.verify(uow.session).fault_count == 0
    for sha256, document_id in site.acknowledged.items():
        assert rows[document_id] == sha256
    assert all(system.vault.verify(sha256).good for sha256 in versions)
    assert added == Counter(f"document:{number}" for number in rows)  # none missing or doubled


def test_A1_a_killed_service_loses_nothing_acknowledged(site, system, new_uow, tmp_path, full):
    cradle = Cradle("tests.acceptance.killed_service", tmp_path)
    rounds = 40 if full else 1
    for _ in range(rounds):
        ended = cradle.run(system.settings.data, site.port, meanwhile=site.drive)
        assert ended.returncode == -signal.SIGKILL, ended.errors[-3_000:]
        check(site, system, new_uow)
    cradle.close()
    assert site.refusals == []
    assert len(site.acknowledged) >= rounds
    if full:
        print(f"{rounds} kills, {len(site.acknowledged)} acknowledged,", end=" ")
        print(f"slowest start {site.slowest_start:.1f} s")
    now = replace(system, clock=SystemClock())
    JobRunner(now.engine, all_handlers(now), clock=now.clock).run_until_empty()
    with new_uow() as uow:
        unread = select(Document.id).where(Document.read_at.is_(None))
        assert uow.session.scalars(unread).all() == []
        assert list_jobs(uow.session, state=JobState.FAILED, kind="read_documents").total == 0
    check(site, system, new_uow)
