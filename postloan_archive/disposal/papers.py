"""The paper that a proposal is decided on, and the data that a buyer of claims is given."""

import hashlib
import io
import zipfile
from collections.abc import Iterator
from datetime import datetime
from typing import Final

from postloan_archive.access import branches, people
from postloan_archive.archive import queries as archive
from postloan_archive.archive import service as documents
from postloan_archive.archive.service import FileMade
from postloan_archive.disposal.errors import ClaimNoticeError
from postloan_archive.disposal.models import Disposal, DisposalLoan, DisposalPaper
from postloan_archive.disposal.rules import (
    BASIS_OF,
    ITEM_OF,
    KIND_WORDS,
    STATE_WORDS,
    Kind,
    State,
)
from postloan_archive.disposal.terms import shown
from postloan_archive.kernel.clock import CHINA
from postloan_archive.loans import queries as loans
from postloan_archive.sheets import Column, Table, sums, workbook
from postloan_archive.sheets import Kind as Cells
from postloan_archive.uow import UnitOfWork
from postloan_archive.wordgen import Grid, Paper, Words, write_paper

GIVEN: Final = frozenset(
    {"YJ", "QZ", "BQ"}
)  # categories that a buyer needs; no reports of ours
DEBTS: Final = (
    Column(label="借据号", kind=Cells.CODE, width=18),
    Column(label="客户", width=24),
    Column(label="合同号", kind=Cells.CODE, width=26),
    Column(label="本金（元）", kind=Cells.YUAN, width=18),
    Column(label="利息（元）", kind=Cells.YUAN, width=16),
    Column(label="罚息（元）", kind=Cells.YUAN, width=16),
    Column(label="复利（元）", kind=Cells.YUAN, width=16),
    Column(label="合计（元）", kind=Cells.YUAN, width=18),
    Column(label="逾期天数", kind=Cells.COUNT, width=10),
    Column(label="分类", kind=Cells.CODE, width=8),
    Column(label="保证人", width=24),
    Column(label="押品", width=36),
)


def approval_sheet(uow: UnitOfWork, row: Disposal) -> bytes:
    """Return the sheet as .docx: what is proposed, what is owed, who decided."""
    kind = Kind(row.kind)
    who = people.names_of(uow, {row.proposed_by, row.decided_by, row.executed_by})
    lines = [
        ("处置方式", KIND_WORDS[kind]),
        ("理由", row.reason),
        *_debts(uow, row),
        *shown(kind, row.terms),
        *((f"测算说明 {at}", str(note)) for at, note in enumerate(row.notes, start=1)),
        ("提出人、时间", f"{who[row.proposed_by]}　{_moment(row.proposed_at)}"),
        ("审批状态", STATE_WORDS[State(row.state)]),
    ]
    if row.decided_at:
        words = f"　{row.decision}" if row.decision else ""
        lines.append(
            ("审批人、时间", f"{who[row.decided_by]}　{_moment(row.decided_at)}{words}")
        )
    if row.executed_on:
        lines.append(("执行", f"{row.executed_on}　{who[row.executed_by]}"))
    lines += [(f"执行结果 {at}", str(one)) for at, one in enumerate(row.effects, start=1)]
    basis = "、".join(str(one) for one in BASIS_OF.get(kind, ()))
    place = branches.name_of(uow, row.branch_id)
    return write_paper(
        Paper(
            blocks=(
                Words(text=f"{KIND_WORDS[kind]}审批表", size=18, bold=True, centred=True),
                Words(text=f"编号 {row.disposal_no}　机构 {place}", space_mm=3),
                *((Words(text=f"依据：{basis}", size=9, space_mm=1),) if basis else ()),
                Grid(widths=(46, 121), headings=("项目", "内容"), rows=lines, height=7),
                Words(
                    text="提出人签字：　　　　　　　　审批人签字：　　　　　　　　日期：",
                    space_mm=8,
                ),
            ),
            footer=f"{KIND_WORDS[kind]}审批表 {row.disposal_no}",
        )
    )


def file_sheet(uow: UnitOfWork, row: Disposal) -> DisposalPaper:
    """File the sheet as it stands into the loan file of the first loan."""
    now = uow.clock.now()
    title = f"{KIND_WORDS[Kind(row.kind)]}审批表"
    document = documents.file_made(
        uow,
        FileMade(
            loan_id=row.loans[0].loan_id,
            item_code=ITEM_OF[Kind(row.kind)],
            name=f"{title}-{row.disposal_no}-{now.astimezone(CHINA):%Y%m%d%H%M%S}.docx",
            title=f"{title}（{row.disposal_no}）",
            stream=io.BytesIO(approval_sheet(uow, row)),
            doc_no=row.disposal_no,
            author=uow.actor.display_name or uow.actor.name,
            doc_date=uow.clock.today(),
        ),
    )
    paper = DisposalPaper(document_id=document.id, role="approval_sheet", added_at=now)
    row.papers.append(paper)
    uow.record(
        "disposal.sheet_filed",
        f"disposal:{row.id}",
        disposal_no=row.disposal_no,
        document=document.id,
        sha256=document.sha256,
    )
    return paper


def debts_table(uow: UnitOfWork, row: Disposal) -> Table:
    """Return the claims of a proposal, one a line, as of their day."""
    rows = []
    for line in row.loans:
        loan = loans.get_loan_by_id(uow, line.loan_id)
        rows.append(
            (
                loan.loan_no,
                loan.customer.name,
                loan.contract.contract_no,
                line.principal,
                line.interest,
                line.penalty,
                line.compound,
                line.principal + line.interest + line.penalty + line.compound,
                line.overdue_days,
                line.risk_class,
                "、".join(one.guarantor.name for one in loan.guarantees),
                "；".join(one.description for one in loan.collateral),
            )
        )
    foot = list(sums(DEBTS, rows))
    foot[8] = None  # days are not added up
    return Table(
        columns=DEBTS,
        rows=tuple(rows),
        foot=tuple(foot),
        notes=(f"金额计算至 {row.loans[0].as_of}（不含）。",),
        links=tuple(f"/loans/{cells[0]}" for cells in rows),
    )


def data_package(uow: UnitOfWork, row: Disposal) -> bytes:
    """Return the data of sold claims as a zip: list, papers by loan, digests of all members.

    Only what belongs to the claim goes out; the identity of who took it is in the trail.

    Raises:
        ClaimNoticeError: it is no transfer.
    """
    if Kind(row.kind) is not Kind.TRANSFER:
        raise ClaimNoticeError(needs=KIND_WORDS[Kind.TRANSFER])
    now = uow.clock.now()
    who = uow.actor.display_name or uow.actor.name
    members: dict[str, bytes] = {
        "债权清单.xlsx": workbook(
            debts_table(uow, row),
            title="债权清单",
            line=f"{row.disposal_no}　受让人 {row.terms['transferee']}　"
            f"制作人 {who}　{_moment(now)}",
        ),
        "审批表.docx": approval_sheet(uow, row),
    }
    for line in row.loans:
        members.update(_papers_of(uow, line))
    digests = "".join(
        f"{hashlib.sha256(data).hexdigest()}  {name}\n" for name, data in members.items()
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, data in [*members.items(), ("SHA256SUMS.txt", digests.encode())]:
            package.writestr(name, data)
    uow.record(
        "disposal.package_made",
        f"disposal:{row.id}",
        disposal_no=row.disposal_no,
        transferee=row.terms["transferee"],
        members=len(members),
        sha256=hashlib.sha256(out.getvalue()).hexdigest(),
    )
    return out.getvalue()


def _papers_of(uow: UnitOfWork, line: DisposalLoan) -> Iterator[tuple[str, bytes]]:
    loan = loans.get_loan_by_id(uow, line.loan_id)
    for paper in archive.documents_of(uow, loan.id):
        if paper.item_code[:2] not in GIVEN:
            continue
        ending = paper.filename.rpartition(".")[2] if "." in paper.filename else "bin"
        name = f"{loan.loan_no}/{paper.item_code}-{paper.id}-{_plain(paper.title)}.{ending}"
        yield name, uow.vault.read(paper.sha256)


def _debts(uow: UnitOfWork, row: Disposal) -> Iterator[tuple[str, str]]:
    for line in row.loans:
        loan = loans.get_loan_by_id(uow, line.loan_id)
        total = line.principal + line.interest + line.penalty + line.compound
        yield (
            f"{loan.loan_no} {loan.customer.name}",
            (
                f"截至 {line.as_of} 本金 {line.principal:,}、利息 {line.interest:,}、"
                f"罚息 {line.penalty:,}、复利 {line.compound:,}，合计 {total:,} 元；"
                f"逾期 {line.overdue_days} 天，{line.risk_class}"
            ),
        )


def _moment(at: datetime) -> str:
    return at.astimezone(CHINA).strftime("%Y-%m-%d %H:%M")


def _plain(text: str) -> str:
    return "".join(sign if sign.isalnum() or sign in "-_（）" else "_" for sign in text)[:60]
