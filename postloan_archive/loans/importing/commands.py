"""From the rows of a unit to the commands of the ledger."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Final

from postloan_archive.kernel.money import ZERO
from postloan_archive.loans.commands import (
    BookPayment,
    NewCollateral,
    NewGuarantee,
    RegisterCustomer,
    RegisterLoan,
    Scheduled,
)
from postloan_archive.loans.importing.ledger_sheets import CLAUSES
from postloan_archive.loans.importing.units import Entry, Unit
from postloan_archive.loans.rules.entry_checks import LoanEntry, entry_findings
from postloan_archive.loans.rules.instalments import Method, PlannedInstalment, plan
from postloan_archive.loans.rules.repayment_terms import KEYS, clean

DEFAULT_UPLIFT: Final = Decimal(50)  # percent of the contract rate
DEFAULT_BASIS: Final = 360
CONTRACT_NAME: Final = "借款合同"
DETAILS: Final = (
    "phone",
    "domicile",
    "residence",
    "service_address",
    "service_address_source",
    "employer",
    "legal_rep",
    "legal_rep_post",
)


def customer_of(entry: Entry, branch: str, details: Entry) -> RegisterCustomer:
    """Return the customer of a row; `details` is the row that says more, the same one often."""
    married = details.text("married")
    facts: dict[str, object] = {key: details.text(key) for key in DETAILS if details.text(key)}
    if married:
        facts["married"] = married == "yes"
    return RegisterCustomer(
        kind=entry.text("party"),
        name=entry.text("name"),
        id_no=entry.text("id_no"),
        branch_code=branch,
        facts=facts,
    )


def payment_of(entry: Entry, loan_no: str) -> BookPayment:
    """Return the payment of a row."""

    def part(key: str) -> Decimal:
        value = entry.values.get(key)
        return value if isinstance(value, Decimal) else ZERO

    return BookPayment(
        loan_no=loan_no,
        paid_on=day_of(entry, "paid_on"),
        amount=yuan_of(entry, "amount"),
        receipt_no=entry.text("receipt_no"),
        payer=entry.text("payer"),
        channel=entry.text("channel"),
        to_costs=part("to_costs"),
        to_principal=part("to_principal"),
        to_interest=part("to_interest"),
        to_penalty=part("to_penalty"),
        to_compound=part("to_compound"),
    )


def registration(
    unit: Unit,
    row: Entry,
    *,
    branch: str,
    borrower: int,
    guarantees: tuple[NewGuarantee, ...],
    collateral: tuple[NewCollateral, ...],
) -> RegisterLoan:
    """Return the registration of a loan; without a schedule the contract's one is computed."""
    principal = yuan_of(row, "principal")
    rate = yuan_of(row, "annual_rate")
    disbursed, due = day_of(row, "disbursed_on"), day_of(row, "due_on")
    basis = int(row.text("day_basis") or DEFAULT_BASIS)
    method = row.text("repayment_method")
    contract_facts: dict[str, object] = {
        key: row.text(key)
        for key in ("purpose", "dispute", "court", "signed_at")
        if row.text(key)
    }
    clauses = {key: row.text(f"clause_{key}") for key in CLAUSES if row.text(f"clause_{key}")}
    if clauses:
        contract_facts["clauses"] = clauses
    loan_facts: dict[str, object] = {
        key: row.text(key)
        for key in ("manager", "product", "risk_class", "pay_account")
        if row.text(key)
    }
    loan_facts["agreed"] = clean({key: row.text(key) for key in KEYS})
    schedule: tuple[Scheduled | PlannedInstalment, ...] = tuple(_scheduled(unit))
    if not schedule and method != "free":
        pay_day = row.values.get("pay_day")
        schedule = plan(
            Method(method),
            principal=principal,
            annual_rate_pct=rate,
            disbursed_on=disbursed,
            due_on=due,
            day_basis=basis,
            pay_day=pay_day if isinstance(pay_day, int) else None,
        )
    signed = row.values.get("signed_on")
    uplift = row.values.get("penalty_uplift")
    limit = row.values.get("contract_amount")
    return RegisterLoan(
        loan_no=unit.loan_no,
        customer_id=borrower,
        branch_code=branch,
        contract_no=row.text("contract_no"),
        contract_name=row.text("contract_name") or CONTRACT_NAME,
        signed_on=signed if isinstance(signed, date) else disbursed,
        contract_amount=limit if isinstance(limit, Decimal) else principal,
        principal=principal,
        annual_rate=rate,
        penalty_uplift=uplift if isinstance(uplift, Decimal) else DEFAULT_UPLIFT,
        day_basis=basis,
        repayment_method=method,
        disbursed_on=disbursed,
        due_on=due,
        schedule=schedule,
        guarantees=guarantees,
        collateral=collateral,
        contract_facts=dict(contract_facts),
        loan_facts=loan_facts,
    )


def contradictions(row: Entry, found: RegisterLoan) -> Iterator[tuple[str, str]]:
    """Yield (sentence, heading) for each contradiction in the row of a loan (R-J09)."""
    number = row.text("id_no")
    born = None
    if row.text("party") == "person":
        born = date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    findings = entry_findings(
        LoanEntry(
            signed_on=found.signed_on,
            contract_ends_on=found.due_on,
            drawn_on=found.disbursed_on,
            due_on=found.due_on,
            limit=found.contract_amount,
            drawn=found.principal,
            born=born,
        )
    )
    headings = {
        "born": "借款人证件号",
        "contract_ends_on": "到期日",
        "due_on": "到期日",
        "limit": "合同金额",
        "drawn": "贷款金额",
    }
    for one in findings:
        yield one.text, headings.get(one.field, "")


def _scheduled(unit: Unit) -> Iterator[Scheduled]:
    for entry in sorted(unit.schedule, key=lambda one: str(one.values["due_on"])):
        yield Scheduled(
            due_on=day_of(entry, "due_on"),
            principal=yuan_of(entry, "principal"),
            interest=yuan_of(entry, "interest"),
        )


def guarantee(entry: Entry, guarantor: int) -> NewGuarantee:
    """Return the guarantee of a row."""
    facts = _facts(entry, ("amount", "period_clause", "period_end"))
    return NewGuarantee(
        guarantor_id=guarantor,
        contract_no=entry.text("contract_no"),
        kind=entry.text("kind"),
        signed_on=day_of(entry, "signed_on"),
        facts=facts,
    )


def collateral_of(entry: Entry, provider: int) -> NewCollateral:
    """Return the collateral of a row."""
    facts = _facts(
        entry,
        (
            "location",
            "certificate_no",
            "registration_no",
            "registered_on",
            "valued_on",
            "insured_until",
        ),
    )
    return NewCollateral(
        provider_id=provider,
        kind=entry.text("kind"),
        contract_no=entry.text("contract_no"),
        signed_on=day_of(entry, "signed_on"),
        description=entry.text("description"),
        value=yuan_of(entry, "value"),
        facts=facts,
    )


def _facts(entry: Entry, keys: tuple[str, ...]) -> dict[str, object]:
    return {key: value for key in keys if (value := entry.values.get(key)) is not None}


def day_of(entry: Entry, key: str) -> date:
    """Return the day in a required column of a row without faults."""
    value = entry.values[key]
    assert isinstance(value, date)  # a required column that was read
    return value


def yuan_of(entry: Entry, key: str) -> Decimal:
    """Return the amount or percentage in a required column of a row without faults."""
    value = entry.values[key]
    assert isinstance(value, Decimal)  # a required column that was read
    return value
