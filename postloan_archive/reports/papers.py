"""Reports of the archive: completeness, uploads, lending, what was printed and exported."""

from collections import Counter
from datetime import date, timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from postloan_archive import audit
from postloan_archive.access import branches, people
from postloan_archive.archive import summaries as archive
from postloan_archive.custody.models import Lending
from postloan_archive.custody.rules.lending import WAY_LABELS, Way
from postloan_archive.kernel.clock import day_span
from postloan_archive.kernel.money import ZERO
from postloan_archive.loans import summaries
from postloan_archive.reports.wanted import Wanted
from postloan_archive.sheets import Bar, Cell, Column, Kind, Table, share, sums
from postloan_archive.uow import UnitOfWork

USES: Final = ("viewed", "printed", "exported")


def completeness(uow: UnitOfWork, wanted: Wanted) -> Table:
    """Return how complete the loan files of each branch are."""
    columns = (
        Column(label="机构", width=20),
        Column(label="案卷数", kind=Kind.COUNT, width=10),
        Column(label="齐全", kind=Kind.COUNT, width=10),
        Column(label="应有件数", kind=Kind.COUNT, width=10),
        Column(label="已有件数", kind=Kind.COUNT, width=10),
        Column(label="完整率", kind=Kind.PERCENT, width=10),
        Column(label="待补信息", kind=Kind.COUNT, width=10),
    )
    names = branches.names(uow.session)
    found = summaries.papers_by_branch(uow, wanted.branch_id)
    rows = [
        (
            names.get(row.branch_id, ""),
            row.files,
            row.complete,
            row.need,
            row.have,
            share(row.have, row.need),
            row.unknown,
        )
        for row in found
    ]
    foot = list(sums(columns, rows))
    foot[5] = share(sum(row.have for row in found), sum(row.need for row in found))
    return Table(
        columns=columns,
        rows=tuple(rows),
        foot=tuple(foot),
        bars=tuple(
            Bar(label=str(row[0]), value=row[5] or ZERO, words=f"{row[5] or 0}%")
            for row in rows
        ),
        notes=("应有件依规则 R-I05 的必备件清单；缺少婚姻等信息的案卷不计入完整率。",),
        links=tuple(f"/loans?branch={row.branch_id}&papers=incomplete" for row in found),
    )


def uploads(uow: UnitOfWork, wanted: Wanted) -> Table:
    """Return who filed how much in the period."""
    columns = (
        Column(label="经办人", width=16),
        Column(label="文件数", kind=Kind.COUNT, width=10),
        Column(label="页数", kind=Kind.COUNT, width=10),
    )
    found = archive.added_by_person(uow, wanted.since, wanted.until, wanted.branch_id)
    who = people.names_of(uow, {row[0] for row in found})
    rows = [(who[name], files, pages) for name, files, pages in found]
    return Table(
        columns=columns,
        rows=tuple(rows),
        foot=sums(columns, rows),
        bars=tuple(
            Bar(label=name, value=ZERO + count, words=f"{count:,} 件")
            for name, count, _ in rows
        ),
        notes=("不含系统自动生成的文书。",),
    )


def lending(uow: UnitOfWork, wanted: Wanted) -> Table:
    """Return the lendings asked for in the period by person and way, and what is late."""
    columns = (
        Column(label="借阅人", width=16),
        Column(label="部门", width=16),
        Column(label="方式", width=14),
        Column(label="申请", kind=Kind.COUNT, width=10),
        Column(label="借出未还", kind=Kind.COUNT, width=10),
        Column(label="已归还", kind=Kind.COUNT, width=10),
        Column(label="未批准", kind=Kind.COUNT, width=10),
        Column(label="逾期未还", kind=Kind.COUNT, width=10),
        Column(label="续借次数", kind=Kind.COUNT, width=10),
        Column(label="平均借出（天）", kind=Kind.COUNT, width=12),
    )
    start, end = day_span(wanted.since)[0], day_span(wanted.until)[1]
    query = (
        select(Lending)
        .where(Lending.requested_at >= start, Lending.requested_at < end)
        .order_by(Lending.id)
    )
    if uow.actor.branch_ids is not None:
        query = query.where(Lending.branch_id.in_(sorted(uow.actor.branch_ids)))
    if wanted.branch_id is not None:
        query = query.where(Lending.branch_id == wanted.branch_id)
    found = [
        row
        for row in uow.session.scalars(query.options(joinedload(Lending.original)))
        if uow.actor.sees_category(row.original.item_code[:2])
    ]
    who, today = people.names_of(uow, {row.borrower for row in found}), uow.clock.today()
    groups: dict[tuple[str, str, str], list[Lending]] = {}
    for row in found:
        groups.setdefault((who[row.borrower], row.department, row.way), []).append(row)
    rows: list[tuple[Cell, ...]] = []
    for (name, department, way), mine in sorted(groups.items()):
        states = Counter(row.state for row in mine)
        days = [(row.back_at - row.out_at).days for row in mine if row.back_at and row.out_at]
        rows.append(
            (
                name,
                department or None,
                WAY_LABELS[Way(way)],
                len(mine),
                states["out"] + states["returning"],
                states["returned"],
                states["refused"],
                sum(_is_late(row, today) for row in mine),
                sum(row.extended for row in mine),
                round(sum(days) / len(days)) if days else None,
            )
        )
    foot = list(sums(columns, rows))
    foot[9] = None  # means do not add up
    ways = Counter(WAY_LABELS[Way(row.way)] for row in found)
    return Table(
        columns=columns,
        rows=tuple(rows),
        foot=tuple(foot),
        bars=tuple(
            Bar(label=name, value=ZERO + count, words=f"{count:,} 次")
            for name, count in ways.most_common()
        ),
        notes=("借出未还和逾期未还按今天计。",),
        links=tuple("/custody/lendings" for _row in rows),
    )


def _is_late(row: Lending, today: date) -> bool:
    return row.state == "out" and row.due_on is not None and row.due_on < today


def uses(uow: UnitOfWork, wanted: Wanted) -> Table:
    """Return how often each person viewed, printed and exported in the period."""
    columns = (
        Column(label="人员", width=18),
        Column(label="查看", kind=Kind.COUNT, width=10),
        Column(label="打印", kind=Kind.COUNT, width=10),
        Column(label="导出", kind=Kind.COUNT, width=10),
        Column(label="被拒绝", kind=Kind.COUNT, width=10),
    )
    counted: dict[str, Counter[str]] = {}
    span = (day_span(wanted.since)[0], day_span(wanted.until + timedelta(days=1))[0])
    for actor, event, count in audit.counts(uow.session, *span):
        counts = counted.setdefault(actor, Counter())
        for use in USES:
            if event.endswith(f"_{use}"):
                counts[use] += count
        if event == "access.refused":
            counts["refused"] += count
    named = sorted(name for name, counts in counted.items() if counts)
    who = people.names_of(uow, named)
    rows: list[tuple[Cell, ...]] = [
        (who[name], *(counted[name][use] for use in (*USES, "refused"))) for name in named
    ]
    return Table(
        columns=columns,
        rows=tuple(rows),
        foot=sums(columns, rows),
        notes=("取自审计记录，不分机构。",),
        links=tuple(f"/audit?actor={name}" for name in named),
    )
