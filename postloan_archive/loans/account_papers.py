"""The statement of account (对账单) of a loan: every movement, and what is owed on the day."""

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import Final

from postloan_archive.kernel.clock import CHINA
from postloan_archive.kernel.masking import MaskKind, mask
from postloan_archive.loans.derivation import facts_of, position_of
from postloan_archive.loans.lenders import lender_of
from postloan_archive.loans.models import Loan
from postloan_archive.loans.rules.claim import DebtKind
from postloan_archive.loans.rules.repayment_terms import term_steps
from postloan_archive.loans.rules.replay import CHANGE_WORDS, ChangeKind
from postloan_archive.sheets import NUMERIC, Cell, Column, Kind, Table, text_of
from postloan_archive.sheets import workbook as written
from postloan_archive.uow import UnitOfWork
from postloan_archive.wordgen import WordTable, write_table

TITLE: Final = "贷款对账单"
COLUMNS: Final = (
    Column(label="日期", kind=Kind.DAY, width=14),
    Column(label="事项", width=38),
    Column(label="应还本金（元）", kind=Kind.YUAN, width=16),
    Column(label="应还利息（元）", kind=Kind.YUAN, width=14),
    Column(label="收到（元）", kind=Kind.YUAN, width=16),
    Column(label="还本金（元）", kind=Kind.YUAN, width=16),
    Column(label="还利息（元）", kind=Kind.YUAN, width=14),
    Column(label="还罚息复利费用（元）", kind=Kind.YUAN, width=14),
    Column(label="本金余额（元）", kind=Kind.YUAN, width=16),
)
SHEET: Final = "利息计算表"
SHEET_COLUMNS: Final = (
    Column(label="项目", width=10),
    Column(label="计算基数（元）", kind=Kind.YUAN, width=18),
    Column(label="年利率（%）", kind=Kind.CODE, width=11),
    Column(label="起始日（含）", kind=Kind.DAY, width=15),
    Column(label="终止日（不含）", kind=Kind.DAY, width=15),
    Column(label="天数", kind=Kind.COUNT, width=8),
    Column(label="金额（元）", kind=Kind.YUAN, width=16),
    Column(label="说明", width=44),
)
_RANKS: Final = {"放款": 0, "利率": 1, "计划": 2, "应还": 3, "还款": 4, "冲正": 5}


def statement_workbook(uow: UnitOfWork, loan: Loan, day: date) -> bytes:
    """Return the statement as .xlsx and record the export."""
    table, sheet = _table(loan, day), _sheet(loan, day)
    _record(uow, loan, day, "xlsx")
    lines = "　".join(_lines(uow, loan, day))
    return written(table, title=TITLE, line=lines, more=((SHEET, sheet),))


def statement_paper(uow: UnitOfWork, loan: Loan, day: date) -> bytes:
    """Return the statement as .docx and record the export."""
    table, sheet = _table(loan, day), _sheet(loan, day)
    _record(uow, loan, day, "docx")
    return write_table(
        _word(TITLE, table, lines=tuple(_lines(uow, loan, day)), more=(_word(SHEET, sheet),))
    )


def _word(
    title: str, table: Table, *, lines: Sequence[str] = (), more: Sequence[WordTable] = ()
) -> WordTable:
    return WordTable(
        title=title,
        lines=lines,
        headings=[column.label for column in table.columns],
        numeric=[column.kind in NUMERIC for column in table.columns],
        rows=[_words(row, table.columns) for row in table.rows],
        foot=_words(table.foot, table.columns) if table.foot else (),
        notes=table.notes,
        more=more,
    )


def _table(loan: Loan, day: date) -> Table:
    rows = tuple(_movements(loan, day))
    owed = position_of(loan, day).value
    foot: tuple[Cell, ...] = (
        None,
        "合计",
        *(
            sum((cell for row in rows if isinstance(cell := row[at], Decimal)), Decimal(0))
            for at in range(2, len(COLUMNS) - 1)
        ),
        owed.balance,
    )
    notes = [
        (
            f"截至 {day} 应还合计 {owed.total_due:,} 元：到期本金 {owed.principal_due:,}，"
            f"利息 {owed.interest_due:,}，罚息 {owed.penalty:,}，复利 {owed.compound:,}。"
        ),
        f"未到期利息 {owed.accrued:,} 元；当日结清需 {owed.total:,} 元。",
    ]
    if owed.overdue_days:
        notes.append(f"自 {owed.overdue_since} 起逾期 {owed.overdue_days} 天。")
    if owed.grace_until:
        notes.append(f"最早未清偿的一期在宽限期内，至 {owed.grace_until}（含）。")
    notes += [f"{one}。" for one in term_steps(facts_of(loan).terms)]
    notes.append("利息算头不算尾，逐行四舍五入到分；余额由放款、计划、还款和利率推导。")
    return Table(columns=COLUMNS, rows=rows, foot=foot, notes=tuple(notes))


def _sheet(loan: Loan, day: date) -> Table:
    """Return the rows of interest that the figures of the statement add up from (R-F17)."""
    owed = position_of(loan, day).value
    paid = [row for row in facts_of(loan).payments if row.paid_on <= day]
    zero = Decimal(0)
    notes = []
    for kind, left, settled in (
        (DebtKind.PENALTY, owed.penalty, sum((row.to_penalty for row in paid), zero)),
        (DebtKind.COMPOUND, owed.compound, sum((row.to_compound for row in paid), zero)),
    ):
        counted = sum((row.amount for row in owed.rows if row.kind is kind), zero)
        if counted or settled:
            notes.append(
                f"{kind}：计得 {counted:,} 元，已还 {settled:,} 元，尚欠 {left:,} 元。"
            )
    if owed.until_paid and owed.balance:
        notes.append(f"此后{owed.until_paid}。")
    if not owed.rows:
        notes.append("截至该日没有应计利息。")
    total = sum((row.amount for row in owed.rows), zero)
    return Table(
        columns=SHEET_COLUMNS,
        rows=tuple(
            (
                str(row.kind),
                row.base,
                f"{row.rate_pct.normalize():f}",
                row.start,
                row.end,
                row.days,
                row.amount,
                row.note,
            )
            for row in owed.rows
        ),
        foot=("合计", None, None, None, None, None, total, None) if owed.rows else (),
        notes=tuple(notes),
    )


def _movements(loan: Loan, day: date) -> Iterator[tuple[Cell, ...]]:
    """Yield every movement up to the day, oldest first, with the principal left after it."""
    facts, zero = facts_of(loan).on(day), Decimal(0)
    nothing: tuple[Cell, ...] = (None,) * (len(COLUMNS) - 3)
    found: list[tuple[date, str, tuple[Cell, ...], Decimal]] = [
        (loan.disbursed_on, "放款", (f"放款 {loan.principal:,} 元", *nothing), loan.principal)
    ]
    found += [
        (on, "利率", (f"年利率改为 {rate}%", *nothing), zero) for on, rate in facts.rate_changes
    ]
    found += [
        (
            row.effective_on,
            "计划",
            (
                f"{CHANGE_WORDS[ChangeKind(row.kind)]}：还款计划变更，到期日 {row.new_due_on}",
                *nothing,
            ),
            zero,
        )
        for row in loan.amendments
    ]
    found += [
        (
            row.due_on,
            "应还",
            (f"第 {no} 期应还", row.principal, row.interest, None, None, None, None),
            zero,
        )
        for no, row in enumerate(facts.schedule, start=1)
    ]
    found += [
        (
            row.paid_on,
            "还款",
            (
                f"还款 {row.receipt_no}" + (f"（{row.channel}）" if row.channel else ""),
                None,
                None,
                row.amount,
                row.to_principal,
                row.to_interest,
                row.amount - row.to_principal - row.to_interest,
            ),
            -row.to_principal,
        )
        for row in loan.payments
    ]
    found += [
        (
            row.paid_on,
            "冲正",
            (
                f"还款 {row.receipt_no} {row.amount:,} 元已于 {row.reversed_on} 冲正，不计",
                *nothing,
            ),
            zero,
        )
        for row in loan.reversed_payments
    ]
    balance = zero
    for on, _kind, cells, change in sorted(found, key=lambda one: (one[0], _RANKS[one[1]])):
        if on <= day:
            balance += change
            yield (on, *cells, balance)


def _lines(uow: UnitOfWork, loan: Loan, day: date) -> Iterator[str]:
    number = loan.customer.id_no
    shown = mask(MaskKind.ID_CARD, number) if loan.customer.kind == "person" else number
    when = uow.clock.now().astimezone(CHINA).strftime("%Y-%m-%d %H:%M")
    yield f"贷款人 {lender_of(uow, loan.branch_id).name}"
    yield f"借款人 {loan.customer.name}（{shown}）"
    yield f"借据号 {loan.loan_no}，合同 {loan.contract.contract_no}"
    yield (
        f"放款 {loan.disbursed_on}，到期 {loan.due_on}，年利率 {loan.annual_rate}%，"
        f"每年按 {loan.day_basis} 天"
    )
    who = uow.actor.display_name or uow.actor.name
    yield f"截至 {day}　制表人 {who}　制表时间 {when}"


def _words(row: Sequence[Cell], columns: Sequence[Column]) -> list[str]:
    return [
        "" if cell in {None, ""} else text_of(cell, column.kind)
        for cell, column in zip(row, columns, strict=True)
    ]


def _record(uow: UnitOfWork, loan: Loan, day: date, form: str) -> None:
    uow.record(
        "loans.statement_exported",
        f"loan:{loan.id}",
        loan_no=loan.loan_no,
        as_of=day.isoformat(),
        form=form,
    )
