"""Barcodes that cut a pile and file its pieces by themselves; a person can take it back."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import select

from postloan_archive.access import branches
from postloan_archive.archive.cutting import editing
from postloan_archive.archive.models import IntakeBatch, IntakeFile
from postloan_archive.archive.pieces.models import WaitingPage
from postloan_archive.archive.rules.filing import UNSORTED
from postloan_archive.archive.rules.items import ITEMS
from postloan_archive.archive.rules.leaves import Leaf
from postloan_archive.archive.rules.separators import Seen, Target, plan, read_code
from postloan_archive.kernel.actor import Actor
from postloan_archive.loans.headings import headings
from postloan_archive.uow import UnitOfWork

FILE: Final = "file_decided"  # the job that files a piece of which a barcode has decided
BARCODE: Final = "barcode"


@dataclass(frozen=True, slots=True, kw_only=True)
class Slips:
    """Codes of papers that another capability has printed, such as return slips of letters.

    Attributes:
        find: the targets of those of the codes that the actor's loan files know.
        filed: called with the code and the document it became.
        unfiled: called before the document is taken out again.
    """

    find: Callable[[UnitOfWork, Iterable[str]], Mapping[str, Target]]
    filed: Callable[[UnitOfWork, str, int], None]
    unfiled: Callable[[UnitOfWork, int], None]


def sender_of(uow: UnitOfWork, row: IntakeFile) -> Actor:
    """Return who sent the file, with the rights of the branch in whose inbox it waits.

    A file that waits in no branch's inbox came from somebody without a branch: it sees nothing.
    """
    batch = uow.session.get_one(IntakeBatch, row.batch_id)
    ids: frozenset[int] = frozenset()
    if row.branch_id is not None:
        ids = branches.with_descendants(uow.session, [row.branch_id])
    return Actor(name=batch.opened_by, origin="job", branch_ids=ids, categories=None)


def cut_by_codes(uow: UnitOfWork, row: IntakeFile, known: Mapping[str, Target]) -> int:
    """Cut the file where its barcodes say so; put in the jobs that file what they decide.

    Returns:
        How many pieces there are; 0 where no barcode says anything.
    """
    pages = uow.session.scalars(
        select(WaitingPage).where(WaitingPage.file_id == row.id).order_by(WaitingPage.no)
    ).all()
    seen = [Seen(no=page.no, blank=page.blank, codes=tuple(page.codes)) for page in pages]
    planned = plan(seen, known)
    if not planned:
        return 0
    groups = [[Leaf(row.id, no) for no in piece.pages] for piece in planned]
    rows = editing.cut_into(uow, row, groups, by=sender_of(uow, row).name)
    for piece, one in zip(planned, rows, strict=True):
        if piece.target is not None:
            target = piece.target
            uow.enqueue(
                FILE, one.id, piece.code, target.loan_no, target.item_code, target.title
            )
    return len(rows)


def targets(uow: UnitOfWork, codes: Sequence[str], slips: Sequence[Slips]) -> dict[str, Target]:
    """Return where the codes lead, among the loan files that the actor of `uow` may see."""
    found: dict[str, Target] = {}
    sheets = {code: sheet for code in codes if (sheet := read_code(code)) is not None}
    seen = headings(uow, {sheet.loan_no for sheet in sheets.values() if sheet.loan_no})
    for code, sheet in sheets.items():
        if sheet.loan_no in seen:
            item = sheet.item_code if sheet.item_code in ITEMS else UNSORTED
            found[code] = Target(loan_no=sheet.loan_no, item_code=item)
    for one in slips:
        found |= one.find(uow, [code for code in codes if code not in sheets])
    return found


def release(uow: UnitOfWork, row: IntakeFile, slips: Sequence[Slips]) -> None:
    """Let go of a document that a barcode filed, before it is taken out again."""
    if row.decided_by.startswith(BARCODE) and row.document_id is not None:
        for one in slips:
            one.unfiled(uow, row.document_id)
