"""The pages of cases, measures and packages answer for legal staff and for nobody else."""

import io
from datetime import date

import pytest

from postloan_archive.archive import service as archive
from postloan_archive.archive.service import OpenBatch, ReceiveFile
from postloan_archive.cases import queries as case_queries
from postloan_archive.cases import service as cases
from postloan_archive.cases.service import OpenCase
from postloan_archive.litigation import making, queries, service
from postloan_archive.preservation import service as measures
from postloan_archive.preservation.commands import RegisterMeasure
from tests.builders import a_loan
from tests.bundle.samples import pdf

CASE = "AJ2026-0001"


@pytest.fixture
def legal(browser, people, new_uow):
    """Legal staff of branch 0201, a case there with two papers and one measure."""
    del people
    with new_uow() as uow:
        loan = a_loan(uow)
        cases.open_case(uow, OpenCase(loan_no=loan.loan_no, court="示范县人民法院"))
        batch = archive.open_batch(uow, OpenBatch(source="cli"))
        for item in ("YJ01", "YJ02"):
            stream = io.BytesIO(pdf(content=f"BT /F1 9 Tf ({item}) Tj ET".encode()))
            received = archive.receive_file(
                uow,
                ReceiveFile(
                    batch_id=batch.id,
                    loan_no=loan.loan_no,
                    item_code=item,
                    name=f"{item}.pdf",
                    title=item,
                    stream=stream,
                ),
            )
            uow.enqueue("read_documents", [received.document_id])
        measures.register_measure(
            uow,
            RegisterMeasure(
                loan_no=loan.loan_no,
                respondent="张三",
                asset_kind="bank_deposit",
                asset="存款",
                court="示范县人民法院",
                ruling_no="（2025）示9999财保1号",
                effective_on=date(2025, 12, 10),
            ),
        )
    return browser("legal")


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/cases", CASE),
        ("/cases/new", "借据号"),
        (f"/cases/{CASE}", "程序"),
        ("/preservation", "≤ 15 天"),
        ("/packages", CASE),
        (f"/packages/{CASE}", "按清单提出证据"),
    ],
)
def test_every_page_answers(legal, path, words):
    answer = legal.get(path)

    assert answer.status_code == 200
    assert words in answer.get_data(as_text=True)


def test_the_builder_takes_an_order_and_a_new_purpose(legal, new_uow):
    assert legal.post(f"/packages/{CASE}/open").status_code == 302
    with new_uow() as uow:
        first, second = (item.id for item in service.open_package(uow, CASE).items)
    assert (
        legal.post(f"/packages/{CASE}/order", {"order": f"{second},{first}"}).status_code == 302
    )
    form = {"title": "借据", "purpose": "证明放款", "first_page": "1", "last_page": "1"}
    assert legal.post(f"/packages/{CASE}/exhibits/{second}", form).status_code == 302

    page = legal.get(f"/packages/{CASE}").get_data(as_text=True)
    assert "证明放款" in page
    with new_uow() as uow:
        rows = queries.exhibits_of(uow, service.open_package(uow, CASE))
    assert [row.id for row in rows] == [second, first]


def test_half_a_range_is_shown_beside_its_field(legal, new_uow):
    legal.post(f"/packages/{CASE}/open")
    with new_uow() as uow:
        item = service.open_package(uow, CASE).items[0].id

    answer = legal.post(
        f"/packages/{CASE}/exhibits/{item}", {"title": "借据", "first_page": "2"}
    )

    assert answer.status_code == 422
    assert "页码范围" in answer.get_data(as_text=True)


def test_another_branch_does_not_find_the_case(legal, browser):
    del legal
    assert browser("other_branch").get(f"/cases/{CASE}").status_code in {403, 404}


@pytest.mark.parametrize(("code", "words"), [("P03", "财产保全申请书"), ("X01", "执行")])
def test_a_paper_is_made_from_its_page(legal, new_uow, code, words):
    listing = legal.get(f"/packages/{CASE}/papers").get_data(as_text=True)
    assert words in listing
    page = legal.get(f"/packages/{CASE}/papers/{code}").get_data(as_text=True)
    assert "缺" in page

    answer = legal.post(
        f"/packages/{CASE}/papers/{code}/facts", {f"{code}.facts": "甲事实", "act": "make"}
    )

    assert answer.status_code == 302
    with new_uow() as uow:
        case = case_queries.get_case(uow, CASE)
        (made,) = making.made_papers(uow, case.id)
        assert case.facts[f"{code}.facts"] == "甲事实"
    word = legal.get(f"/packages/{CASE}/papers/made/{made.id}.docx")
    assert word.status_code == 200
    assert word.data[:2] == b"PK"


def test_a_day_that_cannot_be_read_comes_back_with_what_was_typed(legal):
    answer = legal.post(f"/packages/{CASE}/papers/P10/facts", {"P10.new_date": "改日"})

    assert answer.status_code == 422
    assert "改日" in answer.get_data(as_text=True)


@pytest.mark.parametrize("path", ["papers/Z99", "papers/made/7.docx", "papers/made/7.pdf"])
def test_a_paper_that_is_not_there_is_a_404(legal, path):
    assert legal.get(f"/packages/{CASE}/{path}").status_code == 404
