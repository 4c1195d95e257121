"""Rooms, boxes, originals on paper, lendings, stock-takings and transfers."""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from postloan_archive.db import Model
from postloan_archive.db.model import Utc, UtcOrNone


class StoreRoom(Model):
    """A room of a branch where paper is kept; a vault takes title deeds."""

    __tablename__ = "store_rooms"
    __table_args__ = (UniqueConstraint("branch_id", "code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    branch_id: Mapped[int] = mapped_column(ForeignKey("branches.id"))
    code: Mapped[str]
    name: Mapped[str]
    is_vault: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[Utc]


class Box(Model):
    """A box (盒) on a shelf; how full it is follows from the pages inside."""

    __tablename__ = "boxes"
    __table_args__ = (
        UniqueConstraint("box_no"),
        CheckConstraint("spine_mm > 0", name="spine_positive"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    box_no: Mapped[str]
    room_id: Mapped[int] = mapped_column(ForeignKey("store_rooms.id"), index=True)
    shelf: Mapped[str] = mapped_column(default="")  # 区-架-层
    spine_mm: Mapped[int] = mapped_column(default=40)
    counted_at: Mapped[UtcOrNone]
    created_at: Mapped[Utc]

    room: Mapped[StoreRoom] = relationship()


class Original(Model):
    """One piece of paper: an original or a certified copy of an item of a loan file."""

    __tablename__ = "originals"
    __table_args__ = (
        UniqueConstraint("barcode"),
        CheckConstraint("pages > 0", name="pages_positive"),
        CheckConstraint("form IN ('original', 'certified_copy')", name="form"),
        CheckConstraint(
            "state IN ('to_be_placed', 'in_store', 'lent', 'handed_over', 'missing')",
            name="state",
        ),
        Index("ix_originals_loan", "loan_id", "item_code"),
        Index("ix_originals_box", "box_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    barcode: Mapped[str]  # rules.labels
    loan_id: Mapped[int] = mapped_column(ForeignKey("loans.id"))
    branch_id: Mapped[int] = mapped_column(ForeignKey("branches.id"))
    item_code: Mapped[str]
    title: Mapped[str]
    form: Mapped[str] = mapped_column(default="original")
    pages: Mapped[int]  # sides of paper with writing
    deed_no: Mapped[str] = mapped_column(default="")  # number of a title deed
    owner: Mapped[str] = mapped_column(default="")  # holder of the right in a title deed
    document_id: Mapped[int | None] = mapped_column(ForeignKey("documents.id"))
    box_id: Mapped[int | None] = mapped_column(ForeignKey("boxes.id"))
    state: Mapped[str] = mapped_column(default="to_be_placed")
    keeper: Mapped[str] = mapped_column(default="")  # unit that holds it after a transfer
    created_at: Mapped[Utc]
    created_by: Mapped[str]

    box: Mapped[Box | None] = relationship()


class Lending(Model):
    """An original leaves its box for a while: request, approval, out, back."""

    __tablename__ = "lendings"
    __table_args__ = (
        UniqueConstraint("lending_no"),
        CheckConstraint("way IN ('reading_room', 'out', 'court')", name="way"),
        CheckConstraint(
            "state IN ('requested', 'refused', 'approved', 'handing_out', 'out', 'returning',"
            " 'returned', 'withdrawn')",
            name="state",
        ),
        Index("ix_lendings_state", "state", "due_on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    lending_no: Mapped[str]
    original_id: Mapped[int] = mapped_column(ForeignKey("originals.id"), index=True)
    branch_id: Mapped[int] = mapped_column(ForeignKey("branches.id"))
    way: Mapped[str]
    purpose: Mapped[str]
    borrower: Mapped[str]  # user name
    department: Mapped[str] = mapped_column(default="")
    requested_at: Mapped[Utc]
    due_on: Mapped[date | None]  # None: court use, until it comes back
    state: Mapped[str] = mapped_column(default="requested")
    decided_by: Mapped[str] = mapped_column(default="")
    decided_at: Mapped[UtcOrNone]
    decision_note: Mapped[str] = mapped_column(default="")
    out_by: Mapped[str] = mapped_column(default="")  # first signature
    out_second: Mapped[str] = mapped_column(default="")  # second signature, title deeds
    out_at: Mapped[UtcOrNone]
    back_by: Mapped[str] = mapped_column(default="")
    back_second: Mapped[str] = mapped_column(default="")
    back_at: Mapped[UtcOrNone]
    pages_back: Mapped[int | None]
    remark: Mapped[str] = mapped_column(default="")
    extended: Mapped[int] = mapped_column(default=0)
    confirmed_on: Mapped[date | None]  # court use: last monthly confirmation

    original: Mapped[Original] = relationship()


class StockTaking(Model):
    """Counting a room by scanning; closed when somebody says so."""

    __tablename__ = "stock_takings"

    id: Mapped[int] = mapped_column(primary_key=True)
    room_id: Mapped[int] = mapped_column(ForeignKey("store_rooms.id"))
    started_by: Mapped[str]
    started_at: Mapped[Utc]
    closed_at: Mapped[UtcOrNone]
    closed_by: Mapped[str] = mapped_column(default="")

    room: Mapped[StoreRoom] = relationship()
    scans: Mapped[list["StockScan"]] = relationship(order_by="StockScan.id")


class StockScan(Model):
    """One code that was scanned while counting."""

    __tablename__ = "stock_scans"
    __table_args__ = (UniqueConstraint("stock_taking_id", "code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    stock_taking_id: Mapped[int] = mapped_column(ForeignKey("stock_takings.id"))
    code: Mapped[str]
    original_id: Mapped[int | None] = mapped_column(ForeignKey("originals.id"))
    verdict: Mapped[str]  # right, other_room, lent, handed_over, unknown
    at: Mapped[Utc]


class Transfer(Model):
    """Originals handed from one unit to another, signed by both and a witness (R-I10)."""

    __tablename__ = "transfers"
    __table_args__ = (
        UniqueConstraint("transfer_no"),
        CheckConstraint("state IN ('drafted', 'given', 'taken', 'sent_back')", name="state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    transfer_no: Mapped[str]
    branch_id: Mapped[int] = mapped_column(ForeignKey("branches.id"))
    from_unit: Mapped[str]
    to_unit: Mapped[str]
    witness: Mapped[str] = mapped_column(default="")
    state: Mapped[str] = mapped_column(default="drafted")
    drafted_by: Mapped[str]
    drafted_at: Mapped[Utc]
    given_by: Mapped[str] = mapped_column(default="")
    given_at: Mapped[UtcOrNone]
    taken_by: Mapped[str] = mapped_column(default="")
    taken_at: Mapped[UtcOrNone]
    note: Mapped[str] = mapped_column(default="")

    lines: Mapped[list["TransferLine"]] = relationship(order_by="TransferLine.id")


class TransferLine(Model):
    """One original on a transfer list; pages as counted by each side."""

    __tablename__ = "transfer_lines"
    __table_args__ = (UniqueConstraint("transfer_id", "original_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    transfer_id: Mapped[int] = mapped_column(ForeignKey("transfers.id"))
    original_id: Mapped[int] = mapped_column(ForeignKey("originals.id"))
    pages: Mapped[int]
    pages_taken: Mapped[int | None]

    original: Mapped[Original] = relationship()
