"""The court papers as dataclasses: each blank of the Word file is one field, formatted."""

from dataclasses import dataclass
from typing import ClassVar, Final


class Paper:
    """What every paper says about itself."""

    __slots__ = ()
    template: ClassVar[str]  # the Word file
    code: ClassVar[str]  # R-H02a
    title: ClassVar[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class PartyBlock:
    """One party of the form: the label of its row, and its lines with the boxes drawn."""

    heading: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Complaint(Paper):
    """P01 民事起诉状, the element-based form for 金融借款合同纠纷 (R-H08)."""

    template: ClassVar[str] = "complaint.docx"
    code: ClassVar[str] = "P01"
    title: ClassVar[str] = "民事起诉状"
    plaintiffs: tuple[PartyBlock, ...]
    agents: tuple[str, ...]
    defendants: tuple[PartyBlock, ...]
    third_parties: tuple[PartyBlock, ...]
    principal_as_of: str
    principal_amount: str
    interest_as_of: str
    interest_total: str
    interest_in_term: str
    interest_compound: str
    interest_penalty: str
    until_paid_boxes: str
    interest_method: str
    acceleration_boxes: str
    acceleration_kind_boxes: str
    security_claimed_boxes: str
    security_content: str
    costs_boxes: str
    costs_detail: str
    court_fees_boxes: str
    other_claims: str
    total_amount: str
    total_words: str
    jurisdiction_boxes: str
    jurisdiction_clause: str
    preservation_boxes: str
    preservation_court: str
    preservation_date: str
    preservation_case_no: str
    contract_name: str
    contract_no: str
    contract_date: str
    contract_place: str
    lender: str
    borrower: str
    amount_agreed: str
    amount_paid_out: str
    due_boxes: str
    term_from: str
    term_to: str
    rates: tuple[str, ...]
    drawdowns: tuple[str, ...]
    repayment_boxes: tuple[str, ...]
    paid_principal: str
    paid_interest: str
    interest_paid_to: str
    overdue_boxes: str
    overdue_since: str
    overdue_days: str
    real_security_boxes: str
    real_security: tuple[str, ...]
    security_objects: tuple[str, ...]
    maximum_boxes: str
    maximum: tuple[str, ...]
    registered_boxes: str
    registration_boxes: str
    guarantee_boxes: str
    guarantees: tuple[str, ...]
    guarantee_kind_boxes: str
    other_security_boxes: str
    basis_contract: str
    basis_law: str
    other_facts: str
    mediation_known: str
    mediation_considered: str
    court: str
    signatory: str
    date: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceRow:
    """One line of the evidence list; pages are those stamped on the bundle."""

    no: str
    name: str
    source: str
    purpose: str
    pages: str
    copies: str
    form: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceList(Paper):
    """A01 证据目录 (R-H04)."""

    template: ClassVar[str] = "evidence_list.docx"
    code: ClassVar[str] = "A01"
    title: ClassVar[str] = "证据目录"
    case: str
    submitter: str
    rows: tuple[EvidenceRow, ...]
    submitted_on: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CalculationRow:
    """One row of the calculation sheet, formatted."""

    kind: str
    base: str
    rate: str
    start: str
    end: str
    days: str
    amount: str
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimCalculation(Paper):
    """A06 债权计算表 (R-F17)."""

    template: ClassVar[str] = "claim_calculation.docx"
    code: ClassVar[str] = "A06"
    title: ClassVar[str] = "债权计算表"
    borrower: str
    contract_no: str
    loan_no: str
    cut_off_date: str
    rows: tuple[CalculationRow, ...]
    principal: str
    interest: str
    penalty: str
    compound: str
    deducted: str
    total: str
    total_words: str
    day_basis: str
    rate_clauses: str
    until_payment_sentence: str
    unit: str
    date: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PowerOfAttorney(Paper):
    """A02 授权委托书: special powers and those of enforcement written out (R-H05)."""

    template: ClassVar[str] = "power_of_attorney.docx"
    code: ClassVar[str] = "A02"
    title: ClassVar[str] = "授权委托书"
    grantor: str
    uscc: str
    domicile: str
    legal_representative: str
    legal_representative_post: str
    agents: tuple[str, ...]
    matter: str
    stages: str
    powers: tuple[str, ...]
    date: str


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentityCertificate(Paper):
    """A03 法定代表人（负责人）身份证明书."""

    template: ClassVar[str] = "identity_certificate.docx"
    code: ClassVar[str] = "A03"
    title: ClassVar[str] = "法定代表人身份证明书"
    name: str
    post: str
    unit: str
    uscc: str
    id_no: str
    court: str
    date: str


PAPERS: Final[tuple[type[Paper], ...]] = (
    Complaint,
    EvidenceList,
    ClaimCalculation,
    PowerOfAttorney,
    IdentityCertificate,
)
