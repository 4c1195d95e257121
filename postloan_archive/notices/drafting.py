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
from postloan_archive.loans.models import Customer, Guarantee, Loan
from postloan_archive.loans.rules.position import Position
from postloan_archive.notices.rules.conventions import date_in_body
from postloan_archive.notices.rules.field_notes import FIELD_NOTES
from postloan_archive.notices.rules.fields import (
    LINES_KEY,
    NOTICES,
    keys_of_lines,
    present_keys,
    required_fields,
)

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
    "breach_fact": _l("违约事实"),
    "contract_clause": _l("提前到期条款（合同资料）"),
    "previous_notices": _l("此前的催收函（先发催收通知书）"),
    "settled_date": _l("结清日"),
    "basis": _l("利率调整依据"),
    "effective_date": _l("利率调整生效日"),
    "client": _l("委托人（机构资料的全称）"),
    "addressee": _l("收件人名称"),
    "transferor": _l("转让人（机构资料的全称）"),
    "debts": _l("债权清单"),
    "overdue_item": _l("逾期事项"),
    "guarantor": _l("担保人名称"),
    "security_provider": _l("担保人名称"),
    "secured_amount": _l("确定的债权金额"),
    "debt_breakdown": _l("债务明细"),
}
MISSING: Final = _l("缺少：{field}")
ISO_DAY: Final = re.compile(r"(\d{4})-(\d{2})-(\d{2})")


Blanks = dict[str, str | list[str] | list[dict[str, str]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """One letter before it is numbered.

    Attributes:
        values: every blank but serial number, barcode and issue date, already formatted.
        problems: Chinese sentences; a letter with any is not issued.
        warnings: Chinese sentences that a person should read before issuing.
        derivation: the lines behind the amounts.
        total: yuan, where it is another than what is due on the day of the position.
    """

    addressee: Customer
    guarantee: Guarantee | None
    position: Position
    values: Blanks
    derivation: tuple[str, ...]
    problems: tuple[str, ...]
    warnings: tuple[str, ...] = ()
    total: Decimal | None = None


def draft_due_notice(loan: Loan, lender: Lender, as_of: date, contact: str) -> Draft:
    """Return N01: what falls due at the next boundary that holds principal, or at maturity."""
    derived = position_of(loan, as_of)
    coming = [row for row in loan.schedule if row.due_on > as_of]
    row = coming[0] if coming else None
    principal = row.principal if row else derived.value.balance
    interest = row.interest if row else derived.value.accrued
    due = row.due_on if row else loan.due_on
    total = yuan(principal + interest)
    values = common_blanks(loan, lender, contact) | {
        "borrower_id": masked_number(loan.customer),
        "service_address": loan.customer.service_address,
        "contract_no": loan.contract.contract_no,
        "signed_on": date_in_body(loan.contract.signed_on),
        "principal": f"{loan.principal:,}",
        "due_date": date_in_body(due),
        "principal_due": f"{principal:,}",
        "interest_due": f"{interest:,}",
        "total": f"{total:,}",
        "total_words": rmb_upper(total).canonical,
        "clause": clauses_of(loan, "interest"),
    }
    problems = missing_for("N01", values)
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
        total=total,
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
        common_blanks(loan, lender, contact)
        | demanded_blanks(owed)
        | {
            "borrower_id": masked_number(loan.customer),
            "service_address": loan.customer.service_address,
            "contract_no": loan.contract.contract_no,
            "signed_on": date_in_body(loan.contract.signed_on),
            "principal": f"{loan.principal:,}",
            "due_date": date_in_body(main_due(loan)),
            "overdue_days": str(owed.overdue_days),
            "total": f"{owed.total_due:,}",
            "clause": clauses_of(loan, "interest", "penalty", "compound"),
            "derivation": list(derived.steps),
        }
    )
    if previous is not None:
        values["previous_notices"] = previous
    problems = missing_for("N02" if previous is None else "N05", values)
    if not owed.overdue_days:
        problems.append(_l("截至该日没有逾期款项。"))
    return Draft(
        addressee=loan.customer,
        guarantee=None,
        position=owed,
        values=values,
        derivation=derived.steps,
        problems=tuple(problems),
        warnings=_in_grace(owed),
    )


def _in_grace(owed: Position) -> tuple[str, ...]:
    """Return the warning that the debtor still has grace days by contract (R-G05)."""
    if owed.grace_until is None:
        return ()
    return (
        _l("合同约定的宽限期至 {day} 届满，请确认现在就发送催收。").format(
            day=owed.grace_until
        ),
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
        common_blanks(loan, lender, contact)
        | demanded_blanks(owed)
        | {
            "guarantor": guarantor.name,
            "guarantor_id": masked_number(guarantor),
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
    problems = missing_for("N04", values)
    warnings = list(_in_grace(owed))
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
        total=claimed,
    )


def _in_prose(sentence: str) -> str:
    """Return a derived sentence as a letter prints it: dates in Chinese, no blanks."""
    in_words = ISO_DAY.sub(
        lambda found: date_in_body(date.fromisoformat(found.group())), sentence
    )
    return in_words.replace(" ", "")


def common_blanks(loan: Loan, lender: Lender, contact: str) -> Blanks:
    """Return what every letter prints about its writer and its loan."""
    return {
        "issuer": lender.name,
        "issuer_seal": lender.name,
        "contact": contact,
        "contract_name": loan.contract.name,
        "loan_no": loan.loan_no,
        "pay_account": loan.pay_account,
        "borrower": loan.customer.name,
    }


def demanded_blanks(owed: Position) -> Blanks:
    """Return what every demand prints about the amounts and the time to pay."""
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


def clauses_of(loan: Loan, *names: str) -> str:
    """Return the clauses of the contract that a letter relies on."""
    found = [loan.contract.clauses[name] for name in names if name in loan.contract.clauses]
    return "、".join(["合同" + found[0], *found[1:]]) if found else "合同"


def masked_number(customer: Customer) -> str:
    """Return the identity number as letters print it, the middle hidden."""
    if customer.kind == "person":
        return mask(MaskKind.ID_CARD, customer.id_no)
    number = customer.id_no
    return f"{number[:8]}********{number[-2:]}"


def missing_for(code: str, values: Blanks) -> list[str]:
    """Return a sentence for each required key of R-H02 that is not filled in."""
    paper = NOTICES[code]
    present = [*present_keys(values), *keys_of_lines(paper, values.get(LINES_KEY))]
    missing = required_fields(paper, present).value.missing
    return [MISSING.format(field=word_for(key)) for key in missing]


def word_for(key: str) -> str:
    """Return what a person calls a key of R-H02."""
    note = FIELD_NOTES.get(key) or FIELD_NOTES.get(f"{LINES_KEY}.{key}")
    return LABELS.get(key) or (note.label if note else key)
