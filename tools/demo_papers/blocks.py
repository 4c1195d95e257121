"""What a paper says, before it takes a format."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Block:
    """One part of a paper: title, heading, paragraph, line at the right, or table."""

    kind: str
    text: str = ""
    rows: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True)
class Paper:
    """One paper of a loan file, with the format it is made in."""

    loan_no: str
    item: str
    title: str
    form: str  # docx, doc, pdf, scan, tiff, photo, xlsx, eml, ofd, txt, encrypted, damaged
    dated: date
    blocks: tuple[Block, ...]
    stamp: str = ""  # the name on the seal-like mark of a scan


def title(text: str) -> Block:
    """Return the title."""
    return Block("title", text)


def head(text: str) -> Block:
    """Return a heading."""
    return Block("head", text)


def p(text: str) -> Block:
    """Return a paragraph."""
    return Block("p", text)


def right(text: str) -> Block:
    """Return a line at the right edge: signature, date."""
    return Block("right", text)


def table(*rows: tuple[str, ...]) -> Block:
    """Return a table; the first row is the heading."""
    return Block("table", rows=rows)


def cn(day: date) -> str:
    """Return the day as papers write it."""
    return f"{day.year}年{day.month}月{day.day}日"
