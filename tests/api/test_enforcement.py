"""Costs, awards and accounts for programs; papers of courts with their readings."""

import pytest

from postloan_archive.cases import service as docket
from postloan_archive.cases.service import OpenCase
from tests.builders import a_loan

AWARD = {
    "principal": "90000",
    "interest_from": "2026-06-01",
    "performance_last_day": "2026-07-01",
}


@pytest.fixture
def base(new_uow, people) -> str:
    del people
    with new_uow() as uow:
        loan = a_loan(uow)
        number = docket.open_case(uow, OpenCase(loan_no=loan.loan_no, court="某法院")).case_no
    return f"/api/v1/cases/{number}"


def test_an_award_gives_an_account(program, base):
    client = program("legal")
    assert client.get(f"{base}/account").get_json()["account"] is None
    assert client.post(f"{base}/award", json=AWARD).status_code == 201
    reply = client.get(f"{base}/account?day=2026-07-11").get_json()
    assert reply["owed_total"] == "90157.50"
    assert any("R-F13" in one or "迟延" in one for one in reply["basis"])


@pytest.mark.parametrize(
    "changes",
    [
        {"rate_pct": "40"},
        {"principal": "x"},
        {"day_basis": 366},
        {"principle": "1"},
        {"rate_pct": "5%%"},
    ],
)
def test_a_wrong_award_is_named(program, base, changes):
    reply = program("legal").post(f"{base}/award", json=AWARD | changes)
    assert reply.status_code == 422, reply.get_data(as_text=True)


def test_costs_come_back_as_they_were_sent(program, base):
    client = program("legal")
    cost = {"kind": "acceptance_fee", "amount": "13800", "paid_on": "2026-03-09"}
    headers = {"Idempotency-Key": "k1"}
    assert client.post(f"{base}/costs", json=cost, headers=headers).status_code == 201
    assert client.post(f"{base}/costs", json=cost, headers=headers).status_code == 201
    (row,) = client.get(f"{base}/costs").get_json()["items"]
    assert (row["amount"], row["borne_by"]) == ("13800.00", "open")
    refused = client.post(f"{base}/costs", json=cost | {"kind": "tea"})
    assert refused.status_code == 422
    for wrong in ({"amount": "0"}, {"borne_by": "nobody"}, {"refund_due": "99999"}):
        assert client.post(f"{base}/costs", json=cost | wrong).status_code == 422, wrong


def test_a_rate_of_four_decimals_is_read(program, base):
    reply = program("legal").post(f"{base}/award", json=AWARD | {"rate_pct": "8.0250"})
    assert reply.get_json()["rate_pct"] == "8.0250"


def test_who_may_not_edit_may_not_enter(program, base):
    reader = program("auditor")
    assert reader.get(f"{base}/costs").status_code == 200
    assert reader.post(f"{base}/award", json=AWARD).status_code == 403
    assert reader.get("/api/v1/court-papers").get_json() == {"items": [], "total": 0}
    assert reader.get("/api/v1/court-papers/77").status_code == 404
