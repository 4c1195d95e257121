"""Which way a claim can go, and why (R-B27, R-H06, R-A18); the lawyer decides."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Final

from postloan_archive.cases.rules.fees import fees
from postloan_archive.cases.rules.small_claims import SmallClaims, small_claims
from postloan_archive.kernel.errors import _l
from postloan_archive.kernel.law import Citation
from postloan_archive.kernel.money import ZERO
from postloan_archive.kernel.statutes import CIVIL_PROCEDURE_INTERPRETATION, CIVIL_PROCEDURE_LAW
from postloan_archive.litigation.rules.payment_order import (
    PAYMENT_ORDER,
    REASONS,
    payment_order_admissible,
)

SIMPLIFIED: Final = CIVIL_PROCEDURE_INTERPRETATION.at(257, rule="R-A18")
REALISATION: Final = CIVIL_PROCEDURE_LAW.at(207, rule="R-H02a")
SMALL: Final = CIVIL_PROCEDURE_LAW.at(165, rule="R-B27")
ORDINARY: Final = CIVIL_PROCEDURE_LAW.at(122, rule="R-H02a")


class ProcedureKind(StrEnum):
    """The ways to court."""

    ORDINARY = "ordinary"
    SIMPLIFIED = "simplified"
    SMALL_CLAIMS = "small_claims"
    PAYMENT_ORDER = "payment_order"
    SECURITY_INTEREST = "security_interest"


LABELS: Final = {
    ProcedureKind.ORDINARY: _l("普通程序"),
    ProcedureKind.SIMPLIFIED: _l("简易程序"),
    ProcedureKind.SMALL_CLAIMS: _l("小额诉讼"),
    ProcedureKind.PAYMENT_ORDER: _l("支付令"),
    ProcedureKind.SECURITY_INTEREST: _l("实现担保物权"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimFacts:
    """What the choice depends on.

    Attributes:
        amount: principal and interest on the cut-off day, yuan.
        due: all of it is due.
        debtor_missing: somebody to be sued cannot be reached.
        abroad: somebody to be sued has no domicile in China.
        registered: there is collateral, and every piece of it is registered.
        collateral: there is collateral.
        guarantors: there are guarantors who are to pay.
        preserved_before_suit: a measure before the suit is on record (R-H06).
        average_wage: yuan a year in the province, None where nobody has entered it.
    """

    amount: Decimal
    due: bool
    debtor_missing: bool = False
    abroad: bool = False
    registered: bool = False
    collateral: bool = False
    guarantors: bool = False
    preserved_before_suit: bool = False
    average_wage: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcedureOption:
    """One way: open or not (None: not known), the reasons in Chinese, the fee in yuan.

    `fee` is None where no amount is prepaid by the rules (R-E08: courts differ).
    """

    kind: ProcedureKind
    open: bool | None
    reasons: tuple[str, ...]
    fee: Decimal | None
    basis: Citation
    recommended: bool = False

    @property
    def label(self) -> str:
        """Return the name of the way."""
        return LABELS[self.kind]


def procedure_options(facts: ClaimFacts) -> tuple[ProcedureOption, ...]:
    """Return the five ways, the recommended one marked; none where nothing is claimed."""
    if facts.amount <= ZERO:
        return ()
    cost = fees(facts.amount).value
    found = (
        _small(facts, cost.half),
        _simplified(facts, cost.half),
        ProcedureOption(
            kind=ProcedureKind.ORDINARY,
            open=True,
            reasons=(_l("任何案件均可适用；一审审限六个月。"),),
            fee=cost.first_instance,
            basis=ORDINARY,
        ),
        _order(facts, cost.payment_order),
        _realisation(facts),
    )
    best = _best(facts, {one.kind: one for one in found})
    return tuple(
        ProcedureOption(
            kind=one.kind,
            open=one.open,
            reasons=one.reasons,
            fee=one.fee,
            basis=one.basis,
            recommended=one.kind is best,
        )
        for one in found
    )


def _best(facts: ClaimFacts, found: dict[ProcedureKind, ProcedureOption]) -> ProcedureKind:
    only_things = facts.registered and not facts.guarantors
    if found[ProcedureKind.SECURITY_INTEREST].open and only_things:
        return ProcedureKind.SECURITY_INTEREST
    small = found[ProcedureKind.SMALL_CLAIMS]
    if small.open:
        return ProcedureKind.SMALL_CLAIMS
    if found[ProcedureKind.SIMPLIFIED].open:
        return ProcedureKind.SIMPLIFIED
    return ProcedureKind.ORDINARY


def _small(facts: ClaimFacts, fee: Decimal) -> ProcedureOption:
    reasons = []
    if facts.debtor_missing:
        reasons.append(_l("一方下落不明，不适用小额诉讼。"))
    if facts.abroad:
        reasons.append(_l("涉外案件不适用小额诉讼。"))
    is_open: bool | None = False
    if facts.average_wage is None:
        is_open = None if not reasons else False
        reasons.append(_l("没有登记当地上年度就业人员年平均工资，不能判断。"))
    else:
        found = small_claims(provincial_average_wage=facts.average_wage, amount=facts.amount)
        reasons += found.steps
        is_open = found.value is SmallClaims.MANDATORY and not (
            facts.debtor_missing or facts.abroad
        )
        if found.value is SmallClaims.BY_AGREEMENT:
            reasons.append(_l("须双方约定，起诉时不能单方选择。"))
    if is_open:
        reasons.append(_l("一审终审，不能上诉。"))
    return ProcedureOption(
        kind=ProcedureKind.SMALL_CLAIMS,
        open=is_open,
        reasons=tuple(reasons),
        fee=fee,
        basis=SMALL,
    )


def _simplified(facts: ClaimFacts, fee: Decimal) -> ProcedureOption:
    reasons = []
    if facts.debtor_missing:
        reasons.append(_l("被告下落不明须公告送达，不适用简易程序。"))
    else:
        reasons.append(_l("事实清楚、权利义务关系明确的可以适用；受理费减半。"))
    return ProcedureOption(
        kind=ProcedureKind.SIMPLIFIED,
        open=not facts.debtor_missing,
        reasons=tuple(reasons),
        fee=fee,
        basis=SIMPLIFIED,
    )


def _order(facts: ClaimFacts, fee: Decimal) -> ProcedureOption:
    found = payment_order_admissible(
        amount_fixed=True,
        due=facts.due,
        debtor_missing=facts.debtor_missing,
        pre_litigation_preservation=facts.preserved_before_suit,
        debtor_in_china=not facts.abroad,
    ).value
    reasons = [f"{REASONS[name]}。" for name in found.reasons]
    if facts.guarantors or facts.collateral:
        reasons.append(
            _l("支付令对担保人没有拘束力，另行起诉担保人的支付令失效：有担保的债权不宜采用。")
        )
    elif found.admissible:
        reasons.append(_l("债务人提出书面异议即失效；须没有其他债务纠纷和对待给付义务。"))
    return ProcedureOption(
        kind=ProcedureKind.PAYMENT_ORDER,
        open=found.admissible,
        reasons=tuple(reasons),
        fee=fee,
        basis=PAYMENT_ORDER,
    )


def _realisation(facts: ClaimFacts) -> ProcedureOption:
    reasons = []
    if not facts.collateral:
        reasons.append(_l("没有物的担保。"))
    elif not facts.registered:
        reasons.append(_l("有担保物没有登记证明编号。"))
    if not facts.due:
        reasons.append(_l("主债务尚未到期。"))
    is_open = not reasons
    if is_open:
        reasons.append(_l("对方提出有依据的实质争议的将被驳回，须另行起诉。"))
        if facts.guarantors:
            reasons.append(_l("不能一并要求保证人承担责任。"))
        reasons.append(_l("是否收取申请费各地不一，以法院通知为准。"))
    return ProcedureOption(
        kind=ProcedureKind.SECURITY_INTEREST,
        open=is_open,
        reasons=tuple(reasons),
        fee=None,
        basis=REALISATION,
    )
