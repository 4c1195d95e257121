"""Where the originals of loan files are, lent to the list of loan files and to its header."""

from collections.abc import Sequence
from typing import Final

from sqlalchemy import select

from postloan_archive.custody.models import Box, Original, StoreRoom
from postloan_archive.kernel.errors import _l
from postloan_archive.uow import UnitOfWork

MORE: Final = _l("等 {count} 处")
ELSEWHERE: Final = {
    "to_be_placed": _l("待入库"),
    "lent": _l("借出"),
    "handed_over": _l("已移交"),
    "missing": _l("下落不明"),
}


def places_of(uow: UnitOfWork, loan_ids: Sequence[int]) -> dict[int, str]:
    """Return the place of the first original by loan id, and how many places there are.

    For loans that the caller was allowed to see; loans without originals are left out.
    """
    rows = uow.session.execute(
        select(Original.loan_id, Original.state, Box.box_no, StoreRoom.name)
        .outerjoin(Box, Box.id == Original.box_id)
        .outerjoin(StoreRoom, StoreRoom.id == Box.room_id)
        .where(Original.loan_id.in_(loan_ids))
        .order_by(Original.loan_id, Original.id)
    )
    places: dict[int, list[str]] = {}
    for loan_id, state, box_no, room in rows:
        place = ELSEWHERE.get(state) or " ".join(filter(None, (room, box_no)))
        known = places.setdefault(loan_id, [])
        if place not in known:
            known.append(place)
    return {
        loan_id: found[0] if len(found) == 1 else f"{found[0]} {MORE.format(count=len(found))}"
        for loan_id, found in places.items()
    }
