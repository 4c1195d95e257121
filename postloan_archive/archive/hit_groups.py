"""Hits as people read them: by loan file, then by document, with the pages that answer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy import select

from postloan_archive.access import branches
from postloan_archive.archive.models import Document
from postloan_archive.archive.rules.filing import item_title
from postloan_archive.archive.rules.items import CATEGORIES, Category
from postloan_archive.kernel.errors import _l
from postloan_archive.loans.headings import LoanHeading, headings
from postloan_archive.search import Facet, Hit
from postloan_archive.uow import UnitOfWork

SHOWN: Final = 2  # fragments of a document before the rest folds away
OPTIONS: Final = 12  # values of one facet
FORMS: Final[Mapping[str, str]] = {
    "original": _l("原件"),
    "certified_copy": _l("核对件"),
    "copy": _l("复印件"),
    "scan": _l("扫描件"),
}
FACETS: Final[Mapping[str, str]] = {  # in the order of the page
    "branch": _l("机构"),
    "category": _l("类别"),
    "item": _l("文书类型"),
    "year": _l("年度"),
    "media": _l("形态"),
}
UNSORTED: Final = _l("综合类")


@dataclass(frozen=True, slots=True, kw_only=True)
class HitDocument:
    """One document with its hits; `shown` are the first fragments, `more` the others."""

    id: int
    title: str
    item_code: str
    category: str  # name, Chinese
    form: str  # Chinese
    pages: int
    day: date | None
    shown: tuple[Hit, ...]
    more: tuple[Hit, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class HitFile:
    """One loan file with its documents, best first."""

    loan: LoanHeading
    documents: tuple[HitDocument, ...]
    hits: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One value of a facet."""

    value: str
    label: str
    count: int
    on: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class FacetGroup:
    """One facet as the page shows it."""

    name: str  # the query field
    title: str
    options: tuple[Option, ...]


def group_hits(uow: UnitOfWork, hits: Sequence[Hit]) -> tuple[HitFile, ...]:
    """Return the hits by loan file and document, each in the order of its best hit."""
    by_loan: dict[str, dict[int, list[Hit]]] = {}
    for hit in hits:
        by_loan.setdefault(hit.loan_no, {}).setdefault(hit.document_id, []).append(hit)
    heads = headings(uow, by_loan)
    rows = uow.session.execute(
        select(Document.id, Document.form, Document.page_count)
        .where(Document.id.in_(sorted({hit.document_id for hit in hits})))
        .order_by(Document.id)
    )
    facts = {row.id: (row.form, row.page_count) for row in rows}
    return tuple(
        HitFile(
            loan=heads[loan_no],
            documents=tuple(
                _document(found, *facts.get(document_id, ("scan", 0)))
                for document_id, found in documents.items()
            ),
            hits=sum(len(found) for found in documents.values()),
        )
        for loan_no, documents in by_loan.items()
        if loan_no in heads  # the index may be a moment behind the ledger
    )


def facet_groups(
    uow: UnitOfWork,
    facets: Mapping[str, Sequence[Facet]],
    chosen: Mapping[str, frozenset[str]],
) -> tuple[FacetGroup, ...]:
    """Return the facets with Chinese labels; a chosen value stays even where it counts 0."""
    names = {str(key): name for key, name in branches.names(uow.session).items()}
    groups = []
    for kind, title in FACETS.items():
        on = chosen.get(kind, frozenset())
        counts = {facet.value: facet.count for facet in facets.get(kind, ())}
        values = [value for value in counts if value in on or len(counts) <= OPTIONS]
        values += [value for value in counts if value not in values][: OPTIONS - len(values)]
        values += sorted(on - counts.keys())
        if kind == "year":
            values.sort(reverse=True)
        groups.append(
            FacetGroup(
                name=kind,
                title=title,
                options=tuple(
                    Option(
                        value=value,
                        label=label_of(kind, value, names),
                        count=counts.get(value, 0),
                        on=value in on,
                    )
                    for value in values
                ),
            )
        )
    return tuple(group for group in groups if group.options)


def label_of(kind: str, value: str, branch_names: Mapping[str, str]) -> str:
    """Return the Chinese words for one value of a facet."""
    match kind:
        case "branch":
            return branch_names.get(value, value)
        case "category":
            return category_name(value)
        case "item":
            return item_title(value)
        case "media":
            return FORMS.get(value, value)
        case _:
            return value


def category_name(code: str) -> str:
    """Return the name of a category, 综合类 where the code is unknown."""
    return CATEGORIES[Category(code)].name if code in set(Category) else UNSORTED


def _document(hits: Sequence[Hit], form: str, pages: int) -> HitDocument:
    first = hits[0]
    return HitDocument(
        id=first.document_id,
        title=first.title,
        item_code=first.item_code,
        category=category_name(first.category),
        form=FORMS.get(form, form),
        pages=pages,
        day=first.doc_date,
        shown=tuple(hits[:SHOWN]),
        more=tuple(hits[SHOWN:]),
    )
