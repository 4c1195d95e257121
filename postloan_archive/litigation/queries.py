"""SELECTs over packages: the working set, the checklist, the frozen versions."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from sqlalchemy import select

from postloan_archive.archive.models import Document
from postloan_archive.archive.queries import DocumentRow
from postloan_archive.cases import case_loans
from postloan_archive.cases import queries as cases
from postloan_archive.cases.models import Case
from postloan_archive.kernel.entries import read_date
from postloan_archive.kernel.errors import RuleError
from postloan_archive.litigation import claims
from postloan_archive.litigation.errors import ExhibitNotFoundError, VersionNotFoundError
from postloan_archive.litigation.form import Source
from postloan_archive.litigation.models import Package, PackageItem, PackageVersion
from postloan_archive.litigation.rules.differences import replaced
from postloan_archive.litigation.rules.exhibits import (
    BY_KEY,
    CONTRACT,
    ChecklistItem,
    Proof,
    answered_once,
    proofs,
    wanted,
)
from postloan_archive.loans import lenders
from postloan_archive.loans.models import Loan
from postloan_archive.preservation import queries as preservation
from postloan_archive.uow import UnitOfWork

UNSHOWN: Final = frozenset({"encrypted", "damaged", "unsupported", "timed_out"})
UNREAD: Final = "application/octet-stream"  # not looked into yet
CUT_OFF: Final = "claim.cut_off"  # among the facts of a case


@dataclass(frozen=True, slots=True, kw_only=True)
class ExhibitRow:
    """One exhibit of the working set, in order; `warning` is a Chinese sentence or empty."""

    id: int
    label: str
    title: str
    purpose: str
    group: str
    document_id: int
    document_title: str
    item_code: str
    pages: int
    first_page: int | None
    last_page: int | None
    range_reason: str
    original: bool
    warning: str
    drawn: bool  # its pages can be shown

    @property
    def taken(self) -> int:
        """Return how many pages go in."""
        if self.first_page is None or self.last_page is None:
            return self.pages
        return self.last_page - self.first_page + 1


@dataclass(frozen=True, slots=True, kw_only=True)
class ChecklistRow:
    """One line of the checklist with the number of exhibits that answer it.

    `lacking` are the loans of a case about several for which it holds none.
    """

    item: ChecklistItem
    exhibits: int
    missing: bool
    lacking: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionRow:
    """One frozen set."""

    no: int
    sha256: str
    size: int
    pages: int
    frozen_by: str
    frozen_at: datetime
    problems: tuple[str, ...]
    differences: tuple[str, ...]  # from the version before
    replaced: tuple[str, ...]  # what the loan file holds otherwise by now


def package_of(uow: UnitOfWork, case: Case) -> Package | None:
    """Return the working set of a case, None before it was proposed."""
    return uow.session.scalar(select(Package).where(Package.case_id == case.id))


def exhibits_of(uow: UnitOfWork, package: Package) -> list[ExhibitRow]:
    """Return the exhibits in order, as this actor may see them."""
    rows = []
    for number, item in enumerate(package.items, 1):
        document = uow.session.get_one(Document, item.document_id)
        if not uow.actor.sees_category(document.item_code[:2]):
            continue
        rows.append(_exhibit(number, item, document))
    return rows


def exhibit_of(uow: UnitOfWork, case: Case, item_id: int) -> ExhibitRow:
    """Return one exhibit.

    Raises:
        ExhibitNotFoundError: the package has no such exhibit for this actor.
    """
    package = package_of(uow, case)
    for row in exhibits_of(uow, package) if package else ():
        if row.id == item_id:
            return row
    raise ExhibitNotFoundError(item_id=item_id)


def securities_of(*found: Loan) -> frozenset[str]:
    """Return guarantee and mortgage where the loans have them."""
    there = {
        "guarantee": any(loan.guarantees for loan in found),
        "mortgage": any(loan.collateral for loan in found),
    }
    return frozenset(name for name, held in there.items() if held)


def checklist_of(uow: UnitOfWork, case: Case, package: Package) -> list[ChecklistRow]:
    """Return the checklist with what is chosen for each line.

    With several loans each needs its own papers; those about persons serve all.
    """
    found = case_loans.loans_of(uow, case)
    query = select(Document.id, Document.loan_id).where(
        Document.id.in_({item.document_id for item in package.items})
    )
    home = {row.id: row.loan_id for row in uow.session.execute(query)}
    rows = []
    for line in wanted(securities_of(*found), package.kind):
        held = [home[one.document_id] for one in package.items if one.checklist_key == line.key]
        lacking = tuple(
            loan.loan_no
            for loan in found
            if line.needs in {"", *securities_of(loan)}
            and loan.id not in held
            and not (held and answered_once(line))
            and not (held and line.key == CONTRACT and _same_contract(found, loan, held))
        )
        rows.append(
            ChecklistRow(
                item=line,
                exhibits=len(held),
                missing=bool(lacking) and not line.optional,
                lacking=lacking if len(found) > 1 else (),
            )
        )
    return rows


def _same_contract(found: Sequence[Loan], loan: Loan, held: Sequence[int]) -> bool:
    """Return whether a paper of another loan under the same contract is there."""
    return any(one.contract_id == loan.contract_id and one.id in held for one in found)


def proofs_of(uow: UnitOfWork, case: Case, package: Package) -> list[tuple[Proof, list[str]]]:
    """Return what must be proven with the labels of the exhibits that prove it."""
    found = case_loans.loans_of(uow, case)
    needs = set(securities_of(*found))
    today = uow.clock.today()
    if any(loan.accelerated_on is not None or loan.due_on > today for loan in found):
        needs.add("acceleration")
    if case.facts.get("claims.costs.detail"):
        needs.add("costs")
    return [
        (
            proof,
            [
                f"证据{number}"
                for number, item in enumerate(package.items, 1)
                if item.checklist_key in proof.keys
            ],
        )
        for proof in proofs(frozenset(needs), package.kind)
    ]


def choices(uow: UnitOfWork, case: Case, package: Package) -> list[DocumentRow]:
    """Return the documents of the loan files, those that are no exhibit yet first.

    One scan may give two exhibits: a document may be taken again, with other pages.
    """
    taken = {item.document_id for item in package.items}
    rows = case_loans.papers_of(uow, case)
    return sorted(rows, key=lambda row: row.id in taken)


def versions_of(uow: UnitOfWork, package: Package) -> list[VersionRow]:
    """Return the frozen sets, newest first."""
    wanted = {
        number
        for version in package.versions
        for row in version.content.get("exhibits", ())
        if isinstance(number := row.get("document_id"), int)
    }
    query = select(Document.id, Document.sha256).where(Document.id.in_(wanted))
    now = {row.id: row.sha256 for row in uow.session.execute(query)}
    return [_version(row, now) for row in reversed(package.versions)]


def get_version(package: Package | None, no: int) -> PackageVersion:
    """Return one frozen set.

    Raises:
        VersionNotFoundError: the package was never frozen with this number.
    """
    for row in package.versions if package else ():
        if row.no == no:
            return row
    raise VersionNotFoundError(no=no)


def source_of(uow: UnitOfWork, case: Case) -> Source:
    """Return everything the papers of a case are written from, as of today."""
    today = uow.clock.today()
    day = cut_off_of(case, today)
    sued = tuple(
        claims.Sued(loan=loan, claim=claims.claim_of(loan, day))
        for loan in case_loans.loans_of(uow, case)
    )
    return Source(
        case=case,
        loan=sued[0].loan,
        lender=lenders.lender_of(uow, case.branch_id),
        claim=claims.joint(sued),
        sued=sued,
        parties=tuple(cases.parties_of(uow, case)),
        measures=tuple(preservation.measures(uow, case_id=case.id)),
        day=today,
        facts={str(key): str(text) for key, text in case.facts.items()},
    )


def cut_off_of(case: Case, today: date) -> date:
    """Return the day up to which interest is claimed, as a person has fixed it, else today."""
    with suppress(RuleError):
        text = str(case.facts.get(CUT_OFF) or "")
        return read_date(text) if text else today
    return today


def _exhibit(number: int, item: PackageItem, document: Document) -> ExhibitRow:
    warning = ""
    if document.state in UNSHOWN:
        warning = document.message or document.state
    elif item.last_page and document.page_count and item.last_page > document.page_count:
        warning = f"页码范围超出文件页数（共 {document.page_count} 页）"
    elif not item.purpose:
        warning = "没有填写证明目的"
    checklist = BY_KEY.get(item.checklist_key)
    return ExhibitRow(
        id=item.id,
        label=f"证据{number}",
        title=item.title,
        purpose=item.purpose,
        group=checklist.group if checklist else "",
        document_id=document.id,
        document_title=document.title,
        item_code=document.item_code,
        pages=document.page_count,
        first_page=item.first_page,
        last_page=item.last_page,
        range_reason=item.range_reason,
        original=item.original,
        warning=warning,
        drawn=document.state not in UNSHOWN and document.media_type != UNREAD,
    )


def _version(row: PackageVersion, now: Mapping[int, str]) -> VersionRow:
    return VersionRow(
        no=row.no,
        sha256=row.sha256,
        size=row.size,
        pages=row.pages,
        frozen_by=row.frozen_by,
        frozen_at=row.frozen_at,
        problems=tuple(map(str, row.content.get("problems", ()))),
        differences=tuple(map(str, row.content.get("differences", ()))),
        replaced=replaced(row.content, now),
    )
