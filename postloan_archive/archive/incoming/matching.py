"""Once more by the name: after the ledger was imported, or a number was put right."""

from typing import Any, Final

from sqlalchemy import select

from postloan_archive.archive import inbox, inbox_list
from postloan_archive.archive.errors import BatchNotFoundError
from postloan_archive.archive.inbox import FileIt
from postloan_archive.archive.incoming.taking import numbers_of
from postloan_archive.archive.models import IntakeBatch, IntakeFile
from postloan_archive.archive.rules.file_numbers import rest_of
from postloan_archive.archive.rules.filing import UNSORTED, title_of
from postloan_archive.jobs import Job, JobContext
from postloan_archive.kernel.actor import Actor
from postloan_archive.kernel.errors import PostloanError, _l
from postloan_archive.uow import System, UnitOfWork

KIND: Final = "match_names"
GROUP: Final = 50  # files a transaction
SAID: Final = _l("{count} 个文件按文件名归入案卷，{left} 个仍未对上")


def match_again(uow: UnitOfWork, batch_id: int) -> Job:
    """Let a worker look once more which loan files the names of a delivery name.

    Raises:
        BatchNotFoundError: no such delivery.
    """
    if uow.session.get(IntakeBatch, batch_id) is None:
        raise BatchNotFoundError(batch_id=batch_id)
    ids = None if uow.actor.branch_ids is None else sorted(uow.actor.branch_ids)
    kinds = None if uow.actor.categories is None else sorted(uow.actor.categories)
    uow.record("archive.names_matched_again", f"intake_batch:{batch_id}")
    return uow.enqueue(KIND, batch_id, uow.actor.name, ids, kinds)


def match_names(system: System, context: JobContext) -> None:
    """File what names a loan file by now; only what the person who asked may see."""
    batch_id, name, ids, kinds = context.args
    actor = Actor(
        name=str(name),
        origin="job",
        branch_ids=None if ids is None else frozenset(map(int, _list(ids))),
        categories=None if kinds is None else frozenset(map(str, _list(kinds))),
    )
    with system.unit_of_work(actor) as uow:
        numbers = numbers_of(uow)
        waiting = list(
            uow.session.scalars(
                select(IntakeFile.id)
                .where(
                    IntakeFile.batch_id == batch_id,
                    IntakeFile.document_id.is_(None),
                    IntakeFile.handled_at.is_(None),
                    IntakeFile.unmatched != "",
                )
                .order_by(IntakeFile.id)
            )
        )
    filed = 0
    for first in range(0, len(waiting), GROUP):
        for file_id in waiting[first : first + GROUP]:
            try:
                with system.unit_of_work(actor) as uow:
                    row = inbox_list.get_file(uow, file_id)
                    named = numbers.find(row.name)
                    if not named.loan_no:
                        row.unmatched = named.reason
                        continue
                    cmd = FileIt(
                        file_id=row.id,
                        version=row.version,
                        loan_no=named.loan_no,
                        item_code=row.item_code or UNSORTED,
                        title=title_of(rest_of(row.name, named.numbers)),
                    )
                    inbox.file_it(uow, cmd)
                    filed += 1
            except PostloanError:
                continue  # not for this person, or handled meanwhile: stays as it is
        context.progress(min(first + GROUP, len(waiting)), len(waiting))
    context.progress(
        len(waiting), len(waiting), SAID.format(count=filed, left=len(waiting) - filed)
    )


def _list(values: object) -> list[Any]:
    assert isinstance(values, list)
    return values
