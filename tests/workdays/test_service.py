"""The working-day table: seed, import, correction, and the calendar that comes out."""

from datetime import date
from io import BytesIO

import pytest
import xlsxwriter
from sqlalchemy import select

from postloan_archive.kernel.calendar import DayKind
from postloan_archive.workdays.models import WorkdayYear
from postloan_archive.workdays.notice import NoticeDay, NoticeDayError, TableRowError
from postloan_archive.workdays.seed import published_calendar, published_days
from postloan_archive.workdays.service import (
    LARGEST_TABLE,
    ChangeDay,
    EditionRaceError,
    ImportYear,
    TableFileError,
    YearGapError,
    YearNotFoundError,
    change_day,
    import_year,
    load_calendar,
    notice_is_missing,
    preview_year,
    read_notice_file,
    read_notice_text,
    seed_years,
    year_days,
)

SPRING = tuple(
    NoticeDay(day=date(2027, 2, number), kind=DayKind.REST, name="春节")
    for number in range(5, 12)
)
WORKED = NoticeDay(day=date(2027, 2, 13), kind=DayKind.WORK, name="春节")


def coming(**changes):
    """The arrangement of 2027, shortened."""
    usual = {"year": 2027, "days": (*SPRING, WORKED), "source": "国办发明电〔2026〕7号"}
    return ImportYear(**{**usual, **changes})


def workbook(rows):
    stream = BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    stream.seek(0)
    return stream


def test_an_empty_table_falls_back_to_the_package(new_uow):
    with new_uow() as uow:
        assert load_calendar(uow.session) == published_calendar()


def test_the_seed_fills_every_published_year_once_and_changes_no_day(new_uow):
    with new_uow() as uow:
        assert seed_years(uow) == len(published_days())
    with new_uow() as uow:
        assert seed_years(uow) == 0
        assert load_calendar(uow.session) == published_calendar()
        assert len(list(uow.session.scalars(select(WorkdayYear)))) == len(published_days())


def test_an_imported_year_moves_the_horizon_and_names_its_source(new_uow):
    with new_uow() as uow:
        import_year(uow, coming())
    with new_uow() as uow:
        calendar = load_calendar(uow.session)
    assert calendar.loaded_until == date(2027, 12, 31)
    assert calendar.is_workday(date(2027, 2, 8)) is False
    assert calendar.is_workday(date(2027, 2, 13)) is True
    assert calendar.is_workday(date(2027, 2, 15)) is True
    assert "2027第1版（国办发明电〔2026〕7号）" in calendar.edition
    assert calendar.legal_day(date(2027, 2, 8)) == (date(2027, 2, 12), False)


def test_a_preview_shows_the_calendar_and_stores_nothing(new_uow):
    with new_uow() as uow:
        assert preview_year(uow.session, coming()).loaded_until == date(2027, 12, 31)
    with new_uow() as uow:
        assert load_calendar(uow.session).loaded_until == date(2026, 12, 31)


def test_a_notice_may_turn_the_last_days_of_the_year_before_into_rest(new_uow):
    bridge = NoticeDay(day=date(2026, 12, 31), kind=DayKind.REST, name="元旦")
    with new_uow() as uow:
        import_year(uow, coming(days=(bridge, *SPRING)))
    with new_uow() as uow:
        assert load_calendar(uow.session).is_workday(date(2026, 12, 31)) is False


def test_a_late_change_is_a_new_edition_and_the_old_one_stays(new_uow):
    with new_uow() as uow:
        import_year(uow, coming())
    with new_uow() as uow:
        changed = change_day(
            uow,
            ChangeDay(day=date(2027, 2, 12), kind=DayKind.REST, name="春节", source="补充通知"),
        )
        assert changed.edition == 2
    with new_uow() as uow:
        assert load_calendar(uow.session).is_workday(date(2027, 2, 12)) is False
        editions = uow.session.scalars(
            select(WorkdayYear.edition).where(WorkdayYear.year == 2027).order_by("edition")
        )
        assert list(editions) == [1, 2]


def test_an_exception_can_be_taken_away_again_even_in_a_year_of_the_package(new_uow):
    back = ChangeDay(day=date(2026, 5, 9), kind=DayKind.UNKNOWN, name="", source="核对原文")
    with new_uow() as uow:
        import_year(uow, coming())
        change_day(uow, back)
    with new_uow() as uow:
        calendar = load_calendar(uow.session)
        assert len(year_days(uow.session, 2026)) == len(published_days()[2026]) - 1
        assert calendar.is_workday(date(2026, 5, 9)) is False
        assert calendar.is_workday(date(2026, 5, 4)) is False
        assert calendar.is_workday(date(2026, 2, 14)) is True


@pytest.mark.parametrize("year", [2028, 2003])
def test_a_year_that_leaves_a_gap_is_refused(new_uow, year):
    days = (NoticeDay(day=date(year, 5, 1), kind=DayKind.REST),)
    with pytest.raises(YearGapError), new_uow() as uow:
        import_year(uow, coming(year=year, days=days))


def test_a_day_of_another_year_is_refused_and_nothing_is_stored(new_uow):
    strange = NoticeDay(day=date(2028, 5, 1), kind=DayKind.REST)
    with pytest.raises(NoticeDayError), new_uow() as uow:
        import_year(uow, coming(days=(*SPRING, strange)))
    with new_uow() as uow:
        assert load_calendar(uow.session) == published_calendar()


def test_of_two_people_who_import_the_same_year_the_second_is_told(new_uow):
    with new_uow() as uow:
        import_year(uow, coming(expected_edition=0))
    with pytest.raises(EditionRaceError), new_uow() as uow:
        import_year(uow, coming(expected_edition=0))


def test_the_days_of_a_year_come_from_the_table_or_the_package(new_uow):
    with new_uow() as uow:
        assert year_days(uow.session, 2026) == published_days()[2026]
        with pytest.raises(YearNotFoundError):
            year_days(uow.session, 2027)
        import_year(uow, coming())
        assert year_days(uow.session, 2027) == (*SPRING, WORKED)


@pytest.mark.parametrize(
    ("today", "missing"),
    [((2026, 9, 30), False), ((2026, 10, 1), True), ((2025, 12, 1), False)],
)
def test_from_october_on_the_next_notice_is_asked_for(new_uow, today, missing):
    with new_uow() as uow:
        assert notice_is_missing(uow.session, date(*today)) is missing


def test_a_notice_is_read_from_a_spreadsheet():
    rows = [["日期", "类型", "名称"], ["2027-02-05", "休", "春节"], ["2027.2.13", "班", "春节"]]
    assert read_notice_file(2027, workbook(rows)) == (SPRING[0], WORKED)
    with pytest.raises(TableRowError):
        read_notice_file(2027, workbook([["2027-02-05", "?", ""]]))


@pytest.mark.parametrize("data", [b"", b"not a spreadsheet", b"PK\x03\x04", b"0" * 1_000_001])
def test_a_file_that_is_no_spreadsheet_is_refused(data):
    assert LARGEST_TABLE == 1_000_000
    with pytest.raises(TableFileError):
        read_notice_file(2027, BytesIO(data))


def test_a_notice_is_read_from_text_or_from_lines():
    lines = "日期,类型,名称\n2027-02-05,休,春节\n\n2027-02-13，班，春节\n"
    assert read_notice_text(2027, lines) == (SPRING[0], WORKED)
    text = "二、春节：2月5日（周五）放假，共1天。2月13日（周六）上班。"
    assert read_notice_text(2027, text) == (SPRING[0], WORKED)
    with pytest.raises(TableRowError, match="第 1 行"):
        read_notice_text(2027, "2027-02-05,假,春节")
