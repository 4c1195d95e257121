"""卷内目录: what a loan file holds and lacks, in the order of the catalogue."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from sqlalchemy import select

from postloan_archive.archive import queries
from postloan_archive.archive.hit_groups import FORMS
from postloan_archive.archive.models import Document, DocumentVersion, IntakeBatch, IntakeFile
from postloan_archive.archive.queries import DocumentRow
from postloan_archive.archive.rules.filing import UNSORTED, item_title
from postloan_archive.archive.rules.items import CATEGORIES
from postloan_archive.archive.rules.states import (
    SIGNATURES,
    STATES,
    effective_state,
    signatures_in,
)
from postloan_archive.kernel.errors import _l
from postloan_archive.loans.file_parts import Completeness
from postloan_archive.uow import UnitOfWork

SOURCES: Final[Mapping[str, str]] = {
    "cli": _l("命令行导入"),
    "upload": _l("网页上传"),
    "folder": _l("监视文件夹"),
    "mail": _l("邮件"),
    "phone": _l("手机拍摄"),
    "api": _l("接口"),
    "system": _l("本系统生成"),
    "demo": _l("演示数据"),
}
_COPIES: Final = frozenset({"copy", "certified_copy"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One line of the tree: a document, or a required paper that is not there."""

    code: str
    title: str
    document: DocumentRow | None
    reason: str = ""  # of a gap: what asks for it
    first_page: int = 0  # within the loan file, counted through
    last_page: int = 0
    tag: str = ""  # a word of warning, Chinese
    tag_kind: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """One category of the tree."""

    category: str
    name: str
    entries: tuple[Entry, ...]

    @property
    def documents(self) -> int:
        """Return how many documents there are."""
        return sum(1 for entry in self.entries if entry.document)


@dataclass(frozen=True, slots=True, kw_only=True)
class Contents:
    """The tree, and the documents in its order."""

    groups: tuple[Group, ...]
    documents: tuple[Entry, ...]
    hides: bool  # some categories are not for this person

    def entry(self, document_id: int) -> Entry | None:
        """Return the line of the document."""
        for entry in self.documents:
            if entry.document and entry.document.id == document_id:
                return entry
        return None

    def beside(self, document_id: int, step: int) -> int | None:
        """Return the id of the document `step` places further on, None beyond the ends."""
        ids = [entry.document.id for entry in self.documents if entry.document]
        if document_id not in ids:
            return None
        at = ids.index(document_id) + step
        return ids[at] if 0 <= at < len(ids) else None


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionRow:
    """The bytes of a document at one time."""

    no: int
    sha256: str
    size: int
    filename: str
    added_at: datetime
    added_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """What the card of a document says besides its line."""

    source: str
    batch_id: int | None
    versions: tuple[VersionRow, ...]
    twins: tuple[str, ...]  # names under which the same bytes came again
    state: str
    sentence: str
    properties: Mapping[str, str] = field(default_factory=dict)
    signatures: tuple[Mapping[str, str], ...] = ()


def contents_of(uow: UnitOfWork, loan_id: int, completeness: Completeness | None) -> Contents:
    """Return the tree of a loan file that the actor may see."""
    rows: dict[str, list[DocumentRow]] = {}
    for row in queries.documents_of(uow, loan_id):
        rows.setdefault(row.item_code[:2], []).append(row)
    gaps: dict[str, list[Entry]] = {}
    for item in completeness.missing if completeness else ():
        if uow.actor.sees_category(item.code[:2]):
            gaps.setdefault(item.code[:2], []).append(
                Entry(code=item.code, title=item.title, document=None, reason=item.reason)
            )
    groups: list[Group] = []
    pages = 0
    for category, facts in CATEGORIES.items():
        entries = []
        for row in rows.get(category, ()):
            entries.append(_entry(row, pages))
            pages += row.page_count
        entries += gaps.get(category, [])
        if entries:
            entries.sort(key=_place)
            groups.append(Group(category=category, name=facts.name, entries=tuple(entries)))
    return Contents(
        groups=tuple(groups),
        documents=tuple(entry for group in groups for entry in group.entries if entry.document),
        hides=not all(uow.actor.sees_category(category) for category in CATEGORIES),
    )


def card_of(uow: UnitOfWork, document: Document) -> Card:
    """Return what the card of the document says."""
    versions = uow.session.scalars(
        select(DocumentVersion)
        .where(DocumentVersion.document_id == document.id)
        .order_by(DocumentVersion.no.desc())
    )
    arrivals: Sequence[tuple[int, str, str]] = [
        (row.batch_id, row.name, row.state)
        for row in uow.session.execute(
            select(IntakeFile.batch_id, IntakeFile.name, IntakeFile.state)
            .join(IntakeBatch, IntakeBatch.id == IntakeFile.batch_id)
            .where(IntakeFile.document_id == document.id)
            .order_by(IntakeFile.id)
        )
    ]
    state = effective_state(
        document.state, read=document.read_at is not None, ocr_pending=document.ocr_pending
    )
    return Card(
        source=SOURCES.get(document.source, document.source),
        batch_id=next((batch for batch, _n, state in arrivals if state != "duplicate"), None),
        versions=tuple(
            VersionRow(
                no=row.no,
                sha256=row.sha256,
                size=row.size,
                filename=row.filename,
                added_at=row.added_at,
                added_by=row.added_by,
            )
            for row in versions
        ),
        twins=tuple(name for _batch, name, state in arrivals if state == "duplicate"),
        state=state,
        sentence=document.message or STATES[state].sentence,
        properties={
            str(k): str(v) for k, v in document.properties.items() if v and k != SIGNATURES
        },
        signatures=tuple(
            signatures_in(document.flags, document.properties, document.media_type)
        ),
    )


def _entry(row: DocumentRow, before: int) -> Entry:
    tag, kind = "", ""
    state = effective_state(row.state, read=row.read, ocr_pending=row.ocr_pending)
    if state != "stored":
        tag, kind = STATES[state].word, STATES[state].kind
    elif row.item_code == UNSORTED:
        tag, kind = item_title(UNSORTED), "soon"
    elif row.form in _COPIES:
        tag, kind = FORMS[row.form], "soon"
    return Entry(
        code=row.item_code,
        title=row.title,
        document=row,
        first_page=before + 1 if row.page_count else 0,
        last_page=before + row.page_count,
        tag=tag,
        tag_kind=kind,
    )


def _place(entry: Entry) -> tuple[str, int]:
    return entry.code, entry.document.piece_no if entry.document else 0
