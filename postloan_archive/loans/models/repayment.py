"""Repayment facts: the schedule, the payments, the changes of rate, what products agree."""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from postloan_archive.db import Model, Yuan
from postloan_archive.db.model import Rate, Utc, UtcOrNone


class Instalment(Model):
    """One row of the repayment schedule."""

    __tablename__ = "instalments"
    __table_args__ = (
        UniqueConstraint("loan_id", "no"),
        CheckConstraint("principal >= 0 AND interest >= 0", name="not_negative"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    loan_id: Mapped[int] = mapped_column(ForeignKey("loans.id"))
    no: Mapped[int]  # from 1
    due_on: Mapped[date]
    principal: Mapped[Yuan]
    interest: Mapped[Yuan]


class Payment(Model):
    """Money that came in, as booked; a reversal (冲正) strikes it, it is never deleted.

    A struck payment counts on no day. `split_by` says who divided it: "booked" as the core
    system delivered it, "derived" by the contract's order; only the latter is divided again
    when a back-dated fact changes what was owed.
    """

    __tablename__ = "payments"
    __table_args__ = (
        UniqueConstraint("loan_id", "receipt_no"),
        Index("ix_payments_paid_on", "paid_on", "loan_id"),  # what came in in a period
        CheckConstraint("amount > 0", name="amount_positive"),
        CheckConstraint(
            "amount = to_costs + to_principal + to_interest + to_penalty + to_compound",
            name="allocation_adds_up",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    loan_id: Mapped[int] = mapped_column(ForeignKey("loans.id"))
    paid_on: Mapped[date]
    amount: Mapped[Yuan]
    to_costs: Mapped[Yuan]
    to_principal: Mapped[Yuan]
    to_interest: Mapped[Yuan]
    to_penalty: Mapped[Yuan]
    to_compound: Mapped[Yuan]
    payer: Mapped[str] = mapped_column(default="")
    channel: Mapped[str] = mapped_column(default="")
    receipt_no: Mapped[str]
    import_id: Mapped[int | None] = mapped_column(index=True)  # the import that booked it
    split_by: Mapped[str] = mapped_column(default="booked")
    reversed_on: Mapped[date | None]  # day of the reversal as booked
    reversed_at: Mapped[UtcOrNone]
    reversed_by: Mapped[str] = mapped_column(default="")
    reversal_no: Mapped[str] = mapped_column(default="")  # number of the reversal's own receipt
    reversal_reason: Mapped[str] = mapped_column(default="")
    reversal_import_id: Mapped[int | None]  # the import that struck it


class RateChange(Model):
    """A new annual rate in percent from `effective_on`, that day included."""

    __tablename__ = "rate_changes"
    __table_args__ = (UniqueConstraint("loan_id", "effective_on"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    loan_id: Mapped[int] = mapped_column(ForeignKey("loans.id"))
    effective_on: Mapped[date]
    annual_rate: Mapped[Rate]
    basis: Mapped[str] = mapped_column(default="")  # LPR of which day, or agreement


class ProductTerms(Model):
    """What a product agrees about grace days, allocation and prepayment (R-F09, R-G05).

    The terms of a loan (`Loan.agreed`) stand over them, key by key.
    """

    __tablename__ = "product_terms"

    product: Mapped[str] = mapped_column(primary_key=True)  # as `Loan.product`
    terms: Mapped[dict[str, str]]  # see loans.rules.repayment_terms
    set_by: Mapped[str]
    set_at: Mapped[Utc]
