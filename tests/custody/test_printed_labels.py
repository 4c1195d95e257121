"""Labels as a printer gets them: LibreOffice draws the Word file, a reader scans it."""

from collections import defaultdict

import pypdfium2 as pdfium
import pytest
import zxingcpp

from postloan_archive.custody.file_labels import LABELS, label_paper
from postloan_archive.custody.rules.labels import ORIGINAL, code_of
from postloan_archive.wordgen import docx_to_pdf, soffice_path, write_paper

pytestmark = [
    pytest.mark.office,
    pytest.mark.skipif(soffice_path() is None, reason="LibreOffice is not installed"),
]
DPI = 300
MM = DPI / 25.4  # dots of a millimetre
NEAR = 0.6  # mm that a printer's feed is worse than


def drawn(paper, tmp_path):
    """Each page: width and height in mm, and what is read on it with its middle in mm."""
    pdf = tmp_path / "labels.pdf"
    (body,) = docx_to_pdf([write_paper(paper)], soffice=soffice_path())
    pdf.write_bytes(body)
    pages = []
    with pdfium.PdfDocument(pdf) as document:
        for page in document:
            image = page.render(scale=DPI / 72).to_pil().convert("L")
            codes = [
                (
                    one.text,
                    str(one.format),
                    (one.position.top_left.x + one.position.bottom_right.x) / 2 / MM,
                    (one.position.top_left.y + one.position.bottom_right.y) / 2 / MM,
                )
                for one in zxingcpp.read_barcodes(image)
            ]
            pages.append((page.get_width() / 72 * 25.4, page.get_height() / 72 * 25.4, codes))
    return pages


def lines(count):
    return [(code_of(ORIGINAL, at + 1), f"YJ{at + 1:02d}", "借款合同") for at in range(count)]


def test_a_sheet_keeps_its_raster_and_every_code_is_read(tmp_path):
    width, height, across = LABELS["a4"]
    wanted, skip = lines(21), 3
    ((page_width, page_height, codes),) = drawn(label_paper(wanted, "a4", skip), tmp_path)
    assert (page_width, page_height) == pytest.approx((210, 297), abs=0.2)
    places = defaultdict(dict)
    for text, form, x, y in codes:
        places[form][text] = (x, y)
    assert len(places) == 2  # QR and Code 128
    for found in places.values():
        assert set(found) == {code for code, _a, _b in wanted}
        first = found[wanted[0][0]]
        for number, (code, _a, _b) in enumerate(wanted):
            row, column = divmod(number + skip, across)
            x, y = found[code]
            assert x - first[0] == pytest.approx(column * width, abs=NEAR), code
            assert y - first[1] == pytest.approx((row - 1) * height, abs=NEAR), code
            assert column * width < x < (column + 1) * width
            assert row * height < y < (row + 1) * height


@pytest.mark.parametrize("size", ["40x30"])  # the smaller one; 60x40 was read by hand
def test_a_roll_has_one_label_a_page_and_both_codes_are_read(tmp_path, size):
    width, height, _across = LABELS[size]
    wanted = lines(3)
    pages = drawn(label_paper(wanted, size, 0), tmp_path)
    assert len(pages) == 3
    for (page_width, page_height, codes), (code, _a, _b) in zip(pages, wanted, strict=True):
        assert (page_width, page_height) == pytest.approx((width, height), abs=0.2)
        assert [text for text, *_rest in codes] == [code, code]
        for _text, _form, x, y in codes:
            assert 0 < x < width
            assert 0 < y < height
