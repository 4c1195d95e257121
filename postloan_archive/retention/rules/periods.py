"""Which retention classes apply to a loan file and when the longest ends (R-I07, R-I08)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from postloan_archive.archive.rules.retention import (
    APPRAISAL,
    check_years,
    retention,
)
from postloan_archive.kernel.errors import RuleError, _l
from postloan_archive.kernel.law import Citation, Confidence, Derived
from postloan_archive.kernel.statutes import HOUSE_RULE

CLASSES: Final = HOUSE_RULE.at(
    "归档范围和保管期限表（须经批准）", rule="R-I07", confidence=Confidence.MEMORY
)
LONGEST_YEARS: Final = 100  # a longer period is written as permanent


class RetentionClass(StrEnum):
    """The lines of the bank's retention table that concern loan files."""

    PERSONAL = "personal"
    CORPORATE = "corporate"
    SECURED = "secured"
    TROUBLED = "troubled"


CLASS_WORDS: Final[Mapping[RetentionClass, str]] = {
    RetentionClass.PERSONAL: _l("个人贷款"),
    RetentionClass.CORPORATE: _l("对公贷款"),
    RetentionClass.SECURED: _l("抵押、质押贷款"),
    RetentionClass.TROUBLED: _l("不良、诉讼、核销、抵债"),
}
STANDARD_YEARS: Final[Mapping[RetentionClass, int | None]] = {
    RetentionClass.PERSONAL: 15,
    RetentionClass.CORPORATE: 30,
    RetentionClass.SECURED: 30,
    RetentionClass.TROUBLED: 30,
}
TROUBLED_CLASSES: Final = frozenset({"次级", "可疑", "损失"})


class RetentionYearsError(RuleError):
    """A period that no table could hold."""

    field = "years"

    def __init__(self, *, years: int) -> None:
        super().__init__(
            _l("保管期限 {years} 年超出 {longest} 年；更长的请选永久。"),
            basis=CLASSES,
            years=years,
            longest=LONGEST_YEARS,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class RetentionFacts:
    """What decides on the period of a loan file.

    Attributes:
        company: the borrower is a company.
        secured: there is collateral.
        in_court: a case was opened on the loan, whatever came of it.
        risk_class: the class of the loan, five words.
        ends: what ends the relationship, each with its words; None: has not happened.
        extended_to: the last day that an appraisal has set instead; None: none has.
        kept_for_ever: an appraisal has decided so.
    """

    company: bool
    secured: bool
    in_court: bool
    risk_class: str
    ends: tuple[tuple[str, date | None], ...]
    extended_to: date | None = None
    kept_for_ever: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """The period of a loan file.

    Attributes:
        classes: those that apply, each with its years (None: permanent), the longest first.
        started_from: the latest of the ending events; None while one is open.
        end: last day, included; None: permanent, or not begun.
        permanent: it never ends.
    """

    classes: tuple[tuple[RetentionClass, int | None], ...]
    started_from: date | None
    end: date | None
    permanent: bool


def check_table(years: Mapping[RetentionClass, int | None]) -> None:
    """Refuse a table below the statutory floor or beyond what can be reckoned.

    Raises:
        RetentionTooShortError: fewer than ten years.
        RetentionYearsError: more than a hundred.
    """
    for one in years.values():
        check_years(one)
        if one is not None and one > LONGEST_YEARS:
            raise RetentionYearsError(years=one)


def classes_of(facts: RetentionFacts) -> tuple[RetentionClass, ...]:
    """Return the lines of the table that apply to a loan file."""
    found = [RetentionClass.CORPORATE if facts.company else RetentionClass.PERSONAL]
    if facts.secured:
        found.append(RetentionClass.SECURED)
    if facts.in_court or facts.risk_class in TROUBLED_CLASSES:
        found.append(RetentionClass.TROUBLED)
    return tuple(found)


def period_of(
    facts: RetentionFacts, table: Mapping[RetentionClass, int | None]
) -> Derived[Period]:
    """Return when the longest applicable period ends (R-I07: longest wins)."""
    classes = sorted(
        ((one, table[one]) for one in classes_of(facts)), key=lambda pair: -_weight(pair[1])
    )
    steps = [
        f"适用：{CLASS_WORDS[one]} {'永久' if years is None else f'{years} 年'}"
        for one, years in classes
    ]
    open_ends = [words for words, day in facts.ends if day is None]
    days = [(day, words) for words, day in facts.ends if day is not None]
    started = None if open_ends or not days else max(days)[0]
    steps += [f"{words}：{day}" for day, words in sorted(days)]
    steps += [f"{words}：尚未发生，期限未起算" for words in open_ends]
    longest = classes[0][1]
    permanent = longest is None or facts.kept_for_ever
    end = None
    basis: tuple[Citation, ...] = (CLASSES, APPRAISAL)
    if permanent:
        steps.append("鉴定决定永久保管" if facts.kept_for_ever else "最长者为永久，永久保管")
    elif started is not None:
        period = retention(started, longest)
        end, basis = period.value, (CLASSES, *period.basis)
        steps += [f"取最长者 {longest} 年", *period.steps]
        if facts.extended_to is not None and end is not None and facts.extended_to > end:
            end = facts.extended_to
            steps.append(f"经鉴定延长至 {end}")
    return Derived(
        value=Period(
            classes=tuple(classes), started_from=started, end=end, permanent=permanent
        ),
        basis=basis,
        steps=tuple(steps),
    )


def _weight(years: int | None) -> int:
    return LONGEST_YEARS + 1 if years is None else years


class Block(StrEnum):
    """What stops the destruction of a loan file."""

    UNSETTLED = "unsettled"
    OPEN_CASE = "open_case"
    OPEN_MEASURE = "open_measure"
    HOLD = "hold"
    LENT = "lent"
    PERMANENT = "permanent"
    NOT_EXPIRED = "not_expired"
    NOT_APPRAISED = "not_appraised"
    RESTORED = "restored"
    DESTROYED = "destroyed"


BLOCK_WORDS: Final[Mapping[Block, str]] = {
    Block.UNSETTLED: _l("贷款尚未结清"),
    Block.OPEN_CASE: _l("案件尚未结案"),
    Block.OPEN_MEASURE: _l("保全措施尚未解除"),
    Block.HOLD: _l("有保留事项"),
    Block.LENT: _l("原件借出未还"),
    Block.PERMANENT: _l("永久保管"),
    Block.NOT_EXPIRED: _l("保管期限尚未届满"),
    Block.NOT_APPRAISED: _l("尚未鉴定为销毁"),
    Block.RESTORED: _l("系统由备份恢复，保留事项尚未复核"),
    Block.DESTROYED: _l("已经销毁"),
}
BEFORE_APPRAISAL: Final = frozenset({Block.NOT_APPRAISED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Circumstances:
    """What may stand in the way besides the period; the texts name the things."""

    unsettled: bool
    open_cases: tuple[str, ...] = ()
    open_measures: tuple[str, ...] = ()
    holds: tuple[str, ...] = ()
    lent: tuple[str, ...] = ()
    appraised: bool = False
    restored: bool = False
    destroyed: bool = False


def blocks_of(
    period: Period, around: Circumstances, today: date
) -> tuple[tuple[Block, str], ...]:
    """Return everything that stops the destruction, each with what it names (R-I08).

    Nothing: the file may be destroyed by the two persons and under supervision.
    """
    named = (
        (Block.OPEN_CASE, around.open_cases),
        (Block.OPEN_MEASURE, around.open_measures),
        (Block.HOLD, around.holds),
        (Block.LENT, around.lent),
    )
    found: list[tuple[Block, str]] = []
    if around.destroyed:
        return ((Block.DESTROYED, ""),)
    if around.unsettled:
        found.append((Block.UNSETTLED, ""))
    found += [(block, "、".join(names)) for block, names in named if names]
    if period.permanent:
        found.append((Block.PERMANENT, ""))
    elif period.end is None or today <= period.end:
        found.append((Block.NOT_EXPIRED, period.end.isoformat() if period.end else ""))
    if not around.appraised:
        found.append((Block.NOT_APPRAISED, ""))
    if around.restored:
        found.append((Block.RESTORED, ""))
    return tuple(found)


def sentence_of(blocks: Iterable[tuple[Block, str]]) -> str:
    """Return what stops the destruction as one Chinese text."""
    return "；".join(
        f"{BLOCK_WORDS[block]}（{named}）" if named else BLOCK_WORDS[block]
        for block, named in blocks
    )
