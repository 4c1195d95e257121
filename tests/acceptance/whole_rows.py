"""Rows whose services need a whole workplace around them; each holds the secret."""

import hashlib
import io
import json
from datetime import date, timedelta
from decimal import Decimal

from postloan_archive.archive.models import Redaction
from postloan_archive.archive.pieces.models import InboxStep
from postloan_archive.assurance import checking
from postloan_archive.assurance.models import AuditSample, SampleLine
from postloan_archive.collection.models import HardshipPlan
from postloan_archive.inspection.models import RiskFact
from postloan_archive.loans import queries as loans
from postloan_archive.loans.models import Collateral
from postloan_archive.reports.models import CustomerReport
from postloan_archive.uow import UnitOfWork
from tests.reading.made_files import pdf


def the_rows(uow: UnitOfWork, ids: dict[str, object], secret: str) -> dict[str, object]:
    """Put them in and return their ids by the name that URLs give them."""
    loan = loans.get_loan(uow, str(ids["loan_no"]))
    today, now = uow.clock.today(), uow.clock.now()
    content = {"sections": []}
    text = json.dumps(content, ensure_ascii=False, sort_keys=True)
    stored = uow.vault.put(io.BytesIO(pdf([secret])), limit=1_000_000)
    rows = {
        "redaction_id": Redaction(
            document_id=ids["document_id"],
            version_no=1,
            boxes=[[1, 0.1, 0.1, 0.2, 0.2]],
            reason=secret,
            pages=1,
            sha256=stored.sha256,
            size=stored.size,
            made_by="clerk",
            made_at=now,
        ),
        "plan_id": HardshipPlan(
            loan_id=loan.id,
            branch_id=loan.branch_id,
            hardship=secret,
            rates=[[(today + timedelta(days=30)).isoformat(), "100.00"]],
            proposed_by="account_manager",
            proposed_on=today,
        ),
        "fact_id": RiskFact(
            loan_id=loan.id,
            branch_id=loan.branch_id,
            name="debt_evasion",
            since=today,
            note=secret,
            noted_by="account_manager",
        ),
        "step_id": InboxStep(
            file_id=ids["file_id"], kind="turn", by="archive_clerk", at=now, before={}, after={}
        ),
        "collateral_id": Collateral(
            loan_id=loan.id,
            provider_id=loan.customer_id,
            kind="mortgage_real_estate",
            contract_no=f"抵2025-1{secret}",
            signed_on=date(2025, 1, 2),
            description=f"某路 1 号{secret}",
            value=Decimal(900_000),
        ),
        "sample_id": AuditSample(
            title=f"抽样{secret}",
            method="random",
            seed="7",
            wanted=1,
            population=1,
            population_sha="0" * 64,
            filters={},
            drawn_by="auditor",
            drawn_at=now,
            lines=[SampleLine(no=1, loan_id=loan.id, weight=1, reasons=[secret])],
        ),
        "customer_report_id": CustomerReport(
            customer_id=loan.customer_id,
            branch_id=loan.branch_id,
            loan_ids=[loan.id],
            since=today.replace(day=1),
            until=today,
            opinion=secret,
            content=content,
            digest=hashlib.sha256(text.encode()).hexdigest(),
            document_ids=[],
            made_by="account_manager",
            made_at=now,
        ),
    }
    uow.session.add_all(rows.values())
    uow.session.flush()  # their numbers
    checked = checking.check_loan(uow, loan.loan_no, "filing").id
    return {
        "property_report_id": checked,
        **{name: row.id for name, row in rows.items()},
        "customer_id": loan.customer_id,
    }
