"""Cases found by their number, ours or the court's, and by a paper that proves a step."""

from collections.abc import Iterator

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy import or_, select

from postloan_archive.access.permissions import Permission
from postloan_archive.archive.record_links import RecordLink
from postloan_archive.cases.models import Case, CaseEvent, Procedure
from postloan_archive.cases.queries import case_row
from postloan_archive.cases.rules.events import LABELS
from postloan_archive.loans import queries as loans
from postloan_archive.search import Recognised
from postloan_archive.uow import UnitOfWork


def case_links(uow: UnitOfWork, number: Recognised) -> Iterator[RecordLink]:
    """Yield the cases with this number that the actor may see."""
    if not uow.actor.may(Permission.CASE_VIEW):
        return
    tried = {number.printed, number.printed.upper(), number.folded, number.folded.upper()}
    of_court = select(Procedure.case_id).where(Procedure.court_case_no.in_(tried))
    found = uow.session.scalars(
        select(Case)
        .where(or_(Case.case_no.in_(tried), Case.id.in_(of_court)))
        .where(Case.loan_id.in_(loans.visible_ids(uow)))
        .order_by(Case.case_no)
    )
    for case in found:
        row = case_row(uow, case)
        yield RecordLink(
            title=f"{row.customer} {row.court_case_no or row.case_no}",
            note=f"{row.court} · {row.case_no}",
            href=url_for("cases.case", case_no=row.case_no),
        )


def case_uses(uow: UnitOfWork, document_id: int) -> Iterator[RecordLink]:
    """Yield the steps of cases that the document proves."""
    if not uow.actor.may(Permission.CASE_VIEW):
        return
    rows = uow.session.execute(
        select(Case.case_no, CaseEvent.kind, CaseEvent.happened_on)
        .join(Case, Case.id == CaseEvent.case_id)
        .where(CaseEvent.document_id == document_id, CaseEvent.struck_reason == "")
        .where(Case.loan_id.in_(loans.visible_ids(uow)))
        .order_by(CaseEvent.id)
    )
    names = {str(event): label for event, label in LABELS.items()}
    for case_no, kind, day in rows:
        yield RecordLink(
            title=f"{case_no} {_(names[kind]) if kind in names else ''}".strip(),
            note=day.isoformat(),
            href=url_for("cases.case", case_no=case_no),
        )
