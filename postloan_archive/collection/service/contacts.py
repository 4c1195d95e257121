"""Contacts with debtors, the promises that come of them, who looks after which loan."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Final

from sqlalchemy import select

from postloan_archive.archive import queries as archive
from postloan_archive.collection import queries
from postloan_archive.collection.errors import (
    CollectorUnknownError,
    ConductError,
    ContactNotedError,
    FutureContactError,
    PromiseDayError,
    StoppedError,
    WordsMissingError,
)
from postloan_archive.collection.models import Contact, Duty, Promise
from postloan_archive.collection.repeats import Said, same_contact
from postloan_archive.collection.rules import (
    Channel,
    ContactCheck,
    Purpose,
    Result,
    StopReason,
    Target,
    collection_paused,
    contact_allowed,
    is_kept,
)
from postloan_archive.kernel.clock import CHINA
from postloan_archive.kernel.law import Derived
from postloan_archive.kernel.money import ZERO
from postloan_archive.loans import queries as loans
from postloan_archive.loans.models import Loan
from postloan_archive.policy.queries import load_policy
from postloan_archive.uow import UnitOfWork

THIRD_PARTY: Final = Target.THIRD_PARTY


@dataclass(frozen=True, slots=True, kw_only=True)
class LogContact:
    """A contact that took place, with the promise that came of it.

    Attributes:
        at: aware; when it took place.
        already_made: it went against the rules and is noted all the same, marked.
        contact_on_file: a third party that the debtor named as a contact.
    """

    loan_no: str
    at: datetime
    channel: Channel
    target: Target
    person: str
    result: Result
    purpose: Purpose = Purpose.COLLECT
    note: str = ""
    agreed_other_time: bool = False
    contact_on_file: bool = False
    already_made: bool = False
    promised_for: date | None = None
    promised_amount: Decimal | None = None
    document_id: int | None = None


def check_contact(uow: UnitOfWork, loan: Loan, cmd: LogContact) -> Derived[ContactCheck]:
    """Return whether the contact is allowed, for the dialogue before the call.

    The calls of the day count over all loans of the debtor. The time window is a rule for
    natural persons; a company may be called at any time (R-L01).
    """
    local = cmd.at.astimezone(CHINA)
    calls = (
        queries.calls_on(uow, loan.customer_id, local.date()) if cmd.channel == "call" else 0
    )
    return contact_allowed(
        at=local.time(),
        calls_already_today=calls,
        target=cmd.target,
        agreed_other_time=cmd.agreed_other_time
        or cmd.channel == "letter"
        or loan.customer.kind != "person",
        purpose=cmd.purpose,
        calls_a_day=load_policy(uow).calls_a_day,
        contact_on_file=cmd.contact_on_file,
        stop_requested=cmd.target == THIRD_PARTY
        and queries.asked_to_stop(uow, loan.id, cmd.person),
    )


def log_contact(uow: UnitOfWork, cmd: LogContact) -> Contact:
    """Note a contact.

    Raises:
        LoanNotFoundError, DocumentNotFoundError: not for this actor.
        FutureContactError: it has not taken place.
        ContactNotedError: the same person noted the same contact before.
        StoppedError: collection pauses for the debtor.
        ConductError: time, number or person are against the rules, and it was not marked as
            having happened all the same.
        PromiseDayError: a promise without a day to come or without an amount.
    """
    loan = loans.get_loan(uow, cmd.loan_no)
    if cmd.at > uow.clock.now() + timedelta(minutes=1):
        raise FutureContactError
    if not cmd.person.strip():
        raise WordsMissingError
    if cmd.document_id is not None:
        archive.get_document(uow, cmd.document_id)
    said = Said(
        at=cmd.at,
        channel=str(cmd.channel),
        person=cmd.person,
        result=str(cmd.result),
        promised_for=cmd.promised_for,
        promised_amount=cmd.promised_amount,
    )
    if same_contact(uow, loan.id, said):
        raise ContactNotedError(at=cmd.at)
    stops = tuple(StopReason(row.reason) for row in queries.stops_of(uow, loan.customer_id))
    paused = collection_paused(stops).value and cmd.purpose is Purpose.COLLECT
    if paused and not cmd.already_made:
        raise StoppedError(reasons=tuple(str(reason) for reason in stops))
    check = check_contact(uow, loan, cmd).value
    if not check.allowed and not cmd.already_made:
        raise ConductError(reasons=check.reasons)
    contact = Contact(
        loan_id=loan.id,
        branch_id=loan.branch_id,
        customer_id=loan.customer_id,
        at=cmd.at,
        channel=str(cmd.channel),
        target=str(cmd.target),
        person=cmd.person.strip(),
        purpose=str(cmd.purpose),
        result=str(cmd.result),
        note=cmd.note.strip(),
        violations=[str(reason) for reason in check.reasons] + (["stopped"] if paused else []),
        document_id=cmd.document_id,
        made_by=uow.actor.name,
        noted_at=uow.clock.now(),
    )
    uow.session.add(contact)
    uow.session.flush()  # the promise and the audit line need the id
    if cmd.result is Result.PROMISED:
        _promise(uow, loan, contact, cmd)
    uow.record(
        "collection.contact_logged",
        f"loan:{loan.loan_no}",
        contact=contact.id,
        channel=cmd.channel,
        target=cmd.target,
        result=str(cmd.result),
        violations=contact.violations,
    )
    return contact


def judge_promises(uow: UnitOfWork, day: date) -> int:
    """Judge the promises whose day has passed; the work of every night, repeatable.

    Returns:
        How many were judged.
    """
    due = uow.session.scalars(
        select(Promise)
        .where(Promise.state == "open", Promise.due_on < day)
        .order_by(Promise.id)
    ).all()
    for promise in due:
        loan = loans.get_loan_by_id(uow, promise.loan_id)
        promise.paid = sum(
            (
                row.amount
                for row in loan.payments
                if promise.promised_on <= row.paid_on <= promise.due_on
            ),
            ZERO,
        )
        promise.state = "kept" if is_kept(promise.amount, promise.paid) else "broken"
        promise.judged_on = day
        uow.record(
            "collection.promise_judged",
            f"loan:{loan.loan_no}",
            promise=promise.id,
            state=promise.state,
            paid=str(promise.paid),
        )
    return len(due)


def give_duty(uow: UnitOfWork, loan_nos: tuple[str, ...], collector: str) -> int:
    """Give loans to a collector; return how many changed hands.

    Raises:
        LoanNotFoundError: one of them is no loan of this actor.
        CollectorUnknownError: the user may not collect in these branches.
    """
    if not loan_nos:
        return 0
    able = {name for name, _words in queries.collectors_for(uow)}
    if collector not in able:
        raise CollectorUnknownError(collector=collector)
    count = 0
    for loan_no in dict.fromkeys(loan_nos):
        loan = loans.get_loan(uow, loan_no)
        if queries.collector_of(uow, loan.id) == collector:
            continue
        uow.session.add(
            Duty(
                loan_id=loan.id,
                collector=collector,
                since=uow.clock.today(),
                given_by=uow.actor.name,
            )
        )
        uow.record("collection.duty_given", f"loan:{loan_no}", collector=collector)
        count += 1
    return count


def _promise(uow: UnitOfWork, loan: Loan, contact: Contact, cmd: LogContact) -> None:
    on = cmd.at.astimezone(CHINA).date()
    amount = cmd.promised_amount
    if cmd.promised_for is None or cmd.promised_for < on or not amount or amount <= 0:
        raise PromiseDayError(on=cmd.promised_for or on)
    uow.session.add(
        Promise(
            loan_id=loan.id,
            branch_id=loan.branch_id,
            contact_id=contact.id,
            promised_on=on,
            due_on=cmd.promised_for,
            amount=amount,
            paid=ZERO,
        )
    )
