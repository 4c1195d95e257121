"""What the workers do for the ways in."""

import time
from datetime import timedelta
from typing import Final

from sqlalchemy import select

from postloan_archive.archive.incoming import folder, mail, matching, sending
from postloan_archive.archive.incoming.folder import OVER
from postloan_archive.archive.incoming.models import Arrival
from postloan_archive.archive.incoming.taking import Due, numbers_of, take
from postloan_archive.jobs import Handler, JobContext, Periodic
from postloan_archive.kernel.actor import Actor
from postloan_archive.uow import System

WATCHER: Final = Actor.program("folder")
LONGEST_REST_S: Final = 30  # between two looks of one job

PERIODIC: Final = (
    Periodic(kind="watch_folder", every=timedelta(minutes=1)),
    Periodic(kind="clear_uploads", every=timedelta(minutes=15)),
    Periodic(kind="fetch_mail", every=timedelta(minutes=5)),
)


def handlers(system: System) -> dict[str, Handler]:
    """Return the job handlers of the ways in by job kind."""
    return {
        "watch_folder": lambda context: watch_folder(system, context),
        matching.KIND: lambda context: matching.match_names(system, context),
        sending.TAKE: lambda context: take_upload(system, context),
        "clear_uploads": lambda _context: clear_uploads(system),
        "fetch_mail": lambda context: fetch_mail(system, context),
    }


def watch_folder(system: System, context: JobContext) -> None:
    """Look at the watched folder, and once more after a rest where something was new."""
    watch = folder.watch_of(system.settings)
    if watch is None:
        return
    try:
        looked = folder.look(system, WATCHER, watch)
        if looked.coming and watch.quiet_s <= LONGEST_REST_S:
            time.sleep(watch.quiet_s)
            again = folder.look(system, WATCHER, watch)
            context.progress(looked.taken + again.taken, looked.taken + again.taken)
            looked = again
    except folder.FolderBusyError:
        return  # `postloan scan-folder` does it
    if looked.unreadable:  # the others are taken; this shows on the page of jobs
        raise folder.UnreadableFolderError(looked.unreadable)


def take_upload(system: System, context: JobContext) -> None:
    """Store a file that has been sent to its end; goes on where a killed run was."""
    (arrival_id,) = context.args
    assert isinstance(arrival_id, int)
    with system.unit_of_work(Actor.program("job")) as uow:
        row = uow.session.get_one(Arrival, arrival_id)
        if row.state not in {"ready", *OVER} or row.removed:
            return
        over = row.state in OVER  # stored by a run that was killed before it cleared up
        ids = None if row.branch_ids is None else frozenset(map(int, row.branch_ids))
        due = Due(
            id=row.id,
            path=sending.path_of(system.settings.data, row.place),
            name=row.name,
            members=row.members,
            loan_no=row.loan_no,
            item_code=row.item_code,
            by_number=row.by_number,
        )
        sender, batch_id = row.sender, row.batch_id
    actor = Actor(name=sender, origin="job", branch_ids=ids, categories=None)
    assert batch_id is not None  # an upload belongs to a delivery
    with system.unit_of_work(actor) as uow:
        numbers = numbers_of(uow) if due.by_number else None

    def stored(done: list[int]) -> None:
        if not done:
            return
        with system.unit_of_work(actor) as uow:
            rows = uow.session.scalars(
                select(Arrival).where(Arrival.id.in_(done)).order_by(Arrival.id)
            )
            for one in rows:
                one.removed = True
            sending.close_if_done(uow, batch_id)
        due.path.unlink(missing_ok=True)

    if over:
        stored([due.id])
        return
    take(system, actor, batch_id, [due], numbers=numbers, stored=stored)


def clear_uploads(system: System) -> None:
    """Give up uploads without progress, with what has come of them."""
    sending.clear(system, Actor.program("job"))


def fetch_mail(system: System, context: JobContext) -> None:
    """Take in what is new in the mailbox."""
    taken = mail.fetch(system)
    context.progress(taken, taken)
