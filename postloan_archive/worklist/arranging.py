"""How a person wants the desk: kept for that person, forgotten on request."""

from collections.abc import Sequence
from dataclasses import dataclass

from postloan_archive.uow import UnitOfWork
from postloan_archive.worklist.models import DeskLayout
from postloan_archive.worklist.rules.desk_cards import CARDS, in_order


@dataclass(frozen=True, slots=True, kw_only=True)
class ArrangeDesk:
    """The cards in the order wanted, and those that are not to be shown."""

    cards: tuple[str, ...]
    hidden: tuple[str, ...]


def layout_of(uow: UnitOfWork) -> ArrangeDesk | None:
    """Return how the actor wants the desk, None: as usual for the role."""
    if uow.actor.user_id is None:
        return None
    row = uow.session.get(DeskLayout, uow.actor.user_id)
    if row is None:
        return None
    return ArrangeDesk(cards=tuple(row.cards), hidden=tuple(row.hidden))


def arrange(uow: UnitOfWork, cmd: ArrangeDesk) -> None:
    """Keep how the actor wants the desk; names of no card are left out."""
    assert uow.actor.user_id is not None  # pages only
    cards, hidden = list(_known(cmd.cards)), list(_known(cmd.hidden))
    row = uow.session.get(DeskLayout, uow.actor.user_id)
    if row is None:
        row = DeskLayout(user_id=uow.actor.user_id)
        uow.session.add(row)
    row.cards, row.hidden, row.updated_at = cards, hidden, uow.clock.now()
    uow.record(
        "worklist.desk_arranged", f"user:{uow.actor.user_id}", cards=cards, hidden=hidden
    )


def forget(uow: UnitOfWork) -> None:
    """Give the actor the usual desk again; nothing happens where it is the usual one."""
    row = uow.session.get(DeskLayout, uow.actor.user_id) if uow.actor.user_id else None
    if row is None:
        return
    uow.session.delete(row)
    uow.record("worklist.desk_reset", f"user:{uow.actor.user_id}")


def _known(cards: Sequence[str]) -> tuple[str, ...]:
    return tuple(card for card in in_order(cards, CARDS) if card in cards)
