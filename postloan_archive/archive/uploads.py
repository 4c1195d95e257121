"""Files that a browser sends: kept under a number, unpacked, stored; a worker reads them."""

import shutil
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import BinaryIO

from postloan_archive.archive.incoming.taking import by_number as told_by_number
from postloan_archive.archive.incoming.taking import numbers_of
from postloan_archive.archive.intake import Source, expand_file, store_sources
from postloan_archive.archive.rules.filing import check_item
from postloan_archive.kernel.actor import Actor
from postloan_archive.kernel.errors import RuleError, _l
from postloan_archive.loans import queries as loans
from postloan_archive.uow import System


class NothingSentError(RuleError):
    """The form came without a file."""

    field = "files"
    next_step = _l("请选择文件、文件夹或压缩包后再上传。")

    def __init__(self) -> None:
        super().__init__(_l("没有收到文件。"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """One file of a form: the name it was given, with the folder it lay in, and its bytes."""

    name: str
    stream: BinaryIO


def take_upload(
    system: System,
    actor: Actor,
    files: Iterable[Sent],
    *,
    loan_no: str = "",
    item_code: str = "",
    channel: str = "upload",
    by_number: bool = False,
) -> int:
    """Store the files and the members of zips; return the id of the batch.

    Args:
        system: where to.
        actor: who sends them.
        files: read once, in order.
        loan_no: the loan file; empty: they wait in the inbox for one.
        item_code: the slot they were dropped on; empty: guessed from each name.
        channel: how they came.
        by_number: the archive, loan or contract number in a name tells the loan file.

    Raises:
        LoanNotFoundError: no such loan for this actor; nothing is stored.
        UnknownItemError: the item code is not in the catalogue; nothing is stored.
        NothingSentError: there is no file.
    """
    code = check_item(item_code) if item_code else None
    if loan_no:
        with system.unit_of_work(actor) as uow:
            loan_no = loans.get_loan(uow, loan_no).loan_no
    with ExitStack() as kept:
        folder = Path(kept.enter_context(TemporaryDirectory(prefix="postloan-upload-")))
        spooled = [
            (sent.name, _spool(sent.stream, folder / str(number)))
            for number, sent in enumerate(files)
        ]
        if not spooled:
            raise NothingSentError
        sources = _sources(spooled, kept, loan_no, code)
        if by_number and not loan_no:
            with system.unit_of_work(actor) as uow:
                numbers = numbers_of(uow)
            sources = (told_by_number(source, numbers) for source in sources)
        return store_sources(system, actor, sources, channel=channel)


def _sources(
    spooled: Iterable[tuple[str, Path]], kept: ExitStack, loan_no: str, code: str | None
) -> Iterator[Source]:
    for name, path in spooled:
        for source in expand_file(path, name, kept):
            yield replace(source, loan_no=loan_no, item_code=code)


def _spool(stream: BinaryIO, path: Path) -> Path:
    with path.open("wb") as out:
        shutil.copyfileobj(stream, out, 1 << 20)
    return path
