"""Counts over documents for reports; only of loans that the actor may see."""

from datetime import date, timedelta

from sqlalchemy import func, select

from postloan_archive.archive.models import Document
from postloan_archive.kernel.clock import day_span
from postloan_archive.loans import queries as loans
from postloan_archive.uow import UnitOfWork


def added_by_person(
    uow: UnitOfWork, since: date, until: date, branch_id: int | None = None
) -> list[tuple[str, int, int]]:
    """Return (user name, documents, pages) added in the period, both days included."""
    query = (
        select(Document.added_by, func.count(), func.coalesce(func.sum(Document.page_count), 0))
        .where(
            Document.loan_id.in_(loans.ids_in_branch(uow, branch_id)),
            Document.added_at >= day_span(since)[0],
            Document.added_at < day_span(until + timedelta(days=1))[0],
            Document.source != "system",
        )
        .group_by(Document.added_by)
        .order_by(func.count().desc(), Document.added_by)
    )
    return [(name, count, pages) for name, count, pages in uow.session.execute(query)]
