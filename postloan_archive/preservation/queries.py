"""SELECTs over measures; only those of loans that the actor may see."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import select

from postloan_archive.cases import queries as cases
from postloan_archive.kernel.calendar import WorkCalendar
from postloan_archive.kernel.law import Citation, Due
from postloan_archive.kernel.policy import LawPolicy
from postloan_archive.loans import queries as loans
from postloan_archive.policy.queries import load_policy
from postloan_archive.preservation.errors import MeasureNotFoundError
from postloan_archive.preservation.models import Measure
from postloan_archive.preservation.rules.kinds import ASSET_LABELS, AssetKind
from postloan_archive.preservation.rules.measure import measure_word
from postloan_archive.preservation.rules.term import (
    PreservationTerm,
    escalation_day,
    preservation_term,
    reminders,
)
from postloan_archive.uow import UnitOfWork
from postloan_archive.workdays.service import load_calendar


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasureRow:
    """One measure that stands, with what its term comes to.

    `days_left` counts from the day asked to the last day, which still belongs to the term;
    negative: it has lapsed. None for a waiting seizure, which has no term (R-C08).
    `escalates_on`: from then on a renewal without a receipt is the manager's business (R-C07).
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
    measure: str = ""  # 冻结, 查封 …
    computed: date | None = None  # ours, where the paper of the court says another day
    security: str = ""
    renewal_receipt_on: date | None = None
    escalates_on: date | None = None
    reminds_on: tuple[date, ...] = ()
    case_no: str = ""
    owner: str = ""

    @property
    def security_first(self) -> bool:
        """Return whether the security ends before the measure does."""
        return (
            self.security_expires_on is not None
            and self.expiry is not None
            and self.security_expires_on < self.expiry
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardFilter:
    """What the board shows; an empty string stands for everything."""

    asset_kind: str = ""
    order: str = ""  # first, waiting
    court: str = ""
    owner: str = ""
    renewal: str = ""  # open, requested
    word: str = ""


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
    rows = [
        row
        for row in measure_rows(uow, [row for row in found if row.id not in renewed])
        if due_within is None or (row.days_left is not None and row.days_left <= due_within)
    ]
    return sorted(rows, key=lambda row: (row.expiry or date.max, row.id))


def filtered(rows: list[MeasureRow], wanted: BoardFilter) -> list[MeasureRow]:
    """Return the rows that the filter lets through."""
    return [row for row in rows if _passes(row, wanted)]


def chain_of(uow: UnitOfWork, measure: Measure) -> list[Measure]:
    """Return every term of the measure, the first one at the head, renewals behind it."""
    first = measure
    while first.renewal_of is not None:
        first = uow.session.get_one(Measure, first.renewal_of)
    found = [first]
    while following := uow.session.scalar(
        select(Measure).where(Measure.renewal_of == found[-1].id).order_by(Measure.id).limit(1)
    ):
        found.append(following)
    return found


def is_over(uow: UnitOfWork, measure: Measure) -> bool:
    """Return whether the measure was released or renewed."""
    renewed = select(Measure.id).where(Measure.renewal_of == measure.id).limit(1)
    return measure.released_on is not None or uow.session.scalar(renewed) is not None


def measure_rows(uow: UnitOfWork, found: list[Measure]) -> list[MeasureRow]:
    """Return the rows of the given measures, in their order."""
    numbers = loans.numbers_of(uow, {row.loan_id for row in found})
    known = cases.short_facts(uow, {row.case_id for row in found if row.case_id is not None})
    calendar, policy = load_calendar(uow.session), load_policy(uow)
    today = uow.clock.today()
    rows = []
    for row in found:
        case = known.get(row.case_id or 0)
        rows.append(
            _row(
                row,
                term_of(row, calendar, policy),
                calendar=calendar,
                policy=policy,
                today=today,
                loan_no=numbers[row.loan_id],
                case_no=case.case_no if case else "",
                owner=case.owner if case else "",
            )
        )
    return rows


def term_of(
    measure: Measure, calendar: WorkCalendar, policy: LawPolicy
) -> PreservationTerm | None:
    """Return what the term of a measure comes to, None for a waiting seizure (R-C08)."""
    if measure.seizure_order > 1:
        return None
    return preservation_term(
        measure.effective_on,
        measure.asset_kind,
        calendar=calendar,
        court_expiry=measure.court_expiry,
        policy=policy,
    )


def _row(
    row: Measure,
    term: PreservationTerm | None,
    *,
    calendar: WorkCalendar,
    policy: LawPolicy,
    today: date,
    loan_no: str,
    case_no: str,
    owner: str,
) -> MeasureRow:
    return MeasureRow(
        id=row.id,
        loan_no=loan_no,
        case_id=row.case_id,
        case_no=case_no,
        owner=owner,
        phase=row.phase,
        respondent=row.respondent,
        asset_kind=row.asset_kind,
        asset_label=ASSET_LABELS[AssetKind(row.asset_kind)],
        asset=row.asset,
        measure=measure_word(AssetKind(row.asset_kind), waiting=row.seizure_order > 1),
        amount=row.amount,
        court=row.court,
        judge=row.judge,
        ruling_no=row.ruling_no,
        seizure_order=row.seizure_order,
        effective_on=row.effective_on,
        expiry=None if term is None else term.expiry,
        computed=None if term is None else term.computed,
        from_court=term is not None and term.from_court,
        apply_by=None if term is None else term.apply_by,
        days_left=None if term is None else (term.expiry - today).days,
        renewal_requested_on=row.renewal_requested_on,
        renewal_receipt_on=row.renewal_receipt_on,
        escalates_on=None
        if term is None
        else escalation_day(term, calendar=calendar, policy=policy),
        reminds_on=() if term is None else reminders(term, policy=policy),
        security=row.security,
        security_expires_on=row.security_expires_on,
        steps=() if term is None else term.steps,
        basis=() if term is None else term.basis,
    )


def _passes(row: MeasureRow, wanted: BoardFilter) -> bool:
    return all(_checks(row, wanted))


def _checks(row: MeasureRow, wanted: BoardFilter) -> Iterator[bool]:
    yield not wanted.asset_kind or row.asset_kind == wanted.asset_kind
    yield not wanted.order or (row.seizure_order == 1) == (wanted.order == "first")
    yield not wanted.court or row.court == wanted.court
    yield not wanted.owner or row.owner == wanted.owner
    yield not wanted.renewal or (
        (row.renewal_requested_on is not None) == (wanted.renewal == "requested")
    )
    texts = (row.respondent, row.asset, row.ruling_no, row.loan_no, row.case_no)
    yield not wanted.word or any(wanted.word in text for text in texts)
