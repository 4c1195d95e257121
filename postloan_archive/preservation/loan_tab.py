"""案卷 › 诉讼保全: the measures and the cases of one loan."""

from flask import render_template
from flask.typing import ResponseReturnValue

from postloan_archive.access.permissions import Permission
from postloan_archive.cases import listing
from postloan_archive.cases.listing import CaseFilter
from postloan_archive.cases.queries import CaseRow
from postloan_archive.loans.file_frame import file_frame
from postloan_archive.preservation import queries
from postloan_archive.preservation.routes import face_of
from postloan_archive.preservation.steps import bp as bp
from postloan_archive.uow import UnitOfWork
from postloan_archive.web.clocks import clock_face
from postloan_archive.web.guard import requires
from postloan_archive.web.request_uow import unit_of_work


@bp.get("/of-loan/<loan_no>")
@requires(Permission.PRESERVATION_VIEW)
def of_loan(loan_no: str) -> ResponseReturnValue:
    """Show what holds the assets of a loan and where its cases stand."""
    with unit_of_work() as uow:
        file = file_frame(uow, loan_no, "court")
        today = file.today
        rows = queries.measures(uow, loan_id=file.loan.id)
        found = _cases(uow, file.loan.id)
        return render_template(
            "preservation/of_loan.html",
            file=file,
            measures=rows,
            faces={row.id: face_of(row, today) for row in rows},
            apply_faces={
                row.id: clock_face(
                    row.apply_by.safe,
                    today,
                    legal=row.apply_by.legal,
                    provisional=row.apply_by.provisional,
                    cannot_be_repaired=True,
                    done=row.renewal_requested_on is not None,
                )
                for row in rows
                if row.apply_by is not None
            },
            cases=found,
            case_faces={
                row.case_no: clock_face(row.next_deadline, today)
                for row in found
                if row.next_deadline is not None
            },
        )


def _cases(uow: UnitOfWork, loan_id: int) -> list[CaseRow]:
    """Return the cases of the loan, none to those who may not see cases."""
    if not uow.actor.may(Permission.CASE_VIEW):
        return []
    return listing.case_rows(uow, CaseFilter(loan_id=loan_id))
