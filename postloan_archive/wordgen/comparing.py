"""What changed between two Word files, paragraph by paragraph."""

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Final

from postloan_archive.wordgen.container import read_zip
from postloan_archive.wordgen.text import docx_text

CONTEXT: Final = 2  # unchanged paragraphs shown on either side of a change
LONGEST: Final = 4_000  # characters of a paragraph that are compared sign by sign


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """Part of a paragraph; `changed`: it is not in the other file."""

    text: str
    changed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One paragraph beside its counterpart.

    Attributes:
        kind: same, changed, added, removed, or skipped for a run of unchanged ones.
        before: number of the paragraph in the older file, from 1; None where it is new.
        after: number in the newer file; None where it is gone.
    """

    kind: str
    before: int | None = None
    after: int | None = None
    old: tuple[Piece, ...] = ()
    new: tuple[Piece, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """What two files differ in; `parts` are those whose bytes differ while no word does."""

    lines: tuple[Line, ...]
    changes: int
    parts: tuple[str, ...]


def compare_docx(old: bytes, new: bytes) -> Comparison:
    """Return how the paragraphs of two files differ.

    Raises:
        TemplateRefusedError: one is no .docx, or over a limit.
    """
    before, after = docx_text(old).split("\n"), docx_text(new).split("\n")
    lines = tuple(_lines(before, after))
    changes = sum(line.kind not in {"same", "skipped"} for line in lines)
    return Comparison(lines=lines if changes else (), changes=changes, parts=_parts(old, new))


def _lines(before: list[str], after: list[str]) -> Iterator[Line]:
    matcher = SequenceMatcher(a=before, b=after, autojunk=False)
    for group in matcher.get_grouped_opcodes(CONTEXT):
        if group[0][1] or group[0][3]:
            yield Line(kind="skipped")
        for act, start, stop, begin, end in group:
            if act == "equal":
                for one, other in zip(range(start, stop), range(begin, end), strict=True):
                    whole = (Piece(text=before[one], changed=False),)
                    yield Line(
                        kind="same", before=one + 1, after=other + 1, old=whole, new=whole
                    )
                continue
            yield from _replaced(before, after, range(start, stop), range(begin, end))


def _replaced(before: list[str], after: list[str], gone: range, come: range) -> Iterator[Line]:
    """Yield paragraphs that changed side by side, then what only one file has."""
    both = min(len(gone), len(come))
    for one, other in zip(gone[:both], come[:both], strict=True):
        old, new = _pieces(before[one], after[other])
        yield Line(kind="changed", before=one + 1, after=other + 1, old=old, new=new)
    for one in gone[both:]:
        yield Line(kind="removed", before=one + 1, old=(Piece(text=before[one], changed=True),))
    for other in come[both:]:
        yield Line(kind="added", after=other + 1, new=(Piece(text=after[other], changed=True),))


def _pieces(old: str, new: str) -> tuple[tuple[Piece, ...], tuple[Piece, ...]]:
    if max(len(old), len(new)) > LONGEST:
        return (Piece(text=old, changed=True),), (Piece(text=new, changed=True),)
    left, right = [], []
    for act, start, stop, begin, end in SequenceMatcher(
        a=old, b=new, autojunk=False
    ).get_opcodes():
        changed = act != "equal"
        if stop > start:
            left.append(Piece(text=old[start:stop], changed=changed))
        if end > begin:
            right.append(Piece(text=new[begin:end], changed=changed))
    return tuple(left), tuple(right)


def _parts(old: bytes, new: bytes) -> tuple[str, ...]:
    before = {name: member.unpack() for name, member in read_zip(old).items()}
    after = {name: member.unpack() for name, member in read_zip(new).items()}
    names = sorted(before.keys() | after.keys())
    return tuple(name for name in names if before.get(name) != after.get(name))
