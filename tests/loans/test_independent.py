"""Plans and interest against others who compute them: numpy-financial, and a spreadsheet.

A small number of random loans always; a thousand where the marker `office` is chosen.
"""

import io
import random
import shutil
import subprocess
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

import numpy_financial
import openpyxl
import pytest

from postloan_archive.loans.rules.instalments import (
    Method,
    equal_payment,
    equal_payment_parts,
    plan,
)
from postloan_archive.loans.rules.position import LoanFacts, ScheduledRow, position

CENT = Decimal("0.01")
NOISE = Decimal("1e-12")


def loans(count: int, seed: int) -> list[tuple[int, Decimal, int]]:
    """Principal in yuan, annual rate in percent, months."""
    chance = random.Random(seed)
    return [
        (
            chance.randrange(1, 5_000) * 1_000,
            Decimal(chance.randrange(200, 1_500)) / 100,
            chance.randrange(2, 361),
        )
        for _ in range(count)
    ]


def cents(theirs: object) -> Decimal:
    """Round what the other side computed; its last digits are those of a division."""
    return Decimal(str(theirs)).quantize(NOISE).quantize(CENT, ROUND_HALF_UP)


def check_payments(count: int, seed: int) -> None:
    for principal, rate, months in loans(count, seed):
        # numpy-financial computes with whatever numbers it is given: decimals stay exact.
        theirs = -numpy_financial.pmt(rate / 1200, months, Decimal(principal), Decimal(0), 0)
        ours = equal_payment(Decimal(principal), rate, months)
        assert ours == cents(theirs), (principal, rate, months)
        parts = equal_payment_parts(Decimal(principal), rate, months)
        assert sum(part.principal for part in parts) == principal
        first = -numpy_financial.ipmt(rate / 1200, 1, months, Decimal(principal), Decimal(0), 0)
        assert parts[0].interest == cents(first)


def test_numpy_financial_gives_the_same_instalment():
    check_payments(60, seed=1)


@pytest.mark.office
def test_numpy_financial_gives_the_same_instalment_a_thousand_times():
    check_payments(1_000, seed=2)


def sheet_of(count: int, seed: int) -> tuple[bytes, list[list[Decimal]]]:
    """A workbook whose formulas compute what is owed on late loans, and our figures.

    Columns: principal, rate, uplift, basis, start, due, as of; then PMT, interest of a bullet,
    penalty after maturity, compound interest on the unpaid interest.
    """
    chance = random.Random(seed)
    book = openpyxl.Workbook()  # keeps no results: LibreOffice must compute every cell
    sheet = book.active
    ours = []
    for line, (principal, rate, months) in enumerate(loans(count, seed)):
        start = date(2020, 1, 1) + timedelta(days=chance.randrange(2_000))
        due = start + timedelta(days=chance.randrange(30, 1_000))
        as_of = due + timedelta(days=chance.randrange(1, 800))
        uplift, basis = chance.choice((30, 40, 50)), chance.choice((360, 365))
        at = line + 1
        late = f"(G{at}-F{at})/D{at}"
        sheet.append(
            [
                principal,
                float(rate),
                uplift,
                basis,
                start,
                due,
                as_of,
                f"=ROUND(PMT(B{at}/1200,{months},-A{at}),2)",
                f"=ROUND(A{at}*B{at}/100*(F{at}-E{at})/D{at},2)",
                f"=ROUND(A{at}*B{at}*(1+C{at}/100)/100*{late},2)",
                f"=ROUND(I{at}*B{at}*(1+C{at}/100)/100*{late},2)",
            ]
        )
        (row,) = plan(
            Method.BULLET,
            principal=Decimal(principal),
            annual_rate_pct=rate,
            disbursed_on=start,
            due_on=due,
            day_basis=basis,
        )
        owed = position(
            LoanFacts(
                principal=Decimal(principal),
                annual_rate_pct=rate,
                penalty_uplift_pct=Decimal(uplift),
                day_basis=basis,
                disbursed_on=start,
                due_on=due,
                schedule=(
                    ScheduledRow(
                        due_on=row.due_on, principal=row.principal, interest=row.interest
                    ),
                ),
            ),
            as_of,
        ).value
        ours.append(
            [
                equal_payment(Decimal(principal), rate, months),
                owed.interest_due,
                owed.penalty,
                owed.compound,
            ]
        )
    out = io.BytesIO()
    book.save(out)
    return out.getvalue(), ours


def check_sheet(folder, count: int, seed: int) -> None:
    content, ours = sheet_of(count, seed)
    source = folder / "formulas.xlsx"
    source.write_bytes(content)
    done = folder / "computed"
    subprocess.run(
        [shutil.which("soffice") or "soffice", "--headless", "--norestore",
         f"-env:UserInstallation=file://{folder}/profile", "--convert-to", "xlsx",
         "--outdir", str(done), str(source)],
        check=True, capture_output=True, timeout=300,
    )  # fmt: skip
    sheet = openpyxl.load_workbook(done / "formulas.xlsx", data_only=True).active
    for line, (row, mine) in enumerate(zip(sheet.iter_rows(), ours, strict=True), start=1):
        theirs = [Decimal(str(cell.value)).quantize(CENT) for cell in row[7:11]]
        assert theirs == mine, f"line {line}: {[cell.value for cell in row[:7]]}"


@pytest.mark.office
def test_a_spreadsheet_owes_the_same_to_the_cent(tmp_path):
    check_sheet(tmp_path, 1_000, seed=3)
