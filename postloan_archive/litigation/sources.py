"""From the files of the exhibits to what the bundle can bind."""

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import Final

from postloan_archive.bundle import Source
from postloan_archive.kernel.errors import _l
from postloan_archive.litigation.workbooks import one_page_wide
from postloan_archive.wordgen import OfficeFailedError
from postloan_archive.wordgen.convert import convert

DIRECT: Final = frozenset(  # endings that the bundle binds as they are
    {".pdf", ".jpg", ".jpeg", ".png", ".tif", ".tiff", ".bmp", ".gif", ".webp", ".eml", ".txt"}
)
AS_TEXT: Final = _l("{label}“{name}”不能转换为 PDF，以识别出的文字页编入，请核对原件。")
WORKBOOKS: Final = frozenset({".xlsx", ".xlsm"})
UNREADABLE: Final = frozenset({"encrypted", "damaged"})


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedExhibit:
    """One exhibit as planned: where its bytes are and what was read from them."""

    label: str
    title: str
    purpose: str
    group: str
    pages: tuple[int, int] | None
    original: bool
    document_id: int
    item_id: int  # of the working set
    item_code: str
    sha256: str
    filename: str
    path: Path
    state: str
    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bindable:
    """An exhibit with the file to bind; `whole` where the range no longer fits the file."""

    exhibit: PlannedExhibit
    source: Source
    problem: str = ""

    @property
    def pages(self) -> tuple[int, int] | None:
        """Return the range; text pages are not the pages of the file, so all are taken."""
        return None if self.problem else self.exhibit.pages


def bindable(exhibits: tuple[PlannedExhibit, ...], soffice: Path | None) -> Iterator[Bindable]:
    """Yield each exhibit as PDF, image, mail or text; converts what is none of them."""
    for exhibit in exhibits:
        ending = PurePath(exhibit.filename).suffix.lower()
        if ending in DIRECT or exhibit.state in UNREADABLE or _is_pdf(exhibit.path):
            yield Bindable(
                exhibit=exhibit, source=Source(name=exhibit.filename, data=exhibit.path)
            )
            continue
        converted = _converted(exhibit, ending, soffice)
        name = PurePath(exhibit.filename).stem
        if converted is not None:
            yield Bindable(exhibit=exhibit, source=Source(name=f"{name}.pdf", data=converted))
        elif any(text.strip() for text in exhibit.texts):
            text = "\n\n".join(exhibit.texts)
            yield Bindable(
                exhibit=exhibit,
                source=Source(name=f"{name}.txt", data=text.encode()),
                problem=AS_TEXT.format(label=exhibit.label, name=exhibit.filename),
            )
        else:  # the bundle puts a page in its place that names the fault
            yield Bindable(
                exhibit=exhibit, source=Source(name=exhibit.filename, data=exhibit.path)
            )


def _is_pdf(path: Path) -> bool:
    with path.open("rb") as stream:
        return b"%PDF-" in stream.read(1024)


def _converted(exhibit: PlannedExhibit, ending: str, soffice: Path | None) -> bytes | None:
    if soffice is None or not ending:
        return None
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / f"exhibit{ending}"
        data = exhibit.path.read_bytes()
        source.write_bytes(one_page_wide(data) if ending in WORKBOOKS else data)
        try:
            return convert(source, "pdf", soffice=soffice)
        except OfficeFailedError:
            return None
