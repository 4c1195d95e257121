"""Every tampering is found against the last outside checkpoint; honest trails pass."""

import sqlite3
from dataclasses import asdict, replace
from itertools import pairwise

import pytest
from sqlalchemy import text

from postloan_archive.audit import (
    FaultKind,
    OutsideCheckpoints,
    Signer,
    read_checkpoints,
    verification,
    verify,
)
from postloan_archive.audit.checkpoints import FILE_NAME
from postloan_archive.audit.line import canonical_json
from postloan_archive.audit.verification import BATCH
from postloan_archive.db import new_session
from tests.audit.trails import (
    AT,
    TAMPERINGS,
    Tamperer,
    as_engine,
    checkpoint,
    edit_a_field,
    new_engine,
    redo_the_whole_chain,
    write,
)

CASES = 25  # of each tampering; `--full` of the acceptance suite runs 10,000 in all


@pytest.fixture(scope="module")
def trail(tmp_path_factory):
    """Three checkpoints over 70 lines; a tenth of a second, once a module."""
    folder = tmp_path_factory.mktemp("trail")
    engine = new_engine(folder / "trail.db")
    signer = Signer.create(folder / "keys" / "audit.key")
    for round_ in range(3):
        write(engine, (30, 25, 15)[round_], start=(0, 30, 55)[round_])
        checkpoint(engine, signer, folder / "outside", minutes=round_)
    engine.dispose()
    source = sqlite3.connect(folder / "trail.db")
    yield source, read_checkpoints(folder / "outside"), signer
    source.close()


def check(tamperer, outside, signer):
    with as_engine(tamperer.db) as engine, new_session(engine) as session:
        return verify(session, outside, trusted={signer.public_key})


def test_an_honest_trail_is_not_accused(trail):
    source, outside, signer = trail
    tamperer = Tamperer(source, 0)
    tamperer.hide()

    report = check(tamperer, outside, signer)

    assert report.faults == ()
    assert report.ok
    assert (report.lines, report.covered, report.checkpoints) == (70, 70, 3)
    assert report.root == outside.checkpoints[-1].root
    assert report.clock_jumps == ()


@pytest.mark.parametrize("tampering", TAMPERINGS, ids=lambda one: one.__name__)
def test_a_tampering_is_found(trail, tampering):
    source, outside, signer = trail
    for seed in range(CASES):
        tamperer = Tamperer(source, seed)
        tampering(tamperer)
        tamperer.hide()

        report = check(tamperer, outside, signer)

        assert not report.ok, seed
        assert report.faults
        assert all(fault.message for fault in report.faults)


def test_an_edit_names_its_line_and_no_other(trail):
    source, outside, signer = trail
    tamperer = Tamperer(source, 5)
    rows = tamperer.rows()
    rows[41][5] = "document:1"
    tamperer.replace_all(rows)
    tamperer.hide()

    faults = check(tamperer, outside, signer).faults

    assert {(fault.kind, fault.seq) for fault in faults} == {
        (FaultKind.EDITED, 42),
        (FaultKind.REWRITTEN, 55),  # the first checkpoint after it, and all later ones
        (FaultKind.REWRITTEN, 70),
    }
    assert "第 31 至 55 条" in faults[1].message


def test_a_rewritten_chain_says_between_which_checkpoints(trail):
    source, outside, signer = trail
    tamperer = Tamperer(source, 1)
    rows = tamperer.rows()
    rows[10][2] = "wangwu"
    tamperer.replace_all(rows, rehash_from=10)
    tamperer.hide()

    faults = check(tamperer, outside, signer).faults

    assert (faults[0].kind, faults[0].seq) == (FaultKind.REWRITTEN, 30)
    assert "第 1 至 30 条" in faults[0].message


def test_missing_triggers_and_a_remembered_highest_number_are_reported(trail):
    source, _, signer = trail
    tamperer = Tamperer(source, 1)
    tamperer.replace_all(tamperer.rows()[:-1])

    found = {fault.kind for fault in check(tamperer, OutsideCheckpoints(), signer).faults}

    assert {FaultKind.UNPROTECTED, FaultKind.SHORTENED} <= found


def test_values_of_another_type_are_findings_and_no_breakdown(trail):
    source, outside, signer = trail
    for column, value in (
        ("at", b"\xff\xfe"),
        ("facts", b"\x00"),
        ("user_id", "x"),
        ("hash", "?"),
    ):
        tamperer = Tamperer(source, 1)
        tamperer.db.execute(f"UPDATE audit_lines SET {column} = ? WHERE seq = 9", (value,))  # noqa: S608 - constants
        tamperer.hide()
        assert not check(tamperer, outside, signer).ok
    tamperer = Tamperer(source, 1)
    tamperer.db.execute("UPDATE audit_lines SET actor = CAST(x'ff' AS TEXT) WHERE seq = 9")
    tamperer.hide()
    kinds = {fault.kind for fault in check(tamperer, outside, signer).faults}
    assert FaultKind.UNREADABLE in kinds


def test_a_checkpoint_of_a_strange_key_or_with_a_changed_field_is_not_believed(trail, tmp_path):
    source, outside, signer = trail
    stranger = Signer.create(tmp_path / "key")
    tamperer = Tamperer(source, 1)
    redo_the_whole_chain(tamperer)
    tamperer.hide()
    root = check(tamperer, outside, signer).root
    last = outside.checkpoints[-1]
    for forged in (
        replace(last, root=root),
        replace(
            last,
            root=root,
            key_id=stranger.key_id,
            public_key=stranger.public_key,
        ),
        replace(last, signature="zz"),
    ):
        report = check(tamperer, OutsideCheckpoints(checkpoints=(forged,)), signer)
        assert FaultKind.SIGNATURE in {fault.kind for fault in report.faults}


def test_a_checkpoint_signed_by_a_strange_key_is_refused_where_keys_are_named(trail, tmp_path):
    source, _, signer = trail
    stranger = Signer.create(tmp_path / "key")
    tamperer = Tamperer(source, 1)
    tamperer.hide()
    with as_engine(tamperer.db) as engine, new_session(engine) as session:
        honest = verify(session)
        own = stranger.sign(tree_size=70, root=honest.root, at=AT)
        report = verify(session, [own], trusted={signer.public_key})
    assert honest.ok
    kinds = {fault.kind for fault in report.faults}
    assert kinds == {FaultKind.SIGNATURE, FaultKind.CHECKPOINT_LOST}


def test_a_line_of_the_outside_file_that_is_no_checkpoint_is_reported(trail, tmp_path):
    source, outside, signer = trail
    lines = [canonical_json(asdict(one)) for one in outside.checkpoints]
    lines[1] = "nonsense"
    (tmp_path / FILE_NAME).write_text("\n".join(lines) + "\n")

    read = read_checkpoints(tmp_path)

    assert read.bad_lines == (2,)
    tamperer = Tamperer(source, 1)
    tamperer.hide()
    kinds = [fault.kind for fault in check(tamperer, read, signer).faults]
    assert kinds == [FaultKind.OUTSIDE_FILE]


def test_only_the_first_hundred_findings_of_a_kind_are_kept_but_all_are_counted(tmp_path):
    engine = new_engine(tmp_path / "trail.db")
    write(engine, 130)
    with engine.begin() as connection:
        connection.execute(text("DROP TRIGGER audit_lines_no_update"))
        connection.execute(text("UPDATE audit_lines SET actor = 'x'"))
    with new_session(engine) as session:
        report = verify(session)
    engine.dispose()
    assert report.fault_count == 131
    assert len(report.faults) == 101


@pytest.mark.parametrize("batch", [1, 7, 64, BATCH])
def test_checkpoints_may_lie_anywhere_between_the_batches(tmp_path, monkeypatch, batch):
    monkeypatch.setattr(verification, "BATCH", batch)
    engine, signer = new_engine(tmp_path / "trail.db"), Signer.create(tmp_path / "key")
    sizes = (1, 2, 63, 64, 65, 128, 200)
    for before, size in pairwise((0, *sizes)):
        write(engine, size - before, start=before)
        checkpoint(engine, signer, tmp_path / "outside", minutes=size)
    write(engine, 30, start=200)
    outside = read_checkpoints(tmp_path / "outside")

    with new_session(engine) as session:
        report = verify(session, outside, trusted={signer.public_key})
    assert report.faults == ()
    assert (report.lines, report.covered, report.checkpoints) == (230, 200, 7)
    with engine.begin() as connection:
        connection.execute(text("DROP TRIGGER audit_lines_no_update"))
        connection.execute(text("UPDATE audit_lines SET actor = 'x' WHERE seq = 64"))
    with new_session(engine) as session:
        report = verify(session, outside, trusted={signer.public_key})
    engine.dispose()
    rewritten = [one.seq for one in report.faults if one.kind is FaultKind.REWRITTEN]
    assert rewritten == [64, 65, 128, 200]


def test_an_empty_trail_is_in_order(tmp_path):
    engine = new_engine(tmp_path / "trail.db")
    with new_session(engine) as session:
        report = verify(session)
    engine.dispose()
    assert report.ok
    assert report.lines == 0


def test_a_single_edit_is_one_edited_line(trail):
    source, outside, signer = trail
    for seed in range(20):
        tamperer = Tamperer(source, seed)
        edit_a_field(tamperer)
        tamperer.hide()
        faults = check(tamperer, outside, signer).faults
        assert [fault.kind for fault in faults].count(FaultKind.EDITED) == 1
        assert FaultKind.BROKEN not in {fault.kind for fault in faults}
