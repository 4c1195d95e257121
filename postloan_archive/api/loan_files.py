"""Loan files: the ledger, what is owed on a day and the clocks of the guarantees."""

from datetime import date

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from postloan_archive.access import branches
from postloan_archive.access.permissions import Permission
from postloan_archive.api.replies import asked_cursor, asked_limit, listed, one, plain
from postloan_archive.kernel.entries import read_date
from postloan_archive.kernel.masking import MaskKind, mask
from postloan_archive.loans import queries
from postloan_archive.loans.derivation import agreed_terms, guarantee_clock, position_of
from postloan_archive.loans.models import Loan
from postloan_archive.loans.rules.ageing import bucket
from postloan_archive.loans.rules.repayment_terms import term_steps
from postloan_archive.uow import UnitOfWork
from postloan_archive.web.guard import requires
from postloan_archive.web.request_uow import unit_of_work
from postloan_archive.workdays.service import load_calendar

bp = Blueprint("api_loan_files", __name__, url_prefix="/api/v1")


@bp.get("/loan-files")
@requires(Permission.LOAN_VIEW)
def loan_files() -> ResponseReturnValue:
    """List loan files by loan number; what is owed is of `as_of`, today unless said."""
    limit, after = asked_limit(), asked_cursor()
    with unit_of_work() as uow:
        found = queries.loans_after(uow, after, limit + 1)
        rows = [_row(uow, loan, _day(uow)) for loan in found[:limit]]
    more = len(found) > limit
    return listed(rows, next_key=found[limit - 1].loan_no if more else None)


@bp.get("/loan-files/<loan_no>")
@requires(Permission.LOAN_VIEW)
def loan_file(loan_no: str) -> ResponseReturnValue:
    """Show one loan file with schedule, payments, security and the derivation of the debt."""
    with unit_of_work() as uow:
        loan = queries.get_loan(uow, loan_no)
        day, calendar = _day(uow), load_calendar(uow.session)
        owed = position_of(loan, day)
        body = {
            **_row(uow, loan, day),
            "contract": {
                "contract_no": loan.contract.contract_no,
                "name": loan.contract.name,
                "signed_on": loan.contract.signed_on,
                "amount": loan.contract.amount,
                "dispute": loan.contract.dispute,
                "court": loan.contract.court,
            },
            "schedule": [
                {
                    "no": row.no,
                    "due_on": row.due_on,
                    "principal": row.principal,
                    "interest": row.interest,
                }
                for row in loan.schedule
            ],
            "payments": [
                {
                    "receipt_no": row.receipt_no,
                    "paid_on": row.paid_on,
                    "amount": row.amount,
                    "to_costs": row.to_costs,
                    "to_principal": row.to_principal,
                    "to_interest": row.to_interest,
                    "to_penalty": row.to_penalty,
                    "to_compound": row.to_compound,
                }
                for row in loan.payments
            ],
            "reversed_payments": [
                {
                    "receipt_no": row.receipt_no,
                    "paid_on": row.paid_on,
                    "amount": row.amount,
                    "reversed_on": row.reversed_on,
                    "reversal_no": row.reversal_no,
                    "reason": row.reversal_reason,
                }
                for row in loan.reversed_payments
            ],
            "plan_changes": [
                {
                    "kind": row.kind,
                    "effective_on": row.effective_on,
                    "old_due_on": row.old_due_on,
                    "new_due_on": row.new_due_on,
                    "reference": row.reference,
                }
                for row in loan.amendments
            ],
            "repayment_terms": {
                "agreed": loan.agreed,
                "words": term_steps(agreed_terms(loan)),
            },
            "guarantees": [
                guarantee_clock(loan, row, calendar=calendar) for row in loan.guarantees
            ],
            "position": {
                **plain(owed.value),
                "total_due": owed.value.total_due,
                "total": owed.value.total,
                "basis": [str(citation) for citation in owed.basis],
                "steps": owed.steps,
            },
        }
        uow.record("loans.loan_viewed", f"loan:{loan.loan_no}", by="api")
    return one(body)


def _day(uow: UnitOfWork) -> date:
    given = request.args.get("as_of")
    return read_date(given) if given else uow.clock.today()


def _row(uow: UnitOfWork, loan: Loan, day: date) -> dict[str, object]:
    owed = position_of(loan, day).value
    customer = loan.customer
    whole = uow.actor.may(Permission.UNMASK) or customer.kind != "person"
    return {
        "loan_no": loan.loan_no,
        "archive_no": loan.archive_no,
        "customer": customer.name,
        "id_no": customer.id_no if whole else mask(MaskKind.ID_CARD, customer.id_no),
        "branch": branches.name_of(uow, loan.branch_id),
        "product": loan.product,
        "manager": loan.manager,
        "principal": loan.principal,
        "disbursed_on": loan.disbursed_on,
        "due_on": loan.due_on,
        "stage": loan.stage,
        "risk_class": loan.risk_class,
        "as_of": day,
        "balance": owed.balance,
        "overdue_days": owed.overdue_days,
        "bucket": bucket(owed.overdue_days),
    }
