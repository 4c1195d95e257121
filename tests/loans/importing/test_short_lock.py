"""While a ledger is checked others write; it sees what they wrote before it is entered."""

import pytest
from sqlalchemy import func, select

from postloan_archive.kernel.actor import Actor
from postloan_archive.loans.importing import service
from postloan_archive.loans.importing.service import Mode, import_content
from postloan_archive.loans.models import Instalment, Loan
from tests.builders import a_branch
from tests.loans.importing.books import COMPANY, loan_row, loans

CLI = Actor.program("cli")


@pytest.fixture
def meanwhile(monkeypatch, new_uow):
    """Do something after the check and before the entry of the next import, once."""
    with new_uow() as uow:
        a_branch(uow, "0201")

    def arranged(step):
        usual = service.prepare

        def prepare(*args, **more):
            prepared = usual(*args, **more)
            monkeypatch.setattr(service, "prepare", usual)
            step()
            return prepared

        monkeypatch.setattr(service, "prepare", prepare)

    return arranged


def numbers(new_uow) -> list[str]:
    with new_uow() as uow:
        return list(uow.session.scalars(select(Loan.loan_no).order_by(Loan.loan_no)))


def other(number: str) -> bytes:
    return loans(loan_row(number, name="示范县国栋建材有限公司", id_no=COMPANY))


def test_another_import_gets_in_and_both_are_whole(system, new_uow, meanwhile):
    meanwhile(lambda: import_content(system, CLI, other("JJ9"), Mode.ALL))
    report = import_content(system, CLI, loans(loan_row("JJ1"), loan_row("JJ2")), Mode.ALL)
    assert report.applied
    assert report.entered["loans"] == report.units == 2
    assert numbers(new_uow) == ["JJ1", "JJ2", "JJ9"]
    with new_uow() as uow:
        orphans = select(func.count()).where(Instalment.loan_id.not_in(select(Loan.id)))
        assert uow.session.scalar(orphans) == 0


@pytest.mark.parametrize(("mode", "kept"), [(Mode.ALL, ["JJ1"]), (Mode.GOOD, ["JJ1", "JJ2"])])
def test_a_number_registered_meanwhile_is_refused(system, new_uow, meanwhile, mode, kept):
    meanwhile(lambda: import_content(system, CLI, other("JJ1"), Mode.ALL))
    report = import_content(system, CLI, loans(loan_row("JJ1"), loan_row("JJ2")), mode)
    assert [fault.value for fault in report.faults] == ["JJ1"]
    assert report.bad_units == 1
    assert numbers(new_uow) == kept
