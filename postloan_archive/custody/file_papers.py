"""卷皮, 卷内目录, 备考表, 盒脊, 标签, 移交清单 of one loan file: their facts, and Word.

The pages print the same facts; what is signed or edited is the Word paper.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from postloan_archive.access import branches
from postloan_archive.archive import contents
from postloan_archive.archive.hit_groups import FORMS
from postloan_archive.archive.rules.numbering import INNER_DIRECTORY
from postloan_archive.custody import queries
from postloan_archive.custody.rows import OriginalRow
from postloan_archive.custody.rules.labels import LOAN_FILE, code_of
from postloan_archive.kernel.clock import CHINA
from postloan_archive.kernel.errors import NotFoundError, _l
from postloan_archive.loans.file_parts import Completeness
from postloan_archive.loans.models import Loan
from postloan_archive.uow import UnitOfWork
from postloan_archive.wordgen import Grid, Paper, Words, write_paper

_PARTS: Final = re.compile(  # as numbered here, or by a site without a fonds (R-I03)
    r"(?:(?P<fonds>[0-9A-Z]{1,8})-)?XD·(?P<year>\d{4})-(?P<period>Y|D\d{1,2})-", re.ASCII
)
SIGN: Final = "____________________"


class NoSuchPaperError(NotFoundError):
    """No paper of a loan file has this name."""

    def __init__(self) -> None:
        super().__init__(_l("没有这种案卷用纸。"))


@dataclass(frozen=True, slots=True, kw_only=True)
class InnerLine:
    """One line of 卷内目录 (R-I03): the columns as the standard names them."""

    no: int
    doc_no: str
    author: str
    title: str
    day: date | None
    pages: str  # from–to, counted through the volume
    note: str

    @property
    def cells(self) -> tuple[str, ...]:
        """Return the line as text."""
        day = self.day.strftime("%Y%m%d") if self.day else ""
        return (str(self.no), self.doc_no, self.author, self.title, day, self.pages, self.note)


@dataclass(frozen=True, slots=True, kw_only=True)
class FileFacts:
    """What the papers of one loan file print."""

    institution: str
    branch: str
    archive_no: str
    code: str  # on labels: the number of the file with a check digit, nothing personal
    fonds: str
    year: str
    period: str  # 永久, or the years
    customer: str
    contract_no: str
    loan_no: str
    product: str
    since: date
    until: date
    lines: tuple[InnerLine, ...]
    pages: int
    missing: tuple[str, ...]
    copies: int
    originals: tuple[OriginalRow, ...]
    made_by: str
    made_on: date
    hides: bool  # some categories are not for this person: the directory is not whole


def facts_of(uow: UnitOfWork, loan: Loan, completeness: Completeness | None) -> FileFacts:
    """Return the facts of a loan file that the actor may see."""
    tree = contents.contents_of(uow, loan.id, completeness)
    lines, last, copies = [], 0, 0
    for at, entry in enumerate(tree.documents, start=1):
        row = entry.document
        assert row is not None  # `documents` leaves the gaps out
        last = max(last, entry.last_page)
        copies += row.form in {"copy", "certified_copy"}
        lines.append(
            InnerLine(
                no=at,
                doc_no=row.doc_no,
                author=row.author,
                title=row.title,
                day=row.doc_date,
                pages=_pages(entry.first_page, entry.last_page),
                note="" if row.form in {"original", "scan"} else str(FORMS[row.form]),
            )
        )
    fonds, year, period = _parts(loan.archive_no)
    return FileFacts(
        institution=uow.settings.institution,
        branch=branches.name_of(uow, loan.branch_id),
        archive_no=loan.archive_no,
        code=code_of(LOAN_FILE, loan.id),
        fonds=fonds,
        year=year or str(loan.disbursed_on.year),
        period=period,
        customer=loan.customer.name,
        contract_no=loan.contract.contract_no,
        loan_no=loan.loan_no,
        product=loan.product,
        since=loan.contract.signed_on,
        until=loan.settled_on or uow.clock.today(),
        lines=tuple(lines),
        pages=last,
        missing=tuple(
            f"{item.code} {item.title}"
            for item in (completeness.missing if completeness else ())
        ),
        copies=copies,
        originals=tuple(queries.originals(uow, loan_id=loan.id)),
        made_by=uow.actor.display_name or uow.actor.name,
        made_on=uow.clock.now().astimezone(CHINA).date(),
        hides=tree.hides,
    )


def inner_directory(facts: FileFacts) -> Paper:
    """Return 卷内目录."""
    return Paper(
        blocks=(
            Words(text="卷 内 目 录", size=18, bold=True, centred=True),
            Words(text=f"档号：{facts.archive_no}　　{facts.customer}", space_mm=2),
            Grid(
                widths=(12, 28, 26, 58, 20, 16, 10),
                headings=INNER_DIRECTORY,
                rows=[line.cells for line in facts.lines],
                numeric=frozenset({0, 5}),
            ),
        ),
        footer="　".join((facts.institution, facts.archive_no, note_lines(facts)[0])),
    )


def note_sheet(facts: FileFacts) -> Paper:
    """Return 备考表: what the volume holds, who formed and checked it."""
    return Paper(
        blocks=(
            Words(text="卷 内 备 考 表", size=18, bold=True, centred=True),
            Words(text=f"档号：{facts.archive_no}", space_mm=4),
            *(
                Words(text=text, size=12, space_mm=4)
                for text in ("本卷情况说明：", *note_lines(facts))
            ),
            Words(text="互见号：", size=12, space_mm=10),
            *(
                Words(text=f"{label}{SIGN}　　　　____年__月__日", size=12, space_mm=10)
                for label in ("立卷人：", "检查人：", "立卷时间：")
            ),
        ),
    )


def note_lines(facts: FileFacts) -> tuple[str, ...]:
    """Return what 备考表 says of the volume."""
    return (
        (
            f"本卷共 {len(facts.lines)} 件，{facts.pages} 页，其中复印件 {facts.copies} 件；"
            f"登记纸质原件 {len(facts.originals)} 件。"
        ),
        f"缺件：{'、'.join(facts.missing)}。" if facts.missing else "必备件齐全。",
    )


def cover(facts: FileFacts) -> Paper:
    """Return 卷皮."""
    pairs = cover_pairs(facts)
    return Paper(
        blocks=(
            Words(text=facts.institution, size=22, bold=True, centred=True, space_mm=18),
            Words(text="信 贷 档 案", size=32, bold=True, centred=True, space_mm=14),
            Words(text=cover_title(facts), size=18, centred=True, space_mm=20),
            Words(text="", size=10, space_mm=16),
            Grid(
                widths=(35, 125),
                headings=pairs[0],
                rows=pairs[1:],
                height=11,
                size=12,
            ),
        ),
        margins=(20, 25, 20, 25),
    )


def cover_title(facts: FileFacts) -> str:
    """Return the title of the volume."""
    return f"{facts.customer}　{facts.contract_no}　{facts.product or '贷款'}案卷"


def cover_pairs(facts: FileFacts) -> tuple[tuple[str, str], ...]:
    """Return the fields of 卷皮 with their values."""
    return (
        ("档　　号", facts.archive_no),
        ("机　　构", facts.branch),
        ("客　　户", facts.customer),
        ("合同编号", facts.contract_no),
        ("借据编号", facts.loan_no),
        ("起止日期", f"{facts.since:%Y年%m月%d日} 至 {facts.until:%Y年%m月%d日}"),
        ("件数页数", f"{len(facts.lines)} 件 {facts.pages} 页"),
        ("保管期限", facts.period),
        ("全 宗 号", facts.fonds or "—"),
    )


def transfer_paper(facts: FileFacts) -> Paper:
    """Return 移交清单 of the originals: item, pages, form, place; three signatures (R-I10)."""
    return Paper(
        blocks=(
            Words(text="信贷档案移交清单", size=18, bold=True, centred=True),
            Words(
                text=f"{facts.branch}　档号 {facts.archive_no}　{facts.customer}", space_mm=2
            ),
            Grid(
                widths=(10, 26, 14, 62, 20, 12, 26),
                headings=TRANSFER_HEADINGS,
                rows=transfer_rows(facts),
                numeric=frozenset({0, 5}),
            ),
            Words(
                text=f"合计 {len(facts.originals)} 件 "
                f"{sum(row.pages for row in facts.originals)} 页",
                space_mm=2,
            ),
            *(
                Words(
                    text=f"{label}（签字）{SIGN}　　　日期 ____年__月__日", size=11, space_mm=8
                )
                for label in ("移交人", "接收人", "监交人")
            ),
        ),
        footer=f"一式两份，双方各执一份　制表 {facts.made_by} {facts.made_on:%Y-%m-%d}",
    )


TRANSFER_HEADINGS: Final = ("序号", "条码", "件类", "题名", "形态", "页数", "现在位置")


def transfer_rows(facts: FileFacts) -> list[tuple[str, ...]]:
    """Return the lines of 移交清单."""
    return [
        (
            str(at),
            row.barcode,
            row.item_code,
            row.title,
            "原件" if row.form == "original" else "核对无异复印件",
            str(row.pages),
            row.place or row.keeper or "待上架",
        )
        for at, row in enumerate(facts.originals, start=1)
    ]


WORD: Final[Mapping[str, tuple[str, Callable[[FileFacts], Paper]]]] = {
    "inner": (_l("卷内目录"), inner_directory),
    "note": (_l("备考表"), note_sheet),
    "cover": (_l("卷皮"), cover),
    "transfer": (_l("移交清单"), transfer_paper),
}


def word(name: str, facts: FileFacts) -> bytes:
    """Return one of the papers as .docx.

    Raises:
        NoSuchPaperError: no paper has this name.
    """
    if name not in WORD:
        raise NoSuchPaperError
    return write_paper(WORD[name][1](facts))


def _pages(first: int, last: int) -> str:
    if not first:
        return ""
    return str(first) if first == last else f"{first}–{last}"


def _parts(archive_no: str) -> tuple[str, str, str]:
    """Return fonds, year and period of an archive number; empty for another style."""
    found = _PARTS.match(archive_no)
    if found is None:
        return "", "", "见保管期限表"
    years = found["period"]
    return found["fonds"] or "", found["year"], "永久" if years == "Y" else f"{years[1:]} 年"
