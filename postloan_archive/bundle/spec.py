"""What goes into a bundle and what comes out of it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from postloan_archive.bundle.faults import Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A file to be bundled: PDF, image (JPEG, PNG, TIFF and what Pillow reads), mail or text.

    Attributes:
        name: the file's own name, as it is printed where the file cannot be read; its ending
            tells mail and text apart, everything else is recognised by its content.
        data: the bytes, or the path to read them from; a path is read piece by piece.
    """

    name: str
    data: bytes | Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Exhibit:
    """One exhibit, in the order of the bundle.

    Attributes:
        label: what is stamped on each page, such as 证据1.
        title: name of the exhibit in the index.
        purpose: what it is to prove.
        source: the file.
        pages: first and last page taken from the file, from 1, both inclusive; None takes all.
        original: the paper handed in is the original, not a copy.
        group: heading in index and bookmarks, or empty.
        origin: where the evidence comes from, or empty; without any there is no such column.
        copies: sets handed in; 0 leaves it out.
    """

    label: str
    title: str
    purpose: str
    source: Source
    pages: tuple[int, int] | None = None
    original: bool = False
    group: str = ""
    origin: str = ""
    copies: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Pleading:
    """A paper before the exhibits, numbered like them but without a label."""

    title: str
    source: Source
    pages: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CoverSheet:
    """What the first page says.

    Attributes:
        court: the court that receives the bundle.
        parties: (role, name) in printing order, such as ("原告", "某银行").
        case: cause of action, such as 金融借款合同纠纷.
        title: heading, such as 证据材料.
        date: day of submission.
        case_no: number of the court, or empty before it has given one.
        submitter: who signs, or empty.
        notes: further lines as (name, value), such as ("委托诉讼代理人", "…").
    """

    court: str
    parties: tuple[tuple[str, str], ...]
    case: str
    title: str
    date: date
    case_no: str = ""
    submitter: str = ""
    notes: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class BundleSpec:
    """One bundle.

    `cjk_font` is `Settings.cjk_font`. `stamped` False leaves labels and page numbers off.
    """

    cover: CoverSheet
    exhibits: Sequence[Exhibit]
    pleadings: Sequence[Pleading] = ()
    stamped: bool = True
    cjk_font: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacedExhibit:
    """Where an exhibit stands in the bundle; pages from 1, `last` inclusive, volume from 1."""

    label: str
    title: str
    first: int
    last: int
    volume: int = 1

    @property
    def pages(self) -> int:
        """Return how many pages of the bundle the exhibit takes."""
        return self.last - self.first + 1


@dataclass(frozen=True, slots=True, kw_only=True)
class BundleResult:
    """What was written.

    Attributes:
        pages: pages of this file; the second library has counted the same.
        first_page: stamped number of the first page; above 1 only in later volumes.
        total_pages: pages of all volumes together, as stamped.
        size: bytes.
        sha256: digest of the file.
        exhibits: one entry for each exhibit with pages in this file, in order.
        problems: everything that is not as in the source, in page order.
    """

    pages: int
    first_page: int
    total_pages: int
    size: int
    sha256: str
    exhibits: tuple[PlacedExhibit, ...]
    pleadings: tuple[PlacedExhibit, ...] = ()
    problems: tuple[Problem, ...] = field(default=())
