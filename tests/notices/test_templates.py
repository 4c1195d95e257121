"""Each Word file has exactly the blanks of its dataclass, and opens in other programs."""

import dataclasses
import io
import json
import typing
from pathlib import Path

import docx
import pytest
from click.testing import CliRunner

from postloan_archive.cli.templates import group
from postloan_archive.notices import barcodes, template_check
from postloan_archive.notices.letters import LETTERS
from postloan_archive.notices.printing import Label, LabelRow, LabelSheet
from postloan_archive.notices.rules.fields import NOTICES
from postloan_archive.notices.templates import template_bytes
from postloan_archive.wordgen import (
    Picture,
    compile_template,
    docx_text,
    docx_to_pdf,
    field_paths,
    pdf_pictures,
    soffice_path,
)

PAGES = {"N01": 2, "N07": 2, "N11": 2, "N15": 2} | dict.fromkeys(
    ("N08", "N09", "N10", "N12", "N13", "N14", "N16"), 1
)
UNUSED = {  # what every letter has and this one does not print
    "N06": {"borrower"},
    "N08": {"issuer", "contract_name", "loan_no", "borrower", "debts.loan_no"},
    "N16": {"contract_name", "loan_no", "borrower", "debts.guarantor", "debts.collateral"},
}


def filled(kind):
    """A letter with a value in every blank."""
    values = {}
    hints = typing.get_type_hints(kind)
    for spec in dataclasses.fields(kind):
        hint = hints[spec.name]
        lines = typing.get_args(hint)
        if hint is Picture:
            values[spec.name] = barcodes.picture("N02020120260000016")
        elif lines and dataclasses.is_dataclass(lines[0]):
            cells = {
                one.name: f"【{spec.name}.{one.name}】" for one in dataclasses.fields(lines[0])
            }
            values[spec.name] = (lines[0](**cells),) * 2
        elif lines:
            values[spec.name] = (f"【{spec.name}】", "第二步")
        else:
            values[spec.name] = f"【{spec.name}】"
    return kind(**values)


@pytest.mark.parametrize("kind", LETTERS, ids=lambda kind: kind.code)
def test_the_blanks_are_the_fields(kind):
    used = compile_template(template_bytes(kind.template)).fields

    assert used <= field_paths(kind)
    assert field_paths(kind) - used == UNUSED.get(kind.code, set())
    assert not [
        fault
        for fault in template_check.check(kind, template_bytes(kind.template))
        if not template_check.is_warning(fault)
    ]


@pytest.mark.parametrize("kind", LETTERS, ids=lambda kind: kind.code)
def test_a_letter_prints_every_field_and_opens_in_python_docx(kind):
    letter = filled(kind)
    data = compile_template(template_bytes(kind.template)).render(letter)

    text = docx_text(data)
    tables = {name.partition(".")[0] for name in field_paths(kind) if "." in name}
    for name in field_paths(kind) - UNUSED.get(kind.code, set()) - tables - {"barcode"}:
        assert f"【{name}】" in text, name
    document = docx.Document(io.BytesIO(data))
    pictures = [one for one in document.part.package.parts if "/media/" in one.partname]
    assert bool(pictures) == hasattr(letter, "barcode")


@pytest.mark.parametrize("kind", LETTERS, ids=lambda kind: kind.code)
def test_every_required_key_of_the_rule_is_known_to_the_letter(kind):
    known = {spec.name for spec in dataclasses.fields(kind)}
    renamed = {"guarantee_period_end": "guarantee_period"}  # printed as a sentence
    wanted = {renamed.get(key, key) for key in NOTICES[kind.code].keys}

    assert wanted <= known


@pytest.mark.parametrize("kind", LETTERS, ids=lambda kind: kind.code)
def test_every_field_has_a_name_for_people(kind):
    rows = template_check.fields_of(kind, ())

    assert [row.name for row in rows if row.label == row.name] == []


@pytest.mark.office
@pytest.mark.parametrize("kind", LETTERS, ids=lambda kind: kind.code)
def test_libreoffice_draws_every_letter_and_its_slip(kind):
    data = compile_template(template_bytes(kind.template)).render(filled(kind))

    (pdf,) = docx_to_pdf([data], soffice=soffice_path())

    pages = len(pdf_pictures(pdf, width=200))
    assert pages == PAGES.get(kind.code, 3)


@pytest.mark.office
def test_a_sheet_holds_sixteen_labels_and_no_empty_page_follows():
    label = Label(
        address="示范省示范县城关镇北街43号", name="张三　收", content="〔2026〕催字第0001号"
    )
    sheet = LabelSheet(rows=(LabelRow(left=label, right=label),) * 8)
    data = compile_template(template_bytes(LabelSheet.template)).render(sheet)

    (pdf,) = docx_to_pdf([data], soffice=soffice_path())

    assert docx_text(data).count("张三") == 16
    assert len(pdf_pictures(pdf, width=200)) == 1


def with_text(tmp_path, *lines) -> Path:
    document = docx.Document()
    for line in lines:
        document.add_paragraph(line)
    path = tmp_path / "模板.docx"
    document.save(path)
    return path


def check(*arguments):
    return CliRunner().invoke(group, ["check", *map(str, arguments)])


def test_the_command_names_every_fault_at_once_with_its_place(tmp_path):
    path = with_text(
        tmp_path, "{{ borower }}欠款｛｛ total ｝｝", "好", "{% if total %}", "{{ total }}"
    )

    answer = check(path, "--kind", "N02", "--json")

    assert answer.exit_code == 1, answer.output
    rows = [json.loads(line) for line in answer.output.splitlines()]
    errors = [row for row in rows if row["severity"] == "error"]
    assert {row["code"] for row in errors} >= {
        "unknown_field",
        "fullwidth_braces",
        "not_ended",
    }
    unknown = next(row for row in errors if row["code"] == "unknown_field")
    assert (unknown["nearest"], unknown["paragraph"]) == ("borrower", 1)
    assert "正文第 1 段" in unknown["place"]


def test_the_command_passes_our_own_templates(tmp_path):
    for kind in LETTERS:
        path = tmp_path / kind.template
        path.write_bytes(template_bytes(kind.template))
        answer = check(path, "--kind", kind.code.lower())
        assert answer.exit_code == 0, answer.output
        assert "0 处错误" in answer.output


def test_a_court_paper_is_checked_by_the_same_command(tmp_path):
    answer = check(with_text(tmp_path, "{{ nothing_like_it_at_all }}"), "--kind", "P01")

    assert answer.exit_code == 1
    assert "没有名为" in answer.output


def test_what_is_no_word_file_is_refused_in_words(tmp_path):
    path = tmp_path / "x.docx"
    path.write_bytes(b"PK nothing")

    answer = check(path, "--kind", "N02")

    assert answer.exit_code == 1
    assert "不是可用的 Word 文档" in answer.output


def test_every_letter_has_a_note_in_english():
    notes = (Path(__file__).resolve().parents[2] / "doc_templates" / "NOTES.md").read_text()

    for kind in LETTERS:
        assert f"## {kind.code} {kind.template}\n" in notes


@pytest.mark.parametrize("kind", LETTERS, ids=lambda kind: kind.code)
def test_a_shipped_template_prints_all_that_the_rule_asks_for(kind):
    assert template_check.missing_required(kind, template_bytes(kind.template)) == ()
