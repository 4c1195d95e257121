"""What was noted before: a form that was sent twice changes nothing."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import select

from postloan_archive.collection.models import Contact, Promise
from postloan_archive.collection.rules import Result
from postloan_archive.uow import UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What makes a contact the same as one that was noted; a promise counts with its terms."""

    at: datetime
    channel: str
    person: str
    result: str
    promised_for: date | None
    promised_amount: Decimal | None


def same_contact(uow: UnitOfWork, loan_id: int, said: Said) -> bool:
    """Return whether the actor noted this very contact before."""
    found = select(Contact.id).where(
        Contact.loan_id == loan_id,
        Contact.at == said.at,
        Contact.channel == said.channel,
        Contact.person == said.person.strip(),
        Contact.result == said.result,
        Contact.made_by == uow.actor.name,
    )
    if said.result == str(Result.PROMISED):
        found = found.join(Promise, Promise.contact_id == Contact.id).where(
            Promise.due_on == said.promised_for, Promise.amount == said.promised_amount
        )
    return uow.session.scalar(found.limit(1)) is not None
