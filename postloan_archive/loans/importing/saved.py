"""Saved mappings: what the headings of one source mean, for its next ledger."""

from collections.abc import Sequence
from typing import Final

from sqlalchemy import select

from postloan_archive.kernel.errors import NotFoundError, RuleError, _l
from postloan_archive.loans.importing.mapping import HeadingMapping, mapping_of
from postloan_archive.loans.models import LedgerMapping
from postloan_archive.uow import UnitOfWork

LONGEST_NAME: Final = 60


class MappingNotFoundError(NotFoundError):
    """No mapping is saved under the name."""

    field = "source"
    next_step = _l("请在“列对应关系”页查看已保存的来源。")

    def __init__(self, *, name: str) -> None:
        super().__init__(_l("没有名为“{name}”的列对应关系。"), name=name)


class MappingNameError(RuleError):
    """The name is too long to be shown."""

    field = "save_as"

    def __init__(self) -> None:
        super().__init__(_l("来源名称最多 {most} 个字。"), most=LONGEST_NAME)


def mappings(uow: UnitOfWork) -> Sequence[LedgerMapping]:
    """Return all saved mappings by name; headings hold no customer data."""
    return uow.session.scalars(select(LedgerMapping).order_by(LedgerMapping.name)).all()


def use(uow: UnitOfWork, name: str) -> HeadingMapping:
    """Return a saved mapping and note that it was used.

    Raises:
        MappingNotFoundError: there is none of this name.
    """
    row = _get(uow, name)
    row.used_at = uow.clock.now()
    return mapping_of(row.headings)


def peek(uow: UnitOfWork, name: str) -> HeadingMapping:
    """Return a saved mapping.

    Raises:
        MappingNotFoundError: there is none of this name.
    """
    return mapping_of(_get(uow, name).headings)


def save(uow: UnitOfWork, name: str, mapping: HeadingMapping) -> LedgerMapping:
    """Save a mapping under a name; one of before is replaced.

    Raises:
        MappingNameError: the name is too long.
    """
    plain = name.strip()
    if len(plain) > LONGEST_NAME:
        raise MappingNameError
    row = uow.session.scalar(select(LedgerMapping).where(LedgerMapping.name == plain))
    if row is None:
        row = LedgerMapping(
            name=plain, headings={}, created_by=uow.actor.name, created_at=uow.clock.now()
        )
        uow.session.add(row)
    row.headings = mapping.kept()
    uow.session.flush()  # the audit line needs the id
    uow.record("loans.mapping_saved", f"ledger_mapping:{row.id}", name=plain)
    return row


def drop(uow: UnitOfWork, name: str) -> None:
    """Forget a saved mapping; imports that used it keep their own copy.

    Raises:
        MappingNotFoundError: there is none of this name.
    """
    row = _get(uow, name)
    uow.record("loans.mapping_dropped", f"ledger_mapping:{row.id}", name=row.name)
    uow.session.delete(row)


def _get(uow: UnitOfWork, name: str) -> LedgerMapping:
    row = uow.session.scalar(select(LedgerMapping).where(LedgerMapping.name == name.strip()))
    if row is None:
        raise MappingNotFoundError(name=name)
    return row
