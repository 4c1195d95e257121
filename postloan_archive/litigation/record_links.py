"""Packages found by a document that is, or may become, an exhibit of theirs."""

from collections.abc import Iterator

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy import select

from postloan_archive.access.permissions import Permission
from postloan_archive.archive import queries as archive
from postloan_archive.archive.record_links import DocumentStep, RecordLink
from postloan_archive.cases.case_loans import about
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


def package_steps(uow: UnitOfWork, document_id: int) -> Iterator[DocumentStep]:
    """Yield the packages of the loan that do not hold the document yet."""
    if not uow.actor.may(Permission.PACKAGE_BUILD):
        return
    document = archive.get_document(uow, document_id)
    held = (
        select(PackageItem.id)
        .where(PackageItem.package_id == Package.id, PackageItem.document_id == document_id)
        .exists()
    )
    numbers = uow.session.scalars(
        select(Case.case_no)
        .join(Package, Package.case_id == Case.id)
        .where(about(document.loan_id), Case.closed_on.is_(None), ~held)
        .order_by(Case.case_no)
    )
    for case_no in numbers:
        yield DocumentStep(
            label=_("加入材料包 %(no)s", no=case_no),
            action=url_for("litigation.add", case_no=case_no),
            fields={"document": str(document_id)},
        )
