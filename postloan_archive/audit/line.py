"""One line of the trail and the bytes that are hashed: canonical JSON."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from json.encoder import encode_basestring
from typing import Final, TypeAlias

JSON: TypeAlias = "str | int | float | bool | Sequence[JSON] | Mapping[str, JSON] | None"

GENESIS: Final = bytes(32)  # what stands before the first line


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditLine:
    """Who did what to what, when and from where.

    Attributes:
        seq: 1, 2, 3 … without gaps, in the order of the commits.
        at: the moment, aware, UTC.
        facts: canonical JSON text.
        prev_hash: hash of the line before, hex.
        hash: SHA-256 over the hash before and the canonical line, hex.
    """

    seq: int
    at: datetime
    actor: str
    user_id: int | None
    event: str
    subject: str
    facts: str
    origin: str
    address: str
    request_id: str
    prev_hash: str
    hash: str

    def canonical(self) -> str:
        """Return the canonical JSON of the line, whose UTF-8 bytes are hashed."""
        return canonical_line(
            self.seq,
            moment_text(self.at),
            self.actor,
            self.user_id,
            self.event,
            self.subject,
            self.facts,
            self.origin,
            self.address,
            self.request_id,
        )


def canonical_json(value: object) -> str:
    """Return JSON with sorted keys, without blanks, in Unicode.

    Raises:
        TypeError, ValueError: the value is not JSON, or holds NaN or an infinity.
    """
    text = json.dumps(
        value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False
    )
    return storable(text)


def storable(text: str) -> str:
    """Return the text without what no database holds: NUL and halves of surrogate pairs."""
    if "\x00" in text:
        text = text.replace("\x00", "\ufffd")
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text


def canonical_line(  # noqa: PLR0913, PLR0917 - the columns in order, called a million times
    seq: int,
    at: str,
    actor: str,
    user_id: int | None,
    event: str,
    subject: str,
    facts: str,
    origin: str,
    address: str,
    request_id: str,
) -> str:
    """Return what `canonical_json` of the same fields returns, six times faster.

    The keys are in sorted order; `facts` is canonical JSON already. Two different rows never
    give the same text: every string is quoted and every key is always there.

    Raises:
        TypeError: a value is not of its type: the row was tampered with.
    """
    quote = encode_basestring
    if user_id is None:
        user = "null"
    elif type(user_id) is int:
        user = str(user_id)
    else:
        raise TypeError
    return (
        f'{{"actor":{quote(actor)},"address":{quote(address)},"at":{quote(at)},'
        f'"event":{quote(event)},"facts":{facts},"origin":{quote(origin)},'
        f'"request_id":{quote(request_id)},"seq":{seq},"subject":{quote(subject)},'
        f'"user_id":{user}}}'
    )


def chain_hash(previous: bytes, line: bytes) -> bytes:
    """Return the hash of a line, given the hash before it."""
    return hashlib.sha256(previous + line).digest()


def moment_text(at: datetime) -> str:
    """Return the moment as it is hashed and stored: UTC, microseconds, Z; sorts as text.

    Raises:
        ValueError: the moment is naive.
    """
    if at.tzinfo is None:
        raise ValueError(at)
    return at.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
