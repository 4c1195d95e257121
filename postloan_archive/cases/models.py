"""Court cases: case, procedures, parties, events; nothing is deleted, only struck."""

from datetime import date
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from postloan_archive.db import Model, YuanOrNone
from postloan_archive.db.model import Utc, UtcOrNone


class Case(Model):
    """One dispute; `case_no` is our own number, that of a court belongs to a procedure."""

    __tablename__ = "cases"

    id: Mapped[int] = mapped_column(primary_key=True)
    case_no: Mapped[str] = mapped_column(unique=True)  # own number, such as AJ2026-0003
    loan_id: Mapped[int] = mapped_column(ForeignKey("loans.id"), index=True)
    branch_id: Mapped[int] = mapped_column(ForeignKey("branches.id"))
    cause: Mapped[str] = mapped_column(default="金融借款合同纠纷")
    court: Mapped[str]
    stage: Mapped[str] = mapped_column(default="prepared")  # see cases.rules, NEXT
    claim_amount: Mapped[YuanOrNone]
    owner: Mapped[str] = mapped_column(default="")  # user name
    opened_on: Mapped[date]
    closed_on: Mapped[date | None]
    facts: Mapped[dict[str, Any]] = mapped_column(default=dict)  # asked once, used everywhere
    days_kept: Mapped[bool] = mapped_column(default=False, server_default=false())
    version: Mapped[int] = mapped_column(default=1)

    procedures: Mapped[list["Procedure"]] = relationship(order_by="Procedure.id")
    parties: Mapped[list["Party"]] = relationship(order_by="Party.position")
    events: Mapped[list["CaseEvent"]] = relationship(
        order_by="CaseEvent.happened_on, CaseEvent.id"
    )

    decisions: Mapped[list["PeriodDecision"]] = relationship(order_by="PeriodDecision.id")
    further: Mapped[list["CaseLoan"]] = relationship(order_by="CaseLoan.id")

    @property
    def loan_ids(self) -> tuple[int, ...]:
        """Return the loans that are sued for, the leading one at the head."""
        return (self.loan_id, *(row.loan_id for row in self.further if row.removed_at is None))

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads a plain dict


class CaseLoan(Model):
    """A loan sued for beside the leading one; what is taken out stays, with the reason."""

    __tablename__ = "case_loans"
    __table_args__ = (
        UniqueConstraint("case_id", "loan_id"),
        CheckConstraint(
            "(removed_at IS NULL) = (removed_reason = '')", name="removed_with_reason"
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
    loan_id: Mapped[int] = mapped_column(ForeignKey("loans.id"), index=True)
    added_by: Mapped[str]
    added_at: Mapped[Utc]
    removed_by: Mapped[str] = mapped_column(default="")
    removed_at: Mapped[UtcOrNone]
    removed_reason: Mapped[str] = mapped_column(default="")


class Procedure(Model):
    """First instance, appeal, enforcement …: each with its own case number and court."""

    __tablename__ = "procedures"
    __table_args__ = (UniqueConstraint("court_case_no"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), index=True)
    kind: Mapped[str]  # preservation, first, second, retrial, enforcement, payment_order
    court: Mapped[str]
    court_case_no: Mapped[str | None]  # 案号, canonical form (R-J04)
    judge: Mapped[str] = mapped_column(default="")
    track: Mapped[str] = mapped_column(default="ordinary", server_default="ordinary")
    opened_on: Mapped[date | None]
    closed_on: Mapped[date | None]

    members: Mapped[list["ProcedureParty"]] = relationship(order_by="ProcedureParty.id")


class ProcedureParty(Model):
    """What a party is called in one procedure, such as 上诉人 or 申请执行人."""

    __tablename__ = "procedure_parties"
    __table_args__ = (UniqueConstraint("procedure_id", "party_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    procedure_id: Mapped[int] = mapped_column(ForeignKey("procedures.id"))
    party_id: Mapped[int] = mapped_column(ForeignKey("parties.id"))
    title: Mapped[str]


class Party(Model):
    """A party of the case in one role."""

    __tablename__ = "parties"
    __table_args__ = (
        UniqueConstraint("case_id", "customer_id", "role"),
        CheckConstraint("role IN ('plaintiff', 'defendant', 'third_party')", name="role"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
    position: Mapped[int]
    role: Mapped[str]
    capacity: Mapped[str] = mapped_column(default="borrower")  # borrower, guarantor, mortgagor
    customer_id: Mapped[int | None] = mapped_column(ForeignKey("customers.id"), index=True)
    name: Mapped[str] = mapped_column(
        default="", server_default=""
    )  # of a party who is no customer
    abroad: Mapped[bool] = mapped_column(default=False)  # no domicile in China


class CaseEvent(Model):
    """A step of the case with the paper that proves it."""

    __tablename__ = "case_events"
    __table_args__ = (
        CheckConstraint("date_source IN ('court_document', 'entered')", name="date_source"),
        Index("ix_case_events_case", "case_id", "happened_on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
    procedure_id: Mapped[int | None] = mapped_column(ForeignKey("procedures.id"))
    party_id: Mapped[int | None] = mapped_column(ForeignKey("parties.id"))
    kind: Mapped[str]  # see cases.rules
    happened_on: Mapped[date]
    happened_at: Mapped[UtcOrNone]  # a hearing has an hour
    date_source: Mapped[str] = mapped_column(default="entered")
    document_id: Mapped[int | None] = mapped_column(ForeignKey("documents.id"))
    amount: Mapped[YuanOrNone]
    facts: Mapped[dict[str, Any]] = mapped_column(default=dict)
    note: Mapped[str] = mapped_column(default="")
    recorded_by: Mapped[str]
    recorded_at: Mapped[Utc]
    struck_reason: Mapped[str] = mapped_column(default="")
    struck_by: Mapped[str] = mapped_column(default="", server_default="")
    struck_at: Mapped[UtcOrNone]
    replaced_by: Mapped[int | None] = mapped_column(ForeignKey("case_events.id"))


class CaseDay(Model):
    """A day of an open case as it followed from the docket when it was last kept.

    Derived: `cases.keeping` writes the rows of a case again with each step and every night, so
    that a list of cases derives nothing. Past days stay until then; a reader asks from its day.
    """

    __tablename__ = "case_days"
    __table_args__ = (Index("ix_case_days_case", "case_id", "on"),)

    id: Mapped[int] = mapped_column(primary_key=True)  # in the order of the docket
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
    on: Mapped[date]
    label: Mapped[str]


class PeriodDecision(Model):
    """What a person said about a day that followed from an event; the newest counts.

    `event_id`, `rule` and `party_id` name the proposal. A day on a court's paper wins over the
    computed one and stays when the trigger is corrected; an accepted day moves with it.
    """

    __tablename__ = "case_decisions"
    __table_args__ = (
        CheckConstraint("verdict IN ('accepted', 'corrected', 'refused')", name="verdict"),
        CheckConstraint(
            "(verdict = 'corrected') = (day IS NOT NULL)", name="corrected_has_a_day"
        ),
        CheckConstraint("verdict = 'accepted' OR reason <> ''", name="reason_given"),
        Index("ix_case_decisions_case", "case_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
    event_id: Mapped[int] = mapped_column(ForeignKey("case_events.id"))
    rule: Mapped[str]  # id of the period rule, such as R-B21
    act: Mapped[str]  # two periods of one rule differ by what is to be done
    party_id: Mapped[int | None] = mapped_column(ForeignKey("parties.id"))
    verdict: Mapped[str]
    day: Mapped[date | None]
    computed: Mapped[date | None]  # what the rules said when it was decided
    document_id: Mapped[int | None] = mapped_column(ForeignKey("documents.id"))
    reason: Mapped[str] = mapped_column(default="")
    decided_by: Mapped[str]
    decided_at: Mapped[Utc]
