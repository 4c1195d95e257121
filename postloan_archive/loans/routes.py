"""案卷: the loan file's own tabs."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from postloan_archive.access.permissions import Permission
from postloan_archive.loans.file_frame import file_frame
from postloan_archive.web.guard import requires
from postloan_archive.web.request_uow import unit_of_work

bp = Blueprint("loans", __name__, url_prefix="/loans")


@bp.get("/<loan_no>")
@requires(Permission.LOAN_VIEW)
def loan(loan_no: str) -> ResponseReturnValue:
    """Show the overview of a loan file; the view is in the audit trail."""
    with unit_of_work() as uow:
        file = file_frame(uow, loan_no, "overview")
        uow.record("loans.file_viewed", f"loan:{file.loan.id}", loan_no=file.loan_no)
        return render_template("loans/loan.html", file=file)
