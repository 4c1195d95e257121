"""P04 and P05: the applications about measures on assets (R-H02a)."""

from pathlib import Path

from docx.shared import Mm

from tools.word_templates.paper import KAI, RIGHT, PaperBuilder

COURT = (25.4, 25.4, 31.8, 31.8)
WIDTHS = (36, 110)


def make(folder: Path) -> None:
    """Write both papers."""
    renewal_application().save(folder / "renewal_application.docx")
    release_application().save(folder / "release_application.docx")


def _facts(paper: PaperBuilder, rows: list[list[str]]) -> None:
    """Add the table of facts; LibreOffice looks for the widths in the grid."""
    table = paper.table(rows, widths=WIDTHS, header=False, bold_first=True)
    for column, width in zip(table.columns, WIDTHS, strict=True):
        column.width = Mm(width)


def _lines(paper: PaperBuilder, name: str, *, indent: bool = True) -> None:
    paper.text("{%p for line in " + name + " %}")
    (paper.body if indent else paper.text)("{{ line }}")
    paper.text("{%p endfor %}")


def _begin(title: str) -> PaperBuilder:
    paper = PaperBuilder(margins=COURT, size=14, line=24.0)
    paper.title(title)
    _lines(paper, "applicant", indent=False)
    _lines(paper, "respondent", indent=False)
    paper.text("案号：{{ case_no }}", after=6)
    paper.text("请求事项", bold=True, keep=True)
    _lines(paper, "requests")
    return paper


def _end(paper: PaperBuilder) -> PaperBuilder:
    paper.text("事实与理由", bold=True, before=6, keep=True)
    _lines(paper, "reasons")
    paper.body("此致", before=6, keep=True)
    paper.text("{{ court }}", keep=True)
    paper.text("申请人（盖章）：{{ unit }}", align=RIGHT, before=24, keep=True)
    paper.text("法定代表人（负责人）签字：＿＿＿＿＿＿＿＿", align=RIGHT, keep=True)
    paper.text("{{ date }}", align=RIGHT)
    paper.text("附件：", font=KAI, size=12, before=18, keep=True)
    paper.text("{%p for line in attachments %}")
    paper.text("{{ line }}", font=KAI, size=12)
    paper.text("{%p endfor %}")
    return paper


def renewal_application() -> PaperBuilder:
    """P04."""
    paper = _begin("{{ heading }}")
    paper.text("原保全情况", bold=True, before=6, keep=True)
    _facts(
        paper,
        [
            ["裁定文号", "{{ ruling_no }}"],
            ["保全财产", "{{ asset }}"],
            ["保全措施", "{{ measure }}"],
            ["起始日", "{{ effective_date }}"],
            ["届满日", "{{ expiry_date }}"],
            ["申请续行期限", "{{ new_period }}"],
        ],
    )
    return _end(paper)


def release_application() -> PaperBuilder:
    """P05."""
    paper = _begin("解除财产保全申请书")
    paper.text("原保全情况", bold=True, before=6, keep=True)
    _facts(
        paper,
        [
            ["裁定文号", "{{ ruling_no }}"],
            ["保全财产", "{{ asset }}"],
            ["解除范围", "{{ scope }}"],
        ],
    )
    return _end(paper)
