"""The pages of retention: what is due, appraisal, list with its steps, holds, table."""

import io

import docx
import pytest

from tests.retention.conftest import CANARY, OLD
from tests.web.people import PASSWORD


def text_of(reply) -> str:
    return reply.get_data(as_text=True)


@pytest.mark.usefixtures("old_file")
def test_a_file_from_due_to_destroyed(browser, runner):
    clerk, boss, legal = (
        browser(name) for name in ("archive_clerk", "branch_manager", "legal")
    )
    page = text_of(clerk.get("/retention"))
    assert OLD in page
    assert "2020-12-31" in page
    refused = clerk.post("/retention/appraisals", {"loan": OLD, "verdict": "destroy"})
    assert refused.status_code == 422
    assert "请写明鉴定人员" in text_of(refused)
    clerk.post(
        "/retention/appraisals",
        {"loan": OLD, "verdict": "destroy", "members": "甲、乙", "opinion": "无价值"},
    )
    made = clerk.post("/retention/lists", {"loan": OLD, "reason": "期满"})
    where = made.headers["Location"]
    page = text_of(boss.get(where))
    digest = page.split("SHA-256 ")[1][:64]
    wrong = boss.post(f"{where}/decide", {"decision": "yes", "digest": digest, "password": "x"})
    assert wrong.status_code == 422
    own = clerk.post(f"{where}/decide", {"decision": "yes", "digest": digest})
    assert own.status_code == 403
    proof = {"digest": digest, "password": PASSWORD}
    assert boss.post(f"{where}/decide", {"decision": "yes", **proof}).status_code == 302
    assert legal.post(f"{where}/supervise", proof).status_code == 302
    assert clerk.post(f"{where}/start", proof).status_code == 302
    runner.run_until_empty()
    page = text_of(legal.get(where))
    assert "销毁后检查" in page
    assert legal.post(f"{where}/close", proof).status_code == 302
    page = text_of(legal.get(f"/loans/{OLD}/retention"))
    assert "销毁记录" in page
    assert CANARY not in page
    body = clerk.get(f"{where}.docx").get_data()
    words = "\n".join(
        cell.text
        for row in docx.Document(io.BytesIO(body)).tables[0].rows
        for cell in row.cells
    )
    assert "借款合同" in words
    assert OLD not in text_of(clerk.get("/retention?show=all"))
    assert clerk.get(f"/loans/{OLD}/items").status_code == 200


@pytest.mark.usefixtures("old_file")
def test_a_hold_is_set_asked_and_lifted_by_two(browser):
    legal, boss = browser("legal"), browser("branch_manager")
    assert legal.post(f"/loans/{OLD}/holds/new", {"target": "loan"}).status_code == 422
    legal.post(f"/loans/{OLD}/holds/new", {"target": "loan", "reason": "审计调阅"})
    assert "审计调阅" in text_of(legal.get("/retention/holds"))
    legal.post("/retention/holds/1/ask", {"reason": "审计结束"})
    assert "审计结束" in text_of(boss.get("/retention/holds?show=asked"))
    refused = boss.post("/retention/holds/1/decide", {"decision": "yes", "password": "x"})
    assert refused.status_code in {403, 422}
    boss.post("/retention/holds/1/decide", {"decision": "yes", "password": PASSWORD})
    assert "审计结束" in text_of(boss.get("/retention/holds?show=lifted"))


def test_the_table_is_changed_with_a_reason_and_keeps_the_floor(browser):
    legal = browser("legal")
    given = {"personal": "9", "corporate": "30", "secured": "30", "troubled": "Y", "seen": "0"}
    assert legal.post("/retention/table", given | {"reason": "x"}).status_code == 422
    assert legal.post("/retention/table", given | {"personal": "²"}).status_code == 422
    assert legal.post("/retention/table", given | {"personal": "20"}).status_code == 422
    good = given | {"personal": "20", "reason": "档案局批复 1 号"}
    assert legal.post("/retention/table", good).status_code == 302
    assert "档案局批复 1 号" in text_of(browser("auditor").get("/retention/table"))
    assert legal.post("/retention/table", good).status_code == 422


@pytest.mark.parametrize(
    "path",
    ["/retention/lists/XH2026-99999", f"/loans/{OLD}/retention", f"/loans/{OLD}/holds/new"],
)
@pytest.mark.usefixtures("old_file")
def test_another_branch_finds_nothing(browser, path):
    assert browser("other_branch").get(path).status_code == 404
