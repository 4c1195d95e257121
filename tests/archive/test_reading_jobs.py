"""The reading job: repeatable, one bad paper does not stop the others, scans wait for OCR."""

import io

import pytest
from PIL import Image
from sqlalchemy import select

from postloan_archive.archive import reading_jobs, service
from postloan_archive.archive.models import Document, Page
from postloan_archive.archive.service import OpenBatch, ReceiveFile
from postloan_archive.jobs import JobState, list_jobs
from postloan_archive.reading import OcrBox, OcrPage, ocr_available
from tests.reading.made_files import pdf


@pytest.fixture
def receive(new_uow, loan_id):
    """Receive papers without reading them; return the ids of the documents."""
    assert loan_id

    def received(**papers: bytes) -> list[int]:
        with new_uow() as uow:
            batch = service.open_batch(uow, OpenBatch(source="upload"))
            ids = [
                service.receive_file(
                    uow,
                    ReceiveFile(
                        batch_id=batch.id,
                        loan_no="JJ2025-0001",
                        name=name.replace("_", "."),
                        stream=io.BytesIO(data),
                    ),
                ).document_id
                for name, data in papers.items()
            ]
            uow.enqueue("read_documents", ids)
            return ids

    return received


def states(new_uow) -> dict[str, str]:
    with new_uow() as uow:
        rows = uow.session.execute(select(Document.filename, Document.state))
        return {row.filename: row.state for row in rows}


def test_each_paper_reaches_its_own_state(receive, runner, new_uow):
    receive(good_pdf=pdf(["正文"]), bad_pdf=b"%PDF-1.4 x", empty_txt=b"", odd_bin=b"\1\2\3")
    assert set(states(new_uow).values()) == {"stored"}
    runner.run_until_empty()

    assert states(new_uow) == {
        "good.pdf": "stored",
        "bad.pdf": "damaged",
        "empty.txt": "damaged",
        "odd.bin": "unsupported",
    }
    with new_uow() as uow:
        assert list_jobs(uow.session, state=JobState.DONE).total == 1
        for document in uow.session.scalars(select(Document)):
            assert document.read_at is not None
            assert (document.message == "") == (document.state == "stored")


def test_reading_twice_gives_the_same(receive, runner, new_uow):
    (document_id,) = receive(a_pdf=pdf(["一", "二"]))
    runner.run_until_empty()
    before = pages(new_uow, document_id)

    with new_uow() as uow:
        uow.enqueue("read_documents", [document_id])
    runner.run_until_empty()
    assert pages(new_uow, document_id) == before

    with new_uow() as uow:  # as after a stop between reading and commit
        uow.session.get_one(Document, document_id).read_at = None
        uow.enqueue("read_documents", [document_id])
    runner.run_until_empty()
    assert [text for _, text in pages(new_uow, document_id)] == [text for _, text in before]


def pages(new_uow, document_id: int) -> list[tuple[int, str]]:
    with new_uow() as uow:
        rows = uow.session.execute(
            select(Page.id, Page.text).where(Page.document_id == document_id).order_by(Page.no)
        )
        return [tuple(row) for row in rows]


def test_a_paper_whose_bytes_are_gone_fails_the_job_with_a_reason(
    receive, runner, new_uow, system
):
    receive(a_pdf=pdf(["正文"]))
    for sha256 in list(system.vault.digests()):
        system.vault.path(sha256).unlink()
    runner.run_until_empty()

    with new_uow() as uow:
        (job,) = list_jobs(uow.session).jobs
        assert job.state is not JobState.DONE
        assert job.reason


def test_recognised_text_replaces_a_shorter_layer_and_is_found(receive, runner, new_uow):
    (document_id,) = receive(a_pdf=pdf(["印"]))
    runner.run_until_empty()
    text = "示范县人民法院民事裁定书"
    box = OcrBox(text=text, x0=0.1, y0=0.1, x1=0.9, y1=0.2, confidence=0.97)
    with new_uow() as uow:
        document = uow.session.get_one(Document, document_id)
        document.ocr_pending = 1
        page = OcrPage(text=text, boxes=(box,), confidence=0.97)
        reading_jobs.apply_recognition(uow, document, 1, page)

    with new_uow() as uow:
        page = uow.session.scalars(select(Page)).one()
        assert (page.text, page.text_source, page.confidence) == (text, "ocr", 0.97)
        assert page.boxes == [[text, 0.1, 0.1, 0.9, 0.2]]
        document = uow.session.get_one(Document, document_id)
        assert (document.ocr_pages, document.ocr_pending) == (1, 0)


def test_a_longer_text_layer_stays(receive, runner, new_uow):
    (document_id,) = receive(a_pdf=pdf(["一段很长的文字层，比识别结果要长得多。"]))
    runner.run_until_empty()
    with new_uow() as uow:
        document = uow.session.get_one(Document, document_id)
        document.ocr_pending = 1
        reading_jobs.apply_recognition(
            uow, document, 1, OcrPage(text="短", boxes=(), confidence=0.5)
        )
    with new_uow() as uow:
        page = uow.session.scalars(select(Page)).one()
        assert page.text_source == "file"
        assert "很长的文字层" in page.text


def test_a_scan_waits_for_recognition_and_says_what_is_missing(receive, runner, new_uow):
    out = io.BytesIO()
    Image.effect_noise((400, 300), 60).save(out, "PNG")
    (document_id,) = receive(scan_png=out.getvalue())
    runner.run_one()

    with new_uow() as uow:
        document = uow.session.get_one(Document, document_id)
        assert (document.page_count, document.ocr_pending) == (1, 1)
        waiting = list_jobs(uow.session, kind="ocr_document", state=JobState.QUEUED).total
        if ocr_available() is None:
            assert waiting == 1
        else:
            assert waiting == 0
            assert "等待文字识别" in document.message
