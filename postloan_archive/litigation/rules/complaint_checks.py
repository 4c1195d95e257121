"""What a complaint must agree with before it leaves the house (R-H08): sums, dates, parties."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import chain
from typing import Final

from postloan_archive.kernel.money import ZERO
from postloan_archive.litigation.rules.complaint_form import FormFault, form_faults, value_at


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFile:
    """What the loan file says about the claim; amounts in yuan.

    Attributes:
        cut_off: cut-off day of the calculation sheet A06.
        principal: principal of A06.
        in_term_interest: of A06.
        penalty: of A06.
        compound: of A06.
        overdue_days: R-G05 on the cut-off day.
        matured_principal: principal of the instalments already due.
        interest_deducted: interest was deducted in advance (R-F16).
        secured: guarantees or collateral are in the file.
        guarantee_kinds: name of a guarantor to 一般保证 or 连带责任保证.
        security_providers: names of third-party providers of collateral.
        attorney_powers: authority of the agents in A02, 一般授权 or 特别授权, None without.
    """

    cut_off: date
    principal: Decimal
    in_term_interest: Decimal
    penalty: Decimal
    compound: Decimal
    overdue_days: int
    matured_principal: Decimal
    interest_deducted: bool = False
    secured: bool = False
    guarantee_kinds: Mapping[str, str] | None = None
    security_providers: frozenset[str] = frozenset()
    attorney_powers: str | None = None


Form = Mapping[str, object]
Check = Callable[[Form, CaseFile], Iterator[FormFault]]


def _amount(form: Form, path: str) -> Decimal:
    value = value_at(form, path)
    return value if isinstance(value, Decimal) else ZERO


def _fault(at: str, reason: str) -> FormFault:
    return FormFault(at=at, reason=reason, may_override=True)


def _differs(at: str, form: Form, expected: object, what: str) -> Iterator[FormFault]:
    given = value_at(form, at)
    if given != expected:
        yield _fault(at, f"{what}：起诉状 {given}，应为 {expected}。")


def _names(form: Form, block: str) -> frozenset[str]:
    entries = form.get(block)
    if not isinstance(entries, Sequence):
        return frozenset()
    return frozenset(
        str(entry["name"])
        for entry in entries
        if isinstance(entry, Mapping) and "name" in entry
    )


def _sheet(form: Form, file: CaseFile) -> Iterator[FormFault]:
    """5.1 and 5.2 are those of A06, day and amounts."""
    for at in ("claims.principal.as_of", "claims.interest.as_of"):
        yield from _differs(at, form, file.cut_off, "截止日与债权计算表不一致")
    for at, expected in (
        ("claims.principal.amount", file.principal),
        ("claims.interest.in_term", file.in_term_interest),
        ("claims.interest.penalty", file.penalty),
        ("claims.interest.compound", file.compound),
    ):
        yield from _differs(at, form, expected, "金额与债权计算表不一致")


def _sums(form: Form, file: CaseFile) -> Iterator[FormFault]:
    """5.2 is the sum of its parts; 5.8 = 5.1 + 5.2 + quantified 5.5, without court fees."""
    del file
    parts = sum(
        (
            _amount(form, f"claims.interest.{name}")
            for name in ("in_term", "compound", "penalty")
        ),
        ZERO,
    )
    yield from _differs("claims.interest.total", form, parts, "利息合计不等于各项之和")
    total = (
        _amount(form, "claims.principal.amount")
        + _amount(form, "claims.interest.total")
        + _amount(form, "claims.costs.amount")
    )
    yield from _differs("claims.total_amount", form, total, "标的总额不等于各项之和")


def _drawdowns(form: Form, file: CaseFile) -> Iterator[FormFault]:
    """7.3 paid out = Σ 7.6 ≤ agreed; paid out − 7.8 = 5.1 unless interest was deducted."""
    rows = value_at(form, "facts.drawdowns")
    entries = rows if isinstance(rows, (list, tuple)) else ()
    drawn = sum((_amount(row, "amount") for row in entries if isinstance(row, Mapping)), ZERO)
    yield from _differs("facts.amount_paid_out", form, drawn, "发放金额不等于各笔发放之和")
    agreed, out = _amount(form, "facts.amount_agreed"), _amount(form, "facts.amount_paid_out")
    if out > agreed:
        yield _fault("facts.amount_paid_out", f"发放金额 {out} 超过约定金额 {agreed}。")
    if not file.interest_deducted:
        left = out - _amount(form, "facts.paid_principal")
        yield from _differs("claims.principal.amount", form, left, "发放减已还不等于尚欠本金")


def _overdue(form: Form, file: CaseFile) -> Iterator[FormFault]:
    """7.9 days = R-G05 on the as-of date."""
    if value_at(form, "facts.overdue") == "是":
        yield from _differs("facts.overdue_days", form, file.overdue_days, "逾期天数不一致")


METHOD_WORDS: Final = (("基数", "基数"), ("利率", "利率"), ("起算日", "自"))


def _method(form: Form, file: CaseFile) -> Iterator[FormFault]:
    """Interest until payment names base, rate and start day."""
    del file
    if value_at(form, "claims.interest.until_paid") != "是":
        return
    text = str(value_at(form, "claims.interest.method") or "")
    missing = [name for name, word in METHOD_WORDS if word not in text]
    if missing:
        yield _fault("claims.interest.method", f"计算方式未写明：{'、'.join(missing)}。")


def _maturity(form: Form, file: CaseFile) -> Iterator[FormFault]:
    """A loan not yet due needs acceleration, else only matured principal is claimed."""
    if (
        value_at(form, "facts.due") != "否"
        or value_at(form, "claims.acceleration.asked") == "是"
    ):
        return
    claimed = _amount(form, "claims.principal.amount")
    if claimed > file.matured_principal:
        yield _fault(
            "claims.acceleration.asked",
            f"贷款未到期且未请求提前还款，本金 {claimed} 超过已到期各期本金 "
            f"{file.matured_principal}。",
        )


def _listed(form: Form, at: str) -> frozenset[str]:
    """Return the names in a field that may hold one name or several."""
    value = value_at(form, at)
    if isinstance(value, str):
        return frozenset({value})
    return frozenset(map(str, value)) if isinstance(value, (list, tuple)) else frozenset()


def _security(form: Form, file: CaseFile) -> Iterator[FormFault]:
    """5.4 and 7.10–7.15 agree with the file; those named are sued."""
    kinds = file.guarantee_kinds or {}
    defendants, plaintiffs = _names(form, "defendants"), _names(form, "plaintiffs")
    if file.secured and value_at(form, "claims.security.claimed") is None:
        yield _fault("claims.security.claimed", "档案中有担保，须说明是否主张担保权利。")
    for box, there in (
        ("facts.guarantee", bool(kinds)),
        ("facts.real_security", file.secured and (bool(file.security_providers) or not kinds)),
    ):
        if there and value_at(form, box) != "是":
            yield _fault(box, "档案中有这种担保，与起诉状不一致。")
    named = _listed(form, "facts.guarantor") | (
        _listed(form, "facts.security_provider") & file.security_providers
    )
    for name in sorted(named - defendants - plaintiffs):
        yield _fault("defendants", f"担保人 {name} 未列为被告。")
    for name in sorted(_listed(form, "facts.guarantor") & kinds.keys()):
        yield from _differs("facts.guarantee_kind", form, kinds[name], "保证方式与档案不一致")


def _authority(form: Form, file: CaseFile) -> Iterator[FormFault]:
    """2 `authority` = A02."""
    agents = form.get("agents")
    for number, agent in enumerate(agents if isinstance(agents, (list, tuple)) else ()):
        if isinstance(agent, Mapping) and agent.get("has_agent") == "有":
            given = agent.get("authority")
            if given != file.attorney_powers:
                yield _fault(
                    f"agents[{number}].authority",
                    f"代理权限 {given} 与授权委托书 {file.attorney_powers} 不一致。",
                )


CHECKS: Final[tuple[Check, ...]] = (
    _sheet, _sums, _drawdowns, _overdue, _method, _maturity, _security, _authority,
)  # fmt: skip


def complaint_faults(form: Form, file: CaseFile) -> tuple[FormFault, ...]:
    """Return everything that keeps a complaint from being exported.

    First what is missing or wrongly ticked, then what does not agree with the file; a lawyer
    may override the latter with a written reason.
    """
    found = (check(form, file) for check in CHECKS)
    return (*form_faults(form), *chain.from_iterable(found))
