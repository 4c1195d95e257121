"""What would fill memory, disk or time is refused early."""

import gzip
import io
import struct
import time
import zlib

import openpyxl
import psutil
import pytest

from postloan_archive.reading import Limits, State, TooLargeError, render_page, unpack
from postloan_archive.reading.workers import READERS
from tests.reading.made_files import RawZip, docx, paragraph, pdf_of, png_header, zip_of

ZEROS = bytes(30_000_000)
BOMB_XML = (
    '<?xml version="1.0"?><!DOCTYPE w [<!ENTITY a "哈哈哈哈哈哈哈哈哈哈">'
    + "".join(f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9))
    + ']><w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
    "<w:body><w:p><w:r><w:t>正文&j;</w:t></w:r></w:p></w:body></w:document>"
)


def nested(levels: int) -> bytes:
    data = zip_of({"data.txt": bytes(100_000)})
    for _ in range(levels):
        data = zip_of({f"{n}.zip": data for n in range(4)})
    return data


def corner_sheet() -> bytes:
    book = openpyxl.Workbook()
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def overlapping() -> bytes:
    container = RawZip().add(b"a.txt", ZEROS[:5_000_000])
    for number in range(200):
        container.add(b"%d.txt" % number, ZEROS[:5_000_000], place=0)
    return container.bytes()


def deep_pdf() -> bytes:
    deep = b"[" * 20_000 + b"]" * 20_000
    kids = b"<</Type/Pages/Count 1/Kids[3 0 R]>>"
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/X " + deep + b">>"
    return pdf_of([b"<</Type/Catalog/Pages 2 0 R/A " + deep + b">>", kids, page])


def packed_stream_pdf() -> bytes:
    data = zlib.compress(b"BT (x) Tj ET " * 8_000_000)
    return pdf_of(
        [
            b"<</Type/Catalog/Pages 2 0 R>>",
            b"<</Type/Pages/Count 1/Kids[3 0 R]>>",
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R>>",
            b"<</Filter/FlateDecode/Length %d>>stream\n%s\nendstream" % (len(data), data),
        ]
    )


def big_tiff() -> bytes:
    tags = (
        (256, 4, 60_000),
        (257, 4, 60_000),
        (258, 3, 8),
        (259, 3, 1),
        (262, 3, 1),
        (273, 4, 8),
        (277, 3, 1),
        (278, 4, 60_000),
        (279, 4, 100),
    )
    entries = b"".join(struct.pack("<2HLL", tag, kind, 1, value) for tag, kind, value in tags)
    return b"II*\0\x08\0\0\0" + struct.pack("<H", len(tags)) + entries + bytes(4)


BOMBS = {
    "entities.docx": docx("", **{"word/document.xml": BOMB_XML}),
    "one_large_part.docx": docx(paragraph("x"), **{"word/media/a.bin": ZEROS}),
    "large_strings.xlsx": zip_of({"xl/workbook.xml": "<a/>", "xl/sharedStrings.xml": ZEROS}),
    "overlapping.docx": overlapping(),
    "lying_sizes.docx": RawZip()
    .add(b"word/document.xml", b"<a>" + ZEROS * 4, claimed=100)
    .bytes(),
    "many_entries.zip": RawZip().add(b"a").bytes(count=60_000),
    "gzip.svgz": gzip.compress(ZEROS),
    "pixels.png": png_header(60_000, 60_000),
    "pixels.tif": big_tiff(),
    "deep.pdf": deep_pdf(),
    "stream.pdf": packed_stream_pdf(),
    "deep.html": b"<html>" + b"<div>" * 200_000 + "字".encode(),
    "deep.docx": docx("<w:p>" * 50_000),
    "deep.rtf": b"{\\rtf1 " + b"{" * 500_000,
}


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_ends_in_a_state_soon_and_cheaply(read, name):
    read(b"warm", "warm.txt")
    start = time.monotonic()
    result = read(BOMBS[name], name)

    assert time.monotonic() - start < 20  # the promise is 5 s on an idle machine
    assert result.message or result.state is State.STORED
    assert result.chars < 5_000_000
    workers = [psutil.Process(worker.pid) for worker in READERS._warm if worker.alive]
    assert all(worker.memory_info().rss < 600_000_000 for worker in workers)


@pytest.mark.parametrize(
    "name",
    [
        "one_large_part.docx",
        "large_strings.xlsx",
        "overlapping.docx",
        "lying_sizes.docx",
        "pixels.png",
        "pixels.tif",
        "many_entries.zip",
    ],
)
def test_a_bomb_that_shows_itself_is_too_large(read, name):
    assert read(BOMBS[name], name).state is State.TOO_LARGE


def test_a_picture_of_too_many_pixels_is_not_drawn(kept):
    path = kept(png_header(60_000, 60_000))

    with pytest.raises(TooLargeError):
        render_page(path, "image/png", 1, width=800)


def test_entities_are_not_expanded_and_flagged(read):
    result = read(BOMBS["entities.docx"], "a.docx")

    assert result.chars < 100
    assert "entities" in result.flags


def test_nesting_stops_at_the_third_zip(kept):
    members = list(unpack(kept(nested(4))))

    assert any(member.state is State.TOO_LARGE for member in members)
    assert all(member.path is None for member in members)


def test_a_zip_that_unpacks_too_far_is_refused_as_a_whole(kept):
    path = kept(zip_of({f"{n}.bin": ZEROS for n in range(3)}))
    (refusal,) = list(unpack(path))

    assert refusal.name == ""
    assert refusal.state is State.TOO_LARGE


def test_lying_sizes_are_found_while_unpacking(kept):
    path = kept(RawZip().add(b"a.bin", ZEROS, claimed=10).bytes())
    members = list(unpack(path, limits=Limits(unpacked_bytes=1_000_000)))

    assert [member.path for member in members] == [None]
    assert members[0].state is State.TOO_LARGE


def test_a_worker_short_of_memory_refuses_and_the_next_file_is_read(read):
    data = docx(paragraph("哈" * 9_000_000))
    result = read(data, "a.docx", Limits(memory_mb=400))

    assert result.state in {State.TOO_LARGE, State.DAMAGED, State.STORED}
    assert read(b"next", "b.txt", Limits(memory_mb=400)).state is State.STORED
