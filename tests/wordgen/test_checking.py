"""`check_template` names every fault at once, with its paragraph and what was meant."""

import io
from dataclasses import dataclass
from decimal import Decimal

import docx
import pytest

from postloan_archive.wordgen import (
    Fault,
    Picture,
    TemplateRefusedError,
    check_template,
    compile_template,
    docx_text,
    field_paths,
    mark_faults,
)
from tests.wordgen.build import at, changed, made, with_body

FIELDS = {"borrower.name", "borrower.phone", "overdue_total", "rows.due", "rows.amount", "days"}


def faults_of(data: bytes, fields=FIELDS) -> list[Fault]:
    return [one for one in check_template(data, fields) if one.code != "missing_font"]


@pytest.mark.parametrize(("text", "code"), [
    ("｛｛ days ｝｝", "fullwidth_braces"),
    ("｛{ days }｝", "fullwidth_braces"),
    ("{｛ days ｝}", "fullwidth_braces"),
    ("｛% if days %｝", "fullwidth_braces"),
    ("{{ days", "unclosed"),
    ("{{ days }", "unclosed"),
    ("{{ days {{ days }}", "unclosed"),
    ("{{ days %}", "unclosed"),
    ("days }}", "stray_close"),
    ("{{ }}", "empty"),
    ("{% %}", "empty"),
    ("{{ days|default(“无”) }}", "chinese_quotes"),
    ("{{ days｜yuan }}", "fullwidth_sign"),
    ("{{ borrower．name }}", "fullwidth_sign"),
    ("{% if days ＞ 3 %}x{% endif %}", "fullwidth_sign"),
    ("{% if days %}x", "not_ended"),
    ("x{% endif %}", "not_begun"),
    ("{% for r in rows %}{% if days %}{% endfor %}{% endif %}", "crossed"),
    ("{% else %}", "not_begun"),
    ("{{ days + }}", "syntax"),
    ("{% for in rows %}{% endfor %}", "syntax"),
    ("{% if %}{% endif %}", "syntax"),
    ("{{ dyas }}", "unknown_field"),
    ("{{ borrower.nam }}", "unknown_field"),
    ("{{ days|yuen }}", "unknown_filter"),
    ("{% if days is even_number %}x{% endif %}", "unknown_test"),
    ("{% tr for r in rows %}", "spaced_kind"),
    ("{%tr for r in rows %}", "not_in_table"),
    ("{%- if days %}x{% endif %}", "dash"),
    ("{% cellbg days %}", "unknown_statement"),
    ("{%p if days %}说明", "lost_text"),
    ("{{ days() }}", "forbidden"),
    ("{{tr days }}", "forbidden"),
])  # fmt: skip
def test_each_fault_is_named_with_its_paragraph(text, code):
    faults = faults_of(with_body("第一段", text))

    assert code in {fault.code for fault in faults}
    assert all(fault.paragraph == 2 for fault in faults)
    assert all(fault.part == "word/document.xml" and fault.excerpt for fault in faults)
    assert all(any("一" <= sign <= "鿿" for sign in fault.message) for fault in faults)


@pytest.mark.parametrize(("text", "nearest"), [
    ("{{ borower.name }}", "borrower.name"),
    ("{{ overdue_totl }}", "overdue_total"),
    ("{{ borrower.phon }}", "borrower.phone"),
    ("{% for r in rows %}{{ r.amuont }}{% endfor %}", "rows.amount"),
    ("{{ days|yuann }}", "yuan"),
    ("{{ qqqqqqqq }}", None),
])  # fmt: skip
def test_the_nearest_name_is_proposed(text, nearest):
    (fault,) = faults_of(with_body(text))

    assert fault.nearest == nearest
    assert nearest is None or nearest in fault.message


def test_all_faults_are_reported_at_once_in_document_order():
    data = with_body(
        "{{ dyas }}", "｛｛ days ｝｝", "{{ days", "{% if days %}", "{{ days.__x__ }}"
    )

    faults = faults_of(data)

    codes = [fault.code for fault in faults]
    assert set(codes) >= {"fullwidth_braces", "unclosed", "not_ended", "forbidden"}
    assert [fault.paragraph for fault in faults] == sorted(f.paragraph for f in faults)


def test_an_unknown_field_is_named_beside_a_broken_tag():
    codes = {fault.code for fault in faults_of(with_body("{{ dyas }}", "{{ days"))}

    assert codes == {"unknown_field", "unclosed"}


def test_a_good_template_has_no_faults():
    assert not faults_of(with_body(
        "{{ borrower.name }}欠{{ overdue_total|yuan }}元",
        "{% for r in rows %}{{ r.due|day }}：{{ r.amount|upper }}{% endfor %}",
        "{% set who = borrower %}{{ who.phone }}",
        "{% for r in rows %}{{ loop.index }}{% endfor %}",
    ))  # fmt: skip


def test_a_loop_over_two_levels_is_uneven():
    def build(document):
        document.add_paragraph("{%p for r in rows %}")
        document.add_table(1, 1).cell(0, 0).text = "{{ r.due }}{% endfor %}"

    assert {fault.code for fault in faults_of(made(build))} == {"uneven"}


def test_begin_and_end_in_one_row_are_a_fault():
    def build(document):
        table = document.add_table(1, 2)
        table.cell(0, 0).text = "{%tr for r in rows %}{{ r.due }}"
        table.cell(0, 1).text = "{%tr endfor %}"

    assert "two_in_one" in {fault.code for fault in faults_of(made(build))}


def test_faults_of_headers_and_boxes_have_their_place():
    (header,) = faults_of(at("header", "{{ dyas }}"))
    (box,) = faults_of(at("box", "{{ dyas }}"))
    (title,) = faults_of(at("title", "{{ dyas }}"))

    assert header.part.startswith("word/header")
    assert header.place == "页眉第 1 段"
    assert box.paragraph == 3
    assert title.place == "文档属性"


def with_document(old: str, new: str) -> bytes:
    return changed(with_body("X"), "word/document.xml", lambda data: data.replace(
        old.encode(), new.encode()))  # fmt: skip


def test_tracked_changes_and_comments_in_a_tag_are_faults():
    run = "<w:r><w:t>X</w:t></w:r>"
    inserted = with_document(run, (
        '<w:r><w:t>{{ da</w:t></w:r><w:ins w:id="1" w:author="a"><w:r><w:t>ys</w:t></w:r>'
        "</w:ins>"
        "<w:r><w:t> }}</w:t></w:r>"))  # fmt: skip
    deleted = with_document(
        run,
        ('<w:del w:id="1" w:author="a"><w:r><w:delText>{{ days }}</w:delText></w:r></w:del>'),
    )
    commented = with_document(
        run,
        (
            '<w:r><w:t>{{ da</w:t></w:r><w:commentRangeStart w:id="0"/>'
            "<w:r><w:t>ys }}</w:t></w:r>"
        ),
    )

    assert {fault.code for fault in faults_of(inserted)} == {"tracked_change"}
    assert {fault.code for fault in faults_of(deleted)} == {"tracked_change"}
    assert {fault.code for fault in faults_of(commented)} == {"comment_inside"}


def test_missing_fonts_are_listed():
    faults = check_template(with_body("{{ days }}"), FIELDS, fonts=frozenset({"calibri"}))

    assert "missing_font" in {fault.code for fault in faults}
    assert "Calibri" not in {fault.facts["name"] for fault in faults}


def test_a_tag_in_an_attribute_is_a_fault():
    data = with_document("<w:r>", '<w:r><w:rPr><w:rStyle w:val="{{ days }}"/></w:rPr>')

    assert {fault.code for fault in faults_of(data)} == {"bad_place"}


@dataclass(frozen=True, kw_only=True)
class Row:
    due: str
    amount: Decimal


@dataclass(frozen=True, kw_only=True)
class Letter:
    name: str
    rows: tuple[Row, ...]
    first: Row | None
    code: Picture


def test_the_fields_of_a_letter_are_read_from_its_dataclass():
    assert field_paths(Letter) == {
        "name", "rows", "rows.due", "rows.amount", "first", "first.due", "first.amount", "code",
    }  # fmt: skip


def test_a_template_knows_its_fields():
    template = compile_template(with_body(
        "{% for r in rows %}{{ r.due }}{% if r.late and loop.first %}{{ kind }}{% endif %}"
        "{% endfor %}{% set x = borrower.home %}{{ x.city }}{{ rows[0].sum }}",
        "{{ 'a' ~ name if day is defined else other|default(spare) }}"))  # fmt: skip

    assert template.fields >= {
        "rows.due", "rows.late", "kind", "borrower.home.city", "rows.sum", "name", "day",
        "other", "spare",
    }  # fmt: skip
    assert not {"loop", "x", "r"} & template.fields


def test_a_marked_copy_opens_and_holds_each_fault_as_a_comment():
    def build(document):
        document.add_paragraph("致 {{ borower.name }}")
        document.add_table(1, 1).cell(0, 0).text = "{{ days"
        document.sections[0].header.paragraphs[0].text = "｛｛ days ｝｝"

    data = made(build)
    faults = faults_of(data)

    marked = mark_faults(data, faults)

    opened = docx.Document(io.BytesIO(marked))
    texts = [comment.text for comment in opened.comments]
    assert len(texts) == len(faults) == 3
    assert any("borrower.name" in text for text in texts)
    assert any("页眉" in text for text in texts)
    assert docx_text(marked) == docx_text(data)
    assert marked == mark_faults(data, faults)


def test_a_refused_template_carries_all_its_faults():
    with pytest.raises(TemplateRefusedError) as caught:
        compile_template(with_body("{{ a", "{{ b", "{{ c", "{{ d"))

    assert len(caught.value.faults) == 4
    assert "共 4 处" in str(caught.value)
