"""From the facts of a loan to the blanks of a letter, and what is missing for it."""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Final

from postloan_archive.kernel.calendar import WorkCalendar
from postloan_archive.kernel.errors import _l
from postloan_archive.kernel.masking import MaskKind, mask
from postloan_archive.kernel.money import yuan
from postloan_archive.kernel.words import rmb_upper
from postloan_archive.loans.derivation import guarantee_clock, main_due, position_of
from postloan_archive.loans.lenders import Lender
from postloan_archive.loans.models import Customer, Guarantee, Loan, RateChange
from postloan_archive.loans.rules.position import Position
from postloan_archive.notices.rules.conventions import date_in_body
from postloan_archive.notices.rules.fields import NOTICES, present_keys, required_fields

REPLY_DAYS: Final = 10  # R-H02 [M]: days that a demand gives; the bank's own choice
CONSEQUENCE: Final = _l(
    "逾期仍未履行的，我行将依法采取诉讼、财产保全等措施，由此产生的费用由贵方依约承担。"
)
GUARANTEE_TYPES: Final = {
    "joint": _l("连带责任保证"),
    "general": _l("一般保证"),
    "not_agreed": _l("一般保证（合同未约定方式）"),
}
LABELS: Final = {  # what a person must fill in, by key of R-H02
    "borrower": _l("借款人名称"),
    "contract_no": _l("合同编号"),
    "pay_account": _l("还款账户"),
    "contact": _l("联系人和电话（机构资料）"),
    "service_address": _l("送达地址"),
    "issuer_seal": _l("出具机构全称（机构资料）"),
    "guarantee_period_end": _l("保证期间届满日"),
    "deadline": _l("履行期限"),
    "previous_notices": _l("此前的催收函（先发催收通知书）"),
    "settled_date": _l("结清日"),
    "basis": _l("利率调整依据"),
    "effective_date": _l("利率调整生效日"),
}
ISO_DAY: Final = re.compile(r"(\d{4})-(\d{2})-(\d{2})")


Blanks = dict[str, str | list[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """One letter before it is numbered.

    Attributes:
        values: every blank but serial number, barcode and issue date, already formatted.
        problems: Chinese sentences; a letter with any is not issued.
        warnings: Chinese sentences that a person should read before issuing.
        derivation: the lines behind the amounts.
    """

    addressee: Customer
    guarantee: Guarantee | None
    position: Position
    values: Blanks
    derivation: tuple[str, ...]
    problems: tuple[str, ...]
    warnings: tuple[str, ...] = ()


def draft_due_notice(loan: Loan, lender: Lender, as_of: date, contact: str) -> Draft:
    """Return N01: what falls due at the next boundary that holds principal, or at maturity."""
    derived = position_of(loan, as_of)
    coming = [row for row in loan.schedule if row.due_on > as_of]
    row = coming[0] if coming else None
    principal = row.principal if row else derived.value.balance
    interest = row.interest if row else derived.value.accrued
    due = row.due_on if row else loan.due_on
    total = yuan(principal + interest)
    values = _common(loan, lender, contact) | {
        "borrower_id": _masked(loan.customer),
        "service_address": loan.customer.service_address,
        "contract_no": loan.contract.contract_no,
        "signed_on": date_in_body(loan.contract.signed_on),
        "principal": f"{loan.principal:,}",
        "due_date": date_in_body(due),
        "principal_due": f"{principal:,}",
        "interest_due": f"{interest:,}",
        "total": f"{total:,}",
        "total_words": rmb_upper(total).canonical,
        "clause": _clauses(loan, "interest"),
    }
    problems = _missing("N01", values)
    if not coming:
        problems.append(_l("贷款没有未到期的还款期次。"))
    if derived.value.overdue_days:
        problems.append(
            _l("已逾期 {days} 天，应发送催收通知书。").format(days=derived.value.overdue_days)
        )
    return Draft(
        addressee=loan.customer,
        guarantee=None,
        position=derived.value,
        values=values,
        derivation=(
            f"下一还款日 {due}：本金 {principal:,} + 利息 {interest:,} = {total:,} 元",
        ),
        problems=tuple(problems),
    )


def draft_demand(
    loan: Loan, lender: Lender, as_of: date, contact: str, *, previous: str | None = None
) -> Draft:
    """Return N02: everything whose day has come and that is not paid.

    Args:
        loan: the loan.
        lender: who writes.
        as_of: the amounts are those of this day.
        contact: whom to call.
        previous: the letters sent before, in words, for N05; None for N02.
    """
    derived = position_of(loan, as_of)
    owed = derived.value
    values = (
        _common(loan, lender, contact)
        | _demanded(owed)
        | {
            "borrower_id": _masked(loan.customer),
            "service_address": loan.customer.service_address,
            "contract_no": loan.contract.contract_no,
            "signed_on": date_in_body(loan.contract.signed_on),
            "principal": f"{loan.principal:,}",
            "due_date": date_in_body(main_due(loan)),
            "overdue_days": str(owed.overdue_days),
            "total": f"{owed.total_due:,}",
            "clause": _clauses(loan, "interest", "penalty", "compound"),
            "derivation": list(derived.steps),
        }
    )
    if previous is not None:
        values["previous_notices"] = previous
    problems = _missing("N02" if previous is None else "N05", values)
    if not owed.overdue_days:
        problems.append(_l("截至该日没有逾期款项。"))
    return Draft(
        addressee=loan.customer,
        guarantee=None,
        position=owed,
        values=values,
        derivation=derived.steps,
        problems=tuple(problems),
    )


def draft_guarantor_notice(
    loan: Loan,
    guarantee: Guarantee,
    lender: Lender,
    as_of: date,
    contact: str,
    calendar: WorkCalendar,
) -> Draft:
    """Return N04 to one guarantor (R-D18: each guarantor gets a letter of its own)."""
    derived = position_of(loan, as_of)
    owed = derived.value
    clock = guarantee_clock(loan, guarantee, calendar=calendar)
    guarantor = guarantee.guarantor
    claimed = (
        owed.total_due if guarantee.amount is None else min(owed.total_due, guarantee.amount)
    )
    values = (
        _common(loan, lender, contact)
        | _demanded(owed)
        | {
            "guarantor": guarantor.name,
            "guarantor_id": _masked(guarantor),
            "service_address": guarantor.service_address,
            "main_contract_no": loan.contract.contract_no,
            "main_due_date": date_in_body(main_due(loan)),
            "guarantee_contract_no": guarantee.contract_no,
            "guarantee_contract_name": "最高额保证合同" if guarantee.maximum else "保证合同",
            "guarantee_signed_on": date_in_body(guarantee.signed_on),
            "derivation": list(derived.steps),
            "guarantee_type": GUARANTEE_TYPES[guarantee.kind],
            "guarantee_period": f"保证期间至{date_in_body(clock.end.nominal)}届满",
            "guarantee_period_end": clock.end.nominal.isoformat(),
            "claimed_amount": f"{claimed:,}",
            "total_words": rmb_upper(claimed).canonical if claimed else "",
        }
    )
    problems = _missing("N04", values)
    warnings = []
    if not owed.overdue_days:
        problems.append(_l("截至该日没有逾期款项。"))
    if guarantee.kind != "joint":
        problems.append(
            _l("一般保证人尚无履行义务：其保证期间只能以对债务人起诉或申请仲裁来主张。")
        )
    if clock.end.nominal < as_of:
        warnings.append(
            _l("保证期间已于 {day} 届满，请法务确认是否发送。").format(day=clock.end.nominal)
        )
    if clock.needs_review:
        warnings.append(_l("保证期间条款不能识别，请法务审阅。"))
    return Draft(
        addressee=guarantor,
        guarantee=guarantee,
        position=owed,
        values=values,
        derivation=(*derived.steps, *clock.end.steps),
        problems=tuple(problems),
        warnings=tuple(warnings),
    )


def draft_rate_notice(
    loan: Loan, lender: Lender, as_of: date, contact: str, change: RateChange | None
) -> Draft:
    """Return N10: a change of the contract rate, before it applies or just after."""
    owed = position_of(loan, as_of).value
    values = _common(loan, lender, contact) | {
        "borrower_id": _masked(loan.customer),
        "service_address": loan.customer.service_address,
        "contract_no": loan.contract.contract_no,
        "signed_on": date_in_body(loan.contract.signed_on),
        "principal": f"{loan.principal:,}",
        "as_of_date": date_in_body(as_of),
        "balance": f"{owed.balance:,}",
        "basis": change.basis if change else "",
        "effective_date": date_in_body(change.effective_on) if change else "",
        "old_rate": _percent(_rate_before(loan, change)) if change else "",
        "new_rate": _percent(change.annual_rate) if change else "",
    }
    problems = _missing("N10", values) if change else [_l("没有登记利率调整。")]
    if not loan.customer.service_address:
        problems.append(_l("缺少：{field}").format(field=LABELS["service_address"]))
    steps: tuple[str, ...] = ()
    if change:
        was, now = values["old_rate"], values["new_rate"]
        steps = (f"{change.effective_on} 年利率由 {was} 调整为 {now}，依据：{change.basis}",)
    return Draft(
        addressee=loan.customer,
        guarantee=None,
        position=owed,
        values=values,
        derivation=steps,
        problems=tuple(problems),
    )


def draft_settlement(loan: Loan, lender: Lender, as_of: date, contact: str) -> Draft:
    """Return N13: the loan is paid in full; the security to be released is named."""
    owed = position_of(loan, as_of).value
    settled = loan.settled_on
    registered = [one for one in loan.collateral if one.registration_no]
    named = "、".join(f"{one.description}（{one.registration_no}）" for one in registered)
    values = _common(loan, lender, contact) | {
        "borrower_id": _masked(loan.customer),
        "contract_no": loan.contract.contract_no,
        "signed_on": date_in_body(loan.contract.signed_on),
        "principal": f"{loan.principal:,}",
        "principal_words": rmb_upper(loan.principal).canonical,
        "settled_date": date_in_body(settled) if settled else "",
        "security_sentence": f"为该笔借款设定的担保登记，我行同意办理注销：{named}。"
        if named
        else "该笔借款项下没有尚待注销的担保登记。",
    }
    problems = _missing("N13", values)
    if owed.balance or owed.total_due:
        problems.append(
            _l("截至该日账面尚欠 {sum} 元，不能出具结清证明。").format(
                sum=f"{owed.balance + owed.interest_due + owed.penalty + owed.compound:,}"
            )
        )
    return Draft(
        addressee=loan.customer,
        guarantee=None,
        position=owed,
        values=values,
        derivation=(f"结清日 {settled}，截至 {as_of} 余额 {owed.balance:,} 元",),
        problems=tuple(problems),
    )


def _rate_before(loan: Loan, change: RateChange) -> Decimal:
    """Return the annual rate that applied until the change, percent."""
    earlier = [row for row in loan.rate_changes if row.effective_on < change.effective_on]
    return earlier[-1].annual_rate if earlier else loan.annual_rate


def _percent(rate: Decimal) -> str:
    return f"{format(rate.normalize(), 'f')}%"


def _in_prose(sentence: str) -> str:
    """Return a derived sentence as a letter prints it: dates in Chinese, no blanks."""
    in_words = ISO_DAY.sub(
        lambda found: date_in_body(date.fromisoformat(found.group())), sentence
    )
    return in_words.replace(" ", "")


def _common(loan: Loan, lender: Lender, contact: str) -> Blanks:
    return {
        "issuer": lender.name,
        "issuer_seal": lender.name,
        "contact": contact,
        "contract_name": loan.contract.name,
        "loan_no": loan.loan_no,
        "pay_account": loan.pay_account,
        "borrower": loan.customer.name,
    }


def _demanded(owed: Position) -> Blanks:
    deadline = owed.as_of + timedelta(days=REPLY_DAYS)
    return {
        "as_of_date": date_in_body(owed.as_of),
        "principal_due": f"{owed.principal_due:,}",
        "interest_due": f"{owed.interest_due:,}",
        "penalty_and_compound": f"{owed.penalty_and_compound:,}",
        "total_words": rmb_upper(owed.total_due).canonical if owed.total_due else "",
        "until_paid": _in_prose(owed.until_paid),
        "deadline": date_in_body(deadline),
        "legal_consequence": CONSEQUENCE,
    }


def _clauses(loan: Loan, *names: str) -> str:
    found = [loan.contract.clauses[name] for name in names if name in loan.contract.clauses]
    return "、".join(["合同" + found[0], *found[1:]]) if found else "合同"


def _masked(customer: Customer) -> str:
    if customer.kind == "person":
        return mask(MaskKind.ID_CARD, customer.id_no)
    number = customer.id_no
    return f"{number[:8]}********{number[-2:]}"


def _missing(code: str, values: Blanks) -> list[str]:
    missing = required_fields(NOTICES[code], present_keys(values)).value.missing
    return [_l("缺少：{field}").format(field=LABELS.get(key, key)) for key in missing]
