import io

import pypdfium2
import pytest
from PIL import ImageChops

from tests.bundle.samples import bind, exhibit
from tests.shared_folder import SHARED, needs_shared

PDFS = sorted((SHARED / "corpus").rglob("*.pdf")) if SHARED.is_dir() else []
pytestmark = [pytest.mark.corpus, needs_shared]


def opened(path):
    try:
        return pypdfium2.PdfDocument(path)
    except pypdfium2.PdfiumError:
        return None


def picture(document, page):
    sheet = document[page].render(scale=0.5, draw_annots=False)
    return sheet.to_pil().convert("RGB")


@pytest.mark.parametrize("path", PDFS, ids=lambda path: path.name)
def test_every_readable_file_survives_and_looks_the_same(path):
    stamped, result = bind(exhibit(path, path.name))
    assert len(pypdfium2.PdfDocument(stamped)) == result.pages

    source = opened(path)
    if source is None:
        assert result.problems or result.exhibits[0].pages
        return
    placed = result.exhibits[0]
    whole = [p for p in result.problems if p.replaced and p.page is None]
    assert whole or placed.pages == len(source)
    bare, _ = bind(exhibit(path, path.name), stamped=False)
    bundle = pypdfium2.PdfDocument(bare)
    noticed = {p.bundle_page for p in result.problems if p.bundle_page}
    damaged = any(p.bundle_page is None for p in result.problems)
    for page in range(0 if whole else min(placed.pages, 3)):
        if placed.first + page in noticed or damaged:
            continue
        try:
            expected = picture(source, page)
        except pypdfium2.PdfiumError:
            continue
        found = picture(bundle, placed.first - 1 + page)
        assert found.size == expected.size
        # Ink that is lost; a reader that recovers more than pdfium does is no fault.
        difference = ImageChops.subtract(found, expected).convert("L")
        lost = sum(difference.point(lambda v: 255 * (v > 60)).histogram()[255:])
        assert lost <= 30, (path.name, page + 1)


def test_all_of_them_fit_into_one_bundle():
    exhibits = [exhibit(path, path.name, label=f"证据{n}") for n, path in enumerate(PDFS, 1)]
    data, result = bind(*exhibits)
    assert len(pypdfium2.PdfDocument(io.BytesIO(data))) == result.pages
    assert [e.label for e in result.exhibits] == [e.label for e in exhibits]
