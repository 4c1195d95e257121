"""A4: a backup among writers, a restore by the written words on an empty machine, a bit."""

import io
import random
import shutil
import threading
import time
from contextlib import contextmanager

import pytest

from postloan_archive.archive import service
from postloan_archive.archive.service import FileMade
from postloan_archive.kernel.actor import Actor
from postloan_archive.loans import queries as loans
from tests.cli.conftest import named

pytestmark = pytest.mark.acceptance
CLI = Actor.program("cli")


def write(system, stop, acknowledged, number) -> None:
    """File papers until told to stop; what is in `acknowledged` was committed."""
    chance = random.Random(number)
    while not stop.is_set():
        with system.unit_of_work(CLI) as uow:
            loan = loans.get_loan(uow, "JJ2025-0001")
            document = service.file_made(
                uow,
                FileMade(
                    loan_id=loan.id,
                    item_code="YJ01",
                    name="写入.txt",
                    title="写入",
                    stream=io.BytesIO(chance.randbytes(500)),
                ),
            )
            sha256 = document.sha256
        acknowledged.append(sha256)


@contextmanager
def writing(system, count):
    """So many writers meanwhile; yields what they have been told is stored."""
    stop, acknowledged = threading.Event(), []
    writers = [
        threading.Thread(target=write, args=(system, stop, acknowledged, number))
        for number in range(count)
    ]
    for writer in writers:
        writer.start()
    try:
        while len(acknowledged) < 5:
            stop.wait(0.01)
        yield acknowledged
    finally:
        stop.set()
        for writer in writers:
            writer.join()


def hits(call, **env) -> list[tuple[int, int, str]]:
    (answer,) = call("search", "第1号合同", "--json", **env).rows
    return [(hit["document_id"], hit["page"], hit["snippet"]) for hit in answer["hits"]]


def test_A4_what_was_acknowledged_before_the_start_is_restored(
    call, papers, system, tmp_path, full
):
    papers(3)
    call("worker", "--once")
    call("audit", "checkpoint")
    found = hits(call)
    assert found
    for _ in range(20 if full else 1):
        with writing(system, 10 if full else 4) as acknowledged:
            before = list(acknowledged)
            made = call("backup", tmp_path / "backup", "--json")
        assert made.code == 0, made.out
        restored_holds(call, tmp_path, before, found)
    if full:
        print(f"20 rounds, {sum(1 for _ in system.vault.digests())} files at the end")


def restored_holds(call, tmp_path, before, found):
    """An empty machine has all of it after the words of docs/operations.md."""
    new = {"POSTLOAN_DATA": str(tmp_path / "new")}
    restored = call("restore", tmp_path / "backup", "--verify", "--json", **new)

    assert restored.code == 0, restored.out
    assert restored.rows[0]["audit_faults"] == 0
    there = {path.name for path in (tmp_path / "new" / "vault").glob("*/*/*")}
    assert set(before) <= there
    lines = call("audit", "export", "--event", "archive.document_added", **new).rows
    assert set(before) <= {line["facts"].split('"sha256":"')[1][:64] for line in lines}
    checked = call("vault", "verify", "--json", **new)
    assert set(named(checked.rows)) <= {"stray"}  # a file whose row came after the copy
    assert call("audit", "verify", **new).code == 0
    assert call("doctor", "--json", **new).rows[2]["grade"] == "good"
    assert hits(call, **new) == found
    shutil.rmtree(tmp_path / "new")


def test_A4_ten_thousand_documents_come_back_in_half_an_hour(call, papers, tmp_path, full):
    count = 10_000 if full else 20
    papers(count)
    begun = time.monotonic()
    assert call("backup", tmp_path / "backup", "--json").rows[0]["files"] == count
    saved = time.monotonic() - begun
    new = {"POSTLOAN_DATA": str(tmp_path / "new")}
    assert call("restore", tmp_path / "backup", "--verify", **new).code == 0
    whole = time.monotonic() - begun
    assert whole < 30 * 60
    if full:
        print(f"{count} documents: backup {saved:.0f} s, restore {whole - saved:.0f} s")


def test_A4_a_flipped_bit_is_named_and_nothing_is_restored(call, papers, tmp_path):
    sha256 = papers(3)[1]
    call("backup", tmp_path / "backup")
    (copy,) = (tmp_path / "backup" / "vault").glob(f"*/*/{sha256}")
    copy.chmod(0o640)
    data = bytearray(copy.read_bytes())
    data[7] ^= 4
    copy.write_bytes(data)

    for more in ([], ["--verify"]):
        new = {"POSTLOAN_DATA": str(tmp_path / "new")}
        refused = call("restore", tmp_path / "backup", *more, **new)
        assert refused.code == 1
        assert sha256 in refused.error
        assert not (tmp_path / "new").exists()
    checked = call("restore", tmp_path / "backup", "--check-only", "--json")
    assert checked.code == 1
    assert checked.rows[0]["bad"] == [f"vault/{sha256}"]
