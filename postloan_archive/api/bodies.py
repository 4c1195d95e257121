"""How the API reads: a JSON object becomes a frozen command, or every fault is named."""

import types
from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from difflib import get_close_matches
from enum import StrEnum
from typing import Any, Final, TypeVar, Union, get_args, get_origin, get_type_hints

from flask import request

from postloan_archive.kernel.entries import read_amount, read_date
from postloan_archive.kernel.errors import PostloanError, RuleError, _l
from postloan_archive.web.bounds import LARGEST_ID

T = TypeVar("T")


class BodyError(RuleError):
    """The body is not the JSON object that the step takes."""

    def __init__(self, *, faults: list[str]) -> None:
        super().__init__(_l("请求内容有误：{faults}"), faults="；".join(faults))


class UnfitError(RuleError):
    """A value is not of the kind that its field takes."""

    def __init__(self, *, wanted: str) -> None:
        super().__init__(_l("{wanted}"), wanted=wanted)


def read_body(command: type[T], **known: object) -> T:
    """Return the command made of the body and of what the address says.

    Args:
        command: a frozen dataclass.
        known: fields that the body must not name.

    Raises:
        BodyError: unknown, missing or unreadable fields; all are named at once.
    """
    given = request.get_json(silent=True)
    if not isinstance(given, dict):
        raise BodyError(faults=["应为一个 JSON 对象"])
    return _made(command, given, known)


def _made(command: type[T], given: dict[str, object], known: Mapping[str, object]) -> T:
    types_of = get_type_hints(command)
    wanted = {one.name: one for one in fields(command) if one.name not in known}  # type: ignore[arg-type]
    faults = [_unknown(name, list(wanted)) for name in given if name not in wanted]
    values: dict[str, object] = dict(known)
    for name, field in wanted.items():
        if name in given:
            try:
                values[name] = _read(given[name], types_of[name])
            except (ValueError, PostloanError) as error:
                faults.append(f"{name}：{error}")
        elif field.default is MISSING and field.default_factory is MISSING:
            faults.append(f"缺少 {name}")
    if faults:
        raise BodyError(faults=faults)
    return command(**values)


def schema_of(command: type, known: frozenset[str] = frozenset()) -> dict[str, object]:
    """Return the JSON schema of the body of a command."""
    types_of = get_type_hints(command)
    wanted = [one for one in fields(command) if one.name not in known]
    return {
        "type": "object",
        "additionalProperties": False,
        "properties": {one.name: _schema(types_of[one.name]) for one in wanted},
        "required": [
            one.name
            for one in wanted
            if one.default is MISSING and one.default_factory is MISSING
        ],
    }


def _unknown(name: str, wanted: list[str]) -> str:
    near = get_close_matches(name, wanted, n=1)
    return f"没有字段 {name}" + (f"，是否 {near[0]}" if near else "")


def _read(value: object, kind: Any) -> object:  # noqa: ANN401 - a type is data here
    origin, inner = get_origin(kind), get_args(kind)
    if origin in {Union, types.UnionType}:
        if value is None and type(None) in inner:
            return None
        return _read(value, next(one for one in inner if one is not type(None)))
    if origin in {tuple, frozenset, list}:
        if not isinstance(value, list):
            raise UnfitError(wanted="应为数组")
        return origin(_read(one, inner[0]) for one in value)
    if origin in {Mapping, dict} or is_dataclass(kind):
        return _read_object(_object(value), kind)
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        if value not in set(kind):
            raise UnfitError(wanted="可选：" + "、".join(kind))
        return kind(str(value))
    return READERS.get(origin or kind, _text)(value)


def _read_object(given: dict[str, object], kind: Any) -> object:  # noqa: ANN401 - as above
    if is_dataclass(kind) and isinstance(kind, type):
        return _made(kind, given, {})
    return {name: _read(one, get_args(kind)[1]) for name, one in given.items()}


def _date(value: object) -> date:
    return read_date(_text(value))


def _moment(value: object) -> datetime:
    moment = datetime.fromisoformat(_text(value))
    if moment.tzinfo is None:
        raise UnfitError(wanted="时刻须带时区")
    return moment


def _amount(value: object) -> Decimal:
    if isinstance(value, float | bool):
        raise UnfitError(wanted="金额须写成字符串")
    return read_amount(str(value))


def _bool(value: object) -> bool:
    if not isinstance(value, bool):
        raise UnfitError(wanted="应为 true 或 false")
    return value


def _int(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise UnfitError(wanted="应为整数")
    if abs(value) > LARGEST_ID:
        raise UnfitError(wanted=f"应为不超过 {LARGEST_ID} 的整数")
    return value


def _object(value: object) -> dict[str, object]:
    if not isinstance(value, dict):
        raise UnfitError(wanted="应为对象")
    return value


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise UnfitError(wanted="应为文字")
    if "\0" in value:
        raise UnfitError(wanted="文字中不能有空字符")
    return value


READERS: Final[dict[Any, Callable[[object], object]]] = {
    date: _date,
    datetime: _moment,
    Decimal: _amount,
    bool: _bool,
    int: _int,
    dict: _object,
}


def _schema(kind: Any) -> dict[str, object]:  # noqa: ANN401 - a type is data here
    origin, inner = get_origin(kind), get_args(kind)
    if origin in {Union, types.UnionType}:
        found = _schema(next(one for one in inner if one is not type(None)))
        return found | {"nullable": True} if type(None) in inner else found
    if origin in {tuple, frozenset, list}:
        return {"type": "array", "items": _schema(inner[0])}
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        return {"type": "string", "enum": [str(one) for one in kind]}
    named: dict[object, dict[str, object]] = {
        date: {"type": "string", "format": "date"},
        datetime: {"type": "string", "format": "date-time"},
        Decimal: {"type": "string", "format": "decimal"},
        bool: {"type": "boolean"},
        int: {"type": "integer"},
    }
    if origin in {dict, Mapping}:
        return {"type": "object"}
    if isinstance(kind, type) and is_dataclass(kind):
        return schema_of(kind)
    return named.get(kind, {"type": "string"})
