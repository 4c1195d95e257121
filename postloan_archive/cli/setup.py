"""Creating an installation: folders, keys, schema, index."""

from postloan_archive import audit
from postloan_archive.archive import indexing
from postloan_archive.cli.session import CLI
from postloan_archive.config import Settings
from postloan_archive.db.schema import current_revision, migrate
from postloan_archive.loans import positions
from postloan_archive.notices.letters import LETTERS
from postloan_archive.notices.templates import keep_shipped
from postloan_archive.uow import System, open_system
from postloan_archive.workdays.service import seed_years
from postloan_archive.worklist.jobs import RECOMPUTE_ALL


def create_installation(settings: Settings) -> System:
    """Create what is missing, migrate what is old; running it again changes nothing.

    Returns:
        The opened system; the caller closes it.
    """
    system = open_system(settings)
    before = current_revision(system.engine)
    migrate(system.engine)
    now = current_revision(system.engine)
    try:
        audit.load_key(settings.data)
    except audit.NoKeyError:
        audit.create_key(settings.data)
    with system.unit_of_work(CLI) as uow:
        uow.index.create(uow.session)
        seed_years(uow)  # leaves alone what is there
        keep_shipped(uow, LETTERS)  # likewise
        if before != now:
            uow.record("system.migrated", "system:1", before=before, now=now)
            uow.enqueue(positions.REFRESH)  # lists read what the night derives
            uow.enqueue(RECOMPUTE_ALL)
    with system.unit_of_work(CLI) as uow:  # the index has caught up with the commit above
        indexing.repair_if_needed(uow)
    return system
