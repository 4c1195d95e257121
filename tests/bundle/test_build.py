import hashlib
import io

import pypdfium2
import pytest
from pypdf import PdfReader

from postloan_archive.bundle import (
    BundleSpec,
    NotABundleError,
    PageRangeError,
    Pleading,
    Reason,
    Source,
    VolumeLimitError,
    build_bundle,
    build_volumes,
    remove_stamps,
    restamp,
)
from tests.bundle.samples import COVER, bind, exhibit, image, pdf


def text_of(data, page):
    """The text of a page as pdfium reads it; `page` counts from 1."""
    document = pypdfium2.PdfDocument(data)
    return document[page - 1].get_textpage().get_text_bounded().replace("\r\n", "\n")


def place_of(data, page, words):
    """Where some words stand on the page as seen: left, bottom, page width, page height."""
    document = pypdfium2.PdfDocument(data)
    sheet = document[page - 1]
    found = sheet.get_textpage().search(words).get_next()
    boxes = [sheet.get_textpage().get_charbox(found[0] + n) for n in range(found[1])]
    x0, y0, x1, y1 = sheet.get_bbox()
    left, bottom = min(b[0] for b in boxes) - x0, min(b[1] for b in boxes) - y0
    right, top = max(b[2] for b in boxes) - x0, max(b[3] for b in boxes) - y0
    wide, high = x1 - x0, y1 - y0
    turned = {
        0: (left, bottom, wide, high),
        90: (bottom, wide - right, high, wide),
        180: (wide - right, high - top, wide, high),
        270: (high - top, left, high, wide),
    }
    return turned[sheet.get_rotation()]


def test_every_page_carries_its_label_and_the_number_the_viewer_shows():
    data, result = bind(exhibit(pdf(2)), exhibit(pdf(3), label="证据2"))

    assert result.pages == result.total_pages == 7
    reader = PdfReader(io.BytesIO(data))
    assert reader.page_labels == [str(n) for n in range(1, 8)]
    for page in range(1, 8):
        assert f"第 {page} 页 共 7 页" in text_of(data, page)
    assert [(e.label, e.first, e.last) for e in result.exhibits] == [
        ("证据1", 3, 4), ("证据2", 5, 7),
    ]  # fmt: skip
    assert "证据1" in text_of(data, 4)
    assert "证据2" in text_of(data, 5)


def test_pypdf_reads_the_stamps_as_well():
    data, _ = bind(exhibit(pdf()))
    text = PdfReader(io.BytesIO(data)).pages[2].extract_text()
    assert "证据1" in text
    assert "第 3 页 共 3 页" in text


@pytest.mark.parametrize("rotate", [0, 90, 180, 270])
@pytest.mark.parametrize(
    ("box", "crop"),
    [
        ((0, 0, 595, 842), None),
        ((-200, 300, 395, 1142), None),
        ((0, 0, 1000, 1400), (100, 200, 700, 900)),
        ((0, 0, 842, 595), None),
        ((0, 0, 14400, 14400), None),
        ((0, 0, 60, 40), None),
    ],
)
def test_a_stamp_stands_upright_in_the_visible_corner_of_any_page(rotate, box, crop):
    data, _ = bind(exhibit(pdf(box=box, crop=crop, rotate=rotate)))

    left, bottom, wide, high = place_of(data, 3, "证据1")
    assert wide * 0.6 < left < wide
    assert high * 0.8 < bottom < high
    left, bottom, wide, high = place_of(data, 3, "第 3 页")
    assert wide * 0.05 < left < wide * 0.5
    assert 0 < bottom < high * 0.2


@pytest.mark.parametrize(
    "content",
    [
        b"q 0.1 0 0 0.1 300 300 cm",
        b"q q 2 0 0 2 0 0 cm Q",
        b"Q 0.1 0 0 0.1 500 500 cm",
        b"Q Q 3 0 0 3 0 0 cm q",
        b"BT /F1 12 Tf ( q q q ) Tj ET q 5 0 0 5 0 0 cm",
        b"q % Q Q Q\n4 0 0 4 0 0 cm",
    ],
)
def test_a_page_that_leaves_its_coordinates_changed_is_stamped_in_the_right_place(content):
    data, _ = bind(exhibit(pdf(content=content)))

    left, bottom, wide, high = place_of(data, 3, "证据1")
    assert left == pytest.approx(527.5, abs=12)
    assert bottom > high * 0.9
    assert wide == pytest.approx(595)


def test_the_index_leads_to_the_first_page_of_each_exhibit():
    data, result = bind(
        *(exhibit(pdf(n % 3 + 1), label=f"证据{n}", purpose="证明" * 60) for n in range(1, 30))
    )

    reader = PdfReader(io.BytesIO(data))
    numbers = {page.indirect_reference.idnum: n for n, page in enumerate(reader.pages, 1)}
    targets = [
        numbers[mark.get_object()["/Dest"].raw_get(0).idnum]
        if hasattr(mark.get_object()["/Dest"], "raw_get")
        else numbers[mark.get_object()["/Dest"][0].indirect_reference.idnum]
        for page in reader.pages
        for mark in page.get("/Annots", ())
    ]
    assert targets == [placed.first for placed in result.exhibits]
    assert result.exhibits[0].first > 4  # the index takes several pages


def test_bookmarks_are_nested_and_lead_to_the_right_pages():
    spec = BundleSpec(
        cover=COVER,
        pleadings=[Pleading(title="民事起诉状", source=Source(name="起诉状.pdf", data=pdf()))],
        exhibits=[
            exhibit(pdf(2), group="第一组"),
            exhibit(pdf(1), label="证据2", title="催收函", group="第一组"),
            exhibit(pdf(1), label="证据3", title="抵押合同", group="第二组"),
        ],
    )
    out = io.BytesIO()
    build_bundle(spec, out)

    reader = PdfReader(out)

    def tree(marks):
        return [
            tree(m)
            if isinstance(m, list)
            else (m.title, reader.get_destination_page_number(m) + 1)
            for m in marks
        ]

    assert tree(reader.outline) == [
        ("封面", 1),
        ("证据目录", 2),
        ("诉讼文书", 3),
        [("民事起诉状", 3)],
        ("证据材料", 4),
        [
            ("第一组", 4),
            [("证据1 借款合同", 4), ("证据2 催收函", 6)],
            ("第二组", 7),
            [("证据3 抵押合同", 7)],
        ],
    ]


def test_the_same_input_gives_the_same_bytes():
    exhibits = [exhibit(pdf(2)), exhibit(image("PNG", "RGBA"), "图.png", label="证据2")]
    first, result = bind(*exhibits)
    second, _ = bind(*exhibits)
    assert first == second
    assert result.sha256 == hashlib.sha256(first).hexdigest()
    assert result.size == len(first)


def test_two_exhibits_from_one_scan_share_its_objects():
    source = pdf(6, content=b"% " + bytes(range(33, 120)) * 2000)
    _, once = bind(exhibit(source))
    _, twice = bind(exhibit(source, pages=(1, 3)), exhibit(source, label="证据2", pages=(1, 6)))
    assert twice.pages == once.pages + 3
    assert twice.size < once.size * 1.3


@pytest.mark.parametrize("pages", [(0, 1), (2, 1), (3, 5), (5, 5)])
def test_a_range_that_does_not_exist_is_refused_and_named(pages):
    with pytest.raises(PageRangeError) as caught:
        bind(exhibit(pdf(4), "合同.pdf", pages=pages))
    assert "合同.pdf" in str(caught.value)
    assert "共 4 页" in str(caught.value)


def test_both_ends_of_a_range_are_taken():
    _, result = bind(exhibit(pdf(5), pages=(2, 4)))
    assert result.exhibits[0].pages == 3


def test_stamps_come_off_and_leave_the_pages_as_they_were():
    data, _ = bind(exhibit(pdf(2)))
    out = io.BytesIO()
    remove_stamps(Source(name="卷.pdf", data=data), out)

    assert "证据1" not in text_of(out.getvalue(), 3)
    assert "第 3 页" not in text_of(out.getvalue(), 3)
    assert "page" in text_of(out.getvalue(), 3)
    contents = PdfReader(out).pages[2]["/Contents"]
    assert [stream.get_object().get_data() for stream in contents] == [
        b"BT /F1 24 Tf 100 400 Td (page) Tj ET"
    ]


def test_a_bundle_is_issued_anew_in_another_order():
    data, _ = bind(
        exhibit(pdf(1), title="甲"), exhibit(pdf(3), label="证据2", title="乙", group="组")
    )
    out = io.BytesIO()
    result = restamp(
        Source(name="卷.pdf", data=data),
        out,
        ["证据2", "证据1"],
        labels={"证据2": "证据1", "证据1": "证据2"},
    )

    assert [(e.label, e.title, e.first, e.last) for e in result.exhibits] == [
        ("证据1", "乙", 3, 5), ("证据2", "甲", 6, 6),
    ]  # fmt: skip
    assert text_of(out.getvalue(), 3).count("证据") == 1
    assert text_of(out.getvalue(), 6).count("第 ") == 1


@pytest.mark.parametrize("data", [pdf(), b"no pdf", b"%PDF-1.4 broken"])
def test_only_a_bundle_can_be_restamped(data):
    with pytest.raises(NotABundleError):
        restamp(Source(name="别的.pdf", data=data), io.BytesIO(), ["证据1"])


def test_a_label_that_is_not_there_cannot_be_ordered():
    data, _ = bind(exhibit(pdf()))
    with pytest.raises(NotABundleError):
        restamp(Source(name="卷.pdf", data=data), io.BytesIO(), ["证据9"])


def test_volumes_keep_the_limit_and_number_on():
    exhibits = [
        exhibit(pdf(3, content=b"%%%d" % n + bytes(range(33, 120)) * 900), label=f"证据{n}")
        for n in range(1, 9)
    ]
    noisy = [
        exhibit(image("JPEG", size=(900, 1200), quality=95), f"{n}.jpg", label=f"证据{n + 8}")
        for n in range(1, 9)
    ]
    spec = BundleSpec(cover=COVER, exhibits=[*exhibits, *noisy])
    held: dict[int, io.BytesIO] = {}
    limit = 120_000
    results = build_volumes(spec, lambda n: held.setdefault(n, io.BytesIO()), limit=limit)

    assert len(results) > 2
    page = 1
    for which, result in enumerate(results, 1):
        data = held[which].getvalue()
        assert len(data) == result.size <= limit
        assert result.first_page == page
        labels = PdfReader(io.BytesIO(data)).page_labels
        assert labels == [str(n) for n in range(page, page + result.pages)]
        assert f"第 {page} 页 共 {result.total_pages} 页" in text_of(data, 1)
        page += result.pages
    assert page - 1 == results[0].total_pages


def test_a_page_larger_than_a_volume_is_refused():
    spec = BundleSpec(cover=COVER, exhibits=[exhibit(pdf())])
    with pytest.raises(VolumeLimitError):
        build_volumes(spec, lambda _: io.BytesIO(), limit=5_000)


def test_a_long_purpose_runs_over_pages_of_the_index():
    data, result = bind(exhibit(pdf(), purpose="证明目的很长。" * 900))
    assert result.pages == result.exhibits[0].last
    assert result.exhibits[0].first > 5
    assert "证明目的很长" in text_of(data, 4)


def test_nothing_noticed_means_no_problems():
    _, result = bind(exhibit(pdf(2)), exhibit(image("JPEG"), "照片.jpg", label="证据2"))
    assert result.problems == ()
    assert Reason.DAMAGED not in {p.reason for p in result.problems}
