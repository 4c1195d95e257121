"""Letters gathered in one file, in order, each with its own pages, header and lists."""

import io
import zipfile

import docx
import pytest
from docx.enum.section import WD_SECTION
from docx.oxml.ns import qn

from postloan_archive.wordgen import compile_template, docx_text, merge_print_file
from postloan_archive.wordgen.merging import Start
from postloan_archive.wordgen.merging.print_file import CannotMergeError, NothingToMergeError
from tests.wordgen.build import changed, made, with_body
from tests.wordgen.test_rendering import code


def letter_template() -> bytes:
    def build(document):
        document.sections[0].header.paragraphs[0].text = "头 {{ no }}"
        document.add_paragraph("致 {{ name }}")
        document.add_paragraph("一", style="List Number")
        document.add_paragraph("{{ code }}")

    return made(build)


def letters(count: int) -> list[bytes]:
    template = compile_template(letter_template())
    return [
        template.render({"no": n, "name": f"客户{n}", "code": code()})
        for n in range(1, count + 1)
    ]


def opened(data: bytes):
    return docx.Document(io.BytesIO(data))


def test_letters_stand_in_order_each_on_an_odd_page_with_number_one():
    document = opened(merge_print_file(letters(3)))

    texts = [p.text for p in document.paragraphs if p.text.startswith("致")]
    assert texts == ["致 客户1", "致 客户2", "致 客户3"]
    assert [one.start_type for one in document.sections] == [WD_SECTION.ODD_PAGE] * 3
    for section in document.sections:
        assert section._sectPr.find(qn("w:pgNumType")).get(qn("w:start")) == "1"


def test_each_letter_keeps_its_own_header_and_picture():
    document = opened(merge_print_file(letters(3)))

    assert [one.header.paragraphs[0].text for one in document.sections] == [
        "头 1",
        "头 2",
        "头 3",
    ]
    blips = [one.get(qn("r:embed")) for one in document.element.iter(qn("a:blip"))]
    assert {document.part.related_parts[one].blob for one in blips} == {code().data}


def test_a_letter_without_header_takes_none_from_the_one_before():
    bare = compile_template(with_body("无头 {{ x }}")).render({"x": 1})

    document = opened(merge_print_file([*letters(1), bare]))

    assert document.sections[1].header.paragraphs[0].text == ""


def test_equal_parts_are_stored_once():
    same = letters(1) * 4
    with zipfile.ZipFile(io.BytesIO(merge_print_file(same))) as members:
        names = members.namelist()

    assert (
        sum("header" in name and "L0" not in name and "rels" not in name for name in names) <= 2
    )
    assert sum(name.startswith("word/media/") for name in names) <= 2


def test_lists_of_each_letter_count_anew():
    def build(document):
        for text in ("{{ a }}", "{{ b }}"):
            paragraph = document.add_paragraph(text)
            settings = paragraph._p.get_or_add_pPr().get_or_add_numPr()
            settings.get_or_add_numId().val = 1
            settings.get_or_add_ilvl().val = 0

    template = compile_template(made(build))
    merged = merge_print_file([template.render({"a": n, "b": n}) for n in range(3)])

    numbers = [one.val for one in opened(merged).element.iter(qn("w:numId"))]
    assert numbers[0] == numbers[1]
    assert len(set(numbers)) == 3


def test_letters_of_two_templates_keep_their_styles():
    def build(document):
        document.styles["Normal"].font.name = "Arial"
        document.add_paragraph("别的 {{ x }}")

    other = compile_template(made(build)).render({"x": 1})
    document = opened(merge_print_file([*letters(1), other]))

    styles = {p.text: p.style for p in document.paragraphs}
    assert styles["别的 1"].font.name == "Arial"
    assert styles["致 客户1"].font.name != "Arial"


def test_of_n_pages_counts_the_pages_of_the_letter():
    field = (
        b'<w:p><w:fldSimple w:instr=" NUMPAGES "><w:r><w:t>1</w:t></w:r></w:fldSimple></w:p>'
    )
    letter = changed(letters(1)[0], "word/document.xml", lambda old: old.replace(
        b"<w:body>", b"<w:body>" + field))  # fmt: skip

    with zipfile.ZipFile(io.BytesIO(merge_print_file([letter, letter]))) as members:
        body = members.read("word/document.xml")

    assert body.count(b"SECTIONPAGES") == 2
    assert b"NUMPAGES" not in body


def test_bookmarks_have_one_name_each():
    mark = b'<w:p><w:bookmarkStart w:id="0" w:name="x"/><w:bookmarkEnd w:id="0"/></w:p>'
    letter = changed(letters(1)[0], "word/document.xml", lambda old: old.replace(
        b"<w:body>", b"<w:body>" + mark))  # fmt: skip

    document = opened(merge_print_file([letter] * 3, bookmark="letter"))

    names = [one.get(qn("w:name")) for one in document.element.iter(qn("w:bookmarkStart"))]
    ids = [one.get(qn("w:id")) for one in document.element.iter(qn("w:bookmarkStart"))]
    assert len(set(names)) == len(names) == 6
    assert len(set(ids)) == 6


def test_letters_with_footnotes_are_refused_by_number():
    note = b'<w:p><w:r><w:footnoteReference w:id="1"/></w:r></w:p>'
    letter = changed(
        letters(1)[0],
        "word/document.xml",
        lambda old: old.replace(b"<w:body>", b"<w:body>" + note),
    )

    with pytest.raises(CannotMergeError, match="第 2 封"):
        merge_print_file([letters(1)[0], letter])


def test_nothing_cannot_be_merged():
    with pytest.raises(NothingToMergeError):
        merge_print_file([])


def test_the_same_letters_give_the_same_file():
    assert merge_print_file(letters(2)) == merge_print_file(letters(2))


def test_the_text_of_a_merged_file_is_that_of_its_letters():
    some = letters(2)
    merged = merge_print_file(some, start=Start.NEXT_PAGE)

    for letter in some:
        body = docx_text(letter).split("\n头")[0]
        assert body in docx_text(merged)
