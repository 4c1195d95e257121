"""The paper of the demonstration: a room and a vault for each branch, originals, lendings."""

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final

from sqlalchemy import select

from postloan_archive.access.models import Branch
from postloan_archive.archive.models import Document
from postloan_archive.custody.rules.lending import Way, is_deed
from postloan_archive.custody.service import counting, lending, store
from postloan_archive.custody.service.lending import AskFor
from postloan_archive.custody.service.store import AddBox, AddRoom, RegisterOriginal
from postloan_archive.kernel.actor import Actor
from postloan_archive.loans import queries as loans
from postloan_archive.uow import System, UnitOfWork

KEPT: Final = ("QZ", "YJ", "BQ")  # papers whose originals are kept
PURPOSES: Final = ("诉讼立案核对原件", "续贷审查", "抵押物解押办理")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    room: int
    box: str
    safe: str


def fill_the_store(system: System, actor: Actor) -> int:
    """Set up the store and place the originals of the filed papers; return how many."""
    with system.unit_of_work(actor) as uow:
        places = {branch.id: _place(uow, branch) for branch in _branches(uow)}
        barcodes = list(_originals(uow, places))
    lenders = (("fawu", Way.COURT), ("kehu1", Way.OUT), ("fawu", Way.OUT))
    wanted = [code for code, deed in barcodes if deed][:1]
    wanted += [code for code, deed in barcodes if not deed][:2]
    for code, (name, way), purpose in zip(wanted, lenders, PURPOSES, strict=True):
        with system.unit_of_work(replace(actor, name=name)) as uow:
            asked = AskFor(
                barcode=code,
                way=way,
                purpose=purpose,
                due_on=None if way is Way.COURT else uow.clock.today() + timedelta(days=3),
            )
            number = lending.ask_for(uow, asked).lending_no
        if name == "fawu":
            with system.unit_of_work(replace(actor, name="hangzhang")) as uow:
                lending.decide(uow, number, approve=True)
            with system.unit_of_work(replace(actor, name="dangan")) as uow:
                lending.hand_out(uow, code)
    with system.unit_of_work(replace(actor, name="dangan")) as uow:
        first = next(iter(places.values()))
        counting.scan(
            uow, counting.start(uow, first.room).id, [code for code, _ in barcodes[:5]]
        )
    return len(barcodes)


def _branches(uow: UnitOfWork) -> list[Branch]:
    return list(
        uow.session.scalars(
            select(Branch).where(Branch.parent_id.is_not(None)).order_by(Branch.code)
        )
    )


def _place(uow: UnitOfWork, branch: Branch) -> _Place:
    room = store.add_room(uow, AddRoom(branch_id=branch.id, code="A", name="档案库")).id
    vault = store.add_room(
        uow, AddRoom(branch_id=branch.id, code="V", name="权证库", is_vault=True)
    ).id
    return _Place(
        room=room,
        box=store.add_box(uow, AddBox(room_id=room, shelf="A-03-2", spine_mm=50)).box_no,
        safe=store.add_box(uow, AddBox(room_id=vault, shelf="柜1-2", spine_mm=30)).box_no,
    )


def _originals(uow: UnitOfWork, places: dict[int, _Place]) -> list[tuple[str, bool]]:
    rows = uow.session.scalars(select(Document).order_by(Document.loan_id, Document.piece_no))
    made = []
    for row in rows:
        loan = loans.get_loan_by_id(uow, row.loan_id)
        place = places.get(loan.branch_id)
        if row.item_code[:2] not in KEPT or place is None or row.source == "system":
            continue
        original = store.register_original(
            uow,
            RegisterOriginal(
                loan_no=loan.loan_no,
                item_code=row.item_code,
                title=row.title,
                pages=max(1, row.page_count),
                deed_no=row.doc_no if is_deed(row.item_code) else "",
                owner=loan.customer.name if is_deed(row.item_code) else "",
                document_id=row.id,
                box_no=place.safe if is_deed(row.item_code) else place.box,
            ),
        )
        made.append((original.barcode, is_deed(row.item_code)))
    return made
