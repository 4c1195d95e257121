"""The unit of work: one step of business, one transaction, everything a service may touch."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import TracebackType
from typing import Protocol, Self, TypeAlias

import structlog
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from postloan_archive import audit, jobs
from postloan_archive.audit import AuditLine
from postloan_archive.config import Settings
from postloan_archive.db import create_database_engine, new_session
from postloan_archive.jobs import Alarm, Job
from postloan_archive.kernel.actor import Actor
from postloan_archive.kernel.clock import Clock, DemonstrationClock, SystemClock
from postloan_archive.search import Index, open_index
from postloan_archive.vault import Vault

log = structlog.get_logger(__name__)

Step: TypeAlias = tuple[str, str]  # event and subject of an audit line


class Follow(Protocol):
    """Puts jobs in that follow from recorded steps; called once, before the commit."""

    def __call__(self, uow: "UnitOfWork", steps: Sequence[Step]) -> None:
        """Look at the steps of this transaction and put in what they ask for."""
        ...


class UnitOfWork:
    """Commits when its `with` block ends well, rolls back when it does not.

    The edge opens it (a page, a command, a job); services take it and never commit.
    """

    def __init__(  # noqa: PLR0913 - by keyword: the opened parts of one installation
        self,
        *,
        engine: Engine,
        vault: Vault,
        index: Index,
        clock: Clock,
        actor: Actor,
        settings: Settings,
        wake: Callable[[], None],
        follow: Follow,
        read_only: bool = False,
    ) -> None:
        self.engine = engine
        self.vault = vault
        self.index = index
        self.clock = clock
        self.actor = actor
        self.settings = settings
        self._wake = wake
        self._follow = follow
        self._read_only = read_only
        self._steps: dict[Step, None] = {}  # in order, each once
        self._session: Session | None = None
        self._after: list[Callable[[], None]] = []

    @property
    def session(self) -> Session:
        """Return the session of this unit of work; there is none outside the `with` block."""
        assert self._session is not None, "the unit of work is not open"
        return self._session

    def __enter__(self) -> Self:
        """Open the session; the transaction begins with the first statement."""
        self._session = new_session(self.engine)
        if self._read_only:
            self._session.connection(execution_options={"read_only": True})
        self._after = []
        self._steps = {}
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Commit, or roll back after an error; then run what waits for the commit."""
        session = self.session
        try:
            if error is not None or self._read_only:
                session.rollback()
                self.index.rolled_back(session)
                return
            try:
                if self._steps:
                    self._follow(self, tuple(self._steps))
                session.commit()
            except BaseException:
                session.rollback()
                self.index.rolled_back(session)
                raise
            try:
                self.index.committed(session)
            except Exception:  # what was committed waits in the database for the next attempt
                log.exception("index_commit_failed")
        finally:
            session.close()
            self._session = None
        for step in self._after:
            try:
                step()
            except Exception:
                log.exception("after_commit_failed", step=repr(step))

    def record(self, event: str, subject: str, **facts: object) -> AuditLine:
        """Append one line to the audit trail, in this transaction.

        Args:
            event: `capability.thing_done`, past tense.
            subject: `table:id` of the thing, such as `document:12` or `loan:2024-0312`.
            facts: JSON values that an auditor needs; never a password or a token.
        """
        assert not self._read_only, "a look leaves no audit line"
        self._steps[event, subject] = None
        return audit.append(
            self.session,
            at=self.clock.now(),
            actor=self.actor,
            event=event,
            subject=subject,
            facts=facts,
        )

    def record_many(self, entries: Iterable[tuple[str, str, Mapping[str, object]]]) -> int:
        """Append a line for each (event, subject, facts) of one step on many things.

        No jobs follow from them: the line of the step itself, by `record`, asks for those.
        """
        assert not self._read_only, "a look leaves no audit line"
        return audit.append_many(
            self.session, at=self.clock.now(), actor=self.actor, entries=entries
        )

    def enqueue(self, kind: str, *args: object) -> Job:
        """Write a job row in this transaction; a worker takes it after the commit."""
        self.wake_workers()
        return jobs.enqueue(self.session, kind, args, at=self.clock.now())

    def wake_workers(self) -> None:
        """Tell the workers after the commit that a job waits."""
        if self._wake not in self._after:
            self.after_commit(self._wake)

    def after_commit(self, step: Callable[[], None]) -> None:
        """Run `step` once the commit has succeeded; its failure is logged, not raised."""
        self._after.append(step)


@dataclass(frozen=True, slots=True, kw_only=True)
class System:
    """The opened parts of one installation; hands out units of work."""

    settings: Settings
    engine: Engine
    vault: Vault
    index: Index
    clock: Clock
    wake: Callable[[], None]  # tells the workers of all processes that a job waits
    follow: Follow  # puts in, before the commit, what the recorded steps ask for

    def unit_of_work(self, actor: Actor) -> UnitOfWork:
        """Return a unit of work for the actor, not yet open."""
        return self._unit(actor, read_only=False)

    def look(self, actor: Actor) -> UnitOfWork:
        """Return a unit of work that only reads: it waits for nobody and nobody for it.

        It changes nothing, also where its `with` block ends well, and records nothing.
        """
        return self._unit(actor, read_only=True)

    def _unit(self, actor: Actor, *, read_only: bool) -> UnitOfWork:
        return UnitOfWork(
            engine=self.engine,
            vault=self.vault,
            index=self.index,
            clock=self.clock,
            actor=actor,
            settings=self.settings,
            wake=self.wake,
            follow=self.follow,
            read_only=read_only,
        )

    def close(self) -> None:
        """Let go of the database; the files need no closing."""
        self.engine.dispose()


def open_system(
    settings: Settings, *, clock: Clock | None = None, follow: Follow | None = None
) -> System:
    """Open database, vault and index of the data folder; creates no tables.

    Args:
        settings: where everything is.
        clock: the machine's own unless a test or a demonstration stops it.
        follow: called once before each commit with the steps that were recorded; the layers
            above put the jobs in that follow from a step of a layer below. Nothing follows
            where it is left out.
    """
    settings.data.mkdir(parents=True, exist_ok=True)
    engine = create_database_engine(settings.sqlalchemy_url)
    return System(
        settings=settings,
        engine=engine,
        vault=Vault(settings.data / "vault", with_sm3=settings.sm3),
        index=open_index(settings.search_adapter, settings.data / "index"),
        clock=clock or _clock_of(settings),
        wake=Alarm(settings.data).wake,
        follow=follow or _nothing_follows,
    )


def _nothing_follows(uow: UnitOfWork, steps: Sequence[Step]) -> None:
    """Stand where no layer above waits for steps."""


def _clock_of(settings: Settings) -> Clock:
    if settings.demo_day:
        return DemonstrationClock(date.fromisoformat(settings.demo_day))
    return SystemClock()
