"""Each format gives its text, and only its text."""

import email.message
import io
from datetime import date

import openpyxl
import pytest
from PIL import Image

from postloan_archive.reading import Flag, State
from tests.reading.made_files import docx, paragraph, pdf, zip_of


def text(result):
    return "\n".join(page.text for page in result.pages)


def test_a_pdf_gives_its_pages_in_order(read):
    result = read(pdf(["第一页借款合同", "第二页保证合同"]), "合同.pdf")

    assert result.state is State.STORED
    assert [page.text for page in result.pages] == ["第一页借款合同", "第二页保证合同"]
    assert (result.pages[0].width, result.pages[0].height) == (595, 842)
    assert not result.ocr_pages


def test_a_pdf_with_script_and_launch_is_flagged_and_read(read):
    extra = (
        b"/OpenAction<</S/JavaScript/JS(app.alert\\(1\\))>>/AA<</O<</S/L#61unch/F(a.exe)>>>>"
    )
    result = read(pdf(["正文"], extra), "a.pdf")

    assert result.state is State.STORED
    assert {Flag.JAVASCRIPT, Flag.LAUNCH_ACTION} <= set(result.flags)


def test_word_gives_body_table_header_note_and_text_box_once(read):
    box = (
        '<w:p><w:r><mc:AlternateContent xmlns:mc="m"><mc:Choice><w:txbxContent>'
        f"{paragraph('框内文字')}</w:txbxContent></mc:Choice><mc:Fallback><w:txbxContent>"
        f"{paragraph('框内文字')}</w:txbxContent></mc:Fallback></mc:AlternateContent>"
        "<w:t>框外</w:t></w:r></w:p>"
    )
    table = (
        f"<w:tbl><w:tr><w:tc>{paragraph('借款人')}</w:tc><w:tc>{paragraph('张三')}</w:tc></w:tr>"
        "</w:tbl>"
    )
    namespace = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    data = docx(
        paragraph("标题") + table + box,
        **{
            "word/header1.xml": f"<w:hdr {namespace}>{paragraph('页眉')}</w:hdr>",
            "word/footnotes.xml": f"<w:footnotes {namespace}>{paragraph('脚注')}</w:footnotes>",
        },
    )
    lines = text(read(data, "a.docx")).split("\n")

    assert lines == ["页眉", "标题", "借款人\t张三", "框内文字", "框外", "脚注"]


def test_deleted_and_moved_words_are_left_out(read):
    body = (
        "<w:p><w:r><w:t>保留</w:t></w:r><w:del><w:r><w:delText>删去</w:delText></w:r></w:del>"
        "<w:moveFrom><w:r><w:t>移走</w:t></w:r></w:moveFrom></w:p>"
    )
    assert text(read(docx(body), "a.docx")) == "保留"


def test_a_long_word_text_is_cut_into_pages_at_paragraph_ends(read):
    lines = [f"第{number}条{'约' * 90}。" for number in range(60)]
    result = read(docx("".join(map(paragraph, lines))), "a.docx")

    assert len(result.pages) == 6
    assert "\n".join(page.text for page in result.pages).split("\n") == lines
    assert all(800 <= len(page.text) <= 1_200 for page in result.pages[:-1])


def test_dde_remote_template_and_macro_are_flagged(read):
    relations = (
        '<Relationships><Relationship Id="1" TargetMode="External" Target="http://x.invalid/a.dotm"'
        ' Type="http://schemas/relationships/attachedTemplate"/></Relationships>'
    )
    body = '<w:p><w:r><w:instrText>DDEAUTO c:\\\\x "cmd"</w:instrText></w:r></w:p>'
    data = docx(
        body + paragraph("正文"),
        **{"word/_rels/settings.xml.rels": relations, "word/vbaProject.bin": b"x"},
    )
    flags = set(read(data, "a.docm").flags)

    assert {Flag.DDE, Flag.REMOTE_TEMPLATE, Flag.EXTERNAL_LINK, Flag.MACRO} <= flags


def test_a_sheet_shows_dates_numbers_and_identifiers_as_people_see_them(read):
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "台账"
    sheet.append(["0012345678901234567", date(2024, 3, 5), 1234567.5, 0.125, 1234, None, True])
    sheet["C1"].number_format = "#,##0.00"
    sheet["D1"].number_format = "0.0%"
    sheet["B1"].number_format = 'yyyy"年"m"月"d"日"'
    sheet.append([110101199003070000, 0.1 + 0.2, 45356])
    sheet["A2"].number_format = "0"
    sheet["C2"].number_format = "yyyy-mm-dd"
    out = io.BytesIO()
    book.save(out)

    assert text(read(out.getvalue(), "台账.xlsx")).split("\n") == [
        "【台账】",
        "0012345678901234567\t2024年3月5日\t1,234,567.50\t12.5%\t1234\t\tTRUE",
        "110101199003070000\t0.3\t2024-03-05",
    ]


def test_a_sheet_with_one_cell_in_its_last_corner_is_read_at_once(read):
    book = openpyxl.Workbook()
    book.active["A1"] = "左上"
    book.active["XFD1048576"] = "右下"
    out = io.BytesIO()
    book.save(out)

    assert "右下" in text(read(out.getvalue(), "a.xlsx"))


def test_a_mail_gives_header_body_and_names_of_attachments(read):
    message = email.message.EmailMessage()
    message["From"], message["To"] = "zhang@example.com", "li@example.com"
    message["Subject"] = "催收函回执"
    message["Date"] = "Mon, 05 Mar 2024 16:20:00 +0800"
    message.set_content("已签收。\n")
    message.add_attachment(b"%PDF", maintype="application", subtype="pdf", filename="回执.pdf")
    result = read(message.as_bytes(), "回执.eml")

    assert "主题：催收函回执" in text(result)
    assert "已签收。" in text(result)
    assert "附件：回执.pdf" in text(result)
    assert result.properties["created"] == "2024-03-05 08:20:00Z"
    assert Flag.EMBEDDED_FILE in result.flags


def test_a_mail_with_raw_gbk_header_and_body_is_read(read):
    data = "Subject: 逾期通知\nFrom: a@example.com\nTo: b@example.com\n\n请尽快还款。".encode(
        "gbk"
    )
    result = read(data, "a.eml")

    assert result.properties["title"] == "逾期通知"
    assert "请尽快还款。" in text(result)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030", "utf-16-be"])
@pytest.mark.parametrize("name", ["判决书.txt", "台账.csv"])
def test_text_is_read_in_each_encoding(read, encoding, name):
    words = "被告应于本判决生效之日起十日内，偿还借款本金1,000,000.00元。ABC 合同号 HT-2024-001"
    assert text(read(words.encode(encoding), name)) == words


def test_a_web_page_gives_what_people_would_see(read):
    page = (
        "<html><head><meta charset=gb2312><title>公告</title><script>alert(1)</script></head>"
        "<body><p>送达<b>公告</b></p><style>p{}</style><table><tr><td>甲</td><td>乙</td></tr>"
        "</table></body></html>"
    )
    result = read(page.encode("gbk"), "公告.html")

    assert text(result).split("\n") == ["送达公告", "甲 乙"]
    assert result.properties["title"] == "公告"
    assert Flag.SCRIPT in result.flags


def test_a_saved_web_page_gives_its_text(read):
    data = (
        "From: <Saved>\nSubject: x\nMIME-Version: 1.0\nContent-Type: multipart/related; "
        'boundary="b"\n\n--b\nContent-Type: text/html; charset="utf-8"\n\n<p>网页正文</p>'
        "\n--b--\n"
    )
    result = read(data.encode(), "a.mhtml")

    assert "网页正文" in text(result)


def test_rich_text_in_chinese_is_read(read):
    data = (
        rb"{\rtf1\ansi\ansicpg936{\fonttbl{\f0\fcharset134 SimSun;}}\f0 "
        rb"\'bd\'e8\'bf\'ee\par \u21512?\u21516?{\*\generator x;}}"
    )
    assert text(read(data, "a.rtf")).split("\n") == ["借款", "合同"]


def test_an_ofd_gives_pages_lines_and_template_text(read):
    page = (
        '<o:Page xmlns:o="http://www.ofdspec.org/2016"><o:Template TemplateID="9"/><o:Content>'
        '<o:Layer><o:TextObject Boundary="10 20 20 5"><o:TextCode X="0" Y="4">金</o:TextCode>'
        '<o:TextCode X="5" Y="4">额</o:TextCode></o:TextObject>'
        '<o:TextObject Boundary="10 40 20 5"><o:TextCode>第二行</o:TextCode></o:TextObject>'
        "</o:Layer></o:Content></o:Page>"
    )
    template = (
        '<o:Page xmlns:o="http://www.ofdspec.org/2016"><o:Content><o:Layer>'
        '<o:TextObject Boundary="10 5 20 5"><o:TextCode>电子发票</o:TextCode></o:TextObject>'
        "</o:Layer></o:Content></o:Page>"
    )
    data = zip_of(
        {
            "OFD.xml": '<o:OFD xmlns:o="o"><o:DocBody><o:DocInfo><o:Title>票</o:Title>'
            "</o:DocInfo><o:DocRoot>Doc_0/Document.xml</o:DocRoot></o:DocBody></o:OFD>",
            "Doc_0/Document.xml": '<o:Document xmlns:o="o"><o:CommonData><o:PageArea>'
            "<o:PhysicalBox>0 0 210 140</o:PhysicalBox></o:PageArea>"
            '<o:TemplatePage ID="9" BaseLoc="Tpls/T.xml"/></o:CommonData><o:Pages>'
            '<o:Page ID="1" BaseLoc="Pages/P.xml"/></o:Pages></o:Document>',
            "Doc_0/Pages/P.xml": page,
            "Doc_0/Tpls/T.xml": template,
        }
    )
    result = read(data, "发票.ofd")

    assert result.state is State.STORED
    assert result.media_type == "application/ofd"
    assert result.pages[0].text.split("\n") == ["电子发票", "金额", "第二行"]
    assert result.pages[0].width == pytest.approx(595.28, abs=0.1)
    assert result.properties["title"] == "票"


def test_a_tiff_of_three_sheets_gives_three_pages_to_recognise(read):
    out = io.BytesIO()
    sheets = [Image.new("1", (400, 600), 1) for _ in range(3)]
    sheets[0].save(out, "TIFF", save_all=True, append_images=sheets[1:], dpi=(200, 200))
    result = read(out.getvalue(), "扫描.tif")

    assert result.state is State.NO_TEXT
    assert result.ocr_pages == (1, 2, 3)
    assert result.pages[0].width == pytest.approx(144)
    assert "OCR" in result.message


def test_a_pdf_scan_needs_recognition_and_a_blank_page_does_not(read):
    scan, blank = io.BytesIO(), io.BytesIO()
    Image.effect_noise((300, 400), 60).convert("RGB").save(scan, "PDF")
    blank.write(pdf([""]))

    assert read(scan.getvalue(), "a.pdf").ocr_pages == (1,)
    assert read(blank.getvalue(), "b.pdf").ocr_pages == ()
