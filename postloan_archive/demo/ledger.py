"""Entering the fictional loans: the same services that a person uses, in the same order."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from postloan_archive.access import branches
from postloan_archive.demo.loan_facts import COURT, DemoCollateral, DemoGuarantee, DemoLoan
from postloan_archive.demo.people import BRANCHES, PARTIES, DemoPerson
from postloan_archive.kernel.money import ZERO
from postloan_archive.loans import service
from postloan_archive.loans.models import Loan
from postloan_archive.loans.rules.instalments import Method, PlannedInstalment, plan
from postloan_archive.loans.service import (
    BookPayment,
    NewCollateral,
    NewGuarantee,
    NoteLimitationEvent,
    RegisterCustomer,
    RegisterLoan,
    Scheduled,
)
from postloan_archive.uow import UnitOfWork

SETTLEMENT_DAY: Final = 21  # interest is settled on the 20th and paid on the 21st (R-F05)
CLAUSES: Final = {  # numbers of the clauses as the contracts of the demonstration print them
    "interest": "第三条第3.1款",
    "penalty": "第四条第4.1款",
    "compound": "第四条第4.3款",
    "acceleration": "第六条第6.1款",
    "costs": "第七条第7.1款",
    "service": "第八条第8.1款",
    "jurisdiction": "第九条第9.1款",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Entered:
    """A registered loan with the ids that later steps of the demonstration need."""

    demo: DemoLoan
    loan_id: int
    guarantee_ids: tuple[int, ...]
    parties: dict[str, int]  # key of the party -> customer id


def enter_branches(uow: UnitOfWork) -> None:
    """Create the head office and its three branches."""
    for code, name, parent in BRANCHES:
        branches.ensure(uow, code=code, name=name, parent_code=parent)


def enter_loan(uow: UnitOfWork, demo: DemoLoan) -> Entered:
    """Register the loan, its parties, security and payments, and the demands that arrived."""
    keys = {demo.borrower, *(g.party for g in demo.guarantees)}
    keys |= {c.party for c in demo.collateral}
    parties = {key: _customer(uow, key, demo.branch) for key in sorted(keys)}
    schedule = schedule_of(demo)
    loan = service.register_loan(uow, _registration(demo, parties, schedule))
    for number, row in enumerate(paid(demo, schedule), start=1):
        service.book_payment(
            uow,
            BookPayment(
                loan_no=demo.loan_no,
                paid_on=row.due_on,
                amount=row.principal + row.interest,
                to_principal=row.principal,
                to_interest=row.interest,
                payer=PARTIES[demo.borrower].name,
                channel="自动扣款",
                receipt_no=f"SK{demo.loan_no[2:]}-{number:03d}",
            ),
        )
    for on, level in demo.demands:
        service.note_limitation_event(
            uow,
            NoteLimitationEvent(
                loan_no=demo.loan_no,
                kind="demand",
                happened_on=on,
                level=level,
                channel="当面签收" if level == "A" else "邮政特快专递",
                note="催收通知书回执",
            ),
        )
    return Entered(
        demo=demo,
        loan_id=loan.id,
        guarantee_ids=_guarantee_ids(loan),
        parties=parties,
    )


def schedule_of(demo: DemoLoan) -> tuple[PlannedInstalment, ...]:
    """Return the repayment plan that the contract of the loan leads to."""
    method = Method(demo.method)
    by_day = method in {Method.INTEREST_MONTHLY, Method.INTEREST_QUARTERLY}
    return plan(
        method,
        principal=demo.principal,
        annual_rate_pct=demo.rate,
        disbursed_on=demo.disbursed_on,
        due_on=demo.due_on,
        day_basis=360,
        pay_day=SETTLEMENT_DAY if by_day else None,
    )


def paid(
    demo: DemoLoan, schedule: tuple[PlannedInstalment, ...]
) -> Iterator[PlannedInstalment]:
    """Yield the instalments that were paid, each on its day."""
    return (
        row
        for row in schedule
        if row.due_on <= demo.paid_until and row.principal + row.interest > ZERO
    )


def _guarantee_ids(loan: Loan) -> tuple[int, ...]:
    return tuple(guarantee.id for guarantee in loan.guarantees)


def _customer(uow: UnitOfWork, key: str, branch: str) -> int:
    party = PARTIES[key]
    facts: dict[str, object] = {
        "phone": party.phone,
        "domicile": party.domicile,
        "residence": party.domicile,
        "service_address": party.domicile,
        "service_address_source": "合同约定的送达地址条款",
    }
    if isinstance(party, DemoPerson):
        facts |= {
            "sex": party.sex,
            "birth_date": party.born,
            "ethnicity": "汉族",
            "employer": party.employer,
            "married": party.married,
        }
    else:
        facts |= {
            "legal_rep": party.legal_rep,
            "legal_rep_post": party.legal_rep_post,
            "entity_type": party.entity_type,
            "ownership": party.ownership,
        }
    customer = service.register_customer(
        uow,
        RegisterCustomer(
            kind=party.kind,
            name=party.name,
            id_no=party.id_no,
            branch_code=branch,
            facts=facts,
        ),
    )
    return customer.id


def _registration(
    demo: DemoLoan, parties: dict[str, int], schedule: tuple[PlannedInstalment, ...]
) -> RegisterLoan:
    return RegisterLoan(
        loan_no=demo.loan_no,
        customer_id=parties[demo.borrower],
        branch_code=demo.branch,
        contract_no=demo.contract_no,
        contract_name=demo.contract_name,
        signed_on=demo.signed_on,
        contract_amount=demo.principal,
        principal=demo.principal,
        annual_rate=demo.rate,
        penalty_uplift=demo.uplift,
        day_basis=360,
        repayment_method=demo.method,
        disbursed_on=demo.disbursed_on,
        due_on=demo.due_on,
        schedule=tuple(
            Scheduled(due_on=row.due_on, principal=row.principal, interest=row.interest)
            for row in schedule
        ),
        guarantees=tuple(_guarantee(demo, row, parties) for row in demo.guarantees),
        collateral=tuple(_collateral(demo, row, parties) for row in demo.collateral),
        contract_facts={
            "signed_at": "示范省示范县",
            "purpose": demo.purpose,
            "dispute": "court",
            "dispute_clause": f"因本合同发生的争议，由贷款人所在地的{COURT}管辖。",
            "court": COURT,
            "clauses": CLAUSES,
        },
        loan_facts={
            "manager": demo.manager,
            "product": demo.product,
            "risk_class": demo.risk_class,
            "settled_on": demo.settled_on,
            "pay_account": f"0000 0201 {demo.loan_no[2:6]} {demo.loan_no[7:]}",
        },
    )


def _guarantee(demo: DemoLoan, row: DemoGuarantee, parties: dict[str, int]) -> NewGuarantee:
    return NewGuarantee(
        guarantor_id=parties[row.party],
        contract_no=row.contract_no,
        kind=row.kind,
        signed_on=demo.signed_on,
        facts={"period_clause": row.period_clause, "scope_clause": "第二条第2.2款"},
    )


def _collateral(demo: DemoLoan, row: DemoCollateral, parties: dict[str, int]) -> NewCollateral:
    return NewCollateral(
        provider_id=parties[row.party],
        kind=row.kind,
        contract_no=row.contract_no,
        signed_on=demo.signed_on,
        description=row.description,
        value=row.value,
        facts={
            "location": row.location,
            "certificate_no": row.certificate_no,
            "registration_no": row.registration_no,
            "registered_on": row.registered_on,
            "valued_on": row.valued_on,
            "secured_amount": Decimal(demo.principal),
        },
    )
