"""Keeping the search index: it is derived, so what is wrong with it is found and built anew."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

from sqlalchemy.orm import Session

from postloan_archive import jobs
from postloan_archive.archive import queries
from postloan_archive.jobs import Handler, JobContext, JobState
from postloan_archive.kernel.actor import Actor
from postloan_archive.kernel.errors import _l
from postloan_archive.search import Health, IndexedPage, Status
from postloan_archive.uow import System, UnitOfWork

REBUILD: Final = "rebuild_index"
SUBJECT: Final = "search_index:1"
BUILDING: Final = _l("正在重建检索索引")

Report = Callable[[int, int | None], None]


def handlers(system: System) -> dict[str, Handler]:
    """Return the job that builds the index anew."""

    def run(context: JobContext) -> None:
        rebuild(
            system,
            Actor.program("job"),
            lambda done, total: context.progress(done, total or 0, BUILDING),
        )

    return {REBUILD: run}


def status(uow: UnitOfWork, *, deep: bool = False) -> Status:
    """Return the state of the index, measured against the pages of the archive."""
    return uow.index.status(uow.session, expected=queries.page_count(uow.session), deep=deep)


def is_whole(found: Status, pages: int) -> bool:
    """Return whether the index is good, lacks nothing and holds nothing that is gone."""
    return (
        found.health is Health.GOOD
        and found.lag == 0
        and found.pages == pages
        and found.rebuilding is None
    )


def repair_if_needed(uow: UnitOfWork) -> bool:
    """Enqueue a rebuild if the index is not whole; return whether it was needed.

    Called at every start. Until the job is done everything but searching works as always.
    """
    found = status(uow)
    if is_whole(found, queries.page_count(uow.session)):
        return False
    for state in (JobState.QUEUED, JobState.RUNNING):
        if jobs.list_jobs(uow.session, state=state, kind=REBUILD, limit=1).total:
            return True
    uow.record(
        "search.index_found_wanting",
        SUBJECT,
        health=str(found.health),
        pages=found.pages,
        lag=found.lag,
        problems=list(found.problems),
    )
    uow.enqueue(REBUILD)
    return True


def rebuild(system: System, actor: Actor, report: Report | None = None) -> int:
    """Build the index anew while the old one serves; return the pages in it.

    Goes on where an earlier attempt was broken off.
    """
    with system.unit_of_work(actor) as uow:
        uow.index.create(uow.session)
        total = queries.page_count(uow.session)
    steps = _Steps(system, actor)
    pages = system.index.rebuild(steps.transaction, steps.pages, report, total=total)
    with system.unit_of_work(actor) as uow:
        uow.record("search.index_rebuilt", SUBJECT, pages=pages)
    return pages


class _Steps:
    """Hands the transactions of one rebuild to the index, and reads its pages inside them."""

    def __init__(self, system: System, actor: Actor) -> None:
        self._system = system
        self._actor = actor
        self._uow: UnitOfWork | None = None

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        with self._system.unit_of_work(self._actor) as uow:
            self._uow = uow
            yield uow.session

    def pages(self, _session: Session, after: int, limit: int) -> list[IndexedPage]:
        assert self._uow is not None
        return queries.indexed_pages_after(self._uow, after, limit)
