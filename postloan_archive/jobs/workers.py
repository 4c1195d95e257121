"""Which processes do the jobs: a sign of life a minute, kept a day after the last one."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from postloan_archive.db import Model
from postloan_archive.jobs.models import WorkerRow

WORKERS: Final = Model.metadata.tables[WorkerRow.__tablename__]
FORGET_AFTER: Final = timedelta(days=1)
ALIVE: Final = timedelta(minutes=3)  # two signs may be late


@dataclass(frozen=True, slots=True, kw_only=True)
class Worker:
    """A process that does jobs, `host:pid:token`."""

    name: str
    started_at: datetime
    seen_at: datetime

    def is_alive(self, now: datetime) -> bool:
        """Return whether its last sign is recent."""
        return self.seen_at + ALIVE > now


def give_sign(session: Session, name: str, *, at: datetime) -> None:
    """Write that the process is alive and forget those silent for a day."""
    seen = session.execute(update(WORKERS).where(WORKERS.c.name == name).values(seen_at=at))
    if not seen.rowcount:  # type: ignore[attr-defined]  # an update has a count
        session.execute(insert(WORKERS), {"name": name, "started_at": at, "seen_at": at})
    session.execute(delete(WORKERS).where(WORKERS.c.seen_at < at - FORGET_AFTER))


def leave(session: Session, name: str) -> None:
    """Write that the process ended in good order."""
    session.execute(delete(WORKERS).where(WORKERS.c.name == name))


def list_workers(session: Session) -> list[Worker]:
    """Return the processes of the last day, the latest sign first."""
    rows = session.execute(select(WORKERS).order_by(WORKERS.c.seen_at.desc(), WORKERS.c.name))
    return [
        Worker(name=row.name, started_at=row.started_at, seen_at=row.seen_at) for row in rows
    ]
