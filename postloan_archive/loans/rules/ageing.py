"""How late a loan is: its bucket and the class that overdue days alone set (R-G01, R-G04)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from postloan_archive.kernel.law import Confidence, Derived
from postloan_archive.kernel.statutes import HOUSE_RULE, Statute

CLASSIFICATION_MEASURES: Final = Statute(
    name="商业银行金融资产风险分类办法",
    edition="中国银保监会、中国人民银行令2023年第1号",
    in_force_from=date(2023, 7, 1),
)
BY_OVERDUE_DAYS: Final = CLASSIFICATION_MEASURES.at(
    "逾期天数标准", rule="R-G01", confidence=Confidence.SECONDARY
)
BUCKETS: Final = HOUSE_RULE.at("逾期账龄分段", rule="R-G04", confidence=Confidence.MEMORY)


class RiskClass(StrEnum):
    """The five classes, best first."""

    NORMAL = "正常"
    SPECIAL_MENTION = "关注"
    SUBSTANDARD = "次级"
    DOUBTFUL = "可疑"
    LOSS = "损失"

    @property
    def rank(self) -> int:
        """Return 0 for the best class, 4 for the worst."""
        return list(RiskClass).index(self)


class Grid(StrEnum):
    """Which limits of overdue days apply to the product."""

    LOAN = "loan"
    CREDIT_CARD = "credit_card"


LIMITS: Final[Mapping[Grid, tuple[tuple[int, RiskClass], ...]]] = {  # days, inclusive
    Grid.LOAN: (
        (0, RiskClass.NORMAL),
        (90, RiskClass.SPECIAL_MENTION),
        (270, RiskClass.SUBSTANDARD),
        (360, RiskClass.DOUBTFUL),
    ),
    Grid.CREDIT_CARD: (
        (0, RiskClass.NORMAL),
        (90, RiskClass.SPECIAL_MENTION),
        (120, RiskClass.SUBSTANDARD),
        (180, RiskClass.DOUBTFUL),
    ),
}
TECHNICAL_DAYS: Final = 7  # inclusive
LAST_BUCKET_DAYS: Final = 180  # inclusive
BUCKET_DAYS: Final = 30
BUCKET_NAMES: Final = ("M0", "M1", "M2", "M3", "M4", "M5", "M6", "M6+")


def bucket(overdue_days: int) -> str:
    """Return M0, M1 to M6 or M6+ (R-G04); a negative count is 0."""
    days = max(0, overdue_days)
    if days > LAST_BUCKET_DAYS:
        return "M6+"
    return f"M{(days + BUCKET_DAYS - 1) // BUCKET_DAYS}"


def days_of(name: str) -> tuple[int, int | None]:
    """Return the first and last overdue day of a bucket, both inclusive; None: no last day."""
    if name == BUCKET_NAMES[0]:
        return 0, 0
    if name == BUCKET_NAMES[-1]:
        return LAST_BUCKET_DAYS + 1, None
    number = BUCKET_NAMES.index(name)
    return (number - 1) * BUCKET_DAYS + 1, number * BUCKET_DAYS


def class_by_days(
    overdue_days: int, *, technical_reason: bool = False, grid: Grid = Grid.LOAN
) -> RiskClass:
    """Return the floor that the overdue days alone set (R-G01).

    A technical reason, recorded and approved, keeps up to seven days in the best class.
    """
    if technical_reason and overdue_days <= TECHNICAL_DAYS:
        return RiskClass.NORMAL
    for limit, floor in LIMITS[grid]:
        if overdue_days <= limit:
            return floor
    return RiskClass.LOSS


@dataclass(frozen=True, slots=True, kw_only=True)
class Classification:
    """The best class a person may choose, and the bucket."""

    minimum_class: RiskClass
    bucket: str


def classify(
    overdue_days: int, *, technical_reason: bool, grid: Grid = Grid.LOAN
) -> Derived[Classification]:
    """Return the floor by overdue days and the bucket (R-G01, R-G04)."""
    value = Classification(
        minimum_class=class_by_days(overdue_days, technical_reason=technical_reason, grid=grid),
        bucket=bucket(overdue_days),
    )
    technical = "（短期技术性逾期，已记录并审批）" if technical_reason else ""
    return Derived(
        value=value,
        basis=(BY_OVERDUE_DAYS, BUCKETS),
        steps=(
            f"逾期 {max(0, overdue_days)} 天{technical}：至少归为{value.minimum_class}",
            f"账龄分段 {value.bucket}",
        ),
        edition=CLASSIFICATION_MEASURES.edition,
    )
