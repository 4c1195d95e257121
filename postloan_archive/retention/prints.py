"""鉴定表 and 销毁清册 as Word: what is signed is a paper that can be edited and printed."""

from collections.abc import Sequence

from postloan_archive.access import users
from postloan_archive.kernel.clock import CHINA
from postloan_archive.retention.models import DisposalList
from postloan_archive.retention.rules.periods import CLASS_WORDS, sentence_of
from postloan_archive.retention.standing import Standing
from postloan_archive.uow import UnitOfWork
from postloan_archive.wordgen import WordTable, write_table

SIGNATURES = "签字：____________________　　日期：________年____月____日"


def appraisal_paper(uow: UnitOfWork, rows: Sequence[Standing]) -> bytes:
    """Return 档案鉴定表: one line a loan file, with room for the appraisers."""
    now = uow.clock.now().astimezone(CHINA)
    who = uow.actor.display_name or uow.actor.name
    return write_table(
        WordTable(
            title="信贷档案鉴定表",
            lines=(
                f"{uow.settings.institution}　制表 {who}　{now:%Y-%m-%d %H:%M}",
                _sum(rows),
            ),
            headings=(
                "序号",
                "档号",
                "客户",
                "借据号",
                "起算日",
                "期限",
                "届满日",
                "件数",
                "页数",
                "阻却事由",
                "鉴定意见",
            ),
            numeric=(True, *(False,) * 6, True, True, False, False),
            rows=[
                (
                    str(at),
                    row.loan.archive_no,
                    row.loan.customer.name,
                    row.loan.loan_no,
                    str(row.period.value.started_from or "—"),
                    _years(row.period.value.classes[0][1])
                    + f"（{CLASS_WORDS[row.period.value.classes[0][0]]}）",
                    str(row.period.value.end or "—"),
                    str(row.pieces),
                    str(row.pages),
                    sentence_of(row.blocks) or "无",
                    row.appraisal.opinion if row.appraisal else "",
                )
                for at, row in enumerate(rows, start=1)
            ],
            notes=(
                "保管期限自结清次年 1 月 1 日起算，取适用期限中最长者（R-I07，参考）。",
                "期满须经鉴定方可销毁或延期（档案法实施条例第二十四条，R-I08）。",
                f"鉴定人员 {SIGNATURES}",
                f"档案部门负责人 {SIGNATURES}",
            ),
        )
    )


def disposal_paper(uow: UnitOfWork, row: DisposalList) -> bytes:
    """Return 销毁清册: every paper with its digests, who decided, the lines for signatures."""
    names = users.display_names(uow)
    papers = [
        (
            line.facts["archive_no"],
            line.facts["customer"],
            line.facts["loan_no"],
            line.facts["ended_on"],
            paper,
        )
        for line in row.lines
        for paper in line.facts["papers"]
    ]

    def who(name: str) -> str:
        return names.get(name, name) or "—"

    return write_table(
        WordTable(
            title=f"信贷档案销毁清册 {row.list_no}",
            lines=(
                f"{uow.settings.institution}　{len(row.lines)} 卷 {len(papers)} 件",
                f"销毁理由：{row.reason}",
                "　".join(
                    f"{label} {who(name)}"
                    for label, name in (
                        ("造册", row.proposed_by),
                        ("审批", row.approved_by),
                        ("监销", row.supervised_by),
                        ("执行", row.executed_by),
                    )
                ),
                f"清册摘要 SHA-256：{row.digest}",
            ),
            headings=(
                "序号",
                "档号",
                "客户",
                "借据号",
                "期满日",
                "件号",
                "件类",
                "题名",
                "页数",
                "摘要（各版本）",
            ),
            numeric=(True, *(False,) * 4, True, False, False, True, False),
            rows=[
                (
                    str(at),
                    archive_no,
                    customer,
                    loan_no,
                    ended_on,
                    str(paper["piece"]),
                    paper["item"],
                    paper["title"],
                    str(paper["pages"]),
                    "\n".join(f"{one[:16]}…{one[-8:]}" for one in paper["digests"]),
                )
                for at, (archive_no, customer, loan_no, ended_on, paper) in enumerate(
                    papers, start=1
                )
            ],
            notes=(
                "本清册永久保存。审批和监销均以上述摘要为准，内容有变即须重新造册。",
                f"造册人 {SIGNATURES}",
                f"审批人 {SIGNATURES}",
                f"监销人 {SIGNATURES}",
                f"执行人 {SIGNATURES}",
            ),
        )
    )


def _years(years: int | None) -> str:
    return "永久" if years is None else f"{years} 年"


def _sum(rows: Sequence[Standing]) -> str:
    pieces, pages = sum(row.pieces for row in rows), sum(row.pages for row in rows)
    return f"共 {len(rows)} 卷，{pieces} 件，{pages} 页"
