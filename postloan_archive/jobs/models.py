"""The table of jobs: what is to be done, how far it is, why it failed."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, TypeAlias

from sqlalchemy import CheckConstraint, Index, Row
from sqlalchemy.orm import Mapped, mapped_column

from postloan_archive.db import Model
from postloan_archive.db.model import Utc, UtcOrNone

JSON: TypeAlias = "str | int | float | bool | Sequence[JSON] | Mapping[str, JSON] | None"


class JobState(StrEnum):
    """Where a job stands."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


class JobRow(Model):
    """One job; `Job` is its frozen form."""

    __tablename__ = "jobs"
    __table_args__ = (
        CheckConstraint(
            "state IN ('queued', 'running', 'done', 'failed', 'cancelled')", name="state"
        ),
        Index(None, "state", "run_after", "id"),
        Index(None, "kind", "created_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    args: Mapped[str]  # JSON array
    state: Mapped[str]
    progress_done: Mapped[int] = mapped_column(default=0)
    progress_total: Mapped[int] = mapped_column(default=0)
    message: Mapped[str] = mapped_column(default="")
    reason: Mapped[str] = mapped_column(default="")
    attempts: Mapped[int] = mapped_column(default=0)
    max_attempts: Mapped[int]
    run_after: Mapped[Utc]
    created_at: Mapped[Utc]
    started_at: Mapped[UtcOrNone]
    finished_at: Mapped[UtcOrNone]
    heartbeat: Mapped[UtcOrNone]
    worker: Mapped[str] = mapped_column(default="")
    cancel_requested: Mapped[bool] = mapped_column(default=False)


class WorkerRow(Model):
    """The last sign of life of a process that does jobs; written once a minute."""

    __tablename__ = "workers"

    name: Mapped[str] = mapped_column(primary_key=True)  # host:pid:token
    started_at: Mapped[Utc]
    seen_at: Mapped[Utc]


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """A job as it stood when it was read.

    Attributes:
        args: what the handler gets, JSON values.
        progress_done: units done, in whatever unit the handler counts.
        progress_total: units in all, 0 while unknown.
        message: what it is doing, Chinese.
        reason: why the last attempt failed, Chinese, empty where none did.
        attempts: how often it was started.
        run_after: not to be started before.
        heartbeat: last sign of life of its worker.
        worker: who runs it, `host:pid:token`.
    """

    id: int
    kind: str
    args: tuple[JSON, ...]
    state: JobState
    progress_done: int
    progress_total: int
    message: str
    reason: str
    attempts: int
    max_attempts: int
    run_after: datetime
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    heartbeat: datetime | None
    worker: str
    cancel_requested: bool


def frozen(row: Row[Any]) -> Job:
    """Return the frozen form of a row of the table."""
    values = dict(row._mapping)  # noqa: SLF001 - the public name of SQLAlchemy for it
    values["args"] = tuple(json.loads(values["args"]))
    values["state"] = JobState(values["state"])
    return Job(**values)
