"""What is on the pages of waiting files, what was done to pieces, where they came from."""

from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from postloan_archive.db import Model
from postloan_archive.db.model import Utc, UtcOrNone


class WaitingPage(Model):
    """One page of a file as it came in: derived, for suggestions and the page strip."""

    __tablename__ = "waiting_pages"
    __table_args__ = (UniqueConstraint("file_id", "no"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    file_id: Mapped[int] = mapped_column(ForeignKey("intake_files.id"))
    no: Mapped[int]  # from 1
    text: Mapped[str] = mapped_column(default="")  # its first words
    blank: Mapped[bool] = mapped_column(default=False)
    codes: Mapped[list[str]] = mapped_column(default=list)  # barcodes, from the top


class InboxStep(Model):
    """One change of pieces, with what they were before: the way back."""

    __tablename__ = "inbox_steps"
    __table_args__ = (Index("ix_inbox_steps_by", "by", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    file_id: Mapped[int] = mapped_column(ForeignKey("intake_files.id"))  # where it was done
    kind: Mapped[str]  # split, merge, turn, move, drop, restore
    by: Mapped[str]
    at: Mapped[Utc]
    before: Mapped[dict[str, Any]] = mapped_column(default=dict)  # file id -> leaves, outcome
    after: Mapped[dict[str, Any]] = mapped_column(default=dict)
    undone_at: Mapped[UtcOrNone]


class DocumentSource(Model):
    """A document made of pages of a file as it came in; the file itself stays in the vault."""

    __tablename__ = "document_sources"
    __table_args__ = (UniqueConstraint("document_id", "no"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    document_id: Mapped[int] = mapped_column(ForeignKey("documents.id"))
    no: Mapped[int]  # order within the document
    file_id: Mapped[int] = mapped_column(ForeignKey("intake_files.id"))
    name: Mapped[str]
    sha256: Mapped[str]  # of the file as it came
    pages: Mapped[list[Any]]  # [page, degrees] in their order


class FilingRule(Model):
    """What a correction taught: a title with these words is such an item; on or off."""

    __tablename__ = "filing_rules"
    __table_args__ = (
        UniqueConstraint("words"),
        CheckConstraint("length(words) > 1", name="words"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    words: Mapped[str]  # as they stand in the title of the first page
    item_code: Mapped[str]
    active: Mapped[bool] = mapped_column(default=True)
    used: Mapped[int] = mapped_column(default=0)  # suggestions that a person followed
    missed: Mapped[int] = mapped_column(default=0)  # that a person corrected
    learned_by: Mapped[str]
    learned_at: Mapped[Utc]
    learned_from: Mapped[int | None] = mapped_column(ForeignKey("intake_files.id"))
    changed_by: Mapped[str] = mapped_column(default="")
    changed_at: Mapped[UtcOrNone]
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads a plain dict
