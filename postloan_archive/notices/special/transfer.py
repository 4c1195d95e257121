"""N07 to the debtor and to each provider of security; N08 for many debts in a newspaper."""

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import Final

from postloan_archive.kernel.errors import _l
from postloan_archive.kernel.money import ZERO, yuan
from postloan_archive.kernel.words import rmb_upper
from postloan_archive.loans.models import Customer, Guarantee, Loan
from postloan_archive.loans.rules.position import Position
from postloan_archive.notices.drafting import Blanks, Draft, masked_number, word_for
from postloan_archive.notices.rules.fields import NOTICES, missing_in_lines
from postloan_archive.notices.special.writing import (
    NONE,
    ROLES,
    Writing,
    accessory_rights,
    checked,
    interest_of,
    providers_of,
)

# R-D23: 民法典546, 547 and, for a guarantor, 696; R-L06: PIPL 23.
TO_DEBTOR: Final = "《中华人民共和国民法典》第五百四十六条、第五百四十七条"
TO_SURETY: Final = "《中华人民共和国民法典》第五百四十六条、第五百四十七条、第六百九十六条"
PERSONAL: Final = _l(
    "{names} 为自然人：向受让人提供个人信息须有告知和单独同意，或者其他合法依据"
    "（个人信息保护法第二十三条），请法务确认。"
)
RETAIL: Final = _l(
    "公告含 {count} 名自然人债务人：应避免公告个人债务，请法务确认依据（R-L07）。"
)
DEMAND: Final = _l(
    "请上列债务人和担保人（包括其承继人、清算义务人）自本公告之日起，立即向受让人履行合同约定的"
    "还本付息义务，或者承担相应的担保责任。"
)


def draft_transfer_notices(writing: Writing) -> Iterator[Draft]:
    """Yield N07: one to the debtor, one to each guarantor and third-party provider."""
    loan = writing.loan
    cutoff = writing.day("cutoff_date") or writing.as_of
    owed = writing.owed(cutoff)
    yield _notice(writing, owed, cutoff, loan.customer, role="debtor", guarantee=None)
    seen: set[tuple[int, int | None]] = {(loan.customer_id, None)}
    for one in providers_of(loan):
        key = (one.customer.id, one.guarantee.id if one.guarantee else None)
        if key in seen:
            continue  # two pledges of one person: one notice
        seen.add(key)
        yield _notice(
            writing, owed, cutoff, one.customer, role=one.role, guarantee=one.guarantee
        )


def _notice(
    writing: Writing,
    owed: Position,
    cutoff: date,
    addressee: Customer,
    *,
    role: str,
    guarantee: Guarantee | None,
) -> Draft:
    loan, given = writing.loan, writing.given
    total = yuan(owed.balance + interest_of(owed))
    transferee = given.get("transferee", "")
    request = (
        f"请贵方自收到本通知之日起，向{transferee}履行上述合同项下的全部义务。"
        if role == "debtor"
        else f"请贵方自收到本通知之日起，依照担保合同的约定向{transferee}承担担保责任。"
    )
    values: Blanks = (
        writing.blanks()
        | writing.contract_blanks()
        | {
            "addressee": addressee.name,
            "addressee_id": masked_number(addressee),
            "addressee_role": str(ROLES[role]),
            "service_address": addressee.service_address,
            "transferor": writing.lender.name,
            "agreement_date": writing.day_in_body("agreement_date"),
            "cutoff_date": writing.day_in_body("cutoff_date"),
            "balance_at_cutoff": f"{owed.balance:,}",
            "interest_at_cutoff": f"{interest_of(owed):,}",
            "total_at_cutoff": f"{total:,}",
            "total_words": rmb_upper(total).canonical if total else "",
            "accessory_rights": accessory_rights(loan),
            "legal_basis": TO_DEBTOR if role == "debtor" else TO_SURETY,
            "request_sentence": request,
        }
    )
    return checked(
        "N07",
        Draft(
            addressee=addressee,
            position=owed,
            values=values,
            derivation=_steps(loan, owed, cutoff),
            guarantee=guarantee,
            total=total,
            problems=tuple(_cutoff_problems(writing, owed)),
            warnings=_personal(loan),
        ),
    )


def _cutoff_problems(writing: Writing, owed: Position) -> Iterator[str]:
    cutoff, agreed = writing.day("cutoff_date"), writing.day("agreement_date")
    if agreed and agreed > writing.as_of:
        yield _l("转让协议签订日 {day} 晚于数据截至日。").format(day=agreed)
    if cutoff and cutoff > writing.as_of:
        yield _l("转让基准日 {day} 晚于数据截至日。").format(day=cutoff)
    if not owed.balance and not interest_of(owed):
        yield _l("截至基准日没有债权余额。")


def _personal(loan: Loan) -> tuple[str, ...]:
    people = [loan.customer, *(one.customer for one in providers_of(loan))]
    names = dict.fromkeys(one.name for one in people if one.kind == "person")
    return (PERSONAL.format(names="、".join(names)),) if names else ()


def _steps(loan: Loan, owed: Position, cutoff: date) -> tuple[str, ...]:
    return (
        f"{loan.loan_no} 计至 {cutoff}（不含）：本金余额 {owed.balance:,} 元",
        (
            f"利息、罚息、复利 {owed.interest_due:,} + {owed.accrued:,} + {owed.penalty:,}"
            f" + {owed.compound:,} = {interest_of(owed):,} 元"
        ),
    )


def debt_line(loan: Loan, owed: Position) -> dict[str, str]:
    """Return one line of the table of N08 or N16: names and numbers of contracts only."""
    guarantors = dict.fromkeys(one.guarantor.name for one in loan.guarantees)
    things = [f"{thing.provider.name}：{thing.description}" for thing in loan.collateral]
    return {
        "debtor": loan.customer.name,
        "contract_no": loan.contract.contract_no,
        "loan_no": loan.loan_no,
        "principal": f"{owed.balance:,}",
        "interest": f"{interest_of(owed):,}",
        "guarantor": "、".join(guarantors) or str(NONE),
        "collateral": "；".join(things) or str(NONE),
    }


def draft_joint_announcement(writings: Sequence[Writing]) -> Draft:
    """Return N08: one announcement of all loans of a branch; the first one carries it."""
    first = writings[0]
    cutoff = first.day("cutoff_date") or first.as_of
    found = [(one.loan, one.owed(cutoff)) for one in writings]
    lines = [debt_line(loan, owed) for loan, owed in found]
    total: Decimal = sum((owed.balance + interest_of(owed) for _, owed in found), ZERO)
    values: Blanks = first.blanks() | {
        "transferor": first.lender.name,
        "agreement_date": first.day_in_body("agreement_date"),
        "cutoff_date": first.day_in_body("cutoff_date"),
        "debts": lines,
        "debt_count": str(len(lines)),
        "total_at_cutoff": f"{yuan(total):,}",
        "demand_sentence": str(DEMAND),
        "loan_nos": [loan.loan_no for loan, _ in found],
    }
    problems = [
        _l("第 {line} 笔缺少：{key}").format(line=number, key=word_for(key))
        for number, key in missing_in_lines(NOTICES["N08"], lines)
    ]
    for one, (_, owed) in zip(writings, found, strict=True):
        problems += [f"{one.loan.loan_no}：{text}" for text in _cutoff_problems(one, owed)]
    people = sum(loan.customer.kind == "person" for loan, _ in found)
    return checked(
        "N08",
        Draft(
            addressee=first.loan.customer,
            position=found[0][1],
            values=values,
            guarantee=None,
            derivation=tuple(
                step for loan, owed in found for step in _steps(loan, owed, cutoff)
            ),
            problems=tuple(dict.fromkeys(problems)),
            warnings=(RETAIL.format(count=people),) if people else (),
            total=yuan(total),
        ),
        by_post=False,
    )
