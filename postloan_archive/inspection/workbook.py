"""The classes of a month and the register of collateral as workbooks."""

from collections.abc import Mapping

from postloan_archive.access import branches, people
from postloan_archive.inspection import lists, queries
from postloan_archive.inspection.lists import AskedDue, AskedSignals
from postloan_archive.inspection.queries import AskedClasses, intervals_of, revalue_by
from postloan_archive.kernel.clock import CHINA
from postloan_archive.loans import collateral
from postloan_archive.loans.collateral import AskedCollateral
from postloan_archive.sheets import Column, Kind, Table, workbook
from postloan_archive.uow import UnitOfWork


def classes(
    uow: UnitOfWork, month: str, asked: AskedClasses, states: Mapping[str, str]
) -> bytes:
    """Return the classes of a month as .xlsx; the export is recorded."""
    columns = (
        Column(label="借款人", width=24),
        Column(label="借据号", kind=Kind.CODE, width=18),
        Column(label="机构", width=16),
        Column(label="现分类", kind=Kind.CODE, width=8),
        Column(label="下限", kind=Kind.CODE, width=8),
        Column(label="建议", kind=Kind.CODE, width=8),
        Column(label="认定", kind=Kind.CODE, width=8),
        Column(label="状态", width=10),
        Column(label="认定人", width=12),
        Column(label="审批人", width=12),
        Column(label="认定理由", width=30),
        Column(label="规则理由", width=60),
    )
    found = queries.decisions(uow, month, asked=asked, limit=None)
    who = people.names_of(
        uow, {name for row, _h in found for name in (row.decided_by, row.approved_by)}
    )
    rows = [
        (
            heading.customer,
            heading.loan_no,
            heading.branch,
            row.before,
            row.floor,
            row.proposed,
            row.decided,
            states[row.state],
            who[row.decided_by],
            who[row.approved_by],
            row.why,
            "；".join(str(one) for one in row.reasons),
        )
        for row, heading in found
    ]
    uow.record("inspection.classes_exported", f"month:{month}", rows=len(rows))
    table = Table(columns=columns, rows=tuple(rows))
    return workbook(table, title=f"五级分类认定 {month}", line=_made(uow))


def register(uow: UnitOfWork, asked: AskedCollateral, kinds: Mapping[str, str]) -> bytes:
    """Return the register of collateral as .xlsx; the export is recorded."""
    columns = (
        Column(label="借据号", kind=Kind.CODE, width=18),
        Column(label="借款人", width=24),
        Column(label="机构", width=16),
        Column(label="种类", width=12),
        Column(label="押品", width=36),
        Column(label="权证编号", kind=Kind.CODE, width=24),
        Column(label="登记证明", kind=Kind.CODE, width=24),
        Column(label="登记日", kind=Kind.DAY, width=12),
        Column(label="登记到期", kind=Kind.DAY, width=12),
        Column(label="价值（元）", kind=Kind.YUAN, width=18),
        Column(label="评估日", kind=Kind.DAY, width=12),
        Column(label="应重估日", kind=Kind.DAY, width=12),
        Column(label="保险到期", kind=Kind.DAY, width=12),
        Column(label="贷款余额（元）", kind=Kind.YUAN, width=18),
        Column(label="抵质押率", kind=Kind.PERCENT, width=10),
    )
    places, intervals = branches.names(uow.session), intervals_of(uow)
    rows = [
        (
            row.loan_no,
            row.customer,
            places.get(row.branch_id, ""),
            kinds.get(row.kind, row.kind),
            row.description,
            row.certificate_no,
            row.registration_no,
            row.registered_on,
            row.registered_until,
            row.value,
            row.valued_on,
            revalue_by(row.kind, row.valued_on, intervals),
            row.insured_until,
            row.balance,
            row.ltv,
        )
        for row in collateral.register(uow, asked)
    ]
    uow.record("inspection.collateral_exported", "collateral", rows=len(rows))
    table = Table(
        columns=columns,
        rows=tuple(rows),
        notes=("抵质押率 = 贷款余额 ÷ 该笔贷款全部押品价值；重估间隔见 R-G06（参考）。",),
    )
    return workbook(table, title="押品台账", line=_made(uow))


def _made(uow: UnitOfWork) -> str:
    when = uow.clock.now().astimezone(CHINA).strftime("%Y-%m-%d %H:%M")
    return f"导出人 {uow.actor.display_name or uow.actor.name}　导出时间 {when}"


def plan(uow: UnitOfWork, asked: AskedDue) -> bytes:
    """Return the inspections of the filter as .xlsx; the export is recorded."""
    columns = (
        Column(label="应检查日", kind=Kind.DAY, width=12),
        Column(label="剩余天数", kind=Kind.COUNT, width=10),
        Column(label="类型", width=12),
        Column(label="借款人", width=24),
        Column(label="借据号", kind=Kind.CODE, width=18),
        Column(label="机构", width=16),
        Column(label="依据", width=40),
    )
    rows = [
        (row.due_on, row.left, row.kind, row.customer, row.loan_no, row.branch, row.reason)
        for row in lists.due_inspections(uow, asked, limit=None)
    ]
    uow.record("inspection.plan_exported", "inspections", rows=len(rows))
    return workbook(
        Table(columns=columns, rows=tuple(rows)),
        title=f"检查计划 至 {asked.until}",
        line=f"{_made(uow)}　共 {len(rows)} 项",
    )


def signals(uow: UnitOfWork, asked: AskedSignals) -> bytes:
    """Return the signals of the filter as .xlsx; the export is recorded."""
    columns = (
        Column(label="借款人", width=24),
        Column(label="借据号", kind=Kind.CODE, width=18),
        Column(label="机构", width=16),
        Column(label="类型", width=10),
        Column(label="内容", width=40),
        Column(label="来源", width=8),
        Column(label="发现日", kind=Kind.DAY, width=12),
        Column(label="应处理日", kind=Kind.DAY, width=12),
        Column(label="责任人", width=12),
        Column(label="措施", width=36),
        Column(label="关闭日", kind=Kind.DAY, width=12),
        Column(label="关闭理由", width=30),
    )
    found = lists.signals(uow, asked, limit=None)
    who = people.names_of(uow, {row.owner for row, _head in found})
    rows = [
        (
            head.customer,
            head.loan_no,
            head.branch,
            row.kind,
            row.text,
            "规则" if row.source == "rule" else "人工",
            row.found_on,
            row.due_on,
            who[row.owner] if row.owner else None,
            row.measure or None,
            row.closed_on,
            row.closed_why or None,
        )
        for row, head in found
    ]
    uow.record("inspection.signals_exported", "risk_signals", rows=len(rows))
    return workbook(
        Table(columns=columns, rows=tuple(rows)),
        title="风险信号",
        line=f"{_made(uow)}　共 {len(rows)} 个",
    )
