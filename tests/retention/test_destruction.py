"""Two persons, a digest, a supervisor; afterwards nothing is left but the tombstones."""

from datetime import date

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.exc import DatabaseError

from postloan_archive.admin.holdings import verify_holdings
from postloan_archive.archive import holds, service
from postloan_archive.archive.holds import HeldError, SetHold
from postloan_archive.archive.models import Document, DocumentVersion
from postloan_archive.archive.service import DescribeDocument
from postloan_archive.cases import service as cases
from postloan_archive.cases.service import OpenCase
from postloan_archive.kernel.actor import Actor
from postloan_archive.retention import standing
from postloan_archive.retention.errors import (
    AppraisalError,
    BlockedError,
    EmptyListError,
    ListChangedError,
    ListStateError,
    ProgramsMayNotError,
    SamePersonError,
)
from postloan_archive.retention.models import DisposalLine, DisposalList, Tombstone
from postloan_archive.retention.rules.periods import Block
from postloan_archive.retention.service import keeping, lists
from postloan_archive.retention.service.lists import ProposeList
from postloan_archive.search import Query, Scope
from tests.retention.conftest import CANARY, OLD, deliver, old_loan, places_of

EVERYTHING = Scope(branch_ids=None, categories=None)


def hits(new_uow) -> int:
    with new_uow() as uow:
        return uow.index.search(uow.session, Query(text=CANARY, scope=EVERYTHING)).total


def test_nothing_of_the_text_is_left(system, new_uow, approved, carry_out):
    data = system.settings.data
    number = approved()
    assert hits(new_uow) == 2
    assert len(places_of(data, CANARY)) >= 3  # two files and the database

    result = carry_out(number)

    assert (result["files_gone"], result["files_left"]) == (2, [])
    assert (result["pages_left"], result["images_left"]) == (0, 0)
    assert result["log_emptied"]
    assert hits(new_uow) == 0
    assert places_of(data, CANARY) == []


def test_the_tombstone_and_the_list_stay_for_ever(system, new_uow, approved, carry_out):
    number = approved()
    with new_uow() as uow:
        before = uow.session.scalars(select(DocumentVersion.sha256)).all()
    carry_out(number)
    with new_uow() as uow:
        stones = standing.tombstones_of(uow, uow.session.scalar(select(DisposalLine.loan_id)))
        assert sorted(one for stone in stones for one in stone.digests) == sorted(before)
        assert {stone.approved_by for stone in stones} == {"branch_manager"}
        assert {stone.supervised_by for stone in stones} == {"legal"}
        assert {stone.reason for stone in stones} == {"期满鉴定无价值"}
        facts = uow.session.scalars(select(DisposalLine)).one().facts
        assert [paper["title"] for paper in facts["papers"]] == ["借款合同", "催收通知书"]
    for statement in ("DELETE FROM tombstones", "UPDATE tombstones SET reason = 'x'"):
        with pytest.raises(DatabaseError), new_uow() as uow:
            uow.session.execute(text(statement))
    assert verify_holdings(system, Actor.program("cli")).ok


def test_the_supervisor_signs_the_result_and_nobody_else(acting, approved, carry_out):
    number = approved()
    carry_out(number)
    with pytest.raises(ProgramsMayNotError), acting("branch_manager") as uow:
        lists.close(uow, number)
    with acting("legal") as uow:
        lists.close(uow, number)
    with acting("legal") as uow:
        assert lists.get_list(uow, number).state == "closed"


def test_bytes_that_another_file_has_too_stay(
    system, runner, new_uow, tmp_path, approved, carry_out
):
    with new_uow() as uow:
        old_loan(uow, loan_no="JJ2024-0009", settled=None)
    same = f"借款合同 {CANARY} 第一条"
    deliver(system, runner, tmp_path, "别卷合同.txt", same, loan_no="JJ2024-0009")
    result = carry_out(approved())
    assert (result["files_gone"], len(result["files_kept"])) == (1, 1)
    assert hits(new_uow) == 1
    assert verify_holdings(system, Actor.program("cli")).ok


def test_each_step_needs_another_person(acting, appraised):
    appraised()
    with acting("archive_clerk") as uow:
        row = lists.propose(uow, ProposeList(loan_nos=(OLD,), reason="期满"))
        number, digest = row.list_no, row.digest
    with pytest.raises(SamePersonError), acting("archive_clerk") as uow:
        lists.approve(uow, number, digest, agree=True)
    with acting("legal") as uow:
        lists.approve(uow, number, digest, agree=True)
    with pytest.raises(SamePersonError), acting("archive_clerk") as uow:
        lists.supervise(uow, number, digest)
    with acting("branch_manager") as uow:
        lists.supervise(uow, number, digest)
    for name in ("branch_manager", "legal"):
        with pytest.raises(SamePersonError), acting(name) as uow:
            lists.start(uow, number, digest)


def test_a_program_neither_approves_nor_supervises_nor_starts(new_uow, acting, appraised):
    appraised()
    with acting("archive_clerk") as uow:
        row = lists.propose(uow, ProposeList(loan_nos=(OLD,), reason="期满"))
        number, digest = row.list_no, row.digest
    with pytest.raises(ProgramsMayNotError), new_uow() as uow:
        lists.approve(uow, number, digest, agree=True)


def test_another_digest_or_a_changed_file_is_refused(acting, new_uow, approved):
    number = approved()
    with pytest.raises(ListChangedError), acting("archive_clerk") as uow:
        lists.start(uow, number, "0" * 64)
    with new_uow() as uow:
        uow.session.execute(update(Document).values(title="换了题名"))
        digest = uow.session.scalar(select(DisposalList.digest))
    with pytest.raises(ListChangedError), acting("archive_clerk") as uow:
        lists.start(uow, number, digest)


def test_an_edited_list_no_longer_fits_its_digest(acting, new_uow, approved):
    number = approved()
    with new_uow() as uow:
        line = uow.session.scalars(select(DisposalLine)).one()
        line.facts = line.facts | {"customer": "李四"}
        digest = uow.session.scalar(select(DisposalList.digest))
    with pytest.raises(ListChangedError), acting("archive_clerk") as uow:
        lists.start(uow, number, digest)


def test_a_step_is_done_once(acting, approved):
    number = approved()
    with acting("archive_clerk") as uow:
        digest = lists.get_list(uow, number).digest
    with pytest.raises(ListStateError), acting("branch_manager") as uow:
        lists.approve(uow, number, digest, agree=True)
    with pytest.raises(ListStateError), acting("legal") as uow:
        lists.supervise(uow, number, digest)


@pytest.mark.usefixtures("old_file")
def test_without_appraisal_no_list(acting):
    with pytest.raises(BlockedError) as caught, acting("archive_clerk") as uow:
        lists.propose(uow, ProposeList(loan_nos=(OLD,), reason="期满"))
    assert [block for block, _ in caught.value.blocks] == [Block.NOT_APPRAISED]
    with pytest.raises(EmptyListError), acting("archive_clerk") as uow:
        lists.propose(uow, ProposeList(loan_nos=(), reason="期满"))


def test_an_unsettled_loan_or_an_open_case_stops_by_itself(acting, new_uow, appraised):
    appraised()
    with new_uow() as uow:
        cases.open_case(uow, OpenCase(loan_no=OLD, court="某法院", opened_on=date(2004, 1, 5)))
    with pytest.raises(BlockedError) as caught, acting("archive_clerk") as uow:
        lists.propose(uow, ProposeList(loan_nos=(OLD,), reason="期满"))
    assert Block.OPEN_CASE in [block for block, _ in caught.value.blocks]
    with new_uow() as uow:
        loan = old_loan(uow, loan_no="JJ2000-0002", settled=None)
        assert standing.standing_of(uow, loan).blocks[0] == (Block.UNSETTLED, "")


@pytest.mark.usefixtures("old_file", "system")
def test_a_hold_set_after_the_approval_stops_the_run(acting, new_uow, approved):
    number = approved()
    with acting("legal") as uow:
        holds.set_hold(uow, SetHold(loan_no=OLD, reason="审计需要"))
        digest = lists.get_list(uow, number).digest
    with pytest.raises(BlockedError), acting("archive_clerk") as uow:
        lists.start(uow, number, digest)
    with new_uow() as uow:
        assert uow.session.scalar(select(Tombstone.id)) is None


@pytest.mark.usefixtures("old_file")
def test_several_holds_stop_until_the_last_is_lifted(acting, new_uow):
    with acting("legal") as uow:
        first = holds.set_hold(uow, SetHold(loan_no=OLD, reason="审计")).id
        customer = uow.session.scalar(text("SELECT customer_id FROM loans"))
        second = holds.set_hold(
            uow, SetHold(loan_no=OLD, customer_id=customer, reason="调查")
        ).id
    for number in (first, second):
        assert held(new_uow)
        with acting("archive_clerk") as uow:
            holds.ask_to_lift(uow, number, "已结束")
        assert held(new_uow)  # asking lifts nothing
        with pytest.raises(holds.SameLifterError), acting("archive_clerk") as uow:
            holds.decide_lift(uow, number, agree=True)
        with acting("branch_manager") as uow:
            holds.decide_lift(uow, number, agree=True)
    assert not held(new_uow)


def held(new_uow) -> bool:
    with new_uow() as uow:
        document = uow.session.scalars(select(Document).order_by(Document.id)).first()
        cmd = DescribeDocument(
            document_id=document.id,
            version=document.version,
            title=document.title,
            item_code=document.item_code,
        )
        try:
            service.describe_document(uow, cmd)
        except HeldError:
            uow.session.rollback()
            return True
        return False


@pytest.mark.usefixtures("acting", "old_file")
def test_a_hold_on_one_document_leaves_the_others_free(new_uow):
    with new_uow() as uow:
        first, other = uow.session.scalars(select(Document).order_by(Document.id)).all()
        holds.set_hold(uow, SetHold(document_id=first.id, reason="鉴定笔迹"))
    with new_uow() as uow:
        holds.check_not_held(uow, uow.session.get(Document, other.id))
        with pytest.raises(HeldError):
            holds.check_not_held(uow, uow.session.get(Document, first.id))


@pytest.mark.usefixtures("acting")
def test_an_appraisal_needs_its_parts_and_a_file_that_is_due(new_uow, appraised):
    with new_uow() as uow:
        old_loan(uow, loan_no="JJ2000-0003", settled=date(2020, 1, 1))
    with pytest.raises(AppraisalError):
        appraised("JJ2000-0003")
    with pytest.raises(AppraisalError):
        appraised(verdict="extend", until=date(2026, 11, 24))
    appraised(verdict="extend", until=date(2030, 1, 1))
    with new_uow() as uow:
        loan = uow.session.scalars(
            select(standing.Loan).where(standing.Loan.loan_no == OLD)
        ).one()
        assert standing.standing_of(uow, loan).period.value.end == date(2030, 1, 1)


def test_after_a_restore_nothing_goes_before_the_holds_are_reviewed(acting, appraised, system):
    appraised()
    (system.settings.data / standing.RESTORED).write_text('{"restored_at": "2026-11-24T01:00"}')
    with pytest.raises(BlockedError) as caught, acting("archive_clerk") as uow:
        lists.propose(uow, ProposeList(loan_nos=(OLD,), reason="期满"))
    assert [block for block, _ in caught.value.blocks] == [Block.RESTORED]
    with acting("legal") as uow:
        keeping.review_restore(uow, "与保留登记簿核对一致")
    with acting("archive_clerk") as uow:
        lists.propose(uow, ProposeList(loan_nos=(OLD,), reason="期满"))
