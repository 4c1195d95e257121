"""Collection, complaints, inspections, signals, channels and disposals in figures."""

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest

from postloan_archive.collection.rules import Result
from postloan_archive.collection.service import contacts, pauses
from postloan_archive.collection.service.contacts import LogContact
from postloan_archive.collection.service.pauses import NoteComplaint
from postloan_archive.disposal.models import Disposal
from postloan_archive.disposal.rules import Kind as What
from postloan_archive.disposal.service import proposals
from postloan_archive.disposal.service.proposals import Propose
from postloan_archive.inspection.rules import InspectionKind
from postloan_archive.inspection.service import inspections, signals
from postloan_archive.inspection.service.inspections import MakeInspection
from postloan_archive.kernel.clock import CHINA
from postloan_archive.loans import queries as loans
from postloan_archive.loans.derivation import position_of
from postloan_archive.loans.service import BookPayment, book_payment
from postloan_archive.reports import service
from postloan_archive.reports.wanted import Wanted
from tests.collection.conftest import acting
from tests.reports.conftest import TODAY

__all__ = ["acting"]
pytestmark = pytest.mark.usefixtures("ledger")
MONTH = Wanted(since=date(2026, 11, 1), until=TODAY)


def table(acting, key, wanted=MONTH, who="legal"):
    with acting(who) as uow:
        return service.make(uow, key, wanted)


def test_collection_counts_contacts_and_promises_by_person(acting, new_uow):
    at = datetime(2026, 11, 10, 9, 0, tzinfo=CHINA)
    made = {
        "loan_no": "JJ2",
        "at": at,
        "channel": "call",
        "target": "debtor",
        "person": "张三",
    }
    with acting("account_manager") as uow:
        contacts.log_contact(uow, LogContact(**made, result=Result.NOT_REACHED))
        for day, amount in ((12, "100"), (13, "200")):
            contacts.log_contact(
                uow,
                LogContact(
                    **{**made, "at": at + timedelta(minutes=day)},
                    result=Result.PROMISED,
                    promised_for=date(2026, 11, day),
                    promised_amount=Decimal(amount),
                ),
            )
    with new_uow() as uow:
        book_payment(
            uow,
            BookPayment(
                loan_no="JJ2",
                paid_on=date(2026, 11, 12),
                amount=Decimal(100),
                to_interest=Decimal(100),
                receipt_no="R1",
            ),
        )
        contacts.judge_promises(uow, TODAY)
    found = table(acting, "collection")
    assert found.rows == (
        (
            "人员account_manager", 3, 0, 0, 0, 2, Decimal("66.67"), 2, 1, 1, Decimal("50.00"),
            Decimal(300), Decimal(200), 0,
        ),
    )  # fmt: skip
    assert found.foot[6] == Decimal("66.67")
    assert table(acting, "collection", Wanted(since=TODAY, until=TODAY)).rows == ()


def test_complaints_are_answered_in_time_or_not(acting):
    for received, answered in ((date(2026, 11, 20), True), (date(2026, 11, 2), False)):
        with acting("account_manager") as uow:
            number = pauses.note_complaint(
                uow,
                NoteComplaint(
                    loan_no="JJ2",
                    person="张三",
                    channel="来电",
                    received_on=received,
                    content="来电过多",
                    handler="auditor",
                ),
            ).complaint_no
        if answered:
            with acting("legal") as uow:
                pauses.answer_complaint(uow, number, "已道歉")
    found = table(acting, "complaints")
    assert [row[8] for row in found.rows] == ["超期未答复", "按期答复"]
    assert "50.00%" in found.notes[0]


def test_inspections_done_and_left(acting, new_uow):
    with new_uow() as uow:
        inspections.replan(uow, loans.get_loan(uow, "JJ2"))
    answers = {
        "use": "是", "vouchers": "相符", "income": "稳定", "contact": "能", "family": "无",
    }  # fmt: skip
    with acting("account_manager") as uow:
        inspections.make(
            uow,
            MakeInspection(
                loan_no="JJ2",
                kind=InspectionKind.FIRST,
                made_on=TODAY,
                answers=answers,
                conclusion="正常",
            ),
        )
    found = {row[1]: row for row in table(acting, "inspections").rows}
    assert found["首次检查"][2:] == (1, 1, 0, 0, Decimal("100.00"), 0)
    assert found["日常检查"][2:] == (1, 0, 0, 1, Decimal("0.00"), 0)


def test_signals_by_kind(acting):
    with acting("account_manager") as uow:
        signals.raise_signal(uow, "JJ2", "经营", "停产")
        closed = signals.raise_signal(uow, "JJ3", "经营", "裁员")
        uow.session.flush()
        signals.close_signal(uow, closed.id, "已核实", "恢复")
    (row,) = table(acting, "signals").rows
    assert row == ("经营", 2, 1, 0, 1, 0, Decimal("100.00"))


def test_channels_add_up_and_leave_relief_out(acting, new_uow):
    with new_uow() as uow:
        for number, channel in enumerate(("诉讼执行", "诉讼执行", "减免", "")):
            book_payment(
                uow,
                BookPayment(
                    loan_no="JJ3",
                    paid_on=date(2026, 11, 12),
                    amount=Decimal(100),
                    to_principal=Decimal(100),
                    receipt_no=f"R{number}",
                    channel=channel,
                ),
            )
    found = table(acting, "channels")
    assert [(row[0], row[1], row[2], row[3]) for row in found.rows] == [
        ("诉讼执行", 2, Decimal(200), Decimal("66.67")),
        ("未登记", 1, Decimal(100), Decimal("33.33")),
    ]
    stages = {row[1]: row for row in table(acting, "recovery_stage").rows}
    assert stages["逾期催收"][4] == Decimal(300)


def test_disposals_add_up_what_was_carried_out(acting, new_uow):
    with acting("legal") as uow:
        row = proposals.propose(
            uow,
            Propose(
                kind=What.WRITE_OFF,
                loan_nos=("JJ4",),
                reason="长期",
                terms={"ground": "无财产", "pursuit": "每季"},
            ),
        )
        owed = position_of(loans.get_loan(uow, "JJ4"), TODAY).value
        number = row.id
    with new_uow() as uow:
        uow.session.get(Disposal, number).state = "executed"
    found = {row[0]: row for row in table(acting, "disposals").rows}
    assert found["核销"][1:] == (1, 0, 0, 1, 0, owed.balance, owed.total)


@pytest.mark.parametrize(
    "key", ["collection", "complaints", "inspections", "signals", "channels", "disposals"]
)
def test_every_report_has_page_workbook_paper_and_frozen_copy(browser, key):
    legal = browser("legal")
    assert legal.get(f"/reports/{key}").status_code == 200
    for form in ("xlsx", "docx"):
        assert legal.get(f"/reports/{key}/{form}").data[:2] == b"PK"
    frozen = legal.post(f"/reports/{key}/freeze")
    assert legal.get(frozen.headers["Location"]).status_code == 200


def test_another_branch_counts_nothing(acting):
    with acting("account_manager") as uow:
        signals.raise_signal(uow, "JJ2", "经营", "停产")
    with acting("other_branch") as uow:
        assert service.make(uow, "signals", MONTH).rows == ()
