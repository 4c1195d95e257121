"""The calculator pages: what people type, what the rules answer, where an error stands."""

import re

import pytest

from postloan_archive.calculators.entries import fill
from postloan_archive.calculators.fields import DATES, MONEY, POINTS, flag, may, need
from postloan_archive.calculators.kinds import DateKind, MomentKind, TimeKind
from postloan_archive.calculators.registry import FUNCTIONS
from postloan_archive.calculators.sheets import SHEETS
from tests.web.people import *  # noqa: F403 - fixtures shared by four folders

FIELDS = (
    need("on", "日", DateKind()),
    need("amount", "金额", MONEY),
    may("bp", "基点", POINTS),
    flag("extend", "顺延", default=True),
)


class Texts(dict):
    def getlist(self, key):
        return self.get(key, [])


@pytest.mark.parametrize("day", ["2026-03-05", "2026.3.5", "２０２６年３月５日", "20260305"])
@pytest.mark.parametrize(
    "amount", ["100万", "１，０００，０００", "1000000.00元", "壹佰万元整"]
)
def test_days_and_amounts_are_read_in_the_forms_people_write(day, amount):
    filled = fill(FIELDS, Texts(on=[day], amount=[amount], bp=["－55BP"], extend=["no"]))
    assert filled.given == {
        "on": "2026-03-05",
        "amount": "1000000.00",
        "bp": "-55",
        "extend": False,
    }
    assert not filled.faults


def test_blank_is_not_zero_and_a_bad_entry_is_named():
    filled = fill(FIELDS, Texts(on=["2026-02-30"], amount=[" "]))
    assert filled.given == {}
    assert filled.blank == {"amount"}
    assert "2026-02-30" in filled.faults["on"]


def test_lists_moments_and_times_of_day():
    fields = (
        need("days", "各日", DATES),
        need("at", "时刻", MomentKind()),
        need("time", "时间", TimeKind()),
    )
    texts = Texts(
        days=["2026.1.5、2026年2月5日\n2026-03-05"], at=["2026.3.5 9:05"], time=["８：３０"]
    )
    assert fill(fields, texts).given == {
        "days": ["2026-01-05", "2026-02-05", "2026-03-05"],
        "at": "2026-03-05T09:05",
        "time": "08:30",
    }


def page(reply) -> str:
    return reply.get_data(as_text=True)


def test_every_function_and_every_sheet_has_a_page(browser):
    one = browser("legal")
    for name in (*FUNCTIONS, *(sheet.name for sheet in SHEETS)):
        reply = one.get(f"/calculators/{name}")
        text = page(reply)
        assert reply.status_code == 200, name
        assert " style=" not in text
        ids = re.findall(r'\sid="([^"]+)"', text)
        assert len(ids) == len(set(ids)), name
    assert one.get("/calculators/nonsense").status_code == 404


def test_court_fees_of_a_million_with_provision_and_edition(browser):
    text = page(browser("legal").get("/calculators/court-fees?amount=１００万"))
    for words in ("13,800.00", "6,900.00", "5,000.00", "12,400.00", "诉讼费用交纳办法"):
        assert words in text
    assert "data-copy=" in text


def test_a_wrong_day_is_said_beside_its_field(browser):
    reply = browser("legal").get(
        "/calculators/period?trigger_date=2026-02-30&length=15日&unit=day"
    )
    text = page(reply)
    assert reply.status_code == 422
    field = text[text.index('id="f-trigger_date"') :][:600]
    assert 'aria-invalid="true"' in field
    assert 'aria-describedby="f-trigger_date-err"' in field
    assert "不是可识别的日期" in field
    assert 'value="15日"' in text  # what was typed stays


def test_a_missing_field_is_said_and_a_refusal_of_the_rule_too(browser):
    one = browser("legal")
    text = page(one.get("/calculators/interest-due?principal=100&basis=360"))
    assert text.count("请填写。") == 3
    reply = one.get(
        "/calculators/interest-due?principal=100&annual_rate_pct=5&basis=360"
        "&start=2026-03-05&end=2026-03-01"
    )
    assert reply.status_code == 422
    assert page(reply).count('class="err"') == 1


def test_the_period_moves_over_the_holiday_and_says_why(browser):
    text = page(
        browser("legal").get(
            "/calculators/period?trigger_date=2026.9.20&length=15&unit=day&extend=yes"
        )
    )
    assert "2026-10-08" in text
    assert "规则" in text


def test_the_claim_shows_its_rows(browser):
    text = page(
        browser("legal").get(
            "/calculators/claim?principal=100万&contract_rate_pct=6&penalty_multiplier=1.5"
            "&interest_due=2026-06-21、2026-08-01&interest_paid_to=2026-03-21&maturity=2026-08-01"
            "&as_of=2026-11-01&basis=360"
        )
    )
    assert '<th scope="col">项目</th>' in text
    assert "期内利息" in text
    assert "债权总额" in text


def test_rows_of_payments_and_more_rows_on_demand(browser):
    one = browser("legal")
    start = "/calculators/delayed-performance?principal=100000&general_interest=0&costs=0"
    text = page(
        one.get(
            f"{start}&performance_last_day=2026-01-10&as_of=2026-11-01"
            "&payments.date=2026-05-01&payments.amount=5万&payments.date=&payments.amount="
        )
    )
    assert "加倍部分合计" in text
    assert 'name="payments.date" value="2026-05-01"' in text
    assert page(one.get(f"{start}&rows=9")).count('name="payments.date"') == 9


def test_identity_numbers_never_enter_the_address(browser):
    one = browser("legal")
    assert 'method="post"' in page(one.get("/calculators/numbers"))
    reply = one.post("/calculators/numbers", {"value": "11010519491231002X"})
    assert "居民身份证号校验" in page(reply)
    assert "<b>是</b>" in page(reply)


def test_an_unverified_provision_is_marked(browser):
    text = page(
        browser("legal").get(
            "/calculators/measure?effective_date=2025-12-10&asset_kind=bank_deposit"
        )
    )
    assert "2026-12-09" in text
    assert ">参考</span>" in text


def test_channels_of_proof_are_tabs(browser):
    text = page(browser("legal").get("/calculators/proof_level?form=0&signer=debtor"))
    assert "<b>A</b>" in text
    assert 'name="channel"' not in text


def test_the_list_finds_by_word_and_rule(browser):
    text = page(browser("legal").get("/calculators?q=R-C08"))
    assert "轮候查封" in text
    assert "人民币大写" not in text


def test_what_follows_from_an_event_for_a_party_abroad(browser):
    text = page(
        browser("legal").get(
            "/calculators/steps?event=judgment_served&on=2026-11-20&abroad=yes"
        )
    )
    assert "2026-12-21" in text
    assert "第二百八十六条" in text
    assert "最高" not in text.partition("期限数")[0]


def test_limitation_with_an_interrupting_event(browser):
    text = page(
        browser("legal").get(
            "/calculators/limitation?installments=2023-06-01&as_of=2026-11-24"
            "&events.kind=demand&events.on=2025.5.20&events.level=A&events.ended_on="
            "&events.kind=demand&events.on=2026.1.9&events.level=D&events.ended_on="
        )
    )
    assert "2028-05-20" in text  # three years from the demand; 2028 is not published yet
    assert "重新起算" in text
    assert "证据等级不足，未计入" in text


def test_a_guarantee_period_with_an_act_inside_it(browser):
    text = page(
        browser("legal").get(
            "/calculators/guarantee?kind=joint&main_due=2025-06-30&as_of=2026-11-24"
            "&acts.act=notice_to_guarantor&acts.on=2025.11.3&acts.second=&acts.guarantor="
        )
    )
    assert "期间内已有主张记录" in text
    assert "2025-12-30" in text or "2025-12-31" in text


def test_a_fresh_form_looks_from_today(browser):
    assert 'value="2026-11-24"' in page(browser("legal").get("/calculators/limitation"))


def test_what_blocks_an_application_for_preservation(browser):
    one = browser("legal")
    text = page(one.get("/calculators/before-preservation?amount=60万&claim_total=50万"
                        "&asset_kind=bank_deposit"))  # fmt: skip
    assert "请求保全数额超过债权计算书总额" in text
    assert "须先解决" in text
    text = page(one.get("/calculators/before-preservation?amount=50万&claim_total=50万"
                        "&asset_kind=bank_deposit"))  # fmt: skip
    assert "没有须先解决的事项" in text
