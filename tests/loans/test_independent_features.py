"""Grace days, prepayments, changes of the rate and extensions, each against other arithmetic.

A loan that runs through all of them is derived by replaying its facts in a random order of
entry; a spreadsheet computes the same figures from the agreed numbers alone. A few loans are
always computed by hand with fractions, a thousand by LibreOffice where `office` is chosen.
"""

import random
import shutil
import subprocess
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import openpyxl
import pytest

from postloan_archive.loans.rules.instalments import Method, plan
from postloan_archive.loans.rules.new_plan import NewPlan
from postloan_archive.loans.rules.position import LoanFacts, ScheduledRow, position
from postloan_archive.loans.rules.repayment_terms import GraceMode, RepaymentTerms
from postloan_archive.loans.rules.replanning import Keep
from postloan_archive.loans.rules.replay import ChangeKind, PaymentLine, PlanChange, replay
from postloan_archive.loans.rules.splitting import NOTHING, account_facts
from postloan_archive.loans.rules.statement import statement

CENT = Decimal("0.01")


@dataclass(frozen=True)
class Case:
    """A bullet loan: part prepaid, another rate, extended, late; days in this order."""

    principal: int
    rate: Decimal
    uplift: int
    basis: int
    start: date
    prepaid_on: date
    part: int
    rate_on: date
    new_rate: Decimal
    due: date
    new_due: date  # the same: not extended
    extended_rate: Decimal
    grace: int
    after: bool  # penalty starts after the grace days
    as_of: date


def cases(count: int, seed: int) -> list[Case]:
    chance = random.Random(seed)

    def rate() -> Decimal:
        return Decimal(chance.randrange(200, 1_500)) / 100

    found = []
    for _ in range(count):
        principal = chance.randrange(10, 5_000) * 1_000
        start = date(2019, 1, 1) + timedelta(days=chance.randrange(2_000))
        prepaid_on = start + timedelta(days=chance.randrange(1, 300))
        rate_on = prepaid_on + timedelta(days=chance.randrange(1, 300))
        due = rate_on + timedelta(days=chance.randrange(2, 400))
        extended = chance.random() < 0.6
        new_due = due + timedelta(days=chance.randrange(40, 400)) if extended else due
        new_rate = rate()
        found.append(
            Case(
                principal=principal,
                rate=rate(),
                uplift=chance.choice((30, 40, 50)),
                basis=chance.choice((360, 365)),
                start=start,
                prepaid_on=prepaid_on,
                part=chance.randrange(1, principal // 1_000) * 1_000,
                rate_on=rate_on,
                new_rate=new_rate,
                due=due,
                new_due=new_due,
                extended_rate=rate() if extended else new_rate,
                grace=chance.choice((0, 0, 3, 7, 30)),
                after=chance.random() < 0.5,
                as_of=new_due + timedelta(days=chance.randrange(1, 800)),
            )
        )
    return found


def replayed(case: Case, chance: random.Random) -> LoanFacts:
    """The facts as they stand once everything was entered, in whatever order."""
    rows = plan(
        Method.BULLET,
        principal=Decimal(case.principal),
        annual_rate_pct=case.rate,
        disbursed_on=case.start,
        due_on=case.due,
        day_basis=case.basis,
    )
    base = LoanFacts(
        principal=Decimal(case.principal),
        annual_rate_pct=case.rate,
        penalty_uplift_pct=Decimal(case.uplift),
        day_basis=case.basis,
        disbursed_on=case.start,
        due_on=case.due,
        schedule=tuple(
            ScheduledRow(due_on=row.due_on, principal=row.principal, interest=row.interest)
            for row in rows
        ),
        terms=RepaymentTerms(
            grace_days=case.grace,
            grace_mode=GraceMode.AFTER if case.after else GraceMode.WAIVED,
        ),
    )
    settled = rounded(interest(case.principal, case.rate, case.start, case.prepaid_on, case))
    line = PaymentLine(
        receipt_no="SK1",
        on=case.prepaid_on,
        amount=case.part + settled,
        split=NOTHING,
        derived=True,
    )
    changes = [
        PlanChange(
            key=1,
            kind=ChangeKind.PREPAYMENT,
            on=case.prepaid_on,
            receipt_no="SK1",
            keep=Keep.TERM,
        ),
        PlanChange(key=2, kind=ChangeKind.RATE, on=case.rate_on, rate_pct=case.new_rate),
    ]
    if case.new_due > case.due:
        agreed = NewPlan(
            effective_on=case.rate_on + timedelta(days=1),
            due_on=case.new_due,
            annual_rate_pct=case.extended_rate,
        )
        changes.append(
            PlanChange(
                key=3,
                kind=ChangeKind.EXTENSION,
                on=case.rate_on + timedelta(days=1),
                plan=agreed,
            )
        )
    chance.shuffle(changes)
    return replay(base, "bullet", changes=changes, payments=[line]).facts


def interest(base, rate: Decimal, start: date, end: date, case: Case) -> Fraction:
    return Fraction(base) * Fraction(rate) * (end - start).days / (100 * case.basis)


def rounded(value: Fraction) -> Decimal:
    exact = Decimal(value.numerator) / Decimal(value.denominator)
    return exact.quantize(CENT, ROUND_HALF_UP)


def by_hand(case: Case) -> list[Decimal]:
    """Interest due, penalty and compound interest with fractions, from the agreement."""
    left = case.principal - case.part
    last = case.extended_rate * (100 + case.uplift) / 100
    first = rounded(interest(left, case.rate, case.prepaid_on, case.rate_on, case)) + rounded(
        interest(left, case.new_rate, case.rate_on, case.due, case)
    )
    more = rounded(interest(left, case.extended_rate, case.due, case.new_due, case))
    grace = timedelta(days=case.grace)

    def since(due: date) -> date | None:
        """From which day a debt of that day is charged; None: not at all."""
        if case.as_of <= due + grace:
            return None
        return due + grace if case.after else due

    penalty, compound = Decimal(0), Decimal(0)
    if (day := since(case.new_due)) is not None:
        penalty = rounded(interest(left, last, day, case.as_of, case))
        if case.new_due > case.due:
            compound += rounded(interest(more, last, day, case.as_of, case))
    if (day := since(case.due)) is not None:
        if day < case.new_due:
            compound += rounded(
                interest(first, case.extended_rate, day, case.new_due, case)
            ) + rounded(interest(first, last, case.new_due, case.as_of, case))
        else:
            compound += rounded(interest(first, last, day, case.as_of, case))
    return [first + more, penalty, compound]


def owed(case: Case, chance: random.Random) -> list[Decimal]:
    facts = replayed(case, chance)
    found = position(facts, case.as_of).value
    # The account that allocates payments counts the same to the cent.
    running = statement(account_facts(facts, case.as_of), case.as_of)
    assert (running.due_interest, running.penalty, running.compound) == (
        found.interest_due,
        found.penalty,
        found.compound,
    ), case
    assert found.balance == case.principal - case.part
    return [found.interest_due, found.penalty, found.compound]


def test_fractions_owe_the_same_to_the_cent():
    chance = random.Random(5)
    for case in cases(60, seed=4):
        assert owed(case, chance) == by_hand(case), case


HEADS = (
    "principal", "rate", "uplift", "basis", "start", "prepaid_on", "part", "rate_on",
    "new_rate", "due", "new_due", "extended_rate", "grace", "after", "as_of",
)  # fmt: skip


def formulas(at: int) -> list[str]:
    """The same as formulas over the columns A to O of HEADS."""
    c = {name: f"{chr(65 + n)}{at}" for n, name in enumerate(HEADS)}
    left = f"({c['principal']}-{c['part']})"
    last = f"{c['extended_rate']}*(1+{c['uplift']}/100)"

    def piece(base: str, rate: str, start: str, end: str) -> str:
        return f"ROUND({base}*{rate}/100*({end}-{start})/{c['basis']},2)"

    def since(due: str) -> str:
        return f"({due}+{c['grace']}*{c['after']})"

    def late(due: str, amount: str) -> str:
        return f"IF({c['as_of']}<={due}+{c['grace']},0,{amount})"

    first = (
        piece(left, c["rate"], c["prepaid_on"], c["rate_on"])
        + "+"
        + piece(left, c["new_rate"], c["rate_on"], c["due"])
    )
    more = piece(left, c["extended_rate"], c["due"], c["new_due"])
    on_first = (
        f"IF({since(c['due'])}<{c['new_due']},"
        + piece(f"P{at}", c["extended_rate"], since(c["due"]), c["new_due"])
        + "+"
        + piece(f"P{at}", last, c["new_due"], c["as_of"])
        + ","
        + piece(f"P{at}", last, since(c["due"]), c["as_of"])
        + ")"
    )
    return [
        f"={first}",
        f"={more}",
        f"=P{at}+Q{at}",
        "=" + late(c["new_due"], piece(left, last, since(c["new_due"]), c["as_of"])),
        "="
        + late(c["due"], on_first)
        + "+"
        + late(c["new_due"], piece(f"Q{at}", last, since(c["new_due"]), c["as_of"])),
    ]


@pytest.mark.office
def test_a_spreadsheet_owes_the_same_for_a_thousand_loans(tmp_path):
    book, chance = openpyxl.Workbook(), random.Random(7)
    sheet, wanted = book.active, []
    for at, case in enumerate(cases(1_000, seed=6), start=1):
        values = [getattr(case, name) for name in HEADS]
        cells = [float(one) if isinstance(one, Decimal) else one for one in values]
        cells[HEADS.index("after")] = int(case.after)
        sheet.append([*cells, *formulas(at)])
        wanted.append(owed(case, chance))
    source, done = tmp_path / "features.xlsx", tmp_path / "computed"
    book.save(source)
    subprocess.run(
        [shutil.which("soffice") or "soffice", "--headless", "--norestore",
         f"-env:UserInstallation=file://{tmp_path}/profile", "--convert-to", "xlsx",
         "--outdir", str(done), str(source)],
        check=True, capture_output=True, timeout=300,
    )  # fmt: skip
    computed = openpyxl.load_workbook(done / "features.xlsx", data_only=True).active
    for line, (row, mine) in enumerate(zip(computed.iter_rows(), wanted, strict=True), start=1):
        theirs = [Decimal(str(cell.value)).quantize(CENT) for cell in row[17:20]]
        assert theirs == mine, f"line {line}"
