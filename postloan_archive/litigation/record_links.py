"""Packages found by a document that is an exhibit of theirs."""

from collections.abc import Iterator

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy import select

from postloan_archive.access.permissions import Permission
from postloan_archive.archive.record_links import RecordLink
from postloan_archive.cases.models import Case
from postloan_archive.litigation.models import Package, PackageItem
from postloan_archive.loans import queries as loans
from postloan_archive.uow import UnitOfWork


def package_uses(uow: UnitOfWork, document_id: int) -> Iterator[RecordLink]:
    """Yield the packages in which the document is an exhibit."""
    if not uow.actor.may(Permission.PACKAGE_VIEW):
        return
    rows = uow.session.execute(
        select(Case.case_no, PackageItem.id, PackageItem.position)
        .join(Package, Package.id == PackageItem.package_id)
        .join(Case, Case.id == Package.case_id)
        .where(PackageItem.document_id == document_id)
        .where(Case.loan_id.in_(loans.visible_ids(uow)))
        .order_by(PackageItem.id)
    )
    for case_no, item_id, position in rows:
        yield RecordLink(
            title=_("材料包 %(no)s", no=case_no),
            note=_("证据 %(no)s", no=position),
            href=url_for("litigation.package", case_no=case_no, item=item_id),
        )
