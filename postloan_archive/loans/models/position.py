"""The position of each loan as of one day: derived from the facts, kept for lists."""

from datetime import date

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from postloan_archive.db import Model, Yuan
from postloan_archive.db.model import Utc


class LoanPosition(Model):
    """What lists show of a loan; `loans.positions` and `archive.gaps` write it, nobody else.

    Every column can be derived again from the facts; dropping all rows loses nothing. The
    columns of papers are None until the archive has counted them.
    """

    __tablename__ = "loan_positions"
    __table_args__ = (
        # Each holds what its question asks for, so that the table is not read: the first page
        # in the usual order, the sums at the foot, the years of the filter.
        Index(
            "ix_loan_positions_overdue",
            "overdue_days",
            "branch_id",
            "principal",
            "balance",
            "as_of",
        ),
        Index("ix_loan_positions_sums", "as_of", "branch_id", "principal", "balance"),
        Index("ix_loan_positions_year", "year", "branch_id"),
        Index("ix_loan_positions_bucket", "bucket", "branch_id", "balance"),
        Index("ix_loan_positions_papers", "branch_id", "items_need", "items_have"),
        Index("ix_loan_positions_limitation", "limitation_by", "branch_id"),
        {"info": {"made_again": "1 = 1"}},
    )

    loan_id: Mapped[int] = mapped_column(ForeignKey("loans.id"), primary_key=True)
    as_of: Mapped[date]
    branch_id: Mapped[int]  # this and the next three stand on the loan; here for quick lists
    year: Mapped[int]  # of the disbursement
    principal: Mapped[Yuan]
    due_on: Mapped[date]
    balance: Mapped[Yuan]  # principal not repaid
    principal_due: Mapped[Yuan]
    interest_due: Mapped[Yuan]
    accrued: Mapped[Yuan]  # interest of the running period, not due yet
    penalty: Mapped[Yuan]
    compound: Mapped[Yuan]
    overdue_since: Mapped[date | None]
    overdue_days: Mapped[int]
    bucket: Mapped[str]  # M0 to M6+, R-G04
    class_floor: Mapped[str]  # R-G01, by overdue days alone
    next_due: Mapped[date | None]
    stage: Mapped[str]  # see loans.rules.stages
    limitation_by: Mapped[date | None]  # the safe day; None while nothing runs
    limitation_end: Mapped[date | None]  # the last day by law
    limitation_status: Mapped[str] = mapped_column(default="")
    guarantee_by: Mapped[date | None]  # the nearest safe day of a period without a claim
    guarantee_end: Mapped[date | None]
    items_have: Mapped[int | None]
    items_need: Mapped[int | None]
    items_missing: Mapped[str] = mapped_column(
        default=""
    )  # " YJ01 YJ02 ", blanks on both sides
    items_unknown: Mapped[str] = mapped_column(default="")  # why they cannot be counted
    computed_at: Mapped[Utc]
