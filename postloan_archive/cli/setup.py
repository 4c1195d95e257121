"""Creating an installation: folders, keys, schema, index."""

from postloan_archive import audit
from postloan_archive.cli.session import CLI
from postloan_archive.config import Settings
from postloan_archive.db.schema import current_revision, migrate
from postloan_archive.uow import System, open_system


def create_installation(settings: Settings) -> System:
    """Create what is missing, migrate what is old; running it again changes nothing.

    Returns:
        The opened system; the caller closes it.
    """
    system = open_system(settings)
    before = current_revision(system.engine)
    migrate(system.engine)
    try:
        audit.load_key(settings.data)
    except audit.NoKeyError:
        audit.create_key(settings.data)
    with system.unit_of_work(CLI) as uow:
        uow.index.create(uow.session)
        after = current_revision(system.engine) if before is None else before
        if before is None:
            uow.record("system.created", "system:1", revision=after)
    return system
