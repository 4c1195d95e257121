"""Reading the yearly notice: text, lines, table (R-K06)."""

from datetime import date, datetime

import pytest

from postloan_archive.kernel.calendar import DayKind
from postloan_archive.workdays.notice import (
    DoubleDayError,
    EmptyNoticeError,
    NoticeDay,
    NoticeDayError,
    NoticeSentenceError,
    NoticeWeekdayError,
    TableRowError,
    checked,
    lacking,
    read_notice,
    read_table,
)
from postloan_archive.workdays.seed import published_days

# The arrangement of 2026 in the words such notices use.
NOTICE_2026 = """
一、元旦：1月1日（周四）至3日（周六）放假调休，共3天。1月4日（周日）上班。
二、春节：2月15日（农历腊月二十八、周日）至23日（农历正月初七、周一）放假调休，共9天。2月14日（周六）、2月28日（周六）上班。
三、清明节：4月4日（周六）至6日（周一）放假，共3天。
四、劳动节：5月1日（周五）至5日（周二）放假调休，共5天。5月9日（周六）上班。
五、端午节：6月19日（周五）至21日（周日）放假，共3天。
六、中秋节：9月25日（周五）至27日（周日）放假，共3天。
七、国庆节：10月1日（周四）至7日（周三）放假调休，共7天。9月20日（周日）、10月10日（周六）上班。
"""


def days_of(found, kind):
    return {day.day for day in found if day.kind is kind}


def test_the_text_of_the_notice_gives_the_days_the_package_knows():
    found, known = read_notice(2026, NOTICE_2026), published_days()[2026]
    assert days_of(found, DayKind.WORK) == days_of(known, DayKind.WORK)
    assert days_of(found, DayKind.REST) == days_of(known, DayKind.REST)
    assert {day.name for day in found} >= {"元旦", "春节", "国庆节"}


@pytest.mark.parametrize(
    ("year", "text", "rest", "work"),
    [
        (
            2019,
            "2018年12月30日至2019年1月1日放假调休，共3天，2018年12月29日（星期六）上班。",
            [(2018, 12, 30), (2018, 12, 31), (2019, 1, 1)],
            [(2018, 12, 29)],
        ),
        (2019, "12月30日至1月1日放假", [(2018, 12, 30), (2018, 12, 31), (2019, 1, 1)], []),
        (2024, "1月1日放假，与周末连休。", [(2024, 1, 1)], []),
        (2023, "六、中秋节：9月29日、10月1日放假", [(2023, 9, 29), (2023, 10, 1)], []),
        (2027, "12月30日至31日放假", [(2027, 12, 30), (2027, 12, 31)], []),
        (2027, "12月30日至明年放假安排另行通知。１月１日放假", None, None),
    ],
)
def test_the_turn_of_the_year_and_single_days_are_read(year, text, rest, work):
    if rest is None:
        with pytest.raises(NoticeSentenceError):
            read_notice(year, text)
        return
    found = read_notice(year, text)
    assert days_of(found, DayKind.REST) == {date(*day) for day in rest}
    assert days_of(found, DayKind.WORK) == {date(*day) for day in work}


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("5月1日（周四）放假", NoticeWeekdayError),  # a Friday in 2026
        ("5月1日（星期天）放假", NoticeWeekdayError),
        ("2月30日放假", NoticeSentenceError),
        ("1日放假", NoticeSentenceError),  # no month
        ("5月5日至1日放假", NoticeSentenceError),
        ("5月1日至30日放假", NoticeSentenceError),
        ("5月1日放假，5月2日上班，5月2日放假", DoubleDayError),
        ("5月1日放假，5月8日上班", NoticeDayError),  # a Friday is worked anyway
        ("2028年5月1日放假", NoticeDayError),
        ("2025年11月30日放假", NoticeDayError),
        ("5月9日上班", EmptyNoticeError),
        ("各地区要做好值班。", EmptyNoticeError),
        ("", EmptyNoticeError),
    ],
)
def test_a_notice_that_cannot_be_right_is_refused(text, error):
    with pytest.raises(error):
        read_notice(2026, text)


def test_a_table_is_read_row_by_row():
    rows = [
        ["日期", "类型", "名称"],
        [date(2027, 2, 5), "休", "春节"],
        [datetime(2027, 2, 8), "放假", None],  # noqa: DTZ001 - as spreadsheets give it
        ["2027年2月13日", "班"],
        ["", None, ""],
        [],
    ]
    assert read_table(2027, rows) == (
        NoticeDay(day=date(2027, 2, 5), kind=DayKind.REST, name="春节"),
        NoticeDay(day=date(2027, 2, 8), kind=DayKind.REST),
        NoticeDay(day=date(2027, 2, 13), kind=DayKind.WORK),
    )


@pytest.mark.parametrize("row", [["2027-02-05", "假", "春节"], ["下周", "休", "春节"]])
def test_a_row_that_cannot_be_read_is_named(row):
    with pytest.raises(TableRowError, match="第 2 行"):
        read_table(2027, [["日期", "类型", "名称"], row])


def test_a_day_named_twice_alike_counts_once():
    day = NoticeDay(day=date(2027, 1, 1), kind=DayKind.REST)
    assert checked(2027, [day, day]) == (day,)


def test_every_year_of_the_package_is_an_arrangement():
    for year, days in published_days().items():
        assert checked(year, days) == days


def test_a_whole_notice_lacks_nothing_and_a_part_is_said():
    whole = read_notice(2026, NOTICE_2026)
    assert lacking(2026, whole) == ()
    (said,) = lacking(2026, [day for day in whole if day.day.month != 10])
    assert said.facts["names"] == "国庆节"
    (said,) = lacking(2026, [day for day in whole if day.name != "端午节"])
    assert said.facts["names"] == "端午"
    assert lacking(2019, ()) == ()  # another edition of the measures
