"""Which settings are in use, and which were before."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import select

from postloan_archive.kernel.policy import STANDARD_POLICY, LawPolicy
from postloan_archive.policy.models import PolicyEdition
from postloan_archive.policy.settings import differences, read_stored
from postloan_archive.uow import UnitOfWork

_KNOWN: Final = "settings of the rules"  # in the notes of the session


@dataclass(frozen=True, slots=True, kw_only=True)
class EditionRow:
    """One change of the settings: label, before, after."""

    edition: int
    reason: str
    changed_by: str
    changed_at: datetime
    changes: tuple[tuple[str, str, str], ...]


def load_policy(uow: UnitOfWork) -> LawPolicy:
    """Return the settings in use, the standard ones where nobody has changed any.

    Looked up once in a unit of work; `forget_policy` makes the next look a new one.
    """
    known = uow.session.info.get(_KNOWN)
    if not isinstance(known, LawPolicy):
        row = newest(uow)
        known = STANDARD_POLICY if row is None else read_stored(row.settings)
        uow.session.info[_KNOWN] = known
    return known


def forget_policy(uow: UnitOfWork) -> None:
    """Let the next look at the settings ask the table: they were changed in this step."""
    uow.session.info.pop(_KNOWN, None)


def newest(uow: UnitOfWork) -> PolicyEdition | None:
    """Return the newest edition, None where the standard settings are in use."""
    return uow.session.scalar(
        select(PolicyEdition).order_by(PolicyEdition.edition.desc()).limit(1)
    )


def editions(uow: UnitOfWork) -> list[EditionRow]:
    """Return every change, newest first."""
    rows = uow.session.scalars(select(PolicyEdition).order_by(PolicyEdition.edition))
    found, before = [], STANDARD_POLICY
    for row in rows:
        after = read_stored(row.settings)
        found.append(
            EditionRow(
                edition=row.edition,
                reason=row.reason,
                changed_by=row.changed_by,
                changed_at=row.changed_at,
                changes=differences(before, after),
            )
        )
        before = after
    return found[::-1]
