"""Litigation packages: what was chosen, in which order, and the frozen sets made of it."""

from datetime import date
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from postloan_archive.db import Model
from postloan_archive.db.model import Utc, Yuan, YuanOrNone


class Package(Model):
    """The working set of one case: exhibits in order with their purpose of proof."""

    __tablename__ = "packages"

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), unique=True)
    kind: Mapped[str] = mapped_column(default="complaint")
    created_by: Mapped[str]
    created_at: Mapped[Utc]
    papers: Mapped[list[Any] | None]  # codes of the papers that go in; None: as the rule says
    volume_mb: Mapped[int | None]  # largest file the court takes; None: no limit
    version: Mapped[int] = mapped_column(default=1)

    items: Mapped[list["PackageItem"]] = relationship(
        order_by="PackageItem.position", cascade="all, delete-orphan"
    )
    versions: Mapped[list["PackageVersion"]] = relationship(order_by="PackageVersion.no")

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads a plain dict


class PackageItem(Model):
    """One exhibit of the working set."""

    __tablename__ = "package_items"
    __table_args__ = (
        CheckConstraint(
            "(first_page IS NULL) = (last_page IS NULL)"
            " AND (first_page IS NULL OR (first_page >= 1 AND last_page >= first_page))",
            name="page_range",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    package_id: Mapped[int] = mapped_column(ForeignKey("packages.id"), index=True)
    position: Mapped[int]  # from 1; the label 证据1 … follows from it
    checklist_key: Mapped[str] = mapped_column(default="")  # what it is to prove
    document_id: Mapped[int] = mapped_column(ForeignKey("documents.id"))
    first_page: Mapped[int | None]  # inclusive; None: the whole document
    last_page: Mapped[int | None]
    range_reason: Mapped[str] = mapped_column(default="")  # why these pages were proposed
    title: Mapped[str]
    purpose: Mapped[str] = mapped_column(default="")  # 证明目的
    original: Mapped[bool] = mapped_column(default=False)


class PackageVersion(Model):
    """One frozen set; the zip is in the vault and never changes."""

    __tablename__ = "package_versions"
    __table_args__ = (UniqueConstraint("package_id", "no"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    package_id: Mapped[int] = mapped_column(ForeignKey("packages.id"))
    no: Mapped[int]
    sha256: Mapped[str]
    size: Mapped[int]
    pages: Mapped[int]
    content: Mapped[dict[str, Any]]  # exhibits, digests, amounts, problems
    frozen_by: Mapped[str]
    frozen_at: Mapped[Utc]


class KeptReadiness(Model):
    """What an overdue loan lacked for court when it was last looked at.

    Derived: `readiness_keeping` writes the rows every night, so that the list can be put in the
    order of any column and summed up; what the list shows of a loan is looked up when shown.
    """

    __tablename__ = "kept_readiness"

    loan_id: Mapped[int] = mapped_column(
        ForeignKey("loans.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    as_of: Mapped[date]
    claim_total: Mapped[Yuan]
    procedure: Mapped[str]
    fee: Mapped[YuanOrNone]
    missing: Mapped[int]  # papers and facts together; 0: ready for court
    case_no: Mapped[str]


class CasePaper(Model):
    """One court paper as it was made; the bytes are in the vault and never change."""

    __tablename__ = "case_papers"
    __table_args__ = (UniqueConstraint("case_id", "code", "no"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), index=True)
    code: Mapped[str]  # R-H02a
    no: Mapped[int]  # from 1, of this code
    title: Mapped[str]
    document_id: Mapped[int] = mapped_column(ForeignKey("documents.id"))
    sha256: Mapped[str]  # of the Word file
    pdf_sha256: Mapped[str | None]  # once somebody has asked for it
    template_sha256: Mapped[str]
    content: Mapped[dict[str, Any]]  # what was printed, what was missing, why it was made so
    made_by: Mapped[str]
    made_at: Mapped[Utc]
