"""Taking the stamps off a bundle, and issuing them anew when the order of exhibits changes."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import BinaryIO, Final

from pypdf.generic import DictionaryObject, StreamObject

from postloan_archive.bundle.build import build_bundle
from postloan_archive.bundle.documents import PARSE_FAULTS, Document, Library, UnreadableError
from postloan_archive.bundle.faults import NotABundleError
from postloan_archive.bundle.objects import entry
from postloan_archive.bundle.spec import (
    BundleResult,
    BundleSpec,
    CoverSheet,
    Exhibit,
    Pleading,
    Source,
)
from postloan_archive.bundle.volume import PIECE

_VERSION: Final = 1


def restamp(
    bundle: Source,
    out: BinaryIO,
    order: Sequence[str],
    *,
    labels: Mapping[str, str] | None = None,
    cjk_font: str = "",
) -> BundleResult:
    """Bind a bundle anew from its own pages, with its exhibits in another order.

    The old stamps, cover and index are taken off; the pages beneath are what they were.

    Args:
        bundle: a file made by `build_bundle`, not one of several volumes.
        order: the present labels in the new order; a label left out drops the exhibit.
        labels: new labels by present label, for those that change.
        cjk_font: `Settings.cjk_font`.
        out: receives the new file.

    Raises:
        NotABundleError: the file was not made by `build_bundle`, or a label is not in it.
    """
    spec = specification(bundle, cjk_font=cjk_font)
    known = {exhibit.label: exhibit for exhibit in spec.exhibits}
    if not set(order) <= set(known):
        raise NotABundleError(name=bundle.name)
    renamed = labels or {}
    exhibits = [replace(known[label], label=renamed.get(label, label)) for label in order]
    return build_bundle(replace(spec, exhibits=exhibits), out)


def remove_stamps(bundle: Source, out: BinaryIO, *, cjk_font: str = "") -> BundleResult:
    """Write the bundle again without labels and page numbers.

    Raises:
        NotABundleError: the file was not made by `build_bundle`.
    """
    return build_bundle(replace(specification(bundle, cjk_font=cjk_font), stamped=False), out)


def specification(bundle: Source, *, cjk_font: str = "") -> BundleSpec:
    """Return what would make a bundle again, with the bundle itself as the source of pages.

    Raises:
        NotABundleError: the file does not say how it was made.
    """
    library = Library()
    try:
        facts = _facts(library.document(bundle))
        return _specification(bundle, facts, cjk_font)
    except (UnreadableError, *PARSE_FAULTS) as error:
        raise NotABundleError(name=bundle.name) from error
    finally:
        library.close()


def _facts(document: Document) -> dict[str, object]:
    found: object = document.reader.root_object
    for key in ("/PieceInfo", f"/{PIECE}", "/Private"):
        if not isinstance(found, DictionaryObject):
            raise TypeError(key)
        found = entry(found, key)
    if not isinstance(found, StreamObject):
        raise TypeError(PIECE)
    facts = json.loads(found.get_data())
    if not isinstance(facts, dict) or facts.get("version") != _VERSION:
        raise TypeError(PIECE)
    return facts


def _specification(bundle: Source, facts: Mapping[str, object], cjk_font: str) -> BundleSpec:
    exhibits: list[Exhibit] = []
    pleadings: list[Pleading] = []
    for item in _list(facts["items"]):
        one = _mapping(item)
        pages = (int(str(one["first"])), int(str(one["last"])))
        if not one["label"]:
            pleadings.append(Pleading(title=str(one["title"]), source=bundle, pages=pages))
            continue
        exhibits.append(
            Exhibit(
                label=str(one["label"]),
                title=str(one["title"]),
                purpose=str(one["purpose"]),
                source=bundle,
                pages=pages,
                original=bool(one["original"]),
                group=str(one["group"]),
                origin=str(one["origin"]),
                copies=int(str(one["copies"])),
            )
        )
    return BundleSpec(
        cover=_cover(_mapping(facts["cover"])),
        exhibits=exhibits,
        pleadings=pleadings,
        cjk_font=cjk_font,
    )


def _cover(one: Mapping[str, object]) -> CoverSheet:
    return CoverSheet(
        court=str(one["court"]),
        parties=_pairs(one["parties"]),
        case=str(one["case"]),
        title=str(one["title"]),
        date=date.fromisoformat(str(one["date"])),
        case_no=str(one["case_no"]),
        submitter=str(one["submitter"]),
        notes=_pairs(one["notes"]),
    )


def _pairs(value: object) -> tuple[tuple[str, str], ...]:
    return tuple((str(first), str(second)) for first, second in map(_list, _list(value)))


def _list(value: object) -> list[object]:
    if not isinstance(value, list):
        raise TypeError(type(value).__name__)
    return value


def _mapping(value: object) -> dict[str, object]:
    if not isinstance(value, dict):
        raise TypeError(type(value).__name__)
    return value
