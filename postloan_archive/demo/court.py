"""The court side of the demonstration: five cases and one measure that is about to lapse."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Final

from postloan_archive.archive import queries as archive
from postloan_archive.cases import service as cases
from postloan_archive.cases.rules.events import Event
from postloan_archive.cases.rules.steps import Step
from postloan_archive.cases.service import AddEvent, OpenCase
from postloan_archive.loans import queries as loans
from postloan_archive.preservation import service as preservation
from postloan_archive.preservation.commands import RegisterMeasure
from postloan_archive.uow import UnitOfWork

COURT: Final = "示范县人民法院"
ASKED_ONCE: Final = {  # what no ledger holds; a person enters it once for each case
    "agent_name": "苏明哲",
    "agent_post": "法律事务专员",
    "agent_phone": "12000000088",
    "plaintiff_entity_type": "股份有限公司",
    "plaintiff_ownership": "国有参股",
    "mediation.known": "了解",
    "mediation.considered": "是",
}
JUDGED: Final = {  # as the judgment says it
    "judged_principal": "900000.00",
    "judged_interest_formula": "罚息、复利一并按该文书确定的方式计付",
    "performance_last_day": "2024-09-13",  # ten days from the day it took effect
}


def enter_court(uow: UnitOfWork) -> int:
    """Enter the cases of the demonstration; its loans must be there. Returns how many."""
    _prepared(uow)
    _preserved(uow)
    _sued(uow)
    _enforced(uow)
    _joined(uow)
    return 5


def _open(uow: UnitOfWork, loan_no: str, opened_on: date, further: tuple[str, ...] = ()) -> str:
    case = cases.open_case(
        uow,
        OpenCase(
            loan_no=loan_no, court=COURT, owner="fawu", opened_on=opened_on, further=further
        ),
    )
    cases.fill_in(uow, case.case_no, ASKED_ONCE)
    return case.case_no


def _paper(uow: UnitOfWork, loan_no: str, item: str) -> int | None:
    loan = loans.get_loan(uow, loan_no)
    found = (row.id for row in archive.documents_of(uow, loan.id) if row.item_code == item)
    return next(found, None)


def _prepared(uow: UnitOfWork) -> None:
    _open(uow, "JJ2025-0806", date(2026, 11, 16))


def _joined(uow: UnitOfWork) -> None:
    """Two loans of one company, the guarantors not the same, in one suit."""
    _open(uow, "JJ2025-0407", date(2026, 11, 20), further=("JJ2025-0408",))


def _preserved(uow: UnitOfWork) -> None:
    number = "（2025）示9999财保101号"
    case_no = _open(uow, "JJ2024-0909", date(2025, 12, 1))
    loan = loans.get_loan(uow, "JJ2024-0909")
    ruling = _paper(uow, loan.loan_no, "BQ07")
    cases.add_event(
        uow,
        AddEvent(
            case_no=case_no,
            kind=Event.COMPLAINT_RECEIVED,
            happened_on=date(2025, 12, 5),
            stage=Step.FILED,
            procedure="preservation",
            court_case_no=number,
            document_id=ruling,
        ),
    )
    preservation.register_measure(
        uow,
        RegisterMeasure(
            loan_no=loan.loan_no,
            case_no=case_no,
            respondent=loan.customer.name,
            asset_kind="bank_deposit",
            asset="银行存款（基本存款账户）",
            amount=Decimal("300000.00"),
            court=COURT,
            ruling_no=number,
            effective_on=date(2025, 12, 10),
            court_expiry=date(2026, 12, 9),
            document_id=ruling,
        ),
    )


def _sued(uow: UnitOfWork) -> None:
    loan_no, number = "JJ2023-1018", "（2026）示9999民初2035号"
    case_no = _open(uow, loan_no, date(2026, 10, 12))
    steps = (
        (Event.COMPLAINT_RECEIVED, date(2026, 10, 20), Step.FILED, None, ""),
        (Event.DOCKETED, date(2026, 10, 22), Step.DOCKETED, "BQ08", ""),
        (Event.HEARING, date(2026, 12, 10), Step.TRIAL, "BQ09", "第三法庭 09:30"),
    )
    for kind, day, stage, item, note in steps:
        cases.add_event(
            uow,
            AddEvent(
                case_no=case_no,
                kind=kind,
                happened_on=day,
                # 09:30 in China
                happened_at=datetime(2026, 12, 10, 1, 30, tzinfo=UTC)
                if kind is Event.HEARING
                else None,
                stage=stage,
                procedure="first",
                court_case_no=number,
                document_id=_paper(uow, loan_no, item) if item else None,
                note=note,
            ),
        )


def _enforced(uow: UnitOfWork) -> None:
    loan_no = "JJ2022-1103"
    first, last = "（2024）示9999民初871号", "（2025）示9999执402号"
    case_no = _open(uow, loan_no, date(2024, 3, 1))
    cases.fill_in(uow, case_no, JUDGED)
    steps = (
        (Event.COMPLAINT_RECEIVED, date(2024, 4, 8), Step.FILED, "first", first, None),
        (Event.DOCKETED, date(2024, 4, 10), Step.DOCKETED, "first", first, "BQ08"),
        (Event.JUDGMENT_SERVED, date(2024, 8, 16), Step.JUDGED, "first", first, "BQ10"),
        (Event.EFFECTIVE, date(2024, 9, 3), Step.EFFECTIVE, "first", first, None),
        (
            Event.ENFORCEMENT_DOCKETED,
            date(2025, 3, 18),
            Step.ENFORCEMENT,
            "enforcement",
            last,
            "BQ12",
        ),
    )
    for kind, day, stage, procedure, number, item in steps:
        cases.add_event(
            uow,
            AddEvent(
                case_no=case_no,
                kind=kind,
                happened_on=day,
                stage=stage,
                procedure=procedure,
                court_case_no=number,
                document_id=_paper(uow, loan_no, item) if item else None,
            ),
        )
