"""The document that letters are gathered in: its parts, relations and content types."""

import posixpath
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Final
from xml.sax.saxutils import quoteattr

from lxml import etree

from postloan_archive.wordgen.container import Member, packed, read_zip, write_zip
from postloan_archive.wordgen.ooxml import (
    CONTENT_TYPES,
    DECLARATION,
    OFFICE_REL,
    PACKAGE_REL,
    parse,
)
from postloan_archive.wordgen.safety import MAIN_TYPE, TYPES_NAME, content_types

_RELATION: Final = f"{{{PACKAGE_REL}}}Relationship"


@dataclass(frozen=True, slots=True)
class Relation:
    """A line of a .rels part; `target` is a member name, or an address outside."""

    kind: str
    target: str
    outside: bool


@dataclass(slots=True)
class Source:
    """A letter to be taken in."""

    members: dict[str, Member]
    types: dict[str, str]
    main: str

    @classmethod
    def of(cls, data: bytes) -> "Source":
        """Return the letter.

        Raises:
            TemplateRefusedError: not a .docx.
        """
        members = read_zip(data)
        types = content_types(members)
        return cls(members, types, next(name for name in types if types[name] == MAIN_TYPE))

    def relations(self, part: str) -> dict[str, Relation]:
        """Return the relations of a part by their id."""
        member = self.members.get(relations_name(part))
        if member is None:
            return {}
        return {
            str(one.get("Id")): _relation(one, part)
            for one in parse(member.unpack()).iter(_RELATION)
        }

    def related(self, kind: str) -> str | None:
        """Return the part of the document with a kind of relation: styles, numbering."""
        ending = f"/{kind}"
        found = (one for one in self.relations(self.main).values() if one.kind.endswith(ending))
        return next((one.target for one in found), None)


@dataclass(slots=True)
class Target:
    """What will be written; it begins as the first letter without its text."""

    base: Source
    members: dict[str, Member]
    relations: dict[str, Relation]
    own_types: dict[str, str] = field(default_factory=dict)
    copies: dict[bytes, str] = field(default_factory=dict)
    known: dict[Relation, str] = field(default_factory=dict)
    last: int = 0

    @classmethod
    def from_letter(cls, base: Source) -> "Target":
        """Return a target with the styles and settings of a letter."""
        gone = {TYPES_NAME, base.main, relations_name(base.main)}
        members = {name: one for name, one in base.members.items() if name not in gone}
        return cls(base, members, base.relations(base.main))

    def take_relation(self, source: Source, relation: Relation) -> str:
        """Return the id of a relation of a letter in the gathered document."""
        if not relation.outside:
            relation = Relation(relation.kind, self.take_part(source, relation.target), False)  # noqa: FBT003  # a field
        if relation not in self.known:
            self.last += 1
            self.known[relation] = f"rIdL{self.last}"
            self.relations[self.known[relation]] = relation
        return self.known[relation]

    def take_part(self, source: Source, name: str) -> str:
        """Copy a part and what it relates to; the same content is copied once."""
        relations = source.relations(name)
        taken = {
            key: one
            if one.outside
            else Relation(one.kind, self.take_part(source, one.target), outside=False)
            for key, one in relations.items()
        }  # fmt: skip
        member = source.members[name]
        digest = sha256(
            member.packed + repr((member.crc, source.types[name], taken)).encode()
        ).digest()
        if digest not in self.copies:
            stem, dot, ending = name.rpartition(".")
            fresh = f"{stem.rstrip('0123456789')}L{len(self.copies) + 1}{dot}{ending}"
            self.copies[digest] = fresh
            self.put(fresh, member, source.types[name])
            if taken:
                self.members[relations_name(fresh)] = packed(
                    relations_name(fresh), relations_xml(taken)
                )
        return self.copies[digest]

    def put(self, name: str, member: Member, kind: str) -> None:
        """Add a part under a name."""
        self.members[name] = Member(
            name=name, method=member.method, crc=member.crc, size=member.size,
            packed=member.packed,
        )  # fmt: skip
        self.own_types[name] = kind

    def replace(self, name: str, data: bytes) -> None:
        """Write a part that the base has."""
        self.members[name] = packed(name, data)

    def relate(self, kind: str, name: str) -> str:
        """Return the id of a relation of the document to a part of its own."""
        relation = Relation(f"{OFFICE_REL}/{kind}", name, False)  # noqa: FBT003  # a field
        if relation not in self.known:
            self.last += 1
            self.known[relation] = f"rIdL{self.last}"
            self.relations[self.known[relation]] = relation
        return self.known[relation]

    def written(self, document: bytes) -> bytes:
        """Return the .docx."""
        main = self.base.main
        return write_zip(
            (
                packed(TYPES_NAME, self._types()),
                *self.members.values(),
                packed(main, document),
                packed(relations_name(main), relations_xml(self.relations)),
            )
        )

    def _types(self) -> bytes:
        root = parse(self.base.members[TYPES_NAME].unpack())
        for name, kind in self.own_types.items():
            entry = etree.SubElement(root, f"{{{CONTENT_TYPES}}}Override")
            entry.set("PartName", f"/{name}")
            entry.set("ContentType", kind)
        return (DECLARATION + etree.tostring(root, encoding="unicode")).encode()


def relations_name(part: str) -> str:
    """Return the name of the relations of a part."""
    folder, name = posixpath.split(part)
    return posixpath.join(folder, "_rels", f"{name}.rels")


def relations_xml(relations: Mapping[str, Relation]) -> bytes:
    """Return a .rels part; targets are written from the root of the package."""
    return "".join((
        DECLARATION, f'<Relationships xmlns="{PACKAGE_REL}">', *_lines(relations),
        "</Relationships>",
    )).encode()  # fmt: skip


def _lines(relations: Mapping[str, Relation]) -> Iterator[str]:
    for key, one in relations.items():
        target = one.target if one.outside else f"/{one.target}"
        mode = ' TargetMode="External"' if one.outside else ""
        yield (f"<Relationship Id={quoteattr(key)} Type={quoteattr(one.kind)} "
               f"Target={quoteattr(target)}{mode}/>")  # fmt: skip


def _relation(element: "etree._Element", part: str) -> Relation:
    target = str(element.get("Target", ""))
    outside = str(element.get("TargetMode", "")) == "External"
    if not outside:
        folder = posixpath.dirname(part)
        target = posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")
    return Relation(str(element.get("Type", "")), target, outside)
