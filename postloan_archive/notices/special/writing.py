"""What a draft is written from, and what several of these letters share."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Final

from postloan_archive.kernel.calendar import WorkCalendar
from postloan_archive.kernel.errors import _l
from postloan_archive.kernel.money import yuan
from postloan_archive.loans.derivation import position_of
from postloan_archive.loans.lenders import Lender
from postloan_archive.loans.models import Customer, Guarantee, Loan
from postloan_archive.loans.rules.position import Position
from postloan_archive.notices.drafting import (
    LABELS,
    Blanks,
    Draft,
    common_blanks,
    masked_number,
    missing_for,
)
from postloan_archive.notices.rules.conventions import date_in_body
from postloan_archive.notices.rules.given import GIVEN, Given, day_given

ROLES: Final = {
    "debtor": _l("债务人"),
    "guarantor": _l("保证人"),
    "mortgage": _l("抵押人"),
    "pledge": _l("出质人"),
}
NONE: Final = _l("无")


@dataclass(frozen=True, slots=True, kw_only=True)
class Writing:
    """One loan about to be written about, with what a person told the run.

    Attributes:
        as_of: amounts are those of this day, unless the letter names a day of its own.
        given: checked facts of the run (`rules.given`).
    """

    loan: Loan
    lender: Lender
    as_of: date
    contact: str
    given: Given
    calendar: WorkCalendar

    def day(self, name: str) -> date | None:
        """Return a day that was given."""
        return day_given(self.given, name)

    def day_in_body(self, name: str) -> str:
        """Return a day that was given as letters print it."""
        found = self.day(name)
        return date_in_body(found) if found else ""

    def owed(self, on: date | None = None) -> Position:
        """Return the position of the loan on a day."""
        return position_of(self.loan, on or self.as_of).value

    def blanks(self) -> Blanks:
        """Return what every letter prints, and the facts of the run as they were typed."""
        given: Blanks = {
            fact.name: self.given.get(fact.name, "")
            for facts in GIVEN.values()
            for fact in facts
            if fact.name in self.given
        }
        return given | common_blanks(self.loan, self.lender, self.contact)

    def contract_blanks(self) -> Blanks:
        """Return what a letter says about the loan contract."""
        return {
            "borrower_id": masked_number(self.loan.customer),
            "service_address": self.loan.customer.service_address,
            "contract_no": self.loan.contract.contract_no,
            "signed_on": date_in_body(self.loan.contract.signed_on),
            "principal": f"{self.loan.principal:,}",
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Provider:
    """Somebody other than the debtor who gave security, with the contract of it.

    Attributes:
        role: guarantor, mortgage or pledge.
        guarantee: the guarantee; None where the security is property.
        things: the property, in words.
    """

    customer: Customer
    role: str
    contract_no: str
    contract_name: str
    signed_on: date
    guarantee: Guarantee | None = None
    things: tuple[str, ...] = ()


def providers_of(loan: Loan) -> Iterator[Provider]:
    """Yield each guarantor, then each third party with property, once a contract."""
    for one in loan.guarantees:
        yield Provider(
            customer=one.guarantor,
            role="guarantor",
            contract_no=one.contract_no,
            contract_name="最高额保证合同" if one.maximum else "保证合同",
            signed_on=one.signed_on,
            guarantee=one,
        )
    found: dict[tuple[int, str], Provider] = {}
    for thing in loan.collateral:
        if thing.provider_id == loan.customer_id:
            continue
        key = (thing.provider_id, thing.contract_no)
        pledge = thing.kind.startswith("pledge")
        before = found.get(key)
        found[key] = (
            replace(before, things=(*before.things, thing.description))
            if before
            else Provider(
                customer=thing.provider,
                role="pledge" if pledge else "mortgage",
                contract_no=thing.contract_no,
                contract_name="质押合同" if pledge else "抵押合同",
                signed_on=thing.signed_on,
                things=(thing.description,),
            )
        )
    yield from found.values()


def accessory_rights(loan: Loan) -> list[str]:
    """Return the securities of the claim, one line each, without numbers of identity."""
    lines = [
        f"{one.guarantor.name}提供的保证（合同编号{one.contract_no}）"
        for one in loan.guarantees
    ]
    for thing in loan.collateral:
        act = "质押" if thing.kind.startswith("pledge") else "抵押"
        number = f"，登记证明编号{thing.registration_no}" if thing.registration_no else ""
        lines.append(
            f"{thing.provider.name}提供的{act}担保：{thing.description}"
            f"（合同编号{thing.contract_no}{number}）"
        )
    return lines or [str(_l("该笔债权没有设定担保；与主债权有关的其他从权利一并转让。"))]


def interest_of(owed: Position) -> Decimal:
    """Return all interest on a day: due, running, penalty and compound, yuan."""
    return yuan(owed.interest_due + owed.accrued + owed.penalty + owed.compound)


def checked(code: str, draft: Draft, *, by_post: bool = True) -> Draft:
    """Return a draft with what is missing for it; `by_post`: it needs an address."""
    missing = missing_for(code, draft.values)
    if by_post and not draft.values.get("service_address"):
        missing.append(_l("缺少：{field}").format(field=LABELS["service_address"]))
    return replace(draft, problems=(*dict.fromkeys(missing), *draft.problems))
