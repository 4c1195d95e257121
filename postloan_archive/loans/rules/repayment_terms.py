"""What the contract agrees about grace days, allocation and prepayment (R-F09, R-F10, R-G05).

The terms of a loan stand over those of its product; what neither says is the default.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Final, TypeVar

from postloan_archive.kernel.errors import RuleError, _l
from postloan_archive.kernel.law import Citation, Confidence
from postloan_archive.loans.rules.allocation import CLASS_ORDER, DebtClass, Order

GRACE: Final = Citation(
    law="借款合同", article="宽限期条款", rule="R-G05", confidence=Confidence.MEMORY
)
Word = TypeVar("Word", bound=StrEnum)

MOST_GRACE: Final = 90  # days; more is a new plan, not grace
MOST_FEE: Final = Decimal(10)  # percent of the part that is repaid ahead
LATE_FROM: Final = 90  # days overdue from which the late order holds, unless agreed otherwise
MOST_LATE: Final = 3_650
DEFAULT_ORDER: Final = CLASS_ORDER[Order.STATUTORY]
WORDS: Final = {
    DebtClass.COSTS: "费用",
    DebtClass.COMPOUND: "复利",
    DebtClass.PENALTY: "罚息",
    DebtClass.INTEREST: "利息",
    DebtClass.PRINCIPAL: "本金",
}
_NAMES: Final = {word: debt for debt, word in WORDS.items()} | {
    "实现债权的费用": DebtClass.COSTS,
    "实现债权费用": DebtClass.COSTS,
    "诉讼费用": DebtClass.COSTS,
    "违约金": DebtClass.COSTS,
    "期内利息": DebtClass.INTEREST,
    "正常利息": DebtClass.INTEREST,
    "应收利息": DebtClass.INTEREST,
    "欠息": DebtClass.INTEREST,
    "逾期利息": DebtClass.PENALTY,
    "逾期罚息": DebtClass.PENALTY,
    "主债务": DebtClass.PRINCIPAL,
    "贷款本金": DebtClass.PRINCIPAL,
}
_WHOLE: Final = {  # words that banks use for the whole order
    "先本后息": CLASS_ORDER[Order.PRINCIPAL_FIRST],
    "先息后本": DEFAULT_ORDER,
    "法定顺序": DEFAULT_ORDER,
    "法定": DEFAULT_ORDER,
}
_INSIDE: Final = (DebtClass.COMPOUND, DebtClass.PENALTY)  # stand before 利息 where not named


class GraceMode(StrEnum):
    """What the grace days do; the contract says."""

    WAIVED = "waived"  # paid within them: nothing; not paid: from the due date
    AFTER = "after"  # penalty and compound interest start after them


class PrepayInterest(StrEnum):
    """How long interest runs on a part that is repaid ahead; the contract says."""

    TO_DAY = "to_day"  # actual days (民法典 677)
    FULL_PERIOD = "full_period"  # to the end of the running period


class TermsError(RuleError):
    """A term cannot be."""

    next_step = _l("请按合同原文核对该项约定。")

    def __init__(
        self, sentence: str, *, basis: Citation | None = None, **facts: object
    ) -> None:
        super().__init__(sentence, basis=basis, **facts)


@dataclass(frozen=True, slots=True, kw_only=True)
class RepaymentTerms:
    """The agreed terms, or the defaults.

    Attributes:
        grace_days: after a due date; the last one is included.
        grace_mode: what they do to penalty and compound interest.
        grace_in_class: the bank's policy counts no overdue days within them (R-G05).
        order: in which the classes of one instalment are settled (R-F09).
        late_order: the order once the loan is overdue `late_days` or more (R-F10), or None.
        prepay_interest: how long interest runs on a part repaid ahead (R-F16).
        prepay_fee_pct: percent of the part repaid ahead, booked as costs.
        clause: the clause of the contract that says so.
    """

    grace_days: int = 0
    grace_mode: GraceMode = GraceMode.WAIVED
    grace_in_class: bool = False
    order: tuple[DebtClass, ...] = DEFAULT_ORDER
    late_order: tuple[DebtClass, ...] | None = None
    late_days: int = LATE_FROM
    prepay_interest: PrepayInterest = PrepayInterest.TO_DAY
    prepay_fee_pct: Decimal = Decimal(0)
    clause: str = ""

    def free_until(self, due: date) -> date:
        """Return the last day on which paying a debt of `due` still bears nothing extra."""
        return due + timedelta(days=self.grace_days) if self.grace_days else due

    def charged_from(self, due: date) -> date:
        """Return the first day of penalty on what is open after the grace days."""
        return due if self.grace_mode is GraceMode.WAIVED else self.free_until(due)

    def order_on(self, overdue_days: int) -> tuple[DebtClass, ...]:
        """Return the order for money that comes in on a day of so many days overdue."""
        if self.late_order is not None and overdue_days >= self.late_days:
            return self.late_order
        return self.order


STANDARD: Final = RepaymentTerms()
KEYS: Final = (
    "grace_days",
    "grace_mode",
    "grace_in_class",
    "order",
    "late_order",
    "late_days",
    "prepay_interest",
    "prepay_fee_pct",
    "clause",
)
ERRORS: Final[dict[str, type[TermsError]]] = {
    name: type(f"Terms{name.title().replace('_', '')}Error", (TermsError,), {"field": name})
    for name in KEYS
}
DASHES: Final = re.compile(r"(?:-|=|－|—|–)*[>＞→＞]|[、，,；;/|\s—–－-]+")


def read_order(text: str, field: str = "order") -> tuple[DebtClass, ...]:
    """Return an order as a person or a core system writes it: 费用→利息→本金.

    利息 alone stands for compound, penalty and in-term interest in the product's order.

    Raises:
        TermsError: a word is unknown, a class is missing or named twice.
    """
    said = text.strip()
    if said in _WHOLE:
        return _WHOLE[said]
    parts = [part for part in DASHES.split(said) if part]
    named: list[DebtClass] = []
    for part in parts:
        debt = _NAMES.get(part)
        if debt is None:
            raise ERRORS[field](_l("清偿顺序中的“{word}”不认识。"), word=part[:20])
        named.append(debt)
    found: list[DebtClass] = []
    for debt in named:
        if debt is DebtClass.INTEREST:
            found += [one for one in _INSIDE if one not in named]
        found.append(debt)
    missing = [WORDS[debt] for debt in DebtClass if debt not in found]
    if missing or len(found) != len(set(found)):
        raise ERRORS[field](
            _l("清偿顺序应把费用、复利、罚息、利息、本金各写一次：缺 {missing}。")
            if missing
            else _l("清偿顺序中有重复的项目。"),
            missing="、".join(missing),
        )
    return tuple(found)


def order_words(order: tuple[DebtClass, ...]) -> str:
    """Return an order as people read it."""
    return "→".join(WORDS[debt] for debt in order)


def terms_of(
    own: Mapping[str, str], product: Mapping[str, str] | None = None
) -> RepaymentTerms:
    """Return the terms from what is stored: the loan's own over those of its product.

    Raises:
        TermsError: a value cannot be.
    """
    if not own and not product:
        return STANDARD
    said = {**(product or {}), **{key: value for key, value in own.items() if value}}
    late = said.get("late_order", "")
    return RepaymentTerms(
        grace_days=_count(said, "grace_days", 0, MOST_GRACE),
        grace_mode=_word(GraceMode, said, "grace_mode", GraceMode.WAIVED),
        grace_in_class=said.get("grace_in_class") == "yes",
        order=read_order(said["order"]) if said.get("order") else DEFAULT_ORDER,
        late_order=read_order(late, "late_order") if late else None,
        late_days=_count(said, "late_days", LATE_FROM, MOST_LATE),
        prepay_interest=_word(PrepayInterest, said, "prepay_interest", PrepayInterest.TO_DAY),
        prepay_fee_pct=_fee(said.get("prepay_fee_pct", "")),
        clause=said.get("clause", ""),
    )


def clean(said: Mapping[str, str]) -> dict[str, str]:
    """Return terms in the form that is stored: known keys, no blanks, orders written out.

    Raises:
        TermsError: a value cannot be.
    """
    found = {key: said[key].strip() for key in KEYS if said.get(key, "").strip()}
    for key in ("order", "late_order"):
        if key in found:
            found[key] = order_words(read_order(found[key], key))
    terms_of(found)
    return found


def _count(said: Mapping[str, str], key: str, default: int, most: int) -> int:
    text = said.get(key, "")
    if not text:
        return default
    if not (text.isascii() and text.isdigit() and len(text) <= len(str(most))):
        raise ERRORS[key](_l("“{text}”不是天数。"), text=text[:20])
    if int(text) > most:
        raise ERRORS[key](_l("天数 {text} 超过 {most} 天。"), text=text, most=most)
    return int(text)


def _word(kinds: type[Word], said: Mapping[str, str], key: str, default: Word) -> Word:
    text = said.get(key, "")
    if not text:
        return default
    if text not in set(kinds):
        raise ERRORS[key](_l("“{text}”不在可选值内。"), text=text[:20])
    return kinds(text)


def _fee(text: str) -> Decimal:
    if not text:
        return Decimal(0)
    try:
        fee = Decimal(text)
    except InvalidOperation:
        fee = Decimal(-1)
    if not (fee.is_finite() and 0 <= fee <= MOST_FEE):
        raise ERRORS["prepay_fee_pct"](
            _l("提前还款违约金“{text}”应在 0 至 {most}% 之间。"),
            text=text[:20],
            most=MOST_FEE,
        )
    return fee


def term_steps(terms: RepaymentTerms) -> tuple[str, ...]:
    """Return what differs from the defaults as Chinese sentences; empty where nothing does."""
    steps = []
    if terms.grace_days:
        does = (
            "宽限期内还清的不计罚息、复利，未还清的自应还日起计"
            if terms.grace_mode is GraceMode.WAIVED
            else "宽限期满后才起计罚息、复利"
        )
        counts = "不计" if terms.grace_in_class else "仍计"
        steps.append(
            f"宽限期 {terms.grace_days} 天：{does}；分类口径在宽限期内{counts}逾期天数"
        )
    if terms.order != DEFAULT_ORDER:
        steps.append(f"约定清偿顺序 {order_words(terms.order)}")
    if terms.late_order is not None:
        steps.append(f"逾期 {terms.late_days} 天起按 {order_words(terms.late_order)} 清偿")
    if terms.prepay_interest is PrepayInterest.FULL_PERIOD:
        steps.append("提前归还的本金计息至当期期末")
    if terms.prepay_fee_pct:
        steps.append(f"提前还款违约金为提前归还本金的 {terms.prepay_fee_pct}%")
    return tuple(steps)
