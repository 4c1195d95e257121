"""A served installation with one whole loan file and people who know their passwords."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.request import urlopen

import waitress
from flask import Flask

from postloan_archive.access import branches, grants, passwords, sessions, users
from postloan_archive.access.grants import GrantRole
from postloan_archive.access.roles import Role
from postloan_archive.access.users import CreateUser
from postloan_archive.app import create_app
from postloan_archive.cli.session import opened_system, runner_of
from postloan_archive.cli.setup import create_installation
from postloan_archive.config import Settings
from postloan_archive.jobs import start_consumer
from postloan_archive.kernel.actor import Actor
from postloan_archive.uow import System
from tests.acceptance.whole_file import build

PASSWORD = "江上数峰青 一二三四五"
CLI = Actor.program("cli")
DAY = "2026-11-24"


@dataclass(frozen=True, kw_only=True)
class Site:
    """Where it is served, and what hangs on its loan file, by the names of URLs."""

    url: str
    app: Flask
    system: System
    ids: dict[str, object]

    def session_of(self, name: str) -> dict[str, str]:
        """Return the cookie of somebody who has signed in, without the slow password."""
        with self.system.unit_of_work(CLI) as uow:
            token = sessions.begin(uow, users.by_name(uow, name), sessions.Browser())
        return {"name": "postloan", "value": f"s.{token}", "url": self.url}


def people(system: System) -> None:
    """One user for each role, of branch 0201 or of all; they are called as their roles."""
    secret = passwords.hash_of(PASSWORD)
    with system.unit_of_work(CLI) as uow:
        root = branches.ensure(uow, code="02", name="示范农商行")
        branches.ensure(uow, code="0201", name="城关支行", parent_code="02")
        for role in Role:
            user = users.create(
                uow, CreateUser(username=role.value, display_name=f"测试{role.value}")
            )
            user.password_hash = secret
            user.password_set_at = uow.clock.now()
            where = root if "admin" in role.value else branches.id_of(uow, "0201")
            grants.grant(uow, GrantRole(user_id=user.id, role=role, branch_id=where))


@contextmanager
def served(data: Path) -> Iterator[Site]:
    """Create, fill and serve an installation; its workers run beside it."""
    settings = Settings(data=data, secure_cookies=False, demo_day=DAY, log_level="error")
    create_installation(settings).close()
    with opened_system(settings) as system:
        people(system)
        ids = build(system).ids
        app = create_app(settings, system=system)
        server = waitress.create_server(app, host="127.0.0.1", port=0, threads=6)
        thread = threading.Thread(target=server.run, daemon=True)
        thread.start()
        consumer = start_consumer(runner_of(system), data)
        url = f"http://127.0.0.1:{server.effective_port}"
        try:
            wait_for(f"{url}/healthz")
            yield Site(url=url, app=app, system=system, ids=ids)
        finally:
            consumer.stop()
            server.close()
            server.task_dispatcher.shutdown()
            thread.join(5)


def wait_for(url: str, seconds: float = 10) -> None:
    until = time.monotonic() + seconds
    while True:
        try:
            with urlopen(url, timeout=2) as reply:  # noqa: S310 - our own server
                if reply.status == 200:
                    return
        except OSError:
            assert time.monotonic() < until, "the server does not answer"
            time.sleep(0.05)
