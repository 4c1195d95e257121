"""Evidence proposed from the file: the checklist, and the chain that the clocks rest on."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from postloan_archive.archive import queries as archive
from postloan_archive.archive.models import Document
from postloan_archive.archive.queries import DocumentRow
from postloan_archive.cases import case_loans
from postloan_archive.cases.models import Case
from postloan_archive.kernel.errors import _l
from postloan_archive.litigation import scans
from postloan_archive.litigation.queries import securities_of
from postloan_archive.litigation.rules.exhibits import (
    BY_KEY,
    CHECKLISTS,
    COMPLAINT,
    DEMAND_CHAIN,
    GUARANTEE_CHAIN,
    ChecklistItem,
    line_of,
    wanted,
)
from postloan_archive.litigation.rules.page_parts import Part
from postloan_archive.loans.derivation import confirmed_events
from postloan_archive.loans.models import Loan
from postloan_archive.loans.rules.limitation_state import KIND_LABELS, Interruption
from postloan_archive.notices.rules.conventions import date_in_body
from postloan_archive.uow import UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """One paper proposed as an exhibit, with what it is to prove.

    `part` is the paper inside a longer scan, None where the whole document is taken.
    """

    document: DocumentRow
    checklist: ChecklistItem
    purpose: str
    part: Part | None = None

    @property
    def title(self) -> str:
        """Return the name of the exhibit."""
        return self.part.title if self.part else self.document.title


def case_proposals(uow: UnitOfWork, case: Case, kind: str = COMPLAINT) -> list[Proposal]:
    """Return what is proposed for each loan of a case, in the order of the checklist.

    With several loans the title says of which loan a paper is.
    """
    found = [
        (loan, one)
        for loan in case_loans.loans_of(uow, case)
        for one in proposals(uow, loan, securities_of(loan), kind)
    ]
    if len(case.loan_ids) == 1:
        return [one for _loan, one in found]
    rank = {line.key: no for no, line in enumerate(CHECKLISTS[kind])}
    named = [_named(one, loan) for loan, one in found]
    return sorted(named, key=lambda one: rank[one.checklist.key])


def _named(one: Proposal, loan: Loan) -> Proposal:
    title = f"{one.title}（{loan.loan_no}）"
    if one.part is not None:
        return replace(one, part=replace(one.part, title=title))
    return replace(one, document=replace(one.document, title=title))


def proposals(
    uow: UnitOfWork, loan: Loan, securities: frozenset[str], kind: str = COMPLAINT
) -> list[Proposal]:
    """Return the papers of the loan file by the checklist and by the clocks, in its order.

    A paper that this system wrote proves nothing by itself: issued is not arrived (R-007). One
    that a confirmed event of a clock rests on is proposed with that event as its purpose. Of a
    scan that holds several papers each is proposed with its pages.
    """
    documents = archive.documents_of(uow, loan.id)
    received = [row for row in documents if not row.made_here]
    chain = dict(chain_of(uow, loan)) if kind == COMPLAINT else {}
    lines = {line.key: line for line in wanted(securities, kind)}
    filed = _filed(received, lines, kind)
    found: list[Proposal] = []
    for document, line in filed:
        others = {row.key for other, row in filed if other.id != document.id}
        free = {key: row for key, row in lines.items() if key == line.key or key not in others}
        found += _of_document(uow, loan, document, line, free, chain, kind)
    answered = {one.checklist.key for one in found}
    asked = {line.key: line for line in lines.values() if line.key not in answered}
    for document in received:  # what is filed under another item, where nothing else is there
        if document.page_count > 1 and line_of(document.item_code, "", kind) is None:
            found += _inside(uow, loan, document, asked, kind)
    seen = {one.document.id for one in found}
    for document in documents:
        if document.id in chain and document.id not in seen:
            key, purpose = chain[document.id]
            found.append(Proposal(document=document, checklist=BY_KEY[key], purpose=purpose))
    rank = {line.key: no for no, line in enumerate(CHECKLISTS[kind])}
    return sorted(found, key=lambda one: rank[one.checklist.key])


def _filed(
    documents: list[DocumentRow], lines: Mapping[str, ChecklistItem], kind: str
) -> list[tuple[DocumentRow, ChecklistItem]]:
    """Return the documents filed under an item of the checklist with their line."""
    found = ((row, line_of(row.item_code, row.title, kind)) for row in documents)
    return [(row, line) for row, line in found if line is not None and line.key in lines]


def _of_document(
    uow: UnitOfWork,
    loan: Loan,
    document: DocumentRow,
    line: ChecklistItem,
    lines: Mapping[str, ChecklistItem],
    chain: Mapping[int, tuple[str, str]],
    kind: str,
) -> list[Proposal]:
    """Return what a document filed under an item of the checklist gives.

    `lines` are those that its parts may answer: its own, and those that no document answers.
    """
    inside = _inside(uow, loan, document, lines, kind) if document.page_count > 1 else []
    if any(one.checklist.key == line.key for one in inside):
        return inside
    key, purpose = chain.get(document.id, (line.key, line.purpose))
    if line.optional and key in lines:  # the clock needs it more than its own line
        line = lines[key]
    # Its own paper was not found by a title: then the whole of it is taken.
    return [Proposal(document=document, checklist=line, purpose=purpose)]


def _inside(
    uow: UnitOfWork,
    loan: Loan,
    document: DocumentRow,
    lines: Mapping[str, ChecklistItem],
    kind: str,
) -> list[Proposal]:
    row = uow.session.get_one(Document, document.id)
    return [
        Proposal(document=document, checklist=lines[key], purpose=lines[key].purpose, part=part)
        for part, key in scans.keyed(uow, loan, row, kind)
        if key in lines
    ]


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
                    _l("证明{day}{word}，诉讼时效自此中断。").format(day=day, word=word),
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
