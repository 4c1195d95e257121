"""SELECTs over the store; only what lies in branches of the actor."""

from collections.abc import Iterable
from datetime import date
from typing import Any, TypeVar

from sqlalchemy import Select, case, func, select
from sqlalchemy.orm import InstrumentedAttribute

from postloan_archive.access import branches
from postloan_archive.custody.errors import StoreThingNotFoundError
from postloan_archive.custody.models import (
    Box,
    Lending,
    Original,
    StockTaking,
    StoreRoom,
    Transfer,
)
from postloan_archive.custody.rows import BoxRow, LendingRow, OriginalRow
from postloan_archive.custody.rules.filling import fill_percent
from postloan_archive.custody.rules.lending import Way, needs_confirmation
from postloan_archive.loans import queries as loans
from postloan_archive.uow import UnitOfWork

Q = TypeVar("Q", bound=Select[Any])
OPEN = ("requested", "approved", "handing_out", "out", "returning")
MOST: int = 500  # rows of one list; the page says when there are more


def rooms(uow: UnitOfWork) -> list[StoreRoom]:
    """Return the rooms by branch and code."""
    query = select(StoreRoom).order_by(StoreRoom.branch_id, StoreRoom.code)
    return list(uow.session.scalars(_mine(uow, query, StoreRoom.branch_id)))


def get_room(uow: UnitOfWork, room_id: int) -> StoreRoom:
    """Return one room.

    Raises:
        StoreThingNotFoundError: none for this actor.
    """
    room = uow.session.get(StoreRoom, room_id)
    if room is None or not uow.actor.sees_branch(room.branch_id):
        raise StoreThingNotFoundError(what="库房", code=room_id)
    return room


def get_box(uow: UnitOfWork, box_no: str) -> Box:
    """Return one box.

    Raises:
        StoreThingNotFoundError: none for this actor.
    """
    box = uow.session.scalar(select(Box).where(Box.box_no == box_no.strip()))
    if box is None or not uow.actor.sees_branch(box.room.branch_id):
        raise StoreThingNotFoundError(what="档案盒", code=box_no)
    return box


def get_original(uow: UnitOfWork, barcode: str) -> Original:
    """Return one original.

    Raises:
        StoreThingNotFoundError: none for this actor.
    """
    found = uow.session.scalar(select(Original).where(Original.barcode == barcode.strip()))
    seen = found is not None and uow.actor.sees_branch(found.branch_id)
    if found is None or not seen or not uow.actor.sees_category(found.item_code[:2]):
        raise StoreThingNotFoundError(what="原件", code=barcode)
    return found


def get_lending(uow: UnitOfWork, lending_no: str) -> Lending:
    """Return one lending.

    Raises:
        StoreThingNotFoundError: none for this actor.
    """
    found = uow.session.scalar(select(Lending).where(Lending.lending_no == lending_no.strip()))
    seen = found is not None and uow.actor.sees_branch(found.branch_id)
    if found is None or not seen or not uow.actor.sees_category(found.original.item_code[:2]):
        raise StoreThingNotFoundError(what="借阅单", code=lending_no)
    return found


def get_counting(uow: UnitOfWork, counting_id: int) -> StockTaking:
    """Return one stock-taking.

    Raises:
        StoreThingNotFoundError: none for this actor.
    """
    found = uow.session.get(StockTaking, counting_id)
    if found is None or not uow.actor.sees_branch(found.room.branch_id):
        raise StoreThingNotFoundError(what="盘点", code=counting_id)
    return found


def get_transfer(uow: UnitOfWork, transfer_no: str) -> Transfer:
    """Return one transfer.

    Raises:
        StoreThingNotFoundError: none for this actor.
    """
    found = uow.session.scalar(
        select(Transfer).where(Transfer.transfer_no == transfer_no.strip())
    )
    if found is None or not uow.actor.sees_branch(found.branch_id):
        raise StoreThingNotFoundError(what="移交清册", code=transfer_no)
    return found


def open_lending(uow: UnitOfWork, original_id: int) -> Lending | None:
    """Return the lending of the original that is not over."""
    return uow.session.scalar(
        select(Lending).where(
            Lending.original_id == original_id,
            Lending.state.in_(OPEN),
        )
    )


def originals_in(uow: UnitOfWork, box_id: int) -> list[Original]:
    """Return what belongs into a box, lent or not, by code."""
    return list(
        uow.session.scalars(
            select(Original).where(Original.box_id == box_id).order_by(Original.barcode)
        )
    )


def originals_of_room(uow: UnitOfWork, room_id: int) -> list[Original]:
    """Return what belongs into a room, by code."""
    return list(
        uow.session.scalars(
            select(Original)
            .join(Box, Box.id == Original.box_id)
            .where(Box.room_id == room_id)
            .order_by(Original.barcode)
        )
    )


def boxes(uow: UnitOfWork, *, room_id: int | None = None) -> list[BoxRow]:
    """Return the boxes with their fill, by room, shelf and number."""
    inside = (
        select(
            Original.box_id,
            func.count().label("pieces"),
            func.sum(Original.pages).label("pages"),
            func.min(Original.barcode).label("first"),
            func.max(Original.barcode).label("last"),
        )
        .where(Original.state.in_(("in_store", "lent")))
        .group_by(Original.box_id)
        .subquery()
    )
    query = (
        select(Box, StoreRoom, inside.c.pieces, inside.c.pages, inside.c.first, inside.c.last)
        .join(StoreRoom, StoreRoom.id == Box.room_id)
        .outerjoin(inside, inside.c.box_id == Box.id)
        .order_by(StoreRoom.code, Box.shelf, Box.box_no)
    )
    query = _mine(uow, query, StoreRoom.branch_id)
    if room_id is not None:
        query = query.where(Box.room_id == room_id)
    names = branches.names(uow.session)
    return [
        BoxRow(
            box_no=box.box_no,
            room_id=room.id,
            room=f"{names[room.branch_id]} {room.code} {room.name}",
            is_vault=room.is_vault,
            shelf=box.shelf,
            spine_mm=box.spine_mm,
            pieces=pieces or 0,
            pages=pages or 0,
            percent=fill_percent(pages or 0, box.spine_mm),
            first=first or "",
            last=last or "",
            counted_at=box.counted_at,
        )
        for box, room, pieces, pages, first, last in uow.session.execute(query)
    ]


def originals(
    uow: UnitOfWork,
    *,
    loan_id: int | None = None,
    box_no: str = "",
    state: str = "",
    deeds: bool = False,
) -> list[OriginalRow]:
    """Return the originals that the actor may see, by code; at most `MOST`."""
    query = _mine(uow, select(Original).order_by(Original.barcode), Original.branch_id)
    if loan_id is not None:
        query = query.where(Original.loan_id == loan_id)
    if box_no:
        query = query.where(Original.box_id == get_box(uow, box_no).id)
    if state:
        query = query.where(Original.state == state)
    if deeds:
        query = query.where(Original.item_code.startswith("QZ"))
    if uow.actor.categories is not None:
        query = query.where(
            func.substr(Original.item_code, 1, 2).in_(sorted(uow.actor.categories))
        )
    found = list(uow.session.scalars(query.limit(MOST)))
    numbers = loans.numbers_of(uow, {row.loan_id for row in found})
    lent = _open_lendings(uow, (row.id for row in found))
    return [_original(row, numbers[row.loan_id], lent.get(row.id)) for row in found]


def lendings(uow: UnitOfWork, *, only: str = "") -> list[LendingRow]:
    """Return lendings, newest first; at most `MOST`.

    Args:
        uow: whose day and whose rights count.
        only: `mine`, `decide`, `hand_out`, `countersign`, `out`, `late`, or empty for all.
    """
    query = _mine(uow, select(Lending).order_by(Lending.id.desc()), Lending.branch_id)
    states = {
        "decide": ("requested",),
        "hand_out": ("approved",),
        "countersign": ("handing_out", "returning"),
        "out": ("out",),
        "late": ("out",),
    }.get(only)
    if states:
        query = query.where(Lending.state.in_(states))
    if only == "mine":
        query = query.where(Lending.borrower == uow.actor.name)
    today = uow.clock.today()
    if only == "late":
        query = query.where(Lending.due_on < today)
    found = [
        row
        for row in uow.session.scalars(query.limit(MOST))
        if uow.actor.sees_category(row.original.item_code[:2])
    ]
    numbers = loans.numbers_of(uow, {row.original.loan_id for row in found})
    return [_lending(row, numbers[row.original.loan_id], today) for row in found]


def lending_counts(uow: UnitOfWork) -> dict[str, int]:
    """Return how many lendings the views `out`, `late` and `decide` of the list hold."""
    late = case((Lending.due_on < uow.clock.today(), 1), else_=0)
    category = func.substr(Original.item_code, 1, 2)
    query = (
        select(Lending.state, late.label("late"), category.label("category"), func.count())
        .join(Original, Original.id == Lending.original_id)
        .where(Lending.state.in_(["requested", "out"]))
        .group_by(Lending.state, late, category)
        .order_by(Lending.state, late, category)
    )
    found = {"out": 0, "late": 0, "decide": 0}
    for state, is_late, letters, count in uow.session.execute(
        _mine(uow, query, Lending.branch_id)
    ):
        if not uow.actor.sees_category(letters):
            continue
        found["decide" if state == "requested" else "out"] += count
        if state == "out" and is_late:
            found["late"] += count
    return found


def transfers(uow: UnitOfWork) -> list[Transfer]:
    """Return the transfers, newest first; at most `MOST`."""
    query = select(Transfer).order_by(Transfer.id.desc()).limit(MOST)
    return list(uow.session.scalars(_mine(uow, query, Transfer.branch_id)))


def countings(uow: UnitOfWork) -> list[StockTaking]:
    """Return the stock-takings, newest first; at most `MOST`."""
    query = (
        select(StockTaking)
        .join(StoreRoom, StoreRoom.id == StockTaking.room_id)
        .order_by(StockTaking.id.desc())
        .limit(MOST)
    )
    return list(uow.session.scalars(_mine(uow, query, StoreRoom.branch_id)))


def counting_state(uow: UnitOfWork, counting: StockTaking) -> dict[str, list[OriginalRow]]:
    """Return what was not scanned though it belongs here, and what does not belong here."""
    scanned = {one.original_id for one in counting.scans}
    here = originals_of_room(uow, counting.room_id)
    numbers = loans.numbers_of(uow, {row.loan_id for row in here})
    return {
        "left": [
            _original(row, numbers[row.loan_id], None)
            for row in here
            if row.id not in scanned and row.state == "in_store"
        ],
        "lent": [
            _original(row, numbers[row.loan_id], open_lending(uow, row.id))
            for row in here
            if row.state == "lent"
        ],
    }


def _mine(uow: UnitOfWork, query: Q, column: InstrumentedAttribute[int]) -> Q:
    if uow.actor.branch_ids is None:
        return query
    return query.where(column.in_(sorted(uow.actor.branch_ids)))


def _open_lendings(uow: UnitOfWork, ids: Iterable[int]) -> dict[int, Lending]:
    rows = uow.session.scalars(
        select(Lending)
        .where(
            Lending.original_id.in_(sorted(ids)),
            Lending.state.in_(OPEN),
        )
        .order_by(Lending.id)
    )
    return {row.original_id: row for row in rows}


def _original(row: Original, loan_no: str, lending: Lending | None) -> OriginalRow:
    box = row.box
    return OriginalRow(
        id=row.id,
        barcode=row.barcode,
        loan_no=loan_no,
        item_code=row.item_code,
        title=row.title,
        form=row.form,
        pages=row.pages,
        deed_no=row.deed_no,
        owner=row.owner,
        state=row.state,
        box_no=box.box_no if box else "",
        place=f"{box.room.name} {box.shelf}" if box else "",
        keeper=row.keeper,
        lending_no=lending.lending_no if lending else "",
        borrower=lending.borrower if lending else "",
        due_on=lending.due_on if lending else None,
    )


def _lending(row: Lending, loan_no: str, today: date) -> LendingRow:
    late = (today - row.due_on).days if row.state == "out" and row.due_on else 0
    since = row.confirmed_on or (row.out_at.date() if row.out_at else today)
    return LendingRow(
        lending_no=row.lending_no,
        barcode=row.original.barcode,
        title=row.original.title,
        item_code=row.original.item_code,
        loan_no=loan_no,
        borrower=row.borrower,
        department=row.department,
        way=row.way,
        purpose=row.purpose,
        requested_at=row.requested_at,
        out_at=row.out_at,
        due_on=row.due_on,
        late=max(0, late),
        unconfirmed=row.state == "out" and needs_confirmation(Way(row.way), since, today),
        state=row.state,
        extended=row.extended,
    )
