"""Rooms, boxes and the originals in them."""

from dataclasses import dataclass

from sqlalchemy import func, select

from postloan_archive.archive import queries as archive
from postloan_archive.archive.rules.filing import check_item
from postloan_archive.custody import queries
from postloan_archive.custody.errors import (
    CodeTakenError,
    DeedNeedsVaultError,
    NotInStoreError,
)
from postloan_archive.custody.models import Box, Original, StoreRoom
from postloan_archive.custody.rules.labels import BOX, ORIGINAL, code_of
from postloan_archive.custody.rules.lending import is_deed
from postloan_archive.kernel.errors import NotAllowedError, RuleError, _l
from postloan_archive.loans import queries as loans
from postloan_archive.uow import UnitOfWork

PLACEABLE = frozenset({"to_be_placed", "in_store", "missing"})


class NoPagesError(RuleError):
    """A piece of paper has one written side at least."""

    field = "pages"

    def __init__(self) -> None:
        super().__init__(_l("页数应为 1 以上的整数。"))


class NotYourBranchError(NotAllowedError):
    """The room belongs to a branch where this person has no post."""

    def __init__(self) -> None:
        super().__init__(_l("您不能在该机构设立库房。"))


@dataclass(frozen=True, slots=True, kw_only=True)
class AddRoom:
    """A room of a branch."""

    branch_id: int
    code: str
    name: str
    is_vault: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class AddBox:
    """A box on a shelf; `spine_mm` is its thickness."""

    room_id: int
    shelf: str
    spine_mm: int = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterOriginal:
    """A piece of paper arrives; `pages` are written sides."""

    loan_no: str
    item_code: str
    title: str
    pages: int
    form: str = "original"
    deed_no: str = ""
    owner: str = ""
    document_id: int | None = None
    box_no: str = ""


def add_room(uow: UnitOfWork, cmd: AddRoom) -> StoreRoom:
    """Set up a room.

    Raises:
        NotYourBranchError: a branch that the actor does not see.
        CodeTakenError: the branch has a room with this code.
    """
    if not uow.actor.sees_branch(cmd.branch_id):
        raise NotYourBranchError
    code = cmd.code.strip()
    taken = uow.session.scalar(
        select(StoreRoom.id).where(StoreRoom.branch_id == cmd.branch_id, StoreRoom.code == code)
    )
    if taken is not None:
        raise CodeTakenError(code=code)
    room = StoreRoom(
        branch_id=cmd.branch_id,
        code=code,
        name=cmd.name.strip(),
        is_vault=cmd.is_vault,
        created_at=uow.clock.now(),
    )
    uow.session.add(room)
    uow.session.flush()  # the audit line needs the id
    uow.record("custody.room_added", f"store_room:{room.id}", code=code, vault=room.is_vault)
    return room


def add_box(uow: UnitOfWork, cmd: AddBox) -> Box:
    """Put an empty box on a shelf; it gets its number.

    Raises:
        StoreThingNotFoundError: no such room for this actor.
    """
    room = queries.get_room(uow, cmd.room_id)
    number = (uow.session.scalar(select(func.max(Box.id))) or 0) + 1
    box = Box(
        box_no=code_of(BOX, number),
        room_id=room.id,
        shelf=cmd.shelf.strip(),
        spine_mm=cmd.spine_mm,
        created_at=uow.clock.now(),
    )
    uow.session.add(box)
    uow.session.flush()  # the audit line needs the id
    uow.record("custody.box_added", f"box:{box.id}", box_no=box.box_no, room=room.code)
    return box


def move_box(uow: UnitOfWork, box_no: str, room_id: int, shelf: str) -> Box:
    """Put a box elsewhere, with everything in it.

    Raises:
        StoreThingNotFoundError: no such box or room for this actor.
        DeedNeedsVaultError: title deeds inside, and the room is no vault.
    """
    box, room = queries.get_box(uow, box_no), queries.get_room(uow, room_id)
    if not room.is_vault:
        for original in queries.originals_in(uow, box.id):
            if is_deed(original.item_code):
                raise DeedNeedsVaultError(title=original.title, box_no=box.box_no)
    before = f"{box.room.code} {box.shelf}"
    box.room, box.shelf = room, shelf.strip()
    uow.record(
        "custody.box_moved",
        f"box:{box.id}",
        box_no=box.box_no,
        before=before,
        after=f"{room.code} {box.shelf}",
    )
    return box


def register_original(uow: UnitOfWork, cmd: RegisterOriginal) -> Original:
    """Enter a piece of paper; it gets its code, and its place where a box is given.

    Raises:
        LoanNotFoundError, DocumentNotFoundError, StoreThingNotFoundError: not for this actor.
        UnknownItemError: the item code is not in the catalogue.
        NoPagesError: no page.
        DeedNeedsVaultError: a title deed into a box outside a vault.
    """
    loan = loans.get_loan(uow, cmd.loan_no)
    if cmd.pages < 1:
        raise NoPagesError
    if cmd.document_id is not None:
        archive.get_document(uow, cmd.document_id)
    original = Original(
        barcode="",
        loan_id=loan.id,
        branch_id=loan.branch_id,
        item_code=check_item(cmd.item_code),
        title=cmd.title.strip(),
        form=cmd.form,
        pages=cmd.pages,
        deed_no=cmd.deed_no.strip(),
        owner=cmd.owner.strip(),
        document_id=cmd.document_id,
        created_at=uow.clock.now(),
        created_by=uow.actor.name,
    )
    number = (uow.session.scalar(select(func.max(Original.id))) or 0) + 1
    original.barcode = code_of(ORIGINAL, number)
    uow.session.add(original)
    uow.session.flush()  # the audit line needs the id
    uow.record(
        "custody.original_registered",
        f"original:{original.id}",
        loan_no=loan.loan_no,
        barcode=original.barcode,
        item_code=original.item_code,
        pages=original.pages,
    )
    if cmd.box_no:
        place(uow, original.barcode, cmd.box_no)
    return original


def place(uow: UnitOfWork, barcode: str, box_no: str) -> Original:
    """Put an original into a box.

    Raises:
        StoreThingNotFoundError: no such original or box for this actor.
        NotInStoreError: it is lent or was handed over.
        DeedNeedsVaultError: a title deed into a box outside a vault.
    """
    original, box = queries.get_original(uow, barcode), queries.get_box(uow, box_no)
    if original.state not in PLACEABLE:
        raise NotInStoreError(barcode=barcode, state=original.state)
    check_vault(original, box)
    before = original.box.box_no if original.box else ""
    original.box, original.state = box, "in_store"
    uow.record(
        "custody.original_placed",
        f"original:{original.id}",
        barcode=original.barcode,
        before=before,
        after=box.box_no,
    )
    return original


def check_vault(original: Original, box: Box) -> None:
    """Refuse a title deed outside a vault.

    Raises:
        DeedNeedsVaultError: it would be outside.
    """
    if is_deed(original.item_code) and not box.room.is_vault:
        raise DeedNeedsVaultError(title=original.title, box_no=box.box_no)
