"""The calculation sheet as a workbook whose amounts are formulas a reader can follow."""

import io
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Final

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from postloan_archive.kernel.money import yuan
from postloan_archive.litigation.claims import Claim, Sued
from postloan_archive.litigation.drafting import Drafts
from postloan_archive.litigation.form import Source
from postloan_archive.litigation.papers import ClaimCalculation
from postloan_archive.loans.rules.claim import ClaimRow

HEADS: Final = (
    "项目", "计算基数（元）", "年利率（%）", "起始日（含）", "终止日（不含）", "天数",
    "金额（元）", "说明",
)  # fmt: skip
WIDTHS: Final = (12, 18, 12, 14, 16, 8, 18, 40)
FIRST_ROW: Final = 5  # from 0
SUM_HEADS: Final = (
    "借据号", "合同编号", "本金（元）", "期内利息（元）", "罚息（元）", "复利（元）",
    "合计（元）",
)  # fmt: skip
SUM_WIDTHS: Final = (22, 30, 18, 18, 18, 18, 18)
SUMS: Final = "汇总"
UNFIT: Final = frozenset("[]:*?/\\'")  # not in the name of a sheet
LONGEST_NAME: Final = 31
HUNDRED: Final = Decimal(100)


@dataclass(frozen=True, slots=True)
class _Formats:
    """The looks of cells."""

    bold: Format
    money: Format
    rate: Format
    text: Format
    day: Format
    title: Format


def calculation_sheet(drafts: Drafts, source: Source) -> bytes:
    """Return the .xlsx; the same claim gives the same bytes.

    A case about several loans has a sheet for each, and the sums of all at the head.
    """
    out = io.BytesIO()
    paper = drafts.calculation
    # The fixed moment keeps two freezes of the same facts alike.
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    book.set_properties({"title": paper.title, "created": datetime(2000, 1, 1, tzinfo=UTC)})
    looks = _Formats(
        bold=book.add_format({"bold": True, "align": "center", "border": 1}),
        money=book.add_format({"num_format": "#,##0.00", "border": 1}),
        rate=book.add_format({"num_format": "0.######", "border": 1}),
        text=book.add_format({"border": 1}),
        day=book.add_format({"num_format": "yyyy-mm-dd", "border": 1, "align": "center"}),
        title=book.add_format({"bold": True, "font_size": 16}),
    )
    if source.joins:
        sums = book.add_worksheet(SUMS)
        places = [
            (name, _write(book.add_worksheet(name), looks, alone, one))
            for name, alone, one in zip(
                _names(source), drafts.calculations, source.sued, strict=True
            )
        ]
        _write_sums(sums, looks, drafts, source, places)
    else:
        _write(book.add_worksheet(paper.title), looks, paper, source.sued[0])
    book.close()
    return out.getvalue()


def _names(source: Source) -> list[str]:
    """Return names of sheets: the numbers of the loans without what a name cannot hold."""
    found: list[str] = []
    for no, loan in enumerate(source.loans, 1):
        plain = "".join("_" if sign in UNFIT else sign for sign in loan.loan_no)
        found.append(f"{no}-{plain}"[:LONGEST_NAME])
    return found


def _write(sheet: Worksheet, looks: _Formats, paper: ClaimCalculation, one: Sued) -> int:
    """Write the sheet of one loan; return the line of its principal, the sums follow it."""
    claim, day_basis = one.claim, one.loan.day_basis
    sheet.write_string(0, 0, paper.title, looks.title)
    sheet.write_string(1, 0, f"借款人：{paper.borrower}　借据号：{paper.loan_no}")
    sheet.write_string(2, 0, f"计算截止日：{paper.cut_off_date}")
    sheet.write_string(3, 0, "每年天数")
    sheet.write_number(3, 1, day_basis, looks.text)
    for column, (head, width) in enumerate(zip(HEADS, WIDTHS, strict=True)):
        sheet.write_string(FIRST_ROW - 1, column, head, looks.bold)
        sheet.set_column(column, column, width)
    rows = claim.rows
    for number, row in enumerate(rows, FIRST_ROW):
        _write_row(sheet, looks, number, row, day_basis)
    last = max(FIRST_ROW + len(rows), FIRST_ROW + 1)
    at = last + 1
    sheet.write_string(at, 0, "本金", looks.bold)
    sheet.write_number(at, 6, float(claim.principal), looks.money)
    kinds = (
        ("期内利息", claim.in_term),
        ("罚息", claim.position.penalty),
        ("复利", claim.position.compound),
    )
    for step, (kind, amount) in enumerate(kinds, at + 1):
        summed = sum((row.amount for row in rows if str(row.kind) == kind), Decimal(0))
        sheet.write_string(step, 0, kind, looks.bold)
        formula = f'=SUMIF($A${FIRST_ROW + 1}:$A${last},"{kind}",$G${FIRST_ROW + 1}:$G${last})'
        if summed != amount:  # what was paid on it before the cut-off day
            formula += f"-{summed - amount}"
        sheet.write_formula(step, 6, formula, looks.money, float(amount))
    sheet.write_string(at + 4, 0, "合计", looks.bold)
    sheet.write_formula(
        at + 4, 6, f"=SUM(G{at + 1}:G{at + 4})", looks.money, float(claim.total)
    )
    sheet.write_string(at + 5, 0, f"大写：{paper.total_words}")
    sheet.write_string(at + 6, 0, f"此后{paper.until_payment_sentence}。")
    sheet.freeze_panes(FIRST_ROW, 1)
    _fit(sheet)
    return at + 1


def _write_row(
    sheet: Worksheet, looks: _Formats, number: int, row: ClaimRow, day_basis: int
) -> None:
    line = number + 1
    sheet.write_string(number, 0, str(row.kind), looks.text)
    sheet.write_number(number, 1, float(row.base), looks.money)
    sheet.write_number(number, 2, float(row.rate_pct), looks.rate)
    sheet.write_datetime(number, 3, row.start, looks.day)
    sheet.write_datetime(number, 4, row.end, looks.day)
    sheet.write_formula(number, 5, f"=E{line}-D{line}", looks.text, row.days)
    if _is_computed(row, day_basis):
        formula = f"=ROUND(B{line}*C{line}/100*F{line}/$B$4,2)"
        sheet.write_formula(number, 6, formula, looks.money, float(row.amount))
    else:
        sheet.write_number(number, 6, float(row.amount), looks.money)
    sheet.write_string(number, 7, row.note, looks.text)


def _write_sums(
    sheet: Worksheet,
    looks: _Formats,
    drafts: Drafts,
    source: Source,
    places: list[tuple[str, int]],
) -> None:
    """Write the sheet at the head: a line a loan, read from its own sheet, and the sums."""
    paper = drafts.calculation
    sheet.write_string(0, 0, f"{paper.title}（汇总）", looks.title)
    sheet.write_string(1, 0, f"借款人：{paper.borrower}")
    sheet.write_string(2, 0, f"计算截止日：{paper.cut_off_date}")
    for column, (head, width) in enumerate(zip(SUM_HEADS, SUM_WIDTHS, strict=True)):
        sheet.write_string(FIRST_ROW - 1, column, head, looks.bold)
        sheet.set_column(column, column, width)
    for number, (one, (name, at)) in enumerate(
        zip(source.sued, places, strict=True), FIRST_ROW
    ):
        claim = one.claim
        sheet.write_string(number, 0, one.loan.loan_no, looks.text)
        sheet.write_string(number, 1, one.loan.contract.contract_no, looks.text)
        amounts = (
            claim.principal,
            claim.in_term,
            claim.position.penalty,
            claim.position.compound,
        )
        for step, amount in enumerate(amounts):
            formula = f"='{name}'!G{at + step}"
            sheet.write_formula(number, 2 + step, formula, looks.money, float(amount))
        line = number + 1
        sheet.write_formula(
            number, 6, f"=SUM(C{line}:F{line})", looks.money, float(claim.total)
        )
    last = FIRST_ROW + len(places)
    sheet.write_string(last, 0, "合计", looks.bold)
    sheet.write_string(last, 1, "", looks.text)
    totals = (*_parts(source.claim), source.claim.total)
    for place, (letter, amount) in enumerate(zip("CDEFG", totals, strict=True), 2):
        formula = f"=SUM({letter}{FIRST_ROW + 1}:{letter}{last})"
        sheet.write_formula(last, place, formula, looks.money, float(amount))
    sheet.write_string(last + 1, 0, f"大写：{paper.total_words}")
    _fit(sheet)


def _parts(claim: Claim) -> tuple[Decimal, ...]:
    owed = claim.position
    return claim.principal, claim.in_term, owed.penalty, owed.compound


def _fit(sheet: Worksheet) -> None:
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)


def _is_computed(row: ClaimRow, day_basis: int) -> bool:
    """Return whether base, rate and days give the amount; a part-paid item does not."""
    return yuan(row.base * row.rate_pct / HUNDRED * row.days / day_basis) == row.amount
