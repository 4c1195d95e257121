"""Gathering letters: each begins on a fresh page with page number 1, headers its own."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from lxml import etree

from postloan_archive.kernel.errors import RuleError, _l
from postloan_archive.wordgen.container import packed
from postloan_archive.wordgen.merging.numbering import Lists, Styles, rename_styles
from postloan_archive.wordgen.merging.target import Relation, Source, Target
from postloan_archive.wordgen.ooxml import (
    DECLARATION,
    OFFICE_REL,
    WORD_TYPE,
    parse,
    to_bytes,
    w,
)

_R: Final = f"{{{OFFICE_REL}}}"
_MC_IGNORABLE: Final = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Ignorable"
_SECTION_START: Final = (
    "headerReference",
    "footerReference",
    "footnotePr",
    "endnotePr",
    "type",
)
_BEFORE_NUMBERS: Final = (
    *_SECTION_START,
    "pgSz",
    "pgMar",
    "paperSrc",
    "pgBorders",
    "lnNumType",
)
_KINDS: Final = ("default", "first", "even")
_BODY: Final = re.compile(r"^<w:body[^>]*?(/?)>")


class Start(StrEnum):
    """Where a letter begins: on a right-hand page for the printer, or on the next page."""

    ODD_PAGE = "oddPage"
    NEXT_PAGE = "nextPage"


class CannotMergeError(RuleError):
    """A letter holds something that cannot be gathered with others."""

    next_step = _l("请分别打印这些信函。")

    def __init__(self, *, number: int, what: str) -> None:
        super().__init__(
            _l("第 {number} 封信含有{what}，不能合并打印。"), number=number, what=what
        )


class NothingToMergeError(RuleError):
    """No letter was given."""

    def __init__(self) -> None:
        super().__init__(_l("没有可以合并的信函。"))


def merge_print_file(
    letters: Iterable[bytes], *, start: Start = Start.ODD_PAGE, bookmark: str = ""
) -> bytes:
    """Return one .docx with all letters in their order, each a section of its own.

    Args:
        letters: .docx files, at least one.
        start: where each letter begins.
        bookmark: when given, each letter begins with a bookmark of this name and its number,
            from 1, so that its pages can be found in a PDF.

    Raises:
        CannotMergeError: a letter has footnotes or endnotes.
        TemplateRefusedError: a letter is no .docx.
        NothingToMergeError: no letter was given.
    """
    gathering: _Gathering | None = None
    for number, data in enumerate(letters, start=1):
        source = Source.of(data)
        if gathering is None:
            gathering = _Gathering.begin(source, start, bookmark)
        gathering.take(source, number)
    if gathering is None:
        raise NothingToMergeError
    return gathering.finish()


@dataclass(slots=True)
class _Gathering:
    """The document as it grows; bodies are kept as text, which takes a tenth of the trees."""

    target: Target
    lists: Lists
    styles: Styles
    start: Start
    bookmark: str
    bodies: list[str] = field(default_factory=list)
    namespaces: dict[str | None, str] = field(default_factory=dict)
    ignorable: dict[str, None] = field(default_factory=dict)
    last_section: "etree._Element | None" = None
    last_id: int = 0

    @classmethod
    def begin(cls, source: Source, start: Start, bookmark: str) -> "_Gathering":
        target = Target.from_letter(source)
        return cls(target, Lists.of(target), Styles.of(target), start, bookmark)

    def take(self, source: Source, number: int) -> None:
        root = parse(source.members[source.main].unpack())
        body = root.find(w("body"))
        if (
            body is None
            or next(root.iter(w("footnoteReference"), w("endnoteReference")), None) is not None
        ):
            raise CannotMergeError(number=number, what=_l("脚注或尾注"))
        self._close_section()
        names = self.styles.take(source)
        rename_styles(body, names)
        self.lists.take(source, body)
        self._rename_bookmarks(body, number)
        self._take_relations(source, root, count_pages=_has_one_section(body))
        self.last_section = _last_section(body)
        self._start_fresh(body)
        if self.bookmark:
            self._set_bookmark(body, number)
        self._keep(root, body)

    def _take_relations(
        self, source: Source, root: "etree._Element", *, count_pages: bool
    ) -> None:
        relations = source.relations(source.main)
        if count_pages:
            _count_section_pages(root)
            source = _with_section_pages(source, relations)
        for element in root.iter("*"):
            for name, value in element.attrib.items():
                if str(name).startswith(_R) and value in relations:
                    element.set(name, self.target.take_relation(source, relations[str(value)]))

    def _rename_bookmarks(self, body: "etree._Element", number: int) -> None:
        names: dict[str, str] = {}
        ids: dict[str, str] = {}
        for mark in body.iter(w("bookmarkStart"), w("bookmarkEnd")):
            old = str(mark.get(w("id")))
            if old not in ids:
                self.last_id += 1
                ids[old] = str(self.last_id)
            mark.set(w("id"), ids[old])
            name = mark.get(w("name"))
            if name is not None:
                names[str(name)] = f"{name}_{number}"[-40:]
                mark.set(w("name"), names[str(name)])
        for link in body.iter(w("hyperlink")):
            anchor = link.get(w("anchor"))
            if anchor in names:
                link.set(w("anchor"), names[str(anchor)])

    def _set_bookmark(self, body: "etree._Element", number: int) -> None:
        paragraph = next(body.iter(w("p")), None)
        if paragraph is None:
            paragraph = etree.SubElement(body, w("p"))
        self.last_id += 1
        place = 1 if paragraph.find(w("pPr")) is not None else 0
        for name in ("bookmarkEnd", "bookmarkStart"):
            mark = etree.Element(w(name))
            mark.set(w("id"), str(self.last_id))
            if name == "bookmarkStart":
                mark.set(w("name"), f"{self.bookmark}{number}")
            paragraph.insert(place, mark)

    def _start_fresh(self, body: "etree._Element") -> None:
        """Let the first section of a letter begin on its page, number 1, own headers."""
        first = next(body.iter(w("sectPr")), self.last_section)
        assert first is not None  # `_last_section` has seen to it
        kind = first.find(w("type"))
        if kind is None:
            kind = _insert(first, "type", _SECTION_START[:-1])
        kind.set(w("val"), self.start.value)
        numbers = first.find(w("pgNumType"))
        if numbers is None:
            numbers = _insert(first, "pgNumType", _BEFORE_NUMBERS)
        numbers.set(w("start"), "1")
        for what in ("header", "footer"):
            present = {one.get(w("type")) for one in first.findall(w(f"{what}Reference"))}
            for missing in [kind for kind in _KINDS if kind not in present]:
                reference = etree.Element(w(f"{what}Reference"))
                reference.set(w("type"), missing)
                reference.set(f"{_R}id", self._empty(what))
                first.insert(0, reference)

    def _empty(self, what: str) -> str:
        """Return the relation to an empty header, so that none comes from the letter before."""
        name = f"word/{what}L0.xml"
        if name not in self.target.members:
            short = "hdr" if what == "header" else "ftr"
            root = etree.Element(w(short), nsmap={"w": w("")[1:-1]})
            etree.SubElement(root, w("p"))
            kind = f"{WORD_TYPE}{what}+xml"
            self.target.put(name, packed(name, to_bytes(root)), kind)
        return self.target.relate(what, name)

    def _close_section(self) -> None:
        """End the letter before: its section goes into a last, tiny paragraph."""
        if self.last_section is not None:
            self.bodies.append(
                '<w:p><w:pPr><w:spacing w:before="0" w:after="0" w:line="20" '
                'w:lineRule="exact"/><w:rPr><w:sz w:val="2"/></w:rPr>'
                f"{self._text(self.last_section)}</w:pPr></w:p>"
            )

    def _keep(self, root: "etree._Element", body: "etree._Element") -> None:
        for prefix, address in root.nsmap.items():
            self.namespaces.setdefault(prefix, address)
        for prefix in str(root.get(_MC_IGNORABLE, "")).split():
            self.ignorable[prefix] = None
        if any(self.namespaces[prefix] != address for prefix, address in root.nsmap.items()):
            self.bodies += map(self._text, body)  # each with the declarations it needs
            return
        text = self._text(body)
        opening = _BODY.match(text)
        if opening and not opening[1]:
            self.bodies.append(text[opening.end() : text.rfind("</w:body>")])

    def _text(self, element: "etree._Element") -> str:
        """Return an element without the declarations that the gathered document makes."""
        text = etree.tostring(element, encoding="unicode", with_tail=False)
        head, sign, rest = text.partition(">")
        for prefix, address in self.namespaces.items():
            name = f"xmlns:{prefix}" if prefix else "xmlns"
            head = head.replace(f' {name}="{address}"', "")
        return head + sign + rest

    def finish(self) -> bytes:
        """Return the .docx."""
        assert self.last_section is not None  # at least one letter was taken
        self.lists.write()
        self.styles.write()
        names = "".join(
            f' xmlns:{prefix}="{address}"' if prefix else f' xmlns="{address}"'
            for prefix, address in self.namespaces.items()
        )
        if self.ignorable:
            prefix = next(key for key, one in self.namespaces.items() if one in _MC_IGNORABLE)
            names += f' {prefix}:Ignorable="{" ".join(self.ignorable)}"'
        text = "".join((
            DECLARATION, f"<w:document{names}><w:body>", *self.bodies,
            self._text(self.last_section), "</w:body></w:document>",
        ))  # fmt: skip
        return self.target.written(text.encode())


def _last_section(body: "etree._Element") -> "etree._Element":
    """Take the section of the end out of a body, or make one."""
    last = body.find(w("sectPr"))
    if last is None:
        return etree.Element(w("sectPr"))
    body.remove(last)
    return last


def _has_one_section(body: "etree._Element") -> bool:
    return sum(1 for _ in body.iter(w("sectPr"))) <= 1


def _count_section_pages(root: "etree._Element") -> None:
    """Let “of n pages” count the pages of the letter, not those of the whole pile."""
    for code in root.iter(w("instrText")):
        code.text = re.sub(r"\bNUMPAGES\b", "SECTIONPAGES", code.text or "")
    for simple in root.iter(w("fldSimple")):
        changed = re.sub(r"\bNUMPAGES\b", "SECTIONPAGES", str(simple.get(w("instr"), "")))
        simple.set(w("instr"), changed)


def _with_section_pages(source: Source, relations: "dict[str, Relation]") -> Source:
    """Return the letter with the same change in its headers and footers."""
    members = dict(source.members)
    for relation in relations.values():
        if relation.kind.rsplit("/", 1)[-1] not in {"header", "footer"}:
            continue
        data = members[relation.target].unpack()
        if b"NUMPAGES" in data:
            root = parse(data)
            _count_section_pages(root)
            members[relation.target] = packed(relation.target, to_bytes(root))
    return Source(members, source.types, source.main)


def _insert(section: "etree._Element", name: str, before: tuple[str, ...]) -> "etree._Element":
    """Insert a setting of a section at the place that the schema gives it."""
    tags = set(map(w, before))
    place = sum(1 for one in section if one.tag in tags)
    element = etree.Element(w(name))
    section.insert(place, element)
    return element
