"""Interruptions of a limitation that no letter and no docket of ours tells (R-D04, R-D05).

Demands of before, plans and promises the debtor signed, arbitration, claims in bankruptcy: each
with the paper of the loan file that proves it. Letters and cases write their own rows.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy import select

from postloan_archive.archive import queries as archive
from postloan_archive.kernel.errors import RuleError, _l
from postloan_archive.loans import limitation_events, queries, service
from postloan_archive.loans.court_acts import CHANNEL as COURT
from postloan_archive.loans.limitation_events import EventNotFoundError
from postloan_archive.loans.models import LimitationEvent, Loan
from postloan_archive.loans.rules.limitation import INTERRUPTION
from postloan_archive.loans.rules.limitation_state import KIND_LABELS, PROCEDURES, Interruption
from postloan_archive.loans.rules.proof import (
    Ems,
    Level,
    Message,
    Notarised,
    Phone,
    Proof,
    PublicNotice,
    Signed,
    Visit,
    proof_level,
)
from postloan_archive.loans.service import NoteLimitationEvent
from postloan_archive.notices.models import Notice
from postloan_archive.policy.queries import load_policy
from postloan_archive.uow import UnitOfWork
from postloan_archive.worklist.errors import ForeignProofError

FILED: Final = "filed"  # stamped by a court, an arbitration institution, an administrator
PROOFS: Final[Mapping[str, str]] = {
    "signed": _l("债务人（保证人）本人或法定代表人、同住成年家属、收发部门签收或书面出具"),
    "signed_other": _l("其他人签收"),
    "notarised": _l("公证送达"),
    "ems": _l("约定地址快递，妥投或退回，面单载明内件"),
    "ems_elsewhere": _l("其他地址快递，妥投"),
    "message": _l("约定号码、邮箱，有送达记录"),
    "phone": _l("录音电话，已核实身份"),
    "visit": _l("上门记录，无签字"),
    "public_notice": _l("下落不明，在合格媒体公告"),
    FILED: _l("法院、仲裁机构、管理人收件凭证"),
}
_RULES: Final[Mapping[str, Proof]] = {
    "signed": Signed(signer="debtor"),
    "signed_other": Signed(signer="other"),
    "notarised": Notarised(),
    "ems": Ems(agreed=True, track="delivered"),
    "ems_elsewhere": Ems(agreed=False, track="delivered"),
    "message": Message(agreed=True, delivery_report=True),
    "phone": Phone(recorded=True, identity_checked=True),
    "visit": Visit(logged=True),
    "public_notice": PublicNotice(debtor_missing=True, medium_ok=True),
}
KINDS: Final = tuple(one for one in Interruption if one is not Interruption.MONEY)
AGAINST_GUARANTOR: Final = frozenset(
    {Interruption.DEMAND, Interruption.SUIT, Interruption.ARBITRATION}
)
LONGEST_NOTE: Final = 500  # characters


class UnknownKindError(RuleError):
    """The kind is not one of ours."""

    field = "kind"

    def __init__(self, *, given: str) -> None:
        known = "、".join(f"{one.value}（{KIND_LABELS[one]}）" for one in KINDS)
        super().__init__(_l("不认识“{given}”，可选：{known}。"), given=given[:40], known=known)


class UnknownProofError(RuleError):
    """The proof is not one of ours."""

    field = "proof"

    def __init__(self, *, given: str) -> None:
        known = "、".join(f"{key}（{words}）" for key, words in PROOFS.items())
        super().__init__(_l("不认识“{given}”，可选：{known}。"), given=given[:40], known=known)


class InterruptionDayError(RuleError):
    """The event lies before the loan, or in the future."""

    field = "on"

    def __init__(self, *, on: date, first: date, today: date) -> None:
        super().__init__(
            _l("发生日 {on} 应在放款日 {first} 与今天 {today} 之间。"),
            on=on,
            first=first,
            today=today,
        )


class ProcedureEndError(RuleError):
    """Only a procedure ends, not before it begins and not in the future."""

    field = "ended_on"

    def __init__(self) -> None:
        super().__init__(
            _l("终结日只适用于起诉、仲裁等程序，不早于发生日，也不晚于今天。"),
            basis=INTERRUPTION,
        )


class NotAgainstGuarantorError(RuleError):
    """What only concerns the debtor was entered against a guarantor."""

    field = "kind"

    def __init__(self, *, kind: str) -> None:
        super().__init__(
            _l("“{kind}”不是对保证人主张权利的方式，请选催收到达、起诉或申请仲裁。"), kind=kind
        )


class NoSuchGuarantorError(RuleError):
    """Nobody of this name guarantees the loan."""

    field = "guarantor"

    def __init__(self, *, name: str, known: str) -> None:
        super().__init__(
            _l("“{name}”不是该笔贷款的保证人（保证人：{known}）。"),
            name=name[:40],
            known=known or "无",
        )


class ElsewhereError(RuleError):
    """A row of a letter or of a docket is changed where it came from."""

    def __init__(self) -> None:
        super().__init__(_l("这一事项来自函件或案件，请在函件页或案件卷宗中更正。"))


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteInterruption:
    """What a person enters.

    Attributes:
        kind: a value of `Interruption`.
        on: arrival, signature, filing, publication.
        proof: a key of `PROOFS`; the level follows from it (R-D05).
        document_id: the paper of the loan file that proves it.
        ended_on: last day of a procedure.
        guarantor: name of the guarantor it was aimed at; empty: the debtor.
        accepted: legal has looked at a proof of level C and lets it count.
    """

    loan_no: str
    kind: str
    on: date
    proof: str
    document_id: int
    ended_on: date | None = None
    guarantor: str = ""
    note: str = ""
    accepted: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class InterruptionRow:
    """One event as the page lists it."""

    id: int
    kind: str  # Chinese
    on: date
    ended_on: date | None
    level: str
    guarantor: str
    document_id: int | None
    note: str
    confirmed: bool
    struck: str
    ours: bool  # entered here: it may be confirmed and struck here


def note(uow: UnitOfWork, cmd: NoteInterruption) -> LimitationEvent:
    """Record an interruption with its proof; level A and B count at once, C once accepted.

    Raises:
        LoanNotFoundError: no such loan for this actor.
        DocumentNotFoundError, ForeignProofError: the paper is none of this loan file.
        UnknownKindError, UnknownProofError, InterruptionDayError, ProcedureEndError,
        NotAgainstGuarantorError, NoSuchGuarantorError: the entry cannot be.
    """
    loan = queries.get_loan(uow, cmd.loan_no)
    kind, today = _kind(cmd.kind), uow.clock.today()
    level = _level(uow, cmd.proof)
    if not loan.disbursed_on <= cmd.on <= today:
        raise InterruptionDayError(on=cmd.on, first=loan.disbursed_on, today=today)
    if cmd.ended_on is not None and not (
        kind in PROCEDURES and cmd.on <= cmd.ended_on <= today
    ):
        raise ProcedureEndError
    guarantee_id = _guarantee(loan, cmd.guarantor.strip())
    if guarantee_id is not None and kind not in AGAINST_GUARANTOR:
        raise NotAgainstGuarantorError(kind=KIND_LABELS[kind])
    if archive.get_document(uow, cmd.document_id).loan_id != loan.id:
        raise ForeignProofError
    return service.note_limitation_event(
        uow,
        NoteLimitationEvent(
            loan_no=loan.loan_no,
            kind=kind.value,
            happened_on=cmd.on,
            ended_on=cmd.ended_on,
            level=level.value,
            channel=cmd.proof,
            guarantee_id=guarantee_id,
            document_id=cmd.document_id,
            note=cmd.note.strip()[:LONGEST_NOTE],
            confirmed=level in {Level.A, Level.B} or cmd.accepted,
        ),
    )


def confirm(uow: UnitOfWork, loan_no: str, event_id: int) -> None:
    """Let an event of level C count: legal has looked at it.

    Raises:
        EventNotFoundError: it is none of this loan.
        ElsewhereError: it came from a letter or a docket.
    """
    limitation_events.confirm_event(uow, _own(uow, loan_no, event_id).id)


def strike(uow: UnitOfWork, loan_no: str, event_id: int, reason: str) -> None:
    """Take an event out of the clock; the row stays with its reason.

    Raises:
        EventNotFoundError: it is none of this loan.
        ElsewhereError: it came from a letter or a docket.
    """
    limitation_events.strike_event(uow, _own(uow, loan_no, event_id).id, reason)


def rows(uow: UnitOfWork, loan: Loan) -> list[InterruptionRow]:
    """Return every event of the loan, newest first, struck ones included."""
    names = {one.id: one.guarantor.name for one in loan.guarantees}
    found = uow.session.scalars(
        select(LimitationEvent)
        .where(LimitationEvent.loan_id == loan.id)
        .order_by(LimitationEvent.happened_on.desc(), LimitationEvent.id.desc())
    ).all()
    letters = _of_letters(uow, [row.id for row in found])
    known = set(Interruption)
    return [
        InterruptionRow(
            id=row.id,
            kind=KIND_LABELS[Interruption(row.kind)] if row.kind in known else row.kind,
            on=row.happened_on,
            ended_on=row.ended_on,
            level=row.level,
            guarantor=names.get(row.guarantee_id or 0, ""),
            document_id=row.document_id,
            note=row.note,
            confirmed=row.confirmed_at is not None,
            struck=row.struck_reason,
            ours=row.channel != COURT and row.id not in letters,
        )
        for row in found
    ]


def _kind(word: str) -> Interruption:
    found = next((one for one in KINDS if word in {one.value, KIND_LABELS[one]}), None)
    if found is None:
        raise UnknownKindError(given=word)
    return found


def _level(uow: UnitOfWork, word: str) -> Level:
    if word == FILED:
        return Level.A
    if word not in _RULES:
        raise UnknownProofError(given=word)
    return proof_level(_RULES[word], policy=load_policy(uow)).level


def _guarantee(loan: Loan, name: str) -> int | None:
    if not name:
        return None
    for one in loan.guarantees:
        if one.guarantor.name == name:
            return one.id
    known = "、".join(one.guarantor.name for one in loan.guarantees)
    raise NoSuchGuarantorError(name=name, known=known)


def _own(uow: UnitOfWork, loan_no: str, event_id: int) -> LimitationEvent:
    loan = queries.get_loan(uow, loan_no)
    event = limitation_events.get_event(uow, event_id)
    if event.loan_id != loan.id:
        raise EventNotFoundError(event_id=event_id)
    if event.channel == COURT or _of_letters(uow, [event.id]):
        raise ElsewhereError
    return event


def _of_letters(uow: UnitOfWork, ids: list[int]) -> set[int]:
    found = uow.session.scalars(
        select(Notice.limitation_event_id).where(Notice.limitation_event_id.in_(ids))
    )
    return {one for one in found if one is not None}
