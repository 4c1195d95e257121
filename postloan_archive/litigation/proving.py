"""Evidence proposed from the file: the checklist, and the chain that the clocks rest on."""

from collections.abc import Iterator
from dataclasses import dataclass

from postloan_archive.archive import queries as archive
from postloan_archive.archive.queries import DocumentRow
from postloan_archive.kernel.errors import _l
from postloan_archive.litigation.rules.exhibits import (
    ACCELERATION,
    ACCELERATION_WORDS,
    BY_KEY,
    DEMAND_CHAIN,
    GUARANTEE_CHAIN,
    ChecklistItem,
    wanted,
)
from postloan_archive.loans.derivation import confirmed_events
from postloan_archive.loans.models import Loan
from postloan_archive.loans.rules.limitation_state import KIND_LABELS, Interruption
from postloan_archive.notices.rules.conventions import date_in_body
from postloan_archive.uow import UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """One paper proposed as an exhibit, with what it is to prove."""

    document: DocumentRow
    checklist: ChecklistItem
    purpose: str


def proposals(uow: UnitOfWork, loan: Loan, securities: frozenset[str]) -> Iterator[Proposal]:
    """Yield the papers of the loan file by the checklist, then those of the clocks.

    A paper that this system wrote proves nothing by itself: issued is not arrived (R-007). One
    that a confirmed event of a clock rests on is proposed with that event as its purpose.
    """
    documents = archive.documents_of(uow, loan.id)
    received = [row for row in documents if not row.made_here]
    chain = dict(chain_of(uow, loan))
    seen = set()
    for checklist in wanted(securities):
        for code in checklist.codes:
            for document in received:
                if document.item_code == code and document.id not in seen:
                    seen.add(document.id)
                    line = _line(checklist, document)
                    yield Proposal(
                        document=document,
                        checklist=line,
                        purpose=chain.get(document.id, (line.key, line.purpose))[1],
                    )
    for document in documents:
        if document.id in chain and document.id not in seen:
            key, purpose = chain[document.id]
            yield Proposal(document=document, checklist=BY_KEY[key], purpose=purpose)


def _line(checklist: ChecklistItem, document: DocumentRow) -> ChecklistItem:
    if checklist.key == "demand" and any(word in document.title for word in ACCELERATION_WORDS):
        return BY_KEY[ACCELERATION]
    return checklist


def chain_of(uow: UnitOfWork, loan: Loan) -> Iterator[tuple[int, tuple[str, str]]]:
    """Yield (document, (line of the checklist, purpose)) of each event with a paper."""
    names = {row.id: row.guarantor.name for row in loan.guarantees}
    for event in confirmed_events(uow, loan.id):
        if event.document_id is None:
            continue
        kinds = set(Interruption)
        word = KIND_LABELS[Interruption(event.kind)] if event.kind in kinds else event.kind
        day = date_in_body(event.happened_on)
        if event.guarantee_id is None:
            yield (
                event.document_id,
                (
                    DEMAND_CHAIN,
                    _l("证明{day}{word}，诉讼时效自此中断（{level}级证据）。").format(
                        day=day, word=word, level=event.level
                    ),
                ),
            )
        else:
            yield (
                event.document_id,
                (
                    GUARANTEE_CHAIN,
                    _l("证明{day}在保证期间内请求{name}承担保证责任（{word}）。").format(
                        day=day, name=names.get(event.guarantee_id, ""), word=word
                    ),
                ),
            )
