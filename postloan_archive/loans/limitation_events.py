"""Proposed events of the limitation and guarantee clocks: confirm one, or strike it."""

from postloan_archive.kernel.errors import ConflictError, NotFoundError, RuleError, _l
from postloan_archive.loans import positions, queries
from postloan_archive.loans.models import LimitationEvent
from postloan_archive.uow import UnitOfWork


class EventNotFoundError(NotFoundError):
    """No such event, or one of a loan that the actor may not see."""

    def __init__(self, *, event_id: int) -> None:
        super().__init__(_l("没有找到编号为 {event_id} 的时效事项。"), event_id=event_id)


class EventSettledError(ConflictError):
    """The event was confirmed or struck before."""

    def __init__(self) -> None:
        super().__init__(_l("该时效事项已经处理，请刷新页面。"))


class ProofMissingError(RuleError):
    """Nothing in the loan file proves the event."""

    field = "document"
    next_step = _l("请先上传送达凭证或在卷内选定一件。")

    def __init__(self) -> None:
        super().__init__(_l("没有证明文件，不能确认时效事项。"))


class ReasonMissingError(RuleError):
    """A struck event must say why."""

    field = "reason"

    def __init__(self) -> None:
        super().__init__(_l("请填写理由。"))


def get_event(uow: UnitOfWork, event_id: int) -> LimitationEvent:
    """Return the event of a loan that the actor may see.

    Raises:
        EventNotFoundError: there is none.
    """
    event = uow.session.get(LimitationEvent, event_id)
    if event is None or not uow.actor.sees_branch(
        queries.get_loan_by_id(uow, event.loan_id).branch_id
    ):
        raise EventNotFoundError(event_id=event_id)
    return event


def confirm_event(uow: UnitOfWork, event_id: int) -> LimitationEvent:
    """Let a proposed event move its clock; a person has looked at the proof.

    Raises:
        EventNotFoundError: there is none.
        EventSettledError: it was confirmed or struck before.
        ProofMissingError: no document proves it.
    """
    event = get_event(uow, event_id)
    if event.confirmed_at is not None or event.struck_reason:
        raise EventSettledError
    if event.document_id is None:
        raise ProofMissingError
    event.confirmed_by = uow.actor.name
    event.confirmed_at = uow.clock.now()
    uow.record(
        "loans.limitation_event_confirmed",
        f"limitation_event:{event.id}",
        loan_id=event.loan_id,
        kind=event.kind,
        happened_on=event.happened_on.isoformat(),
        level=event.level,
        document_id=event.document_id,
    )
    positions.refresh(uow, event.loan_id)
    return event


def strike_event(uow: UnitOfWork, event_id: int, reason: str) -> LimitationEvent:
    """Take an event out of its clock, confirmed or not; the row stays.

    Raises:
        EventNotFoundError: there is none.
        EventSettledError: it was struck before.
        ReasonMissingError: no reason was given.
    """
    event = get_event(uow, event_id)
    if event.struck_reason:
        raise EventSettledError
    if not reason.strip():
        raise ReasonMissingError
    event.struck_reason = reason.strip()
    uow.record(
        "loans.limitation_event_struck",
        f"limitation_event:{event.id}",
        loan_id=event.loan_id,
        reason=event.struck_reason,
        was_confirmed=event.confirmed_at is not None,
    )
    positions.refresh(uow, event.loan_id)
    return event
