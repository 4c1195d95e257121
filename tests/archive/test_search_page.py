"""检索: facets, groups, marks, records, suggestions, the workbook – and what stays hidden."""

import io
import random
import re

import openpyxl
import pytest
from sqlalchemy import select

from postloan_archive.archive import preview
from postloan_archive.archive.models import Document
from postloan_archive.audit import AuditRow
from postloan_archive.cases import service as cases
from postloan_archive.cases.models import Procedure
from postloan_archive.cases.service import OpenCase
from tests.archive.page_fixtures import OURS, THEIRS
from tests.builders import PERSON_ID


def text_of(reply) -> str:
    return reply.get_data(as_text=True)


def facet(page: str, name: str) -> dict[str, str]:
    found = re.findall(
        rf'name="{name}" value="([^"]*)".*?class="n">([\d,]+)<', page, flags=re.DOTALL
    )
    return dict(found)


def test_hits_are_grouped_and_marked_with_their_page(browser, filed):
    document_id = filed()
    page = text_of(browser("legal").get("/search?q=送达地址"))
    assert "张三 · 示农商借字2025第0001号" in page
    assert "YJ01 借款合同" in page
    assert "YJ01 YJ01" not in page
    assert "<mark>送达地址</mark>" in page
    assert "第 1 页" in page
    assert f"/documents/{document_id}/pages/1.jpg" in page


def test_facets_count_only_what_the_person_may_see(browser, filed):
    filed("BQ01 催收.pdf", ("催收借款合同",))
    filed("YJ01 合同.pdf", ("借款合同",))
    filed("YJ01 别家.pdf", ("借款合同",), loan_no=THEIRS)
    whole = text_of(browser("legal").get("/search?q=借款合同"))
    assert facet(whole, "category") == {"YJ": "1", "BQ": "1"}
    assert THEIRS not in whole
    narrow = text_of(browser("account_manager").get("/search?q=借款合同"))
    assert facet(narrow, "category") == {"YJ": "1"}  # 保全类 is not for account managers
    assert "BQ01" not in narrow
    other = text_of(browser("other_branch").get("/search?q=借款合同"))
    assert list(facet(other, "branch").values()) == ["1"]
    assert OURS not in other


def test_a_chosen_facet_keeps_its_other_values_to_choose(browser, filed):
    filed("YJ01 a.pdf", ("甲",))
    filed("GL01 b.pdf", ("甲乙",))
    page = text_of(browser("legal").get("/search?q=甲&category=YJ"))
    assert facet(page, "category") == {"YJ": "1", "GL": "1"}
    assert facet(page, "item") == {"YJ01": "1"}
    assert "移除条件：要件类" in page


@pytest.mark.parametrize(
    ("mode", "found"), [("all", True), ("text", False), ("title", True), ("number", False)]
)
def test_modes_look_where_they_say(browser, filed, mode, found):
    filed("GL02 调查材料.pdf", ("正文没有那个词",))
    page = text_of(browser("legal").get(f"/search?q=调查材料&mode={mode}"))
    assert ("没有找到含有这些字的页" not in page) is found


@pytest.mark.parametrize("number", [OURS, "示农商借字2025第0001号", PERSON_ID, OURS.lower()])
@pytest.mark.usefixtures("loans")
def test_an_identifier_leads_straight_to_the_record(browser, number):
    assert f'href="/loans/{OURS}"' in text_of(browser("legal").get(f"/search?q={number}"))


@pytest.mark.usefixtures("loans")
def test_an_identifier_of_another_branch_leads_nowhere(browser):
    page = text_of(browser("legal").get(f"/search?q={THEIRS}"))
    assert "这是一个编号" not in page


def test_little_found_offers_what_was_meant(browser, filed):
    filed("GL02 现场调查报告.pdf", ("正文",))
    page = text_of(browser("legal").get("/search?q=调查报告书"))
    assert "是不是要找" in page
    assert "现场调查报告</a>" in page
    assert "是不是要找" not in text_of(browser("other_branch").get("/search?q=调查报告书"))


def test_what_waits_is_told_and_counted_by_rights(browser, filed, new_uow):
    document_id = filed("BQ10 判决.pdf", ("判决",))
    with new_uow() as uow:
        uow.session.get_one(Document, document_id).ocr_pending = 7
    assert "7 页、0 件尚未可检索" in text_of(browser("legal").get("/search?q=判决"))
    assert "尚未可检索" not in text_of(browser("account_manager").get("/search?q=判决"))


def test_a_clumsy_query_is_answered_with_a_sentence(browser, filed):
    filed()
    page = text_of(browser("legal").get('/search?q="送达地址'))
    assert "引号不成对" in page


def test_a_pasted_page_is_no_query(browser, loans):
    del loans
    reply = browser("legal").get("/search?q=" + "长" * 501)
    assert reply.status_code == 422
    assert "超过 500 字" in text_of(reply)


@pytest.mark.usefixtures("loans")
def test_a_loan_of_another_branch_is_not_found_as_a_filter(browser):
    reply = browser("legal").get(f"/search?q=a&loan={THEIRS}")
    assert reply.status_code == 422
    assert "没有找到借据号" in text_of(reply)


def test_text_and_names_are_never_markup(browser, filed):
    filed(
        "YJ01 <script>alert(1)</script>.txt", data="<img src=x onerror=alert(2)> 送达".encode()
    )
    page = text_of(browser("legal").get("/search?q=送达"))
    assert "<script>alert" not in page
    assert "<img src=x" not in page
    assert "&lt;img src=x onerror=alert(2)&gt;" in page
    echoed = text_of(browser("legal").get("/search?q=<script>x</script>"))
    assert "<script>x" not in echoed


def test_the_page_of_a_hit_is_shown_beside_the_list(browser, filed):
    document_id = filed()
    reply = browser("legal").get(f"/search/look?q=张三&hit={document_id}-2")
    assert reply.status_code == 200
    assert "第 2 页" in text_of(reply)
    other = browser("other_branch").get(f"/search/look?q=张三&hit={document_id}-2")
    assert other.status_code == 404


def test_the_workbook_holds_the_hits_and_is_recorded(browser, filed, new_uow):
    filed("YJ01 合同.txt", data="=1+1 甲方".encode())
    filed("YJ01 别家.txt", data="甲方".encode(), loan_no=THEIRS)
    reply = browser("legal").get("/search/export?q=甲方")
    book = openpyxl.load_workbook(io.BytesIO(reply.data))
    rows = list(book.active.iter_rows(min_row=4, values_only=True))
    assert [row[0] for row in rows] == [OURS]
    assert rows[0][10].startswith("=1+1")
    assert book.active.cell(4, 11).data_type == "s"
    with new_uow() as uow:
        line = uow.session.scalars(
            select(AuditRow).where(AuditRow.event == "archive.hits_exported")
        ).one()
        assert line.actor == "legal"
    assert "filename*=UTF-8''" in reply.headers["Content-Disposition"]


def test_marks_on_a_recognised_page_stand_on_their_words():
    text = "借款合同\n送达地址：示范县"
    boxes = [["借款合同", 0.1, 0.1, 0.5, 0.2], ["送达地址：示范县", 0.1, 0.3, 0.9, 0.4]]
    rects = preview.rects_of(text, boxes, [(5, 9)], 100.0, 200.0)
    assert rects == [(10.0, 60.0, 40.0, 20.0, True)]


@pytest.mark.parametrize("number", ["AJ2026-0001", "aj2026-0001", "(2026)示9999民初7号"])
@pytest.mark.usefixtures("loans")
def test_a_case_is_found_by_either_of_its_numbers(browser, new_uow, number):
    with new_uow() as uow:
        case = cases.open_case(uow, OpenCase(loan_no=OURS, court="示范县人民法院"))
        case.procedures.append(
            Procedure(kind="first", court=case.court, court_case_no="（2026）示9999民初7号")
        )
    page = text_of(browser("legal").get(f"/search?q={number}"))
    assert 'href="/cases/AJ2026-0001"' in page
    assert "/cases/" not in text_of(browser("other_branch").get(f"/search?q={number}"))


PIECES = (
    *"()\"':*\\%_;/?[]~^\0\u202e号",
    *("送达地址", "AND", "OR", "NOT", "题名:", "日期:", "金额:", "..", "--", "<b>", "{{1}}"),
    *("（2026）", "-1", "9" * 30, "类别:QZ", "\U0001f600"),
)


def test_nothing_that_people_type_breaks_the_page(browser, filed):
    filed()
    legal = browser("legal")
    dice = random.Random(20261124)
    for _ in range(120):
        words = [dice.choice(PIECES) for _ in range(dice.randint(1, 9))]
        query = dice.choice(["", " "]).join(words)
        mode = dice.choice(["all", "text", "title", "number", "x"])
        reply = legal.get(
            "/search",
            query_string={
                "q": query,
                "mode": mode,
                "page": dice.choice(["1", "99999", "-1", "x"]),
                "branch": dice.choice(["", "x", "9" * 40]),
                "year": dice.choice(["", "2026", "-5"]),
                "hit": dice.choice(["", "1-1", "9-9", "x", "1-"]),
            },
        )
        assert reply.status_code in {200, 422}, query
