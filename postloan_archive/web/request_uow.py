"""The unit of work of a request: its actor is the signed-in person."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from flask import Flask, current_app, g, request

from postloan_archive.kernel.actor import Actor
from postloan_archive.uow import System, UnitOfWork

_KEY: Final = "postloan_system"


def install_system(app: Flask, system: System) -> None:
    """Give the pages the opened parts of the installation."""
    app.extensions[_KEY] = system


def the_system() -> System:
    """Return the opened parts of the installation."""
    system = current_app.extensions[_KEY]
    assert isinstance(system, System)
    return system


def current_actor() -> Actor:
    """Return the signed-in person, or a nobody without any right."""
    actor = g.get("actor")
    if isinstance(actor, Actor):
        return actor
    return Actor(
        name="anonymous",
        origin="web",
        request_id=g.get("request_id", ""),
        address=request.remote_addr or "",
    )


@contextmanager
def unit_of_work() -> Iterator[UnitOfWork]:
    """Yield one open unit of work of the current person; commits at the end of the block."""
    with the_system().unit_of_work(current_actor()) as uow:
        yield uow


@contextmanager
def look() -> Iterator[UnitOfWork]:
    """Yield a unit of work of the current person that only reads and waits for nobody.

    For pages that leave no audit line; it may stand inside another unit of work.
    """
    with the_system().look(current_actor()) as uow:
        yield uow


def record_refusal(permission: str) -> None:
    """Put the refused attempt into the audit trail, in a transaction of its own."""
    with unit_of_work() as uow:
        uow.record(
            "access.refused",
            f"route:{request.endpoint}",
            method=request.method,
            path=request.path,
            permission=permission,
        )
