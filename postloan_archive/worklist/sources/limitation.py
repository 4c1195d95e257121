"""Limitation of the debt and the clocks of its guarantees, from ledger and cases together."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from postloan_archive.cases.rules.events import Event
from postloan_archive.loans.clocks import counted
from postloan_archive.loans.rules.guarantee import Act, ActKind, GuaranteeKind, guarantee_period
from postloan_archive.loans.rules.guarantee_state import (
    GuaranteeFacts,
    GuaranteeState,
    guarantee_state,
)
from postloan_archive.loans.rules.limitation_state import (
    KIND_LABELS,
    InterruptingEvent,
    Interruption,
    LimitationState,
    LimitationStatus,
    Verdict,
    limitation_state,
)
from postloan_archive.loans.rules.money_events import money_events
from postloan_archive.loans.rules.proof import Level
from postloan_archive.worklist.rules.computed import Computed, Ended, State
from postloan_archive.worklist.rules.kinds import Kind
from postloan_archive.worklist.sources.as_of import AsOf
from postloan_archive.worklist.sources.facts import (
    LoanFile,
    Promise,
    ProvenEvent,
    happened,
)

DISPUTED = "R-D02"  # past by the careful reading alone
IN_PROCEDURE = "程序进行中，期间未继续计算。"
COUNTED = frozenset({Verdict.RESTARTED, Verdict.WAIVED, Verdict.RUNS_IN_PROCEDURE})
_CLAIMED = {  # kind of a limitation event against a guarantor -> the act it is
    Interruption.DEMAND: ActKind.NOTICE_TO_GUARANTOR,
    Interruption.SUIT: ActKind.SUE_GUARANTOR,
    Interruption.ARBITRATION: ActKind.ARBITRATE_GUARANTOR,
}
_AGAINST_DEBTOR = {
    Interruption.SUIT: ActKind.SUE_DEBTOR,
    Interruption.ARBITRATION: ActKind.ARBITRATE_DEBTOR,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class DebtClock:
    """The limitation of a debt as of a day, with what ended it where it no longer counts."""

    state: LimitationState
    last: InterruptingEvent | None  # the newest event that restarted the period
    document_id: int | None  # the paper that proves it
    ended: Ended | None


@dataclass(frozen=True, slots=True, kw_only=True)
class GuaranteeClock:
    """One guarantee with its state as of a day."""

    promise: Promise
    state: GuaranteeState
    document_id: int | None  # the paper of the first act that counts


def deadlines(file: LoanFile, at: AsOf) -> Iterator[Computed]:
    """Yield the end of the limitation of an overdue debt and of its guarantees."""
    unpaid = file.unpaid(at.day)
    if not unpaid or unpaid[0] >= at.day:
        return
    yield _limitation(file, debt_clock(file, unpaid, at))
    for clock in guarantee_clocks(file, at):
        yield from _guarantee(file, clock, at)


def debt_clock(file: LoanFile, unpaid: Sequence[date], at: AsOf) -> DebtClock:
    """Return the limitation of an overdue debt.

    Suits and enforcement come from the ledger, which learns of them from the docket; after an
    effective judgment the period for enforcement takes the place of the limitation (R-D13).
    """
    events, papers = _interruptions(file)
    facts = file.ledger.facts
    paid = [row for row in facts.payments if row.paid_on <= at.day]
    state = limitation_state(
        unpaid,
        [*events, *money_events(paid, debtor=facts.debtor, after=unpaid[0])],
        as_of=at.day,
        calendar=at.calendar,
        accelerated=facts.accelerated_on,
        policy=at.policy,
    )
    last = next(
        (one.event for one in reversed(state.conservative.events) if one.verdict in COUNTED),
        None,
    )
    return DebtClock(
        state=state,
        last=last,
        document_id=papers.get(last.ref) if last is not None else None,
        ended=_judged(file, at.day),
    )


def guarantee_clocks(file: LoanFile, at: AsOf) -> Iterator[GuaranteeClock]:
    """Yield the clock of each guarantee once the main debt of an overdue loan is due."""
    due = file.ledger.main_due
    if due >= at.day:
        return
    for promise in file.promises:
        acts, papers = _acts(file, promise)
        facts = GuaranteeFacts(
            kind=GuaranteeKind(promise.kind),
            period=guarantee_period(
                due,
                clause_end=promise.period_end,
                clause=None if promise.period_end else (promise.period_clause or None),
            ),
            main_due=due,
        )
        known = [act for act in acts if act.on is not None and act.on <= at.day]
        state = guarantee_state(
            facts, known, as_of=at.day, calendar=at.calendar, policy=at.policy
        )
        first = state.acts[0] if state.acts else None
        yield GuaranteeClock(
            promise=promise,
            state=state,
            document_id=papers.get((first.kind, first.on)) if first is not None else None,
        )


def _limitation(file: LoanFile, debt: DebtClock) -> Computed:
    state, last = debt.state, debt.last
    ended, due = debt.ended, counted(state)
    if due is None:
        ended = ended or Ended(state=State.STRUCK, on=state.as_of, why=IN_PROCEDURE)
        due = state.legal.due or state.cap
    rule = "R-D01" if last is None else "R-D04"
    return Computed(
        key=f"limitation:{file.loan_id}",
        kind=Kind.LIMITATION,
        rule=DISPUTED if state.status is LimitationStatus.AT_RISK else rule,
        subject=(last.ref if last is not None else "") or f"loan:{file.loan_id}",
        title="诉讼时效届满，届满前取得有效催收凭证或起诉",
        due=replace(
            due,
            basis=tuple(dict.fromkeys((*state.basis, *due.basis))),
            steps=(*state.steps, *_careful(state)),
        ),
        trigger=_interruption_words(last) if last is not None else "最早未清偿一期到期",
        trigger_on=last.on if last is not None else state.start.conservative_anchor,
        proof_document_id=debt.document_id,
        owner=file.owner,
        ended=ended,
    )


def _guarantee(file: LoanFile, clock: GuaranteeClock, at: AsOf) -> Iterator[Computed]:
    state, promise = clock.state, clock.promise
    name = promise.guarantor
    ended = None
    if state.acts:
        first = state.acts[0]
        ended = Ended(
            state=State.DONE,
            on=first.on or at.day,
            why=f"{_iso(first.on)} 期间内已有主张记录。",
            document_id=clock.document_id,
        )
    yield Computed(
        key=f"guarantee:{promise.id}:period",
        kind=Kind.GUARANTEE,
        rule="R-D14",
        subject=f"guarantee:{promise.id}",
        title=_claim_words(promise),
        due=replace(state.due, steps=(*state.steps, *state.due.steps)),
        trigger="主债务履行期限届满",
        trigger_on=file.ledger.main_due,
        owner=file.owner,
        ended=ended,
    )
    if state.limitation is not None:
        yield Computed(
            key=f"guarantee:{promise.id}:limitation",
            kind=Kind.LIMITATION,
            rule="R-D16",
            subject=f"guarantee:{promise.id}",
            title=f"保证债务诉讼时效届满：{name}",
            due=state.limitation,
            trigger="保证期间内主张权利",
            trigger_on=state.acts[0].on if state.acts else None,
            proof_document_id=clock.document_id,
            owner=file.owner,
            ended=_judged(file, at.day),
        )


def _interruptions(file: LoanFile) -> tuple[list[InterruptingEvent], dict[str, int | None]]:
    """Return what may interrupt the limitation of the debt, and the papers by reference."""
    found: list[InterruptingEvent] = []
    papers: dict[str, int | None] = {}
    for row in file.events:
        if row.guarantee_id is not None:
            continue
        ref = f"limitation_event:{row.id}"
        papers[ref] = row.document_id
        found.append(
            InterruptingEvent(
                kind=_interruption(row),
                on=row.on,
                level=Level(row.level),
                confirmed=True,
                ended_on=row.ended_on,
                ref=ref,
            )
        )
    return found, papers


def _acts(
    file: LoanFile, promise: Promise
) -> tuple[list[Act], dict[tuple[ActKind, date | None], int | None]]:
    """Return what was done to keep the right against one guarantor, oldest first."""
    done = sorted(_ledger_acts(file, promise), key=lambda act: act[1])
    papers: dict[tuple[ActKind, date | None], int | None] = {}
    for kind, on, document_id in done:
        papers.setdefault((kind, on), document_id)
    return [Act(kind=kind, on=on) for kind, on, _document_id in done], papers


def _ledger_acts(
    file: LoanFile, promise: Promise
) -> Iterator[tuple[ActKind, date, int | None]]:
    for row in file.events:
        if row.level == Level.D:
            continue
        what, kind = _interruption(row), None
        if row.guarantee_id == promise.id:
            kind = _CLAIMED.get(what)
        elif row.guarantee_id is None:
            kind = _AGAINST_DEBTOR.get(what)
        if kind is not None:
            yield kind, row.on, row.document_id


def _judged(file: LoanFile, today: date) -> Ended | None:
    """Return the judgment that put the period for enforcement in the place of limitation."""
    for case in file.cases:
        for one in happened(case):
            if one.event is Event.EFFECTIVE and one.on <= today:
                return Ended(
                    state=State.STRUCK,
                    on=one.on,
                    why=f"判决已于 {one.on.isoformat()} 生效，改按申请执行期间管理。",
                    document_id=one.document_id,
                )
    return None


def _interruption(row: ProvenEvent) -> Interruption:
    return Interruption(row.kind) if row.kind in set(Interruption) else Interruption.OTHER


def _interruption_words(event: InterruptingEvent) -> str:
    return f"{KIND_LABELS[event.kind]}（证据等级{event.level}）"


def _careful(state: LimitationState) -> tuple[str, ...]:
    """Return the sentence on the careful reading, where it differs from the legal one."""
    careful, legal = state.conservative.due, state.legal.due
    if careful is None or legal is None or careful.nominal == legal.nominal:
        return ()
    on, by = careful.nominal.isoformat(), careful.safe.isoformat()
    if state.as_of > careful.legal:
        return (f"稳妥期限按最早未清偿一期计算，已于 {on} 届满，有争议，请法务判断。",)
    return (f"稳妥期限按最早未清偿一期计算：{on}，请在 {by} 前办理。",)


def _claim_words(promise: Promise) -> str:
    name = promise.guarantor
    if promise.kind == GuaranteeKind.JOINT:
        return f"向保证人 {name} 主张权利（连带保证，通知须到达）"
    return f"对债务人起诉或申请仲裁（一般保证人 {name}）"


def _iso(on: date | None) -> str:
    return on.isoformat() if on else "（无日期）"
