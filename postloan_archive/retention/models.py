"""Tables of retention: the table of periods, appraisals, destruction lists, tombstones."""

from datetime import date
from typing import Any, Final

from sqlalchemy import DDL, CheckConstraint, ForeignKey, Index, UniqueConstraint, event
from sqlalchemy.orm import Mapped, mapped_column, relationship

from postloan_archive.audit.models import trigger_statements
from postloan_archive.db import Model
from postloan_archive.db.model import Utc, UtcOrNone


class RetentionEdition(Model):
    """One edition of the bank's table of periods; the newest one counts, none is changed."""

    __tablename__ = "retention_editions"

    id: Mapped[int] = mapped_column(primary_key=True)
    edition: Mapped[int] = mapped_column(unique=True)
    years: Mapped[dict[str, Any]]  # class -> years, null: permanent
    reason: Mapped[str]
    changed_by: Mapped[str]
    changed_at: Mapped[Utc]


class Appraisal(Model):
    """What the appraisers decided on one loan file (R-I08); the newest one counts."""

    __tablename__ = "appraisals"
    __table_args__ = (
        CheckConstraint("verdict IN ('destroy', 'extend', 'permanent')", name="verdict"),
        CheckConstraint("(verdict = 'extend') = (until IS NOT NULL)", name="extended_until"),
        CheckConstraint("opinion <> ''", name="opinion_given"),
        Index("ix_appraisals_loan", "loan_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    loan_id: Mapped[int] = mapped_column(ForeignKey("loans.id"))
    verdict: Mapped[str]
    until: Mapped[date | None]  # the new last day, included
    report_no: Mapped[str] = mapped_column(default="")  # 鉴定工作报告
    members: Mapped[str]  # who sat, as they are named on the report
    opinion: Mapped[str]
    period_end: Mapped[date | None]  # as it was reckoned then
    appraised_by: Mapped[str]
    appraised_at: Mapped[Utc]


class DisposalList(Model):
    """销毁清册: loan files to be destroyed, bound to a digest; it is kept for ever."""

    __tablename__ = "disposal_lists"
    __table_args__ = (
        CheckConstraint(
            "state IN ('proposed', 'approved', 'supervised', 'running', 'executed', 'closed',"
            " 'refused', 'withdrawn')",
            name="state",
        ),
        CheckConstraint(
            "approved_by = '' OR approved_by <> proposed_by", name="approved_by_another"
        ),
        CheckConstraint(
            "executed_by = '' OR executed_by <> supervised_by", name="supervised_by_another"
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    list_no: Mapped[str] = mapped_column(unique=True)  # XH2026-00001
    branch_id: Mapped[int] = mapped_column(ForeignKey("branches.id"))
    state: Mapped[str] = mapped_column(default="proposed")
    reason: Mapped[str]
    digest: Mapped[str]  # over all lines; what approval and supervision are bound to
    proposed_by: Mapped[str]
    proposed_at: Mapped[Utc]
    approved_by: Mapped[str] = mapped_column(default="")
    approved_at: Mapped[UtcOrNone]
    supervised_by: Mapped[str] = mapped_column(default="")
    supervised_at: Mapped[UtcOrNone]
    executed_by: Mapped[str] = mapped_column(default="")
    started_at: Mapped[UtcOrNone]
    finished_at: Mapped[UtcOrNone]
    closed_at: Mapped[UtcOrNone]  # the supervisor has signed the result
    note: Mapped[str] = mapped_column(default="")  # why refused or withdrawn
    result: Mapped[dict[str, Any]] = mapped_column(default=dict)  # what was looked for after
    job_id: Mapped[int | None]
    version: Mapped[int] = mapped_column(default=1)

    lines: Mapped[list["DisposalLine"]] = relationship(order_by="DisposalLine.no")

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads a plain dict


class DisposalLine(Model):
    """One loan file of a destruction list, as it was when the list was drawn up."""

    __tablename__ = "disposal_lines"
    __table_args__ = (
        UniqueConstraint("list_id", "loan_id"),
        CheckConstraint("state IN ('listed', 'rows_gone', 'done')", name="state"),
        Index("ix_disposal_lines_loan", "loan_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    list_id: Mapped[int] = mapped_column(ForeignKey("disposal_lists.id"))
    no: Mapped[int]
    loan_id: Mapped[int] = mapped_column(ForeignKey("loans.id"))
    facts: Mapped[
        dict[str, Any]
    ]  # archive_no, loan_no, customer, period, pieces, pages, digests
    state: Mapped[str] = mapped_column(default="listed")
    gone: Mapped[list[Any]] = mapped_column(default=list)  # digests whose bytes are to go
    kept: Mapped[list[Any]] = mapped_column(default=list)  # digests that other files use


class Tombstone(Model):
    """What is left of a destroyed document for ever; the database refuses to change it."""

    __tablename__ = "tombstones"
    __table_args__ = (Index("ix_tombstones_loan", "loan_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    line_id: Mapped[int] = mapped_column(ForeignKey("disposal_lines.id"))
    loan_id: Mapped[int] = mapped_column(ForeignKey("loans.id"))
    document_id: Mapped[int] = mapped_column(ForeignKey("documents.id"), unique=True)
    piece_no: Mapped[int]
    item_code: Mapped[str]
    title: Mapped[str]
    pages: Mapped[int]
    digests: Mapped[list[Any]]  # SHA-256 of every version, oldest first
    list_no: Mapped[str]
    reason: Mapped[str]
    proposed_by: Mapped[str]
    approved_by: Mapped[str]
    supervised_by: Mapped[str]
    executed_by: Mapped[str]
    destroyed_at: Mapped[Utc]


KEPT_FOR_EVER: Final = Tombstone.__tablename__

for _dialect in ("sqlite", "postgresql"):
    for _statement in trigger_statements(_dialect, KEPT_FOR_EVER):
        _ddl = DDL(  # type: ignore[no-untyped-call]  # SQLAlchemy has no types for it
            _statement.replace("%", "%%")
        )
        event.listen(
            Model.metadata.tables[KEPT_FOR_EVER],
            "after_create",
            _ddl.execute_if(dialect=_dialect),
        )
