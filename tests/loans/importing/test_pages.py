"""The import by browser: upload, check, decide, what comes back; mine and nobody else's."""

import io

import openpyxl
import pytest
from sqlalchemy import func, select

from postloan_archive.archive import gaps
from postloan_archive.jobs import JobRunner
from postloan_archive.loans import positions
from postloan_archive.loans.importing import batches
from postloan_archive.loans.models import LedgerImport, Loan
from tests.loans.importing.books import LOAN_HEAD, loan_row, loans

BAD = loan_row("JJ2", id_no="1.00101E+17")


@pytest.fixture
def clerk(people, browser):
    """The archive clerk of branch 0201."""
    del people
    return browser("archive_clerk")


@pytest.fixture
def work(system):
    """Let the worker do what waits."""
    handlers = batches.handlers(system) | gaps.handlers(system) | positions.handlers(system)
    return lambda: JobRunner(system.engine, handlers, clock=system.clock).run_until_empty()


def send(who, content: bytes, name: str = "台账.xlsx"):
    return who.post(
        "/loans/import",
        {"file": (io.BytesIO(content), name)},
        content_type="multipart/form-data",
    )


def text_of(reply) -> str:
    assert reply.status_code == 200
    return reply.get_data(as_text=True)


def loans_there(new_uow) -> int:
    with new_uow() as uow:
        return uow.session.scalar(select(func.count()).select_from(Loan))


def test_upload_check_apply(clerk, work, new_uow):
    sent = send(clerk, loans(loan_row()))
    assert sent.headers["Location"].endswith("/loans/import/1")
    assert "正在检查" in text_of(clerk.get("/loans/import/1"))
    assert "hx-get" in text_of(clerk.get("/loans/import/1/work"))

    work()
    checked = text_of(clerk.get("/loans/import/1"))
    assert "检查通过" in checked
    assert "放款金额 → 贷款金额" in checked
    assert "<td>100000.00</td>" in checked  # as it was understood
    assert clerk.get("/loans/import/1/work").headers["HX-Refresh"] == "true"
    assert loans_there(new_uow) == 0

    assert clerk.post("/loans/import/1", {"mode": "all"}).status_code == 302
    work()
    assert "已导入：客户 1，贷款 1" in text_of(clerk.get("/loans/import/1"))
    assert loans_there(new_uow) == 1
    assert "台账.xlsx" in text_of(clerk.get("/loans/import"))
    with new_uow() as uow:
        row = uow.session.get(LedgerImport, 1)
        assert (row.state, row.created_by) == ("applied", "archive_clerk")

    assert clerk.post("/loans/import/1", {"mode": "all"}).status_code == 409  # only once


def test_faults_are_listed_and_the_good_rows_can_come_in(clerk, work, new_uow):
    send(clerk, loans(loan_row(), BAD))
    work()
    page = text_of(clerk.get("/loans/import/1"))
    assert "1 笔有错误（1 处）" in page
    assert "科学计数" in page

    clerk.post("/loans/import/1", {"mode": "all"})  # not possible, and it says so
    assert "不能整批导入" in text_of(clerk.get("/loans/import/1"))
    assert loans_there(new_uow) == 0

    clerk.post("/loans/import/1", {"mode": "good"})
    work()
    assert loans_there(new_uow) == 1
    rest = openpyxl.load_workbook(
        io.BytesIO(clerk.get("/loans/import/1/rest.xlsx").data)
    ).active
    assert [row[0].value for row in rest.iter_rows()] == ["借据号", "JJ2"]
    marked = openpyxl.load_workbook(io.BytesIO(clerk.get("/loans/import/1/results.xlsx").data))
    assert marked.active.cell(2, marked.active.max_column).value == "已导入"


def test_what_is_no_ledger_says_so(clerk, work):
    send(clerk, b"nonsense", "图片.xlsx")
    work()
    page = text_of(clerk.get("/loans/import/1"))
    assert "不是表格文件" in page
    assert send(clerk, b"").status_code == 422


def test_the_branches_are_those_of_the_sender(clerk, work):
    send(clerk, loans(loan_row(branch="0202")))
    work()
    assert "没有代码或名称" in text_of(clerk.get("/loans/import/1"))


def test_an_import_is_found_by_its_sender_alone(clerk, work, browser):
    send(clerk, loans(loan_row()))
    work()
    other = browser("other_branch")  # a clerk as well
    for path in ("/loans/import/1", "/loans/import/1/results.xlsx", "/loans/import/1/work"):
        assert other.get(path).status_code == 404
    assert other.post("/loans/import/1", {"mode": "all"}).status_code == 404
    assert browser("legal").get("/loans/import").status_code == 403


def test_the_template_can_be_fetched(clerk):
    book = openpyxl.load_workbook(io.BytesIO(clerk.get("/loans/import/template.xlsx").data))
    assert book.sheetnames[0] == "说明"
    assert book["贷款"].cell(1, 1).value == "借据号*"


def strange() -> bytes:
    """A ledger whose headings nobody can know."""
    rows = [list(LOAN_HEAD), loan_row(), loan_row("JJ2")]
    rows[0][0], rows[0][5] = "业务流水", "金额一"
    return loans(*rows[1:], head=tuple(rows[0]))


def test_headings_are_told_once_and_kept_for_the_source(clerk, work, new_uow):
    send(clerk, strange())
    work()
    page = text_of(clerk.get("/loans/import/1"))
    assert "工作表缺少必填列：借据号、贷款金额" in page
    assert "对应列" in page
    form = text_of(clerk.get("/loans/import/1/columns"))
    assert "业务流水" in form
    assert "缺少必填列" in form

    answers = {"kind-1": "loans", "save_as": "核心日报"}
    known = ["loan_no", "name", "id_no", "branch", "contract_no", "principal", "annual_rate",
             "repayment_method", "disbursed_on", "due_on"]  # fmt: skip
    answers |= {f"column-1-{at}": key for at, key in enumerate(known, start=1)}
    assert clerk.post("/loans/import/1/columns", answers).status_code == 302
    work()
    assert "检查通过，可以导入：客户 1，贷款 2" in text_of(clerk.get("/loans/import/1"))
    assert "业务流水 → 借据号" in text_of(clerk.get("/loans/import/mappings"))

    sent = clerk.post(
        "/loans/import",
        {"file": (io.BytesIO(strange()), "明天.xlsx"), "source": "核心日报"},
        content_type="multipart/form-data",
    )
    assert sent.headers["Location"].endswith("/loans/import/2")
    work()
    assert "检查通过" in text_of(clerk.get("/loans/import/2"))
    clerk.post("/loans/import/2", {"mode": "all"})
    work()
    assert loans_there(new_uow) == 2

    assert clerk.post("/loans/import/2/columns", answers).status_code == 409
    assert clerk.post("/loans/import/mappings/drop", {"name": "核心日报"}).status_code == 302
    assert "还没有保存过" in text_of(clerk.get("/loans/import/mappings"))


def test_a_sheet_can_be_left_out(clerk, work):
    send(clerk, strange())
    work()
    clerk.post("/loans/import/1/columns", {"kind-1": "-"})
    work()
    page = text_of(clerk.get("/loans/import/1"))
    assert "没有认出任何工作表" in page
    assert "不读取" in text_of(clerk.get("/loans/import/1/columns"))


def test_an_import_is_undone_from_its_page(clerk, work, new_uow):
    send(clerk, loans(loan_row()))
    work()
    clerk.post("/loans/import/1", {"mode": "all"})
    work()
    assert "贷款 1" in text_of(clerk.get("/loans/import/1/undo"))

    assert clerk.post("/loans/import/1/undo").status_code == 302
    work()

    assert loans_there(new_uow) == 0
    assert "已撤销" in text_of(clerk.get("/loans/import/1"))
    assert clerk.post("/loans/import/1/undo").status_code == 409


def test_an_import_that_is_rested_on_says_by_what(clerk, work, new_uow):
    send(clerk, loans(loan_row()))
    work()
    clerk.post("/loans/import/1", {"mode": "all"})
    work()
    send(clerk, loans(loan_row("JJ2")))
    work()
    clerk.post("/loans/import/2", {"mode": "all"})
    work()

    page = clerk.post("/loans/import/1/undo")
    assert page.status_code == 302
    told = text_of(clerk.get(page.headers["Location"]))
    assert "后来登记的贷款" in told
    assert "撤销这次导入" not in told
    assert loans_there(new_uow) == 2
