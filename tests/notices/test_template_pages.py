"""The template centre in the browser: upload, try, compare, publish by another, roll back."""

import io
import re

import docx
import pytest

from tests.notices.conftest import LOAN
from tests.notices.test_template_versions import edited, faulty


@pytest.fixture
def desk(browser, people, loan):
    """Legal staff of branch 0201 with one overdue loan there."""
    del people, loan
    return browser("legal")


def text_of(answer):
    return answer.get_data(as_text=True)


def uploaded(desk, data, **fields):
    """Upload as a draft; returns the address of the version."""
    page = text_of(desk.get("/templates/N02"))
    place = re.search(r'<option value="(\d*)"', page)[1]
    answer = desk.post(
        "/templates/N02/versions",
        {"file": (io.BytesIO(data), "改.docx"), "branch": place, "note": "改落款"} | fields,
    )
    assert answer.status_code == 302, text_of(answer)[-1500:]
    return answer.headers["Location"]


def test_a_draft_is_tried_compared_and_submitted(desk):
    address = uploaded(desk, edited("（新版文字）"))

    page = text_of(desk.get(f"{address}?loan={LOAN}"))
    assert "草稿" in page
    assert "改落款" in page
    assert ("（新版文字）" in page) or ("fill/1.png" in page)
    compared = text_of(desk.get(f"{address}/compare"))
    assert "<ins>" in compared
    assert "新版文字" in compared
    filled = docx.Document(io.BytesIO(desk.get(f"{address}/fill.docx?loan={LOAN}").data))
    assert any("（新版文字）" in one.text for one in filled.paragraphs)
    assert desk.post(f"{address}/submit").status_code == 302
    page = text_of(desk.get(address))
    assert "待发布" in page
    assert "等待另一位有发布权限的人员" in page  # not the one who made it
    desk.post(f"{address}/publish", {"reason": "自己发布"})
    assert "上传人、提交人不能发布" in text_of(desk.get(address))


def test_another_person_publishes_and_rolls_back(desk, browser):
    address = uploaded(desk, edited())
    desk.post(f"{address}/submit")
    head = browser("branch_manager")
    assert head.get("/templates").status_code == 200
    head.post(f"{address}/publish", {"reason": "同意"})
    assert "现行" in text_of(head.get(address))
    second = uploaded(desk, edited("再改"))
    desk.post(f"{second}/submit")
    head.post(f"{second}/publish")
    head.post(f"{address}/roll-back", {"reason": "再改的有误"})

    page = text_of(head.get("/templates/N02"))

    assert "再改的有误" in page
    assert "退回旧版" in page


def test_a_faulty_draft_is_kept_marked_and_not_submitted(desk):
    address = uploaded(desk, faulty())

    page = text_of(desk.get(address))
    assert "是否想写“borrower”" in page
    assert "提交，待另一人发布" not in page
    marked = docx.Document(io.BytesIO(desk.get(f"{address}/marked.docx").data))
    assert any("borrower" in one.text for one in marked.comments)
    desk.post(f"{address}/submit")
    assert "模板有 1 处错误" in text_of(desk.get(address))


@pytest.mark.parametrize(
    ("data", "branch", "words"),
    [
        (b"x", "", "不是可用的 Word 文档"),
        (None, "", "请选择 Word 文件"),
        ("good", "²", "没有代码为"),
        ("good", "99999", "没有代码为"),
        ("good", "", "您不能变更这个机构的模板"),
    ],
)
def test_a_bad_upload_is_refused_in_words(desk, data, branch, words):
    content = edited() if data == "good" else data
    place = (
        branch
        if data == "good"
        else re.search(r'<option value="(\d*)"', text_of(desk.get("/templates/N02")))[1]
    )
    fields = {"branch": place, "note": "试"}
    if content is not None:
        fields["file"] = (io.BytesIO(content), "坏.docx")

    answer = desk.post("/templates/N02/versions", fields)

    assert answer.status_code == 422
    assert words in text_of(answer)


@pytest.mark.parametrize(
    "path",
    [
        "/templates/N99",
        "/templates/N99/fields",
        "/templates/versions/999",
        "/templates/versions/999/compare",
        "/templates/versions/²",
    ],
)
def test_what_is_not_there_is_not_found(desk, path):
    assert desk.get(path).status_code == 404


def test_a_trial_with_a_strange_loan_says_so(desk):
    address = uploaded(desk, edited())

    answer = desk.get(f"{address}?loan=没有这笔")

    assert answer.status_code == 422
    assert "没有这些借据号" in text_of(answer)


def test_the_reference_of_a_letter_shows_type_sample_and_duty(desk):
    page = text_of(desk.get("/templates/N08/fields"))

    assert "{%tr for row in debts %}" in page
    assert "{{ row.guarantor }}" in page
    assert "表格行（循环）" in page
    assert "必备" in page


def test_a_run_asks_for_the_facts_of_its_letter(desk):
    page = text_of(desk.get("/notices/new?kind=N07"))
    assert "受让人" in page
    other = desk.post(
        "/notices/new",
        {"kind": "N15", "shown_kind": "N07", "as_of": "2026-11-24", "source": "called_for"},
    )
    assert "检查发现的问题" in text_of(other)
    missing = desk.post(
        "/notices/new",
        {"kind": "N15", "shown_kind": "N15", "as_of": "2026-11-24", "source": "numbers",
         "numbers": LOAN},
    )  # fmt: skip
    assert missing.status_code == 422
    made = desk.post(
        "/notices/new",
        {"kind": "N15", "shown_kind": "N15", "as_of": "2026-11-24", "source": "numbers",
         "numbers": LOAN, "given_finding": "用途不符", "given_contract_clause": "合同第十一条",
         "given_required_action": "提交证明", "given_deadline": "2026.12.15"},
    )  # fmt: skip
    assert made.status_code == 302
    assert "风险提示" in text_of(desk.get(made.headers["Location"]))
