"""The element-based complaint: what is missing, what does not agree with the file."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from postloan_archive.litigation.rules import complaint_form as form_rules
from postloan_archive.litigation.rules.complaint_checks import CaseFile, complaint_faults
from postloan_archive.litigation.rules.complaint_form import form_faults

D = Decimal
DAY = date(2026, 6, 30)
FILE = CaseFile(
    cut_off=DAY,
    principal=D("900.00"),
    in_term_interest=D("20.00"),
    penalty=D("5.00"),
    compound=D("1.00"),
    overdue_days=30,
    matured_principal=D("900.00"),
    secured=True,
    guarantee_kinds={"担保公司": "连带责任保证"},
    security_providers=frozenset({"王五"}),
    attorney_powers="特别授权",
)


def complete():
    """A complaint in which everything is there and agrees with `FILE`."""
    return {
        "plaintiffs": [{"name": "某银行"}],
        "agents": [
            {"has_agent": "有", "name": "李律师", "unit": "某律所", "authority": "特别授权",
             "authority_text": "代为和解"},
            {"has_agent": "无"},
        ],
        "defendants": [
            {"name": "张三", "sex": "男", "id_no": "1"},
            {"name": "担保公司"},
            {"name": "王五"},
        ],
        "claims": {
            "principal": {"as_of": DAY, "amount": D("900.00")},
            "interest": {
                "as_of": DAY, "total": D("26.00"), "in_term": D("20.00"),
                "compound": D("1.00"), "penalty": D("5.00"), "until_paid": "是",
                "method": "以900元为基数，自2026-06-30起按年利率7.2%计算",
            },
            "acceleration": {"asked": "否"},
            "security": {"claimed": "是", "content": "抵押"},
            "costs": {"claimed": "是", "detail": "律师费", "amount": D("10.00")},
            "court_fees": {"claimed": "是"},
            "total_amount": D("936.00"),
        },
        "jurisdiction": {"agreed": "无"},
        "preservation": {"done": "否"},
        "facts": {
            "contract": {"name": "合同", "no": "1", "date": DAY, "place": "某地"},
            "lender": "某银行", "borrower": "张三",
            "amount_agreed": D("1000.00"), "amount_paid_out": D("1000.00"),
            "due": "是", "term_from": DAY, "term_to": DAY, "rate": "4.8%",
            "drawdowns": [
                {"date": DAY, "amount": D("400.00")}, {"date": DAY, "amount": D("600.00")},
            ],
            "repayment_method": "等额本息", "paid_principal": D("100.00"),
            "paid_interest": D("0.00"), "interest_paid_to": DAY,
            "overdue": "是", "overdue_since": DAY, "overdue_days": 30,
            "real_security": "是", "real_security_date": DAY, "security_provider": ["王五"],
            "security_object": "房屋", "maximum_amount": "否", "registered": "是",
            "registration_kind": "正式登记", "guarantee": "是", "guarantee_date": DAY,
            "guarantor": "担保公司", "guarantee_content": "全部债务",
            "guarantee_kind": "连带责任保证", "basis_contract": "第1条", "basis_law": "民法典",
            "evidence_list": ["合同"],
        },
        "mediation": {
            "understands": "了解", "consider": "否",
            "benefits": {str(number): "了解" for number in range(1, 6)},
        },
        "signature": {"signatory": "某银行", "date": DAY},
    }  # fmt: skip


def changed(path, value):
    """Return the complete complaint with one value changed or, with None, taken out."""
    form = complete()
    target = form
    *parents, last = path.split(".")
    for part in parents:
        target = target[part]
    if value is None:
        del target[last]
    else:
        target[last] = value
    return form


def places(form, file=FILE):
    return {fault.at for fault in complaint_faults(form, file)}


def test_a_complete_complaint_may_leave():
    assert complaint_faults(complete(), FILE) == ()


@pytest.mark.parametrize(
    ("path", "value", "at"),
    [
        ("plaintiffs", None, "plaintiffs"),
        ("defendants", [], "defendants"),
        ("defendants", ["张三"], "defendants[0]"),
        ("claims.principal.amount", None, "claims.principal.amount"),
        ("claims.interest.until_paid", "也许", "claims.interest.until_paid"),
        ("claims.interest.method", None, "claims.interest.method"),
        ("claims.principal", "900", "claims.principal.amount"),
        ("jurisdiction.agreed", "有", "jurisdiction.clause"),
        ("preservation.done", "是", "preservation.court"),
        ("facts.overdue_since", None, "facts.overdue_since"),
        ("facts.guarantee_kind", None, "facts.guarantee_kind"),
        ("facts.repayment_method", "其他", "facts.repayment_method_text"),
        ("mediation.benefits", {"1": "了解"}, "mediation.benefits.5"),
        ("mediation.consider", "待补", "mediation.consider"),
        ("signature.date", None, "signature.date"),
        ("defendants", [{"sex": "男"}], "defendants[0].name"),
    ],
)
def test_what_is_missing_or_wrongly_ticked_is_named(path, value, at):
    assert at in {fault.at for fault in form_faults(changed(path, value))}


@pytest.mark.parametrize(
    ("path", "value", "at"),
    [
        ("claims.principal.as_of", date(2026, 6, 29), "claims.principal.as_of"),
        ("claims.interest.as_of", date(2026, 6, 29), "claims.interest.as_of"),
        ("claims.interest.penalty", D("6.00"), "claims.interest.total"),
        ("claims.interest.in_term", D("19.00"), "claims.interest.in_term"),
        ("claims.total_amount", D("926.00"), "claims.total_amount"),
        ("facts.amount_paid_out", D("999.00"), "facts.amount_paid_out"),
        ("facts.amount_agreed", D("999.00"), "facts.amount_paid_out"),
        ("facts.drawdowns", "两笔", "facts.amount_paid_out"),
        ("facts.paid_principal", D("99.00"), "claims.principal.amount"),
        ("facts.overdue_days", 31, "facts.overdue_days"),
        ("claims.interest.method", "按合同计算", "claims.interest.method"),
        ("defendants", [{"name": "张三"}, {"name": "王五"}], "defendants"),
        ("facts.guarantee_kind", "一般保证", "facts.guarantee_kind"),
        ("facts.guarantee", "否", "facts.guarantee"),
        ("facts.real_security", "否", "facts.real_security"),
        ("claims.security.claimed", None, "claims.security.claimed"),
        ("agents", [{"has_agent": "有", "authority": "一般授权"}], "agents[0].authority"),
    ],
)
def test_what_does_not_agree_with_the_file_may_be_overridden(path, value, at):
    faults = [
        fault
        for fault in complaint_faults(changed(path, value), FILE)
        if fault.at == at and fault.may_override
    ]
    assert faults


def test_a_loan_not_yet_due_needs_acceleration():
    form = changed("facts.due", "否")
    file = replace(FILE, matured_principal=D("899.99"))
    assert "claims.acceleration.asked" in places(form, file)
    assert places(form) == set()
    form["claims"]["acceleration"] = {"asked": "是", "kind": "提前还款（加速到期）"}
    assert places(form, file) == set()


def test_interest_deducted_in_advance_breaks_the_sum_rightly():
    form = changed("facts.paid_principal", D("50.00"))
    assert places(form, replace(FILE, interest_deducted=True)) == set()


def test_an_unsecured_loan_needs_no_word_on_security():
    form = complete()
    for key in ("real_security", "guarantee", "guarantor", "security_provider"):
        del form["facts"][key]
    del form["claims"]["security"]
    form["claims"]["interest"].update(until_paid="否")
    form["facts"].update(overdue="否")
    file = replace(FILE, secured=False, guarantee_kinds=None, security_providers=frozenset())
    assert places(form, file) == set()


def test_an_empty_form_names_every_required_block_and_no_more():
    faults = complaint_faults({}, FILE)
    required = {block.key for block in form_rules.BLOCKS if block.required}
    assert required <= {fault.at for fault in faults}


def test_agents_that_are_no_list_are_looked_at_by_the_form_only():
    form = changed("agents", {"has_agent": "无"})
    assert places(form) == set()
    assert places(changed("agents", ["李律师"])) == {"agents[0]"}


def test_the_chosen_box_is_ticked():
    field = form_rules.FormField(key="due", label="是否到期", boxes=form_rules.YES_NO)
    assert form_rules.boxes(field, "是") == "是☑  否□"
