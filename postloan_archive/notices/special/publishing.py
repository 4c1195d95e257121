"""N09 催收公告: the demand in a newspaper, only where the debtor cannot be found (R-D07)."""

from typing import Final

from postloan_archive.kernel.errors import _l
from postloan_archive.loans.derivation import main_due, position_of
from postloan_archive.notices.drafting import Draft, clauses_of, demanded_blanks
from postloan_archive.notices.rules.conventions import date_in_body
from postloan_archive.notices.special.writing import Writing, checked

RETURNS: Final = 2  # R-H01: two returned EMS before a public notice
NOT_RETURNED: Final = _l(
    "系统中退回、拒收的函件只有 {count} 封：公告催收限于下落不明的债务人（时效规定第八条），"
    "请法务确认依据。"
)
DEMAND: Final = _l("现公告催收，请贵方自本公告之日起立即履行还款义务。")


def draft_demand_announcement(writing: Writing, *, returned: int) -> Draft:
    """Return N09: name, contract and amounts only, no number of identity, no address (R-L07).

    Args:
        writing: the loan and the facts of the run.
        returned: letters to the borrower that came back.
    """
    loan = writing.loan
    derived = position_of(loan, writing.as_of)
    owed = derived.value
    values = (
        writing.blanks()
        | demanded_blanks(owed)
        | {
            "contract_no": loan.contract.contract_no,
            "signed_on": date_in_body(loan.contract.signed_on),
            "due_date": date_in_body(main_due(loan)),
            "total": f"{owed.total_due:,}",
            "clause": clauses_of(loan, "interest", "penalty", "compound"),
            "demand_sentence": str(DEMAND),
        }
    )
    proof = writing.given.get("unreachable_fact", "")
    return checked(
        "N09",
        Draft(
            addressee=loan.customer,
            position=owed,
            values=values,
            guarantee=None,
            derivation=(*derived.steps, f"下落不明的依据：{proof}"),
            problems=() if owed.overdue_days else (str(_l("截至该日没有逾期款项。")),),
            warnings=(NOT_RETURNED.format(count=returned),) if returned < RETURNS else (),
        ),
        by_post=False,
    )
