"""Copies, keys, evidence columns, powers of attorney, payment orders."""

import pytest

from postloan_archive.litigation.rules import attorney, evidence, papers, payment_order
from postloan_archive.litigation.rules.attorney import Stage
from postloan_archive.notices.rules.fields import required_fields


@pytest.mark.parametrize("doc", sorted(papers.CLASS_ONE))
def test_class_one_needs_a_copy_for_every_other_party(doc):
    got = papers.copies(doc, defendants=2, third_parties=1).value
    assert (got.original, got.copies, got.evidence_sets) == (1, 3, 4)


@pytest.mark.parametrize("doc", sorted(papers.CLASS_TWO))
def test_class_two_needs_the_original_alone(doc):
    got = papers.copies(doc, defendants=2, third_parties=1).value
    assert (got.original, got.copies, got.evidence_sets) == (1, 0, 1)


@pytest.mark.parametrize(
    ("doc", "words"),
    [("X10", "第 3 类"), ("A01", "第 4 类"), ("A02", "第 5 类"), ("N16", "第 6 类")],
)
def test_other_classes_are_refused_by_name(doc, words):
    with pytest.raises(papers.NoCopyRuleError, match=words):
        papers.copies(doc, defendants=1, third_parties=0)


def test_a_paper_that_does_not_exist_is_refused():
    with pytest.raises(papers.NoCopyRuleError):
        papers.copies("Z99", defendants=1, third_parties=0)


def test_every_paper_belongs_to_one_class():
    classes = [papers.CLASS_ONE, papers.CLASS_TWO, frozenset(papers.OTHER_CLASSES)]
    assert sum(map(len, classes)) == len(frozenset().union(*classes))
    assert set(papers.PAPERS) <= frozenset().union(*classes)


@pytest.mark.parametrize(
    ("code", "count", "last"),
    [
        ("P01", 11, "date"),
        ("P03", 12, "date"),
        ("P15", 10, "date"),
        ("X01", 16, "date"),
        ("X10", 9, "date"),
        ("A01", 9, "提交日期"),
        ("A05", 9, "date"),
        ("A06", 8, "checked_by"),
        ("A08", 1, "rows"),
        ("A10", 7, "date"),
    ],
)
def test_every_paper_asks_for_its_keys(code, count, last):
    missing = required_fields(papers.PAPERS[code], []).value.missing
    assert (len(missing), missing[-1]) == (count, last)


def test_keys_of_a_stated_case_are_known_and_not_asked_for():
    got = required_fields(papers.PAPERS["P03"], ["effective_document"]).value
    assert got.unknown == ()
    assert "effective_document" not in got.missing


def test_an_evidence_list_has_nine_columns_and_a_short_form_counts():
    got = evidence.evidence_catalog_columns(["页码", "原件/复印件", "序号"]).value
    assert got == ("证据名称", "证据来源", "证明目的", "份数", "提交人签章", "提交日期")
    assert evidence.evidence_catalog_columns(papers.EVIDENCE_COLUMNS).value == ()


SPECIAL = "特别授权：代为承认、放弃、变更诉讼请求，进行和解，提起反诉或者上诉"


@pytest.mark.parametrize(
    ("text", "act", "stage", "authorized"),
    [
        ("全权代理", "和解", Stage.FIRST, False),
        ("特别授权", "上诉", Stage.FIRST, False),
        (SPECIAL, "上诉", Stage.FIRST, True),
        (SPECIAL, "承认诉讼请求", Stage.FIRST, True),
        (SPECIAL, "放弃诉讼请求", Stage.FIRST, True),
        (SPECIAL, "变更诉讼请求", Stage.FIRST, True),
        (SPECIAL, "提起反诉", Stage.FIRST, True),
        (SPECIAL, "反诉", Stage.FIRST, True),
        ("全权代理", "反诉", Stage.FIRST, False),
        (SPECIAL, "调解", Stage.FIRST, True),
        (SPECIAL, "撤诉", Stage.FIRST, False),
        ("代为撤回 起诉", "撤诉", Stage.FIRST, True),
        ("代为执行和解", "和解", Stage.FIRST, False),
        ("代为执行和解", "调解", Stage.FIRST, False),
        ("代为执行和解", "执行和解", Stage.ENFORCEMENT, True),
        ("代为和解", "执行和解", Stage.ENFORCEMENT, False),
        ("代为申请强制执行", "申请执行", Stage.ENFORCEMENT, True),
        (SPECIAL, "代领执行款", Stage.ENFORCEMENT, False),
        ("代为收取执行款", "代领执行款", Stage.ENFORCEMENT, True),
        ("代领 案款", "代领执行款", Stage.ENFORCEMENT, True),
        ("代为领取、收取法院发还的案款", "代领执行款", Stage.ENFORCEMENT, True),
        ("领取法律文书，参与执行款分配", "代领执行款", Stage.ENFORCEMENT, False),
        ("执行款由委托人收取", "代领执行款", Stage.ENFORCEMENT, False),
        ("全权代理", "出庭", Stage.FIRST, True),
        ("一般授权", "提交证据", Stage.SECOND, True),
        ("一般授权", "提交证据", Stage.ENFORCEMENT, False),
        ("一般授权，含执行阶段", "提交证据", Stage.ENFORCEMENT, True),
        ("  ", "出庭", Stage.FIRST, False),
        ("", "和解", Stage.FIRST, False),
    ],
)
def test_a_power_exists_when_its_keyword_is_written(text, act, stage, authorized):
    got = attorney.poa_scope(text, act, stage).value
    assert (got.authorized, got.review) == (authorized, False)


@pytest.mark.parametrize(
    ("text", "act", "authorized", "review"),
    [
        ("特别授权，但不包括和解", "和解", False, True),
        ("特别授权，不含上诉", "上诉", False, True),
        ("除上诉外，代为一切诉讼权利", "上诉", False, True),
        ("代为和解，但不包括上诉", "和解", True, False),
        ("代为和解，但不包括上诉", "上诉", False, True),
        ("代为解除保全，对外和解", "和解", True, False),
        ("全权代理，不包括出庭", "出庭", True, False),
    ],
)
def test_an_exclusion_before_the_keyword_asks_for_review(text, act, authorized, review):
    got = attorney.poa_scope(text, act).value
    assert (got.authorized, got.review) == (authorized, review)


@pytest.mark.parametrize(("count", "valid"), [(0, False), (1, True), (2, True), (3, False)])
def test_a_party_has_one_or_two_agents(count, valid):
    got = attorney.poa_agents(count).value
    assert (got.valid, got.max) == (valid, 2)


ADMISSIBLE = {
    "amount_fixed": True,
    "due": True,
    "debtor_missing": False,
    "pre_litigation_preservation": False,
    "counter_obligation": False,
    "other_dispute": False,
    "debtor_in_china": True,
    "deliverable": True,
}


@pytest.mark.parametrize("member", list(ADMISSIBLE))
def test_each_obstacle_alone_forbids_a_payment_order(member):
    assert payment_order.payment_order_admissible(**ADMISSIBLE).value.admissible
    got = payment_order.payment_order_admissible(
        **{**ADMISSIBLE, member: not ADMISSIBLE[member]}
    ).value
    assert (got.admissible, got.reasons) == (False, (member,))
