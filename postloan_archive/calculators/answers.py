"""Asking the rules behind a calculator page, and writing their answers for people."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from postloan_archive.calculators.compute import explain_outcome, result_of, run_function
from postloan_archive.calculators.entries import Filled, Texts, fill
from postloan_archive.calculators.faults import RequestError
from postloan_archive.calculators.functions import Form, Function, Ground, Outcome, Shape
from postloan_archive.calculators.sheets import Sheet
from postloan_archive.cases.rules.small_claims import SmallClaims
from postloan_archive.kernel.errors import _l
from postloan_archive.kernel.law import Citation, Confidence
from postloan_archive.loans.rules.guarantee import Treatment

WORDS: Final[Mapping[str, str]] = {  # results that are codes
    SmallClaims.MANDATORY: _l("应当适用"),
    SmallClaims.BY_AGREEMENT: _l("当事人约定后可以适用"),
    SmallClaims.NOT_AVAILABLE: _l("不适用"),
    Treatment.AGREED: _l("有约定"),
    Treatment.NOT_AGREED: _l("没有约定"),
    Treatment.NOT_CLEAR: _l("约定不明确"),
    "known": _l("已公布"),
    "unknown": _l("未公布"),
}
ROW_LABELS: Final = {
    "kind": _l("项目"),
    "base": _l("基数（元）"),
    "rate_pct": _l("年利率（%）"),
    "start": _l("起（含）"),
    "end": _l("止（不含）"),
    "days": _l("天数"),
    "amount": _l("金额（元）"),
    "act": _l("要办的事"),
    "who": _l("谁"),
    "day": _l("法定末日"),
    "safe": _l("安全日"),
    "rule": _l("规则"),
    "basis": _l("依据"),
    "event": _l("事由"),
    "on": _l("日期"),
    "verdict": _l("结论"),
}
ROW_MONEY: Final = frozenset({"base", "amount"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """One member of an answer; `rows` where it is a table of mappings."""

    label: str
    text: str
    money: bool
    rows: tuple[Mapping[str, object], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """What one rule says; `reference` where a provision of it is not verified."""

    name: str
    label: str
    rules: tuple[str, ...]
    results: tuple[Result, ...]
    basis: tuple[Citation, ...]
    steps: tuple[str, ...]
    edition: str
    reference: bool
    copy: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """A page that was filled in: answers, or what is wrong with the entries.

    `general` holds refusals that no single field causes.
    """

    answers: tuple[Answered, ...]
    faults: Mapping[str, str]
    general: tuple[str, ...]


def reply_to(sheet: Sheet, form: Form | None, texts: Texts, ground: Ground) -> Reply:
    """Return what the rules of a page say about the entries.

    Args:
        sheet: the page.
        form: the chosen form where a function has several.
        texts: what was typed.
        ground: working days and settings of the installation.
    """
    fields = sheet.fields(form)
    filled = fill(fields, texts)
    faults, general = dict(filled.faults), []
    needed = {one.name for one in fields if one.required} if form else sheet.needed()
    faults |= {name: _l("请填写。") for name in filled.blank & needed}
    answers = []
    for function in sheet.asked:
        asked = _input_of(function, form, filled)
        if asked is None or any(name in faults for name in _names(function, form)):
            continue
        try:
            outcome = run_function(function, asked, ground)
        except RequestError as error:
            at = _top(error.fault.field)
            if at in {one.name for one in fields}:
                faults[at] = error.fault.message
            else:
                general.append(error.fault.message)
            continue
        answers.append(_answered(function, outcome, asked))
    if not answers and not faults and not general:
        general.append(_l("请至少填全一项计算所需的内容。"))
    return Reply(answers=tuple(answers), faults=faults, general=tuple(general))


def _names(function: Function, form: Form | None) -> tuple[str, ...]:
    return tuple(one.name for one in (form or function.forms[0]).fields)


def _input_of(
    function: Function, form: Form | None, filled: Filled
) -> dict[str, object] | None:
    """Return the input of one function, None where a required field of it is blank."""
    fields = (form or function.forms[0]).fields
    if any(one.required and one.name in filled.blank for one in fields):
        return None
    return {one.name: filled.given[one.name] for one in fields if one.name in filled.given}


def _top(path: str | None) -> str:
    """Return the field of the form that a path such as `segments[0].start` belongs to."""
    return (path or "").partition("[")[0].partition(".")[0]


def _answered(function: Function, outcome: Outcome, asked: dict[str, object]) -> Answered:
    found = result_of(function, outcome)
    results = tuple(
        _result(member.label, found[member.name], money=member.shape is Shape.MONEY)
        for member in function.results
        if member.name in found
    )
    basis = tuple(dict.fromkeys(outcome.basis))
    return Answered(
        name=function.name,
        label=function.label,
        rules=function.rules,
        results=results,
        basis=basis,
        steps=outcome.steps,
        edition=outcome.edition,
        reference=any(one.confidence is Confidence.MEMORY for one in basis),
        copy=explain_outcome(function, outcome, asked),
    )


def _result(label: str, value: object, *, money: bool) -> Result:
    if isinstance(value, list) and value and isinstance(value[0], Mapping):
        rows = tuple(
            {
                name: Decimal(str(item)) if name in ROW_MONEY else item
                for name, item in row.items()
            }
            for row in value
        )
        return Result(label=label, text="", money=False, rows=rows)
    return Result(label=label, text=_text(value, money=money), money=money)


def _text(value: object, *, money: bool) -> str:
    match value:
        case None:
            return _l("无")
        case bool():
            return _l("是") if value else _l("否")
        case list() | tuple():
            return _joined(value, money=money)
        case dict():
            return "，".join(_text(item, money=money) for item in value.values())
        case _ if money:
            return f"{Decimal(str(value)):,.2f}"
        case _:
            return WORDS.get(str(value), str(value))


def _joined(value: Iterable[object], *, money: bool) -> str:
    return "、".join(_text(item, money=money) for item in value) or _l("无")
