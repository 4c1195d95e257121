"""One page beside a list of hits: its image with the words marked, or its text."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

from postloan_archive.archive import finding, queries
from postloan_archive.archive.finding import Find
from postloan_archive.archive.hit_groups import category_name
from postloan_archive.archive.models import Document, Page
from postloan_archive.reading import has_page_image
from postloan_archive.uow import UnitOfWork

A4: Final = (595.0, 842.0)  # points; for pages whose size is not known
WIDE_FROM: Final = "\u2e80"  # characters from here on take the width of two Latin ones

Mark = tuple[int, int]
Rect = tuple[float, float, float, float, bool]  # x, y, width, height, first


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownPage:
    """A page to look at.

    Attributes:
        rects: where the words stand, in units of `width` and `height`; empty where the
            positions are not known.
        marks: `[start, end)` in `text`.
        others: numbers of the other pages of the document that answer.
    """

    document_id: int
    loan_no: str
    piece_no: int
    title: str
    item_code: str
    category: str
    sha256: str
    day: date | None
    no: int
    pages: int
    image: bool
    width: float
    height: float
    text: str
    marks: tuple[Mark, ...]
    rects: tuple[Rect, ...]
    others: tuple[int, ...]


def of_page(uow: UnitOfWork, cmd: Find, document_id: int, no: int) -> ShownPage:
    """Return the page with the words of the query marked.

    Where it is shown as text, this is a view and recorded; an image records itself.

    Raises:
        DocumentNotFoundError: no such document for this actor.
        NoSuchPageError: the document has no page with this number.
    """
    document = queries.get_document(uow, document_id)
    page = queries.get_page(uow, document, no)
    marks: tuple[Mark, ...] = ()
    others: list[int] = []
    for hit in finding.of_document(uow, cmd, document_id):
        if hit.page_no == no:
            marks = hit.page_marks
        else:
            others.append(hit.page_no)
    loan_no = queries.loan_no_of(uow, document)
    shown = shown_page(document, page, loan_no, marks)
    if not shown.image:
        uow.record(
            "archive.page_viewed", f"document:{document.id}", page=no, sha256=document.sha256
        )
    return replace(shown, others=tuple(sorted(others)))


def shown_page(
    document: Document, page: Page, loan_no: str, marks: tuple[Mark, ...] = ()
) -> ShownPage:
    """Return the page as it is shown."""
    width, height = (page.width, page.height) if page.width and page.height else A4
    return ShownPage(
        document_id=document.id,
        loan_no=loan_no,
        piece_no=document.piece_no,
        title=document.title,
        item_code=document.item_code,
        category=category_name(document.item_code[:2]),
        sha256=document.sha256,
        day=document.doc_date,
        no=page.no,
        pages=document.page_count,
        image=has_page_image(document.media_type),
        width=width,
        height=height,
        text=page.text,
        marks=marks,
        rects=tuple(rects_of(page.text, page.boxes, marks, width, height)),
        others=(),
    )


def rects_of(
    text: str, boxes: Sequence[Any], marks: Sequence[Mark], width: float, height: float
) -> list[Rect]:
    """Return where the marked parts of a recognised page stand.

    Recognition knows the place of each line; a part of a line is measured by the width of its
    characters, a Han character counting as two Latin ones.

    Args:
        text: of the page; the lines of `boxes` follow one another in it.
        boxes: `[text, x0, y0, x1, y1]`, edges as fractions of the page.
        marks: `[start, end)` in `text`.
        width: of the page, in the unit of the result.
        height: likewise.
    """
    found: list[Rect] = []
    at = 0
    for line, x0, y0, x1, y1 in boxes:
        start = text.find(line, at)
        if start < 0:
            continue
        at = start + len(line)
        for first, last in marks:
            low, high = max(first, start) - start, min(last, at) - start
            if low >= high:
                continue
            whole = _breadth(line) or 1
            left = x0 + (x1 - x0) * _breadth(line[:low]) / whole
            right = x0 + (x1 - x0) * _breadth(line[:high]) / whole
            found.append(
                (
                    round(left * width, 1),
                    round(y0 * height, 1),
                    round((right - left) * width, 1),
                    round((y1 - y0) * height, 1),
                    not found,
                )
            )
    return found


def _breadth(text: str) -> int:
    return sum(2 if char >= WIDE_FROM else 1 for char in text)
