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


def whole_number(text: object) -> int | None:
    """Return the whole number that a form or an address holds, None if it holds none.

    Blanks around it pass; a sign, another script's digit, or more than `LARGEST_ID` do not.
    """
    plain = text.strip() if isinstance(text, str) else ""
    if not plain.isascii() or not plain.isdigit() or len(plain) > len(str(LARGEST_ID)):
        return None
    number = int(plain)
    return number if number <= LARGEST_ID else None


def whole_numbers(texts: Iterable[str]) -> tuple[int, ...]:
    """Return the ids among the texts, each once; what is none is left out."""
    found = (whole_number(text) for text in texts)
    return tuple(dict.fromkeys(one for one in found if one is not None))


def install_bounds(app: Flask) -> None:
    """Refuse what cannot be stored or looked up; call before blueprints are registered."""
    app.url_map.converters["int"] = RowNumber
    app.before_request(_refuse_unreadable_address)


def install_form_bounds(app: Flask) -> None:
    """Refuse forms no table could hold; call after the guard, which needs no body to refuse."""
    app.before_request(_refuse_unreadable_form)


def _refuse_unreadable_address() -> None:
    for name, values in request.args.lists():
        if any("\0" in text or len(text) > LONGEST_VALUE for text in (name, *values)):
            raise UnreadableRequestError


def _refuse_unreadable_form() -> None:
    for name, values in request.form.lists():
        if any("\0" in text for text in (name, *values)):
            raise UnreadableRequestError
