"""Collection, disposals, inspections, classes and reports for programs."""

from datetime import date

import pytest

from postloan_archive.inspection.service import classes
from tests.collection.conftest import ledger as ledger
from tests.reports.conftest import TODAY

pytestmark = pytest.mark.usefixtures("ledger")
CALL = {
    "at": "2026-11-24T09:00:00+08:00",
    "channel": "call",
    "target": "debtor",
    "person": "张三",
    "result": "承诺还款",
    "promised_for": "2026-12-01",
    "promised_amount": "2万",
}


def test_a_collection_day_by_program(program):
    manager, lead = program("account_manager"), program("legal")
    work = manager.get("/api/v1/collection/worklist?stage=M1").get_json()
    assert [(row["loan_no"], row["overdue_days"]) for row in work["items"]] == [("JJ1", 20)]
    base = "/api/v1/loan-files/JJ1"
    assert manager.post(f"{base}/contacts/check", json=CALL).get_json()["allowed"] is True
    night = CALL | {"at": "2026-11-24T06:00:00+08:00"}
    asked = manager.post(f"{base}/contacts/check", json=night).get_json()
    assert (asked["allowed"], asked["reasons"]) == (False, ["time_window"])
    assert manager.post(f"{base}/contacts", json=night).status_code == 422
    assert manager.post(f"{base}/contacts", json=CALL).status_code == 201
    assert manager.post(f"{base}/contacts", json=CALL).status_code == 409  # sent twice
    (promise,) = manager.get("/api/v1/promises?view=open").get_json()["items"]
    assert (promise["amount"], promise["due_on"]) == ("20000.00", "2026-12-01")
    complaint = {
        "person": "张三",
        "channel": "来电",
        "received_on": TODAY.isoformat(),
        "content": "来电过多",
        "handler": "auditor",
    }
    made = manager.post(f"{base}/complaints", json=complaint).get_json()
    assert made["answer_by"] == "2026-12-09"
    assert manager.post(f"{base}/complaints", json=complaint).status_code == 409
    record = manager.get(f"{base}/collection").get_json()
    assert (len(record["contacts"]), record["stops"][0]["reason"]) == (1, "投诉处理中")
    number = made["complaint_no"]
    answered = lead.post(f"/api/v1/complaints/{number}/answer", json={"outcome": "已致歉"})
    assert answered.get_json()["answered_on"] == TODAY.isoformat()
    placed = lead.post(
        f"{base}/placements",
        json={"agency": "甲", "contract_no": "W1", "data_given": ["姓名"]},
    ).get_json()
    assert manager.post(f"/api/v1/placements/{placed['id']}/recall", json={}).status_code == 403
    back = lead.post(
        f"/api/v1/placements/{placed['id']}/recall",
        json={"why": "到期", "data_returned": "删除确认函"},
    ).get_json()
    assert back["data_returned_on"] == TODAY.isoformat()


@pytest.mark.parametrize(
    ("path", "changes"),
    [
        ("contacts", {"channel": "pigeon"}),
        ("contacts", {"target": "neighbour"}),
        ("contacts", {"at": "2026-11-24T09:00:00"}),  # no zone
        ("contacts", {"promised_for": "2026-11-23"}),  # before the contact
        ("contacts", {"promised_amount": "两三万"}),
        ("surveys", {"made_on": "2026-11-25", "reason_for_default": "x", "answers": {}}),
        ("surveys", {"made_on": "2026-11-24", "reason_for_default": "x", "answers": {"a": 1}}),
        (
            "surveys",
            {
                "made_on": "2026-11-24",
                "reason_for_default": "x",
                "answers": {},
                "urgent": ["fled"],
            },
        ),
        ("risk-signals", {"kind": "经营", "text": " "}),
        ("hardship-plans", {"hardship": "x", "payments": [{"due_on": "昨天", "amount": "1"}]}),
    ],
)
def test_what_makes_no_sense_is_refused_and_named(program, path, changes):
    body = CALL | changes if path == "contacts" else changes
    reply = program("account_manager").post(f"/api/v1/loan-files/JJ1/{path}", json=body)
    assert reply.status_code == 422, reply.get_data(as_text=True)
    assert reply.get_json()["detail"]


def test_a_disposal_from_proposal_to_approval(program):
    legal, chief = program("legal"), program("branch_manager")
    body = {
        "kind": "write_off",
        "loan_nos": ["JJ1"],
        "reason": "长期逾期",
        "terms": {"ground": "终本满一年", "pursuit": "每季查询"},
    }
    made = legal.post("/api/v1/disposals", json=body)
    assert made.status_code == 201
    number = made.get_json()["disposal_no"]
    assert legal.post("/api/v1/disposals", json=body).status_code == 409  # it is in one
    path = f"/api/v1/disposals/{number}"
    assert legal.post(f"{path}/decision", json={"agree": True}).status_code == 403
    assert (
        chief.post(f"{path}/decision", json={"agree": True}).get_json()["state"] == "approved"
    )
    assert chief.post(f"{path}/decision", json={"agree": True}).status_code == 409
    refused = legal.post(f"{path}/execution", json={"executed_on": TODAY.isoformat()})
    assert "核销批复" in refused.get_json()["detail"]
    assert legal.get("/api/v1/disposals?state=approved").get_json()["total"] == 1
    assert legal.get(path).get_json()["loans"][0]["loan_no"] == "JJ1"
    assert legal.get("/api/v1/foreclosed-assets").get_json()["items"] == []


def test_money_is_split_before_it_is_booked(program):
    legal = program("legal")
    body = {
        "loan_no": "JJ1",
        "paid_on": "2026-11-24",
        "amount": "1,000",
        "channel": "催收还款",
        "receipt_no": "R1",
    }
    look = legal.post("/api/v1/recoveries", json=body | {"dry_run": True})
    assert (look.status_code, look.get_json()["booked"]) == (200, False)
    assert legal.post("/api/v1/recoveries", json=body).status_code == 201
    assert legal.post("/api/v1/recoveries", json=body).status_code in {409, 422}  # one receipt
    for wrong in ({"channel": "减免"}, {"amount": "-1"}, {"paid_on": "2027-01-01"}):
        changed = body | {"receipt_no": "R2"} | wrong
        assert legal.post("/api/v1/recoveries", json=changed).status_code == 422, wrong
    (row,) = legal.get("/api/v1/recoveries").get_json()["items"]
    assert (row["amount"], row["channel"]) == ("1000.00", "催收还款")


def test_inspections_signals_and_classes(program, new_uow):
    manager, legal = program("account_manager"), program("legal")
    base = "/api/v1/loan-files/JJ1"
    form = manager.get(f"{base}/inspection-form?kind=日常检查").get_json()
    answers = {one["key"]: (one["choices"] or ["已核对"])[0] for one in form["questions"]}
    body = {
        "kind": "日常检查",
        "made_on": TODAY.isoformat(),
        "answers": answers,
        "conclusion": form["conclusions"][0],
    }
    assert manager.post(f"{base}/inspections", json=body).status_code == 201
    assert manager.post(f"{base}/inspections", json=body).status_code == 409
    assert manager.post(f"{base}/inspections", json=body | {"answers": {}}).status_code == 422
    seen = {"kind": "经营", "text": "停产"}
    signal = manager.post(f"{base}/risk-signals", json=seen).get_json()
    assert manager.post(f"{base}/risk-signals", json=seen).status_code == 409
    closed = manager.post(
        f"/api/v1/risk-signals/{signal['id']}/close", json={"measure": "已查", "why": "复产"}
    )
    assert closed.status_code == 200
    with new_uow() as uow:
        classes.propose(uow, "2026-11")
    found = legal.get("/api/v1/classification/2026-11").get_json()
    row = next(one for one in found["items"] if one["loan_no"] == "JJ1")
    path = f"/api/v1/classification/decisions/{row['id']}"
    assert legal.post(path, json={"risk_class": "很好"}).status_code == 422
    assert legal.post(path, json={"risk_class": "正常"}).status_code == 422  # no reason
    waits = legal.post(path, json={"risk_class": "正常", "why": "次日已还"}).get_json()
    assert waits["state"] == "waiting"
    assert legal.post(f"{path}/approval", json={"agree": True}).status_code == 403
    done = program("branch_manager").post(f"{path}/approval", json={"agree": True})
    assert done.get_json()["state"] == "decided"


def test_reports_and_their_frozen_copies(program):
    legal = program("legal")
    keys = [row["key"] for row in legal.get("/api/v1/reports").get_json()["items"]]
    assert "ageing" in keys
    assert legal.get("/api/v1/reports/ageing").get_json()["rows"][1][0] == "M1"
    assert legal.get("/api/v1/reports/nothing").status_code == 404
    path = "/api/v1/reports/ageing?since=2026-12-01&until=2026-11-01"
    assert legal.get(path).status_code == 422
    frozen = legal.post("/api/v1/reports/ageing/freeze").get_json()["id"]
    assert legal.get(f"/api/v1/frozen-reports/{frozen}").get_json()["key"] == "ageing"
    (row,) = legal.get("/api/v1/frozen-reports?key=ageing").get_json()["items"]
    assert row["until"] == date(2026, 11, 24).isoformat()
