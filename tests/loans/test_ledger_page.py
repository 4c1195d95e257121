"""The list of loan files: filters, order, sums, rights, masking, export, few questions."""

import io
from datetime import date
from decimal import Decimal

import openpyxl
import pytest
from sqlalchemy import event, select

from postloan_archive.archive import gaps
from postloan_archive.audit import AuditRow
from postloan_archive.loans import service
from postloan_archive.loans.models import Loan
from postloan_archive.loans.service import NewCollateral, RegisterCustomer
from postloan_archive.preservation import service as measures
from postloan_archive.preservation.commands import RegisterMeasure
from postloan_archive.worklist.recomputing import recompute_loans
from tests.builders import PERSON_ID, a_customer, a_loan
from tests.loans.test_positions import late_loan

MOST_QUERIES = 12


@pytest.fixture
def ledger(people, new_uow):
    """Three files at 0201, one of them late and guaranteed, one mortgaged; one at 0202."""
    del people
    with new_uow() as uow:
        late = late_loan(
            uow,
            loan_no="JJ-LATE",
            contract_no="C-LATE",
            customer_id=a_customer(uow, facts={"married": True}),
        )
        gaps.refresh(uow, late.id)
        late.risk_class, late.manager = "次级", "kehu1"
        company = service.register_customer(
            uow,
            RegisterCustomer(
                kind="company",
                name="示范县国栋建材有限公司",
                id_no="91100101MA1000001A",
                branch_code="0201",
            ),
        )
        a_loan(
            uow,
            loan_no="JJ-HOUSE",
            contract_no="C-HOUSE",
            customer_id=company.id,
            principal=Decimal(300_000),
            schedule=(),
            due_on=date(2028, 1, 1),
            disbursed_on=date(2024, 1, 1),
            collateral=(
                NewCollateral(
                    provider_id=company.id,
                    kind="mortgage_real_estate",
                    contract_no="D1",
                    signed_on=date(2024, 1, 1),
                    description="住宅",
                    value=Decimal(500_000),
                ),
            ),
        )
        a_loan(uow, loan_no="JJ-PLAIN", contract_no="C-PLAIN", customer_id=company.id)
        a_loan(uow, branch="0202", loan_no="JJ-AWAY", contract_no="C-AWAY")


def shown(who, query: str = "") -> list[str]:
    """The loan numbers of the page, in their order."""
    text = who.get(f"/loans{query}").get_data(as_text=True)
    return [word.split('"')[0] for word in text.split('name="loan" value="')[1:]]


def test_the_late_one_stands_first_and_the_sums_are_right(ledger, browser):
    del ledger
    who = browser("legal")

    assert shown(who)[0] == "JJ-LATE"
    text = who.get("/loans").get_data(as_text=True)
    assert "合计 3 卷" in text
    assert "500,000.00" in text  # 100,000 + 300,000 + 100,000


@pytest.mark.parametrize(
    ("query", "numbers"),
    [
        ("?bucket=M4", {"JJ-LATE"}),
        ("?class=次级", {"JJ-LATE"}),
        ("?stage=overdue", {"JJ-LATE"}),
        ("?secured=guarantee", {"JJ-LATE"}),
        ("?secured=mortgage", {"JJ-HOUSE"}),
        ("?secured=pledge", set()),
        ("?secured=nothing", {"JJ-PLAIN"}),
        ("?papers=gaps", {"JJ-LATE"}),
        ("?papers=unknown", {"JJ-HOUSE", "JJ-PLAIN"}),
        ("?papers=complete", set()),
        ("?missing=YJ02+借款借据", {"JJ-LATE"}),
        ("?missing=QZ02", set()),
        ("?manager=kehu1", {"JJ-LATE"}),
        ("?year=2024", {"JJ-HOUSE"}),
        ("?due_from=2027-01-01", {"JJ-HOUSE"}),
        ("?due_to=2026.8.31", {"JJ-LATE"}),
        ("?text=国栋", {"JJ-HOUSE", "JJ-PLAIN"}),
        ("?text=C-LATE", {"JJ-LATE"}),
        (f"?text={PERSON_ID}", {"JJ-LATE"}),
        ("?text=100", set()),  # three characters of an identity number find nobody
        ("?text=%25", set()),
        ("?text=JJ_LATE", set()),
        ("?bucket=nonsense&year=x&branch=-1&papers=1", {"JJ-LATE", "JJ-HOUSE", "JJ-PLAIN"}),
        ("?text=国栋&secured=mortgage", {"JJ-HOUSE"}),
    ],
)
def test_a_filter_narrows(ledger, browser, query, numbers):
    del ledger
    assert set(shown(browser("legal"), query)) == numbers


@pytest.mark.parametrize(
    ("sort", "first"),
    [
        ("loan_no", "JJ-HOUSE"),
        ("-loan_no", "JJ-PLAIN"),
        ("-principal", "JJ-HOUSE"),
        ("due_on", "JJ-LATE"),
        ("-missing", "JJ-LATE"),
        ("limitation", "JJ-LATE"),
        ("nonsense", "JJ-LATE"),
        ("-", "JJ-LATE"),
    ],
)
def test_the_order_is_the_one_asked_for(ledger, browser, sort, first):
    del ledger
    assert shown(browser("legal"), f"?sort={sort}")[0] == first


def test_a_number_is_masked_and_a_company_keeps_its_ends(ledger, browser):
    del ledger
    text = browser("legal").get("/loans").get_data(as_text=True)

    assert "100101********0070" in text
    assert PERSON_ID not in text


def test_another_branch_sees_its_own_and_nothing_else(ledger, browser):
    del ledger
    who = browser("other_branch")

    assert shown(who) == ["JJ-AWAY"]
    assert shown(who, "?text=JJ-LATE") == []
    text = who.get("/loans").get_data(as_text=True)
    assert "合计 1 卷" in text
    assert "示范支行0201" not in text
    assert who.get("/loans/JJ-LATE").status_code == 404


def test_nothing_found_offers_a_way_back(ledger, browser):
    del ledger
    text = browser("legal").get("/loans?text=没有这个人").get_data(as_text=True)
    assert "没有符合条件的案卷" in text
    assert "清除条件" in text


def test_the_page_asks_few_questions_however_many_rows(ledger, browser, new_uow, system):
    del ledger
    who = browser("legal")
    asked: list[str] = []
    event.listen(system.engine, "before_cursor_execute", lambda *args: asked.append(args[2]))

    few = questions(who, asked)
    with new_uow() as uow:
        for number in range(60):
            a_loan(uow, loan_no=f"JJ-{number}", contract_no=f"C-{number}")
    many = questions(who, asked, "?size=50")

    assert few == many <= MOST_QUERIES


def questions(who, asked: list[str], query: str = "") -> int:
    asked.clear()
    assert who.get(f"/loans{query}").status_code == 200
    selects = [text for text in asked if text.lstrip().upper().startswith("SELECT")]
    return len(selects)


def workbook(reply) -> list[tuple]:
    assert reply.status_code == 200
    sheet = openpyxl.load_workbook(io.BytesIO(reply.data)).active
    return [tuple(cell.value for cell in row) for row in sheet.iter_rows()]


def test_the_export_is_the_filtered_list_with_real_values(ledger, browser, new_uow):
    del ledger
    rows = workbook(browser("legal").get("/loans/export.xlsx?text=JJ-LATE"))

    assert "导出人 人员legal" in rows[0][0]
    head = rows[1]
    line = dict(zip(head, rows[2], strict=True))
    assert len(rows) == 3
    assert line["借据号"] == "JJ-LATE"
    assert line["证件号"] == "100101********0070"
    assert line["贷款金额（元）"] == 100_000
    assert line["到期日"].date() == date(2026, 8, 23)
    assert line["逾期天数"] == 93
    with new_uow() as uow:
        audit = uow.session.scalars(
            select(AuditRow).where(AuditRow.event == "loans.ledger_exported")
        ).one()
        assert '"masked":true' in audit.facts.replace(" ", "")


def test_only_who_may_unmask_gets_whole_numbers(ledger, browser):
    del ledger
    path = "/loans/export.xlsx?text=JJ-LATE&whole=1"
    assert PERSON_ID in workbook(browser("legal").get(path))[2]
    assert PERSON_ID not in workbook(browser("archive_clerk").get(path))[2]
    assert browser("account_manager").get(path).status_code == 403


def test_marked_rows_or_all_results_go_into_the_export(ledger, browser):
    del ledger
    who = browser("legal")
    two = {"loan": ["JJ-LATE", "JJ-AWAY"], "act": "export"}  # the second is not ours
    assert len(workbook(who.post("/loans/chosen", two))) == 2 + 1
    everything = {"all_results": "1", "filter_text": "国栋", "act": "export"}
    assert len(workbook(who.post("/loans/chosen", everything))) == 2 + 2
    assert who.post("/loans/chosen", {"act": "export"}).status_code == 302


def test_a_selection_starts_a_run_of_letters(ledger, browser, app):
    del ledger
    if "notices.create" not in app.view_functions:
        pytest.skip("no page of notice runs")
    reply = browser("legal").post("/loans/chosen", {"loan": "JJ-LATE", "act": "letters"})
    assert reply.headers["Location"].endswith("loans=JJ-LATE")


def test_the_nearest_day_of_any_capability_stands_in_the_row(ledger, browser, new_uow):
    del ledger
    with new_uow() as uow:
        late = uow.session.scalars(select(Loan).where(Loan.loan_no == "JJ-LATE")).one()
        measures.register_measure(
            uow,
            RegisterMeasure(
                loan_no="JJ-LATE",
                respondent="张三",
                asset_kind="bank_deposit",
                asset="存款",
                court="示范县人民法院",
                ruling_no="（2025）示9999财保1号",
                effective_on=date(2025, 12, 10),
            ),
        )
        recompute_loans(uow, [late.id], as_of=date(2026, 11, 24))

    text = browser("legal").get("/loans").get_data(as_text=True)

    assert "续行申请 2026-12-02" in text
    assert "剩 8 天" in text
