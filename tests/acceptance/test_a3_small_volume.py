"""A3 on a real volume of 64 MB, and on one without a free inode; needs the right to mount."""

import contextlib
import io
import os
import shutil
import subprocess

import pytest
from sqlalchemy import func, select

from postloan_archive import audit
from postloan_archive.archive import service
from postloan_archive.archive.finding import Find, find
from postloan_archive.archive.incoming import sending
from postloan_archive.archive.incoming.sending import StartDelivery, StartUpload
from postloan_archive.archive.models import Document
from postloan_archive.archive.service import OpenBatch, ReceiveFile
from postloan_archive.config import Settings
from postloan_archive.kernel.actor import Actor
from postloan_archive.kernel.clock import FrozenClock
from postloan_archive.uow import open_system
from postloan_archive.vault import OutOfSpaceError, Vault
from tests.builders import a_loan
from tests.conftest import NOON

pytestmark = pytest.mark.acceptance
CLI = Actor.program("cli")
PAPER = 1_500_000  # bytes


@contextlib.contextmanager
def volume(place, options):
    """A volume in memory; skips where we may not mount one."""
    place.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(place)]
    try:
        done = subprocess.run(command, capture_output=True, check=False)
    except FileNotFoundError:
        pytest.skip("no program to mount a volume")
    if done.returncode:
        pytest.skip(f"no right to mount a volume: {done.stderr[:100]!r}")
    try:
        yield place
    finally:
        subprocess.run(["umount", "-l", str(place)], check=True)


@contextlib.contextmanager
def installed(data, empty):
    """An installation on the volume, a copy of the empty one."""
    data.mkdir()
    shutil.copyfile(empty / "postloan.db", data / "postloan.db")
    audit.create_key(data)
    system = open_system(Settings(data=data, secure_cookies=False), clock=FrozenClock(NOON))
    try:
        with system.unit_of_work(CLI) as uow:
            a_loan(uow)
        yield system
    finally:
        system.close()


def add(system, number, size=PAPER):
    with system.unit_of_work(CLI) as uow:
        batch = service.open_batch(uow, OpenBatch(source="cli")).id
        data = number.to_bytes(4) + os.urandom(size - 4)
        cmd = ReceiveFile(
            batch_id=batch,
            loan_no="JJ2025-0001",
            name=f"{number}.bin",
            stream=io.BytesIO(data),
        )
        return service.receive_file(uow, cmd).sha256


def check(system, acknowledged):
    with system.look(CLI) as uow:
        digests = uow.session.scalars(select(Document.sha256)).all()
        assert audit.verify(uow.session).fault_count == 0
    assert sorted(digests) == sorted(acknowledged)
    assert all(system.vault.verify(one).good for one in digests)
    assert list((system.vault.root / "tmp").iterdir()) == []


def fill_up(system, acknowledged, size=PAPER):
    for number in range(1_000):
        acknowledged.append(add(system, number, size))


def test_A3_a_volume_of_64_mb_fills_up_and_goes_on(tmp_path, empty_installation):
    with (
        volume(tmp_path / "volume", "size=64m") as place,
        installed(place / "data", empty_installation) as system,
    ):
        kept = []
        with pytest.raises(OutOfSpaceError) as refused:
            fill_up(system, kept)
        assert "存储空间不足" in str(refused.value)
        assert len(kept) > 20
        free = os.statvfs(place).f_bavail * os.statvfs(place).f_frsize
        assert free >= Vault.reserve(64 * 1024**2) - PAPER  # it stopped at its reserve
        check(system, kept)
        with system.unit_of_work(CLI) as uow:
            batch = sending.start_delivery(uow, StartDelivery(expected=1))
        with pytest.raises(OutOfSpaceError), system.unit_of_work(CLI) as uow:
            sending.start_upload(uow, StartUpload(name="a", size=PAPER, batch_id=batch))
        for _ in range(50):  # the reserve is for the trail: it can still be written
            with system.unit_of_work(CLI) as uow:
                find(uow, Find(text="合同"))
        filler = place / "of another program"
        with contextlib.suppress(OSError), filler.open("wb", buffering=0) as file:
            while file.write(bytes(4_096)):
                pass
        assert os.statvfs(place).f_bavail == 0
        with pytest.raises(OutOfSpaceError):
            add(system, 5_000)
        assert system.vault.read(kept[0])  # reading goes on
        with system.look(CLI) as uow:
            assert uow.session.scalar(select(func.count(Document.id))) == len(kept)
        check(system, kept)
        filler.unlink()
        subprocess.run(["mount", "-o", "remount,size=96m", str(place)], check=True)
        kept.append(add(system, 6_000))  # there is room again: nobody had to do anything here
        check(system, kept)


def test_A3_a_volume_without_a_free_inode_says_so(tmp_path, empty_installation):
    with (
        volume(tmp_path / "volume", "size=64m,nr_inodes=200") as place,
        installed(place / "data", empty_installation) as system,
    ):
        with system.unit_of_work(CLI) as uow:
            batch = sending.start_delivery(uow, StartDelivery(expected=2))
            upload = sending.start_upload(uow, StartUpload(name="a", size=4, batch_id=batch))
        kept = []
        with pytest.raises(OutOfSpaceError):
            fill_up(system, kept, size=2_000)
        while True:
            try:
                (place / f"filler{len(list(place.iterdir()))}").touch()
            except OSError:
                break
        assert os.statvfs(place).f_bavail > 10_000_000 / 4_096  # there is room, but no inode
        with pytest.raises(OutOfSpaceError) as refused:
            add(system, 7_000, size=100)
        assert refused.value.next_step
        with pytest.raises(OutOfSpaceError), system.unit_of_work(CLI) as uow:
            sending.start_upload(uow, StartUpload(name="b", size=4, batch_id=batch))
        done = sending.append(system, CLI, upload.token, 0, io.BytesIO(b"1234"))
        assert done.whole  # what has its file goes on
        check(system, kept)
