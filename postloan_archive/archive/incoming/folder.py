"""The watched folder: look, wait until a file rests, take it in, put the original aside.

What this needs to know after a stop stands in `arrivals`; a look after a kill at any moment
goes on where the last commit was, and no file is taken in twice or forgotten.
"""

import fcntl
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Final

from sqlalchemy import func, select, update

from postloan_archive.access import branches
from postloan_archive.archive import service
from postloan_archive.archive.incoming.listing import (
    FAILED,
    TAKEN,
    Blind,
    Seen,
    files_of,
    path_of,
    place_of,
)
from postloan_archive.archive.incoming.models import Arrival
from postloan_archive.archive.incoming.taking import Due, numbers_of, rewritten, take_or_name
from postloan_archive.archive.models import IntakeBatch
from postloan_archive.archive.rules.names import shown_name
from postloan_archive.archive.service import OpenBatch
from postloan_archive.config import Settings
from postloan_archive.kernel.actor import Actor
from postloan_archive.kernel.errors import ConflictError, RuleError, _l
from postloan_archive.uow import System, UnitOfWork

CHANNEL: Final = "folder"
OVER: Final = frozenset({"taken", "failed"})  # states of an arrival
MOVE: Final = "move"
LEAVE: Final = "leave"
CHANGED: Final = _l("收取到一半时文件被移走或改写，其余成员未收取。")
UNREADABLE: Final = _l("文件夹“{folder}”无法读取（{reason}），其中的文件未收取。")
LOCK: Final = "watch.lock"
MOST_NAMED: Final = 5  # unreadable folders in one sentence


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


class UnreadableFolderError(RuleError):
    """Folders inside the watched one could not be listed; the files of all others are taken."""

    field = "watch_folder"
    next_step = _l("请核对这些文件夹的权限或挂载。")

    def __init__(self, sentences: tuple[str, ...]) -> None:
        super().__init__(
            _l("有 {count} 个文件夹未能收取：{sentences}"),
            count=len(sentences),
            sentences="".join(sentences[:MOST_NAMED]),
        )


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
    unreadable: tuple[str, ...] = ()  # folders that could not be listed, a sentence each


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
    seen: dict[str, Seen] = {}
    blind: list[Blind] = []
    for one in files_of(watch.folder):
        if isinstance(one, Blind):
            blind.append(one)
        else:
            seen[place_of(one.path, watch.folder)] = one
    hidden = tuple(f"{place_of(one.path, watch.folder)}/" for one in blind)
    with system.unit_of_work(actor) as uow:
        ready, aside = _note(uow, watch, seen, hidden)
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
    return Looked(
        batch_id=batch_id,
        taken=len(ready),
        coming=coming,
        unreadable=tuple(
            UNREADABLE.format(
                folder=shown_name(str(one.path.relative_to(watch.folder))), reason=one.reason
            )
            for one in blind
        ),
    )


def _note(
    uow: UnitOfWork, watch: Watch, seen: dict[str, Seen], hidden: tuple[str, ...]
) -> tuple[list[int], list[Arrival]]:
    """Bring the rows up to what is there; return what rests, and what is to be put aside.

    What lies in a `hidden` place is left as it is: nobody knows whether it is still there.
    """
    now = uow.clock.now()
    rested = now - timedelta(seconds=watch.quiet_s)
    rows = uow.session.scalars(
        select(Arrival)
        .where(Arrival.channel == CHANNEL, Arrival.removed.is_(False))
        .order_by(Arrival.id)
    )
    known = {row.place: row for row in rows}
    for place in known.keys() - seen.keys() - {one for one in known if one.startswith(hidden)}:
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
        else:
            row.seen_at = min(row.seen_at, now)  # the clock was set back: the rest begins anew
    uow.session.add_all(fresh)
    if not watch.quiet_s:
        ready += fresh
    for row in ready:
        row.state = "ready"
    uow.session.flush()  # what is ready is taken by its id
    return [row.id for row in ready], aside


def _same(row: Arrival, one: Seen) -> bool:
    return (row.size, row.mtime_ns) == (one.size, one.mtime_ns)


def _still_comes(row: Arrival) -> bool:
    """Return whether nothing of it is stored yet."""
    return row.state not in OVER and not row.members


def _arrival(watch: Watch, place: str, one: Seen, uow: UnitOfWork) -> Arrival:
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
                stamp=(row.size, row.mtime_ns),
            )
            for row in rows
        ]

    def stored(ids: list[int]) -> None:
        with system.unit_of_work(actor) as uow:
            done = uow.session.scalars(
                select(Arrival).where(Arrival.id.in_(ids)).order_by(Arrival.id)
            ).all()
        _put_aside(system, actor, watch, list(done))

    take_or_name(system, actor, batch_id, dues, numbers=numbers, stored=stored)


def _put_aside(system: System, actor: Actor, watch: Watch, rows: list[Arrival]) -> None:
    """Move the originals of what is stored; safe at every line: a look does the rest.

    A file that was written to since it was seen is not what was stored: it stays where it is,
    and the next look takes it for one of its own.
    """
    if watch.after != MOVE or not rows:
        return
    moved = []
    for row in rows:
        path = path_of(watch.folder, row.place)
        if rewritten(path, (row.size, row.mtime_ns)):
            continue
        kept = watch.folder / (TAKEN if row.state == "taken" else FAILED)
        target = _free(kept / f"{row.batch_id or 0:06d}" / path.relative_to(watch.folder))
        target.parent.mkdir(parents=True, exist_ok=True)
        try:
            path.rename(target)
            if rewritten(target, (row.size, row.mtime_ns)) and not path.exists():
                target.rename(path)  # somebody was still writing
                continue
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
