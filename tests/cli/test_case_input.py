"""The docket from the command line: what people write is read, what is odd is said."""

import pytest

from tests.builders import a_loan


@pytest.fixture
def case_no(call, new_uow) -> str:
    with new_uow() as uow:
        loan_no = a_loan(uow).loan_no
    made = call("case", "create", "--loan", loan_no, "--court", "某法院",
                "--opened-on", "2026年9月1日", "--json")  # fmt: skip
    assert made.code == 0, made.out + made.error
    return made.rows[0]["case_no"]


def test_a_first_judgment_is_taken_with_warnings(call, case_no):
    moved = call("case", "event", case_no, "--kind", "judgment_served",
                 "--on", "2026.11.18", "--json")  # fmt: skip
    assert moved.code == 0
    said = " ".join(moved.rows[0]["warnings"])
    assert "“判决书送达”之前尚未登记“立案”" in said
    assert "没有写明送达了谁" in said
    plain = call("case", "show", case_no)
    assert plain.out.count("请核对：") == 2
    assert len(call("case", "show", case_no, "--json").rows[0]["warnings"]) == 2


def test_the_event_moves_the_case_and_days_are_read_as_people_write_them(call, case_no):
    steps = (
        ("complaint_received", "2026.9.1", "filed"),
        ("docketed", "２０２６年９月４日", "docketed"),
        ("fee_notice", "20260910", "docketed"),
    )
    for kind, day, stage in steps:
        done = call("case", "event", case_no, "--kind", kind, "--on", day,
                    "--procedure", "first",
                    "--court-case-no", "（2026）苏0102民初1203号", "--amount", "3.888万",
                    "--json")  # fmt: skip
        assert (done.code, done.rows[0]["stage"]) == (0, stage), done.out + done.error
    shown = call("case", "show", case_no, "--json").rows[0]
    assert [one["happened_on"] for one in shown["events"]] == [
        "2026-09-01", "2026-09-04", "2026-09-10",
    ]  # fmt: skip
    (said,) = shown["warnings"]  # no paper proves the filing
    assert "R-D04" in said["text"]


@pytest.mark.parametrize(
    ("options", "code", "words"),
    [
        (("--kind", "docketed", "--on", "2199-11-25"), 1, "晚于今天"),
        (("--kind", "docketed", "--on", "2026-02-30"), 2, "不是可识别的日期"),
        (("--kind", "docketed", "--on", "²"), 2, "不是可识别的日期"),
        (
            ("--kind", "fee_notice", "--on", "2026-9-1", "--amount", "1e5"),
            2,
            "不是可识别的金额",
        ),
        (
            ("--kind", "fee_notice", "--on", "2026-9-1", "--court-date", "2026.8.1"),
            1,
            "早于发生日",
        ),
        (("--kind", "fee_notice", "--on", "2026-9-1", "--procedure", "x"), 2, ""),
        (("--kind", "fee_notice", "--on", "2026-9-1", "--party", "99"), 1, "没有编号为 99"),
        (("--kind", "fee_notice", "--on", "2026-9-1", "--document", "99"), 1, ""),
    ],
)
def test_what_cannot_be_is_refused(call, case_no, options, code, words):
    done = call("case", "event", case_no, *options)
    assert done.code == code, done.out + done.error
    assert words in done.out + done.error
    assert call("case", "show", case_no, "--json").rows[0]["events"] == []


def test_service_before_filing_is_refused(call, case_no):
    call("case", "event", case_no, "--kind", "docketed", "--on", "2026-9-4")
    done = call("case", "event", case_no, "--kind", "complaint_served", "--on", "2026-9-3",
                "--party", "2")  # fmt: skip
    assert done.code == 1
    assert "《民事诉讼法》第一百二十八条" in done.error


def test_a_public_notice_and_a_stated_day_from_the_command_line(call, case_no):
    for kind, day in (("complaint_received", "2026-9-1"), ("docketed", "2026-9-4")):
        call("case", "event", case_no, "--kind", kind, "--on", day)
    done = call("case", "event", case_no, "--kind", "complaint_served", "--on", "2026-9-10",
                "--mode", "public_notice", "--party", "2", "--json")  # fmt: skip
    assert done.code == 0, done.error
    stated = call("case", "event", case_no, "--kind", "fee_notice", "--on", "2026-9-10",
                  "--court-date", "2026年9月20日", "--json").rows[0]  # fmt: skip
    assert [one["on"] for one in stated["deadlines"]] == ["2026-09-20"]


def test_a_case_about_two_loans_from_the_command_line(call, new_uow):
    with new_uow() as uow:
        first = a_loan(uow)
        second = a_loan(
            uow, customer_id=first.customer_id, loan_no="JJ2025-0002", contract_no="借字第2号"
        ).loan_no
    made = call("case", "create", "--loan", "JJ2025-0001", "--loan", second,
                "--court", "某法院", "--json").rows[0]  # fmt: skip
    assert made["loan_nos"] == ["JJ2025-0001", second]
    number = made["case_no"]
    out = call("case", "take-out", number, "--loan", second, "--reason", "另案起诉")
    assert (out.code, second in out.out) == (0, False)
    assert call("case", "join", number, "--loan", second, "--json").rows[0]["loan_nos"][1:] == [
        second
    ]
    again = call("case", "join", number, "--loan", second)
    assert again.code != 0
    assert "已在本案中" in again.error
