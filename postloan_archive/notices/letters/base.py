"""What all letters have in common."""

from dataclasses import dataclass
from typing import ClassVar

from postloan_archive.wordgen import Picture


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """What every letter carries besides its own fields (R-H02)."""

    template: ClassVar[str]
    code: ClassVar[str]
    issuer: str
    serial_no: str
    issue_date: str
    issuer_seal: str
    contact: str
    contract_name: str
    loan_no: str
    borrower: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SlipLetter(Letter):
    """A letter with a return slip, or one that comes back signed: the barcode finds it."""

    service_address: str
    barcode: Picture
    barcode_text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterWithSlip(SlipLetter):
    """A letter about money that comes with a return slip and its barcode."""

    principal_due: str
    interest_due: str
    pay_account: str
    total_words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DebtLine:
    """One debt in a table (N08, N16)."""

    debtor: str
    contract_no: str
    loan_no: str
    principal: str
    interest: str
    guarantor: str
    collateral: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AmountLine:
    """One amount of a break-down."""

    name: str
    amount: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SignerLine:
    """Somebody who signs beside the debtor."""

    name: str
    contract_no: str
    role: str
