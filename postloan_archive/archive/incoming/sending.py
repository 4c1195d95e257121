"""Files that a browser or program sends in parts: what has arrived stays, the rest may follow.

The length of the part file is the truth about how far a file is. It is synced before the
answer, so a stop of either side costs at most the part that was on its way.
"""

import contextlib
import errno
import fcntl
import os
import secrets
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import IO, BinaryIO, Final

from sqlalchemy import func, select

from postloan_archive.archive import service
from postloan_archive.archive.errors import BatchNotFoundError
from postloan_archive.archive.incoming.models import Arrival
from postloan_archive.archive.incoming.taking import MEBIBYTE
from postloan_archive.archive.models import IntakeBatch
from postloan_archive.archive.rules.filing import check_item
from postloan_archive.archive.rules.names import shown_name
from postloan_archive.archive.service import OpenBatch
from postloan_archive.kernel.actor import Actor
from postloan_archive.kernel.clock import SystemClock
from postloan_archive.kernel.errors import ConflictError, NotFoundError, RuleError, _l
from postloan_archive.loans import queries as loans
from postloan_archive.uow import System, UnitOfWork
from postloan_archive.vault import OutOfSpaceError, TooLargeError, Vault

CHANNELS: Final = ("upload", "phone", "api")
TAKE: Final = "take_upload"  # the job that stores what is whole
FOLDER: Final = "uploads"  # below data/incoming
BLOCK: Final = MEBIBYTE  # bytes read at a time
PATIENCE: Final = timedelta(hours=1)  # without progress until a part file goes
MOST: Final = 100_000  # files of one delivery
LATE: Final = _l("一小时内没有继续传送，已放弃；请重新上传。")
GIVEN_UP: Final = _l("发送方放弃了传送。")


class UploadNotFoundError(NotFoundError):
    """No such upload of this person, or it is over."""

    def __init__(self) -> None:
        super().__init__(_l("没有这个上传，或已结束。"))


class WrongOffsetError(ConflictError):
    """The part does not begin where the last one ended."""

    def __init__(self, *, offset: int) -> None:
        super().__init__(_l("续传位置不符，应从第 {offset} 字节继续。"), offset=offset)
        self.offset = offset


class UploadBusyError(ConflictError):
    """Another request writes to the same upload."""

    def __init__(self) -> None:
        super().__init__(_l("同一文件正由另一请求写入。"))


class TooMuchSentError(RuleError):
    """The part goes beyond the length that was announced."""

    def __init__(self) -> None:
        super().__init__(_l("收到的内容超过申报的长度。"))


class BadLengthError(RuleError):
    """The announced length is none."""

    def __init__(self) -> None:
        super().__init__(_l("文件长度有误。"))


@dataclass(frozen=True, slots=True, kw_only=True)
class StartDelivery:
    """Files are to come; `expected` how many."""

    expected: int | None = None
    channel: str = "upload"


@dataclass(frozen=True, slots=True, kw_only=True)
class StartUpload:
    """One file is to come."""

    name: str
    size: int
    batch_id: int
    loan_no: str = ""
    item_code: str = ""
    by_number: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """How far one file is."""

    token: str
    name: str
    size: int
    offset: int
    batch_id: int
    state: str
    expires: datetime

    @property
    def whole(self) -> bool:
        """Return whether all of it has come."""
        return self.offset >= self.size


def start_delivery(uow: UnitOfWork, cmd: StartDelivery) -> int:
    """Open a delivery of files that are sent in parts; return its id."""
    channel = cmd.channel if cmd.channel in CHANNELS else CHANNELS[0]
    expected = None if cmd.expected is None else min(max(cmd.expected, 0), MOST)
    return service.open_batch(uow, OpenBatch(source=channel, expected=expected)).id


def start_upload(uow: UnitOfWork, cmd: StartUpload) -> Upload:
    """Announce a file; its bytes may follow.

    Raises:
        BatchNotFoundError: no such open delivery of this person.
        LoanNotFoundError, UnknownItemError: it cannot go there.
        BadLengthError, TooLargeError, OutOfSpaceError: it can never be stored.
    """
    batch = uow.session.get(IntakeBatch, cmd.batch_id)
    if batch is None or batch.opened_by != uow.actor.name or batch.source not in CHANNELS:
        raise BatchNotFoundError(batch_id=cmd.batch_id)
    loan_no = loans.get_loan(uow, cmd.loan_no).loan_no if cmd.loan_no else ""
    if cmd.size < 0:
        raise BadLengthError
    limit = _limit(uow, cmd.name)
    if cmd.size > limit:
        raise TooLargeError(limit=limit)
    folder = _folder(uow.settings.data)
    _check_space(folder, cmd.size)
    token = secrets.token_urlsafe(24)
    with _room_named():
        (folder / token).touch(exist_ok=False)
    row = Arrival(
        channel=batch.source,
        place=token,
        name=shown_name(cmd.name) or "未命名",
        size=cmd.size,
        state="coming",
        batch_id=batch.id,
        loan_no=loan_no,
        item_code=check_item(cmd.item_code) if cmd.item_code else "",
        by_number=cmd.by_number,
        sender=uow.actor.name,
        branch_ids=None if uow.actor.branch_ids is None else sorted(uow.actor.branch_ids),
        seen_at=uow.clock.now(),
    )
    batch.closed_at = None
    uow.session.add(row)
    uow.session.flush()  # an empty file is whole at once, and its job needs the id
    if not cmd.size:
        _finish(uow, row)
    return _upload(uow, row)


def find_upload(uow: UnitOfWork, token: str) -> Upload:
    """Return how far an upload of this person is.

    Raises:
        UploadNotFoundError: there is none.
    """
    return _upload(uow, _row(uow, token))


def append(system: System, actor: Actor, token: str, offset: int, stream: IO[bytes]) -> Upload:
    """Add the bytes of the stream behind those that are there.

    What has come is synced before this returns, also where the stream breaks off.

    Raises:
        UploadNotFoundError: there is no such upload.
        WrongOffsetError: the part belongs somewhere else.
        UploadBusyError: another request is writing.
        TooMuchSentError: it goes beyond the announced length.
        OutOfSpaceError: the volume is at its reserve.
    """
    with system.look(actor) as uow:
        upload = find_upload(uow, token)
    if upload.state != "coming":
        raise UploadNotFoundError
    path = _folder(system.settings.data) / token
    with _room_named(), _written(path) as file:
        end = file.seek(0, os.SEEK_END)
        if end != offset:
            raise WrongOffsetError(offset=end)
        try:
            _copy(stream, file, upload.size - offset)
        finally:
            file.flush()
            os.fsync(file.fileno())
    with system.unit_of_work(actor) as uow:
        row = _row(uow, token)
        row.seen_at = uow.clock.now()
        done = _upload(uow, row)
        if done.whole and row.state == "coming":
            _finish(uow, row)
        return done


def give_up(uow: UnitOfWork, token: str) -> None:
    """Break an upload off; what has come of it goes.

    Raises:
        UploadNotFoundError: there is no such upload, or it is whole by now.
    """
    row = _row(uow, token)
    if row.state != "coming":
        raise UploadNotFoundError
    row.state, row.message, row.removed = "given_up", GIVEN_UP, True
    uow.record("archive.upload_given_up", f"arrival:{row.id}", name=row.name)
    path = _folder(uow.settings.data) / token
    uow.after_commit(lambda: path.unlink(missing_ok=True))
    close_if_done(uow, row.batch_id)


def clear(system: System, actor: Actor) -> int:
    """Give up what has made no progress for an hour; remove part files of nobody."""
    folder = _folder(system.settings.data)
    with system.unit_of_work(actor) as uow:
        limit = uow.clock.now() - PATIENCE
        late = uow.session.scalars(
            select(Arrival)
            .where(Arrival.channel.in_(CHANNELS), Arrival.state == "coming")
            .where(Arrival.seen_at < limit)
            .order_by(Arrival.id)
        ).all()
        for row in late:
            row.state, row.message, row.removed = "given_up", LATE, True
            uow.record("archive.upload_given_up", f"arrival:{row.id}", name=row.name)
            close_if_done(uow, row.batch_id)
        kept = set(
            uow.session.scalars(
                select(Arrival.place).where(
                    Arrival.channel.in_(CHANNELS), Arrival.removed.is_(False)
                )
            )
        )
    oldest = (SystemClock().now() - PATIENCE).timestamp()
    for path in sorted(folder.iterdir()):
        if path.name not in kept and (path.stat().st_mtime < oldest or late):
            path.unlink(missing_ok=True)
    return len(late)


def path_of(data: Path, token: str) -> Path:
    """Return the part file of an upload."""
    return _folder(data) / token


def close_if_done(uow: UnitOfWork, batch_id: int | None) -> None:
    """Close a delivery of which all announced files have come to their end."""
    batch = uow.session.get(IntakeBatch, batch_id) if batch_id else None
    if batch is None or batch.closed_at is not None:
        return
    rows = uow.session.execute(
        select(Arrival.state, func.count())
        .where(Arrival.batch_id == batch.id)
        .group_by(Arrival.state)
    ).all()
    counts = {str(state): int(count) for state, count in rows}
    going = counts.get("coming", 0) + counts.get("ready", 0)
    if not going and sum(counts.values()) >= (batch.expected or 0):
        service.close_batch(uow, batch.id)


def _finish(uow: UnitOfWork, row: Arrival) -> None:
    row.state = "ready"
    uow.enqueue(TAKE, row.id)


def _row(uow: UnitOfWork, token: str) -> Arrival:
    row = uow.session.scalar(
        select(Arrival).where(
            Arrival.place == token,
            Arrival.channel.in_(CHANNELS),
            Arrival.sender == uow.actor.name,
            Arrival.state != "given_up",
        )
    )
    if row is None:
        raise UploadNotFoundError
    return row


def _upload(uow: UnitOfWork, row: Arrival) -> Upload:
    offset = row.size
    if row.state == "coming":
        path = _folder(uow.settings.data) / row.place
        try:
            offset = path.stat().st_size
        except FileNotFoundError:
            raise UploadNotFoundError from None
    assert row.batch_id is not None
    return Upload(
        token=row.place,
        name=row.name,
        size=row.size,
        offset=offset,
        batch_id=row.batch_id,
        state=row.state,
        expires=row.seen_at + PATIENCE,
    )


@contextlib.contextmanager
def _written(path: Path) -> Iterator[BinaryIO]:
    try:
        file = path.open("r+b")
    except FileNotFoundError:
        raise UploadNotFoundError from None
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise UploadBusyError from None
        yield file


@contextlib.contextmanager
def _room_named() -> Iterator[None]:
    """Say that the volume is full, or has no inode left, as the vault does."""
    try:
        yield
    except OSError as error:
        if error.errno in {errno.ENOSPC, errno.EDQUOT}:
            raise OutOfSpaceError(free=0, reserve=0) from error
        raise


def _copy(stream: IO[bytes], file: BinaryIO, room: int) -> None:
    checked = 0
    while block := stream.read(BLOCK):
        if len(block) > room:
            raise TooMuchSentError
        if not checked:
            _check_space(Path(file.name).parent, len(block))
        checked = (checked + 1) % 8
        file.write(block)
        room -= len(block)


def _limit(uow: UnitOfWork, name: str) -> int:
    packed = name.lower().endswith(".zip")
    most = uow.settings.zip_max_mb if packed else uow.settings.upload_max_mb
    return max(most, uow.settings.upload_max_mb) * MEBIBYTE


def _check_space(folder: Path, size: int) -> None:
    usage = shutil.disk_usage(folder)
    reserve = Vault.reserve(usage.total)
    if usage.free - size <= reserve:
        raise OutOfSpaceError(free=usage.free, reserve=reserve)


def _folder(data: Path) -> Path:
    folder = data / "incoming" / FOLDER
    folder.mkdir(mode=0o750, parents=True, exist_ok=True)
    return folder
