"""`law compute` against the signatures of the domain rules (section P), function by function.

The document stands beside the repository; without it these tests are skipped.
"""

import json
import re

import pytest

from postloan_archive.calculators.compute import compute_lines, explain, read_request
from tests.shared_folder import SHARED

DOCUMENT = SHARED / "domain-rules.md"
TEXT = DOCUMENT.read_text(encoding="utf-8") if DOCUMENT.is_file() else ""
VECTORS_FILE = SHARED / "law-vectors.json"
VECTORS = json.loads(VECTORS_FILE.read_text("utf-8")) if VECTORS_FILE.is_file() else []
ROW = re.compile(r"^\| ([a-z_0-9]+) \| (.*?) \| (.*)\|$")
NAME = re.compile(r"`([a-z_0-9]+)`(\?)?")
SAME_AS = {"interest_ymd": "interest", "ep": "epi"}
ENUMERATION = re.compile(r"[a-z_]+\\\|")


def signatures() -> dict[str, tuple[set[str], set[str], set[str]]]:
    """Return by function the required and optional inputs and the results that are named."""
    found: dict[str, tuple[set[str], set[str], set[str]]] = {}
    part = TEXT.partition("### P.2 Signatures")[2]
    for line in part.splitlines():
        match = ROW.match(line)
        if match is None or match[1] == "fn":
            continue
        fn, given, result = match[1], match[2].replace("\\|", "/"), match[3].replace("\\|", "/")
        plain = re.sub(r"`\{.*?\}`|`\[.*?\]`|\([^()]*\)", "", given)
        required: set[str] = set()
        optional: set[str] = set()
        for name, mark in NAME.findall(plain):
            (optional if mark else required).add(name)
        found[fn] = (
            required,
            optional,
            set(re.findall(r"`([a-z_]+)`", result.split(" — ")[0])),
        )
    for fn, like in SAME_AS.items():
        if fn in found:
            found[fn] = (*found[like][:2], found[fn][2])
    return found


SIGNATURES = signatures()
ABSENT = [pytest.param(None, marks=pytest.mark.skip("../shared/domain-rules.md is not here"))]
FUNCTIONS = sorted(SIGNATURES) or ABSENT
FIRST = {  # two functions have no worked example
    "poa_agents": {"count": 2},
    "evidence_catalog_columns": {"columns": ["序号", "证据名称"]},
}
for vector in VECTORS:
    FIRST.setdefault(vector["fn"], vector["input"])


def ask(fn, given):
    line = json.dumps({"fn": fn, "input": given}, ensure_ascii=False)
    (answer,) = compute_lines([line])
    return answer


def glossary() -> set[str]:
    """Return the names of the glossary; `_conversion` goes on from the name before it."""
    part = TEXT.partition("## P. Test function glossary")[2].partition("### P.1")[0]
    names = set()
    for line in part.splitlines():
        cell = line.split("|")[1].strip() if line.startswith("| ") else ""
        for word in re.split(r"[/,]", cell):
            name = word.strip()
            if re.fullmatch(r"_[a-z_]+", name):
                name = f"preservation{name}"
            if re.fullmatch(r"[a-z_0-9]+", name):
                names.add(name)
    return names


@pytest.mark.skipif(not TEXT, reason="../shared/domain-rules.md is not here")
def test_the_table_is_read_whole():
    assert len(SIGNATURES) >= 55
    assert glossary() - {"fn"} == set(SIGNATURES)


@pytest.mark.parametrize("fn", FUNCTIONS)
def test_every_function_is_known_and_has_an_example(fn):
    assert fn in FIRST
    answer = ask(fn, FIRST[fn])
    assert set(answer) == {"result", "basis"}
    assert answer["basis"]
    text = explain(read_request(json.dumps({"fn": fn, "input": FIRST[fn]})))
    assert "《" in text  # the provision
    assert len(text.splitlines()) > 2


@pytest.mark.parametrize("fn", FUNCTIONS)
def test_a_wrong_function_gets_the_nearest_name(fn):
    error = ask(fn + "x", {})["error"]
    assert (error["code"], error["field"]) == ("unknown_function", None)
    assert error["nearest"] in SIGNATURES
    assert error["nearest"] == fn or fn.startswith(error["nearest"][:3])


@pytest.mark.parametrize("fn", FUNCTIONS)
def test_every_named_input_is_known_and_a_wrong_one_gets_the_nearest(fn):
    required, optional, _results = SIGNATURES[fn]
    for name in sorted(required | optional):
        answer = ask(fn, {**FIRST[fn], name: {"no": "value"}})
        assert answer.get("error", {}).get("code") != "unknown_field", name
    for name in sorted(FIRST[fn]):
        given = {**FIRST[fn], f"{name}s": "x"}
        error = ask(fn, given)["error"]
        assert (error["code"], error["field"]) == ("unknown_field", f"{name}s")
        assert error["nearest"] == name


@pytest.mark.parametrize("fn", FUNCTIONS)
def test_a_missing_input_is_named(fn):
    required, _optional, _results = SIGNATURES[fn]
    for name in sorted(required & set(FIRST[fn])):
        given = {key: value for key, value in FIRST[fn].items() if key != name}
        answer = ask(fn, given)
        if "error" not in answer:  # one of several forms
            assert fn in {"classify_other", "doc_for_event", "limitation_start", "proof_level"}
            continue
        assert answer["error"]["code"] in {"missing_field", "bad_value"}, name
        if answer["error"]["code"] == "missing_field":
            assert answer["error"]["field"] == name


@pytest.mark.parametrize("fn", FUNCTIONS)
def test_a_wrong_type_is_refused_with_its_field(fn):
    for name in sorted(FIRST[fn]):
        for wrong in ({"a": 1}, [[1]], ["x", {}]):
            error = ask(fn, {**FIRST[fn], name: wrong})["error"]
            assert error["code"] in {"bad_value", "missing_field", "unknown_field"}
            assert str(error["field"]).startswith(name), (name, wrong, error)


@pytest.mark.parametrize("fn", FUNCTIONS)
def test_every_named_result_is_there(fn):
    given = FIRST[fn]
    result = ask(fn, given)["result"]
    named = SIGNATURES[fn][2]
    conditional = {"normalised", "year", "court", "type", "no", "sub", "legacy"}
    words = named - conditional - SIGNATURES[fn][0] - SIGNATURES[fn][1]
    if fn == "completeness":
        words &= set(result)
    assert words <= set(result), words - set(result)


def test_a_bad_line_stops_nothing_and_the_order_stays():
    lines = [
        '{"fn": "is_workday", "input": {"date": "2026-10-01"}}',
        "no json",
        '{"fn": "is_workdays", "input": {}}',
        "",
        '{"fn": "is_workday", "input": {"dates": "2026-10-01"}}',
        '{"fn": "is_workday", "input": {"date": "2026-10-08"}}',
    ]
    answers = list(compute_lines(lines))
    assert [one.get("error", {}).get("code") for one in answers] == [
        None, "bad_json", "unknown_function", "unknown_field", None,
    ]  # fmt: skip
    assert [answers[0]["result"]["workday"], answers[4]["result"]["workday"]] == [False, True]
