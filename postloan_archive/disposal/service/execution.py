"""Carrying out what was approved: its paper, and what it changes in ledger and clocks."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from postloan_archive.archive import queries as archive
from postloan_archive.collection import queries as collecting
from postloan_archive.collection.rules import StopReason
from postloan_archive.collection.service import pauses
from postloan_archive.disposal import queries
from postloan_archive.disposal.errors import (
    ConditionNotMetError,
    ExecutedDayError,
    ForeignPaperError,
    ProofMissingError,
    StepNotAllowedError,
)
from postloan_archive.disposal.models import Disposal, DisposalPaper, ForeclosedAsset
from postloan_archive.disposal.rules import (
    NEXT,
    PROOF_OF,
    AssetKind,
    Kind,
    State,
    asset_deadline,
    is_met,
)
from postloan_archive.disposal.service.proposals import agreed
from postloan_archive.disposal.terms import amount_of, day_of, plan_of, relief_of
from postloan_archive.kernel.clock import CHINA
from postloan_archive.kernel.law import Derived
from postloan_archive.kernel.money import ZERO
from postloan_archive.loans import amending, booking, leaving, standing
from postloan_archive.loans import queries as loans
from postloan_archive.loans import service as ledger
from postloan_archive.loans.amending import AmendPlan
from postloan_archive.loans.booking import IN_KIND, NOT_MONEY, Received, SurplusError
from postloan_archive.loans.models import Loan
from postloan_archive.loans.rules.ageing import RiskClass
from postloan_archive.loans.rules.money_events import RELIEF
from postloan_archive.loans.rules.statement import Booking
from postloan_archive.loans.service import BookPayment, NoteLimitationEvent
from postloan_archive.uow import UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class Execute:
    """An approved disposal is carried out on a day; the paper proves it."""

    disposal_no: str
    executed_on: date
    document_id: int | None = None


def execute(uow: UnitOfWork, cmd: Execute) -> Disposal:
    """Carry out what was approved; all of it or nothing.

    Raises:
        DisposalNotFoundError: none for this actor.
        StepNotAllowedError: it is not approved, or carried out already.
        ExecutedDayError: the day is before the approval or in the future.
        ProofMissingError, ForeignPaperError: no paper, or one of another file.
        ConditionNotMetError: a relief whose condition is not met.
        RuleError: the ledger refuses it.
    """
    row = queries.get_disposal(uow, cmd.disposal_no)
    state, kind = State(row.state), Kind(row.kind)
    if State.EXECUTED not in NEXT[state]:
        raise StepNotAllowedError(disposal_no=row.disposal_no, state=state)
    _check_day(uow, row, cmd.executed_on)
    _keep_proof(uow, row, kind, cmd.document_id)
    effects: list[str] = []
    for line in row.loans:
        loan = loans.get_loan_by_id(uow, line.loan_id)
        step = Step(uow=uow, row=row, loan=loan, on=cmd.executed_on, proof=cmd.document_id)
        effects += EFFECTS[kind](step)
    row.state, row.effects = str(State.EXECUTED), effects
    row.executed_on, row.executed_by = cmd.executed_on, uow.actor.name
    row.executed_at = uow.clock.now()
    uow.record(
        "disposal.executed",
        f"disposal:{row.id}",
        disposal_no=row.disposal_no,
        kind=row.kind,
        executed_on=cmd.executed_on.isoformat(),
        document_id=cmd.document_id,
        effects=effects,
    )
    return row


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One loan of a disposal that is being carried out."""

    uow: UnitOfWork
    row: Disposal
    loan: Loan
    on: date
    proof: int | None


def _check_day(uow: UnitOfWork, row: Disposal, on: date) -> None:
    approved, today = _approved_on(uow, row), uow.clock.today()
    if not approved <= on <= today:
        raise ExecutedDayError(on=on, approved_on=approved, today=today)


def _approved_on(uow: UnitOfWork, row: Disposal) -> date:
    """Return the day of the approval; a demonstration lives on a day before its moments."""
    assert row.decided_at is not None  # an approved one was decided
    return min(row.decided_at.astimezone(CHINA).date(), uow.clock.today())


def _keep_proof(uow: UnitOfWork, row: Disposal, kind: Kind, document_id: int | None) -> None:
    if document_id is None:
        raise ProofMissingError(paper=PROOF_OF[kind])
    document = archive.get_document(uow, document_id)
    if document.loan_id not in {line.loan_id for line in row.loans}:
        raise ForeignPaperError
    if document_id not in {paper.document_id for paper in row.papers}:
        row.papers.append(
            DisposalPaper(document_id=document_id, role="proof", added_at=uow.clock.now())
        )


def _amend(step: Step) -> list[str]:
    """Extension and restructuring: the new plan, the guarantees, the acknowledgement."""
    uow, loan, terms = step.uow, step.loan, step.row.terms
    kind = Kind(step.row.kind)
    named = agreed(terms)
    done = amending.amend(
        uow,
        AmendPlan(
            loan_id=loan.id,
            kind="extension" if kind is Kind.EXTENSION else "restructuring",
            plan=plan_of(kind, terms),
            reference=step.row.disposal_no,
            consents=frozenset(one.id for one in loan.guarantees if one.contract_no in named),
            document_id=step.proof,
        ),
    )
    found = [
        f"{loan.loan_no} 到期日由 {done.old_due_on} 变更为 {done.new_due_on}，还款计划已更新",
        f"{loan.loan_no} 债务人签署协议构成认诺，诉讼时效自 {done.effective_on} 重新计算",
    ]
    kept = [one.contract_no for one in loan.guarantees if one.contract_no not in named]
    if kept:
        found.append(f"{loan.loan_no} 未书面同意的保证期间不变：{'、'.join(kept)}")
    if kind is Kind.RESTRUCTURING:
        found += _at_least(step, RiskClass.SPECIAL_MENTION, "重组资产至少归为关注（R-G03）")
    return found


def _relieve(step: Step) -> list[str]:
    """Relief: the classes are lowered as remitted; no money is booked."""
    uow, loan, terms = step.uow, step.loan, step.row.terms
    _check_condition(step)
    relief = relief_of(terms)
    ledger.book_payment(
        uow,
        BookPayment(
            loan_no=loan.loan_no,
            paid_on=step.on,
            amount=relief.total,
            receipt_no=step.row.disposal_no,
            to_principal=relief.principal,
            to_interest=relief.interest,
            to_penalty=relief.penalty,
            to_compound=relief.compound,
            channel=RELIEF,
        ),
    )
    found = [f"{loan.loan_no} 减免 {relief.total:,} 元，自 {step.on} 起不再计欠"]
    if leaving.settle(uow, loan.id, step.on):
        found.append(f"{loan.loan_no} 已无欠款，登记为结清")
    else:
        pauses.set_stop(uow, loan.loan_no, StopReason.DEBT_RELIEF, step.row.disposal_no)
        found.append(f"{loan.loan_no} 按减免协议停催（R-L08）")
    return found


def _check_condition(step: Step) -> None:
    asked, until = amount_of(step.row.terms, "pay_amount"), day_of(step.row.terms, "pay_by")
    since = _approved_on(step.uow, step.row)
    last = min(until, step.on) if until else step.on
    paid = sum(
        (
            row.amount
            for row in step.loan.payments
            if since <= row.paid_on <= last and row.channel not in NOT_MONEY
        ),
        ZERO,
    )
    if not is_met(asked, paid):
        raise ConditionNotMetError(asked=asked, until=until or step.on, paid=paid)


def _transfer(step: Step) -> list[str]:
    """Transfer: the claim leaves the books; the work on it ends."""
    uow, loan, terms = step.uow, step.loan, step.row.terms
    leaving.transfer(
        uow, loan.id, step.on, to=terms["transferee"], reference=step.row.disposal_no
    )
    found = [f"{loan.loan_no} 自 {step.on} 起由 {terms['transferee']} 享有，期限和催收终止"]
    placement = collecting.placement_of(uow, loan.id)
    if placement is not None:
        found.append(f"{loan.loan_no} 尚委托 {placement.agency} 催收，请收回并要求删除信息")
    return found


def _take_asset(step: Step) -> list[str]:
    """Asset: the debt is set off in the order of the law; the asset is kept until sold."""
    uow, loan, terms = step.uow, step.loan, step.row.terms
    value, kind = amount_of(terms, "value"), AssetKind(terms["asset_kind"])
    found, beyond = _set_off(loan, step.on, value)
    book(uow, loan, found, receipt_no=step.row.disposal_no, on=step.on, channel=IN_KIND)
    limit = asset_deadline(kind, step.on)
    uow.session.add(
        ForeclosedAsset(
            disposal_id=step.row.id,
            loan_id=loan.id,
            branch_id=loan.branch_id,
            kind=str(kind),
            description=terms["description"],
            location=terms.get("location", ""),
            source=terms["source"],
            acquired_on=step.on,
            value=value,
            sell_by=limit.value if limit else None,
            keeper=terms.get("keeper", ""),
        )
    )
    effects = [f"{loan.loan_no} 以物抵债 {value:,} 元：", *found.steps]
    if beyond:
        effects.append(f"抵债金额超出欠款 {beyond:,} 元，未计入本笔贷款，须返还或另作约定")
    if limit:
        effects += limit.steps
    if leaving.settle(uow, loan.id, step.on):
        effects.append(f"{loan.loan_no} 已无欠款，登记为结清")
    return effects


def _set_off(loan: Loan, on: date, value: Decimal) -> tuple[Derived[Booking], Decimal]:
    """Return the split of what is owed at most, and what the value is beyond it, yuan."""
    try:
        return booking.propose(loan, Received(on=on, amount=value)), ZERO
    except SurplusError as error:
        rest = value - error.surplus
        return booking.propose(loan, Received(on=on, amount=rest)), error.surplus


def book(
    uow: UnitOfWork,
    loan: Loan,
    found: Derived[Booking],
    *,
    receipt_no: str,
    on: date,
    channel: str,
    payer: str = "",
) -> Decimal:
    """Book an allocated amount; return it, yuan."""
    split = found.value
    amount = split.costs + split.principal + split.interest + split.penalty + split.compound
    ledger.book_payment(
        uow,
        BookPayment(
            loan_no=loan.loan_no,
            paid_on=on,
            amount=amount,
            receipt_no=receipt_no,
            to_costs=split.costs,
            to_principal=split.principal,
            to_interest=split.interest,
            to_penalty=split.penalty,
            to_compound=split.compound,
            payer=payer,
            channel=channel,
        ),
    )
    return amount


def _write_off(step: Step) -> list[str]:
    """Write-off: off the balance sheet; the claim, its clocks and its work go on."""
    uow, loan = step.uow, step.loan
    leaving.write_off(uow, loan.id, step.on, reference=step.row.disposal_no)
    return [
        f"{loan.loan_no} 于 {step.on} 核销：账销案存，诉讼时效、保证期间和催收照常",
        *_at_least(step, RiskClass.LOSS, "核销贷款归为损失"),
    ]


def _at_least(step: Step, floor: RiskClass, why: str) -> list[str]:
    if RiskClass(step.loan.risk_class).rank >= floor.rank:
        return []
    standing.report_class(step.uow, step.loan.id, floor, f"{step.row.disposal_no} {why}")
    return [f"{step.loan.loan_no} {why}"]


def _file_claim(step: Step) -> list[str]:
    """Bankruptcy: the claim is filed; single payments stop, limitation is interrupted."""
    uow, loan = step.uow, step.loan
    claim = queries.claim_of(uow, step.row.id)
    assert claim is not None  # it came with the proposal
    claim.filed_on, claim.filed_document_id = step.on, step.proof
    ledger.note_limitation_event(
        uow,
        NoteLimitationEvent(
            loan_no=loan.loan_no,
            kind="bankruptcy_claim",
            happened_on=step.on,
            level="A",
            document_id=step.proof,
            note=f"{step.row.disposal_no} 向{claim.court}破产程序申报债权",
        ),
    )
    pauses.set_stop(uow, loan.loan_no, StopReason.BANKRUPTCY, step.row.disposal_no)
    found = [
        f"{loan.loan_no} 已申报债权 {claim.claimed:,} 元，诉讼时效中断",
        f"{loan.loan_no} 停止对债务人的个别催收（R-L08）",
        f"{loan.loan_no} 请通知保证人已申报债权的事实（R-D24）",
    ]
    if step.on > claim.file_by:
        found.append(f"申报晚于截止日 {claim.file_by}：此前的分配不再补足，审查费用自担")
    return found


EFFECTS: Final[dict[Kind, Callable[[Step], list[str]]]] = {
    Kind.EXTENSION: _amend,
    Kind.RESTRUCTURING: _amend,
    Kind.RELIEF: _relieve,
    Kind.TRANSFER: _transfer,
    Kind.ASSET: _take_asset,
    Kind.WRITE_OFF: _write_off,
    Kind.BANKRUPTCY: _file_claim,
}
