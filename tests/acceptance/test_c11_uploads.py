"""C11: a large upload in parts takes no memory; what breaks off leaves nothing; one blob."""

import hashlib
import io
import resource
from dataclasses import replace

import pytest
from sqlalchemy import select

from postloan_archive.archive.incoming import sending
from postloan_archive.archive.incoming.jobs import handlers
from postloan_archive.archive.incoming.sending import (
    StartDelivery,
    StartUpload,
    TooMuchSentError,
    WrongOffsetError,
)
from postloan_archive.archive.models import IntakeFile
from postloan_archive.jobs import JobRunner
from postloan_archive.kernel.actor import Actor
from postloan_archive.vault import TooLargeError

pytestmark = pytest.mark.acceptance
CLI = Actor.program("cli")
PART = 8 * 1024 * 1024


class Pattern(io.RawIOBase):
    """So many bytes that nobody holds in memory."""

    def __init__(self, first: int, size: int) -> None:
        self.at, self.end = first, first + size

    def read(self, size=-1):
        count = min(size, self.end - self.at)
        block = bytes([self.at // PART % 251]) * count
        self.at += count
        return block


def start(new_uow, size, name="很大.bin"):
    with new_uow() as uow:
        batch = sending.start_delivery(uow, StartDelivery(expected=1))
        return sending.start_upload(uow, StartUpload(name=name, size=size, batch_id=batch))


def test_C11_two_gigabytes_in_parts(system, new_uow, full):
    size = 2 * 1024**3 - 1 if full else 5 * PART + 123
    upload = start(new_uow, size)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    digest = hashlib.sha256()
    offset = 0
    while offset < size:
        count = min(PART, size - offset)
        with pytest.raises(WrongOffsetError):  # a lost answer: the client asks again
            sending.append(system, CLI, upload.token, offset + 1, Pattern(0, 1))
        done = sending.append(system, CLI, upload.token, offset, Pattern(offset, count))
        digest.update(Pattern(offset, count).read(count))
        offset += count
        assert done.offset == offset
    JobRunner(system.engine, handlers(system), clock=system.clock).run_until_empty()
    with new_uow() as uow:
        row = uow.session.scalars(select(IntakeFile)).one()
        assert (row.sha256, row.size) == (digest.hexdigest(), size)
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert grown < 200 * 1024  # KiB
    assert list((system.settings.data / "incoming" / "uploads").iterdir()) == []


def test_C11_wrong_lengths_are_refused_while_they_come(system, new_uow):
    upload = start(new_uow, 100)
    with pytest.raises(TooMuchSentError):
        sending.append(system, CLI, upload.token, 0, Pattern(0, 101))
    limit = system.settings.upload_max_mb * 1_048_576
    with pytest.raises(TooLargeError):
        start(new_uow, limit + 1)


def test_C11_a_full_volume_takes_no_upload_and_goes_on_later(system, new_uow, monkeypatch):
    upload = start(new_uow, 100)
    usage = sending.shutil.disk_usage(system.settings.data)
    with monkeypatch.context() as full_disk:
        full_disk.setattr(
            sending.shutil, "disk_usage", lambda _path: usage._replace(free=1_000)
        )
        with pytest.raises(sending.OutOfSpaceError):
            sending.append(system, CLI, upload.token, 0, Pattern(0, 100))
        with pytest.raises(sending.OutOfSpaceError):
            start(new_uow, 10)
    assert sending.append(system, CLI, upload.token, 0, Pattern(0, 100)).whole
    other = replace(CLI, name="another")
    with pytest.raises(sending.UploadNotFoundError):
        sending.append(system, other, upload.token, 0, Pattern(0, 1))
