"""Cross checks of what was entered for a loan (R-J09): each finding names the field."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from postloan_archive.kernel.days import Unit, add_period
from postloan_archive.kernel.errors import _l
from postloan_archive.kernel.money import ZERO

ADULT_YEARS: Final = 18


@dataclass(frozen=True, slots=True, kw_only=True)
class LoanEntry:
    """What the form or the ledger says of one loan; None: not entered.

    `born` is the birth date in the borrower's identity number; amounts are yuan.
    """

    signed_on: date
    contract_ends_on: date
    drawn_on: date
    due_on: date
    limit: Decimal
    drawn: Decimal
    born: date | None = None
    amount_in_words: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryFinding:
    """One contradiction; `field` is the input to look at first, `text` a Chinese sentence."""

    field: str
    text: str


def entry_findings(entry: LoanEntry) -> tuple[EntryFinding, ...]:
    """Return every contradiction in an entry at once; empty if there is none."""
    checks = (
        (
            "born",
            _l("借款人签约时未满十八周岁。"),
            entry.born is not None
            and entry.signed_on < add_period(entry.born, ADULT_YEARS, Unit.YEAR),
        ),
        (
            "contract_ends_on",
            _l("合同到期日应晚于签订日。"),
            entry.contract_ends_on <= entry.signed_on,
        ),
        ("due_on", _l("到期日不应早于放款日。"), entry.due_on < entry.drawn_on),
        ("limit", _l("授信额度不应为负数。"), entry.limit < ZERO),
        ("drawn", _l("放款金额不应为负数。"), entry.drawn < ZERO),
        ("drawn", _l("放款金额超过授信额度。"), entry.drawn > entry.limit),
        (
            "amount_in_words",
            _l("大写金额与小写金额不一致。"),
            entry.amount_in_words is not None and entry.amount_in_words != entry.drawn,
        ),
    )
    return tuple(EntryFinding(field=field, text=text) for field, text, wrong in checks if wrong)


DOES_NOT_ADD_UP: Final = _l("还款计划本金合计 {scheduled} 元，与贷款本金 {principal} 元不符。")
BEFORE_PAYOUT: Final = _l("应还日 {day} 不晚于放款日 {disbursed_on}")
AFTER_MATURITY: Final = _l("应还日 {day} 晚于到期日 {due_on}")


def schedule_findings(
    lines: Sequence[tuple[date, Decimal]],
    *,
    principal: Decimal,
    disbursed_on: date,
    due_on: date,
) -> Iterator[tuple[int | None, str]]:
    """Yield (place of the line, sentence) for what does not fit a loan; None: the whole plan.

    Args:
        lines: due day and principal of each line, yuan.
        principal: yuan paid out.
        disbursed_on: value date; a line falls due after it.
        due_on: maturity; no line falls due after it.
    """
    scheduled = sum((part for _, part in lines), ZERO)
    if scheduled != principal:
        yield None, DOES_NOT_ADD_UP.format(scheduled=scheduled, principal=principal)
    for at, (day, _) in enumerate(lines):
        if day <= disbursed_on:
            yield at, BEFORE_PAYOUT.format(day=day, disbursed_on=disbursed_on)
        elif day > due_on:
            yield at, AFTER_MATURITY.format(day=day, due_on=due_on)
