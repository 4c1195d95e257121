"""The watched folder: look, wait until a file rests, take it in, put the original aside.

What this needs to know after a stop stands in `arrivals`; a look after a kill at any moment
goes on where the last commit was, and no file is taken in twice or forgotten.
"""

import fcntl
import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Final
from urllib.parse import quote_from_bytes

from sqlalchemy import func, select, update

from postloan_archive.access import branches
from postloan_archive.archive import service
from postloan_archive.archive.incoming.models import Arrival
from postloan_archive.archive.incoming.taking import Due, numbers_of, take
from postloan_archive.archive.models import IntakeBatch
from postloan_archive.archive.rules.names import shown_name
from postloan_archive.archive.service import OpenBatch
from postloan_archive.config import Settings
from postloan_archive.kernel.actor import Actor
from postloan_archive.kernel.errors import ConflictError, RuleError, _l
from postloan_archive.uow import System, UnitOfWork

CHANNEL: Final = "folder"
TAKEN: Final = "已收取"  # folders of ours inside the watched one
FAILED: Final = "未能收取"
OURS: Final = frozenset({TAKEN, FAILED})
OVER: Final = frozenset({"taken", "failed"})  # states of an arrival
UNFINISHED: Final = (".tmp", ".part", ".partial", ".crdownload", ".filepart", ".download")
MOVE: Final = "move"
LEAVE: Final = "leave"
CHANGED: Final = _l("收取到一半时文件被移走或改写，其余成员未收取。")
LOCK: Final = "watch.lock"


class NoSuchFolderError(RuleError):
    """The folder to watch is not there."""

    field = "watch_folder"
    next_step = _l("请核对 POSTLOAN_WATCH_FOLDER 或命令中的路径，并确认已挂载。")

    def __init__(self, *, folder: str) -> None:
        super().__init__(_l("没有文件夹“{folder}”。"), folder=folder)


class OwnFolderError(RuleError):
    """The folder to watch is inside the data folder, or the other way round."""

    field = "watch_folder"
    next_step = _l("请另设一个文件夹用于接收。")

    def __init__(self, *, folder: str) -> None:
        super().__init__(_l("“{folder}”在数据文件夹之内，不能监视。"), folder=folder)


class FolderBusyError(ConflictError):
    """Another process is at this work."""

    next_step = _l("请等它结束，或停止后再试。")

    def __init__(self) -> None:
        super().__init__(_l("另一个进程正在收取监视文件夹。"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch:
    """What to watch and how."""

    folder: Path
    after: str = MOVE
    quiet_s: int = 10
    by_number: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """What one look came to."""

    batch_id: int | None
    taken: int
    coming: int  # still being written, or not yet seen twice


@dataclass(frozen=True, slots=True)
class _Seen:
    path: Path
    size: int
    mtime_ns: int


def look(system: System, actor: Actor, watch: Watch) -> Looked:
    """Look once: note what is new, take in what rests, put aside what is taken in.

    Raises:
        NoSuchFolderError: there is no such folder.
        OwnFolderError: it is the data folder, or shares it.
        FolderBusyError: another process does this at this moment.
    """
    check(system, watch)
    system.settings.data.mkdir(parents=True, exist_ok=True)
    with (system.settings.data / LOCK).open("a") as lock:  # goes with the process
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise FolderBusyError from None
        return _look(system, actor, watch)


def check(system: System, watch: Watch) -> None:
    """Refuse a folder that cannot be watched.

    Raises:
        NoSuchFolderError, OwnFolderError: see `look`.
    """
    if not watch.folder.is_dir():
        raise NoSuchFolderError(folder=str(watch.folder))
    here, data = watch.folder.resolve(), system.settings.data.resolve()
    if here == data or here.is_relative_to(data) or data.is_relative_to(here):
        raise OwnFolderError(folder=str(watch.folder))


def _look(system: System, actor: Actor, watch: Watch) -> Looked:
    seen = {place_of(one.path, watch.folder): one for one in files_of(watch.folder)}
    with system.unit_of_work(actor) as uow:
        ready, aside = _note(uow, watch, seen)
        batch_id = _batch(uow, watch, opened=bool(ready))
        if ready:
            assert batch_id is not None
            uow.session.execute(
                update(Arrival).where(Arrival.id.in_(ready)).values(batch_id=batch_id)
            )
            _expect(uow, batch_id)
        homes = _homes(uow)
    _put_aside(system, actor, watch, aside)
    if ready:
        assert batch_id is not None
        _take(system, actor, watch, batch_id, homes)
    with system.unit_of_work(actor) as uow:
        coming = _count(uow, "coming", "ready")
        if batch_id is not None and not coming:
            service.close_batch(uow, batch_id)
    return Looked(batch_id=batch_id, taken=len(ready), coming=coming)


def files_of(folder: Path) -> Iterator[_Seen]:
    """Yield the files below the folder that are meant to be taken, in order of their names.

    Passed over: what is hidden or bears the name of an unfinished copy, until it is renamed,
    and the two folders of ours.
    """
    with os.scandir(folder) as found:
        entries = sorted(found, key=lambda entry: os.fsencode(entry.name))
    for entry in entries:
        if entry.name.startswith((".", "~$")) or entry.name.lower().endswith(UNFINISHED):
            continue
        try:
            facts = entry.stat(follow_symlinks=False)
        except FileNotFoundError:  # gone meanwhile
            continue
        path = Path(entry.path)
        if stat.S_ISDIR(facts.st_mode):
            if entry.name not in OURS:
                yield from files_of(path)
            continue
        yield _Seen(
            path, facts.st_size, facts.st_mtime_ns
        )  # links and pipes are refused by name


def place_of(path: Path, folder: Path) -> str:
    """Return where a file lies below the folder, as a text that keeps every byte of it."""
    return quote_from_bytes(os.fsencode(path.relative_to(folder)), safe="/")


def _note(
    uow: UnitOfWork, watch: Watch, seen: dict[str, _Seen]
) -> tuple[list[int], list[Arrival]]:
    """Bring the rows up to what is there; return what rests, and what is to be put aside."""
    now = uow.clock.now()
    rested = now - timedelta(seconds=watch.quiet_s)
    rows = uow.session.scalars(
        select(Arrival)
        .where(Arrival.channel == CHANNEL, Arrival.removed.is_(False))
        .order_by(Arrival.id)
    )
    known = {row.place: row for row in rows}
    for place in known.keys() - seen.keys():
        _gone(uow, known[place])
    ready: list[Arrival] = []
    aside: list[Arrival] = []
    fresh: list[Arrival] = []
    for place, one in seen.items():
        row = known.get(place)
        if row is None or (not _same(row, one) and not _still_comes(row)):
            if row is not None:  # written to after it was taken: a file of its own
                _gone(uow, row)
            fresh.append(_arrival(watch, place, one, uow))
        elif not _same(row, one):
            row.size, row.mtime_ns, row.seen_at = one.size, one.mtime_ns, now
            row.state = "coming"
        elif row.state in OVER:
            aside.append(row)
        elif row.seen_at <= rested:
            ready.append(row)
    uow.session.add_all(fresh)
    if not watch.quiet_s:
        ready += fresh
    for row in ready:
        row.state = "ready"
    uow.session.flush()  # what is ready is taken by its id
    return [row.id for row in ready], aside


def _same(row: Arrival, one: _Seen) -> bool:
    return (row.size, row.mtime_ns) == (one.size, one.mtime_ns)


def _still_comes(row: Arrival) -> bool:
    """Return whether nothing of it is stored yet."""
    return row.state not in OVER and not row.members


def _arrival(watch: Watch, place: str, one: _Seen, uow: UnitOfWork) -> Arrival:
    return Arrival(
        channel=CHANNEL,
        place=place,
        name=shown_name(str(one.path.relative_to(watch.folder))),
        size=one.size,
        mtime_ns=one.mtime_ns,
        by_number=watch.by_number,
        sender=uow.actor.name,
        branch_ids=None,
        seen_at=uow.clock.now(),
        message="",
    )


def _gone(uow: UnitOfWork, row: Arrival) -> None:
    """A file that went before it was taken never came; one that was taken is put aside."""
    if _still_comes(row):
        uow.session.delete(row)
    else:
        row.removed = True
        if row.state == "ready":  # a zip of which a part is stored
            row.state, row.message = "failed", CHANGED


def _batch(uow: UnitOfWork, watch: Watch, *, opened: bool) -> int | None:
    """Return the delivery that is open for this folder; open one where something rests."""
    place = str(watch.folder)
    found = uow.session.scalar(
        select(IntakeBatch.id)
        .where(
            IntakeBatch.source == CHANNEL,
            IntakeBatch.place == place,
            IntakeBatch.closed_at.is_(None),
        )
        .order_by(IntakeBatch.id.desc())
        .limit(1)
    )
    if found is None and opened:
        batch = service.open_batch(uow, OpenBatch(source=CHANNEL))
        batch.place = place
        return batch.id
    return found


def _expect(uow: UnitOfWork, batch_id: int) -> None:
    batch = uow.session.get_one(IntakeBatch, batch_id)
    batch.expected = uow.session.scalar(
        select(func.count()).select_from(Arrival).where(Arrival.batch_id == batch_id)
    )


def _count(uow: UnitOfWork, *states: str) -> int:
    return (
        uow.session.scalar(
            select(func.count())
            .select_from(Arrival)
            .where(
                Arrival.channel == CHANNEL,
                Arrival.removed.is_(False),
                Arrival.state.in_(states),
            )
        )
        or 0
    )


def _homes(uow: UnitOfWork) -> dict[str, int]:
    """Return the branches by code and by name: a folder of theirs tells whose inbox it is."""
    homes: dict[str, int] = {}
    for row in branches.tree(uow.session, only=uow.actor.branch_ids):
        homes[row.code] = homes[row.name] = row.id
    return homes


def _take(
    system: System, actor: Actor, watch: Watch, batch_id: int, homes: dict[str, int]
) -> None:
    with system.unit_of_work(actor) as uow:
        numbers = numbers_of(uow) if watch.by_number else None
        rows = uow.session.scalars(
            select(Arrival)
            .where(
                Arrival.channel == CHANNEL,
                Arrival.batch_id == batch_id,
                Arrival.state == "ready",
            )
            .order_by(Arrival.id)
        ).all()
        dues = [
            Due(
                id=row.id,
                path=path_of(watch.folder, row.place),
                name=row.name,
                members=row.members,
                by_number=row.by_number,
                home=homes.get(Path(row.name).parts[0]) if "/" in row.name else None,
            )
            for row in rows
        ]

    def stored(ids: list[int]) -> None:
        with system.unit_of_work(actor) as uow:
            done = uow.session.scalars(
                select(Arrival).where(Arrival.id.in_(ids)).order_by(Arrival.id)
            ).all()
        _put_aside(system, actor, watch, list(done))

    take(system, actor, batch_id, dues, numbers=numbers, stored=stored)


def path_of(folder: Path, place: str) -> Path:
    """Return the file of a place; the opposite of `place_of`."""
    return folder / os.fsdecode(_unquoted(place))


def _unquoted(place: str) -> bytes:
    head, *rest = place.encode("ascii").split(b"%")
    return head + b"".join(bytes([int(part[:2], 16)]) + part[2:] for part in rest)


def _put_aside(system: System, actor: Actor, watch: Watch, rows: list[Arrival]) -> None:
    """Move the originals of what is stored; safe at every line: a look does the rest."""
    if watch.after != MOVE or not rows:
        return
    moved = []
    for row in rows:
        path = path_of(watch.folder, row.place)
        kept = watch.folder / (TAKEN if row.state == "taken" else FAILED)
        target = _free(kept / f"{row.batch_id or 0:06d}" / path.relative_to(watch.folder))
        target.parent.mkdir(parents=True, exist_ok=True)
        try:
            path.rename(target)
        except FileNotFoundError:
            pass  # moved by a run that was stopped, or by a person
        except OSError:
            continue  # stays listed as taken and is tried again at the next look
        moved.append(row.id)
    if moved:
        with system.unit_of_work(actor) as uow:
            uow.session.execute(
                update(Arrival).where(Arrival.id.in_(moved)).values(removed=True)
            )


def _free(target: Path) -> Path:
    """Return the path, or one beside it where something stands there: nothing is replaced."""
    number, free = 1, target
    while free.exists() or free.is_symlink():
        number += 1
        free = target.with_name(f"{target.stem}-{number}{target.suffix}")
    return free


def watch_of(settings: Settings) -> Watch | None:
    """Return what the installation watches, None where nothing is set."""
    if not settings.watch_folder:
        return None
    return Watch(
        folder=Path(settings.watch_folder),
        after=settings.watch_after,
        quiet_s=settings.watch_quiet_s,
    )
