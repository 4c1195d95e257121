"""SELECTs over papers of courts and the cases they may belong to."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import Select, func, select

from postloan_archive.archive import queries as archive
from postloan_archive.archive.models import Document, Page
from postloan_archive.cases import case_loans
from postloan_archive.cases.models import Case, CaseEvent, Party, Procedure
from postloan_archive.court_papers.models import CourtPaperDecision
from postloan_archive.court_papers.rules.matching import KnownCase, Suggestion, suggestions
from postloan_archive.court_papers.rules.reading import CourtPaper, read_court_paper
from postloan_archive.loans import queries as loans
from postloan_archive.loans.models import Contract, Customer, Loan
from postloan_archive.uow import UnitOfWork

STATES: Final = ("waiting", "entered", "set_aside")
ITEMS: Final = ("BQ07", "BQ08", "BQ09", "BQ10", "BQ11", "BQ12", "BQ13")
_READ_PAGES: Final = 60  # the dispositive part of a judgment stands near its end


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperRow:
    """One line of the list; `outcome` is empty while the paper waits."""

    document_id: int
    title: str
    item_code: str
    loan_no: str
    customer: str
    doc_date: date | None
    added_at: datetime
    paper: CourtPaper
    best: Suggestion | None
    outcome: str
    case_no: str
    decided_by: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Numbers:
    """How many papers wait, were entered, were set aside."""

    waiting: int
    entered: int
    set_aside: int


def numbers(uow: UnitOfWork) -> Numbers:
    """Return the sums of the list over what the actor may see."""
    counts = {
        key: uow.session.scalar(_ids(uow, key, func.count(Document.id))) or 0
        for key in ("waiting", "entered", "set_aside")
    }
    return Numbers(**counts)


def papers(
    uow: UnitOfWork, *, state: str = "waiting", word: str = "", offset: int = 0, limit: int = 20
) -> tuple[list[PaperRow], int]:
    """Return one page of the list, newest first, and how many there are."""
    query = _ids(uow, state, Document.id)
    if word:
        query = query.where(
            Document.title.contains(word, autoescape=True)
            | Document.loan_id.in_(
                select(Loan.id)
                .join(Customer, Customer.id == Loan.customer_id)
                .where(
                    Loan.loan_no.contains(word, autoescape=True)
                    | Customer.name.contains(word, autoescape=True)
                )
            )
        )
    total = uow.session.scalar(select(func.count()).select_from(query.subquery())) or 0
    ids = list(
        uow.session.scalars(query.order_by(Document.id.desc()).offset(offset).limit(limit))
    )
    known = list(known_cases(uow))
    return [_row(uow, one, known) for one in ids], total


def get_paper(uow: UnitOfWork, document_id: int) -> PaperRow:
    """Return one paper.

    Raises:
        DocumentNotFoundError: no such document for this actor.
    """
    archive.get_document(uow, document_id)
    return _row(uow, document_id, list(known_cases(uow)))


def read_document(uow: UnitOfWork, document_id: int) -> CourtPaper:
    """Return what the pages of a document say."""
    texts = uow.session.scalars(
        select(Page.text)
        .where(Page.document_id == document_id)
        .order_by(Page.no)
        .limit(_READ_PAGES)
    )
    return read_court_paper(list(texts))


def decision_of(uow: UnitOfWork, document_id: int) -> CourtPaperDecision | None:
    """Return what was decided about the paper."""
    return uow.session.scalar(
        select(CourtPaperDecision).where(CourtPaperDecision.document_id == document_id)
    )


def suggested(uow: UnitOfWork, paper: CourtPaper, loan_no: str) -> tuple[Suggestion, ...]:
    """Return the cases of this actor that the paper may belong to, best first."""
    return suggestions(paper, known_cases(uow), loan_no=loan_no)


def known_cases(uow: UnitOfWork) -> Iterator[KnownCase]:
    """Yield the cases that the actor may see, with what tells them apart."""
    visible = loans.visible_ids(uow)
    numbers_of = _gathered(
        uow.session.execute(
            select(Procedure.case_id, Procedure.court_case_no)
            .join(Case, Case.id == Procedure.case_id)
            .where(Case.loan_id.in_(visible), Procedure.court_case_no.is_not(None))
        )
    )
    names_of = _gathered(
        uow.session.execute(
            select(Party.case_id, func.coalesce(Customer.name, Party.name))
            .join(Case, Case.id == Party.case_id)
            .outerjoin(Customer, Customer.id == Party.customer_id)
            .where(Case.loan_id.in_(visible))
        )
    )
    links = case_loans.links(Case.loan_id.in_(visible))
    sued_for = uow.session.execute(
        select(links.c.case_id, Loan.loan_no, Contract.contract_no)
        .join(Loan, Loan.id == links.c.loan_id)
        .join(Contract, Contract.id == Loan.contract_id)
    ).all()
    loan_nos = _gathered((row.case_id, row.loan_no) for row in sued_for)
    contract_nos = _gathered((row.case_id, row.contract_no) for row in sued_for)
    rows = uow.session.execute(
        select(Case.id, Case.case_no, Case.court, Loan.loan_no)
        .join(Loan, Loan.id == Case.loan_id)
        .where(Case.loan_id.in_(visible))
        .order_by(Case.id)
    )
    for row in rows:
        yield KnownCase(
            case_no=row.case_no,
            loan_no=row.loan_no,
            court=row.court,
            numbers=numbers_of.get(row.id, frozenset()),
            names=names_of.get(row.id, frozenset()),
            loan_nos=loan_nos.get(row.id, frozenset()),
            contract_nos=contract_nos.get(row.id, frozenset()),
        )


def _gathered(pairs: Iterable[Any]) -> dict[int, frozenset[str]]:
    found: dict[int, set[str]] = {}
    for key, value in pairs:
        if value:
            found.setdefault(key, set()).add(value)
    return {key: frozenset(values) for key, values in found.items()}


def _ids(uow: UnitOfWork, state: str, column: Any) -> Select[Any]:  # noqa: ANN401 - a column
    """Return the SELECT of the papers in a state."""
    query: Select[Any] = (
        select(column)
        .select_from(Document)
        .outerjoin(CourtPaperDecision, CourtPaperDecision.document_id == Document.id)
        .where(
            Document.item_code.in_([one for one in ITEMS if uow.actor.sees_category(one[:2])]),
            Document.withdrawn_at.is_(None),
            loans.is_visible(uow, Document.loan_id),
            Document.source != "system",  # what we wrote ourselves comes from no court
        )
    )
    proven = Document.id.in_(
        select(CaseEvent.document_id).where(
            CaseEvent.document_id.is_not(None), CaseEvent.struck_reason == ""
        )
    )
    aside = func.coalesce(CourtPaperDecision.outcome, "") == "set_aside"
    if state == "set_aside":
        return query.where(aside)
    return query.where(~aside, proven if state == "entered" else ~proven)


def _row(uow: UnitOfWork, document_id: int, known: list[KnownCase]) -> PaperRow:
    document = uow.session.get_one(Document, document_id)
    loan = loans.get_loan_by_id(uow, document.loan_id)
    paper = read_document(uow, document_id)
    decision = decision_of(uow, document_id)
    found = suggestions(paper, known, loan_no=loan.loan_no)
    event = uow.session.scalar(
        select(CaseEvent)
        .where(CaseEvent.document_id == document_id, CaseEvent.struck_reason == "")
        .order_by(CaseEvent.id)
        .limit(1)
    )
    aside = decision if decision and decision.outcome == "set_aside" else None
    case = uow.session.get_one(Case, event.case_id) if event and not aside else None
    by = aside.decided_by if aside else event.recorded_by if event else ""
    return PaperRow(
        document_id=document.id,
        title=document.title,
        item_code=document.item_code,
        loan_no=loan.loan_no,
        customer=loan.customer.name,
        doc_date=document.doc_date,
        added_at=document.added_at,
        paper=paper,
        best=found[0] if found else None,
        outcome="set_aside" if aside else "entered" if event else "",
        case_no=case.case_no if case else "",
        decided_by=by,
        reason=aside.reason if aside else "",
    )
