"""Guarantees and collateral of a loan: whether the right against each is alive."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from postloan_archive.kernel.errors import _l
from postloan_archive.kernel.law import Citation, Due
from postloan_archive.loans.clocks import guarantees_of
from postloan_archive.loans.derivation import confirmed_events
from postloan_archive.loans.models import Collateral, Loan
from postloan_archive.loans.rules.guarantee_state import GuaranteeStatus
from postloan_archive.policy.queries import load_policy
from postloan_archive.uow import UnitOfWork
from postloan_archive.workdays.service import load_calendar


@dataclass(frozen=True, slots=True, kw_only=True)
class SecurityRow:
    """One security.

    Attributes:
        what: the guarantor or the thing.
        kind: Chinese.
        alive: nothing on record speaks against the right.
        text: how it stands, Chinese.
        due: the end of the period, None for a thing.
        steps: the derivation.
        basis: the provisions of the day.
    """

    what: str
    kind: str
    contract_no: str
    alive: bool
    text: str
    due: Due | None = None
    steps: tuple[str, ...] = ()
    basis: tuple[Citation, ...] = ()


def security_rows(uow: UnitOfWork, loan: Loan, today: date) -> tuple[SecurityRow, ...]:
    """Return every guarantee with its period and every piece of collateral."""
    return (*_guarantees(uow, loan, today), *(_thing(item) for item in loan.collateral))


def _guarantees(uow: UnitOfWork, loan: Loan, today: date) -> Iterator[SecurityRow]:
    readings = guarantees_of(
        loan,
        confirmed_events(uow, loan.id),
        as_of=today,
        calendar=load_calendar(uow.session),
        policy=load_policy(uow),
    )
    for reading in readings:
        row, state = reading.guarantee, reading.state
        general = row.kind != "joint"
        text = f"{state.status}，{state.due.legal.isoformat()} 届满"
        alive = state.status is not GuaranteeStatus.PAST
        if general:
            text += _l("；一般保证只有起诉、仲裁债务人才保住期间，本次起诉应在届满前")
        yield SecurityRow(
            what=row.guarantor.name,
            kind=_l("一般保证") if general else _l("连带责任保证"),
            contract_no=row.contract_no,
            alive=alive,
            text=text,
            due=state.due,
            steps=state.steps,
            basis=state.due.basis,
        )


def _thing(item: Collateral) -> SecurityRow:
    lacks = []
    if not item.registration_no:
        lacks.append(_l("没有登记证明编号，请核对担保物权是否设立"))
    if item.rank > 1:
        lacks.append(_l("第 {rank} 顺位，受偿在先顺位之后").format(rank=item.rank))
    if item.secured_amount is not None:
        limit = _l("登记的担保债权数额 {sum} 元").format(sum=f"{item.secured_amount:,.2f}")
    else:
        limit = _l("没有登记担保债权数额")
    return SecurityRow(
        what=f"{item.provider.name}：{item.description}",
        kind=_l("物的担保"),
        contract_no=item.contract_no,
        alive=bool(item.registration_no),
        text="；".join((*lacks, limit)),
    )
