"""A run through the API: the facts of its letters in an object, the versions in the answer."""

from tests.notices.conftest import LOAN

FACTS = {
    "finding": "贷款资金用途与约定不符",
    "contract_clause": "合同第十一条",
    "required_action": "提交用途证明",
    "deadline": "2026年12月15日",
}
RUN = {"kind": "N15", "as_of": "2026-11-24", "loan_nos": [LOAN]}


def test_a_run_takes_its_facts_and_tells_its_template(program, loan):
    del loan
    client = program("legal")

    made = client.post("/api/v1/notices/runs", json=RUN | {"given": FACTS})

    assert made.status_code in {200, 201, 202}, made.get_json()
    (version,) = made.get_json()["template_versions"]
    assert version["number"] == 1
    assert len(version["sha256"]) == 64


def test_a_run_without_its_facts_names_them_all(program, loan):
    del loan

    reply = program("legal").post("/api/v1/notices/runs", json=RUN)

    assert reply.status_code == 422
    for label in ("检查发现的问题", "依据的合同条款", "整改要求", "整改期限"):
        assert label in reply.get_json()["detail"]


def test_an_acceleration_takes_its_breach_as_an_object(program, loan):
    del loan
    body = {
        "kind": "N03",
        "as_of": "2026-11-24",
        "loan_nos": [LOAN],
        "breach": {"fact": "未按约定用途使用贷款", "due_from": "2026-12-01"},
    }

    made = program("legal").post("/api/v1/notices/runs", json=body)

    assert made.status_code in {200, 201, 202}, made.get_json()


def test_facts_that_are_no_object_are_refused(program, loan):
    del loan
    for given in ("x", ["x"], {"finding": 7}):
        reply = program("legal").post("/api/v1/notices/runs", json=RUN | {"given": given})
        assert reply.status_code == 422
