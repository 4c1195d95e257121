"""Answering requests: one JSON line in, one answer out; a bad line never stops the next."""

import json
from collections.abc import Iterable, Iterator
from decimal import Context, Decimal, localcontext
from typing import Final

from postloan_archive.calculators.faults import (
    Fault,
    RequestError,
    bad_json,
    bad_value,
    missing_field,
    unknown_field,
    unknown_function,
)
from postloan_archive.calculators.fields import CALENDAR
from postloan_archive.calculators.functions import Function, Ground, Outcome, written
from postloan_archive.calculators.kinds import read_members
from postloan_archive.calculators.registry import FUNCTIONS
from postloan_archive.kernel.errors import RuleError

ENVELOPE: Final = ("fn", "input")
INT_DIGITS: Final = 4000  # longer integers are read as decimals; no rule takes one
PRECISION: Final = 300  # digits: every product of an input is exact, a quotient rounds once
MOST_CHARACTERS: Final = 1_000_000  # of one line
TWICE: Final = "JSON 对象中有重复的字段。"
TOO_LONG: Final = "这一行过长。"
NOT_JSON: Final = "这一行不是有效的 JSON。"
NO_OBJECT: Final = "这一行不是 JSON 对象。"
NO_NAME: Final = "fn 应为函数名称。"
NO_INPUT: Final = "input 应为 JSON 对象。"
OUT_OF_RANGE: Final = "结果超出可计算的范围。"
NOT_FINITE: Final = "NaN 和 Infinity 不是有效的 JSON 数。"

Answer = dict[str, object]


def _pairs(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """Refuse a member that is written twice: which of the two is meant cannot be known."""
    members = dict(pairs)
    if len(members) != len(pairs):
        raise bad_json(TWICE)
    return members


def _constant(name: str) -> object:
    del name
    raise bad_json(NOT_FINITE)


def _integer(digits: str) -> int | Decimal:
    return int(digits) if len(digits) <= INT_DIGITS else Decimal(digits)


def read_request(line: str | bytes) -> dict[str, object]:
    """Return the JSON object of one line, numbers as they are written.

    Raises:
        RequestError: it is no JSON object, holds a member twice, NaN or an infinity.
    """
    if len(line) > MOST_CHARACTERS:
        raise bad_json(TOO_LONG)
    try:
        text = line.decode("utf-8-sig") if isinstance(line, bytes) else line.lstrip("\ufeff")
        request = json.loads(
            text,
            parse_float=Decimal,
            parse_int=_integer,
            parse_constant=_constant,
            object_pairs_hook=_pairs,
        )
    except (ValueError, ArithmeticError, RecursionError) as error:
        raise bad_json(NOT_JSON) from error
    if not isinstance(request, dict):
        raise bad_json(NO_OBJECT)
    return request


def _function(request: dict[str, object]) -> tuple[Function, dict[str, object]]:
    """Return the function asked for and the raw input."""
    for member in request:
        if member not in ENVELOPE:
            raise unknown_field(member, ENVELOPE)
    for member in ENVELOPE:
        if member not in request:
            raise missing_field(member)
    name, given = request["fn"], request["input"]
    if not isinstance(name, str):
        raise bad_value("fn", NO_NAME)
    if name not in FUNCTIONS:
        raise unknown_function(name, FUNCTIONS)
    if not isinstance(given, dict):
        raise bad_value("input", NO_INPUT)
    return FUNCTIONS[name], given


def run(request: dict[str, object], ground: Ground | None = None) -> tuple[Function, Outcome]:
    """Return what the rule says, with the function that was asked.

    Args:
        request: function and input.
        ground: working days and settings of the installation; None: the published years and
            the standard settings.

    Raises:
        RequestError: the request is refused; no result is guessed.
    """
    function, given = _function(request)
    return function, run_function(function, given, ground)


def run_function(
    function: Function, given: dict[str, object], ground: Ground | None = None
) -> Outcome:
    """Return what one rule says about an input; arguments and refusals as for `run`."""
    form = function.form(given)
    values = read_members(given, form.fields)
    names = {field.name for field in form.fields}
    if ground is not None:
        if CALENDAR.name in names or function.takes_calendar:
            values["calendar"] = ground.calendar
        if function.takes_policy:
            values["policy"] = ground.policy
    try:
        with localcontext(Context(prec=PRECISION)):
            return function.run(values)
    except RequestError:
        raise
    except RuleError as error:
        field = error.field if error.field in names else None
        raise bad_value(field, str(error)) from error
    except (ArithmeticError, ValueError) as error:
        raise bad_value(None, OUT_OF_RANGE) from error


def result_of(function: Function, outcome: Outcome) -> Answer:
    """Return the result as JSON writes it; members that are not optional are always there."""
    return {
        member.name: written(outcome.values[member.name], member.shape)
        for member in function.results
        if not member.optional or member.name in outcome.values
    }


def error_of(fault: Fault) -> Answer:
    """Return a refusal as JSON writes it."""
    return {
        "error": {
            "code": fault.code.value,
            "field": fault.field,
            "message": fault.message,
            "nearest": fault.nearest,
        }
    }


def answer(request: dict[str, object]) -> Answer:
    """Return the answer to one request, result or error."""
    try:
        function, outcome = run(request)
    except RequestError as error:
        return error_of(error.fault)
    return {
        "result": result_of(function, outcome),
        "basis": [str(citation) for citation in outcome.basis],
    }


def compute_lines(lines: Iterable[str | bytes]) -> Iterator[Answer]:
    """Yield one answer per line that is not blank, in the same order."""
    for line in lines:
        if not line.strip():
            continue
        try:
            request = read_request(line)
        except RequestError as error:
            yield error_of(error.fault)
        else:
            yield answer(request)


def explain(request: dict[str, object]) -> str:
    """Return the derivation in Chinese: input, steps, result, provisions; or the refusal."""
    try:
        function, outcome = run(request)
    except RequestError as error:
        fault = error.fault
        lines = [f"拒绝计算：{fault.message}"]
        if fault.field:
            lines.append(f"字段：{fault.field}")
        if fault.nearest:
            lines.append(f"是否指：{fault.nearest}")
        return "\n".join(lines)
    given = request["input"]
    assert isinstance(given, dict)  # `run` has seen to it
    return explain_outcome(function, outcome, given)


def explain_outcome(function: Function, outcome: Outcome, given: dict[str, object]) -> str:
    """Return an answer in Chinese: input, steps, result, provisions."""
    labels = {field.name: field.label for field in function.form(given).fields}
    result = result_of(function, outcome)
    names = {member.name: member.label for member in function.results}
    lines = [f"{function.label}（{function.name}，规则 {'、'.join(function.rules)}）", "输入："]
    lines += [f"  {labels[name]}：{_words(value)}" for name, value in given.items()]
    lines += ["推导："]
    lines += [f"  {number}. {step}" for number, step in enumerate(outcome.steps, start=1)]
    lines += ["结果："]
    lines += [f"  {names[name]}：{_words(value)}" for name, value in result.items()]
    lines += ["依据："]
    lines += [f"  {citation}" for citation in dict.fromkeys(map(str, outcome.basis))]
    if outcome.edition:
        lines.append(f"规则版本：{outcome.edition}")
    return "\n".join(lines)


def _words(value: object) -> str:
    """Return a JSON value as a Chinese reader expects it."""
    if value is None:
        return "无"
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, list):
        return "、".join(_words(item) for item in value) or "无"
    if isinstance(value, dict):
        return "（" + "，".join(_words(item) for item in value.values()) + "）"
    return str(value)
