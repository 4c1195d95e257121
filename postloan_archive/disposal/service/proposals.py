"""Proposing a disposal, withdrawing it, deciding on it: never by one person alone."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from sqlalchemy import func, select

from postloan_archive.disposal import queries
from postloan_archive.disposal.errors import (
    DaysInOrderError,
    InOtherDisposalError,
    LoansMissingError,
    NothingRemittedError,
    OneLoanError,
    OwnProposalError,
    ReasonMissingError,
    SeveralBranchesError,
    StepNotAllowedError,
    TooMuchReliefError,
)
from postloan_archive.disposal.models import BankruptcyClaim, Disposal, DisposalLoan
from postloan_archive.disposal.rules import (
    KIND_WORDS,
    NEXT,
    SEVERAL,
    Kind,
    Owed,
    State,
    beyond,
    claim_period,
)
from postloan_archive.disposal.terms import amount_of, clean, day_of, plan_of, relief_of
from postloan_archive.kernel.errors import _l
from postloan_archive.kernel.money import ZERO
from postloan_archive.loans import amending, leaving
from postloan_archive.loans import queries as loans
from postloan_archive.loans.derivation import position_of
from postloan_archive.loans.models import Loan
from postloan_archive.loans.rules.ageing import RiskClass
from postloan_archive.loans.rules.new_plan import extension_limit
from postloan_archive.uow import UnitOfWork

BAD_ENOUGH: Final = (str(RiskClass.DOUBTFUL), str(RiskClass.LOSS))


@dataclass(frozen=True, slots=True, kw_only=True)
class Propose:
    """What is to be done with which loans; the terms by name, as they were written."""

    kind: Kind
    loan_nos: tuple[str, ...]
    reason: str
    terms: Mapping[str, str]


def propose(uow: UnitOfWork, cmd: Propose) -> Disposal:
    """Put a proposal up for decision, with what is owed on its day.

    Raises:
        LoanNotFoundError: one of the loans is none of this actor.
        LoansMissingError, OneLoanError, SeveralBranchesError: the loans do not go together.
        ClaimGoneError, InOtherDisposalError: a claim is gone, or in another proposal.
        ReasonMissingError, TermMissingError, TermShapeError: something is missing or odd.
        TooMuchReliefError, NothingRemittedError, DaysInOrderError: the terms make no sense.
    """
    found = _loans(uow, cmd)
    if not cmd.reason.strip():
        raise ReasonMissingError
    terms = clean(cmd.kind, cmd.terms)
    as_of = day_of(terms, "cutoff_on") or day_of(terms, "accepted_on") or uow.clock.today()
    lines = [_line(loan, as_of) for loan in found]
    notes = CHECKS[cmd.kind](
        Checked(uow=uow, kind=cmd.kind, terms=terms, loan=found[0], lines=lines)
    )
    row = Disposal(
        disposal_no=_next_no(uow),
        kind=str(cmd.kind),
        branch_id=found[0].branch_id,
        reason=cmd.reason.strip(),
        terms=terms,
        notes=notes,
        proposed_by=uow.actor.name,
        proposed_at=uow.clock.now(),
        loans=lines,
    )
    uow.session.add(row)
    uow.session.flush()  # the audit line and the claim need the id
    if cmd.kind is Kind.BANKRUPTCY:
        _open_claim(uow, row, lines[0])
    uow.record(
        "disposal.proposed",
        f"disposal:{row.id}",
        disposal_no=row.disposal_no,
        kind=row.kind,
        loan_nos=[loan.loan_no for loan in found],
        terms=terms,
        reason=row.reason,
    )
    return row


def withdraw(uow: UnitOfWork, disposal_no: str, why: str) -> Disposal:
    """Take a proposal back before it is carried out; an approved one too.

    Raises:
        DisposalNotFoundError: none for this actor.
        StepNotAllowedError: it is finished.
        ReasonMissingError: it is not said why.
    """
    row = queries.get_disposal(uow, disposal_no)
    _move(row, State.WITHDRAWN)
    if not why.strip():
        raise ReasonMissingError
    row.decision = "；".join(filter(None, (row.decision, f"撤回：{why.strip()}")))
    uow.record(
        "disposal.withdrawn",
        f"disposal:{row.id}",
        disposal_no=row.disposal_no,
        why=why.strip(),
    )
    return row


def decide(uow: UnitOfWork, disposal_no: str, *, agree: bool, words: str) -> Disposal:
    """Approve a proposal or turn it down; another person than the one who proposed it.

    Raises:
        DisposalNotFoundError: none for this actor.
        StepNotAllowedError: it was decided or withdrawn.
        OwnProposalError: the same person proposed it.
        ReasonMissingError: turned down without a reason.
    """
    row = queries.get_disposal(uow, disposal_no)
    if row.proposed_by == uow.actor.name:
        raise OwnProposalError
    _move(row, State.APPROVED if agree else State.TURNED_DOWN)
    if not agree and not words.strip():
        raise ReasonMissingError
    row.decision = words.strip()
    row.decided_by, row.decided_at = uow.actor.name, uow.clock.now()
    uow.record(
        "disposal.approved" if agree else "disposal.turned_down",
        f"disposal:{row.id}",
        disposal_no=row.disposal_no,
        kind=row.kind,
        proposed_by=row.proposed_by,
        words=row.decision,
    )
    return row


def _move(row: Disposal, to: State) -> None:
    state = State(row.state)
    if to not in NEXT[state]:
        raise StepNotAllowedError(disposal_no=row.disposal_no, state=state)
    row.state = str(to)


def _loans(uow: UnitOfWork, cmd: Propose) -> list[Loan]:
    numbers = tuple(dict.fromkeys(number.strip() for number in cmd.loan_nos if number.strip()))
    if not numbers:
        raise LoansMissingError
    if len(numbers) > 1 and cmd.kind not in SEVERAL:
        raise OneLoanError(kind=KIND_WORDS[cmd.kind])
    found = [loans.get_loan(uow, number) for number in numbers]
    if len({loan.branch_id for loan in found}) > 1:
        raise SeveralBranchesError
    for loan in found:
        leaving.check_ours(loan)
        other = queries.open_disposal_of(uow, loan.id)
        if other is not None:
            raise InOtherDisposalError(loan_no=loan.loan_no, disposal_no=other.disposal_no)
    return found


def _line(loan: Loan, as_of: date) -> DisposalLoan:
    owed = position_of(loan, as_of).value
    return DisposalLoan(
        loan_id=loan.id,
        as_of=as_of,
        principal=owed.balance,
        interest=owed.interest_due + owed.accrued,
        penalty=owed.penalty,
        compound=owed.compound,
        overdue_days=owed.overdue_days,
        risk_class=loan.risk_class,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """Terms to check against the loans, the first of them above all."""

    uow: UnitOfWork
    kind: Kind
    terms: dict[str, str]
    loan: Loan
    lines: list[DisposalLoan]


def _check_plan(at: Checked) -> list[str]:
    kind, terms, loan = at.kind, at.terms, at.loan
    plan = plan_of(kind, terms)
    found = amending.preview(loan, str(kind), plan)
    notes = list(found.steps)
    if kind is Kind.EXTENSION:
        limit = extension_limit(loan.disbursed_on, loan.due_on)
        notes += limit.steps
        if plan.due_on > limit.value:
            notes.append(
                _l("新到期日晚于通常的展期上限 {day}（参考）。").format(day=limit.value)
            )
    named = agreed(terms)
    known = {guarantee.contract_no for guarantee in loan.guarantees}
    notes += [
        _l("保证合同 {no} 没有保证人书面同意：保证期间不变，加重部分不承担责任。").format(no=no)
        for no in sorted(known - named)
    ]
    notes += [
        _l("“{no}”不是本笔贷款的保证合同。").format(no=no) for no in sorted(named - known)
    ]
    return notes


def agreed(terms: Mapping[str, str]) -> frozenset[str]:
    """Return the numbers of the guarantee contracts whose guarantor agreed in writing."""
    text = terms.get("consents", "")
    for mark in ("，", ",", ";", "；", " ", "\n"):
        text = text.replace(mark, "、")
    return frozenset(part for part in text.split("、") if part)


def _check_relief(at: Checked) -> list[str]:
    relief, line = relief_of(at.terms), at.lines[0]
    if not relief.total:
        raise NothingRemittedError
    owed = Owed(
        principal=line.principal,
        interest=line.interest,
        penalty=line.penalty,
        compound=line.compound,
    )
    classes = beyond(relief, owed)
    if classes:
        raise TooMuchReliefError(classes=classes)
    notes = [f"截至 {line.as_of} 欠款合计 {owed.total:,} 元，减免 {relief.total:,} 元"]
    if relief.principal:
        notes.append(_l("本项减免涉及本金。"))
    return notes


def _check_transfer(at: Checked) -> list[str]:
    terms, lines = at.terms, at.lines
    signed, cutoff = day_of(terms, "agreement_on"), day_of(terms, "cutoff_on")
    if signed and cutoff and signed < cutoff:
        raise DaysInOrderError(
            name="agreement_on", later=_l("协议签订日"), earlier=_l("转让基准日")
        )
    total, price = _total(lines), amount_of(terms, "price")
    share = price * 100 / total if total else price
    return [
        f"截至 {cutoff} 债权 {len(lines)} 笔，合计 {total:,} 元",
        f"转让价款 {price:,} 元，为债权合计的 {share:.2f}%",
        _l("转让通知到达债务人、保证人后，对其分别发生效力（民法典第546条、第696条）。"),
    ]


def _check_claim(at: Checked) -> list[str]:
    terms = at.terms
    accepted, until = day_of(terms, "accepted_on"), day_of(terms, "file_by")
    announced = day_of(terms, "announced_on")
    if accepted and until and until < accepted:
        raise DaysInOrderError(name="file_by", later=_l("申报截止日"), earlier=_l("受理日"))
    notes = [f"利息计至受理日 {accepted}（不含），受理后停止计息"]
    if announced and until:
        limits = claim_period(announced)
        notes += limits.steps
        if not limits.value.earliest <= until <= limits.value.latest:
            notes.append(_l("申报截止日不在上述范围内，请核对公告。"))
    return notes


def _check_asset(at: Checked) -> list[str]:
    value, total = amount_of(at.terms, "value"), _total(at.lines)
    if value <= total:
        return []
    return [
        _l("抵债金额 {value} 元大于欠款 {total} 元，差额须返还或另作约定。").format(
            value=f"{value:,}", total=f"{total:,}"
        )
    ]


def _check_write_off(at: Checked) -> list[str]:
    return [
        _l("{no} 现分类为{now}，通常应先认定为损失。").format(
            no=loans.get_loan_by_id(at.uow, line.loan_id).loan_no, now=line.risk_class
        )
        for line in at.lines
        if line.risk_class not in BAD_ENOUGH
    ]


CHECKS: Final[Mapping[Kind, Callable[[Checked], list[str]]]] = {
    Kind.EXTENSION: _check_plan,
    Kind.RESTRUCTURING: _check_plan,
    Kind.RELIEF: _check_relief,
    Kind.TRANSFER: _check_transfer,
    Kind.ASSET: _check_asset,
    Kind.WRITE_OFF: _check_write_off,
    Kind.BANKRUPTCY: _check_claim,
}
"""What the decision should know of each kind; refusals are raised."""


def _open_claim(uow: UnitOfWork, row: Disposal, line: DisposalLoan) -> None:
    """Keep the claim from the proposal on, so that its last day is watched."""
    accepted, until = day_of(row.terms, "accepted_on"), day_of(row.terms, "file_by")
    assert accepted is not None
    assert until is not None  # `clean` has seen to both
    uow.session.add(
        BankruptcyClaim(
            disposal_id=row.id,
            loan_id=line.loan_id,
            branch_id=row.branch_id,
            court=row.terms["court"],
            court_case_no=row.terms.get("court_case_no", ""),
            administrator=row.terms["administrator"],
            accepted_on=accepted,
            announced_on=day_of(row.terms, "announced_on"),
            file_by=until,
            claimed=_total([line]),
            secured=row.terms.get("secured", ""),
        )
    )


def _total(lines: list[DisposalLoan]) -> Decimal:
    return sum(
        (line.principal + line.interest + line.penalty + line.compound for line in lines), ZERO
    )


def _next_no(uow: UnitOfWork) -> str:
    number = (uow.session.scalar(select(func.max(Disposal.id))) or 0) + 1
    return f"CZ{uow.clock.today().year}-{number:05d}"
