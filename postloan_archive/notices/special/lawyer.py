"""N06 律师函: drafted for a law firm, which alone may sign it."""

from typing import Final

from postloan_archive.kernel.errors import _l
from postloan_archive.loans.derivation import main_due, position_of
from postloan_archive.notices.drafting import Draft, clauses_of, demanded_blanks
from postloan_archive.notices.rules.conventions import date_in_body
from postloan_archive.notices.rules.given import lines_given
from postloan_archive.notices.special.writing import Writing, checked

CONSEQUENCE: Final = _l("逾期仍未履行的，委托人将依法通过诉讼等途径主张权利。")


def draft_lawyer_letter(writing: Writing) -> Draft:
    """Return N06 to the borrower: the facts of the file, the demand of the client."""
    loan, given = writing.loan, writing.given
    derived = position_of(loan, writing.as_of)
    owed = derived.value
    client = writing.lender.name
    demanded = demanded_blanks(owed)
    deadline = demanded["deadline"]
    contract = loan.contract
    facts = [
        (
            f"{date_in_body(contract.signed_on)}，贵方与{client}签订《{contract.name}》"
            f"（合同编号{contract.contract_no}，借据号{loan.loan_no}）。"
            f"{client}于{date_in_body(loan.disbursed_on)}发放借款人民币{loan.principal:,}元，"
            f"到期日{date_in_body(main_due(loan))}。"
        ),
        f"截至{date_in_body(writing.as_of)}，贵方未按约定还款，已逾期{owed.overdue_days}天。",
    ]
    clauses = clauses_of(loan, "interest", "penalty", "compound")
    added = "".join(lines_given(given, "lawyer_basis"))
    firm = given.get("law_firm", "")
    values = (
        writing.blanks()
        | demanded
        | writing.contract_blanks()
        | {
            "issuer": firm,
            "issuer_seal": firm,
            "contact": given.get("lawyer_contact", ""),
            "addressee": loan.customer.name,
            "client": client,
            "facts": facts,
            "legal_basis": f"上述款项依照{clauses}的约定计算。{added}",
            "demand": f"请贵方最迟于{deadline}（含当日）向委托人清偿上述款项及此后依约产生的"
            f"罚息、复利，存入还款账户（户名{loan.customer.name}，账号{loan.pay_account}）。",
            "consequence": str(CONSEQUENCE),
            "lawyer_letter_no": given.get("lawyer_letter_no", ""),
            "total": f"{owed.total_due:,}",
            "derivation": list(derived.steps),
        }
    )
    return checked(
        "N06",
        Draft(
            addressee=loan.customer,
            position=owed,
            values=values,
            guarantee=None,
            derivation=derived.steps,
            problems=() if owed.overdue_days else (str(_l("截至该日没有逾期款项。")),),
        ),
    )
