"""The terms of each kind of disposal: which there are, which must be there, how they read."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any, Final

from postloan_archive.disposal.errors import TermMissingError
from postloan_archive.disposal.rules import ASSET_WORDS, Kind, Owed
from postloan_archive.kernel.entries import read_amount, read_date
from postloan_archive.kernel.errors import RuleError, _l
from postloan_archive.kernel.money import ZERO
from postloan_archive.loans.rules.new_plan import METHOD_WORDS, Method, NewPlan

_RATE: Final = re.compile(r"[0-9]{1,2}(?:\.[0-9]{1,4})?")
_COUNT: Final = re.compile(r"[1-9][0-9]{0,2}")
TRUE: Final = "1"
LONGEST: Final = 500  # characters of a term


class Shape(StrEnum):
    """How a term is written."""

    TEXT = "text"
    DAY = "day"
    AMOUNT = "amount"
    RATE = "rate"
    COUNT = "count"
    CHOICE = "choice"
    FLAG = "flag"


class TermShapeError(RuleError):
    """A term cannot be read as what it is."""

    def __init__(self, *, name: str, words: str, text: str) -> None:
        super().__init__(_l("{words}“{text}”无法识别。"), words=words, text=text[:40])
        self.field = name  # type: ignore[misc]  # one class for all terms


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """One term: its name, its words, how it is written."""

    name: str
    words: str
    shape: Shape = Shape.TEXT
    required: bool = True
    hint: str = ""
    choices: Mapping[str, str] | None = None


def _words(table: Mapping[Any, str]) -> dict[str, str]:
    return {str(key): words for key, words in table.items()}


def _day(name: str, words: str, *, required: bool = True, hint: str = "") -> Term:
    return Term(name=name, words=words, shape=Shape.DAY, required=required, hint=hint)


def _sum(name: str, words: str, *, required: bool = True, hint: str = "") -> Term:
    return Term(name=name, words=words, shape=Shape.AMOUNT, required=required, hint=hint)


_RATE_TERM: Final = Term(
    name="annual_rate",
    words=_l("新年利率（%）"),
    shape=Shape.RATE,
    required=False,
    hint=_l("不变则留空"),
)
_CONSENTS: Final = Term(
    name="consents",
    words=_l("书面同意的保证合同号"),
    required=False,
    hint=_l("以“、”分隔；没有书面同意的，保证期间不变（民法典第695条）"),
)
TERMS: Final[Mapping[Kind, tuple[Term, ...]]] = {
    Kind.EXTENSION: (
        _day("effective_on", _l("协议日"), hint=_l("不晚于原到期日")),
        _day("new_due_on", _l("新到期日")),
        _RATE_TERM,
        _CONSENTS,
    ),
    Kind.RESTRUCTURING: (
        _day("effective_on", _l("协议日")),
        _day("new_due_on", _l("新到期日")),
        Term(
            name="method",
            words=_l("还款方式"),
            shape=Shape.CHOICE,
            choices=_words(METHOD_WORDS),
        ),
        Term(
            name="months",
            words=_l("期数"),
            shape=Shape.COUNT,
            required=False,
            hint=_l("分期偿还的填写"),
        ),
        _day("first_due_on", _l("首期还款日"), required=False, hint=_l("分期偿还的填写")),
        _RATE_TERM,
        _CONSENTS,
    ),
    Kind.RELIEF: (
        _sum("to_interest", _l("减免利息（元）"), required=False),
        _sum("to_penalty", _l("减免罚息（元）"), required=False),
        _sum("to_compound", _l("减免复利（元）"), required=False),
        _sum("to_principal", _l("减免本金（元）"), required=False),
        _sum(
            "pay_amount",
            _l("减免条件：应还金额（元）"),
            required=False,
            hint=_l("批准后须收到的金额；无条件则留空"),
        ),
        _day("pay_by", _l("减免条件：最迟还款日"), required=False),
    ),
    Kind.TRANSFER: (
        Term(name="transferee", words=_l("受让人")),
        Term(name="transferee_contact", words=_l("受让人联系人和电话")),
        Term(name="agreement_no", words=_l("转让协议编号")),
        _day("agreement_on", _l("协议签订日")),
        _day("cutoff_on", _l("转让基准日"), hint=_l("债权金额计算至该日（不含）")),
        _sum("price", _l("转让价款（元）")),
        Term(name="new_pay_account", words=_l("受让人收款账户")),
        Term(
            name="announce",
            words=_l("登报联合公告（债权转让通知暨债务催收）"),
            shape=Shape.FLAG,
            required=False,
        ),
    ),
    Kind.ASSET: (
        Term(
            name="asset_kind",
            words=_l("资产种类"),
            shape=Shape.CHOICE,
            choices=_words(ASSET_WORDS),
        ),
        Term(name="description", words=_l("资产名称和权属")),
        Term(name="location", words=_l("坐落或存放地"), required=False),
        Term(name="source", words=_l("抵债依据"), hint=_l("裁定书文号或抵债协议编号")),
        _sum("value", _l("抵债金额（元）"), hint=_l("裁定或协议载明的抵债金额")),
        Term(name="keeper", words=_l("保管人"), required=False),
    ),
    Kind.WRITE_OFF: (
        Term(name="ground", words=_l("核销依据"), hint=_l("符合的认定条件和证明材料")),
        Term(name="pursuit", words=_l("核销后继续追偿安排")),
    ),
    Kind.BANKRUPTCY: (
        Term(name="court", words=_l("受理法院")),
        Term(name="court_case_no", words=_l("破产案号"), required=False),
        Term(name="administrator", words=_l("管理人和联系方式")),
        _day("accepted_on", _l("受理日"), hint=_l("附利息的债权自受理时起停止计息")),
        _day("announced_on", _l("公告日"), required=False),
        _day("file_by", _l("申报截止日"), hint=_l("以法院公告载明的期限为准")),
        Term(name="secured", words=_l("担保情况"), required=False),
    ),
}


def clean(kind: Kind, given: Mapping[str, str]) -> dict[str, str]:
    """Return the terms as they are kept: days as ISO text, amounts plain; blanks left out.

    Raises:
        TermMissingError: one that must be there is blank; the first one.
        DateEntryError, AmountEntryError, TermShapeError: one cannot be read.
    """
    found: dict[str, str] = {}
    for term in TERMS[kind]:
        text = (given.get(term.name, "") or "").strip()
        if term.shape is not Shape.TEXT:  # a text keeps its marks of punctuation
            text = unicodedata.normalize("NFKC", text).strip()
        if not text:
            if term.required:
                raise TermMissingError(name=term.name, words=term.words)
            continue
        found[term.name] = _read(term, text)
    return found


def _read(term: Term, text: str) -> str:
    found = READ[term.shape](term, text)
    if found is None:
        raise TermShapeError(name=term.name, words=term.words, text=text)
    return found


def _rate(_term: Term, text: str) -> str | None:
    plain = text.removesuffix("%").strip()
    return plain if _RATE.fullmatch(plain) else None


READ: Final[Mapping[Shape, Callable[[Term, str], str | None]]] = {
    Shape.DAY: lambda _term, text: read_date(text).isoformat(),
    Shape.AMOUNT: lambda _term, text: str(read_amount(text)),
    Shape.RATE: _rate,
    Shape.COUNT: lambda _term, text: text if _COUNT.fullmatch(text) else None,
    Shape.CHOICE: lambda term, text: text if text in (term.choices or ()) else None,
    Shape.FLAG: lambda _term, _text: TRUE,
    Shape.TEXT: lambda _term, text: text if len(text) <= LONGEST else None,
}


def day_of(terms: Mapping[str, Any], name: str) -> date | None:
    """Return a term that is a day, None where it is blank."""
    return date.fromisoformat(terms[name]) if terms.get(name) else None


def amount_of(terms: Mapping[str, Any], name: str) -> Decimal:
    """Return a term that is an amount, 0 where it is blank."""
    return Decimal(terms[name]) if terms.get(name) else ZERO


def relief_of(terms: Mapping[str, Any]) -> Owed:
    """Return what a relief remits, by class."""
    return Owed(
        principal=amount_of(terms, "to_principal"),
        interest=amount_of(terms, "to_interest"),
        penalty=amount_of(terms, "to_penalty"),
        compound=amount_of(terms, "to_compound"),
    )


def plan_of(kind: Kind, terms: Mapping[str, Any]) -> NewPlan:
    """Return the new plan that an extension or a restructuring agrees on."""
    effective_on, due_on = day_of(terms, "effective_on"), day_of(terms, "new_due_on")
    assert effective_on is not None
    assert due_on is not None  # `clean` has seen to both
    rate = Decimal(terms["annual_rate"]) if terms.get("annual_rate") else None
    if kind is Kind.EXTENSION:
        return NewPlan(effective_on=effective_on, due_on=due_on, annual_rate_pct=rate)
    return NewPlan(
        effective_on=effective_on,
        due_on=due_on,
        annual_rate_pct=rate,
        method=Method(terms["method"]),
        first_due_on=day_of(terms, "first_due_on"),
        months=int(terms.get("months") or 1),
    )


def shown(kind: Kind, terms: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return the terms as a person reads them: words and value."""
    rows = []
    for term in TERMS[kind]:
        value = terms.get(term.name)
        if not value:
            continue
        if term.shape is Shape.AMOUNT:
            text = f"{Decimal(value):,.2f}"
        elif term.shape is Shape.CHOICE and term.choices:
            text = term.choices[value]
        elif term.shape is Shape.FLAG:
            text = "是"
        elif term.shape is Shape.RATE:
            text = f"{value}%"
        else:
            text = str(value)
        rows.append((term.words, text))
    return rows
