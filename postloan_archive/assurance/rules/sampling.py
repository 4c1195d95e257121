"""Drawing loan files for an audit: a kept seed draws the same ones again, on any machine."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Final

from postloan_archive.kernel.errors import RuleError, _l

MOST: Final = 1_000
_BITS: Final = 256
LARGE: Final = Decimal(1_000_000)  # yuan
LATE_DAYS: Final = 90
BAD: Final = frozenset({"次级", "可疑", "损失"})


class Method(StrEnum):
    """How loan files are drawn."""

    RANDOM = "random"
    RISK = "risk"


class SampleSizeError(RuleError):
    """How many are to be drawn."""

    field = "wanted"

    def __init__(self, *, wanted: int) -> None:
        super().__init__(
            _l("抽样数量应在 1 至 {most} 之间，而不是 {wanted}。"), wanted=wanted, most=MOST
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A loan file that can be drawn, with its weight (1 or more) and what gave it."""

    number: str
    weight: int = 1
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RiskFacts:
    """What makes a loan file worth a look."""

    number: str
    balance: Decimal
    overdue_days: int
    risk_class: str
    missing: int
    in_court: bool
    exports: int  # of its papers, in the last year


def weighed(facts: RiskFacts) -> Candidate:
    """Return a loan file with its weight: 1, and more for each risk, all named."""
    weight, reasons = 1, []
    for points, holds, words in (
        (3, facts.risk_class in BAD, f"五级分类{facts.risk_class}"),
        (3, facts.overdue_days > LATE_DAYS, f"逾期 {facts.overdue_days} 天"),
        (2, facts.balance >= LARGE, f"余额 {facts.balance} 元"),
        (2, facts.in_court, "涉诉"),
        (min(facts.missing, 4), facts.missing > 0, f"缺件 {facts.missing}"),
        (min(facts.exports, 3), facts.exports > 0, f"导出 {facts.exports} 次"),
    ):
        if holds:
            weight += points
            reasons.append(f"{words}（+{points}）")
    return Candidate(number=facts.number, weight=weight, reasons=tuple(reasons))


def draw(
    candidates: Iterable[Candidate], *, wanted: int, seed: str, method: Method
) -> tuple[Candidate, ...]:
    """Return the drawn loan files, in the order of drawing.

    Each candidate gets a number u in (0, 1) from SHA-256 of seed and its own number, so that
    neither the order of the list nor the machine matters. Random: the smallest u first. By
    risk: the largest u^(1/weight) first, which draws without putting back, in proportion to
    the weights (Efraimidis and Spirakis).

    Raises:
        SampleSizeError: fewer than one or more than a thousand wanted.
    """
    if not 1 <= wanted <= MOST:
        raise SampleSizeError(wanted=wanted)
    found = sorted(candidates, key=lambda one: one.number)
    if method is Method.RANDOM:
        return tuple(sorted(found, key=lambda one: (_share(seed, one.number), one.number)))[
            :wanted
        ]
    return tuple(
        sorted(found, key=lambda one: (_rank(_share(seed, one.number), one.weight), one.number))
    )[:wanted]


def population_digest(candidates: Sequence[Candidate]) -> str:
    """Return the digest of what was drawn from: numbers and weights, in order of number."""
    lines = sorted(f"{one.number}\t{one.weight}\n" for one in candidates)
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def _share(seed: str, number: str) -> Fraction:
    digest = hashlib.sha256(f"{seed}\n{number}".encode()).digest()
    return Fraction(int.from_bytes(digest) + 1, 2**_BITS + 1)


def _rank(share: Fraction, weight: int) -> Decimal:
    """Return -ln(u)/weight: smallest first is the order of u^(1/weight), largest first."""
    value = Decimal(share.numerator) / Decimal(share.denominator)
    return -value.ln() / weight
