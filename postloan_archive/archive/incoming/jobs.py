"""What the workers do for the ways in."""

import time
from datetime import timedelta
from typing import Final

from postloan_archive.archive.incoming import folder, matching
from postloan_archive.jobs import Handler, JobContext, Periodic
from postloan_archive.kernel.actor import Actor
from postloan_archive.uow import System

WATCHER: Final = Actor.program("folder")
LONGEST_REST_S: Final = 30  # between two looks of one job

PERIODIC: Final = (Periodic(kind="watch_folder", every=timedelta(minutes=1)),)


def handlers(system: System) -> dict[str, Handler]:
    """Return the job handlers of the ways in by job kind."""
    return {
        "watch_folder": lambda context: watch_folder(system, context),
        matching.KIND: lambda context: matching.match_names(system, context),
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
    except folder.FolderBusyError:
        return  # `postloan scan-folder` does it
