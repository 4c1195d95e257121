"""Looking at a template once: its parts, its tags, and every fault at the same time."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from jinja2 import nodes
from lxml import etree

from postloan_archive.wordgen.container import Member, read_zip
from postloan_archive.wordgen.faults import Fault, TemplateRefusedError, excerpt_of
from postloan_archive.wordgen.fields import Tracer
from postloan_archive.wordgen.filters import Filter
from postloan_archive.wordgen.ooxml import WORD_TYPE, is_strict, parse, w
from postloan_archive.wordgen.program import (
    BROKEN,
    ESCAPES,
    Program,
    compile_part,
    parse_part,
    parse_tag,
)
from postloan_archive.wordgen.safety import content_types, package_faults, part_faults
from postloan_archive.wordgen.sandbox import LetterEnvironment
from postloan_archive.wordgen.structure import Pieces, balance, cut
from postloan_archive.wordgen.tags import (
    CLOSE,
    OPEN,
    Scan,
    Tag,
    mark_paragraphs,
    mark_properties,
)

MAX_DEPTH: Final = 12
MAX_TAGS: Final = 5_000

_WORD_PARTS: Final = frozenset(
    f"{WORD_TYPE}{name}+xml"
    for name in ("document.main", "template.main", "header", "footer", "footnotes", "endnotes")
)
_PROPERTY_PARTS: Final = frozenset({
    "application/vnd.openxmlformats-package.core-properties+xml",
    "application/vnd.openxmlformats-officedocument.extended-properties+xml",
    "application/vnd.openxmlformats-officedocument.custom-properties+xml",
})  # fmt: skip
_SILENT_PARTS: Final = ("comments", "glossary", "customXml", "people")
_BRACES: Final = (b"{", b"}", "｛".encode(), "｝".encode())
_SIGNS: Final = (b"{{", b"{%", "｛｛".encode(), b"{\0{\0")
_W_NAMESPACE: Final = w("p")[1:].partition("}")[0]


@dataclass(slots=True)
class Part:
    """A part with tags, on its way to a program."""

    name: str
    scan: Scan
    pieces: Pieces
    tree: nodes.Template | None = None
    uses: list[tuple[Tag, str]] = field(default_factory=list)


@dataclass(slots=True)
class Inspection:
    """What a template holds.

    Attributes:
        faults: what keeps it from being used.
        style: what prints, but not as the author meant.
        contents: the XML parts, unpacked.
    """

    members: dict[str, Member]
    types: dict[str, str]
    env: LetterEnvironment
    contents: dict[str, bytes] = field(default_factory=dict)
    parts: list[Part] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    style: list[Fault] = field(default_factory=list)

    def programs(self) -> tuple[Program, ...]:
        """Return the compiled parts.

        Raises:
            TemplateRefusedError: the template has faults.
        """
        made: list[Program] = []
        for part in self.parts if not self.faults else ():
            assert part.tree is not None  # no faults, so it was parsed
            try:
                made.append(
                    compile_part(part.name, part.pieces, part.scan.tags, part.tree, self.env)
                )
            except BROKEN as error:
                reason = str(error)[:120]
                self.faults.append(
                    Fault(code="structure", facts={"reason": reason}, part=part.name)
                )
        if self.faults:
            raise TemplateRefusedError(self.faults)
        return tuple(made)


def inspect(data: bytes, filters: Mapping[str, Filter]) -> Inspection:
    """Look at a whole template.

    Raises:
        TemplateRefusedError: the file cannot be read at all, or breaks a limit.
    """
    members = read_zip(data)
    types = content_types(members)
    found = Inspection(members, types, LetterEnvironment(filters))
    for name, member in members.items():
        content = member.unpack()  # every CRC is checked, since members are copied as they lie
        if name.lower().endswith((".xml", ".rels")) or types[name].endswith("xml"):
            found.contents[name] = content
    found.faults += package_faults(members, types, found.contents)
    for name, content in found.contents.items():
        if not name.lower().endswith(".rels"):
            _inspect_content(found, name, content)
    count = sum(len(part.scan.tags) for part in found.parts)
    if count > MAX_TAGS:
        found.faults.append(Fault(code="too_many", facts={"count": count, "limit": MAX_TAGS}))
    return found


def _inspect_content(found: Inspection, name: str, content: bytes) -> None:
    kind = found.types[name]
    is_word, is_property = kind in _WORD_PARTS, kind in _PROPERTY_PARTS
    may_have_tags = any(sign in content for sign in _BRACES)
    if not (is_word or (is_property and may_have_tags)):
        tags_here = any(sign in content for sign in _SIGNS)
        if tags_here and not is_property and not any(word in name for word in _SILENT_PARTS):
            found.faults.append(Fault(code="bad_place", facts={"where": name}, part=name))
        return
    try:
        root = parse(content)
    except etree.XMLSyntaxError as error:
        reason = f"{name} 不是合格的 XML（{str(error)[:60]}）"
        found.faults.append(Fault(code="not_docx", facts={"reason": reason}))
        return
    if root.getroottree().docinfo.internalDTD is not None:
        return  # already a fault of the package
    if is_word and (is_strict(root) or root.nsmap.get("w") != _W_NAMESPACE):
        reason = "使用了 Strict 格式或非标准前缀"
        found.faults.append(Fault(code="not_docx", facts={"reason": reason}))
        return
    text = content.decode("utf-8", "replace")
    if OPEN in text or CLOSE in text:
        found.faults.append(Fault(code="not_docx", facts={"reason": "含有非法字符 U+FDD0"}))
        return
    if is_word:
        found.faults += part_faults(root, name)
    if may_have_tags:
        _inspect_tags(found, name, root, text, properties=is_property)


def _inspect_tags(
    found: Inspection, name: str, root: "etree._Element", text: str, *, properties: bool
) -> None:
    scan = mark_properties(root, name) if properties else mark_paragraphs(root, name)
    scan.faults += _left_over(root, name, scan)
    used = list(_check_tags(scan, found.env))
    if scan.tags or any(typed in text for typed, _ in ESCAPES):
        pieces = cut(root, scan, properties=properties)
        scan.faults += balance(scan, pieces, limit=MAX_DEPTH)
        part = Part(name, scan, pieces, uses=used)
        found.parts.append(part)
        if not scan.faults:
            _parse(part, found.env)
    found.faults += _without_twins(scan.faults)
    found.style += _without_twins(scan.style)


def _parse(part: Part, env: LetterEnvironment) -> None:
    try:
        part.tree = parse_part(part.pieces, part.scan.tags, env)
    except BROKEN as error:
        fault = Fault(code="structure", facts={"reason": str(error)[:120]}, part=part.name)
        part.scan.faults.append(fault)


def _check_tags(scan: Scan, env: LetterEnvironment) -> Iterator[tuple[Tag, str]]:
    """Note what is wrong with each tag and yield the fields it uses."""
    tracer = Tracer()
    for tag in scan.tags:
        if tag.opening == "{#":
            continue
        tree, faults = parse_tag(tag, env)
        scan.faults += faults
        if tree is not None:
            word = tag.word if tag.opening == "{%" else ""
            yield from ((tag, path) for path in tracer.read(word, tree))


def _left_over(root: "etree._Element", name: str, scan: Scan) -> Iterator[Fault]:
    """Yield tags in places where they would be printed as they stand."""
    plain = etree.tostring(root, encoding="unicode")
    if "{{" not in plain and "{%" not in plain:
        return  # every tag stands where a mark has replaced it
    for element in root.iter("*"):
        texts = [str(value) for key, value in element.attrib.items() if key != w("instr")]
        if element.tag not in {w("t"), w("instrText")}:
            texts.append(element.text or "")
        for text in texts:
            if "{{" in text or "{%" in text:
                where = str(element.tag).rsplit("}", 1)[-1]
                code = "tracked_change" if where == "delText" else "bad_place"
                paragraph = element if element.tag == w("p") else next(
                    element.iterancestors(w("p")), None)  # fmt: skip
                number = scan.paragraphs.get(paragraph, 0) if paragraph is not None else 0
                yield Fault(code=code, facts={"where": where}, part=name, paragraph=number,
                            excerpt=excerpt_of(text))  # fmt: skip


def _without_twins(faults: list[Fault]) -> list[Fault]:
    """Return the faults without those of the fallback copy of a drawing."""
    seen: dict[tuple[str, int, str], Fault] = {}
    for fault in faults:
        seen.setdefault((fault.code, fault.paragraph, fault.excerpt), fault)
    return list(seen.values())
