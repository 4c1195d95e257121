"""The ledger as a page: server time and queries of an ordinary user, many loan files."""

import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Engine, event
from werkzeug.utils import import_string

from postloan_archive.access import grants, sessions, users
from postloan_archive.access.grants import GrantRole
from postloan_archive.access.roles import Role
from postloan_archive.access.users import CreateUser
from postloan_archive.cli.bench.clocks import fill, refresh
from postloan_archive.config import Settings
from postloan_archive.db.schema import migrate
from postloan_archive.kernel.actor import Actor
from postloan_archive.uow import System, open_system

Report = Callable[[dict[str, object]], None]

OPERATOR: Final = Actor.program("cli")
ADDRESSES: Final = {
    "ledger_first_page": "/loans",
    "ledger_page_100": "/loans?page=100",
    "ledger_of_a_name": "/loans?q=示范公司77",
    "loan_file": "/loans/JJ00000077",
}


def run(report: Report, *, quick: bool) -> None:
    """Measure at a size and at ten times the size; the queries must be the same.

    Args:
        report: takes one line for each measurement.
        quick: a fiftieth of the loan files, fewer rounds.
    """
    small, rounds = (200, 10) if quick else (10_000, 40)
    queries: dict[str, int] = {}
    for count in (small, 10 * small):
        with tempfile.TemporaryDirectory(prefix="postloan-bench-") as name:
            system = open_system(
                Settings(data=Path(name), secure_cookies=False, log_level="error")
            )
            migrate(system.engine)
            fill(system.engine, count)
            refresh(system)
            browser = _browser(system)
            for page, address in ADDRESSES.items():
                spans, asked = _measured(system.engine, browser, address, rounds)
                report(
                    {
                        "bench": "lists",
                        "name": f"{page}_of_{count}",
                        "per_s": round(1 / statistics.mean(spans), 1),
                        "median_ms": round(statistics.median(spans) * 1000, 2),
                        "p95_ms": round(statistics.quantiles(spans, n=20)[-1] * 1000, 2),
                        "queries": asked,
                        "same_queries_as_a_tenth": queries.get(page, asked) == asked,
                    }
                )
                queries[page] = asked
            system.close()


def _browser(system: System) -> Any:  # noqa: ANN401 - the test client of Flask
    """Return a client in which a legal clerk of the branch is signed in."""
    with system.unit_of_work(OPERATOR) as uow:
        user = users.create(uow, CreateUser(username="bench", display_name="测量"))
        grants.grant(uow, GrantRole(user_id=user.id, role=Role.LEGAL, branch_id=1))
        token = sessions.begin(uow, user, sessions.Browser())
    create_app = import_string("postloan_archive.app:create_app")  # app knows every part
    client = create_app(system.settings, system=system).test_client()
    client.set_cookie("postloan", f"s.{token}")
    return client


def _measured(
    engine: Engine,
    browser: Any,  # noqa: ANN401 - the test client of Flask
    address: str,
    rounds: int,
) -> tuple[list[float], int]:
    """Return the seconds of each round and the queries of the last one."""
    spans = []
    asked = 0
    for _ in range(rounds + 1):
        with _counted(engine) as count:
            started = time.perf_counter()
            reply = browser.get(address)
            spans.append(time.perf_counter() - started)
        assert reply.status_code == 200, (address, reply.status_code)  # noqa: PLR2004 - OK
        asked = count[0]
    return spans[1:], asked  # the first one compiles the template


@contextmanager
def _counted(engine: Engine) -> Iterator[list[int]]:
    count = [0]

    def seen(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        count[0] += not statement.startswith("BEGIN")

    event.listen(engine, "before_cursor_execute", seen)
    try:
        yield count
    finally:
        event.remove(engine, "before_cursor_execute", seen)
