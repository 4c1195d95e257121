"""Which letters a run holds: the loans asked for or called for, one draft an addressee."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from sqlalchemy import or_, select

from postloan_archive.access.models import User
from postloan_archive.kernel.calendar import WorkCalendar
from postloan_archive.kernel.errors import _l
from postloan_archive.loans import lenders
from postloan_archive.loans import queries as loans
from postloan_archive.loans.clocks import guarantees_of, limitation_of, planned
from postloan_archive.loans.derivation import confirmed_events, guarantee_clock
from postloan_archive.loans.lenders import Lender
from postloan_archive.loans.models import Customer, Loan
from postloan_archive.notices import drafting
from postloan_archive.notices.drafting import Draft
from postloan_archive.notices.errors import LetterChangedError, UnknownLoanNumbersError
from postloan_archive.notices.models import Notice, NoticeRun
from postloan_archive.notices.queries import get_notice
from postloan_archive.notices.rules.triggers import DUE_NOTICE_DAYS
from postloan_archive.policy.queries import load_policy
from postloan_archive.uow import UnitOfWork
from postloan_archive.workdays.service import load_calendar

REPEAT_DAYS: Final = 15  # a letter of the same kind within so many days is pointed out
SENT_BEFORE: Final = _l("{day} 已发过同类函件 {serial}。")
NOT_AGREED: Final = _l("送达地址没有约定或确认的依据：退回、拒收不能作为送达凭证。")
REMOVED: Final = "removed"  # the code of the problem of a letter that a person took out
OPEN_STATES: Final = frozenset({"draft", "checked"})  # a run that may still change


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanRun:
    """Letters of one kind with the amounts of one day.

    Attributes:
        loan_nos: None: every loan of the actor that calls for such a letter on that day.
        overdue_from: only loans overdue for at least so many days.
        limitation_within: only where the careful end of limitation is at most so many days off.
        guarantee_within: only guarantors whose period ends within so many days.
    """

    kind: str
    as_of: date
    loan_nos: tuple[str, ...] | None = None
    overdue_from: int | None = None
    limitation_within: int | None = None
    guarantee_within: int | None = None


def drafts_of(uow: UnitOfWork, cmd: PlanRun) -> Iterator[tuple[Loan, Draft]]:
    """Yield the letters of a run in delivery order, by branch and loan number.

    Raises:
        UnknownLoanNumbersError: some of `loan_nos` are no loans of this actor; all are named.
    """
    asked = cmd.loan_nos is not None
    calendar = load_calendar(uow.session)
    for loan in _chosen(uow, cmd):
        if not asked and not _within(uow, loan, cmd, calendar):
            continue
        for draft in _drafts(uow, loan, cmd, calendar, asked=asked):
            yield loan, draft


def add_letter(uow: UnitOfWork, run: NoticeRun, loan: Loan, draft: Draft) -> Notice:
    """Put one draft into the run, behind the letters it has."""
    notice = Notice(
        position=len(run.notices) + 1,
        kind=run.kind,
        loan_id=loan.id,
        branch_id=loan.branch_id,
        guarantee_id=draft.guarantee.id if draft.guarantee else None,
        addressee_id=draft.addressee.id,
    )
    fill(uow, run, notice, draft)
    run.notices.append(notice)
    return notice


def fill(uow: UnitOfWork, run: NoticeRun, notice: Notice, draft: Draft) -> None:
    """Give a letter its blanks, its amounts and what is to be said about it."""
    warnings = [*draft.warnings, *_sent_before(uow, run, notice)]
    if draft.addressee.service_address and not draft.addressee.service_address_source:
        warnings.append(NOT_AGREED)
    notice.state = "blocked" if draft.problems else "draft"
    notice.problems = [
        *({"severity": "error", "text": text} for text in draft.problems),
        *({"severity": "warning", "text": text} for text in warnings),
    ]
    notice.snapshot = draft.values | {
        "addressee": draft.addressee.name,
        "address_source": draft.addressee.service_address_source,
        "clock": _clock(uow, notice, run.as_of),
    }
    notice.derivation = list(draft.derivation)
    notice.total = draft.position.total_due


def draft_again(uow: UnitOfWork, run: NoticeRun, notice: Notice) -> Draft:
    """Return the letter as the facts of its loan give it now, for the day of the run."""
    loan = loans.get_loan_by_id(uow, notice.loan_id)
    plan = PlanRun(kind=run.kind, as_of=run.as_of, loan_nos=(loan.loan_no,))
    calendar = load_calendar(uow.session)
    return next(
        draft
        for draft in _drafts(uow, loan, plan, calendar, asked=True)
        if draft.addressee.id == notice.addressee_id
        and (draft.guarantee.id if draft.guarantee else None) == notice.guarantee_id
    )


def contact_of(uow: UnitOfWork, lender: Lender, loan: Loan) -> str:
    """Return whom to call: the manager by name, never by user name, and the branch's number."""
    if not lender.phone:
        return ""
    name = uow.session.scalar(select(User.display_name).where(User.username == loan.manager))
    return f"{name}，{lender.phone}" if name else lender.phone


def _chosen(uow: UnitOfWork, cmd: PlanRun) -> list[Loan]:
    query = (
        select(Loan)
        .where(Loan.id.in_(loans.visible_ids(uow)))
        .order_by(Loan.branch_id, Loan.loan_no)
    )
    if cmd.loan_nos is None:
        return list(uow.session.scalars(query.where(Loan.settled_on.is_(None))))
    wanted = list(dict.fromkeys(number.strip() for number in cmd.loan_nos))
    found = list(uow.session.scalars(query.where(Loan.loan_no.in_(wanted))))
    unknown = set(wanted) - {loan.loan_no for loan in found}
    if unknown:
        raise UnknownLoanNumbersError(
            numbers="、".join(number for number in wanted if number in unknown)
        )
    return found


def _within(uow: UnitOfWork, loan: Loan, cmd: PlanRun, calendar: WorkCalendar) -> bool:
    if cmd.limitation_within is None:
        return True
    events = confirmed_events(uow, loan.id)
    state = limitation_of(
        loan, events, as_of=cmd.as_of, calendar=calendar, policy=load_policy(uow)
    )
    due = planned(state) if state else None
    return due is not None and due.safe <= cmd.as_of + timedelta(days=cmd.limitation_within)


def _drafts(
    uow: UnitOfWork, loan: Loan, cmd: PlanRun, calendar: WorkCalendar, *, asked: bool
) -> Iterator[Draft]:
    """Yield the letters of a loan; unless `asked`, only those that are called for."""
    lender = lenders.lender_of(uow, loan.branch_id)
    contact = contact_of(uow, lender, loan)
    late = max(1, cmd.overdue_from or 1)
    if cmd.kind == "N01":
        last = cmd.as_of + timedelta(days=DUE_NOTICE_DAYS)
        draft = drafting.draft_due_notice(loan, lender, cmd.as_of, contact)
        due = any(cmd.as_of < row.due_on <= last and row.principal for row in loan.schedule)
        if asked or (due and loan.due_on <= last and not draft.position.overdue_days):
            yield draft
        return
    if cmd.kind == "N02":
        draft = drafting.draft_demand(loan, lender, cmd.as_of, contact)
        if asked or draft.position.overdue_days >= late:
            yield draft
        return
    until = None
    if cmd.guarantee_within is not None:
        until = cmd.as_of + timedelta(days=cmd.guarantee_within)
    for guarantee in loan.guarantees:
        draft = drafting.draft_guarantor_notice(
            loan, guarantee, lender, cmd.as_of, contact, calendar
        )
        called_for = draft.position.overdue_days >= late and guarantee.kind == "joint"
        if called_for and until is not None:
            end = guarantee_clock(loan, guarantee, calendar=calendar).end
            called_for = cmd.as_of <= end.nominal <= until
        if asked or called_for:
            yield draft


def _sent_before(uow: UnitOfWork, run: NoticeRun, notice: Notice) -> Iterator[str]:
    rows = uow.session.execute(
        select(Notice.issued_on, Notice.serial_no)
        .where(
            Notice.loan_id == notice.loan_id,
            Notice.kind == run.kind,
            Notice.addressee_id == notice.addressee_id,
            Notice.issued_on >= run.as_of - timedelta(days=REPEAT_DAYS),
        )
        .order_by(Notice.issued_on)
    )
    for day, serial in rows:
        yield SENT_BEFORE.format(day=day, serial=serial)


def _clock(uow: UnitOfWork, notice: Notice, as_of: date) -> dict[str, str]:
    """Return the period that the letter concerns, as the check table shows it."""
    loan = loans.get_loan_by_id(uow, notice.loan_id)
    events, calendar = confirmed_events(uow, loan.id), load_calendar(uow.session)
    if notice.guarantee_id is None:
        state = limitation_of(
            loan, events, as_of=as_of, calendar=calendar, policy=load_policy(uow)
        )
        due = planned(state) if state else None
        label = _l("时效")
    else:
        reading = next(
            one
            for one in guarantees_of(
                loan, events, as_of=as_of, calendar=calendar, policy=load_policy(uow)
            )
            if one.guarantee.id == notice.guarantee_id
        )
        due = reading.state.limitation or reading.state.due
        label = _l("保证债务时效") if reading.state.limitation else _l("保证期间")
    if due is None:
        return {}
    return {"label": label, "safe": due.safe.isoformat(), "legal": due.legal.isoformat()}


def addresses_of(customer: Customer) -> tuple[str, ...]:
    """Return where a letter goes: the agreed address, then the registered one if it differs."""
    found = (customer.service_address, customer.domicile)
    return tuple(dict.fromkeys(address for address in found if address))


def numbers_among(uow: UnitOfWork, asked: Iterable[str]) -> tuple[str, ...]:
    """Return the numbers of the loans that a list marked, by id or number, in its order."""
    wanted = [one.strip() for one in asked if one.strip()]
    ids = [int(one) for one in wanted if one.isascii() and one.isdigit()]
    rows = uow.session.execute(
        select(Loan.id, Loan.loan_no)
        .where(
            Loan.id.in_(loans.visible_ids(uow)),
            or_(Loan.id.in_(ids), Loan.loan_no.in_(wanted)),
        )
        .order_by(Loan.id)
    ).all()
    by_name = {str(row.id): row.loan_no for row in rows} | {
        row.loan_no: row.loan_no for row in rows
    }
    found = (by_name.get(one) for one in wanted)
    return tuple(dict.fromkeys(one for one in found if one))


def state_address(uow: UnitOfWork, notice_id: int, address: str, basis: str) -> Notice:
    """Enter the address for service of the addressee of an open letter and draft it again.

    Raises:
        NoticeNotFoundError: no such letter for this actor.
        LetterChangedError: it was issued.
    """
    notice = get_notice(uow, notice_id)
    if notice.run.state not in OPEN_STATES:
        raise LetterChangedError(addressee=str(notice.snapshot.get("addressee", "")))
    customer = uow.session.get_one(Customer, notice.addressee_id)
    before = customer.service_address
    customer.service_address = address.strip()
    customer.service_address_source = basis.strip()
    removed = [row for row in notice.problems if row.get("code") == REMOVED]
    fill(uow, notice.run, notice, draft_again(uow, notice.run, notice))
    if removed:
        notice.problems = [*removed, *notice.problems]
        notice.state = "blocked"
    uow.record(
        "loans.service_address_stated",
        f"customer:{customer.id}",
        before=before,
        after=customer.service_address,
        basis=customer.service_address_source,
    )
    return notice
