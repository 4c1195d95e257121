"""More assets held in the demonstration: a home with a bond, a machine, a waiting seizure."""

from datetime import date
from decimal import Decimal

from postloan_archive.cases import listing
from postloan_archive.cases import queries as cases
from postloan_archive.cases import service as docket
from postloan_archive.cases.listing import CaseFilter
from postloan_archive.cases.rules.events import Event
from postloan_archive.cases.service import AddEvent
from postloan_archive.loans import queries as loans
from postloan_archive.preservation import service as preservation
from postloan_archive.preservation.commands import (
    RegisterMeasure,
    RenewMeasure,
    RequestRenewal,
)
from postloan_archive.uow import UnitOfWork

COURT = "示范县人民法院"
SUED = "JJ2023-1018"
ENFORCED = "JJ2022-1103"


def enter_assets(uow: UnitOfWork) -> int:
    """Enter the measures and the services of the sued loan. Returns how many measures."""
    _served(uow)
    _home(uow)
    _machine(uow)
    _waiting(uow)
    return 3


def _case_of(uow: UnitOfWork, loan_no: str) -> tuple[str, str]:
    """Return our number of the newest case of a loan and the name of its borrower."""
    loan = loans.get_loan(uow, loan_no)
    return listing.case_rows(uow, CaseFilter(loan_id=loan.id))[0].case_no, loan.customer.name


def _served(uow: UnitOfWork) -> None:
    """The fee was asked for, the complaint reached each defendant by itself."""
    case_no, _ = _case_of(uow, SUED)
    number = cases.case_row(uow, cases.get_case(uow, case_no)).court_case_no
    defendants = [
        row.id
        for row in cases.parties_of(uow, cases.get_case(uow, case_no))
        if row.role == "defendant"
    ]
    steps: list[tuple[Event, date, int | None]] = [(Event.FEE_NOTICE, date(2026, 10, 20), None)]
    steps += [
        (Event.COMPLAINT_SERVED, date(2026, 11, 2 + 9 * at), party)
        for at, party in enumerate(defendants[:2])
    ]
    for kind, day, party in steps:
        docket.add_event(
            uow,
            AddEvent(
                case_no=case_no,
                kind=kind,
                happened_on=day,
                procedure="first",
                court_case_no=number,
                party_id=party,
            ),
        )


def _home(uow: UnitOfWork) -> None:
    """A home seized for three years; the bond behind it ends long before."""
    case_no, name = _case_of(uow, SUED)
    preservation.register_measure(
        uow,
        RegisterMeasure(
            loan_no=SUED,
            case_no=case_no,
            respondent=name,
            asset_kind="real_estate",
            asset="住宅一处（示范县城关镇示例小区）",
            amount=Decimal("560000.00"),
            court=COURT,
            ruling_no="（2026）示9999民初2035号之一",
            effective_on=date(2026, 10, 30),
            security="保全责任险保函",
            security_amount=Decimal("560000.00"),
            security_expires_on=date(2027, 10, 29),
            fee=Decimal("3320.00"),
        ),
    )


def _machine(uow: UnitOfWork) -> None:
    """A machine whose seizure was renewed once and is up again; no receipt has come."""
    case_no, name = _case_of(uow, ENFORCED)
    first = preservation.register_measure(
        uow,
        RegisterMeasure(
            loan_no=ENFORCED,
            case_no=case_no,
            phase="in_litigation",
            respondent=name,
            asset_kind="movable",
            asset="粮食烘干机 2 台",
            amount=Decimal("180000.00"),
            court=COURT,
            ruling_no="（2024）示9999民初871号之一",
            effective_on=date(2024, 3, 20),
            court_expiry=date(2024, 12, 31),
        ),
    )
    second = preservation.renew(
        uow,
        RenewMeasure(
            measure_id=first.id,
            ruling_no="（2024）示9999民初871号之二",
            court_expiry=date(2026, 12, 31),
        ),
    )
    preservation.request_renewal(
        uow, RequestRenewal(measure_id=second.id, requested_on=date(2026, 11, 20))
    )


def _waiting(uow: UnitOfWork) -> None:
    """Shares behind the seizure of another court."""
    case_no, name = _case_of(uow, ENFORCED)
    preservation.register_measure(
        uow,
        RegisterMeasure(
            loan_no=ENFORCED,
            case_no=case_no,
            phase="enforcement",
            respondent=name,
            asset_kind="other_right",
            asset="合作社出资份额 12%",
            court=COURT,
            ruling_no="（2025）示9999执402号之一",
            effective_on=date(2025, 3, 6),
            seizure_order=2,
        ),
    )
