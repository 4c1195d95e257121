"""The payments of one loan in an import: checked, those struck by the core system with them."""

from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from postloan_archive.kernel.errors import _l
from postloan_archive.kernel.money import ZERO
from postloan_archive.loans.commands import BookPayment
from postloan_archive.loans.importing import sentences
from postloan_archive.loans.importing.commands import day_of, payment_of, yuan_of
from postloan_archive.loans.importing.known import BookedPayment, KnownLoan
from postloan_archive.loans.importing.units import Entry, Unit
from postloan_archive.loans.models import Payment
from postloan_archive.loans.registering import Ids, Row, payment_row
from postloan_archive.loans.reversing import ReversePayment

PARTS: Final = ("to_costs", "to_principal", "to_interest", "to_penalty", "to_compound")
LABELS: Final = {
    "amount": "还款金额",
    "to_costs": "还费用",
    "to_principal": "还本金",
    "to_interest": "还利息",
    "to_penalty": "还罚息",
    "to_compound": "还复利",
}
CORE_SAYS: Final = "核心系统标记为已冲正"
CORE_REVERSED: Final = "核心系统冲正"
SAME_NUMBER: Final = _l("请核对是否重复导出；冲正记录请填写“冲正原凭证号”。")


@dataclass(frozen=True, slots=True)
class LateReversal:
    """A payment of the ledger that a row of the file strikes."""

    entry: Entry
    command: ReversePayment


@dataclass(slots=True)
class EnteredPayments:
    """The rows of the payments of a unit and what they add to the loan."""

    loan: KnownLoan
    rows: list[Row] = field(default_factory=list)
    reversals: list[LateReversal] = field(default_factory=list)
    receipts: dict[str, BookedPayment] = field(default_factory=dict)
    repaid: Decimal = ZERO

    def keep(self) -> None:
        """Add what was entered to what is known of the loan."""
        self.loan.receipts |= self.receipts
        self.loan.repaid = self.repaid


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentDesk:
    """What entering payments needs besides the unit."""

    ids: Ids
    mark: dict[str, Any]
    today: date
    now: datetime
    actor: str


def enter_payments(unit: Unit, loan: KnownLoan, desk: PaymentDesk) -> EnteredPayments:
    """Check the payments of a unit and return their rows; faults are with the entries."""
    found = EnteredPayments(loan=loan, repaid=loan.repaid)
    entries = sorted(unit.payments, key=lambda one: str(one.values["paid_on"]))
    struck = _struck_in_file(unit, entries, found)
    seen: dict[str, int] = {}
    for entry in entries:
        receipt = entry.text("receipt_no")
        _check_number(entry, loan, seen)
        seen[receipt] = entry.line
        if entry.text("reversal_of"):
            continue
        cmd = payment_of(entry, unit.loan_no)
        _check(entry, loan, desk.today)
        by = struck.get(receipt)
        gone = by is not None or entry.text("state") == "reversed"
        found.repaid += ZERO if gone else cmd.to_principal
        if found.repaid > loan.principal:
            entry.refuse(
                sentences.TOO_MUCH_REPAID.format(repaid=found.repaid, principal=loan.principal),
                "还本金",
                value=str(cmd.to_principal),
                step=_l("请核对是否重复导出，或有冲正的还款没有标明。"),
            )
            break
        row = payment_row(cmd, loan_id=loan.id)
        if gone:
            row |= _reversal(cmd, by, desk)
        found.rows.append({"id": desk.ids.take(Payment), **row, **desk.mark})
        found.receipts[receipt] = BookedPayment(cmd.amount, cmd.to_principal, gone)
    return found


def _struck_in_file(
    unit: Unit, entries: list[Entry], found: EnteredPayments
) -> dict[str, Entry]:
    """Return which payments of the file are struck by which row; note those of the ledger."""
    here = {one.text("receipt_no"): one for one in entries if not one.text("reversal_of")}
    struck: dict[str, Entry] = {}
    for entry in entries:
        wanted = entry.text("reversal_of")
        if not wanted:
            continue
        amount, day = abs(yuan_of(entry, "amount")), day_of(entry, "paid_on")
        known = found.loan.receipts.get(wanted)
        if wanted in struck or (known is not None and known.reversed):
            entry.refuse(
                sentences.REVERSED_BEFORE.format(receipt_no=wanted),
                "冲正原凭证号",
                value=wanted,
                step=_l("请核对是否重复导出，可以删去这一行。"),
            )
        elif wanted in here:
            _check_reversal(
                entry,
                amount,
                day,
                yuan_of(here[wanted], "amount"),
                day_of(here[wanted], "paid_on"),
            )
            struck[wanted] = entry
        elif known is not None:
            _check_reversal(entry, amount, day, known.amount, None)
            found.repaid -= known.to_principal
            found.receipts[wanted] = replace(known, reversed=True)
            found.reversals.append(
                LateReversal(
                    entry,
                    ReversePayment(
                        loan_no=unit.loan_no,
                        receipt_no=wanted,
                        reversed_on=day,
                        reason=CORE_REVERSED,
                        reversal_no=entry.text("receipt_no"),
                    ),
                )
            )
        else:
            entry.refuse(
                sentences.NO_PAYMENT.format(receipt_no=wanted),
                "冲正原凭证号",
                value=wanted,
                step=_l("请先导入被冲正的还款，或两行都删去。"),
            )
    return struck


def _check_reversal(
    entry: Entry, amount: Decimal, day: date, booked: Decimal, booked_on: date | None
) -> None:
    if amount != booked:
        entry.refuse(
            sentences.OTHER_AMOUNT.format(amount=amount, booked=booked),
            "还款金额",
            value=str(amount),
            step=_l("请整笔冲正后，按正确金额另行入账。"),
        )
    if booked_on is not None and day < booked_on:
        entry.refuse(
            sentences.REVERSED_EARLY.format(day=day, paid_on=booked_on),
            "还款日期",
            value=str(day),
            step=_l("请核对两行的日期。"),
        )


def _reversal(cmd: BookPayment, by: Entry | None, desk: PaymentDesk) -> Row:
    """Return the columns of a payment that was struck before it came to us."""
    return {
        "reversed_on": cmd.paid_on if by is None else day_of(by, "paid_on"),
        "reversed_at": desk.now,
        "reversed_by": desk.actor,
        "reversal_no": "" if by is None else by.text("receipt_no"),
        "reversal_reason": CORE_SAYS if by is None else CORE_REVERSED,
    }


def _check_number(entry: Entry, loan: KnownLoan, seen: dict[str, int]) -> None:
    receipt = entry.text("receipt_no")
    if receipt in loan.receipts:
        entry.refuse(
            sentences.BOOKED.format(receipt_no=receipt),
            "凭证号",
            value=receipt,
            step=_l("已在账的还款无须再导入，可以删去这一行。"),
        )
    elif receipt in seen:
        entry.refuse(
            sentences.TWICE_IN_FILE.format(receipt_no=receipt, line=seen[receipt]),
            "凭证号",
            value=receipt,
            step=SAME_NUMBER,
        )


def _check(entry: Entry, loan: KnownLoan, today: date) -> None:
    amount, day = yuan_of(entry, "amount"), day_of(entry, "paid_on")
    parts = [_part(entry, key) for key in PARTS]
    below = [key for key in LABELS if _part(entry, key) < ZERO]
    for key in below:
        entry.refuse(
            sentences.NEGATIVE_PAYMENT.format(label=LABELS[key]),
            LABELS[key],
            value=entry.text(key),
            step=_l("冲正记录请在“冲正原凭证号”列填写被冲正的凭证号；其他还款只填正数。"),
        )
    if not below and not amount:
        entry.refuse(
            sentences.NOTHING_PAID,
            "还款金额",
            value=str(amount),
            step=_l("请核对或删去这一行。"),
        )
    elif not below and sum(parts, ZERO) != amount:
        entry.refuse(
            sentences.SPLIT_MISSING.format(split=sum(parts, ZERO), amount=amount),
            "还款金额",
            value=str(amount),
            step=_l("请补齐本金、利息、罚息、复利、费用各列。"),
        )
    if day < loan.disbursed_on:
        text = sentences.BEFORE_DISBURSEMENT.format(paid_on=day, disbursed_on=loan.disbursed_on)
        entry.refuse(text, "还款日期", value=str(day), step=_l("请核对还款日期和借据号。"))
    elif day > today:
        text = sentences.IN_THE_FUTURE.format(label="还款日期", day=day, today=today)
        entry.refuse(text, "还款日期", value=str(day), step=_l("请核对年份。"))


def _part(entry: Entry, key: str) -> Decimal:
    value = entry.values.get(key)
    return value if isinstance(value, Decimal) else ZERO
