"""Backups made while people work, and installations made from them."""

import hashlib
import io
import json
import random
import sqlite3
import threading

import pytest
from sqlalchemy import text

from postloan_archive import audit
from postloan_archive.backup import (
    BackupDamagedError,
    NoBackupError,
    NotEmptyError,
    backup,
    restore,
    verify_backup,
)
from postloan_archive.config import Settings
from postloan_archive.kernel.actor import Actor
from postloan_archive.kernel.errors import FixityError
from postloan_archive.uow import open_system
from postloan_archive.vault import Vault, repair

CLI = Actor.program("cli")


def store(system, data):
    """A step with a file: bytes, then the audit line that names them."""
    with system.unit_of_work(CLI) as uow:
        stored = uow.vault.put(io.BytesIO(data))
        uow.record("archive.document_added", "document:1", sha256=stored.sha256)
    return stored.sha256


def checkpoint(system):
    signer = audit.load_key(system.settings.data)
    with system.unit_of_work(CLI) as uow:
        audit.sign_checkpoint(uow.session, signer, at=uow.clock.now())
    with system.unit_of_work(CLI) as uow:
        audit.publish(uow.session, system.settings.data / "checkpoints")


def named_in_trail(system):
    with system.unit_of_work(CLI) as uow:
        lines = audit.read(uow.session, limit=10_000).lines
    return {json.loads(line.facts).get("sha256") for line in lines} - {None}


@pytest.fixture
def filled(system):
    """A system with eight files, their lines and a checkpoint; a few milliseconds."""
    for number in range(8):
        store(system, f"paper {number}".encode() * 100)
    checkpoint(system)
    return system


def reopened(data):
    return open_system(Settings(data=data))


def test_a_restored_installation_has_every_file_line_key_and_checkpoint(filled, tmp_path):
    made = backup(filled, tmp_path / "backup")
    assert (made.blobs, made.copied, made.bad, made.audit_lines) == (8, 8, (), 8)

    done = restore(tmp_path / "backup", tmp_path / "new")

    assert done.audit.ok
    assert done.audit.covered == 8
    assert (done.blobs, done.audit.head) == (8, made.audit_head)
    again = reopened(tmp_path / "new")
    assert named_in_trail(again) == named_in_trail(filled)
    assert all(again.vault.verify(sha256).good for sha256 in named_in_trail(again))
    assert (
        audit.load_key(tmp_path / "new").key_id == audit.load_key(filled.settings.data).key_id
    )
    store(again, b"goes on")
    with again.unit_of_work(CLI) as uow:
        outside = audit.read_checkpoints(tmp_path / "new" / "checkpoints")
        assert audit.verify(uow.session, outside).ok
    again.close()


def test_the_second_backup_copies_only_what_is_new_and_the_first_stays_whole(filled, tmp_path):
    first = backup(filled, tmp_path / "backup")
    store(filled, b"one more paper")
    second = backup(filled, tmp_path / "backup")

    assert (second.blobs, second.copied) == (9, 1)
    assert first.folder != second.folder
    assert verify_backup(first.folder).ok
    assert verify_backup(tmp_path / "backup").folder == second.folder
    restore(first.folder, tmp_path / "old")
    assert len(list(Vault(tmp_path / "old" / "vault").digests())) == 8


def test_a_backup_shares_no_bytes_with_the_installation(filled, tmp_path):
    backup(filled, tmp_path / "backup")
    for sha256 in filled.vault.digests():
        assert filled.vault.path(sha256).stat().st_nlink == 1


def test_what_was_acknowledged_before_the_start_is_in_a_backup_made_among_writers(
    filled, tmp_path
):
    stop, acknowledged, errors = threading.Event(), [], []

    def write(number):
        chance = random.Random(number)
        while not stop.is_set():
            try:
                acknowledged.append(store(filled, chance.randbytes(2_000)))
            except Exception as error:  # noqa: BLE001 - shown below
                errors.append(error)
                return

    threads = [threading.Thread(target=write, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    try:
        for round_ in range(3):
            before = list(acknowledged)
            backup(filled, tmp_path / "backup")
            restore(tmp_path / "backup", tmp_path / f"new{round_}")
            again = reopened(tmp_path / f"new{round_}")
            named = named_in_trail(again)
            assert set(before) <= named
            assert all(again.vault.verify(sha256).good for sha256 in named)
            with again.unit_of_work(CLI) as uow:
                assert audit.verify(uow.session).ok
            again.close()
    finally:
        stop.set()
        for thread in threads:
            thread.join()
    assert errors == []
    assert acknowledged


def all_files(folder):
    return sorted(path for path in folder.rglob("*") if path.is_file())


def test_a_flipped_bit_anywhere_is_named_and_nothing_is_restored(filled, tmp_path):
    backup(filled, tmp_path / "backup")
    chance = random.Random(4)
    count = 0
    for path in all_files(tmp_path / "backup"):
        whole = path.read_bytes()
        data = bytearray(whole)
        data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
        path.chmod(0o600)
        path.write_bytes(data)
        for verify in (True, False):
            with pytest.raises(BackupDamagedError) as refusal:
                restore(tmp_path / "backup", tmp_path / "new", verify=verify)
            named = refusal.value.parts[0]
            assert named.rpartition("/")[2] in {path.name, "manifest.json"}
            assert sorted(one.name for one in tmp_path.iterdir()) == ["backup", "data"]
        path.write_bytes(whole)
        count += 1
    assert count >= 14
    assert restore(tmp_path / "backup", tmp_path / "new").audit.ok


def test_missing_and_strange_parts_are_named(filled, tmp_path):
    folder = backup(filled, tmp_path / "backup").folder
    blob = next(Vault(tmp_path / "backup" / "vault").digests())
    Vault(tmp_path / "backup" / "vault").path(blob).unlink()
    (folder / "keys" / "audit.key").unlink()
    (folder / "keys" / "strange").write_text("x")

    check = verify_backup(folder)

    assert not check.ok
    assert set(check.bad) == {"keys/audit.key", "keys/strange", f"vault/{blob}"}
    for verify in (True, False):
        with pytest.raises((BackupDamagedError, FileNotFoundError)):
            restore(folder, tmp_path / "new", verify=verify)
    assert not (tmp_path / "new").exists()


def test_a_manifest_that_leads_out_of_the_folder_is_refused(filled, tmp_path):
    folder = backup(filled, tmp_path / "backup").folder
    value = json.loads((folder / "manifest.json").read_text())
    value["parts"][0]["path"] = "../../evil"
    data = json.dumps(value).encode()
    (folder / "manifest.json").write_bytes(data)
    seal = f"{hashlib.sha256(data).hexdigest()}  manifest.json\n"
    (folder / "manifest.json.sha256").write_text(seal)

    with pytest.raises(BackupDamagedError, match="evil"):
        restore(tmp_path / "backup", tmp_path / "new")


def test_a_backup_that_was_stopped_is_no_backup(filled, tmp_path):
    folder = backup(filled, tmp_path / "backup").folder
    (folder / "manifest.json").unlink()

    for place in (folder, tmp_path / "backup", tmp_path / "nowhere"):
        with pytest.raises(NoBackupError):
            restore(place, tmp_path / "new")


def test_a_folder_that_holds_something_is_not_overwritten(filled, tmp_path):
    backup(filled, tmp_path / "backup")
    new = tmp_path / "new"
    new.mkdir()
    (new / ".restoring").mkdir()  # of a restore that was killed
    assert restore(tmp_path / "backup", new).audit.ok
    assert not (new / ".restoring").exists()

    with pytest.raises(NotEmptyError):
        restore(tmp_path / "backup", new)
    with pytest.raises(NotEmptyError):
        restore(tmp_path / "backup", new / "postloan.db")


def test_a_bad_file_is_reported_not_copied_and_an_older_copy_repairs_it(filled, tmp_path):
    backup(filled, tmp_path / "backup")
    sha256 = store(filled, b"a new paper")
    old = next(one for one in filled.vault.digests() if one != sha256)
    for bad in (old, sha256):
        filled.vault.path(bad).chmod(0o600)
        filled.vault.path(bad).write_bytes(b"spoilt")

    made = backup(filled, tmp_path / "backup")

    assert made.bad == (sha256,)  # the other one is whole in the pool
    assert verify_backup(made.folder).ok
    repair(filled.vault, old, tmp_path / "backup")
    assert filled.vault.verify(old).good
    with pytest.raises(FixityError):
        filled.vault.read(sha256)


def test_a_trail_that_was_tampered_with_before_the_backup_is_reported(filled, tmp_path):
    with filled.engine.begin() as connection:
        connection.execute(text("DROP TRIGGER audit_lines_no_update"))
        connection.execute(text("UPDATE audit_lines SET actor = 'x' WHERE seq = 3"))
    backup(filled, tmp_path / "backup")

    check = verify_backup(tmp_path / "backup")

    assert check.bad == ()
    assert not check.ok
    assert not restore(tmp_path / "backup", tmp_path / "new").audit.ok


def test_progress_ends_at_all_files(filled, tmp_path):
    told = []
    backup(filled, tmp_path / "backup", progress=lambda *numbers: told.append(numbers))
    restore(
        tmp_path / "backup", tmp_path / "new", progress=lambda *numbers: told.append(numbers)
    )
    assert told == [(8, 8)] * 3


def test_the_copy_of_the_database_is_one_file_for_its_owner_only(filled, tmp_path):
    folder = backup(filled, tmp_path / "backup").folder
    verify_backup(folder)

    names = {path.name for path in folder.iterdir()}
    assert not {name for name in names if name.startswith("postloan.db-")}
    assert (folder / "postloan.db").stat().st_mode & 0o077 == 0
    copy = sqlite3.connect(folder / "postloan.db")
    assert copy.execute("PRAGMA quick_check").fetchone() == ("ok",)
    copy.close()
