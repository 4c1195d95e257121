"""The facts of a customer in a period, each with the address of the record that it rests on."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Final

from sqlalchemy import select

from postloan_archive.access import branches, people
from postloan_archive.cases import listing
from postloan_archive.cases.listing import CaseFilter
from postloan_archive.collection import queries as collection
from postloan_archive.collection.models import Contact
from postloan_archive.disposal import queries as disposal
from postloan_archive.disposal.rules import KIND_WORDS, STATE_WORDS
from postloan_archive.disposal.rules import Kind as Disposed
from postloan_archive.disposal.rules import State as Stands
from postloan_archive.inspection import queries as inspection
from postloan_archive.kernel.clock import CHINA
from postloan_archive.kernel.errors import NotFoundError, _l
from postloan_archive.kernel.masking import MaskKind, mask
from postloan_archive.kernel.money import ZERO
from postloan_archive.loans import queries as loans
from postloan_archive.loans.booking import NOT_MONEY
from postloan_archive.loans.derivation import position_of
from postloan_archive.loans.models import Customer, Loan
from postloan_archive.loans.rules.ageing import bucket
from postloan_archive.notices.models import Notice
from postloan_archive.notices.rules.fields import NOTICES
from postloan_archive.preservation import queries as preservation
from postloan_archive.uow import UnitOfWork

CHANNELS: Final = {"call": "电话", "visit": "上门", "letter": "信函", "message": "短信"}
PROMISES: Final = {"open": "待兑现", "kept": "已兑现", "broken": "未兑现"}
OUTCOMES: Final = {
    "signed": "签收",
    "arrived": "到达",
    "refused": "拒收",
    "returned": "退回",
    "": "待回执",
}


class CustomerNotFoundError(NotFoundError):
    """No such customer with a loan that this actor may see."""

    def __init__(self, *, customer_id: int) -> None:
        super().__init__(_l("没有找到编号为 {customer_id} 的客户。"), customer_id=customer_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One line: what, how much, and the address of the record behind it."""

    label: str
    text: str
    href: str
    source: str  # what the record is called, for the printed report


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """One part of the report; `nothing` is said where it has no facts."""

    title: str
    facts: tuple[Fact, ...]
    nothing: str = "期内没有"


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """Whose report of which period; both days included."""

    customer: Customer
    loans: tuple[Loan, ...]
    since: date
    until: date

    def within(self, day: date | datetime | None) -> bool:
        """Return whether a day, or the civil day of a moment, lies in the period."""
        if isinstance(day, datetime):
            day = day.astimezone(CHINA).date()
        return day is not None and self.since <= day <= self.until


def subject_of(uow: UnitOfWork, customer_id: int, since: date, until: date) -> Subject:
    """Return the customer with the loans that the actor may see.

    Raises:
        CustomerNotFoundError: none of them.
    """
    found = uow.session.scalars(
        select(Loan)
        .where(
            Loan.customer_id == customer_id,
            Loan.id.in_(loans.visible_ids(uow)),
            Loan.disbursed_on <= until,
        )
        .order_by(Loan.loan_no)
    ).all()
    if not found:
        raise CustomerNotFoundError(customer_id=customer_id)
    return Subject(customer=found[0].customer, loans=tuple(found), since=since, until=until)


def sections_of(uow: UnitOfWork, subject: Subject) -> tuple[Section, ...]:
    """Return the report part by part."""
    return tuple(
        Section(title=title, facts=tuple(make(uow, subject)), nothing=nothing)
        for title, make, nothing in PARTS
    )


def _who(uow: UnitOfWork, at: Subject) -> Iterator[Fact]:
    customer, first = at.customer, at.loans[0]
    href, source = f"/loans/{first.loan_no}", f"案卷 {first.loan_no}"
    number = (
        mask(MaskKind.ID_CARD, customer.id_no) if customer.kind == "person" else customer.id_no
    )
    yield Fact(label="客户名称", text=customer.name, href=href, source=source)
    yield Fact(label=customer.id_type, text=number, href=href, source=source)
    yield Fact(
        label="管户机构",
        text=branches.name_of(uow, first.branch_id),
        href=href,
        source=source,
    )
    yield Fact(
        label="客户经理",
        text=people.names_of(uow, {first.manager})[first.manager] or "—",
        href=href,
        source=source,
    )


def _debts(_uow: UnitOfWork, at: Subject) -> Iterator[Fact]:
    for loan in at.loans:
        owed = position_of(loan, at.until).value
        href, source = f"/loans/{loan.loan_no}/repayment", f"贷款与还款 {loan.loan_no}"
        state = "已结清" if loan.settled_on and loan.settled_on <= at.until else ""
        if loan.transferred_on and loan.transferred_on <= at.until:
            state = f"债权已于 {loan.transferred_on} 转让"
        late = (
            f"逾期 {owed.overdue_days} 天（{bucket(owed.overdue_days)}）"
            if owed.overdue_days
            else "未逾期"
        )
        yield Fact(
            label=f"{loan.loan_no} {loan.contract.name}",
            text=state
            or f"余额 {owed.balance:,} 元，年利率 {_rate(loan, at.until)}%，"
            f"到期日 {loan.due_on}，{late}，{loan.risk_class}",
            href=href,
            source=source,
        )
        if not state and owed.total_due:
            yield Fact(
                label=f"{loan.loan_no} 到期未还",
                text=f"本金 {owed.principal_due:,}、利息 {owed.interest_due:,}、"
                f"罚息 {owed.penalty:,}、复利 {owed.compound:,}，合计 {owed.total_due:,} 元",
                href=href,
                source=source,
            )


def _rate(loan: Loan, day: date) -> Decimal:
    rate = loan.annual_rate
    for change in loan.rate_changes:
        if change.effective_on <= day:
            rate = change.annual_rate
    return rate


def _paid(_uow: UnitOfWork, at: Subject) -> Iterator[Fact]:
    for loan in at.loans:
        href, source = f"/loans/{loan.loan_no}/repayment", f"还款流水 {loan.loan_no}"
        due = [row for row in loan.schedule if at.within(row.due_on)]
        paid = [
            row
            for row in loan.payments
            if at.within(row.paid_on) and row.channel not in NOT_MONEY
        ]
        if due:
            yield Fact(
                label=f"{loan.loan_no} 期内应还",
                text=f"{len(due)} 期，本金 {sum((r.principal for r in due), ZERO):,}、"
                f"利息 {sum((r.interest for r in due), ZERO):,} 元",
                href=href,
                source=source,
            )
        if paid:
            yield Fact(
                label=f"{loan.loan_no} 期内实还",
                text=f"{len(paid)} 笔，合计 {sum((r.amount for r in paid), ZERO):,} 元（本金 "
                f"{sum((r.to_principal for r in paid), ZERO):,}、利息 "
                f"{sum((r.to_interest for r in paid), ZERO):,}）",
                href=href,
                source=source,
            )


def _security(_uow: UnitOfWork, at: Subject) -> Iterator[Fact]:
    for loan in at.loans:
        href, source = f"/loans/{loan.loan_no}/security", f"担保押品 {loan.loan_no}"
        owed = position_of(loan, at.until).value
        for one in loan.guarantees:
            agreed = f"保证期间至 {one.period_end}" if one.period_end else one.period_clause
            yield Fact(
                label=f"保证 {one.guarantor.name}",
                text=f"{one.contract_no}，{agreed or '保证期间未约定'}",
                href=href,
                source=source,
            )
        for thing in loan.collateral:
            yield Fact(
                label=f"押品 {thing.description}",
                text=f"价值 {thing.value:,} 元（{thing.valued_on or '未登记'} 评估），"
                f"保险至 {thing.insured_until or '未登记'}",
                href=href,
                source=source,
            )
        value = sum((thing.value for thing in loan.collateral), ZERO)
        if value:
            yield Fact(
                label=f"{loan.loan_no} 抵质押率",
                text=f"{owed.balance * 100 / value:.2f}%"
                f"（余额 {owed.balance:,} ÷ 押品 {value:,}）",
                href=href,
                source=source,
            )


def _inspections(uow: UnitOfWork, at: Subject) -> Iterator[Fact]:
    for loan in at.loans:
        href = f"/loans/{loan.loan_no}/inspections"
        for row in reversed(inspection.inspections_of(uow, loan.id)):
            if at.within(row.made_on):
                yield Fact(
                    label=f"{row.made_on} {row.kind}",
                    text=row.conclusion,
                    href=f"/loans/{loan.loan_no}/items?document={row.document_id}",
                    source=f"检查报告 文件 {row.document_id}",
                )
        for due in inspection.plan_of(uow, loan):
            if due.due_on <= at.until:
                yield Fact(
                    label=f"{due.kind} 应于 {due.due_on} 前完成",
                    text="尚未完成",
                    href=href,
                    source=f"检查计划 {loan.loan_no}",
                )


def _signals(uow: UnitOfWork, at: Subject) -> Iterator[Fact]:
    for loan in at.loans:
        for row in inspection.signals_of(uow, loan.id):
            if at.within(row.found_on) or (row.closed_on is None and row.found_on <= at.until):
                closed = (
                    f"{row.closed_on} 关闭：{row.measure}"
                    if row.closed_on
                    else f"未关闭，应于 {row.due_on} 前处理"
                )
                yield Fact(
                    label=f"{row.found_on} {row.kind}",
                    text=f"{row.text}；{closed}",
                    href=f"/loans/{loan.loan_no}/inspections",
                    source=f"风险信号 {row.id}",
                )


def _collection(uow: UnitOfWork, at: Subject) -> Iterator[Fact]:
    for loan in at.loans:
        href, source = f"/loans/{loan.loan_no}/collection", f"催收记录 {loan.loan_no}"
        record = collection.record_of(uow, loan.id, loan.customer_id)
        made: Sequence[Contact] = [row for row in record.contacts if at.within(row.at)]
        if made:
            count = Counter(CHANNELS[row.channel] for row in made)
            words = "、".join(f"{name} {times} 次" for name, times in sorted(count.items()))
            yield Fact(label=f"{loan.loan_no} 联系", text=words, href=href, source=source)
        for row in record.promises:
            if at.within(row.due_on):
                yield Fact(
                    label=f"承诺 {row.due_on} 还款 {row.amount:,} 元",
                    text=f"{PROMISES[row.state]}，期内到账 {row.paid:,} 元",
                    href=href,
                    source=source,
                )
        for complaint in record.complaints:
            if at.within(complaint.received_on):
                yield Fact(
                    label=f"投诉 {complaint.complaint_no}",
                    text=complaint.outcome or f"应于 {complaint.answer_by} 前答复",
                    href=href,
                    source=f"投诉 {complaint.complaint_no}",
                )


def _letters(uow: UnitOfWork, at: Subject) -> Iterator[Fact]:
    rows = uow.session.scalars(
        select(Notice)
        .where(
            Notice.loan_id.in_([loan.id for loan in at.loans]),
            Notice.issued_on >= at.since,
            Notice.issued_on <= at.until,
        )
        .order_by(Notice.issued_on, Notice.id)
    )
    for row in rows:
        yield Fact(
            label=f"{row.issued_on} {NOTICES[row.kind].title}",
            text=f"{row.serial_no}，{OUTCOMES.get(row.outcome, row.outcome)}",
            href=f"/notices/letters/{row.id}",
            source=f"函件 {row.serial_no}",
        )


def _court(uow: UnitOfWork, at: Subject) -> Iterator[Fact]:
    for loan in at.loans:
        for row in listing.case_rows(uow, CaseFilter(loan_id=loan.id)):
            if row.opened_on <= at.until:
                yield Fact(
                    label=f"案件 {row.court_case_no or row.case_no}",
                    text=f"{row.court}，{row.stage_label}",
                    href=f"/cases/{row.case_no}",
                    source=f"案件 {row.case_no}",
                )
        for one in preservation.measures(uow, loan_id=loan.id):
            if one.effective_on <= at.until:
                yield Fact(
                    label=f"保全 {one.asset}",
                    text=f"{one.ruling_no}，{one.effective_on} 起，{one.expiry or '轮候'} 止",
                    href=f"/preservation/{one.id}",
                    source=f"裁定 {one.ruling_no}",
                )


def _classes(uow: UnitOfWork, at: Subject) -> Iterator[Fact]:
    first, last = f"{at.since:%Y-%m}", f"{at.until:%Y-%m}"
    for loan in at.loans:
        for row in reversed(inspection.history_of(uow, loan.id)):
            if first <= row.month <= last and row.decided:
                yield Fact(
                    label=f"{row.month} {loan.loan_no}",
                    text=f"{row.before} → {row.decided}（下限 {row.floor}）",
                    href=f"/loans/{loan.loan_no}/inspections",
                    source=f"分类认定 {row.month}",
                )


def _disposals(uow: UnitOfWork, at: Subject) -> Iterator[Fact]:
    for loan in at.loans:
        for row in disposal.disposals_of(uow, loan.id):
            if at.within(row.proposed_at) or at.within(row.executed_on):
                yield Fact(
                    label=f"{KIND_WORDS[Disposed(row.kind)]} {row.disposal_no}",
                    text="；".join(
                        [STATE_WORDS[Stands(row.state)], *(str(one) for one in row.effects)]
                    ),
                    href=f"/disposals/{row.disposal_no}",
                    source=f"处置 {row.disposal_no}",
                )


PARTS: Final[tuple[tuple[str, Callable[[UnitOfWork, Subject], Iterator[Fact]], str], ...]] = (
    ("一、客户", _who, ""),
    ("二、贷款现状（期末）", _debts, "没有贷款"),
    ("三、期内还款", _paid, "期内没有应还和实还"),
    ("四、担保和押品", _security, "没有担保"),
    ("五、贷后检查", _inspections, "期内没有检查"),
    ("六、风险信号", _signals, "没有风险信号"),
    ("七、催收", _collection, "期内没有催收"),
    ("八、函件", _letters, "期内没有函件"),
    ("九、诉讼和保全", _court, "没有案件和保全"),
    ("十、分类", _classes, "期内没有分类认定"),
    ("十一、处置", _disposals, "期内没有处置"),
)
