"""Fixtures of pages: the application, its people, browsers that are signed in."""

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask

from postloan_archive.access import branches, grants, passwords, sessions, tokens, users
from postloan_archive.access.grants import GrantRole
from postloan_archive.access.roles import Role
from postloan_archive.access.tokens import IssueToken
from postloan_archive.access.users import CreateUser
from postloan_archive.app import attach, create_app
from postloan_archive.config import Settings
from postloan_archive.uow import System

PASSWORD = "江上数峰青 一二三四五"
PEOPLE = {role.value: ("0201", role) for role in Role} | {
    "other_branch": ("0202", Role.ARCHIVE_CLERK),
}
ASSEMBLED: dict[Settings, tuple[Flask, dict[str, object]]] = {}  # each with its first config


@pytest.fixture(scope="session")
def password_hash() -> str:
    """One argon2 hash for everybody: a tenth of a second, once a session."""
    return passwords.hash_of(PASSWORD)


@pytest.fixture
def people(new_uow, password_hash) -> dict[str, int]:
    """One user for each role at branch 0201, one clerk at 0202; ids by name."""
    with new_uow() as uow:
        root = branches.ensure(uow, code="02", name="示范农商行")
        for code in ("0201", "0202"):
            branches.ensure(uow, code=code, name=f"示范支行{code}", parent_code="02")
        ids = {}
        for name, (code, role) in PEOPLE.items():
            user = users.create(uow, CreateUser(username=name, display_name=f"人员{name}"))
            user.password_hash = password_hash
            user.password_set_at = uow.clock.now()
            where = root if "admin" in name else branches.id_of(uow, code)
            grants.grant(uow, GrantRole(user_id=user.id, role=role, branch_id=where))
            ids[name] = user.id
    return ids


@pytest.fixture
def app(system, settings, people):
    """The application with people in it."""
    del people
    return application(settings, system)


def application(settings: Settings, system: System) -> Flask:
    """Return the application of a system; put together once, since 500 routes take time."""
    kind = replace(settings, data=Path())
    if kind not in ASSEMBLED:
        app = create_app(settings, system=system)
        ASSEMBLED[kind] = app, dict(app.config)
    app, config = ASSEMBLED[kind]
    app.config.clear()
    app.config.update(config)
    attach(app, system, secure=settings.secure_cookies)
    return app


class Browser:
    """A browser with one cookie jar; knows the token of the forms it saw."""

    def __init__(self, app) -> None:
        self.client = app.test_client()

    def get(self, path: str, **more):
        return self.client.get(path, **more)

    def post(self, path: str, data: dict | None = None, **more):
        """Send a form with the token of this session, as a page of ours would."""
        return self.client.post(path, data={"csrf_token": self.token(), **(data or {})}, **more)

    def token(self) -> str:
        page = self.get("/sign-in", follow_redirects=True).get_data(as_text=True)
        return re.search(r'name="csrf-token" content="([^"]+)"', page)[1]

    def sign_in(self, name: str, password: str = PASSWORD, code: str = ""):
        return self.post("/sign-in", {"username": name, "password": password, "code": code})


@pytest.fixture
def browser(app, new_uow) -> Callable[..., Browser]:
    """Open a browser; with a name, somebody is signed in, without the slow password."""

    def opened(name: str | None = None) -> Browser:
        fresh = Browser(app)
        if name:
            with new_uow() as uow:
                token = sessions.begin(uow, users.by_name(uow, name), sessions.Browser())
            fresh.client.set_cookie("postloan", f"s.{token}")
        return fresh

    return opened


@pytest.fixture
def program(app, new_uow, people) -> Callable[..., object]:
    """A client of the API that acts for a user of `people`, with a key."""

    def opened(name: str, **narrower):
        client = app.test_client()
        with new_uow() as uow:
            secret = tokens.issue(
                uow, IssueToken(user_id=people[name], name="test", **narrower)
            )
        client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {secret}"
        return client

    return opened
