"""Workbooks as exhibits: one page wide, and untouched where they are none."""

import io
import zipfile

import openpyxl
import pytest

from postloan_archive.litigation.workbooks import one_page_wide


def book(**setup) -> bytes:
    """A workbook with one sheet of nine columns."""
    made = openpyxl.Workbook()
    sheet = made.active
    sheet.append(["日期", *range(8)])
    for name, value in setup.items():
        setattr(sheet.page_setup, name, value)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


@pytest.mark.parametrize("setup", [{}, {"orientation": "landscape", "scale": 100}])
def test_a_wide_sheet_is_fitted_to_the_page(setup):
    sheet = openpyxl.load_workbook(io.BytesIO(one_page_wide(book(**setup)))).active

    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert (int(sheet.page_setup.fitToWidth), int(sheet.page_setup.fitToHeight)) == (1, 0)
    assert sheet.page_setup.orientation == setup.get("orientation")
    assert sheet["A1"].value == "日期"


def test_a_sheet_that_states_its_pages_and_a_file_that_is_no_workbook_stay():
    made = openpyxl.load_workbook(io.BytesIO(book()))
    made.active.sheet_properties.pageSetUpPr = (
        openpyxl.worksheet.properties.PageSetupProperties(fitToPage=True)
    )
    made.active.page_setup.fitToWidth = 2
    out = io.BytesIO()
    made.save(out)

    sheet = openpyxl.load_workbook(io.BytesIO(one_page_wide(out.getvalue()))).active

    assert int(sheet.page_setup.fitToWidth) == 2
    for data in (b"", b"PK\3\4 torn", book()[:200]):
        assert one_page_wide(data) == data


def test_a_sheet_without_any_setup_gets_one_in_its_place():
    plain = b'<worksheet xmlns="x"><sheetData/><drawing r:id="a"/></worksheet>'
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        made.writestr("xl/worksheets/sheet1.xml", plain)
    with zipfile.ZipFile(io.BytesIO(one_page_wide(out.getvalue()))) as made:
        sheet = made.read("xl/worksheets/sheet1.xml")

    assert sheet.index(b"<sheetPr>") < sheet.index(b"<sheetData/>") < sheet.index(b"<pageSetup")
    assert sheet.index(b"<pageSetup") < sheet.index(b"<drawing")
