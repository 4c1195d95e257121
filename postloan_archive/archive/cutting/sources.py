"""Where a document made of pages of other files came from; its bytes are made here."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import PurePath
from typing import Final

from sqlalchemy import select

from postloan_archive.archive import inbox_list
from postloan_archive.archive.models import Document, IntakeFile
from postloan_archive.archive.pieces.models import DocumentSource
from postloan_archive.archive.pieces.suggesting import leaves_of
from postloan_archive.archive.rules import leaves as cuts
from postloan_archive.archive.rules.leaves import Leaf
from postloan_archive.kernel.actor import Actor
from postloan_archive.reading import Limits, Part, gathered
from postloan_archive.uow import System, UnitOfWork
from postloan_archive.vault import Stored

MAKING_S: Final = 300  # seconds for the longest piece


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """One file that pages of a document came from."""

    name: str
    sha256: str
    pages: str  # in words
    turned: bool


def make(system: System, actor: Actor, file_id: int) -> Stored | None:
    """Make the bytes of a piece and put them into the vault; None where it is a whole file.

    Outside of any transaction, for this may take seconds: what no row points to is swept.

    Raises:
        IntakeFileNotFoundError: no such file for this actor.
        UnreadableError: a page cannot be taken over.
    """
    with system.unit_of_work(actor) as uow:
        row = inbox_list.get_file(uow, file_id)
        leaves = leaves_of(row)
        if row.document_id is not None or not leaves:
            return None
        if row.parent_id is None and cuts.is_whole(leaves, row.id, row.page_count):
            return None
        files = {
            one.id: (uow.vault.path(one.sha256), one.media_type)
            for one in uow.session.scalars(
                select(IntakeFile).where(IntakeFile.id.in_({leaf.file for leaf in leaves}))
            )
        }
    parts = [
        Part(
            path=files[leaf.file][0],
            media_type=files[leaf.file][1],
            page_no=leaf.page,
            turn=leaf.turn,
        )
        for leaf in leaves
    ]
    limits = Limits(
        wall_s=MAKING_S, cpu_s=MAKING_S, memory_mb=system.settings.reading_memory_mb
    )
    with gathered(parts, limits=limits) as made, made.open("rb") as stream:
        return system.vault.put(stream)


def note(uow: UnitOfWork, document: Document, leaves: Sequence[Leaf]) -> None:
    """Keep which pages of which files the document was made of."""
    ids = {leaf.file for leaf in leaves}
    files = {
        row.id: row
        for row in uow.session.scalars(select(IntakeFile).where(IntakeFile.id.in_(ids)))
    }
    for number, (file_id, group) in enumerate(
        groupby(leaves, key=lambda leaf: leaf.file), start=1
    ):
        uow.session.add(
            DocumentSource(
                document_id=document.id,
                no=number,
                file_id=file_id,
                name=files[file_id].name,
                sha256=files[file_id].sha256,
                pages=[[leaf.page, leaf.turn] for leaf in group],
            )
        )


def origins_of(uow: UnitOfWork, document_id: int) -> list[Origin]:
    """Return the files that the pages of a document came from, in their order."""
    rows = uow.session.scalars(
        select(DocumentSource)
        .where(DocumentSource.document_id == document_id)
        .order_by(DocumentSource.no)
    )
    return [
        Origin(
            name=row.name,
            sha256=row.sha256,
            pages=cuts.words([Leaf(row.file_id, page) for page, _ in row.pages]),
            turned=any(turn for _, turn in row.pages),
        )
        for row in rows
    ]


def name_of_piece(name: str, leaves: Sequence[Leaf]) -> str:
    """Return the name of the file that a piece becomes: 扫描0001_第2–3页.pdf."""
    path = PurePath(name.replace("\\", "/"))
    folder = f"{path.parent}/" if len(path.parts) > 1 else ""
    return f"{folder}{path.stem}_第{cuts.words(leaves)}页.pdf"
