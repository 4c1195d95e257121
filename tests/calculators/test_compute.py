"""The call convention: five codes, one answer a line, nothing guessed from a bad input."""

import json
from decimal import Decimal

import pytest

from postloan_archive.calculators.compute import compute_lines, explain
from postloan_archive.calculators.functions import rate_text
from postloan_archive.calculators.registry import FUNCTIONS

INTEREST = {
    "principal": "1000",
    "annual_rate_pct": "6",
    "start": "2026-01-01",
    "end": "2026-02-01",
    "basis": 360,
}
CONTACT = {
    "time": "10:00",
    "calls_already_today": 0,
    "target": "debtor",
    "agreed_other_time": False,
    "purpose": "collect",
}
FILE = {
    "borrower": "person",
    "married": True,
    "signed": "2026-09-01",
    "guarantees": [],
    "stage": [],
    "present": [],
}
PENALTY = {
    "principal": "1000",
    "contract_rate_pct": "6",
    "uplift_pct": "50",
    "due": "2026-01-01",
    "end": "2026-02-01",
    "basis": 360,
}


def ask(fn, given, **changes):
    line = json.dumps({"fn": fn, "input": {**given, **changes}}, ensure_ascii=False)
    (answer,) = compute_lines([line])
    return answer


def error(fn, given, **changes):
    refused = ask(fn, given, **changes)["error"]
    assert set(refused) == {"code", "field", "message", "nearest"}
    assert refused["message"]
    return refused["code"], refused["field"], refused["nearest"]


def raw(line):
    (answer,) = compute_lines([line])
    return answer["error"]["code"] if "error" in answer else answer["result"]


@pytest.mark.parametrize(
    "line",
    [
        "x",
        "{",
        "[]",
        "1",
        '"fees"',
        "null",
        '{"fn":"fees","input":{"amount":NaN}}',
        '{"fn":"fees","input":{"amount":-Infinity}}',
        '{"fn":"fees","fn":"fees","input":{}}',
        '{"fn":"fees","input":{"amount":1,"amount":1}}',
        '{"fn":"fees","input":{"amount":1}} x',
        "[" * 100_000,
        '{"fn":"fees","input":{"amount":1e9999999999999999999999}}',
        '{"a":"' + "x" * 1_000_001 + '"}',
        b"\xff\xfe",
        "{'fn': 'fees'}",
    ],
)
def test_a_line_that_is_no_request_is_bad_json(line):
    assert raw(line) == "bad_json"


def test_blank_lines_are_skipped_and_the_order_stays():
    marked = b'\xef\xbb\xbf{"fn":"poa_agents","input":{"count":1}}'  # with a byte order mark
    lines = ["\n", "  ", '{"fn":"fees","input":{"amount":1}}\n', "x", marked]
    kinds = [next(iter(answer)) for answer in compute_lines(lines)]
    assert kinds == ["result", "error", "result"]


@pytest.mark.parametrize(
    ("request_", "expected"),
    [
        ({"fn": "fes", "input": {}}, ("unknown_function", None, "fees")),
        ({"fn": "qqqq", "input": {}}, ("unknown_function", None, None)),
        ({"fn": 5, "input": {}}, ("bad_value", "fn", None)),
        ({"fn": "fees"}, ("missing_field", "input", None)),
        ({"input": {}}, ("missing_field", "fn", None)),
        ({"fn": "fees", "inputs": {}}, ("unknown_field", "inputs", "input")),
        ({"fn": "fees", "input": []}, ("bad_value", "input", None)),
        ({"fn": "fees", "input": None}, ("bad_value", "input", None)),
    ],
)
def test_the_envelope_is_strict(request_, expected):
    (answer,) = compute_lines([json.dumps(request_)])
    refused = answer["error"]
    assert (refused["code"], refused["field"], refused["nearest"]) == expected


@pytest.mark.parametrize(
    "amount",
    [
        "-1", "-0", "1.234", "1,000", "１００", " 1", "1 ", "", "abc", "1e5", "+1", ".5", "5.",
        "NaN", "0", "0.00", None, True, [], {}, "10000000000000000",
    ],
)  # fmt: skip
def test_money_is_a_plain_decimal_above_zero(amount):
    assert error("fees", {}, amount=amount) == ("bad_value", "amount", None)


@pytest.mark.parametrize(
    ("digits", "refused"),
    [
        ("1000", False), ("1000.5", False), ("1000.50", False), ("1e3", False),
        ("1000.500", True), ("-1", True), ("0", True), ("1" * 5000, True), ("1e-3", True),
        ("1e400", True),
    ],
)  # fmt: skip
def test_a_json_number_is_read_from_its_digits(digits, refused):
    got = raw(f'{{"fn":"fees","input":{{"amount":{digits}}}}}')
    assert (got == "bad_value") is refused


@pytest.mark.parametrize(
    "day",
    [
        "2026-02-29", "2026-2-1", "20260201", "2026/02/01", "2026-02-01T00:00", "2026-W05-1",
        "", None, 20260201, "２０２６-02-01", "0000-01-01", " 2026-02-01",
    ],
)  # fmt: skip
def test_a_date_is_written_one_way(day):
    assert error("interest", INTEREST, start=day) == ("bad_value", "start", None)


@pytest.mark.parametrize(
    "moment", ["2026-03-02", "2026-03-02T25:00", "2026-03-02T10:20Z", 5, "2026-03-02t10:20"]
)
def test_a_moment_is_written_one_way(moment):
    assert error("hours_period", {"hours": 1}, start=moment)[:2] == ("bad_value", "start")


@pytest.mark.parametrize("moment", ["2026-03-02T10:20:30", "2026-03-02 10:20"])
def test_seconds_and_a_blank_are_accepted(moment):
    got = ask("hours_period", {"hours": 48}, start=moment)
    assert got["result"] == {"end": "2026-03-04 11:00:00"}


@pytest.mark.parametrize("time", ["24:00", "7:59", "07:60", "0759", None, "07:59:60"])
def test_a_time_is_written_one_way(time):
    assert error("contact_allowed", CONTACT, time=time)[:2] == ("bad_value", "time")


def test_seconds_of_a_time_count():
    assert ask("contact_allowed", CONTACT, time="21:59:59")["result"]["allowed"]


@pytest.mark.parametrize("value", ["true", 1, 0, None, "是"])
def test_a_truth_value_is_json_true_or_false(value):
    assert error("contact_allowed", CONTACT, agreed_other_time=value)[0] == "bad_value"


@pytest.mark.parametrize("value", ["1", 1.0, True, None, -1, 10**30])
def test_a_count_is_a_json_integer(value):
    assert error("contact_allowed", CONTACT, calls_already_today=value)[0] == "bad_value"


@pytest.mark.parametrize("basis", [0, 364, "360", 360.0, True])
def test_the_day_basis_is_360_or_365(basis):
    assert error("interest", INTEREST, basis=basis) == ("bad_value", "basis", None)


@pytest.mark.parametrize("rate", ["-1", "x", None, "10000000", True, "1e2", "0." + "1" * 61])
def test_a_rate_is_a_decimal_from_zero(rate):
    assert error("interest", INTEREST, annual_rate_pct=rate)[0] == "bad_value"


def test_a_number_with_too_many_decimals_is_refused():
    digits = "0." + "1" * 121
    line = json.dumps({"fn": "interest", "input": {**INTEREST, "annual_rate_pct": 7}})
    assert raw(line.replace('"annual_rate_pct": 7', f'"annual_rate_pct": {digits}')) == (
        "bad_value"
    )


@pytest.mark.parametrize(
    ("fn", "given_", "expected"),
    [
        ("interest", {**INTEREST, "end": "2025-12-31"}, ("bad_value", "end", None)),
        ("interest", {**INTEREST, "pricipal": 1}, ("unknown_field", "pricipal", "principal")),
        ("fees", {}, ("missing_field", "amount", None)),
        ("half_once", {"amount": 1, "joined": None}, ("bad_value", "joined", None)),
        ("appeal_fee", {"first_instance_amount": 1, "appealed_amount": 2},
         ("bad_value", "appealed_amount", None)),
        ("claim_change", {"old": 2, "new": 1}, ("missing_field", "when", None)),
        ("claim_change", {"old": 2, "new": 1, "when": "before"},
         ("bad_value", "when", "before_end_of_court_investigation")),
        ("penalty", {**PENALTY, "misused": True}, ("missing_field", "misuse_uplift_pct", None)),
        ("penalty", {**PENALTY, "misuse_uplift_pct": None},
         ("bad_value", "misuse_uplift_pct", None)),
        ("penalty", {**PENALTY, "end": "2025-12-31"}, ("bad_value", "end", None)),
        ("allocate", {"payment": 1, "costs": 1, "interest": 1, "principal": 1,
                      "order": "statuory"}, ("bad_value", "order", "statutory")),
        ("floating", {"principal": 1, "segments": [], "basis": 360},
         ("bad_value", "segments", None)),
        ("floating", {"principal": 1, "segments": {}, "basis": 360},
         ("bad_value", "segments", None)),
        ("floating", {"principal": 1, "segments": [1], "basis": 360},
         ("bad_value", "segments", None)),
        ("floating", {"principal": 1, "segments": [{"start": "2026-01-01"}], "basis": 360},
         ("missing_field", "segments[0].end", None)),
        ("delay_interest", {"base": 1, "performance_last_day": "2014-01-01",
                            "paid": "2026-01-01"},
         ("bad_value", "performance_last_day", None)),
        ("delay_interest_partial",
         {"principal": 1, "general_interest": 0, "costs": 0,
          "performance_last_day": "2026-01-01", "as_of": "2026-01-02",
          "payments": [{"date": "2026-01-03", "amount": 1}]}, ("bad_value", "as_of", None)),
        ("epi", {"principal": 1, "annual_rate_pct": 1, "months": 0},
         ("bad_value", "months", None)),
        ("classify", {"overdue_days": 1}, ("missing_field", "technical_reason", None)),
        ("classify_other", {"overdue_days": 1, "ecl_ratio": "1.01"},
         ("bad_value", "ecl_ratio", None)),
        ("copies", {"doc": "P99", "defendants": 1, "third_parties": 0},
         ("bad_value", "doc", None)),
        ("copies", {"doc": "A02", "defendants": 1, "third_parties": 0},
         ("bad_value", "doc", None)),
        ("poa_scope", {"text": "x", "act": " "}, ("bad_value", "act", None)),
        ("required_fields", {"doc": "A07", "present": []}, ("bad_value", "doc", None)),
        ("required_fields", {"doc": "N02", "present": [1]}, ("bad_value", "present", None)),
        ("doc_for_event", {}, ("missing_field", "event", None)),
        ("doc_for_event", {"days_overdue": 1, "event": "settled"},
         ("bad_value", "event", None)),
        ("doc_for_event", {"days_overdue": 1, "loan": "performing"},
         ("unknown_field", "loan", None)),
        ("doc_for_event", {"evnt": "settled"}, ("unknown_field", "evnt", "event")),
        ("doc_for_event", {"days_to_due": 5}, ("missing_field", "loan", None)),
        ("doc_for_event", {"days_to_due": 5, "loan": "performng"},
         ("bad_value", "loan", "performing")),
        ("doc_for_event", {"event": "limitation_ends_in_days"},
         ("missing_field", "days", None)),
        ("completeness", {**FILE, "stage": ["overdu"]}, ("bad_value", "stage", "overdue")),
        ("completeness", {**FILE, "present": ["YJ99"]}, ("bad_value", "present", "YJ09")),
        ("completeness", {**FILE, "guarantees": [{"kind": "pledge_equity",
                                                  "third_party": True}]},
         ("missing_field", "guarantees[0].owner", None)),
        ("retention", {"settled": "2026-01-01"}, ("missing_field", "years", None)),
        ("retention", {"settled": "2026-01-01", "years": 9000}, ("bad_value", "years", None)),
        ("deadline", {"trigger_date": "2026-01-01", "length": 0, "unit": "day"},
         ("bad_value", "length", None)),
        ("deadline", {"trigger_date": "2026-01-01", "length": 1, "unit": "days"},
         ("bad_value", "unit", "day")),
        ("deadline", {"trigger_date": "2026-01-01", "length": 1, "unit": "day",
                      "calendar_loaded_until": "2027-01-01"},
         ("bad_value", "calendar_loaded_until", None)),
        ("judgment_effective", {"served": []}, ("bad_value", "served", None)),
        ("judgment_effective", {"served": [{"served": "2026-01-01"}]},
         ("missing_field", "served[0].abroad", None)),
        ("preservation", {"effective_date": "2026-01-01", "asset_kind": "house"},
         ("bad_value", "asset_kind", "movable")),
        ("waiting_seizure", {"order": 1, "registered": "2026-01-01", "prior_released": None},
         ("bad_value", "order", None)),
        ("guarantee_period_clause", {"main_due": "2026-01-01", "clause": "x",
                                     "clause_end": "2026-02-01"},
         ("bad_value", "clause", None)),
        ("guarantee_right_exercised",
         {"type": "joint", "period_end": "2026-01-01", "acts": [{"filed": "2026-01-01"}]},
         ("missing_field", "acts[0].act", None)),
        ("guarantee_right_exercised",
         {"type": "joint", "period_end": "2026-01-01", "acts": ["sue_debtor"]},
         ("bad_value", "acts", None)),
        ("guarantee_right_exercised",
         {"type": "joint", "period_end": "2026-01-01",
          "acts": [{"act": "withdraw", "filed": "2026-01-01"}]},
         ("unknown_field", "acts[0].filed", None)),
        ("proof_level", {}, ("missing_field", "channel", None)),
        ("proof_level", {"channel": "fax"}, ("bad_value", "channel", None)),
        ("proof_level", {"channel": "phone", "recorded": True, "chanel": 1},
         ("unknown_field", "chanel", "channel")),
        ("proof_level", {"channel": "phone", "recorded": True, "track": None},
         ("unknown_field", "track", None)),
        ("rmb_upper", {"amount": "10000000000000000"}, ("bad_value", "amount", None)),
        ("mask", {"kind": "phone", "value": "1"}, ("bad_value", "kind", None)),
        ("contact_allowed", {**CONTACT, "target": ""}, ("bad_value", "target", None)),
    ],
)  # fmt: skip
def test_a_bad_input_is_named_and_never_repaired(fn, given_, expected):
    code, field, near = error(fn, given_)
    assert (code, field) == expected[:2]
    if expected[2] is not None:
        assert near == expected[2]


@pytest.mark.parametrize(
    ("fn", "given_", "result"),
    [
        ("interest", {**INTEREST, "end": "2026-01-01"}, {"days": 0, "interest": "0.00"}),
        ("penalty", {**PENALTY, "contract_rate_pct": "4.75", "uplift_pct": "33.3"},
         {"penalty_rate_pct": "6.33175", "warnings": []}),
        ("penalty", {**PENALTY, "misused": True, "misuse_uplift_pct": "100"},
         {"penalty_rate_pct": "12.00"}),
        ("claim_change", {"old": 1, "new": 2}, {"top_up": "0.00", "refund": "0.00"}),
        ("preservation_fee", {"amount": None}, {"fee": "30.00"}),
        ("ep", {"principal": 100, "annual_rate_pct": 0, "months": 1},
         {"second_payment": None, "first_payment": "100.00"}),
        ("classify_other", {"overdue_days": -9}, {"minimum_class": "正常", "reasons": []}),
        ("doc_for_event", {"event": "prelitigation_preservation_done"},
         {"docs": ["P01"], "docs_required_next": ["P01"], "deadline_rule": "R-C02"}),
        ("doc_for_event", {"days_overdue": -1},
         {"docs": [], "docs_required_next": [], "deadline_rule": None}),
        ("doc_for_event", {"event": "limitation_ends_in_days", "days": 180,
                           "guarantee": None}, {"docs": ["N02"]}),
        ("completeness", {"borrower": "company", "signed": "2026-09-01", "guarantees": [],
                          "stage": [], "present": []}, {}),
        ("destroy_allowed", {"today": "2026-01-01", "settled": "2026-01-01", "years": None,
                             "legal_hold": False, "appraised": True},
         {"allowed": False, "end": None, "reasons": ["permanent"]}),
        ("case_no", {"value": "x"}, {"valid": False}),
        ("case_no", {"value": "（2026）京0105民初1号"}, {"sub": "", "legacy": False}),
        ("is_workday", {"date": "2027-01-05"}, {"workday": None, "status": "unknown"}),
        ("judgment_effective", {"served": [{"served": "2026-03-10", "abroad": True}]},
         {"effective": "2026-04-10"}),
        ("proof_level", {"channel": "ems", "address": "agreed", "track": "delivered"},
         {"level": "B"}),
        ("proof_level", {"channel": "wechat", "number": "not agreed",
                         "delivery_report": False}, {"level": "D"}),
        ("proof_level", {"channel": "public_notice", "debtor_missing": True,
                         "medium_ok": True}, {"level": "B"}),
        ("preservation", {"effective_date": "2026-01-01", "asset_kind": "house",
                          "court_expiry": "2026-12-31"}, {"expiry": "2026-12-31"}),
        ("waiting_seizure", {"order": 2, "registered": "2026-01-01", "prior_released": None},
         {"effective": False, "effective_on": None, "expiry_estimated": None,
          "expiry": None}),
        ("preservation_security", {"phase": "pre_enforcement", "amount": 1},
         {"min_required": None, "max_required": None, "may_be_waived": True}),
        ("guarantee_right_exercised",
         {"type": "joint", "period_end": "2026-01-01", "guarantor": "甲",
          "acts": [{"act": "sue_guarantor", "filed": "2026-01-01",
                    "copy_served": "2026-02-01", "guarantor": "甲"},
                   {"act": "withdraw", "date": "2026-03-01"}]}, {"guarantor_liable": True}),
        ("debtor_signs_after_limitation",
         {"limitation_end": "2026-01-01", "signed_demand": "2026-01-02",
          "shows_agreement": False}, {"defence_waived": None}),
    ],
)  # fmt: skip
def test_results_hold_the_members_they_should(fn, given_, result):
    got = ask(fn, given_)["result"]
    assert {name: got[name] for name in result} == result
    always = {member.name for member in FUNCTIONS[fn].results if not member.optional}
    assert always <= set(got)


def test_a_result_that_leaves_the_calendar_is_refused_without_a_guess():
    got = error("deadline", {"trigger_date": "9999-12-31", "length": 400, "unit": "month"})
    assert got[0] == "bad_value"
    got = error("hours_period", {"start": "9999-12-31T23:00", "hours": 5})
    assert got[0] == "bad_value"


@pytest.mark.parametrize(
    ("value", "text"),
    [("6", "6.00"), ("6.50", "6.50"), ("6.175", "6.175"), ("0E+2", "0.00"), ("1E+1", "10.00")],
)
def test_a_rate_is_written_exactly_with_two_decimals_at_least(value, text):
    assert rate_text(Decimal(value)) == text


def test_an_explanation_prints_input_steps_result_and_provision():
    text = explain({"fn": "interest", "input": INTEREST})
    for words in ("本金（元）：1000", "推导：", "利息（元）：5.17", "依据：", "《借款合同》"):
        assert words in text
    refused = explain({"fn": "interest", "input": {**INTEREST, "pricipal": 1}})
    assert "是否指：principal" in refused
    assert "字段：pricipal" in refused
    assert explain({"fn": "x"}).startswith("拒绝计算")
    assert "规则版本：2007-04-01" in explain({"fn": "fees", "input": {"amount": "1"}})
    assert "无" in explain(
        {"fn": "retention", "input": {"settled": "2026-01-01", "years": None}}
    )
