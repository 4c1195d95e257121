"""What a user says about a measure: one frozen command for each step."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterMeasure:
    """A measure as the papers of the court have it; `seizure_order` 1 is in force."""

    loan_no: str
    respondent: str
    asset_kind: str
    asset: str
    court: str
    ruling_no: str
    effective_on: date
    court_expiry: date | None = None
    case_no: str = ""
    phase: str = "in_litigation"
    amount: Decimal | None = None
    judge: str = ""
    seizure_order: int = 1
    security: str = ""
    security_expires_on: date | None = None
    security_amount: Decimal | None = None
    fee: Decimal | None = None
    document_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectMeasure:
    """What the papers really say; `values` by the name of the column, and why."""

    measure_id: int
    values: Mapping[str, Any]
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestRenewal:
    """The application went to the court; the receipt proves it."""

    measure_id: int
    requested_on: date
    receipt_on: date | None = None
    receipt_document_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RenewMeasure:
    """The court has renewed: a new term with its own ruling.

    `effective_on` None: the day after the old term, so that there is no gap.
    """

    measure_id: int
    ruling_no: str
    effective_on: date | None = None
    court_expiry: date | None = None
    amount: Decimal | None = None
    security: str = ""
    security_expires_on: date | None = None
    document_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseMeasure:
    """The measure ended by an order, or it lapsed; the reason is kept."""

    measure_id: int
    released_on: date
    reason: str
    document_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmWaiting:
    """A waiting seizure has taken effect, as the court confirms."""

    measure_id: int
    effective_on: date
    court_expiry: date | None = None
    document_id: int | None = None
