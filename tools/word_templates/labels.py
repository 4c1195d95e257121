"""The sheet of address labels."""

from docx.enum.table import WD_ROW_HEIGHT_RULE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from tools.word_templates.paper import LEFT, PaperBuilder

# R-H07 names 37 and 35 mm; a little less keeps a letter with its seal on one sheet.


def address_labels() -> PaperBuilder:
    """Write A4 stickers, two by eight, 99 by 34 mm; lines of a cell hold address, name, content."""
    paper = PaperBuilder(margins=(12.9, 10, 4.65, 4.65), size=11, line=15.0)
    section = paper.document.sections[0]
    section.header_distance = section.footer_distance = Mm(2)  # else they push the labels up
    footer = section.footer.paragraphs[0]
    for run in list(footer.runs):
        run._r.getparent().remove(run._r)
    table = paper.document.add_table(rows=0, cols=2)
    table.autofit = False
    for kind, texts in (
        ("open", ("{%tr for row in rows %}", "")),
        ("body", ("left", "right")),
        ("close", ("{%tr endfor %}", "")),
    ):
        row = table.add_row()
        if kind == "body":
            row.height, row.height_rule = Mm(33.8), WD_ROW_HEIGHT_RULE.EXACTLY
        for cell, text in zip(row.cells, texts, strict=True):
            cell.width = Mm(100)
            if kind != "body":
                paper._run(cell.paragraphs[0], text, None, 11, False)
                continue
            lines = (("address", 11), ("name", 14), ("content", 9))
            for number, (name, size) in enumerate(lines):
                place = cell.paragraphs[0] if number == 0 else cell.add_paragraph()
                paper._shape(place, LEFT, size, 0, 2, 2, size + 4)
                place.paragraph_format.left_indent = Mm(5)
                paper._run(
                    place,
                    f'{{{{ row.{text}.{name}|default("") }}}}',
                    None,
                    size,
                    name == "name",
                )
    for column in table.columns:
        column.width = Mm(100)
    _no_last_paragraph(paper)
    return paper


def _no_last_paragraph(paper: PaperBuilder) -> None:
    """Make the paragraph that Word wants behind a table so small that no page is added."""
    paragraph = paper.document.add_paragraph()
    paragraph.paragraph_format.line_spacing = Pt(1)
    properties = paragraph._p.get_or_add_pPr()
    marks = OxmlElement("w:rPr")
    size = OxmlElement("w:sz")
    size.set(qn("w:val"), "2")
    marks.append(size)
    properties.append(marks)
