"""What happens to a letter once it is issued: sent, arrived or returned, proven, counted."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import or_, select

from postloan_archive.archive import queries as archive
from postloan_archive.archive.errors import DocumentNotFoundError
from postloan_archive.loans import queries as loans
from postloan_archive.loans import service as ledger
from postloan_archive.loans.acceleration import accelerate, take_back
from postloan_archive.loans.limitation_events import confirm_event, get_event, strike_event
from postloan_archive.loans.models import Customer, LimitationEvent
from postloan_archive.loans.rules.proof import Level, ProofLevel
from postloan_archive.loans.service import NoteLimitationEvent
from postloan_archive.notices import barcodes, queries
from postloan_archive.notices.errors import (
    EffectConfirmedError,
    NoEffectError,
    NoticeNotFoundError,
    NotIssuedError,
    NotSentError,
)
from postloan_archive.notices.models import Notice
from postloan_archive.notices.planning import called_due
from postloan_archive.notices.rules.delivery import (
    Channel,
    Delivery,
    Outcome,
    Signer,
    check_channel,
    check_day,
    effect_kind,
    level_of,
)
from postloan_archive.notices.rules.given import FIT_MEDIA
from postloan_archive.uow import UnitOfWork

ACCELERATION = "N03"
BETWEEN = "、"  # the numbers of two envelopes: to the agreed and the registered address
RECORDED_AGAIN = "送达结果重新登记"


@dataclass(frozen=True, slots=True, kw_only=True)
class Dispatch:
    """Letters handed to the post, to a messenger or to a notary on one day."""

    notice_ids: tuple[int, ...]
    channel: Channel
    on: date
    tracking_no: str = ""
    content_stated: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Tracked:
    """One line of a list of tracking numbers; `letter` is a barcode or a serial number."""

    letter: str
    tracking_no: str
    channel: Channel | None = None
    on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordOutcome:
    """What became of one letter, with the paper that proves it."""

    notice_id: int
    outcome: Outcome
    on: date
    signer: Signer | None = None
    note: str = ""
    document_id: int | None = None


def dispatch(uow: UnitOfWork, cmd: Dispatch) -> list[Notice]:
    """Record that letters went out; correcting an entry is the same step again.

    Raises:
        NoticeNotFoundError: one of them is no letter of this actor; nothing is recorded.
        NotIssuedError: one has no number yet.
        DeliveryOrderError: the day is before the letter's or in the future.
    """
    letters = [queries.get_notice(uow, notice_id) for notice_id in cmd.notice_ids]
    for notice in letters:
        _send(uow, notice, cmd.channel, cmd.on, cmd.tracking_no or notice.tracking_no)
        notice.content_stated = cmd.content_stated
    return letters


def register_tracking(
    uow: UnitOfWork, run_id: int, rows: Sequence[Tracked]
) -> tuple[int, list[str]]:
    """Record the tracking numbers of a run from a list.

    Returns:
        How many letters got theirs, and the lines that match no letter of the run.
    """
    run = queries.get_run(uow, run_id)
    by_name = {}
    for notice in queries.visible_notices(uow, run):
        if notice.state == "issued":
            by_name[notice.barcode] = by_name[notice.serial_no] = notice
    unmatched: list[str] = []
    numbers: dict[int, dict[str, None]] = {}  # of each letter, each once, in their order
    last: dict[int, tuple[Notice, Tracked]] = {}
    for row in rows:
        found = by_name.get(row.letter.strip())
        if found is None or not row.tracking_no.strip():
            unmatched.append(row.letter)
            continue
        numbers.setdefault(found.id, {})[row.tracking_no.strip()] = None
        last[found.id] = (found, row)
    for notice, row in last.values():
        channel = row.channel or Channel(notice.dispatch_channel or Channel.EMS)
        day = row.on or notice.dispatched_on or uow.clock.today()
        _send(uow, notice, channel, day, BETWEEN.join(numbers[notice.id]))
    return len(last), unmatched


def record_outcome(uow: UnitOfWork, cmd: RecordOutcome) -> ProofLevel:
    """Record arrival or return, and propose what it does to the clock (R-D04, R-D05, R-D15).

    A former outcome is replaced; its proposal is struck, a confirmed one stops this step.

    Raises:
        NotSentError: the letter was never sent.
        DeliveryOrderError: before the day it was sent, or in the future.
        SignerMissingError: a signed slip needs a signer.
        EffectConfirmedError: the former outcome has moved a clock.
        DocumentNotFoundError: the proof is no document of this loan file.
    """
    notice = queries.get_notice(uow, cmd.notice_id)
    if notice.dispatched_on is None:
        raise NotSentError(serial_no=notice.serial_no or str(notice.id))
    check_day(cmd.on, not_before=notice.dispatched_on, today=uow.clock.today())
    proof = level_of(
        Delivery(
            channel=Channel(notice.dispatch_channel),
            outcome=cmd.outcome,
            signer=cmd.signer if cmd.outcome is Outcome.SIGNED else None,
            agreed=is_agreed_address(uow, notice),
            content_stated=notice.content_stated,
            debtor_missing=bool(_given(notice).get("unreachable_fact")),
            fit_medium=_given(notice).get("medium") in FIT_MEDIA,
        )
    )
    document_id = cmd.document_id or notice.outcome_document_id  # a slip may be scanned before
    _check_proof(uow, notice, document_id)
    _forget_proposal(uow, notice)
    notice.outcome = cmd.outcome.value
    notice.outcome_on = cmd.on
    notice.outcome_note = cmd.note.strip()
    notice.signer = cmd.signer.value if cmd.signer and cmd.outcome is Outcome.SIGNED else ""
    notice.outcome_document_id = document_id
    notice.proof_level = proof.level.value
    notice.limitation_event_id = _propose(uow, notice, proof)
    uow.record(
        "notices.outcome_recorded",
        f"notice:{notice.id}",
        serial_no=notice.serial_no,
        outcome=notice.outcome,
        on=cmd.on.isoformat(),
        level=notice.proof_level,
        document_id=document_id,
        basis=[str(one) for one in proof.basis],
    )
    return proof


def attach_proof(uow: UnitOfWork, notice_id: int, document_id: int) -> Notice:
    """Name the document that proves an outcome already on record.

    Raises:
        DocumentNotFoundError: it is no document of this loan file.
        EffectConfirmedError: somebody relied on the former one.
    """
    notice = queries.get_notice(uow, notice_id)
    _check_proof(uow, notice, document_id)
    notice.outcome_document_id = document_id
    if notice.limitation_event_id is not None:
        event = get_event(uow, notice.limitation_event_id)
        if event.confirmed_at is not None and not event.struck_reason:
            raise EffectConfirmedError(serial_no=notice.serial_no or "")
        event.document_id = document_id
    uow.record(
        "notices.proof_attached",
        f"notice:{notice.id}",
        serial_no=notice.serial_no,
        document_id=document_id,
    )
    return notice


def confirm_effect(uow: UnitOfWork, notice_id: int) -> LimitationEvent:
    """Let the proposed event of a letter move its clock.

    Raises:
        NoEffectError: nothing was proposed.
        ProofMissingError: no document proves the delivery.
        EventSettledError: somebody decided before.
        AcceleratedElsewhereError: the loan was called due on another day (N03).
    """
    event = confirm_event(uow, _event_id(uow, notice_id))
    notice = queries.get_notice(uow, notice_id)
    due_from = called_due(notice)
    if notice.kind == ACCELERATION and due_from is not None:
        # R-D03: the day fixed in the notice, at the earliest its arrival.
        on = max(due_from, event.happened_on)
        accelerate(uow, notice.loan_id, on, reason=str(notice.serial_no))
    return event


def strike_effect(uow: UnitOfWork, notice_id: int, reason: str) -> LimitationEvent:
    """Refuse the proposed event, or take back a confirmed one.

    Raises:
        NoEffectError: nothing was proposed.
        ReasonMissingError: no reason was given.
    """
    event = get_event(uow, _event_id(uow, notice_id))
    was_confirmed = event.confirmed_at is not None
    strike_event(uow, event.id, reason)
    notice = queries.get_notice(uow, notice_id)
    if was_confirmed and notice.kind == ACCELERATION:
        take_back(uow, notice.loan_id, reason=reason)
    return event


def is_agreed_address(uow: UnitOfWork, notice: Notice) -> bool:
    """Return whether the letter went to an address that was agreed for service (R-D05)."""
    if notice.dispatch_channel in {Channel.SMS, Channel.EMAIL}:
        return bool(notice.snapshot.get("message_agreed"))
    frozen = notice.snapshot.get("address_source")
    if frozen is None:  # issued before the source was kept with the letter
        addressee = uow.session.get_one(Customer, notice.addressee_id)
        same = addressee.service_address == notice.snapshot.get("service_address")
        return same and bool(addressee.service_address_source)
    return bool(frozen)


def find_by_number(uow: UnitOfWork, text: str) -> Notice:
    """Return the letter with the number on its return slip, its serial or tracking number.

    Raises:
        NoticeNotFoundError: none, or more than one, that the actor may see.
    """
    number = text.strip()
    found = uow.session.scalars(
        select(Notice)
        .where(
            or_(
                Notice.barcode == number,
                Notice.serial_no == number,
                Notice.tracking_no == number,
                Notice.tracking_no.startswith(f"{number}{BETWEEN}", autoescape=True),
                Notice.tracking_no.endswith(f"{BETWEEN}{number}", autoescape=True),
            ),
            Notice.loan_id.in_(loans.visible_ids(uow)),
        )
        .order_by(Notice.id)
        .limit(2)
    ).all()
    if not number or len(found) != 1:
        raise NoticeNotFoundError(notice_id=number)
    return found[0]


def letters_on(uow: UnitOfWork, numbers: Iterable[str]) -> list[Notice]:
    """Return the letters whose return-slip numbers were read from a page."""
    known = [number for number in dict.fromkeys(numbers) if barcodes.is_number(number)]
    return list(
        uow.session.scalars(
            select(Notice)
            .where(Notice.barcode.in_(known), Notice.loan_id.in_(loans.visible_ids(uow)))
            .order_by(Notice.id)
        )
    )


def _send(
    uow: UnitOfWork, notice: Notice, channel: Channel, on: date, tracking_no: str
) -> None:
    if notice.state != "issued" or notice.issued_on is None:
        raise NotIssuedError(addressee=str(notice.snapshot.get("addressee", "")))
    check_channel(notice.kind, channel)
    check_day(on, not_before=notice.issued_on, today=uow.clock.today())
    notice.dispatched_on = on
    notice.dispatch_channel = channel.value
    notice.tracking_no = tracking_no
    uow.record(
        "notices.letter_dispatched",
        f"notice:{notice.id}",
        serial_no=notice.serial_no,
        channel=channel.value,
        on=on.isoformat(),
        tracking_no=tracking_no,
    )


def _given(notice: Notice) -> dict[str, str]:
    """Return what a person told the run of the letter."""
    found: dict[str, str] = notice.snapshot.get("given", {})
    return found


def _check_proof(uow: UnitOfWork, notice: Notice, document_id: int | None) -> None:
    if document_id is None:
        return
    document = archive.get_document(uow, document_id)
    if document.loan_id != notice.loan_id:
        raise DocumentNotFoundError(document_id=document_id)


def _forget_proposal(uow: UnitOfWork, notice: Notice) -> None:
    if notice.limitation_event_id is None:
        return
    event = get_event(uow, notice.limitation_event_id)
    if event.struck_reason:
        return
    if event.confirmed_at is not None:
        raise EffectConfirmedError(serial_no=notice.serial_no or "")
    strike_event(uow, event.id, RECORDED_AGAIN)


def _propose(uow: UnitOfWork, notice: Notice, proof: ProofLevel) -> int | None:
    """Return the id of the proposed event; None where the letter moves no clock."""
    loan = loans.get_loan_by_id(uow, notice.loan_id)
    kind = effect_kind(
        notice.kind,
        to_debtor=notice.guarantee_id is None and notice.addressee_id == loan.customer_id,
        signed=notice.outcome == Outcome.SIGNED,
    )
    if kind is None or proof.level is Level.D or notice.outcome_on is None:
        return None
    event = ledger.note_limitation_event(
        uow,
        NoteLimitationEvent(
            loan_no=loan.loan_no,
            kind=kind,
            happened_on=notice.outcome_on,
            level=proof.level.value,
            channel=notice.dispatch_channel,
            guarantee_id=notice.guarantee_id,
            document_id=notice.outcome_document_id,
            note=f"{notice.serial_no}",
            confirmed=False,
        ),
    )
    return event.id


def _event_id(uow: UnitOfWork, notice_id: int) -> int:
    notice = queries.get_notice(uow, notice_id)
    if notice.limitation_event_id is None:
        raise NoEffectError
    return notice.limitation_event_id
