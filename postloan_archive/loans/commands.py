"""What the services of the ledger take: one frozen command for each step."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from postloan_archive.kernel.money import ZERO
from postloan_archive.loans.rules.instalments import PlannedInstalment


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterCustomer:
    """Identity of a person or company; the fields are those of the model of the same name."""

    kind: str
    name: str
    id_no: str
    branch_code: str
    facts: dict[str, object] = field(default_factory=dict)  # other columns by name


@dataclass(frozen=True, slots=True, kw_only=True)
class Scheduled:
    """One row of a repayment schedule, yuan."""

    due_on: date
    principal: Decimal
    interest: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class NewGuarantee:
    """A guarantee to register with a loan; the guarantor is a registered customer."""

    guarantor_id: int
    contract_no: str
    kind: str
    signed_on: date
    facts: dict[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewCollateral:
    """Collateral to register with a loan; the provider is a registered customer."""

    provider_id: int
    kind: str
    contract_no: str
    signed_on: date
    description: str
    value: Decimal
    facts: dict[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterLoan:
    """A paid-out loan with its contract, security and schedule, yuan and percent a year."""

    loan_no: str
    customer_id: int
    branch_code: str
    contract_no: str
    contract_name: str
    signed_on: date
    contract_amount: Decimal
    principal: Decimal
    annual_rate: Decimal
    penalty_uplift: Decimal
    day_basis: int
    repayment_method: str
    disbursed_on: date
    due_on: date
    schedule: tuple[Scheduled | PlannedInstalment, ...]
    guarantees: tuple[NewGuarantee, ...] = ()
    collateral: tuple[NewCollateral, ...] = ()
    contract_facts: dict[str, object] = field(default_factory=dict)
    loan_facts: dict[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class BookPayment:
    """Money received, already allocated, yuan; the parts add up to `amount`."""

    loan_no: str
    paid_on: date
    amount: Decimal
    receipt_no: str
    to_costs: Decimal = ZERO
    to_principal: Decimal = ZERO
    to_interest: Decimal = ZERO
    to_penalty: Decimal = ZERO
    to_compound: Decimal = ZERO
    payer: str = ""
    channel: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteLimitationEvent:
    """What interrupts a limitation period, or exercises a right against a guarantor.

    `confirmed` False: a proposal that moves no clock until a person confirms it; `ended_on`:
    last day of a procedure, None while it is pending or for other kinds.
    """

    loan_no: str
    kind: str
    happened_on: date
    level: str
    channel: str = ""
    guarantee_id: int | None = None
    document_id: int | None = None
    note: str = ""
    confirmed: bool = True
    ended_on: date | None = None
