"""From a number that a person typed straight to the record that has it."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

from flask import Flask, current_app, url_for

from postloan_archive.loans.headings import with_number
from postloan_archive.search import Recognised, recognise
from postloan_archive.uow import UnitOfWork

_KEY: Final = "postloan_record_finders"
_PLAIN: Final = re.compile(r"[0-9A-Za-z-]{8,40}", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordLink:
    """One record with the number: a title, what tells it from others, its address."""

    title: str
    note: str
    href: str


Finder = Callable[[UnitOfWork, Recognised], Iterable[RecordLink]]
"""Returns the records of a capability that have the number and that the actor may see."""


def install_record_finders(app: Flask, *finders: Finder) -> None:
    """Let capabilities above the archive be found by number as well."""
    app.extensions[_KEY] = finders


def record_links(uow: UnitOfWork, typed: str) -> tuple[RecordLink, ...]:
    """Return the records that have the number, none where the text is no number.

    A number with a wrong check digit may stand in the ledger all the same, so any long number
    is looked up there.
    """
    number = recognise(typed)
    spellings = (typed, number.printed, number.folded) if number else (typed,)
    if number is None and not _PLAIN.fullmatch(typed):
        return ()
    links = [
        RecordLink(
            title=f"{loan.customer} {loan.loan_no}",
            note=f"{loan.branch} · {loan.contract_no}",
            href=loan_address(loan.loan_no),
        )
        for loan in with_number(uow, *spellings)
    ]
    finders: tuple[Finder, ...] = current_app.extensions.get(_KEY, ())
    if number is not None:
        for finder in finders:
            links += finder(uow, number)
    return tuple(links)


def loan_address(loan_no: str) -> str:
    """Return the address of the loan file."""
    page = "loans.loan" if "loans.loan" in current_app.view_functions else "archive.items"
    return url_for(page, loan_no=loan_no)
