"""Styles and lists of gathered letters: shared where equal, renamed or copied where not."""

import copy
from dataclasses import dataclass, field
from typing import Final

from lxml import etree

from postloan_archive.wordgen.merging.target import Source, Target
from postloan_archive.wordgen.ooxml import parse, to_bytes, w

_STYLE_USES: Final = tuple(map(w, ("pStyle", "rStyle", "tblStyle")))
_STYLE_LINKS: Final = tuple(map(w, ("basedOn", "next", "link", "numStyleLink", "styleLink")))


@dataclass(slots=True)
class Lists:
    """The numbering of the gathered document: each letter has lists of its own."""

    target: Target
    name: str | None
    root: "etree._Element | None"
    last_list: int = 0
    last_kind: int = 0
    made: bool = False
    roots: dict[int, "etree._Element"] = field(default_factory=dict)

    @classmethod
    def of(cls, target: Target) -> "Lists":
        """Return the lists of the first letter."""
        name = target.base.related("numbering")
        root = None if name is None else parse(target.base.members[name].unpack())
        lists = cls(target, name, root)
        if root is not None:
            lists.last_list = _largest(root, w("num"), w("numId"))
            lists.last_kind = _largest(root, w("abstractNum"), w("abstractNumId"))
        return lists

    def take(self, source: Source, body: "etree._Element") -> None:
        """Give the lists of a letter numbers of their own."""
        name = source.related("numbering")
        used = {one for one in body.iter(w("numId")) if one.get(w("val")) not in {None, "0"}}
        if name is None or not used:
            return
        member = source.members[name]
        theirs = self.roots.setdefault(member.crc, parse(member.unpack()))
        if self.root is None:
            self.root = parse(etree.tostring(theirs))
            for child in list(self.root):
                self.root.remove(child)
            self.name = "word/numberingL.xml"
            self.target.own_types[self.name] = source.types[name]
            self.target.relate("numbering", self.name)
        numbers: dict[str, str] = {}
        for element in used:
            old = str(element.get(w("val")))
            if old not in numbers:
                numbers[old] = self._copy(theirs, old)
            element.set(w("val"), numbers[old])

    def _copy(self, theirs: "etree._Element", number: str) -> str:
        assert self.root is not None  # made by `take`
        line = next(
            (one for one in theirs.iter(w("num")) if one.get(w("numId")) == number), None
        )
        kind = None if line is None else line.find(w("abstractNumId"))
        if line is None or kind is None:
            return number
        wanted = kind.get(w("val"))
        shape = next(
            (
                one
                for one in theirs.iter(w("abstractNum"))
                if one.get(w("abstractNumId")) == wanted
            ),
            None,
        )
        if shape is None:
            return number
        self.last_kind += 1
        self.last_list += 1
        shape, line = copy.deepcopy(shape), copy.deepcopy(line)
        shape.set(w("abstractNumId"), str(self.last_kind))
        for twin in shape.findall(w("nsid")):
            shape.remove(twin)  # Word joins lists of the same nsid
        line.set(w("numId"), str(self.last_list))
        line.find(w("abstractNumId")).set(w("val"), str(self.last_kind))  # type: ignore[union-attr]  # found above
        kinds = self.root.findall(w("abstractNum"))
        self.root.insert(self.root.index(kinds[-1]) + 1 if kinds else 0, shape)
        lines = self.root.findall(w("num"))
        self.root.insert(self.root.index(lines[-1]) + 1 if lines else len(self.root), line)
        return str(self.last_list)

    def write(self) -> None:
        """Put the part into the target."""
        if self.root is not None and self.name is not None:
            self.target.replace(self.name, to_bytes(self.root))


@dataclass(slots=True)
class Styles:
    """The styles of the gathered document; those of other templates get new names."""

    target: Target
    name: str | None
    root: "etree._Element | None"
    renamed: dict[int, dict[str, str]] = field(default_factory=dict)

    @classmethod
    def of(cls, target: Target) -> "Styles":
        """Return the styles of the first letter."""
        name = target.base.related("styles")
        if name is None:
            return cls(target, None, None)
        member = target.base.members[name]
        return cls(target, name, parse(member.unpack()), {member.crc: {}})

    def take(self, source: Source) -> dict[str, str]:
        """Return how the styles of a letter are called in the gathered document."""
        name = source.related("styles")
        if name is None or self.root is None:
            return {}
        member = source.members[name]
        if member.crc not in self.renamed:
            self.renamed[member.crc] = self._copy(parse(member.unpack()))
        return self.renamed[member.crc]

    def _copy(self, theirs: "etree._Element") -> dict[str, str]:
        assert self.root is not None  # asked before
        ending = f"L{len(self.renamed)}"
        styles = theirs.findall(w("style"))
        names = {
            str(one.get(w("styleId"))): f"{one.get(w('styleId'))}{ending}" for one in styles
        }
        for style in styles:
            style.set(w("styleId"), names[str(style.get(w("styleId")))])
            if style.get(w("default")) == "1":
                del style.attrib[w("default")]
                names[f"default {style.get(w('type'))}"] = str(style.get(w("styleId")))
            title = style.find(w("name"))
            if title is not None:
                title.set(w("val"), f"{title.get(w('val'))} {ending}")
            for link in style.iter(*_STYLE_LINKS):
                link.set(w("val"), names.get(str(link.get(w("val"))), str(link.get(w("val")))))
            self.root.append(style)
        return names

    def write(self) -> None:
        """Put the part into the target where it has grown."""
        if self.root is not None and self.name is not None and len(self.renamed) > 1:
            self.target.replace(self.name, to_bytes(self.root))


def rename_styles(root: "etree._Element", names: dict[str, str]) -> None:
    """Let a letter use its styles by their new names."""
    if not names:
        return
    for use in root.iter(*_STYLE_USES):
        use.set(w("val"), names.get(str(use.get(w("val"))), str(use.get(w("val")))))
    plain = names.get("default paragraph")
    for paragraph in root.iter(w("p")) if plain else ():
        settings = paragraph.find(w("pPr"))
        if settings is None:
            settings = etree.Element(w("pPr"))
            paragraph.insert(0, settings)
        if settings.find(w("pStyle")) is None:
            style = etree.Element(w("pStyle"))
            style.set(w("val"), str(plain))
            settings.insert(0, style)


def _largest(root: "etree._Element", tag: str, attribute: str) -> int:
    return max((int(str(one.get(attribute, "0"))) for one in root.iter(tag)), default=0)
