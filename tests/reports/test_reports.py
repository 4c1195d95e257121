"""Every report against figures counted by hand, its outputs opened again, its frozen copy."""

import io
from datetime import date, timedelta
from decimal import Decimal

import docx
import openpyxl
import pytest
from sqlalchemy import func, select, update

from postloan_archive.access import rights
from postloan_archive.access.models import Branch, User
from postloan_archive.db import new_session
from postloan_archive.kernel.actor import Actor
from postloan_archive.loans.models import Loan
from postloan_archive.loans.service import BookPayment, book_payment
from postloan_archive.reports import daily, jobs, service
from postloan_archive.reports.catalogue import REPORTS
from postloan_archive.reports.models import FrozenReport, LoanDay
from postloan_archive.reports.outputs import Head, chart, paper, workbook
from postloan_archive.reports.service import (
    FrozenReportChangedError,
    FrozenReportNotFoundError,
    ReportForbiddenError,
)
from postloan_archive.reports.wanted import Wanted
from postloan_archive.sheets import Bar, Column, Kind, Table, share, sums
from tests.reports.conftest import TODAY, refresh

MONTH = Wanted(since=TODAY.replace(day=1), until=TODAY)
pytestmark = pytest.mark.usefixtures("ledger")


def actor_of(system, people, name):
    with new_session(system.engine) as session:
        user = session.get(User, people[name])
        return rights.actor_for(user, rights.chosen(rights.posts_of(session, user.id), ""))


def test_ageing_counts_each_loan_once(new_uow):
    with new_uow() as uow:
        table = service.make(uow, "ageing", MONTH)
    counts = {row[0]: row[1] for row in table.rows}
    assert counts == {
        "M0": 1, "M1": 2, "M2": 0, "M3": 1, "M4": 0, "M5": 0, "M6": 0, "M6+": 1,
    }  # fmt: skip
    assert table.foot[1] == 5
    assert table.foot[2] == Decimal("500000.00")
    assert table.rows[0][6] is None  # no day was noted: no comparison is invented
    assert "还没有上月末" in table.notes[0]


def test_ageing_compares_with_the_end_of_last_month(new_uow):
    end = date(2026, 10, 31)
    refresh(new_uow, end)
    with new_uow() as uow:
        assert daily.note_day(uow, end) == 5
    refresh(new_uow)
    with new_uow() as uow:
        table = service.make(uow, "ageing", MONTH)
    before = {row[0]: row[6] for row in table.rows}
    # On 31 October JJ2 and JJ9 were not due, JJ3 was 51 days late, JJ4 176.
    assert (before["M0"], before["M2"], before["M6"]) == (3, 1, 1)
    assert sum(before.values()) == 5


def test_a_branch_sees_its_own_figures(new_uow, system, people):
    with new_uow(actor_of(system, people, "other_branch")) as uow:
        table = service.make(uow, "ageing", MONTH)
    assert table.foot[1] == 1


def test_migration_counts_moves_up_and_down(new_uow):
    with new_uow() as uow:
        daily.note_day(uow, TODAY - timedelta(days=1))
        uow.session.execute(update(Loan).where(Loan.loan_no == "JJ4").values(risk_class="次级"))
        uow.session.execute(
            update(LoanDay)
            .where(
                LoanDay.loan_id
                == select(Loan.id).where(Loan.loan_no == "JJ3").scalar_subquery()
            )
            .values(risk_class="可疑")
        )
    with new_uow() as uow:
        table = service.make(uow, "migration", MONTH)
    day = [row for row in table.rows if row[0].startswith("昨日")]
    normal = next(row for row in day if row[1] == "正常")
    doubtful = next(row for row in day if row[1] == "可疑")
    assert normal[2:7] == (3, 0, 1, 0, 0)  # three stayed, one fell to 次级
    assert normal[7:10] == (0, 0, 1)  # left, up, down
    assert doubtful[7:10] == (0, 1, 0)
    assert normal[11] == Decimal(100_000)  # the balance of the one that fell
    assert any("上年末" in note for note in table.notes)


def test_npl_names_what_is_bad_should_be_and_is_about_to(new_uow):
    with new_uow() as uow:
        daily.note_day(uow, MONTH.since)
        uow.session.execute(update(Loan).where(Loan.loan_no == "JJ2").values(risk_class="次级"))
    with new_uow() as uow:
        table = service.make(uow, "npl", MONTH)
    kinds = {row[1]: row[0] for row in table.rows}
    assert kinds == {"JJ4": "应划入不良", "JJ3": "将进不良", "JJ2": "新增不良"}


def test_recovery_counts_what_came_in_on_loans_that_were_late(new_uow):
    with new_uow() as uow:
        for loan_no, day, amount in (
            ("JJ4", date(2026, 11, 1), Decimal(20_000)),  # the first day counts
            ("JJ4", date(2026, 11, 25), Decimal(1_000)),  # after the period
            ("JJ3", date(2026, 10, 31), Decimal(30_000)),  # before it: lowers the base
            ("JJ1", date(2026, 11, 24), Decimal(5_000)),  # was not late on the first day
        ):
            book_payment(
                uow,
                BookPayment(
                    loan_no=loan_no,
                    paid_on=day,
                    amount=amount,
                    to_principal=amount,
                    receipt_no=f"{loan_no}-{day}",
                ),
            )
    with new_uow() as uow:
        table = service.make(uow, "recovery", MONTH)
    assert table.foot[2] == 2
    assert table.foot[3] == Decimal("170000.00")
    assert table.foot[4] == Decimal("20000.00")
    assert table.foot[-1] == Decimal("11.76")


@pytest.mark.parametrize("key", sorted(REPORTS))
def test_every_report_opens_in_excel_and_word(key, new_uow):
    with new_uow() as uow:
        table = service.make(uow, key, MONTH)
        head = Head(
            title=REPORTS[key].label,
            period="本月",
            branch="全部机构",
            made_by="测试",
            made_at=uow.clock.now(),
        )
    sheet = openpyxl.load_workbook(io.BytesIO(workbook(table, head))).active
    headings = [cell.value for cell in sheet[3]]
    assert headings == [column.label for column in table.columns]
    assert sheet.max_row >= 3 + len(table.rows)
    document = docx.Document(io.BytesIO(paper(table, head)))
    assert len(document.tables[0].rows) == 1 + len(table.rows) + bool(table.foot and table.rows)
    assert document.paragraphs[0].text == head.title


def test_nothing_in_a_workbook_is_a_formula(new_uow):
    table = Table(columns=(Column(label="=1+1"),), rows=(("=cmd|' /C calc'!A0",), ("@x",)))
    with new_uow() as uow:
        head = Head(title="a", period="", branch="", made_by="", made_at=uow.clock.now())
    sheet = openpyxl.load_workbook(io.BytesIO(workbook(table, head))).active
    assert [sheet.cell(row, 1).data_type for row in (3, 4, 5)] == ["s", "s", "s"]


def test_a_chart_escapes_its_words():
    drawn = str(chart((Bar(label="<b>", value=Decimal(3), words="&"),), "x"))
    assert "&lt;b&gt;" in drawn
    assert "style=" not in drawn


def test_shares_and_sums():
    assert share(1, 3) == Decimal("33.33")
    assert share(1, 0) is None
    columns = (Column(label="a"), Column(label="b", kind=Kind.COUNT), Column(label="c"))
    assert sums(columns, [("x", 2, "y"), ("z", None, "w")]) == ("合计", 2, None)


def test_a_frozen_report_stays_and_tells_when_it_was_touched(new_uow):
    with new_uow() as uow:
        number = service.freeze(uow, "ageing", MONTH).id
        before = service.make(uow, "ageing", MONTH)
    with new_uow() as uow:
        uow.session.execute(update(Loan).values(risk_class="损失"))
        _row, table = service.get_frozen(uow, number)
        assert (table.rows, table.foot, table.bars) == (before.rows, before.foot, before.bars)
        content = dict(uow.session.get(FrozenReport, number).content)
        content["rows"] = content["rows"][1:]
        uow.session.execute(update(FrozenReport).values(content=content))
    with new_uow() as uow, pytest.raises(FrozenReportChangedError):
        service.get_frozen(uow, number)


def test_nobody_opens_what_shows_more_than_he_may_see(new_uow, system, people):
    with new_uow() as uow:
        number = service.freeze(uow, "ageing", MONTH).id
    other = actor_of(system, people, "other_branch")
    with new_uow(other) as uow:
        with pytest.raises(FrozenReportNotFoundError):
            service.get_frozen(uow, number)
        with pytest.raises(ReportForbiddenError):
            service.make(uow, "uses", MONTH)
        own = service.freeze(uow, "ageing", MONTH).id
        assert service.get_frozen(uow, own)[1].foot[1] == 1


def test_the_night_notes_the_day_once_and_freezes_at_the_month_end(system, new_uow):
    for _run in range(2):
        assert jobs.close_day(system, TODAY) == 5
    for day in (date(2026, 11, 30), date(2026, 12, 1)):  # what is frozen stays as it is
        jobs.close_day(system, day)
    with new_uow() as uow:
        assert uow.session.scalar(select(func.count()).select_from(LoanDay)) == 15
        assert sorted(row.key for row in service.frozen_reports(uow)) == sorted(REPORTS)
        (place,) = uow.session.scalars(select(Branch.id).where(Branch.code == "0202"))
        own = service.frozen_reports(uow, branch_id=place)
        assert sorted(row.key for row in own) == sorted(set(REPORTS) - {"uses"})


@pytest.mark.parametrize(
    ("day", "end"),
    [
        (date(2026, 11, 30), date(2026, 11, 30)),
        (date(2026, 12, 1), date(2026, 11, 30)),  # the worker came after midnight
        (date(2026, 12, 5), date(2026, 11, 30)),
        (date(2026, 12, 6), None),
        (date(2026, 11, 29), None),
    ],
)
def test_a_month_that_ended_without_a_worker_is_made_up_for(day, end):
    assert jobs.month_to_freeze(day) == end


def test_every_report_answers_on_an_empty_period_and_names_persons(browser, system):
    with system.unit_of_work(Actor.program("job")) as uow:
        (place,) = uow.session.scalars(select(Branch.id).where(Branch.code == "0201"))
        for branch_id in (None, place):
            wanted = Wanted(since=MONTH.since, until=MONTH.until, branch_id=branch_id)
            service.freeze(uow, "ageing", wanted)
    page = browser("branch_manager").get("/reports").get_data(as_text=True)
    assert "后台任务" in page
    assert "示范支行0201" in page
    assert "全部机构</td>" not in page  # the whole bank is not for a branch
    chief = browser("auditor")
    for key in REPORTS:
        reply = chief.get(f"/reports/{key}?since=2020-01-01&until=2020-01-31")
        assert reply.status_code == 200, key


def test_old_days_go_and_month_ends_stay(new_uow):
    days = [date(2026, 9, 29), date(2026, 9, 30), date(2026, 10, 20), date(2026, 11, 24)]
    with new_uow() as uow:
        for day in days:
            daily.note_day(uow, day)
    with new_uow() as uow:
        kept = uow.session.scalars(select(LoanDay.day).distinct().order_by(LoanDay.day)).all()
    assert kept == days[1:]


def test_the_pages_answer(browser):
    clerk = browser("branch_manager")
    for path, words in (
        ("/reports", "逾期账龄表"),
        ("/reports/ageing", "M6+"),
        ("/reports/npl?since=2026-11-01&until=2026-11-24", "JJ4"),
        ("/reports/limitation", "时效安全日"),
    ):
        reply = clerk.get(path)
        assert reply.status_code == 200, path
        assert words in reply.get_data(as_text=True), path
    assert clerk.get("/reports/nothing").status_code == 404
    assert clerk.get("/reports/uses").status_code == 403
    assert clerk.get("/reports/ageing?since=2026-12-01&until=2026-11-01").status_code == 422
    for form in ("xlsx", "docx"):
        assert clerk.get(f"/reports/ageing/{form}").data[:2] == b"PK"
    place = clerk.post("/reports/ageing/freeze", {"until": "2026-11-24"}).location
    assert "报表存档" in clerk.get(place).get_data(as_text=True)
    assert clerk.get(f"{place}/xlsx").data[:2] == b"PK"
