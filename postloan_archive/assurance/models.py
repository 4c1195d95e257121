"""Tables of proof: signed reports of four-property checks, the auditor's samples."""

from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from postloan_archive.db import Model
from postloan_archive.db.model import Utc


class PropertyReport(Model):
    """A signed report; its text is in the vault, the signature is by the site's key."""

    __tablename__ = "property_reports"
    __table_args__ = (
        CheckConstraint(
            "occasion IN ('intake', 'filing', 'transfer', 'yearly')", name="occasion"
        ),
        Index("ix_property_reports_loan", "loan_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    occasion: Mapped[str]
    loan_id: Mapped[int | None] = mapped_column(ForeignKey("loans.id"))
    batch_id: Mapped[int | None] = mapped_column(ForeignKey("intake_batches.id"))
    scope: Mapped[str]  # what was looked at, as people call it
    files: Mapped[int]
    papers: Mapped[int]
    faults: Mapped[int]
    warnings: Mapped[int]
    sha256: Mapped[str]  # of the report, JSON in the vault
    signature: Mapped[str]
    key_id: Mapped[str]
    public_key: Mapped[str]
    made_by: Mapped[str]
    made_at: Mapped[Utc]


class AuditSample(Model):
    """Loan files drawn for an audit; the seed draws the same ones again."""

    __tablename__ = "audit_samples"
    __table_args__ = (CheckConstraint("method IN ('random', 'risk')", name="method"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str]
    method: Mapped[str]
    seed: Mapped[str]
    wanted: Mapped[int]
    population: Mapped[int]
    population_sha: Mapped[str]  # digest over the numbers and weights that were drawn from
    filters: Mapped[dict[str, Any]]
    drawn_by: Mapped[str]
    drawn_at: Mapped[Utc]

    lines: Mapped[list["SampleLine"]] = relationship(order_by="SampleLine.no")


class SampleLine(Model):
    """One loan file of a sample, with the auditor's note."""

    __tablename__ = "sample_lines"
    __table_args__ = (Index("ix_sample_lines_sample", "sample_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    sample_id: Mapped[int] = mapped_column(ForeignKey("audit_samples.id"))
    no: Mapped[int]
    loan_id: Mapped[int] = mapped_column(ForeignKey("loans.id"), index=True)
    weight: Mapped[int]
    reasons: Mapped[list[str]]
    conclusion: Mapped[str] = mapped_column(default="")
    noted_by: Mapped[str] = mapped_column(default="")


class ImportedFile(Model):
    """A loan file that came from another installation, with the proof of its trail."""

    __tablename__ = "imported_files"

    id: Mapped[int] = mapped_column(primary_key=True)
    loan_id: Mapped[int] = mapped_column(ForeignKey("loans.id"), unique=True)
    source: Mapped[str]
    manifest_digest: Mapped[str]  # of the bag
    sha256: Mapped[str]  # of the proof, in the vault
    key_id: Mapped[str]
    lines: Mapped[int]
    imported_by: Mapped[str]
    imported_at: Mapped[Utc]
