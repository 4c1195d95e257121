"""Reports over the ledger: ageing, migration of classes, new and coming NPL, recoveries."""

from collections import Counter
from datetime import date, timedelta
from decimal import Decimal
from typing import Final

from sqlalchemy import func, select

from postloan_archive.access import branches, people
from postloan_archive.kernel.money import ZERO
from postloan_archive.loans import summaries
from postloan_archive.loans.rules.ageing import RiskClass
from postloan_archive.loans.rules.stages import STAGE_LABELS, Stage
from postloan_archive.loans.summaries import Standing
from postloan_archive.reports.daily import (
    month_end_before,
    nearest_day,
    year_end_before,
)
from postloan_archive.reports.models import LoanDay
from postloan_archive.reports.wanted import Wanted
from postloan_archive.sheets import Bar, Cell, Column, Kind, Table, share, sums
from postloan_archive.uow import UnitOfWork

BUCKETS: Final = ("M0", "M1", "M2", "M3", "M4", "M5", "M6", "M6+")
CLASSES: Final = tuple(str(one) for one in RiskClass)
BAD: Final = frozenset(CLASSES[2:])
COMING_DAYS: Final = (61, 90)  # overdue days from which the floor is near, inclusive
WAN: Final = Decimal(10_000)


def ageing(uow: UnitOfWork, wanted: Wanted) -> Table:
    """Return the overdue loans by bucket, against the end of last month."""
    columns = (
        Column(label="账龄", kind=Kind.CODE, width=10),
        Column(label="笔数", kind=Kind.COUNT, width=10),
        Column(label="余额（元）", kind=Kind.YUAN, width=18),
        Column(label="到期未还本金（元）", kind=Kind.YUAN, width=18),
        Column(label="欠息（元）", kind=Kind.YUAN, width=16),
        Column(label="罚息和复利（元）", kind=Kind.YUAN, width=16),
        Column(label="上月末笔数", kind=Kind.COUNT, width=12),
        Column(label="上月末余额（元）", kind=Kind.YUAN, width=18),
        Column(label="余额变动（元）", kind=Kind.YUAN, width=18),
    )
    found = summaries.by_bucket(uow, wanted.branch_id)
    then, day = _buckets_then(uow, wanted)
    rows = []
    for bucket in BUCKETS:
        parts = [row for row in found if row.bucket == bucket]
        balance = sum((row.balance for row in parts), ZERO)
        before = then.get(bucket)
        rows.append(
            (
                bucket,
                sum(row.loans for row in parts),
                balance,
                sum((row.principal_due for row in parts), ZERO),
                sum((row.interest_due for row in parts), ZERO),
                sum((row.penalty_and_compound for row in parts), ZERO),
                None if day is None else (before[0] if before else 0),
                None if day is None else (before[1] if before else ZERO),
                None if day is None else balance - (before[1] if before else ZERO),
            )
        )
    note = f"对比日 {day}。" if day else "还没有上月末的日终记录，变动从下月起显示。"
    return Table(
        columns=columns,
        rows=tuple(rows),
        foot=sums(columns, rows),
        bars=tuple(
            Bar(label=str(row[0]), value=row[2], words=f"{row[1]} 笔 {_wan(row[2])} 万元")
            for row in rows[1:]
        ),
        notes=(note, "M0 为未逾期或已结清。账龄分段见规则 R-G04。"),
        links=tuple(f"/loans?bucket={bucket}".replace("+", "%2B") for bucket in BUCKETS),
    )


def migration(uow: UnitOfWork, wanted: Wanted) -> Table:
    """Return the five classes now against yesterday, last month end and last year end."""
    now = {row.loan_id: row for row in summaries.standings(uow, wanted.branch_id)}
    columns = (
        Column(label="对比期初", width=22),
        Column(label="期初分类", kind=Kind.CODE, width=10),
        *(Column(label=f"现为{name}", kind=Kind.COUNT, width=10) for name in CLASSES),
        Column(label="已结清或转出", kind=Kind.COUNT, width=12),
        Column(label="上迁", kind=Kind.COUNT, width=8),
        Column(label="下迁", kind=Kind.COUNT, width=8),
        Column(label="期初余额（元）", kind=Kind.YUAN, width=18),
        Column(label="其中下迁（元）", kind=Kind.YUAN, width=18),
    )
    rows: list[tuple[Cell, ...]] = []
    notes: list[str] = []
    for label, day in (
        ("昨日", wanted.until - timedelta(days=1)),
        ("上月末", month_end_before(wanted.until)),
        ("上年末", year_end_before(wanted.until)),
    ):
        found = nearest_day(uow, day)
        if found is None:
            notes.append(f"没有 {day} 及以前的日终记录，无法与{label}对比。")
            continue
        before = _classes_on(uow, found, wanted)
        for at, name in enumerate(CLASSES):
            loans = {
                key: value for key, value in before.items() if value[0] == name and value[1]
            }
            left = [key for key in loans if key not in now or not now[key].balance]
            stay = [key for key in loans if key in now and now[key].balance]
            moved = Counter(now[key].risk_class for key in stay)
            worse = [key for key in stay if CLASSES.index(now[key].risk_class) > at]
            rows.append(
                (
                    f"{label}（{found}）",
                    name,
                    *(moved[other] for other in CLASSES),
                    len(left),
                    sum(moved[other] for other in CLASSES[:at]),
                    sum(moved[other] for other in CLASSES[at + 1 :]),
                    sum((value[1] for value in loans.values()), ZERO),
                    sum((loans[key][1] for key in worse), ZERO),
                )
            )
    notes.append("期初有余额的贷款；下迁指分类变差，上迁指分类变好。")
    return Table(columns=columns, rows=tuple(rows), notes=tuple(notes))


def bad_loans(uow: UnitOfWork, wanted: Wanted) -> Table:
    """Return loans that became NPL since the period began, and those about to."""
    columns = (
        Column(label="类型", width=12),
        Column(label="借据号", kind=Kind.CODE, width=18),
        Column(label="客户", width=24),
        Column(label="机构", width=16),
        Column(label="客户经理", width=12),
        Column(label="余额（元）", kind=Kind.YUAN, width=18),
        Column(label="逾期天数", kind=Kind.COUNT, width=10),
        Column(label="现分类", kind=Kind.CODE, width=10),
        Column(label="逾期天数对应下限", kind=Kind.CODE, width=16),
        Column(label="期初分类", kind=Kind.CODE, width=10),
    )
    names = branches.names(uow.session)
    start = nearest_day(uow, wanted.since)
    before = _classes_on(uow, start, wanted) if start else {}
    rows, links = [], []
    found = summaries.standings(uow, wanted.branch_id)
    who = people.names_of(uow, {row.manager for row in found})
    for row in found:
        was = before.get(row.loan_id, (None, ZERO))[0]
        kind = _bad_kind(row, was)
        if kind:
            rows.append(
                (
                    kind,
                    row.loan_no,
                    row.customer,
                    names.get(row.branch_id, ""),
                    who[row.manager],
                    row.balance,
                    row.overdue_days,
                    row.risk_class,
                    row.class_floor,
                    was,
                )
            )
            links.append(f"/loans/{row.loan_no}")
    notes = (
        f"期初 {start}。" if start else "没有期初日终记录：现为不良的全部列为存量不良。",
        f"将进不良：逾期 {COMING_DAYS[0]} 至 {COMING_DAYS[1]} 天，尚未划入不良。",
        "下限高于现分类的，应在分类认定中说明理由（R-G01）。",
    )
    foot = list(sums(columns, rows))
    foot[6] = None  # days do not add up
    return Table(
        columns=columns,
        rows=tuple(rows),
        foot=tuple(foot),
        notes=notes,
        links=tuple(links),
    )


def recovery(uow: UnitOfWork, wanted: Wanted) -> Table:
    """Return what came in on loans that were late when the period began, by vintage."""
    return _recovered(uow, wanted, by_stage=False)


def recovery_by_stage(uow: UnitOfWork, wanted: Wanted) -> Table:
    """Return the same by where the loans stand now."""
    return _recovered(uow, wanted, by_stage=True)


def _recovered(uow: UnitOfWork, wanted: Wanted, *, by_stage: bool) -> Table:
    columns = (
        Column(label="机构", width=18),
        Column(label="阶段" if by_stage else "放款年度", kind=Kind.CODE, width=10),
        Column(label="期初逾期笔数", kind=Kind.COUNT, width=12),
        Column(label="期初本金余额（元）", kind=Kind.YUAN, width=18),
        Column(label="收回本金（元）", kind=Kind.YUAN, width=16),
        Column(label="收回利息（元）", kind=Kind.YUAN, width=16),
        Column(label="收回罚息复利（元）", kind=Kind.YUAN, width=16),
        Column(label="本金回收率", kind=Kind.PERCENT, width=12),
    )
    names = branches.names(uow.session)
    found = summaries.recoveries(
        uow, wanted.since, wanted.until, wanted.branch_id, by_stage=by_stage
    )
    rows = [
        (
            names.get(row.branch_id, ""),
            STAGE_LABELS[Stage(row.group)] if by_stage else row.group,
            row.loans,
            row.opening,
            row.to_principal,
            row.to_interest,
            row.to_penalty,
            share(row.to_principal, row.opening),
        )
        for row in found
    ]
    foot = list(sums(columns, rows))
    opening = sum((row.opening for row in found), ZERO)
    foot[-1] = share(sum((row.to_principal for row in found), ZERO), opening)
    return Table(
        columns=columns,
        rows=tuple(rows),
        foot=tuple(foot),
        bars=tuple(
            Bar(label=f"{row[0]} {row[1]}", value=row[7] or ZERO, words=f"{row[7] or 0}%")
            for row in rows
        ),
        notes=(
            "期初逾期：期初日前已到期的本金多于已还本金的贷款。",
            "回收率 = 期内收回本金 ÷ 期初本金余额；减免不是回收。",
        ),
    )


def _buckets_then(
    uow: UnitOfWork, wanted: Wanted
) -> tuple[dict[str, tuple[int, Decimal]], date | None]:
    day = nearest_day(uow, month_end_before(wanted.until))
    if day is None:
        return {}, None
    query = (
        select(LoanDay.bucket, func.count(), func.sum(LoanDay.balance))
        .where(LoanDay.day == day)
        .group_by(LoanDay.bucket)
        .order_by(LoanDay.bucket)
    )
    if uow.actor.branch_ids is not None:
        query = query.where(LoanDay.branch_id.in_(sorted(uow.actor.branch_ids)))
    if wanted.branch_id is not None:
        query = query.where(LoanDay.branch_id == wanted.branch_id)
    return {
        bucket: (count, balance) for bucket, count, balance in uow.session.execute(query)
    }, day


def _classes_on(uow: UnitOfWork, day: date, wanted: Wanted) -> dict[int, tuple[str, Decimal]]:
    query = (
        select(LoanDay.loan_id, LoanDay.risk_class, LoanDay.balance)
        .where(LoanDay.day == day)
        .order_by(LoanDay.loan_id)
    )
    if uow.actor.branch_ids is not None:
        query = query.where(LoanDay.branch_id.in_(sorted(uow.actor.branch_ids)))
    if wanted.branch_id is not None:
        query = query.where(LoanDay.branch_id == wanted.branch_id)
    return {loan_id: (name, balance) for loan_id, name, balance in uow.session.execute(query)}


def _bad_kind(row: Standing, was: str | None) -> str:
    if row.risk_class in BAD:
        return "新增不良" if was is not None and was not in BAD else "存量不良"
    if row.class_floor in BAD:
        return "应划入不良"
    first, last = COMING_DAYS
    return "将进不良" if first <= row.overdue_days <= last else ""


def _wan(amount: Decimal) -> str:
    return f"{amount / WAN:,.2f}"
