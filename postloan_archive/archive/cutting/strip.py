"""The page strip: the pieces of a file side by side, with cuts and what was left out."""

from dataclasses import dataclass
from typing import Final

from sqlalchemy import select

from postloan_archive.archive import inbox_list
from postloan_archive.archive.cutting import editing
from postloan_archive.archive.models import IntakeFile
from postloan_archive.archive.pieces.models import WaitingPage
from postloan_archive.archive.pieces.suggesting import leaves_of
from postloan_archive.archive.rules.leaves import Leaf
from postloan_archive.reading import has_page_image
from postloan_archive.uow import UnitOfWork

AROUND: Final = 30  # pages of the present piece shown on either side of the present page
OTHERS: Final = 12  # pages of another piece that are shown


@dataclass(frozen=True, slots=True, kw_only=True)
class Thumb:
    """One page of the strip."""

    place: int  # within the piece
    leaf: Leaf
    note: str  # 空白, 分隔页, 条码
    blank: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PieceStrip:
    """One piece of the file."""

    id: int
    number: int  # from 1
    current: bool
    open: bool  # waits, so it can be changed
    pages: int
    thumbs: tuple[Thumb, ...]
    more: int  # pages not shown


@dataclass(frozen=True, slots=True, kw_only=True)
class Strip:
    """All of a file: its pieces, what was left out, and what can be done now."""

    pieces: tuple[PieceStrip, ...]
    out: tuple[Thumb, ...]
    sheet: Leaf | None  # the page to show large
    blanks: int  # blank pages of the present piece
    can_edit: bool
    codes: tuple[str, ...]  # barcodes of the page shown

    @property
    def total(self) -> int:
        """Return how many pages the pieces have."""
        return sum(piece.pages for piece in self.pieces)


def strip_of(uow: UnitOfWork, file_id: int, sheet: int) -> Strip | None:
    """Return the strip of a waiting file; None where it has no page images or is filed.

    Raises:
        IntakeFileNotFoundError: no such file for this actor.
    """
    row = inbox_list.get_file(uow, file_id)
    leaves = leaves_of(row)
    if row.document_id is not None or not leaves or not has_page_image(row.media_type):
        return None
    pieces = editing.family(uow, row)
    out = editing.left_out(uow, row)
    facts = _facts(uow, {leaf.file for one in pieces for leaf in leaves_of(one)})
    shown = tuple(
        _piece(one, number, row, sheet, facts) for number, one in enumerate(pieces, start=1)
    )
    leaf = leaves[min(max(sheet, 1), len(leaves)) - 1]
    here = facts.get(leaf.key)
    return Strip(
        pieces=shown,
        out=tuple(_thumb(0, one, facts) for one in out[: 2 * AROUND]),
        sheet=leaf,
        blanks=sum(1 for one in leaves if one.key in facts and facts[one.key].blank),
        can_edit=row.handled_at is None,
        codes=tuple(here.codes) if here is not None else (),
    )


def _piece(
    one: IntakeFile,
    number: int,
    row: IntakeFile,
    sheet: int,
    facts: dict[tuple[int, int], WaitingPage],
) -> PieceStrip:
    leaves = leaves_of(one)
    current = one.id == row.id
    first, last = 0, OTHERS
    if current:
        first, last = max(0, sheet - AROUND), sheet + AROUND
    thumbs = tuple(
        _thumb(place, leaf, facts)
        for place, leaf in enumerate(leaves, start=1)
        if first < place <= last or (not current and place <= last)
    )
    return PieceStrip(
        id=one.id,
        number=number,
        current=current,
        open=one.handled_at is None,
        pages=len(leaves),
        thumbs=thumbs,
        more=len(leaves) - len(thumbs),
    )


def _thumb(place: int, leaf: Leaf, facts: dict[tuple[int, int], WaitingPage]) -> Thumb:
    page = facts.get(leaf.key)
    note = ""
    if page is not None and page.blank:
        note = "空白"
    elif page is not None and page.codes:
        note = "条码"
    return Thumb(place=place, leaf=leaf, note=note, blank=bool(page and page.blank))


def _facts(uow: UnitOfWork, files: set[int]) -> dict[tuple[int, int], WaitingPage]:
    rows = uow.session.scalars(select(WaitingPage).where(WaitingPage.file_id.in_(files)))
    return {(row.file_id, row.no): row for row in rows}
