"""Runs of letters: checked, issued once, failures kept apart, printed again byte for byte."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from postloan_archive.access.models import User
from postloan_archive.archive.models import Document
from postloan_archive.audit.models import AuditRow
from postloan_archive.kernel.actor import Actor
from postloan_archive.loans.models import Customer, Loan
from postloan_archive.notices import barcodes, issuing_jobs, printing, queries, service
from postloan_archive.notices.errors import (
    LetterChangedError,
    NothingToSendError,
    NoticeRunNotFoundError,
    ReasonForWarningsError,
    RunNotDraftError,
    RunOfSeveralBranchesError,
    UnknownLoanNumbersError,
)
from postloan_archive.notices.models import Notice, NoticeRun
from postloan_archive.notices.service import PlanRun
from postloan_archive.wordgen import docx_text
from tests.notices.conftest import ADDRESS, LOAN, TODAY, an_overdue_loan


def plan(uow, kind="N02", **more):
    return service.plan_run(uow, PlanRun(kind=kind, as_of=TODAY, **more))


def events(uow):
    return list(uow.session.scalars(select(AuditRow.event).order_by(AuditRow.seq)))


@pytest.mark.usefixtures("loan")
def test_a_run_drafts_one_letter_for_each_addressee_with_amounts(new_uow):
    with new_uow() as uow:
        run_id = plan(uow).id

    with new_uow() as uow:
        (row,) = queries.letters_of(uow, queries.get_run(uow, run_id))
    assert (row.addressee, row.state, row.errors) == ("借款人1", "draft", ())
    assert row.principal == "100,000.00"
    assert any("逾期 92 天" in line for line in row.derivation)


def test_a_letter_without_address_is_held_back_until_the_address_is_there(new_uow):
    with new_uow() as uow:
        an_overdue_loan(uow, facts={})
        run_id = plan(uow).id
    with new_uow() as uow:
        (notice,) = queries.get_run(uow, run_id).notices
        assert notice.state == "blocked"
        assert "送达地址" in notice.problems[0]["text"]
        customer = uow.session.get(Customer, notice.addressee_id)
        customer.service_address = ADDRESS["service_address"]
    with new_uow() as uow:
        service.recheck_run(uow, run_id)

    with new_uow() as uow:
        (row,) = queries.letters_of(uow, queries.get_run(uow, run_id))
    assert row.state == "draft"
    assert "没有约定" in row.warnings[0]


@pytest.mark.usefixtures("loan")
def test_a_removed_letter_stays_out_through_a_new_check_and_comes_back(new_uow):
    with new_uow() as uow:
        notice_id = plan(uow).notices[0].id
    with new_uow() as uow:
        service.remove_letter(uow, notice_id, "客户已还款")
        service.recheck_run(uow, queries.get_notice(uow, notice_id).run_id)
    with new_uow() as uow:
        row = queries.letter_row(uow, queries.get_notice(uow, notice_id))
        assert (row.state, row.removed) == ("blocked", True)
        service.restore_letter(uow, notice_id)
    with new_uow() as uow:
        assert queries.get_notice(uow, notice_id).state == "draft"


def test_issuing_numbers_files_and_freezes_a_letter(new_uow, issued):
    (notice_id,) = issued()

    with new_uow() as uow:
        notice = queries.get_notice(uow, notice_id)
        document = uow.session.get(Document, notice.document_id)
        data = uow.vault.read(document.sha256)
        assert notice.serial_no == "〔2026〕催字第0001号"
        assert barcodes.is_number(notice.barcode)
        assert not barcodes.is_number(notice.barcode[:-1] + "²")
        assert (document.item_code, document.doc_no) == ("BQ01", notice.serial_no)
        assert service.render(uow, notice) == data
        assert "108," in docx_text(data)
        assert "notices.letter_issued" in events(uow)
    with pytest.raises(LetterChangedError), new_uow() as uow:
        service.remove_letter(uow, notice_id, "")


def test_the_same_job_twice_issues_nothing_twice(new_uow, issued, runner):
    (notice_id,) = issued()
    with new_uow() as uow:
        run_id = queries.get_notice(uow, notice_id).run_id
        uow.enqueue("issue_letters", run_id)
    runner.run_until_empty()

    with new_uow() as uow:
        assert uow.session.scalar(select(func.count(Document.id))) == 1
        assert events(uow).count("notices.letter_issued") == 1
    with pytest.raises(RunNotDraftError), new_uow() as uow:
        service.start_run(uow, run_id)


@pytest.mark.usefixtures("loan")
def test_a_letter_that_cannot_be_made_is_kept_apart_and_tried_again(new_uow, runner):
    with new_uow() as uow:
        an_overdue_loan(uow, loan_no="JJ2025-0002", number=2)
        run = plan(uow)
        run_id, bad = run.id, run.notices[0]
        bad.snapshot = bad.snapshot | {"contact": "待补"}
        service.start_run(uow, run_id)
    runner.run_until_empty()
    with new_uow() as uow:
        rows = queries.letters_of(uow, queries.get_run(uow, run_id))
        assert [row.state for row in rows] == ["failed", "issued"]
        assert rows[0].serial_no is None
        assert "待补" in rows[0].errors[0]
        assert rows[1].serial_no == "〔2026〕催字第0001号"
        notice = queries.get_notice(uow, rows[0].id)
        notice.snapshot = notice.snapshot | {"contact": "010-12000000"}
        service.retry_failed(uow, run_id)
    runner.run_until_empty()

    with new_uow() as uow:
        run = queries.get_run(uow, run_id)
        assert run.state == "done"
        rows = queries.letters_of(uow, run)
    assert [row.state for row in rows] == ["issued", "issued"]
    assert [row.serial_no for row in rows] == ["〔2026〕催字第0002号", "〔2026〕催字第0001号"]
    assert rows[0].errors == ()


@pytest.mark.usefixtures("loan")
def test_a_run_that_stops_half_way_goes_on_where_it_stopped(new_uow, runner, monkeypatch):
    with new_uow() as uow:
        for number in (2, 3):
            an_overdue_loan(uow, loan_no=f"JJ2025-000{number}", number=number)
        run_id = plan(uow).id
        service.start_run(uow, run_id)
    monkeypatch.setattr(issuing_jobs, "GROUP", 1)
    calls = []
    real = service.issue_letter

    def dies_once(uow, notice):
        calls.append(notice.id)
        if len(calls) == 2:
            raise MemoryError
        return real(uow, notice)

    monkeypatch.setattr(service, "issue_letter", dies_once)
    runner.run_until_empty()
    with new_uow() as uow:
        states = [notice.state for notice in queries.get_run(uow, run_id).notices]
        assert states == ["issued", "draft", "draft"]
        uow.enqueue("issue_letters", run_id)
    runner.run_until_empty()

    with new_uow() as uow:
        serials = [notice.serial_no for notice in queries.get_run(uow, run_id).notices]
    assert serials == [f"〔2026〕催字第000{number}号" for number in (1, 2, 3)]


def test_a_second_letter_within_days_asks_a_person_for_a_reason(new_uow, issued, people):
    issued()
    person = legal(new_uow, people)
    with new_uow(person) as uow:
        run = plan(uow)
        run_id = run.id
        assert "已发过同类函件" in run.notices[0].problems[0]["text"]
    with pytest.raises(ReasonForWarningsError), new_uow(person) as uow:
        service.start_run(uow, run_id)
    with new_uow(person) as uow:
        service.start_run(uow, run_id, reason="债务人要求再寄一份")
        (row,) = queries.letters_of(uow, queries.get_run(uow, run_id))
    assert row.notes == ("仍然发送：债务人要求再寄一份",)


@pytest.mark.usefixtures("loan")
def test_loans_of_another_branch_are_not_there(new_uow, people):
    person = legal(new_uow, people)
    with new_uow() as uow:
        an_overdue_loan(uow, loan_no="JJ2025-0900", number=9, branch="0202")
        run_id = plan(uow, loan_nos=("JJ2025-0900",)).id

    with pytest.raises(NoticeRunNotFoundError), new_uow(person) as uow:
        queries.get_run(uow, run_id)
    with pytest.raises(UnknownLoanNumbersError) as refused, new_uow(person) as uow:
        plan(uow, loan_nos=(LOAN, "JJ2025-0900", "JJ0"))
    assert "JJ2025-0900、JJ0" in str(refused.value)
    with new_uow(person) as uow:
        assert [row.addressee for row in queries.letters_of(uow, plan(uow))] == ["借款人1"]


@pytest.mark.usefixtures("loan")
@pytest.mark.parametrize(
    ("kind", "more", "found"),
    [
        ("N02", {"overdue_from": 92}, 1),
        ("N02", {"overdue_from": 93}, 0),
        ("N02", {"limitation_within": 1100}, 1),
        ("N02", {"limitation_within": 30}, 0),
        ("N04", {"guarantee_within": 700}, 1),
        ("N04", {"guarantee_within": 90}, 0),
        ("N01", {}, 0),
    ],
)
def test_the_clock_filters_choose_loans(new_uow, kind, more, found):
    with new_uow() as uow:
        if found:
            assert len(plan(uow, kind, **more).notices) == found
        else:
            with pytest.raises(NothingToSendError):
                plan(uow, kind, **more)


@pytest.mark.usefixtures("loan", "people")
def test_nobody_reads_a_user_name_in_a_letter(new_uow):
    with new_uow() as uow:
        uow.session.scalar(select(Loan)).manager = "account_manager"
    with new_uow() as uow:
        contact = plan(uow).notices[0].snapshot["contact"]
    assert contact == "人员account_manager，010-12000000"


@pytest.mark.usefixtures("loan")
def test_a_preview_is_made_of_a_draft_and_says_so(new_uow):
    with new_uow() as uow:
        text = docx_text(service.preview(uow, plan(uow).notices[0]))
    assert "预览，生成时编号" in text


def test_the_list_of_runs_counts_only_what_the_person_sees(new_uow, issued):
    issued()
    with new_uow() as uow:
        (row,) = queries.runs(uow)
        assert (row.letters, row.issued, row.dispatched) == (1, 1, 0)
        assert queries.count_runs(uow) == 1
        nobody = Actor(name="x", branch_ids=frozenset({999}))
    with new_uow(nobody) as uow:
        assert queries.runs(uow) == []
        assert queries.count_runs(uow) == 0


def legal(new_uow, people):
    """Legal staff of branch 0201 as the web would name the person."""
    with new_uow() as uow:
        user = uow.session.get(User, people["legal"])
        run = uow.session.scalar(select(Loan).where(Loan.loan_no == LOAN))
        return Actor(
            name=user.username, user_id=user.id, branch_ids=frozenset({run.branch_id}),
            categories=None, origin="web",
        )  # fmt: skip


def test_a_run_is_kept_for_good(new_uow, issued):
    (notice_id,) = issued()
    with new_uow() as uow:
        run = uow.session.get(NoticeRun, queries.get_notice(uow, notice_id).run_id)
        assert uow.vault.read(run.template_sha256)
        assert run.finished_at - run.created_at < timedelta(minutes=1)
        assert uow.session.scalar(select(func.count(Notice.id))) == 1


@pytest.mark.usefixtures("loan")
def test_a_run_over_branches_is_seen_in_part_and_changed_only_as_a_whole(
    new_uow, people, runner
):
    person = legal(new_uow, people)
    with new_uow() as uow:
        an_overdue_loan(uow, loan_no="JJ2025-0900", number=9, branch="0202")
        run_id = plan(uow).id
    with new_uow(person) as uow:
        run = queries.get_run(uow, run_id)
        assert [row.addressee for row in queries.letters_of(uow, run)] == ["借款人1"]
    for step in (service.start_run, service.recheck_run, service.retry_failed):
        with pytest.raises(RunOfSeveralBranchesError), new_uow(person) as uow:
            step(uow, run_id)
    with new_uow() as uow:
        service.start_run(uow, run_id)
    runner.run_until_empty()

    with new_uow(person) as uow:
        run = queries.get_run(uow, run_id)
        text = docx_text(printing.print_file(uow, run))
        labels = docx_text(printing.label_sheet(uow, run))
    assert "借款人1" in text
    assert "借款人9" not in text
    assert "借款人9" not in labels
