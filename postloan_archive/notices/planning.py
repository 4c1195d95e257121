"""Which letters a run holds: the loans asked for or called for, one draft an addressee."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
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
from postloan_archive.notices.checks import Checks, kept_over
from postloan_archive.notices.drafting import Draft
from postloan_archive.notices.errors import AddresseeGoneError, UnknownLoanNumbersError
from postloan_archive.notices.kinds import drafts_of_calls
from postloan_archive.notices.models import Notice, NoticeRun
from postloan_archive.notices.rules.delivery import TO_GUARANTOR
from postloan_archive.notices.rules.given import Given
from postloan_archive.policy.queries import load_policy
from postloan_archive.uow import UnitOfWork
from postloan_archive.workdays.service import load_calendar

REMOVED: Final = "removed"  # the code of the problem of a letter that a person took out
READ_TOGETHER: Final = (  # one query for all loans of a run instead of one for each
    Loan.contract,
    Loan.customer,
    Loan.schedule,
    Loan.payments,
    Loan.rate_changes,
    Loan.guarantees,
)
NO_GUARANTOR: Final = _l("该笔借款没有登记（本批所选的）保证人，没有可发的通知书。")
GONE: Final = _l("案卷中已没有这封函件的收件人或担保，请移除或另建批次。")
NOT_CALLED_FOR: Final = _l("该笔借款不需要这种函件。")
OPEN_STATES: Final = frozenset({"draft", "checked"})  # a run that may still change


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """A loan or a row of a sheet that was asked for and has no letter, with the reason."""

    what: str
    reason: str
    row: int | None = None


def drafts_of(
    uow: UnitOfWork, cmd: PlanRun, left_out: list[LeftOut]
) -> Iterator[tuple[Loan, Draft]]:
    """Yield the letters of a run in delivery order, by branch and loan number.

    Args:
        uow: where to look and for whom.
        cmd: which letters.
        left_out: a loan that was asked for and gets no letter is added here, with the reason.

    Raises:
        UnknownLoanNumbersError: some of `loan_nos` are no loans of this actor; all are named.
    """
    for loan, drafts in drafts_of_calls(_calls(uow, cmd)):
        if cmd.loan_nos is not None and not drafts:
            reason = NO_GUARANTOR if cmd.kind in TO_GUARANTOR else NOT_CALLED_FOR
            left_out.append(LeftOut(what=loan.loan_no, reason=reason))
        for draft in drafts:
            yield loan, draft


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
    uow: UnitOfWork, run: NoticeRun, loan: Loan, draft: Draft, checks: Checks, given: Given
) -> Notice:
    """Put one draft into the run, behind the letters it has."""
    notice = Notice(
        position=len(run.notices) + 1,
        kind=run.kind,
        loan_id=loan.id,
        branch_id=loan.branch_id,
        guarantee_id=draft.guarantee.id if draft.guarantee else None,
        addressee_id=draft.addressee.id,
        problems=[],
        snapshot={"given": dict(given)},
    )
    fill(uow, run, notice, loan, draft, checks)
    run.notices.append(notice)
    return notice


def fill(
    uow: UnitOfWork, run: NoticeRun, notice: Notice, loan: Loan, draft: Draft, checks: Checks
) -> None:
    """Give a letter its blanks, its amounts and what is to be said about it.

    What a person decided about it before stays: taken out, or sent though collection stops.
    """
    before = notice.problems or []
    removed = [row for row in before if row.get("code") == REMOVED]
    found = kept_over(before, list(checks.problems_of(loan, run.kind, draft)))
    notice.problems = [*removed, *found]
    errors = any(row["severity"] == "error" for row in notice.problems)
    notice.state = "blocked" if errors else "draft"
    notice.warned = any(row["severity"] == "warning" for row in notice.problems)
    notice.snapshot = draft.values | {
        "addressee": draft.addressee.name,
        "address_source": draft.addressee.service_address_source,
        "other_addresses": list(addresses_of(draft.addressee)),
        "phone": draft.addressee.phone,
        "clock": _clock(uow, notice, loan, run.as_of, checks),
        "given": notice.snapshot.get("given", {}),
    }
    notice.derivation = list(draft.derivation)
    notice.total = draft.position.total_due if draft.total is None else draft.total


def set_aside(notice: Notice) -> None:
    """Hold back a letter that the file no longer gives."""
    kept = [row for row in notice.problems if row.get("code") == REMOVED]
    notice.problems = [*kept, {"severity": "error", "text": GONE, "code": "gone"}]
    notice.state = "blocked"


def draft_again(uow: UnitOfWork, run: NoticeRun, notice: Notice) -> tuple[Loan, Draft]:
    """Return loan and letter as the facts give it now, for the day of the run.

    Raises:
        AddresseeGoneError: the file no longer gives such a letter.
    """
    found = drafts_again(uow, run, [notice]).get(notice.id)
    if found is None:
        raise AddresseeGoneError(addressee=str(notice.snapshot.get("addressee", "")))
    return found


def drafts_again(
    uow: UnitOfWork, run: NoticeRun, notices: Sequence[Notice]
) -> dict[int, tuple[Loan, Draft]]:
    """Return loans and letters of a run anew by letter, read together.

    A letter whose addressee is no longer in the file is not among them.
    """
    if not notices:
        return {}
    first = notices[0]  # what a person told the run is the same in each letter
    plan = PlanRun(
        kind=run.kind,
        as_of=run.as_of,
        loan_nos=tuple(_loan_numbers(uow, notices)),
        breach=Breach(
            fact=str(first.snapshot.get("breach_fact", "")), due_from=called_due(first)
        ),
        given=first.snapshot.get("given", {}),
    )
    found = {
        (
            loan.id,
            draft.addressee.id,
            draft.guarantee.id if draft.guarantee else None,
            _security(draft.values),
        ): (loan, draft)
        for loan, draft in drafts_of(uow, plan, [])
    }
    again = {}
    for notice in notices:
        key = (
            notice.loan_id,
            notice.addressee_id,
            notice.guarantee_id,
            _security(notice.snapshot),
        )
        if key in found:
            again[notice.id] = found[key]
    return again


def _loan_numbers(uow: UnitOfWork, notices: Sequence[Notice]) -> Iterator[str]:
    """Yield the loans of letters; an announcement gathers several."""
    ids = {notice.loan_id for notice in notices}
    rows = uow.session.execute(select(Loan.id, Loan.loan_no).where(Loan.id.in_(ids)))
    numbers = {row.id: row.loan_no for row in rows}
    for notice in notices:
        yield from notice.snapshot.get("loan_nos", ()) or (numbers[notice.loan_id],)


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
        wanted_state = settled if cmd.kind == "N13" else loans.still_ours()
        return list(uow.session.scalars(query.where(wanted_state)))
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


def _clock(
    uow: UnitOfWork, notice: Notice, loan: Loan, as_of: date, checks: Checks
) -> dict[str, str]:
    """Return the period that the letter concerns, as the check table shows it."""
    events = confirmed_events(uow, loan.id)
    if notice.guarantee_id is None:
        state = limitation_of(
            loan, events, as_of=as_of, calendar=checks.calendar, policy=checks.policy
        )
        due = planned(state) if state else None
        label = _l("时效")
    else:
        reading = next(
            one
            for one in guarantees_of(
                loan, events, as_of=as_of, calendar=checks.calendar, policy=checks.policy
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
