"""Writing an export that was asked for: each loan file as BagIt, in one zip kept for days."""

import hashlib
import re
import shutil
import zipfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Final

from sqlalchemy import select

from postloan_archive.admin.checkpointing import make_checkpoint
from postloan_archive.admin.export_errors import FilesChangedError
from postloan_archive.admin.exporting import FOLDER, JOB, check_unchanged, zip_of
from postloan_archive.admin.file_export import Exported, export_loan
from postloan_archive.admin.models import FileExport
from postloan_archive.jobs import Handler, JobContext, Periodic
from postloan_archive.kernel.actor import Actor
from postloan_archive.kernel.errors import _l
from postloan_archive.uow import System
from postloan_archive.vault import OutOfSpaceError

CLEAR: Final = "clear_exports"
KEPT: Final = timedelta(days=7)
RESERVE: Final = 1024**3  # bytes left free beside the copies
UNFIT: Final = re.compile(r"[^\w.-]+")
PROGRAM: Final = Actor.program("job")
PERIODIC: Final = (Periodic(kind=CLEAR, every=timedelta(days=1), offset=timedelta(hours=4)),)
Report = Callable[[int, int], None]


def handlers(system: System) -> dict[str, Handler]:
    """Return the jobs that write an export and that clear old ones away."""

    def run(context: JobContext) -> None:
        number = context.args[0]
        assert isinstance(number, int)
        try:
            write(
                system,
                number,
                lambda done, total: context.progress(done, total, _l("正在导出")),
            )
        except FilesChangedError as error:  # trying again gives the same answer
            refuse(system, number, str(error))

    def clear(_context: JobContext) -> None:
        clear_old(system)

    return {JOB: run, CLEAR: clear}


def write(system: System, number: int, report: Report | None = None) -> None:
    """Write every loan file of a running export into one zip; begins anew after a stop.

    Raises:
        FilesChangedError: a paper changed after the request, or while it was copied.
        OutOfSpaceError: the volume is too full for it.
    """
    with system.look(PROGRAM) as uow:
        row = uow.session.get_one(FileExport, number)
        if row.state != "running":
            return
        check_unchanged(uow, row)
        numbers = [str(line["loan_no"]) for line in row.lines]
        asked = {
            "export_no": row.export_no,
            "asked_by": row.asked_by,
            "approved_by": row.decided_by,
            "recipient": row.recipient,
        }
        size = sum(int(line["size"]) for line in row.lines)
    data = system.settings.data
    bags = part_of(data, number)
    shutil.rmtree(bags, ignore_errors=True)
    bags.mkdir(parents=True)
    free = shutil.disk_usage(bags).free
    if free < 2 * size + RESERVE:
        raise OutOfSpaceError(free=free, reserve=2 * size + RESERVE)
    target = zip_of(data, number)
    try:
        done = []
        for at, loan_no in enumerate(numbers):
            if report is not None:
                report(at, len(numbers))
            folder = bags / f"{at + 1:03d}"
            done.append(export_loan(system, PROGRAM, loan_no, folder, asked=asked))
        make_checkpoint(system, PROGRAM)  # the head that the proofs rest on leaves the machine
        _pack(bags, target, numbers)
        with target.open("rb") as stream:
            zip_digest = hashlib.file_digest(stream, "sha256").hexdigest()
        _finish(system, number, done, target.stat().st_size, zip_digest)
    except BaseException:
        target.unlink(missing_ok=True)
        raise
    finally:
        shutil.rmtree(bags, ignore_errors=True)


def _finish(
    system: System, number: int, done: list[Exported], size: int, zip_digest: str
) -> None:
    with system.unit_of_work(PROGRAM) as uow:
        row = uow.session.get_one(FileExport, number)
        check_unchanged(uow, row)  # destroyed or replaced while it was copied: nothing leaves
        row.lines = [
            line
            | {
                "files": one.files,
                "proven": one.lines,
                "manifest": one.manifest_sha256,
                "problems": list(one.problems),
            }
            for line, one in zip(row.lines, done, strict=True)
        ]
        row.state, row.size, row.zip_digest = "done", size, zip_digest
        row.finished_at = uow.clock.now()
        uow.record(
            "archive.export_written",
            f"file_export:{row.id}",
            export_no=row.export_no,
            zip_sha256=zip_digest,
            size=size,
            problems=sum(len(one.problems) for one in done),
        )


def refuse(system: System, number: int, why: str) -> None:
    """Send the export back: what was asked for is no longer there."""
    with system.unit_of_work(PROGRAM) as uow:
        row = uow.session.get_one(FileExport, number)
        row.state, row.note = "refused", why
        uow.record(
            "archive.export_refused",
            f"file_export:{row.id}",
            export_no=row.export_no,
            digest=row.digest,
            note=why,
        )


def clear_old(system: System) -> int:
    """Remove the zips that lay longer than they are kept; the records stay."""
    with system.look(PROGRAM) as uow:
        limit = uow.clock.now() - KEPT
        old = list(
            uow.session.scalars(
                select(FileExport.id)
                .where(FileExport.state == "done", FileExport.finished_at < limit)
                .order_by(FileExport.id)
            )
        )
    for number in old:
        clear_one(system, number)
    return len(old)


def clear_of_loan(system: System, loan_no: str) -> int:
    """Remove every copy that holds the loan file, for it was destroyed; return how many.

    What a killed worker left half written goes as well; one that still writes finds its folder
    gone, tries again and is refused, because the papers are others now.
    """
    with system.look(PROGRAM) as uow:
        rows = uow.session.scalars(
            select(FileExport)
            .where(FileExport.state.in_(("done", "running")))
            .order_by(FileExport.id)
        )
        holding = [
            (row.id, row.state)
            for row in rows
            if any(line["loan_no"] == loan_no for line in row.lines)
        ]
    for number, state in holding:
        if state == "done":
            clear_one(system, number)
        else:
            shutil.rmtree(part_of(system.settings.data, number), ignore_errors=True)
            zip_of(system.settings.data, number).unlink(missing_ok=True)
    return len(holding)


def part_of(data: Path, number: int) -> Path:
    """Return where an export is written before it is packed."""
    return data / FOLDER / f"{number}.part"


def clear_one(system: System, number: int) -> None:
    """Remove the zip of an export and say so; the record stays."""
    zip_of(system.settings.data, number).unlink(missing_ok=True)
    with system.unit_of_work(PROGRAM) as uow:
        row = uow.session.get_one(FileExport, number)
        row.state = "cleared"
        uow.record("archive.export_cleared", f"file_export:{row.id}", export_no=row.export_no)


def _pack(bags: Path, target: Path, numbers: list[str]) -> None:
    """Put the bags into one zip, each in a folder of its number; the papers as they are."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED, allowZip64=True) as archive:
        for at, loan_no in enumerate(numbers, start=1):
            root = bags / f"{at:03d}"
            for path in sorted(root.rglob("*")):
                if path.is_file():
                    folder = f"{at:03d}-{UNFIT.sub('_', loan_no)}"
                    archive.write(path, f"{folder}/{path.relative_to(root).as_posix()}")
