"""The work of a night: balance, bucket, class and clocks of every loan, on one core."""

import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Engine

from postloan_archive.config import Settings
from postloan_archive.db import Model
from postloan_archive.db.schema import migrate
from postloan_archive.kernel.actor import Actor
from postloan_archive.loans import positions
from postloan_archive.loans.rules.instalments import Method, plan
from postloan_archive.uow import System, open_system

Report = Callable[[dict[str, object]], None]

DAY: Final = date(2026, 11, 24)
AT: Final = datetime(2026, 11, 24, tzinfo=UTC)
NIGHT: Final = Actor.program("job")
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
    small = positions.BATCH if quick else 10 * positions.BATCH
    paces = []
    for count in (small, 4 * small):
        with tempfile.TemporaryDirectory(prefix="postloan-bench-") as name:
            system = open_system(Settings(data=Path(name)))
            migrate(system.engine)
            fill(system.engine, count)
            for again in (False, True):  # the first night inserts, the others update
                cpu = time.process_time()
                done, spans = refresh(system)
                cpu = time.process_time() - cpu
                assert done == count, done
                paces.append(count / sum(spans))
                report(
                    {
                        "bench": "clocks",
                        "name": f"{'every' if again else 'first'}_night_{count}_loans",
                        "per_s": round(count / sum(spans), 1),
                        "per_cpu_s": round(count / cpu, 1),
                        "median_ms": round(
                            statistics.median(spans) / positions.BATCH * 1000, 4
                        ),
                        "p95_ms": round(
                            sorted(spans)[int(len(spans) * 0.95)] / positions.BATCH * 1000, 4
                        ),
                        **(_linear(paces, small) if again and count > small else {}),
                    }
                )
            system.close()


def _linear(paces: Sequence[float], small: int) -> dict[str, float]:
    """Return how the pace of the last night compares with that of a quarter of the loans."""
    return {f"ratio_{small}_loans": round(paces[-1] / paces[1], 3)}


def refresh(system: System) -> tuple[int, list[float]]:
    """Do the work of the night; return the loans done and the seconds of each full batch."""
    after: int | None = 0
    count, spans = 0, []
    while after is not None:
        started = time.perf_counter()
        with system.unit_of_work(NIGHT) as uow:
            after, done = positions.refresh_batch(uow, after=after, as_of=DAY)
        count += done
        if done == positions.BATCH:
            spans.append(time.perf_counter() - started)
    return count, spans


def fill(engine: Engine, count: int) -> None:
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
