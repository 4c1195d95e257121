"""N01 to N05, N10 and N13 as dataclasses: each blank of the Word file is one field."""

from dataclasses import dataclass
from typing import ClassVar

from postloan_archive.notices.letters.base import Letter, LetterWithSlip


@dataclass(frozen=True, slots=True, kw_only=True)
class DueNotice(LetterWithSlip):
    """N01 贷款到期通知书: what due_notice.docx prints."""

    template: ClassVar[str] = "due_notice.docx"
    code: ClassVar[str] = "N01"
    borrower_id: str
    contract_no: str
    signed_on: str
    principal: str
    due_date: str
    total: str
    clause: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DemandLetter(LetterWithSlip):
    """N02 贷款逾期催收通知书: what demand_letter.docx prints."""

    template: ClassVar[str] = "demand_letter.docx"
    code: ClassVar[str] = "N02"
    borrower_id: str
    contract_no: str
    signed_on: str
    principal: str
    due_date: str
    as_of_date: str
    overdue_days: str
    penalty_and_compound: str
    total: str
    clause: str
    until_paid: str
    deadline: str
    legal_consequence: str
    derivation: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FirmDemand(DemandLetter):
    """N05 催款函: what firm_demand.docx prints."""

    template: ClassVar[str] = "firm_demand.docx"
    code: ClassVar[str] = "N05"
    previous_notices: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AccelerationNotice(LetterWithSlip):
    """N03 宣布贷款提前到期通知书: what acceleration_notice.docx prints."""

    template: ClassVar[str] = "acceleration_notice.docx"
    code: ClassVar[str] = "N03"
    borrower_id: str
    contract_no: str
    signed_on: str
    principal: str
    due_date: str
    breach_fact: str
    contract_clause: str
    acceleration_date: str
    as_of_date: str
    penalty_and_compound: str
    total_due: str
    clause: str
    until_paid: str
    deadline: str
    legal_consequence: str
    derivation: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class GuarantorNotice(LetterWithSlip):
    """N04 担保人履行担保责任通知书: what guarantor_notice.docx prints."""

    template: ClassVar[str] = "guarantor_notice.docx"
    code: ClassVar[str] = "N04"
    guarantor: str
    guarantor_id: str
    main_contract_no: str
    main_due_date: str
    guarantee_contract_no: str
    guarantee_contract_name: str
    guarantee_signed_on: str
    guarantee_type: str
    guarantee_period: str
    as_of_date: str
    penalty_and_compound: str
    claimed_amount: str
    until_paid: str
    deadline: str
    legal_consequence: str
    derivation: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RateNotice(Letter):
    """N10 利率调整（重定价）通知: what rate_notice.docx prints."""

    template: ClassVar[str] = "rate_notice.docx"
    code: ClassVar[str] = "N10"
    borrower_id: str
    service_address: str
    contract_no: str
    signed_on: str
    principal: str
    as_of_date: str
    balance: str
    basis: str
    effective_date: str
    old_rate: str
    new_rate: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SettlementCertificate(Letter):
    """N13 结清证明: what settlement_certificate.docx prints."""

    template: ClassVar[str] = "settlement_certificate.docx"
    code: ClassVar[str] = "N13"
    borrower_id: str
    contract_no: str
    signed_on: str
    principal: str
    principal_words: str
    settled_date: str
    security_sentence: str
