"""Checking a Word template against the letter that fills it; its fields by name."""

from collections.abc import Collection
from dataclasses import dataclass

from postloan_archive.notices.letters import LETTERS, Letter
from postloan_archive.notices.rules.field_notes import FIELD_NOTES
from postloan_archive.notices.rules.fields import NOTICES
from postloan_archive.notices.templates import template_bytes
from postloan_archive.wordgen import Fault, check_template, compile_template, field_paths


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldRow:
    """One blank of a letter: its name in the template, what it prints, whether it is used."""

    name: str
    label: str
    used: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateRow:
    """One template of the product with the letter that fills it."""

    code: str
    title: str
    template: str
    size: int
    fields: tuple[FieldRow, ...]
    faults: tuple[Fault, ...]


def check(letter: type[Letter], data: bytes) -> list[Fault]:
    """Return every fault of a template for a letter, in the order of the document."""
    return check_template(data, field_paths(letter))


def is_warning(fault: Fault) -> bool:
    """Return whether a fault is of this machine only: a font to be installed."""
    return fault.code == "missing_font"


def row_of(letter: type[Letter]) -> TemplateRow:
    """Return the template in use for a letter, checked."""
    data = template_bytes(letter.template)
    used = compile_template(data).fields
    return TemplateRow(
        code=letter.code,
        title=NOTICES[letter.code].title,
        template=letter.template,
        size=len(data),
        fields=fields_of(letter, used),
        faults=tuple(check(letter, data)),
    )


def fields_of(letter: type[Letter], used: Collection[str]) -> tuple[FieldRow, ...]:
    """Return the blanks of a letter by name."""
    return tuple(
        FieldRow(
            name=name,
            label=FIELD_NOTES[name].label if name in FIELD_NOTES else name,
            used=name in used,
        )
        for name in sorted(field_paths(letter))
    )


def rows() -> list[TemplateRow]:
    """Return every template of the letters, in the order of the rule."""
    return [row_of(letter) for letter in LETTERS]
