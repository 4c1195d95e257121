"""What the lists of the store are made of."""

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class BoxRow:
    """One box with its fill; `first` and `last` are the codes at its ends."""

    box_no: str
    room_id: int
    room: str
    is_vault: bool
    shelf: str
    spine_mm: int
    pieces: int
    pages: int
    percent: int
    first: str
    last: str
    counted_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class OriginalRow:
    """One piece of paper with its place."""

    id: int
    barcode: str
    loan_no: str
    item_code: str
    title: str
    form: str
    pages: int
    deed_no: str
    owner: str
    state: str
    box_no: str
    place: str
    keeper: str
    lending_no: str
    borrower: str
    due_on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LendingRow:
    """One lending; `late` in days, 0 if not late; `unconfirmed`: court use, a month silent."""

    lending_no: str
    barcode: str
    title: str
    item_code: str
    loan_no: str
    borrower: str
    department: str
    way: str
    purpose: str
    requested_at: datetime
    out_at: datetime | None
    due_on: date | None
    late: int
    unconfirmed: bool
    state: str
    extended: int
