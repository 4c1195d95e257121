"""What no page of ours sends: numbers and texts that no table could hold."""

from collections.abc import Iterable
from typing import Final

from flask import Flask, request
from werkzeug.routing import IntegerConverter, Map

from postloan_archive.kernel.errors import RuleError, _l

LARGEST_ID: Final = 2**31 - 1  # of a database integer, on PostgreSQL as on SQLite
LONGEST_VALUE: Final = 4_000  # characters; Python reads no number of more digits


class UnreadableRequestError(RuleError):
    """The request is not something a page or program of ours would send."""

    next_step = _l("请从本系统的页面重新操作。")

    def __init__(self) -> None:
        super().__init__(_l("请求格式有误，未予办理。"))


class RowNumber(IntegerConverter):
    """The number of a row in an address; a larger one names no page."""

    def __init__(self, url_map: Map) -> None:
        super().__init__(url_map, max=LARGEST_ID)


def install_bounds(app: Flask) -> None:
    """Refuse what cannot be stored or looked up; call before blueprints are registered."""
    app.url_map.converters["int"] = RowNumber
    app.before_request(_refuse_unreadable)


def _refuse_unreadable() -> None:
    for name, values in request.args.lists():
        if any("\0" in text or len(text) > LONGEST_VALUE for text in (name, *values)):
            raise UnreadableRequestError


def whole_number(
    text: str | None, *, usual: int, least: int = 0, most: int = LARGEST_ID
) -> int:
    """Return the number that a query or a form gives, moved inside its bounds.

    What is no number in plain digits is the usual one: an address typed by hand is no fault.
    """
    plain = (text or "").strip()
    if not (plain.isascii() and plain.isdigit() and len(plain) <= len(str(LARGEST_ID))):
        return usual
    return min(max(int(plain), least), most)


def whole_numbers(texts: Iterable[str]) -> tuple[int, ...]:
    """Return the ids among the texts, each once; what is none is left out."""
    plain = (one.strip() for one in texts)
    ids = (
        int(one)
        for one in plain
        if one.isascii() and one.isdigit() and len(one) <= len(str(LARGEST_ID))
    )
    return tuple(dict.fromkeys(one for one in ids if one <= LARGEST_ID))
