"""Measures found by the papers of the court about them."""

from collections.abc import Iterator

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy import or_, select

from postloan_archive.access.permissions import Permission
from postloan_archive.archive.record_links import RecordLink
from postloan_archive.loans import queries as loans
from postloan_archive.preservation.models import Measure
from postloan_archive.uow import UnitOfWork


def measure_uses(uow: UnitOfWork, document_id: int) -> Iterator[RecordLink]:
    """Yield the measures whose ruling, receipt or release the document is."""
    if not uow.actor.may(Permission.PRESERVATION_VIEW):
        return
    rows = uow.session.scalars(
        select(Measure)
        .where(
            or_(
                Measure.document_id == document_id,
                Measure.receipt_document_id == document_id,
                Measure.release_document_id == document_id,
            )
        )
        .where(Measure.loan_id.in_(loans.visible_ids(uow)))
        .order_by(Measure.id)
    )
    for row in rows:
        yield RecordLink(
            title=_("保全 %(no)s", no=row.ruling_no),
            note=row.asset,
            href=url_for("preservation.measure", measure_id=row.id),
        )
