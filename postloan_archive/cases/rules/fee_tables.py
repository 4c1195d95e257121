"""The dated fee tables of group E; a new edition is a new entry, never an edit."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from postloan_archive.kernel.errors import RuleError, _l
from postloan_archive.kernel.law import Citation, Confidence

LAW: Final = "诉讼费用交纳办法"
IN_FORCE: Final = date(2007, 4, 1)


def _article(article: str, rule: str, confidence: Confidence = Confidence.VERIFIED) -> Citation:
    return Citation(
        law=LAW, article=article, rule=rule, confidence=confidence, in_force_from=IN_FORCE
    )


FIRST_INSTANCE: Final = _article("第十三条第一款第一项", "R-E01")
HALVED: Final = _article("第十五条、第十六条、第十八条", "R-E03")
PAYMENT_ORDER: Final = _article("第十四条第三项", "R-E04")
OFFSET: Final = _article("第三十六条", "R-E04", Confidence.MEMORY)
PRESERVATION: Final = _article("第十四条第二项", "R-E05")
ENFORCEMENT: Final = _article("第十四条第一项、第二十条第二款", "R-E06")
APPEAL: Final = _article("第十七条", "R-E07")
CLAIM_CHANGED: Final = _article("第二十一条", "R-E09")
ROUNDING: Final = Citation(
    law="本系统默认规则", article="按未取整费用计算、最后四舍五入到分", rule="R-E11",
    confidence=Confidence.MEMORY,
)  # fmt: skip
BANKRUPTCY: Final = _article("第十四条第六项", "R-E13")
FIXED: Final = _article("第十三条、第十四条", "R-E14")


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """One step of a cumulative table: `up_to` inclusive, None for the last; rate a share."""

    up_to: Decimal | None
    rate: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class FeeTable:
    """One edition of a table: a flat fee up to an amount, then bands on what lies above.

    Attributes:
        basis: the provision; its `in_force_from` dates the edition.
        flat: yuan, for every amount up to `flat_up_to`.
        flat_up_to: yuan, inclusive.
        bands: rising; each rate applies to the part of the amount inside its band only.
        cap: yuan, the fee never passes it; None without a ceiling.
    """

    basis: Citation
    flat: Decimal
    flat_up_to: Decimal
    bands: tuple[Band, ...]
    cap: Decimal | None = None

    def parts(self, amount: Decimal) -> Iterator[tuple[Decimal, Decimal, Decimal]]:
        """Yield (lower limit, part above it in yuan, rate) of each band the amount reaches."""
        floor = self.flat_up_to
        for band in self.bands:
            if amount <= floor:
                return
            top = amount if band.up_to is None else min(amount, band.up_to)
            yield floor, top - floor, band.rate
            if band.up_to is not None:
                floor = band.up_to

    def fee(self, amount: Decimal) -> Decimal:
        """Return the fee in yuan, unrounded."""
        fee = self.flat + sum(part * rate for _, part, rate in self.parts(amount))
        return fee if self.cap is None else min(fee, self.cap)

    def steps(self, amount: Decimal) -> tuple[str, ...]:
        """Return the derivation of the unrounded fee in Chinese."""
        lines = [f"不超过 {self.flat_up_to:,} 元的部分：{self.flat} 元"]
        lines += [
            f"超过 {floor:,} 元的部分：{part:,} 元 × {(rate * 100).normalize():f}% "
            f"= {(part * rate).normalize():,f} 元"
            for floor, part, rate in self.parts(amount)
        ]
        if self.cap is not None and self.fee(amount) == self.cap:
            lines.append(f"最高不超过 {self.cap:,} 元")
        lines.append(f"合计（未取整）：{self.fee(amount).normalize():,f} 元")
        return tuple(lines)


def _bands(*bands: tuple[int | None, str]) -> tuple[Band, ...]:
    return tuple(
        Band(up_to=None if top is None else Decimal(top), rate=Decimal(rate))
        for top, rate in bands
    )


COURT_FEES: Final = (  # oldest edition first
    FeeTable(
        basis=FIRST_INSTANCE,
        flat=Decimal(50),
        flat_up_to=Decimal(10_000),
        bands=_bands(
            (100_000, "0.025"),
            (200_000, "0.02"),
            (500_000, "0.015"),
            (1_000_000, "0.01"),
            (2_000_000, "0.009"),
            (5_000_000, "0.008"),
            (10_000_000, "0.007"),
            (20_000_000, "0.006"),
            (None, "0.005"),
        ),
    ),
)
PRESERVATION_FEES: Final = (
    FeeTable(
        basis=PRESERVATION,
        flat=Decimal(30),
        flat_up_to=Decimal(1_000),
        bands=_bands((100_000, "0.01"), (None, "0.005")),
        cap=Decimal(5_000),
    ),
)
ENFORCEMENT_FEES: Final = (
    FeeTable(
        basis=ENFORCEMENT,
        flat=Decimal(50),
        flat_up_to=Decimal(10_000),
        bands=_bands(
            (500_000, "0.015"), (5_000_000, "0.01"), (10_000_000, "0.005"), (None, "0.001")
        ),
    ),
)
BANKRUPTCY_CAP: Final = Decimal(300_000)


@dataclass(frozen=True, slots=True, kw_only=True)
class FixedFee:
    """A fee that does not depend on an amount; a range is fixed by the province (R-E14)."""

    name: str
    lowest: Decimal  # yuan
    highest: Decimal  # yuan


FIXED_FEES: Final = {
    "public_summons": FixedFee(name="公示催告", lowest=Decimal(100), highest=Decimal(100)),
    "set_aside_award": FixedFee(
        name="申请撤销仲裁裁决或者认定仲裁协议效力", lowest=Decimal(400), highest=Decimal(400)
    ),
    "other_non_property": FixedFee(
        name="其他非财产案件", lowest=Decimal(50), highest=Decimal(100)
    ),
    "jurisdiction_rejected": FixedFee(
        name="管辖权异议不成立", lowest=Decimal(50), highest=Decimal(100)
    ),
    "enforcement_without_amount": FixedFee(
        name="执行没有金额", lowest=Decimal(50), highest=Decimal(500)
    ),
    "preservation_without_amount": FixedFee(
        name="保全没有金额", lowest=Decimal(30), highest=Decimal(30)
    ),
}


class NoFeeTableError(RuleError):
    """The day is older than the oldest table."""

    field = "filed_on"

    def __init__(self, *, filed_on: date, oldest: date) -> None:
        super().__init__(
            _l("{filed_on} 早于最早的收费标准施行日 {oldest}，请按当时的规定人工录入。"),
            filed_on=filed_on,
            oldest=oldest,
        )


def edition(tables: tuple[FeeTable, ...], filed_on: date | None) -> FeeTable:
    """Return the table in force on the day; None asks for the newest.

    Raises:
        NoFeeTableError: the day is older than the oldest table.
    """
    if filed_on is None:
        return tables[-1]
    for table in reversed(tables):
        if (since := table.basis.in_force_from) is not None and since <= filed_on:
            return table
    oldest = tables[0].basis.in_force_from
    assert oldest is not None  # every table is dated; a test says so
    raise NoFeeTableError(filed_on=filed_on, oldest=oldest)
