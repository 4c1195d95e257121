"""Putting files into the vault and getting them back."""

import hashlib
import io
import os
import stat
import threading
from datetime import UTC, datetime, timedelta

import pytest

from postloan_archive.kernel.clock import SystemClock
from postloan_archive.vault import (
    ChangedBlobError,
    MissingBlobError,
    OutOfSpaceError,
    RealFiles,
    State,
    TooLargeError,
    UnreadableBlobError,
    Vault,
    store,
)
from tests.vault.broken_files import UnreadableFiles

EMPTY = hashlib.sha256(b"").hexdigest()


def names_in(folder):
    return sorted(path.name for path in folder.iterdir())


@pytest.fixture
def vault(tmp_path):
    """An empty vault; two folders."""
    return Vault(tmp_path / "vault")


def put(vault, data, **options):
    return vault.put(io.BytesIO(data), **options)


def damage(vault, sha256, data):
    path = vault.path(sha256)
    path.chmod(0o600)
    path.write_bytes(data)


def make_old(path, hours):
    at = (SystemClock().now() - timedelta(hours=hours)).timestamp()
    os.utime(path, (at, at))


@pytest.mark.parametrize("size", [0, 1, 1024 * 1024 - 1, 1024 * 1024, 3 * 1024 * 1024 + 7])
def test_bytes_come_back_as_they_went_in(vault, size):
    data = os.urandom(size)

    stored = put(vault, data)

    assert stored.sha256 == hashlib.sha256(data).hexdigest()
    assert (stored.size, stored.new) == (size, True)
    assert vault.read(stored.sha256) == data
    with vault.open(stored.sha256) as stream:
        assert stream.read() == data
    assert vault.verify(stored.sha256).state is State.GOOD
    assert names_in(vault.root / "tmp") == []


def test_a_file_lies_under_its_digest_and_nobody_may_write_it(vault):
    sha256 = put(vault, b"contract").sha256

    path = vault.root / sha256[:2] / sha256[2:4] / sha256
    assert vault.path(sha256) == path
    assert stat.S_IMODE(path.stat().st_mode) & 0o222 == 0


def test_the_same_bytes_twice_are_one_file(vault):
    first, second = put(vault, b"contract"), put(vault, b"contract")

    assert (first.new, second.new) == (True, False)
    assert list(vault.digests()) == [first.sha256]


def test_the_same_bytes_at_the_same_time_are_one_file(vault):
    data = os.urandom(300_000)
    results, start = [], threading.Barrier(8)

    def run():
        start.wait()
        results.append(put(vault, data))

    threads = [threading.Thread(target=run) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len({stored.sha256 for stored in results}) == 1
    assert list(vault.digests()) == [results[0].sha256]
    assert vault.verify(results[0].sha256).good
    assert names_in(vault.root / "tmp") == []


@pytest.mark.parametrize(("size", "fits"), [(99, True), (100, True), (101, False)])
def test_the_limit_is_inclusive_and_beyond_it_nothing_is_left(vault, size, fits):
    if fits:
        assert put(vault, bytes(size), limit=100).size == size
        return
    with pytest.raises(TooLargeError) as refusal:
        put(vault, bytes(size), limit=100)
    assert refusal.value.field == "file"
    assert list(vault.digests()) == []
    assert names_in(vault.root / "tmp") == []


def test_a_stream_that_breaks_off_leaves_nothing(vault):
    class Broken(io.BytesIO):
        def read(self, _size=-1):
            if self.tell():
                raise ConnectionResetError
            self.seek(10)
            return bytes(10)

    with pytest.raises(ConnectionResetError):
        vault.put(Broken())

    assert list(vault.digests()) == []
    assert names_in(vault.root / "tmp") == []


@pytest.mark.parametrize(
    ("free", "total", "stores"),
    [
        (1024**3 + 1, 1024**4, True),  # a large volume keeps 1 GB
        (1024**3, 1024**4, False),
        (6 * 1024**2, 100 * 1024**2, True),  # a small one keeps 5 %
        (5 * 1024**2, 100 * 1024**2, False),
    ],
)
def test_uploads_stop_at_the_reserve_and_reading_goes_on(tmp_path, free, total, stores):
    class Small(RealFiles):
        def space(self, _path):
            return free, total

    old = put(Vault(tmp_path), b"old").sha256
    vault = Vault(tmp_path, files=Small())

    if stores:
        put(vault, b"new")
    else:
        with pytest.raises(OutOfSpaceError, match="存储空间不足"):
            put(vault, b"new")
    assert vault.read(old) == b"old"


def test_the_reserve_is_watched_while_a_long_stream_comes_in(tmp_path):
    class Shrinking(RealFiles):
        asked = 0

        def space(self, _path):
            self.asked += 1
            return (10**12 if self.asked < 3 else 0), 10**12

    vault = Vault(tmp_path, files=Shrinking())

    with pytest.raises(OutOfSpaceError):
        put(vault, bytes(3 * store.SPACE_CHECK))
    assert names_in(tmp_path / "tmp") == []


@pytest.mark.parametrize("sha256", ["", "abc", "../../etc/passwd", EMPTY.upper(), EMPTY + "\n"])
def test_what_is_no_digest_is_a_missing_file(vault, sha256):
    put(vault, b"")
    for ask in (vault.path, vault.open, vault.read, vault.sm3):
        with pytest.raises(MissingBlobError):
            ask(sha256)
    assert vault.verify(sha256).state is State.MISSING


def test_changed_bytes_are_not_handed_out_and_the_next_upload_heals_them(vault):
    sha256 = put(vault, b"contract").sha256
    damage(vault, sha256, b"contrast")

    for ask in (vault.read, vault.open_checked):
        with pytest.raises(ChangedBlobError):
            ask(sha256)
    assert put(vault, b"contract").new
    assert vault.read(sha256) == b"contract"
    with vault.open_checked(sha256) as stream:
        assert stream.read() == b"contract"


def test_a_link_is_not_followed_anywhere(vault, tmp_path):
    secret = tmp_path / "secret"
    secret.write_bytes(b"contract")
    sha256 = put(vault, b"contract").sha256
    path = vault.path(sha256)
    path.unlink()
    path.symlink_to(secret)

    with pytest.raises(MissingBlobError):
        vault.path(sha256)
    with pytest.raises(UnreadableBlobError):
        vault.open(sha256)
    assert list(vault.digests()) == []

    path.unlink()
    path.parent.rmdir()
    path.parent.symlink_to(tmp_path)
    assert vault.verify(sha256).state is State.UNREADABLE
    with pytest.raises(UnreadableBlobError):
        put(vault, b"contract")
    vault.sweep(lambda _: False, older_than=SystemClock().now() + timedelta(days=1))
    assert secret.exists()


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_without_permission_is_unreadable_and_not_missing(vault):
    sha256 = put(vault, b"contract").sha256
    vault.path(sha256).chmod(0)

    assert vault.verify(sha256).state is State.UNREADABLE


def test_an_error_while_reading_is_unreadable_and_not_changed(vault, tmp_path):
    sha256 = put(vault, b"contract").sha256
    broken = Vault(tmp_path / "vault", files=UnreadableFiles())

    assert broken.verify(sha256).state is State.UNREADABLE
    for ask in (broken.read, broken.open_checked):
        with pytest.raises(UnreadableBlobError):
            ask(sha256)


def test_sm3_is_there_for_who_asks(tmp_path):
    vault = Vault(tmp_path, with_sm3=True)

    stored = put(vault, b"abc")

    # The example of GB/T 32905-2016, appendix A.1.
    assert stored.sm3 == "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"
    assert vault.sm3(stored.sha256) == stored.sm3


def test_the_sweep_removes_old_files_without_row_and_nothing_else(vault):
    kept, young, gone = (put(vault, data).sha256 for data in (b"kept", b"young", b"gone"))
    for sha256 in (kept, gone):
        make_old(vault.path(sha256), 48)
    day_ago = SystemClock().now() - timedelta(days=1)

    assert vault.sweep(lambda sha256: sha256 == kept, older_than=day_ago) == [gone]

    assert sorted(vault.digests()) == sorted([kept, young])
    assert names_in(vault.root / "tmp") == []


def test_the_sweep_removes_temporary_files_after_an_hour(vault):
    for name, hours in (("old.part", 1.1), ("new.part", 0.9)):
        path = vault.root / "tmp" / name
        path.write_bytes(b"half")
        make_old(path, hours)

    vault.sweep(lambda _: True, older_than=datetime(2000, 1, 1, tzinfo=UTC))

    assert names_in(vault.root / "tmp") == ["new.part"]


def test_a_file_put_again_while_the_sweep_runs_stays(vault):
    sha256 = put(vault, b"contract").sha256
    make_old(vault.path(sha256), 48)

    def put_again(_sha256):
        put(vault, b"contract")
        return False  # its row is not committed yet

    day_ago = SystemClock().now() - timedelta(days=1)
    assert vault.sweep(put_again, older_than=day_ago) == []
    assert vault.read(sha256) == b"contract"


@pytest.mark.parametrize("kept", [True, False])
def test_a_file_that_a_killed_sweep_set_aside_is_judged_again(vault, kept):
    sha256 = put(vault, b"contract").sha256
    path = vault.path(sha256)
    make_old(path, 48)
    path.rename(vault.root / "tmp" / f"{sha256}.swept")

    vault.sweep(lambda _: kept, older_than=SystemClock().now() - timedelta(days=1))

    assert list(vault.digests()) == ([sha256] if kept else [])
    assert names_in(vault.root / "tmp") == []
