"""A4 at small size: a backup among writers, a restore by the written words, a flipped bit."""

import io
import random
import threading

import pytest

from postloan_archive.archive import service
from postloan_archive.archive.service import FileMade
from postloan_archive.kernel.actor import Actor
from postloan_archive.loans import queries as loans
from tests.cli.conftest import named

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


@pytest.mark.acceptance
def test_a4_what_was_acknowledged_before_the_start_is_restored(call, papers, system, tmp_path):
    papers(3)
    call("audit", "checkpoint")
    stop, acknowledged = threading.Event(), []
    writers = [
        threading.Thread(target=write, args=(system, stop, acknowledged, number))
        for number in range(4)
    ]
    for writer in writers:
        writer.start()
    try:
        while len(acknowledged) < 5:
            stop.wait(0.01)
        before = list(acknowledged)
        made = call("backup", tmp_path / "backup", "--json")
    finally:
        stop.set()
        for writer in writers:
            writer.join()
    assert made.code == 0, made.out

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


@pytest.mark.acceptance
def test_a4_a_flipped_bit_is_named_and_nothing_is_restored(call, papers, tmp_path):
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


def test_a_damaged_file_is_left_out_and_named(call, papers, system, tmp_path):
    sha256 = papers(2)[0]
    path = system.vault.path(sha256)
    path.chmod(0o640)
    path.write_bytes(b"other")

    made = call("backup", tmp_path / "backup", "--json")

    assert made.code == 1
    assert made.rows[0]["bad"] == [sha256]


def test_a_folder_with_something_in_it_is_no_place_to_restore_into(call, papers, tmp_path):
    papers(1)
    call("backup", tmp_path / "backup")
    answer = call("restore", tmp_path / "backup")

    assert answer.code == 1
    assert "不是空文件夹" in answer.error


def test_words_for_people_and_the_line_in_the_trail(call, papers, tmp_path):
    papers(1)
    assert "已备份" in call("backup", tmp_path / "backup").out
    new = {"POSTLOAN_DATA": str(tmp_path / "new")}
    assert "完好" in call("restore", tmp_path / "backup", "--check-only").out
    assert "已恢复到" in call("restore", tmp_path / "backup", "--verify", **new).out
    assert call("audit", "export", "--event", "backup", **new).rows[0]["event"] == (
        "backup.restored"
    )
    assert call("audit", "export", "--event", "backup").rows[0]["event"] == "backup.made"
