"""Holds: what must be kept as it is, by person, case, loan file or document; two lift one."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import or_, select

from postloan_archive.archive.models import Document, Hold
from postloan_archive.kernel.errors import (
    ConflictError,
    NotAllowedError,
    NotFoundError,
    RuleError,
    _l,
)
from postloan_archive.loans import queries as loans
from postloan_archive.loans.models import Customer, Loan
from postloan_archive.uow import UnitOfWork

KINDS: Final = {
    "customer": _l("当事人"),
    "case": _l("案件"),
    "loan": _l("案卷"),
    "document": _l("文件"),
}


class HeldError(ConflictError):
    """A hold stands on the file."""

    next_step = _l("须先经两人解除保留（库房 › 保留事项）。")

    def __init__(self, *, holds: Iterable[Hold]) -> None:
        named = "；".join(f"{hold.named}（{hold.reason}）" for hold in holds)
        super().__init__(_l("已列入保留，不得更改、移动或销毁：{named}。"), named=named)


class HoldNotFoundError(NotFoundError):
    """No such hold, or not for this actor."""

    def __init__(self) -> None:
        super().__init__(_l("没有这项保留。"))


class HoldReasonError(RuleError):
    """Setting and lifting a hold say why."""

    field = "reason"

    def __init__(self) -> None:
        super().__init__(_l("请写明理由。"))


class HoldStateError(ConflictError):
    """The hold is not in the state that the step needs."""

    next_step = _l("请刷新后查看。")

    def __init__(self) -> None:
        super().__init__(_l("该保留已解除，或解除申请已被他人处理。"))


class SameLifterError(NotAllowedError):
    """The person who asked for the release agrees to it."""

    next_step = _l("请由另一人审批。")

    def __init__(self) -> None:
        super().__init__(_l("申请解除的人不能审批解除。"))


class HoldTargetError(RuleError):
    """A hold names a loan file, a case, a person or a document that is there."""

    field = "target"

    def __init__(self) -> None:
        super().__init__(_l("没有找到要保留的案卷、案件、当事人或文件。"))


@dataclass(frozen=True, slots=True, kw_only=True)
class SetHold:
    """A hold on exactly one thing.

    `case_no` is what the hold is called, its loan file is held; `customer_id` is somebody of
    the loan file `loan_no`.
    """

    reason: str
    authority: str = ""
    loan_no: str = ""
    case_no: str = ""
    customer_id: int | None = None
    document_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldRow:
    """One line of the register of holds."""

    id: int
    kind: str
    named: str
    loan_no: str  # empty for a hold on a person
    reason: str
    authority: str
    set_by: str
    set_at: datetime
    lift_reason: str
    lift_asked_by: str
    lifted_by: str
    lifted_at: datetime | None


def set_hold(uow: UnitOfWork, cmd: SetHold) -> Hold:
    """Let nothing of the thing be changed or destroyed from now on.

    Raises:
        HoldReasonError: no reason.
        LoanNotFoundError: no such loan for this actor.
        HoldTargetError: no such thing.
    """
    if not cmd.reason.strip():
        raise HoldReasonError
    hold = _thing(uow, cmd)
    hold.reason, hold.authority = cmd.reason.strip(), cmd.authority.strip()
    hold.set_by, hold.set_at = uow.actor.name, uow.clock.now()
    uow.session.add(hold)
    uow.session.flush()  # the audit line needs the id
    uow.record(
        "archive.hold_set",
        _subject(hold),
        hold=hold.id,
        kind=hold.kind,
        named=hold.named,
        reason=hold.reason,
        authority=hold.authority,
    )
    return hold


def ask_to_lift(uow: UnitOfWork, hold_id: int, reason: str) -> Hold:
    """Ask for the release; the hold stands until another person agrees.

    Raises:
        HoldNotFoundError, HoldStateError, HoldReasonError.
    """
    hold = get_hold(uow, hold_id)
    if hold.lifted_at is not None:
        raise HoldStateError
    if not reason.strip():
        raise HoldReasonError
    hold.lift_reason, hold.lift_asked_by = reason.strip(), uow.actor.name
    hold.lift_asked_at = uow.clock.now()
    uow.record("archive.hold_lift_asked", _subject(hold), hold=hold.id, reason=hold.lift_reason)
    return hold


def decide_lift(uow: UnitOfWork, hold_id: int, *, agree: bool) -> Hold:
    """Agree to the release as the second person, or turn it down.

    Raises:
        HoldNotFoundError, HoldStateError: not there, or nobody asks.
        SameLifterError: the actor asked for it.
    """
    hold = get_hold(uow, hold_id)
    if hold.lifted_at is not None or not hold.lift_asked_by:
        raise HoldStateError
    if hold.lift_asked_by == uow.actor.name:
        raise SameLifterError
    facts = {"hold": hold.id, "asked_by": hold.lift_asked_by, "reason": hold.lift_reason}
    if agree:
        hold.lifted_by, hold.lifted_at = uow.actor.name, uow.clock.now()
        uow.record("archive.hold_lifted", _subject(hold), **facts)
    else:
        hold.lift_reason = hold.lift_asked_by = ""
        hold.lift_asked_at = None
        uow.record("archive.hold_lift_refused", _subject(hold), **facts)
    return hold


def get_hold(uow: UnitOfWork, hold_id: int) -> Hold:
    """Return one hold.

    Raises:
        HoldNotFoundError: no such hold, or none of this actor's branches.
    """
    hold = uow.session.get(Hold, hold_id)
    if hold is None or not uow.actor.sees_branch(hold.branch_id):
        raise HoldNotFoundError
    return hold


def standing_holds(uow: UnitOfWork, loan: Loan) -> list[Hold]:
    """Return the holds that stand on a loan file, whoever sees them."""
    return standing_on(uow, [loan])[loan.id]


def standing_on(uow: UnitOfWork, found: Iterable[Loan]) -> dict[int, list[Hold]]:
    """Return the standing holds of several loan files by loan id, two statements in all."""
    people: dict[int, set[int]] = {loan.id: _people(loan) for loan in found}
    if not people:
        return {}
    everybody = set().union(*people.values())
    rows = list(
        uow.session.scalars(
            select(Hold)
            .where(
                Hold.lifted_at.is_(None),
                or_(Hold.loan_id.in_(people), Hold.customer_id.in_(everybody)),
            )
            .order_by(Hold.id)
        )
    )
    return {
        loan_id: [
            row
            for row in rows
            if row.loan_id == loan_id or (row.customer_id is not None and row.customer_id in of)
        ]
        for loan_id, of in people.items()
    }


def check_not_held(uow: UnitOfWork, document: Document) -> None:
    """Refuse to change a document that is held, or whose file or person is.

    A hold on one document stops that document; another document of the file may be described.

    Raises:
        HeldError: a hold stands.
    """
    loan = uow.session.get_one(Loan, document.loan_id)
    holds = [
        hold
        for hold in standing_holds(uow, loan)
        if hold.document_id is None or hold.document_id == document.id
    ]
    if holds:
        raise HeldError(holds=holds)


def register(uow: UnitOfWork, *, lifted: bool | None = None) -> list[HoldRow]:
    """Return the holds that the actor may see, the newest first.

    Args:
        uow: whose branches count.
        lifted: only those lifted, or only those that stand; None: all.
    """
    query = select(Hold).order_by(Hold.lifted_at.is_not(None), Hold.id.desc())
    if lifted is not None:
        query = query.where(Hold.lifted_at.is_not(None) if lifted else Hold.lifted_at.is_(None))
    if uow.actor.branch_ids is not None:
        query = query.where(Hold.branch_id.in_(uow.actor.branch_ids))
    rows = list(uow.session.scalars(query))
    numbers = loans.numbers_of(uow, {row.loan_id for row in rows if row.loan_id is not None})
    return [
        HoldRow(
            id=row.id,
            kind=row.kind,
            named=row.named,
            loan_no=numbers.get(row.loan_id, "") if row.loan_id is not None else "",
            reason=row.reason,
            authority=row.authority,
            set_by=row.set_by,
            set_at=row.set_at,
            lift_reason=row.lift_reason,
            lift_asked_by=row.lift_asked_by,
            lifted_by=row.lifted_by,
            lifted_at=row.lifted_at,
        )
        for row in rows
    ]


def _people(loan: Loan) -> set[int]:
    return {
        loan.customer_id,
        *(row.guarantor_id for row in loan.guarantees),
        *(row.provider_id for row in loan.collateral),
    }


def _subject(hold: Hold) -> str:
    if hold.document_id is not None:
        return f"document:{hold.document_id}"
    return f"customer:{hold.customer_id}" if hold.loan_id is None else f"loan:{hold.loan_id}"


def _thing(uow: UnitOfWork, cmd: SetHold) -> Hold:
    if cmd.document_id is not None:
        document = uow.session.get(Document, cmd.document_id)
        if document is None or document.withdrawn_at is not None:
            raise HoldTargetError
        loan = loans.get_loan_by_id(uow, document.loan_id)
        return Hold(
            kind="document",
            loan_id=loan.id,
            document_id=document.id,
            branch_id=loan.branch_id,
            named=f"{loan.loan_no} {document.title}",
        )
    if not cmd.loan_no.strip():
        raise HoldTargetError
    loan = loans.get_loan(uow, cmd.loan_no)
    if cmd.customer_id is not None:
        if cmd.customer_id not in _people(loan):
            raise HoldTargetError
        return Hold(
            kind="customer",
            customer_id=cmd.customer_id,
            branch_id=loan.branch_id,
            named=uow.session.get_one(Customer, cmd.customer_id).name,
        )
    return Hold(
        kind="case" if cmd.case_no else "loan",
        loan_id=loan.id,
        branch_id=loan.branch_id,
        named=cmd.case_no or loan.loan_no,
    )
