"""Working papers of the auditor: one table each, as workbook and as Word."""

from collections.abc import Mapping, Sequence
from typing import Any

from postloan_archive.assurance.checking import OCCASIONS, Checked
from postloan_archive.assurance.evidence import Link
from postloan_archive.assurance.models import AuditSample
from postloan_archive.assurance.oddities import KINDS, Oddity
from postloan_archive.assurance.rules.properties import (
    ITEMS,
    PROPERTY_WORDS,
    Item,
    Weight,
)
from postloan_archive.assurance.sampling import METHODS
from postloan_archive.kernel.clock import CHINA
from postloan_archive.loans.models import Loan
from postloan_archive.sheets import Cell, Column, Kind, Table, text_of
from postloan_archive.wordgen import WordTable, write_table

SIGN = "签字：____________________　　日期：________年____月____日"


def evidence_table(links: Sequence[Link], names: Mapping[str, str]) -> Table:
    """Return 证据链: claim → paper → digest and last check → arrival → uses → chain number."""
    return Table(
        columns=(
            Column(label="事实", width=34),
            Column(label="日期", kind=Kind.DAY, width=12),
            Column(label="件类", kind=Kind.CODE, width=8),
            Column(label="证明文件", width=30),
            Column(label="页数", kind=Kind.COUNT, width=7),
            Column(label="SHA-256", kind=Kind.CODE, width=30),
            Column(label="最近核对", width=18),
            Column(label="入库", width=26),
            Column(label="查看", kind=Kind.COUNT, width=7),
            Column(label="打印", kind=Kind.COUNT, width=7),
            Column(label="导出", kind=Kind.COUNT, width=7),
            Column(label="链号", kind=Kind.COUNT, width=9),
            Column(label="核验", width=22),
        ),
        rows=tuple(
            (
                link.claim.words,
                link.claim.day,
                link.item,
                link.title,
                link.pages if link.document_id else None,
                link.sha256,
                _moment(link.checked_at) or ("待核对" if link.document_id else ""),
                _arrival(link, names),
                *(link.uses if link.document_id else (None, None, None)),
                link.seq,
                verdict_of(link),
            )
            for link in links
        ),
        notes=("链号为入库审计记录在全链中的序号；“已签署”指签名检查点覆盖该条。",),
    )


def _arrival(link: Link, names: Mapping[str, str]) -> str:
    if link.document_id is None:
        return ""
    return f"{names.get(link.added_by, link.added_by)} {_moment(link.added_at)} {link.source}"


def verdict_of(link: Link) -> str:
    """Return what the chain says of a row, in words."""
    if link.gap:
        return f"断开：{link.gap}"
    return "相符，已签署" if link.signed else "相符，待签署"


def sample_table(
    row: AuditSample, found: Mapping[int, Loan], names: Mapping[str, str]
) -> Table:
    """Return the working paper of a sample."""
    return Table(
        columns=(
            Column(label="序号", kind=Kind.COUNT, width=6),
            Column(label="借据号", kind=Kind.CODE, width=18),
            Column(label="客户", width=26),
            Column(label="五级分类", width=10),
            Column(label="权重", kind=Kind.COUNT, width=8),
            Column(label="理由", width=44),
            Column(label="审计结论", width=50),
            Column(label="记录人", width=12),
        ),
        rows=tuple(
            (
                line.no,
                found[line.loan_id].loan_no,
                found[line.loan_id].customer.name,
                found[line.loan_id].risk_class,
                line.weight,
                "；".join(line.reasons),
                line.conclusion,
                names.get(line.noted_by, line.noted_by),
            )
            for line in row.lines
        ),
        notes=(
            f"方法：{METHODS[row.method]}；种子 {row.seed}；总体 {row.population} 卷。",
            f"总体摘要 {row.population_sha}。",
            "用同一种子、同一总体重新抽取，结果相同。",
        ),
    )


def oddity_table(rows: Sequence[Oddity], names: Mapping[str, str]) -> Table:
    """Return the working paper of access oddities."""
    return Table(
        columns=(
            Column(label="日期", kind=Kind.DAY, width=12),
            Column(label="种类", width=12),
            Column(label="人员", width=18),
            Column(label="次数", kind=Kind.COUNT, width=8),
            Column(label="本人通常", kind=Kind.COUNT, width=10),
        ),
        rows=tuple(
            (
                row.day,
                str(KINDS[row.kind]),
                names.get(row.actor, row.actor),
                row.count,
                row.usual,
            )
            for row in rows
        ),
        notes=(
            "夜间 22 时至次日 6 时查看或导出 5 次以上；单日查看 100 次以上且超过通常 5 倍；",
            "单日导出 10 次以上；单日被拒 5 次以上。",
        ),
    )


def property_table(checked: Checked) -> Table:
    """Return the findings of a four-property report."""
    return Table(
        columns=(
            Column(label="项目", kind=Kind.CODE, width=7),
            Column(label="性质", width=10),
            Column(label="检测内容", width=30),
            Column(label="对象", width=34),
            Column(label="问题", width=40),
        ),
        rows=tuple(
            (
                one["item"],
                _kind(ITEMS[one["item"]]),
                str(ITEMS[one["item"]].words),
                f"{one['file']} {one['where']}" if one["file"] != one["where"] else one["file"],
                one["message"],
            )
            for one in checked.text["findings"]
            if one["item"] in ITEMS
        ),
        notes=tuple(checked.text["not_looked_at"]),
    )


def _kind(item: Item) -> str:
    words = str(PROPERTY_WORDS[item.property])
    return words if item.weight is Weight.FAULT else f"{words}（提示）"


def property_paper(checked: Checked, name: str) -> bytes:
    """Return a four-property report as Word, with its signature."""
    row = checked.row
    table = property_table(checked)
    passed = "合格" if not row.faults else "不合格"
    return word(
        table,
        title="电子档案四性检测报告",
        lines=(
            f"{checked.text['institution']}　{row.scope}　{OCCASIONS[row.occasion]}检测",
            f"检测 {name}　{_moment(row.made_at)}　案卷 {row.files}　文件 {row.papers}",
            f"结论：{passed}（问题 {row.faults}，提示 {row.warnings}）",
            f"报告摘要 SHA-256 {row.sha256}",
            f"站点密钥 {row.key_id}　签名 {row.signature}",
            "签名核验：相符" if checked.signed else "签名核验：不相符！",
        ),
        more=(f"检测人 {SIGN}", f"复核人 {SIGN}"),
    )


def word(table: Table, *, title: str, lines: Sequence[str], more: Sequence[str] = ()) -> bytes:
    """Return a table as Word."""
    kinds = [column.kind for column in table.columns]
    return write_table(
        WordTable(
            title=title,
            lines=lines,
            headings=[column.label for column in table.columns],
            numeric=[kind is Kind.COUNT for kind in kinds],
            rows=[_texts(row, kinds) for row in table.rows],
            notes=(*table.notes, *more),
        )
    )


def _texts(row: Sequence[Cell], kinds: Sequence[Kind]) -> list[str]:
    return [text_of(cell, kind) for cell, kind in zip(row, kinds, strict=True)]


def _moment(at: Any) -> str:  # noqa: ANN401 - a moment or None
    return f"{at.astimezone(CHINA):%Y-%m-%d %H:%M}" if at is not None else ""
