import io
from email.message import EmailMessage

import pikepdf
import pypdfium2
import pytest
from PIL import Image

from postloan_archive.bundle import Reason
from tests.bundle.samples import bind, exhibit, image, pdf
from tests.bundle.test_build import text_of


def encrypted() -> bytes:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf())) as document:
        document.save(out, encryption=pikepdf.Encryption(owner="o", user="u", R=6))
    return out.getvalue()


def without_pages() -> bytes:
    out = io.BytesIO()
    pikepdf.Pdf.new().save(out)
    return out.getvalue()


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("加密.pdf", encrypted(), Reason.ENCRYPTED),
        ("空.pdf", b"", Reason.EMPTY),
        ("无页.pdf", without_pages(), Reason.EMPTY),
        ("坏.pdf", b"%PDF-1.7\nnothing", Reason.DAMAGED),
        ("假.pdf", b"hello", Reason.DAMAGED),
        ("报告.docx", b"PK\x03\x04...", Reason.UNSUPPORTED),
        ("坏.jpg", image("JPEG")[:200], Reason.DAMAGED),
        ("断.jpg", image("JPEG", size=(2000, 3000))[:-2000], Reason.DAMAGED),
        ("断.png", image("PNG", size=(900, 900))[:-20], Reason.DAMAGED),
        ("断.tif", image("TIFF", size=(900, 900))[:3000], Reason.DAMAGED),
    ],
)
def test_a_file_that_cannot_be_read_is_replaced_by_a_page_that_names_it(name, data, reason):
    bundle, result = bind(exhibit(data, name), exhibit(pdf(), label="证据2"))

    assert [(p.reason, p.name, p.label) for p in result.problems] == [(reason, name, "证据1")]
    assert result.exhibits[0].pages == 1
    text = text_of(bundle, 3)
    assert name in text
    assert "无法编入" in text
    assert name in result.problems[0].sentence


def test_a_damaged_page_is_replaced_and_its_neighbours_are_kept():
    with pikepdf.open(io.BytesIO(pdf(3))) as document:
        document.pages[1].Contents = document.make_stream(b"x")
        out = io.BytesIO()
        document.pages[1].Contents.write(b"not packed", filter=pikepdf.Name.FlateDecode)
        document.save(
            out, stream_decode_level=pikepdf.StreamDecodeLevel.none, compress_streams=False
        )
    bundle, result = bind(exhibit(out.getvalue(), "合同.pdf"))

    assert [(p.reason, p.page, p.bundle_page) for p in result.problems] == [
        (Reason.PAGE_DAMAGED, 2, 4)
    ]
    assert "第 2 页" in text_of(bundle, 4)
    assert "page" in text_of(bundle, 3)
    assert "page" in text_of(bundle, 5)


def test_a_scan_cut_off_while_copying_names_each_lost_page():
    whole = io.BytesIO()
    pages = [Image.effect_noise((600, 800), n).convert("L") for n in (20, 40, 60)]
    pages[0].save(whole, "PDF", save_all=True, append_images=pages[1:])
    data = whole.getvalue()
    _, result = bind(exhibit(data[: len(data) * 2 // 3], "扫描.pdf"))

    assert result.problems
    assert all(p.name == "扫描.pdf" for p in result.problems)


def test_an_owner_password_alone_does_not_hinder():
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf())) as document:
        document.save(out, encryption=pikepdf.Encryption(owner="o", user="", R=6))
    bundle, result = bind(exhibit(out.getvalue()))
    assert result.problems == ()
    assert "page" in text_of(bundle, 3)


def colour_at_the_middle(bundle):
    sheet = pypdfium2.PdfDocument(bundle)[2].render(scale=1).to_pil().convert("RGB")
    return sheet.getpixel((sheet.width // 2, sheet.height // 2))


@pytest.mark.parametrize(
    ("kind", "mode"),
    [
        ("JPEG", "RGB"), ("JPEG", "L"), ("JPEG", "CMYK"), ("PNG", "RGB"), ("PNG", "RGBA"),
        ("PNG", "P"), ("PNG", "1"), ("PNG", "LA"), ("TIFF", "RGB"), ("TIFF", "1"),
        ("TIFF", "CMYK"), ("TIFF", "I;16"), ("BMP", "RGB"), ("GIF", "P"), ("WEBP", "RGB"),
    ],
)  # fmt: skip
def test_every_kind_of_image_becomes_a_page_of_its_own_colour(kind, mode):
    out = io.BytesIO()
    colours = {
        "RGB": (200, 60, 40), "L": 120, "CMYK": (0, 200, 220, 40), "RGBA": (200, 60, 40, 255),
        "P": 3, "1": 1, "LA": (120, 255), "I;16": 30_000,
    }  # fmt: skip
    picture = Image.new(mode, (300, 400), colours[mode])
    if mode == "P":
        picture.putpalette([0, 0, 0, 9, 9, 9, 5, 5, 5, 200, 60, 40])
    picture.save(out, kind)
    expected = picture.convert("RGB").getpixel((5, 5)) if mode != "I;16" else (116, 116, 116)

    bundle, result = bind(exhibit(out.getvalue(), f"图.{kind.lower()}"))

    assert result.problems == ()
    found = colour_at_the_middle(bundle)
    assert all(abs(a - b) < 45 for a, b in zip(found, expected, strict=True)), (found, expected)


def test_a_jpeg_passes_through_undecoded():
    data = image("JPEG")
    bundle, _ = bind(exhibit(data, "照片.jpg"))
    assert data in bundle


def test_a_photo_is_turned_as_its_camera_says():
    exif = Image.Exif()
    exif[0x0112] = 6
    picture = Image.new("RGB", (400, 300), "white")
    picture.paste("red", (0, 0, 400, 150))  # red above: after a quarter turn, red right
    out = io.BytesIO()
    picture.save(out, "JPEG", exif=exif)
    bundle, _ = bind(exhibit(out.getvalue(), "照片.jpg"))
    sheet = pypdfium2.PdfDocument(bundle)[2].render(scale=1).to_pil().convert("RGB")
    assert sheet.height > sheet.width
    assert sheet.getpixel((sheet.width // 2 + 60, sheet.height // 2))[1] < 60
    assert sheet.getpixel((sheet.width // 2 - 60, sheet.height // 2))[1] > 200


def test_twenty_thousand_pixels_are_reduced_to_what_print_needs():
    out = io.BytesIO()
    Image.new("L", (20_000, 14_000), 200).save(out, "JPEG", quality=30)
    bundle, result = bind(exhibit(out.getvalue(), "大图.jpg"))
    assert result.problems == ()
    assert len(bundle) < 2_000_000
    assert b"/Width 3508" in bundle or b"/Width 3" in bundle


def test_an_image_that_would_take_gigabytes_is_named():
    out = io.BytesIO()
    Image.new("1", (30_000, 30_000)).save(out, "PNG")
    _, result = bind(exhibit(out.getvalue(), "巨图.png"))
    assert [p.reason for p in result.problems] == [Reason.TOO_LARGE]


def test_each_page_of_a_tiff_becomes_a_page():
    out = io.BytesIO()
    pages = [Image.new("1", (200, 300)) for _ in range(4)]
    pages[0].save(out, "TIFF", save_all=True, append_images=pages[1:], compression="group4")
    _, result = bind(exhibit(out.getvalue(), "传真.tif"))
    assert result.exhibits[0].pages == 4
    _, result = bind(exhibit(out.getvalue(), "传真.tif", pages=(2, 3)))
    assert result.exhibits[0].pages == 2


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("短信.txt", "贵行已发送催收短信。".encode("gb18030"), "催收短信"),
        ("短信.txt", "贵行已发送催收短信。".encode("utf-16"), "催收短信"),
        (
            "邮件.eml",
            "From: a@example.cn\nSubject: =?gb2312?B?tN/K1c2o1qo=?=\n"
            "Content-Type: text/html; charset=gb2312\n\n<script>bad()</script>"
            "<p>尊敬的客户</p>".encode("gb2312"),
            "尊敬的客户",
        ),
    ],
)
def test_mail_and_text_are_printed(name, data, words):
    bundle, result = bind(exhibit(data, name))
    assert result.problems == ()
    assert words in text_of(bundle, 3)
    assert "bad()" not in text_of(bundle, 3)


def test_a_mail_names_its_attachments():
    message = EmailMessage()
    message["From"], message["Subject"] = "a@example.cn", "催收通知"
    message.set_content("请尽快归还。")
    message.add_attachment(b"x", maintype="application", subtype="pdf", filename="回执.pdf")
    bundle, _ = bind(exhibit(message.as_bytes(), "邮件.eml"))
    text = text_of(bundle, 3)
    for words in ("发件人：a@example.cn", "主题：催收通知", "附件：回执.pdf", "请尽快归还"):
        assert words in text


def test_what_acts_is_left_out_and_said():
    with pikepdf.open(io.BytesIO(pdf(2))) as document:
        action = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")
        document.Root.OpenAction = action
        document.Root.AA = pikepdf.Dictionary(WC=action)
        document.attachments["a.exe"] = pikepdf.AttachedFileSpec(document, b"MZ payload")
        document.pages[0].AA = pikepdf.Dictionary(O=action)
        marks = [
            pikepdf.Dictionary(S=pikepdf.Name.URI, URI="https://example.invalid/"),
            pikepdf.Dictionary(S=pikepdf.Name.Launch, F="cmd.exe"),
            action,
        ]
        document.pages[0].Annots = pikepdf.Array(
            [
                document.make_indirect(
                    pikepdf.Dictionary(
                        Type=pikepdf.Name.Annot,
                        Subtype=pikepdf.Name.Link,
                        Rect=[0, 0, 9, 9],
                        A=mark,
                    )
                )
                for mark in marks
            ]
        )
        document.pages[0].Resources.Evil = action
        out = io.BytesIO()
        document.save(out)
    bundle, result = bind(exhibit(out.getvalue()))

    for word in (
        b"JavaScript",
        b"/JS",
        b"/URI",
        b"Launch",
        b"OpenAction",
        b"/AA",
        b"EmbeddedFile",
    ):
        assert word not in bundle
    assert {p.reason for p in result.problems} == {Reason.LEFT_OUT}


def test_what_a_form_shows_stays_visible():
    with pikepdf.open(io.BytesIO(pdf())) as document:
        look = document.make_stream(b"1 0 0 rg 0 0 100 40 re f")
        look.Type, look.Subtype = pikepdf.Name.XObject, pikepdf.Name.Form
        look.BBox = [0, 0, 100, 40]
        field = document.make_indirect(
            pikepdf.Dictionary(
                Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Widget, FT=pikepdf.Name.Tx, F=4,
                Rect=[200, 600, 300, 640], V="5,000.00", T="amount",
                AP=pikepdf.Dictionary(N=look),
            )
        )  # fmt: skip
        document.pages[0].Annots = pikepdf.Array([field])
        document.Root.AcroForm = pikepdf.Dictionary(Fields=pikepdf.Array([field]))
        out = io.BytesIO()
        document.save(out)
    bundle, _ = bind(exhibit(out.getvalue()))
    sheet = pypdfium2.PdfDocument(bundle)[2].render(scale=1).to_pil().convert("RGB")
    assert sheet.getpixel((250, sheet.height - 620)) == (255, 0, 0)
