"""How the trail stands: its head, the checkpoints, the last reading of all of it."""

import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from postloan_archive import audit, jobs
from postloan_archive.audit import AuditLine, Checkpoint, TrailFilter
from postloan_archive.jobs import Job, JobState
from postloan_archive.uow import UnitOfWork

TRAIL: Final = "verify_trail"
VAULT: Final = "verify_vault"
ASKED: Final = {TRAIL: "audit.verification_asked", VAULT: "vault.verification_asked"}
BUSY: Final = (JobState.RUNNING, JobState.QUEUED)


@dataclass(frozen=True, slots=True, kw_only=True)
class TrailState:
    """What the head of the audit page shows.

    Attributes:
        lines: number of the last line.
        checkpoint: the head signed last, None while there is none.
        outside: the checkpoint is in a folder outside of the machine; None: none is set.
        verified_at: when the whole trail was last read, None if never.
        verified: what was found then: lines, covered, faults, first_faults.
        job: the verification that waits or runs.
    """

    lines: int
    checkpoint: Checkpoint | None
    outside: bool | None
    verified_at: datetime | None
    verified: dict[str, Any]
    job: Job | None

    @property
    def signed_at(self) -> datetime | None:
        """Return when the last head was signed."""
        return None if self.checkpoint is None else datetime.fromisoformat(self.checkpoint.at)


def state_of(uow: UnitOfWork) -> TrailState:
    """Return how the trail stands now; nothing is verified here."""
    newest = audit.read_newest(uow.session, TrailFilter(), limit=1)
    checkpoint = audit.last_checkpoint(uow.session)
    last = audit.last_of(uow.session, "audit.verified")
    folder = uow.settings.checkpoint_folder
    outside = None
    if folder:
        outside = checkpoint in audit.read_checkpoints(Path(folder)).checkpoints
    return TrailState(
        lines=newest[0].seq if newest else 0,
        checkpoint=checkpoint,
        outside=outside,
        verified_at=None if last is None else last.at,
        verified={} if last is None else facts_of(last),
        job=running(uow, TRAIL),
    )


def facts_of(line: AuditLine) -> dict[str, Any]:
    """Return the facts of a line by name."""
    value = json.loads(line.facts)
    return value if isinstance(value, dict) else {"": value}


def running(uow: UnitOfWork, kind: str) -> Job | None:
    """Return the job of this kind that runs or waits, if any."""
    for state in BUSY:
        found = jobs.list_jobs(uow.session, state=state, kind=kind, limit=1).jobs
        if found:
            return found[0]
    return None


def ask(uow: UnitOfWork, kind: str) -> Job:
    """Hand a verification to a worker; one that waits or runs already is enough."""
    job = running(uow, kind)
    if job is None:
        job = uow.enqueue(kind)
        uow.record(ASKED[kind], f"job:{job.id}")
    return job
