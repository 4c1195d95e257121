"""What of a delivery is no stored file: on its way, broken off, or not to be kept."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from sqlalchemy import select

from postloan_archive.archive.incoming import sending
from postloan_archive.archive.incoming.models import Arrival
from postloan_archive.archive.incoming.sending import UploadNotFoundError
from postloan_archive.kernel.errors import _l
from postloan_archive.uow import UnitOfWork

MOST: Final = 200  # shown of one delivery
WORDS: Final[Mapping[str, str]] = {
    "coming": _l("传送中"),
    "ready": _l("等待存放"),
    "failed": _l("未能收取"),
    "given_up": _l("已放弃"),
}
WAITS: Final = _l("一小时内重新选择同一文件即可接着传。")


@dataclass(frozen=True, slots=True, kw_only=True)
class Open:
    """One file that is not stored yet, or never will be, with the reason."""

    id: int
    name: str
    size: int
    state: str
    word: str
    sentence: str
    members: int  # of a zip, stored so far
    mine: bool  # may be given up by the actor


def open_of(uow: UnitOfWork, batch_id: int) -> list[Open]:
    """Return what of a delivery is not stored; the caller has seen that it may be shown."""
    rows = uow.session.scalars(
        select(Arrival)
        .where(Arrival.batch_id == batch_id, Arrival.state != "taken")
        .order_by(Arrival.id)
        .limit(MOST)
    )
    return [
        Open(
            id=row.id,
            name=row.name,
            size=row.size,
            state=row.state,
            word=WORDS[row.state],
            sentence=row.message or (WAITS if row.state == "coming" else ""),
            members=row.members,
            mine=row.state == "coming"
            and row.sender == uow.actor.name
            and row.channel in sending.CHANNELS,
        )
        for row in rows
    ]


def give_up(uow: UnitOfWork, arrival_id: int) -> int:
    """Break the own upload off; return the delivery.

    Raises:
        UploadNotFoundError: there is no such upload of this person.
    """
    row = uow.session.get(Arrival, arrival_id)
    if row is None or row.batch_id is None or row.channel not in sending.CHANNELS:
        raise UploadNotFoundError
    sending.give_up(uow, row.place)
    return row.batch_id
