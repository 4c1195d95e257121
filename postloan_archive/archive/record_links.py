"""From a typed number to the record that has it, from a document to what uses it."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from flask import Flask, current_app, url_for

from postloan_archive.loans.headings import with_number
from postloan_archive.search import Recognised, recognise
from postloan_archive.uow import UnitOfWork

_KEY: Final = "postloan_record_finders"
_USES: Final = "postloan_document_uses"
_STEPS: Final = "postloan_document_steps"
_PLAIN: Final = re.compile(r"[0-9A-Za-z-]{8,40}", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordLink:
    """One record with the number: a title, what tells it from others, its address."""

    title: str
    note: str
    href: str


Finder = Callable[[UnitOfWork, Recognised], Iterable[RecordLink]]
"""Returns the records of a capability that have the number and that the actor may see."""


Uses = Callable[[UnitOfWork, int], Iterable[RecordLink]]
"""Returns the records of a capability that point to the document and that the actor may see."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentStep:
    """Something a capability above the archive can do with a document: one button."""

    label: str
    action: str  # address to post to
    fields: Mapping[str, str]


Steps = Callable[[UnitOfWork, int], Iterable[DocumentStep]]
"""Returns what the actor may do with the document."""


def install_document_uses(app: Flask, *providers: Uses, steps: tuple[Steps, ...] = ()) -> None:
    """Let the card of a document name what capabilities above the archive do with it."""
    app.extensions[_USES] = providers
    app.extensions[_STEPS] = steps


def document_steps(uow: UnitOfWork, document_id: int) -> tuple[DocumentStep, ...]:
    """Return what may be done with a document that the actor was allowed to see."""
    providers: tuple[Steps, ...] = current_app.extensions.get(_STEPS, ())
    return tuple(step for provider in providers for step in provider(uow, document_id))


def document_uses(uow: UnitOfWork, document_id: int) -> tuple[RecordLink, ...]:
    """Return the records that point to a document that the actor was allowed to see."""
    providers: tuple[Uses, ...] = current_app.extensions.get(_USES, ())
    return tuple(link for provider in providers for link in provider(uow, document_id))


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
