"""What can be wrong with a request; the five codes that callers rely on."""

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from enum import StrEnum
from typing import Final

from postloan_archive.kernel.errors import RuleError, _l

NEAR: Final = 0.3  # below this likeness a suggestion would mislead
SHOWN: Final = 60  # characters of a refused value that a message repeats


class Code(StrEnum):
    """The stable codes of a refused request."""

    BAD_JSON = "bad_json"
    UNKNOWN_FUNCTION = "unknown_function"
    UNKNOWN_FIELD = "unknown_field"
    MISSING_FIELD = "missing_field"
    BAD_VALUE = "bad_value"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """A refused request.

    Attributes:
        code: one of the five.
        field: the input member at fault, None where no single one is.
        message: Chinese sentence.
        nearest: the closest known name or enumeration value, None where that says nothing.
    """

    code: Code
    field: str | None
    message: str
    nearest: str | None = None


class RequestError(RuleError):
    """A request that is not answered: no result is guessed from a bad input."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(_l("{message}"), message=fault.message)
        self.fault: Final = fault


def nearest(word: object, names: Iterable[str]) -> str | None:
    """Return the name that looks most like the word, None if none does."""
    if not isinstance(word, str):
        return None
    folded = {name.casefold(): name for name in names}
    close = get_close_matches(word.strip().casefold(), folded, n=1, cutoff=NEAR)
    return folded[close[0]] if close else None


def shown(value: object) -> str:
    """Return a refused value as a message repeats it."""
    text = str(value).lower() if isinstance(value, bool) else str(value)
    return text if len(text) <= SHOWN else text[:SHOWN] + "…"


def bad_json(reason: str) -> RequestError:
    """Return the refusal of a line that is no request."""
    return RequestError(Fault(code=Code.BAD_JSON, field=None, message=reason))


def unknown_function(name: str, names: Iterable[str]) -> RequestError:
    """Return the refusal of a function that does not exist."""
    return RequestError(
        Fault(
            code=Code.UNKNOWN_FUNCTION,
            field=None,
            message=f"没有名为“{shown(name)}”的函数。",
            nearest=nearest(name, names),
        )
    )


def unknown_field(name: str, names: Iterable[str], *, at: str = "") -> RequestError:
    """Return the refusal of a member nobody knows; `at` is the path of its object."""
    return RequestError(
        Fault(
            code=Code.UNKNOWN_FIELD,
            field=f"{at}{name}",
            message=f"不认识的字段“{shown(name)}”。",
            nearest=nearest(name, names),
        )
    )


def missing_field(field: str, label: str = "") -> RequestError:
    """Return the refusal of a request without a required member."""
    what = f"{field}（{label}）" if label else field
    return RequestError(
        Fault(code=Code.MISSING_FIELD, field=field, message=f"缺少必填字段 {what}。")
    )


def bad_value(field: str | None, reason: str, near: str | None = None) -> RequestError:
    """Return the refusal of a value; the reason is a Chinese sentence."""
    return RequestError(Fault(code=Code.BAD_VALUE, field=field, message=reason, nearest=near))
