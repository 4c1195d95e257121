"""Writing and reading the trail, checkpoints and proofs."""

import hashlib
import json
import stat
import threading
from dataclasses import replace
from datetime import datetime, timedelta, timezone

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlalchemy import event, text
from sqlalchemy.exc import DBAPIError

from postloan_archive.audit import (
    HistoryChangedError,
    KeyExistsError,
    NoKeyError,
    NoSuchLineError,
    NotCoveredError,
    Signer,
    TrailFilter,
    append,
    consistency_for,
    create_key,
    last_checkpoint,
    load_key,
    merkle,
    proof_for,
    publish,
    read,
    read_checkpoints,
    sign_checkpoint,
    verify,
)
from postloan_archive.audit.checkpoints import FILE_NAME
from postloan_archive.audit.line import canonical_json
from postloan_archive.db import new_session
from tests.audit.trails import AT, COLUMNS, LI, ZHANG, checkpoint, new_engine, write


@pytest.fixture
def engine(tmp_path):
    """An empty trail in a file; ten milliseconds."""
    engine = new_engine(tmp_path / "trail.db")
    yield engine
    engine.dispose()


@pytest.fixture
def signer(tmp_path):
    """A fresh key; one millisecond."""
    return create_key(tmp_path)


def add(engine, **changes):
    values = {
        "at": AT,
        "actor": ZHANG,
        "event": "archive.viewed",
        "subject": "document:1",
        "facts": {},
    }
    with new_session(engine) as session, session.begin():
        return append(session, **(values | changes))


def test_a_line_is_canonical_json_of_its_fields(engine):
    facts = {"b": [1, None, 1.5], "a": '引"号\n\u2028', "😀": {"z": True}}
    line = add(engine, facts=facts, actor=LI)

    assert line.canonical() == canonical_json(
        {
            "actor": "李四",
            "address": "",
            "at": "2026-03-09T01:00:00.000000Z",
            "event": "archive.viewed",
            "facts": facts,
            "origin": "cli",
            "request_id": "",
            "seq": 1,
            "subject": "document:1",
            "user_id": None,
        }
    )
    assert line.hash == hashlib.sha256(bytes(32) + line.canonical().encode()).hexdigest()
    with new_session(engine) as session:
        assert read(session).lines == (line,)


@pytest.mark.parametrize("field", ["subject", "fact", "key", "actor", "address", "request_id"])
@pytest.mark.parametrize("bad", ["a\x00b", "a\ud800b", "\udcff.pdf", "正常"])
def test_text_that_no_database_holds_is_written_in_a_form_that_verifies(engine, field, bad):
    if field in {"fact", "key"}:
        add(engine, facts={"k": bad} if field == "fact" else {bad: 1})
    elif field == "subject":
        add(engine, subject=bad)
    else:
        add(engine, actor=replace(ZHANG, **{"name" if field == "actor" else field: bad}))

    with new_session(engine) as session:
        assert verify(session).ok


@pytest.mark.parametrize("facts", [{"a": AT}, {"a": float("nan")}, {"a": {1, 2}}])
def test_a_fact_that_is_not_json_is_refused(engine, facts):
    with pytest.raises((TypeError, ValueError)):
        add(engine, facts=facts)


def test_a_naive_moment_is_refused_and_a_local_one_is_stored_in_utc(engine):
    with pytest.raises(ValueError, match="2026"):
        add(engine, at=datetime(2026, 3, 9, 9))  # noqa: DTZ001 - the point of the test
    line = add(engine, at=datetime(2026, 3, 9, 9, tzinfo=timezone(timedelta(hours=8))))
    assert "2026-03-09T01:00:00.000000Z" in line.canonical()


def test_a_rolled_back_line_leaves_no_gap(engine):
    add(engine)
    with new_session(engine) as session:
        append(session, at=AT, actor=LI, event="x", subject="y", facts={})
        session.rollback()

    assert add(engine).seq == 2
    with new_session(engine) as session:
        assert verify(session).ok


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_lines SET actor = 'x'",
        "DELETE FROM audit_lines",
        "INSERT OR REPLACE INTO audit_lines SELECT * FROM audit_lines",
        f"INSERT INTO audit_lines SELECT {COLUMNS.replace('seq', 'seq + 7')} FROM audit_lines",  # noqa: S608 - constants
        "UPDATE audit_checkpoints SET tree_size = 0",
        "DELETE FROM audit_checkpoints",
        "DELETE FROM audit_blocks",
    ],
)
def test_the_database_refuses_to_change_the_trail(engine, signer, tmp_path, statement):
    write(engine, 300)
    checkpoint(engine, signer, tmp_path / "outside")

    with pytest.raises(DBAPIError, match="lines"), engine.begin() as connection:
        connection.execute(text(statement))


def test_many_writers_make_one_chain(engine):
    def run(number):
        for _ in range(15):
            add(engine, subject=f"writer:{number}")

    threads = [threading.Thread(target=run, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    with new_session(engine) as session:
        report = verify(session)
    assert report.ok
    assert report.lines == 90


def test_a_clock_that_went_back_is_a_notice_and_keeps_the_order(engine):
    add(engine)
    add(engine, at=AT - timedelta(days=1))

    with new_session(engine) as session:
        report = verify(session)
    assert report.ok
    assert report.clock_jumps == (2,)


def test_the_reader_filters_and_turns_pages(engine):
    write(engine, 10)
    with new_session(engine) as session:
        page = read(session, TrailFilter(event="archive"), limit=2)
        assert [line.seq for line in page.lines] == [9, 7]
        assert (page.total, page.next_before) == (5, 7)
        page = read(session, TrailFilter(event="archive", before=3), limit=2)
        assert ([line.seq for line in page.lines], page.next_before) == ([1], None)

        def seqs(**wanted):
            return [line.seq for line in read(session, TrailFilter(**wanted)).lines]

        assert seqs(actor="李四") == [10, 8, 6, 4, 2]
        assert seqs(subject="document:3") == [4]
        assert seqs(words="7.00") == [8]
        assert seqs(words="%") == []
        assert seqs(event="archive.document_added", after=5) == [9, 7]
        assert seqs(event="arch") == []
        moment = AT + timedelta(seconds=4)
        assert seqs(since=moment) == [10, 9, 8, 7, 6, 5]
        assert seqs(until=moment) == [4, 3, 2, 1]
        assert seqs(request_id="r-1") == [9, 7, 5, 3, 1]


def test_the_key_is_for_its_owner_only_and_never_overwritten(tmp_path):
    with pytest.raises(NoKeyError):
        load_key(tmp_path)
    signer = create_key(tmp_path)

    path = tmp_path / "keys" / "audit.key"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert load_key(tmp_path).key_id == signer.key_id
    with pytest.raises(KeyExistsError):
        create_key(tmp_path)
    path.chmod(0o600)
    path.write_text("no key")
    with pytest.raises(NoKeyError):
        load_key(tmp_path)


def test_checkpoints_are_signed_once_for_each_head_and_appended_outside(
    engine, signer, tmp_path
):
    outside = tmp_path / "outside"
    assert checkpoint(engine, signer, outside) is None
    write(engine, 5)
    first = checkpoint(engine, signer, outside)
    assert checkpoint(engine, signer, outside, minutes=60) == first
    write(engine, 5, start=5)
    second = checkpoint(engine, signer, outside, minutes=120)

    assert first.is_genuine()
    assert read_checkpoints(outside).checkpoints == (first, second)
    with new_session(engine) as session:
        assert last_checkpoint(session) == second
        assert publish(session, outside) == 0
    assert len((outside / FILE_NAME).read_text().splitlines()) == 2


def test_a_line_that_a_power_cut_stopped_is_written_again_and_not_reported(
    engine, signer, tmp_path
):
    write(engine, 5)
    made = checkpoint(engine, signer, tmp_path)
    path = tmp_path / FILE_NAME
    path.write_bytes(path.read_bytes()[:60])
    assert read_checkpoints(path).bad_lines == ()

    with new_session(engine) as session:
        assert publish(session, tmp_path) == 1
    read_again = read_checkpoints(path)
    assert (read_again.checkpoints, read_again.bad_lines) == ((made,), ())


def test_no_checkpoint_is_signed_over_a_changed_history(engine, signer, tmp_path):
    write(engine, 5)
    checkpoint(engine, signer, tmp_path)
    with engine.begin() as connection:
        connection.execute(text("DROP TRIGGER audit_lines_no_update"))
        connection.execute(text("UPDATE audit_lines SET actor = 'x' WHERE seq = 3"))
    write(engine, 5, start=5)

    with pytest.raises(HistoryChangedError), new_session(engine) as session:
        sign_checkpoint(session, signer, at=AT)
    with pytest.raises(HistoryChangedError), new_session(engine) as session:
        proof_for(session, [2])


@pytest.mark.parametrize("size", [1, 2, 255, 256, 257, 700])
def test_a_proof_stands_without_our_code(engine, signer, tmp_path, size):
    write(engine, size)
    checkpoint(engine, signer, tmp_path)
    write(engine, 3, start=size)  # lines after the checkpoint do not disturb it
    wanted = sorted({1, size, (size + 1) // 2})
    with new_session(engine) as session:
        proof = json.loads(json.dumps(proof_for(session, wanted)))

    head = proof["checkpoint"]
    assert proof["tree_size"] == head["tree_size"] == size
    message = {name: head[name] for name in ("at", "key_id", "root", "tree_size")}
    signed = json.dumps(message, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(head["public_key"]))
    key.verify(bytes.fromhex(head["signature"]), signed.encode())
    assert [entry["index"] + 1 for entry in proof["entries"]] == wanted
    for entry in proof["entries"]:
        node = hashlib.sha256(b"\x00" + entry["line"].encode()).digest()
        index, last = entry["index"], size - 1
        for step in map(bytes.fromhex, entry["path"]):
            if index % 2 or index == last:
                node = hashlib.sha256(b"\x01" + step + node).digest()
                while index % 2 == 0 and index:
                    index, last = index // 2, last // 2
            else:
                node = hashlib.sha256(b"\x01" + node + step).digest()
            index, last = index // 2, last // 2
        assert node.hex() == proof["root"] == head["root"]
        assert json.loads(entry["line"])["seq"] == entry["index"] + 1


def test_a_proof_of_new_lines_needs_a_key_and_then_covers_this_transaction(
    engine, signer, tmp_path
):
    write(engine, 3)
    with pytest.raises(NotCoveredError), new_session(engine) as session:
        proof_for(session, [2])
    with pytest.raises(NoSuchLineError), new_session(engine) as session:
        proof_for(session, [9])

    with new_session(engine) as session, session.begin():
        line = append(session, at=AT, actor=LI, event="built", subject="package:1", facts={})
        proof = proof_for(session, [line.seq], signer=signer, at=AT)
    assert proof["tree_size"] == 4
    with new_session(engine) as session:
        assert publish(session, tmp_path) == 1
        assert verify(session, read_checkpoints(tmp_path)).ok


def test_two_heads_are_proved_to_be_of_one_history(engine, signer, tmp_path):
    write(engine, 300)
    old = checkpoint(engine, signer, tmp_path)
    write(engine, 400, start=300)
    new = checkpoint(engine, signer, tmp_path, minutes=60)
    with new_session(engine) as session:
        path = [bytes.fromhex(one) for one in consistency_for(session, old, new)]

    facts = {
        "old": old.tree_size,
        "new": new.tree_size,
        "old_root": bytes.fromhex(old.root),
        "new_root": bytes.fromhex(new.root),
    }
    assert merkle.is_consistent(**facts, path=path)
    assert not merkle.is_consistent(**{**facts, "old": 299}, path=path)


def test_a_checkpoint_reads_only_the_lines_since_the_last_blocks(engine, signer, tmp_path):
    write(engine, 1_000)
    checkpoint(engine, signer, tmp_path)
    write(engine, 10, start=1_000)
    read_lines = []

    def count(_connection, _cursor, statement, _parameters, _context, _many):
        if "FROM audit_lines WHERE seq >" in statement:
            read_lines.append(statement)

    event.listen(engine, "before_cursor_execute", count)
    checkpoint(engine, signer, tmp_path, minutes=60)
    assert len(read_lines) <= 2
    assert Signer.load(tmp_path / "keys" / "audit.key").public_key == signer.public_key
