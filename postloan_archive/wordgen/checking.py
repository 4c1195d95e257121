"""`check_template`: every fault at once, in Chinese, with its paragraph."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Final

from postloan_archive.wordgen.faults import Fault, TemplateRefusedError, nearest_name
from postloan_archive.wordgen.fields import is_known
from postloan_archive.wordgen.filters import Filter
from postloan_archive.wordgen.fonts import installed_fonts, is_installed, used_fonts
from postloan_archive.wordgen.inspection import Inspection, Part, inspect

_WORST_FIRST: Final = ("word/document", "word/header", "word/footer", "word/", "docProps", "")


def _in_words(value: object) -> str:
    """Stand in for the format `upper`, which the caller brings when letters are made."""
    return str(value)


KNOWN: Final[Mapping[str, Filter]] = {"upper": _in_words}


def check_template(
    data: bytes,
    fields: Collection[str] | None,
    *,
    filters: Mapping[str, Filter] | None = None,
    fonts: frozenset[str] | None = None,
) -> list[Fault]:
    """Return every fault of a template, in the order of the document.

    Args:
        data: the .docx.
        fields: dotted paths that letters of this kind fill (`field_paths`); None to leave
            names unchecked.
        filters: formats beyond the default ones; `upper` is taken for granted.
        fonts: fonts of the machine that makes PDFs, in small letters; None for this machine.
    """
    try:
        found = inspect(data, {**KNOWN, **(filters or {})})
    except TemplateRefusedError as error:
        return list(error.faults)
    faults = [*found.faults, *found.style]
    if fields is not None:
        known = frozenset(fields)
        for part in found.parts:
            faults += _unknown(part, known)
    if not faults:
        try:
            found.programs()
        except TemplateRefusedError as error:
            return list(error.faults)
    faults.sort(key=_order)
    return [*faults, *_fonts(found, fonts if fonts is not None else installed_fonts())]


def _unknown(part: Part, known: frozenset[str]) -> list[Fault]:
    faults: dict[tuple[str, int], Fault] = {}
    for tag, path in part.uses:
        if not is_known(path, known):
            fault = tag.fault("unknown_field", name=path)
            faults[path, tag.paragraph] = replace(fault, nearest=nearest_name(path, known))
    return list(faults.values())


def _fonts(found: Inspection, installed: frozenset[str] | None) -> list[Fault]:
    if installed is None or any(
        fault.code in {"not_docx", "doctype"} for fault in found.faults
    ):
        return []
    return [
        Fault(code="missing_font", facts={"name": font}, part=part, excerpt=font)
        for font, part in used_fonts(found.contents)
        if not is_installed(font, installed)
    ]


def _order(fault: Fault) -> tuple[int, str, int]:
    rank = next(n for n, start in enumerate(_WORST_FIRST) if fault.part.startswith(start))
    return (-1 if not fault.part else rank, fault.part, fault.paragraph)
