"""B1 at small size: what was done to the vault is named, all of it and nothing else."""

import hashlib
import io
import random
from pathlib import Path

import pytest
from sqlalchemy import text

from postloan_archive.vault.layout import blob_path
from tests.cli.conftest import named

ROUND = 60
SWAP = (
    "UPDATE TABLE SET sha256 = CASE sha256 WHEN :one THEN :two ELSE :one END "
    "WHERE sha256 IN (:one, :two)"
)


def place(system, sha256) -> Path:
    path = blob_path(system.vault.root, sha256)
    path.chmod(0o640)
    return path


def flip(path, chance) -> None:
    data = bytearray(path.read_bytes())
    data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
    path.write_bytes(data)


def test_an_untouched_archive_is_good(call, papers):
    papers(5)
    answer = call("vault", "verify", "--json")

    assert answer.code == 0, answer.out
    assert answer.rows[-1]["good"] == 5
    assert answer.rows[-1]["index"]["problems"] == []


@pytest.mark.acceptance
def test_b1_every_fault_is_named_and_nothing_else(call, papers, system, tmp_path):
    chance = random.Random(1)
    digests = papers(ROUND)
    call("backup", tmp_path / "backup")
    chance.shuffle(digests)
    flipped, truncated, emptied, deleted, swapped = (
        digests[:6], digests[6:8], digests[8:10], digests[10:13], digests[13:15],
    )  # fmt: skip
    for sha256 in flipped:
        flip(place(system, sha256), chance)
    for sha256 in truncated:
        place(system, sha256).write_bytes(place(system, sha256).read_bytes()[:-1])
    for sha256 in emptied:
        place(system, sha256).write_bytes(b"")
    for sha256 in deleted:
        place(system, sha256).unlink()
    one, two = (place(system, sha256) for sha256 in swapped)
    content = one.read_bytes()
    one.write_bytes(two.read_bytes())
    two.write_bytes(content)
    strange = system.vault.root / "ab" / "notes.txt"
    strange.parent.mkdir(exist_ok=True)
    strange.write_text("?", encoding="utf-8")

    answer = call("vault", "verify", "--json")

    assert answer.code == 1
    assert named(answer.rows) == {
        "changed": {*flipped, *truncated, *emptied, *swapped},
        "missing": set(deleted),
        "stray": {"ab/notes.txt"},
    }
    assert answer.rows[-1]["good"] == ROUND - 15
    rows = {row["name"]: row["rows"] for row in answer.rows if "name" in row}
    assert any(one.startswith("documents:") for one in rows[flipped[0]])

    mended = call("vault", "verify", "--repair-from", tmp_path / "backup", "--json")
    assert mended.rows[-1]["repaired"] == 15
    assert mended.code == 1  # the strange file is still there
    strange.unlink()
    assert call("vault", "verify").code == 0


def test_a_row_that_was_given_another_digest_is_named(call, papers, system):
    first, second, _ = papers(3)
    with system.engine.begin() as connection:  # swap the digests of two documents
        for table in ("documents", "document_versions"):
            connection.execute(
                text(SWAP.replace("TABLE", table)), {"one": first, "two": second}
            )

    answer = call("vault", "verify", "--json")

    assert answer.code == 1
    assert named(answer.rows)["row"] == {"document_versions:1", "document_versions:2"}


def test_a_row_with_a_digest_of_nothing_is_named_with_the_file_it_lost(call, papers, system):
    (sha256,) = papers(1)
    other = hashlib.sha256(b"never stored").hexdigest()
    with system.engine.begin() as connection:
        for table in ("documents", "document_versions"):
            connection.execute(text(f"UPDATE {table} SET sha256 = :new"), {"new": other})  # noqa: S608 - two names

    found = named(call("vault", "verify", "--json").rows)

    assert found["missing"] == {other}
    assert found["stray"] == {sha256}
    assert found["row"] == {"document_versions:1"}


def test_a_copy_that_is_bad_too_repairs_nothing(call, papers, system, tmp_path):
    (sha256,) = papers(1)
    call("backup", tmp_path / "backup")
    place(system, sha256).unlink()
    copy = blob_path(tmp_path / "backup" / "vault", sha256)
    copy.chmod(0o640)
    copy.write_bytes(b"other bytes")

    answer = call("vault", "verify", "--repair-from", tmp_path / "backup", "--json")

    assert answer.code == 1
    assert answer.rows[-1]["repaired"] == 0
    assert "备份中没有" in answer.rows[0]["message"]


def test_what_was_found_and_repaired_is_in_the_trail(call, papers, system, tmp_path):
    (sha256,) = papers(1)
    call("backup", tmp_path / "backup")
    place(system, sha256).unlink()
    call("vault", "verify", "--repair-from", tmp_path / "backup")

    lines = call("audit", "export", "--event", "vault").rows
    assert [line["event"] for line in lines] == ["vault.file_repaired", "vault.verified"]
    assert lines[0]["subject"] == f"vault:{sha256}"


def test_a_file_that_a_job_was_given_is_no_stranger(call, system, new_uow):
    with new_uow() as uow:
        waiting = uow.vault.put(io.BytesIO(b"a scan of slips")).sha256
        uow.enqueue("read_slips", waiting, "scan.pdf")
    lost = system.vault.put(io.BytesIO(b"nobody knows it")).sha256

    assert named(call("vault", "verify", "--json").rows) == {"stray": {lost}}
