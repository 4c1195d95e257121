"""How the API writes: amounts as strings, ISO days, cursor pages, ETags."""

import base64
import hashlib
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any, Final, TypeVar

from flask import Response, request

from postloan_archive.kernel.errors import ConflictError, RuleError, _l

PAGE: Final = 50
LONGEST_PAGE: Final = 500
T = TypeVar("T")


class CursorError(RuleError):
    """The cursor was not made here, or for another list."""

    field = "cursor"

    def __init__(self) -> None:
        super().__init__(_l("翻页游标无效，请从第一页重新读取。"))


class LimitError(RuleError):
    """A page cannot be that long."""

    field = "limit"

    def __init__(self, *, given: str) -> None:
        super().__init__(
            _l("每页条数应为 1 至 {most} 的整数，而不是“{given}”。"),
            given=given,
            most=LONGEST_PAGE,
        )


class PreconditionError(ConflictError):
    """`If-Match` names a state that is no longer the present one, or is missing."""

    next_step = _l("请重新读取，核对最新内容后带上新的 ETag 再提交。")

    def __init__(self, *, current: str) -> None:
        super().__init__(_l("内容已被他人修改，或请求没有带 If-Match。"), current=current)


def plain(value: object) -> Any:  # noqa: ANN401, PLR0911 - JSON has no narrower type
    """Return the value as JSON knows it: amounts and rates as strings, days as ISO."""
    if value is None or (
        isinstance(value, bool | int | float | str) and not isinstance(value, Enum)
    ):
        return value
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, datetime | date):
        return value.isoformat()
    if is_dataclass(value) and not isinstance(value, type):
        return {one.name: plain(getattr(value, one.name)) for one in fields(value)}
    if isinstance(value, Mapping):
        return {str(plain(key)): plain(one) for key, one in value.items()}
    if isinstance(value, set | frozenset):
        return sorted(plain(one) for one in value)
    if isinstance(value, Iterable):
        return [plain(one) for one in value]
    return str(value)


def etag_of(value: object) -> str:
    """Return the tag of a state: the digest of its JSON."""
    text = json.dumps(plain(value), ensure_ascii=False, sort_keys=True)
    return f'"{hashlib.sha256(text.encode()).hexdigest()[:32]}"'


def one(value: object, status: int = 200) -> Response:
    """Answer with one thing and its ETag; 304 where the caller has it already."""
    body = plain(value)
    reply = written(body, status)
    reply.headers["ETag"] = tag = etag_of(body)
    if request.method == "GET" and request.headers.get("If-None-Match") == tag:
        return Response(status=304, headers={"ETag": tag})
    return reply


def demand_match(value: object) -> None:
    """Refuse a change of something that the caller has not seen in its present state.

    Raises:
        PreconditionError: `If-Match` is missing or names another state.
    """
    current = etag_of(value)
    if request.headers.get("If-Match") != current:
        raise PreconditionError(current=current)


def page(rows: Sequence[T], key: Callable[[T], object]) -> Response:
    """Answer with the rows after the cursor; `key` is unique in the list and stays.

    Raises:
        CursorError: no row has the key that the cursor names.
    """
    limit, after = asked_limit(), asked_cursor()
    start = 0
    if after is not None:
        places = (at for at, row in enumerate(rows) if str(key(row)) == after)
        start = next(places, -2) + 1
        if start < 0:
            raise CursorError
    shown = rows[start : start + limit]
    more = start + limit < len(rows)
    return listed(shown, next_key=str(key(shown[-1])) if more else None, total=len(rows))


def listed(
    rows: Iterable[object], *, next_key: str | None, total: int | None = None
) -> Response:
    """Answer with one page; `next_key` names its last row where another page follows."""
    body: dict[str, object] = {
        "items": [plain(row) for row in rows],
        "next_cursor": None if next_key is None else _cursor(next_key),
    }
    if total is not None:
        body["total"] = total
    return written(body)


def asked_limit() -> int:
    """Return the length of page asked for.

    Raises:
        LimitError: not a whole number within the bounds.
    """
    given = request.args.get("limit", str(PAGE))
    if not given.isascii() or not given.isdigit() or not 1 <= int(given) <= LONGEST_PAGE:
        raise LimitError(given=given)
    return int(given)


def asked_cursor() -> str | None:
    """Return the key of the row after which the page begins.

    Raises:
        CursorError: the cursor cannot be read.
    """
    given = request.args.get("cursor")
    if not given:
        return None
    try:
        return base64.urlsafe_b64decode(given.encode()).decode()
    except ValueError:
        raise CursorError from None


def written(body: object, status: int = 200) -> Response:
    """Return the JSON reply."""
    text = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
    return Response(text, status=status, mimetype="application/json")


def _cursor(key: str) -> str:
    return base64.urlsafe_b64encode(key.encode()).decode()
