"""The plan, the report that an inspection makes, signals, the class of a month."""

import io
from datetime import date, timedelta

import docx
import pytest
from sqlalchemy import func, select

from postloan_archive.archive import queries as archive
from postloan_archive.inspection import jobs, lists, queries
from postloan_archive.inspection.errors import (
    BelowFloorError,
    DecidedError,
    InspectedInFutureError,
    OwnDecisionError,
    SignalWordsError,
    UnansweredError,
)
from postloan_archive.inspection.models import Signal
from postloan_archive.inspection.questions import FormKind, questions
from postloan_archive.inspection.rules import (
    InspectionKind,
    needs_approval,
    signal_deadline,
)
from postloan_archive.inspection.service import classes, inspections, signals
from postloan_archive.inspection.service.inspections import MakeInspection
from postloan_archive.kernel.calendar import WorkCalendar
from postloan_archive.loans import queries as loans
from postloan_archive.loans.rules.ageing import RiskClass
from tests.reports.conftest import TODAY

pytestmark = pytest.mark.usefixtures("ledger")
MONTH = "2026-11"
CALENDAR = WorkCalendar(
    loaded_from=date(2026, 1, 1),
    loaded_until=date(2026, 12, 31),
    rest_days=frozenset({date(2026, 10, day) for day in range(1, 8)}),
    work_days=frozenset({date(2026, 10, 10)}),
    edition="test",
)


def inspection(**changes) -> MakeInspection:
    kind = changes.get("kind", InspectionKind.REGULAR)
    asked = questions(kind, FormKind.PERSON)
    values = {
        "loan_no": "JJ1",
        "kind": kind,
        "made_on": TODAY,
        "answers": {one.key: (one.choices or ("详见底稿",))[0] for one in asked},
        "conclusion": "关注",
        "place": "示范县",
    }
    return MakeInspection(**(values | changes))


@pytest.mark.parametrize("kind", list(InspectionKind))
@pytest.mark.parametrize("borrower", list(FormKind))
def test_every_inspection_asks_something_once(kind, borrower):
    keys = [one.key for one in questions(kind, borrower)]
    assert keys
    assert len(keys) == len(set(keys))


@pytest.mark.parametrize(
    ("found", "due"),
    [
        (date(2026, 11, 23), date(2026, 11, 30)),
        (date(2026, 9, 30), date(2026, 10, 13)),  # 8 to 10 October are worked
        (date(2027, 3, 5), date(2027, 3, 12)),  # a year not loaded counts weekdays
    ],
)
def test_a_signal_is_dealt_with_in_five_working_days(found, due):
    assert signal_deadline(found, calendar=CALENDAR) == due


def test_only_a_better_class_needs_approval():
    assert needs_approval(RiskClass.SUBSTANDARD, RiskClass.SPECIAL_MENTION)
    assert not needs_approval(RiskClass.SUBSTANDARD, RiskClass.SUBSTANDARD)
    assert not needs_approval(RiskClass.SUBSTANDARD, RiskClass.LOSS)


def test_the_night_plans_every_loan_and_finds_each_signal_once(system, acting, new_uow):
    assert jobs.watch(system) == 5  # JJ1 and JJ9: overdue and class; JJ2: maturity
    assert jobs.watch(system) == 0
    with new_uow() as uow:
        assert uow.session.scalar(select(func.count()).select_from(Signal)) == 5
    with acting("account_manager") as uow:
        asked = lists.AskedDue(until=TODAY + timedelta(days=30))
        rows, total = lists.due_inspections(uow, asked), lists.count_due(uow, asked)
        assert {row.loan_no for row in rows} == {"JJ1", "JJ2"}
        assert total == len(rows)
        assert rows[0].left < 0


def test_an_inspection_files_its_report_and_moves_the_plan(acting, new_uow, system):
    jobs.watch(system)
    with acting("account_manager") as uow:
        before = {
            one.kind: one.due_on for one in queries.plan_of(uow, loans.get_loan(uow, "JJ1"))
        }
        made = inspections.make(uow, inspection())
        assert made.due_on == before[InspectionKind.REGULAR]
        number = made.document_id
    with new_uow() as uow:
        document = archive.get_document(uow, number)
        assert document.item_code == "GL09"
        report = docx.Document(io.BytesIO(uow.vault.read(document.sha256)))
        cells = [cell.text for row in report.tables[0].rows for cell in row.cells]
        assert "收入和还款能力" in cells
        assert "关注" in cells
        after = {
            one.kind: one.due_on for one in queries.plan_of(uow, loans.get_loan(uow, "JJ1"))
        }
    assert after[InspectionKind.REGULAR] > TODAY > before[InspectionKind.REGULAR]


def test_what_is_not_answered_or_not_made_is_refused(acting):
    with acting("account_manager") as uow:
        with pytest.raises(UnansweredError) as refused:
            inspections.make(uow, inspection(answers={"income": "稳定"}))
        assert "本人能否联系" in str(refused.value)
        with pytest.raises(InspectedInFutureError):
            inspections.make(uow, inspection(made_on=TODAY + timedelta(days=1)))


def test_a_signal_is_closed_with_what_was_done(acting):
    with acting("account_manager") as uow:
        signals.raise_signal(uow, "JJ1", "失联", "电话停机")
        (row,) = queries.signals_of(uow, loans.get_loan(uow, "JJ1").id)
        number = row.id
        with pytest.raises(SignalWordsError):
            signals.close_signal(uow, number, "已上门", "")
        signals.close_signal(uow, number, "已上门", "已取得新电话")
        assert lists.signals(uow, lists.AskedSignals()) == []


def test_the_class_follows_the_rules_or_a_second_person(acting, new_uow):
    with acting("legal") as uow:
        assert classes.propose(uow, MONTH) == 2
        rows = {head.loan_no: row for row, head in queries.decisions(uow, MONTH)}
        assert (rows["JJ1"].floor, rows["JJ1"].proposed) == ("关注", "关注")
        assert (rows["JJ2"].floor, rows["JJ2"].proposed) == ("正常", "正常")
        late, fine = rows["JJ1"].id, rows["JJ2"].id
        with pytest.raises(BelowFloorError):
            classes.decide(uow, late, RiskClass.NORMAL, " ")
        classes.decide(uow, late, RiskClass.NORMAL, "已落实还款来源")
        with pytest.raises(OwnDecisionError):
            classes.approve(uow, late, agree=True)
        classes.decide(uow, fine, RiskClass.SUBSTANDARD, "")
        with pytest.raises(DecidedError):
            classes.decide(uow, fine, RiskClass.NORMAL, "x")
    with new_uow() as uow:
        assert loans.get_loan(uow, "JJ2").risk_class == "次级"
        loans.get_loan(uow, "JJ1").risk_class = "次级"
    with acting("branch_manager") as uow:
        classes.approve(uow, late, agree=True)
        assert loans.get_loan(uow, "JJ1").risk_class == "正常"


def test_a_class_sent_back_is_open_again(acting):
    with acting("legal") as uow:
        classes.propose(uow, MONTH)
        late = next(
            row.id for row, head in queries.decisions(uow, MONTH) if head.loan_no == "JJ1"
        )
        classes.decide(uow, late, RiskClass.NORMAL, "理由")
    with acting("branch_manager") as uow:
        classes.approve(uow, late, agree=False)
        assert queries.get_decision(uow, late).state == "proposed"
        assert classes.accept_all(uow, MONTH) == 2
        assert loans.get_loan(uow, "JJ1").risk_class == "关注"


def test_a_month_on_the_pages(browser, system):
    jobs.watch(system)
    manager = browser("account_manager")
    page = manager.get("/inspections?days=60").get_data(as_text=True)
    assert "JJ1" in page
    assert "自 2026-11-04 起逾期" in manager.get("/signals").get_data(as_text=True)
    form = manager.get("/loans/JJ1/inspections/new?kind=日常检查")
    assert "收入和还款能力" in form.get_data(as_text=True)
    asked = questions(InspectionKind.REGULAR, FormKind.PERSON)
    answers = {f"q-{one.key}": (one.choices or ("估值",))[0] for one in asked}
    sent = {"kind": "日常检查", "made_on": "2026-11-24", "conclusion": "关注"}
    assert manager.post("/loans/JJ1/inspections/new", sent).status_code == 422
    assert manager.post("/loans/JJ1/inspections/new", sent | answers).status_code == 302
    assert (
        manager.post("/loans/JJ1/signals", {"kind": "失联", "text": "停机"}).status_code == 302
    )
    assert "停机" in manager.get("/loans/JJ1/inspections").get_data(as_text=True)
    assert manager.post("/classification/propose").status_code == 403
    lead = browser("legal")
    lead.post("/classification/propose")
    assert "关注" in lead.get("/classification").get_data(as_text=True)
    assert lead.post("/classification/accept", {"month": MONTH}).status_code == 302
    assert "已认定" in lead.get("/classification").get_data(as_text=True)
    assert manager.get("/loans/JJ9/inspections").status_code == 404
