"""The pages of a case, walked from pre-litigation preservation to enforcement."""

import re
from datetime import date, timedelta

import pytest

from postloan_archive.access import users
from postloan_archive.cases import queries, recording, service
from postloan_archive.cases.recording import KeepParty
from postloan_archive.cases.service import OpenCase
from postloan_archive.preservation import service as measures
from postloan_archive.preservation.commands import RegisterMeasure
from tests.builders import a_loan
from tests.preservation.test_service import FREEZE
from tests.web.people import *  # noqa: F403 - fixtures shared by four folders

FIRST = {"procedure": "first", "court_case_no": "（2026）苏0102民初1203号"}


@pytest.fixture
def case_no(new_uow, people) -> str:
    """A case with two defendants, one abroad, after a freeze before the suit."""
    del people
    with new_uow() as uow:
        loan = a_loan(uow)
        number = service.open_case(
            uow,
            OpenCase(loan_no=loan.loan_no, court="某法院", opened_on=date(2026, 5, 20)),
        ).case_no
        measures.register_measure(
            uow,
            RegisterMeasure(
                loan_no=loan.loan_no,
                case_no=number,
                **{**FREEZE, "phase": "pre_litigation", "effective_on": date(2026, 6, 1)},
            ),
        )
        recording.keep_party(
            uow, KeepParty(case_no=number, role="defendant", name="卫南乔", abroad=True)
        )
    return number


def page(reply) -> str:
    return reply.get_data(as_text=True)


def ids(new_uow, case_no) -> list[str]:
    with new_uow() as uow:
        return [str(one.id) for one in queries.parties_of(uow, queries.get_case(uow, case_no))]


def test_a_case_is_walked_from_the_freeze_to_the_enforcement(browser, new_uow, case_no):
    one = browser("legal")
    bank, borrower, abroad = ids(new_uow, case_no)

    def add(kind, day, **more):
        values = {"kind": kind, "happened_on": day, **FIRST, **more}
        reply = one.post(f"/cases/{case_no}/events", values)
        assert reply.status_code == 302, re.findall(r'class="err".*', page(reply))
        return page(one.get(f"/cases/{case_no}"))

    text = add("prelitigation_measure", "2026.6.1", procedure="preservation", court_case_no="")
    assert "2026-07-01" in text  # sue within thirty days
    assert "第一百零四条第三款" in text
    text = add("complaint_received", "2026年6月10日", stage="filed")
    text = add("fee_notice", "2026-06-12", court_date="2026-06-18")
    assert "文书载明 2026-06-18，推算为 2026-06-22" in text
    text = add("docketed", "2026-06-22", stage="docketed")
    assert "法院的期限" in text
    for party, day in ((borrower, "2026-07-01"), (abroad, "2026-07-03")):
        text = add("complaint_served", day, party_id=party)
    assert "2026-07-16" in text  # fifteen days to defend
    assert "2026-08-03" in text  # thirty days abroad, moved from a Sunday
    text = add("hearing", "2026-09-08", hour="９:30", stage="trial", note="第五法庭")
    assert "09:30" in text
    for party, day in ((bank, "2026-09-18"), (borrower, "2026-09-20"), (abroad, "2026-09-20")):
        text = add(
            "judgment_served", day, party_id=party, stage="" if party != bank else "judged"
        )
    for words in ("2026-10-08", "2026-10-20", "第一百七十一条第一款", "第二百八十六条"):
        assert words in text
    assert "2026-10-21" in text  # effective the day after the last appeal period
    text = add("effective", "2026-10-21", stage="effective")
    text = add("performance_period_over", "2026-10-31")
    assert "2028-10-31" in text  # two years to apply for enforcement
    text = add(
        "enforcement_applied", "2026-11-03", procedure="enforcement", court_case_no="", stage=""
    )
    text = add(
        "enforcement_docketed",
        "2026-11-05",
        procedure="enforcement",
        court_case_no="（2026）苏0102执402号",
        stage="enforcement",
    )
    assert "执行中" in text
    assert "（2026）苏0102执402号" in text
    printed = page(one.get(f"/cases/{case_no}/print"))
    assert printed.count("《民事诉讼法》") > 5
    assert "卫南乔" in printed


def test_a_proposal_is_accepted_or_corrected_with_a_reason(browser, new_uow, case_no):
    one = browser("legal")
    bank, *_ = ids(new_uow, case_no)
    one.post(
        f"/cases/{case_no}/events", {"kind": "docketed", "happened_on": "2026-09-01", **FIRST}
    )
    reply = one.post(
        f"/cases/{case_no}/events",
        {"kind": "judgment_served", "happened_on": "2026-11-18", "party_id": bank, **FIRST},
    )
    event_id = reply.location.rpartition("#event-")[2]
    text = page(one.get(f"/cases/{case_no}"))
    assert "提起上诉" in text
    assert "待确认" in text
    path = f"/cases/{case_no}/events/{event_id}"
    where = {"rule": "R-B21", "act": "提起上诉"}
    form = one.get(f"{path}/period", query_string=where)
    assert "2026-12-03" in page(form)
    refused = one.post(
        f"{path}/period", {"verdict": "corrected", "day": "2026-12-01"}, query_string=where
    )
    assert refused.status_code == 422
    refused = one.post(
        f"{path}/period", {"verdict": "corrected", "reason": "文书"}, query_string=where
    )
    assert "请填写正确的日期" in page(refused)
    assert one.post(f"{path}/accept", where).status_code == 302
    assert f"/events/{event_id}/accept" not in page(one.get(f"/cases/{case_no}"))


def test_a_correction_is_previewed_before_it_is_saved(browser, new_uow, case_no):
    one = browser("legal")
    reply = one.post(
        f"/cases/{case_no}/events",
        {"kind": "fee_notice", "happened_on": "2026-11-18", **FIRST},
    )
    event_id = reply.location.rpartition("#event-")[2]
    path = f"/cases/{case_no}/events/{event_id}/correction"
    form = {"happened_on": "2026-11-19", "reason": "看错"}
    text = page(one.post(path, form))
    assert "2026-11-25" in text
    assert "2026-11-26" in text
    assert "确认更正" in text
    with new_uow() as uow:
        assert len(queries.get_case(uow, case_no).events) == 1
    assert one.post(path, {**form, "confirm": "yes"}).status_code == 302
    text = page(one.get(f"/cases/{case_no}"))
    assert 'class="struck"' in text
    assert "删划：看错" in text
    assert one.post(path, form).status_code == 404  # it is struck


def test_an_impossible_event_is_refused_beside_its_field(browser, case_no):
    one = browser("legal")
    reply = one.post(
        f"/cases/{case_no}/events", {"kind": "docketed", "happened_on": "2027.1.5", **FIRST}
    )
    assert reply.status_code == 422
    text = page(reply)
    assert 'aria-describedby="happened_on-err"' in text
    assert "只有开庭、宣判、拍卖等期日可以预先登记" in text
    reply = one.post(
        f"/cases/{case_no}/events",
        {
            "kind": "docketed",
            "happened_on": "2026.11.5",
            "procedure": "first",
            "court_case_no": "民初12",
        },
        follow_redirects=True,
    )
    assert "不是可识别的案号" in page(reply)


def test_every_step_has_a_page_and_a_reader_changes_nothing(browser, case_no):
    one = browser("legal")
    reply = one.post(
        f"/cases/{case_no}/events", {"kind": "hearing", "happened_on": "2026-12-10", **FIRST}
    )
    event_id = reply.location.rpartition("#event-")[2]
    for path in (
        "events",
        f"events/{event_id}/correction",
        f"events/{event_id}/strike",
        "procedures/new",
        "procedures/1",
        "parties",
        "print",
    ):
        assert one.get(f"/cases/{case_no}/{path}").status_code == 200, path
    text = page(browser("auditor").get(f"/cases/{case_no}"))
    assert "登记事件" not in text
    assert "采纳" not in text
    text = page(one.get("/cases/hearings"))
    assert "2026-12-10 周四" in text
    assert (
        one.post(f"/cases/{case_no}/events/{event_id}/strike", {"reason": ""}).status_code
        == 422
    )
    one.post(f"/cases/{case_no}/events/{event_id}/strike", {"reason": "改期"})
    assert "没有排定的开庭" in page(one.get("/cases/hearings"))


def test_parties_and_procedures_by_form(browser, new_uow, case_no):
    one = browser("legal")
    assert one.post(f"/cases/{case_no}/parties", {"name": ""}).status_code == 422
    one.post(f"/cases/{case_no}/parties", {"name": "某公司", "role": "third_party"})
    _, borrower, *_ = ids(new_uow, case_no)
    one.post(f"/cases/{case_no}/parties/{borrower}", {"abroad": "yes"})
    reply = one.post(
        f"/cases/{case_no}/procedures/new",
        {
            "kind": "second",
            "court": "某中院",
            "track": "ordinary",
            "court_case_no": "（2026）苏01民终77号",
            f"title-{borrower}": "上诉人",
        },
    )
    assert reply.status_code == 302
    text = page(one.get(f"/cases/{case_no}"))
    assert "某公司" in text
    assert text.count("境内无住所</span>") == 2
    with new_uow() as uow:
        (row,) = queries.get_case(uow, case_no).procedures
        assert [one.title for one in row.members] == ["上诉人"]
    assert "上诉人：" in text


def test_a_paper_is_served_on_somebody_and_the_stage_follows_the_event(
    browser, new_uow, case_no
):
    one = browser("legal")
    steps = (("complaint_received", "2026-09-01"), ("docketed", "2026-09-04"))
    for kind, day in steps:
        one.post(f"/cases/{case_no}/events", {"kind": kind, "happened_on": day, **FIRST})
    with new_uow() as uow:
        assert queries.get_case(uow, case_no).stage == "docketed"
    reply = one.post(
        f"/cases/{case_no}/events",
        {"kind": "judgment_served", "happened_on": "2026-11-18", **FIRST},
    )
    assert reply.status_code == 422
    assert 'aria-describedby="party_id-err"' in page(reply)
    with new_uow() as uow:
        assert len(queries.get_case(uow, case_no).events) == 2


def test_the_list_narrows_by_stage_and_word(browser, case_no):
    one = browser("legal")
    assert case_no in page(one.get("/cases?stage=prepared&q=JJ2025"))
    assert "没有案件" in page(one.get("/cases?stage=closed"))


def test_an_hour_that_no_clock_shows_is_refused(browser, case_no):
    reply = browser("legal").post(
        f"/cases/{case_no}/events",
        {"kind": "hearing", "happened_on": "2026-12-10", "hour": "25:70", **FIRST},
    )
    assert reply.status_code == 422
    assert "时刻请写成 09:30" in page(reply)


def test_persons_are_shown_by_name_never_by_user_name(browser, new_uow, case_no):
    with new_uow() as uow:
        queries.get_case(uow, case_no).owner = "legal"
        name = users.by_name(uow, "legal").display_name
    assert name != "legal"
    one = browser("auditor")
    for path in ("/cases", f"/cases/{case_no}", f"/cases/{case_no}/print"):
        text = page(one.get(path))
        assert name in text, path
        assert "主办 legal" not in text
        assert "<td>legal</td>" not in text
    text = page(one.get("/preservation?view=table"))
    assert name in text
    assert "<td>legal</td>" not in text


def test_what_was_over_long_ago_is_folded_away_the_day_after(browser, new_uow, case_no):
    one = browser("legal")
    form = {"kind": "fee_notice", "happened_on": "2026-06-10", **FIRST}
    one.post(f"/cases/{case_no}/events", form)
    assert "已届满、尚未确认的期限" not in page(one.get(f"/cases/{case_no}"))
    with new_uow() as uow:
        event = queries.get_case(uow, case_no).events[-1]
        event.recorded_at -= timedelta(days=1)
    text = page(one.get(f"/cases/{case_no}"))
    assert "已届满、尚未确认的期限" in text
    folded = text[text.index("已届满、尚未确认的期限") :]
    assert "预交案件受理费" in folded  # still there to accept or refuse


def test_what_is_done_is_no_clock_any_more(browser, new_uow, case_no):
    one = browser("legal")
    bank, *_ = ids(new_uow, case_no)
    steps = (
        ("docketed", "2026-09-01", {}),
        ("judgment_served", "2026-11-18", {"party_id": bank}),
        ("appeal_filed", "2026-11-20", {"party_id": bank}),
    )
    for kind, day, more in steps:
        form = {"kind": kind, "happened_on": day, **FIRST, **more}
        assert one.post(f"/cases/{case_no}/events", form).status_code == 302
    text = page(one.get(f"/cases/{case_no}"))
    assert "已办 2026-11-20" in text
    assert "2026-12-03" in text  # the day stays on the docket
