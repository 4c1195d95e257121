"""The bank's own lines, marks on items, the matrix page and the list of missing papers."""

import io

import openpyxl
import pytest

from postloan_archive.archive import gaps, matrix
from postloan_archive.archive.matrix import MatrixRaceError, MatrixReasonError
from postloan_archive.archive.rules.items import ItemState
from postloan_archive.archive.rules.matrix import (
    MatrixRule,
    MatrixRuleError,
    adjusted,
    check_rules,
)
from postloan_archive.cli.handlers import all_handlers
from postloan_archive.jobs import JobRunner
from postloan_archive.loans import queries as loans
from postloan_archive.loans.models import LoanPosition
from tests.builders import a_customer, a_loan
from tests.web.people import *  # noqa: F403 - fixtures shared by several folders

LOAN = "JJ2025-0001"


def rule(code, *, need=True, product="", reason="理由"):
    return MatrixRule(product=product, code=code, need=need, reason=reason)


def test_a_line_adds_an_item_and_another_takes_one_off():
    rules = [rule("QZ07"), rule("GL14", need=False)]
    assert adjusted({"GL14": "基本要件", "YJ01": "基本要件"}, "按揭", rules) == {
        "YJ01": "基本要件",
        "QZ07": "理由",
    }


def test_the_line_of_the_product_has_the_last_word():
    rules = [rule("QZ07", product="按揭", need=False), rule("QZ07")]
    assert "QZ07" not in adjusted({}, "按揭", rules)
    assert "QZ07" in adjusted({}, "消费", rules)


@pytest.mark.parametrize(
    "wrong", [[rule("XX01")], [rule("YJ01", reason=" ")], [rule("YJ01"), rule("YJ01")]]
)
def test_a_line_that_cannot_be_used_is_refused(wrong):
    with pytest.raises(MatrixRuleError):
        check_rules(wrong)


@pytest.fixture
def loan(new_uow, people):
    del people
    with new_uow() as uow:
        customer = a_customer(uow, facts={"married": False})
        loan = a_loan(uow, customer_id=customer)
        loan.product = "个人消费贷款"
        gaps.refresh(uow, loan.id)
        return loan.id


def missing(new_uow) -> set[str]:
    with new_uow() as uow:
        found = gaps.completeness_of(uow, loans.get_loan(uow, LOAN))
        return {item.code for item in found.missing}


def test_a_new_edition_changes_what_is_missing_and_counts_everybody(loan, new_uow, system):
    del loan
    assert "GL14" in missing(new_uow)
    with new_uow() as uow:
        matrix.change_matrix(
            uow, [rule("GL14", need=False), rule("QZ07")], reason="批复", seen=0
        )
    assert {"GL14", "QZ07"} & missing(new_uow) == {"QZ07"}
    JobRunner(system.engine, all_handlers(system), clock=system.clock).run_until_empty()
    with new_uow() as uow:
        assert " QZ07 " in uow.session.query(LoanPosition).one().items_missing
    with pytest.raises(MatrixRaceError), new_uow() as uow:
        matrix.change_matrix(uow, [], reason="批复", seen=0)
    with pytest.raises(MatrixReasonError), new_uow() as uow:
        matrix.change_matrix(uow, [], reason=" ", seen=1)


def test_a_mark_takes_an_item_off_and_stays_readable(loan, new_uow):
    del loan
    with new_uow() as uow:
        mark = matrix.mark_item(uow, LOAN, "GL04", "not_applicable", "免查征信的小额贷款")
        mark_id = mark.id or None
    assert "GL04" not in missing(new_uow)
    with new_uow() as uow:
        found = loans.get_loan(uow, LOAN)
        lines = matrix.lines_of(uow, found, gaps.standard_items(uow, found))
        line = next(line for line in lines if line.code == "GL04")
        assert (line.state, line.note) == (ItemState.NOT_APPLICABLE, "免查征信的小额贷款")
        matrix.unmark_item(uow, mark_id or line.mark_id)
    assert "GL04" in missing(new_uow)


def test_the_pages_and_the_workbooks(loan, browser):
    del loan
    clerk, legal = browser("archive_clerk"), browser("legal")
    page = clerk.get("/completeness").get_data(as_text=True)
    assert LOAN in page
    assert "YJ01 借款合同/授信协议" in page
    body = clerk.get("/completeness/missing.xlsx?item=YJ01").get_data()
    sheet = openpyxl.load_workbook(io.BytesIO(body)).active
    assert "YJ01" in {cell.value for row in sheet.iter_rows() for cell in row}
    assert clerk.get("/completeness/matrix.xlsx").status_code == 200
    assert legal.post("/completeness/rules", {"seen": "0", "code-0": "QZ07"}).status_code == 422
    new = {"seen": "0", "code-0": "QZ07", "reason-0": "本行要求", "reason": "批复 3 号"}
    assert legal.post("/completeness/rules", new).status_code == 302
    assert "批复 3 号" in legal.get("/completeness/rules").get_data(as_text=True)
    assert legal.post("/completeness/rules", {"seen": "²", "reason": "x"}).status_code == 422
    page = clerk.get(f"/loans/{LOAN}/completeness").get_data(as_text=True)
    assert "本行要求" in page
    assert "禁止用途承诺" in page
    bad = clerk.post(f"/loans/{LOAN}/completeness", {"item": "GL04", "mark": "defective"})
    assert bad.status_code == 422
    assert browser("other_branch").get(f"/loans/{LOAN}/completeness").status_code == 404
    assert LOAN not in browser("other_branch").get("/completeness").get_data(as_text=True)
