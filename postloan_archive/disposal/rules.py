"""What may be done with a claim, in which steps, under which conditions; pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Final

from postloan_archive.kernel.days import Unit, add_period
from postloan_archive.kernel.errors import _l
from postloan_archive.kernel.law import Confidence, Derived
from postloan_archive.kernel.money import ZERO
from postloan_archive.kernel.statutes import (
    BANKRUPTCY_LAW,
    CIVIL_CODE,
    COMMERCIAL_BANK_LAW,
    HOUSE_RULE,
)
from postloan_archive.loans.rules.new_plan import EXTENSION

TRANSFER_NOTICE: Final = CIVIL_CODE.at(546, rule="R-D23")
TRANSFER_GUARANTEE: Final = CIVIL_CODE.at(696, rule="R-D23")
ASSET_TERM: Final = COMMERCIAL_BANK_LAW.at(42, 2, rule="R-B55")
CLAIM_PERIOD: Final = BANKRUPTCY_LAW.at(45, rule="R-B56")
INTEREST_STOPS: Final = BANKRUPTCY_LAW.at(46, 2, rule="R-F16")
TWO_PERSONS: Final = HOUSE_RULE.at(
    "处置须由另一人审批", rule="R-H01", confidence=Confidence.MEMORY
)
CLAIM_DAYS_LEAST: Final = 30  # from the announcement, not less
CLAIM_MONTHS_MOST: Final = 3
ASSET_YEARS: Final = 2


class Kind(StrEnum):
    """What is done with a claim; stored by value."""

    EXTENSION = "extension"
    RESTRUCTURING = "restructuring"
    RELIEF = "relief"
    TRANSFER = "transfer"
    ASSET = "asset"
    WRITE_OFF = "write_off"
    BANKRUPTCY = "bankruptcy"


KIND_WORDS: Final[Mapping[Kind, str]] = {
    Kind.EXTENSION: _l("展期"),
    Kind.RESTRUCTURING: _l("重组"),
    Kind.RELIEF: _l("减免"),
    Kind.TRANSFER: _l("债权转让"),
    Kind.ASSET: _l("以物抵债"),
    Kind.WRITE_OFF: _l("核销"),
    Kind.BANKRUPTCY: _l("破产债权申报"),
}
SEVERAL: Final = frozenset({Kind.TRANSFER, Kind.WRITE_OFF})  # may take many loans at once
ITEM_OF: Final[Mapping[Kind, str]] = {  # where the papers are filed (R-I02)
    Kind.EXTENSION: "YJ15",
    Kind.RESTRUCTURING: "YJ15",
    Kind.RELIEF: "BQ14",
    Kind.TRANSFER: "BQ17",
    Kind.ASSET: "BQ15",
    Kind.WRITE_OFF: "BQ16",
    Kind.BANKRUPTCY: "BQ06",
}
PROOF_OF: Final[Mapping[Kind, str]] = {  # the paper without which it is not carried out
    Kind.EXTENSION: _l("已签署的展期协议"),
    Kind.RESTRUCTURING: _l("已签署的重组协议"),
    Kind.RELIEF: _l("已签署的减免协议或批复"),
    Kind.TRANSFER: _l("已签署的债权转让协议"),
    Kind.ASSET: _l("抵债裁定或抵债协议"),
    Kind.WRITE_OFF: _l("核销批复"),
    Kind.BANKRUPTCY: _l("债权申报的收件凭证"),
}


class State(StrEnum):
    """Where a proposal stands; stored by value."""

    PROPOSED = "proposed"
    APPROVED = "approved"
    TURNED_DOWN = "turned_down"
    WITHDRAWN = "withdrawn"
    EXECUTED = "executed"


STATE_WORDS: Final[Mapping[State, str]] = {
    State.PROPOSED: _l("待审批"),
    State.APPROVED: _l("已批准，待执行"),
    State.TURNED_DOWN: _l("未批准"),
    State.WITHDRAWN: _l("已撤回"),
    State.EXECUTED: _l("已执行"),
}
NEXT: Final[dict[State, frozenset[State]]] = {
    State.PROPOSED: frozenset({State.APPROVED, State.TURNED_DOWN, State.WITHDRAWN}),
    State.APPROVED: frozenset({State.EXECUTED, State.WITHDRAWN}),
    State.TURNED_DOWN: frozenset(),
    State.WITHDRAWN: frozenset(),
    State.EXECUTED: frozenset(),
}
OPEN: Final = frozenset({State.PROPOSED, State.APPROVED})


class AssetKind(StrEnum):
    """What was taken instead of money; stored by value."""

    REAL_ESTATE = "real_estate"
    EQUITY = "equity"
    MOVABLE = "movable"
    RIGHT = "right"


ASSET_WORDS: Final[Mapping[AssetKind, str]] = {
    AssetKind.REAL_ESTATE: _l("不动产"),
    AssetKind.EQUITY: _l("股权"),
    AssetKind.MOVABLE: _l("动产"),
    AssetKind.RIGHT: _l("其他权利"),
}


def asset_deadline(kind: AssetKind, acquired_on: date) -> Derived[date] | None:
    """Return the day by which an asset must be sold: two years, real estate and equity (R-B55).

    None: the law names no term for the kind.
    """
    if kind not in {AssetKind.REAL_ESTATE, AssetKind.EQUITY}:
        return None
    last = add_period(acquired_on, ASSET_YEARS, Unit.YEAR)
    return Derived(
        value=last,
        basis=(ASSET_TERM,),
        steps=(f"自取得日 {acquired_on} 起 {ASSET_YEARS} 年内处分：至 {last}",),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimPeriod:
    """Between which days the court may have set the end of the period to file claims."""

    earliest: date
    latest: date


def claim_period(announced_on: date) -> Derived[ClaimPeriod]:
    """Return the limits of the period to file: 30 days to three months (R-B56)."""
    found = ClaimPeriod(
        earliest=add_period(announced_on, CLAIM_DAYS_LEAST, Unit.DAY),
        latest=add_period(announced_on, CLAIM_MONTHS_MOST, Unit.MONTH),
    )
    return Derived(
        value=found,
        basis=(CLAIM_PERIOD,),
        steps=(
            (
                f"自公告日 {announced_on} 起不少于 {CLAIM_DAYS_LEAST} 日、最长三个月："
                f"{found.earliest} 至 {found.latest}"
            ),
        ),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Owed:
    """What is owed on a loan on a day, yuan; accrued interest is part of the interest."""

    principal: Decimal
    interest: Decimal
    penalty: Decimal
    compound: Decimal

    @property
    def total(self) -> Decimal:
        """Return the sum."""
        return self.principal + self.interest + self.penalty + self.compound


def beyond(relief: Owed, owed: Owed) -> tuple[str, ...]:
    """Return the classes of debt of which more would be remitted than is owed."""
    names = {
        "principal": _l("本金"),
        "interest": _l("利息"),
        "penalty": _l("罚息"),
        "compound": _l("复利"),
    }
    return tuple(
        words for name, words in names.items() if getattr(relief, name) > getattr(owed, name)
    )


def is_met(asked: Decimal, paid: Decimal) -> bool:
    """Return whether the condition of a relief is met; no condition always is."""
    return paid >= asked or asked <= ZERO


BASIS_OF: Final = {
    Kind.EXTENSION: (EXTENSION,),
    Kind.TRANSFER: (TRANSFER_NOTICE, TRANSFER_GUARANTEE),
    Kind.ASSET: (ASSET_TERM,),
    Kind.BANKRUPTCY: (CLAIM_PERIOD, INTEREST_STOPS),
}
