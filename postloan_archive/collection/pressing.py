"""What must not wait: urgent surveys that nobody handled, broken promises without a word."""

from typing import Final

from sqlalchemy import Text, cast, select

from postloan_archive.collection.models import Contact, Promise, Survey
from postloan_archive.loans import queries as loans
from postloan_archive.uow import UnitOfWork

MOST: Final = 50
NOTHING: Final = "[]"  # an empty list as the table holds it


def urgent_surveys(uow: UnitOfWork) -> list[tuple[Survey, str]]:
    """Return the surveys with urgent answers that nobody has handled; the oldest `MOST`."""
    rows = uow.session.scalars(
        select(Survey)
        .where(
            Survey.loan_id.in_(loans.visible_ids(uow)),
            Survey.handled_at.is_(None),
            cast(Survey.urgent, Text) != NOTHING,
        )
        .order_by(Survey.id)
        .limit(MOST)
    ).all()
    numbers = loans.numbers_of(uow, {row.loan_id for row in rows})
    return [(row, numbers[row.loan_id]) for row in rows]


def broken_promises(uow: UnitOfWork) -> list[tuple[Promise, str]]:
    """Return the oldest `MOST` broken promises after which nobody spoke to the debtor."""
    later = (
        select(Contact.id)
        .where(Contact.loan_id == Promise.loan_id, Contact.at > Promise.judged_on)
        .exists()
    )
    rows = uow.session.scalars(
        select(Promise)
        .where(
            Promise.loan_id.in_(loans.visible_ids(uow)),
            Promise.state == "broken",
            ~later,
        )
        .order_by(Promise.due_on, Promise.id)
        .limit(MOST)
    ).all()
    numbers = loans.numbers_of(uow, {row.loan_id for row in rows})
    return [(row, numbers[row.loan_id]) for row in rows]
