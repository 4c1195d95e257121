"""Report of debts with outside agencies: what they got, brought back, how they were watched."""

from datetime import date

from sqlalchemy import select

from postloan_archive.collection.models import Placement
from postloan_archive.kernel.money import ZERO
from postloan_archive.loans import queries as loans
from postloan_archive.loans.booking import NOT_MONEY
from postloan_archive.loans.derivation import position_of
from postloan_archive.reports.management import within
from postloan_archive.reports.wanted import Wanted
from postloan_archive.sheets import Bar, Column, Kind, Table, share, sums
from postloan_archive.uow import UnitOfWork


def agencies(uow: UnitOfWork, wanted: Wanted) -> Table:
    """Return for each agency what it had in the period and what came in meanwhile."""
    columns = (
        Column(label="机构名称", width=24),
        Column(label="期内委托笔数", kind=Kind.COUNT, width=12),
        Column(label="期末在外", kind=Kind.COUNT, width=10),
        Column(label="期内收回", kind=Kind.COUNT, width=10),
        Column(label="委托时欠款（元）", kind=Kind.YUAN, width=18),
        Column(label="期内回款（元）", kind=Kind.YUAN, width=18),
        Column(label="回款率", kind=Kind.PERCENT, width=10),
        Column(label="监督检查次数", kind=Kind.COUNT, width=12),
        Column(label="期内未检查", kind=Kind.COUNT, width=12),
        Column(label="信息未确认删除", kind=Kind.COUNT, width=14),
    )
    found = uow.session.scalars(
        select(Placement)
        .where(
            *within(uow, wanted, Placement.loan_id),
            Placement.placed_on <= wanted.until,
            Placement.recalled_on.is_(None) | (Placement.recalled_on >= wanted.since),
        )
        .order_by(Placement.agency, Placement.id)
    ).all()
    groups: dict[str, list[Placement]] = {}
    for row in found:
        groups.setdefault(row.agency, []).append(row)
    rows = []
    for agency, mine in groups.items():
        owed, got = ZERO, ZERO
        for row in mine:
            loan = loans.get_loan_by_id(uow, row.loan_id)
            owed += position_of(loan, row.placed_on).value.total
            first = max(wanted.since, row.placed_on)
            last = min(wanted.until, row.recalled_on or wanted.until)
            got += sum(
                (
                    one.amount
                    for one in loan.payments
                    if first <= one.paid_on <= last and one.channel not in NOT_MONEY
                ),
                ZERO,
            )
        checks = [_checks(row, wanted) for row in mine]
        rows.append(
            (
                agency,
                len(mine),
                sum(_is_out(row, wanted.until) for row in mine),
                sum(not _is_out(row, wanted.until) for row in mine),
                owed,
                got,
                share(got, owed),
                sum(checks),
                sum(not count for count in checks),
                sum(row.recalled_on is not None and not row.data_returned_on for row in mine),
            )
        )
    foot = list(sums(columns, rows))
    foot[6] = share(sum((row[5] for row in rows), ZERO), sum((row[4] for row in rows), ZERO))
    return Table(
        columns=columns,
        rows=tuple(rows),
        foot=tuple(foot),
        bars=tuple(
            Bar(label=row[0], value=row[5], words=f"{row[5]:,.2f} 元（{row[6] or 0}%）")
            for row in rows
        ),
        notes=(
            "期内回款：委托期间到账的款项；减免不是回款。",
            "委托处理个人信息须监督受托人，委托终止后须返还或删除（个人信息保护法第21条，R-L06）。",
        ),
        links=tuple("/collection/placements?all=1" for _row in rows),
    )


def _is_out(row: Placement, day: date) -> bool:
    return row.recalled_on is None or row.recalled_on > day


def _checks(row: Placement, wanted: Wanted) -> int:
    days = [date.fromisoformat(str(check["on"])) for check in row.checks]
    return sum(wanted.since <= day <= wanted.until for day in days)
