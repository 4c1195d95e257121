"""Files that carry more than text: each is refused with its reason, in Chinese."""

import io
import struct
import zipfile

import pytest

from postloan_archive.wordgen import TemplateRefusedError, compile_template
from tests.wordgen.build import changed, with_body

GOOD = with_body("致 {{ name }}")
RELATIONS = "word/_rels/document.xml.rels"
KIND = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def with_relation(kind: str, target: str, mode: str = ' TargetMode="External"') -> bytes:
    entry = f'<Relationship Id="rId99" Type="{KIND}/{kind}" Target="{target}"{mode}/>'
    return changed(GOOD, RELATIONS, lambda old: old.replace(
        b"</Relationships>", entry.encode() + b"</Relationships>"))  # fmt: skip


def with_xml(addition: str) -> bytes:
    return changed(GOOD, "word/document.xml", lambda old: old.replace(
        b"<w:body>", b"<w:body>" + addition.encode()))  # fmt: skip


def codes(data: bytes) -> set[str]:
    with pytest.raises(TemplateRefusedError) as caught:
        compile_template(data)
    assert all(any("一" <= sign <= "鿿" for sign in str(one)) for one in caught.value.faults)
    return {fault.code for fault in caught.value.faults}


@pytest.mark.parametrize(("kind", "target", "code"), [
    ("attachedTemplate", "http://evil.example/t.dotm", "remote_template"),
    ("attachedTemplate", "file:///C:/t.dotx", "remote_template"),
    ("image", "http://evil.example/x.png", "external"),
    ("image", "file:///etc/passwd", "external"),
    ("oleObject", "http://evil.example/x", "ole"),
    ("hyperlink", "file:///etc/passwd", "external"),
    ("hyperlink", "javascript:alert(1)", "external"),
    ("hyperlink", "\\\\evil\\share", "external"),
    ("frame", "http://evil.example/", "import"),
    ("subDocument", "http://evil.example/", "import"),
    ("settings", "http://evil.example/", "external"),
    ("mailMergeSource", "file:///c:/x.xlsx", "external"),
])  # fmt: skip
def test_links_outside_are_refused(kind, target, code):
    assert codes(with_relation(kind, target)) == {code}


def test_a_target_that_hides_its_address_is_refused():
    assert codes(with_relation("image", "http://evil.example/x.png", "")) == {"external"}


@pytest.mark.parametrize("target", ["https://www.court.gov.cn/", "mailto:a@b.cn", "tel:12368"])
def test_plain_web_links_are_allowed(target):
    assert compile_template(with_relation("hyperlink", target)).fields == {"name"}


def test_a_chunk_of_another_file_is_refused():
    assert codes(with_relation("aFChunk", "x.html", "")) == {"import"}


@pytest.mark.parametrize("instruction", [
    'DDE "cmd" "/c calc"', 'DDEAUTO c:\\\\windows\\\\system32\\\\cmd.exe "/k calc"',
    'INCLUDETEXT "file:///etc/passwd"', 'INCLUDEPICTURE "http://evil.example/x"',
    'LINK Excel.Sheet.8 "x"', "QUOTE 68 68 69", "MERGEFIELD name", 'IMPORT "x"', "DATABASE",
    "DATE \\\\@ yyyy", "MACROBUTTON run x",
])  # fmt: skip
def test_fields_that_fetch_or_run_are_refused(instruction):
    text = instruction.replace('"', "&quot;")
    simple = f'<w:p><w:fldSimple w:instr=" {text} "/></w:p>'
    half = len(instruction) // 2
    pieces = [instruction[:2], instruction[2:half], instruction[half:]]
    runs = "".join(
        f"<w:r><w:instrText>{one.replace('&', '&amp;')}</w:instrText></w:r>" for one in pieces
    )
    split = (
        '<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r>'
        f'{runs}<w:r><w:fldChar w:fldCharType="end"/></w:r></w:p>'
    )

    assert codes(with_xml(simple)) == {"field_code"}
    assert codes(with_xml(split)) == {"field_code"}


def test_page_numbers_are_allowed():
    data = with_xml('<w:p><w:fldSimple w:instr=" PAGE  \\* MERGEFORMAT "/></w:p>')

    assert compile_template(data).fields == {"name"}


def test_a_tag_in_a_field_code_is_refused():
    assert codes(with_xml('<w:p><w:fldSimple w:instr=" REF {{ name }} "/></w:p>')) == {
        "field_code"
    }


def test_macros_are_refused():
    assert "macro" in codes(changed(GOOD, "word/vbaProject.bin", lambda _: b"x"))
    macro = b"application/vnd.ms-word.document.macroEnabled.main+xml"
    plain = (b"application/vnd.openxmlformats-officedocument.wordprocessingml."
             b"document.main+xml")  # fmt: skip
    assert "macro" in codes(
        changed(GOOD, "[Content_Types].xml", lambda old: old.replace(plain, macro))
    )


def test_embedded_objects_are_refused():
    assert codes(changed(GOOD, "word/embeddings/oleObject1.bin", lambda _: b"x")) == {"ole"}
    assert codes(with_xml("<w:p><w:r><w:object/></w:r></w:p>")) == {"ole"}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_document_type_is_refused_in_any_part(encoding):
    for name in ("word/document.xml", "word/styles.xml", "docProps/core.xml", RELATIONS):
        hostile = (
            f'<?xml version="1.0" encoding="{encoding}"?><!DOCTYPE x '
            '[<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>'
        ).encode(encoding)

        assert "doctype" in codes(changed(GOOD, name, lambda _, data=hostile: data))


def test_a_billion_laughs_is_refused():
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    hostile = f'<!DOCTYPE x [<!ENTITY l0 "ha">{laughs}]><x>&l9;</x>'

    assert "doctype" in codes(changed(GOOD, "word/document.xml", lambda _: hostile.encode()))


def test_a_bomb_is_refused_by_its_ratio():
    zeros = changed(GOOD, "word/media/image1.png", lambda _: b"\0" * 60_000_000)

    assert codes(zeros) == {"too_large"}


def test_a_part_that_lies_about_its_size_is_refused():
    zeros = bytearray(changed(GOOD, "word/media/x.bin", lambda _: b"\0" * 9_000_000))
    where = zeros.rfind(b"word/media/x.bin")
    struct.pack_into("<L", zeros, where - 46 + 24, 1_000)

    assert codes(bytes(zeros)) == {"not_docx"}


def test_many_members_are_refused():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        for number in range(3_000):
            made.writestr(f"word/{number}.xml", "")

    assert codes(out.getvalue()) == {"too_large"}


@pytest.mark.parametrize("name", ["../evil.xml", "/etc/x.xml", "word\\x.xml", "a//b", "C:x"])
def test_a_hostile_member_name_is_refused(name):
    assert codes(changed(GOOD, name, lambda _: b"x")) == {"not_docx"}


@pytest.mark.parametrize("data", [
    b"", b"PK", b"PK\x05\x06", b"\xd0\xcf\x11\xe0" + b"\0" * 600, b"%PDF-1.7", GOOD[:2_000],
    GOOD[:-30], GOOD[100:],
], ids=range(8))  # fmt: skip
def test_what_is_no_document_is_refused(data):
    assert codes(data) == {"not_docx"}


def test_every_flipped_byte_is_refused_or_harmless():
    for at in range(0, len(GOOD), 997):
        hurt = bytearray(GOOD)
        hurt[at] ^= 0x55
        try:
            compile_template(bytes(hurt))
        except TemplateRefusedError as error:
            assert error.faults  # noqa: PT017  # either way is right, another error is not


def test_two_members_of_one_name_are_refused():
    out = io.BytesIO(GOOD)
    with zipfile.ZipFile(out, "a") as made, pytest.warns(UserWarning, match="Duplicate"):
        made.writestr("word/document.xml", "<x/>")

    assert codes(out.getvalue()) == {"not_docx"}
