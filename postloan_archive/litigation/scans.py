"""The papers inside one long scan, and which line of the checklist each answers."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from sqlalchemy import select

from postloan_archive.archive.models import Document, Page
from postloan_archive.litigation.rules.exhibits import BY_KEY, COMPLAINT, ENFORCEMENT
from postloan_archive.litigation.rules.page_parts import IDENTITY, Part, parts_of
from postloan_archive.loans.models import Loan
from postloan_archive.uow import UnitOfWork

_KEYS: Final[Mapping[str, Mapping[str, str]]] = {  # kind of package: kind of paper to line
    COMPLAINT: {},  # the same words
    ENFORCEMENT: {
        "registration": "priority",
        "service_address": "debtor_address",
        "title": "title",
        "effective": "effective",
        "seized": "seized",
    },
}
_PEOPLE: Final = {COMPLAINT: ("borrower", "guarantor"), ENFORCEMENT: ("debtor", "co_debtor")}
_ONLY: Final = {  # lines that a complaint has no use for
    COMPLAINT: frozenset({"title", "effective", "seized"}),
    ENFORCEMENT: frozenset[str](),
}


def parts_in(uow: UnitOfWork, loan: Loan, document_id: int) -> tuple[Part, ...]:
    """Return the papers inside a document of the loan file; none where it is one paper."""
    return parts_of(_texts(uow, document_id), numbers_of(loan))


def numbers_of(loan: Loan) -> tuple[str, ...]:
    """Return the contract and registration numbers that tell the papers of a loan apart."""
    found = [row.contract_no for row in loan.guarantees]
    found += [row.contract_no for row in loan.collateral]
    found += [row.registration_no for row in loan.collateral]
    # That of the loan contract is quoted in every other paper: it comes last.
    return tuple(one for one in dict.fromkeys((*found, loan.contract.contract_no)) if one)


def keyed(
    uow: UnitOfWork, loan: Loan, document: Document, kind: str
) -> Iterator[tuple[Part, str]]:
    """Yield each paper inside a document with the key of the line it answers, else empty."""
    texts = _texts(uow, document.id)
    for part in parts_of(texts, numbers_of(loan)):
        yield part, _key(part, texts[part.first - 1 : part.last], loan, document, kind)


def _key(part: Part, texts: Sequence[str], loan: Loan, document: Document, kind: str) -> str:
    if part.kind == IDENTITY:
        debtor, other = _PEOPLE[kind]
        if document.item_code in {"YJ06", "YJ07"}:
            return debtor if document.item_code == "YJ06" else other
        whole = "".join("".join(texts).split())
        guarantors = {row.guarantor.name for row in loan.guarantees}
        guarantors |= {row.provider.name for row in loan.collateral}
        guarantors.discard(loan.customer.name)
        if loan.customer.name not in whole and any(name in whole for name in guarantors):
            return other
        return debtor
    if part.kind in _ONLY[kind]:
        return ""
    key = part.kind if kind == COMPLAINT else _KEYS[kind].get(part.kind, "")
    return key if key in BY_KEY else ""


def _texts(uow: UnitOfWork, document_id: int) -> list[str]:
    """Return the text of each page; a page that was not read stands as an empty one."""
    rows = uow.session.execute(
        select(Page.no, Page.text).where(Page.document_id == document_id).order_by(Page.no)
    ).all()
    texts = [""] * max((row.no for row in rows), default=0)
    for row in rows:
        texts[row.no - 1] = row.text
    return texts
