"""The watched folder: what rests is taken once, whatever happens; the receipt adds up."""

import os
import tempfile
import zipfile
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from postloan_archive.archive import batches
from postloan_archive.archive.incoming import folder, taking
from postloan_archive.archive.incoming.folder import FAILED, TAKEN, Watch
from postloan_archive.archive.incoming.jobs import handlers
from postloan_archive.archive.incoming.matching import match_again
from postloan_archive.archive.incoming.models import Arrival
from postloan_archive.archive.models import Document, IntakeFile
from postloan_archive.jobs import JobRunner
from postloan_archive.kernel.actor import Actor
from postloan_archive.kernel.clock import FrozenClock
from tests.archive.conftest import LOAN_NO
from tests.builders import a_branch, a_loan

ACTOR = Actor.program("folder")


@pytest.fixture
def inbound(tmp_path):
    place = tmp_path / "scanner"
    place.mkdir()
    return place


@pytest.fixture
def put(inbound):
    def write(name: str, data: bytes = b"text"):
        path = inbound / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        return path

    return write


@pytest.fixture
def look(system, inbound, loan_id):
    del loan_id

    def looked(after_s=0, **changes):
        values = {"folder": inbound, "quiet_s": 0} | changes
        later = FrozenClock(system.clock.now() + timedelta(seconds=after_s))
        return folder.look(replace(system, clock=later), ACTOR, Watch(**values))

    return looked


def receipt(system, batch_id):
    with system.look(ACTOR) as uow:
        return batches.receipt_of(uow, batch_id)


def test_a_file_named_by_its_loan_is_filed_and_put_aside(look, put, system, new_uow, inbound):
    put(f"{LOAN_NO}_YJ01 借款合同.txt", "借款合同".encode())

    looked = look()
    with new_uow() as uow:
        document = uow.session.scalars(select(Document)).one()
        assert (document.item_code, document.title) == ("YJ01", "借款合同")
        assert document.source == "folder"
    assert [p.name for p in inbound.rglob("*.txt")] == [f"{LOAN_NO}_YJ01 借款合同.txt"]
    assert (inbound / TAKEN).is_dir()
    one = receipt(system, looked.batch_id)
    assert (one.arrived.found, one.received, one.stored, one.adds_up) == (1, 1, 1, True)
    assert one.closed_at is not None


def test_a_file_that_still_grows_waits(look, put):
    path = put(f"{LOAN_NO}.txt", b"half")
    assert (look(quiet_s=10).taken, look(5, quiet_s=10).coming) == (0, 1)
    path.write_bytes(b"half and more")
    assert look(20, quiet_s=10).taken == 0  # it has changed: the rest begins anew
    assert look(40, quiet_s=10).taken == 1
    assert look(60, quiet_s=10).taken == 0


def test_unfinished_copies_and_hidden_files_are_left_alone(look, put, inbound):
    for name in (".x.pdf", "a.pdf.part", "b.tmp", "~$c.docx"):
        put(name)
    assert look().taken == 0
    assert len(list(inbound.iterdir())) == 4


def test_a_number_that_matches_nothing_waits_with_the_reason(look, put, system, new_uow):
    put("JJ2099-0009_催收通知书.txt")
    put("扫描件.txt", b"other")
    one = receipt(system, look().batch_id)

    assert (one.unmatched, one.in_inbox, one.adds_up) == (2, 2, True)
    assert "JJ2099-0009" in one.files[0].unmatched
    with new_uow() as uow:
        a_loan(uow, loan_no="JJ2099-0009", contract_no="合2099", customer_id=1)
        match_again(uow, one.id)
    runner = JobRunner(system.engine, handlers(system), clock=system.clock)
    runner.run_until_empty()
    again = receipt(system, one.id)
    assert (again.unmatched, again.in_inbox) == (1, 1)
    with new_uow() as uow:
        document = uow.session.scalars(select(Document)).one()
        assert (document.title, document.item_code) == ("催收通知书", "BQ01")


def test_a_folder_may_bear_the_number_or_the_branch(look, put, new_uow):
    with new_uow() as uow:
        branch = a_branch(uow, "0202")
    put(f"{LOAN_NO}/001.txt", b"1")
    put("示范支行0202/x.txt", b"2")
    look()
    with new_uow() as uow:
        rows = uow.session.scalars(select(IntakeFile).order_by(IntakeFile.id)).all()
        found = {row.name: (row.loan_no, row.branch_id) for row in rows}
    assert found[f"{LOAN_NO}/001.txt"][0] == LOAN_NO
    assert found["示范支行0202/x.txt"] == ("", branch)


def test_links_pipes_and_odd_names(look, put, system, inbound, tmp_path):
    secret = tmp_path / "secret.txt"
    secret.write_text("secret")
    (inbound / "link.txt").symlink_to(secret)
    os.mkfifo(inbound / "pipe")
    put("长" * 80 + "😀.txt", b"emoji")
    os.close(os.open(os.fsencode(inbound) + b"/\xba\xcf\xcd\xac.txt", os.O_CREAT | os.O_WRONLY))
    one = receipt(system, look().batch_id)

    names = {file.name: file for file in one.files}
    assert "符号链接" in names["link.txt"].sentence
    assert "不是普通文件" in names["pipe"].sentence
    assert "合同.txt" in names
    assert (one.arrived.failed, one.arrived.taken, one.received) == (2, 2, 4)
    assert sorted(p.name for p in (inbound / FAILED).rglob("*") if not p.is_dir()) == [
        "link.txt",
        "pipe",
    ]
    assert secret.read_text() == "secret"
    assert look().taken == 0


def test_originals_may_stay_and_are_not_taken_again(look, put, new_uow):
    path = put(f"{LOAN_NO}.txt")
    assert look(after="leave").taken == 1
    assert look(after="leave").taken == 0
    path.write_bytes(b"written over")
    assert look(after="leave").taken == 1
    assert path.exists()
    with new_uow() as uow:
        assert uow.session.scalar(select(func.count()).select_from(Document)) == 2


def test_the_same_paper_twice_is_linked(look, put, system):
    put(f"{LOAN_NO} a.txt")
    put(f"{LOAN_NO} b.txt")
    one = receipt(system, look().batch_id)
    assert (one.received, one.stored, one.linked, one.exceptions) == (2, 1, 1, 0)


def test_a_zip_goes_on_where_it_was_stopped(look, system, inbound, monkeypatch, tmp_path):
    room = tmp_path / "room"
    room.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(room))
    path = inbound / f"{LOAN_NO}.zip"
    with zipfile.ZipFile(path, "w") as container:
        for number in range(70):
            container.writestr(f"{number:03}.txt", f"第 {number} 页")
    stored = []

    def dies(*args, **words):
        if len(stored) == 2:
            raise KeyboardInterrupt
        stored.append(1)
        return real(*args, **words)

    real = taking.__dict__["store_group"]
    monkeypatch.setitem(taking.__dict__, "store_group", dies)
    with pytest.raises(KeyboardInterrupt):
        look()
    monkeypatch.setitem(taking.__dict__, "store_group", real)
    one = receipt(system, look().batch_id)

    assert (one.received, one.stored, one.linked) == (70, 70, 0)
    assert (one.arrived.found, one.arrived.taken, one.adds_up) == (1, 1, True)
    assert list(room.iterdir()) == []


def test_the_data_folder_and_a_missing_one_are_refused(system, tmp_path):
    for place, fault in (
        (tmp_path / "none", folder.NoSuchFolderError),
        (system.settings.data, folder.OwnFolderError),
        (system.settings.data.parent, folder.OwnFolderError),
    ):
        with pytest.raises(fault):
            folder.look(system, ACTOR, Watch(folder=place))


def test_two_looks_at_once_are_one(look, system, put):
    put("a.txt")
    with (system.settings.data / folder.LOCK).open("a") as lock:
        folder.fcntl.flock(lock, folder.fcntl.LOCK_EX)
        with pytest.raises(folder.FolderBusyError):
            look()
    assert look().taken == 1


def test_places_keep_every_byte(inbound):
    name = os.fsdecode(b"a%b/\xff\xfe \xe5\x90\x88.txt")
    path = inbound / name
    assert folder.path_of(inbound, folder.place_of(path, inbound)) == path


def test_arrivals_of_a_vanished_file_go(look, put, new_uow):
    put("a.txt").with_name("b.txt")
    look(quiet_s=10)
    (put("a.txt")).unlink()
    look(quiet_s=10)
    with new_uow() as uow:
        assert uow.session.scalars(select(Arrival)).all() == []


def test_a_file_written_to_while_it_is_read_is_taken_again(look, put, new_uow, monkeypatch):
    path = put(f"{LOAN_NO}.txt", b"first half")
    real = taking.__dict__["store_group"]

    def slow(*args):
        rows = real(*args)
        path.write_bytes(b"first half and the second")
        return rows

    monkeypatch.setitem(taking.__dict__, "store_group", slow)
    one = look()
    monkeypatch.setitem(taking.__dict__, "store_group", real)
    assert path.exists()  # what was stored is not what lies there
    assert look(5).taken == 1
    assert not path.exists()
    with new_uow() as uow:
        kept = [uow.vault.read(row.sha256) for row in uow.session.scalars(select(IntakeFile))]
        assert kept == [b"first half", b"first half and the second"]
        first = uow.session.scalars(select(Arrival).order_by(Arrival.id)).first()
        assert (first.state, first.batch_id) == ("failed", one.batch_id)
        assert "改写" in first.message


def test_a_file_that_goes_or_becomes_a_link_while_it_is_taken_is_named(
    look, put, new_uow, tmp_path, monkeypatch
):
    secret = tmp_path / "secret.txt"
    secret.write_text("secret")
    gone, swapped = put("a.txt", b"1"), put("b.txt", b"2")
    put("c.txt", b"3")
    real = taking.__dict__["store_group"]

    def late(*args):
        gone.unlink()
        swapped.unlink()
        swapped.symlink_to(secret)
        return real(*args)

    monkeypatch.setitem(taking.__dict__, "store_group", late)
    assert look().taken == 3
    with new_uow() as uow:
        rows = uow.session.scalars(select(IntakeFile).order_by(IntakeFile.id)).all()
        assert [row.state for row in rows] == ["damaged", "damaged", "stored"]
        assert all("无法读取" in row.message for row in rows[:2])
        assert uow.vault.read(rows[2].sha256) == b"3"


def test_a_folder_that_cannot_be_listed_is_named_and_stops_nothing(look, put, monkeypatch):
    put("关着/a.txt")
    put("b.txt")
    assert look(quiet_s=10).coming == 2
    real = os.scandir

    def scandir(place):
        if os.fspath(place).endswith("关着"):
            raise PermissionError(13, "Permission denied")
        return real(place)

    with monkeypatch.context() as closed:
        closed.setattr(os, "scandir", scandir)
        one = look(20, quiet_s=10)
        assert (one.taken, one.coming) == (1, 1)  # the file inside is neither taken nor gone
        (sentence,) = one.unreadable
        assert "关着" in sentence
    assert look(40, quiet_s=10).taken == 1


def test_a_clock_set_back_makes_nothing_wait_for_the_old_time(look, put):
    put("a.txt")
    look(86_400, quiet_s=10)
    assert look(0, quiet_s=10).taken == 0  # the rest begins anew
    assert look(20, quiet_s=10).taken == 1


def test_a_file_that_breaks_the_storing_is_named_and_the_others_are_taken(
    look, put, inbound, system, monkeypatch
):
    for name in ("a.txt", "b.txt", "c.txt"):
        put(name, name.encode())
    real = taking.store_group

    def store(uow, batch_id, sources):
        sources = list(sources)
        if any(source.name == "b.txt" for source in sources):
            raise ValueError
        return real(uow, batch_id, sources)

    monkeypatch.setattr(taking, "store_group", store)
    one = receipt(system, look().batch_id)
    assert (one.arrived.taken, one.arrived.failed, one.received) == (2, 1, 2)
    (left,) = (p for p in (inbound / FAILED).rglob("*") if p.is_file())
    assert left.name == "b.txt"
    assert look().taken == 0


def test_a_zip_that_changes_while_it_is_read_is_taken_again(look, inbound, system, monkeypatch):
    path = inbound / f"{LOAN_NO}.zip"

    def write(*numbers):
        with zipfile.ZipFile(path, "w") as container:
            for number in numbers:
                container.writestr(f"{number}.txt", f"第 {number} 页")

    write(*range(40))
    real = taking.store_group

    def slow(*args):
        write(*range(45))
        return real(*args)

    with monkeypatch.context() as busy:
        busy.setattr(taking, "store_group", slow)
        first = receipt(system, look().batch_id)
    assert first.arrived.failed == 1
    assert path.exists()
    second = receipt(system, look(5).batch_id)
    assert (second.received, second.stored + second.linked, second.adds_up) == (45, 45, True)
    assert not path.exists()
