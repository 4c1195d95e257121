"""Whatever JSON comes in, one answer goes out: a result with its basis, or a refusal."""

import json

from hypothesis import given, settings
from hypothesis import strategies as st

from postloan_archive.calculators.compute import compute_lines, explain, read_request
from postloan_archive.calculators.kinds import ListKind, NullKind
from postloan_archive.calculators.registry import FUNCTIONS, GROUPS


def test_every_function_is_described_in_chinese_for_pages():
    assert len(FUNCTIONS) == 58
    for function in FUNCTIONS.values():
        assert function.group in GROUPS
        assert function.forms
        for form in function.forms:
            for field in form.fields:
                assert field.label != field.name
                assert field.kind.form
        assert all(member.label for member in function.results)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


def members(function):
    names = sorted({field.name for form in function.forms for field in form.fields})
    return st.dictionaries(st.sampled_from(names) | st.text(max_size=5), JSON, max_size=6)


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(sorted(FUNCTIONS)).flatmap(
    lambda name: st.tuples(st.just(name), members(FUNCTIONS[name]))))  # fmt: skip
def test_no_json_stops_the_computation(request_):
    name, given_ = request_
    line = json.dumps({"fn": name, "input": given_})
    answers = list(compute_lines([line, "x"]))
    assert len(answers) == 2
    assert len(answers[0].keys() & {"result", "error"}) == 1
    json.dumps(answers)


def sensible(kind):
    """Return values that a kind may well accept."""
    if isinstance(kind, NullKind):
        return st.none() | sensible(kind.kind)
    if isinstance(kind, ListKind):
        return st.lists(sensible(kind.kind), max_size=4)
    if choices := getattr(kind, "choices", None):
        return st.sampled_from(sorted(choices))
    if values := getattr(kind, "values", None):
        return st.sampled_from(values)
    if inner := getattr(kind, "fields", None):
        return st.fixed_dictionaries({field.name: sensible(field.kind) for field in inner})
    return {
        "DateKind": st.dates().map(str),
        "MomentKind": st.datetimes().map(lambda moment: moment.isoformat()[:16]),
        "TimeKind": st.times().map(lambda time: time.isoformat()[:5]),
        "MoneyKind": st.decimals(0, "9999999999999999.99", places=2).map(str),
        "NumberKind": st.decimals(0, 1, places=4).map(str) | st.integers(0, 999_999),
        "IntKind": st.integers(-5, 10**9) | st.integers(1, 40),
        "BoolKind": st.booleans(),
        "TextKind": st.text(max_size=30),
    }.get(type(kind).__name__, JSON)


def fitting(form):
    must = {field.name: sensible(field.kind) for field in form.fields if field.required}
    may = {field.name: sensible(field.kind) for field in form.fields if not field.required}
    return st.fixed_dictionaries(must, optional=may)


@settings(max_examples=400, deadline=None)
@given(st.sampled_from(sorted(FUNCTIONS)).flatmap(
    lambda name: st.tuples(
        st.just(name), st.sampled_from(FUNCTIONS[name].forms).flatmap(fitting))))  # fmt: skip
def test_no_value_within_the_types_stops_the_computation(request_):
    name, given_ = request_
    line = json.dumps({"fn": name, "input": given_})
    (answer,) = compute_lines([line])
    if "result" in answer:
        assert answer["basis"]
        assert all(isinstance(citation, str) for citation in answer["basis"])
        assert "依据：" in explain(read_request(line))
    else:
        assert explain(read_request(line)).startswith("拒绝计算")
