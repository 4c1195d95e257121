"""What the operative part of a judgment or mediation awards, as far as its words say it.

Only what stands after 判决如下 (协议如下, 裁定如下) is read, so that the claims of a party
are not taken for the award. Every figure comes with the words it was read from; a person
compares them.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Final

from postloan_archive.kernel.entries import count_in, read_amount
from postloan_archive.kernel.errors import RuleError
from postloan_archive.kernel.money import ZERO

_OPERATIVE: Final = re.compile(r"(?:判决|协议|裁定|决定)如下[:：]?")
_CLOSING: Final = re.compile(r"如不服本|审判长|审判员|本判决为终审|本调解书经")
_SUM: Final = r"(?:人民币)?([\d,]+(?:\.\d{1,2})?)(万)?元"
_PRINCIPAL: Final = re.compile(r"本金(?:共计|合计)?" + _SUM)
_INTEREST: Final = re.compile(
    r"(?:利息|罚息|复利|违约金)(?:[、及和与](?:利息|罚息|复利|违约金))*"
    r"(?:[(（][^()（）]*[)）])?(?:共计|合计)?" + _SUM
)
_COST: Final = re.compile(
    r"(案件受理费|受理费|财产保全申请费|保全申请费|保全费|申请费|公告费|律师代理费|律师费|鉴定费|评估费)"
    r"(?:减半收取(?:计|为)?)?(?:共计|合计|计|为)?" + _SUM
)
_BORNE: Final = re.compile(r"由[^。;；]*?被告|被告[^。;；]*?(?:负担|承担|支付)")
_DAY: Final = r"(\d{4})年(\d{1,2})月(\d{1,2})日"
_FROM: Final = re.compile(r"自" + _DAY + r"(?:\(含\)|（含）|\(含本日\))?起")
_UP_TO: Final = re.compile(r"(?:计算至|暂计至|计至|截至|截止)" + _DAY)
_RATE: Final = re.compile(r"(?:年利率|年化利率|利率)(?:为|按)?([\d.]{1,7})[%％]")
_PERFORM: Final = re.compile(
    r"生效(?:之日起|后)([一二三四五六七八九十]{1,3}|\d{1,3})(?:个)?日内"
)
HIGHEST: Final = Decimal(36)


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """One term of the award; `words` are those of the paper, without spaces."""

    key: str
    value: Decimal | date | int
    words: str


def award_terms(text: str) -> dict[str, Read]:
    """Return the terms read from a paper of the court, by name.

    Names are those of `Award`, and `performance_days` for 生效之日起 n 日内. What the words do
    not say without doubt is missing. Interest in several items is summed up.
    """
    plain = "".join(unicodedata.normalize("NFKC", text).split())
    start = _OPERATIVE.search(plain)
    if start is None:
        return {}
    body = plain[start.end() :]
    closing = _CLOSING.search(body)
    # Costs are often shared out after the instruction on appeal begins; none of ours does so.
    operative = body[: closing.start()] if closing else body
    return {one.key: one for one in _terms(operative)}


def _terms(body: str) -> Iterator[Read]:
    yield from _sums("principal", _PRINCIPAL, body, first=True)
    yield from _sums("interest", _INTEREST, body)
    yield from _costs(body)
    rate = list(_RATE.finditer(body))
    if rate:
        value = Decimal(rate[-1].group(1)) if rate[-1].group(1).count(".") <= 1 else ZERO
        if ZERO < value <= HIGHEST:
            yield Read(key="rate_pct", value=value, words=_around(body, rate[-1]))
    begin = list(_FROM.finditer(body))
    if begin and (day := _date(begin[-1])):
        yield Read(key="interest_from", value=day, words=_around(body, begin[-1]))
    elif (up_to := _UP_TO.search(body)) and (day := _date(up_to)):
        day += timedelta(days=1)
        yield Read(key="interest_from", value=day, words=_around(body, up_to))
    perform = _PERFORM.search(body)
    if perform and (days := count_in(perform.group(1))):
        yield Read(key="performance_days", value=days, words=_around(body, perform))


def _sums(
    key: str, pattern: re.Pattern[str], body: str, *, first: bool = False
) -> Iterator[Read]:
    found = [(match, amount) for match in pattern.finditer(body) if (amount := _yuan(match, 1))]
    if first:
        found = found[:1]  # later ones quote it as the base of interest
    if found:
        words = "；".join(match.group(0) for match, _amount in found)
        yield Read(key=key, value=sum((one for _m, one in found), ZERO), words=words)


def _costs(body: str) -> Iterator[Read]:
    found = []
    for sentence in re.split(r"[。;；]", body):
        if _BORNE.search(sentence):
            found += [
                (match, amount)
                for match in _COST.finditer(sentence)
                if (amount := _yuan(match, 2))
            ]
    if found:
        words = "；".join(match.group(0) for match, _amount in found)
        yield Read(key="costs", value=sum((one for _m, one in found), ZERO), words=words)


def _yuan(match: re.Match[str], at: int) -> Decimal | None:
    try:
        return read_amount(match.group(at) + (match.group(at + 1) or ""))
    except RuleError:
        return None


def _date(match: re.Match[str]) -> date | None:
    try:
        return date(int(match.group(1)), int(match.group(2)), int(match.group(3)))
    except ValueError:
        return None


def _around(body: str, match: re.Match[str]) -> str:
    return body[max(0, match.start() - 12) : match.end() + 12]
