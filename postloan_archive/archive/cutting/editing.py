"""Cutting, joining, turning, moving, leaving out pages of what waits; each step has a way back.

The file as it came in stays what it is: these steps change lists of leaves only.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, Self

from sqlalchemy import or_, select

from postloan_archive.archive import inbox_list
from postloan_archive.archive.errors import (
    AlreadyHandledError,
    InLoanFileError,
    NotHandledError,
)
from postloan_archive.archive.models import IntakeFile
from postloan_archive.archive.pieces.models import InboxStep, WaitingPage
from postloan_archive.archive.pieces.suggesting import clues_of, leaves_of, suggest
from postloan_archive.archive.queries import ChangedMeanwhileError
from postloan_archive.archive.rules import leaves as cuts
from postloan_archive.archive.rules.leaves import Leaf
from postloan_archive.kernel.errors import RuleError, _l
from postloan_archive.reading import has_page_image
from postloan_archive.uow import UnitOfWork

RECOGNISE: Final = "recognise_piece"  # the job that reads the first page of a new piece
MERGED: Final = "merged"


class NotCuttableError(RuleError):
    """Only what has page images can be cut."""

    next_step = _l("Word、表格、邮件等请整件归档，或另存为 PDF 后上传。")

    def __init__(self, *, name: str) -> None:
        super().__init__(_l("“{name}”没有页面图像，不能拆分或合并。"), name=name)


class NoNeighbourError(RuleError):
    """There is nothing behind this piece to join it with."""

    def __init__(self) -> None:
        super().__init__(_l("后面没有可以合并的件。"))


class NothingBlankError(RuleError):
    """No page of the piece is blank."""

    def __init__(self) -> None:
        super().__init__(_l("本件没有空白页。"))


class ChangedSinceError(RuleError):
    """Somebody went on with the pieces after the step that is to be undone."""

    next_step = _l("请先撤销其后的操作。")

    def __init__(self) -> None:
        super().__init__(_l("其后又有改动，不能直接撤销。"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """One step: `kind` split, merge, turn, move, drop, blanks or restore; `place` from 1."""

    file_id: int
    version: int
    kind: str
    place: int = 0
    by: int = 0  # places for a move
    other: int = 0  # restore: the file of the page


def edit(uow: UnitOfWork, cmd: Edit) -> IntakeFile:
    """Do one step on a piece that waits; return the piece to look at next.

    Raises:
        IntakeFileNotFoundError: no such file for this actor.
        AlreadyHandledError, ChangedMeanwhileError: another person was first.
        InLoanFileError, NotCuttableError: it is not a pile of page images.
        NoSuchLeafError, NothingToCutError, LastLeafError, NoNeighbourError,
        NothingBlankError: there is nothing to do there.
    """
    row = _open(uow, cmd.file_id, cmd.version)
    if cmd.kind == "split":
        return split(uow, row, cmd.place)
    if cmd.kind == "merge":
        return _merge(uow, row)
    leaves = leaves_of(row)
    if cmd.kind == "turn":
        after = cuts.turned(leaves, cmd.place)
    elif cmd.kind == "move":
        after = cuts.moved(leaves, cmd.place, cmd.by)
    elif cmd.kind == "drop":
        after = cuts.without(leaves, [cmd.place])
    elif cmd.kind == "blanks":
        after = cuts.without(leaves, _blanks(uow, leaves))
    else:
        after = cuts.put_back(leaves, _left_out(uow, row, cmd.other, cmd.place))
    with _Step(uow, row, "drop" if cmd.kind == "blanks" else cmd.kind) as step:
        step.change(row, after)
    return row


def split(uow: UnitOfWork, row: IntakeFile, place: int, *, by: str = "") -> IntakeFile:
    """Cut a piece before the page at `place`; return the new piece."""
    first, second = cuts.cut(leaves_of(row), place)
    child = _child(uow, row, second)
    with _Step(uow, row, "split", by=by) as step:
        uow.session.add(child)
        uow.session.flush()  # the step names the child
        step.added(child)
        step.change(row, first)
        suggest(uow, child, clues_of(uow, child.branch_id))
    if not child.excerpt.strip():
        uow.enqueue(RECOGNISE, child.id)
    return child


def cut_into(
    uow: UnitOfWork, row: IntakeFile, groups: Sequence[Sequence[Leaf]], *, by: str
) -> list[IntakeFile]:
    """Cut a whole file into pieces of these pages, as one step; the first stays the row."""
    clues = clues_of(uow, row.branch_id)
    rows = [row]
    with _Step(uow, row, "split", by=by) as step:
        for leaves in groups[1:]:
            child = _child(uow, row, leaves)
            uow.session.add(child)
            rows.append(child)
        uow.session.flush()  # the step names the children
        for child, leaves in zip(rows, groups, strict=True):
            if child is row:
                step.change(row, leaves)
            else:
                step.added(child)
                suggest(uow, child, clues)
    for child in rows:
        if not child.excerpt.strip():
            uow.enqueue(RECOGNISE, child.id)
    return rows


def _child(uow: UnitOfWork, row: IntakeFile, leaves: Sequence[Leaf]) -> IntakeFile:
    return IntakeFile(
        batch_id=row.batch_id,
        name=row.name,
        sha256=row.sha256,
        size=row.size,
        state=row.state,
        message=row.message,
        received_at=row.received_at,
        branch_id=row.branch_id,
        media_type=row.media_type,
        page_count=len(leaves),
        parent_id=row.parent_id or row.id,
        leaves=cuts.written(leaves),
        unmatched=row.unmatched,
        read_at=uow.clock.now(),
    )


def join(uow: UnitOfWork, rows: Sequence[IntakeFile], leaves: Sequence[Leaf]) -> IntakeFile:
    """Make one piece of whole files, in this order of pages; the first row stays."""
    first, *others = rows
    with _Step(uow, first, "merge") as step:
        step.change(first, leaves)
        for row in others:
            step.close(row, into=first.id)
    return first


def undo_step(uow: UnitOfWork, step_id: int) -> IntakeFile:
    """Take back the own last step on pieces; return the piece it was done on.

    Raises:
        NotHandledError: no such step of this actor, or it is taken back.
        ChangedSinceError: the pieces were changed or filed after it.
    """
    step = uow.session.get(InboxStep, step_id)
    if step is None or step.by != uow.actor.name or step.undone_at is not None:
        raise NotHandledError(name="—")
    rows = {
        row.id: row
        for row in uow.session.scalars(
            select(IntakeFile).where(IntakeFile.id.in_([int(key) for key in step.after]))
        )
    }
    for key, after in step.after.items():
        row = rows[int(key)]
        if row.document_id is not None or _kept(row) != after:
            raise ChangedSinceError
    now = uow.clock.now()
    for key in step.after:
        row = rows[int(key)]
        before = step.before.get(key)
        if before is None:  # made by the step
            row.leaves, row.outcome = [], MERGED
            row.handled_at, row.handled_by = now, uow.actor.name
        else:
            row.leaves, row.outcome = before["leaves"], before["outcome"]
            if not row.outcome:
                row.handled_at, row.handled_by, row.before = None, "", {}
            suggest(uow, row, clues_of(uow, row.branch_id))
    step.undone_at = now
    row = inbox_list.get_file(uow, step.file_id)
    uow.record("archive.pieces_undone", f"intake_file:{row.id}", step=step.kind)
    return row


def last_step(uow: UnitOfWork) -> InboxStep | None:
    """Return the actor's last step that can be taken back."""
    return uow.session.scalars(
        select(InboxStep)
        .where(InboxStep.by == uow.actor.name, InboxStep.undone_at.is_(None))
        .order_by(InboxStep.id.desc())
        .limit(1)
    ).first()


def family(uow: UnitOfWork, row: IntakeFile) -> list[IntakeFile]:
    """Return all pieces of the same file, in the order of their first pages."""
    root = row.parent_id or row.id
    rows = uow.session.scalars(
        select(IntakeFile)
        .where(or_(IntakeFile.id == root, IntakeFile.parent_id == root))
        .where(IntakeFile.outcome != MERGED)
        .order_by(IntakeFile.id)
    ).all()
    return sorted(rows, key=lambda one: [leaf.key for leaf in leaves_of(one)][:1])


def left_out(uow: UnitOfWork, row: IntakeFile) -> list[Leaf]:
    """Return the pages of the file that are in no piece."""
    root = uow.session.get_one(IntakeFile, row.parent_id or row.id)
    used = {leaf.key for one in family(uow, row) for leaf in leaves_of(one)}
    elsewhere = uow.session.scalars(
        select(IntakeFile).where(
            or_(IntakeFile.id == root.id, IntakeFile.parent_id == root.id),
            IntakeFile.outcome == MERGED,
        )
    )
    for one in elsewhere:
        if one.before.get("into", root.id) != root.id:  # pages of another file by now
            used |= {leaf.key for leaf in leaves_of(one)}
    return [leaf for leaf in cuts.whole(root.id, root.page_count) if leaf.key not in used]


def _open(uow: UnitOfWork, file_id: int, version: int) -> IntakeFile:
    row = inbox_list.get_file(uow, file_id)
    if row.handled_at is not None:
        raise AlreadyHandledError(name=row.name, by=row.handled_by or "—")
    if row.version != version:
        raise ChangedMeanwhileError(seen=version, current=row.version)
    if row.document_id is not None:
        raise InLoanFileError(loan_no=row.loan_no)
    if not (row.sha256 and row.page_count and has_page_image(row.media_type)):
        raise NotCuttableError(name=row.name)
    return row


def _merge(uow: UnitOfWork, row: IntakeFile) -> IntakeFile:
    """Join the next piece to this one: of the same file, else the next file of the delivery."""
    pieces = family(uow, row)
    behind = pieces[[one.id for one in pieces].index(row.id) + 1 :]
    following = next((one for one in behind if _free(one)), None)
    if following is None:
        rows = uow.session.scalars(
            select(IntakeFile)
            .where(
                IntakeFile.batch_id == row.batch_id,
                IntakeFile.id > (row.parent_id or row.id),
                IntakeFile.handled_at.is_(None),
                IntakeFile.document_id.is_(None),
            )
            .order_by(IntakeFile.id)
        )
        own = {one.id for one in pieces}
        following = next((one for one in rows if one.id not in own and _free(one)), None)
    if following is None:
        raise NoNeighbourError
    following = inbox_list.get_file(uow, following.id)  # not found for whom may not see it
    with _Step(uow, row, "merge") as step:
        step.change(row, (*leaves_of(row), *leaves_of(following)))
        step.close(following, into=row.parent_id or row.id)
    return row


def _free(row: IntakeFile) -> bool:
    return (
        row.handled_at is None
        and row.document_id is None
        and bool(row.sha256 and row.page_count)
        and has_page_image(row.media_type)
    )


def _blanks(uow: UnitOfWork, leaves: Sequence[Leaf]) -> list[int]:
    rows = uow.session.execute(
        select(WaitingPage.file_id, WaitingPage.no).where(
            WaitingPage.file_id.in_({leaf.file for leaf in leaves}),
            WaitingPage.blank.is_(True),
        )
    )
    blank = {(row.file_id, row.no) for row in rows}
    places = [place for place, leaf in enumerate(leaves, start=1) if leaf.key in blank]
    if not places:
        raise NothingBlankError
    return places


def _left_out(uow: UnitOfWork, row: IntakeFile, file_id: int, page: int) -> Leaf:
    found = next((leaf for leaf in left_out(uow, row) if leaf.key == (file_id, page)), None)
    if found is None:
        raise cuts.NoSuchLeafError(place=page, count=row.page_count)
    return found


def _kept(row: IntakeFile) -> dict[str, Any]:
    return {"leaves": row.leaves, "outcome": row.outcome}


class _Step:
    """One step: what the pieces were, what they are, and the audit line at its end."""

    def __init__(self, uow: UnitOfWork, row: IntakeFile, kind: str, *, by: str = "") -> None:
        self._uow, self._row, self._kind = uow, row, kind
        self._by = by or uow.actor.name
        self._before: dict[str, Any] = {}
        self._touched: dict[str, IntakeFile] = {}

    def __enter__(self) -> Self:
        return self

    def change(self, row: IntakeFile, leaves: Sequence[Leaf]) -> None:
        """Give a piece other leaves; what it speaks of may be another loan now."""
        self._note(row)
        row.leaves = cuts.written(leaves)
        suggest(self._uow, row, clues_of(self._uow, row.branch_id))

    def close(self, row: IntakeFile, *, into: int) -> None:
        """Take a piece out of the inbox whose leaves a piece of the file `into` has now."""
        self._note(row)
        row.before = {"into": into}
        row.outcome, row.handled_at = MERGED, self._uow.clock.now()
        row.handled_by = self._by

    def added(self, row: IntakeFile) -> None:
        """Note a piece that this step made."""
        self._touched[str(row.id)] = row

    def _note(self, row: IntakeFile) -> None:
        self._before[str(row.id)] = _kept(row)
        self._touched[str(row.id)] = row

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is not None:
            return
        uow = self._uow
        uow.session.add(
            InboxStep(
                file_id=self._row.id,
                kind=self._kind,
                by=self._by,
                at=uow.clock.now(),
                before=self._before,
                after={key: _kept(row) for key, row in self._touched.items()},
            )
        )
        uow.record(
            f"archive.piece_{WORDS[self._kind]}",
            f"intake_file:{self._row.id}",
            pieces={key: cuts.words(leaves_of(row)) for key, row in self._touched.items()},
        )


WORDS: Final = {  # of the audit line
    "split": "cut",
    "merge": "joined",
    "turn": "turned",
    "move": "moved",
    "drop": "left_out",
    "restore": "put_back",
}
