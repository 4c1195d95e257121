"""The nightly derivation: balance, class and clocks of every loan, on one core."""

import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Engine, select
from sqlalchemy.orm import selectinload

from postloan_archive.config import Settings
from postloan_archive.db import Model, create_database_engine, new_session
from postloan_archive.db.schema import migrate
from postloan_archive.inspection.rules import classify
from postloan_archive.kernel.calendar import WorkCalendar
from postloan_archive.loans.derivation import facts_of, guarantee_clock, main_due
from postloan_archive.loans.models import Guarantee, LimitationEvent, Loan
from postloan_archive.loans.rules.instalments import Method, plan
from postloan_archive.loans.rules.limitation_state import (
    InterruptingEvent,
    Interruption,
    limitation_state,
)
from postloan_archive.loans.rules.position import position
from postloan_archive.loans.rules.proof import Level
from postloan_archive.workdays.service import load_calendar

Report = Callable[[dict[str, object]], None]

DAY: Final = date(2026, 11, 24)
AT: Final = datetime(2026, 11, 24, tzinfo=UTC)
BATCH: Final = 500  # loans held in memory at a time
KINDS: Final = (  # method, months, missed instalments
    (Method.EQUAL_PAYMENT, 36, 0),
    (Method.EQUAL_PAYMENT, 60, 4),
    (Method.EQUAL_PRINCIPAL, 24, 0),
    (Method.INTEREST_MONTHLY, 12, 2),
    (Method.INTEREST_QUARTERLY, 36, 0),
    (Method.BULLET, 12, 1),
)
TABLES: Final = (
    "branches",
    "customers",
    "contracts",
    "loans",
    "instalments",
    "payments",
    "guarantees",
    "limitation_events",
)


def run(report: Report, *, quick: bool) -> None:
    """Measure at a size and at four times the size; linear work keeps its pace.

    Args:
        report: takes one line for each measurement.
        quick: a tenth of the loans.
    """
    small = 500 if quick else 5_000
    paces = []
    for count in (small, 4 * small):
        with tempfile.TemporaryDirectory(prefix="postloan-bench-") as name:
            engine = create_database_engine(Settings(data=Path(name)).sqlalchemy_url)
            migrate(engine)
            _fill(engine, count)
            started = time.perf_counter()
            cpu = time.process_time()
            overdue, spans = _derive(engine)
            seconds = time.perf_counter() - started
            cpu = time.process_time() - cpu
            engine.dispose()
        paces.append(count / seconds)
        spans.sort()
        more = {} if count == small else {f"ratio_{small}_loans": round(paces[1] / paces[0], 3)}
        report(
            {
                "bench": "clocks",
                "name": f"derive_{count}_loans",
                "per_s": round(count / seconds, 1),
                "per_cpu_s": round(count / cpu, 1),
                "median_ms": round(spans[len(spans) // 2] / BATCH * 1000, 4),
                "p95_ms": round(spans[int(len(spans) * 0.95)] / BATCH * 1000, 4),
                "overdue": overdue,
                **more,
            }
        )


def _derive(engine: Engine) -> tuple[int, list[float]]:
    """Derive every loan from its rows; return how many are overdue, and seconds a batch."""
    overdue, last = 0, 0
    spans: list[float] = []
    with new_session(engine) as session:
        calendar = load_calendar(session)
        while True:
            started = time.perf_counter()
            loans = session.scalars(
                select(Loan)
                .where(Loan.id > last)
                .order_by(Loan.id)
                .limit(BATCH)
                .options(
                    selectinload(Loan.schedule),
                    selectinload(Loan.payments),
                    selectinload(Loan.rate_changes),
                    selectinload(Loan.guarantees).selectinload(Guarantee.guarantor),
                )
            ).all()
            if not loans:
                return overdue, spans
            last = loans[-1].id
            events: dict[int, list[LimitationEvent]] = {}
            for event in session.scalars(
                select(LimitationEvent)
                .where(LimitationEvent.loan_id.in_([loan.id for loan in loans]))
                .order_by(LimitationEvent.id)
            ):
                events.setdefault(event.loan_id, []).append(event)
            overdue += sum(_one(loan, events.get(loan.id, []), calendar) for loan in loans)
            session.expunge_all()
            spans.append(time.perf_counter() - started)


def _one(loan: Loan, events: Sequence[LimitationEvent], calendar: WorkCalendar) -> bool:
    """Derive what the night needs of one loan; return whether it is overdue."""
    now = position(facts_of(loan), DAY).value
    classify(now.overdue_days, technical_reason=False)
    for guarantee in loan.guarantees:
        guarantee_clock(loan, guarantee, calendar=calendar)
    if now.overdue_since is None:
        return False
    limitation_state(
        [now.overdue_since, main_due(loan)],
        [
            InterruptingEvent(
                kind=Interruption.DEMAND, on=one.happened_on, level=Level(one.level)
            )
            for one in events
        ],
        as_of=DAY,
        calendar=calendar,
    )
    return True


def _fill(engine: Engine, count: int) -> None:
    """Write fictional loans: six kinds in turn, half of them overdue, each guaranteed."""
    tables = Model.metadata.tables
    for first in range(0, count, 1_000):
        rows: dict[str, list[dict[str, Any]]] = {name: [] for name in TABLES}
        if first == 0:
            rows["branches"].append(
                {"id": 1, "code": "0201", "name": "示范支行", "path": "/1/"}
            )
        for number in range(first + 1, min(first + 1_000, count) + 1):
            _rows(rows, number)
        with engine.begin() as connection:
            for name, values in rows.items():
                if values:
                    connection.execute(tables[name].insert(), values)


def _rows(rows: dict[str, list[dict[str, Any]]], number: int) -> None:
    method, months, missed = KINDS[number % len(KINDS)]
    principal = Decimal(50_000 + number % 97 * 10_000)
    disbursed = DAY - timedelta(days=200 + number % 140)
    due = date(disbursed.year + months // 12, disbursed.month, min(disbursed.day, 28))
    if method is Method.BULLET:
        due = DAY - timedelta(days=30)
    schedule = plan(
        method,
        principal=principal,
        annual_rate_pct=Decimal("4.35"),
        disbursed_on=disbursed,
        due_on=due,
        day_basis=360,
    )
    rows["customers"].append(
        {
            "id": number,
            "kind": "company",
            "name": f"示范公司{number}",
            "branch_id": 1,
            "id_no": f"{number:018d}",
            "created_at": AT,
        }
    )
    rows["contracts"].append(
        {
            "id": number,
            "contract_no": f"借{number}",
            "name": "流动资金借款合同",
            "customer_id": number,
            "signed_on": disbursed,
            "amount": principal,
        }
    )
    rows["loans"].append(
        {
            "id": number,
            "loan_no": f"JJ{number:08d}",
            "archive_no": f"XD·2026-D30-0201-{number:06d}",
            "contract_id": number,
            "customer_id": number,
            "branch_id": 1,
            "principal": principal,
            "annual_rate": Decimal("4.35"),
            "penalty_uplift": Decimal(50),
            "repayment_method": str(method),
            "disbursed_on": disbursed,
            "due_on": due,
            "created_at": AT,
        }
    )
    rows["guarantees"].append(
        {
            "loan_id": number,
            "guarantor_id": number,
            "contract_no": f"保{number}",
            "kind": "joint",
            "signed_on": disbursed,
            "period_clause": "",
        }
    )
    past = [row for row in schedule if row.due_on <= DAY]
    rows["instalments"] += [
        {
            "loan_id": number,
            "no": row.no,
            "due_on": row.due_on,
            "principal": row.principal,
            "interest": row.interest,
        }
        for row in schedule
    ]
    rows["payments"] += [
        {
            "loan_id": number,
            "paid_on": row.due_on,
            "amount": row.principal + row.interest,
            "to_costs": Decimal(0),
            "to_principal": row.principal,
            "to_interest": row.interest,
            "to_penalty": Decimal(0),
            "to_compound": Decimal(0),
            "receipt_no": f"SK{number}-{row.no}",
        }
        for row in past[: len(past) - missed if missed else None]
        if row.principal + row.interest > 0
    ]
    if missed:
        rows["limitation_events"].append(
            {
                "loan_id": number,
                "kind": "demand",
                "happened_on": DAY - timedelta(days=15),
                "level": "A",
                "confirmed_at": AT,
                "created_at": AT,
            }
        )
