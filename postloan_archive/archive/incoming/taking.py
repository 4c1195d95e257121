"""From arrivals to stored files: in groups, each with how far it is; a stop loses nothing."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import structlog
from sqlalchemy.exc import OperationalError

from postloan_archive.archive.incoming.models import Arrival
from postloan_archive.archive.intake import GROUP, Source, expand_file, store_group
from postloan_archive.archive.rules.clues import Known
from postloan_archive.archive.rules.file_numbers import Numbers, rest_of
from postloan_archive.archive.rules.filing import title_of
from postloan_archive.config import Settings
from postloan_archive.kernel.actor import Actor
from postloan_archive.kernel.errors import PostloanError, _l
from postloan_archive.loans.headings import identities
from postloan_archive.reading import Limits, State
from postloan_archive.uow import System, UnitOfWork

log = structlog.get_logger(__name__)
NO_FAULT_OF_A_FILE: Final = (PostloanError, OperationalError, OSError)
MEBIBYTE: Final = 1_048_576
ENTRIES: Final = 100_000  # members of one zip of papers
UNPACKING_S: Final = 3_600  # seconds for one zip, storing included
LINK: Final = _l("是符号链接，未收取；请放入文件本身。")
BROKEN: Final = _l("收取时发生意外错误，未收取；请系统管理员查看日志。")
REWRITTEN: Final = _l("收取时文件正被改写，已存入的是当时读到的内容；改写后的文件另行收取。")


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """An arrival whose bytes are all there."""

    id: int
    path: Path
    name: str
    members: int = 0  # stored by a run that was stopped
    loan_no: str = ""
    item_code: str = ""
    by_number: bool = False
    home: int | None = None  # branch in whose inbox it waits
    stamp: tuple[int, int] | None = None  # size and time of the last change when it rested


def numbers_of(uow: UnitOfWork) -> Numbers:
    """Return the numbers of all loan files that the actor may see."""
    return Numbers(Known(*one) for one in identities(uow))


def zip_limits(settings: Settings) -> Limits:
    """Return what a zip of papers may cost: far more than a single document."""
    most = settings.zip_max_mb * MEBIBYTE
    return Limits(
        wall_s=UNPACKING_S,
        cpu_s=UNPACKING_S,
        memory_mb=settings.reading_memory_mb,
        file_bytes=most,
        unpacked_bytes=most,
        entries=ENTRIES,
    )


def take(
    system: System,
    actor: Actor,
    batch_id: int,
    dues: Iterable[Due],
    *,
    numbers: Numbers | None = None,
    stored: Callable[[list[int]], None] = lambda _ids: None,
) -> None:
    """Store the files, the members of zips one by one.

    Args:
        system: where to.
        actor: who sends them.
        batch_id: their delivery.
        dues: what is there.
        numbers: tells the loan file by the name, for those that are to be told so.
        stored: called after a commit with the arrivals that are stored to their end.
    """
    group: list[tuple[Due, Source]] = []
    over: list[Due] = []

    def flush() -> None:
        done = [due.id for due in over]
        _store(system, actor, batch_id, group, over)
        for _, source in group:
            if source.unpacked and source.path is not None:
                source.path.unlink(missing_ok=True)
        group.clear()
        over.clear()
        stored(done)

    for due in dues:
        with ExitStack() as unpacking:
            count = 0
            for source in _sources(system, due, numbers, unpacking):
                count += 1
                if count <= due.members:
                    continue  # the run that was stopped has stored it
                group.append((due, source))
                if len(group) >= GROUP:
                    flush()
            over.append(due)
            if any(source.unpacked for _, source in group):
                flush()  # before what was unpacked goes
    if group or over:
        flush()


def take_or_name(
    system: System,
    actor: Actor,
    batch_id: int,
    dues: Sequence[Due],
    *,
    numbers: Numbers | None,
    stored: Callable[[list[int]], None],
) -> None:
    """Store files as `take` does; one that breaks the storing is named, the others go on.

    What is no fault of a file ends it as before: no room, a busy or a missing database.
    """
    try:
        take(system, actor, batch_id, dues, numbers=numbers, stored=stored)
    except NO_FAULT_OF_A_FILE:
        raise
    except Exception:
        log.exception("group_not_taken", batch=batch_id)
    else:
        return
    for due in dues:
        with system.look(actor) as uow:
            row = uow.session.get_one(Arrival, due.id)
            left, members = row.state == "ready", row.members
        if not left:
            continue
        try:
            one = [replace(due, members=members)]
            take(system, actor, batch_id, one, numbers=numbers, stored=stored)
        except NO_FAULT_OF_A_FILE:
            raise
        except Exception:
            log.exception("file_not_taken", batch=batch_id, arrival=due.id)
            with system.unit_of_work(actor) as uow:
                row = uow.session.get_one(Arrival, due.id)
                row.state, row.message, row.taken_at = "failed", BROKEN, uow.clock.now()
                row.attempts += 1
            stored([due.id])


def rewritten(path: Path, stamp: tuple[int, int]) -> bool:
    """Return whether a file that is there has another size or time than when it rested."""
    try:
        facts = path.lstat()
    except OSError:
        return False
    return (facts.st_size, facts.st_mtime_ns) != stamp


def _sources(
    system: System, due: Due, numbers: Numbers | None, unpacking: ExitStack
) -> Iterator[Source]:
    if due.path.is_symlink():  # never followed: it may lead anywhere
        yield Source(name=due.name, path=None, state=State.DAMAGED, message=LINK)
        return
    limits = zip_limits(system.settings)
    for source in expand_file(due.path, due.name, unpacking, limits=limits):
        own = replace(
            source, loan_no=due.loan_no, item_code=due.item_code or None, follow=False
        )
        if due.by_number and not due.loan_no and numbers is not None:
            own = by_number(own, numbers)
        yield own


def by_number(source: Source, numbers: Numbers) -> Source:
    """Return the source with the loan file that its name tells, or with the reason why none."""
    named = numbers.find(source.name)
    if not named.loan_no:
        return replace(source, unmatched=named.reason)
    rest = rest_of(source.name, named.numbers)
    return replace(source, loan_no=named.loan_no, title=title_of(rest) if _says(rest) else None)


def _says(rest: str) -> bool:
    """Return whether anything but an ending is left of a name."""
    return bool(Path(rest).stem) and not rest.startswith(".")


def _store(
    system: System,
    actor: Actor,
    batch_id: int,
    group: list[tuple[Due, Source]],
    over: list[Due],
) -> None:
    """Store a group and say how far its arrivals are, in one transaction."""
    with system.unit_of_work(actor) as uow:
        rows = store_group(uow, batch_id, (source for _, source in group))
        changed = {due.id for due in over if due.stamp and rewritten(due.path, due.stamp)}
        for (due, source), row in zip(group, rows, strict=True):
            arrival = uow.session.get_one(Arrival, due.id)
            arrival.members += 1
            if due.home is not None and not row.loan_no:
                row.branch_id = due.home
            if not row.sha256 and source.name == due.name:
                arrival.message = row.message
        now = uow.clock.now()
        for arrival_id in (due.id for due in over):
            arrival = uow.session.get_one(Arrival, arrival_id)
            if arrival_id in changed and not arrival.message:
                arrival.message = REWRITTEN
            arrival.state = "failed" if arrival.message else "taken"
            arrival.taken_at = now
            arrival.attempts += 1
