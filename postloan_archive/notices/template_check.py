"""Checking a Word template against the letter that fills it; its fields by name."""

import dataclasses
import typing
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final

from postloan_archive.kernel.errors import _l
from postloan_archive.notices.letters import Letter
from postloan_archive.notices.rules.field_notes import FIELD_NOTES
from postloan_archive.notices.rules.fields import CARRIED, LINES_KEY, NOTICES
from postloan_archive.wordgen import (
    Fault,
    Picture,
    TemplateRefusedError,
    check_template,
    compile_template,
    field_paths,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldRow:
    """One blank of a letter: name, type, sample, whether the rule and a template use it.

    Attributes:
        name: as it stands in the template; a line of a table with the name of the table.
        kind: text, lines, rows or picture.
        required: R-H02 asks for it.
        tag: what to type, a loop for lines and rows.
    """

    name: str
    label: str
    kind: str
    sample: str
    required: bool
    used: bool
    tag: str


KIND_LABELS: Final[Mapping[str, str]] = {
    "text": _l("文字"),
    "lines": _l("多行（循环）"),
    "rows": _l("表格行（循环）"),
    "picture": _l("图片"),
}
# Keys of the rule that a letter prints under another name.
PRINTED_AS: Final[Mapping[str, str]] = {"guarantee_period_end": "guarantee_period"}


def check(letter: type[Letter], data: bytes) -> list[Fault]:
    """Return every fault of a template for a letter, in the order of the document."""
    return check_template(data, field_paths(letter))


def is_warning(fault: Fault) -> bool:
    """Return whether a fault is of this machine only: a font to be installed."""
    return fault.code == "missing_font"


def fields_of(letter: type[Letter], used: Collection[str]) -> tuple[FieldRow, ...]:
    """Return the blanks of a letter by name, from its dataclass."""
    kinds = {name: _kind(hint) for name, hint in typing.get_type_hints(letter).items()}
    keys = {PRINTED_AS.get(key, key) for key in (*NOTICES[letter.code].keys, *CARRIED)}
    lines = {f"{LINES_KEY}.{key}" for key in NOTICES[letter.code].line_keys}
    rows = []
    for name in sorted(field_paths(letter)):
        note = FIELD_NOTES.get(name)
        whole, _, inner = name.partition(".")
        kind = "text" if inner else kinds[name]
        rows.append(
            FieldRow(
                name=name,
                label=note.label if note else name,
                kind=kind,
                sample=note.sample if note else "",
                required=name in keys or name in lines,
                used=name in used,
                tag=_tag(whole, inner, kind),
            )
        )
    return tuple(rows)


def used_fields(data: bytes) -> frozenset[str]:
    """Return the blanks that a template prints; none where it cannot be read."""
    try:
        return frozenset(compile_template(data).fields)
    except TemplateRefusedError:
        return frozenset()


def missing_required(letter: type[Letter], data: bytes) -> tuple[FieldRow, ...]:
    """Return the blanks that R-H02 asks for and that a template does not print."""
    rows = fields_of(letter, used_fields(data))
    return tuple(row for row in rows if row.required and not row.used)


def _kind(hint: object) -> str:
    if hint is Picture:
        return "picture"
    arguments = typing.get_args(hint)
    if not arguments:
        return "text"
    return "rows" if dataclasses.is_dataclass(arguments[0]) else "lines"


def _tag(whole: str, inner: str, kind: str) -> str:
    if inner:
        return f"{{{{ row.{inner} }}}}"
    if kind == "rows":
        return f"{{%tr for row in {whole} %}} … {{%tr endfor %}}"
    if kind == "lines":
        return f"{{%p for line in {whole} %}} {{{{ line }}}} {{%p endfor %}}"
    return f"{{{{ {whole} }}}}"
