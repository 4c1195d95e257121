"""The calculation sheet as a workbook whose amounts are formulas a reader can follow."""

import io
from datetime import UTC, datetime
from decimal import Decimal
from typing import Final

import xlsxwriter

from postloan_archive.kernel.money import yuan
from postloan_archive.litigation.claims import Claim
from postloan_archive.litigation.papers import ClaimCalculation
from postloan_archive.loans.rules.claim import ClaimRow

HEADS: Final = (
    "项目", "计算基数（元）", "年利率（%）", "起始日（含）", "终止日（不含）", "天数",
    "金额（元）", "说明",
)  # fmt: skip
WIDTHS: Final = (12, 18, 12, 14, 16, 8, 18, 40)
FIRST_ROW: Final = 5  # from 0
HUNDRED: Final = Decimal(100)


def calculation_sheet(  # noqa: PLR0915 - one statement a cell, top to bottom
    paper: ClaimCalculation, claim: Claim, day_basis: int
) -> bytes:
    """Return the .xlsx; the same claim gives the same bytes."""
    out = io.BytesIO()
    # The fixed moment keeps two freezes of the same facts alike.
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    book.set_properties({"title": paper.title, "created": datetime(2000, 1, 1, tzinfo=UTC)})
    bold = book.add_format({"bold": True, "align": "center", "border": 1})
    money = book.add_format({"num_format": "#,##0.00", "border": 1})
    rate = book.add_format({"num_format": "0.######", "border": 1})
    text = book.add_format({"border": 1})
    day = book.add_format({"num_format": "yyyy-mm-dd", "border": 1, "align": "center"})
    sheet = book.add_worksheet(paper.title)
    sheet.write_string(0, 0, paper.title, book.add_format({"bold": True, "font_size": 16}))
    sheet.write_string(1, 0, f"借款人：{paper.borrower}　借据号：{paper.loan_no}")
    sheet.write_string(2, 0, f"计算截止日：{paper.cut_off_date}")
    sheet.write_string(3, 0, "每年天数")
    sheet.write_number(3, 1, day_basis, text)
    for column, (head, width) in enumerate(zip(HEADS, WIDTHS, strict=True)):
        sheet.write_string(FIRST_ROW - 1, column, head, bold)
        sheet.set_column(column, column, width)
    rows = claim.rows
    for number, row in enumerate(rows, FIRST_ROW):
        line = number + 1
        sheet.write_string(number, 0, str(row.kind), text)
        sheet.write_number(number, 1, float(row.base), money)
        sheet.write_number(number, 2, float(row.rate_pct), rate)
        sheet.write_datetime(number, 3, row.start, day)
        sheet.write_datetime(number, 4, row.end, day)
        sheet.write_formula(number, 5, f"=E{line}-D{line}", text, row.days)
        if _is_computed(row, day_basis):
            formula = f"=ROUND(B{line}*C{line}/100*F{line}/$B$4,2)"
            sheet.write_formula(number, 6, formula, money, float(row.amount))
        else:
            sheet.write_number(number, 6, float(row.amount), money)
        sheet.write_string(number, 7, row.note, text)
    last = max(FIRST_ROW + len(rows), FIRST_ROW + 1)
    at = last + 1
    sheet.write_string(at, 0, "本金", bold)
    sheet.write_number(at, 6, float(claim.principal), money)
    kinds = (
        ("期内利息", claim.in_term),
        ("罚息", claim.position.penalty),
        ("复利", claim.position.compound),
    )
    for step, (kind, amount) in enumerate(kinds, at + 1):
        summed = sum((row.amount for row in rows if str(row.kind) == kind), Decimal(0))
        sheet.write_string(step, 0, kind, bold)
        formula = f'=SUMIF($A${FIRST_ROW + 1}:$A${last},"{kind}",$G${FIRST_ROW + 1}:$G${last})'
        if summed != amount:  # what was paid on it before the cut-off day
            formula += f"-{summed - amount}"
        sheet.write_formula(step, 6, formula, money, float(amount))
    sheet.write_string(at + 4, 0, "合计", bold)
    sheet.write_formula(at + 4, 6, f"=SUM(G{at + 1}:G{at + 4})", money, float(claim.total))
    sheet.write_string(at + 5, 0, f"大写：{paper.total_words}")
    sheet.write_string(at + 6, 0, f"此后{paper.until_payment_sentence}。")
    sheet.freeze_panes(FIRST_ROW, 1)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    book.close()
    return out.getvalue()


def _is_computed(row: ClaimRow, day_basis: int) -> bool:
    """Return whether base, rate and days give the amount; a part-paid item does not."""
    return yuan(row.base * row.rate_pct / HUNDRED * row.days / day_basis) == row.amount
