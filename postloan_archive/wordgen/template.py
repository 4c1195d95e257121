"""A compiled template, filled for each letter; only changed parts are written anew."""

import posixpath
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final
from xml.sax.saxutils import quoteattr

from postloan_archive.wordgen.container import Member, packed, write_zip
from postloan_archive.wordgen.filters import Filter
from postloan_archive.wordgen.inspection import Inspection, inspect
from postloan_archive.wordgen.ooxml import DECLARATION, OFFICE_REL, PACKAGE_REL
from postloan_archive.wordgen.program import Program
from postloan_archive.wordgen.safety import MAIN_TYPE, TEMPLATE_TYPE, TYPES_NAME
from postloan_archive.wordgen.values import Picture, plain_values
from postloan_archive.wordgen.work import CURRENT, Work

_END_OF_RELATIONS: Final = b"</Relationships>"
_END_OF_TYPES: Final = b"</Types>"
_NO_RELATIONS: Final = f'{DECLARATION}<Relationships xmlns="{PACKAGE_REL}"></Relationships>'


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """A template ready to be filled; safe to share between threads.

    Attributes:
        fields: dotted paths of the fields it uses, as `loan.no`, `payments.amount`.
    """

    fields: frozenset[str]
    _programs: tuple[Program, ...] = field(repr=False)
    _members: dict[str, Member] = field(repr=False)

    def render(self, values: Mapping[str, object] | object) -> bytes:
        """Return the letter as .docx; the same values give the same bytes.

        Args:
            values: a mapping or a dataclass; nested mappings, dataclasses and lists are walked.

        Raises:
            LetterError: a value is missing or cannot be printed, or a limit was passed; the
                sentence names the place, the tag and the field.
        """
        plain = plain_values(values)
        work = Work()
        token = CURRENT.set(work)
        changed: dict[str, Member] = {}
        images: dict[str, Picture] = {}
        try:
            for program in self._programs:
                work.pictures = {}
                changed[program.part] = packed(program.part, program.run(plain, work))
                if work.pictures:
                    self._relate(program.part, work.pictures, changed, images)
        finally:
            CURRENT.reset(token)
        if images:
            self._declare(images, changed)
        members = {**self._members, **changed}
        return write_zip(members.values())

    def _relate(
        self,
        part: str,
        pictures: Mapping[Picture, str],
        changed: dict[str, Member],
        images: dict[str, Picture],
    ) -> None:
        """Add the pictures of a part to its relations."""
        folder, name = posixpath.split(part)
        relations = f"{folder}/_rels/{name}.rels"
        old = self._members.get(relations)
        data = _opened(old.unpack() if old else _NO_RELATIONS.encode(), "Relationships")
        for picture, relation in pictures.items():
            target = next((one for one, image in images.items() if image == picture), None)
            if target is None:
                target = f"word/media/letter{len(images) + 1}.{picture.extension}"
                images[target] = picture
            entry = (f'<Relationship Id="{relation}" Type="{OFFICE_REL}/image" '
                     f'Target={quoteattr("/" + target)}/>')  # fmt: skip
            data = data.replace(_END_OF_RELATIONS, entry.encode() + _END_OF_RELATIONS)
        changed[relations] = packed(relations, data)

    def _declare(self, images: Mapping[str, Picture], changed: dict[str, Member]) -> None:
        """Add the images themselves and their content types."""
        types = self._members[TYPES_NAME].unpack()
        for target, picture in images.items():
            changed[target] = packed(target, picture.data)
            kind = f"image/{picture.extension}"
            entry = f'<Override PartName={quoteattr("/" + target)} ContentType="{kind}"/>'
            types = types.replace(_END_OF_TYPES, entry.encode() + _END_OF_TYPES)
        changed[TYPES_NAME] = packed(TYPES_NAME, types)


def compile_template(data: bytes, *, filters: Mapping[str, Filter] | None = None) -> Template:
    """Return the compiled template.

    Args:
        data: the .docx (or .dotx), with tags in the syntax of docxtpl.
        filters: further formats by name, as `upper` for an amount in words.

    Raises:
        TemplateRefusedError: the template has faults; all of them are in it.
    """
    found = inspect(data, filters or {})
    programs = found.programs()
    names = {program.part for program in programs}
    members = {name: one for name, one in found.members.items() if name not in names}
    _as_document(found, members)
    fields = frozenset(path for part in found.parts for _, path in part.uses)
    return Template(fields=fields, _programs=programs, _members=members)


def _as_document(found: Inspection, members: dict[str, Member]) -> None:
    """Make a document of a .dotx, so that Word opens a letter and not a new template."""
    types = found.contents[TYPES_NAME]
    changed = types.replace(f'"{TEMPLATE_TYPE}"'.encode(), f'"{MAIN_TYPE}"'.encode())
    if changed != types:
        members[TYPES_NAME] = packed(TYPES_NAME, changed)


def _opened(data: bytes, name: str) -> bytes:
    """Return relations with an end tag to write before, also where there were none."""
    if _END_OF_RELATIONS in data:
        return data
    head = data.rstrip()
    return head[: head.rfind(b"/>")] + f"></{name}>".encode()
