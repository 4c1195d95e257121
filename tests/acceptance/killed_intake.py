"""A program to be killed: takes papers in and edits them, and says each thing that is done.

    python -m tests.acceptance.killed_intake DATA POINT NUMBER PAPER…

POINT says where it kills itself with SIGKILL, at the NUMBER-th time from 0:

    file      before a change of the vault's volume: create, write, seal, sync, rename …
    sql       before a statement
    begin     after BEGIN
    commit    before COMMIT
    committed after COMMIT
    reply     before it says that a thing is done
    none      nowhere
"""

import json
import os
import signal
import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import event

from postloan_archive.archive import queries, service
from postloan_archive.archive.intake import Delivery, Taken, take_in
from postloan_archive.archive.service import DescribeDocument
from postloan_archive.cli.handlers import all_handlers
from postloan_archive.config import Settings
from postloan_archive.jobs import JobRunner
from postloan_archive.kernel.actor import Actor
from postloan_archive.kernel.clock import FrozenClock
from postloan_archive.uow import System, open_system
from postloan_archive.vault import Vault
from tests.vault.broken_files import FailingFiles

CLI = Actor.program("cli")
NOON = datetime(2026, 11, 24, 4, 0, tzinfo=UTC)


class Killer:
    """Counts the passes of every point and kills the process at one of them."""

    def __init__(self, point: str, number: int) -> None:
        self.point, self.number, self.passes = point, number, {}

    def passed(self, point: str) -> None:
        seen = self.passes.get(point, 0)
        self.passes[point] = seen + 1
        if point == self.point and seen == self.number:
            os.kill(os.getpid(), signal.SIGKILL)


class WatchedFiles(FailingFiles):
    """The real volume; each change is a point."""

    def __init__(self, killer: Killer) -> None:
        super().__init__(fail_at=-1)
        self.killer = killer

    def step(self, _name: str, *_facts: object) -> None:
        self.killer.passed("file")


def opened(data: Path, killer: Killer) -> System:
    system = open_system(Settings(data=data), clock=FrozenClock(NOON))
    engine = system.engine
    event.listen(engine, "begin", lambda _connection: killer.passed("begin"))
    event.listen(engine, "before_cursor_execute", lambda *_facts: killer.passed("sql"))
    commit = engine.dialect.do_commit

    def do_commit(connection: object) -> None:
        killer.passed("commit")
        commit(connection)
        killer.passed("committed")

    engine.dialect.do_commit = do_commit
    return replace(system, vault=Vault(system.vault.root, files=WatchedFiles(killer)))


def main() -> None:
    data, point, number, *papers = sys.argv[1:]
    killer = Killer(point, int(number))
    system = opened(Path(data), killer)
    runner = JobRunner(system.engine, all_handlers(system), clock=system.clock)

    def say(**done: object) -> None:
        killer.passed("reply")
        print(json.dumps(done), flush=True)

    taken: list[Taken] = []

    def report(one: Taken) -> None:
        taken.append(one)
        say(document_id=one.document_id, sha256=one.sha256, state=one.state)

    delivery = Delivery(paths=tuple(map(Path, papers)), loan_no="JJ2025-0001")
    take_in(system, CLI, delivery, runner, report)
    for one in taken:
        with system.unit_of_work(CLI) as uow:
            document = queries.get_document(uow, one.document_id)
            title = f"{document.title}·改"
            version = document.version
            service.describe_document(
                uow,
                DescribeDocument(
                    document_id=one.document_id, version=version, title=title, item_code="GL11"
                ),
            )
        say(document_id=one.document_id, title=title)
    system.close()
    print(json.dumps({"passes": killer.passes}), flush=True)


if __name__ == "__main__":
    main()
