"""An import is taken back whole, or not at all once something rests on it."""

from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import func, select

from postloan_archive.audit import AuditRow
from postloan_archive.kernel.actor import Actor
from postloan_archive.loans import service
from postloan_archive.loans.importing import batches
from postloan_archive.loans.importing.report import Mode
from postloan_archive.loans.importing.undoing import (
    ImportNotAppliedError,
    ImportRestedOnError,
    undo,
)
from postloan_archive.loans.models import (
    Contract,
    Customer,
    Instalment,
    LedgerImport,
    Loan,
    LoanPosition,
    Payment,
)
from postloan_archive.loans.service import BookPayment
from tests.builders import a_branch
from tests.loans.importing.books import book, loan_row, loans
from tests.loans.importing.test_import import whole

CLI = Actor.program("cli")
PAID = ["借据号", "还款日期", "还款金额", "还本金", "还利息", "凭证号"]


@pytest.fixture
def take(system, new_uow):
    """Keep a workbook and enter it; return the id of the import."""
    with new_uow() as uow:
        for code in ("0201", "0202"):
            a_branch(uow, code)

    def run(content: bytes) -> int:
        with system.unit_of_work(CLI) as uow:
            import_id = batches.keep(uow, "台账.xlsx", content, state="applying").id
        report = batches.run(system, CLI, import_id, content, Mode.ALL)
        assert report is not None
        assert report.faults == []
        return import_id

    return run


def numbers(new_uow) -> dict[str, int]:
    models = (Loan, Customer, Contract, Instalment, Payment, LoanPosition)
    with new_uow() as uow:
        return {
            model.__tablename__: uow.session.scalar(select(func.count()).select_from(model))
            for model in models
        }


def test_everything_that_came_in_goes_again(take, system, new_uow):
    before = numbers(new_uow)
    import_id = take(whole())
    with new_uow() as uow:
        row = uow.session.get_one(LedgerImport, import_id)
        assert (row.state, row.report["entered"]["loans"]) == ("applied", 2)
        ids = list(uow.session.scalars(select(Loan.id)))

    with system.unit_of_work(CLI) as uow:
        assert undo(uow, import_id).undone_by == "cli"

    assert numbers(new_uow) == before
    with new_uow() as uow:
        line = uow.session.scalars(
            select(AuditRow).where(AuditRow.event == "loans.ledger_undone")
        ).one()
        assert line.subject == f"ledger_import:{import_id}"
    with pytest.raises(ImportNotAppliedError), system.unit_of_work(CLI) as uow:
        undo(uow, import_id)

    take(whole())  # and may come in again, under ids that no audit line names
    with new_uow() as uow:
        assert min(uow.session.scalars(select(Loan.id))) > max(ids)


def test_a_later_payment_keeps_the_import(take, system, new_uow):
    import_id = take(loans(loan_row()))
    with new_uow() as uow:
        service.book_payment(
            uow,
            BookPayment(
                loan_no="JJ1",
                paid_on=date(2026, 1, 5),
                amount=Decimal(500),
                to_interest=Decimal(500),
                receipt_no="SK1",
            ),
        )
    before = numbers(new_uow)

    with pytest.raises(ImportRestedOnError) as refused, system.unit_of_work(CLI) as uow:
        undo(uow, import_id)

    assert "后来登记的还款 1 项（JJ1" in str(refused.value)
    assert numbers(new_uow) == before


def test_a_loan_that_was_changed_keeps_the_import(take, system, new_uow):
    import_id = take(loans(loan_row()))
    with new_uow() as uow:
        uow.session.scalars(select(Loan)).one().risk_class = "关注"

    with (
        pytest.raises(ImportRestedOnError, match="被修改过的资料"),
        system.unit_of_work(CLI) as uow,
    ):
        undo(uow, import_id)


def test_payments_go_from_a_loan_of_before_and_it_is_derived_again(take, system, new_uow):
    take(loans(loan_row()))
    second = take(book(还款=[PAID, ["JJ1", "2026-1-5", 40_000, 40_000, 0, "SK1"]]))
    with new_uow() as uow:
        assert uow.session.scalars(select(LoanPosition.balance)).one() == 60_000

    with system.unit_of_work(CLI) as uow:
        undo(uow, second)

    with new_uow() as uow:
        assert uow.session.scalars(select(LoanPosition.balance)).one() == 100_000
        assert uow.session.scalar(select(func.count()).select_from(Loan)) == 1


def test_a_customer_of_a_later_import_keeps_the_first(take, system):
    first = take(loans(loan_row()))
    take(loans(loan_row("JJ2")))

    with (
        pytest.raises(ImportRestedOnError, match="后来登记的贷款"),
        system.unit_of_work(CLI) as uow,
    ):
        undo(uow, first)


def test_every_loan_has_its_line_and_the_chain_holds(take, new_uow):
    take(whole())
    with new_uow() as uow:
        facts = list(
            uow.session.scalars(
                select(AuditRow.facts).where(AuditRow.event == "loans.loan_registered")
            )
        )
    assert len(facts) == 2
    assert all('"digest":"' in one and '"import":1' in one for one in facts)
