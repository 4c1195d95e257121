"""Barcodes in a pile: where they cut, what they decide, and that it can be taken back."""

import io

import pytest
import segno
from PIL import Image
from sqlalchemy import select

from postloan_archive.archive.models import Document, IntakeFile
from postloan_archive.archive.rules.separators import (
    Planned,
    Seen,
    Separator,
    Target,
    code_of,
    plan,
    read_code,
)
from tests.archive.page_fixtures import OURS, THEIRS
from tests.archive.test_inbox_page import drop, row, text_of

__all__ = ["drop"]

CUT = code_of(Separator())
TO_OURS = code_of(Separator(loan_no=OURS, item_code="YJ01"))
GOES = Target(loan_no=OURS, item_code="BQ18")


def seen(*pages):
    """`.` a page, `_` a blank one, else the codes on it."""
    return [
        Seen(no=no, blank=page == "_", codes=() if page in {".", "_"} else tuple(page.split()))
        for no, page in enumerate(pages, 1)
    ]


def test_a_code_says_what_was_put_in_and_a_wrong_one_nothing():
    for one in (Separator(), Separator(loan_no="借:2025/1", item_code="BQ01")):
        assert read_code(code_of(one)) == one
    assert read_code(CUT[:-1] + "x") is None
    assert read_code(TO_OURS.replace("0001", "0002")) is None
    for text in ("", "FGY", "FGY:::", "https://example.com"):
        assert read_code(text) is None


@pytest.mark.parametrize(
    ("pages", "known", "pieces"),
    [
        ([".", "."], {}, []),
        ([CUT, ".", ".", CUT, "."], {}, [(2, 3), (5,)]),
        ([CUT, "_", ".", "_", "."], {}, [(3, 4, 5)]),  # the back of the sheet goes
        ([".", CUT, "."], {}, [(1,), (3,)]),
        ([CUT, CUT, "_"], {}, []),
        (["R1", ".", "R2", "_", "."], {"R1": GOES, "R2": GOES}, [(1,), (2,), (3,), (5,)]),
        (["R1", "."], {}, []),  # nobody's code
    ],
)
def test_where_a_pile_is_cut(pages, known, pieces):
    assert [one.pages for one in plan(seen(*pages), known)] == pieces


def test_what_decides_a_piece():
    known = {"R1": GOES, "R2": GOES, TO_OURS: Target(loan_no=OURS, item_code="YJ01")}
    found = plan(seen(CUT, ".", "R1", CUT, "R1", "R2", TO_OURS, "."), known)
    assert found == (
        Planned(pages=(2, 3), code="R1", target=GOES),
        Planned(pages=(5, 6)),  # two letters: a person decides
        Planned(pages=(8,), code=TO_OURS, target=known[TO_OURS]),
    )


def scan(*codes: str) -> bytes:
    """A scan of one page for each code; a page of ink where there is none."""
    pages = []
    for code in codes:
        page = Image.new("L", (1_240, 1_754), "white")
        if code == "ink":
            page.paste(0, (200, 200, 1_000, 260))
        elif code:
            square = io.BytesIO()
            segno.make(code, error="m").save(square, kind="png", scale=10, border=4)
            page.paste(Image.open(square).convert("L"), (300, 300))
        pages.append(page)
    out = io.BytesIO()
    pages[0].save(out, "PDF", resolution=150, save_all=True, append_images=pages[1:])
    return out.getvalue()


def test_a_separator_with_a_loan_file_files_what_follows(browser, drop, new_uow, work):
    first = drop("叠1.pdf", scan("ink", TO_OURS, "ink", "ink", CUT, "", "ink"))
    work()
    with new_uow() as uow:
        document = uow.session.scalars(select(Document)).one()
        assert (document.item_code, document.page_count) == ("YJ01", 2)
        pieces = uow.session.scalars(select(IntakeFile).order_by(IntakeFile.id)).all()
        assert [[leaf[1] for leaf in one.leaves] for one in pieces] == [[1], [3, 4], [7]]
        filed = pieces[1]
        assert (filed.outcome, filed.handled_by) == ("filed", "legal")
        assert filed.decided_by.startswith("barcode")
    page = text_of(browser("legal").get(f"/inbox?file={first}"))
    assert "按条码" in page
    assert browser("legal").post(f"/inbox/{filed.id}/undo").status_code == 302
    assert row(new_uow, filed.id).document_id is None
    assert row(new_uow, filed.id).decided_by == ""


def test_a_separator_of_another_branch_only_cuts(drop, new_uow, work):
    theirs = code_of(Separator(loan_no=THEIRS, item_code="YJ01"))
    drop("叠2.pdf", scan("ink", theirs, "ink"))
    work()
    with new_uow() as uow:
        assert uow.session.scalars(select(Document)).all() == []
        assert len(uow.session.scalars(select(IntakeFile)).all()) == 2


def test_sheets_are_printed_for_loan_files_one_may_see(browser, loans):
    del loans
    clerk = browser("legal")
    assert "生成分隔页" in text_of(clerk.get("/inbox/separators"))
    page = text_of(clerk.get(f"/inbox/separators?loan_no={OURS}&item_code=YJ01&count=3"))
    assert page.count('class="separator-sheet"') == 3
    assert TO_OURS in page
    assert '<svg xmlns="http://www.w3.org/2000/svg" viewBox=' in page  # grows with the sheet
    assert text_of(clerk.get("/inbox/separators?count=2")).count("在此分件") >= 2
    for wrong in (f"loan_no={THEIRS}", "count=0", "count=²", "item_code=XX99"):
        assert clerk.get(f"/inbox/separators?{wrong}").status_code == 422, wrong
