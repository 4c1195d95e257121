"""How a specification goes to the binding process, and how its result comes back: as JSON."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, replace
from datetime import date
from pathlib import Path
from typing import Any

from postloan_archive.bundle import (
    BundleResult,
    BundleSpec,
    CoverSheet,
    Exhibit,
    PlacedExhibit,
    Pleading,
    Problem,
    Reason,
    Source,
)


def on_disk(spec: BundleSpec, folder: Path) -> BundleSpec:
    """Return the specification with every source as a file; bytes are written to the folder."""
    names = iter(range(1_000_000))

    def moved(source: Source) -> Source:
        if isinstance(source.data, Path):
            return replace(source, data=source.data.absolute())  # the child works elsewhere
        path = folder / f"source-{next(names)}"
        path.write_bytes(source.data)
        return replace(source, data=path)

    return replace(
        spec,
        pleadings=[replace(one, source=moved(one.source)) for one in spec.pleadings],
        exhibits=[replace(one, source=moved(one.source)) for one in spec.exhibits],
    )


def as_json(spec: BundleSpec) -> dict[str, Any]:
    """Return a specification whose sources are files."""
    found: dict[str, Any] = asdict(spec)
    found["cover"]["date"] = spec.cover.date.isoformat()
    for one in (*found["pleadings"], *found["exhibits"]):
        one["source"]["data"] = str(one["source"]["data"])
    return found


def spec_of(found: Mapping[str, Any]) -> BundleSpec:
    """Return the specification again."""
    cover = dict(found["cover"])
    cover["date"] = date.fromisoformat(cover["date"])
    for name in ("parties", "notes"):
        cover[name] = tuple(tuple(pair) for pair in cover[name])
    return BundleSpec(
        cover=CoverSheet(**cover),
        pleadings=[Pleading(**_sourced(one)) for one in found["pleadings"]],
        exhibits=[Exhibit(**_sourced(one)) for one in found["exhibits"]],
        stamped=bool(found["stamped"]),
        cjk_font=str(found["cjk_font"]),
    )


def results_of(found: list[Mapping[str, Any]]) -> Iterator[BundleResult]:
    """Yield the results again."""
    for one in found:
        yield BundleResult(
            pages=int(one["pages"]),
            first_page=int(one["first_page"]),
            total_pages=int(one["total_pages"]),
            size=int(one["size"]),
            sha256=str(one["sha256"]),
            exhibits=tuple(PlacedExhibit(**row) for row in one["exhibits"]),
            pleadings=tuple(PlacedExhibit(**row) for row in one["pleadings"]),
            problems=tuple(
                Problem(**{**row, "reason": Reason(row["reason"])}) for row in one["problems"]
            ),
        )


def _sourced(one: Mapping[str, Any]) -> dict[str, Any]:
    pages = one["pages"]
    return {
        **one,
        "source": Source(name=one["source"]["name"], data=Path(one["source"]["data"])),
        "pages": tuple(pages) if pages else None,
    }
