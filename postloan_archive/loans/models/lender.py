"""Who the lender is on paper: the facts about a branch that letters and pleadings print."""

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from postloan_archive.db import Model


class LenderProfile(Model):
    """The legal identity of a branch; what is empty is taken from the branch above it."""

    __tablename__ = "lender_profiles"

    id: Mapped[int] = mapped_column(primary_key=True)
    branch_id: Mapped[int] = mapped_column(ForeignKey("branches.id"), unique=True)
    name: Mapped[str] = mapped_column(default="")  # full name as registered
    uscc: Mapped[str] = mapped_column(default="")
    domicile: Mapped[str] = mapped_column(default="")
    phone: Mapped[str] = mapped_column(default="")
    legal_rep: Mapped[str] = mapped_column(default="")  # 法定代表人 or 负责人
    legal_rep_post: Mapped[str] = mapped_column(default="")
    legal_rep_id_no: Mapped[str] = mapped_column(default="")
    account: Mapped[str] = mapped_column(default="")  # for refunds and enforcement money
    bank: Mapped[str] = mapped_column(default="")
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads it once
