"""The papers of a loan file: true to the millimetre, and saying what the file holds."""

import io

import docx
import pytest
from docx.oxml.ns import qn

from postloan_archive.custody import file_labels, file_papers
from postloan_archive.custody.file_labels import SPINES, label_paper, spine
from postloan_archive.loans import queries as loans
from postloan_archive.wordgen import write_paper

LOAN = "JJ2025-0001"
MM = 36_000  # English metric units of Word


@pytest.fixture
def facts(new_uow, paper):
    del paper
    with new_uow() as uow:
        return file_papers.facts_of(uow, loans.get_loan(uow, LOAN), None)


def opened(body: bytes):
    return docx.Document(io.BytesIO(body))


@pytest.mark.parametrize("width", SPINES)
def test_a_spine_is_as_wide_as_the_box(facts, width):
    tables = opened(write_paper(spine(facts, width))).tables
    widths = [cell.width / MM for table in tables for cell in table.rows[0].cells]
    assert widths == pytest.approx([width] * 3, abs=0.02)  # Word counts in twips
    heights = [table.rows[0].height / MM for table in tables]
    assert sum(heights) == pytest.approx(270, abs=0.05)
    assert tables[1].rows[0].cells[0].text.splitlines()[:2] == ["张", "三"]  # upright


def test_no_box_is_25_mm_wide(facts):
    with pytest.raises(file_labels.SpineWidthError):
        spine(facts, 25)


def test_a_sheet_of_labels_has_24_of_70_by_37_and_skips_the_used():
    lines = [(f"O{at:09d}", "YJ01", "合同") for at in range(24)]
    made = opened(write_paper(label_paper(lines, "a4", 3)))
    table = made.tables[0]
    assert {round(cell.width / MM, 1) for row in table.rows for cell in row.cells} == {70}
    assert {round(row.height / MM, 1) for row in table.rows} == {37}
    assert len(table.rows) == 9  # 27 places
    assert [cell.text for cell in table.rows[0].cells] == ["", "", ""]
    assert "O000000000" in table.rows[1].cells[0].text
    assert round(made.sections[0].page_width / MM, 1) == 210


@pytest.mark.parametrize(("size", "width", "height"), [("60x40", 60, 40), ("40x30", 40, 30)])
def test_a_roll_has_one_label_a_page(size, width, height):
    made = opened(write_paper(label_paper([("O0000000000", "a", "b")] * 2, size, 5)))
    section = made.sections[0]
    found = (section.page_width / MM, section.page_height / MM)
    assert found == pytest.approx((width, height), abs=0.02)
    assert len(made.tables[0].rows) == 2


def test_the_transfer_list_names_every_original(facts):
    table = opened(file_papers.word("transfer", facts)).tables[0]
    assert [row.cells[3].text for row in table.rows[1:]] == [
        row.title for row in facts.originals
    ]
    assert table.rows[0]._tr.find(f".//{qn('w:tblHeader')}") is not None


def test_every_paper_answers_as_page_and_as_word(browser, paper):
    del paper
    clerk = browser("archive_clerk")
    for name in ("inner", "note", "cover", "spine", "labels", "transfer"):
        page = clerk.get(f"/loans/{LOAN}/papers/{name}")
        assert page.status_code == 200, name
        body = clerk.get(f"/loans/{LOAN}/papers/{name}.docx").get_data()
        assert opened(body).sections
    assert clerk.get(f"/loans/{LOAN}/papers/x").status_code == 404
    assert clerk.get(f"/loans/{LOAN}/papers/x.docx").status_code == 404
    assert clerk.get(f"/loans/{LOAN}/papers/spine?spine=25").status_code == 422
    assert browser("other_branch").get(f"/loans/{LOAN}/papers/inner").status_code == 404
