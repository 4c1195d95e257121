"""Penalty interest and compound interest (R-F06 to R-F08)."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Final

from postloan_archive.kernel.errors import RuleError, _l
from postloan_archive.kernel.law import Citation, Confidence, Derived
from postloan_archive.kernel.money import yuan
from postloan_archive.loans.rules.interest import (
    HEAD_NOT_TAIL,
    PERCENT,
    days_between,
    formula,
    plain,
    simple,
)

NOTICE_251: Final = "关于人民币贷款利率有关问题的通知（银发〔2003〕251号）"
PENALTY: Final = Citation(
    law=NOTICE_251, article="第三条（逾期加收30%—50%）", rule="R-F06",
    confidence=Confidence.MEMORY, in_force_from=date(2004, 1, 1),
)  # fmt: skip
MISUSE: Final = Citation(
    law=NOTICE_251, article="第三条（挪用加收50%—100%，择其重，不并处）", rule="R-F07",
    confidence=Confidence.MEMORY, in_force_from=date(2004, 1, 1),
)  # fmt: skip
COMPOUND: Final = Citation(
    law="人民币利率管理规定", article="第二十条、第二十一条", rule="R-F08",
    confidence=Confidence.MEMORY,
)  # fmt: skip


class UpliftKind(StrEnum):
    """What the surcharge on the contract rate is for."""

    OVERDUE = "overdue"
    MISUSE = "misuse"


USUAL_UPLIFT: Final = {  # percent of the contract rate, both ends included
    UpliftKind.OVERDUE: (Decimal(30), Decimal(50)),
    UpliftKind.MISUSE: (Decimal(50), Decimal(100)),
}


class MisuseUpliftMissingError(RuleError):
    """The funds were misused and the surcharge for it is not given."""

    field = "misuse_uplift_pct"

    def __init__(self) -> None:
        super().__init__(_l("已标记挪用，须填写挪用的加收比例。"), basis=MISUSE)


@dataclass(frozen=True, slots=True, kw_only=True)
class UpliftCheck:
    """Whether a surcharge lies in the usual range, and the range as `low..high` percent."""

    valid: bool
    allowed: str


def penalty_uplift_check(uplift_pct: Decimal, kind: UpliftKind) -> Derived[UpliftCheck]:
    """Return whether the surcharge lies within the range, both ends included (R-F06, R-F07)."""
    low, high = USUAL_UPLIFT[kind]
    valid = low <= uplift_pct <= high
    return Derived(
        value=UpliftCheck(valid=valid, allowed=f"{low}..{high}"),
        basis=(PENALTY if kind is UpliftKind.OVERDUE else MISUSE,),
        steps=(
            f"加收 {plain(uplift_pct)}%，通常 {low}%—{high}%",
            "在通常范围内" if valid else "不在通常范围内",
        ),
    )


def penalty_rate(
    contract_rate_pct: Decimal, uplift_pct: Decimal, misuse_uplift_pct: Decimal | None = None
) -> Decimal:
    """Return the penalty rate, percent a year, exact; of two surcharges the heavier (R-F07)."""
    uplift = uplift_pct if misuse_uplift_pct is None else max(uplift_pct, misuse_uplift_pct)
    return contract_rate_pct * (PERCENT + uplift) / PERCENT


@dataclass(frozen=True, slots=True, kw_only=True)
class Penalty:
    """Penalty interest of one period.

    Attributes:
        penalty_rate_pct: percent a year, never rounded.
        days: actual days.
        penalty: yuan, rounded once.
        warnings: Chinese sentences on surcharges outside the usual range.
    """

    penalty_rate_pct: Decimal
    days: int
    penalty: Decimal
    warnings: tuple[str, ...] = ()


def penalty(
    principal: Decimal,
    contract_rate_pct: Decimal,
    uplift_pct: Decimal,
    due: date,
    end: date,
    basis: int,
    *,
    misused: bool = False,
    misuse_uplift_pct: Decimal | None = None,
) -> Derived[Penalty]:
    """Return penalty interest of `[due, end)` on overdue principal (R-F06, R-F07).

    Raises:
        EndBeforeStartError: `end` lies before `due`.
        MisuseUpliftMissingError: `misused` without its surcharge.
    """
    if misused and misuse_uplift_pct is None:
        raise MisuseUpliftMissingError
    misuse = misuse_uplift_pct if misused else None
    rate = penalty_rate(contract_rate_pct, uplift_pct, misuse)
    days = days_between(due, end)
    amount = yuan(simple(principal, rate, days, basis))
    warnings = [
        f"{name}加收比例 {plain(given)}% 不在通常范围 {check.value.allowed}"
        for name, given, kind in (
            ("逾期", uplift_pct, UpliftKind.OVERDUE),
            ("挪用", misuse, UpliftKind.MISUSE),
        )
        if given is not None and not (check := penalty_uplift_check(given, kind)).value.valid
    ]
    chosen = (
        f"逾期加收 {plain(uplift_pct)}%"
        if misuse is None
        else f"逾期加收 {plain(uplift_pct)}% 与挪用加收 {plain(misuse)}% 择其重，不并处"
    )
    return Derived(
        value=Penalty(
            penalty_rate_pct=rate, days=days, penalty=amount, warnings=tuple(warnings)
        ),
        basis=(PENALTY, HEAD_NOT_TAIL) if misuse is None else (PENALTY, MISUSE, HEAD_NOT_TAIL),
        steps=(
            f"{chosen}：{plain(contract_rate_pct)}% → 年利率 {plain(rate)}%",
            f"自 {due}（含）至 {end}（不含），实际 {days} 天",
            formula(principal, rate, days, basis, amount),
            *warnings,
        ),
    )


def compound(
    unpaid_interest: Decimal, rate_pct: Decimal, days: int, basis: int
) -> Derived[Decimal]:
    """Return compound interest in yuan: simple, on unpaid in-term interest only (R-F08)."""
    amount = yuan(simple(unpaid_interest, rate_pct, days, basis))
    return Derived(
        value=amount,
        basis=(COMPOUND,),
        steps=(formula(unpaid_interest, rate_pct, days, basis, amount),),
    )


def compound_base(
    in_term_interest_unpaid: Decimal, penalty_unpaid: Decimal, compound_unpaid: Decimal
) -> Derived[Decimal]:
    """Return the base of compound interest: never penalty, never compound interest (R-F08)."""
    return Derived(
        value=yuan(in_term_interest_unpaid),
        basis=(COMPOUND,),
        steps=(
            (
                f"只以未付期内利息 {in_term_interest_unpaid:,} 元为基数；"
                f"罚息 {penalty_unpaid:,} 元和复利 {compound_unpaid:,} 元不计复利"
            ),
        ),
    )
