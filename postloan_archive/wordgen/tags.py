"""Finding tags in a part and joining those that Word has split over runs, on the XML tree."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import dropwhile, takewhile
from typing import Final

from lxml import etree

from postloan_archive.wordgen.faults import Fault, excerpt_of
from postloan_archive.wordgen.ooxml import FALLBACK, XML_SPACE, w
from postloan_archive.wordgen.sandbox import STATEMENTS

OPEN: Final = "\ufdd0"  # non-characters: legal in XML, never in a document, refused in values
CLOSE: Final = "\ufdd1"
MAX_TAG: Final = 1_000  # characters
CLOSINGS: Final = {"{{": "}}", "{%": "%}", "{#": "#}"}

_ENDS: Final = re.compile(r"\{\{|\{%|\{#|\}\}|%\}|#\}")
_FULL_WIDTH: Final = re.compile(
    r"｛\s*[｛%％#＃{]|\{\s*｛|[｝%％#＃}]\s*｝|｝\s*\}|\{％|％\}|\{＃|＃\}"
)
_KIND: Final = re.compile(r"(tr|tc|p|r)\s+")
_SPACED_KIND: Final = re.compile(r"\s+(tr|tc|p|r)\s+(if|for|elif|else|endif|endfor|set)\b")
_WORD: Final = re.compile(r"\w+")
_STRAIGHT: Final = str.maketrans({"“": '"', "”": '"', "‘": "'", "’": "'", "\u3000": " ",
                                  "\xa0": " ", "\t": " ", "\n": " ", "\r": " "})  # fmt: skip
_SIGNS: Final = "（），。．：；｜＝＋－＜＞［］！＿"
_CHANGES: Final = frozenset(w(name) for name in ("ins", "del", "moveFrom", "moveTo"))
_COMMENT_MARKS: Final = frozenset(
    w(name) for name in ("commentRangeStart", "commentRangeEnd", "commentReference")
)
_TEXT: Final = w("t")
_SPACES: Final = {w("tab"): "\t", w("br"): "\n", w("cr"): "\n"}
_PARAGRAPH: Final = w("p")
_RUN: Final = w("r")


@dataclass(frozen=True, slots=True, kw_only=True)
class Tag:
    """One tag of a template.

    Attributes:
        opening: `{{`, `{%` or `{#`.
        kind: tr, tc, p, r, or empty for a tag in the line.
        body: what stands inside, straight quotes, one line.
        excerpt: the tag as it was typed.
    """

    opening: str
    kind: str
    body: str
    part: str
    paragraph: int
    excerpt: str

    @property
    def word(self) -> str:
        """Return the first word: if, for, endif, or the name that is printed."""
        found = _WORD.match(self.body)
        return found[0] if found else ""

    @property
    def source(self) -> str:
        """Return the tag as Jinja reads it."""
        if self.opening == "{#":
            return ""
        return f"{self.opening} {self.body} {CLOSINGS[self.opening]}"

    def fault(self, code: str, **facts: object) -> Fault:
        """Return a fault at this tag."""
        return Fault(code=code, facts=facts, part=self.part, paragraph=self.paragraph,
                     excerpt=self.excerpt)  # fmt: skip


@dataclass(slots=True)
class Scan:
    """What was found in one part; `faults` of style print well but should be mended."""

    part: str
    tags: list[Tag] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    style: list[Fault] = field(default_factory=list)
    hosts: dict[int, "etree._Element"] = field(default_factory=dict)  # tag number to its w:t
    paragraphs: dict["etree._Element", int] = field(default_factory=dict)

    def add(self, code: str, paragraph: int, excerpt: str, **facts: object) -> None:
        """Note a fault that keeps the template from being used."""
        self.faults.append(Fault(code=code, facts=facts, part=self.part, paragraph=paragraph,
                                 excerpt=excerpt_of(excerpt)))  # fmt: skip


@dataclass(slots=True)
class _Piece:
    """An element that carries characters of a paragraph, and where they stand in it."""

    element: "etree._Element"
    start: int
    text: str

    @property
    def end(self) -> int:
        return self.start + len(self.text)


def mark_paragraphs(root: "etree._Element", part: str) -> Scan:
    """Find and join the tags of a Word part; each becomes a numbered mark in its `w:t`."""
    scan = Scan(part)
    for number, (paragraph, copy) in enumerate(_numbered(root), start=1):
        scan.paragraphs[paragraph] = copy or number
    for paragraph, number in scan.paragraphs.items():
        pieces = list(_pieces(paragraph))
        text = "".join(piece.text for piece in pieces)
        if "{" in text or "}" in text or "｛" in text or "｝" in text:
            _mark_paragraph(scan, paragraph, number, pieces, text)
    return scan


def mark_properties(root: "etree._Element", part: str) -> Scan:
    """Find the tags of a part that holds document properties."""
    scan = Scan(part)
    for element in root.iter("*"):
        text = element.text or ""
        if "{" in text or "｛" in text:
            _mark_paragraph(scan, element, 0, [_Piece(element, 0, text)], text)
    return scan


def _numbered(root: "etree._Element") -> Iterator[tuple["etree._Element", int]]:
    """Yield the paragraphs; those of a fallback drawing carry the number of their twin."""
    last = 0
    for paragraph in root.iter(_PARAGRAPH):
        if any(parent.tag == FALLBACK for parent in paragraph.iterancestors()):
            yield paragraph, max(last, 1)
        else:
            last += 1
            yield paragraph, last


def _pieces(paragraph: "etree._Element") -> Iterator[_Piece]:
    at = 0
    stack = list(reversed(paragraph))
    while stack:
        element = stack.pop()
        tag = element.tag
        if tag == _TEXT:
            piece = _Piece(element, at, element.text or "")
        elif tag in _SPACES and _is_in_run(element):
            piece = _Piece(element, at, _SPACES[tag])
        else:
            if tag != _PARAGRAPH:
                stack.extend(reversed(element))
            continue
        at = piece.end
        yield piece


def _mark_paragraph(
    scan: Scan, paragraph: "etree._Element", number: int, pieces: list[_Piece], text: str
) -> None:
    for found in _FULL_WIDTH.finditer(text):
        wanted = found[0].translate(str.maketrans("｛｝％＃", "{}%#"))
        scan.add("fullwidth_braces", number, _around(text, found.start()),
                 text=found[0], wanted=wanted.replace(" ", ""))  # fmt: skip
    spans: list[tuple[int, int, int]] = []
    for start, end in _tag_spans(scan, number, text):
        touched = [one for one in pieces if one.start < end and one.end > start]
        tag = _tag(scan, number, text[start:end])
        if tag is None:
            continue
        if touched[0].element.tag != touched[-1].element.tag and number:
            scan.add("unclosed", number, text[start:end], opening=tag.opening,
                     closing=CLOSINGS[tag.opening])  # fmt: skip
            continue
        _check_surroundings(scan, tag, paragraph, touched)
        scan.hosts[len(scan.tags)] = touched[0].element
        spans.append((start, end, len(scan.tags)))
        scan.tags.append(tag)
    if spans:
        _replace(pieces, spans)


def _tag_spans(scan: Scan, number: int, text: str) -> Iterator[tuple[int, int]]:
    start, opening = -1, ""
    for found in _ENDS.finditer(text):
        sign = found[0]
        if opening == "{#" and sign != "#}":
            continue
        if sign in CLOSINGS:
            if opening:
                scan.add("unclosed", number, text[start : found.start()], opening=opening,
                         closing=CLOSINGS[opening])  # fmt: skip
            start, opening = found.start(), sign
        elif opening and sign == CLOSINGS[opening]:
            yield start, found.end()
            opening = ""
        elif opening:
            scan.add("unclosed", number, text[start : found.end()], opening=opening,
                     closing=CLOSINGS[opening])  # fmt: skip
            opening = ""
        elif sign != "#}":
            scan.add("stray_close", number, _around(text, found.start()), closing=sign)
    if opening:
        scan.add("unclosed", number, text[start:], opening=opening, closing=CLOSINGS[opening])


def _tag(scan: Scan, number: int, typed: str) -> Tag | None:
    opening, inside = typed[:2], typed[2:-2].replace("\t", "").replace("\n", "")
    excerpt = excerpt_of(typed)
    if opening == "{#":
        found = _KIND.match(inside)
        kind = found[1] if found and found[1] != "r" else ""
        return Tag(opening=opening, kind=kind, body="", part=scan.part, paragraph=number,
                   excerpt=excerpt)  # fmt: skip
    spaced = _SPACED_KIND.match(inside)
    if spaced:
        scan.add("spaced_kind", number, excerpt, kind=spaced[1])
        return None
    if inside[:1] in {"-", "+"} or inside[-1:] in {"-", "+"}:
        scan.add("dash", number, excerpt)
        return None
    found = _KIND.match(inside)
    kind = found[1] if found else ""
    body = inside[found.end() :] if found else inside
    tag = Tag(opening=opening, kind=kind, body=body.translate(_STRAIGHT).strip(),
              part=scan.part, paragraph=number, excerpt=excerpt)  # fmt: skip
    return tag if _is_sound(scan, tag, inside) else None


def _is_sound(scan: Scan, tag: Tag, inside: str) -> bool:
    before = len(scan.faults)
    if not tag.body:
        scan.faults.append(tag.fault("empty"))
    elif len(tag.body) > MAX_TAG:
        scan.faults.append(tag.fault("forbidden", what=f"{len(tag.body)} > {MAX_TAG}"))
    elif tag.opening == "{{" and tag.kind in {"tr", "tc"}:
        scan.faults.append(tag.fault("forbidden", what=f"{{{{{tag.kind} }}}}"))
    elif tag.opening == "{%" and tag.word not in STATEMENTS:
        scan.faults.append(tag.fault("unknown_statement", name=tag.word or tag.body))
    quote = next((sign for sign in inside if sign in "“”‘’"), "")
    if quote:
        scan.style.append(tag.fault("chinese_quotes", sign=quote))
    bare = re.sub(r"\"[^\"]*\"|'[^']*'", "", tag.body)
    sign = next((sign for sign in bare if sign in _SIGNS), "")
    if sign:
        scan.faults.append(tag.fault("fullwidth_sign", sign=sign))
    return len(scan.faults) == before


def _check_surroundings(
    scan: Scan, tag: Tag, paragraph: "etree._Element", touched: list[_Piece]
) -> None:
    if any(_is_tracked(piece.element, paragraph) for piece in touched):
        scan.faults.append(tag.fault("tracked_change"))
    first, last = touched[0].element, touched[-1].element
    if first is not last and any(
        element.tag in _COMMENT_MARKS for element in _between(paragraph, first, last)
    ):
        scan.faults.append(tag.fault("comment_inside"))
    for parent in first.iterancestors(w("sdt")):
        if parent.find(f"{w('sdtPr')}/{w('dataBinding')}") is not None:
            scan.faults.append(tag.fault("bound_control"))


def _is_tracked(element: "etree._Element", paragraph: "etree._Element") -> bool:
    inner = takewhile(lambda parent: parent is not paragraph, element.iterancestors())
    return any(parent.tag in _CHANGES for parent in inner)


def _between(
    paragraph: "etree._Element", first: "etree._Element", last: "etree._Element"
) -> Iterator["etree._Element"]:
    after = dropwhile(lambda element: element is not first, paragraph.iter())
    return takewhile(lambda element: element is not last, after)


def _replace(pieces: list[_Piece], spans: list[tuple[int, int, int]]) -> None:
    """Put the mark of each tag where it starts and take out the rest of it."""
    for piece in pieces:
        kept: list[str] = []
        at = piece.start
        for start, end, number in spans:
            if start >= piece.end or end <= piece.start:
                continue
            if start >= piece.start:
                kept += (piece.text[at - piece.start : start - piece.start], mark(number))
            at = min(end, piece.end)
        if at == piece.start:
            continue
        kept.append(piece.text[at - piece.start :])
        if piece.element.tag in _SPACES:
            _remove(piece.element)
            continue
        piece.element.text = "".join(kept)
        if piece.element.tag == _TEXT:
            piece.element.set(XML_SPACE, "preserve")


def mark(number: int) -> str:
    """Return the mark that stands for tag `number` until the part is cut into pieces."""
    return f"{OPEN}{number}{CLOSE}"


def _around(text: str, at: int) -> str:
    return text[max(0, at - 20) : at + 20]


def _is_in_run(element: "etree._Element") -> bool:
    parent = element.getparent()
    return parent is not None and parent.tag == _RUN


def _remove(element: "etree._Element") -> None:
    parent = element.getparent()
    assert parent is not None  # it stands in a run
    parent.remove(element)
