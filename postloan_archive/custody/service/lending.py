"""Lending an original: asked for, approved by another, out and back by scanning (R-I09)."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select

from postloan_archive.access.permissions import Permission
from postloan_archive.custody import queries
from postloan_archive.custody.errors import (
    AlreadyAskedError,
    ApproverError,
    DueDateError,
    LendingStateError,
    NotInStoreError,
    OwnLendingError,
    PagesDifferError,
    ReasonMissingError,
    SameSignerError,
)
from postloan_archive.custody.models import Lending
from postloan_archive.custody.rules.lending import Way, due_date, is_deed, needs_manager
from postloan_archive.custody.service.store import check_vault
from postloan_archive.uow import UnitOfWork
from postloan_archive.workdays.service import load_calendar


@dataclass(frozen=True, slots=True, kw_only=True)
class AskFor:
    """Somebody wants an original; `due_on` None takes the default of R-I09."""

    barcode: str
    way: Way
    purpose: str
    department: str = ""
    due_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class GiveBack:
    """An original comes back: pages counted, and a note where they differ."""

    barcode: str
    pages_back: int
    note: str = ""
    box_no: str = ""  # empty: the box it came from


def ask_for(uow: UnitOfWork, cmd: AskFor) -> Lending:
    """Ask for an original.

    Raises:
        StoreThingNotFoundError: no such original for this actor.
        NotInStoreError: it is not in its box.
        AlreadyAskedError: an open lending exists.
        DueDateError: the due date lies before today.
        ReasonMissingError: no purpose.
    """
    original = queries.get_original(uow, cmd.barcode)
    if original.state != "in_store":
        raise NotInStoreError(barcode=original.barcode, state=original.state)
    running = queries.open_lending(uow, original.id)
    if running is not None:
        raise AlreadyAskedError(barcode=original.barcode, lending_no=running.lending_no)
    if not cmd.purpose.strip():
        raise ReasonMissingError
    today = uow.clock.today()
    if cmd.due_on is not None and cmd.due_on < today:
        raise DueDateError(due_on=cmd.due_on, today=today)
    number = (uow.session.scalar(select(func.max(Lending.id))) or 0) + 1
    lending = Lending(
        lending_no=f"JY{today.year}-{number:05d}",
        original_id=original.id,
        branch_id=original.branch_id,
        way=str(cmd.way),
        purpose=cmd.purpose.strip(),
        borrower=uow.actor.name,
        department=cmd.department.strip(),
        requested_at=uow.clock.now(),
        due_on=cmd.due_on or due_date(cmd.way, today, calendar=load_calendar(uow.session)),
    )
    uow.session.add(lending)
    uow.session.flush()  # the audit line needs the id
    uow.record(
        "custody.lending_requested",
        f"lending:{lending.id}",
        lending_no=lending.lending_no,
        barcode=original.barcode,
        way=lending.way,
        purpose=lending.purpose,
        due_on=lending.due_on.isoformat() if lending.due_on else None,
    )
    return lending


def decide(uow: UnitOfWork, lending_no: str, *, approve: bool, note: str = "") -> Lending:
    """Approve or refuse; the borrower cannot, and title and key papers need the manager.

    Raises:
        StoreThingNotFoundError: no such lending for this actor.
        LendingStateError: it does not wait for a decision.
        OwnLendingError: the borrower decides.
        ApproverError: the manager must decide.
        ReasonMissingError: a refusal without its reason.
    """
    lending = _in_state(uow, lending_no, "requested")
    if lending.borrower == uow.actor.name:
        raise OwnLendingError
    manager = needs_manager(lending.original.item_code, Way(lending.way))
    if manager and not uow.actor.may(Permission.DEED_APPROVE):
        raise ApproverError
    if not approve and not note.strip():
        raise ReasonMissingError
    lending.state = "approved" if approve else "refused"
    lending.decided_by, lending.decided_at = uow.actor.name, uow.clock.now()
    lending.decision_note = note.strip()
    uow.record(
        "custody.lending_decided",
        f"lending:{lending.id}",
        lending_no=lending.lending_no,
        approved=approve,
        note=lending.decision_note,
    )
    return lending


def withdraw(uow: UnitOfWork, lending_no: str) -> Lending:
    """Take back one's own request, or one approved and not yet handed out.

    Raises:
        StoreThingNotFoundError: no such lending of this person.
        LendingStateError: the paper is out already.
    """
    lending = _in_state(uow, lending_no, "requested", "approved")
    if lending.borrower != uow.actor.name:
        raise LendingStateError(lending_no=lending_no, state=lending.state)
    lending.state = "withdrawn"
    uow.record("custody.lending_withdrawn", f"lending:{lending.id}", lending_no=lending_no)
    return lending


def hand_out(uow: UnitOfWork, barcode: str) -> Lending:
    """Hand out a scanned original; a title deed waits for the second signature.

    Raises:
        StoreThingNotFoundError: no such original for this actor.
        LendingStateError: no approved lending.
    """
    original = queries.get_original(uow, barcode)
    lending = queries.open_lending(uow, original.id)
    if lending is None or lending.state != "approved":
        state = lending.state if lending else original.state
        raise LendingStateError(lending_no=lending.lending_no if lending else "—", state=state)
    lending.out_by = uow.actor.name
    if is_deed(original.item_code):
        lending.state = "handing_out"
    else:
        _leave(uow, lending)
    uow.record(
        "custody.original_handed_out",
        f"lending:{lending.id}",
        lending_no=lending.lending_no,
        barcode=barcode,
        complete=lending.state == "out",
    )
    return lending


def give_back(uow: UnitOfWork, cmd: GiveBack) -> Lending:
    """Take a scanned original back after counting its pages.

    Raises:
        StoreThingNotFoundError: no such original or box for this actor.
        LendingStateError: it is not out.
        PagesDifferError: the count differs and no note says why.
        DeedNeedsVaultError: a title deed into a box outside a vault.
    """
    original = queries.get_original(uow, cmd.barcode)
    lending = queries.open_lending(uow, original.id)
    if lending is None or lending.state != "out":
        state = lending.state if lending else original.state
        raise LendingStateError(lending_no=lending.lending_no if lending else "—", state=state)
    if cmd.pages_back != original.pages and not cmd.note.strip():
        raise PagesDifferError(pages=original.pages, counted=cmd.pages_back)
    if cmd.box_no:
        box = queries.get_box(uow, cmd.box_no)
        check_vault(original, box)
        original.box = box
    lending.back_by, lending.pages_back = uow.actor.name, cmd.pages_back
    lending.remark = cmd.note.strip()
    if is_deed(original.item_code):
        lending.state = "returning"
    else:
        _come_back(uow, lending)
    uow.record(
        "custody.original_returned",
        f"lending:{lending.id}",
        lending_no=lending.lending_no,
        barcode=cmd.barcode,
        pages_out=original.pages,
        pages_back=cmd.pages_back,
        note=lending.remark,
        complete=lending.state == "returned",
    )
    return lending


def countersign(uow: UnitOfWork, lending_no: str) -> Lending:
    """Sign as the second person for a title deed that goes out or comes back.

    Raises:
        StoreThingNotFoundError: no such lending for this actor.
        LendingStateError: no second signature is waited for.
        SameSignerError: the first signer signs again.
    """
    lending = _in_state(uow, lending_no, "handing_out", "returning")
    going = lending.state == "handing_out"
    if uow.actor.name == (lending.out_by if going else lending.back_by):
        raise SameSignerError
    if going:
        lending.out_second = uow.actor.name
        _leave(uow, lending)
    else:
        lending.back_second = uow.actor.name
        _come_back(uow, lending)
    uow.record(
        "custody.lending_countersigned",
        f"lending:{lending.id}",
        lending_no=lending_no,
        direction="out" if going else "back",
    )
    return lending


def extend(uow: UnitOfWork, lending_no: str, due_on: date, note: str) -> Lending:
    """Let an original stay out longer; for court use, the monthly confirmation.

    Raises:
        StoreThingNotFoundError: no such lending for this actor.
        LendingStateError: it is not out.
        DueDateError: the new date lies before today.
        ReasonMissingError: no reason.
    """
    lending = _in_state(uow, lending_no, "out")
    today = uow.clock.today()
    if due_on < today:
        raise DueDateError(due_on=due_on, today=today)
    if not note.strip():
        raise ReasonMissingError
    before = lending.due_on
    if lending.way == Way.COURT:
        lending.confirmed_on = today
    else:
        lending.due_on = due_on
        lending.extended += 1
    uow.record(
        "custody.lending_extended",
        f"lending:{lending.id}",
        lending_no=lending_no,
        before=before.isoformat() if before else None,
        after=lending.due_on.isoformat() if lending.due_on else None,
        note=note.strip(),
    )
    return lending


def _in_state(uow: UnitOfWork, lending_no: str, *states: str) -> Lending:
    lending = queries.get_lending(uow, lending_no)
    if lending.state not in states:
        raise LendingStateError(lending_no=lending_no, state=lending.state)
    return lending


def _leave(uow: UnitOfWork, lending: Lending) -> None:
    lending.state, lending.out_at = "out", uow.clock.now()
    lending.original.state = "lent"


def _come_back(uow: UnitOfWork, lending: Lending) -> None:
    lending.state, lending.back_at = "returned", uow.clock.now()
    lending.original.state = "in_store"
    if lending.pages_back is not None:
        lending.original.pages = max(1, lending.pages_back)
