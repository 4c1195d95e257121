"""A redacted copy holds no text and no picture of what was under a box; links of papers."""

import io

import pypdfium2 as pdfium
import pytest
from sqlalchemy import select

from postloan_archive.archive import linking, redacting
from postloan_archive.archive.linking import LinkedError, LinkError, LinkNotFoundError
from postloan_archive.archive.models import Document, Redaction
from postloan_archive.archive.redacting import (
    Box,
    RedactionError,
    RedactionReasonError,
    box_of_percents,
    read_boxes,
)
from tests.archive.conftest import LOAN_NO
from tests.bundle.samples import pdf

SECRET = "100101199001010070"


@pytest.fixture
def paper(filed) -> int:
    """A PDF of two pages with a text layer; its id."""
    content = f"BT /F1 24 Tf 100 600 Td ({SECRET}) Tj ET".encode()
    return filed("contract.pdf", data=pdf(2, content=content))


def make(system, new_uow, document_id, boxes, reason="对外提供"):
    with new_uow() as uow:
        job = redacting.prepare(uow, document_id, boxes, reason)
    return redacting.make(system, new_uow, job)


def text_of(data: bytes) -> str:
    document = pdfium.PdfDocument(data)
    return "".join(page.get_textpage().get_text_range() for page in document)


def test_what_is_under_a_box_is_gone_and_the_original_stays(paper, system, new_uow):
    with new_uow() as uow:
        sha256 = uow.session.get(Document, paper).sha256
        original = uow.vault.read(sha256)
    assert SECRET in text_of(original)
    copy_id = make(system, new_uow, paper, [Box(page=1, x0=1000, y0=2000, x1=6000, y1=4000)])
    with new_uow() as uow:
        row, _document = redacting.get_redaction(uow, copy_id)
        copy = uow.vault.read(row.sha256)
        assert uow.vault.read(sha256) == original
        assert uow.session.get(Document, paper).sha256 == sha256
    assert text_of(copy) == ""
    assert SECRET.encode() not in copy
    made, before = pdfium.PdfDocument(copy), pdfium.PdfDocument(original)
    assert len(made) == len(before) == 2
    assert made[0].get_size() == pytest.approx(before[0].get_size(), abs=1)
    picture = made[0].render(scale=1).to_pil().convert("L")
    inside = picture.crop(
        tuple(
            int(side * length)
            for side, length in zip((0.12, 0.22, 0.58, 0.38), picture.size * 2, strict=True)
        )
    )
    assert inside.getextrema()[1] < 40  # black all over
    other = made[1].render(scale=1).to_pil().convert("L")
    assert other.getpixel((int(0.8 * other.width), int(0.8 * other.height))) > 200


def test_a_copy_needs_boxes_on_its_pages_and_a_reason(paper, system, new_uow):
    box = Box(page=1, x0=0, y0=0, x1=10_000, y1=1_000)
    with pytest.raises(RedactionError):
        make(system, new_uow, paper, [])
    with pytest.raises(RedactionError):
        make(system, new_uow, paper, [Box(page=3, x0=0, y0=0, x1=1, y1=1)])
    with pytest.raises(RedactionReasonError):
        make(system, new_uow, paper, [box], reason=" ")


def test_boxes_are_read_kindly_and_kept_inside_the_page():
    assert read_boxes(["1,9000,8000,1000,2000"]) == (
        Box(page=1, x0=1000, y0=2000, x1=9000, y1=8000),
    )
    assert read_boxes(["1,0,0,99999,10000"]) == (Box(page=1, x0=0, y0=0, x1=10000, y1=10000),)
    wrong = [
        "",
        "1",
        "a,0,0,1,1",
        "0,0,0,1,1",
        "1,0,0,0,1",
        "1,-1,0,1,1",
        "1,0,0,1",
        "²,0,0,1,1",
    ]
    assert read_boxes(wrong) == ()
    assert box_of_percents(2, ["10", "10.5", "20", "5"]).words == "2,1000,1050,3000,1550"
    for sides in (["nan"] * 4, ["1e999"] * 4, ["", "1", "1", "1"], ["１"] * 3 + ["x"]):
        assert box_of_percents(1, sides) is None


def test_two_papers_are_linked_once_and_apart_again(paper, filed, new_uow):
    other = filed("补充协议.txt", data="补充协议".encode())
    with new_uow() as uow:
        linking.link(uow, other, paper, "补充协议")
    with new_uow() as uow:
        found = linking.links_of(uow, uow.session.get(Document, paper))
        assert [(one.document_id, one.note) for one in found] == [(other, "补充协议")]
        with pytest.raises(LinkedError):
            linking.link(uow, paper, other, "x")
        with pytest.raises(LinkError):
            linking.link(uow, paper, paper, "x")
        with pytest.raises(LinkNotFoundError):
            linking.unlink(uow, paper, 99)
        linking.unlink(uow, paper, found[0].id)
    with new_uow() as uow:
        assert linking.links_of(uow, uow.session.get(Document, other)) == []


def test_the_page_takes_boxes_from_its_address_and_makes_the_copy(paper, browser, new_uow):
    clerk = browser("archive_clerk")
    page = clerk.get(f"/documents/{paper}/redaction?box=1,1000,1000,5000,2000").get_data(
        as_text=True
    )
    assert "遮盖 1 处" in page
    page = clerk.get(
        f"/documents/{paper}/redaction?page=2&left=10&top=10&width=20&height=5"
    ).get_data(as_text=True)
    assert "2,1000,1000,3000,1500" in page
    assert clerk.post(f"/documents/{paper}/redaction", {"reason": "x"}).status_code == 422
    given = {"box": "1,1000,1000,5000,2000", "reason": "提交法院"}
    assert clerk.post(f"/documents/{paper}/redaction", given).status_code == 302
    with new_uow() as uow:
        copy_id = uow.session.scalar(select(Redaction.id))
    reply = clerk.get(f"/redactions/{copy_id}.pdf")
    assert io.BytesIO(reply.get_data()).read(4) == b"%PDF"
    assert "提交法院" in clerk.get(f"/loans/{LOAN_NO}/items?document={paper}").get_data(
        as_text=True
    )
    assert browser("other_branch").get(f"/redactions/{copy_id}.pdf").status_code == 404
