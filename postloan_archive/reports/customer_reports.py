"""Post-loan reports on a customer: made from facts, signed with an opinion, filed for good."""

import hashlib
import io
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Select, func, select

from postloan_archive.access import branches, people
from postloan_archive.archive import service as archive
from postloan_archive.archive.service import FileMade
from postloan_archive.kernel.clock import CHINA
from postloan_archive.kernel.errors import FixityError, NotFoundError, RuleError, _l
from postloan_archive.loans import queries as loans
from postloan_archive.loans.models import Customer, Loan
from postloan_archive.loans.models.position import LoanPosition
from postloan_archive.reports.customer_facts import Fact, Section, sections_of, subject_of
from postloan_archive.reports.models import CustomerReport
from postloan_archive.reports.periods import Period
from postloan_archive.uow import UnitOfWork
from postloan_archive.wordgen import Grid, Paper, Words, write_paper

ITEM = "GL09"  # 日常贷后检查报告


class CustomerReportNotFoundError(NotFoundError):
    """No such report, or it covers a loan that this actor may not see."""

    def __init__(self, *, report_id: int) -> None:
        super().__init__(_l("没有编号为 {report_id} 的贷后管理报告。"), report_id=report_id)


class CustomerReportChangedError(FixityError):
    """The facts are not those that were filed."""

    def __init__(self, *, report_id: int) -> None:
        super().__init__(
            _l("贷后管理报告 {report_id} 的内容与归档时的摘要不符。"), report_id=report_id
        )


class OpinionMissingError(RuleError):
    """A report is signed with an opinion."""

    field = "opinion"

    def __init__(self) -> None:
        super().__init__(_l("请填写管户意见。"))


class PeriodOpenError(RuleError):
    """A report looks back: its period has begun."""

    field = "period"

    def __init__(self, *, words: str) -> None:
        super().__init__(_l("{words}尚未开始，不能出具报告。"), words=words)


@dataclass(frozen=True, slots=True, kw_only=True)
class FileReport:
    """A report to be filed; `measures`: what is to be done next."""

    customer_id: int
    period: Period
    opinion: str
    measures: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerRow:
    """One customer of the list with the newest report of the period."""

    customer_id: int
    name: str
    branch: str
    manager: str
    loans: int
    balance: Decimal
    report_id: int | None
    made_by: str
    made_at: datetime | None


def look(uow: UnitOfWork, customer_id: int, period: Period) -> tuple[Customer, list[Section]]:
    """Return the customer and the facts as they stand now.

    Raises:
        CustomerNotFoundError: none that this actor may see.
        PeriodOpenError: the period has not begun.
    """
    until = _until(uow, period)
    subject = subject_of(uow, customer_id, period.since, until)
    return subject.customer, list(sections_of(uow, subject))


def file_report(uow: UnitOfWork, cmd: FileReport) -> CustomerReport:
    """Keep the report as it is now and file its paper into each loan file of the customer.

    Raises:
        CustomerNotFoundError: none that this actor may see.
        OpinionMissingError: nobody says what he makes of it.
        PeriodOpenError: the period has not begun.
    """
    if not cmd.opinion.strip():
        raise OpinionMissingError
    until = _until(uow, cmd.period)
    subject = subject_of(uow, cmd.customer_id, cmd.period.since, until)
    sections = sections_of(uow, subject)
    content = {"sections": [asdict(one) for one in sections]}
    row = CustomerReport(
        customer_id=cmd.customer_id,
        branch_id=subject.loans[0].branch_id,
        loan_ids=[loan.id for loan in subject.loans],
        since=cmd.period.since,
        until=until,
        opinion=cmd.opinion.strip(),
        measures=cmd.measures.strip(),
        content=content,
        digest=_digest(content),
        document_ids=[],
        made_by=uow.actor.name,
        made_at=uow.clock.now(),
    )
    uow.session.add(row)
    uow.session.flush()  # the paper prints the number
    data = paper(uow, row)
    title = f"贷后管理报告（{cmd.period.words}）"
    documents = [
        archive.file_made(
            uow,
            FileMade(
                loan_id=loan.id,
                item_code=ITEM,
                name=f"{title}-{row.id}.docx",
                title=title,
                stream=io.BytesIO(data),
                doc_no=f"DH{row.id:06d}",
                author=uow.actor.display_name or uow.actor.name,
                doc_date=uow.clock.today(),
            ),
        ).id
        for loan in subject.loans
    ]
    row.document_ids = documents
    uow.record(
        "reports.customer_report_filed",
        f"customer:{cmd.customer_id}",
        report=row.id,
        since=row.since.isoformat(),
        until=row.until.isoformat(),
        digest=row.digest,
        documents=documents,
    )
    return row


def get_report(uow: UnitOfWork, report_id: int) -> tuple[CustomerReport, list[Section]]:
    """Return a filed report with its facts as they were.

    Raises:
        CustomerReportNotFoundError: none, or it covers a loan of another branch.
        CustomerReportChangedError: the facts are not those that were filed.
    """
    row = uow.session.get(CustomerReport, report_id)
    if row is None or not _covers(uow, row):
        raise CustomerReportNotFoundError(report_id=report_id)
    if _digest(row.content) != row.digest:
        raise CustomerReportChangedError(report_id=report_id)
    return row, [_section(one) for one in row.content["sections"]]


def reports_of(uow: UnitOfWork, customer_id: int) -> list[CustomerReport]:
    """Return the filed reports of a customer that the actor may see, newest first."""
    rows = uow.session.scalars(
        select(CustomerReport)
        .where(CustomerReport.customer_id == customer_id)
        .order_by(CustomerReport.id.desc())
    )
    return [row for row in rows if _covers(uow, row)]


def how_many(uow: UnitOfWork, period: Period, word: str, *, missing: bool) -> int:
    """Return how many customers the list has."""
    query = _listed(uow, period, word, missing=missing).subquery()
    return uow.session.scalar(select(func.count()).select_from(query)) or 0


def customers(
    uow: UnitOfWork,
    period: Period,
    word: str,
    *,
    missing: bool,
    offset: int = 0,
    limit: int | None = None,
) -> list[CustomerRow]:
    """Return one page of the customers with a loan in the period, the largest debt first."""
    query = (
        _listed(uow, period, word, missing=missing)
        .order_by(func.sum(LoanPosition.balance).desc(), Customer.id)
        .offset(offset)
        .limit(limit)
    )
    rows = uow.session.execute(query).all()
    newest = {
        row.customer_id: row
        for row in uow.session.scalars(
            select(CustomerReport)
            .where(
                CustomerReport.customer_id.in_([row.id for row in rows]),
                CustomerReport.since == period.since,
                CustomerReport.until.between(period.since, period.until),
            )
            .order_by(CustomerReport.id)
        )
        if _covers(uow, row)
    }
    places = branches.names(uow.session)
    who = people.names_of(
        uow, {row.manager for row in rows} | {one.made_by for one in newest.values()}
    )
    found = []
    for row in rows:
        report = newest.get(row.id)
        found.append(
            CustomerRow(
                customer_id=row.id,
                name=row.name,
                branch=places.get(row.branch_id, ""),
                manager=who[row.manager],
                loans=row.loans,
                balance=row.balance,
                report_id=report.id if report else None,
                made_by=who[report.made_by] if report else "",
                made_at=report.made_at if report else None,
            )
        )
    return found


def paper(uow: UnitOfWork, row: CustomerReport) -> bytes:
    """Return a filed report as .docx; the page and the file say the same."""
    customer = uow.session.get_one(Customer, row.customer_id)
    who = people.names_of(uow, {row.made_by})[row.made_by]
    when = row.made_at.astimezone(CHINA).strftime("%Y-%m-%d %H:%M")
    blocks: list[Words | Grid] = [
        Words(text="贷后管理报告", size=18, bold=True, centred=True),
        Words(text=f"{customer.name}　{row.since} 至 {row.until}", centred=True, space_mm=2),
        Words(
            text=f"编号 DH{row.id:06d}　{branches.name_of(uow, row.branch_id)}　"
            f"报告人 {who}　{when}",
            size=9,
            centred=True,
            space_mm=1,
        ),
    ]
    for part in (_section(one) for one in row.content["sections"]):
        blocks.append(Words(text=part.title, size=12, bold=True, space_mm=4))
        if part.facts:
            blocks.append(
                Grid(
                    widths=(52, 80, 35),
                    headings=("项目", "情况", "来源"),
                    rows=[(fact.label, fact.text, fact.source) for fact in part.facts],
                    height=7,
                )
            )
        else:
            blocks.append(Words(text=f"{part.nothing}。"))
    blocks += [
        Words(text="十二、管户意见和下一步措施", size=12, bold=True, space_mm=4),
        Words(text=f"管户意见：{row.opinion}"),
        Words(text=f"下一步措施：{row.measures or '—'}"),
        Words(
            text="管户人签字：　　　　　　　　负责人签字：　　　　　　　　日期：", space_mm=8
        ),
        Words(text=f"内容摘要 SHA-256 {row.digest}", size=8, space_mm=4),
    ]
    return write_paper(Paper(blocks=blocks, footer=f"贷后管理报告 DH{row.id:06d}"))


def _listed(
    uow: UnitOfWork, period: Period, word: str, *, missing: bool
) -> Select[int, str, int, str, int, Decimal]:
    query = (
        select(
            Customer.id,
            Customer.name,
            func.min(Loan.branch_id).label("branch_id"),
            func.min(Loan.manager).label("manager"),
            func.count(Loan.id).label("loans"),
            func.sum(LoanPosition.balance).label("balance"),
        )
        .join(Loan, Loan.customer_id == Customer.id)
        .join(LoanPosition, LoanPosition.loan_id == Loan.id)
        .where(
            Loan.id.in_(loans.visible_ids(uow)),
            Loan.disbursed_on <= period.until,
            Loan.settled_on.is_(None) | (Loan.settled_on >= period.since),
            Loan.transferred_on.is_(None) | (Loan.transferred_on >= period.since),
        )
        .group_by(Customer.id, Customer.name)
    )
    if word.strip():
        query = query.where(Customer.name.contains(word.strip(), autoescape=True))
    if missing:
        made = select(CustomerReport.customer_id).where(
            CustomerReport.since == period.since,
            CustomerReport.until.between(period.since, period.until),
        )
        query = query.where(Customer.id.not_in(made))
    return query


def _until(uow: UnitOfWork, period: Period) -> date:
    """Return the last day that the report can speak of: never one to come."""
    today = uow.clock.today()
    if period.since > today:
        raise PeriodOpenError(words=period.words)
    return min(period.until, today)


def _covers(uow: UnitOfWork, row: CustomerReport) -> bool:
    return loans.seen_among(uow, row.loan_ids) >= set(row.loan_ids)


def _section(given: dict[str, Any]) -> Section:
    return Section(
        title=given["title"],
        facts=tuple(_facts(given["facts"])),
        nothing=given["nothing"],
    )


def _facts(given: list[dict[str, str]]) -> Iterator[Fact]:
    for one in given:
        yield Fact(**one)


def _digest(content: dict[str, Any]) -> str:
    text = json.dumps(content, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def customer_of(uow: UnitOfWork, row: CustomerReport) -> Customer:
    """Return whose report it is."""
    return uow.session.get_one(Customer, row.customer_id)
