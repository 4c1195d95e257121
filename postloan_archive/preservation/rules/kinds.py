"""What is preserved, in which phase, for whom; the errors of group C."""

from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Final

from postloan_archive.kernel.errors import RuleError, _l
from postloan_archive.kernel.law import Confidence
from postloan_archive.kernel.statutes import (
    CIVIL_PROCEDURE_INTERPRETATION,
    HOUSE_RULE,
    PRESERVATION_PROVISIONS,
    SEIZURE_PROVISIONS,
)

MAXIMUM: Final = CIVIL_PROCEDURE_INTERPRETATION.at(485, rule="R-C05")
EXPIRY: Final = SEIZURE_PROVISIONS.at(27, rule="R-C05")
EXPIRY_FORMULA: Final = HOUSE_RULE.at(
    "届满日＝生效日前一日加最长期限（含首尾）", rule="R-C05", confidence=Confidence.MEMORY
)
OTHER_KINDS: Final = HOUSE_RULE.at(
    "结算备付金、基金账户、电子钱包、公积金、保单以法院文书为准",
    rule="R-C05b",
    confidence=Confidence.MEMORY,
)
RENEWAL: Final = PRESERVATION_PROVISIONS.at(18, rule="R-C07")
CONVERSION: Final = PRESERVATION_PROVISIONS.at(17, rule="R-C06")
WAITING: Final = SEIZURE_PROVISIONS.at(26, rule="R-C08")
SECURITY: Final = PRESERVATION_PROVISIONS.at(5, rule="R-C03")
EXEMPTION: Final = PRESERVATION_PROVISIONS.at(9, rule="R-C04")


class AssetKind(StrEnum):
    """What is frozen or seized; vehicles are movables, equity and claims are other rights."""

    BANK_DEPOSIT = "bank_deposit"
    MOVABLE = "movable"
    REAL_ESTATE = "real_estate"
    OTHER_RIGHT = "other_right"


ASSET_LABELS: Final[dict[AssetKind, str]] = {
    AssetKind.BANK_DEPOSIT: "银行存款",
    AssetKind.MOVABLE: "动产（含车辆）",
    AssetKind.REAL_ESTATE: "不动产",
    AssetKind.OTHER_RIGHT: "其他财产权（股权、知识产权、应收账款、基金份额等）",
}


class UnknownAssetKindError(RuleError):
    """The kind has no term of its own: only the paper of the court says when it ends."""

    field = "asset_kind"
    next_step = _l("请按法院文书登记届满日。")

    def __init__(self, *, kind: str) -> None:
        super().__init__(
            _l("财产种类“{kind}”的期限不能推算，须以法院文书载明的届满日为准。"),
            basis=OTHER_KINDS,
            kind=kind,
        )


class ExpiryOrderError(RuleError):
    """A measure cannot end before it takes effect."""

    field = "court_expiry"

    def __init__(self, *, effective_on: date, expiry: date) -> None:
        super().__init__(
            _l("届满日 {expiry} 早于生效日 {effective_on}。"),
            basis=EXPIRY,
            effective_on=effective_on,
            expiry=expiry,
        )


class ConversionOrderError(RuleError):
    """A later phase cannot start before the measure took effect."""

    def __init__(self, *, on: date, effective_on: date) -> None:
        super().__init__(
            _l("{on} 早于诉前保全生效日 {effective_on}。"),
            basis=CONVERSION,
            on=on,
            effective_on=effective_on,
        )


class SuitBeforeMeasureError(ConversionOrderError):
    """The suit was filed before the measure took effect."""

    field = "suit_filed"


class EnforcementBeforeMeasureError(ConversionOrderError):
    """Enforcement was docketed before the measure took effect."""

    field = "enforcement_docketed"


class WaitingOrderError(RuleError):
    """A waiting seizure is second or later; first is the one in force."""

    field = "order"

    def __init__(self, *, order: int) -> None:
        super().__init__(
            _l("轮候顺位 {order} 无效，首封为 1，轮候从 2 起。"), basis=WAITING, order=order
        )


class SecuredAmountError(RuleError):
    """The amount to preserve must be positive."""

    field = "amount"

    def __init__(self, *, amount: Decimal) -> None:
        super().__init__(_l("请求保全数额 {amount} 应大于 0。"), basis=SECURITY, amount=amount)
