"""F1 to F3: four properties with a seeded fault for each; holds; what stops destruction."""

from datetime import date

import pytest
from sqlalchemy import select, text

from postloan_archive.archive import holds, inbox, service
from postloan_archive.archive.holds import HeldError, SetHold
from postloan_archive.archive.models import Document, IntakeFile
from postloan_archive.archive.service import DescribeDocument
from postloan_archive.assurance import checking
from postloan_archive.backup import backup, restore
from postloan_archive.cases import service as cases
from postloan_archive.cases.service import OpenCase
from postloan_archive.config import Settings
from postloan_archive.kernel.actor import Actor
from postloan_archive.kernel.clock import FrozenClock
from postloan_archive.retention import standing
from postloan_archive.retention.errors import BlockedError
from postloan_archive.retention.models import DisposalList, Tombstone
from postloan_archive.retention.rules.periods import Block
from postloan_archive.retention.service import lists
from postloan_archive.retention.service.lists import ProposeList
from postloan_archive.uow import open_system
from tests.conftest import NOON
from tests.retention.conftest import OLD
from tests.vault.test_store import damage

pytestmark = pytest.mark.acceptance

SEEDED = {  # item -> SQL that breaks it on the first paper, or a function
    "A2": "UPDATE documents SET sha256 = '{other}'",
    "A4": "UPDATE documents SET state = 'type_mismatch'",
    "A5": "UPDATE documents SET doc_date = '2099-01-01'",
    "A6": "UPDATE documents SET flags = '[\"signature\"]'",
    "B1": "UPDATE documents SET title = ''",
    "B2": "UPDATE documents SET size = size + 1",
    "B3": "UPDATE documents SET page_count = 0",
    "B4": "UPDATE document_versions SET no = 7",
    "B5": "UPDATE documents SET piece_no = 9",
    "C1": "UPDATE documents SET state = 'damaged'",
    "C2": "UPDATE documents SET media_type = 'application/msword'",
    "C3": "UPDATE documents SET char_count = 0",
    "D1": "UPDATE documents SET flags = '[\"macro\"]'",
}


@pytest.mark.parametrize("item", SEEDED)
def test_F1_a_seeded_fault_is_named_in_a_signed_report(item, old_file, new_uow):
    del old_file
    with new_uow() as uow:  # so that text files are no finding by themselves
        uow.session.execute(text("UPDATE documents SET media_type = 'application/pdf'"))
    before = found(new_uow, "filing")
    with new_uow() as uow:
        first, other = uow.session.scalars(select(Document.id).order_by(Document.id)).all()
        sha256 = uow.session.get(Document, other).sha256
        statement = SEEDED[item].format(other=sha256)
        key = "document_id" if "document_versions" in statement else "id"
        uow.session.execute(text(f"{statement} WHERE {key} = {first}"))
    after = found(new_uow, "transfer")
    assert item in after - before


def test_F1_bytes_and_trail_count_too(old_file, new_uow, system):
    del old_file
    with new_uow() as uow:
        digest = uow.session.scalar(select(Document.sha256).order_by(Document.id))
    damage(system.vault, digest, b"other")
    assert "A3" in found(new_uow, "filing")


def test_F1_the_yearly_report_is_signed_and_stored(old_file, system):
    del old_file
    number = checking.check_year(system, Actor.program("cli"))
    with system.unit_of_work(Actor.program("cli")) as uow:
        checked = checking.report_of(uow, number)
        assert checked.signed
        assert checked.row.occasion == "yearly"
        assert uow.vault.verify(checked.row.sha256).good


def found(new_uow, occasion: str) -> set[str]:
    with new_uow() as uow:
        row = checking.check_loan(uow, OLD, occasion)
        checked = checking.report_of(uow, row.id)
        assert checked.signed
        return {one["item"] for one in checked.text["findings"]}


@pytest.mark.parametrize("kind", ["case", "customer", "document", "loan"])
def test_F2_a_hold_stops_edit_move_and_destruction_also_after_a_restore(
    kind,
    appraised,
    new_uow,
    system,
    tmp_path,
):
    appraised()
    with new_uow() as uow:
        document = uow.session.scalars(select(Document).order_by(Document.id)).first()
        customer = uow.session.scalar(text("SELECT customer_id FROM loans"))
        holds.set_hold(
            uow,
            SetHold(
                loan_no=OLD,
                reason="诉讼",
                case_no="AJ2026-0001" if kind == "case" else "",
                customer_id=customer if kind == "customer" else None,
                document_id=document.id if kind == "document" else None,
            ),
        )
    refused_everywhere(new_uow)
    backup(system, tmp_path / "backup")
    restore(tmp_path / "backup", tmp_path / "again")
    again = open_system(
        Settings(data=tmp_path / "again", secure_cookies=False), clock=FrozenClock(NOON)
    )
    try:
        refused_everywhere(lambda: again.unit_of_work(Actor.program("cli")))
        with again.unit_of_work(Actor.program("cli")) as uow:
            loan = uow.session.scalars(
                select(standing.Loan).where(standing.Loan.loan_no == OLD)
            ).one()
            blocks = {block for block, _ in standing.standing_of(uow, loan).blocks}
            assert {Block.HOLD, Block.RESTORED} <= blocks
    finally:
        again.close()


def refused_everywhere(new_uow) -> None:
    with new_uow() as uow:
        document = uow.session.scalars(select(Document).order_by(Document.id)).first()
        command = DescribeDocument(
            document_id=document.id,
            version=document.version,
            title="换题名",
            item_code=document.item_code,
        )
        row = uow.session.scalars(
            select(IntakeFile).where(IntakeFile.document_id == document.id)
        ).first()
        number = document.id
    with pytest.raises(HeldError), new_uow() as uow:
        service.describe_document(uow, command)
    with pytest.raises(HeldError), new_uow() as uow:
        inbox._withdraw(uow, number)
    assert row is not None
    with pytest.raises(BlockedError), new_uow() as uow:
        lists.propose(uow, ProposeList(loan_nos=(OLD,), reason="期满"))


def test_F3_nothing_goes_while_anything_stands_in_the_way(acting, new_uow, appraised):
    def blocks() -> set[Block]:
        with pytest.raises(BlockedError) as caught, acting("archive_clerk") as uow:
            lists.propose(uow, ProposeList(loan_nos=(OLD,), reason="期满"))
        return {block for block, _ in caught.value.blocks}

    assert blocks() == {Block.NOT_APPRAISED}
    appraised()
    with new_uow() as uow:
        number = cases.open_case(
            uow, OpenCase(loan_no=OLD, court="某法院", opened_on=date(2004, 1, 5))
        ).case_no
    assert Block.OPEN_CASE in blocks()
    with new_uow() as uow:
        uow.session.execute(text("UPDATE cases SET closed_on = '2004-02-01'"))
        uow.session.execute(text("UPDATE loans SET settled_on = NULL"))
    assert Block.UNSETTLED in blocks()
    assert number


def test_F3_a_hold_between_approval_and_run_stops_it_and_the_rest_stays_for_ever(
    acting,
    new_uow,
    approved,
    carry_out,
):
    number = approved()
    with acting("legal") as uow:
        hold = holds.set_hold(uow, SetHold(loan_no=OLD, reason="审计")).id
    with pytest.raises(BlockedError):
        carry_out(number)
    with acting("archive_clerk") as uow:
        holds.ask_to_lift(uow, hold, "结束")
    with acting("legal") as uow:
        holds.decide_lift(uow, hold, agree=True)
    carry_out(number)
    with new_uow() as uow:
        assert len(uow.session.scalars(select(Tombstone)).all()) == 2
        assert uow.session.scalars(select(DisposalList)).one().digest
