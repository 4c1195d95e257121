"""The runs through the API: planned once, held, sent, answered, a clock moved."""

import pytest

from tests.notices.conftest import LOAN, TODAY

API = "/api/v1/notices"
DAY = TODAY.isoformat()


@pytest.fixture
def client(program, loan):
    """A program of legal staff, with one overdue loan there."""
    del loan
    return program("legal")


def plan(client, key="a1", **body):
    return client.post(
        f"{API}/runs",
        json={"kind": "N02", "as_of": DAY} | body,
        headers={"Idempotency-Key": key},
    )


def test_a_run_asked_for_twice_is_planned_once(client):
    first, again = plan(client), plan(client)
    assert first.status_code == again.status_code == 201
    assert first.json["id"] == again.json["id"]
    assert first.json["left_out"] == []
    assert len(client.get(f"{API}/runs").json["items"]) == 1


def test_a_day_to_come_and_a_loan_nobody_has_are_refused(client):
    assert plan(client, as_of="2027-01-01").status_code == 422
    refused = plan(client, "a2", loan_nos=[LOAN, "JJ404"])
    assert refused.status_code == 422
    assert "JJ404" in refused.get_data(as_text=True)


def test_a_letter_goes_its_way_and_moves_a_clock(client, runner, proof_paper):
    run = plan(client).json
    held = client.post(f"{API}/runs/{run['id']}/pause", json={})
    assert held.status_code == 409
    assert client.post(f"{API}/runs/{run['id']}/start", json={}).status_code == 202
    assert client.post(f"{API}/runs/{run['id']}/pause", json={}).json["paused"] is True
    assert client.post(f"{API}/runs/{run['id']}/resume", json={}).json["paused"] is False
    runner.run_until_empty()
    (letter,) = client.get(f"{API}/runs/{run['id']}").json["letters"]
    assert letter["state"] == "issued"

    sent = client.post(
        f"{API}/dispatch",
        json={"notice_ids": [letter["id"]], "channel": "ems", "on": DAY, "tracking_no": "EM1"},
    )
    assert sent.json["letters"][0]["tracking_no"] == "EM1"
    said = client.post(
        f"{API}/letters/{letter['id']}/outcome",
        json={
            "outcome": "signed",
            "on": DAY,
            "signer": "debtor",
            "document_id": proof_paper(),
        },
    )
    assert said.json["effect"]["confirmed"] is False
    done = client.post(f"{API}/letters/{letter['id']}/confirm", json={})
    assert done.json["effect"]["confirmed"] is True
    assert done.json["effect"]["after"] > done.json["effect"]["before"]


def test_proposals_are_read_for_a_day(client, runner, new_uow):
    with new_uow() as uow:
        uow.enqueue("propose_letters", DAY)
    runner.run_until_empty()
    rows = client.get(f"{API}/proposals?day={DAY}").json["items"]
    assert {row["kind"] for row in rows} == {"N02", "N04", "N06"}
    assert client.get(f"{API}/proposals?day=²").status_code == 422
