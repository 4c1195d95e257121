"""Which pages a bundle will have, before the first of them is written."""

from dataclasses import dataclass, field
from enum import StrEnum

from postloan_archive.bundle.documents import (
    PARSE_FAULTS,
    Library,
    UnreadableError,
    open_source,
)
from postloan_archive.bundle.faults import PageRangeError, Problem, Reason
from postloan_archive.bundle.images import frame_count
from postloan_archive.bundle.mail import decoded, mail_text
from postloan_archive.bundle.sheets import text_lines
from postloan_archive.bundle.spec import BundleSpec, Exhibit, Pleading, Source
from postloan_archive.bundle.typefaces import Ink

_TEXT_ENDINGS = (".txt", ".md", ".csv", ".log", ".json", ".xml")
_HEAD = 1024
_MAGIC = (
    b"\xff\xd8\xff", b"\x89PNG\r\n", b"II*\0", b"MM\0*", b"GIF8", b"BM", b"\0\0\0\x0cjP  ",
)  # fmt: skip
_TEXT_AT_MOST = 16 << 20  # bytes


class Kind(StrEnum):
    """What a page of the bundle is made from."""

    PDF = "pdf"
    IMAGE = "image"
    TEXT = "text"
    NOTICE = "notice"


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaf:
    """One page of the body; `index` counts the pages of the source from 0."""

    kind: Kind
    source: Source
    index: int = 0
    lines: tuple[str, ...] = ()
    reason: Reason | None = None


@dataclass(slots=True, kw_only=True)
class Item:
    """One exhibit or pleading with its pages."""

    label: str  # stamped; empty for a pleading
    title: str
    exhibit: Exhibit | None
    leaves: list[Leaf]
    notes: list[Problem] = field(default_factory=list)

    @property
    def called(self) -> str:
        """Return how problems name it."""
        return self.label or self.title


def plan(spec: BundleSpec, ink: Ink, library: Library) -> list[Item]:
    """Return pleadings, then exhibits, with one leaf for each page to come.

    Raises:
        PageRangeError: a range names pages that the file does not have.
    """
    items = []
    papers: list[Exhibit | Pleading] = [*spec.pleadings, *spec.exhibits]
    for paper in papers:
        label = paper.label if isinstance(paper, Exhibit) else ""
        item = Item(
            label=label,
            title=paper.title,
            exhibit=paper if isinstance(paper, Exhibit) else None,
            leaves=[],
        )
        try:
            leaves = _leaves(paper.source, ink, library, item)
            item.leaves = _chosen(leaves, paper, item)
        except UnreadableError as error:
            item.leaves = [Leaf(kind=Kind.NOTICE, source=paper.source, reason=error.reason)]
        items.append(item)
    return items


def _chosen(leaves: list[Leaf], paper: Exhibit | Pleading, item: Item) -> list[Leaf]:
    if paper.pages is None:
        return leaves
    first, last = paper.pages
    if not 1 <= first <= last <= len(leaves):
        raise PageRangeError(
            label=item.called, name=paper.source.name, first=first, last=last, count=len(leaves)
        )
    return leaves[first - 1 : last]


def _leaves(source: Source, ink: Ink, library: Library, item: Item) -> list[Leaf]:
    kind = recognised(source)
    if kind is Kind.PDF:
        document = library.document(source)
        item.notes += [
            Problem(reason=note, label=item.called, name=source.name) for note in document.notes
        ]
        return [Leaf(kind=kind, source=source, index=at) for at in range(document.count)]
    if kind is Kind.IMAGE:
        return [Leaf(kind=kind, source=source, index=at) for at in range(frame_count(source))]
    pages = text_lines(ink, _text(source))
    return [
        Leaf(kind=kind, source=source, index=at, lines=tuple(lines))
        for at, lines in enumerate(pages)
    ]


def _text(source: Source) -> str:
    with open_source(source) as stream:
        data = stream.read(_TEXT_AT_MOST + 1)
    if len(data) > _TEXT_AT_MOST:
        raise UnreadableError(Reason.TOO_LARGE)
    return mail_text(data) if source.name.lower().endswith(".eml") else decoded(data)


def recognised(source: Source) -> Kind:
    """Return what the source is, by its content first.

    Raises:
        UnreadableError: it cannot be opened, is empty, or is of a kind that must be converted.
    """
    try:
        with open_source(source) as stream:
            head = stream.read(_HEAD)
    except PARSE_FAULTS as error:
        raise UnreadableError(Reason.DAMAGED) from error
    ending = source.name.lower()
    if not head.strip(b"\0 \r\n\t"):
        raise UnreadableError(Reason.EMPTY)
    if b"%PDF-" in head:
        return Kind.PDF
    if head.startswith(_MAGIC) or (head[:4] == b"RIFF" and head[8:12] == b"WEBP"):
        return Kind.IMAGE
    if ending.endswith(".pdf"):
        return Kind.PDF
    if ending.endswith(_TEXT_ENDINGS) or ending.endswith(".eml"):
        return Kind.TEXT
    raise UnreadableError(Reason.UNSUPPORTED)
