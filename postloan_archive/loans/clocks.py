"""The clocks that the ledger owns: the limitation of the debt, each guarantee."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from postloan_archive.access.permissions import Permission
from postloan_archive.kernel.calendar import WorkCalendar
from postloan_archive.kernel.errors import _l
from postloan_archive.kernel.law import Due
from postloan_archive.kernel.policy import STANDARD_POLICY, LawPolicy
from postloan_archive.loans.derivation import confirmed_events, facts_of
from postloan_archive.loans.file_parts import FileState, HeaderClock, NextStep
from postloan_archive.loans.ledger_rows import ClockEvent, GuaranteeTerms, LedgerFacts
from postloan_archive.loans.models import Guarantee, LimitationEvent, Loan
from postloan_archive.loans.rules.guarantee import Act, ActKind, GuaranteeKind, guarantee_period
from postloan_archive.loans.rules.guarantee_state import (
    GuaranteeFacts,
    GuaranteeState,
    GuaranteeStatus,
    guarantee_state,
)
from postloan_archive.loans.rules.limitation import ENFORCEMENT_INSTEAD
from postloan_archive.loans.rules.limitation_state import (
    InterruptingEvent,
    Interruption,
    LimitationState,
    LimitationStatus,
    limitation_state,
)
from postloan_archive.loans.rules.money_events import money_events
from postloan_archive.loans.rules.proof import Level
from postloan_archive.loans.rules.settled import open_days
from postloan_archive.policy.queries import load_policy
from postloan_archive.uow import UnitOfWork
from postloan_archive.workdays.service import load_calendar

LETTER_DAYS: Final = 90  # so many days before the end a letter is proposed (ux.md §4.2)
_OURS: Final = ("limitation", "guarantee-")  # keys of our clocks
_AGAINST_GUARANTOR: Final = {
    "demand": ActKind.NOTICE_TO_GUARANTOR,
    "suit": ActKind.SUE_GUARANTOR,
    "arbitration": ActKind.ARBITRATE_GUARANTOR,
}
_AGAINST_DEBTOR: Final = {
    "suit": ActKind.SUE_DEBTOR,
    "arbitration": ActKind.ARBITRATE_DEBTOR,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class GuaranteeReading:
    """One guarantee and how it stands."""

    guarantee: Guarantee
    state: GuaranteeState


def limitation_of(
    loan: Loan,
    events: Sequence[LimitationEvent],
    *,
    as_of: date,
    calendar: WorkCalendar,
    policy: LawPolicy = STANDARD_POLICY,
) -> LimitationState | None:
    """Return the limitation of the debt with these events; None where nothing is unpaid."""
    return debt_clock(_ledger(loan, events), as_of=as_of, calendar=calendar, policy=policy)


def guarantees_of(
    loan: Loan,
    events: Sequence[LimitationEvent],
    *,
    as_of: date,
    calendar: WorkCalendar,
    policy: LawPolicy = STANDARD_POLICY,
) -> list[GuaranteeReading]:
    """Return how each guarantee of the loan stands on the day, with these events."""
    states = guarantee_clocks(
        _ledger(loan, events), as_of=as_of, calendar=calendar, policy=policy
    )
    return [
        GuaranteeReading(guarantee=guarantee, state=state)
        for guarantee, state in zip(loan.guarantees, states, strict=True)
    ]


def debt_clock(
    ledger: LedgerFacts,
    *,
    as_of: date,
    calendar: WorkCalendar,
    policy: LawPolicy = STANDARD_POLICY,
) -> LimitationState | None:
    """Return the limitation of the debt; None where nothing is unpaid or a judgment stands.

    After a judgment the period for enforcement takes its place (R-D13). Schedule and payments
    decide where the period starts (R-D02); events against guarantors are passed over (R-D08).

    Args:
        ledger: the facts of the loan; its events are confirmed ones.
        as_of: the day to look from.
        calendar: the working days known.
        policy: the settings of the bank.
    """
    facts = ledger.facts
    paid = [row for row in facts.payments if row.paid_on <= as_of]
    unpaid = open_days(facts.schedule, paid)
    if ledger.over or not unpaid or ledger.judged(as_of):
        return None
    return limitation_state(
        unpaid,
        [
            *(_interrupting(event) for event in ledger.events if event.guarantee_id is None),
            *money_events(paid, debtor=facts.debtor, after=unpaid[0]),
        ],
        as_of=as_of,
        calendar=calendar,
        policy=policy,
        accelerated=facts.accelerated_on,
    )


def guarantee_clocks(
    ledger: LedgerFacts,
    *,
    as_of: date,
    calendar: WorkCalendar,
    policy: LawPolicy = STANDARD_POLICY,
) -> list[GuaranteeState]:
    """Return how each guarantee stands on the day, in their order (R-D14 to R-D18)."""
    states = []
    main_due = ledger.main_due
    for terms in ledger.guarantees:
        facts = GuaranteeFacts(
            kind=GuaranteeKind(terms.kind),
            period=guarantee_period(
                main_due,
                clause_end=terms.period_end,
                clause=None if terms.period_end else (terms.period_clause or None),
            ),
            main_due=main_due,
        )
        acts = [act for event in ledger.events if (act := _act(event, terms.id)) is not None]
        state = guarantee_state(facts, acts, as_of=as_of, calendar=calendar, policy=policy)
        states.append(replace(state, limitation=None) if ledger.judged(as_of) else state)
    return states


def planned(state: LimitationState) -> Due | None:
    """Return the day to plan by: the careful reading, the legal one once that has passed.

    None while a procedure or a suspension goes on.
    """
    careful, legal = state.conservative.due, state.legal.due
    if careful is None or legal is None:
        return None
    return legal if state.as_of > careful.legal else careful


def counted(state: LimitationState) -> Due | None:
    """Return the end by law with the earlier of the two safe days, as lists show it.

    None while a procedure or a suspension goes on.
    """
    legal, plan = state.legal.due, planned(state)
    if legal is None or plan is None:
        return None
    return replace(
        legal,
        safe=min(legal.safe, plan.safe),
        provisional=legal.provisional or plan.provisional,
    )


def header_clocks(uow: UnitOfWork, loan: Loan) -> Iterator[HeaderClock]:
    """Yield the clocks of the debt and of its guarantees."""
    if loan.is_over:
        return
    as_of, calendar = uow.clock.today(), load_calendar(uow.session)
    policy = load_policy(uow)
    events = confirmed_events(uow, loan.id)
    debt = limitation_of(loan, events, as_of=as_of, calendar=calendar, policy=policy)
    if loan.judged_on is not None:
        yield _judged(loan.judged_on)
    if debt is not None and debt.status is not LimitationStatus.NOT_STARTED:
        yield _of_debt(debt)
    for reading in guarantees_of(loan, events, as_of=as_of, calendar=calendar, policy=policy):
        yield from _of_guarantee(reading)


def next_steps(uow: UnitOfWork, loan: Loan, state: FileState) -> Iterator[NextStep]:
    """Yield a letter for each period of the ledger that ends soon."""
    today = uow.clock.today()
    for clock in state.clocks:
        if not clock.key.startswith(_OURS) or clock.due is None or clock.done:
            continue
        if today > clock.due.legal:
            continue
        left = (clock.due.safe - today).days
        if left < LETTER_DAYS:
            guarantor = clock.key.startswith("guarantee-")
            yield NextStep(
                label=_l("发担保人履责通知") if guarantor else _l("发催收函"),
                endpoint="notices.create",
                permission=Permission.NOTICE_RUN,
                args={"loans": loan.loan_no, "kind": "N04" if guarantor else "N02"},
                icon="mail",
                urgency=left,
            )


def _judged(on: date) -> HeaderClock:
    return HeaderClock(
        key="limitation",
        label=_l("诉讼时效"),
        due=None,
        words=_l("已有判决"),
        done=True,
        long_period=True,
        basis=(ENFORCEMENT_INSTEAD,),
        note=f"判决已于 {on.isoformat()} 生效，改按申请执行期间管理。",
    )


def _of_debt(state: LimitationState) -> HeaderClock:
    due = planned(state)
    legal = state.legal.due
    steps = list(state.steps)
    careful = state.conservative
    if careful.due is not None and careful.anchor != state.legal.anchor:
        steps.append(
            f"按最早未清偿一期 {careful.anchor.isoformat()} 稳妥计算，"
            f"届满日 {careful.due.legal.isoformat()}。"
        )
    note = "" if due else "程序进行中，期间未继续计算。"
    if due is not None and legal is not None and due != legal:
        note = f"法定届满日 {legal.legal.isoformat()}；抬头按稳妥算法显示。"
    return HeaderClock(
        key="limitation",
        label=_l("诉讼时效"),
        due=due,
        words="" if due else _l("程序中"),
        done=due is None,
        long_period=True,
        steps=tuple(steps),
        basis=state.basis,
        note=note,
    )


def _of_guarantee(reading: GuaranteeReading) -> Iterator[HeaderClock]:
    state, name = reading.state, reading.guarantee.guarantor.name
    claimed = state.status is GuaranteeStatus.CLAIMED
    yield HeaderClock(
        key=f"guarantee-{reading.guarantee.id}",
        label=_l("保证期间"),
        subject=name,
        due=state.due,
        words=_l("期间内已主张") if claimed else "",
        long_period=True,
        done=claimed,
        steps=(*state.steps, *state.due.steps),
        note=str(state.status),
    )
    if state.limitation is not None:
        yield HeaderClock(
            key=f"guarantee-debt-{reading.guarantee.id}",
            label=_l("保证债务时效"),
            subject=name,
            due=state.limitation,
            long_period=True,
        )


def _ledger(loan: Loan, events: Sequence[LimitationEvent]) -> LedgerFacts:
    """Return a loan with these events as the rules of the clocks take it."""
    return LedgerFacts(
        loan_id=loan.id,
        branch_id=loan.branch_id,
        facts=facts_of(loan),
        stage=loan.stage,
        settled_on=loan.settled_on,
        judged_on=loan.judged_on,
        transferred_on=loan.transferred_on,
        guarantees=tuple(
            GuaranteeTerms(
                id=row.id,
                kind=row.kind,
                period_clause=row.period_clause,
                period_end=row.period_end,
            )
            for row in loan.guarantees
        ),
        events=tuple(
            ClockEvent(
                id=row.id,
                guarantee_id=row.guarantee_id,
                kind=row.kind,
                on=row.happened_on,
                level=row.level,
                ended_on=row.ended_on,
            )
            for row in events
        ),
    )


def _interrupting(event: ClockEvent) -> InterruptingEvent:
    known = event.kind in set(Interruption)
    return InterruptingEvent(
        kind=Interruption(event.kind) if known else Interruption.OTHER,
        on=event.on,
        level=Level(event.level),
        confirmed=True,  # only confirmed events are loaded
        ended_on=event.ended_on,
        ref=f"limitation_event:{event.id}",
    )


def _act(event: ClockEvent, guarantee_id: int) -> Act | None:
    """Return the event as an act for the guarantee; one against another guarantor is none."""
    if event.guarantee_id is None:
        kind = _AGAINST_DEBTOR.get(event.kind)
    elif event.guarantee_id == guarantee_id:
        kind = _AGAINST_GUARANTOR.get(event.kind)
    else:
        kind = None
    return None if kind is None else Act(kind=kind, on=event.on)
