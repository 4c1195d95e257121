"""Letters found by the paper that they are, or that proves their delivery."""

from collections.abc import Iterator

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy import or_, select

from postloan_archive.access.permissions import Permission
from postloan_archive.archive.record_links import RecordLink
from postloan_archive.loans import queries as loans
from postloan_archive.notices.models import Notice
from postloan_archive.uow import UnitOfWork


def letter_uses(uow: UnitOfWork, document_id: int) -> Iterator[RecordLink]:
    """Yield the letters that the document is, or whose delivery it proves."""
    if not uow.actor.may(Permission.NOTICE_VIEW):
        return
    rows = uow.session.scalars(
        select(Notice)
        .where(
            or_(Notice.document_id == document_id, Notice.outcome_document_id == document_id)
        )
        .where(Notice.loan_id.in_(loans.visible_ids(uow)))
        .order_by(Notice.id)
    )
    for row in rows:
        proof = row.outcome_document_id == document_id
        yield RecordLink(
            title=_("催收函件 %(no)s", no=row.serial_no or row.kind),
            note=_("送达凭证") if proof else _("本函"),
            href=url_for("notices.letter", notice_id=row.id),
        )
