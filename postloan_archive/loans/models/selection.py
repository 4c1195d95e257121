"""Loans that a person marked in a list and takes along to another page."""

from typing import Any

from sqlalchemy.orm import Mapped, mapped_column

from postloan_archive.db import Model
from postloan_archive.db.model import Utc


class LoanSelection(Model):
    """Numbers of loans, for the one person who marked them; forgotten after some days."""

    __tablename__ = "loan_selections"

    id: Mapped[int] = mapped_column(primary_key=True)
    username: Mapped[str]
    numbers: Mapped[list[Any]]
    made_at: Mapped[Utc]
