"""Hostile tags in every place: none runs, none reads beyond the fields, each is named."""

import time

import pytest

from postloan_archive.wordgen import (
    FillError,
    LetterError,
    MissingValueError,
    TemplateRefusedError,
    WorkLimitError,
    check_template,
    compile_template,
    docx_text,
)
from tests.wordgen.build import at, with_body

PLACES = ("body", "table", "header", "footer", "box", "title")
VALUES = {"name": "张三", "n": 5, "rows": [{"a": 1}, {"a": 2}], "secret": {"key": "42"}}

# What must be refused before any letter is made.
REFUSED = (
    "{{ name.__class__ }}",
    "{{ ''.__class__.__mro__[1].__subclasses__() }}",
    "{{ name.__init__.__globals__ }}",
    "{{ name['__class__'] }}",
    "{{ name|attr('__class__') }}",
    "{{ rows|map(attribute='__class__')|list }}",
    "{{ self }}",
    "{{ self.__init__ }}",
    "{{ self._TemplateReference__context }}",
    "{{ super() }}",
    "{{ caller() }}",
    "{{ cycler('a').__init__.__globals__.os.popen('id').read() }}",
    "{{ joiner() }}",
    "{{ namespace() }}",
    "{{ lipsum.__globals__['os'].system('id') }}",
    "{{ config.items() }}",
    "{{ get_flashed_messages() }}",
    "{{ range(1000000000) }}",
    "{% for i in range(1000000000) %}x{% endfor %}",
    "{{ dict(a=1) }}",
    "{{ {'a': 1} }}",
    "{{ name.format('x') }}",
    "{{ '{0.__class__}'.format(name) }}",
    "{{ '%s'|format(name) }}",
    "{{ rows.append(1) }}",
    "{{ rows.pop() }}",
    "{{ name|safe }}",
    "{{ name|e }}",
    "{{ name|xmlattr }}",
    "{{ name|pprint }}",
    "{{ name|tojson }}",
    "{{ rows|groupby('a') }}",
    "{{ 'a'|center(1000000000) }}",
    "{{ 2 ** 100000000 }}",
    "{{ name[0:1] }}",
    "{{ name[n] }}",
    "{% include 'secret.txt' %}",
    "{% import 'os' as os %}",
    "{% from 'os' import system %}",
    "{% extends 'base' %}",
    "{% macro m() %}x{% endmacro %}",
    "{% call m() %}x{% endcall %}",
    "{% block b %}x{% endblock %}",
    "{% filter upper %}x{% endfilter %}",
    "{% set ns.x = 1 %}",
    "{% set x %}y{% endset %}",
    "{% raw %}{{ name }}{% endraw %}",
    "{% autoescape false %}{{ name }}{% endautoescape %}",
    "{% with x = 1 %}{{ x }}{% endwith %}",
    "{% do rows.append(1) %}",
    "{% debug %}",
    "{% trans %}x{% endtrans %}",
    "{% for r in rows recursive %}{{ loop(rows) }}{% endfor %}",
    "{{ _text }}",
    "{{ name|_text }}",
    "{{ x if x is callable }}",
    "{{ name is sameas(name) }}",
    "{{ " + "(" * 400 + "1" + ")" * 400 + " }}",
    "{{ " + "-" * 900 + "1 }}",
    "{{ 9" + "9" * 1200 + " }}",
)

# What compiles but must stop, or find nothing, when a letter is made.
STOPPED = (
    "{{ name.upper }}",
    "{{ rows.count }}",
    "{{ n.real }}",
    "{{ secret.keys }}",
    "{{ secret.items }}",
    "{{ loop.index }}",
    "{{ request }}",
    "{{ config }}",
    "{{ range }}",
    "{{ environ.HOME }}",
    "{% for r in rows %}{{ loop.changed }}{% endfor %}",
    "{% for r in rows %}{{ loop._iterable|length if loop }}{% endfor %}",
    "{{ 'a' * 1000000000 }}",
    "{{ rows * 1000000000 }}",
    "{{ '%1000000000d' % n }}",
    "{{ 'a' + name }}",
    "{{ n // 0 }}",
    "{{ rows }}",
    "{{ secret }}",
    "{{ n|round(999999999999999999999) }}{{ none }}",
)


@pytest.mark.parametrize("payload", REFUSED)
def test_a_forbidden_tag_is_refused_and_named_everywhere(payload):
    for place in PLACES if len(payload) < 255 else PLACES[:-1]:
        started = time.monotonic()
        with pytest.raises(TemplateRefusedError) as caught:
            compile_template(at(place, payload))

        assert time.monotonic() - started < 5
        start = payload[:2]
        assert any(fault.excerpt.startswith(start) for fault in caught.value.faults)
        assert all(fault.message for fault in caught.value.faults)


@pytest.mark.parametrize("payload", STOPPED)
def test_what_compiles_reads_nothing_beyond_the_fields(payload):
    for place in PLACES:
        started = time.monotonic()
        with pytest.raises((TemplateRefusedError, LetterError)) as caught:
            compile_template(at(place, payload)).render(VALUES)

        assert time.monotonic() - started < 5
        assert "{{" in str(caught.value)


def test_the_sandbox_is_a_second_wall_behind_the_list():
    with pytest.raises(TemplateRefusedError) as caught:
        compile_template(with_body("{{ name.__class__ }}", "{{ name.title() }}"))

    assert [fault.code for fault in caught.value.faults] == ["forbidden", "forbidden"]
    assert [fault.paragraph for fault in caught.value.faults] == [1, 2]


def test_loops_in_loops_stop_at_the_budget():
    values = {"rows": [1] * 1_000}
    text = "".join(f"{{% for {x} in rows %}}" for x in "abcd") + "x" + "{% endfor %}" * 4
    template = compile_template(with_body(text))
    started = time.monotonic()

    with pytest.raises(WorkLimitError) as caught:
        template.render(values)

    assert time.monotonic() - started < 5
    assert "for" in str(caught.value)


def test_empty_loops_in_loops_stop_too():
    text = "".join(f"{{% for {x} in rows %}}" for x in "abcd") + "{% endfor %}" * 4

    with pytest.raises(WorkLimitError):
        compile_template(with_body(text)).render({"rows": [1] * 1_000})


def test_a_text_that_doubles_itself_stops():
    doubling = "{% set a = 'xxxxxxxxxx' %}" + "{% set a = a ~ a %}" * 60

    with pytest.raises(WorkLimitError):
        compile_template(with_body(doubling + "{{ a }}")).render({})


def test_a_number_that_squares_itself_stops():
    squaring = "{% set a = 10 %}" + "{% set a = a * a %}" * 60

    with pytest.raises(FillError):
        compile_template(with_body(squaring + "{{ a }}")).render({})


def test_a_large_piece_many_times_stops_before_memory_ends():
    body = ["{%p for a in rows %}", "字" * 100_000, "{%p endfor %}"]

    with pytest.raises(WorkLimitError):
        compile_template(with_body(*body)).render({"rows": [1] * 90_000})


def test_deep_nesting_is_a_fault():
    text = "{% if n %}" * 30 + "x" + "{% endif %}" * 30

    faults = check_template(with_body(text), None, fonts=frozenset())

    assert {fault.code for fault in faults} == {"too_deep", "missing_font"}


def test_a_value_that_looks_like_a_tag_is_printed_as_text():
    values = {"name": "{{ 7*7 }}{% for x in y %}</w:t></w:r>"}

    assert docx_text(compile_template(with_body("致 {{ name }}")).render(values)) == (
        "致 {{ 7*7 }}{% for x in y %}</w:t></w:r>"
    )


def test_markup_objects_are_printed_as_text():
    class Sly(str):
        __slots__ = ()

        def __html__(self):
            return "<w:p/>"

    out = compile_template(with_body("{{ name }}")).render({"name": Sly("<b>")})

    assert docx_text(out) == "<b>"


@pytest.mark.parametrize(
    "value", [object(), 1.5, b"x", {1: 2}, {1, 2}, iter([1]), lambda: "x"], ids=type
)
def test_other_kinds_of_value_are_refused(value):
    with pytest.raises(LetterError):
        compile_template(with_body("{{ name }}")).render({"name": value})


@pytest.mark.parametrize("value", [None, "", "  ", "\u3000"])
def test_a_missing_value_never_prints_as_blank(value):
    template = compile_template(with_body("甲", "合同 {{ loan.no }}"))

    with pytest.raises(MissingValueError) as caught:
        template.render({"loan": {"no": value}})

    assert "正文第 2 段" in str(caught.value)
    assert "loan.no" in str(caught.value)


def test_an_author_may_say_what_a_blank_prints():
    template = compile_template(with_body("[{{ a|default('无') }}][{{ b|default('') }}]"))

    assert docx_text(template.render({"a": None})) == "[无][]"


@pytest.mark.parametrize("sign", ["\x00", "\x08", "\x0c", "\x1b", "\ufffe", "\ud800", "\ufdd0"])
def test_a_character_that_xml_cannot_hold_is_refused_with_its_tag(sign):
    with pytest.raises(FillError) as caught:
        compile_template(with_body("{{ name }}")).render({"name": f"a{sign}b"})

    assert "{{ name }}" in str(caught.value)
    assert f"U+{ord(sign):04X}" in str(caught.value)


@pytest.mark.parametrize("place", PLACES[:-1])
def test_all_other_signs_print_exactly(place):
    value = "&amp; & < > \" ' \u00a0\u2028𠮷😀 ]]> <!-- &#x41;"

    assert value in docx_text(compile_template(at(place, "{{ v }}")).render({"v": value}))
