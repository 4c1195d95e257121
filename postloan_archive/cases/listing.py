"""The list of cases from the kept days: one SELECT, whatever the number of events."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Final

from sqlalchemy import ColumnElement, ScalarSelect, Select, func, or_, select

from postloan_archive.cases.case_loans import STANDS, about
from postloan_archive.cases.models import Case, CaseDay, CaseLoan, Procedure
from postloan_archive.cases.queries import CaseRow, case_row
from postloan_archive.cases.rules.steps import STEP_LABELS, Step
from postloan_archive.loans import queries as loans
from postloan_archive.loans.models import Customer, Loan
from postloan_archive.uow import UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFilter:
    """What the list shows; an empty field stands for everything.

    `next_within` are days: the next day comes by then.
    """

    stage: str = ""
    court: str = ""
    owner: str = ""
    word: str = ""
    next_within: int | None = None
    loan_id: int | None = None


EVERYTHING: Final = CaseFilter()
MOST_DAYS: Final = 36_500  # a hundred years: no day of a docket is later


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """How many cases a filter finds and what they are about in yuan."""

    cases: int
    amount: Decimal


def case_rows(
    uow: UnitOfWork,
    wanted: CaseFilter = EVERYTHING,
    *,
    limit: int | None = None,
    offset: int = 0,
) -> list[CaseRow]:
    """Return the cases that the actor may see and the filter lets through, newest first."""
    today = uow.clock.today()
    columns: Select[*tuple[Any, ...]] = select(
        Case,
        Loan.loan_no,
        Customer.name,
        _next_on(today).label("next_on"),
        _next_label(today).label("next_label"),
        _number().label("number"),
        _further().label("further"),
    )
    query = (
        _joined(columns)
        .where(*_conditions(uow, wanted))
        .order_by(Case.case_no.desc())
        .limit(limit)
        .offset(offset)
    )
    return [_row(uow, row) for row in uow.session.execute(query)]


def totals(uow: UnitOfWork, wanted: CaseFilter) -> Totals:
    """Return the sums of the whole list, of every page of it."""
    columns: Select[*tuple[Any, ...]] = select(func.count(Case.id), func.sum(Case.claim_amount))
    row: Any = uow.session.execute(_joined(columns).where(*_conditions(uow, wanted))).one()
    return Totals(cases=row[0], amount=row[1] or Decimal(0))


def choices(uow: UnitOfWork) -> tuple[list[str], list[str]]:
    """Return the courts and the owners of the cases that the actor may see."""
    mine = Case.loan_id.in_(loans.visible_ids(uow))
    courts = select(Case.court).where(mine).distinct().order_by(Case.court)
    owners = select(Case.owner).where(mine, Case.owner != "").distinct().order_by(Case.owner)
    return list(uow.session.scalars(courts)), list(uow.session.scalars(owners))


def _row(uow: UnitOfWork, row: Any) -> CaseRow:  # noqa: ANN401 - a row of the SELECT above
    case = row.Case
    if not case.days_kept:  # from before the days were kept; the job of the night keeps them
        return case_row(uow, case)
    return CaseRow(
        case_no=case.case_no,
        loan_no=row.loan_no,
        customer=row.name,
        cause=case.cause,
        court=case.court,
        court_case_no=row.number or "",
        stage=case.stage,
        stage_label=STEP_LABELS[Step(case.stage)],
        claim_amount=case.claim_amount,
        owner=case.owner,
        opened_on=case.opened_on,
        next_deadline=row.next_on,
        next_label=row.next_label or "",
        loans=1 + row.further,
    )


def _joined(query: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    return (
        query.select_from(Case)
        .join(Loan, Loan.id == Case.loan_id)
        .join(Customer, Customer.id == Loan.customer_id)
    )


def _conditions(uow: UnitOfWork, wanted: CaseFilter) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = [Case.loan_id.in_(loans.visible_ids(uow))]
    if wanted.stage:
        found.append(Case.stage == wanted.stage)
    if wanted.court:
        found.append(Case.court == wanted.court)
    if wanted.owner:
        found.append(Case.owner == wanted.owner)
    if wanted.loan_id is not None:
        found.append(about(wanted.loan_id))
    if wanted.word:
        numbered = select(Procedure.case_id).where(
            Procedure.court_case_no.contains(wanted.word, autoescape=True)
        )
        beside = (
            select(CaseLoan.case_id)
            .join(Loan, Loan.id == CaseLoan.loan_id)
            .join(Customer, Customer.id == Loan.customer_id)
            .where(STANDS, _names(wanted.word))
        )
        found.append(
            or_(
                Case.case_no.contains(wanted.word, autoescape=True),
                _names(wanted.word),
                Case.id.in_(numbered),
                Case.id.in_(beside),
            )
        )
    if wanted.next_within is not None:
        today = uow.clock.today()
        days = min(wanted.next_within, MOST_DAYS)
        found.append(_next_on(today) <= today + timedelta(days=days))
    return found


def _names(word: str) -> ColumnElement[bool]:
    """Return the condition that a loan or its borrower is called so."""
    return Loan.loan_no.contains(word, autoescape=True) | Customer.name.contains(
        word, autoescape=True
    )


def _further() -> ScalarSelect[int]:
    """Return how many loans are sued for beside the leading one."""
    return (
        select(func.count(CaseLoan.id))
        .where(CaseLoan.case_id == Case.id, STANDS)
        .correlate(Case)
        .scalar_subquery()
    )


def _next_on(today: date) -> ScalarSelect[date]:
    return (
        select(func.min(CaseDay.on))
        .where(CaseDay.case_id == Case.id, CaseDay.on >= today)
        .correlate(Case)
        .scalar_subquery()
    )


def _next_label(today: date) -> ScalarSelect[str]:
    return (
        select(CaseDay.label)
        .where(CaseDay.case_id == Case.id, CaseDay.on >= today)
        .order_by(CaseDay.on, CaseDay.id)
        .limit(1)
        .correlate(Case)
        .scalar_subquery()
    )


def _number() -> ScalarSelect[str | None]:
    """Return the newest number that a court gave the case."""
    return (
        select(Procedure.court_case_no)
        .where(Procedure.case_id == Case.id, Procedure.court_case_no.is_not(None))
        .order_by(Procedure.id.desc())
        .limit(1)
        .correlate(Case)
        .scalar_subquery()
    )
