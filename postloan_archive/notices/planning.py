"""Which letters a run holds: the loans asked for or called for, one draft an addressee."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from typing import Final

from sqlalchemy import or_, select
from sqlalchemy.orm import selectinload

from postloan_archive.kernel.calendar import WorkCalendar
from postloan_archive.kernel.errors import _l
from postloan_archive.loans import lenders
from postloan_archive.loans import queries as loans
from postloan_archive.loans.clocks import guarantees_of, limitation_of, planned
from postloan_archive.loans.derivation import confirmed_events
from postloan_archive.loans.lenders import Lender
from postloan_archive.loans.models import Customer, Loan
from postloan_archive.notices.announcing import Breach
from postloan_archive.notices.calling import Call, PlanRun
from postloan_archive.notices.drafting import Draft
from postloan_archive.notices.errors import LetterChangedError, UnknownLoanNumbersError
from postloan_archive.notices.kinds import drafts_of_calls
from postloan_archive.notices.models import Notice, NoticeRun
from postloan_archive.notices.queries import get_notice
from postloan_archive.notices.rules.given import Given
from postloan_archive.policy.queries import load_policy
from postloan_archive.uow import UnitOfWork
from postloan_archive.workdays.service import load_calendar

REPEAT_DAYS: Final = 15  # a letter of the same kind within so many days is pointed out
SENT_BEFORE: Final = _l("{day} 已发过同类函件 {serial}。")
NOT_AGREED: Final = _l("送达地址没有约定或确认的依据：退回、拒收不能作为送达凭证。")
REMOVED: Final = "removed"  # the code of the problem of a letter that a person took out
READ_TOGETHER: Final = (  # one query for all loans of a run instead of one for each
    Loan.contract,
    Loan.customer,
    Loan.schedule,
    Loan.payments,
    Loan.rate_changes,
    Loan.guarantees,
)
OPEN_STATES: Final = frozenset({"draft", "checked"})  # a run that may still change


def drafts_of(uow: UnitOfWork, cmd: PlanRun) -> Iterator[tuple[Loan, Draft]]:
    """Yield the letters of a run in delivery order, by branch and loan number.

    Raises:
        UnknownLoanNumbersError: some of `loan_nos` are no loans of this actor; all are named.
    """
    yield from drafts_of_calls(_calls(uow, cmd))


def _calls(uow: UnitOfWork, cmd: PlanRun) -> Iterator[Call]:
    asked = cmd.loan_nos is not None
    calendar = load_calendar(uow.session)
    writers: dict[int, Lender] = {}
    for loan in _chosen(uow, cmd):
        if not asked and not _within(uow, loan, cmd, calendar):
            continue
        if loan.branch_id not in writers:
            writers[loan.branch_id] = lenders.lender_of(uow, loan.branch_id)
        yield Call(
            uow=uow,
            loan=loan,
            cmd=cmd,
            calendar=calendar,
            lender=writers[loan.branch_id],
            asked=asked,
        )


def add_letter(
    uow: UnitOfWork,
    run: NoticeRun,
    loan: Loan,
    draft: Draft,
    calendar: WorkCalendar,
    given: Given,
) -> Notice:
    """Put one draft into the run, behind the letters it has."""
    notice = Notice(
        position=len(run.notices) + 1,
        kind=run.kind,
        loan_id=loan.id,
        branch_id=loan.branch_id,
        guarantee_id=draft.guarantee.id if draft.guarantee else None,
        addressee_id=draft.addressee.id,
        snapshot={"given": dict(given)},
    )
    fill(uow, run, notice, draft, calendar)
    run.notices.append(notice)
    return notice


def fill(
    uow: UnitOfWork, run: NoticeRun, notice: Notice, draft: Draft, calendar: WorkCalendar
) -> None:
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
        "clock": _clock(uow, notice, run.as_of, calendar),
        "given": notice.snapshot.get("given", {}),
    }
    notice.derivation = list(draft.derivation)
    notice.total = draft.position.total_due if draft.total is None else draft.total


def draft_again(uow: UnitOfWork, run: NoticeRun, notice: Notice) -> Draft:
    """Return the letter as the facts of its loan give it now, for the day of the run."""
    loan = loans.get_loan_by_id(uow, notice.loan_id)
    breach = Breach(
        fact=str(notice.snapshot.get("breach_fact", "")), due_from=called_due(notice)
    )
    plan = PlanRun(
        kind=run.kind,
        as_of=run.as_of,
        # An announcement gathers several loans; every other letter is about one.
        loan_nos=tuple(notice.snapshot.get("loan_nos", ())) or (loan.loan_no,),
        breach=breach,
        given=notice.snapshot.get("given", {}),
    )
    return next(
        draft
        for _, draft in drafts_of(uow, plan)
        if draft.addressee.id == notice.addressee_id
        and (draft.guarantee.id if draft.guarantee else None) == notice.guarantee_id
        and _security(draft.values) == _security(notice.snapshot)
    )


def _security(values: Mapping[str, object]) -> object:
    """Return the contract of security that a letter is about: one person may have given two."""
    return values.get("security_contract_no") or values.get("guarantee_contract_no")


def called_due(notice: Notice) -> date | None:
    """Return the day from which a letter calls its loan due, None for other letters."""
    kept = notice.snapshot.get("acceleration_on")
    return date.fromisoformat(str(kept)) if kept else None


def _chosen(uow: UnitOfWork, cmd: PlanRun) -> list[Loan]:
    query = (
        select(Loan)
        .where(Loan.id.in_(loans.visible_ids(uow)))
        .order_by(Loan.branch_id, Loan.loan_no)
        .options(*(selectinload(one) for one in READ_TOGETHER))
    )
    if cmd.loan_nos is None:
        settled = Loan.settled_on.is_not(None)
        return list(
            uow.session.scalars(query.where(settled if cmd.kind == "N13" else ~settled))
        )
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


def _clock(
    uow: UnitOfWork, notice: Notice, as_of: date, calendar: WorkCalendar
) -> dict[str, str]:
    """Return the period that the letter concerns, as the check table shows it."""
    loan = loans.get_loan_by_id(uow, notice.loan_id)
    events = confirmed_events(uow, loan.id)
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
    return {
        "label": label,
        "safe": due.safe.isoformat(),
        "legal": due.legal.isoformat(),
        "provisional": "1" if due.provisional else "",
    }


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
    draft = draft_again(uow, notice.run, notice)
    fill(uow, notice.run, notice, draft, load_calendar(uow.session))
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
