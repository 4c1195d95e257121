"""Opening a loan file by hand: the customer, the contract, the loan, its plan."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from sqlalchemy import select

from postloan_archive.kernel.errors import ConflictError, RuleError, _l
from postloan_archive.kernel.identifiers import id_card, uscc
from postloan_archive.kernel.money import ZERO
from postloan_archive.loans import service
from postloan_archive.loans.commands import RegisterCustomer, RegisterLoan, Scheduled
from postloan_archive.loans.models import Contract, Customer, Loan
from postloan_archive.loans.rules.entry_checks import LoanEntry, entry_findings
from postloan_archive.loans.rules.instalments import Method, PlannedInstalment, plan
from postloan_archive.uow import UnitOfWork

CONTRACT_NAME: Final = "借款合同"
FIELDS: Final = {  # of a finding -> of the form
    "born": "id_no",
    "contract_ends_on": "due_on",
    "due_on": "due_on",
    "limit": "contract_amount",
    "drawn": "principal",
}


class IdentityNumberError(RuleError):
    """The number is no identity card number and no unified social credit code."""

    field = "id_no"
    next_step = _l("请按证件原件核对。")

    def __init__(self) -> None:
        super().__init__(_l("证件号校验不通过（身份证 18 位或统一社会信用代码 18 位）。"))


class LoanEntryError(RuleError):
    """The entry contradicts itself; each subclass names the input to look at first."""

    def __init__(self, *, text: str) -> None:
        super().__init__(text)


ENTRY_ERRORS: Final[dict[str, type[LoanEntryError]]] = {
    name: type(f"Loan{name.title().replace('_', '')}Error", (LoanEntryError,), {"field": name})
    for name in ("id_no", "due_on", "contract_amount", "principal", "disbursed_on")
}


class ContractOfAnotherError(ConflictError):
    """The contract number belongs to another borrower."""

    field = "contract_no"

    def __init__(self, *, contract_no: str) -> None:
        super().__init__(
            _l("合同号“{contract_no}”已登记在另一借款人名下。"), contract_no=contract_no
        )


class CustomerNamedOtherwiseError(ConflictError):
    """The number belongs to a customer of another name."""

    field = "name"

    def __init__(self, *, name: str) -> None:
        super().__init__(_l("该证件号已登记为“{name}”，请核对名称。"), name=name)


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenLoan:
    """A paid-out loan as a person enters it, yuan and percent."""

    loan_no: str
    branch_code: str
    name: str
    id_no: str
    contract_no: str
    signed_on: date
    contract_amount: Decimal
    principal: Decimal
    annual_rate: Decimal
    penalty_uplift: Decimal
    day_basis: int
    method: Method
    disbursed_on: date
    due_on: date
    pay_day: int | None = None
    phone: str = ""
    product: str = ""
    purpose: str = ""


def planned(uow: UnitOfWork, cmd: OpenLoan) -> tuple[PlannedInstalment, ...]:
    """Return the plan that the loan would get; nothing is saved.

    Raises:
        RuleError: the entry contradicts itself.
    """
    _identity(cmd)
    _check(uow, cmd)
    return plan(
        cmd.method,
        principal=cmd.principal,
        annual_rate_pct=cmd.annual_rate,
        disbursed_on=cmd.disbursed_on,
        due_on=cmd.due_on,
        day_basis=cmd.day_basis,
        pay_day=cmd.pay_day,
    )


def open_loan(uow: UnitOfWork, cmd: OpenLoan) -> Loan:
    """Register customer, contract and loan with its plan: this opens the loan file.

    Raises:
        RuleError: the entry contradicts itself.
        LoanExistsError, ContractOfAnotherError, CustomerNamedOtherwiseError: a number is taken.
        BranchNotYoursError: the branch is outside the actor's.
    """
    kind, number = _identity(cmd)
    rows = planned(uow, cmd)
    customer = service.register_customer(
        uow,
        RegisterCustomer(
            kind=kind,
            name=cmd.name,
            id_no=number,
            branch_code=cmd.branch_code,
            facts={"phone": cmd.phone} if cmd.phone else {},
        ),
    )
    if customer.name != cmd.name:
        raise CustomerNamedOtherwiseError(name=customer.name)
    of_contract = uow.session.scalar(
        select(Customer.id_no)
        .join(Contract, Contract.customer_id == Customer.id)
        .where(Contract.contract_no == cmd.contract_no)
    )
    if of_contract is not None and of_contract != number:
        raise ContractOfAnotherError(contract_no=cmd.contract_no)
    return service.register_loan(
        uow,
        RegisterLoan(
            loan_no=cmd.loan_no,
            customer_id=customer.id,
            branch_code=cmd.branch_code,
            contract_no=cmd.contract_no,
            contract_name=CONTRACT_NAME,
            signed_on=cmd.signed_on,
            contract_amount=cmd.contract_amount,
            principal=cmd.principal,
            annual_rate=cmd.annual_rate,
            penalty_uplift=cmd.penalty_uplift,
            day_basis=cmd.day_basis,
            repayment_method=cmd.method.value,
            disbursed_on=cmd.disbursed_on,
            due_on=cmd.due_on,
            schedule=tuple(
                Scheduled(due_on=row.due_on, principal=row.principal, interest=row.interest)
                for row in rows
            ),
            contract_facts={"purpose": cmd.purpose} if cmd.purpose else {},
            loan_facts={"product": cmd.product} if cmd.product else {},
        ),
    )


def _identity(cmd: OpenLoan) -> tuple[str, str]:
    """Return the kind of customer and the number in its form."""
    person, company = id_card(cmd.id_no), uscc(cmd.id_no)
    if person.valid:
        return "person", person.normalised
    if company.valid:
        return "company", company.normalised
    raise IdentityNumberError


def _check(uow: UnitOfWork, cmd: OpenLoan) -> None:
    if cmd.principal <= ZERO:
        raise ENTRY_ERRORS["principal"](text=_l("贷款金额必须大于 0。"))
    if cmd.disbursed_on > uow.clock.today():
        raise ENTRY_ERRORS["disbursed_on"](text=_l("放款日晚于今天。"))
    findings = entry_findings(
        LoanEntry(
            signed_on=cmd.signed_on,
            contract_ends_on=cmd.due_on,
            drawn_on=cmd.disbursed_on,
            due_on=cmd.due_on,
            limit=cmd.contract_amount,
            drawn=cmd.principal,
            born=id_card(cmd.id_no).born,
        )
    )
    for one in findings:
        raise ENTRY_ERRORS[FIELDS[one.field]](text=one.text)
