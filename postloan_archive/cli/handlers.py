"""The job handlers and the recurring work of all capabilities, for workers and commands."""

from typing import Final

from postloan_archive.admin import upkeep
from postloan_archive.archive import reading_jobs
from postloan_archive.jobs import Handler, Periodic
from postloan_archive.litigation import freezing
from postloan_archive.notices import issuing_jobs
from postloan_archive.uow import System

PERIODIC: Final[tuple[Periodic, ...]] = upkeep.PERIODIC


def all_handlers(system: System) -> dict[str, Handler]:
    """Return every job handler by its kind."""
    return {
        **reading_jobs.handlers(system),
        **issuing_jobs.handlers(system),
        **freezing.handlers(system),
        **upkeep.handlers(system),
    }
