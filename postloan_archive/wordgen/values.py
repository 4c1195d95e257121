"""What a letter may be filled with, turned into plain data before a template sees it.

A template walks dicts and lists only. No Python object with attributes ever reaches it, so
there is nothing to climb out of.
"""

import dataclasses
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import Final, cast

from postloan_archive.kernel.errors import RuleError, _l

MAX_DEPTH: Final = 12
MAX_ITEMS: Final = 200_000
PNG: Final = b"\x89PNG\r\n\x1a\n"
JPEG: Final = b"\xff\xd8\xff"


class LetterError(RuleError):
    """A letter could not be filled; the sentence names the field and the place."""


class UnprintableValueError(LetterError):
    """A value is of a kind that cannot be printed, or holds a character no XML may hold."""

    next_step = _l("更正该字段的数据后重试。")

    def __init__(self, *, what: str, reason: str) -> None:
        super().__init__(_l("字段 {what} 的值不能印出：{reason}。"), what=what, reason=reason)


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """An image to print in the line: PNG or JPEG.

    Attributes:
        description: what a screen reader says.
    """

    data: bytes
    width_mm: Decimal | int
    height_mm: Decimal | int
    description: str = ""

    def __post_init__(self) -> None:
        if not self.data.startswith((PNG, JPEG)):
            raise UnprintableValueError(what="Picture", reason=_l("图片不是 PNG 或 JPEG"))
        if not (0 < self.width_mm <= 2_000 and 0 < self.height_mm <= 2_000):  # noqa: PLR2004  # two metres
            raise UnprintableValueError(what="Picture", reason=_l("图片尺寸不合理"))

    @property
    def extension(self) -> str:
        """Return png or jpeg."""
        return "png" if self.data.startswith(PNG) else "jpeg"


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A piece of text with its own looks, for `{{r … }}`.

    Attributes:
        colour: six hexadecimal digits, or empty.
    """

    text: str
    bold: bool = False
    italic: bool = False
    underline: bool = False
    colour: str = ""

    def __post_init__(self) -> None:
        if self.colour and (len(self.colour) != 6 or not _is_hex(self.colour)):  # noqa: PLR2004  # RRGGBB
            raise UnprintableValueError(what="Span", reason=_l("颜色应为六位十六进制数"))


@dataclass(frozen=True, slots=True)
class RichText:
    """Text in pieces with different looks, printed by `{{r … }}`."""

    spans: tuple[Span, ...]


Plain = (
    str | int | Decimal | date | None | Picture | RichText | dict[str, "Plain"] | list["Plain"]
)
_AS_IT_IS: Final = frozenset(
    {str, int, bool, Decimal, date, datetime, type(None), Picture, RichText}
)


def plain_values(values: object) -> dict[str, Plain]:
    """Return a mapping or dataclass as dicts and lists of printable values.

    Raises:
        UnprintableValueError: a value of another kind, nested too deep, or too many of them.
    """
    copier = _Copier()
    plain = copier.copy(values, "", 0)
    if not isinstance(plain, dict):
        raise UnprintableValueError(what="*", reason=_l("应为字段的集合"))
    return plain


class _Copier:
    """Copies one set of values, counting what it copies."""

    __slots__ = ("left",)

    def __init__(self) -> None:
        self.left = MAX_ITEMS

    def copy(self, value: object, path: str, depth: int) -> Plain:
        if type(value) in _AS_IT_IS:
            return value  # type: ignore[return-value]  # the set above is what Plain lists
        if depth > MAX_DEPTH:
            raise UnprintableValueError(what=path, reason=_l("数据嵌套过深"))
        if isinstance(value, Mapping):
            return {
                _key(key, path): self._item(item, f"{path}.{key}" if path else str(key), depth)
                for key, item in value.items()
            }
        if isinstance(value, list | tuple):
            return [self._item(item, path, depth) for item in value]
        names = _field_names(cast("Hashable", type(value)))
        if names is not None:
            return {
                name: self._item(
                    getattr(value, name), f"{path}.{name}" if path else name, depth
                )
                for name in names
            }
        return _scalar(value, path)

    def _item(self, value: object, path: str, depth: int) -> Plain:
        self.left -= 1
        if self.left < 0:
            raise UnprintableValueError(what=path, reason=_l("数据项过多"))
        if type(value) in _AS_IT_IS:
            return value  # type: ignore[return-value]  # as above
        return self.copy(value, path, depth + 1)


def _scalar(value: object, path: str) -> Plain:
    for kind in (str, int, Decimal, datetime, date):
        if isinstance(value, kind):  # an enumeration, Markup or another subclass
            return str(value) if kind is str else value
    raise UnprintableValueError(
        what=path, reason=_l("类型 {kind} 不受支持").format(kind=type(value).__name__)
    )


def _key(key: object, path: str) -> str:
    if not isinstance(key, str):
        raise UnprintableValueError(what=path, reason=_l("字段名应为文字"))
    return key


@cache
def _field_names(kind: Hashable) -> tuple[str, ...] | None:
    if not (isinstance(kind, type) and dataclasses.is_dataclass(kind)):
        return None
    return tuple(spec.name for spec in dataclasses.fields(kind))


def _is_hex(text: str) -> bool:
    return all(sign in "0123456789abcdefABCDEF" for sign in text)
