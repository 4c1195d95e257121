"""Who waits to write on SQLite comes before who has just written: a queue beside the lock.

SQLite lets writers poll. A worker that writes one transaction after the other takes the lock
again before a page that sleeps between two looks has noticed that it was free, and the page
ends with "database is locked". So everybody passes the turnstile first and stands in it until
the write lock is got: who comes back has to queue behind. A process that dies leaves it.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

try:
    import fcntl
except ImportError:  # Windows: writers poll as SQLite lets them
    fcntl = None  # type: ignore[assignment]  # there is no such module


@contextmanager
def turnstile(path: Path | None) -> Iterator[None]:
    """Stand in the turnstile of a database; None: it has no file.

    Args:
        path: of the lock file; it is made where it is missing and holds nothing.
    """
    if path is None or fcntl is None:
        yield
        return
    with path.open("ab") as file:  # of this thread's own: the lock belongs to the opening
        fcntl.flock(file, fcntl.LOCK_EX)
        yield  # closing the file leaves it
