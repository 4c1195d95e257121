"""The editable working-day table: one row per edition of a year, and its exceptional days."""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from postloan_archive.db import Model
from postloan_archive.db.model import Utc


class WorkdayYear(Model):
    """One edition of one year; the newest edition counts, older ones stay (R-006)."""

    __tablename__ = "workday_years"
    __table_args__ = (
        UniqueConstraint("year", "edition"),
        CheckConstraint("edition >= 1", name="edition_from_one"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    year: Mapped[int]
    edition: Mapped[int]
    source: Mapped[str]  # the notice, or the package it was seeded from
    published_on: Mapped[date | None]
    imported_by: Mapped[str]
    imported_at: Mapped[Utc]

    days: Mapped[list["WorkdayDay"]] = relationship(
        order_by="WorkdayDay.day", cascade="all, delete-orphan"
    )


class WorkdayDay(Model):
    """One day on which the calendar differs from Monday to Friday."""

    __tablename__ = "workday_days"
    __table_args__ = (
        UniqueConstraint("year_id", "day"),
        CheckConstraint("kind IN ('休', '班')", name="kind"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    year_id: Mapped[int] = mapped_column(ForeignKey("workday_years.id"), index=True)
    day: Mapped[date]
    kind: Mapped[str]
    name: Mapped[str] = mapped_column(default="")
