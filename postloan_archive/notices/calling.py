"""Which letters one loan calls for on a day, and what each of them would say."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Final

from sqlalchemy import select

from postloan_archive.access.models import User
from postloan_archive.kernel.calendar import WorkCalendar
from postloan_archive.loans.derivation import guarantee_clock
from postloan_archive.loans.lenders import Lender
from postloan_archive.loans.models import Loan, RateChange
from postloan_archive.notices import announcing, drafting
from postloan_archive.notices.announcing import Breach
from postloan_archive.notices.drafting import Draft
from postloan_archive.notices.models import Notice
from postloan_archive.notices.rules.conventions import date_in_body
from postloan_archive.notices.rules.delivery import DEMANDS
from postloan_archive.notices.rules.fields import NOTICES
from postloan_archive.notices.rules.given import Given
from postloan_archive.notices.rules.triggers import DUE_NOTICE_DAYS, FIRM_DEMAND_FROM
from postloan_archive.notices.special.writing import Writing
from postloan_archive.uow import UnitOfWork

ROLE_IN_NAME: Final = re.compile(r"[（(][^（）()]*[）)]$")  # 沈律（法务）
NO_BREACH: Final = Breach()
RATE_NOTICE_DAYS: Final = 30  # [M]: a change of rate is announced this close to its day


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanRun:
    """Letters of one kind with the amounts of one day.

    Attributes:
        loan_nos: None: every loan of the actor that calls for such a letter on that day.
        overdue_from: only loans overdue for at least so many days.
        limitation_within: only where the careful end of limitation is at most so many days off.
        guarantee_within: only guarantors whose period ends within so many days.
        guarantee_ids: only these guarantors; None: all.
        breach: why the loans are called due early, and from when; for N03 alone.
        given: what a person tells the run besides, by name (`rules.given`).
    """

    kind: str
    as_of: date
    loan_nos: tuple[str, ...] | None = None
    overdue_from: int | None = None
    limitation_within: int | None = None
    guarantee_within: int | None = None
    guarantee_ids: tuple[int, ...] | None = None
    breach: Breach = NO_BREACH
    given: Given = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One loan asked about its letters.

    `asked`: a person named the loan, so the letter is drafted whether called for or not.
    """

    uow: UnitOfWork
    loan: Loan
    cmd: PlanRun
    calendar: WorkCalendar
    lender: Lender
    asked: bool

    @property
    def contact(self) -> str:
        """Return whom the addressee may call."""
        return contact_of(self.uow, self.lender, self.loan)

    @property
    def least_days(self) -> int:
        """Return for how many days a loan must be overdue at least."""
        return max(1, self.cmd.overdue_from or 1)

    @property
    def writing(self) -> Writing:
        """Return what a letter with facts of the run is written from."""
        return Writing(
            loan=self.loan,
            lender=self.lender,
            as_of=self.cmd.as_of,
            contact=self.contact,
            given=self.cmd.given,
            calendar=self.calendar,
        )


def contact_of(uow: UnitOfWork, lender: Lender, loan: Loan) -> str:
    """Return whom to call: the manager by name, never by user name, and the branch's number."""
    if not lender.phone:
        return ""
    name = uow.session.scalar(select(User.display_name).where(User.username == loan.manager))
    person = ROLE_IN_NAME.sub("", name or "")
    return f"{person}，{lender.phone}" if person else lender.phone


def _due_notice(call: Call) -> Iterator[Draft]:
    loan, as_of = call.loan, call.cmd.as_of
    last = as_of + timedelta(days=DUE_NOTICE_DAYS)
    draft = drafting.draft_due_notice(loan, call.lender, as_of, call.contact)
    due = any(as_of < row.due_on <= last and row.principal for row in loan.schedule)
    if call.asked or (due and loan.due_on <= last and not draft.position.overdue_days):
        yield draft


def _demand(call: Call) -> Iterator[Draft]:
    draft = drafting.draft_demand(call.loan, call.lender, call.cmd.as_of, call.contact)
    if call.asked or draft.position.overdue_days >= call.least_days:
        yield draft


def _firm_demand(call: Call) -> Iterator[Draft]:
    draft = drafting.draft_demand(
        call.loan,
        call.lender,
        call.cmd.as_of,
        call.contact,
        previous=_previous(call.uow, call.loan),
    )
    least = max(call.least_days, FIRM_DEMAND_FROM)
    if call.asked or draft.position.overdue_days >= least:
        yield draft


def _acceleration(call: Call) -> Iterator[Draft]:
    if call.asked:  # a decision of people; no state of a loan calls for it by itself
        yield announcing.draft_acceleration(
            call.loan, call.lender, call.cmd.as_of, call.contact, call.cmd.breach
        )


def _guarantor_notices(call: Call) -> Iterator[Draft]:
    as_of, within = call.cmd.as_of, call.cmd.guarantee_within
    for guarantee in call.loan.guarantees:
        if call.cmd.guarantee_ids is not None and guarantee.id not in call.cmd.guarantee_ids:
            continue
        draft = drafting.draft_guarantor_notice(
            call.loan, guarantee, call.lender, as_of, call.contact, call.calendar
        )
        called_for = (
            draft.position.overdue_days >= call.least_days and guarantee.kind == "joint"
        )
        if called_for and within is not None:
            end = guarantee_clock(call.loan, guarantee, calendar=call.calendar).end
            called_for = as_of <= end.nominal <= as_of + timedelta(days=within)
        if call.asked or called_for:
            yield draft


def _rate_notice(call: Call) -> Iterator[Draft]:
    change = _rate_change(call.loan, call.cmd.as_of, asked=call.asked)
    if call.asked or change:
        yield announcing.draft_rate_notice(
            call.loan, call.lender, call.cmd.as_of, call.contact, change
        )


def _settlement(call: Call) -> Iterator[Draft]:
    if call.asked or (call.loan.settled_on and not _has_letter(call.uow, call.loan, "N13")):
        yield announcing.draft_settlement(call.loan, call.lender, call.cmd.as_of, call.contact)


DRAFTS: Final[Mapping[str, Callable[[Call], Iterator[Draft]]]] = {
    "N01": _due_notice,
    "N02": _demand,
    "N03": _acceleration,
    "N04": _guarantor_notices,
    "N05": _firm_demand,
    "N10": _rate_notice,
    "N13": _settlement,
}


def _previous(uow: UnitOfWork, loan: Loan) -> str:
    """Return how often the borrower was asked to pay so far, as N05 says it."""
    rows = uow.session.scalars(
        select(Notice)
        .where(
            Notice.loan_id == loan.id,
            Notice.addressee_id == loan.customer_id,
            Notice.kind.in_(DEMANDS),
            Notice.state == "issued",
        )
        .order_by(Notice.issued_on, Notice.id)
    ).all()
    if not rows or rows[-1].issued_on is None:
        return ""
    last = rows[-1]
    day, title = date_in_body(rows[-1].issued_on), NOTICES[last.kind].title
    if len(rows) == 1:
        return f"于{day}发出{last.serial_no}《{title}》"
    return f"已书面催收{len(rows)}次，最近一次为{day}{last.serial_no}《{title}》"


def _rate_change(loan: Loan, as_of: date, *, asked: bool) -> RateChange | None:
    """Return the change to announce: the newest one, or only one close to the day."""
    if not loan.rate_changes:
        return None
    newest = loan.rate_changes[-1]
    near = abs((newest.effective_on - as_of).days) <= RATE_NOTICE_DAYS
    return newest if asked or near else None


def _has_letter(uow: UnitOfWork, loan: Loan, kind: str) -> bool:
    query = select(Notice.id).where(
        Notice.loan_id == loan.id, Notice.kind == kind, Notice.state == "issued"
    )
    return uow.session.scalar(query.limit(1)) is not None
