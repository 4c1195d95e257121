"""B2 at small size on the command line: tampering is found against an outside checkpoint."""

import json
import sqlite3
from contextlib import closing

import openpyxl
import pytest

from postloan_archive.audit import Checkpoint, merkle, models
from postloan_archive.audit.line import canonical_line, chain_hash
from postloan_archive.audit.tree import COLUMNS

TRIGGERS = ("audit_lines_no_update", "audit_lines_no_delete", "audit_lines_in_order")


@pytest.fixture
def outside(call, papers, tmp_path):
    """A folder with the checkpoint over a dozen lines, out of the reach of the intruder."""
    papers(6)
    answer = call("audit", "checkpoint", "--out", tmp_path / "outside", "--json")
    assert answer.code == 0, answer.out
    return tmp_path / "outside"


def tampered(system, *statements):
    """Do it as somebody with the file in hand would: triggers off, change, triggers on."""
    with closing(sqlite3.connect(system.settings.data / "postloan.db")) as database:
        for name in TRIGGERS:
            database.execute(f"DROP TRIGGER {name}")
        for statement in statements:
            database.execute(statement)
        for statement in models.trigger_statements("sqlite", "audit_lines"):
            database.execute(statement)
        database.commit()


def chain_again(system):
    """Give every line a hash that fits, as an intruder who knows the format can."""
    with closing(sqlite3.connect(system.settings.data / "postloan.db")) as database:
        for name in TRIGGERS:
            database.execute(f"DROP TRIGGER {name}")
        previous = bytes(32)
        rows = database.execute(f"SELECT {COLUMNS} FROM audit_lines ORDER BY seq")  # noqa: S608
        for number, row in enumerate(rows.fetchall(), start=1):
            digest = chain_hash(previous, canonical_line(number, *row[1:]).encode())
            database.execute(
                "UPDATE audit_lines SET seq = ?, prev_hash = ?, hash = ? WHERE seq = ?",
                (number, previous.hex(), digest.hex(), row[0]),
            )
            previous = digest
        for statement in models.trigger_statements("sqlite", "audit_lines"):
            database.execute(statement)
        database.commit()


DOUBLED = (
    "INSERT INTO audit_lines SELECT (SELECT max(seq) + 1 FROM audit_lines), at, actor, "
    "user_id, event, subject, facts, origin, address, request_id, prev_hash, hash "
    "FROM audit_lines WHERE seq = 3"
)
INSERTED = (
    "INSERT INTO audit_lines SELECT 5000, at, 'x', user_id, "
    "event, subject, facts, origin, address, request_id, prev_hash, hash "
    "FROM audit_lines WHERE seq = 3"
)
CASES = {
    "field_edited": ["UPDATE audit_lines SET actor = 'x' WHERE seq = 4"],
    "time_edited": ["UPDATE audit_lines SET at = '2026-01-01T00:00:00.000000Z' WHERE seq = 4"],
    "user_edited": ["UPDATE audit_lines SET user_id = 7 WHERE seq = 4"],
    "first_deleted": ["DELETE FROM audit_lines WHERE seq = 1"],
    "middle_deleted": ["DELETE FROM audit_lines WHERE seq = 5"],
    "last_deleted": ["DELETE FROM audit_lines WHERE seq > 6"],
    "reordered": [
        "UPDATE audit_lines SET seq = 1000 WHERE seq = 4",
        "UPDATE audit_lines SET seq = 4 WHERE seq = 5",
        "UPDATE audit_lines SET seq = 5 WHERE seq = 1000",
    ],
    "doubled": [DOUBLED],
    "inserted": [INSERTED],
}


@pytest.mark.acceptance
@pytest.mark.parametrize("case", CASES)
def test_b2_a_tampered_trail_is_found(call, outside, system, case):
    tampered(system, *CASES[case])

    answer = call("audit", "verify", "--checkpoints", outside, "--json")

    assert answer.code == 1
    assert answer.rows[0]["faults"]


@pytest.mark.acceptance
@pytest.mark.parametrize("case", ["field_edited", "first_deleted", "middle_deleted"])
def test_b2_a_chain_done_again_is_found_by_the_checkpoint(call, outside, system, case):
    tampered(system, *CASES[case])
    chain_again(system)

    answer = call("audit", "verify", "--checkpoints", outside, "--json")

    assert answer.code == 1
    kinds = {fault["kind"] for fault in answer.rows[0]["faults"]}
    assert kinds & {"rewritten", "shortened"}


@pytest.mark.acceptance
def test_b2_the_database_put_back_to_an_older_copy_is_found(call, outside, system, tmp_path):
    del outside
    call("backup", tmp_path / "yesterday")
    call("audit", "verify")
    call("audit", "checkpoint", "--out", tmp_path / "outside")
    folder = next(path for path in (tmp_path / "yesterday").iterdir() if path.name != "vault")
    system.engine.dispose()
    for old in system.settings.data.glob("postloan.db*"):
        old.unlink()
    (system.settings.data / "postloan.db").write_bytes((folder / "postloan.db").read_bytes())

    answer = call("audit", "verify", "--checkpoints", tmp_path / "outside", "--json")

    assert answer.code == 1
    assert "shortened" in {fault["kind"] for fault in answer.rows[0]["faults"]}


def test_the_report_survives_a_trail_that_takes_no_further_line(call, outside, system):
    tampered(
        system,
        "UPDATE audit_lines SET hash = 'no hash' "
        "WHERE seq = (SELECT max(seq) FROM audit_lines)",
    )

    answer = call("audit", "verify", "--checkpoints", outside, "--json")

    assert answer.code == 1
    assert {fault["kind"] for fault in answer.rows[0]["faults"]} >= {"edited"}


def test_an_honest_trail_holds_and_says_how_far_it_is_covered(call, outside):
    answer = call("audit", "verify", "--checkpoints", outside, "--json")

    assert answer.code == 0
    assert answer.rows[0]["covered"] == answer.rows[0]["lines"]


def test_a_key_that_is_not_trusted_signs_nothing(call, outside):
    answer = call("audit", "verify", "--checkpoints", outside, "--trusted-key", "ab" * 32)

    assert answer.code == 1
    assert "签名无效" in answer.out


def test_the_trusted_key_may_be_a_file(call, outside, tmp_path):
    head = json.loads((outside / "audit-checkpoints.jsonl").read_text(encoding="utf-8"))
    (tmp_path / "key.txt").write_text(head["public_key"] + "\n", encoding="ascii")

    assert call("audit", "verify", "--trusted-key", tmp_path / "key.txt").code == 0
    assert call("audit", "verify", "--trusted-key", "abc").code == 2


def test_a_checkpoint_file_that_is_not_there_is_no_proof(call, tmp_path):
    answer = call("audit", "verify", "--checkpoints", tmp_path / "nowhere")

    assert answer.code == 1
    assert "找不到检查点文件" in answer.error


def test_a_checkpoint_goes_to_every_folder_and_a_bad_one_is_named(call, papers, tmp_path):
    papers(1)
    (tmp_path / "file").write_text("", encoding="utf-8")

    answer = call(
        "audit", "checkpoint", "--out", tmp_path / "file" / "x", "--json",
        POSTLOAN_CHECKPOINT_FOLDER=str(tmp_path / "outside"),
    )  # fmt: skip

    assert answer.code == 1
    assert len(answer.rows[0]["failed"]) == 1
    assert (tmp_path / "outside" / "audit-checkpoints.jsonl").exists()


def test_exported_lines_can_be_checked_with_the_public_key_alone(call, papers):
    papers(3)
    rows = call("audit", "export", "--event", "archive", "--proof").rows

    *lines, last = rows
    proof = last["proof"]
    assert [line["event"] for line in lines] == ["archive.document_added"] * 3
    assert [entry["line"] for entry in proof["entries"]] == [line["line"] for line in lines]
    for entry in proof["entries"]:
        assert merkle.is_included(
            merkle.leaf_hash(entry["line"].encode()),
            index=entry["index"],
            size=proof["tree_size"],
            path=[bytes.fromhex(step) for step in entry["path"]],
            root=bytes.fromhex(proof["root"]),
        )
    assert Checkpoint(**proof["checkpoint"]).is_genuine()


def test_a_table_holds_text_only_and_the_export_is_recorded(call, papers, tmp_path):
    papers(2)
    call("audit", "export", "--out", tmp_path / "trail.xlsx", "--since", "2020-01-01")

    sheet = openpyxl.load_workbook(tmp_path / "trail.xlsx").active
    assert sheet.max_row > 2
    assert {type(cell.value) for row in sheet.iter_rows(min_row=2) for cell in row} <= {
        int, str, type(None),
    }  # fmt: skip
    assert call("audit", "export", "--event", "audit.exported").rows[0]["actor"] == "cli"
