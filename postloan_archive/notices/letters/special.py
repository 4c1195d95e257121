"""N06 to N09, N11, N12 and N14 to N16: each blank of the Word file is one field."""

from dataclasses import dataclass
from typing import ClassVar

from postloan_archive.notices.letters.base import (
    AmountLine,
    DebtLine,
    Letter,
    SignerLine,
    SlipLetter,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class LawyerLetter(Letter):
    """N06 律师函: what lawyer_letter.docx prints; a law firm signs it, the system does not."""

    template: ClassVar[str] = "lawyer_letter.docx"
    code: ClassVar[str] = "N06"
    addressee: str
    service_address: str
    client: str
    client_authorisation: str
    lawyer: str
    lawyer_licence_no: str
    lawyer_letter_no: str
    facts: tuple[str, ...]
    legal_basis: str
    demand: str
    deadline: str
    consequence: str
    as_of_date: str
    principal_due: str
    interest_due: str
    penalty_and_compound: str
    total: str
    total_words: str
    derivation: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TransferNotice(SlipLetter):
    """N07 债权转让通知书: what transfer_notice.docx prints, to the debtor or a guarantor."""

    template: ClassVar[str] = "transfer_notice.docx"
    code: ClassVar[str] = "N07"
    addressee: str
    addressee_id: str
    addressee_role: str
    transferor: str
    transferee: str
    transferee_contact: str
    transfer_agreement: str
    agreement_date: str
    contract_no: str
    signed_on: str
    cutoff_date: str
    balance_at_cutoff: str
    interest_at_cutoff: str
    total_at_cutoff: str
    total_words: str
    accessory_rights: tuple[str, ...]
    legal_basis: str
    request_sentence: str
    new_pay_account: str


@dataclass(frozen=True, slots=True, kw_only=True)
class JointAnnouncement(Letter):
    """N08 债权转让通知暨债务催收联合公告: what joint_announcement.docx prints."""

    template: ClassVar[str] = "joint_announcement.docx"
    code: ClassVar[str] = "N08"
    transferor: str
    transferee: str
    transferee_contact: str
    transfer_agreement: str
    agreement_date: str
    cutoff_date: str
    debts: tuple[DebtLine, ...]
    debt_count: str
    total_at_cutoff: str
    demand_sentence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DemandAnnouncement(Letter):
    """N09 催收公告: what demand_announcement.docx prints; no number of identity, no address."""

    template: ClassVar[str] = "demand_announcement.docx"
    code: ClassVar[str] = "N09"
    contract_no: str
    signed_on: str
    due_date: str
    as_of_date: str
    principal_due: str
    interest_due: str
    penalty_and_compound: str
    total: str
    total_words: str
    clause: str
    until_paid: str
    pay_account: str
    deadline: str
    legal_consequence: str
    demand_sentence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DebtConfirmation(SlipLetter):
    """N11 债务确认书: what debt_confirmation.docx prints; debtor and guarantors sign."""

    template: ClassVar[str] = "debt_confirmation.docx"
    code: ClassVar[str] = "N11"
    borrower_id: str
    contract_no: str
    signed_on: str
    principal: str
    due_date: str
    as_of_date: str
    debt_breakdown: tuple[AmountLine, ...]
    total: str
    total_words: str
    repayment_plan: tuple[str, ...]
    pay_account: str
    confirmation_sentence: str
    debtor_signature: str
    guarantors: tuple[SignerLine, ...]
    guarantor_sentence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CreditReportNotice(Letter):
    """N12 不良信息报送事先告知书: what credit_report_notice.docx prints; for persons."""

    template: ClassVar[str] = "credit_report_notice.docx"
    code: ClassVar[str] = "N12"
    borrower_id: str
    service_address: str
    contract_no: str
    signed_on: str
    principal: str
    overdue_item: str
    report_date: str
    objection_channel: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GuarantorConsent(SlipLetter):
    """N14 担保人同意书: what guarantor_consent.docx prints; the provider of security signs."""

    template: ClassVar[str] = "guarantor_consent.docx"
    code: ClassVar[str] = "N14"
    guarantor: str
    guarantor_id: str
    guarantor_role: str
    main_contract_no: str
    signed_on: str
    principal: str
    due_date: str
    guarantee_contract_no: str
    guarantee_contract_name: str
    guarantee_signed_on: str
    change_content: tuple[str, ...]
    new_due_date: str
    consent_sentence: str
    guarantor_signature: str
    signed_date: str
    attachments: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RiskWarning(SlipLetter):
    """N15 风险提示（限期整改）通知书: what risk_warning.docx prints; not a demand for money."""

    template: ClassVar[str] = "risk_warning.docx"
    code: ClassVar[str] = "N15"
    borrower_id: str
    contract_no: str
    signed_on: str
    principal: str
    as_of_date: str
    balance: str
    finding: tuple[str, ...]
    contract_clause: str
    required_action: tuple[str, ...]
    deadline: str
    consequence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MaximumFixed(Letter):
    """N16 最高额担保债权确定通知书: what maximum_fixed.docx prints."""

    template: ClassVar[str] = "maximum_fixed.docx"
    code: ClassVar[str] = "N16"
    security_provider: str
    provider_id: str
    service_address: str
    security_contract_no: str
    security_contract_name: str
    security_signed_on: str
    maximum_amount: str
    legal_basis: str
    fixing_event: str
    fixing_date: str
    debts: tuple[DebtLine, ...]
    claims_total: str
    secured_amount: str
    secured_words: str
    currency: str
