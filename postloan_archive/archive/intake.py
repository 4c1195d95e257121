"""Taking in many files at once: files, folders and zips, in groups, with a line per file."""

import errno
import os
import stat
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import date
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import BinaryIO, Final

from sqlalchemy import func, select

from postloan_archive.archive import inbox, service
from postloan_archive.archive.models import Document, IntakeFile
from postloan_archive.archive.rules.filing import check_item
from postloan_archive.archive.service import OpenBatch, ReceiveFile
from postloan_archive.jobs import JobRunner
from postloan_archive.kernel.actor import Actor
from postloan_archive.loans import queries as loans
from postloan_archive.reading import Limits, State, is_archive, unpack
from postloan_archive.uow import System, UnitOfWork

PATIENCE_S: Final = 120.0  # for a job that another worker has taken
GROUP: Final = 32  # files a transaction: their bytes are safe before, their rows together


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A file to take in, or the reason why it cannot be had.

    `name` is the one to show, with the folder or archive it came from.
    """

    name: str
    path: Path | None
    state: State = State.STORED
    message: str = ""
    loan_no: str | None = None  # None: that of the delivery
    item_code: str | None = None  # None: that of the delivery, else guessed
    title: str | None = None
    doc_date: date | None = None
    unmatched: str = ""  # why its name does not tell the loan file, Chinese
    follow: bool = True  # False: a link that somebody put there meanwhile is not followed
    unpacked: bool = False  # lies in a folder of ours; to be removed once it is stored


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What became of one file, as `postloan ingest --json` prints it."""

    path: str
    state: str
    loan_no: str
    document_id: int | None
    sha256: str
    pages: int
    chars: int
    ocr_pages: int
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """What is to be taken in, and where it belongs."""

    paths: tuple[Path, ...]
    loan_no: str
    item_code: str | None = None
    source: str = "cli"


def take_in(
    system: System,
    actor: Actor,
    delivery: Delivery,
    runner: JobRunner,
    report: Callable[[Taken], None],
) -> dict[str, int]:
    """Take in files, folders and zips; call `report` once for each file; return the receipt.

    Bytes and rows of a group are safe before its reading starts. A stop at any moment loses
    nothing that was reported and leaves jobs that any worker goes on with.

    Raises:
        LoanNotFoundError: no such loan for this actor; nothing is stored.
        UnknownItemError: the item code is not in the catalogue; nothing is stored.
    """
    with system.unit_of_work(actor) as uow:
        loans.get_loan(uow, delivery.loan_no)
        if delivery.item_code:
            check_item(delivery.item_code)
    with ExitStack() as unpacking:
        sources = (
            replace(source, loan_no=delivery.loan_no, item_code=delivery.item_code)
            for source in expand(delivery.paths, unpacking)
        )
        return take_in_sources(system, actor, sources, runner, report, channel=delivery.source)


def take_in_sources(
    system: System,
    actor: Actor,
    sources: Iterator[Source],
    runner: JobRunner,
    report: Callable[[Taken], None],
    *,
    channel: str,
) -> dict[str, int]:
    """Take in sources that each know their loan file; otherwise like `take_in`."""
    with system.unit_of_work(actor) as uow:
        batch_id = service.open_batch(uow, OpenBatch(source=channel)).id
    while group := list(islice(sources, GROUP)):
        ids = _store_group(system, actor, batch_id, group)
        _finish_reading(system, actor, runner, ids)
        for taken in _outcomes(system, actor, ids):
            report(taken)
    with system.unit_of_work(actor) as uow:
        return service.close_batch(uow, batch_id)


def store_sources(
    system: System, actor: Actor, sources: Iterator[Source], *, channel: str
) -> int:
    """Store sources and leave their reading to the workers; return the id of the batch."""
    with system.unit_of_work(actor) as uow:
        batch_id = service.open_batch(uow, OpenBatch(source=channel)).id
    while group := list(islice(sources, GROUP)):
        _store_group(system, actor, batch_id, group)
    with system.unit_of_work(actor) as uow:
        service.close_batch(uow, batch_id)
    return batch_id


def expand(paths: Iterable[Path], unpacking: ExitStack) -> Iterator[Source]:
    """Yield the files behind the paths: a folder gives its files, a zip its members.

    A zip of which a member cannot be had is yielded itself as well, so that nothing is lost.

    Args:
        paths: files, folders and zips; what does not exist or is no file is yielded as damaged.
        unpacking: keeps what zips are unpacked to until the caller is done.
    """
    for path in paths:
        if path.is_dir():
            for file in sorted(found for found in path.rglob("*") if not found.is_dir()):
                name = str(Path(path.name) / file.relative_to(path))
                yield from expand_file(file, name, unpacking)
        else:
            yield from expand_file(path, str(path), unpacking)


def expand_file(
    path: Path,
    name: str,
    unpacking: ExitStack,
    *,
    limits: Limits | None = None,
) -> Iterator[Source]:
    """Yield one file under the name to show, or the members where it is a zip.

    Args:
        path: the file.
        name: to show.
        unpacking: keeps what a zip is unpacked to until the caller is done.
        limits: what a zip may cost; those of a single document unless given.
    """
    try:
        kind = path.stat().st_mode
    except OSError as error:  # nothing there, a link to nowhere, a folder that is not ours
        reason = _reason_of(error)
        yield Source(name=name, path=None, state=State.DAMAGED, message=reason)
        return
    if not stat.S_ISREG(kind):  # a pipe
        yield Source(name=name, path=None, state=State.DAMAGED, message=service.NOT_A_FILE)
        return
    try:
        packed = is_archive(path, name)
    except OSError:
        packed = False  # opening it again says why
    if not packed:
        yield Source(name=name, path=path)
        return
    kept = Path(unpacking.enter_context(TemporaryDirectory(prefix="postloan-zip-")))
    members = lost = 0
    for member in unpack(path, limits=limits or Limits()):
        if not member.name and member.path is None:  # the whole is refused; reading says why
            yield Source(name=name, path=path)
            return
        members += 1
        own = None
        if member.path is not None:
            own = kept / str(members)
            member.path.rename(own)
        else:
            lost += 1
        yield Source(
            name=f"{name}/{member.name}",
            path=own,
            state=member.state,
            message=member.error,
            unpacked=own is not None,
        )
    if lost or not members:  # a file is never refused because it cannot be read
        yield Source(name=name, path=path)


def _reason_of(error: OSError) -> str:
    if isinstance(error, FileNotFoundError | NotADirectoryError):
        return service.NO_SUCH_FILE
    return service.NOT_READABLE.format(reason=error.strerror or str(error))


def _store_group(system: System, actor: Actor, batch_id: int, group: list[Source]) -> list[int]:
    with system.unit_of_work(actor) as uow:
        return [row.id for row in store_group(uow, batch_id, group)]


def store_group(uow: UnitOfWork, batch_id: int, group: Iterable[Source]) -> list[IntakeFile]:
    """Store the sources in one transaction, with the job that reads them."""
    rows: list[IntakeFile] = []
    unread: list[int] = []  # a duplicate, too, where a killed intake or a failed job left it
    for source in group:
        row = store_source(uow, batch_id, source)
        rows.append(row)
        if row.document_id is not None:
            document = uow.session.get_one(Document, row.document_id)
            if document.read_at is None and document.id not in unread:
                unread.append(document.id)
    if unread:
        uow.enqueue("read_documents", unread)
    return rows


def store_source(uow: UnitOfWork, batch_id: int, source: Source) -> IntakeFile:
    """Store one file of a batch, or note why it cannot be had."""
    if source.path is not None:
        return _receive(uow, batch_id, source, source.path)
    return service.note_failed_member(
        uow,
        batch_id=batch_id,
        loan_no=source.loan_no or "",
        name=source.name,
        state=str(source.state),
        message=source.message,
    )


def _receive(uow: UnitOfWork, batch_id: int, source: Source, path: Path) -> IntakeFile:
    """Store one file; where it cannot be read to its end, say so and go on with the rest."""
    try:
        with _opened(source, path) as stream:
            if not source.loan_no:
                return inbox.receive_waiting(
                    uow,
                    batch_id=batch_id,
                    name=source.name,
                    stream=stream,
                    item_code=source.item_code or "",
                    unmatched=source.unmatched,
                )
            return service.receive_file(
                uow,
                ReceiveFile(
                    batch_id=batch_id,
                    loan_no=source.loan_no or "",
                    name=source.name,
                    stream=stream,
                    item_code=source.item_code,
                    title=source.title,
                    doc_date=source.doc_date,
                ),
            )
    except OSError as error:
        return service.note_failed_member(
            uow,
            batch_id=batch_id,
            loan_no=source.loan_no or "",
            name=source.name,
            state=str(State.DAMAGED),
            message=service.NOT_READABLE.format(reason=error.strerror or str(error)),
        )


def _opened(source: Source, path: Path) -> BinaryIO:
    """Open an ordinary file; what became a link or a pipe since it was seen is refused."""
    no_link = 0 if source.follow else os.O_NOFOLLOW
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | no_link)
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise OSError(errno.EINVAL, os.strerror(errno.EINVAL), path.name)
    return os.fdopen(descriptor, "rb")


def _finish_reading(
    system: System, actor: Actor, runner: JobRunner, intake_ids: list[int]
) -> None:
    """Do the waiting jobs; wait for those that another worker has taken."""
    until = time.monotonic() + PATIENCE_S
    unread = (
        select(func.count())
        .select_from(IntakeFile)
        .join(Document, Document.id == IntakeFile.document_id)
        .where(IntakeFile.id.in_(intake_ids), Document.read_at.is_(None))
    )
    while time.monotonic() < until:
        with system.unit_of_work(actor) as uow:
            if not uow.session.scalar(unread):
                return
        if not runner.run_until_empty():
            time.sleep(0.2)


def _outcomes(system: System, actor: Actor, ids: list[int]) -> Iterator[Taken]:
    with system.unit_of_work(actor) as uow:
        rows = uow.session.execute(
            select(IntakeFile, Document)
            .join(Document, Document.id == IntakeFile.document_id, isouter=True)
            .where(IntakeFile.id.in_(ids))
            .order_by(IntakeFile.id)
        ).all()
        for file, document in rows:
            if file.state == "stored" and document is not None:
                file.state, file.message = document.state, document.message
            yield Taken(
                path=file.name,
                state=file.state,
                loan_no=file.loan_no,
                document_id=file.document_id,
                sha256=file.sha256,
                pages=document.page_count if document else 0,
                chars=document.char_count if document else 0,
                ocr_pages=document.ocr_pages if document else 0,
                message=file.message,
            )
