"""The sentence on bad input of the docket, through page and API alike: refused or warned.

Today is 24 November 2026.
"""

import io
from datetime import date

import pytest

from postloan_archive.archive import service as archive
from postloan_archive.archive.service import FileMade
from postloan_archive.cases import cautions, queries, recording, service
from postloan_archive.cases.recording import KeepParty, KeepProcedure
from postloan_archive.cases.rules.docket import PER_PARTY
from postloan_archive.cases.rules.events import Event
from postloan_archive.cases.rules.order import NEEDS
from postloan_archive.cases.service import AddEvent, OpenCase
from tests.builders import a_loan
from tests.web.people import *  # noqa: F403 - fixtures shared by several folders

NUMBER = "（2026）苏0102民初1203号"
FIRST = {"procedure": "first", "court_case_no": NUMBER}


@pytest.fixture
def case_no(new_uow, people) -> str:
    del people
    with new_uow() as uow:
        loan = a_loan(uow, due_on=date(2026, 5, 24))
        return service.open_case(
            uow, OpenCase(loan_no=loan.loan_no, court="某法院", opened_on=date(2026, 9, 1))
        ).case_no


@pytest.fixture
def party(new_uow, case_no) -> int:
    with new_uow() as uow:
        return queries.parties_of(uow, queries.get_case(uow, case_no))[0].id


def text_of(reply) -> str:
    return reply.get_data(as_text=True)


@pytest.fixture
def on_page(browser, case_no):
    """Record an event by the form; its status and the page that follows."""
    one = browser("legal")

    def sent(**values):
        path = f"/cases/{case_no}/events"
        reply = one.post(path, {key: str(value) for key, value in values.items()})
        page = one.get(f"/cases/{case_no}") if reply.status_code == 302 else reply
        return reply.status_code, text_of(page)

    return sent


@pytest.fixture
def by_api(program, case_no):
    """Record an event by the API; its status and the JSON."""
    one = program("legal")

    def sent(**values):
        reply = one.post(f"/api/v1/cases/{case_no}/events", json=values)
        return reply.status_code, reply.get_json()

    return sent


@pytest.fixture
def begun(by_api):
    for kind, day in (("complaint_received", "2026-09-01"), ("docketed", "2026-09-04")):
        assert by_api(kind=kind, happened_on=day, stage_follows=True, **FIRST)[0] == 201


def test_a_first_judgment_is_taken_with_words_that_stay(
    on_page, by_api, browser, case_no, party
):
    status, page = on_page(
        kind="judgment_served", happened_on="2026-11-18", party_id=party, **FIRST
    )
    assert status == 302
    assert page.count("“判决书送达”之前尚未登记“立案”") == 1
    assert "（R-B21 《民事诉讼法》第一百五十一条（参考））" in page
    assert "案件仍处于“准备”" in page
    again = text_of(browser("legal").get(f"/cases/{case_no}"))
    assert again.count("“判决书送达”之前尚未登记“立案”") == 1
    assert "之前尚未登记" in text_of(browser("legal").get(f"/cases/{case_no}/print"))
    for kind, day in (("complaint_received", "2026-09-01"), ("docketed", "2026-09-04")):
        assert by_api(kind=kind, happened_on=day, **FIRST)[0] == 201
    assert "之前尚未登记" not in text_of(browser("legal").get(f"/cases/{case_no}"))


@pytest.mark.usefixtures("people")
def test_the_api_says_what_is_odd(by_api, program, case_no):
    status, body = by_api(kind="judgment_served", happened_on="2026年11月18日", **FIRST)
    assert status == 201
    said = " ".join(body["warnings"])
    assert "“判决书送达”之前尚未登记“立案”" in said
    assert "没有写明送达了谁" in said
    shown = program("legal").get(f"/api/v1/cases/{case_no}").get_json()
    assert {one["event_id"] for one in shown["gaps"]} == {body["event_id"]}


@pytest.mark.parametrize("kind", sorted(kind for kind, need in NEEDS.items() if need.missed))
def test_nothing_that_needs_a_forerunner_is_taken_in_silence(new_uow, case_no, kind):
    with new_uow() as uow:
        cmd = AddEvent(case_no=case_no, kind=kind, happened_on=date(2026, 11, 2))
        event = service.add_event(uow, cmd)
        case = queries.get_case(uow, case_no)
        (first, *_) = cautions.of_event(uow, case, event)
        assert "尚未登记" in str(first)
        assert str(NEEDS[kind].basis) in str(first)
        assert (event.id, first) in cautions.standing(case)


@pytest.mark.parametrize("kind", sorted(PER_PARTY))
def test_a_paper_served_on_nobody_is_said_for_good(new_uow, case_no, kind):
    with new_uow() as uow:
        event = service.add_event(
            uow, AddEvent(case_no=case_no, kind=kind, happened_on=date(2026, 11, 2))
        )
        said = [str(one) for id_, one in cautions.standing(queries.get_case(uow, case_no))]
    assert any("没有写明送达了谁" in text and "R-A17" in text for text in said)
    assert event.id


REFUSED = [
    # service before filing, whatever way the days are written
    ("complaint_served", "2026.8.30", {}, "happened_on", "第一百二十八条"),
    ("complaint_served", "２０２６年８月３０日", {}, "happened_on", "第一百二十八条"),
    ("judgment_served", "2026/9/1", {}, "happened_on", "第一百五十一条"),
    ("docketed", "2026-09-05", {"procedure": "first"}, "kind", "不能再登记一次"),
    # the future, and a slip of the year
    ("evidence_notice", "2026-11-25", {}, "happened_on", "晚于今天"),
    ("hearing", "2206-12-01", {}, "happened_on", "请核对年份"),
    ("note", "2026-11-25", {}, "happened_on", "晚于今天"),
    # what a paper cannot state
    ("fee_notice", "2026-09-10", {"court_date": "2026.9.1"}, "court_date", "第八十五条第二款"),
    # no date, no amount
    ("fee_notice", "2026-02-30", {}, "happened_on", "不是可识别的日期"),
    ("fee_notice", "26.9.10", {}, "happened_on", "不是可识别的日期"),
    ("fee_notice", "²", {}, "happened_on", "不是可识别的日期"),
    ("fee_notice", "2026-09-10", {"amount": "1.23E+5"}, "amount", "不是可识别的金额"),
    ("fee_notice", "2026-09-10", {"amount": "-5"}, "amount", "不是可识别的金额"),
    ("fee_notice", "2026-09-10", {"amount": "三千"}, "amount", "不是可识别的金额"),
]


@pytest.mark.usefixtures("begun")
@pytest.mark.parametrize(("kind", "day", "more", "field", "words"), REFUSED)
def test_what_cannot_be_is_refused_beside_its_field(  # noqa: PLR0917 - one row of the table
    on_page, by_api, new_uow, case_no, party, kind, day, more, field, words
):
    values = {"kind": kind, "happened_on": day, "party_id": party, **more}
    status, page = on_page(**values)
    assert (status, f'aria-describedby="{field}-err"' in page) == (422, True)
    assert words in page
    status, body = by_api(**values)
    assert status in {409, 422}
    assert words in body["detail"] + str(body["basis"]) + str(body["next_step"])
    with new_uow() as uow:
        assert len(queries.get_case(uow, case_no).events) == 2


@pytest.mark.usefixtures("begun")
@pytest.mark.parametrize(
    "day", ["2026-09-20", "2026.9.20", "2026年9月20日", "２０２６－９－２０"]
)
@pytest.mark.parametrize(
    "amount", ["38880.50", "3.88805万", "３８，８８０．５０", "￥38,880.50元"]
)
def test_days_and_amounts_are_read_as_people_write_them(
    by_api, on_page, new_uow, case_no, day, amount
):
    values = {
        "kind": "fee_notice",
        "happened_on": day,
        "amount": amount,
        "court_date": "2026.9.28",
    }
    assert on_page(**values)[0] == 302
    assert by_api(**values)[0] == 201
    with new_uow() as uow:
        found = queries.get_case(uow, case_no).events[-2:]
        assert {(row.happened_on, str(row.amount)) for row in found} == {
            (date(2026, 9, 20), "38880.50")
        }


@pytest.mark.usefixtures("begun")
def test_there_is_one_judgment_for_a_party_wherever_it_is_entered(by_api, on_page, party):
    one = {"kind": "judgment_served", "party_id": party}
    assert by_api(happened_on="2026-11-10", **one)[0] == 201  # no procedure: the first instance
    status, body = by_api(happened_on="2026-11-12", **one, **FIRST)
    assert (status, body["code"]) == (409, "SecondEvent")
    status, page = on_page(happened_on="2026-11-12", **one, **FIRST)
    assert (status, "不能再登记一次" in page) == (422, True)
    second = {"procedure": "second", "court_case_no": "（2026）苏01民终77号"}
    assert by_api(happened_on="2026-11-20", **one, **second)[0] == 201


ODD_NUMBERS = [
    ("first", "（2026）苏O102民初1203号", "法院代字或格式有误"),
    ("first", "（2026）火0102民初1203号", "法院代字或格式有误"),
    ("first", "民初12", "不是可识别的案号"),
    ("first", "（2026）苏9999民初12号", "法院代字“苏9999”第一次在本系统登记"),
    ("first", "（2027）苏0102民初12号", "案号年度 2027 晚于发生日"),
    ("second", "（2026）苏0102民初99号", "案号类型“民初”与二审程序不符"),
    ("enforcement", "（2026）苏0102民初98号", "案号类型“民初”与执行程序不符"),
]


@pytest.mark.usefixtures("begun")
@pytest.mark.parametrize(("procedure", "number", "words"), ODD_NUMBERS)
def test_an_odd_number_is_said_with_its_rule(
    on_page, new_uow, case_no, procedure, number, words
):
    values = {"kind": "note", "happened_on": "2026-11-02", "court_case_no": number}
    status, page = on_page(**values, procedure=procedure)
    assert (status, words in page) == (302, True)
    assert "R-J04" in page
    with new_uow() as uow:
        case = queries.get_case(uow, case_no)
        kept = case.procedures[-1]
        assert any(words in str(one) for one in cautions.of_number(uow, case, kept, number))


@pytest.mark.usefixtures("begun")
@pytest.mark.parametrize(("procedure", "number", "words"), ODD_NUMBERS)
def test_the_api_says_it_of_a_number_too(by_api, procedure, number, words):
    values = {"kind": "note", "happened_on": "2026-11-02", "court_case_no": number}
    status, body = by_api(**values, procedure=procedure)
    assert status == 201
    assert any(words in text and "R-J04" in text for text in body["warnings"])


@pytest.mark.usefixtures("begun")
def test_full_width_digits_of_a_number_are_read(by_api, new_uow, case_no):
    number = "（２０２６）苏０１０２民初９号"
    by_api(
        kind="note", happened_on="2026-11-02", procedure="preservation", court_case_no=number
    )
    with new_uow() as uow:
        kept = queries.get_case(uow, case_no).procedures[-1]
    assert kept.court_case_no == "（2026）苏0102民初9号"


@pytest.mark.usefixtures("begun")
def test_one_code_belongs_to_one_court(new_uow, case_no):
    with new_uow() as uow:
        kept = recording.keep_procedure(
            uow,
            KeepProcedure(
                case_no=case_no,
                kind="first",
                court="别的法院",
                court_case_no="（2026）苏0102民初8号",
            ),
        )
        (said,) = cautions.of_number(
            uow, queries.get_case(uow, case_no), kept, "（2026）苏0102民初8号"
        )
    assert "此前登记的是某法院，本次写的是别的法院" in str(said)


@pytest.mark.usefixtures("begun")
@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"opened_on": "2026.11.1", "closed_on": "2026.10.1"}, "前后颠倒"),
        ({"opened_on": "2026-11-25"}, "晚于今天"),
        ({"opened_on": "²"}, "不是可识别的日期"),
        ({"kind": "²"}, ""),
    ],
)
def test_a_procedure_with_days_that_cannot_be_is_refused(browser, case_no, values, words):
    form = {"kind": "second", "court": "某中院", "track": "ordinary", **values}
    reply = browser("legal").post(f"/cases/{case_no}/procedures/new", form)
    assert reply.status_code == 422
    assert words in text_of(reply)


@pytest.mark.usefixtures("begun")
@pytest.mark.parametrize(
    ("day", "words"),
    [
        ("2026-07-01", "早于发生日"),
        ("2206-07-01", "请核对年份"),
        ("2026.2.30", "不是可识别的日期"),
        ("", "请填写正确的日期"),
    ],
)
def test_a_corrected_last_day_that_cannot_be_is_refused(browser, by_api, case_no, day, words):
    event_id = by_api(kind="fee_notice", happened_on="2026-09-10")[1]["event_id"]
    path = f"/cases/{case_no}/events/{event_id}/period?rule=R-B03&act=预交案件受理费"
    reply = browser("legal").post(path, {"verdict": "corrected", "day": day, "reason": "文书"})
    assert (reply.status_code, words in text_of(reply)) == (422, True)


@pytest.mark.usefixtures("case_no")
def test_a_paper_of_another_loan_proves_nothing_here(by_api, new_uow):
    with new_uow() as uow:
        other = a_loan(uow, loan_no="JJ2025-0002", contract_no="HT2025-0002")
        from_elsewhere = archive.file_made(
            uow,
            FileMade(
                loan_id=other.id,
                item_code="BQ08",
                name="收件凭证.pdf",
                title="收件凭证",
                stream=io.BytesIO(b"%PDF-1.4"),
            ),
        ).id
    status, body = by_api(
        kind="complaint_received", happened_on="2026-09-01", document_id=from_elsewhere
    )
    assert (status, body["code"], body["field"]) == (422, "PaperElsewhere", "document_id")


def test_an_event_before_the_loan_is_said(by_api):
    status, body = by_api(kind="complaint_received", happened_on="2016-09-01")
    assert status == 201
    assert any("早于放款日" in text for text in body["warnings"])


@pytest.mark.usefixtures("begun")
def test_an_event_of_another_procedure_is_said(by_api):
    body = by_api(kind="enforcement_docketed", happened_on="2026-11-02", procedure="first")[1]
    assert any("登记在了一审程序，它属于执行程序" in text for text in body["warnings"])


@pytest.mark.usefixtures("begun")
def test_a_hearing_of_the_second_instance_leaves_it_there(by_api, party):
    by_api(
        kind="judgment_served",
        happened_on="2026-11-01",
        party_id=party,
        stage_follows=True,
        **FIRST,
    )
    by_api(kind="appeal_filed", happened_on="2026-11-02", stage_follows=True, **FIRST)
    second = {"procedure": "second", "court_case_no": "（2026）苏01民终77号"}
    body = by_api(kind="hearing", happened_on="2026-12-02", stage_follows=True, **second)[1]
    assert body["stage"] == "appealed"


def test_a_party_and_a_number_that_no_page_offers_are_refused(
    on_page, by_api, case_no, browser
):
    for values in ({"party_id": "²"}, {"party_id": "999999"}, {"kind": "x"}, {"mode": "x"}):
        form = {"kind": "fee_notice", "happened_on": "2026-11-02", **values}
        assert on_page(**form)[0] == 422
    assert by_api(kind="fee_notice", happened_on="2026-11-02", party_id=99)[0] == 404
    assert by_api(kind="fee\0", happened_on="2026-11-02")[0] == 422
    one = browser("legal")
    for path in (
        "/cases?next=²&page=²",
        "/cases?q=%00",
        f"/cases/{case_no}?procedure=²",
        "/cases/²",
    ):
        assert one.get(path).status_code < 500


def test_a_name_of_a_party_of_nothing_but_blanks_is_refused(new_uow, case_no):
    with pytest.raises(Exception, match="名称"), new_uow() as uow:
        recording.keep_party(uow, KeepParty(case_no=case_no, name=" \u3000"))
    assert Event.HEARING
