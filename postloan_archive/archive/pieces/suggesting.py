"""What a waiting piece may be and where it may belong, with the evidence; a person decides."""

import threading
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import select

from postloan_archive.archive.models import IntakeFile
from postloan_archive.archive.pieces.models import FilingRule, WaitingPage
from postloan_archive.archive.rules import leaves as cuts
from postloan_archive.archive.rules.clues import Clues, Known, Other
from postloan_archive.archive.rules.filing import UNSORTED, guess_item, title_word
from postloan_archive.archive.rules.leaves import Leaf
from postloan_archive.archive.rules.plain_text import plain
from postloan_archive.kernel.errors import _l
from postloan_archive.loans.headings import identities, state_of_identities
from postloan_archive.uow import UnitOfWork

LOOKED_AT: Final = 3  # pages of a piece that are searched for numbers and names
OFFERED: Final = 10  # loans that are kept as candidates
EXCERPT: Final = 2_000  # characters that are kept of it
HEADING: Final = 120  # characters in which the kind of a paper is looked for
FRESH_S: Final = 60.0  # how long the numbers of all loans are good for
BRANCHES: Final = 4  # branches whose numbers are kept in memory
BY_RULE: Final = _l("归档规则：标题含“{words}”（第 {page} 页）")
BY_TITLE: Final = _l("标题含“{words}”（第 {page} 页）")
BY_NAME: Final = _l("文件名含“{words}”")

OtherNumbers = Callable[[UnitOfWork, int | None], Iterable[Other]]
"""Returns the numbers that a capability gave to the loans of a branch; None: of all."""

_others: tuple[OtherNumbers, ...] = ()
_kept: dict[tuple[object, ...], tuple[float, Clues]] = {}
_lock: Final = threading.Lock()


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemOffer:
    """An item that a piece may be, and why."""

    code: str
    reason: str = ""
    rule_id: int | None = None


def look_also_for(*numbers: OtherNumbers) -> None:
    """Let numbers of capabilities above the archive lead to loan files as well.

    Pages and workers name them once, when they start.
    """
    global _others  # noqa: PLW0603 - what a process is made of, as `_kept` is what it knows
    _others = numbers


def leaves_of(row: IntakeFile) -> tuple[Leaf, ...]:
    """Return the pages of the piece, all of the file where nothing was cut."""
    return cuts.read(row.leaves) if row.leaves else cuts.whole(row.id, row.page_count)


def clues_of(uow: UnitOfWork, branch_id: int | None) -> Clues:
    """Return the numbers and names of the loans of a branch; a minute old at most."""
    key = (str(uow.engine.url), branch_id, *state_of_identities(uow))
    now = time.monotonic()
    with _lock:
        kept = _kept.get(key)
        if kept is not None and now - kept[0] < FRESH_S:
            return kept[1]
    others = [one for numbers in _others for one in numbers(uow, branch_id)]
    clues = Clues((Known(*one) for one in identities(uow, branch_id)), others)
    with _lock:
        while len(_kept) >= BRANCHES:
            _kept.pop(next(iter(_kept)))
        _kept[key] = (now, clues)
    return clues


def suggest(uow: UnitOfWork, row: IntakeFile, clues: Clues) -> None:
    """Put excerpt, loans and item that the pages of the piece speak of into its row."""
    pages = texts_of(uow, leaves_of(row)[:LOOKED_AT])
    words = "\n".join(text for _, text in pages)
    found = clues.find(row.name if row.parent_id is None else "", pages)[:OFFERED]
    row.excerpt = words[:EXCERPT]
    row.candidates = [[one.loan_no, one.score, list(one.reasons)] for one in found]
    offer = item_of(uow, row, pages)
    if row.item_code in {"", UNSORTED} or row.parent_id is not None:
        row.item_code = offer.code


def item_of(
    uow: UnitOfWork, row: IntakeFile, pages: Sequence[tuple[int, str]] | None = None
) -> ItemOffer:
    """Return what the title of the first page says, rules that were learned first."""
    if pages is None:
        pages = texts_of(uow, leaves_of(row)[:1]) or [(1, row.excerpt)]
    page, text = next(((no, text) for no, text in pages if text.strip()), (1, ""))
    heading = plain(text[:HEADING])
    rules = uow.session.scalars(
        select(FilingRule).where(FilingRule.active.is_(True)).order_by(FilingRule.id)
    )
    fitting = [rule for rule in rules if plain(rule.words) in heading]
    if fitting:
        best = max(fitting, key=lambda rule: (len(rule.words), rule.id))
        return ItemOffer(
            code=best.item_code,
            reason=BY_RULE.format(words=best.words, page=page),
            rule_id=best.id,
        )
    if row.parent_id is None and guess_item(row.name) != UNSORTED:
        return ItemOffer(
            code=guess_item(row.name), reason=BY_NAME.format(words=title_word(row.name))
        )
    code = guess_item(text[:HEADING])
    reason = BY_TITLE.format(words=title_word(text[:HEADING]), page=page)
    return ItemOffer(code=code, reason=reason if code != UNSORTED else "")


def texts_of(uow: UnitOfWork, leaves: Sequence[Leaf]) -> list[tuple[int, str]]:
    """Return the texts of leaves, numbered from 1 within the piece."""
    rows = uow.session.execute(
        select(WaitingPage.file_id, WaitingPage.no, WaitingPage.text).where(
            WaitingPage.file_id.in_({leaf.file for leaf in leaves})
        )
    )
    known = {(row.file_id, row.no): row.text for row in rows}
    return [
        (place, known[leaf.key])
        for place, leaf in enumerate(leaves, start=1)
        if leaf.key in known
    ]
