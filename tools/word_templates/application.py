"""How an application to the court is built: parties, particulars, sections, basis, signature."""

from dataclasses import dataclass, field

from docx.shared import Mm

from tools.word_templates.paper import KAI, RIGHT, PaperBuilder

COURT = (25.4, 25.4, 31.8, 31.8)
WIDTHS = (36, 110)

OPTIONAL = {  # a section that only some cases have: its heading goes with it
    f"*{name}": name
    for name in ("effective_document", "scope", "liability", "exemption_ground")
}


@dataclass
class Application:
    """The text of one application; `{{ }}` are the blanks of R-H02a.

    `sections` are (heading, lines); a line that is `*name` prints each paragraph of that blank.
    """

    stem: str
    title: str
    opening: tuple[str, ...]
    rows: tuple[tuple[str, str], ...]
    sections: tuple[tuple[str, tuple[str, ...]], ...]
    basis: str
    signer: str = "申请人"
    addressee: str = "{{ court }}"
    representative: bool = True
    attachments: bool = True
    closing: tuple[str, ...] = field(default_factory=tuple)


def lines(paper: PaperBuilder, name: str, *, indent: bool = True, **options) -> None:
    """Add each paragraph of a blank."""
    paper.text("{%p for line in " + name + " %}")
    (paper.body if indent else paper.text)("{{ line }}", **options)
    paper.text("{%p endfor %}")


def facts(paper: PaperBuilder, rows, *, widths=WIDTHS) -> None:
    """Add the table of particulars; LibreOffice looks for the widths in the grid."""
    table = paper.table(
        [list(row) for row in rows], widths=widths, header=False, bold_first=True
    )
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Mm(width)


def signature(paper: PaperBuilder, signer: str, *, representative: bool = True) -> None:
    """Add who signs, and the day."""
    paper.text(f"{signer}（盖章）：{{{{ signatory }}}}", align=RIGHT, before=24, keep=True)
    if representative:
        paper.text("法定代表人（负责人）签字：＿＿＿＿＿＿＿＿", align=RIGHT, keep=True)
    paper.text("{{ date }}", align=RIGHT)


def attached(paper: PaperBuilder) -> None:
    """Add the list of what comes with the paper."""
    paper.text("{%p if attachments %}")
    paper.text("附件：", font=KAI, size=12, before=18, keep=True)
    paper.text("{%p endif %}")
    lines(paper, "attachments", indent=False, font=KAI, size=12)


def application(spec: Application) -> PaperBuilder:
    """Build one application."""
    paper = PaperBuilder(margins=COURT, size=14, line=24.0)
    paper.title(spec.title)
    for name in spec.opening:
        lines(paper, name, indent=False)
    if spec.rows:
        paper.text("", size=6, line=8)
        facts(paper, spec.rows)
        paper.text("", size=6, line=8)
    for heading, texts in spec.sections:
        only_if = OPTIONAL.get(texts[0]) if len(texts) == 1 else None
        if only_if:
            paper.text("{%p if " + only_if + " %}")
        paper.text(heading, bold=True, before=6, keep=True)
        if only_if:
            paper.text("{%p endif %}")
        for text in texts:
            if text.startswith("*"):
                lines(paper, text[1:])
            else:
                paper.body(text)
    if spec.basis:
        paper.body(spec.basis)
    paper.body("此致", before=6, keep=True)
    paper.text(spec.addressee, keep=True)
    signature(paper, spec.signer, representative=spec.representative)
    if spec.attachments:
        attached(paper)
    return paper
