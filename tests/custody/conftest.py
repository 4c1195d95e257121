"""The fixtures of pages, a store with a room, a vault and originals."""

from dataclasses import dataclass

import pytest

from postloan_archive.access import branches, rights
from postloan_archive.access.models import User
from postloan_archive.custody.service import store
from postloan_archive.custody.service.store import AddBox, AddRoom, RegisterOriginal
from postloan_archive.db import new_session
from tests.builders import a_loan
from tests.web.people import *  # noqa: F403 - fixtures shared by several folders


@dataclass(frozen=True)
class Store:
    """Codes of what is there."""

    room: int
    vault: int
    box: str
    safe: str
    contract: str  # YJ01 in `box`
    survey: str  # GL08 in `box`
    deed: str  # QZ02 in `safe`


@pytest.fixture
def paper(new_uow, people) -> Store:
    """A room and a vault of branch 0201 with three originals of JJ2025-0001."""
    del people
    with new_uow() as uow:
        a_loan(uow)
        branch = branches.id_of(uow, "0201")
        room = store.add_room(uow, AddRoom(branch_id=branch, code="A", name="一号库")).id
        vault = store.add_room(
            uow, AddRoom(branch_id=branch, code="V", name="权证库", is_vault=True)
        ).id
        box = store.add_box(uow, AddBox(room_id=room, shelf="A-03-2")).box_no
        safe = store.add_box(uow, AddBox(room_id=vault, shelf="柜1")).box_no

        def original(item: str, title: str, pages: int, where: str) -> str:
            return store.register_original(
                uow,
                RegisterOriginal(
                    loan_no="JJ2025-0001",
                    item_code=item,
                    title=title,
                    pages=pages,
                    box_no=where,
                ),
            ).barcode

        return Store(
            room=room,
            vault=vault,
            box=box,
            safe=safe,
            contract=original("YJ01", "流动资金借款合同", 12, box),
            survey=original("GL08", "首次检查报告", 4, box),
            deed=original("QZ02", "不动产登记证明", 2, safe),
        )


@pytest.fixture
def acting(new_uow, people, system):
    """Open a unit of work as one of the people."""

    def opened(name: str):
        with new_session(system.engine) as session:
            user = session.get(User, people[name])
            post = rights.chosen(rights.posts_of(session, user.id), "")
            actor = rights.actor_for(user, post)
        return new_uow(actor)

    return opened
