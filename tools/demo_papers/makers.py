"""One maker for each format; scans and photographs are made from the page images of a PDF."""

import io
import random
import subprocess
import tempfile
import zipfile
from datetime import datetime, timedelta, timezone
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path

import numpy as np
import xlsxwriter
from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from PIL import Image, ImageDraw, ImageFilter, ImageFont
from pypdf import PdfReader, PdfWriter

from tools.demo_papers.blocks import Paper

SONG = "Noto Serif CJK SC"
STAMP_FONT = "/usr/share/fonts/truetype/wqy/wqy-zenhei.ttc"
CHINA = timezone(timedelta(hours=8))


def make(paper: Paper, pdf: bytes | None) -> tuple[str, bytes]:
    """Return the extension and the bytes of the paper; `pdf` is its PDF where one is needed."""
    seed = random.Random(f"{paper.loan_no}/{paper.item}/{paper.title}")
    if paper.form == "docx":
        return ".docx", word(paper)
    if paper.form == "xlsx":
        return ".xlsx", workbook(paper)
    if paper.form == "eml":
        return ".eml", mail(paper)
    if paper.form == "ofd":
        return ".ofd", ofd(paper)
    if paper.form == "txt":
        return ".txt", plain(paper).encode("gb18030")
    assert pdf is not None
    if paper.form == "doc":
        return ".doc", pdf  # the caller converts to doc, see convert()
    if paper.form == "pdf":
        return ".pdf", pdf
    if paper.form == "encrypted":
        return ".pdf", encrypted(pdf)
    if paper.form == "damaged":
        return ".pdf", pdf[: len(pdf) // 3]
    pages = images(pdf, 110)
    if paper.form == "photo":
        return ".jpg", photo(pages[0], seed)
    scanned = [scan(page, paper.stamp if page is pages[-1] else "", seed) for page in pages]
    out = io.BytesIO()
    if paper.form == "tiff":
        black = [
            page.convert("L").point(lambda v: 255 if v > 150 else 0).convert("1")
            for page in scanned
        ]
        black[0].save(
            out,
            "TIFF",
            compression="group4",
            save_all=True,
            append_images=black[1:],
            dpi=(110, 110),
        )
        return ".tif", out.getvalue()
    scanned[0].save(
        out, "PDF", resolution=110, save_all=True, append_images=scanned[1:], quality=52
    )
    return ".pdf", out.getvalue()


def word(paper: Paper) -> bytes:
    document = Document()
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    section.top_margin, section.bottom_margin = Mm(30), Mm(28)
    style = document.styles["Normal"]
    style.font.name, style.font.size = SONG, Pt(12)
    style.element.rPr.rFonts.set(qn("w:eastAsia"), SONG)
    style.paragraph_format.line_spacing = 1.5
    style.paragraph_format.space_after = Pt(0)
    document.core_properties.title = paper.title
    document.core_properties.author = "示范农村商业银行"
    for block in paper.blocks:
        if block.kind == "table":
            grid = document.add_table(rows=0, cols=len(block.rows[0]), style="Table Grid")
            for row in block.rows:
                for cell, text in zip(grid.add_row().cells, row, strict=True):
                    cell.text = text
                    cell.paragraphs[0].paragraph_format.line_spacing = 1.1
            continue
        paragraph = document.add_paragraph()
        run = paragraph.add_run(block.text)
        if block.kind == "title":
            paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
            paragraph.paragraph_format.space_after = Pt(10)
            run.bold, run.font.size = True, Pt(18)
        elif block.kind == "head":
            run.bold = True
        elif block.kind == "right":
            paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        else:
            paragraph.paragraph_format.first_line_indent = Pt(24)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def convert(files: dict[str, bytes], to: str) -> dict[str, bytes]:
    """Return the files converted by LibreOffice, by the stem of their name."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        for name, data in files.items():
            (root / f"{name}.docx").write_bytes(data)
        subprocess.run(
            [
                "soffice",
                f"-env:UserInstallation=file://{folder}/profile",
                "--headless",
                "--convert-to",
                to,
                "--outdir",
                str(root / "out"),
                *map(str, root.glob("*.docx")),
            ],
            check=True,
            capture_output=True,
            timeout=600,
        )
        return {path.stem: path.read_bytes() for path in (root / "out").iterdir()}


def images(pdf: bytes, dpi: int) -> list[Image.Image]:
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "a.pdf"
        source.write_bytes(pdf)
        subprocess.run(
            ["pdftoppm", "-r", str(dpi), "-png", str(source), f"{folder}/p"], check=True
        )
        return [
            Image.open(io.BytesIO(path.read_bytes())).convert("RGB")
            for path in sorted(Path(folder).glob("p*.png"))
        ]


def scan(page: Image.Image, stamp: str, seed: random.Random) -> Image.Image:
    if stamp:
        page = page.copy()
        _stamp(page, stamp, seed)
    turned = page.rotate(
        seed.uniform(-1.1, 1.1), resample=Image.BICUBIC, expand=False, fillcolor=(247, 246, 242)
    )
    data = np.asarray(turned.filter(ImageFilter.GaussianBlur(0.35))).astype(np.int16)
    noise = np.random.default_rng(seed.randrange(2**31)).normal(0, 5, data.shape[:2])
    data = np.clip(data * 0.96 + 6 + noise[..., None], 0, 255).astype(np.uint8)
    image = Image.fromarray(data)
    return image if stamp else image.convert("L")


def photo(page: Image.Image, seed: random.Random) -> bytes:
    width, height = page.size
    desk = Image.new("RGB", (width + 260, height + 260), (112, 94, 78))
    lean = [seed.randint(10, 70) for _ in range(8)]
    corners = [
        (lean[0], lean[1]),
        (width + 250 - lean[2], lean[3]),
        (width + 245 - lean[4], height + 250 - lean[5]),
        (lean[6], height + 245 - lean[7]),
    ]
    rows, values = [], []
    for (x, y), (u, v) in zip(
        corners, [(0, 0), (width, 0), (width, height), (0, height)], strict=True
    ):
        rows += [[x, y, 1, 0, 0, 0, -u * x, -u * y], [0, 0, 0, x, y, 1, -v * x, -v * y]]
        values += [u, v]
    coefficients = np.linalg.solve(np.array(rows, float), np.array(values, float))
    paper = page.transform(
        desk.size, Image.PERSPECTIVE, coefficients, Image.BICUBIC, fillcolor=(112, 94, 78)
    )
    light = (
        np.linspace(0.78, 1.05, desk.size[0])[None, :, None]
        * np.linspace(1.03, 0.9, desk.size[1])[:, None, None]
    )
    grain = np.random.default_rng(seed.randrange(2**31)).normal(0, 4, (*desk.size[::-1], 1))
    shot = Image.fromarray(np.clip(np.asarray(paper) * light + grain, 0, 255).astype(np.uint8))
    out = io.BytesIO()
    exif = Image.Exif()
    exif[0x010F] = "DEMO"
    shot.save(out, "JPEG", quality=58, exif=exif)
    return out.getvalue()


def _stamp(page: Image.Image, name: str, seed: random.Random) -> None:
    size = 300
    mark = Image.new("RGBA", (size, size), (0, 0, 0, 0))
    draw = ImageDraw.Draw(mark)
    red = (205, 30, 40, 150)
    draw.ellipse((6, 6, size - 6, size - 6), outline=red, width=7)
    font = ImageFont.truetype(STAMP_FONT, 26)
    half = (len(name) + 1) // 2
    for line, text in enumerate((name[:half], name[half:], "演示印模")):
        length = draw.textlength(text, font=font)
        draw.text(((size - length) / 2, 92 + 38 * line), text, font=font, fill=red)
    mark = mark.rotate(seed.uniform(-14, 14), resample=Image.BICUBIC).resize((190, 190))
    spot = (
        page.size[0] - 330 + seed.randint(-20, 20),
        page.size[1] - 420 + seed.randint(-40, 20),
    )
    page.paste(mark, spot, mark)


def workbook(paper: Paper) -> bytes:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    book.set_properties({"title": paper.title, "created": datetime(2026, 11, 1)})
    sheet = book.add_worksheet(paper.title[:31])
    bold = book.add_format({"bold": True, "border": 1, "bg_color": "#EEEEEE"})
    money = book.add_format({"num_format": "#,##0.00", "border": 1})
    text = book.add_format({"border": 1})
    row_no = 0
    for block in paper.blocks:
        if block.kind != "table":
            sheet.write_string(row_no, 0, block.text)
            row_no += 1
            continue
        for number, row in enumerate(block.rows):
            for column, value in enumerate(row):
                clean = value.replace(",", "")
                if (
                    number
                    and clean.replace(".", "", 1).replace("-", "", 1).isdigit()
                    and "." in clean
                ):
                    sheet.write_number(row_no, column, float(clean), money)
                else:
                    sheet.write_string(row_no, column, value, text if number else bold)
            row_no += 1
    sheet.set_column(0, 12, 18)
    book.close()
    return out.getvalue()


def mail(paper: Paper) -> bytes:
    message = EmailMessage()
    message["From"] = "客户经理 <manager@bank.example>"
    message["To"] = "客户 <customer@mail.example>"
    message["Date"] = format_datetime(
        datetime(paper.dated.year, paper.dated.month, paper.dated.day, 9, 30, tzinfo=CHINA)
    )
    message["Subject"] = paper.title
    message["Message-ID"] = f"<{paper.loan_no}-{paper.dated:%Y%m%d}@bank.example>"
    message.set_content(plain(paper))
    return message.as_bytes()


def plain(paper: Paper) -> str:
    lines = []
    for block in paper.blocks:
        lines += (
            ["\t".join(row) for row in block.rows] if block.kind == "table" else [block.text]
        )
    return "\n".join(lines) + "\n"


def encrypted(pdf: bytes) -> bytes:
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf)))
    writer.encrypt("demo-password", algorithm="AES-256")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def ofd(paper: Paper) -> bytes:
    ns = 'xmlns:ofd="http://www.ofdspec.org/2016"'
    texts, y = [], 30.0
    for number, line in enumerate(plain(paper).splitlines(), start=10):
        texts.append(
            f'<ofd:TextObject ID="{number}" Boundary="20 {y:.1f} 170 6" Font="3" Size="4.2">'
            f'<ofd:TextCode X="0" Y="4.2">{line}</ofd:TextCode></ofd:TextObject>'
        )
        y += 8
    parts = {
        "OFD.xml": f'<ofd:OFD {ns} Version="1.0" DocType="OFD"><ofd:DocBody><ofd:DocInfo><ofd:DocID>{paper.loan_no}</ofd:DocID><ofd:Title>{paper.title}</ofd:Title></ofd:DocInfo><ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>',
        "Doc_0/Document.xml": f'<ofd:Document {ns}><ofd:CommonData><ofd:MaxUnitID>999</ofd:MaxUnitID><ofd:PageArea><ofd:PhysicalBox>0 0 210 297</ofd:PhysicalBox></ofd:PageArea><ofd:PublicRes>PublicRes.xml</ofd:PublicRes></ofd:CommonData><ofd:Pages><ofd:Page ID="1" BaseLoc="Pages/Page_0/Content.xml"/></ofd:Pages></ofd:Document>',
        "Doc_0/PublicRes.xml": f'<ofd:Res {ns} BaseLoc="Res"><ofd:Fonts><ofd:Font ID="3" FontName="宋体"/></ofd:Fonts></ofd:Res>',
        "Doc_0/Pages/Page_0/Content.xml": f'<ofd:Page {ns}><ofd:Content><ofd:Layer ID="2">{"".join(texts)}</ofd:Layer></ofd:Content></ofd:Page>',
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(
                zipfile.ZipInfo(name, (2026, 11, 1, 0, 0, 0)),
                '<?xml version="1.0" encoding="UTF-8"?>' + text,
            )
    return out.getvalue()
