"""诉讼准备度: what each overdue loan lacks for court, what would be claimed, and how."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import aliased

from postloan_archive.cases.case_loans import sued_for
from postloan_archive.cases.models import Case
from postloan_archive.kernel.errors import _l
from postloan_archive.kernel.money import ZERO
from postloan_archive.litigation import drafting, queries
from postloan_archive.litigation.models import KeptReadiness
from postloan_archive.litigation.setup import Setup, setup_of
from postloan_archive.loans import queries as loans
from postloan_archive.loans.loading import load_whole
from postloan_archive.loans.models import Customer, Loan, LoanPosition
from postloan_archive.sheets import Column, Kind, Table
from postloan_archive.uow import UnitOfWork

NO_CASE: Final = _l("尚未建立案件：受理法院、当事人和代理人待登记。")
SORTS: Final[Mapping[str, Any]] = {  # what is kept stands as of the last night
    "loan": Loan.loan_no,
    "customer": Customer.name,
    "overdue": LoanPosition.overdue_days,
    "owed": func.coalesce(KeptReadiness.claim_total, LoanPosition.balance),
    "limitation": LoanPosition.limitation_by,
    "guarantee": LoanPosition.guarantee_by,
    "procedure": KeptReadiness.procedure,
    "missing": KeptReadiness.missing,
    "case": func.nullif(KeptReadiness.case_no, ""),
}
_COLUMNS: Final[tuple[Any, ...]] = (
    Loan.id,
    Loan.loan_no,
    LoanPosition.limitation_by,
    LoanPosition.guarantee_by,
)
USUAL: Final = "-overdue"
MOST: Final = 1_000  # rows of a workbook
STATES: Final = (
    ("none", _l("未建案")),
    ("open", _l("已建案")),
    ("ready", _l("可以起诉")),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What the list shows; an empty string stands for everything."""

    word: str = ""
    state: str = ""  # none or open: whether there is a case; ready: nothing was missing
    sort: str = USUAL


@dataclass(frozen=True, slots=True, kw_only=True)
class Readiness:
    """What an overdue loan still lacks for court."""

    loan_no: str
    customer: str
    overdue_days: int
    case_no: str
    missing_items: tuple[str, ...]
    missing_facts: tuple[str, ...]
    notes: tuple[str, ...]
    claim_total: Decimal
    limitation_by: date | None
    guarantee_by: date | None
    procedure: str
    fee: Decimal | None
    beside: tuple[str, ...] = ()  # other overdue loans of the borrower, not in court yet

    @property
    def ready(self) -> bool:
        """Return whether nothing is missing."""
        return not self.missing_items and not self.missing_facts


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptSums:
    """Sums over everything that the filter finds, as they were kept.

    Attributes:
        loans: how many of them have been looked at.
        ready: how many of those lack nothing.
        claims: what could be claimed together, yuan.
        as_of: the oldest day of a look, None where there was none.
    """

    loans: int
    ready: int
    claims: Decimal
    as_of: date | None


def count(uow: UnitOfWork, wanted: Wanted) -> int:
    """Return how many overdue loans the filter finds."""
    found = _select(uow, wanted).with_only_columns(func.count()).order_by(None)
    return uow.session.scalar(found) or 0


def rows(
    uow: UnitOfWork, wanted: Wanted | None = None, *, limit: int | None = None, offset: int = 0
) -> list[Readiness]:
    """Return the overdue loans of the actor with what is missing, in the order wanted."""
    query = _select(uow, wanted or Wanted()).offset(offset)
    if limit is not None:
        query = query.limit(limit)
    return _looked_at(uow, query)


def overdue(uow: UnitOfWork) -> list[str]:
    """Return the numbers of all overdue loans of the actor."""
    return list(uow.session.scalars(_select(uow, Wanted()).with_only_columns(Loan.loan_no)))


def of_loans(uow: UnitOfWork, loan_nos: Sequence[str]) -> list[Readiness]:
    """Return those of the loans that are overdue with what is missing."""
    return _looked_at(uow, _select(uow, Wanted()).where(Loan.loan_no.in_(loan_nos)))


def sums(uow: UnitOfWork, wanted: Wanted) -> KeptSums:
    """Return the sums of the whole list as of the last night."""
    row = uow.session.execute(
        _select(uow, wanted)
        .with_only_columns(
            func.count(KeptReadiness.loan_id),
            func.count(KeptReadiness.loan_id).filter(KeptReadiness.missing == 0),
            func.sum(KeptReadiness.claim_total),
            func.min(KeptReadiness.as_of),
        )
        .order_by(None)
    ).one()
    return KeptSums(loans=row[0], ready=row[1], claims=row[2] or ZERO, as_of=row[3])


def _beside(uow: UnitOfWork, numbers: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """Return by loan the other overdue ones of its borrower that no open case is about."""
    late = LoanPosition.overdue_days > 0
    other = aliased(Loan)
    found = uow.session.execute(
        select(Loan.loan_no, other.loan_no)
        .join(
            other,
            (other.customer_id == Loan.customer_id)
            & (other.branch_id == Loan.branch_id)  # another branch is another plaintiff
            & (other.id != Loan.id),
        )
        .join(LoanPosition, LoanPosition.loan_id == other.id)
        .where(
            Loan.loan_no.in_(numbers),
            late | (LoanPosition.next_due < uow.clock.today()),
            other.settled_on.is_(None),
            other.transferred_on.is_(None),
            other.id.in_(loans.visible_ids(uow)),
            other.id.not_in(sued_for(Case.closed_on.is_(None))),
        )
        .order_by(Loan.loan_no, other.loan_no)
    )
    rows: dict[str, tuple[str, ...]] = {}
    for loan_no, number in found:
        rows[loan_no] = (*rows.get(loan_no, ()), number)
    return rows


def table(uow: UnitOfWork, wanted: Wanted) -> Table:
    """Return the list as a table, the first rows of it where it is long."""
    found = rows(uow, wanted, limit=MOST)
    return Table(
        columns=(
            Column(label="借据号", kind=Kind.CODE, width=18),
            Column(label="借款人", width=26),
            Column(label="逾期天数", kind=Kind.COUNT, width=10),
            Column(label="可请求数额（元）", kind=Kind.YUAN, width=18),
            Column(label="时效安全日", kind=Kind.DAY, width=12),
            Column(label="保证期间安全日", kind=Kind.DAY, width=14),
            Column(label="案件", kind=Kind.CODE, width=14),
            Column(label="建议程序", width=12),
            Column(label="预交费用（元）", kind=Kind.YUAN, width=16),
            Column(label="准备度", width=10),
            Column(label="缺要件", width=40),
            Column(label="缺事实", width=40),
            Column(label="注意", width=40),
            Column(label="可同案起诉", width=30),
        ),
        rows=tuple(
            (
                row.loan_no,
                row.customer,
                row.overdue_days,
                row.claim_total,
                row.limitation_by,
                row.guarantee_by,
                row.case_no,
                row.procedure,
                row.fee,
                "可以起诉"
                if row.ready
                else f"缺 {len(row.missing_items) + len(row.missing_facts)} 项",
                "；".join(row.missing_items),
                "；".join(row.missing_facts),
                "；".join(row.notes),
                "、".join(row.beside),
            )
            for row in found
        ),
        notes=(f"至多列出 {MOST} 笔。数额计至出表之日。",),
    )


def _select(uow: UnitOfWork, wanted: Wanted) -> Select[Any]:
    key = wanted.sort.removeprefix("-")
    column = SORTS.get(key, SORTS["overdue"])
    down = wanted.sort.startswith("-") or key not in SORTS
    late = LoanPosition.overdue_days > 0
    since = LoanPosition.next_due < uow.clock.today()  # late since the last derivation
    query: Select[Any] = select(*_COLUMNS)
    return (
        query.join(LoanPosition, LoanPosition.loan_id == Loan.id)
        .join(Customer, Customer.id == Loan.customer_id)
        .outerjoin(KeptReadiness, KeptReadiness.loan_id == Loan.id)
        .where(
            Loan.id.in_(loans.visible_ids(uow)),
            Loan.settled_on.is_(None),
            late | since,
            *_conditions(wanted),
        )
        .order_by(column.is_(None), column.desc() if down else column, Loan.loan_no)
    )


def _conditions(wanted: Wanted) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.word:
        found.append(
            Loan.loan_no.contains(wanted.word, autoescape=True)
            | Customer.name.contains(wanted.word, autoescape=True)
        )
    running = sued_for(Case.closed_on.is_(None))
    if wanted.state == "open":
        found.append(Loan.id.in_(running))
    elif wanted.state == "none":
        found.append(Loan.id.not_in(running))
    elif wanted.state == "ready":
        found.append(KeptReadiness.missing == 0)
    return found


def _looked_at(uow: UnitOfWork, query: Select[Any]) -> list[Readiness]:
    found = uow.session.execute(query).all()
    held = load_whole(uow, [row.id for row in found])  # else each loan asks eight times
    rows = [_row(uow, row.loan_no, row.limitation_by, row.guarantee_by) for row in found]
    held.clear()
    shown = [row for row in rows if row.overdue_days]
    beside = _beside(uow, [row.loan_no for row in shown if not row.case_no])
    return [replace(row, beside=beside.get(row.loan_no, ())) for row in shown]


def _row(
    uow: UnitOfWork, loan_no: str, limitation_by: date | None, guarantee_by: date | None
) -> Readiness:
    setup = setup_of(uow, loan_no)
    best = setup.best
    return Readiness(
        loan_no=loan_no,
        customer=setup.loan.customer.name,
        overdue_days=setup.claim.position.overdue_days,
        case_no=setup.case_no,
        missing_items=tuple(f"{'/'.join(item.codes)} {item.title}" for item in setup.evidence),
        missing_facts=_facts(uow, setup),
        notes=tuple(one.text for one in setup.problems if not one.blocks),
        claim_total=setup.claim.total,
        limitation_by=limitation_by,
        guarantee_by=guarantee_by,
        procedure=best.label if best else "",
        fee=best.fee if best else None,
    )


def _facts(uow: UnitOfWork, setup: Setup) -> tuple[str, ...]:
    blocking = tuple(one.text for one in setup.problems if one.blocks)
    case = uow.session.scalar(select(Case).where(Case.case_no == setup.case_no))
    if case is None:
        return (*blocking, NO_CASE)
    drafts = drafting.draft_papers(queries.source_of(uow, case))
    return tuple(dict.fromkeys((*blocking, *drafts.missing)))
