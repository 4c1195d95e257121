"""What a package will hold, taken from the database in one short transaction."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy import select

from postloan_archive.archive.models import Document, Page
from postloan_archive.cases import queries as cases
from postloan_archive.cases.models import Case
from postloan_archive.litigation import drafting, making, queries, writing
from postloan_archive.litigation.calculation import calculation_sheet
from postloan_archive.litigation.drafting import Drafts
from postloan_archive.litigation.errors import NoExhibitsError
from postloan_archive.litigation.matter import matter_of
from postloan_archive.litigation.models import Package
from postloan_archive.litigation.papers import PAPERS, Paper
from postloan_archive.litigation.rules.catalogue import CORE, USUAL
from postloan_archive.litigation.rules.exhibits import (
    BY_KEY,
    COMPLAINT,
    ENFORCEMENT,
    numbered_groups,
)
from postloan_archive.litigation.rules.papers import copies
from postloan_archive.litigation.sources import PlannedExhibit
from postloan_archive.notices.templates import letter_template
from postloan_archive.uow import UnitOfWork
from postloan_archive.wordgen import Template

ROLES: Final = {  # by kind of package
    COMPLAINT: {"plaintiff": "原告", "defendant": "被告", "third_party": "第三人"},
    ENFORCEMENT: {
        "plaintiff": "申请执行人",
        "defendant": "被执行人",
        "third_party": "利害关系人",
    },
}
LEADING: Final = {COMPLAINT: "P01", ENFORCEMENT: "X01"}  # whose copies count (R-H03)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Everything that goes in; needs no database any more.

    `sets` is how many sets of evidence are handed in (R-H03).
    """

    case_no: str
    kind: str
    court: str
    court_case_no: str
    cause: str
    loan_no: str
    day: date
    cut_off: date
    lender: str
    parties: tuple[tuple[str, str], ...]
    drafts: Drafts
    sheet: bytes
    exhibits: tuple[PlannedExhibit, ...]
    sets: int
    volume_mb: int | None
    papers: tuple[str, ...]  # codes of the papers that go in, those of the complaint
    extras: tuple[tuple[str, bytes], ...]  # further papers as made on this day
    extra_gaps: tuple[str, ...]  # what they lack, Chinese
    templates: Mapping[type[Paper], Template]


def plan_package(uow: UnitOfWork, case_no: str) -> Plan:
    """Return the plan of a case.

    Raises:
        CaseNotFoundError: no such case for this actor.
        NoExhibitsError: there is nothing to bind.
    """
    case = cases.get_case(uow, case_no)
    package = queries.package_of(uow, case)
    if package is None or not package.items:
        raise NoExhibitsError(case_no=case.case_no)
    source = queries.source_of(uow, case)
    drafts = drafting.draft_papers(source)
    codes = USUAL[package.kind] if package.papers is None else package.papers
    extras, gaps = _extras(uow, case, [code for code in codes if code not in CORE])
    defendants = sum(row.role == "defendant" for row in source.parties)
    others = sum(row.role == "third_party" for row in source.parties)
    return Plan(
        case_no=case.case_no,
        kind=package.kind,
        court=case.court,
        court_case_no=cases.case_row(uow, case).court_case_no,
        cause=case.cause,
        loan_no="、".join(loan.loan_no for loan in source.loans),
        day=source.day,
        cut_off=source.claim.position.as_of,
        lender=source.lender.name,
        parties=tuple((ROLES[package.kind][row.role], row.name) for row in source.parties),
        drafts=drafts,
        sheet=calculation_sheet(drafts, source),
        exhibits=tuple(_planned(uow, package)),
        sets=copies(
            LEADING[package.kind], defendants=defendants, third_parties=others
        ).value.evidence_sets,
        volume_mb=package.volume_mb,
        papers=tuple(codes),
        extras=tuple(extras),
        extra_gaps=tuple(gaps),
        templates={
            kind: letter_template(uow, kind.template, keep=False).compiled for kind in PAPERS
        },
    )


def _extras(
    uow: UnitOfWork, case: Case, codes: list[str]
) -> tuple[list[tuple[str, bytes]], list[str]]:
    """Return the further papers as of today, and what they lack."""
    if not codes:
        return [], []
    matter = matter_of(uow, case)
    found, gaps = [], []
    for code in codes:
        made = writing.draft(matter, code)
        _template, data = making.render(uow, matter, made)
        making.check_leftovers(made.title, data)
        found.append((made.title, data))
        gaps += [f"{made.title}：{text}" for text in (*made.faults, *made.missing)]
    return found, gaps


def _planned(uow: UnitOfWork, package: Package) -> list[PlannedExhibit]:
    found = []
    numbered = numbered_groups(
        BY_KEY[item.checklist_key].group
        for item in package.items
        if item.checklist_key in BY_KEY
    )
    for number, item in enumerate(package.items, 1):
        document = uow.session.get_one(Document, item.document_id)
        checklist = BY_KEY.get(item.checklist_key)
        texts = uow.session.scalars(
            select(Page.text).where(Page.document_id == document.id).order_by(Page.no)
        )
        chosen = (item.first_page or 0, item.last_page or 0)
        found.append(
            PlannedExhibit(
                label=f"证据{number}",
                title=item.title,
                purpose=item.purpose,
                group=numbered[checklist.group] if checklist else "",
                pages=chosen if item.first_page else None,
                original=item.original,
                document_id=document.id,
                item_id=item.id,
                item_code=document.item_code,
                sha256=document.sha256,
                filename=document.filename,
                path=uow.vault.path(document.sha256),
                state=document.state,
                texts=tuple(texts),
            )
        )
    return found
