"""A scan of return slips finds its letters by the barcode."""

import io

import pytest
from PIL import Image
from sqlalchemy import select

from postloan_archive.archive.models import Document, IntakeFile
from postloan_archive.kernel.actor import Actor
from postloan_archive.notices import barcodes, delivery, queries, receipts, service
from postloan_archive.notices.delivery import Dispatch
from postloan_archive.notices.models import Notice
from postloan_archive.notices.rules.delivery import Channel
from postloan_archive.wordgen import docx_to_pdf, pdf_pictures, soffice_path
from tests.notices.conftest import TODAY, an_overdue_loan


def page(*numbers, angle=0):
    """A sheet at 200 dots an inch with the barcodes as they are printed."""
    sheet = Image.new("L", (1654, 2339), "white")
    for place, number in enumerate(numbers):
        picture = barcodes.picture(number)
        with Image.open(io.BytesIO(picture.data)) as bars:
            size = (picture.width_mm * 200 // 25, picture.height_mm * 200 // 25)
            sheet.paste(bars.convert("L").resize(size), (1000, 220 + 400 * place))
    return sheet.rotate(angle, fillcolor="white")


def as_pdf(*pages):
    out = io.BytesIO()
    pages[0].save(out, "PDF", save_all=True, append_images=pages[1:], resolution=200)
    return out.getvalue()


@pytest.fixture
def two_letters(new_uow, issued):
    """Two letters of two loans, sent today; their numbers."""
    with new_uow() as uow:
        an_overdue_loan(uow, loan_no="JJ2025-0002", number=2)
    ids = issued()
    with new_uow() as uow:
        delivery.dispatch(uow, Dispatch(notice_ids=tuple(ids), channel=Channel.EMS, on=TODAY))
        return [queries.get_notice(uow, one).barcode for one in ids]


def scan(new_uow, runner, data, name="回执.pdf", actor=None):
    with new_uow(actor) as uow:
        receipts.take_slips(uow, name, io.BytesIO(data))
    runner.run_until_empty()
    with new_uow(actor) as uow:
        return receipts.recent_jobs(uow)[0]


def test_the_bars_are_read_from_a_picture_even_askew():
    number = barcodes.number("N02", "0201", 2026, 17)
    for angle in (0, 3, -5, 180):
        out = io.BytesIO()
        page(number, angle=angle).save(out, "JPEG", quality=60)
        assert receipts.numbers_on(out.getvalue()) == (number,), angle


def test_a_number_with_a_wrong_check_digit_is_nobody():
    number = barcodes.number("N02", "0201", 2026, 17)
    wrong = number[:-1] + str((int(number[-1]) + 1) % 10)
    out = io.BytesIO()
    page(wrong).save(out, "PNG")
    assert receipts.numbers_on(out.getvalue()) == ()


def test_each_page_of_a_pile_is_filed_with_its_own_letter(new_uow, runner, two_letters):
    first, second = two_letters
    job = scan(new_uow, runner, as_pdf(page(first), page(), page(second)))

    assert job.message == (
        "回执.pdf：3 页，认出 2 封，1 页没有可用的条码，1 件转入收件箱待人工归档"
    )
    with new_uow() as uow:
        rows = receipts.scanned(uow)
        assert [row.barcode for row in rows] == [first, second]
        papers = [uow.session.get(Document, row.outcome_document_id) for row in rows]
        assert [paper.item_code for paper in papers] == ["BQ18", "BQ18"]
        assert len({paper.loan_id for paper in papers}) == 2
        assert {notice.outcome for notice in uow.session.scalars(select(Notice))} == {""}


def test_what_no_barcode_files_waits_in_the_inbox_with_the_reason(new_uow, runner, two_letters):
    strange = barcodes.number("N02", "0999", 2026, 17)
    scan(new_uow, runner, as_pdf(page(two_letters[0]), page(strange), page(two_letters[1])))
    scan(new_uow, runner, as_pdf(page(), page()), name="模糊.pdf")

    with new_uow() as uow:
        rows = list(
            uow.session.scalars(
                select(IntakeFile).where(IntakeFile.loan_no == "").order_by(IntakeFile.id)
            )
        )
    assert [row.name for row in rows] == ["回执-002.jpg", "模糊.pdf"]
    assert [row.item_code for row in rows] == ["BQ18", "BQ18"]
    assert strange in rows[0].unmatched
    assert "没有可识别的条码" in rows[1].unmatched


def test_a_scan_of_one_letter_is_filed_whole_and_once(new_uow, runner, two_letters):
    data = as_pdf(page(two_letters[0]), page())
    scan(new_uow, runner, data)
    scan(new_uow, runner, data)

    with new_uow() as uow:
        papers = list(uow.session.scalars(select(Document).where(Document.item_code == "BQ18")))
        assert len(papers) == 1
        assert uow.vault.read(papers[0].sha256) == data


def test_a_person_of_another_branch_files_nothing(new_uow, runner, two_letters):
    stranger = Actor(name="stranger", origin="web", branch_ids=frozenset({999}))
    job = scan(new_uow, runner, as_pdf(page(two_letters[0])), actor=stranger)

    assert "认出 0 封" in job.message
    with new_uow() as uow:
        assert receipts.scanned(uow) == []


def test_the_slip_is_the_proof_of_the_result_entered_later(
    new_uow, runner, two_letters, people, browser
):
    del people
    scan(new_uow, runner, as_pdf(page(two_letters[0])))
    with new_uow() as uow:
        (row,) = receipts.scanned(uow)
    desk = browser("legal")
    assert row.addressee in desk.get("/notices/receipts").get_data(as_text=True)

    answer = desk.post(
        f"/notices/letters/{row.id}/outcome",
        {
            "outcome": "signed",
            "on": TODAY.isoformat(),
            "signer": "adult_relative",
            "document": str(row.outcome_document_id),
        },
    )

    assert answer.status_code == 302
    with new_uow() as uow:
        notice = queries.get_notice(uow, row.id)
        assert (notice.proof_level, notice.outcome_document_id) == (
            "A",
            row.outcome_document_id,
        )
        assert receipts.scanned(uow) == []


def test_a_typed_number_opens_the_letter(two_letters, people, browser):
    del people
    desk = browser("legal")

    found = desk.get(f"/notices/receipts?number={two_letters[0]}")
    lost = desk.get("/notices/receipts?number=N029")

    assert "/notices/letters/" in found.headers["Location"]
    assert lost.status_code == 404
    assert "没有找到函件" in lost.get_data(as_text=True)


def test_scans_are_taken_by_the_page(two_letters, people, browser, runner):
    del people
    desk = browser("archive_clerk")
    given = {"files": [(io.BytesIO(as_pdf(page(two_letters[0]))), "一.pdf")]}

    assert desk.post("/notices/receipts", given).status_code == 302
    assert "排队中" in desk.get("/notices/receipts").get_data(as_text=True)
    runner.run_until_empty()
    assert "认出 1 封" in desk.get("/notices/receipts").get_data(as_text=True)


@pytest.mark.office
def test_the_slip_is_read_back_from_the_printed_letter(new_uow, issued):
    (notice_id,) = issued()
    with new_uow() as uow:
        notice = queries.get_notice(uow, notice_id)
        number, data = notice.barcode, service.render(uow, notice)

    (pdf,) = docx_to_pdf([data], soffice=soffice_path())

    pages = pdf_pictures(pdf, width=receipts.WIDTH)
    assert [receipts.numbers_on(one) for one in pages] == [(), (), (number,)]
