"""Building blocks of a Chinese official paper (R-H07): margins, fonts, title, tables, slip."""

from pathlib import Path

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

FANGSONG, HEI, KAI, SONG, BIAOSONG = "仿宋", "黑体", "楷体", "宋体", "方正小标宋简体"
LEFT, CENTER, RIGHT = (
    WD_ALIGN_PARAGRAPH.LEFT,
    WD_ALIGN_PARAGRAPH.CENTER,
    WD_ALIGN_PARAGRAPH.RIGHT,
)


class PaperBuilder:
    """One Word paper under construction."""

    def __init__(self, *, margins=(37, 35, 28, 26), size=16, line=28.0, font=FANGSONG):
        self.document = Document()
        self.size, self.line, self.font = size, line, font
        section = self.document.sections[0]
        section.page_width, section.page_height = Mm(210), Mm(297)
        top, bottom, left, right = margins
        section.top_margin, section.bottom_margin = Mm(top), Mm(bottom)
        section.left_margin, section.right_margin = Mm(left), Mm(right)
        section.footer_distance = Mm(20)
        style = self.document.styles["Normal"]
        style.font.size = Pt(size)
        self._fonts(style.element.get_or_add_rPr(), font)
        style.paragraph_format.space_after = Pt(0)
        style.paragraph_format.widow_control = False
        self._footer(section)

    def _fonts(self, properties, font):
        fonts = properties.find(qn("w:rFonts"))
        if fonts is None:
            fonts = OxmlElement("w:rFonts")
            properties.insert(0, fonts)
        for name in ("w:ascii", "w:hAnsi", "w:cs"):
            fonts.set(qn(name), "Times New Roman")
        fonts.set(qn("w:eastAsia"), font)

    def _footer(self, section):
        paragraph = section.footer.paragraphs[0]
        paragraph.alignment = CENTER
        run = paragraph.add_run("— ")
        run.font.size = Pt(14)
        self._fonts(run._r.get_or_add_rPr(), SONG)
        field = paragraph.add_run()
        field.font.size = Pt(14)
        for kind, text in (("begin", None), (None, " PAGE "), ("end", None)):
            if kind:
                mark = OxmlElement("w:fldChar")
                mark.set(qn("w:fldCharType"), kind)
            else:
                mark = OxmlElement("w:instrText")
                mark.set(qn("xml:space"), "preserve")
                mark.text = text
            field._r.append(mark)
        run = paragraph.add_run(" —")
        run.font.size = Pt(14)

    def text(
        self,
        text="",
        *,
        align=LEFT,
        font=None,
        size=None,
        bold=False,
        indent=0.0,
        before=0.0,
        after=0.0,
        line=None,
        keep=False,
    ):
        """Add a paragraph; `indent` counts characters of the first line."""
        paragraph = self.document.add_paragraph()
        self._shape(paragraph, align, size, indent, before, after, line)
        paragraph.paragraph_format.keep_with_next = keep
        self._run(paragraph, text, font, size, bold)
        return paragraph

    def body(self, text, **options):
        """Add a body paragraph, first line indented by two characters."""
        return self.text(text, indent=2, **options)

    def title(self, text, *, size=22, after=14):
        """Add the title."""
        return self.text(
            text, align=CENTER, font=BIAOSONG, size=size, bold=True, after=after, line=size + 12
        )

    def rule(self, *, dashed=False, before=2, after=6):
        """Add a horizontal rule."""
        paragraph = self.text("", size=4, line=8, before=before, after=after)
        edge = OxmlElement("w:pBdr")
        bottom = OxmlElement("w:bottom")
        for name, value in (
            ("val", "dashed" if dashed else "single"),
            ("sz", "6" if dashed else "12"),
            ("space", "1"),
            ("color", "666666" if dashed else "000000"),
        ):
            bottom.set(qn(f"w:{name}"), value)
        edge.append(bottom)
        paragraph._p.get_or_add_pPr().insert(0, edge)

    def table(
        self,
        rows,
        *,
        widths,
        size=12,
        header=True,
        align=None,
        line=20.0,
        bold_first=False,
    ):
        """Add a table with hairlines; cells are strings; `align` names one alignment a column."""
        table = self.document.add_table(rows=0, cols=len(widths))
        table.style = "Table Grid"
        table.alignment = WD_TABLE_ALIGNMENT.CENTER
        table.autofit = False
        for number, row in enumerate(rows):
            cells = table.add_row().cells
            for column, (cell, text) in enumerate(zip(cells, row, strict=True)):
                cell.width = Mm(widths[column])
                paragraph = cell.paragraphs[0]
                first = header and number == 0
                where = CENTER if first else (align[column] if align else LEFT)
                self._shape(paragraph, where, size, 0, 1, 1, line)
                strong = first or (bold_first and column == 0)
                self._run(paragraph, text, HEI if strong else None, size, False)
        for column, width in zip(table.columns, widths, strict=True):
            column.width = Mm(width)  # where LibreOffice looks for it
        return table

    def amounts(self, rows):
        """Add a table of amounts, the last row strong."""
        table = self.table(
            [("项　目", "金额（人民币元）"), *rows],
            widths=(78, 78),
            align=(LEFT, RIGHT),
            line=18.0,
        )
        self.strengthen(table.rows[-1])
        return table

    def strengthen(self, row):
        """Print a row bold."""
        for cell in row.cells:
            for run in cell.paragraphs[0].runs:
                run.bold = True

    def repeat_heading(self, table):
        """Repeat the first row on each page and keep every row on one."""
        for number, row in enumerate(table.rows):
            properties = row._tr.get_or_add_trPr()
            properties.append(OxmlElement("w:cantSplit"))
            if number == 0:
                properties.append(OxmlElement("w:tblHeader"))

    def seals(self, rows, *, widths):
        """Add the places of seals side by side, without lines, kept on one page."""
        table = self.table(rows, widths=widths, size=12, header=False,
                           align=(CENTER,) * len(widths), line=20)  # fmt: skip
        table.style = "Normal Table"
        for number, row in enumerate(table.rows):
            row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
            for cell in row.cells:
                cell.paragraphs[0].paragraph_format.keep_with_next = number + 1 < len(rows)
                cell.paragraphs[0].paragraph_format.space_before = Pt(6)
        return table

    def landscape(self):
        """Turn the sheet."""
        section = self.document.sections[0]
        section.orientation = WD_ORIENT.LANDSCAPE
        section.page_width, section.page_height = Mm(297), Mm(210)

    def footer_close(self):
        """Set the page number close to the edge."""
        self.document.sections[0].footer_distance = Mm(13)
        return self

    def page_break(self):
        """Go on on a new page."""
        self.document.add_page_break()

    def save(self, path: Path):
        """Write the template without the traces of who built it."""
        self.document.core_properties.author = ""
        self.document.core_properties.title = path.stem
        self.document.core_properties.comments = ""
        self._drop_unused()
        self.document.save(path)

    def _drop_unused(self):
        """Leave out what the starting document brings and no paper of ours uses."""
        for rels in (self.document.part.rels, self.document.part.package.rels):
            for key, rel in list(rels.items()):
                if rel.reltype.endswith(("/stylesWithEffects", "/thumbnail")):
                    del rels[key]
        styles = self.document.styles.element
        for style in list(styles.findall(qn("w:style"))):
            name = style.get(qn("w:styleId"))
            if style.get(qn("w:type")) == "table" and name not in {"TableNormal", "TableGrid"}:
                styles.remove(style)

    def _shape(self, paragraph, align, size, indent, before, after, line):
        form = paragraph.paragraph_format
        paragraph.alignment = align
        form.line_spacing_rule = WD_LINE_SPACING.EXACTLY
        form.line_spacing = Pt(
            line
            or (self.line if (size or self.size) >= self.size else (size or self.size) * 1.6)
        )
        form.space_before, form.space_after = Pt(before), Pt(after)
        if indent:
            form.first_line_indent = Pt((size or self.size) * indent)

    def _run(self, paragraph, text, font, size, bold):
        run = paragraph.add_run(text)
        run.bold = bold
        if size:
            run.font.size = Pt(size)
        if font and font != self.font:  # else the style of the paper says it
            self._fonts(run._r.get_or_add_rPr(), font)
        return run
