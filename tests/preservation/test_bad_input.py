"""Bad input of a measure, through page and API alike: refused beside the field, or said.

Today is 24 November 2026.
"""

import pytest

from postloan_archive.cases import service as cases
from postloan_archive.cases.service import OpenCase
from postloan_archive.preservation import queries
from tests.builders import a_loan
from tests.web.people import *  # noqa: F403 - fixtures shared by several folders

GOOD = {
    "respondent": "陶知远",
    "asset_kind": "bank_deposit",
    "asset": "工行尾号 1234",
    "amount": "30万",
    "phase": "in_litigation",
    "court": "某法院",
    "ruling_no": "（2026）苏0102财保101号",
    "effective_on": "2026年3月10日",
    "seizure_order": 1,
}


@pytest.fixture
def loan_no(new_uow, people) -> str:
    del people
    with new_uow() as uow:
        return a_loan(uow).loan_no


@pytest.fixture
def by_page(browser, loan_no):
    one = browser("legal")

    def sent(**changes):
        form = {key: str(value) for key, value in (GOOD | changes).items()}
        reply = one.post(f"/preservation/new?loan={loan_no}", form)
        text = (one.get(reply.location) if reply.status_code == 302 else reply).get_data(
            as_text=True
        )
        return reply.status_code, text

    return sent


@pytest.fixture
def by_api(program, loan_no):
    one = program("legal")

    def sent(**changes):
        reply = one.post("/api/v1/preservations", json={"loan_no": loan_no, **GOOD, **changes})
        return reply.status_code, reply.get_json()

    return sent


def standing(new_uow) -> int:
    with new_uow() as uow:
        return len(queries.measures(uow))


REFUSED = [
    ({"effective_on": "2026-11-25"}, "effective_on", "晚于今天"),
    ({"effective_on": "2026-2-30"}, "effective_on", "不是可识别的日期"),
    ({"effective_on": "²"}, "effective_on", "不是可识别的日期"),
    ({"court_expiry": "2026.3.9"}, "court_expiry", "早于生效日"),
    ({"court_expiry": "2206-03-09"}, "court_expiry", "超过十年"),
    ({"security_expires_on": "2025年12月1日"}, "security_expires_on", "早于措施生效日"),
    ({"amount": "三十"}, "amount", "不是可识别的金额"),
    ({"amount": "-5"}, "amount", "不是可识别的金额"),
    ({"amount": "1e9"}, "amount", "不是可识别的金额"),
]


@pytest.mark.parametrize(("changes", "field", "words"), REFUSED)
def test_what_a_measure_cannot_be_is_refused(by_page, by_api, new_uow, changes, field, words):
    status, text = by_page(**changes)
    assert (status, f'aria-describedby="{field}-err"' in text) == (422, True)
    assert words in text
    status, body = by_api(**changes)
    assert status == 422
    assert words in body["detail"]
    assert standing(new_uow) == 0


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"phase": "x"}, "没有“x”这种保全阶段"),
        ({"seizure_order": 0}, "轮候顺位 0 无效"),
        ({"seizure_order": 10**30}, "不超过"),
        ({"seizure_order": 100}, "轮候顺位 100 无效"),
        ({"asset_kind": "x"}, "须以法院文书载明的届满日为准"),
        ({"asset": "a\0b"}, ""),
        ({"document_id": 99}, ""),
        ({"case_no": "AJ2026-9999"}, "没有找到"),
    ],
)
def test_what_only_a_program_sends_is_refused(by_api, new_uow, changes, words):
    status, body = by_api(**changes)
    assert status in {404, 422}
    assert words in body["detail"]
    assert standing(new_uow) == 0


def test_the_case_of_another_loan_is_refused(by_api, new_uow):
    with new_uow() as uow:
        other = a_loan(uow, loan_no="JJ2025-0002", contract_no="HT2025-0002")
        case_no = cases.open_case(uow, OpenCase(loan_no=other.loan_no, court="某法院")).case_no
    status, body = by_api(case_no=case_no)
    assert (status, body["code"], body["field"]) == (422, "OtherLoan", "case_no")


def test_one_ruling_on_one_asset_is_registered_once(by_page, by_api, new_uow):
    assert by_page()[0] == 302
    status, text = by_page()
    assert (status, "的措施已经登记" in text) == (422, True)
    assert by_api()[1]["code"] == "KnownMeasure"
    assert by_api(asset="工行尾号 5678")[0] == 201
    assert standing(new_uow) == 2


@pytest.mark.parametrize("day", ["2026-03-10", "2026.3.10", "２０２６/３/１０", "20260310"])
@pytest.mark.parametrize("amount", ["300000", "30万", "３０万元", "￥300,000.00", "叁拾万元整"])
def test_days_and_amounts_are_read_as_people_write_them(by_page, new_uow, day, amount):
    assert by_page(effective_on=day, amount=amount)[0] == 302
    with new_uow() as uow:
        (row,) = queries.measures(uow)
    assert (row.effective_on.isoformat(), str(row.amount)) == ("2026-03-10", "300000.00")
    assert row.expiry.isoformat() == "2027-03-09"


SAID = [
    ({"amount": ""}, "冻结账户须写明冻结数额", "R-C13"),
    ({"phase": "pre_litigation"}, "诉前保全必须提供担保", "R-C01"),
    ({"court_expiry": "2028-03-09"}, "超过最长期限（2027-03-09）", "R-C05"),
    ({"effective_on": "2020-03-10"}, "早于放款日 2025-11-24", "R-007"),
    ({"ruling_no": "裁定第5号"}, "不是可识别的案号", "R-J04"),
]


@pytest.mark.parametrize(("changes", "words", "rule"), SAID)
def test_what_wants_a_second_look_is_said_with_its_rule(by_page, by_api, changes, words, rule):
    status, text = by_page(**changes)
    assert (status, words in text, f"（{rule} " in text) == (302, True, True)
    if changes.get("amount") == "":
        changes = {"amount": None}
    status, body = by_api(**changes, asset="另一账户")
    assert status == 201
    assert any(words in one and rule in one for one in body["warnings"])


def test_nothing_is_said_of_a_measure_in_order(by_page, by_api):
    assert by_page()[1].count('class="say soon"') == 0
    assert by_api(asset="另一账户")[1]["warnings"] == []


@pytest.mark.parametrize(
    ("step", "values", "words"),
    [
        (
            "renewal-request",
            {"requested_on": "2026.11.20", "receipt_on": "2026.11.19"},
            "早于提交日",
        ),
        ("renewal-request", {"requested_on": "2026.3.9"}, "早于措施生效日"),
        ("renewal-request", {"requested_on": "²"}, "不是可识别的日期"),
        ("renewal", {"ruling_no": "x", "court_expiry": "2206-1-1"}, "超过十年"),
        ("renewal", {"ruling_no": "x", "effective_on": "2027-3-11"}, "不能续行"),
        ("renewal", {"ruling_no": "x", "amount": "1E5"}, "不是可识别的金额"),
        ("release", {"released_on": "2026-11-25", "reason": "已清偿"}, "晚于今天"),
        ("release", {"released_on": "2026-3-9", "reason": "已清偿"}, "早于措施生效日"),
        ("effect", {"effective_on": "2026-11-20"}, "不是轮候"),
        ("correction", {**GOOD, "effective_on": "2026-11-25", "reason": "x"}, "晚于今天"),
        ("correction", {**GOOD, "security_expires_on": "2026.1.1", "reason": "x"}, "早于措施"),
        ("correction", {**GOOD, "phase": "x", "reason": "x"}, ""),
    ],
)
def test_a_step_on_an_impossible_day_is_refused(browser, by_api, step, values, words):
    measure_id = by_api()[1]["id"]
    form = {key: str(value) for key, value in values.items()}
    reply = browser("legal").post(f"/preservation/{measure_id}/{step}", form)
    assert reply.status_code == 422
    assert words in reply.get_data(as_text=True)


@pytest.mark.usefixtures("loan_no")
def test_addresses_that_no_page_sends_do_no_harm(browser, by_api):
    measure_id = by_api()[1]["id"]
    one = browser("legal")
    for path in (
        "/preservation?view=²&month=²&page=²&order=²",
        "/preservation?view=month&month=9999-12",
        "/preservation?view=month&month=0001-01",
        "/preservation?q=%00",
        f"/preservation/{measure_id}?x=²",
        "/preservation/²",
    ):
        assert one.get(path).status_code < 500, path
