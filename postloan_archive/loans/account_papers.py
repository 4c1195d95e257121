"""The statement of account (对账单) of a loan: every movement, and what is owed on the day."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Final

from postloan_archive.kernel.clock import CHINA
from postloan_archive.kernel.masking import MaskKind, mask
from postloan_archive.loans.derivation import facts_of, position_of
from postloan_archive.loans.lenders import lender_of
from postloan_archive.loans.models import Loan
from postloan_archive.sheets import NUMERIC, Cell, Column, Kind, Table, text_of
from postloan_archive.sheets import workbook as written
from postloan_archive.uow import UnitOfWork
from postloan_archive.wordgen import WordTable, write_table

TITLE: Final = "贷款对账单"
COLUMNS: Final = (
    Column(label="日期", kind=Kind.DAY, width=12),
    Column(label="事项", width=34),
    Column(label="应还（元）", kind=Kind.YUAN, width=16),
    Column(label="收到（元）", kind=Kind.YUAN, width=16),
    Column(label="其中本金", kind=Kind.YUAN, width=16),
    Column(label="其中利息", kind=Kind.YUAN, width=14),
    Column(label="罚息复利费用", kind=Kind.YUAN, width=14),
    Column(label="本金余额（元）", kind=Kind.YUAN, width=16),
)
_RANKS: Final = {"放款": 0, "利率": 1, "计划": 2, "应还": 3, "还款": 4}


def statement_workbook(uow: UnitOfWork, loan: Loan, day: date) -> bytes:
    """Return the statement as .xlsx and record the export."""
    table = _table(loan, day)
    _record(uow, loan, day, "xlsx")
    lines = "　".join(_lines(uow, loan, day))
    return written(table, title=TITLE, line=lines)


def statement_paper(uow: UnitOfWork, loan: Loan, day: date) -> bytes:
    """Return the statement as .docx and record the export."""
    table = _table(loan, day)
    _record(uow, loan, day, "docx")
    kinds = [column.kind for column in COLUMNS]
    return write_table(
        WordTable(
            title=TITLE,
            lines=tuple(_lines(uow, loan, day)),
            headings=[column.label for column in COLUMNS],
            numeric=[kind in NUMERIC for kind in kinds],
            rows=[_words(row) for row in table.rows],
            foot=_words(table.foot),
            notes=table.notes,
        )
    )


def _table(loan: Loan, day: date) -> Table:
    rows = tuple(_movements(loan, day))
    owed = position_of(loan, day).value
    paid = [row for row in loan.payments if row.paid_on <= day]
    zero = Decimal(0)
    foot: tuple[Cell, ...] = (
        None,
        "合计",
        None,
        sum((row.amount for row in paid), zero),
        sum((row.to_principal for row in paid), zero),
        sum((row.to_interest for row in paid), zero),
        sum((row.amount - row.to_principal - row.to_interest for row in paid), zero),
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
    notes.append("利息算头不算尾，逐行四舍五入到分；余额由放款、计划、还款和利率推导。")
    return Table(columns=COLUMNS, rows=rows, foot=foot, notes=tuple(notes))


def _movements(loan: Loan, day: date) -> Iterator[tuple[Cell, ...]]:
    """Yield every movement up to the day, oldest first, with the principal left after it."""
    facts = facts_of(loan).on(day)
    found: list[tuple[date, str, tuple[Cell, ...], Decimal]] = [
        (loan.disbursed_on, "放款", ("放款", None, None, None, None, None), loan.principal)
    ]
    found += [
        (on, "利率", (f"年利率改为 {rate}%", None, None, None, None, None), Decimal(0))
        for on, rate in facts.rate_changes
    ]
    found += [
        (
            row.effective_on,
            "计划",
            (f"还款计划变更，到期日 {row.new_due_on}", None, None, None, None, None),
            Decimal(0),
        )
        for row in loan.amendments
    ]
    found += [
        (
            row.due_on,
            "应还",
            (f"第 {no} 期应还", row.principal + row.interest, None, None, None, None),
            Decimal(0),
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
                row.amount,
                row.to_principal,
                row.to_interest,
                row.amount - row.to_principal - row.to_interest,
            ),
            -row.to_principal,
        )
        for row in loan.payments
    ]
    balance = Decimal(0)
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


def _words(row: tuple[Cell, ...]) -> list[str]:
    return [text_of(cell, column.kind) for cell, column in zip(row, COLUMNS, strict=True)]


def _record(uow: UnitOfWork, loan: Loan, day: date, form: str) -> None:
    uow.record(
        "loans.statement_exported",
        f"loan:{loan.id}",
        loan_no=loan.loan_no,
        as_of=day.isoformat(),
        form=form,
    )
