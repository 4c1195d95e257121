"""The values of the element-based complaint, block by block, from the loan file (R-H08)."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from postloan_archive.cases.models import Case
from postloan_archive.cases.queries import PartyRow
from postloan_archive.kernel.money import ZERO
from postloan_archive.litigation.claims import Claim, Sued
from postloan_archive.loans.lenders import Lender
from postloan_archive.loans.models import Collateral, Customer, Guarantee, Loan
from postloan_archive.loans.rules.penalty import penalty_rate
from postloan_archive.notices.rules.conventions import date_in_body, days_in_body
from postloan_archive.preservation.queries import MeasureRow

METHODS: Final = {
    "equal_payment": "等额本息",
    "equal_principal": "等额本金",
    "bullet": "到期一次性还本付息",
    "interest_monthly": "按月计息、到期一次性还本",
    "interest_quarterly": "按季计息、到期一次性还本",
    "free": "其他",
}
LAWS: Final = (
    "《中华人民共和国民法典》第五百七十七条、第六百六十七条、第六百七十四条、第六百七十五条、"
    "第六百七十六条"
)
LAW_OF_SECURITY: Final = "、第三百八十九条、第三百九十四条"
LAW_OF_GUARANTEE: Final = "、第六百八十八条、第六百九十一条"
Form = dict[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Everything the papers are written from.

    Attributes:
        loan: the one that the case was opened for.
        claim: what is claimed on all loans together.
        sued: each loan with what is claimed on it, the leading one at the head.
    """

    case: Case
    loan: Loan
    lender: Lender
    claim: Claim
    sued: tuple[Sued, ...]
    parties: tuple[PartyRow, ...]
    measures: tuple[MeasureRow, ...]
    day: date
    facts: Mapping[str, str]

    @property
    def loans(self) -> tuple[Loan, ...]:
        """Return the loans, the leading one at the head."""
        return tuple(one.loan for one in self.sued)

    @property
    def joins(self) -> bool:
        """Return whether the case is about several loans."""
        return len(self.sued) > 1

    @property
    def guarantees(self) -> tuple[Guarantee, ...]:
        """Return the guarantees of all loans."""
        return tuple(row for loan in self.loans for row in loan.guarantees)

    @property
    def collateral(self) -> tuple[Collateral, ...]:
        """Return the collateral of all loans."""
        return tuple(item for loan in self.loans for item in loan.collateral)

    @property
    def borrowers(self) -> str:
        """Return the names of the borrowers, each once."""
        return "、".join(dict.fromkeys(loan.customer.name for loan in self.loans))

    def each(self) -> tuple["Source", ...]:
        """Return the same for each loan alone; papers about several are put together."""
        return tuple(
            replace(self, loan=one.loan, claim=one.claim, sued=(one,)) for one in self.sued
        )

    def fact(self, key: str, given: str = "") -> str:
        """Return what a person has entered for the case, else what the file says."""
        return self.facts.get(key, "") or given


def yes(condition: object) -> str:
    """Return the word of a box."""
    return "是" if condition else "否"


def complaint_form(source: Source) -> Form:
    """Return the form; what nobody has entered is missing and will be named."""
    defendants = [row for row in source.parties if row.role == "defendant"]
    third = [row for row in source.parties if row.role == "third_party"]
    return {
        "plaintiffs": [_plaintiff(source)],
        "agents": [agent(source)],
        "defendants": [_party(source, row.customer) for row in defendants],
        "third_parties": [_party(source, row.customer) for row in third],
        "claims": _claims(source),
        "jurisdiction": _jurisdiction(source),
        "preservation": _preservation(source),
        "facts": _facts(source),
        "signature": {"signatory": source.lender.name, "date": source.day},
    }


def agent(source: Source) -> Form:
    """Return block 2; without an agent's name there is none."""
    name = source.fact("agent_name")
    if not name:
        return {"has_agent": "无"}
    return {
        "has_agent": "有",
        "name": name,
        "unit": source.fact("agent_unit", source.lender.name),
        "post": source.fact("agent_post"),
        "phone": source.fact("agent_phone"),
        "authority": "特别授权",
        "authority_text": "详见授权委托书",
    }


def _plaintiff(source: Source) -> Form:
    lender = source.lender
    return {
        "name": lender.name,
        "domicile": lender.domicile,
        "registered_place": source.fact("plaintiff_registered_place", lender.domicile),
        "legal_rep": lender.legal_rep,
        "legal_rep_post": lender.legal_rep_post,
        "phone": lender.phone,
        "uscc": lender.uscc,
        "entity_type": source.fact("plaintiff_entity_type") or None,
        "ownership": source.fact("plaintiff_ownership") or None,
    }


def _party(source: Source, customer: Customer | None) -> Form:
    assert customer is not None  # only the lender has no row
    at = f"party_{customer.id}_"
    if customer.kind == "person":
        return {
            "name": customer.name,
            "sex": customer.sex or source.fact(at + "sex") or None,
            "birth_date": customer.birth_date,
            "ethnicity": source.fact(at + "ethnicity", customer.ethnicity),
            "employer": customer.employer,
            "post": customer.post,
            "phone": customer.phone,
            "domicile": customer.domicile,
            "habitual_residence": customer.residence,
            "id_type": customer.id_type,
            "id_no": customer.id_no,
        }
    return {
        "name": customer.name,
        "domicile": customer.domicile,
        "registered_place": customer.residence,
        "legal_rep": customer.legal_rep,
        "legal_rep_post": customer.legal_rep_post,
        "phone": customer.phone,
        "uscc": customer.id_no,
        "entity_type": customer.entity_type or None,
        "ownership": customer.ownership or None,
    }


def _claims(source: Source) -> Form:
    claim, loan = source.claim, source.loan
    owed = claim.position
    # A general guarantor owes nothing before the debtor was enforced against (R-D15).
    secured = bool(loan.collateral) or any(row.kind == "joint" for row in loan.guarantees)
    costs = source.fact("claims.costs.detail")
    return {
        "principal": {"as_of": owed.as_of, "amount": claim.principal},
        "interest": {
            "as_of": owed.as_of,
            "total": claim.interest_total,
            "in_term": claim.in_term,
            "compound": owed.compound,
            "penalty": owed.penalty,
            "until_paid": "是",
            "method": _method(source),
        },
        "acceleration": {
            "asked": yes(claim.accelerated),
            "kind": "提前还款（加速到期）" if claim.accelerated else None,
        },
        "security": {
            "claimed": yes(secured),
            "content": "；".join(_security_claims(source)) if secured else "无",
        },
        "costs": {"claimed": yes(costs), "detail": costs or "无"},
        "court_fees": {"claimed": "是"},
        "other": source.fact("claims.other", "无"),
        "total_amount": claim.total,
    }


def _method(source: Source) -> str:
    owed = source.claim.position
    text = (
        f"截至{date_in_body(owed.as_of)}的数额见债权计算表；此后{days_in_body(owed.until_paid)}"
    )
    if owed.interest_due:
        text += f"；对未付利息 {owed.interest_due:,} 元按同一利率计收复利"
    return text


def _security_claims(source: Source) -> list[str]:
    loan = source.loan
    found = [
        f"原告对{row.provider.name}提供的担保物（{row.description}"
        + (f"，登记证明{row.registration_no}" if row.registration_no else "")
        + "）折价或者拍卖、变卖所得价款在上述债权范围内优先受偿"
        for row in loan.collateral
    ]
    found += [
        f"{row.guarantor.name}对上述债务"
        + (f"在 {row.amount:,} 元范围内" if row.amount else "")
        + "承担连带清偿责任"
        for row in loan.guarantees
        if row.kind == "joint"
    ]
    return found


def _jurisdiction(source: Source) -> Form:
    contract = source.loan.contract
    clause = source.fact("jurisdiction.clause", contract.dispute_clause)
    if not clause and contract.court:
        clause = f"合同约定由{contract.court}管辖"
    return {"agreed": "有" if clause else "无", "clause": clause or "无"}


def _preservation(source: Source) -> Form:
    before = [row for row in source.measures if row.phase == "pre_litigation"]
    if not before:
        return {"done": "否"}
    first = before[0]
    return {
        "done": "是",
        "court": first.court,
        "date": first.effective_on,
        "case_no": first.ruling_no,
    }


def _facts(source: Source) -> Form:
    loan, contract, owed = source.loan, source.loan.contract, source.claim.position
    joint = [row for row in loan.guarantees if row.kind == "joint"]
    general = [row for row in loan.guarantees if row.kind != "joint"]
    paid_interest = sum((row.to_interest for row in loan.payments), ZERO)
    registered = [row for row in loan.collateral if row.registration_no]
    law = LAWS + (LAW_OF_SECURITY if loan.collateral else "")
    kind = "连带责任保证" if joint else "一般保证"
    return {
        "contract": {
            "name": contract.name,
            "no": contract.contract_no,
            "date": contract.signed_on,
            "place": source.fact("facts.contract.place", contract.signed_at),
        },
        "lender": source.lender.name,
        "borrower": loan.customer.name,
        "amount_agreed": contract.amount,
        "amount_paid_out": loan.principal,
        "due": yes(loan.due_on <= owed.as_of),
        "term_from": loan.disbursed_on,
        "term_to": loan.due_on,
        "rate": _rates(loan)[0],
        "rates": _rates(loan),
        "drawdowns": ({"date": loan.disbursed_on, "amount": loan.principal},),
        "repayment_method": METHODS[loan.repayment_method],
        "repayment_method_text": "按合同约定的还款计划分期还本付息",
        "paid_principal": loan.principal - owed.balance,
        "paid_interest": paid_interest,
        "interest_paid_to": _interest_paid_to(loan),
        "overdue": yes(owed.overdue_days),
        "overdue_since": owed.overdue_since,
        "overdue_days": owed.overdue_days,
        "real_security": yes(loan.collateral),
        "real_security_date": [row.signed_on for row in loan.collateral],
        "security_provider": [row.provider.name for row in loan.collateral],
        "security_object": [row.description for row in loan.collateral],
        "maximum_amount": "否" if loan.collateral else None,
        "registered": yes(registered) if loan.collateral else None,
        "registration_kind": "正式登记" if registered else None,
        "guarantee": yes(loan.guarantees),
        "guarantee_date": [row.signed_on for row in loan.guarantees],
        "guarantor": [row.guarantor.name for row in (joint or general)],
        "guarantee_content": [row.scope_clause or "全部债务" for row in loan.guarantees],
        "guarantee_kind": kind if loan.guarantees else None,
        "other_security": "否",
        "basis_contract": _clauses(loan),
        "basis_law": law + (LAW_OF_GUARANTEE if loan.guarantees else ""),
        "other_facts": source.fact("facts.other_facts", "无"),
        "evidence_list": "附证据目录",
    }


def _rates(loan: Loan) -> list[str]:
    clauses = loan.contract.clauses

    def clause(name: str) -> str:
        return f"（合同{clauses[name]}）" if clauses.get(name) else ""

    late = penalty_rate(loan.annual_rate, loan.penalty_uplift).normalize()
    return [
        f"☑年利率{loan.annual_rate.normalize():f}%{clause('interest')}",
        (
            f"☑逾期罚息利率：在借款利率基础上上浮{loan.penalty_uplift.normalize():f}%，"
            f"即年利率{late:f}%{clause('penalty')}"
        ),
        f"☑复利：对未按时支付的利息计收{clause('compound')}",
        "□违约金",
    ]


def _clauses(loan: Loan) -> str:
    named = "、".join(dict.fromkeys(loan.contract.clauses.values()))
    text = f"《{loan.contract.name}》{named}"
    for row in loan.guarantees:
        text += f"；保证合同（编号{row.contract_no}）"
    for item in loan.collateral:
        text += f"；担保合同（编号{item.contract_no}）"
    return text


def _interest_paid_to(loan: Loan) -> date:
    """Return the last boundary up to which all interest of the schedule is paid."""
    left = sum((row.to_interest for row in loan.payments), ZERO)
    day = loan.disbursed_on
    for row in loan.schedule:
        if row.interest > left:
            break
        left -= row.interest
        day = row.due_on
    return day
