"""One scan, several exhibits: the papers found inside it, taken one by one."""

from collections.abc import Sequence
from dataclasses import dataclass

from postloan_archive.archive import queries as archive
from postloan_archive.cases import queries as cases
from postloan_archive.cases.models import Case
from postloan_archive.litigation import queries, scans, service
from postloan_archive.litigation.errors import PartNotFoundError
from postloan_archive.litigation.models import PackageItem
from postloan_archive.litigation.queries import ExhibitRow
from postloan_archive.litigation.rules.exhibits import BY_KEY
from postloan_archive.litigation.rules.page_parts import Part
from postloan_archive.litigation.service import AddExhibit
from postloan_archive.loans import queries as loans
from postloan_archive.uow import UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class PartRow:
    """One paper inside the scan of an exhibit, as the builder shows it.

    `line` names the line of the checklist it answers, or is empty; `label` is the exhibit that
    takes just these pages, or empty.
    """

    no: int
    part: Part
    line: str
    label: str
    here: bool


def parts_of_exhibit(uow: UnitOfWork, case: Case, exhibit: ExhibitRow) -> list[PartRow]:
    """Return the papers found inside the document of an exhibit; none where it is one."""
    package = queries.package_of(uow, case)
    if package is None:
        return []
    taken = {
        (one.document_id, one.first_page, one.last_page): one
        for one in queries.exhibits_of(uow, package)
    }
    rows = []
    for no, (part, key) in enumerate(
        _keyed(uow, case, exhibit.document_id, package.kind), start=1
    ):
        by = taken.get((exhibit.document_id, part.first, part.last))
        rows.append(
            PartRow(
                no=no,
                part=part,
                line=BY_KEY[key].title if key else "",
                label=by.label if by else "",
                here=by is not None and by.id == exhibit.id,
            )
        )
    return rows


def add_part(uow: UnitOfWork, case_no: str, document_id: int, no: int) -> PackageItem:
    """Make a paper inside a document an exhibit of its own.

    Raises:
        CaseNotFoundError, DocumentNotFoundError: not for this actor.
        PartNotFoundError: the document holds no such paper.
        ForeignDocumentError: it belongs to another loan file.
        SamePagesError: it is an exhibit already.
    """
    case = cases.get_case(uow, case_no)
    archive.get_document(uow, document_id)
    package = service.open_package(uow, case_no)
    part, key = _get(_keyed(uow, case, document_id, package.kind), no)
    return service.add_exhibit(
        uow,
        AddExhibit(
            case_no=case_no,
            document_id=document_id,
            pages=(part.first, part.last),
            title=part.title,
            key=key,
            reason=part.reason,
        ),
    )


def take_part(uow: UnitOfWork, case_no: str, item_id: int, no: int) -> PackageItem:
    """Take only the pages of one paper inside the scan of an exhibit.

    Raises:
        CaseNotFoundError, ExhibitNotFoundError: not for this actor.
        PartNotFoundError: the document holds no such paper.
    """
    case = cases.get_case(uow, case_no)
    exhibit = queries.exhibit_of(uow, case, item_id)
    package = service.open_package(uow, case_no)
    part, key = _get(_keyed(uow, case, exhibit.document_id, package.kind), no)
    item = next(one for one in package.items if one.id == item_id)
    item.first_page, item.last_page, item.range_reason = part.first, part.last, part.reason
    item.title = part.title or item.title
    if key:
        item.checklist_key, item.purpose = key, BY_KEY[key].purpose
    uow.record(
        "litigation.exhibit_described",
        f"case:{case.id}",
        item=item.id,
        title=item.title,
        pages=[part.first, part.last],
    )
    return item


def _keyed(uow: UnitOfWork, case: Case, document_id: int, kind: str) -> list[tuple[Part, str]]:
    loan = loans.get_loan_by_id(uow, case.loan_id)
    document = archive.get_document(uow, document_id)
    return list(scans.keyed(uow, loan, document, kind))


def _get(found: Sequence[tuple[Part, str]], no: int) -> tuple[Part, str]:
    if not 1 <= no <= len(found):
        raise PartNotFoundError(no=no)
    return found[no - 1]
