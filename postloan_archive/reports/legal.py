"""Reports of the legal side: cases, preservation, limitation."""

from datetime import timedelta
from typing import Final

from postloan_archive.access import branches, people
from postloan_archive.cases import listing
from postloan_archive.loans import queries as loans
from postloan_archive.loans import summaries
from postloan_archive.preservation import queries as preservation
from postloan_archive.reports.wanted import Wanted
from postloan_archive.sheets import Column, Kind, Table, sums
from postloan_archive.uow import UnitOfWork

LOOK_AHEAD: Final = timedelta(days=180)


def litigation(uow: UnitOfWork, wanted: Wanted) -> Table:
    """Return the ledger of cases opened until the end of the period."""
    columns = (
        Column(label="编号", kind=Kind.CODE, width=14),
        Column(label="案号", kind=Kind.CODE, width=26),
        Column(label="借据号", kind=Kind.CODE, width=18),
        Column(label="借款人", width=24),
        Column(label="案由", width=20),
        Column(label="法院", width=22),
        Column(label="阶段", width=12),
        Column(label="标的（元）", kind=Kind.YUAN, width=16),
        Column(label="立卷日", kind=Kind.DAY, width=12),
        Column(label="下一期限", kind=Kind.DAY, width=12),
        Column(label="期限事项", width=20),
        Column(label="主办", width=12),
    )
    mine = _loan_numbers(uow, wanted)
    found = [
        row
        for row in listing.case_rows(uow)
        if row.opened_on <= wanted.until and (mine is None or row.loan_no in mine)
    ]
    who = people.names_of(uow, {row.owner for row in found})
    rows = [
        (
            row.case_no,
            row.court_case_no or None,
            row.loan_no,
            row.customer,
            row.cause,
            row.court,
            row.stage_label,
            row.claim_amount,
            row.opened_on,
            row.next_deadline,
            row.next_label or None,
            who[row.owner] or None,
        )
        for row in found
    ]
    return Table(
        columns=columns,
        rows=tuple(rows),
        foot=sums(columns, rows),
        links=tuple(f"/cases/{row.case_no}" for row in found),
    )


def measures(uow: UnitOfWork, wanted: Wanted) -> Table:
    """Return the ledger of preservation measures that stand."""
    columns = (
        Column(label="裁定号", kind=Kind.CODE, width=26),
        Column(label="借据号", kind=Kind.CODE, width=18),
        Column(label="被保全人", width=20),
        Column(label="财产", width=30),
        Column(label="种类", width=12),
        Column(label="金额（元）", kind=Kind.YUAN, width=16),
        Column(label="法院", width=22),
        Column(label="顺位", kind=Kind.COUNT, width=8),
        Column(label="起", kind=Kind.DAY, width=12),
        Column(label="止", kind=Kind.DAY, width=12),
        Column(label="剩余天数", kind=Kind.COUNT, width=10),
        Column(label="续行申请日", kind=Kind.DAY, width=12),
        Column(label="担保到期", kind=Kind.DAY, width=12),
    )
    mine = _loan_numbers(uow, wanted)
    rows = [
        (
            row.ruling_no,
            row.loan_no,
            row.respondent,
            row.asset,
            row.asset_label,
            row.amount,
            row.court,
            row.seizure_order,
            row.effective_on,
            row.expiry,
            row.days_left,
            row.renewal_requested_on,
            row.security_expires_on,
        )
        for row in preservation.measures(uow)
        if mine is None or row.loan_no in mine
    ]
    foot = list(sums(columns, rows))
    foot[7] = foot[10] = None  # neither the order nor the days add up to anything
    return Table(
        columns=columns,
        rows=tuple(rows),
        foot=tuple(foot),
        notes=("到期不因节假日顺延；轮候保全不计期限（R-C08）。",),
        links=tuple("/preservation" for _row in rows),
    )


def limitation(uow: UnitOfWork, wanted: Wanted) -> Table:
    """Return the periods that run out within 180 days of the end of the period."""
    columns = (
        Column(label="借据号", kind=Kind.CODE, width=18),
        Column(label="客户", width=24),
        Column(label="机构", width=16),
        Column(label="客户经理", width=12),
        Column(label="余额（元）", kind=Kind.YUAN, width=16),
        Column(label="时效安全日", kind=Kind.DAY, width=12),
        Column(label="时效届满日", kind=Kind.DAY, width=12),
        Column(label="时效剩余天数", kind=Kind.COUNT, width=12),
        Column(label="保证期间安全日", kind=Kind.DAY, width=14),
        Column(label="逾期天数", kind=Kind.COUNT, width=10),
    )
    names = branches.names(uow.session)
    found = summaries.running_out(uow, wanted.until + LOOK_AHEAD, wanted.branch_id)
    found.sort(key=lambda row: min(d for d in (row.limitation_by, row.guarantee_by) if d))
    who = people.names_of(uow, {row.manager for row in found})
    rows = [
        (
            row.loan_no,
            row.customer,
            names.get(row.branch_id, ""),
            who[row.manager],
            row.balance,
            row.limitation_by,
            row.limitation_end,
            None if row.limitation_by is None else (row.limitation_by - wanted.until).days,
            row.guarantee_by,
            row.overdue_days,
        )
        for row in found
    ]
    foot = list(sums(columns, rows))
    foot[7] = foot[9] = None
    return Table(
        columns=columns,
        rows=tuple(rows),
        foot=tuple(foot),
        notes=(f"列出 {wanted.until + LOOK_AHEAD} 以前须行使权利的贷款。",),
        links=tuple(f"/loans/{row.loan_no}?clock=limitation" for row in found),
    )


def _loan_numbers(uow: UnitOfWork, wanted: Wanted) -> frozenset[str] | None:
    if wanted.branch_id is None:
        return None
    return loans.numbers_in_branch(uow, wanted.branch_id)
