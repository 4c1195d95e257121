"""A1 for the watched folder: many papers, kill -9 in the middle, and the receipt adds up."""

import hashlib
import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest
from sqlalchemy import func, select

from postloan_archive import audit
from postloan_archive.archive.models import Document, IntakeFile
from tests.builders import a_customer, a_loan
from tests.reading.made_files import pdf, zip_of

pytestmark = pytest.mark.acceptance

ROOT = Path(__file__).resolve().parents[2]
RUN = "from postloan_archive.cli import main; main()"


def papers(folder: Path, count: int, loans: list[str]) -> Counter[str]:
    """Write small papers of many kinds; return how often each digest must be there."""
    chance = random.Random(20261126)
    wanted: Counter[str] = Counter()
    for number in range(count):
        loan = loans[number % len(loans)]
        name, data = f"{loan}_GL11 对账单{number:05}.txt", f"第 {number} 号对账单".encode()
        kind = number % 100
        if kind == 0:
            name = f"JJ1999-{number:04}_不在册.txt"  # a number that matches nothing
        elif kind == 1:
            name, data = f"{loan}_坏.pdf", pdf(["合同"])[: chance.randrange(60, 400)]
        elif kind == 2:
            name = f"{loan}/GL11 子目录{number:05}.txt"
        elif kind == 3 and number > 3:
            data = b"the same paper again and again"
        elif kind == 4:
            name, data = f"{loan}_借款合同{number:05}.pdf", pdf([f"第 {number} 号借款合同"])
        elif kind == 5 and number % 500 == 5:
            inner = {f"GL11 {at:02}.txt": f"{number}-{at}".encode() for at in range(40)}
            name, data = f"{loan}_{number:05}.zip", zip_of(inner)
            wanted.update(hashlib.sha256(one).hexdigest() for one in inner.values())
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        if path.exists():
            path = path.with_name(f"{number}-{path.name}")
        path.write_bytes(data)
        if not name.endswith(".zip"):
            wanted[hashlib.sha256(data).hexdigest()] += 1
    return wanted


def start(settings, inbound: Path, *more: str):
    environment = {
        "PATH": os.defpath,
        "POSTLOAN_DATA": str(settings.data),
        "PYTHONPATH": str(ROOT),
    }
    command = [sys.executable, "-c", RUN, "scan-folder", str(inbound)]
    return subprocess.Popen(
        [*command, "--once", "--settle", "1", "--json", *more],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def stored(settings) -> int:
    database = sqlite3.connect(f"file:{settings.data / 'postloan.db'}?mode=ro", uri=True)
    (count,) = database.execute("SELECT count(*) FROM intake_files").fetchone()
    database.close()
    return count


def test_A1_a_watched_folder_with_a_stop_in_the_middle(
    system, settings, new_uow, tmp_path, full, record_property
):
    count, kills = (20_000, 3) if full else (300, 2)
    with new_uow() as uow:
        customer = a_customer(uow)
        loans = [
            a_loan(
                uow,
                loan_no=f"JJ2025-{number:04}",
                contract_no=f"示农商借字2025第{number:04}号",
                customer_id=customer,
            ).loan_no
            for number in range(1, 51)
        ]
    inbound = tmp_path / "scanner"
    inbound.mkdir()
    wanted = papers(inbound, count, loans)
    found = sum(1 for path in inbound.rglob("*") if path.is_file())
    begun = time.monotonic()
    for kill in range(1, kills + 1):
        process = start(settings, inbound)
        limit = time.monotonic() + 300
        while stored(settings) < count * kill // (kills + 1) and time.monotonic() < limit:
            assert process.poll() is None, process.communicate()
            time.sleep(0.02)
        process.send_signal(signal.SIGKILL)
        process.communicate()
    out, errors = start(settings, inbound).communicate(timeout=3_600)
    took = time.monotonic() - begun
    receipt = json.loads(out.splitlines()[-1])

    assert receipt["adds_up"], (receipt, errors)
    assert receipt["closed"]
    assert receipt["found"] == receipt["taken"] == found
    assert receipt["received"] == wanted.total()
    total = receipt["stored"] + receipt["linked"] + receipt["exceptions"]
    assert receipt["received"] == total
    assert receipt["unmatched"] == count // 100
    with new_uow() as uow:
        assert Counter(uow.session.scalars(select(IntakeFile.sha256))) == wanted
        twice = (
            select(Document.loan_id, Document.sha256)
            .group_by(Document.loan_id, Document.sha256)
            .having(func.count() > 1)
        )
        assert uow.session.execute(twice).all() == []
        assert audit.verify(uow.session).fault_count == 0
    assert all(system.vault.verify(sha256).good for sha256 in wanted)
    left = [p for p in inbound.rglob("*") if p.is_file() and "已收取" not in p.parts]
    assert left == []
    assert list((settings.data / "working").iterdir()) == []
    rate = round(wanted.total() / took)
    if full:
        print(f"{wanted.total()} papers, {kills} kills: {took:.0f} s, {rate}/s")
    record_property("papers_per_s", rate)
