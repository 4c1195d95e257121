"""A change that is asked for twice under one `Idempotency-Key` happens once."""

import hashlib
from collections.abc import Callable
from typing import Final

from flask import Response, g, request
from sqlalchemy import select

from postloan_archive.api.models import ApiReply
from postloan_archive.api.replies import plain, written
from postloan_archive.kernel.errors import RuleError, _l
from postloan_archive.uow import UnitOfWork
from postloan_archive.web.request_uow import unit_of_work

LONGEST_KEY: Final = 200
Step = Callable[[UnitOfWork], tuple[object, int]]


class KeyReusedError(RuleError):
    """The key was used for another request."""

    field = "Idempotency-Key"

    def __init__(self, *, key: str) -> None:
        super().__init__(_l("Idempotency-Key“{key}”已用于另一个请求，请换用新的键。"), key=key)


class KeyTooLongError(RuleError):
    """The key is longer than the table keeps."""

    field = "Idempotency-Key"

    def __init__(self) -> None:
        super().__init__(_l("Idempotency-Key 至多 {longest} 个字符。"), longest=LONGEST_KEY)


def once(step: Step, *, digest: str = "") -> Response:
    """Do the step in one transaction and answer with what it returns.

    With an `Idempotency-Key` the answer is kept in the same transaction; the same request
    gets it again, another request under the same key is refused.

    Args:
        step: returns the value to answer with and the status.
        digest: stands for the body where it is not read as a whole (uploads).

    Raises:
        KeyReusedError: the key belongs to another request.
        KeyTooLongError: the key is too long.
    """
    key = request.headers.get("Idempotency-Key", "")
    if len(key) > LONGEST_KEY:
        raise KeyTooLongError
    with unit_of_work() as uow:
        if not key:
            value, status = step(uow)
            return written(plain(value), status)
        wanted = _digest(digest)
        kept = uow.session.scalar(
            select(ApiReply).where(ApiReply.caller == g.caller, ApiReply.key == key)
        )
        if kept is not None:
            if kept.request_digest != wanted:
                raise KeyReusedError(key=key)
            reply = written(kept.body["value"], kept.status)
            reply.headers["Idempotent-Replay"] = "true"
            return reply
        value, status = step(uow)
        body = plain(value)
        uow.session.add(
            ApiReply(
                caller=g.caller,
                key=key,
                request_digest=wanted,
                status=status,
                body={"value": body},
                created_at=uow.clock.now(),
            )
        )
        return written(body, status)


def _digest(body: str) -> str:
    whole = hashlib.sha256(f"{request.method} {request.full_path}\n".encode())
    whole.update(body.encode() if body else request.get_data(cache=True))
    return whole.hexdigest()
