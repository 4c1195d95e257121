"""Inspections that were made, risk signals, decisions on the class."""

from datetime import date
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from postloan_archive.db import Model
from postloan_archive.db.model import Utc, UtcOrNone


class Inspection(Model):
    """One inspection as it was made; the report is a document of the loan file."""

    __tablename__ = "inspections"
    __table_args__ = (Index("ix_inspections_loan", "loan_id", "kind", "made_on"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    loan_id: Mapped[int] = mapped_column(ForeignKey("loans.id"))
    branch_id: Mapped[int]
    kind: Mapped[str]  # a value of rules.InspectionKind
    due_on: Mapped[date | None]  # as planned; None: not planned
    made_on: Mapped[date]
    made_by: Mapped[str]
    place: Mapped[str] = mapped_column(default="")
    answers: Mapped[dict[str, Any]]
    conclusion: Mapped[str]
    document_id: Mapped[int | None] = mapped_column(ForeignKey("documents.id"))
    photo_ids: Mapped[list[Any]] = mapped_column(default=list, server_default="[]")  # documents
    noted_at: Mapped[Utc]


class Planned(Model):
    """The next inspection of one kind of one loan; derived, written anew every night."""

    __tablename__ = "planned_inspections"
    __table_args__ = (
        Index("ix_planned_inspections_due", "due_on", "branch_id"),
        {"info": {"made_again": "1 = 1"}},
    )

    loan_id: Mapped[int] = mapped_column(ForeignKey("loans.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    branch_id: Mapped[int]
    due_on: Mapped[date]
    not_before: Mapped[date | None]
    reason: Mapped[str]


class Signal(Model):
    """A risk signal with its owner, its measure and its end."""

    __tablename__ = "risk_signals"
    __table_args__ = (
        UniqueConstraint("key"),
        CheckConstraint("source IN ('rule', 'person')", name="source"),
        Index("ix_risk_signals_open", "closed_on", "due_on"),
        {
            "info": {
                "made_again": "risk_signals.source = 'rule' AND risk_signals.measure = ''"
                " AND risk_signals.closed_by = ''"
            }
        },
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str]  # such as overdue:12:2026-11-04; running the rules again changes nothing
    loan_id: Mapped[int] = mapped_column(ForeignKey("loans.id"), index=True)
    branch_id: Mapped[int]
    kind: Mapped[str]
    text: Mapped[str]
    source: Mapped[str]
    found_on: Mapped[date]
    due_on: Mapped[date]  # special inspection within five working days
    owner: Mapped[str] = mapped_column(default="")
    measure: Mapped[str] = mapped_column(default="")
    closed_on: Mapped[date | None]
    closed_by: Mapped[str] = mapped_column(default="")
    closed_why: Mapped[str] = mapped_column(default="")


class RiskFact(Model):
    """Something that sets a floor for the class besides overdue days (R-G02), until ended."""

    __tablename__ = "risk_facts"
    __table_args__ = (Index("ix_risk_facts_loan", "loan_id", "ended_on"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    loan_id: Mapped[int] = mapped_column(ForeignKey("loans.id"))
    branch_id: Mapped[int]
    name: Mapped[str]  # a field of rules.RiskFacts
    value: Mapped[str] = mapped_column(default="")  # a share such as 0.55, where it is one
    since: Mapped[date]
    note: Mapped[str]
    noted_by: Mapped[str]
    approved_by: Mapped[str] = mapped_column(default="", server_default="")  # technical reason
    approved_on: Mapped[date | None]
    ended_on: Mapped[date | None]
    ended_by: Mapped[str] = mapped_column(default="")
    ended_why: Mapped[str] = mapped_column(default="")


class ClassDecision(Model):
    """The proposal and the decision on the class of a loan in one month."""

    __tablename__ = "class_decisions"
    __table_args__ = (
        UniqueConstraint("loan_id", "month"),
        CheckConstraint("state IN ('proposed', 'waiting', 'decided')", name="state"),
        Index("ix_class_decisions_month", "month", "state"),
        {"info": {"made_again": "class_decisions.state = 'proposed'"}},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    loan_id: Mapped[int] = mapped_column(ForeignKey("loans.id"))
    branch_id: Mapped[int]
    month: Mapped[str]  # 2026-11
    before: Mapped[str]
    proposed: Mapped[str]  # the floor of the rules, or the present class where that is worse
    floor: Mapped[str]
    reasons: Mapped[list[Any]]
    decided: Mapped[str] = mapped_column(default="")
    why: Mapped[str] = mapped_column(default="")
    state: Mapped[str] = mapped_column(default="proposed")
    decided_by: Mapped[str] = mapped_column(default="")
    decided_at: Mapped[UtcOrNone]
    approved_by: Mapped[str] = mapped_column(default="")  # for a class better than the floor
    approved_at: Mapped[UtcOrNone]
