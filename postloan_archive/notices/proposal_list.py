"""今日建议 as a list: what a day proposes, narrowed and counted, and a run made of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import aliased

from postloan_archive.access.models import Branch
from postloan_archive.kernel.errors import RuleError, _l
from postloan_archive.loans.models import Customer, Loan
from postloan_archive.notices import service
from postloan_archive.notices.models import LetterProposal, Notice, NoticeRun
from postloan_archive.notices.plans import plan_in_use
from postloan_archive.notices.rules.stages import STANDARD_PLAN
from postloan_archive.notices.service import PlanRun
from postloan_archive.uow import UnitOfWork

UNFINISHED: Final = ("draft", "checked", "generating")
ORDER: Final = {stage.key: place for place, stage in enumerate(STANDARD_PLAN)}


class NothingChosenError(RuleError):
    """No proposal was marked, or those marked are in a run by now."""

    next_step = _l("请刷新今日建议后重新选择。")

    def __init__(self) -> None:
        super().__init__(_l("没有选中任何建议。"))


class SeveralKindsError(RuleError):
    """One run holds letters of one kind."""

    next_step = _l("请先按函件筛选，再分别建立批次。")

    def __init__(self, *, kinds: str) -> None:
        super().__init__(_l("选中的建议分属 {kinds}，一个批次只发一种函件。"), kinds=kinds)


class NotWrittenHereError(RuleError):
    """The paper that is proposed is not one that a run makes."""

    def __init__(self, *, kind: str) -> None:
        super().__init__(_l("{kind} 不在本处批量制作，请按“下一步”办理。"), kind=kind)


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposalFilter:
    """What is asked for; an empty field asks for nothing.

    Attributes:
        in_run: those that are in a run by now, else those that are not.
        words: part of the name of the addressee or of the loan number.
    """

    day: date
    stage: str = ""
    kind: str = ""
    branch: int | None = None
    stopped: bool = False
    in_run: bool = False
    words: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposalRow:
    """One letter that the day proposes."""

    id: int
    loan_id: int
    loan_no: str
    addressee: str
    borrower: str
    branch: str
    stage: str
    kind: str
    guarantee_id: int | None
    days: int
    urgent_on: date
    why: tuple[str, ...]
    last: str
    stopped: str
    next_step: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """How many letters of one kind a stage proposes."""

    stage: str
    kind: str
    count: int


def computed_at(uow: UnitOfWork, day: date) -> datetime | None:
    """Return when the day was computed last, None if never or if nothing was proposed."""
    return uow.session.scalar(
        select(func.max(LetterProposal.computed_at)).where(LetterProposal.day == day)
    )


def groups(uow: UnitOfWork, wanted: ProposalFilter) -> list[Group]:
    """Return how many letters each stage proposes, in the order of the plan; one query."""
    rows = uow.session.execute(
        select(LetterProposal.stage, LetterProposal.kind, func.count().label("letters"))
        .where(*_day(uow, wanted.day), ~_in_a_run())
        .group_by(LetterProposal.stage, LetterProposal.kind)
        .order_by(LetterProposal.stage, LetterProposal.kind)
    )
    found = [Group(stage=row.stage, kind=row.kind, count=row.letters) for row in rows]
    return sorted(found, key=lambda one: (ORDER.get(one.stage, len(ORDER)), one.kind))


def count(uow: UnitOfWork, wanted: ProposalFilter) -> int:
    """Return how many proposals the filter finds."""
    query = select(func.count(LetterProposal.id)).where(*_conditions(uow, wanted))
    return uow.session.scalar(_joined(query) if wanted.words else query) or 0


def count_today(uow: UnitOfWork) -> int:
    """Return how many letters today proposes that are in no run yet."""
    today = _day(uow, uow.clock.today())
    every = select(func.count(LetterProposal.id)).where(*today)
    # Loans without any letter are not looked at one by one: the letters lead, not the day.
    taken = select(func.count(LetterProposal.id)).where(
        LetterProposal.loan_id.in_(select(Notice.loan_id)),
        func.coalesce(LetterProposal.day, LetterProposal.day) == uow.clock.today(),
        _in_a_run(),
    )
    if uow.actor.branch_ids is not None:
        seen = sorted(uow.actor.branch_ids)
        taken = taken.where((LetterProposal.branch_id + 0).in_(seen))
    row = uow.session.execute(select(every.scalar_subquery(), taken.scalar_subquery())).one()
    return int(row[0]) - int(row[1])


def rows(
    uow: UnitOfWork, wanted: ProposalFilter, *, limit: int | None = None, offset: int = 0
) -> list[ProposalRow]:
    """Return the proposals that the filter finds, the most urgent first."""
    ids = select(LetterProposal.id).where(*_conditions(uow, wanted))
    page = (  # of narrow rows: names are looked up for those shown
        (_joined(ids) if wanted.words else ids)
        .order_by(LetterProposal.urgent_on, LetterProposal.id)
        .limit(limit)
        .offset(offset)
    )
    debtor = aliased(Customer)
    borrower = (
        select(debtor.name)
        .where(debtor.id == Loan.customer_id)
        .correlate(Loan)
        .scalar_subquery()
    )
    found = uow.session.execute(
        _joined(
            select(
                LetterProposal,
                Loan.loan_no,
                Customer.name.label("addressee"),
                borrower.label("borrower"),
                Branch.name.label("branch"),
            )
        )
        .where(LetterProposal.id.in_(page))
        .order_by(LetterProposal.urgent_on, LetterProposal.id)
    )
    return [_row(row) for row in found]


def start_run(
    uow: UnitOfWork, wanted: ProposalFilter, marked: Sequence[int] | None
) -> NoticeRun:
    """Plan a run of the marked proposals, of all that the filter finds where `marked` is None.

    Nothing is sent: the run waits in its check table for a person.

    Raises:
        NothingChosenError: none is left.
        SeveralKindsError: they are letters of several kinds.
        NotWrittenHereError: no run makes such a paper.
    """
    query = _joined(
        select(LetterProposal.kind, LetterProposal.guarantee_id, Loan.loan_no)
    ).where(*_conditions(uow, wanted))
    if marked is not None:
        query = query.where(LetterProposal.id.in_(marked))
    chosen = uow.session.execute(query.order_by(Loan.loan_no, LetterProposal.id)).all()
    if not chosen:
        raise NothingChosenError
    kinds = sorted({row.kind for row in chosen})
    if len(kinds) > 1:
        raise SeveralKindsError(kinds="、".join(kinds))
    if kinds[0] not in service.KINDS:
        raise NotWrittenHereError(kind=kinds[0])
    guarantees = tuple(row.guarantee_id for row in chosen if row.guarantee_id is not None)
    run = service.plan_run(
        uow,
        PlanRun(
            kind=kinds[0],
            as_of=uow.clock.today(),
            loan_nos=tuple(dict.fromkeys(row.loan_no for row in chosen)),
            guarantee_ids=guarantees or None,
        ),
    )
    uow.record(
        "notices.run_from_proposals",
        f"notice_run:{run.id}",
        day=wanted.day.isoformat(),
        stage=wanted.stage,
        proposals=len(chosen),
        plan=plan_in_use(uow).edition,
    )
    return run


def _joined(query: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    return (
        query.join_from(LetterProposal, Loan, Loan.id == LetterProposal.loan_id)
        .join(Customer, Customer.id == LetterProposal.addressee_id)
        .join(Branch, Branch.id == LetterProposal.branch_id)
    )


def _day(uow: UnitOfWork, day: date) -> list[ColumnElement[bool]]:
    conditions = [LetterProposal.day == day]
    if uow.actor.branch_ids is not None:
        conditions.append(LetterProposal.branch_id.in_(sorted(uow.actor.branch_ids)))
    return conditions


def _conditions(uow: UnitOfWork, wanted: ProposalFilter) -> list[ColumnElement[bool]]:
    conditions = _day(uow, wanted.day)
    conditions.append(_in_a_run() if wanted.in_run else ~_in_a_run())
    if wanted.stage:
        conditions.append(LetterProposal.stage == wanted.stage)
    if wanted.kind:
        conditions.append(LetterProposal.kind == wanted.kind)
    if wanted.branch is not None:
        conditions.append(LetterProposal.branch_id == wanted.branch)
    if wanted.stopped:
        conditions.append(LetterProposal.stopped != "")
    if wanted.words:
        conditions.append(
            or_(
                Customer.name.contains(wanted.words, autoescape=True),
                Loan.loan_no.contains(wanted.words, autoescape=True),
            )
        )
    return conditions


def _in_a_run() -> ColumnElement[bool]:
    """Return the condition that the letter is in a run that is open, or was issued since."""
    return (
        select(Notice.id)
        .join(NoticeRun, NoticeRun.id == Notice.run_id)
        .where(
            Notice.loan_id == LetterProposal.loan_id,
            Notice.kind == LetterProposal.kind,
            Notice.addressee_id == LetterProposal.addressee_id,
            func.coalesce(Notice.guarantee_id, 0)
            == func.coalesce(LetterProposal.guarantee_id, 0),
            or_(
                NoticeRun.state.in_(UNFINISHED),
                and_(
                    Notice.state == "issued",
                    NoticeRun.created_at >= LetterProposal.computed_at,
                ),
            ),
        )
        .correlate(LetterProposal)
        .exists()
    )


def _row(row: Any) -> ProposalRow:  # noqa: ANN401 - a row of SQLAlchemy
    one: LetterProposal = row.LetterProposal
    return ProposalRow(
        id=one.id,
        loan_id=one.loan_id,
        loan_no=row.loan_no,
        addressee=row.addressee,
        borrower=row.borrower,
        branch=row.branch,
        stage=one.stage,
        kind=one.kind,
        guarantee_id=one.guarantee_id,
        days=one.days,
        urgent_on=one.urgent_on,
        why=tuple(one.why),
        last=one.last,
        stopped=one.stopped,
        next_step=one.next_step,
    )
