"""案卷: the tabs that the ledger owns: overview, repayment, security."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from flask import current_app, render_template, request, url_for
from flask.typing import ResponseReturnValue

from postloan_archive.access import people
from postloan_archive.access.permissions import Permission
from postloan_archive.kernel.entries import DateEntryError, read_date
from postloan_archive.kernel.errors import RuleError, _l
from postloan_archive.kernel.law import Due
from postloan_archive.loans.clocks import guarantees_of, limitation_of, planned
from postloan_archive.loans.derivation import confirmed_events, facts_of, position_of
from postloan_archive.loans.file_frame import file_frame
from postloan_archive.loans.models import Guarantee, Loan
from postloan_archive.loans.routes import bp as bp
from postloan_archive.loans.rules.ageing import RiskClass, bucket, class_by_days
from postloan_archive.loans.rules.guarantee_state import GuaranteeState, GuaranteeStatus
from postloan_archive.loans.rules.penalty import penalty_rate
from postloan_archive.loans.rules.position import LoanFacts
from postloan_archive.loans.rules.repayment_terms import term_steps
from postloan_archive.loans.rules.security import mortgage_exercise_by
from postloan_archive.loans.rules.settled import SettledRow, settle
from postloan_archive.loans.unmasking import WholeNumber, unmask
from postloan_archive.uow import UnitOfWork
from postloan_archive.web.clocks import ClockFace, clock_face
from postloan_archive.web.guard import requires
from postloan_archive.web.request_uow import unit_of_work
from postloan_archive.web.translations import error_text
from postloan_archive.workdays.service import load_calendar

METHODS: Final = {
    "equal_payment": _l("等额本息"),
    "equal_principal": _l("等额本金"),
    "bullet": _l("到期一次还本付息"),
    "interest_monthly": _l("按月付息、到期还本"),
    "interest_quarterly": _l("按季付息、到期还本"),
    "free": _l("按约定计划"),
}
GUARANTEE_KINDS: Final = {
    "general": _l("一般保证"),
    "joint": _l("连带责任保证"),
    "not_agreed": _l("未约定（按一般保证）"),
}
COLLATERAL_KINDS: Final = {
    "mortgage_real_estate": _l("不动产抵押"),
    "mortgage_movable": _l("动产抵押"),
    "mortgage_vehicle": _l("机动车抵押"),
    "pledge_deposit": _l("存单质押"),
    "pledge_receivable": _l("应收账款质押"),
    "pledge_equity": _l("股权质押"),
}
CHANGES: Final = {
    "extension": _l("展期"),
    "restructuring": _l("重组"),
    "rate": _l("利率调整"),
    "prepayment": _l("提前还款"),
}
EXTENSION: Final = "disposal.propose"  # an endpoint of the layers above
REVALUATION_DAYS: Final = 365  # R-G06: real estate at least once a year


@dataclass(frozen=True, slots=True, kw_only=True)
class RateStep:
    """The contract rate from a day on, percent a year, and the penalty rate that follows."""

    since: date
    rate: Decimal
    penalty: Decimal
    basis: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GuaranteeCard:
    """A guarantee as the page draws it."""

    guarantee: Guarantee
    kind: str
    state: GuaranteeState
    face: ClockFace


@bp.get("/<loan_no>")
@requires(Permission.LOAN_VIEW)
def loan(loan_no: str) -> ResponseReturnValue:
    """Show the overview of a loan file; the view is in the audit trail."""
    return _overview(loan_no, None, "")


@bp.post("/<loan_no>/unmask")
@requires(Permission.UNMASK)
def unmasked(loan_no: str) -> ResponseReturnValue:
    """Show the overview with whole numbers, once, for a reason."""
    try:
        with unit_of_work() as uow:
            numbers = unmask(uow, loan_no, request.form.get("reason", ""))
    except RuleError as error:
        return _overview(loan_no, None, error_text(error)), 422
    return _overview(loan_no, numbers, "")


@bp.get("/<loan_no>/repayment")
@requires(Permission.LOAN_VIEW)
def repayment(loan_no: str) -> ResponseReturnValue:
    """Show the schedule against the payments and what is owed on any day, line by line."""
    with unit_of_work() as uow:
        file = file_frame(uow, loan_no, "repayment")
        day, wrong = _day_asked(file.today)
        facts = facts_of(file.loan).on(day)
        derived = position_of(file.loan, day)
        rows = settle(facts.schedule, [row for row in facts.payments if row.paid_on <= day])
        return render_template(
            "loans/repayment.html",
            file=file,
            day=day,
            wrong=wrong,
            owed=derived.value,
            derived=derived,
            bucket=bucket(derived.value.overdue_days),
            schedule=[(row, _state(row, day)) for row in rows],
            sums=_sums(rows),
            payments=[row for row in file.loan.payments if row.paid_on <= day],
            later=sum(row.paid_on > day for row in file.loan.payments),
            rates=list(_rates(facts)),
            method=METHODS[file.loan.repayment_method],
            changes=file.loan.amendments,
            change_words=CHANGES,
            extension=_extension(loan_no),
            agreed=term_steps(facts.terms),
            struck=file.loan.reversed_payments,
            names=people.names_of(
                uow, {row.reversed_by for row in file.loan.reversed_payments}
            ),
        )


@bp.get("/<loan_no>/security")
@requires(Permission.LOAN_VIEW)
def security(loan_no: str) -> ResponseReturnValue:
    """Show guarantors with their periods, collateral with registration and value."""
    with unit_of_work() as uow:
        file = file_frame(uow, loan_no, "security")
        found, today = file.loan, file.today
        value = sum((row.value for row in found.collateral), Decimal(0))
        return render_template(
            "loans/security.html",
            file=file,
            guarantees=_guarantees(uow, found),
            kinds=COLLATERAL_KINDS,
            value=value,
            share=file.position.balance * 100 / value if value else None,
            exercise=_exercise_by(uow, found) if found.collateral else None,
            insurance={
                row.id: clock_face(row.insured_until, today)
                for row in found.collateral
                if row.insured_until
            },
            stale={
                row.id: row.valued_on is None or (today - row.valued_on).days > REVALUATION_DAYS
                for row in found.collateral
            },
        )


def _overview(loan_no: str, numbers: list[WholeNumber] | None, wrong: str) -> str:
    with unit_of_work() as uow:
        file = file_frame(uow, loan_no, "overview")
        floor = class_by_days(file.position.overdue_days)
        chosen = RiskClass(file.loan.risk_class)
        uow.record("loans.file_viewed", f"loan:{file.loan.id}", loan_no=file.loan_no)
        return render_template(
            "loans/loan.html",
            file=file,
            numbers=numbers,
            wrong=wrong,
            floor=floor.value if chosen.rank < floor.rank else "",
            method=METHODS[file.loan.repayment_method],
            guarantee_kinds=GUARANTEE_KINDS,
            collateral_kinds=COLLATERAL_KINDS,
        )


def _extension(loan_no: str) -> str:
    """Return the address where an extension is proposed, empty where there is none."""
    if EXTENSION not in current_app.view_functions:
        return ""
    return url_for(EXTENSION, kind="extension", loan=loan_no)


def _day_asked(today: date) -> tuple[date, str]:
    """Return the day of the address, today where there is none, and what is wrong with it."""
    text = request.args.get("as_of", "").strip()
    if not text:
        return today, ""
    try:
        return read_date(text), ""
    except DateEntryError as error:
        return today, error_text(error)


def _state(row: SettledRow, day: date) -> tuple[str, int]:
    """Return the word for a row of the schedule and how many days it is or was late."""
    if not row.left:
        late = (row.settled_on - row.due_on).days if row.settled_on else 0
        return ("late", late) if late > 0 else ("paid", 0)
    if row.due_on > day:
        return "coming", 0
    if row.due_on == day:
        return "today", 0
    return "open", (day - row.due_on).days


def _sums(rows: list[SettledRow]) -> SettledRow:
    """Return the sums of a schedule as one more row."""
    zero = Decimal(0)
    return SettledRow(
        no=len(rows),
        due_on=date.max,
        principal=sum((row.principal for row in rows), zero),
        interest=sum((row.interest for row in rows), zero),
        principal_paid=sum((row.principal_paid for row in rows), zero),
        interest_paid=sum((row.interest_paid for row in rows), zero),
        settled_on=None,
    )


def _rates(facts: LoanFacts) -> Iterator[RateStep]:
    uplift = facts.penalty_uplift_pct
    yield RateStep(
        since=facts.disbursed_on,
        rate=facts.annual_rate_pct,
        penalty=penalty_rate(facts.annual_rate_pct, uplift),
        basis="",
    )
    for since, rate in sorted(facts.rate_changes):
        yield RateStep(since=since, rate=rate, penalty=penalty_rate(rate, uplift), basis="")


def _guarantees(uow: UnitOfWork, found: Loan) -> list[GuaranteeCard]:
    today, calendar = uow.clock.today(), load_calendar(uow.session)
    events = confirmed_events(uow, found.id)
    return [
        GuaranteeCard(
            guarantee=one.guarantee,
            kind=GUARANTEE_KINDS[one.guarantee.kind],
            state=one.state,
            face=clock_face(
                one.state.due.safe,
                today,
                legal=one.state.due.legal,
                provisional=one.state.due.provisional,
                long_period=True,
                done=one.state.status is GuaranteeStatus.CLAIMED,
            ),
        )
        for one in guarantees_of(found, events, as_of=today, calendar=calendar)
    ]


def _exercise_by(uow: UnitOfWork, found: Loan) -> Due | None:
    """Return until when a mortgage must be exercised; None while a procedure goes on."""
    today, calendar = uow.clock.today(), load_calendar(uow.session)
    state = limitation_of(
        found, confirmed_events(uow, found.id), as_of=today, calendar=calendar
    )
    due = planned(state) if state is not None else None
    return mortgage_exercise_by(due) if due is not None else None
