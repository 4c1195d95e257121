"""Which deadlines another calendar or other settings would move: asked before saving.

The deadlines live above; the application hands in who knows them.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Final

from flask import Flask, current_app

from postloan_archive.kernel.calendar import WorkCalendar
from postloan_archive.kernel.policy import LawPolicy
from postloan_archive.uow import UnitOfWork

_KEY: Final = "postloan_moves"


@dataclass(frozen=True, slots=True, kw_only=True)
class MovedDay:
    """One open deadline before and after, legal and safe day."""

    loan_no: str
    title: str
    trigger: str
    legal: tuple[date, date]
    safe: tuple[date, date]


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What would be saved; None leaves what is in use. `year` narrows to days near it."""

    calendar: WorkCalendar | None = None
    policy: LawPolicy | None = None
    year: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Moves:
    """What moves among the loans that the person may see.

    Attributes:
        looked_at: deadlines compared.
        compared: loans whose deadlines were compared, the nearest deadlines first.
        loans: loans that have an open deadline the change may touch.
    """

    rows: tuple[MovedDay, ...]
    looked_at: int
    compared: int
    loans: int

    @property
    def complete(self) -> bool:
        """Return whether no loan was left out."""
        return self.compared == self.loans


Mover = Callable[[UnitOfWork, Change], Moves]


def install_moves(app: Flask, mover: Mover) -> None:
    """Say who knows the deadlines."""
    app.extensions[_KEY] = mover


def moves_under(uow: UnitOfWork, change: Change) -> Moves:
    """Return what would move; nothing is stored."""
    mover: Mover = current_app.extensions[_KEY]
    return mover(uow, change)
