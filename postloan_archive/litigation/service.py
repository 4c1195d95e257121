"""What a user does with a package: propose exhibits, arrange them, hand them to the worker."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import PurePath
from typing import Final, Protocol

from postloan_archive.archive import queries as archive
from postloan_archive.archive.queries import DocumentRow
from postloan_archive.cases import case_loans
from postloan_archive.cases import queries as cases
from postloan_archive.jobs import Job
from postloan_archive.litigation import queries
from postloan_archive.litigation.errors import (
    BadRangeError,
    ExhibitNotFoundError,
    ForeignDocumentError,
    RangeBeyondError,
    SamePagesError,
    StaleOrderError,
    VolumeSizeError,
)
from postloan_archive.litigation.models import Package, PackageItem
from postloan_archive.litigation.proving import Proposal, case_proposals
from postloan_archive.litigation.rules.catalogue import CODES, package_kind
from postloan_archive.litigation.rules.exhibits import (
    BY_KEY,
    CHECKLISTS,
    ChecklistItem,
    line_of,
)
from postloan_archive.uow import UnitOfWork

LARGEST_VOLUME: Final = 2_000  # MiB
PAGED: Final = frozenset(  # endings of files whose pages are counted and bound one by one
    {".pdf", ".jpg", ".jpeg", ".png", ".tif", ".tiff", ".bmp", ".gif", ".webp"}
)


class PagedDocument(Protocol):
    """What a range is checked against."""

    @property
    def filename(self) -> str:
        """Return the name of the file."""
        ...

    @property
    def page_count(self) -> int:
        """Return its pages, 0 where they were not counted."""
        ...


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


@dataclass(frozen=True, slots=True, kw_only=True)
class AddExhibit:
    """One more exhibit: a document of the loan file, or some of its pages.

    Attributes:
        pages: first and last page, from 1, both inclusive; None: all.
        title: name of the exhibit, that of the document if empty.
        key: line of the checklist that it answers, by the item of the document if empty.
        reason: why these pages, Chinese; empty where a person has chosen them.
    """

    case_no: str
    document_id: int
    pages: tuple[int, int] | None = None
    title: str = ""
    key: str = ""
    reason: str = ""


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
        case_id=case.id,
        kind=package_kind(case.stage),
        created_by=uow.actor.name,
        created_at=uow.clock.now(),
        items=[],
    )
    for one in case_proposals(uow, case, package.kind):
        package.items.append(_proposed(package, one))
    uow.session.add(package)
    uow.session.flush()  # the audit line needs the id
    uow.record(
        "litigation.package_proposed",
        f"case:{case.id}",
        case_no=case.case_no,
        exhibits=len(package.items),
    )
    return package


def add_exhibit(uow: UnitOfWork, cmd: AddExhibit) -> PackageItem:
    """Put one more document of the loan files, or some pages of it, at the end.

    Raises:
        CaseNotFoundError, DocumentNotFoundError: not for this actor.
        ForeignDocumentError: it belongs to another loan file.
        BadRangeError, RangeBeyondError: there are no such pages.
        SamePagesError: some pages that were asked for are an exhibit already.
    """
    package = open_package(uow, cmd.case_no)
    case = cases.get_case(uow, cmd.case_no)
    document_id = cmd.document_id
    document = archive.get_document(uow, document_id)
    if document.loan_id not in case.loan_ids:
        raise ForeignDocumentError(document_id=document_id)
    row = next(one for one in case_loans.papers_of(uow, case) if one.id == document_id)
    first, last = cmd.pages or (None, None)
    check_range(first, last, row)
    for held in package.items if cmd.pages else ():
        if held.document_id == document_id and (held.first_page, held.last_page) == cmd.pages:
            raise SamePagesError(title=held.title)
    checklist = BY_KEY.get(cmd.key) or line_of(row.item_code, row.title, package.kind)
    item = _item(package, row, checklist)
    item.title = cmd.title.strip() or item.title
    item.first_page, item.last_page, item.range_reason = first, last, cmd.reason
    package.items.append(item)
    uow.session.flush()  # the audit line needs the id
    uow.record(
        "litigation.exhibit_added",
        f"case:{case.id}",
        document_id=document_id,
        pages=[first, last],
    )
    return item


def describe_exhibit(uow: UnitOfWork, cmd: DescribeExhibit) -> PackageItem:
    """Change title, purpose, range or form of an exhibit.

    Raises:
        ExhibitNotFoundError: the package has no such exhibit.
        BadRangeError: the range is no range.
        RangeBeyondError: the file has no such pages.
    """
    package = open_package(uow, cmd.case_no)
    item = _get(package, cmd.item_id)
    first, last = cmd.first_page, cmd.last_page
    check_range(first, last, archive.get_document(uow, item.document_id))
    if (item.first_page, item.last_page) != (first, last):
        item.range_reason = ""  # a person has chosen other pages
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
    for one in case_proposals(uow, case, package.kind):
        if one.document.id not in held:
            package.items.append(_proposed(package, one))
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
    rank = {item.key: no for no, item in enumerate(CHECKLISTS[package.kind])}
    papers = {item.id: archive.get_document(uow, item.document_id) for item in package.items}

    def key(item: PackageItem) -> tuple[object, ...]:
        paper = papers[item.id]
        day = paper.doc_date or date.max
        place = (paper.piece_no, item.first_page or 0)
        if by == "date":
            return (day, *place)
        if by == "code":
            return (paper.item_code, *place)
        return (rank.get(item.checklist_key, len(rank)), day, *place)

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


def check_range(first: int | None, last: int | None, document: PagedDocument) -> None:
    """Refuse pages that there cannot be; None and None stand for all of them.

    How many pages a Word or Excel file, a mail or a text has is known only once it is printed.

    Raises:
        BadRangeError: the range is no range.
        RangeBeyondError: the file has fewer pages.
    """
    if first is None and last is None:
        return
    if first is None or last is None or not 1 <= first <= last:
        raise BadRangeError(first=first, last=last)
    fixed = PurePath(document.filename).suffix.lower() in PAGED
    if fixed and document.page_count and last > document.page_count:
        raise RangeBeyondError(first=first, last=last, pages=document.page_count)


def _proposed(package: Package, one: Proposal) -> PackageItem:
    item = _item(package, one.document, one.checklist)
    item.title, item.purpose = one.title, one.purpose
    if one.part is not None:
        item.first_page, item.last_page = one.part.first, one.part.last
        item.range_reason = one.part.reason
    return item


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
