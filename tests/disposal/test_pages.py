"""The pages of disposal: lists, forms, decisions, files; hostile input gives 404 or 422."""

import io
import zipfile

import openpyxl
import pytest

from tests.disposal.conftest import SALE

pytestmark = pytest.mark.usefixtures("ledger")


def proposed(browser, kind="write_off", **changes):
    """Send the form as legal; the answer."""
    terms = (
        {"ground": "终结本次执行满一年", "pursuit": "每季查询"} if kind == "write_off" else {}
    )
    return browser("legal").post(
        f"/disposals/new/{kind}", {"loan_nos": "JJ1", "reason": "长期逾期", **terms, **changes}
    )


def number_of(answer) -> str:
    assert answer.status_code == 302, answer.get_data(as_text=True)
    return answer.headers["Location"].rsplit("/", 1)[1]


@pytest.mark.parametrize(
    "kind",
    ["extension", "restructuring", "relief", "transfer", "asset", "write_off", "bankruptcy"],
)
def test_every_kind_has_its_form(browser, kind):
    page = browser("legal").get(f"/disposals/new/{kind}?loan=JJ1")
    assert page.status_code == 200
    assert "JJ1" in page.get_data(as_text=True)


def test_a_proposal_from_form_to_effect(browser, paper):
    number = number_of(proposed(browser))
    page = browser("branch_manager").get(f"/disposals/{number}").get_data(as_text=True)
    assert "人员legal" in page
    assert "批准" in page
    browser("branch_manager").post(f"/disposals/{number}/decide", {"decision": "yes"})
    legal = browser("legal")
    refused = legal.post(f"/disposals/{number}/execute", {"executed_on": "2026-11-24"})
    assert refused.status_code == 422
    assert "核销批复" in refused.get_data(as_text=True)
    done = legal.post(
        f"/disposals/{number}/execute",
        {"executed_on": "2026年11月24日", "document_id": str(paper("JJ1", "BQ16"))},
    )
    assert done.status_code == 302
    page = legal.get(f"/disposals/{number}").get_data(as_text=True)
    assert "账销案存" in page
    assert "账销案存" in legal.get("/loans/JJ1/disposals").get_data(as_text=True)
    assert number in legal.get("/disposals?kind=write_off&q=张三").get_data(as_text=True)


def test_a_wrong_term_is_said_beside_its_field(browser):
    answer = proposed(browser, "transfer", **{**SALE, "price": "六万左右"})
    assert answer.status_code == 422
    assert "六万左右" in answer.get_data(as_text=True)


def test_the_form_offers_no_decision_to_who_proposed(browser):
    number = number_of(
        browser("branch_manager").post(
            "/disposals/new/write_off",
            {"loan_nos": "JJ1", "reason": "长期", "ground": "无财产", "pursuit": "每季"},
        )
    )
    page = browser("branch_manager").get(f"/disposals/{number}").get_data(as_text=True)
    assert "须由另一人审批" in page
    assert 'name="decision"' not in page
    answer = browser("branch_manager").post(f"/disposals/{number}/decide", {"decision": "yes"})
    assert answer.status_code == 403


def test_files_open(browser, paper):
    number = number_of(proposed(browser, "transfer", **SALE))
    browser("branch_manager").post(f"/disposals/{number}/decide", {"decision": "yes"})
    paper("JJ1")
    legal = browser("legal")
    book = openpyxl.load_workbook(io.BytesIO(legal.get("/disposals.xlsx").data))
    assert book.active["A4"].value == number
    debts = openpyxl.load_workbook(
        io.BytesIO(legal.get(f"/disposals/{number}/debts.xlsx").data)
    )
    assert debts.active["D4"].value == 100_000
    assert legal.get(f"/disposals/{number}/sheet.docx").data[:2] == b"PK"
    package = legal.post(f"/disposals/{number}/package")
    assert "SHA256SUMS.txt" in zipfile.ZipFile(io.BytesIO(package.data)).namelist()
    assert legal.get("/disposals/assets.xlsx").data[:2] == b"PK"


def test_money_is_shown_before_it_is_booked(browser):
    legal = browser("legal")
    sent = {
        "loan_no": "JJ1",
        "paid_on": "2026-11-24",
        "amount": "1,000",
        "channel": "诉讼执行",
        "receipt_no": "R1",
    }
    look = legal.post("/recoveries/new", {**sent, "act": "look"})
    assert look.status_code == 200
    assert "罚息" in look.get_data(as_text=True)
    assert "R1" not in legal.get("/recoveries").get_data(as_text=True)
    assert legal.post("/recoveries/new", {**sent, "act": "book"}).status_code == 302
    assert "R1" in legal.get("/recoveries?channel=诉讼执行").get_data(as_text=True)
    assert legal.get("/recoveries.xlsx").data[:2] == b"PK"
    for amount in ("0", "-5", "1e9", "²"):
        answer = legal.post("/recoveries/new", {**sent, "amount": amount, "act": "book"})
        assert answer.status_code == 422, amount


@pytest.mark.parametrize(
    "path",
    [
        "/disposals?since=²",
        "/disposals?branch=x&kind=?&state=%00",
        "/recoveries?since=昨天",
        "/disposals/CZ2026-99999",
        "/disposals/assets/99999999999/sale",
        "/disposals/assets/7/sale",
        "/loans/JJ9/disposals",
    ],
)
def test_hostile_input_is_refused(browser, path):
    assert browser("legal").get(path).status_code in {200, 404, 422}


def test_a_loan_of_another_branch_is_not_found(browser):
    assert proposed(browser, loan_nos="JJ9").status_code == 422
    assert browser("legal").get("/loans/JJ9/disposals").status_code == 404
