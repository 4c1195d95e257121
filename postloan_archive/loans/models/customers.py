"""Customers: persons and companies, as borrowers, guarantors and providers of collateral."""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from postloan_archive.db import Model
from postloan_archive.db.model import Utc


class Customer(Model):
    """A person or company with the identity that court papers ask for (R-H08)."""

    __tablename__ = "customers"
    __table_args__ = (
        UniqueConstraint("id_no", "branch_id"),
        CheckConstraint("kind IN ('person', 'company')", name="kind"),
        Index("ix_customers_name", "name"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]  # person, company
    name: Mapped[str]
    branch_id: Mapped[int] = mapped_column(ForeignKey("branches.id"))
    id_type: Mapped[str] = mapped_column(default="居民身份证")
    id_no: Mapped[str]  # identity card number, or USCC of a company
    phone: Mapped[str] = mapped_column(default="")
    email: Mapped[str] = mapped_column(default="")
    domicile: Mapped[str] = mapped_column(default="")  # 户籍地 or 主要办事机构所在地
    residence: Mapped[str] = mapped_column(default="")  # 经常居住地 or 注册地
    service_address: Mapped[str] = mapped_column(default="")  # agreed address for service
    service_address_source: Mapped[str] = mapped_column(default="")  # clause or confirmation
    sex: Mapped[str] = mapped_column(default="")
    birth_date: Mapped[date | None]
    ethnicity: Mapped[str] = mapped_column(default="")
    employer: Mapped[str] = mapped_column(default="")
    post: Mapped[str] = mapped_column(default="")
    married: Mapped[bool | None]
    legal_rep: Mapped[str] = mapped_column(default="")
    legal_rep_post: Mapped[str] = mapped_column(default="")
    entity_type: Mapped[str] = mapped_column(default="")
    ownership: Mapped[str] = mapped_column(default="")
    import_id: Mapped[int | None] = mapped_column(index=True)  # the import that registered it
    created_at: Mapped[Utc]
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads a plain dict
