"""Names of persons on pages: who did a thing is shown by name, never by user name."""

import time
from typing import Final

from flask import Flask, current_app, g
from flask_babel import gettext as _

from postloan_archive.access.people import PROGRAMS
from postloan_archive.access.users import display_names
from postloan_archive.web.request_uow import look

NOBODY: Final = "—"
FRESH_SECONDS: Final = 60  # a new name is seen after a minute; a new user at once
_KEY: Final = "postloan_people"


def install_people(app: Flask) -> None:
    """Give every template the filter `person`."""
    forget_people(app)
    app.add_template_filter(person, "person")


def forget_people(app: Flask) -> None:
    """Read the names again when the next one is asked for."""
    app.extensions[_KEY] = (0.0, {})


def person(username: str | None) -> str:
    """Return the name of a person for a user name; what is no user name stays as it is."""
    if not username:
        return NOBODY
    if username in PROGRAMS:
        return str(_(PROGRAMS[username]))
    return _names(username).get(username) or username


def _names(wanted: str) -> dict[str, str]:
    """Return the names of all users; read once a minute, and for a user not yet known."""
    read_at: float
    known: dict[str, str]
    read_at, known = current_app.extensions[_KEY]
    stale = time.monotonic() - read_at > FRESH_SECONDS
    if (stale or wanted not in known) and not g.get("people_read"):
        g.people_read = True  # a name that is no user is looked for once a page
        with look() as uow:
            known = display_names(uow)
        current_app.extensions[_KEY] = (time.monotonic(), known)
    return known
