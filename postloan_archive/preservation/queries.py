"""SELECTs over measures; only those of loans that the actor may see."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import select

from postloan_archive.kernel.law import Citation, Due
from postloan_archive.loans import queries as loans
from postloan_archive.preservation.errors import MeasureNotFoundError
from postloan_archive.preservation.models import Measure
from postloan_archive.preservation.rules.kinds import ASSET_LABELS, AssetKind
from postloan_archive.preservation.rules.term import preservation_term
from postloan_archive.uow import UnitOfWork
from postloan_archive.workdays.service import load_calendar


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasureRow:
    """One measure that stands, with what its term comes to.

    `days_left` counts from the day asked to the last day, which still belongs to the term;
    negative: it has lapsed. None for a waiting seizure, which has no term (R-C08).
    """

    id: int
    loan_no: str
    case_id: int | None
    phase: str
    respondent: str
    asset_kind: str
    asset_label: str
    asset: str
    amount: Decimal | None
    court: str
    judge: str
    ruling_no: str
    seizure_order: int
    effective_on: date
    expiry: date | None
    from_court: bool
    apply_by: Due | None
    days_left: int | None
    renewal_requested_on: date | None
    security_expires_on: date | None
    steps: tuple[str, ...]
    basis: tuple[Citation, ...] = ()


def get_measure(uow: UnitOfWork, measure_id: int) -> Measure:
    """Return one measure.

    Raises:
        MeasureNotFoundError: no such measure, or none that the actor may see.
    """
    measure = uow.session.get(Measure, measure_id)
    if measure is None or not uow.actor.sees_branch(measure.branch_id):
        raise MeasureNotFoundError(measure_id=measure_id)
    return measure


def measures(
    uow: UnitOfWork,
    *,
    due_within: int | None = None,
    case_id: int | None = None,
    loan_id: int | None = None,
) -> list[MeasureRow]:
    """Return the measures that stand, the one that lapses first at the head.

    Args:
        uow: whose day and whose rights count.
        due_within: only measures that lapse within so many days, or have lapsed.
        case_id: only those of one case.
        loan_id: only those of one loan.
    """
    query = (
        select(Measure)
        .where(Measure.loan_id.in_(loans.visible_ids(uow)), Measure.released_on.is_(None))
        .order_by(Measure.id)
    )
    if case_id is not None:
        query = query.where(Measure.case_id == case_id)
    if loan_id is not None:
        query = query.where(Measure.loan_id == loan_id)
    found = list(uow.session.scalars(query))
    renewed = {row.renewal_of for row in found}
    numbers = loans.numbers_of(uow, {row.loan_id for row in found})
    calendar, today = load_calendar(uow.session), uow.clock.today()
    rows = []
    for row in found:
        if row.id in renewed:
            continue
        waits = row.seizure_order > 1
        term = None if waits else preservation_term(
            row.effective_on,
            row.asset_kind,
            calendar=calendar,
            court_expiry=row.court_expiry,
        )  # fmt: skip
        left = None if term is None else (term.expiry - today).days
        if due_within is not None and (left is None or left > due_within):
            continue
        rows.append(
            MeasureRow(
                id=row.id,
                loan_no=numbers[row.loan_id],
                case_id=row.case_id,
                phase=row.phase,
                respondent=row.respondent,
                asset_kind=row.asset_kind,
                asset_label=ASSET_LABELS[AssetKind(row.asset_kind)],
                asset=row.asset,
                amount=row.amount,
                court=row.court,
                judge=row.judge,
                ruling_no=row.ruling_no,
                seizure_order=row.seizure_order,
                effective_on=row.effective_on,
                expiry=None if term is None else term.expiry,
                from_court=term is not None and term.from_court,
                apply_by=None if term is None else term.apply_by,
                days_left=left,
                renewal_requested_on=row.renewal_requested_on,
                security_expires_on=row.security_expires_on,
                steps=() if term is None else term.steps,
                basis=() if term is None else term.basis,
            )
        )
    return sorted(rows, key=lambda row: (row.expiry or date.max, row.id))
