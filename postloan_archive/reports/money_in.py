"""Reports of money that came in by channel, and of what was done with troubled claims."""

from collections import Counter

from sqlalchemy import func, select

from postloan_archive.disposal.models import Disposal, DisposalLoan
from postloan_archive.disposal.rules import KIND_WORDS
from postloan_archive.disposal.rules import Kind as What
from postloan_archive.kernel.clock import day_span
from postloan_archive.kernel.money import ZERO
from postloan_archive.loans import receipts
from postloan_archive.loans.receipts import AskedReceipts
from postloan_archive.reports.management import within
from postloan_archive.reports.wanted import Wanted
from postloan_archive.sheets import Bar, Column, Kind, Table, share, sums
from postloan_archive.uow import UnitOfWork


def channels(uow: UnitOfWork, wanted: Wanted) -> Table:
    """Return what came in by channel, with its share."""
    columns = (
        Column(label="渠道", width=16),
        Column(label="笔数", kind=Kind.COUNT, width=10),
        Column(label="金额（元）", kind=Kind.YUAN, width=18),
        Column(label="占比", kind=Kind.PERCENT, width=10),
        Column(label="本金（元）", kind=Kind.YUAN, width=18),
        Column(label="利息（元）", kind=Kind.YUAN, width=16),
        Column(label="罚息复利（元）", kind=Kind.YUAN, width=16),
        Column(label="费用（元）", kind=Kind.YUAN, width=14),
    )
    asked = AskedReceipts(since=wanted.since, until=wanted.until, branch_id=wanted.branch_id)
    found = receipts.by_channel(uow, asked)
    total = sum((row.amount for row in found), ZERO)
    rows = [
        (
            row.channel or "未登记",
            row.count,
            row.amount,
            share(row.amount, total),
            row.to_principal,
            row.to_interest,
            row.to_penalty,
            row.to_costs,
        )
        for row in found
    ]
    return Table(
        columns=columns,
        rows=tuple(rows),
        foot=sums(columns, rows),
        bars=tuple(
            Bar(label=row[0], value=row[2], words=f"{row[2]:,.2f} 元（{row[3] or 0}%）")
            for row in rows
        ),
        notes=("减免不是回款，不在此列；以物抵债按抵债金额计。",),
        links=tuple(
            f"/recoveries?since={wanted.since}&until={wanted.until}&channel={row.channel}"
            for row in found
        ),
    )


def disposals(uow: UnitOfWork, wanted: Wanted) -> Table:
    """Return the disposals proposed in the period by kind, and how far they came."""
    columns = (
        Column(label="方式", width=14),
        Column(label="提出", kind=Kind.COUNT, width=8),
        Column(label="待审批", kind=Kind.COUNT, width=8),
        Column(label="待执行", kind=Kind.COUNT, width=8),
        Column(label="已执行", kind=Kind.COUNT, width=8),
        Column(label="未批准或撤回", kind=Kind.COUNT, width=12),
        Column(label="已执行债权本金（元）", kind=Kind.YUAN, width=20),
        Column(label="已执行债权合计（元）", kind=Kind.YUAN, width=20),
    )
    start, _end = day_span(wanted.since)
    _start, end = day_span(wanted.until)
    query = (
        select(
            Disposal.id,
            Disposal.kind,
            Disposal.state,
            func.sum(DisposalLoan.principal),
            func.sum(DisposalLoan.interest),
            func.sum(DisposalLoan.penalty),
            func.sum(DisposalLoan.compound),
        )
        .join(DisposalLoan, DisposalLoan.disposal_id == Disposal.id)
        .where(
            *within(uow, wanted, DisposalLoan.loan_id),
            Disposal.proposed_at >= start,
            Disposal.proposed_at < end,
        )
        .group_by(Disposal.id, Disposal.kind, Disposal.state)
        .order_by(Disposal.id)
    )
    found = uow.session.execute(query).all()
    rows = []
    for kind in What:
        mine = [row for row in found if row.kind == kind]
        states = Counter(row.state for row in mine)
        done = [row for row in mine if row.state == "executed"]
        principal = sum((row[3] for row in done), ZERO)
        rows.append(
            (
                KIND_WORDS[kind],
                len(mine),
                states["proposed"],
                states["approved"],
                states["executed"],
                states["turned_down"] + states["withdrawn"],
                principal,
                sum((part for row in done for part in row[3:]), ZERO),
            )
        )
    return Table(
        columns=columns,
        rows=tuple(rows),
        foot=sums(columns, rows),
        bars=tuple(
            Bar(label=row[0], value=row[7], words=f"{row[4]} 项 {row[7]:,.2f} 元")
            for row in rows
        ),
        links=tuple(f"/disposals?kind={kind}" for kind in What),
    )
