"""Stock-taking: every code of a room is scanned, what is not found is named."""

from collections.abc import Iterable

from sqlalchemy import select

from postloan_archive.custody import queries
from postloan_archive.custody.errors import CountingClosedError
from postloan_archive.custody.models import Box, Original, StockScan, StockTaking
from postloan_archive.uow import UnitOfWork


def start(uow: UnitOfWork, room_id: int) -> StockTaking:
    """Begin to count a room; a counting still open is gone on with.

    Raises:
        StoreThingNotFoundError: no such room for this actor.
    """
    room = queries.get_room(uow, room_id)
    running = uow.session.scalar(
        select(StockTaking).where(
            StockTaking.room_id == room.id, StockTaking.closed_at.is_(None)
        )
    )
    if running is not None:
        return running
    counting = StockTaking(
        room_id=room.id, started_by=uow.actor.name, started_at=uow.clock.now(), scans=[]
    )
    uow.session.add(counting)
    uow.session.flush()  # the audit line needs the id
    uow.record("custody.counting_started", f"stock_taking:{counting.id}", room=room.code)
    return counting


def scan(uow: UnitOfWork, counting_id: int, codes: Iterable[str]) -> list[StockScan]:
    """Note scanned codes, each with what was found out about it; a repeated one counts once.

    Raises:
        StoreThingNotFoundError: no such counting for this actor.
        CountingClosedError: it is over.
    """
    counting = queries.get_counting(uow, counting_id)
    if counting.closed_at is not None:
        raise CountingClosedError
    seen = {one.code for one in counting.scans}
    added = []
    for code in dict.fromkeys(text.strip() for text in codes):
        if not code or code in seen:
            continue
        original = uow.session.scalar(select(Original).where(Original.barcode == code))
        if original is not None and not uow.actor.sees_branch(original.branch_id):
            original = None
        row = StockScan(
            code=code,
            original_id=original.id if original else None,
            verdict=_verdict(counting, original),
            at=uow.clock.now(),
        )
        counting.scans.append(row)
        added.append(row)
    uow.session.flush()  # the page shows the rows
    uow.record(
        "custody.codes_scanned",
        f"stock_taking:{counting.id}",
        count=len(added),
        right=sum(row.verdict == "right" for row in added),
    )
    return added


def close(uow: UnitOfWork, counting_id: int) -> list[Original]:
    """End a counting; what should be there and was not scanned becomes missing.

    What was missing and is found is in store again.

    Returns:
        The missing originals.

    Raises:
        StoreThingNotFoundError: no such counting for this actor.
        CountingClosedError: it is over.
    """
    counting = queries.get_counting(uow, counting_id)
    if counting.closed_at is not None:
        raise CountingClosedError
    scanned = {one.original_id for one in counting.scans if one.original_id is not None}
    gone = []
    for original in queries.originals_of_room(uow, counting.room_id):
        if original.id in scanned:
            if original.state == "missing":
                original.state = "in_store"
        elif original.state == "in_store":
            original.state = "missing"
            gone.append(original)
    now = uow.clock.now()
    counting.closed_at, counting.closed_by = now, uow.actor.name
    for box in uow.session.scalars(
        select(Box).where(Box.room_id == counting.room_id).order_by(Box.id)
    ):
        box.counted_at = now
    uow.record(
        "custody.counting_closed",
        f"stock_taking:{counting.id}",
        scanned=len(counting.scans),
        missing=[original.barcode for original in gone],
    )
    return gone


def _verdict(counting: StockTaking, original: Original | None) -> str:
    if original is None:
        return "unknown"
    if original.state in {"lent", "handed_over"}:
        return original.state
    if original.box is None or original.box.room_id != counting.room_id:
        return "other_room"
    return "right"
