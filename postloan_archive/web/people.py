"""Names of persons on pages: who did a thing is shown by name, never by user name."""

from typing import Final

from flask import Flask, g
from flask_babel import gettext as _

from postloan_archive.access.users import display_names
from postloan_archive.kernel.errors import _l
from postloan_archive.web.request_uow import look

PROGRAMS: Final = {
    "cli": _l("命令行"),
    "job": _l("系统"),
    "demo": _l("演示"),
}
NOBODY: Final = "—"


def install_people(app: Flask) -> None:
    """Give every template the filter `person`."""
    app.add_template_filter(person, "person")


def person(username: str | None) -> str:
    """Return the name of a person for a user name; what is no user name stays as it is."""
    if not username:
        return NOBODY
    if username in PROGRAMS:
        return str(_(PROGRAMS[username]))
    return names_by_user().get(username) or username


def names_by_user() -> dict[str, str]:
    """Return the names of all users; asked once for a page."""
    known: dict[str, str] | None = g.get("names_by_user")
    if known is None:
        with look() as uow:
            known = g.names_by_user = display_names(uow)
    return known
