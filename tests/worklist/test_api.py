"""Deadlines by the API: what the page shows, under the same filters and rights."""

import re

import pytest

from postloan_archive.worklist import queries
from postloan_archive.worklist.filtering import filter_of

ADDRESSES = [
    {},
    {"scope": "mine"},
    {"kind": "renewal"},
    {"kind": "limitation"},
    {"span": "past"},
    {"span": "must"},
    {"within": "30"},
    {"state": "any"},
    {"state": "done"},
    {"owner": "-"},
    {"words": "张三"},
    {"loan_no": "JJ2025-0001"},
    {"case_id": "1"},
    {"source": "computed"},
    {"differs": "1"},
    {"gap": "limitation_unproven"},
]


@pytest.mark.usefixtures("filled")
@pytest.mark.parametrize("address", ADDRESSES)
def test_the_list_is_that_of_the_page_under_every_filter(program, new_uow, address):
    reply = program("legal").get("/api/v1/deadlines", query_string={**address, "limit": 500})
    assert reply.status_code == 200
    body = reply.get_json()
    with new_uow() as uow:
        wanted = filter_of(address)
        shown = queries.listing(uow, wanted)
    if address.get("scope") != "mine":  # the test looks as a program
        assert [one["id"] for one in body["items"]] == [row.id for row in shown]
    assert body["total"] == len(body["items"])
    assert body["next_cursor"] is None


@pytest.mark.usefixtures("filled")
def test_a_deadline_carries_three_days_provision_and_derivation(program):
    client = program("legal")
    listed = client.get("/api/v1/deadlines?kind=renewal").get_json()["items"]
    (first, *_) = listed
    assert first["safe"] <= first["legal"]
    assert first["basis"]
    assert first["steps"]
    assert client.get(f"/api/v1/deadlines/{first['id']}").get_json() == first
    assert [one["safe"] for one in listed] == sorted(one["safe"] for one in listed)


@pytest.mark.usefixtures("filled")
def test_pages_follow_one_another_without_gap(program):
    client = program("legal")
    every = client.get("/api/v1/deadlines?limit=500").get_json()["items"]
    found, cursor = [], ""
    while True:
        body = client.get(f"/api/v1/deadlines?limit=3&cursor={cursor}").get_json()
        found += body["items"]
        assert body["total"] == len(every)
        cursor = body["next_cursor"]
        if cursor is None:
            break
    assert found == every


@pytest.mark.usefixtures("filled")
@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("kinds=renewal", "没有参数 kinds，是否 kind"),
        ("kind=x", "kind 没有“x”这个取值"),
        ("within=²", "within 没有“²”"),
        ("state=x", "state 没有“x”"),
        ("span=x", "span 没有“x”"),
        ("branch=x", "branch 没有“x”"),
        ("sort=x", "sort 可选"),
        ("limit=0", "每页条数"),
        ("cursor=x", "翻页游标"),
        ("cursor=wrI=", "翻页游标"),
        ("words=%00", ""),
    ],
)
def test_what_the_page_would_leave_out_is_refused(program, query, words):
    reply = program("legal").get(f"/api/v1/deadlines?{query}")
    assert reply.status_code == 422
    assert words in reply.get_json()["detail"]


@pytest.mark.usefixtures("filled")
def test_rights_are_those_of_the_page(program):
    assert program("auditor").get("/api/v1/deadlines").get_json()["total"] > 0
    assert program("other_branch").get("/api/v1/deadlines").get_json()["total"] == 0
    assert program("other_branch").get("/api/v1/deadlines/1").status_code == 404
    assert program("system_admin").get("/api/v1/deadlines").status_code == 403
    assert program("auditor").post("/api/v1/deadlines/1/done", json={}).status_code == 403


@pytest.mark.usefixtures("filled")
def test_done_with_its_day_and_never_in_the_future(program):
    client = program("legal")
    (first, *_) = client.get("/api/v1/deadlines?kind=renewal").get_json()["items"]
    path = f"/api/v1/deadlines/{first['id']}/done"
    refused = client.post(path, json={"done_on": "2026-11-25"})
    assert (refused.status_code, refused.get_json()["code"]) == (422, "DoneInFuture")
    assert client.post(path, json={"done_on": "2026.11.31"}).status_code == 422
    done = client.post(path, json={"done_on": "2026年11月24日", "note": "已递交"})
    assert (done.status_code, done.get_json()["state"]) == (201, "done")
    again = client.post(path, json={"done_on": "2026-11-24"})
    assert again.status_code == 409


@pytest.mark.usefixtures("filled")
@pytest.mark.parametrize("kind", ["", "renewal", "limitation"])
def test_the_calendar_address_holds_the_same_days(browser, program, kind):
    one = browser("legal")
    made = one.post("/deadlines/feeds", {"filter_kind": kind}).get_data(as_text=True)
    secret = re.search(r"/deadlines/feed/([\w-]+)\.ics", made)[1]
    calendar = one.get(f"/deadlines/feed/{secret}.ics").get_data(as_text=True)
    calendar = calendar.replace("\r\n ", "")
    query = f"kind={kind}&" if kind else ""
    items = program("legal").get(f"/api/v1/deadlines?{query}limit=500").get_json()["items"]
    days = sorted(re.findall(r"DTSTART(?:;VALUE=DATE)?:(\d{8})", calendar))
    assert len(days) == len(items) == calendar.count("BEGIN:VEVENT")
    assert days == sorted(one["safe"].replace("-", "") for one in items if not one["at"])


def test_the_description_names_the_filters(program, people):
    del people
    paths = program("legal").get("/api/v1/openapi.json").get_json()["paths"]
    names = {one["name"] for one in paths["/api/v1/deadlines"]["get"]["parameters"]}
    assert {"scope", "kind", "span", "within", "state", "gap", "limit", "cursor"} <= names
    assert "requestBody" in paths["/api/v1/deadlines/{deadline_id}/done"]["post"]
