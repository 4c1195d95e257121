"""The addresses of the inbox: the filters go along from file to file."""

from typing import Final

from flask import Flask, request, url_for

from postloan_archive.archive import contents
from postloan_archive.archive.cutting.deciding import Slips
from postloan_archive.archive.inbox_list import STATE_FILTERS

_SLIPS: Final = "postloan_slips"
KEPT: Final = ("state", "source", "page", "size")  # of the address, from file to file


def install_slips(app: Flask, *slips: Slips) -> None:
    """Tell the inbox which codes capabilities above the archive have printed."""
    app.extensions[_SLIPS] = slips


def slips_of(app: Flask) -> tuple[Slips, ...]:
    """Return what `install_slips` was told."""
    found: tuple[Slips, ...] = app.extensions.get(_SLIPS, ())
    return found


def filters() -> tuple[str, str]:
    """Return state and source that the address asks for."""
    state, source = request.args.get("state", ""), request.args.get("source", "")
    return (
        state if state in STATE_FILTERS else "",
        source if source in contents.SOURCES else "",
    )


def here(file_id: int = 0, **more: object) -> str:
    """Return the address of the inbox with the filters that are set."""
    kept = {name: request.args[name] for name in KEPT if request.args.get(name)}
    values: dict[str, object] = {**kept, **more}
    if file_id:
        values["file"] = file_id
    return url_for("archive.inbox", **values)  # type: ignore[arg-type]  # values of an address
