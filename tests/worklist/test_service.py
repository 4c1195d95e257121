"""What a person does with a deadline, and who may."""

import io
from dataclasses import replace
from datetime import date
from urllib.parse import parse_qsl

import pytest
from sqlalchemy import select

from postloan_archive.access import rights, users
from postloan_archive.archive import service as archive
from postloan_archive.archive.queries import ChangedMeanwhileError
from postloan_archive.archive.service import OpenBatch, ReceiveFile
from postloan_archive.audit import AuditRow
from postloan_archive.worklist import owners, queries, service
from postloan_archive.worklist.errors import (
    DeadlineClosedError,
    DeadlineNotFoundError,
    DeadlineOpenError,
    DoneInFutureError,
    ForeignProofError,
    OwnerUnknownError,
    ReasonMissingError,
)
from postloan_archive.worklist.filtering import DeadlineFilter, filter_of
from postloan_archive.worklist.models import Deadline
from postloan_archive.worklist.rules.buckets import buckets
from postloan_archive.worklist.rules.kinds import Kind
from postloan_archive.worklist.service import EnterDeadline, Finish
from tests.bundle.samples import pdf
from tests.worklist.conftest import TODAY, overdue_loan


@pytest.fixture
def entered(new_uow):
    """Enter an open deadline on a day and return its id."""

    def done(day: date = date(2026, 12, 1), loan_no: str = "", **changes) -> int:
        with new_uow() as uow:
            number = loan_no or overdue_loan(uow).loan_no
            values = {"loan_no": number, "kind": Kind.FEE, "title": "交费", "day": day}
            return service.enter(uow, EnterDeadline(**(values | changes))).id

    return done


@pytest.fixture
def as_person(new_uow, people):
    """Open a unit of work as one of the people."""
    del people

    def opened(name: str):
        with new_uow() as uow:
            user = users.by_name(uow, name)
            post = rights.posts_of(uow.session, user.id)[0]
            actor = rights.actor_for(user, post)
        return new_uow(actor)

    return opened


def a_paper(uow, loan_no: str, name: str = "收据.pdf") -> int:
    batch = archive.open_batch(uow, OpenBatch(source="cli"))
    file = ReceiveFile(
        batch_id=batch.id,
        loan_no=loan_no,
        item_code="BQ01",
        name=name,
        title="交费收据",
        stream=io.BytesIO(pdf(content=f"BT /F1 9 Tf ({name}) Tj ET".encode())),
    )
    return archive.receive_file(uow, file).document_id


def test_done_needs_a_day_that_has_come_and_keeps_its_proof(new_uow, entered):
    deadline_id = entered()
    with new_uow() as uow:
        paper = a_paper(uow, "JJ2025-0001")

    with new_uow() as uow, pytest.raises(DoneInFutureError):
        service.finish(uow, Finish(deadline_id=deadline_id, done_on=date(2026, 11, 25)))
    with new_uow() as uow:
        done = Finish(deadline_id=deadline_id, done_on=TODAY, document_id=paper, note="已交")
        service.finish(uow, done)

    with new_uow() as uow:
        row = uow.session.get(Deadline, deadline_id)
        assert (row.state, row.done_by, row.done_document_id) == ("done", "cli", paper)
        line = uow.session.scalars(
            select(AuditRow).where(AuditRow.event == "worklist.deadline_done")
        ).one()
        assert f'"document_id":{paper}' in line.facts
        assert '"late":false' in line.facts


def test_the_proof_must_be_of_the_same_loan_file(new_uow, entered):
    deadline_id = entered()
    with new_uow() as uow:
        overdue_loan(uow, loan_no="JJ2025-0002", contract_no="另一合同")
        paper = a_paper(uow, "JJ2025-0002")

    done = Finish(deadline_id=deadline_id, done_on=TODAY, document_id=paper)
    with new_uow() as uow, pytest.raises(ForeignProofError):
        service.finish(uow, done)


def test_a_closed_deadline_is_not_changed_and_comes_back_only_with_a_reason(new_uow, entered):
    deadline_id = entered()
    with new_uow() as uow, pytest.raises(ReasonMissingError):
        service.strike(uow, deadline_id, "  ")
    with new_uow() as uow:
        service.strike(uow, deadline_id, "重复登记")
    with new_uow() as uow, pytest.raises(DeadlineClosedError):
        service.assign(uow, deadline_id, "")
    with new_uow() as uow:
        service.take_up(uow, deadline_id, "不是重复")
    with new_uow() as uow, pytest.raises(DeadlineOpenError):
        service.take_up(uow, deadline_id, "再来")

    with new_uow() as uow:
        row = uow.session.get(Deadline, deadline_id)
        assert (row.state, row.struck_reason, row.struck_by) == ("open", "", "")


def test_a_stale_version_is_refused(new_uow, entered):
    deadline_id = entered()
    with new_uow() as uow:
        seen = uow.session.get(Deadline, deadline_id).version
        service.note(uow, deadline_id, "一", seen=seen)

    with new_uow() as uow, pytest.raises(ChangedMeanwhileError):
        service.note(uow, deadline_id, "二", seen=seen)


@pytest.mark.usefixtures("people")
@pytest.mark.parametrize("name", ["legal", "account_manager", "archive_clerk"])
def test_staff_of_the_branch_may_look_after_it(new_uow, entered, name):
    deadline_id = entered()
    with new_uow() as uow:
        assert service.assign(uow, deadline_id, name).owner == name


@pytest.mark.usefixtures("people")
@pytest.mark.parametrize("name", ["other_branch", "auditor", "system_admin", "nobody"])
def test_nobody_else_may(new_uow, entered, name):
    deadline_id = entered()
    with new_uow() as uow, pytest.raises(OwnerUnknownError):
        service.assign(uow, deadline_id, name)


@pytest.mark.usefixtures("people")
def test_a_disabled_user_is_not_offered(new_uow, people):
    with new_uow() as uow:
        users.disable(uow, people["legal"], reason="离职")
    with new_uow() as uow:
        names = {name for name, _ in owners.possible_owners(uow)}
    assert "legal" not in names
    assert "branch_manager" in names


def test_another_branch_neither_sees_nor_changes_it(as_person, entered):
    deadline_id = entered()

    with as_person("legal") as uow:
        assert queries.count(uow, DeadlineFilter()) == 1
    with as_person("other_branch") as uow:
        assert queries.count(uow, DeadlineFilter()) == 0
    with as_person("other_branch") as uow, pytest.raises(DeadlineNotFoundError):
        service.note(uow, deadline_id, "外机构")


def test_mine_is_what_i_own_and_what_nobody_owns(as_person, entered):
    entered()
    entered(loan_no="JJ2025-0001", owner="legal")
    entered(loan_no="JJ2025-0001", owner="account_manager")

    with as_person("legal") as uow:
        mine = queries.listing(uow, DeadlineFilter(scope="mine"))
    assert sorted(row.owner for row in mine) == ["", "legal"]


EDGES = (
    *((-1, "past"), (0, "7"), (7, "7"), (8, "15"), (15, "15"), (16, "30"), (30, "30")),
    *((31, "60"), (60, "60"), (61, "90"), (90, "90"), (91, "later")),
)


@pytest.mark.parametrize(("days", "bucket"), EDGES)
def test_every_day_is_in_exactly_one_bucket(new_uow, entered, days, bucket):
    deadline_id = entered()
    day = date.fromordinal(TODAY.toordinal() + days)
    with new_uow() as uow:
        row = uow.session.get(Deadline, deadline_id)
        row.nominal = row.legal = row.safe = day

    with new_uow() as uow:
        found = queries.spans(uow, DeadlineFilter())
        assert {key for key, number in found.items() if number} == {bucket}
        for one in buckets(TODAY):
            wanted = DeadlineFilter(span=one.key)
            assert queries.count(uow, wanted) == (1 if one.key == bucket else 0)
        assert queries.listing(uow, DeadlineFilter())[0].bucket == bucket


def test_a_safe_day_that_is_over_is_not_past_before_the_legal_one(new_uow, entered):
    deadline_id = entered()
    with new_uow() as uow:
        row = uow.session.get(Deadline, deadline_id)
        row.safe, row.legal = date(2026, 11, 20), TODAY

    with new_uow() as uow:
        assert queries.count(uow, DeadlineFilter(span="past")) == 0
        assert queries.count(uow, DeadlineFilter(span="today")) == 1


def test_a_filter_survives_its_address():
    wanted = DeadlineFilter(
        scope="mine", kind="court", span="15", words="张 三&", differs=True, branch=3
    )
    assert filter_of(dict(parse_qsl(wanted.query()))) == wanted
    assert filter_of({"kind": "nonsense", "span": "x", "within": "-1", "state": "?"}) == (
        DeadlineFilter()
    )
    assert replace(wanted, span="").query() != wanted.query()
