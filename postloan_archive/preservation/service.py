"""What a user does with measures on assets: register, ask to renew, renew, release, correct."""

from dataclasses import fields
from datetime import date, timedelta
from typing import Final

from postloan_archive.cases import queries as cases
from postloan_archive.loans import queries as loans
from postloan_archive.loans import standing
from postloan_archive.policy.queries import load_policy
from postloan_archive.preservation import queries
from postloan_archive.preservation.checking import (
    check_after,
    check_days,
    check_paper,
    check_past,
    check_phase,
    check_receipt,
    check_registered,
)
from postloan_archive.preservation.commands import (
    ConfirmWaiting,
    CorrectMeasure,
    RegisterMeasure,
    ReleaseMeasure,
    RenewMeasure,
    RequestRenewal,
)
from postloan_archive.preservation.errors import (
    LapsedMeasureError,
    MeasureOverError,
    NotWaitingError,
    WaitingMeasureError,
)
from postloan_archive.preservation.models import Measure
from postloan_archive.preservation.rules.term import PreservationTerm, preservation_term
from postloan_archive.uow import UnitOfWork
from postloan_archive.workdays.service import load_calendar

ONE_DAY: Final = timedelta(days=1)


CORRECTABLE: Final = frozenset(
    {
        "respondent", "asset_kind", "asset", "amount", "court", "judge", "ruling_no", "phase",
        "effective_on", "court_expiry", "security", "security_expires_on", "security_amount",
        "fee", "document_id",
    }
)  # fmt: skip


def register_measure(uow: UnitOfWork, cmd: RegisterMeasure) -> Measure:
    """Register a measure; its term must follow from its kind or from the paper of the court.

    Raises:
        LoanNotFoundError, CaseNotFoundError, DocumentNotFoundError: not for this actor.
        UnknownAssetKindError: a kind without a term.
        ExpiryOrderError: the court's expiry is before the effective day.
        WaitingOrderError: the order is no place in a queue.
        FutureDayError: the measure has not been taken yet.
        UnknownPhaseError, OtherLoanError, KnownMeasureError: what a measure cannot be.
        SecurityOverError, FarExpiryError: days that cannot be meant.
    """
    loan = loans.get_loan(uow, cmd.loan_no)
    case = cases.get_case(uow, cmd.case_no) if cmd.case_no else None
    check_paper(uow, loan.id, cmd.document_id)
    check_registered(uow, loan, case, cmd)
    term = _term(uow, cmd.effective_on, cmd.asset_kind, cmd.court_expiry)
    named = {one.name for one in fields(cmd)} - {"loan_no", "case_no"}
    measure = Measure(
        **{name: getattr(cmd, name) for name in named},
        loan_id=loan.id,
        case_id=case.id if case else None,
        branch_id=loan.branch_id,
        created_at=uow.clock.now(),
    )
    uow.session.add(measure)
    uow.session.flush()  # the audit line needs the id
    uow.record(
        "preservation.measure_registered",
        f"preservation:{measure.id}",
        loan_no=loan.loan_no,
        ruling_no=cmd.ruling_no,
        expiry=term.expiry.isoformat(),
        basis=[str(one) for one in term.basis],
    )
    standing.report_measure(uow, loan.id)
    return measure


def correct_measure(uow: UnitOfWork, cmd: CorrectMeasure) -> Measure:
    """Correct what was entered; the audit trail keeps what stood there and why it changed.

    Raises:
        MeasureNotFoundError: no such measure for this actor.
        MeasureOverError: it was released or renewed.
        DocumentNotFoundError, UnknownAssetKindError, ExpiryOrderError, FutureDayError: likewise
    """
    measure = _open(uow, cmd.measure_id)
    before = {name: getattr(measure, name) for name in cmd.values}
    unknown = set(cmd.values) - CORRECTABLE
    assert not unknown, f"not correctable: {unknown}"  # a form of ours names the columns
    for name, value in cmd.values.items():
        setattr(measure, name, value)
    check_paper(uow, measure.loan_id, measure.document_id)
    check_past(uow, "effective_on", measure.effective_on)
    check_phase(measure.phase)
    check_days(measure.effective_on, measure.court_expiry, measure.security_expires_on)
    _term(uow, measure.effective_on, measure.asset_kind, measure.court_expiry)
    changed = {
        name: [_plain(old), _plain(cmd.values[name])]
        for name, old in before.items()
        if old != cmd.values[name]
    }
    uow.record(
        "preservation.measure_corrected",
        f"preservation:{measure.id}",
        reason=cmd.reason,
        changed=changed,
    )
    return measure


def note_renewal(uow: UnitOfWork, measure_id: int, requested_on: date) -> Measure:
    """Record that the renewal was asked for; the receipt may follow.

    Raises:
        MeasureNotFoundError: no such measure for this actor.
    """
    return request_renewal(
        uow, RequestRenewal(measure_id=measure_id, requested_on=requested_on)
    )


def request_renewal(uow: UnitOfWork, cmd: RequestRenewal) -> Measure:
    """Record that the renewal was asked for, with the court's receipt where there is one.

    An application after the seventh day before the end is at our own risk (R-C07): it is kept
    and marked late.

    Raises:
        MeasureNotFoundError: no such measure for this actor.
        MeasureOverError: it was released or renewed.
        WaitingMeasureError: a waiting seizure has nothing to renew.
        LapsedMeasureError: the measure had ended by then.
        FutureDayError, BeforeMeasureError: a day that cannot be.
        DocumentNotFoundError: the receipt is not in a loan file of this actor.
    """
    measure = _open(uow, cmd.measure_id)
    term = _running_term(uow, measure)
    check_past(uow, "requested_on", cmd.requested_on)
    check_after(measure, "requested_on", cmd.requested_on)
    if cmd.requested_on > term.expiry:
        raise LapsedMeasureError(field="requested_on", day=cmd.requested_on, expiry=term.expiry)
    if cmd.receipt_on is not None:
        check_past(uow, "receipt_on", cmd.receipt_on)
        check_receipt(cmd.requested_on, cmd.receipt_on)
    check_paper(uow, measure.loan_id, cmd.receipt_document_id)
    measure.renewal_requested_on = cmd.requested_on
    measure.renewal_receipt_on = cmd.receipt_on
    measure.receipt_document_id = cmd.receipt_document_id
    uow.record(
        "preservation.renewal_requested",
        f"preservation:{measure.id}",
        requested_on=cmd.requested_on.isoformat(),
        receipt_on=cmd.receipt_on.isoformat() if cmd.receipt_on else None,
        document_id=cmd.receipt_document_id,
        late=cmd.requested_on > term.apply_by.nominal,
        basis=[str(one) for one in term.apply_by.basis],
    )
    return measure


def renew(uow: UnitOfWork, cmd: RenewMeasure) -> Measure:
    """Add the next term of a measure; it points back to the one it follows.

    Raises:
        MeasureNotFoundError: no such measure for this actor.
        MeasureOverError: it was released or renewed.
        WaitingMeasureError: a waiting seizure has nothing to renew.
        LapsedMeasureError: the new term would begin after a gap.
        BeforeMeasureError: it would begin before the first one.
        ExpiryOrderError: it would end before it begins.
        DocumentNotFoundError: the ruling is not in a loan file of this actor.
    """
    old = _open(uow, cmd.measure_id)
    term = _running_term(uow, old)
    start = cmd.effective_on or term.expiry + ONE_DAY
    check_after(old, "effective_on", start)
    if start > term.expiry + ONE_DAY:
        raise LapsedMeasureError(field="effective_on", day=start, expiry=term.expiry)
    check_paper(uow, old.loan_id, cmd.document_id)
    check_days(start, cmd.court_expiry, cmd.security_expires_on)
    following = _term(uow, start, old.asset_kind, cmd.court_expiry)
    measure = Measure(
        loan_id=old.loan_id,
        case_id=old.case_id,
        branch_id=old.branch_id,
        phase=old.phase,
        respondent=old.respondent,
        asset_kind=old.asset_kind,
        asset=old.asset,
        amount=old.amount if cmd.amount is None else cmd.amount,
        court=old.court,
        judge=old.judge,
        ruling_no=cmd.ruling_no,
        seizure_order=1,
        effective_on=start,
        court_expiry=cmd.court_expiry,
        security=cmd.security or old.security,
        security_expires_on=cmd.security_expires_on or old.security_expires_on,
        security_amount=old.security_amount,
        renewal_of=old.id,
        document_id=cmd.document_id,
        created_at=uow.clock.now(),
    )
    uow.session.add(measure)
    uow.session.flush()  # the audit line needs the id
    uow.record(
        "preservation.renewed",
        f"preservation:{measure.id}",
        renewal_of=old.id,
        ruling_no=cmd.ruling_no,
        effective_on=start.isoformat(),
        expiry=following.expiry.isoformat(),
        document_id=cmd.document_id,
    )
    return measure


def release(uow: UnitOfWork, cmd: ReleaseMeasure) -> Measure:
    """Record the end of a measure before or after its term.

    Raises:
        MeasureNotFoundError: no such measure for this actor.
        MeasureOverError: it was released or renewed.
        FutureDayError, BeforeMeasureError: a day that cannot be.
        DocumentNotFoundError: the paper is not in a loan file of this actor.
    """
    measure = _open(uow, cmd.measure_id)
    check_past(uow, "released_on", cmd.released_on)
    check_after(measure, "released_on", cmd.released_on)
    check_paper(uow, measure.loan_id, cmd.document_id)
    measure.released_on = cmd.released_on
    measure.release_reason = cmd.reason
    measure.release_document_id = cmd.document_id
    uow.record(
        "preservation.released",
        f"preservation:{measure.id}",
        released_on=cmd.released_on.isoformat(),
        reason=cmd.reason,
        document_id=cmd.document_id,
    )
    return measure


def confirm_waiting(uow: UnitOfWork, cmd: ConfirmWaiting) -> Measure:
    """Put a waiting seizure in force from the day that the court confirms (R-C08).

    Raises:
        MeasureNotFoundError: no such measure for this actor.
        MeasureOverError: it was released.
        NotWaitingError: it is in force already.
        FutureDayError, BeforeMeasureError, ExpiryOrderError: days that cannot be.
        DocumentNotFoundError: the paper is not in a loan file of this actor.
    """
    measure = _open(uow, cmd.measure_id)
    if measure.seizure_order == 1:
        raise NotWaitingError
    check_past(uow, "effective_on", cmd.effective_on)
    check_after(measure, "effective_on", cmd.effective_on)
    check_paper(uow, measure.loan_id, cmd.document_id)
    check_days(cmd.effective_on, cmd.court_expiry, measure.security_expires_on)
    term = _term(uow, cmd.effective_on, measure.asset_kind, cmd.court_expiry)
    registered, order = measure.effective_on, measure.seizure_order
    measure.seizure_order = 1
    measure.effective_on = cmd.effective_on
    measure.court_expiry = cmd.court_expiry
    measure.document_id = cmd.document_id or measure.document_id
    uow.record(
        "preservation.waiting_took_effect",
        f"preservation:{measure.id}",
        registered_on=registered.isoformat(),
        order=order,
        effective_on=cmd.effective_on.isoformat(),
        expiry=term.expiry.isoformat(),
        document_id=cmd.document_id,
    )
    return measure


def _open(uow: UnitOfWork, measure_id: int) -> Measure:
    measure = queries.get_measure(uow, measure_id)
    if queries.is_over(uow, measure):
        raise MeasureOverError(measure_id=measure_id)
    return measure


def _running_term(uow: UnitOfWork, measure: Measure) -> PreservationTerm:
    term = queries.term_of(measure, load_calendar(uow.session), load_policy(uow))
    if term is None:
        raise WaitingMeasureError
    return term


def _term(
    uow: UnitOfWork, effective_on: date, asset_kind: str, court_expiry: date | None
) -> PreservationTerm:
    return preservation_term(
        effective_on,
        asset_kind,
        calendar=load_calendar(uow.session),
        court_expiry=court_expiry,
        policy=load_policy(uow),
    )


def _plain(value: object) -> str | int | None:
    return value if value is None or isinstance(value, int) else str(value)
