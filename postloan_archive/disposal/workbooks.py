"""Lists of disposal as workbooks."""

from typing import Final

from postloan_archive.access import branches
from postloan_archive.disposal import queries
from postloan_archive.disposal.queries import Asked
from postloan_archive.disposal.rules import (
    ASSET_WORDS,
    KIND_WORDS,
    STATE_WORDS,
    AssetKind,
    State,
)
from postloan_archive.disposal.rules import Kind as What
from postloan_archive.kernel.clock import CHINA
from postloan_archive.loans.receipts import AskedReceipts, receipts
from postloan_archive.sheets import XLSX, Column, Kind, Table, sums, workbook
from postloan_archive.uow import UnitOfWork

MEDIA_TYPE: Final = XLSX


def made_line(uow: UnitOfWork) -> str:
    """Return who made the workbook and when."""
    when = uow.clock.now().astimezone(CHINA).strftime("%Y-%m-%d %H:%M")
    return f"导出人 {uow.actor.display_name or uow.actor.name}　导出时间 {when}"


def list_workbook(uow: UnitOfWork, asked: Asked) -> bytes:
    """Return the proposals of the filter as .xlsx; the export is recorded."""
    columns = (
        Column(label="编号", kind=Kind.CODE, width=16),
        Column(label="方式", width=12),
        Column(label="状态", width=14),
        Column(label="客户", width=24),
        Column(label="借据号", kind=Kind.CODE, width=24),
        Column(label="机构", width=16),
        Column(label="债权合计（元）", kind=Kind.YUAN, width=18),
        Column(label="提出人", width=12),
        Column(label="提出日", kind=Kind.DAY, width=12),
        Column(label="审批人", width=12),
        Column(label="审批日", kind=Kind.DAY, width=12),
        Column(label="执行日", kind=Kind.DAY, width=12),
        Column(label="理由", width=40),
    )
    rows = []
    for found in queries.listed(uow, asked):
        row = found.disposal
        rows.append(
            (
                row.disposal_no,
                KIND_WORDS[What(row.kind)],
                STATE_WORDS[State(row.state)],
                found.customers,
                "、".join(found.loan_nos),
                found.branch,
                found.total,
                found.proposed_by,
                row.proposed_at.astimezone(CHINA).date(),
                found.decided_by,
                row.decided_at.astimezone(CHINA).date() if row.decided_at else None,
                row.executed_on,
                row.reason,
            )
        )
    table = Table(columns=columns, rows=tuple(rows), foot=sums(columns, rows))
    uow.record("disposal.list_exported", "disposals", rows=len(rows))
    return workbook(table, title="资产处置", line=made_line(uow))


def assets_workbook(uow: UnitOfWork, *, held_only: bool) -> bytes:
    """Return the assets as .xlsx; the export is recorded."""
    columns = (
        Column(label="资产", width=36),
        Column(label="种类", width=10),
        Column(label="借据号", kind=Kind.CODE, width=18),
        Column(label="抵债依据", width=28),
        Column(label="取得日", kind=Kind.DAY, width=12),
        Column(label="抵债金额（元）", kind=Kind.YUAN, width=18),
        Column(label="处分期限", kind=Kind.DAY, width=12),
        Column(label="保管人", width=12),
        Column(label="处置日", kind=Kind.DAY, width=12),
        Column(label="处置价款（元）", kind=Kind.YUAN, width=18),
        Column(label="受让人", width=20),
    )
    rows = [
        (
            row.description,
            ASSET_WORDS[AssetKind(row.kind)],
            loan_no,
            row.source,
            row.acquired_on,
            row.value,
            row.sell_by,
            row.keeper,
            row.sold_on,
            row.price,
            row.sold_to,
        )
        for row, loan_no in queries.assets(uow, held_only=held_only)
    ]
    table = Table(
        columns=columns,
        rows=tuple(rows),
        foot=sums(columns, rows),
        notes=("抵债不动产和股权应自取得之日起二年内处分（商业银行法第42条第2款）。",),
    )
    uow.record("disposal.assets_exported", "foreclosed_assets", rows=len(rows))
    return workbook(table, title="抵债资产台账", line=made_line(uow))


def receipts_workbook(uow: UnitOfWork, asked: AskedReceipts) -> bytes:
    """Return the money that came in as .xlsx; the export is recorded."""
    columns = (
        Column(label="到账日", kind=Kind.DAY, width=12),
        Column(label="借据号", kind=Kind.CODE, width=18),
        Column(label="客户", width=24),
        Column(label="机构", width=16),
        Column(label="渠道", width=12),
        Column(label="金额（元）", kind=Kind.YUAN, width=16),
        Column(label="费用（元）", kind=Kind.YUAN, width=14),
        Column(label="本金（元）", kind=Kind.YUAN, width=16),
        Column(label="利息（元）", kind=Kind.YUAN, width=14),
        Column(label="罚息（元）", kind=Kind.YUAN, width=14),
        Column(label="复利（元）", kind=Kind.YUAN, width=14),
        Column(label="付款人", width=20),
        Column(label="凭证号", kind=Kind.CODE, width=20),
    )
    places = branches.names(uow.session)
    rows = [
        (
            row.paid_on,
            row.loan_no,
            row.customer,
            places.get(row.branch_id, ""),
            row.channel,
            row.amount,
            row.to_costs,
            row.to_principal,
            row.to_interest,
            row.to_penalty,
            row.to_compound,
            row.payer,
            row.receipt_no,
        )
        for row in receipts(uow, asked)
    ]
    table = Table(
        columns=columns,
        rows=tuple(rows),
        foot=sums(columns, rows),
        notes=("减免不是回款，不在此列。",),
    )
    uow.record(
        "disposal.receipts_exported",
        "payments",
        since=asked.since.isoformat(),
        until=asked.until.isoformat(),
        rows=len(rows),
    )
    return workbook(
        table, title="回款明细", line=f"{asked.since} 至 {asked.until}　{made_line(uow)}"
    )
