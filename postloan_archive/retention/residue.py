"""What could be left after a destruction: images, the log of the database, files, pages."""

import sqlite3
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Engine, func, select, text
from sqlalchemy.exc import OperationalError

from postloan_archive.archive.models import Document, Page
from postloan_archive.kernel.actor import Actor
from postloan_archive.retention.models import DisposalLine
from postloan_archive.uow import System
from postloan_archive.vault import sweep_working_copies

CACHE: Final = "cache"
TRIES: Final = 20
REST_S: Final = 0.25


def drop_images(data: Path, digests: Iterable[str]) -> None:
    """Remove the page images that were drawn of the files, wherever the cache has them."""
    wanted = set(digests)
    for path in _images(data):
        if path.name[:64] in wanted:
            path.unlink(missing_ok=True)


def clean(system: System, list_id: int) -> dict[str, Any]:
    """Let the database forget for good, look for what could be left and return what was found.

    On SQLite deleted content is overwritten at once (`secure_delete`) and the write-ahead log
    is emptied here. On PostgreSQL dead rows stay in the files of the server until
    `postloan retention clean` runs `VACUUM FULL`, and its log keeps them until the operator
    lets old segments go; the answer says so.
    """
    sweep_working_copies(system.settings.data)  # working copies of processes that were killed
    emptied = empty_log(system.engine)
    with system.look(Actor.program("job")) as uow:
        lines = list(
            uow.session.scalars(
                select(DisposalLine)
                .where(DisposalLine.list_id == list_id)
                .order_by(DisposalLine.no)
            )
        )
        gone = {str(one) for line in lines for one in line.gone}
        kept = {str(one) for line in lines for one in line.kept}
        pages = uow.session.scalar(
            select(func.count(Page.id))
            .join(Document, Document.id == Page.document_id)
            .where(Document.loan_id.in_([line.loan_id for line in lines]))
        )
    return {
        "files_gone": len(gone),
        "files_kept": sorted(kept),
        "files_left": sorted(
            sha256 for sha256 in gone if system.vault.verify(sha256).size is not None
        ),
        "images_left": sum(path.name[:64] in gone for path in _images(system.settings.data)),
        "pages_left": pages or 0,
        "log_emptied": emptied,
        "database": system.engine.dialect.name,
    }


def empty_log(engine: Engine) -> bool:
    """Write the log of SQLite back and cut it to nothing; return whether nobody prevented it.

    A reader that holds an old view delays it; it is tried for five seconds. PostgreSQL: False.
    """
    if engine.dialect.name != "sqlite":
        return False
    for _try in range(TRIES):
        raw = engine.raw_connection()
        try:
            busy, _log, _moved = raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        finally:
            raw.close()
        if not busy:
            return True
        time.sleep(REST_S)
    return False


def vacuum(engine: Engine) -> bool:
    """Write the whole database anew, without any free page, and empty the log of SQLite.

    It needs the size of the database once more. On PostgreSQL every table is locked meanwhile,
    one after the other. Returns whether nobody prevented it.
    """
    if engine.dialect.name != "sqlite":
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("SET lock_timeout = '30s'"))
            try:
                connection.execute(text("VACUUM FULL"))
            except OperationalError:  # somebody holds a table, or the volume is full
                return False
            finally:
                connection.execute(text("RESET lock_timeout"))
        return True
    raw = engine.raw_connection()  # a connection of SQLAlchemy begins a transaction first
    try:
        raw.execute("VACUUM")
    except sqlite3.OperationalError:  # somebody writes, or the volume is full
        return False
    finally:
        raw.close()
    return empty_log(engine)


def _images(data: Path) -> Iterable[Path]:
    folder = data / CACHE
    return (
        (path for path in sorted(folder.rglob("*")) if path.is_file())
        if folder.exists()
        else ()
    )
