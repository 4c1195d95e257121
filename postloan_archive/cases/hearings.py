"""The hearings of all cases that a person may see."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from postloan_archive.cases.models import Case, CaseEvent, Procedure
from postloan_archive.cases.rules.events import Event
from postloan_archive.loans import queries as loans
from postloan_archive.loans.models import Customer, Loan
from postloan_archive.uow import UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class HearingRow:
    """One hearing."""

    event_id: int
    case_no: str
    court_case_no: str
    court: str
    judge: str
    customer: str
    owner: str
    on: date
    at: datetime | None
    note: str


def hearings(uow: UnitOfWork, *, since: date | None = None) -> list[HearingRow]:
    """Return the hearings of the cases that the actor may see, the next one at the head."""
    query = (
        select(CaseEvent, Case, Customer.name, Procedure)
        .join(Case, Case.id == CaseEvent.case_id)
        .join(Loan, Loan.id == Case.loan_id)
        .join(Customer, Customer.id == Loan.customer_id)
        .outerjoin(Procedure, Procedure.id == CaseEvent.procedure_id)
        .where(
            CaseEvent.kind == str(Event.HEARING),
            CaseEvent.struck_reason == "",
            Case.loan_id.in_(loans.visible_ids(uow)),
        )
        .order_by(CaseEvent.happened_on, CaseEvent.happened_at, CaseEvent.id)
    )
    if since is not None:
        query = query.where(CaseEvent.happened_on >= since)
    return [
        HearingRow(
            event_id=event.id,
            case_no=case.case_no,
            court_case_no=(procedure.court_case_no or "") if procedure else "",
            court=procedure.court if procedure else case.court,
            judge=procedure.judge if procedure else "",
            customer=customer,
            owner=case.owner,
            on=event.happened_on,
            at=event.happened_at,
            note=event.note,
        )
        for event, case, customer, procedure in uow.session.execute(query)
    ]
