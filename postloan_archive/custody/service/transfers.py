"""Handing originals from one unit to another, signed by both sides (R-I10)."""

from dataclasses import dataclass

from sqlalchemy import func, select

from postloan_archive.custody import queries
from postloan_archive.custody.errors import (
    NotInStoreError,
    ReasonMissingError,
    TransferSignerError,
    TransferStateError,
)
from postloan_archive.custody.models import Transfer, TransferLine
from postloan_archive.kernel.errors import RuleError, _l
from postloan_archive.uow import UnitOfWork


class EmptyTransferError(RuleError):
    """Nothing is on the list."""

    field = "barcodes"

    def __init__(self) -> None:
        super().__init__(_l("移交清册中没有任何原件。"))


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftTransfer:
    """A list of originals that change hands."""

    barcodes: tuple[str, ...]
    from_unit: str
    to_unit: str
    witness: str = ""


def draft(uow: UnitOfWork, cmd: DraftTransfer) -> Transfer:
    """Draw up the list.

    Raises:
        EmptyTransferError: no barcode.
        StoreThingNotFoundError: one of them is none of this actor's.
        NotInStoreError: one of them is lent, missing or handed over.
    """
    codes = tuple(dict.fromkeys(code.strip() for code in cmd.barcodes if code.strip()))
    if not codes:
        raise EmptyTransferError
    originals = [queries.get_original(uow, code) for code in codes]
    for original in originals:
        if original.state not in {"in_store", "to_be_placed"}:
            raise NotInStoreError(barcode=original.barcode, state=original.state)
    today = uow.clock.today()
    number = (uow.session.scalar(select(func.max(Transfer.id))) or 0) + 1
    transfer = Transfer(
        transfer_no=f"YJ{today.year}-{number:05d}",
        branch_id=originals[0].branch_id,
        from_unit=cmd.from_unit.strip(),
        to_unit=cmd.to_unit.strip(),
        witness=cmd.witness.strip(),
        drafted_by=uow.actor.name,
        drafted_at=uow.clock.now(),
        lines=[TransferLine(original_id=one.id, pages=one.pages) for one in originals],
    )
    uow.session.add(transfer)
    uow.session.flush()  # the audit line needs the id
    uow.record(
        "custody.transfer_drafted",
        f"transfer:{transfer.id}",
        transfer_no=transfer.transfer_no,
        originals=list(codes),
        to_unit=transfer.to_unit,
    )
    return transfer


def give(uow: UnitOfWork, transfer_no: str) -> Transfer:
    """Sign as the unit that hands over.

    Raises:
        StoreThingNotFoundError: no such transfer for this actor.
        TransferStateError: it was signed before.
    """
    transfer = _in_state(uow, transfer_no, "drafted", "sent_back")
    transfer.state, transfer.given_by, transfer.given_at = (
        "given",
        uow.actor.name,
        uow.clock.now(),
    )
    uow.record("custody.transfer_given", f"transfer:{transfer.id}", transfer_no=transfer_no)
    return transfer


def take(uow: UnitOfWork, transfer_no: str, pages: dict[int, int], note: str = "") -> Transfer:
    """Sign as the unit that receives, after counting the pages of each line.

    Args:
        uow: the unit of work.
        transfer_no: the list.
        pages: counted pages by line id; a line left out counts as agreed.
        note: what differs; asked for where a count does.

    Raises:
        StoreThingNotFoundError: no such transfer for this actor.
        TransferStateError: the other side has not signed.
        TransferSignerError: the giver signs for the taker.
        ReasonMissingError: a count differs and nothing says why.
    """
    transfer = _in_state(uow, transfer_no, "given")
    if uow.actor.name == transfer.given_by:
        raise TransferSignerError
    for line in transfer.lines:
        line.pages_taken = pages.get(line.id, line.pages)
    differ = [line for line in transfer.lines if line.pages_taken != line.pages]
    if differ and not note.strip():
        raise ReasonMissingError
    for line in transfer.lines:
        line.original.keeper = transfer.to_unit
    transfer.state, transfer.taken_by, transfer.taken_at = (
        "taken",
        uow.actor.name,
        uow.clock.now(),
    )
    transfer.note = note.strip()
    uow.record(
        "custody.transfer_taken",
        f"transfer:{transfer.id}",
        transfer_no=transfer_no,
        differences=[line.original.barcode for line in differ],
        note=transfer.note,
    )
    return transfer


def send_back(uow: UnitOfWork, transfer_no: str, note: str) -> Transfer:
    """Refuse the list with the reason; the other side corrects and signs again.

    Raises:
        StoreThingNotFoundError: no such transfer for this actor.
        TransferStateError: the other side has not signed.
        ReasonMissingError: no reason.
    """
    transfer = _in_state(uow, transfer_no, "given")
    if not note.strip():
        raise ReasonMissingError
    transfer.state, transfer.note = "sent_back", note.strip()
    uow.record(
        "custody.transfer_sent_back",
        f"transfer:{transfer.id}",
        transfer_no=transfer_no,
        note=transfer.note,
    )
    return transfer


def _in_state(uow: UnitOfWork, transfer_no: str, *states: str) -> Transfer:
    transfer = queries.get_transfer(uow, transfer_no)
    if transfer.state not in states:
        raise TransferStateError(transfer_no=transfer_no, state=transfer.state)
    return transfer
