"""Filling a template: formats, pictures, reproducible bytes, untouched members."""

import io
import zipfile
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from decimal import Decimal

import docx
import pytest
import segno
from lxml import etree

from postloan_archive.wordgen import (
    FillError,
    MissingValueError,
    Picture,
    RichText,
    Span,
    TemplateRefusedError,
    UnprintableValueError,
    compile_template,
    docx_text,
)
from tests.wordgen.build import at, changed, made, with_body


def filled(text: str, **values: object) -> str:
    return docx_text(compile_template(with_body(text)).render(values))


def code() -> Picture:
    out = io.BytesIO()
    segno.make("N02-2026-000001").save(out, kind="png")
    return Picture(
        data=out.getvalue(), width_mm=20, height_mm=Decimal("20.5"), description="<码>"
    )


@pytest.mark.parametrize(("text", "value", "printed"), [
    ("{{ v|yuan }}", Decimal("1234567.005"), "1,234,567.01"),
    ("{{ v|yuan }}", 0, "0.00"),
    ("{{ v|yuan }}", "-1234.5", "-1,234.50"),
    ("{{ v|day }}", date(2026, 3, 5), "2026年3月5日"),
    ("{{ v|day }}", datetime(2026, 12, 31, 1, tzinfo=UTC), "2026年12月31日"),
    ("{{ v|day }}", "2026-03-05", "2026年3月5日"),
    ("{{ v|han_day }}", date(2026, 10, 21), "二〇二六年十月二十一日"),
    ("{{ v }}", Decimal("1E+3"), "1000"),
    ("{{ v }}", Decimal("0.10"), "0.10"),
    ("{{ v }}", date(2026, 3, 5), "2026-03-05"),
    ("{{ v }}", 0, "0"),
    ("{{ v|round(2) }}", Decimal("2.345"), "2.35"),
    ("{{ v|abs }}", -3, "3"),
    ("{{ v / 4 }}", 1, "0.25"),
    ("{{ v|trim }}", " 甲 ", "甲"),
    ("{{ v|join('、') }}", ["甲", "乙"], "甲、乙"),
    ("{{ v|first }}{{ v|last }}{{ v|count }}", ["甲", "乙"], "甲乙2"),
    ("{{ v }}", "一\r\n二\r三\v四", "一\n二\n三\n四"),
    ("{% if v %}有{% else %}无{% endif %}", None, "无"),
    ("{% if v is defined %}有{% endif %}{% if w is undefined %}缺{% endif %}", 1, "有缺"),
])  # fmt: skip
def test_formats_and_values_print_as_said(text, value, printed):
    assert filled(text, v=value) == printed


@pytest.mark.parametrize(("text", "value"), [
    ("{{ v|yuan }}", "十元"), ("{{ v|yuan }}", True), ("{{ v|yuan }}", Decimal("NaN")),
    ("{{ v|yuan }}", "9" * 40), ("{{ v|day }}", "昨天"), ("{{ v }}", True), ("{{ v }}", [1]),
    ("{{ v|join }}", "x"), ("{{ v|first }}", 3), ("{% for x in v %}{% endfor %}", 3),
    ("{% if v > 3 %}{% endif %}", "x"), ("{{ v + 1 }}", "x"), ("{{ v.x }}", "x"),
    ("{{ v|length }}", 3), ("{{ v|round('x') }}", 3),
])  # fmt: skip
def test_a_value_of_the_wrong_kind_is_named_with_its_tag(text, value):
    with pytest.raises((FillError, MissingValueError)) as caught:
        filled(text, v=value)

    assert text[: text.index("}")] in str(caught.value)


@pytest.mark.parametrize("text", [
    "{{ v|yuan }}", "{{ v|day }}", "{{ v|join }}", "{{ v|first }}", "{% if v %}{% endif %}",
    "{% for x in v %}{% endfor %}", "{{ v.x }}", "{{ v + 1 }}", "{{ v ~ 'x' }}", "{{ v[0] }}",
    "{{ 'x' if v }}", "{{r v }}", "{{p v }}",
])  # fmt: skip
def test_a_missing_field_is_missing_in_every_use(text):
    with pytest.raises(MissingValueError) as caught:
        filled(text, w=1)

    assert "正文第 1 段" in str(caught.value)


def test_a_caller_brings_the_words_of_an_amount():
    template = compile_template(
        with_body("{{ v|upper }}"), filters={"upper": lambda _: "壹元整"}
    )

    assert docx_text(template.render({"v": 1})) == "壹元整"


def test_without_it_the_format_is_unknown():
    with pytest.raises(TemplateRefusedError) as caught:
        compile_template(with_body("{{ v|upper }}"))

    assert [fault.code for fault in caught.value.faults] == ["unknown_filter"]


def test_the_same_values_give_the_same_bytes_and_no_clock_is_in_them():
    data = at("header", "{{ v }}")
    first = compile_template(data).render({"v": "甲"})

    assert first == compile_template(data).render({"v": "甲"})
    with zipfile.ZipFile(io.BytesIO(first)) as letter:
        assert {info.date_time for info in letter.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert letter.testzip() is None


def test_untouched_members_are_copied_as_they_lie():
    data = changed(with_body("{{ v }}"), "word/media/x.bin", lambda _: bytes(range(256)) * 99)
    letter = compile_template(data).render({"v": "甲"})

    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(io.BytesIO(letter)) as new:
        assert set(old.namelist()) == set(new.namelist())
        for info in old.infolist():
            if info.filename != "word/document.xml":
                assert new.read(info.filename) == old.read(info)
                assert new.getinfo(info.filename).compress_size == info.compress_size


def test_one_template_serves_many_threads():
    template = compile_template(with_body("{% for x in v %}{{ x }}{% endfor %}"))

    def letter(number: int) -> str:
        return docx_text(template.render({"v": [number] * 50}))

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(letter, range(60))) == [str(n) * 50 for n in range(60)]


@pytest.mark.parametrize("place", ["body", "table", "header", "footer", "box"])
@pytest.mark.parametrize("tag", ["{{ code }}", "{{r code }}"])
def test_a_picture_prints_in_every_place(place, tag):
    letter = compile_template(at(place, f"码：{tag}。")).render({"code": code()})

    opened = docx.Document(io.BytesIO(letter))
    with zipfile.ZipFile(io.BytesIO(letter)) as members:
        images = [name for name in members.namelist() if name.startswith("word/media/letter")]
        assert [members.read(name) for name in images] == [code().data]
        assert opened.part.package is not None
    parts = [part for part in opened.part.package.iter_parts() if "image" in part.content_type]
    assert code().data in [part.blob for part in parts]


def test_a_picture_twice_is_stored_once_and_two_pictures_twice():
    other = Picture(data=code().data + b"x", width_mm=5, height_mm=5)
    template = compile_template(with_body("{{ a }}{{ a }}", "{{ b }}"))

    with zipfile.ZipFile(io.BytesIO(template.render({"a": code(), "b": other}))) as letter:
        assert sum(name.startswith("word/media/letter") for name in letter.namelist()) == 2


def test_a_picture_has_no_place_in_a_property():
    with pytest.raises(FillError):
        compile_template(at("title", "{{ code }}")).render({"code": code()})


@pytest.mark.parametrize("changes", [
    {"data": b"GIF89a"}, {"width_mm": 0}, {"height_mm": Decimal(-1)}, {"width_mm": 9_999},
])  # fmt: skip
def test_a_picture_of_another_kind_is_refused(changes):
    given = {"data": code().data, "width_mm": 1, "height_mm": 1, **changes}

    with pytest.raises(UnprintableValueError):
        Picture(**given)


def test_rich_text_keeps_the_looks_of_its_run():
    def build(document):
        run = document.add_paragraph("甲").add_run("{{r v }}乙")
        run.italic = True
        run.font.name = "Arial"

    spans = RichText(
        (Span(text="红<", colour="FF0000", bold=True), Span(text="平", underline=True))
    )
    opened = docx.Document(io.BytesIO(compile_template(made(build)).render({"v": spans})))

    runs = {run.text: run for run in opened.paragraphs[0].runs}
    assert opened.paragraphs[0].text == "甲红<平乙"
    assert runs["红<"].bold
    assert runs["红<"].italic
    assert runs["平"].font.name == "Arial"
    assert not runs["乙"].bold


def test_a_list_prints_as_paragraphs_of_the_same_style():
    def build(document):
        document.add_paragraph("{{p v }}", style="List Bullet")

    opened = docx.Document(
        io.BytesIO(compile_template(made(build)).render({"v": ["甲", "乙"]}))
    )

    assert [(one.text, one.style.name) for one in opened.paragraphs] == [
        ("甲", "List Bullet"), ("乙", "List Bullet"),
    ]  # fmt: skip


@pytest.mark.parametrize("shown", [True, False])
@pytest.mark.parametrize("texts", [
    ("{%p if v %}", "甲", "{%p endif %}"),
    ("{%p if v %}", "甲", "{%p else %}", "乙", "{%p endif %}"),
    ("{%p for x in w %}", "甲", "{%p endfor %}"),
    ("首", "{%p if v %}", "甲", "{%p endif %}"),
    ("{%p if v %}", "{%p if w %}", "甲", "{%p endif %}", "{%p endif %}"),
])  # fmt: skip
def test_a_cell_always_ends_in_a_paragraph_as_word_demands(shown, texts):
    def build(document):
        cell = document.add_table(1, 1).cell(0, 0)
        cell.text = texts[0]
        for text in texts[1:]:
            cell.add_paragraph(text)

    letter = compile_template(made(build)).render({"v": shown, "w": [1] if shown else []})

    with zipfile.ZipFile(io.BytesIO(letter)) as members:
        root = etree.fromstring(members.read("word/document.xml"))
    for cell in root.iter("{*}tc"):
        assert cell[-1].tag.endswith("}p")


def test_a_word_template_becomes_a_document():
    plain = b"wordprocessingml.document.main+xml"
    data = changed(with_body("{{ v }}"), "[Content_Types].xml", lambda old: old.replace(
        plain, b"wordprocessingml.template.main+xml"))  # fmt: skip

    assert docx.Document(io.BytesIO(compile_template(data).render({"v": "甲"})))


def test_a_condition_that_leaves_half_an_element_is_not_a_letter():
    data = changed(with_body("X"), "word/document.xml", lambda old: old.replace(
        b"<w:r><w:t>X</w:t></w:r>",
        b"<w:r><w:t>{% if v %}a</w:t></w:r><w:hyperlink><w:r><w:t>{% endif %}</w:t></w:r>"
        b"</w:hyperlink>"))  # fmt: skip

    with pytest.raises(TemplateRefusedError) as caught:
        compile_template(data)

    assert {fault.code for fault in caught.value.faults} == {"uneven"}
