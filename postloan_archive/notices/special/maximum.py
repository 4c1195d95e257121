"""N16 最高额担保债权确定通知书: the claims under one maximum security, fixed on a day."""

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Final

from postloan_archive.kernel.errors import _l
from postloan_archive.kernel.money import ZERO, yuan
from postloan_archive.kernel.words import rmb_upper
from postloan_archive.loans.derivation import position_of
from postloan_archive.loans.models import Loan
from postloan_archive.notices.drafting import Draft, masked_number
from postloan_archive.notices.rules.conventions import date_in_body
from postloan_archive.notices.rules.given import Given
from postloan_archive.notices.special.transfer import debt_line
from postloan_archive.notices.special.writing import (
    Provider,
    Writing,
    checked,
    interest_of,
    providers_of,
)

_SEPARATORS: Final = re.compile(r"[\s、，,；;]+")
CURRENCY: Final = "人民币"
# R-C16 rests on 民法典423; for a guarantee only the contract is relied on (R-D22).
FOR_PROPERTY: Final = "《中华人民共和国民法典》第四百二十三条和上述合同的约定"
FOR_GUARANTEE: Final = "上述合同的约定"


def maximum_contracts(given: Given) -> frozenset[str]:
    """Return the numbers of the mortgages that a person called maximum ones."""
    found = _SEPARATORS.split(given.get("maximum_mortgages", ""))
    return frozenset(number for number in found if number)


def maximum_providers(loan: Loan, numbers: frozenset[str]) -> Iterator[Provider]:
    """Yield the providers whose security has a maximum; the debtor's own property included."""
    for one in providers_of(loan):
        if (one.guarantee and one.guarantee.maximum) or one.contract_no in numbers:
            yield one
    own = [one for one in loan.collateral if one.provider_id == loan.customer_id]
    for number in dict.fromkeys(one.contract_no for one in own):
        if number in numbers:
            things = [one for one in own if one.contract_no == number]
            pledge = things[0].kind.startswith("pledge")
            yield Provider(
                customer=loan.customer,
                role="pledge" if pledge else "mortgage",
                contract_no=number,
                contract_name="质押合同" if pledge else "抵押合同",
                signed_on=things[0].signed_on,
                things=tuple(one.description for one in things),
            )


def draft_maximum_fixed(writing: Writing, one: Provider, secured: Sequence[Loan]) -> Draft:
    """Return N16 to one provider of security.

    Args:
        writing: the loan that carries the letter, and the facts of the run.
        one: the provider and the contract.
        secured: every unpaid loan under that contract, `writing.loan` among them.
    """
    fixed_on = writing.day("fixing_date") or writing.as_of
    found = [(loan, position_of(loan, fixed_on).value) for loan in secured]
    claims = yuan(sum((owed.balance + interest_of(owed) for _, owed in found), ZERO))
    limit = _limit(writing.loan, one)
    amount = claims if limit is None else min(claims, limit)
    name = one.contract_name
    values = writing.blanks() | {
        "security_provider": one.customer.name,
        "provider_id": masked_number(one.customer),
        "service_address": one.customer.service_address,
        "security_contract_no": one.contract_no,
        "security_contract_name": name if name.startswith("最高额") else f"最高额{name}",
        "security_signed_on": date_in_body(one.signed_on),
        "maximum_amount": f"{limit:,}" if limit is not None else "",
        "legal_basis": FOR_GUARANTEE if one.guarantee else FOR_PROPERTY,
        "fixing_date": writing.day_in_body("fixing_date"),
        "debts": [debt_line(loan, owed) for loan, owed in found],
        "claims_total": f"{claims:,}",
        "secured_amount": f"{amount:,}",
        "secured_words": rmb_upper(amount).canonical if amount else "",
        "currency": CURRENCY,
    }
    problems = []
    if limit is None:
        problems.append(_l("合同 {no} 没有登记最高额限额。").format(no=one.contract_no))
    if fixed_on > writing.as_of:
        problems.append(_l("债权确定日 {day} 晚于数据截至日。").format(day=fixed_on))
    steps = (
        *(
            f"{loan.loan_no} 计至 {fixed_on}（不含）：本金 {owed.balance:,} + "
            f"利息罚息复利 {interest_of(owed):,} 元"
            for loan, owed in found
        ),
        f"合计 {claims:,} 元，限额 {limit if limit is None else f'{limit:,}'} 元，取其小者",
    )
    return checked(
        "N16",
        Draft(
            addressee=one.customer,
            position=found[0][1],
            values=values,
            derivation=steps,
            guarantee=one.guarantee,
            total=amount,
            problems=tuple(problems),
        ),
    )


def _limit(loan: Loan, one: Provider) -> Decimal | None:
    """Return the maximum of the contract, None if nobody entered it."""
    if one.guarantee:
        return one.guarantee.amount
    amounts = [
        thing.secured_amount
        for thing in loan.collateral
        if thing.contract_no == one.contract_no and thing.secured_amount is not None
    ]
    return yuan(sum(amounts, ZERO)) if amounts else None
