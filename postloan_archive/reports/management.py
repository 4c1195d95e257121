"""Reports of post-loan management: collection, complaints, inspections, signals."""

from collections import Counter
from collections.abc import Iterable
from decimal import Decimal
from typing import Final

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import InstrumentedAttribute

from postloan_archive.access import branches, people
from postloan_archive.collection.models import Complaint, Contact, Promise
from postloan_archive.collection.rules import Result
from postloan_archive.inspection.models import Inspection, Planned, Signal
from postloan_archive.inspection.rules import InspectionKind
from postloan_archive.kernel.clock import day_span
from postloan_archive.kernel.money import ZERO
from postloan_archive.loans import queries as loans
from postloan_archive.reports.wanted import Wanted
from postloan_archive.sheets import Bar, Column, Kind, Table, share, sums
from postloan_archive.uow import UnitOfWork

NOT_REACHED: Final = frozenset({Result.NOT_REACHED, Result.WRONG_NUMBER})


def collection(uow: UnitOfWork, wanted: Wanted) -> Table:
    """Return what each collector did and what came of the promises made to him."""
    columns = (
        Column(label="经办人", width=16),
        Column(label="电话", kind=Kind.COUNT, width=8),
        Column(label="上门", kind=Kind.COUNT, width=8),
        Column(label="信函", kind=Kind.COUNT, width=8),
        Column(label="短信等", kind=Kind.COUNT, width=8),
        Column(label="有效联系", kind=Kind.COUNT, width=10),
        Column(label="有效率", kind=Kind.PERCENT, width=10),
        Column(label="承诺笔数", kind=Kind.COUNT, width=10),
        Column(label="兑现", kind=Kind.COUNT, width=8),
        Column(label="未兑现", kind=Kind.COUNT, width=8),
        Column(label="兑现率", kind=Kind.PERCENT, width=10),
        Column(label="承诺金额（元）", kind=Kind.YUAN, width=16),
        Column(label="期内到账（元）", kind=Kind.YUAN, width=16),
        Column(label="不合规联系", kind=Kind.COUNT, width=12),
    )
    start, _end = day_span(wanted.since)
    _start, end = day_span(wanted.until)
    made = uow.session.scalars(
        select(Contact)
        .where(*within(uow, wanted, Contact.loan_id), Contact.at >= start, Contact.at < end)
        .order_by(Contact.id)
    ).all()
    promised = uow.session.execute(
        select(Promise, Contact.made_by)
        .join(Contact, Contact.id == Promise.contact_id)
        .where(
            *within(uow, wanted, Promise.loan_id),
            Promise.promised_on >= wanted.since,
            Promise.promised_on <= wanted.until,
        )
        .order_by(Promise.id)
    ).all()
    who = people.names_of(uow, {row.made_by for row in made} | {row[1] for row in promised})
    rows = []
    for name in sorted({row.made_by for row in made} | {row[1] for row in promised}):
        mine = [row for row in made if row.made_by == name]
        his = [row[0] for row in promised if row[1] == name]
        channels = Counter(row.channel for row in mine)
        reached = sum(row.result not in NOT_REACHED for row in mine)
        states = Counter(row.state for row in his)
        rows.append(
            (
                who[name],
                channels["call"],
                channels["visit"],
                channels["letter"],
                channels["message"],
                reached,
                share(reached, len(mine)),
                len(his),
                states["kept"],
                states["broken"],
                share(states["kept"], states["kept"] + states["broken"]),
                sum((row.amount for row in his), ZERO),
                sum((row.paid for row in his), ZERO),
                sum(bool(row.violations) for row in mine),
            )
        )
    foot = list(sums(columns, rows))
    reached = sum(row.result not in NOT_REACHED for row in made)
    states = Counter(row[0].state for row in promised)
    foot[6] = share(reached, len(made))
    foot[10] = share(states["kept"], states["kept"] + states["broken"])
    return Table(
        columns=columns,
        rows=tuple(rows),
        foot=tuple(foot),
        bars=tuple(
            Bar(
                label=row[0],
                value=Decimal(sum(row[1:5])),
                words=f"联系 {sum(row[1:5])} 次，有效 {row[5]} 次",
            )
            for row in rows
        ),
        notes=(
            "有效联系：无人接听、号码错误以外的联系。",
            "兑现率 = 兑现 ÷（兑现 + 未兑现）；未到期的承诺不计。",
            "不合规联系见规则 R-L01 至 R-L03，应逐笔复核。",
        ),
        links=tuple("/collection" for _row in rows),
    )


def complaints(uow: UnitOfWork, wanted: Wanted) -> Table:
    """Return the complaints received in the period with their day of answer."""
    columns = (
        Column(label="编号", kind=Kind.CODE, width=16),
        Column(label="借据号", kind=Kind.CODE, width=18),
        Column(label="机构", width=16),
        Column(label="收到日", kind=Kind.DAY, width=12),
        Column(label="类型", width=8),
        Column(label="答复期限", kind=Kind.DAY, width=12),
        Column(label="答复日", kind=Kind.DAY, width=12),
        Column(label="用时（天）", kind=Kind.COUNT, width=10),
        Column(label="状态", width=12),
        Column(label="处理人", width=12),
    )
    found = uow.session.scalars(
        select(Complaint)
        .where(
            *within(uow, wanted, Complaint.loan_id),
            Complaint.received_on >= wanted.since,
            Complaint.received_on <= wanted.until,
        )
        .order_by(Complaint.received_on, Complaint.id)
    ).all()
    numbers = loans.numbers_of(uow, {row.loan_id for row in found})
    places = branches.names(uow.session)
    who = people.names_of(uow, {row.handler for row in found})
    rows = [
        (
            row.complaint_no,
            numbers[row.loan_id],
            places.get(row.branch_id, ""),
            row.received_on,
            "复杂" if row.is_complex else "一般",
            row.answer_by,
            row.answered_on,
            (row.answered_on - row.received_on).days if row.answered_on else None,
            _complaint_state(row, wanted),
            who[row.handler],
        )
        for row in found
    ]
    states = Counter(str(row[8]) for row in rows)
    ended = states["按期答复"] + states["超期答复"] + states["超期未答复"]
    rate = share(states["按期答复"], ended)
    return Table(
        columns=columns,
        rows=tuple(rows),
        bars=tuple(
            Bar(label=name, value=Decimal(states[name]), words=f"{states[name]} 件")
            for name in ("按期答复", "超期答复", "超期未答复", "办理中")
        ),
        notes=(
            (
                f"共 {len(rows)} 件，及时率 {f'{rate}%' if rate is not None else '—'}"
                "（按期答复 ÷ 已到期限）。"
            ),
            "一般 15 日、复杂 30 日内答复，经批准可再延长 30 日（R-L10）。",
        ),
        links=tuple(f"/loans/{row[1]}/collection" for row in rows),
    )


def _complaint_state(row: Complaint, wanted: Wanted) -> str:
    if row.answered_on is not None and row.answered_on <= wanted.until:
        return "按期答复" if row.answered_on <= row.answer_by else "超期答复"
    return "超期未答复" if row.answer_by < wanted.until else "办理中"


def inspections(uow: UnitOfWork, wanted: Wanted) -> Table:
    """Return for each branch and kind what fell due in the period and what was done."""
    columns = (
        Column(label="机构", width=18),
        Column(label="类型", width=12),
        Column(label="应完成", kind=Kind.COUNT, width=10),
        Column(label="已完成", kind=Kind.COUNT, width=10),
        Column(label="按期完成", kind=Kind.COUNT, width=10),
        Column(label="未完成", kind=Kind.COUNT, width=10),
        Column(label="完成率", kind=Kind.PERCENT, width=10),
        Column(label="计划外检查", kind=Kind.COUNT, width=12),
    )
    made = uow.session.scalars(
        select(Inspection)
        .where(
            *within(uow, wanted, Inspection.loan_id),
            Inspection.made_on >= wanted.since,
            Inspection.made_on <= wanted.until,
        )
        .order_by(Inspection.id)
    ).all()
    left = uow.session.execute(
        select(Planned.branch_id, Planned.kind, func.count())
        .where(*within(uow, wanted, Planned.loan_id), Planned.due_on <= wanted.until)
        .group_by(Planned.branch_id, Planned.kind)
        .order_by(Planned.branch_id, Planned.kind)
    ).all()
    open_ = {(branch, kind): count for branch, kind, count in left}
    planned = Counter((row.branch_id, row.kind) for row in made if row.due_on is not None)
    in_time = Counter(
        (row.branch_id, row.kind) for row in made if row.due_on and row.made_on <= row.due_on
    )
    extra = Counter((row.branch_id, row.kind) for row in made if row.due_on is None)
    places, order = branches.names(uow.session), [str(kind) for kind in InspectionKind]
    keys = sorted(
        set(open_) | set(planned) | set(extra), key=lambda key: (key[0], order.index(key[1]))
    )
    rows = [
        (
            places.get(key[0], ""),
            key[1],
            planned[key] + open_.get(key, 0),
            planned[key],
            in_time[key],
            open_.get(key, 0),
            share(planned[key], planned[key] + open_.get(key, 0)),
            extra[key],
        )
        for key in keys
    ]
    foot = list(sums(columns, rows))
    foot[6] = share(sum(row[3] for row in rows), sum(row[2] for row in rows))
    by_place: dict[str, list[int]] = {}
    for row in rows:
        both = by_place.setdefault(row[0], [0, 0])
        both[0] += row[3]
        both[1] += row[2]
    return Table(
        columns=columns,
        rows=tuple(rows),
        foot=tuple(foot),
        bars=tuple(
            Bar(label=name, value=share(done, due) or ZERO, words=f"{done} / {due}")
            for name, (done, due) in by_place.items()
        ),
        notes=(
            "未完成：期末以前应完成而尚未完成的检查，含以前各期结转。",
            "计划间隔为本行设置的常见做法（R-G06，参考）。",
        ),
        links=tuple("/inspections" for _row in rows),
    )


def signals(uow: UnitOfWork, wanted: Wanted) -> Table:
    """Return the risk signals found in the period by kind, and how they were closed."""
    columns = (
        Column(label="类型", width=14),
        Column(label="新发现", kind=Kind.COUNT, width=10),
        Column(label="按期关闭", kind=Kind.COUNT, width=10),
        Column(label="超期关闭", kind=Kind.COUNT, width=10),
        Column(label="未到期", kind=Kind.COUNT, width=10),
        Column(label="超期未关闭", kind=Kind.COUNT, width=12),
        Column(label="按期率", kind=Kind.PERCENT, width=10),
    )
    found = uow.session.scalars(
        select(Signal)
        .where(
            *within(uow, wanted, Signal.loan_id),
            Signal.found_on >= wanted.since,
            Signal.found_on <= wanted.until,
        )
        .order_by(Signal.id)
    ).all()
    rows = []
    for kind in sorted({row.kind for row in found}):
        states = Counter(_signal_state(row, wanted) for row in found if row.kind == kind)
        ended = states["in_time"] + states["late"] + states["open_late"]
        rows.append(
            (
                kind,
                states.total(),
                states["in_time"],
                states["late"],
                states["open"],
                states["open_late"],
                share(states["in_time"], ended),
            )
        )
    foot = list(sums(columns, rows))
    foot[6] = share(sum(row[2] for row in rows), sum(row[2] + row[3] + row[5] for row in rows))
    return Table(
        columns=columns,
        rows=tuple(rows),
        foot=tuple(foot),
        bars=tuple(
            Bar(
                label=row[0],
                value=Decimal(row[1]),
                words=f"{row[1]} 个，未关闭 {row[4] + row[5]}",
            )
            for row in rows
        ),
        notes=("信号发现后五个工作日内完成专项检查（R-G06，参考）。",),
        links=tuple(f"/signals?kind={row[0]}" for row in rows),
    )


def _signal_state(row: Signal, wanted: Wanted) -> str:
    if row.closed_on is not None and row.closed_on <= wanted.until:
        return "in_time" if row.closed_on <= row.due_on else "late"
    return "open_late" if row.due_on < wanted.until else "open"


def within(
    uow: UnitOfWork, wanted: Wanted, loan_id: InstrumentedAttribute[int]
) -> Iterable[ColumnElement[bool]]:
    """Return the condition: of the loans of the report."""
    return (loan_id.in_(loans.ids_in_branch(uow, wanted.branch_id)),)
