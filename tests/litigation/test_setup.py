"""Before a suit: procedures, parties, securities, readiness, and the step to a case."""

import io
from datetime import date
from decimal import Decimal

import pytest
from python_calamine import CalamineWorkbook

from postloan_archive.cases import queries as cases
from postloan_archive.litigation import queries, readiness, readiness_keeping
from postloan_archive.litigation.readiness import Wanted
from postloan_archive.litigation.rules.procedures import (
    ClaimFacts,
    ProcedureKind,
    procedure_options,
)
from postloan_archive.litigation.setup import setup_of
from postloan_archive.loans import lenders
from postloan_archive.loans import queries as loans
from postloan_archive.loans.service import NewCollateral, NewGuarantee
from tests.builders import a_customer, a_loan
from tests.litigation.test_packages import LATE
from tests.litigation.test_papers import LENDER

K = ProcedureKind
HOME = {"domicile": "示范县1号"}


def best(**facts):
    """The way that is recommended."""
    values = {"amount": Decimal(100_000), "due": True} | facts
    return next(one.kind for one in procedure_options(ClaimFacts(**values)) if one.recommended)


@pytest.mark.parametrize(
    ("facts", "kind"),
    [
        ({}, K.SIMPLIFIED),
        ({"debtor_missing": True}, K.ORDINARY),
        ({"average_wage": Decimal(200_000)}, K.SMALL_CLAIMS),  # half of the wage is included
        ({"average_wage": Decimal(199_999)}, K.SIMPLIFIED),
        ({"average_wage": Decimal(200_000), "debtor_missing": True}, K.ORDINARY),
        ({"collateral": True, "registered": True}, K.SECURITY_INTEREST),
        ({"collateral": True, "registered": True, "guarantors": True}, K.SIMPLIFIED),
        ({"collateral": True, "registered": True, "due": False}, K.SIMPLIFIED),
        ({"collateral": True}, K.SIMPLIFIED),
    ],
)
def test_the_procedure_follows_from_the_facts(facts, kind):
    assert best(**facts) is kind


def test_every_way_has_its_reasons_and_fee():
    options = {one.kind: one for one in procedure_options(
        ClaimFacts(amount=Decimal(100_000), due=True, preserved_before_suit=True)
    )}  # fmt: skip

    assert options[K.ORDINARY].fee == Decimal(2300)
    assert options[K.SIMPLIFIED].fee == Decimal(1150)
    assert options[K.PAYMENT_ORDER].fee == Decimal("766.67")
    assert options[K.SECURITY_INTEREST].fee is None
    assert options[K.SMALL_CLAIMS].open is None
    assert options[K.PAYMENT_ORDER].open is False
    assert all(one.reasons for one in options.values())


def test_nothing_owed_opens_no_way():
    assert procedure_options(ClaimFacts(amount=Decimal(0), due=True)) == ()


@pytest.fixture
def loan_no(new_uow) -> str:
    """A late loan with a guarantor whose period is over and a house not registered."""
    with new_uow() as uow:
        guarantor = a_customer(uow, name="李四", id_no="100101198501010053", facts=HOME)
        loan = a_loan(
            uow,
            customer_id=a_customer(uow, facts=HOME),
            **LATE,
            guarantees=(
                NewGuarantee(
                    guarantor_id=guarantor,
                    kind="joint",
                    contract_no="保字第1号",
                    signed_on=date(2025, 11, 20),
                    facts={"period_clause": "保证期间为主债务履行期限届满之日起一个月。"},
                ),
            ),
            collateral=(
                NewCollateral(
                    provider_id=guarantor,
                    kind="mortgage_real_estate",
                    contract_no="抵字第1号",
                    signed_on=date(2025, 11, 20),
                    description="城关镇1号房屋",
                    value=Decimal(500_000),
                ),
            ),
        )
        lenders.describe_lender(uow, "0201", LENDER)
        return loan.loan_no


def test_the_setup_names_parties_and_dead_securities(new_uow, loan_no):
    with new_uow() as uow:
        found = setup_of(uow, loan_no)
        capacities = {one.customer.name: one.capacities for one in found.parties}

    assert capacities == {"张三": ("借款人",), "李四": ("连带保证人", "担保物提供人")}
    assert [row.alive for row in found.securities] == [False, False]
    texts = " ".join(one.text for one in found.problems)
    assert "李四" in texts
    assert "登记证明" in texts
    assert not found.ready


def test_the_cut_off_day_moves_the_claim(new_uow, loan_no):
    with new_uow() as uow:
        early = setup_of(uow, loan_no, cut_off=date(2026, 6, 1)).claim
        late = setup_of(uow, loan_no, cut_off=date(2026, 7, 1)).claim

    assert late.position.penalty > early.position.penalty
    assert early.position.as_of == date(2026, 6, 1)


def test_readiness_lists_what_is_missing_and_sorts(new_uow, loan_no):
    with new_uow() as uow:
        (row,) = readiness.rows(uow)
        assert readiness.count(uow, Wanted()) == 1
        assert readiness.count(uow, Wanted(state="open")) == 0
        assert readiness.rows(uow, Wanted(word="查无此人")) == []
        for key in readiness.SORTS:
            assert len(readiness.rows(uow, Wanted(sort=f"-{key}"))) == 1
            assert len(readiness.rows(uow, Wanted(sort=key))) == 1

    assert row.loan_no == loan_no
    assert any("YJ01" in text for text in row.missing_items)
    assert readiness.NO_CASE in row.missing_facts


class Night:
    """A job that nobody watches."""

    def progress(self, *_said):
        """Say nothing."""


def test_the_night_keeps_what_the_list_is_summed_and_sorted_by(system, new_uow, loan_no):
    with new_uow() as uow:
        assert readiness.sums(uow, Wanted()).loans == 0  # nobody has looked yet
    readiness_keeping.keep_all(system, Night())
    with new_uow() as uow:
        (row,) = readiness.rows(uow, Wanted(sort="-owed"))
        kept = readiness.sums(uow, Wanted())
        assert (kept.loans, kept.ready, kept.claims) == (1, 0, row.claim_total)
        assert kept.as_of == uow.clock.today()
        assert readiness.count(uow, Wanted(state="ready")) == 0
        loans.get_loan(uow, loan_no).settled_on = uow.clock.today()
    readiness_keeping.keep_all(system, Night())
    with new_uow() as uow:
        assert readiness.sums(uow, Wanted()).loans == 0


@pytest.fixture
def legal(browser, people, new_uow, loan_no):
    """Legal staff of the branch with one late loan."""
    del people, new_uow, loan_no
    return browser("legal")


def test_from_the_setup_to_a_case_with_its_package(legal, new_uow, loan_no):
    page = legal.get(f"/packages/setup/{loan_no}").get_data(as_text=True)
    assert "程序选择" in page

    refused = legal.post(f"/packages/setup/{loan_no}", {"court": ""})
    assert refused.status_code == 422
    answer = legal.post(
        f"/packages/setup/{loan_no}", {"court": "示范县人民法院", "cut_off": "2026-07-01"}
    )

    assert answer.status_code == 302
    case_no = answer.headers["Location"].rsplit("/", 1)[-1]
    with new_uow() as uow:
        case = cases.get_case(uow, case_no)
        assert queries.package_of(uow, case) is not None
        assert queries.source_of(uow, case).claim.position.as_of == date(2026, 7, 1)
    again = legal.post(f"/packages/setup/{loan_no}", {"court": "示范县人民法院"})
    assert again.status_code == 422


def test_the_readiness_page_and_its_workbook(legal, loan_no):
    page = legal.get("/packages/readiness?sort=-limitation&q=JJ").get_data(as_text=True)
    assert loan_no in page
    assert legal.post("/packages/readiness").status_code == 302
    book = legal.get("/packages/readiness.xlsx")

    sheet = CalamineWorkbook.from_filelike(io.BytesIO(book.data)).get_sheet_by_index(0)
    cells = [str(cell) for row in sheet.to_python() for cell in row]
    assert loan_no in cells


@pytest.mark.parametrize("query", ["cut_off=²", "cut_off=2026-13-01", "wage=-1", "place=x"])
def test_what_cannot_be_read_falls_back_to_the_usual(legal, loan_no, query):
    assert legal.get(f"/packages/setup/{loan_no}?{query}").status_code == 200
