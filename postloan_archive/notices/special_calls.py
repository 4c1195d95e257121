"""Which loans call for the letters that need facts of the run (R-H01)."""

from collections.abc import Callable, Iterator, Mapping
from typing import Final

from sqlalchemy import func, or_, select

from postloan_archive.archive import queries as archive
from postloan_archive.loans import queries as loans
from postloan_archive.loans.models import Collateral, Guarantee, Loan
from postloan_archive.notices.calling import Call
from postloan_archive.notices.drafting import Draft
from postloan_archive.notices.models import Notice
from postloan_archive.notices.rules.triggers import LAWYER_LETTER_FROM
from postloan_archive.notices.special import (
    confirming,
    lawyer,
    maximum,
    publishing,
    transfer,
    warning,
)
from postloan_archive.notices.special.writing import Provider

CONSENT_ITEM: Final = "YJ12"  # 征信查询授权书
CAME_BACK: Final = ("returned", "refused")


def _lawyer_letter(call: Call) -> Iterator[Draft]:
    draft = lawyer.draft_lawyer_letter(call.writing)
    least = max(call.least_days, LAWYER_LETTER_FROM)
    if call.asked or draft.position.overdue_days >= least:
        yield draft


def _transfer_notices(call: Call) -> Iterator[Draft]:
    if call.asked:  # a sale is a decision of people
        yield from transfer.draft_transfer_notices(call.writing)


def _demand_announcement(call: Call) -> Iterator[Draft]:
    returned = call.uow.session.scalar(
        select(func.count()).where(
            Notice.loan_id == call.loan.id,
            Notice.addressee_id == call.loan.customer_id,
            Notice.outcome.in_(CAME_BACK),
        )
    )
    returned = returned or 0
    draft = publishing.draft_demand_announcement(call.writing, returned=returned)
    called_for = (
        draft.position.overdue_days >= call.least_days and returned >= publishing.RETURNS
    )
    if call.asked or called_for:
        yield draft


def _debt_confirmation(call: Call) -> Iterator[Draft]:
    if call.asked:
        yield confirming.draft_debt_confirmation(call.writing)


def _credit_report_notice(call: Call) -> Iterator[Draft]:
    papers = archive.documents_of(call.uow, call.loan.id)
    consent = any(row.item_code == CONSENT_ITEM for row in papers)
    draft = warning.draft_credit_report_notice(call.writing, consent=consent)
    is_person = call.loan.customer.kind == "person"
    if call.asked or (is_person and draft.position.overdue_days >= call.least_days):
        yield draft


def _consents(call: Call) -> Iterator[Draft]:
    if call.asked:
        yield from confirming.draft_consents(call.writing)


def _risk_warning(call: Call) -> Iterator[Draft]:
    if call.asked:
        yield warning.draft_risk_warning(call.writing)


def _maximum_fixed(call: Call) -> Iterator[Draft]:
    if not call.asked:
        return
    numbers = maximum.maximum_contracts(call.cmd.given)
    for one in maximum.maximum_providers(call.loan, numbers):
        secured = _secured_by(call, one)
        asked = set(call.cmd.loan_nos or ())
        first = next(loan for loan in secured if loan.loan_no in asked)
        if first.id == call.loan.id:  # one letter a contract, not one a loan
            yield maximum.draft_maximum_fixed(call.writing, one, secured)


def _secured_by(call: Call, one: Provider) -> list[Loan]:
    """Return the unpaid loans under one contract of security, and the loan asked about."""
    guaranteed = select(Guarantee.loan_id).where(
        Guarantee.contract_no == one.contract_no, Guarantee.guarantor_id == one.customer.id
    )
    mortgaged = select(Collateral.loan_id).where(
        Collateral.contract_no == one.contract_no, Collateral.provider_id == one.customer.id
    )
    ids = guaranteed if one.guarantee else mortgaged
    return list(
        call.uow.session.scalars(
            select(Loan)
            .where(loans.may_see(call.uow), Loan.id.in_(ids))
            .where(or_(Loan.settled_on.is_(None), Loan.id == call.loan.id))
            .order_by(Loan.id)
        )
    )


DRAFTS: Final[Mapping[str, Callable[[Call], Iterator[Draft]]]] = {
    "N06": _lawyer_letter,
    "N07": _transfer_notices,
    "N09": _demand_announcement,
    "N11": _debt_confirmation,
    "N12": _credit_report_notice,
    "N14": _consents,
    "N15": _risk_warning,
    "N16": _maximum_fixed,
}
