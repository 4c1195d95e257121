"""The API as a program of the bank would call it."""

import io
import zipfile
from datetime import timedelta

import pytest

from postloan_archive.access import tokens
from postloan_archive.access.permissions import Permission
from postloan_archive.access.tokens import TokenDaysError, TokenScopeError
from postloan_archive.archive import reading_jobs
from postloan_archive.jobs import JobRunner
from postloan_archive.loans import queries as loans
from tests.builders import a_loan
from tests.web.people import PASSWORD

FILE = "/api/v1/loan-files/JJ2025-0001"


@pytest.fixture
def loan(new_uow, people) -> str:
    """The loan JJ2025-0001 of branch 0201."""
    del people
    with new_uow() as uow:
        return a_loan(uow).loan_no


def upload(client, *files: tuple[str, bytes], **more):
    data = {"file": [(io.BytesIO(content), name) for name, content in files], **more}
    return client.post(f"{FILE}/items", data=data, content_type="multipart/form-data")


def read_all(system) -> None:
    JobRunner(
        system.engine, reading_jobs.handlers(system), clock=system.clock
    ).run_until_empty()


@pytest.mark.usefixtures("loan")
def test_a_key_is_needed_and_a_cookie_is_none(app, browser):
    reply = app.test_client().get(FILE)
    assert (reply.status_code, reply.get_json()["code"]) == (401, "SignInNeeded")
    assert reply.headers["WWW-Authenticate"].startswith("Bearer")
    assert browser("legal").get(FILE).status_code == 401


def test_a_key_may_less_than_its_user(program, loan):
    reader = program("legal", permissions=frozenset({Permission.LOAN_VIEW}))
    assert reader.get(FILE).status_code == 200
    refused = reader.post("/api/v1/cases", json={"loan_no": loan})
    assert (refused.status_code, refused.get_json()["code"]) == (403, "PermissionMissing")


def test_no_key_may_more_than_its_user_or_for_ever(program):
    with pytest.raises(TokenScopeError):
        program("auditor", permissions=frozenset({Permission.CASE_EDIT}))
    with pytest.raises(TokenDaysError):
        program("auditor", valid_days=367)


@pytest.mark.usefixtures("loan")
def test_a_key_ends(program, new_uow, people, system):
    client = program("legal")
    assert client.get(FILE).status_code == 200
    with new_uow() as uow:
        (row,) = tokens.living(uow, people["legal"])
        tokens.revoke(uow, people["legal"], row.public_id)
    assert client.get(FILE).status_code == 401
    other = program("legal", valid_days=1)
    object.__setattr__(system.clock, "at", system.clock.at + timedelta(days=1))
    assert other.get(FILE).status_code == 401


@pytest.mark.usefixtures("loan")
def test_another_branch_gets_the_answer_of_nothing(program):
    there = program("other_branch").get(FILE).get_json()
    nothing = program("other_branch").get("/api/v1/loan-files/XX").get_json()
    assert there["code"] == nothing["code"] == "LoanNotFound"
    assert program("other_branch").get("/api/v1/loan-files").get_json()["items"] == []


@pytest.mark.usefixtures("loan")
def test_amounts_are_strings_and_days_are_iso(program):
    body = program("legal").get(FILE).get_json()
    assert body["position"]["balance"] == body["balance"]
    assert isinstance(body["principal"], str)
    assert body["due_on"][4] == "-"
    assert body["position"]["steps"]


def test_pages_follow_a_cursor(program, new_uow):
    with new_uow() as uow:
        numbers = [a_loan(uow, loan_no=f"JJ2025-{no:04}").loan_no for no in range(1, 8)]
    client, seen, cursor = program("legal"), [], ""
    while cursor is not None:
        body = client.get(f"/api/v1/loan-files?limit=3&cursor={cursor}").get_json()
        seen += [row["loan_no"] for row in body["items"]]
        cursor = body["next_cursor"]
    assert seen == numbers
    bad = client.get("/api/v1/loan-files?limit=0")
    assert (bad.status_code, bad.get_json()["field"]) == (422, "limit")
    assert client.get("/api/v1/cases?cursor=%FF").status_code == 422


@pytest.mark.usefixtures("loan")
def test_a_paper_goes_in_and_its_words_are_found(program, system):
    client = program("legal")
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("流水.txt", "三月还款五百元")
    reply = upload(
        client, ("催收笔录.txt", "借款人承认欠款".encode()), ("包.zip", packed.getvalue())
    )
    assert reply.status_code == 201
    rows = reply.get_json()
    assert [row["state"] for row in rows] == ["stored", "stored"]
    assert rows[1]["path"].endswith("流水.txt")
    read_all(system)
    found = client.get("/api/v1/search?q=承认欠款").get_json()
    assert found["total"] == 1
    item = found["hits"][0]["document_id"]
    start, end = found["hits"][0]["marks"][0]
    assert found["hits"][0]["snippet"][start:end] == "承认欠款"
    pages = client.get(f"/api/v1/items/{item}/pages").get_json()["items"]
    assert "承认欠款" in pages[0]["text"]
    content = client.get(f"/api/v1/items/{item}/content")
    assert content.data.decode() == "借款人承认欠款"
    assert content.headers["Content-Disposition"].startswith("attachment")
    content.close()
    again = upload(client, ("副本.txt", "借款人承认欠款".encode())).get_json()
    assert again[0]["state"] == "duplicate"


@pytest.mark.usefixtures("loan")
def test_a_change_needs_the_state_that_was_seen(program):
    client = program("legal")
    item = upload(client, ("a.txt", b"abc")).get_json()[0]["document_id"]
    address = f"/api/v1/items/{item}"
    tag = client.get(address).headers["ETag"]
    assert client.get(address, headers={"If-None-Match": tag}).status_code == 304
    new = {"title": "催收笔录", "item_code": "BQ01"}
    assert client.patch(address, json=new).status_code == 409
    changed = client.patch(address, json=new, headers={"If-Match": tag})
    assert (changed.status_code, changed.get_json()["title"]) == (200, "催收笔录")
    assert client.patch(address, json=new, headers={"If-Match": tag}).status_code == 409


def test_the_same_request_twice_happens_once(program, loan):
    client = program("legal")
    key = {"Idempotency-Key": "oa-2026-77"}
    wanted = {"loan_no": loan, "court": "示范县人民法院"}
    first = client.post("/api/v1/cases", json=wanted, headers=key)
    again = client.post("/api/v1/cases", json=wanted, headers=key)
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.get_json() == again.get_json()
    assert again.headers["Idempotent-Replay"] == "true"
    assert len(client.get("/api/v1/cases").get_json()["items"]) == 1
    other = client.post("/api/v1/cases", json={"loan_no": "XX"}, headers=key)
    assert (other.status_code, other.get_json()["code"]) == (422, "KeyReused")


def test_every_fault_of_a_body_is_named(program, loan):
    reply = program("legal").post(
        "/api/v1/preservations",
        json={"loan_no": loan, "respondant": "甲", "amount": 1.5, "effective_on": "2026-13-01"},
    )
    assert reply.status_code == 422
    detail = reply.get_json()["detail"]
    for part in (
        "没有字段 respondant，是否 respondent",
        "amount",
        "effective_on",
        "缺少 asset",
    ):
        assert part in detail


def test_a_case_shows_what_follows_from_a_judgment(program, loan):
    client = program("legal")
    case = client.post(
        "/api/v1/cases", json={"loan_no": loan, "court": "示范县人民法院"}
    ).get_json()["case_no"]
    for kind, day in (("filed", "2026-05-06"), ("accepted", "2026年5月12日")):
        reply = client.post(
            f"/api/v1/cases/{case}/events", json={"kind": kind, "happened_on": day}
        )
        assert reply.status_code in {201, 422}, reply.get_json()
    body = client.get(f"/api/v1/cases/{case}").get_json()
    assert body["case_no"] == case
    assert {party["role"] for party in body["parties"]} >= {"plaintiff", "defendant"}


def test_the_law_answers(program):
    wanted = {"fn": "court_fee", "input": {"claim": 1}}
    reply = program("legal").post("/api/v1/law/compute", json=wanted)
    assert "error" in reply.get_json()
    wanted = {
        "fn": "interest",
        "input": {
            "principal": 1000000,
            "annual_rate_pct": 4.35,
            "start": "2026-01-01",
            "end": "2026-03-31",
            "basis": 360,
        },
    }
    body = program("legal").post("/api/v1/law/compute", json=wanted).get_json()
    assert body["result"]["interest"] == "10754.17"


def test_the_description_names_every_address(program, app):
    body = program("auditor").get("/api/v1/openapi.json").get_json()
    routes = {
        rule.rule.replace("<", "{").replace(">", "}").replace("int:", "")
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith("/api/v1/")
    }
    assert set(body["paths"]) == routes
    for path in body["paths"].values():
        for operation in path.values():
            assert operation["summary"]
            assert operation["x-permission"]


@pytest.mark.usefixtures("loan")
def test_a_job_does_not_tell_what_it_is_about(program):
    client = program("legal")
    upload(client, ("秘密.txt", b"x"))
    assert client.get("/api/v1/jobs/1").get_json()["message"] == ""


def test_a_person_makes_and_ends_a_key(browser, app):
    page = browser("legal")
    wrong = page.post(
        "/account/keys/new", {"name": "核心", "valid_days": "30", "password": "x"}
    )
    assert wrong.status_code == 422
    made = page.post(
        "/account/keys/new",
        {"name": "核心", "valid_days": "30", "scope": "read", "password": PASSWORD},
    ).get_data(as_text=True)
    secret = made.split('value="plt_')[1].split('"')[0]
    client = app.test_client()
    client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer plt_{secret}"
    assert client.get("/api/v1/cases").status_code == 200
    assert client.post("/api/v1/cases", json={"loan_no": "x"}).status_code == 403
    listed = page.get("/account").get_data(as_text=True)
    address = listed.split('action="/account/keys/')[1].split('"')[0]
    page.post(f"/account/keys/{address}")
    assert client.get("/api/v1/cases").status_code == 401


def test_a_case_about_two_loans_by_programs(program, loan, new_uow):
    with new_uow() as uow:
        owner = loans.get_loan(uow, loan)
        second = a_loan(
            uow,
            customer_id=owner.customer_id,
            loan_no="JJ2025-0002",
            contract_no="示农商借字2025第0002号",
        ).loan_no
    client = program("legal")
    wanted = {"loan_no": loan, "court": "示范县人民法院", "further": [second]}
    made = client.post("/api/v1/cases", json=wanted).get_json()
    assert (made["loan_nos"], made["loans"]) == ([loan, second], 2)
    home = f"/api/v1/cases/{made['case_no']}/loans"
    out = client.post(f"{home}/{second}/removal", json={"reason": "另案起诉"})
    assert (out.status_code, out.get_json()["loan_nos"]) == (201, [loan])
    assert client.post(home, json={"loan_no": second}).get_json()["loan_nos"] == [loan, second]
    twice = client.post(home, json={"loan_no": second})
    assert (twice.status_code, twice.get_json()["code"]) == (422, "LoanNotJoinable")
    assert client.post(home, json={"loan_no": "JJ2099-1"}).status_code == 404
