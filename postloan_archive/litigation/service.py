"""What a user does with a package: propose exhibits, arrange them, hand them to the worker."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from postloan_archive.archive import queries as archive
from postloan_archive.archive.queries import DocumentRow
from postloan_archive.cases import case_loans
from postloan_archive.cases import queries as cases
from postloan_archive.cases.models import Case
from postloan_archive.jobs import Job
from postloan_archive.litigation import queries
from postloan_archive.litigation.errors import (
    BadRangeError,
    ExhibitNotFoundError,
    ForeignDocumentError,
    StaleOrderError,
    VolumeSizeError,
)
from postloan_archive.litigation.models import Package, PackageItem
from postloan_archive.litigation.proving import Proposal, proposals
from postloan_archive.litigation.rules.catalogue import CODES
from postloan_archive.litigation.rules.exhibits import CHECKLIST, ChecklistItem
from postloan_archive.uow import UnitOfWork

LARGEST_VOLUME: Final = 2_000  # MiB


@dataclass(frozen=True, slots=True, kw_only=True)
class DescribeExhibit:
    """New words and range of one exhibit; pages from 1, both inclusive, None: all."""

    case_no: str
    item_id: int
    title: str
    purpose: str
    first_page: int | None = None
    last_page: int | None = None
    original: bool = False


def open_package(uow: UnitOfWork, case_no: str) -> Package:
    """Return the working set of the case; the first time it is proposed by the checklist.

    Raises:
        CaseNotFoundError: no such case for this actor.
    """
    case = cases.get_case(uow, case_no)
    package = queries.package_of(uow, case)
    if package is not None:
        return package
    package = Package(
        case_id=case.id, created_by=uow.actor.name, created_at=uow.clock.now(), items=[]
    )
    for one in _proposals(uow, case):
        item = _item(package, one.document, one.checklist)
        item.purpose = one.purpose
        package.items.append(item)
    uow.session.add(package)
    uow.session.flush()  # the audit line needs the id
    uow.record(
        "litigation.package_proposed",
        f"case:{case.id}",
        case_no=case.case_no,
        exhibits=len(package.items),
    )
    return package


def add_exhibit(uow: UnitOfWork, case_no: str, document_id: int) -> PackageItem:
    """Put one more document of the loan files at the end.

    Raises:
        CaseNotFoundError, DocumentNotFoundError: not for this actor.
        ForeignDocumentError: it belongs to another loan file.
    """
    package = open_package(uow, case_no)
    case = cases.get_case(uow, case_no)
    document = archive.get_document(uow, document_id)
    if document.loan_id not in case.loan_ids:
        raise ForeignDocumentError(document_id=document_id)
    row = next(one for one in case_loans.papers_of(uow, case) if one.id == document_id)
    checklist = next((one for one in CHECKLIST if row.item_code in one.codes), None)
    item = _item(package, row, checklist)
    package.items.append(item)
    uow.session.flush()  # the audit line needs the id
    uow.record("litigation.exhibit_added", f"case:{case.id}", document_id=document_id)
    return item


def describe_exhibit(uow: UnitOfWork, cmd: DescribeExhibit) -> PackageItem:
    """Change title, purpose, range or form of an exhibit.

    Raises:
        ExhibitNotFoundError: the package has no such exhibit.
        BadRangeError: the range is no range.
    """
    package = open_package(uow, cmd.case_no)
    item = _get(package, cmd.item_id)
    first, last = cmd.first_page, cmd.last_page
    if (first is None) != (last is None) or (
        first is not None and last is not None and not 1 <= first <= last
    ):
        raise BadRangeError(first=first, last=last)
    item.title = cmd.title.strip() or item.title
    item.purpose = cmd.purpose.strip()
    item.first_page, item.last_page = first, last
    item.original = cmd.original
    uow.record(
        "litigation.exhibit_described",
        f"case:{package.case_id}",
        item=item.id,
        title=item.title,
        pages=[first, last],
    )
    return item


def remove_exhibit(uow: UnitOfWork, case_no: str, item_id: int) -> None:
    """Take one exhibit out; the document stays in the loan file.

    Raises:
        ExhibitNotFoundError: the package has no such exhibit.
    """
    package = open_package(uow, case_no)
    item = _get(package, item_id)
    package.items.remove(item)
    _renumber(package.items)
    uow.record(
        "litigation.exhibit_removed",
        f"case:{package.case_id}",
        item=item_id,
        document_id=item.document_id,
    )


def reorder(uow: UnitOfWork, case_no: str, item_ids: Iterable[int]) -> None:
    """Put the exhibits in the order given.

    Raises:
        StaleOrderError: the ids are not those of the package.
    """
    package = open_package(uow, case_no)
    order = list(item_ids)
    by_id = {item.id: item for item in package.items}
    if sorted(order) != sorted(by_id):
        raise StaleOrderError
    _renumber([by_id[one] for one in order])
    uow.session.flush()  # the list is read again in its new order
    uow.session.expire(package, ["items"])
    uow.record("litigation.exhibits_reordered", f"case:{package.case_id}", order=order)


def move(uow: UnitOfWork, case_no: str, item_id: int, step: int) -> None:
    """Move one exhibit up (-1) or down (+1); at the end nothing happens.

    Raises:
        ExhibitNotFoundError: the package has no such exhibit.
    """
    package = open_package(uow, case_no)
    order = [item.id for item in package.items]
    place = order.index(_get(package, item_id).id)
    target = place + step
    if 0 <= target < len(order):
        order[place], order[target] = order[target], order[place]
        reorder(uow, case_no, order)


def propose_more(uow: UnitOfWork, case_no: str) -> int:
    """Add what the checklist and the clocks propose by now and the package does not hold.

    Raises:
        CaseNotFoundError: no such case for this actor.
    """
    package = open_package(uow, case_no)
    case = cases.get_case(uow, case_no)
    held = {item.document_id for item in package.items}
    added = []
    for one in _proposals(uow, case):
        if one.document.id not in held:
            item = _item(package, one.document, one.checklist)
            item.purpose = one.purpose
            package.items.append(item)
            added.append(one.document.id)
    uow.record("litigation.exhibits_proposed", f"case:{case.id}", documents=added)
    return len(added)


def sort_exhibits(uow: UnitOfWork, case_no: str, by: str) -> None:
    """Put the exhibits in the order of the checklist, of their days or of their item codes.

    A paper without a day stands at the end of its group.

    Raises:
        CaseNotFoundError: no such case for this actor.
    """
    package = open_package(uow, case_no)
    rank = {item.key: no for no, item in enumerate(CHECKLIST)}
    papers = {item.id: archive.get_document(uow, item.document_id) for item in package.items}

    def key(item: PackageItem) -> tuple[object, ...]:
        paper = papers[item.id]
        day = paper.doc_date or date.max
        if by == "date":
            return (day, paper.piece_no)
        if by == "code":
            return (paper.item_code, paper.piece_no)
        return (rank.get(item.checklist_key, len(rank)), day, paper.piece_no)

    reorder(uow, case_no, [item.id for item in sorted(package.items, key=key)])


def arrange(
    uow: UnitOfWork, case_no: str, *, volume_mb: int | None, papers: Sequence[str]
) -> Package:
    """Keep the largest file that the court takes, and which papers go in.

    Raises:
        CaseNotFoundError: no such case for this actor.
        VolumeSizeError: no size that a court would name.
    """
    if volume_mb is not None and not 1 <= volume_mb <= LARGEST_VOLUME:
        raise VolumeSizeError(size=volume_mb, most=LARGEST_VOLUME)
    package = open_package(uow, case_no)
    package.volume_mb = volume_mb
    package.papers = [code for code in CODES if code in papers]
    uow.record(
        "litigation.package_arranged",
        f"case:{package.case_id}",
        volume_mb=volume_mb,
        papers=package.papers,
    )
    return package


def start_build(uow: UnitOfWork, case_no: str) -> Job:
    """Hand the package to a worker, which freezes it.

    Raises:
        CaseNotFoundError: no such case for this actor.
    """
    package = open_package(uow, case_no)
    job = uow.enqueue("build_package", case_no, uow.actor.name)
    uow.record("litigation.build_started", f"case:{package.case_id}", case_no=case_no)
    return job


def _proposals(uow: UnitOfWork, case: Case) -> list[Proposal]:
    """Return what is proposed for each loan, in the order of the checklist.

    With several loans the title says of which loan a paper is.
    """
    found = [
        (loan, one)
        for loan in case_loans.loans_of(uow, case)
        for one in proposals(uow, loan, queries.securities_of(loan))
    ]
    if len(case.loan_ids) == 1:
        return [one for _loan, one in found]
    rank = {item.key: no for no, item in enumerate(CHECKLIST)}
    named = [
        replace(
            one,
            document=replace(one.document, title=f"{one.document.title}（{loan.loan_no}）"),
        )
        for loan, one in found
    ]
    return sorted(named, key=lambda one: rank[one.checklist.key])


def _item(
    package: Package, document: DocumentRow, checklist: ChecklistItem | None
) -> PackageItem:
    return PackageItem(
        position=len(package.items) + 1,
        checklist_key=checklist.key if checklist else "",
        document_id=document.id,
        title=document.title,
        purpose=checklist.purpose if checklist else "",
        original=document.form == "original",
    )


def _get(package: Package, item_id: int) -> PackageItem:
    for item in package.items:
        if item.id == item_id:
            return item
    raise ExhibitNotFoundError(item_id=item_id)


def _renumber(items: list[PackageItem]) -> None:
    for position, item in enumerate(items, 1):
        item.position = position
