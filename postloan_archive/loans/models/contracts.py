"""Loan contracts and the loans paid out under them; one loan is one loan file (案卷)."""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from postloan_archive.db import Model, Yuan
from postloan_archive.db.model import Rate, Utc
from postloan_archive.loans.models.amendment import Amendment
from postloan_archive.loans.models.customers import Customer
from postloan_archive.loans.models.repayment import (
    Instalment,
    Payment,
    ProductTerms,
    RateChange,
)
from postloan_archive.loans.models.security import Collateral, Guarantee


class Contract(Model):
    """A loan contract with the clauses that notices and pleadings cite."""

    __tablename__ = "contracts"

    id: Mapped[int] = mapped_column(primary_key=True)
    contract_no: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]  # 合同名称, such as 流动资金借款合同
    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id"), index=True)
    signed_on: Mapped[date]
    signed_at: Mapped[str] = mapped_column(default="")  # place
    amount: Mapped[Yuan]
    purpose: Mapped[str] = mapped_column(default="")
    dispute: Mapped[str] = mapped_column(default="court")  # court, arbitration
    dispute_clause: Mapped[str] = mapped_column(default="")  # text, as agreed
    court: Mapped[str] = mapped_column(default="")  # agreed court
    clauses: Mapped[dict[str, str]] = mapped_column(
        default=dict
    )  # interest, penalty, compound,
    # acceleration, costs, service -> clause number as printed in the contract
    import_id: Mapped[int | None] = mapped_column(index=True)  # the import that registered it

    customer: Mapped[Customer] = relationship()


class Loan(Model):
    """One disbursed loan: the loan file. `loan_no` is the number of the IOU (借据号)."""

    __tablename__ = "loans"
    __table_args__ = (
        CheckConstraint("principal > 0", name="principal_positive"),
        CheckConstraint("due_on >= disbursed_on", name="due_after_disbursement"),
        CheckConstraint("day_basis IN (360, 365)", name="day_basis"),
        CheckConstraint(
            "repayment_method IN ('equal_payment', 'equal_principal', 'bullet',"
            " 'interest_monthly', 'interest_quarterly', 'free')",
            name="repayment_method",
        ),
        Index("ix_loans_class", "risk_class", "branch_id"),
        Index("ix_loans_branch_due", "branch_id", "due_on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    loan_no: Mapped[str] = mapped_column(unique=True)
    archive_no: Mapped[str] = mapped_column(unique=True)  # 档号, R-I03
    contract_id: Mapped[int] = mapped_column(ForeignKey("contracts.id"), index=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id"), index=True)
    branch_id: Mapped[int] = mapped_column(ForeignKey("branches.id"))
    manager: Mapped[str] = mapped_column(default="")  # user name of the account manager
    product: Mapped[str] = mapped_column(default="")
    principal: Mapped[Yuan]
    annual_rate: Mapped[Rate]  # percent a year
    penalty_uplift: Mapped[Rate]  # percent of the contract rate, 30 to 50
    day_basis: Mapped[int] = mapped_column(default=360)
    repayment_method: Mapped[str]
    disbursed_on: Mapped[date]
    due_on: Mapped[date]
    pay_account: Mapped[str] = mapped_column(default="")
    accelerated_on: Mapped[date | None]
    settled_on: Mapped[date | None]
    judged_on: Mapped[date | None]  # the first judgment in force; what cases report
    transferred_on: Mapped[date | None]  # the claim was sold; it is no longer ours
    written_off_on: Mapped[date | None]  # off the balance sheet; the claim lives on
    stage: Mapped[str] = mapped_column(default="performing")  # what cases report; rules.stages
    preserved: Mapped[bool] = mapped_column(default=False)  # a measure was registered once
    risk_class: Mapped[str] = mapped_column(default="正常")
    agreed: Mapped[dict[str, str]] = mapped_column(
        default=dict
    )  # grace days, allocation, prepayment: see loans.rules.repayment_terms
    import_id: Mapped[int | None] = mapped_column(index=True)  # the import that registered it
    created_at: Mapped[Utc]
    version: Mapped[int] = mapped_column(default=1)

    contract: Mapped[Contract] = relationship()
    customer: Mapped[Customer] = relationship()
    guarantees: Mapped[list[Guarantee]] = relationship(order_by="Guarantee.id")
    collateral: Mapped[list[Collateral]] = relationship(order_by="Collateral.id")
    schedule: Mapped[list[Instalment]] = relationship(order_by="Instalment.due_on")
    payments: Mapped[list[Payment]] = relationship(  # the ones that count
        primaryjoin="and_(Payment.loan_id == Loan.id, Payment.reversed_at.is_(None))",
        order_by="Payment.paid_on, Payment.id",
    )
    reversed_payments: Mapped[list[Payment]] = relationship(
        primaryjoin="and_(Payment.loan_id == Loan.id, Payment.reversed_at.is_not(None))",
        order_by="Payment.paid_on, Payment.id",
        viewonly=True,
    )
    rate_changes: Mapped[list[RateChange]] = relationship(order_by="RateChange.effective_on")
    amendments: Mapped[list[Amendment]] = relationship(  # the ones in force
        primaryjoin="and_(Amendment.loan_id == Loan.id, Amendment.struck_at.is_(None))",
        order_by="Amendment.effective_on, Amendment.place, Amendment.id",
    )
    product_terms: Mapped[ProductTerms | None] = relationship(
        primaryjoin="foreign(Loan.product) == ProductTerms.product", viewonly=True
    )

    @property
    def is_over(self) -> bool:
        """Return whether nothing of the claim is left to us: settled, or sold."""
        return self.settled_on is not None or self.transferred_on is not None

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads a plain dict
