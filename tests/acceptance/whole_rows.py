"""Rows whose services need a whole workplace around them; each holds the secret."""

import io
from decimal import Decimal

from postloan_archive.admin.models import FileExport
from postloan_archive.archive.models import Redaction
from postloan_archive.archive.pieces.models import InboxStep
from postloan_archive.assurance import checking
from postloan_archive.assurance.models import AuditSample, ImportedFile, SampleLine
from postloan_archive.loans import queries as loans
from postloan_archive.loans.models import Payment
from postloan_archive.uow import UnitOfWork
from tests.reading.made_files import pdf


def the_rows(uow: UnitOfWork, ids: dict[str, object], secret: str) -> dict[str, object]:
    """Put them in and return their ids by the name that URLs give them."""
    loan = loans.get_loan(uow, str(ids["loan_no"]))
    now = uow.clock.now()
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
        "step_id": InboxStep(
            file_id=ids["file_id"], kind="turn", by="archive_clerk", at=now, before={}, after={}
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
        "imported_file_id": ImportedFile(
            loan_id=loan.id,
            source=secret,
            manifest_digest="0" * 64,
            sha256=stored.sha256,
            key_id="0" * 16,
            lines=1,
            imported_by="archive_clerk",
            imported_at=now,
        ),
    }
    export = FileExport(
        export_no="DC2026-00001",
        reason=secret,
        recipient=secret,
        lines=[
            {
                "loan_no": loan.loan_no,
                "archive_no": "",
                "customer": secret,
                "papers": [],
                "size": 0,
            }
        ],
        digest="0" * 64,
        state="proposed",
        asked_by="auditor",
        asked_at=now,
    )
    payment = Payment(
        loan_id=loan.id,
        paid_on=uow.clock.today(),
        amount=Decimal("1.00"),
        to_costs=Decimal(0),
        to_principal=Decimal(0),
        to_interest=Decimal("1.00"),
        to_penalty=Decimal(0),
        to_compound=Decimal(0),
        payer=secret,
        receipt_no="HK2026-0001",
    )
    uow.session.add_all([export, payment])
    uow.session.add_all(rows.values())
    uow.session.flush()  # their numbers
    checked = checking.check_loan(uow, loan.loan_no, "filing").id
    return {
        "property_report_id": checked,
        "export_no": export.export_no,
        "receipt_no": payment.receipt_no,
        **{name: row.id for name, row in rows.items()},
    }
