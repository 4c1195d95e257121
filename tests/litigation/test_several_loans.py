"""A suit about several loans: set-up, papers, sheet, exhibits, pages."""

import io
from datetime import date
from decimal import Decimal

import pytest
from python_calamine import CalamineWorkbook

from postloan_archive.archive import service as archive
from postloan_archive.archive.service import FileMade
from postloan_archive.cases import case_loans, service
from postloan_archive.cases import queries as cases
from postloan_archive.cases.service import OpenCase
from postloan_archive.litigation import drafting, joining, making, queries, readiness, writing
from postloan_archive.litigation import service as packages
from postloan_archive.litigation.calculation import SUMS, calculation_sheet
from postloan_archive.litigation.matter import matter_of
from postloan_archive.litigation.setup import setup_of
from postloan_archive.loans import lenders
from postloan_archive.loans.service import NewGuarantee
from tests.builders import a_customer, a_loan
from tests.litigation.test_packages import LATE
from tests.litigation.test_papers import LENDER

COURT = "示范县人民法院"
A, B = "JJ2025-0001", "JJ2025-0002"


@pytest.fixture
def two(new_uow) -> None:
    """Two late loans of one borrower, the second with a guarantor."""
    with new_uow() as uow:
        at_home = {"domicile": "示范县1号"}
        first = a_loan(uow, customer_id=a_customer(uow, facts=at_home), **LATE)
        other = a_customer(uow, name="李四", id_no="100101198501010053", facts=at_home)
        a_loan(
            uow,
            customer_id=first.customer_id,
            loan_no=B,
            contract_no="示农商借字2025第0002号",
            annual_rate=Decimal(7),
            **LATE,
            guarantees=(
                NewGuarantee(
                    guarantor_id=other,
                    contract_no="保字第2号",
                    kind="joint",
                    signed_on=date(2025, 11, 20),
                ),
            ),
        )
        lenders.describe_lender(uow, "0201", LENDER)


@pytest.fixture
def case_no(new_uow, two) -> str:
    """A case about both."""
    del two
    with new_uow() as uow:
        cmd = OpenCase(loan_no=A, court=COURT, further=(B,))
        return service.open_case(uow, cmd).case_no


def source(uow, case_no):
    return queries.source_of(uow, cases.get_case(uow, case_no))


@pytest.mark.usefixtures("two")
def test_the_setup_adds_up_and_says_of_which_loan_it_speaks(new_uow):
    with new_uow() as uow:
        one, both = setup_of(uow, A), setup_of(uow, A, further=(B,))

        assert [row.loan.loan_no for row in both.loans] == [A, B]
        assert both.claim.total == sum(row.claim.total for row in both.loans)
        assert both.fees.value.first_instance > one.fees.value.first_instance
        assert [row.customer.name for row in both.parties] == ["张三", "李四"]
        assert any(text.text.startswith(f"借据{B}：") for text in both.problems)


def test_the_complaint_asks_for_the_sum_and_names_each_loan(new_uow, case_no):
    with new_uow() as uow:
        found = source(uow, case_no)
        drafts = drafting.draft_papers(found)
        totals = [one.claim.total for one in found.sued]

    complaint = drafts.complaint
    assert complaint.total_amount == f"{sum(totals):,}"
    assert "示农商借字2025第0001号" in complaint.contract_no
    assert f"（借据{B}）示农商借字2025第0002号" in complaint.contract_no
    assert f"（借据{A}）" in complaint.rates
    assert f"（借据{B}）李四对上述债务承担连带清偿责任" in complaint.security_content
    assert [block.lines[0] for block in complaint.defendants] == ["姓名：张三", "姓名：李四"]
    subtotals = [row.amount for row in drafts.calculation.rows if row.kind == "小计"]
    assert subtotals == [f"{one:,}" for one in totals]
    assert drafts.calculation.total == f"{sum(totals):,}"
    assert not [text for text in drafts.differences if "不一致" in text or "不等于" in text]


def test_the_sheet_has_a_page_for_each_loan_and_sums_them_by_formulas(new_uow, case_no):
    with new_uow() as uow:
        found = source(uow, case_no)
        data = calculation_sheet(drafting.draft_papers(found), found)
        wanted = [one.claim.total for one in found.sued]
        assert data == calculation_sheet(drafting.draft_papers(found), found)

    book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    assert book.sheet_names == [SUMS, f"1-{A}", f"2-{B}"]
    rows = book.get_sheet_by_name(SUMS).to_python()
    by_loan = {row[0]: row[6] for row in rows if row[0] in {A, B, "合计"}}
    assert by_loan == {
        A: float(wanted[0]), B: float(wanted[1]), "合计": float(sum(wanted))
    }  # fmt: skip


def test_every_paper_can_be_written_about_several_loans(new_uow, case_no):
    with new_uow() as uow:
        matter = matter_of(uow, cases.get_case(uow, case_no))
        for code in (*writing.PLEADINGS, "P01", "A03", "A06", "A08"):
            _digest, data = making.render(uow, matter, writing.draft(matter, code))
            making.check_leftovers(code, data)
        facts = writing.fill(matter, writing.draft(matter, "P02")).facts
        guaranteed = writing.fill(matter, writing.draft(matter, "P01B")).claims[0]
        alone = [one.claim.principal for one in matter.source.sued]

    assert any(A in line for line in facts)
    assert any(line.startswith(f"借据{B}项下，截至") for line in facts)
    assert "上述各笔合计" in facts[-1]
    assert f"本金{alone[1]:,.2f}元" in guaranteed  # only what is guaranteed


def paper(uow, loan_id: int, item: str, title: str) -> int:
    cmd = FileMade(
        loan_id=loan_id,
        item_code=item,
        name=f"{title}.pdf",
        title=title,
        stream=io.BytesIO(f"%PDF-1.4 {loan_id} {title}".encode()),
    )
    document = archive.file_made(uow, cmd)
    document.source = "upload"  # received, not written here
    return document.id


def test_the_package_takes_papers_of_all_files_and_says_which_loan_lacks_some(new_uow, case_no):
    with new_uow() as uow:
        ids = cases.get_case(uow, case_no).loan_ids
        paper(uow, ids[0], "YJ01", "借款合同")
        paper(uow, ids[1], "YJ01", "借款合同")
        paper(uow, ids[1], "YJ02", "借据")
    with new_uow() as uow:
        package = packages.open_package(uow, case_no)
        assert [item.title for item in package.items] == [
            f"借款合同（{A}）", f"借款合同（{B}）", f"借据（{B}）"
        ]  # fmt: skip
        rows = queries.checklist_of(uow, cases.get_case(uow, case_no), package)
        lacking = {row.item.key: row.lacking for row in rows}
    assert lacking["contract"] == ()
    assert lacking["iou"] == (A,)
    assert lacking["guarantee"] == (B,)  # the other has no guarantor
    with new_uow() as uow:
        assert joining.take_out(uow, case_no, B, "另案起诉") == 2
    with new_uow() as uow:
        package = packages.open_package(uow, case_no)
        assert [item.title for item in package.items] == [f"借款合同（{A}）"]
        assert joining.join_loan(uow, case_no, B) == 2


@pytest.fixture
def legal(browser, people, two):
    """Legal staff of the branch with the two loans."""
    del people, two
    return browser("legal")


def test_from_the_setup_page_to_a_case_about_two_loans(legal, new_uow):
    page = legal.get(f"/packages/setup/{A}?with={B}").get_data(as_text=True)
    assert "共 2 笔借据" in page
    answer = legal.post(f"/packages/setup/{A}", {"court": COURT, "with": B})
    assert answer.status_code == 302
    with new_uow() as uow:
        case = cases.get_case(uow, answer.headers["Location"].rsplit("/", 1)[-1])
        assert case_loans.numbers_of(uow, case) == (A, B)
    for number in ("JJ2099-9999", "²", "JJ\x00"):
        assert legal.get(f"/packages/setup/{A}", query_string={"with": number}).status_code in {
            404,
            422,
        }  # fmt: skip


def test_a_loan_is_taken_out_and_put_back_on_the_page(legal, new_uow):
    with new_uow() as uow:
        cmd = OpenCase(loan_no=A, court=COURT, further=(B,))
        case_no = service.open_case(uow, cmd).case_no
    home = f"/packages/{case_no}/loans"
    steps = (
        (f"{home}/{B}/out", {"reason": ""}, 422),
        (f"{home}/{B}/out", {"reason": "另案起诉"}, 302),
        (f"{home}/{A}/out", {"reason": "另案起诉"}, 422),  # the case was opened for it
        (home, {"loan": B}, 302),
        (home, {"loan": B}, 422),
        (home, {"loan": "JJ2099-1"}, 404),
    )
    assert "共 2 笔借据" in legal.get(home).get_data(as_text=True)
    for address, given, status in steps:
        assert legal.post(address, given).status_code == status, (address, given)
        if status == 302 and "reason" in given:
            assert "撤销移出" in legal.get(home).get_data(as_text=True)
    assert "本案借据：2 笔" in legal.get(f"/cases/{case_no}").get_data(as_text=True)
    assert "等 2 笔" in legal.get("/cases").get_data(as_text=True)
    assert case_no in legal.get(f"/preservation/of-loan/{B}").get_data(as_text=True)


def test_the_readiness_list_proposes_to_sue_for_both(legal, new_uow):
    with new_uow() as uow:
        found = {row.loan_no: row.beside for row in readiness.rows(uow)}
    assert found == {A: (B,), B: (A,)}
    assert f"/packages/setup/{A}?with={B}" in legal.get("/packages/readiness").text
    with new_uow() as uow:
        service.open_case(uow, OpenCase(loan_no=A, court=COURT))
        assert {row.beside for row in readiness.rows(uow)} == {()}
