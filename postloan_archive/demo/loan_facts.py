"""The shape of a demonstration loan and the day on which the demonstration plays."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

DEMO_DAY: Final = date(2026, 11, 24)
COURT: Final = "示范县人民法院"


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoGuarantee:
    """A guarantor of a loan; `period_clause` is printed in the contract as it stands."""

    party: str
    contract_no: str
    kind: str  # general, joint
    period_clause: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoCollateral:
    """Property that secures a loan."""

    party: str
    contract_no: str
    kind: str
    description: str
    location: str
    certificate_no: str
    registration_no: str
    registered_on: date
    value: Decimal
    valued_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoLoan:
    """One loan. Every instalment due on or before `paid_until` was paid on its day."""

    loan_no: str
    borrower: str
    branch: str
    manager: str
    product: str
    contract_no: str
    contract_name: str
    signed_on: date
    principal: Decimal
    rate: Decimal  # percent a year
    uplift: Decimal  # percent of the contract rate
    method: str
    disbursed_on: date
    due_on: date
    paid_until: date
    purpose: str
    story: str  # the stage that the loan stands for
    risk_class: str = "正常"
    guarantees: tuple[DemoGuarantee, ...] = ()
    collateral: tuple[DemoCollateral, ...] = ()
    demands: tuple[tuple[date, str], ...] = ()  # letters that arrived: day, evidence level
    settled_on: date | None = None
