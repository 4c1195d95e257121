"""Templates that WPS and LibreOffice have saved, and what people leave in them."""

import io
import subprocess
from pathlib import Path

import docx
import pytest

from postloan_archive.notices.letters import LETTERS
from postloan_archive.wordgen import (
    check_template,
    compile_template,
    docx_text,
    field_paths,
    soffice_path,
)
from tests.wordgen.build import changed, with_body

FOLDER = Path(__file__).resolve().parents[2] / "doc_templates"
WPS_RUNS = (
    '<w:p><w:bookmarkStart w:id="0" w:name="_GoBack"/><w:r><w:rPr><w:rFonts w:hint="eastAsia"/>'
    '</w:rPr><w:t>致</w:t></w:r><w:r><w:rPr><w:lang w:val="en-US" w:eastAsia="zh-CN"/></w:rPr>'
    '<w:t>{</w:t></w:r><w:r><w:t>{ bor</w:t></w:r><w:bookmarkEnd w:id="0"/><w:proofErr '
    'w:type="spellStart"/><w:r><w:rPr><w:rFonts w:hint="eastAsia"/></w:rPr><w:t>rower }</w:t>'
    "</w:r><w:r><w:t>}</w:t></w:r></w:p>"
)
WPS_PROPERTIES = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?><Properties xmlns="http://schemas.'
    'openxmlformats.org/officeDocument/2006/custom-properties" xmlns:vt="http://schemas.'
    'openxmlformats.org/officeDocument/2006/docPropsVTypes">'
    '<property fmtid="{D5CDD505-2E9C-101B-9397-08002B2CF9AE}" pid="2" '
    'name="KSOProductBuildVer">'
    "<vt:lpwstr>2052-12.1.0.18608"
    "</vt:lpwstr></property></Properties>"
)


def by_wps() -> bytes:
    """A file as WPS saves it: its own namespace, its own property, tags cut by input hints."""
    data = changed(
        with_body("正文"),
        "word/document.xml",
        lambda old: old.replace(
            b"<w:body>",
            b"<w:body>" + WPS_RUNS.encode(),
        ).replace(
            b"<w:document ",
            b'<w:document xmlns:wpsCustomData="http://www.wps.cn/officeDocument/2013/'
            b'wpsCustomData" ',
        ),
    )
    data = changed(data, "docProps/custom.xml", lambda _: WPS_PROPERTIES.encode())
    return changed(
        data,
        "[Content_Types].xml",
        lambda old: old.replace(
            b"</Types>",
            b'<Override PartName="/docProps/custom.xml" ContentType="application/vnd.'
            b'openxmlformats-officedocument.custom-properties+xml"/></Types>',
        ),
    )


def test_a_template_saved_by_wps_is_read_and_keeps_what_wps_wrote():
    template = compile_template(by_wps())
    assert template.fields == {"borrower"}

    out = template.render({"borrower": "张三 & <李四>"})

    assert "致张三 & <李四>" in docx_text(out)
    docx.Document(io.BytesIO(out))


def with_xml(inside: str) -> bytes:
    return changed(
        with_body("正文"),
        "word/document.xml",
        lambda old: old.replace(b"<w:body>", b"<w:body>" + inside.encode()),
    )


AUTHOR = 'w:id="9" w:author="王" w:date="2026-11-24T00:00:00Z"'


def faults(data: bytes) -> list[str]:
    found = check_template(data, {"borrower"}, fonts=None)
    return [fault.code for fault in found if fault.code != "missing_font"]


def test_a_tracked_insertion_around_a_whole_tag_is_named():
    run = "<w:r><w:t>{{ borrower }}</w:t></w:r>"
    data = with_xml(f"<w:p><w:ins {AUTHOR}>{run}</w:ins></w:p>")
    assert faults(data) == ["tracked_change"]


def test_a_tracked_deletion_prints_nothing_and_harms_no_tag_beside_it():
    data = with_xml(
        f"<w:p><w:del {AUTHOR}><w:r><w:delText>旧字</w:delText></w:r></w:del>"
        "<w:r><w:t>{{ borrower }}</w:t></w:r></w:p>"
    )
    assert faults(data) == []
    assert "旧字" not in docx_text(compile_template(data).render({"borrower": "张三"}))


def test_a_change_inside_a_tag_is_named_with_what_to_do():
    data = with_xml(
        "<w:p><w:r><w:t>{{ borr</w:t></w:r>"
        f"<w:ins {AUTHOR}><w:r><w:t>ower</w:t></w:r></w:ins><w:r><w:t> }}}}</w:t></w:r></w:p>"
    )
    (fault,) = [one for one in check_template(data, {"borrower"}) if one.code != "missing_font"]
    assert fault.code == "tracked_change"
    assert "接受或拒绝全部修订" in fault.message


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("｛｛ borrower ｝｝", "fullwidth_braces"),
        ("｛{ borrower }｝", "fullwidth_braces"),
        ("{{ borrower|default(“无”) }}", "chinese_quotes"),
        ("{{ borrower|default(‘无’) }}", "chinese_quotes"),
        ("{{ borrower｜default('无') }}", "fullwidth_sign"),
        ("{{ borrower（） }}", "fullwidth_sign"),
        ("{％ if borrower %}", "fullwidth_braces"),
    ],
)
def test_what_a_chinese_input_method_types_is_named(typed, code):
    assert code in faults(with_body(typed))


@pytest.mark.office
@pytest.mark.parametrize("letter", LETTERS, ids=lambda letter: letter.code)
def test_a_template_saved_by_libreoffice_checks_and_prints_the_same(letter, tmp_path):
    """Whoever has no Word opens our template in LibreOffice and saves it as .docx."""
    path = FOLDER / letter.template
    saved = by_libreoffice(path.read_bytes(), tmp_path)

    errors = [
        fault
        for fault in check_template(saved, field_paths(letter))
        if fault.code != "missing_font"
    ]

    assert [str(fault) for fault in errors] == []
    assert compile_template(saved).fields == compile_template(path.read_bytes()).fields


def by_libreoffice(data: bytes, folder: Path) -> bytes:
    """Return the file as LibreOffice writes it: other styles, other relations, other runs."""
    source = folder / "in" / "template.docx"
    source.parent.mkdir()
    source.write_bytes(data)
    out = folder / "out"
    subprocess.run(
        [str(soffice_path()), f"-env:UserInstallation=file://{folder}/profile", "--headless",
         "--convert-to", "docx:MS Word 2007 XML", "--outdir", str(out), str(source)],
        check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    return (out / "template.docx").read_bytes()
