"""Contacts, promises, stops, complaints, surveys of the debtor, placements with agencies."""

from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from postloan_archive.db import Model, Yuan
from postloan_archive.db.model import Utc, UtcOrNone


class Contact(Model):
    """One call, visit, letter or message; kept five years and longer (R-L04)."""

    __tablename__ = "contacts"
    __table_args__ = (
        CheckConstraint("channel IN ('call', 'visit', 'letter', 'message')", name="channel"),
        CheckConstraint("target IN ('debtor', 'guarantor', 'third_party')", name="target"),
        Index("ix_contacts_loan_at", "loan_id", "at"),
        Index("ix_contacts_customer_at", "customer_id", "at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    loan_id: Mapped[int] = mapped_column(ForeignKey("loans.id"))
    branch_id: Mapped[int]
    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id"))  # whose debt
    at: Mapped[Utc]
    channel: Mapped[str]
    target: Mapped[str]
    person: Mapped[str]
    purpose: Mapped[str]
    result: Mapped[str]
    note: Mapped[str] = mapped_column(default="")
    violations: Mapped[list[Any]] = mapped_column(default=list)  # obstacles it went against
    document_id: Mapped[int | None] = mapped_column(ForeignKey("documents.id"))
    made_by: Mapped[str]
    noted_at: Mapped[Utc]


class Promise(Model):
    """A promise to pay; kept when enough came in until its day."""

    __tablename__ = "promises"
    __table_args__ = (
        CheckConstraint("amount > 0", name="amount_positive"),
        CheckConstraint("state IN ('open', 'kept', 'broken')", name="state"),
        Index("ix_promises_state_due", "state", "due_on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    loan_id: Mapped[int] = mapped_column(ForeignKey("loans.id"), index=True)
    branch_id: Mapped[int]
    contact_id: Mapped[int] = mapped_column(ForeignKey("contacts.id"))
    promised_on: Mapped[date]
    due_on: Mapped[date]
    amount: Mapped[Yuan]
    paid: Mapped[Yuan]
    state: Mapped[str] = mapped_column(default="open")
    judged_on: Mapped[date | None]


class Stop(Model):
    """Collection pauses for a debtor (R-L08, R-L10)."""

    __tablename__ = "collection_stops"

    id: Mapped[int] = mapped_column(primary_key=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id"), index=True)
    loan_id: Mapped[int] = mapped_column(ForeignKey("loans.id"), index=True)
    reason: Mapped[str]  # a value of rules.StopReason
    note: Mapped[str] = mapped_column(default="")
    since: Mapped[date]
    set_by: Mapped[str]
    lifted_on: Mapped[date | None]
    lifted_by: Mapped[str] = mapped_column(default="")
    lifted_why: Mapped[str] = mapped_column(default="")


class Complaint(Model):
    """A complaint about collection with its day of answer."""

    __tablename__ = "complaints"
    __table_args__ = (UniqueConstraint("complaint_no"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    complaint_no: Mapped[str]
    loan_id: Mapped[int] = mapped_column(ForeignKey("loans.id"), index=True)
    branch_id: Mapped[int]
    stop_id: Mapped[int | None] = mapped_column(ForeignKey("collection_stops.id"))
    person: Mapped[str]
    channel: Mapped[str]
    received_on: Mapped[date]
    content: Mapped[str]
    is_complex: Mapped[bool] = mapped_column(default=False)
    extended: Mapped[bool] = mapped_column(default=False)
    extended_by: Mapped[str] = mapped_column(default="", server_default="")
    extended_why: Mapped[str] = mapped_column(default="", server_default="")
    answer_by: Mapped[date]
    handler: Mapped[str]
    answered_on: Mapped[date | None]
    outcome: Mapped[str] = mapped_column(default="")
    noted_by: Mapped[str]


class Survey(Model):
    """What is known of the debtor, with the answers that call for haste."""

    __tablename__ = "debtor_surveys"

    id: Mapped[int] = mapped_column(primary_key=True)
    loan_id: Mapped[int] = mapped_column(ForeignKey("loans.id"), index=True)
    branch_id: Mapped[int]
    made_on: Mapped[date]
    made_by: Mapped[str]
    reason_for_default: Mapped[str]
    answers: Mapped[dict[str, Any]]  # whereabouts, business, family, other_creditors
    assets: Mapped[list[Any]]  # description, place, holder, state
    urgent: Mapped[list[Any]]  # keys of rules.URGENT
    handled_at: Mapped[UtcOrNone]
    handled_by: Mapped[str] = mapped_column(default="")
    handled_how: Mapped[str] = mapped_column(default="")


class Placement(Model):
    """A debt given to an outside agency, with consent and limits of data (R-L06)."""

    __tablename__ = "placements"

    id: Mapped[int] = mapped_column(primary_key=True)
    loan_id: Mapped[int] = mapped_column(ForeignKey("loans.id"), index=True)
    branch_id: Mapped[int]
    agency: Mapped[str]
    contract_no: Mapped[str]
    data_given: Mapped[list[Any]]  # names of the fields handed over
    placed_on: Mapped[date]
    placed_by: Mapped[str]
    approved_by: Mapped[str] = mapped_column(default="")
    basis: Mapped[str] = mapped_column(default="", server_default="")  # consent, or why none
    checks: Mapped[list[Any]] = mapped_column(default=list, server_default="[]")  # day, finding
    recalled_on: Mapped[date | None]
    recalled_why: Mapped[str] = mapped_column(default="")
    result: Mapped[str] = mapped_column(default="")
    data_returned_on: Mapped[date | None]  # the agency confirmed return and deletion
    data_returned: Mapped[str] = mapped_column(default="", server_default="")  # how


class HardshipPlan(Model):
    """What a debtor in difficulty was allowed to pay when; the ledger stays as it is."""

    __tablename__ = "hardship_plans"
    __table_args__ = (
        CheckConstraint(
            "state IN ('proposed', 'running', 'kept', 'broken', 'refused')", name="state"
        ),
        Index("ix_hardship_plans_state", "state", "branch_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    loan_id: Mapped[int] = mapped_column(ForeignKey("loans.id"), index=True)
    branch_id: Mapped[int]
    hardship: Mapped[str]  # why he cannot pay as agreed
    rates: Mapped[list[Any]]  # pairs of day and amount as text, rising
    state: Mapped[str] = mapped_column(default="proposed")
    proposed_by: Mapped[str]
    proposed_on: Mapped[date]
    decided_by: Mapped[str] = mapped_column(default="")
    decided_on: Mapped[date | None]
    decision: Mapped[str] = mapped_column(default="")
    judged_on: Mapped[date | None]
    stop_id: Mapped[int | None] = mapped_column(ForeignKey("collection_stops.id"))

    @property
    def payments(self) -> list[tuple[date, Decimal]]:
        """Return the payments as they were agreed."""
        return [(date.fromisoformat(day), Decimal(amount)) for day, amount in self.rates]


class DutyRule(Model):
    """Who takes the loans of a branch and stage that nobody looks after."""

    __tablename__ = "collection_duty_rules"
    __table_args__ = (UniqueConstraint("branch_id", "stage"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    branch_id: Mapped[int]
    stage: Mapped[str]  # a value of rules.Stage
    collectors: Mapped[list[Any]]  # user names; who has the fewest loans takes the next
    set_by: Mapped[str]
    set_on: Mapped[date]


class Duty(Model):
    """Who looks after a late loan; the newest counts."""

    __tablename__ = "collection_duties"
    __table_args__ = (Index("ix_collection_duties_loan", "loan_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    loan_id: Mapped[int] = mapped_column(ForeignKey("loans.id"))
    collector: Mapped[str]
    since: Mapped[date]
    given_by: Mapped[str]
