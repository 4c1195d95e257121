"""The pages of the letters, from a new run to a confirmed effect."""

import io
import re

import docx
import openpyxl
import pytest
from sqlalchemy import select

from postloan_archive.audit.models import AuditRow
from postloan_archive.loans.models import LimitationEvent
from postloan_archive.notices import queries, service
from postloan_archive.notices.models import Notice, NoticeRun
from postloan_archive.notices.service import PlanRun
from postloan_archive.wordgen import docx_text
from tests.notices.conftest import LOAN, TODAY, an_overdue_loan

DAY = TODAY.isoformat()


@pytest.fixture
def desk(browser, people, loan):
    """Legal staff of branch 0201 with one overdue loan there."""
    del people, loan
    return browser("legal")


def text_of(answer):
    return answer.get_data(as_text=True)


def flashed(answer, browser):
    return text_of(browser.get(answer.headers["Location"]))


def new_run(desk, **fields):
    answer = desk.post(
        "/notices/new", {"kind": "N02", "as_of": DAY, "source": "called_for"} | fields
    )
    assert answer.status_code == 302, text_of(answer)[-2000:]
    return answer.headers["Location"]


def issue(desk, runner):
    """A run with its letter issued; returns addresses of both."""
    run = new_run(desk)
    assert desk.post(f"{run}/start").status_code == 302
    runner.run_until_empty()
    letter = re.search(r"/notices/letters/\d+", text_of(desk.get(run)))[0]
    return run, letter


def test_a_run_goes_from_choice_to_check_to_letters(desk, runner):
    run = new_run(desk, overdue_from="30")
    page = text_of(desk.get(run))
    assert "借款人1" in page
    assert "逐封检查" in page
    assert "时效 20" in page
    assert desk.post(f"{run}/check").status_code == 302
    assert desk.post(f"{run}/start").status_code == 302
    assert "hx-get" in text_of(desk.get(run))
    runner.run_until_empty()

    page = text_of(desk.get(run))
    assert "〔2026〕催字第0001号" in page
    assert "登记 1 封寄送" in page
    assert "CH2026-0001" in text_of(desk.get("/notices"))
    assert desk.get(f"{run}/work").headers["HX-Refresh"] == "true"


@pytest.mark.parametrize("numbers", [LOAN, f" {LOAN}，{LOAN}\n"])
def test_pasted_numbers_choose_loans(desk, numbers):
    run = new_run(desk, source="numbers", numbers=numbers)
    assert text_of(desk.get(run)).count(">借款人1<") == 1


def test_an_unknown_number_is_named_beside_its_field(desk):
    answer = desk.post(
        "/notices/new",
        {"kind": "N02", "as_of": DAY, "source": "numbers", "numbers": f"{LOAN} JJ404"},
    )

    assert answer.status_code == 422
    assert "没有这些借据号：JJ404" in text_of(answer)
    assert LOAN in text_of(answer)


def sheet(*rows):
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    out.seek(0)
    return out


def test_a_sheet_chooses_loans(desk):
    given = sheet(["贷款清单"], ["户名", "借据号"], ["借款人1", LOAN], ["", None])
    run = new_run(desk, source="sheet", sheet=(given, "清单.xlsx"))
    assert "借款人1" in text_of(desk.get(run))

    answer = desk.post(
        "/notices/new",
        {
            "kind": "N02",
            "as_of": DAY,
            "source": "sheet",
            "sheet": (io.BytesIO(b"no sheet"), "x.xlsx"),
        },
    )
    assert answer.status_code == 422
    assert "表格无法读取" in text_of(answer)


def test_loans_marked_in_a_list_arrive_in_the_form(desk, new_uow):
    with new_uow() as uow:
        other = an_overdue_loan(uow, loan_no="JJ2025-0900", number=9, branch="0202").id
    page = text_of(desk.post("/notices/choose", {"loan": ["1", LOAN, str(other), "x"]}))

    field = re.search(r'<textarea[^>]*id="numbers"[^>]*>(.*?)</textarea>', page, re.DOTALL)[1]
    assert field.split() == [LOAN]


def test_a_missing_address_is_entered_in_the_row(browser, people, new_uow):
    del people
    with new_uow() as uow:
        an_overdue_loan(uow, facts={})
    desk = browser("legal")
    run = new_run(desk)
    page = text_of(desk.get(f"{run}?show=errors"))
    assert "缺少：送达地址" in page
    letter = re.search(r"/notices/letters/\d+", page)[0]

    desk.post(f"{letter}/address", {"address": "示范县北街43号", "basis": "合同第九条"})

    page = text_of(desk.get(run))
    assert "缺少：送达地址" not in page
    assert "生成 1 封" in page


def test_a_letter_is_taken_out_and_put_back(desk):
    run = new_run(desk)
    letter = re.search(r"/notices/letters/\d+", text_of(desk.get(run)))[0]
    desk.post(f"{letter}/remove", {"reason": "已承诺还款"})
    assert "经办人移除：已承诺还款" in text_of(desk.get(run))
    answer = desk.post(f"{run}/start")
    assert "没有可以生成的函件" in flashed(answer, desk)
    desk.post(f"{letter}/restore")
    assert "生成 1 封" in text_of(desk.get(run))


def test_files_leave_with_an_audit_line(desk, runner, new_uow):
    run, letter = issue(desk, runner)

    one = desk.get(f"{letter}/file.docx")
    merged = desk.get(f"{run}/print.docx")
    labels = desk.get(f"{run}/labels.docx?first=3")
    register = desk.get(f"{run}/register.xlsx")

    assert "贷款逾期催收通知书" in docx_text(one.data)
    assert docx.Document(io.BytesIO(merged.data)).paragraphs
    assert "示范省示范县柳树乡一组" in docx_text(labels.data)
    rows = list(openpyxl.load_workbook(io.BytesIO(register.data)).active.values)
    assert rows[1][3] == "借款人1"
    assert "合同号示农商借字2025第0001号" in rows[1][5]
    with new_uow() as uow:
        events = set(uow.session.scalars(select(AuditRow.event)))
    assert {
        "notices.letter_exported",
        "notices.run_printed",
        "notices.labels_printed",
        "notices.register_exported",
    } <= events


@pytest.mark.office
def test_a_worker_makes_one_pdf_of_the_run(desk, runner):
    run, _letter = issue(desk, runner)
    assert desk.get(f"{run}/print.pdf").status_code == 422
    assert desk.post(f"{run}/pdf").status_code == 302
    runner.run_until_empty()

    answer = desk.get(f"{run}/print.pdf")
    assert answer.data.startswith(b"%PDF")


@pytest.mark.office
def test_a_letter_is_read_at_once_and_drawn_by_a_worker(desk, runner):
    _run, letter = issue(desk, runner)
    page = text_of(desk.get(letter))
    assert "版面图正在生成" in page
    assert "借款人1" in page
    assert "hx-get" in text_of(desk.get(f"{letter}/preview"))
    assert desk.get(f"{letter}/pages/1.png").status_code == 404
    runner.run_until_empty()

    drawn = text_of(desk.get(f"{letter}/preview"))
    assert "pages/1.png" in drawn
    assert "hx-get" not in drawn
    assert desk.get(f"{letter}/pages/1.png").data.startswith(b"\x89PNG")
    assert desk.get(f"{letter}/pages/9.png").status_code == 404


def test_the_register_comes_back_with_tracking_numbers(desk, runner, new_uow):
    run, _letter = issue(desk, runner)
    book = openpyxl.load_workbook(io.BytesIO(desk.get(f"{run}/register.xlsx").data))
    page = book.active
    page["J2"], page["K2"], page["L2"] = "邮政特快专递", TODAY, 1234567890123
    out = io.BytesIO()
    book.save(out)
    out.seek(0)

    answer = desk.post(f"{run}/tracking", {"sheet": (out, "登记表.xlsx")})

    assert "已登记 1 个邮件号" in flashed(answer, desk)
    with new_uow() as uow:
        notice = uow.session.scalar(select(Notice))
        assert (notice.tracking_no, notice.dispatched_on) == ("1234567890123", TODAY)
    answer = desk.post(
        f"{run}/tracking", {"sheet": (sheet(["文号", "邮件号"], ["x", "1"]), "a.xlsx")}
    )
    assert "没有对应的函件：x" in flashed(answer, desk)


def test_a_letter_is_sent_arrives_and_moves_the_clock(desk, runner, new_uow):
    run, letter = issue(desk, runner)
    assert desk.post(f"{run}/dispatch", {"channel": "ems", "on": DAY}).status_code == 302
    refused = desk.post(
        f"{letter}/outcome", {"outcome": "signed", "on": DAY, "document": "0", "signer": ""}
    )
    assert refused.status_code == 422
    assert "请选择签收人身份" in text_of(refused)

    answer = desk.post(
        f"{letter}/outcome",
        {
            "outcome": "signed",
            "on": DAY,
            "signer": "debtor",
            "document": "0",
            "file": (io.BytesIO("回执".encode()), "回执.txt"),
        },
    )
    assert answer.status_code == 302
    page = text_of(desk.get(letter))
    assert "待确认" in page
    assert "2029-11-23" in page  # the working day before 24 November 2029, a Saturday
    assert desk.post(f"{letter}/confirm").status_code == 302

    assert "legal 已确认" in text_of(desk.get(letter))
    tab = text_of(desk.get(f"/loans/{LOAN}/notices"))
    assert "A 级凭证" in tab
    assert "legal 已确认" in tab
    with new_uow() as uow:
        event = uow.session.scalar(select(LimitationEvent))
        assert (event.confirmed_by, event.level) == ("legal", "A")
    answer = desk.post(f"{letter}/strike", {"reason": "签字不是本人"})
    assert "已撤销" in flashed(answer, desk)


def test_a_clerk_records_and_only_legal_confirms(desk, runner, browser):
    _run, letter = issue(desk, runner)
    clerk = browser("archive_clerk")

    assert clerk.post(f"{letter}/dispatch", {"channel": "hand", "on": DAY}).status_code == 302
    assert clerk.post(f"{letter}/confirm").status_code == 403
    assert clerk.post(f"{letter}/remove").status_code == 403


def test_another_branch_finds_neither_run_nor_letter(desk, runner, browser):
    run, letter = issue(desk, runner)
    other = browser("other_branch")

    for path in (run, letter, f"{run}/print.docx", f"{letter}/file.docx"):
        assert other.get(path).status_code == 404, path
    assert "借款人1" not in text_of(other.get("/notices/waiting?days=0"))


def test_letters_without_word_are_listed_and_exported(desk, runner):
    _run, letter = issue(desk, runner)
    desk.post(f"{letter}/dispatch", {"channel": "ems", "on": DAY, "tracking_no": "EM1"})

    assert "没有超过 15 天" in text_of(desk.get("/notices/waiting"))
    assert "EM1" in text_of(desk.get("/notices/waiting?days=0"))
    rows = openpyxl.load_workbook(
        io.BytesIO(desk.get("/notices/waiting.xlsx?days=0").data)
    ).active.max_row
    assert rows >= 2

    answer = desk.post("/notices/waiting/again", {"letter": "²", "filter_days": "0"})
    assert "没有选中未回执的函件" in flashed(answer, desk)
    answer = desk.post("/notices/waiting/again", {"all_results": "1", "filter_days": "0"})
    page = text_of(desk.get(answer.headers["Location"]))
    assert "逐封检查" in page
    assert "已发过同类函件" in page


def test_a_draft_shows_its_text_where_there_is_no_office(desk, system, monkeypatch):
    monkeypatch.setattr("postloan_archive.notices.previews.soffice_path", lambda _path: None)
    run = new_run(desk)
    letter = re.search(r"/notices/letters/\d+", text_of(desk.get(run)))[0]

    page = text_of(desk.get(letter))
    assert "没有 LibreOffice" in page
    assert "预览，生成时编号" in page
    del system


def test_the_templates_are_listed_checked_and_marked(desk):
    assert "结清证明" in text_of(desk.get("/templates"))
    assert "{{ overdue_days }}" in text_of(desk.get("/templates/N02/fields"))
    assert desk.get("/templates/N99").status_code == 404
    document = docx.Document()
    document.add_paragraph("{{ borower }}")
    out = io.BytesIO()
    document.save(out)

    shown = desk.post(
        "/templates/N02", {"file": (io.BytesIO(out.getvalue()), "新.docx"), "answer": "list"}
    )
    marked = desk.post(
        "/templates/N02", {"file": (io.BytesIO(out.getvalue()), "新.docx"), "answer": "marked"}
    )

    assert "是否想写“borrower”" in text_of(shown)
    assert docx.Document(io.BytesIO(marked.data)).paragraphs
    broken = desk.post(
        "/templates/N02", {"file": (io.BytesIO(b"x"), "坏.docx"), "answer": "marked"}
    )
    assert "不是可用的 Word 文档" in text_of(broken)
    assert (
        "demand_letter" in desk.get("/templates/N02/file.docx").headers["Content-Disposition"]
    )


def test_a_failed_letter_is_shown_apart_and_made_again(desk, runner, new_uow):
    with new_uow() as uow:
        run = service.plan_run(uow, PlanRun(kind="N02", as_of=TODAY))
        run_id, notice = run.id, run.notices[0]
        notice.snapshot = notice.snapshot | {"contact": "待补"}
        service.start_run(uow, run_id)
    runner.run_until_empty()
    page = text_of(desk.get(f"/notices/runs/{run_id}?show=failed"))
    assert "重做失败的 1 封" in page
    with new_uow() as uow:
        notice = uow.session.scalar(select(Notice))
        notice.snapshot = notice.snapshot | {"contact": "010"}
    desk.post(f"/notices/runs/{run_id}/retry")
    runner.run_until_empty()

    with new_uow() as uow:
        assert uow.session.get(NoticeRun, run_id).state == "done"
        assert queries.runs(uow)[0].issued == 1
