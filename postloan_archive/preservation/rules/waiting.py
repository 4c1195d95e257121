"""Waiting seizure: no effect and no term until the earlier measure ends (R-C08)."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from postloan_archive.kernel.law import Citation, Confidence
from postloan_archive.kernel.policy import STANDARD_POLICY, LawPolicy
from postloan_archive.kernel.statutes import HOUSE_RULE, SEIZURE_PROVISIONS
from postloan_archive.preservation.rules.kinds import (
    EXPIRY_FORMULA,
    WAITING,
    AssetKind,
    WaitingOrderError,
)
from postloan_archive.preservation.rules.term import expiry

FIRST_WAITING: Final = 2
AUCTIONED: Final = HOUSE_RULE.at(
    "首封法院已整体拍卖的，轮候不生效", rule="R-C08", confidence=Confidence.MEMORY
)


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingSeizure:
    """What is known of a waiting seizure.

    `expiry` is always None: only a confirmation of the court sets it; `expiry_estimated` is an
    estimate from the formula of R-C05.
    """

    effective: bool
    effective_on: date | None
    expiry_estimated: date | None
    expiry: None
    basis: tuple[Citation, ...]
    steps: tuple[str, ...]
    edition: str


def waiting_seizure(
    *,
    order: int,
    registered_on: date,
    prior_released_on: date | None,
    asset_kind: AssetKind | None = None,
    earlier_in_line: bool | None = None,
    policy: LawPolicy = STANDARD_POLICY,
) -> WaitingSeizure:
    """Return whether a waiting seizure has taken effect.

    Args:
        order: 2 is first in line behind the seizure in force.
        registered_on: day of its registration.
        prior_released_on: day the measure in force ended; None while it stands.
        asset_kind: for the estimate of the end.
        earlier_in_line: a waiting seizure stands before it; None: yes if `order` is above 2.
        policy: the settings of the bank.

    Raises:
        WaitingOrderError: `order` is below 2.
    """
    if order < FIRST_WAITING:
        raise WaitingOrderError(order=order)
    blocked = order > FIRST_WAITING if earlier_in_line is None else earlier_in_line
    effective_on = None if blocked else prior_released_on
    estimate = None
    if effective_on is not None and asset_kind is not None:
        estimate = expiry(effective_on, asset_kind, policy=policy)
    steps = [f"{registered_on.isoformat()} 登记轮候，顺位{order}，此前不产生效力、不起算期限。"]
    if effective_on is not None:
        steps.append(f"在先措施于 {effective_on.isoformat()} 解除，轮候自动生效。")
    elif blocked and prior_released_on is not None:
        steps.append("在先措施已解除，但前面仍有轮候，按登记顺序依次生效。")
    else:
        steps.append("在先措施尚未解除。")
    if estimate is not None:
        steps.append(f"届满日估计为 {estimate.isoformat()}，请取得法院书面确认。")
    return WaitingSeizure(
        effective=effective_on is not None,
        effective_on=effective_on,
        expiry_estimated=estimate,
        expiry=None,
        basis=(
            WAITING,
            SEIZURE_PROVISIONS.at(27, 2, rule="R-C08"),
            AUCTIONED,
            *((EXPIRY_FORMULA,) if estimate else ()),
        ),
        steps=tuple(steps),
        edition=SEIZURE_PROVISIONS.edition,
    )
