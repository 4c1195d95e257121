"""A core system sends its ledger: once, checked, entered, taken back."""

import io

import pytest
from sqlalchemy import func, select

from postloan_archive.archive import gaps
from postloan_archive.jobs import JobRunner
from postloan_archive.loans import positions
from postloan_archive.loans.importing import batches
from postloan_archive.loans.models import LedgerImport, Loan
from tests.loans.importing.books import loan_row, loans


@pytest.fixture
def work(system):
    """Let the worker do what waits."""
    handlers = batches.handlers(system) | gaps.handlers(system) | positions.handlers(system)
    return lambda: JobRunner(system.engine, handlers, clock=system.clock).run_until_empty()


def send(client, content: bytes, key: str = "", **more):
    return client.post(
        "/api/v1/imports",
        data={"file": (io.BytesIO(content), "ledger.xlsx"), **more},
        content_type="multipart/form-data",
        headers={"Idempotency-Key": key} if key else {},
    )


def count(new_uow, model) -> int:
    with new_uow() as uow:
        return uow.session.scalar(select(func.count()).select_from(model))


def test_a_ledger_is_sent_once_checked_entered_and_taken_back(program, work, new_uow):
    client = program("archive_clerk")
    content = loans(loan_row())
    first = send(client, content, "night-1")
    assert (first.status_code, first.get_json()["state"]) == (202, "checking")
    assert send(client, content, "night-1").get_json() == first.get_json()
    assert count(new_uow, LedgerImport) == 1
    assert send(client, loans(loan_row("JJ9")), "night-1").status_code == 422

    work()
    checked = client.get("/api/v1/imports/1").get_json()
    assert (checked["state"], checked["entered"]["loans"], checked["faults"]) == (
        "checked",
        1,
        [],
    )
    entered = client.post(
        "/api/v1/imports/1/enter", json={"mode": "all"}, headers={"Idempotency-Key": "e1"}
    )
    assert entered.get_json()["state"] == "applying"
    again = client.post(
        "/api/v1/imports/1/enter", json={"mode": "all"}, headers={"Idempotency-Key": "e1"}
    )
    assert again.get_json() == entered.get_json()
    work()
    assert client.get("/api/v1/imports/1").get_json()["state"] == "applied"
    assert count(new_uow, Loan) == 1

    assert client.post("/api/v1/imports/1/undo").get_json()["state"] == "undone"
    assert count(new_uow, Loan) == 0
    refused = client.post("/api/v1/imports/1/undo")
    assert (refused.status_code, refused.get_json()["code"]) == (409, "ImportNotApplied")


def test_faults_say_where_and_what_to_do(program, work):
    client = program("archive_clerk")
    send(client, loans(loan_row(id_no="1.00101E+17")))
    work()
    (fault,) = client.get("/api/v1/imports/1").get_json()["faults"]
    assert (fault["sheet"], fault["line"], fault["column"], fault["value"]) == (
        "贷款",
        2,
        "借款人证件号",
        "1.00101E+17",
    )
    assert "科学计数" in fault["text"]
    assert "文本格式" in fault["step"]
    refused = client.post("/api/v1/imports/1/enter", json={"mode": "all"})
    assert refused.get_json()["code"] == "FaultsLeft"


def test_what_cannot_be_is_refused(program):
    client = program("archive_clerk")
    assert send(client, b"").get_json()["code"] == "NoLedger"
    assert send(client, loans(loan_row()), source="谁").get_json()["code"] == "MappingNotFound"
    assert client.get("/api/v1/imports/7").status_code == 404
    assert client.post("/api/v1/imports/7/enter", json={"mode": "x"}).status_code == 422
    assert program("legal").get("/api/v1/imports").status_code == 403
