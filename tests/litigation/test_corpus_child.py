"""Files of all kinds through the limited child that binds a package, each one named.

Many exhibits share one child, as in a package. The suite takes a sample of every folder and of
every way in which a file is bad; `--full` takes every PDF of the corpus, forty to a child.
"""

from pathlib import Path

import pypdfium2
import pytest

from postloan_archive.bundle import BundleSpec
from postloan_archive.litigation.binder import STANDARD, bind_confined
from tests.bundle.samples import COVER, exhibit
from tests.shared_folder import SHARED, needs_shared

PDFS = sorted((SHARED / "corpus").rglob("*.pdf")) if SHARED.is_dir() else []
AT_ONCE = 40
pytestmark = [pytest.mark.corpus, needs_shared]


def sample() -> list[Path]:
    """The largest and the smallest file of every folder, and those that no reader opens."""
    folders: dict[Path, list[Path]] = {}
    for path in PDFS:
        folders.setdefault(path.parent, []).append(path)
    found = {
        one
        for paths in folders.values()
        for one in (
            min(paths, key=lambda path: path.stat().st_size),
            max(paths, key=lambda path: path.stat().st_size),
        )
    }
    words = ("encrypt", "password", "corrupt", "damaged", "trunc", "jbig", "cmyk", "rotat")
    found |= {path for path in PDFS if any(word in path.name.lower() for word in words)}
    return sorted(found)[:AT_ONCE]


def bound(paths: list[Path], folder: Path):
    """Bind the files in one child; pages are counted by a second library."""
    exhibits = [exhibit(path, path.name, label=f"证据{no}") for no, path in enumerate(paths, 1)]
    volumes = bind_confined(BundleSpec(cover=COVER, exhibits=exhibits), folder)
    (result,) = volumes.results
    assert len(pypdfium2.PdfDocument(volumes.paths[0])) == result.pages
    assert [one.label for one in result.exhibits] == [one.label for one in exhibits]
    return result


def readable(path: Path) -> int | None:
    """Return the pages that pdfium counts, None where it does not open the file."""
    try:
        return len(pypdfium2.PdfDocument(path))
    except pypdfium2.PdfiumError:
        return None


def test_the_corpus_goes_through_the_child(tmp_path, full):
    paths = PDFS if full else sample()
    assert len(paths) > 5
    pages = replaced = 0
    for at in range(0, len(paths), AT_ONCE):
        some = paths[at : at + AT_ONCE]
        folder = tmp_path / str(at)
        folder.mkdir()
        result = bound(some, folder)
        pages += result.pages
        named = {one.label for one in result.problems if one.replaced}
        replaced += len(named)
        for place, path in zip(result.exhibits, some, strict=True):
            counted = readable(path)
            # A file that pdfium opens keeps its pages, or is named as one that was replaced.
            assert place.label in named or counted in (None, place.pages), path.name
    assert STANDARD.memory_mb <= 1_536  # what the figures were measured with
    print(f"{len(paths)} files, {pages} pages, {replaced} files replaced or in part")  # noqa: T201 - the figures of a release, shown with -s
