"""Files as core systems and spreadsheets really write them."""

import io
import zipfile
from datetime import date

import openpyxl
import pytest

from postloan_archive.loans.importing.sheets import read_book
from postloan_archive.loans.importing.sources import WorkbookError, tables
from postloan_archive.loans.importing.units import gather
from tests.loans.importing.books import LOAN_HEAD, PERSON, loan_row

HEAD = ",".join(LOAN_HEAD)
ROW = f'JJ1,张三,"=""{PERSON}""",0201,C-1,"100,000.00",6,利随本清,2025.11.24,20261124'


def only(content: bytes):
    (unit,) = gather(read_book(content)).units
    assert unit.loan is not None
    return unit.loan


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_delimited_text_in_the_encodings_of_banks(encoding, delimiter):
    text = f"{HEAD}\r\n{ROW}\r\n"
    if delimiter != ",":
        text = text.replace("100,000.00", "100000.00").replace(",", delimiter)
    entry = only(text.encode(encoding))
    assert entry.faults == []
    assert (entry.values["id_no"], entry.values["principal"]) == (PERSON, 100_000)
    assert (entry.values["disbursed_on"], entry.values["due_on"]) == (
        date(2025, 11, 24),
        date(2026, 11, 24),
    )


def test_a_serial_number_that_became_text_is_not_guessed():
    text = f"{HEAD}\n{ROW.replace('2025.11.24', '45985')}\n"
    (fault,) = only(text.encode()).faults
    assert (fault.line, fault.column, fault.value) == (2, "放款日", "45985")
    assert "序列号" in fault.text
    assert "日期格式" in fault.step


@pytest.mark.parametrize(("era", "serial"), [(1900, 45985), (1904, 45985 - 1462)])
def test_serial_numbers_count_from_the_era_of_the_file(era, serial):
    made = openpyxl.Workbook()
    if era == 1904:
        made.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904
    sheet = made.active
    sheet.title = "贷款"
    sheet.append(list(LOAN_HEAD))
    sheet.append([*loan_row()[:8], serial, date(2026, 11, 24)])
    out = io.BytesIO()
    made.save(out)
    entry = only(out.getvalue())
    assert entry.faults == []
    assert entry.values["disbursed_on"] == date(2025, 11, 24)
    assert entry.values["due_on"] == date(2026, 11, 24)


def test_a_web_table_that_calls_itself_a_workbook():
    cells = "".join(f"<td>{word}</td>" for word in LOAN_HEAD)
    values = "".join(
        f"<td>{word}</td>"
        for word in ("JJ1", "张三", PERSON, "0201", "C-1", "10万", "6%", "利随本清",
                     "2025年11月24日", "2026/11/24")
    )  # fmt: skip
    page = f"<html><table><tr>{cells}</tr><tr>{values}</tr></table></html>"
    entry = only(page.encode("gb18030"))
    assert entry.faults == []
    assert entry.values["principal"] == 100_000


def test_an_xml_sheet_of_2003():
    def row(values) -> str:
        return "<Row>" + "".join(
            f'<Cell><Data ss:Type="String">{value}</Data></Cell>' for value in values
        ) + "</Row>"  # fmt: skip

    values = loan_row(disbursed="2025-11-24", due="2026-11-24")
    space = "urn:schemas-microsoft-com:office:spreadsheet"
    page = (
        f'<?xml version="1.0"?><Workbook xmlns="{space}" xmlns:ss="{space}">'
        f'<Worksheet ss:Name="贷款"><Table>{row(LOAN_HEAD)}{row(values)}</Table></Worksheet>'
        "</Workbook>"
    )
    assert only(page.encode()).faults == []


def test_an_xml_sheet_reads_no_other_file(tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("GEHEIM")
    page = (
        f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file://{secret}">]>'
        '<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" '
        'xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"><Worksheet ss:Name="贷款">'
        "<Table><Row><Cell><Data>&e;</Data></Cell></Row></Table></Worksheet></Workbook>"
    )
    assert "GEHEIM" not in repr([table.rows for table in tables(page.encode())])


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("-500", "为负数"),
        ("(1,200.00)", "为负数"),
        ("1.2E+5", "不是可识别的金额"),
        ("１２，３４５．６７", ""),
        ("12.5万", ""),
        ("人民币壹拾万元整", ""),
    ],
)
def test_amounts_as_people_write_them(text, word):
    entry = only(f"{HEAD}\n{ROW}\n".replace('"100,000.00"', f'"{text}"').encode())
    assert (word in entry.faults[0].text) if word else entry.faults == []


def test_a_cell_bomb_is_refused():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b" " * 60_000_000)
    with pytest.raises(WorkbookError, match="过大"):
        list(tables(out.getvalue()))
