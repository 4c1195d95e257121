"""Papers that others sign: N11 by the debtor, N14 by each provider of security."""

from collections.abc import Iterator
from typing import Final

from postloan_archive.kernel.errors import _l
from postloan_archive.kernel.words import rmb_upper
from postloan_archive.loans.derivation import guarantee_clock, main_due, position_of
from postloan_archive.notices.drafting import GUARANTEE_TYPES, Draft, masked_number
from postloan_archive.notices.rules.conventions import date_in_body
from postloan_archive.notices.rules.given import lines_given
from postloan_archive.notices.special.writing import ROLES, Writing, checked, providers_of

CONFIRMED: Final = _l(
    "本人（本单位）确认上述债务并同意履行，承诺按照上列还款计划归还；任何一期未按时足额归还的，"
    "贵行可以就全部到期未还款项主张权利。"
)
GUARANTEED: Final = _l(
    "本人（本单位）知悉上述债务和还款计划，同意按照担保合同的约定继续承担担保责任。"
)
# R-D19: a signature after the period has ended revives nothing.
OVER: Final = _l(
    "保证人 {name} 的保证期间已于 {day} 届满：在本确认书上签字不能恢复保证责任（R-D19）。"
)
CONSENT: Final = _l("同意上述变更，并同意按照担保合同的约定对变更后的主债务继续承担担保责任。")
PERSON_SIGNS, COMPANY_SIGNS = _l("（签字、捺印）"), _l("（盖章），法定代表人（负责人）签字")
RESOLUTION: Final = _l("附件：有权机构同意继续担保的决议。")
PAPERS: Final = _l("附件：担保人身份证件复印件。")
SIGNING_DAY: Final = "　　　　年　　月　　日"


def draft_debt_confirmation(writing: Writing) -> Draft:
    """Return N11: what is owed on the day, the plan, and the places to sign."""
    loan = writing.loan
    derived = position_of(loan, writing.as_of)
    owed = derived.value
    rows = (
        ("到期未还本金", owed.principal_due),
        ("到期未还利息", owed.interest_due),
        ("罚息", owed.penalty),
        ("复利", owed.compound),
    )
    signers = [
        {
            "name": one.customer.name,
            "contract_no": one.contract_no,
            "role": str(ROLES[one.role]),
        }
        for one in providers_of(loan)
    ]
    names = "、".join(one["name"] for one in signers)
    values = (
        writing.blanks()
        | writing.contract_blanks()
        | {
            "due_date": date_in_body(main_due(loan)),
            "as_of_date": date_in_body(writing.as_of),
            "debt_breakdown": [
                {"name": name, "amount": f"{amount:,}"} for name, amount in rows
            ],
            "total": f"{owed.total_due:,}",
            "total_words": rmb_upper(owed.total_due).canonical if owed.total_due else "",
            "repayment_plan": lines_given(writing.given, "repayment_plan"),
            "confirmation_sentence": str(CONFIRMED),
            "debtor_signature": _signs(loan.customer.kind),
            "guarantors": signers,
            "guarantor_sentence": str(GUARANTEED),
            "guarantor": names,
            "guarantor_signature": names and str(GUARANTEED),
        }
    )
    warnings = []
    for guarantee in loan.guarantees:
        end = guarantee_clock(loan, guarantee, calendar=writing.calendar).end.nominal
        if end < writing.as_of:
            warnings.append(OVER.format(name=guarantee.guarantor.name, day=end))
    return checked(
        "N11",
        Draft(
            addressee=loan.customer,
            position=owed,
            values=values,
            guarantee=None,
            derivation=derived.steps,
            problems=() if owed.total_due else (str(_l("截至该日没有到期未还的款项。")),),
            warnings=tuple(warnings),
        ),
    )


def draft_consents(writing: Writing) -> Iterator[Draft]:
    """Yield N14: one for each guarantor and each third party with property (R-D20, R-F21)."""
    loan = writing.loan
    owed = writing.owed()
    new_due = writing.day("new_due_date")
    problems: tuple[str, ...] = ()
    if new_due and new_due < writing.as_of:
        problems = (_l("变更后的到期日 {day} 早于数据截至日。").format(day=new_due),)
    for one in providers_of(loan):
        company = one.customer.kind == "company"
        kind = GUARANTEE_TYPES[one.guarantee.kind] if one.guarantee else ROLES[one.role]
        values = (
            writing.blanks()
            | writing.contract_blanks()
            | {
                "guarantor": one.customer.name,
                "guarantor_id": masked_number(one.customer),
                "guarantor_role": f"{ROLES[one.role]}（{kind}）"
                if one.guarantee
                else str(ROLES[one.role]),
                "service_address": one.customer.service_address,
                "main_contract_no": loan.contract.contract_no,
                "due_date": date_in_body(main_due(loan)),
                "guarantee_contract_no": one.contract_no,
                "guarantee_contract_name": one.contract_name,
                "guarantee_signed_on": date_in_body(one.signed_on),
                "change_content": lines_given(writing.given, "change_content"),
                "new_due_date": writing.day_in_body("new_due_date"),
                "consent_sentence": str(CONSENT),
                "guarantor_signature": _signs(one.customer.kind),
                "signed_date": SIGNING_DAY,
                "attachments": str(RESOLUTION if company else PAPERS),
            }
        )
        yield checked(
            "N14",
            Draft(
                addressee=one.customer,
                position=owed,
                values=values,
                derivation=(f"变更后到期日 {new_due}；原到期日 {main_due(loan)}",),
                guarantee=one.guarantee,
                problems=problems,
            ),
        )


def _signs(kind: str) -> str:
    return str(COMPANY_SIGNS if kind == "company" else PERSON_SIGNS)
