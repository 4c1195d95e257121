"""Documents with versions and pages, and the batches they came in."""

from datetime import date
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from postloan_archive.db import Model
from postloan_archive.db.model import Utc, UtcOrNone

STATES = (
    "stored",
    "duplicate",
    "no_text",
    "encrypted",
    "damaged",
    "type_mismatch",
    "unsupported",
    "too_large",
    "timed_out",
)


class IntakeBatch(Model):
    """One delivery of files; its receipt says n in = n stored + n named exceptions."""

    __tablename__ = "intake_batches"

    id: Mapped[int] = mapped_column(primary_key=True)
    source: Mapped[str]  # cli, upload, folder, mail, phone, api, system
    opened_by: Mapped[str]
    opened_at: Mapped[Utc]
    closed_at: Mapped[UtcOrNone]
    expected: Mapped[int | None]  # files that the sender announces, or that were found
    place: Mapped[str] = mapped_column(default="", server_default="")  # folder, mailbox, zip

    files: Mapped[list["IntakeFile"]] = relationship(order_by="IntakeFile.id")


class IntakeFile(Model):
    """One file as it came in, with the state it reached and the reason, in Chinese.

    It stays in the inbox until a person or its own success has handled it. One that came
    without a loan has no document yet; what reading found of it stands here meanwhile.
    """

    __tablename__ = "intake_files"
    __table_args__ = (
        CheckConstraint(
            "outcome IN ('', 'filed', 'kept', 'rejected', 'merged')", name="outcome"
        ),
        Index("ix_intake_files_batch", "batch_id"),
        Index("ix_intake_files_document", "document_id"),
        Index("ix_intake_files_open", "handled_at", "branch_id"),
        Index("ix_intake_files_parent", "parent_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    batch_id: Mapped[int] = mapped_column(ForeignKey("intake_batches.id"))
    name: Mapped[str]  # as given by the sender, shown, never used on disk
    sha256: Mapped[str] = mapped_column(default="")  # empty: nothing could be kept
    size: Mapped[int] = mapped_column(default=0)
    state: Mapped[str]
    message: Mapped[str] = mapped_column(default="")
    loan_no: Mapped[str] = mapped_column(default="")
    document_id: Mapped[int | None] = mapped_column(ForeignKey("documents.id"))
    received_at: Mapped[Utc]
    branch_id: Mapped[int | None] = mapped_column(ForeignKey("branches.id"))  # without a loan
    item_code: Mapped[str] = mapped_column(default="", server_default="")  # suggested
    media_type: Mapped[str] = mapped_column(default="", server_default="")
    page_count: Mapped[int] = mapped_column(default=0, server_default="0")
    excerpt: Mapped[str] = mapped_column(default="", server_default="")  # its first words
    candidates: Mapped[list[Any]] = mapped_column(
        default=list, server_default="[]"
    )  # [loan number, score, reasons], best first
    unmatched: Mapped[str] = mapped_column(default="", server_default="")  # why not by its name
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("intake_files.id"))  # cut from
    leaves: Mapped[list[Any]] = mapped_column(
        default=list, server_default="[]"
    )  # [file, page, degrees]; empty: all pages as they came
    decided_by: Mapped[str] = mapped_column(
        default="", server_default=""
    )  # barcode, or a person
    read_at: Mapped[UtcOrNone]  # None: still waits to be read, where there is no document
    outcome: Mapped[str] = mapped_column(default="", server_default="")
    reason: Mapped[str] = mapped_column(default="", server_default="")
    handled_at: Mapped[UtcOrNone]  # None: in the inbox
    handled_by: Mapped[str] = mapped_column(default="", server_default="")
    before: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default="{}")
    version: Mapped[int] = mapped_column(default=1, server_default="1")

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads a plain dict


class Document(Model):
    """A piece (件) of a loan file. Its bytes are those of its newest version."""

    __tablename__ = "documents"
    __table_args__ = (
        CheckConstraint(
            "state IN (" + ", ".join(f"'{state}'" for state in STATES) + ")", name="state"
        ),
        CheckConstraint("form IN ('original', 'certified_copy', 'copy', 'scan')", name="form"),
        Index("ix_documents_loan", "loan_id", "item_code"),
        Index("ix_documents_sha256", "sha256"),
        Index("ix_documents_item", "item_code"),
        Index(
            "ix_documents_waiting",
            "loan_id",
            sqlite_where=text("read_at IS NULL OR ocr_pending > 0"),
            postgresql_where=text("read_at IS NULL OR ocr_pending > 0"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    loan_id: Mapped[int] = mapped_column(ForeignKey("loans.id"))
    piece_no: Mapped[int]  # 件号 within the loan file, from 1, never used again
    item_code: Mapped[str]  # R-I02, such as YJ01
    title: Mapped[str]  # 题名
    doc_no: Mapped[str] = mapped_column(default="")  # 文号
    author: Mapped[str] = mapped_column(default="")  # 责任者
    doc_date: Mapped[date | None]
    form: Mapped[str] = mapped_column(default="scan")
    filename: Mapped[str]  # as given
    media_type: Mapped[str] = mapped_column(default="application/octet-stream")
    sha256: Mapped[str]
    size: Mapped[int]
    state: Mapped[str] = mapped_column(default="stored")
    message: Mapped[str] = mapped_column(default="")
    page_count: Mapped[int] = mapped_column(default=0)
    char_count: Mapped[int] = mapped_column(default=0)
    ocr_pages: Mapped[int] = mapped_column(default=0)  # pages whose text came from OCR
    ocr_pending: Mapped[int] = mapped_column(default=0)  # pages that still wait for it
    flags: Mapped[list[str]] = mapped_column(default=list)  # macro, javascript, signature …
    properties: Mapped[dict[str, Any]] = mapped_column(default=dict)
    source: Mapped[str] = mapped_column(default="upload")
    current_version: Mapped[int] = mapped_column(default=1)
    added_at: Mapped[Utc]
    added_by: Mapped[str]
    read_at: Mapped[UtcOrNone]  # None: still waits to be read
    duplicate_of: Mapped[int | None] = mapped_column(ForeignKey("documents.id"))
    withdrawn_at: Mapped[UtcOrNone]  # filed by mistake and taken out again; never shown
    version: Mapped[int] = mapped_column(default=1)

    pages: Mapped[list["Page"]] = relationship(order_by="Page.no")
    versions: Mapped[list["DocumentVersion"]] = relationship(order_by="DocumentVersion.no")

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads a plain dict


class DocumentVersion(Model):
    """The bytes of a document at one time; old versions stay for ever."""

    __tablename__ = "document_versions"
    __table_args__ = (UniqueConstraint("document_id", "no"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    document_id: Mapped[int] = mapped_column(ForeignKey("documents.id"))
    no: Mapped[int]
    sha256: Mapped[str]
    size: Mapped[int]
    filename: Mapped[str]
    added_at: Mapped[Utc]
    added_by: Mapped[str]


class Page(Model):
    """One page of the current version: its text, where it came from, its size in points."""

    __tablename__ = "pages"
    __table_args__ = (UniqueConstraint("document_id", "no"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    document_id: Mapped[int] = mapped_column(ForeignKey("documents.id"))
    no: Mapped[int]  # from 1
    text: Mapped[str] = mapped_column(default="")
    text_source: Mapped[str] = mapped_column(default="file")  # file, ocr, none
    needs_ocr: Mapped[bool] = mapped_column(default=False)
    width: Mapped[float] = mapped_column(default=0.0)
    height: Mapped[float] = mapped_column(default=0.0)
    confidence: Mapped[float | None]
    boxes: Mapped[list[Any]] = mapped_column(default=list)  # [text, x0, y0, x1, y1], 0 to 1
    turn: Mapped[int] = mapped_column(default=0)  # degrees clockwise that make it upright


class Hold(Model):
    """An order to keep: while it stands nothing of what it names is changed or destroyed.

    `loan_id` is set for a hold on a loan file, a case or a document; `customer_id` for one on a
    person, whose files as borrower, guarantor or owner of collateral are all held.
    """

    __tablename__ = "holds"
    __table_args__ = (
        CheckConstraint("kind IN ('customer', 'case', 'loan', 'document')", name="kind"),
        CheckConstraint("reason <> ''", name="reason_given"),
        CheckConstraint(
            "(customer_id IS NOT NULL) = (kind = 'customer')"
            " AND (loan_id IS NULL) = (kind = 'customer')"
            " AND (document_id IS NOT NULL) = (kind = 'document')",
            name="names_one_thing",
        ),
        CheckConstraint("lifted_by = '' OR lifted_by <> lift_asked_by", name="two_persons"),
        Index("ix_holds_loan", "loan_id"),
        Index("ix_holds_customer", "customer_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    branch_id: Mapped[int] = mapped_column(ForeignKey("branches.id"))
    customer_id: Mapped[int | None] = mapped_column(ForeignKey("customers.id"))
    loan_id: Mapped[int | None] = mapped_column(ForeignKey("loans.id"))
    document_id: Mapped[int | None] = mapped_column(ForeignKey("documents.id"))
    named: Mapped[str]  # what is held, as people call it
    reason: Mapped[str]
    authority: Mapped[str] = mapped_column(default="")  # who asked for it, number of the paper
    set_by: Mapped[str]
    set_at: Mapped[Utc]
    lift_reason: Mapped[str] = mapped_column(default="")
    lift_asked_by: Mapped[str] = mapped_column(default="")
    lift_asked_at: Mapped[UtcOrNone]
    lifted_by: Mapped[str] = mapped_column(default="")
    lifted_at: Mapped[UtcOrNone]  # None: stands
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads a plain dict


class MatrixEdition(Model):
    """One edition of the bank's changes to the standard matrix; the newest one counts."""

    __tablename__ = "matrix_editions"

    id: Mapped[int] = mapped_column(primary_key=True)
    edition: Mapped[int] = mapped_column(unique=True)
    rules: Mapped[list[Any]]  # [product, code, need, reason]
    reason: Mapped[str]
    changed_by: Mapped[str]
    changed_at: Mapped[Utc]


class ItemMark(Model):
    """What a person knows of a required item of one loan file; taken off, never deleted."""

    __tablename__ = "item_marks"
    __table_args__ = (
        CheckConstraint("mark IN ('not_applicable', 'defective')", name="mark"),
        CheckConstraint("reason <> ''", name="reason_given"),
        Index("ix_item_marks_loan", "loan_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    loan_id: Mapped[int] = mapped_column(ForeignKey("loans.id"))
    item_code: Mapped[str]
    mark: Mapped[str]
    reason: Mapped[str]
    marked_by: Mapped[str]
    marked_at: Mapped[Utc]
    removed_by: Mapped[str] = mapped_column(default="")
    removed_at: Mapped[UtcOrNone]  # None: stands


class DocumentLink(Model):
    """Two papers that belong together, such as a contract and its supplement."""

    __tablename__ = "document_links"
    __table_args__ = (
        UniqueConstraint("first_id", "second_id"),
        CheckConstraint("first_id < second_id", name="in_order"),
        Index("ix_document_links_second", "second_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    first_id: Mapped[int] = mapped_column(ForeignKey("documents.id"))
    second_id: Mapped[int] = mapped_column(ForeignKey("documents.id"))
    note: Mapped[str]
    linked_by: Mapped[str]
    linked_at: Mapped[Utc]


class Redaction(Model):
    """A derived copy of a version with parts blacked out: pictures only, no text below."""

    __tablename__ = "redactions"
    __table_args__ = (Index("ix_redactions_document", "document_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    document_id: Mapped[int] = mapped_column(ForeignKey("documents.id"))
    version_no: Mapped[int]
    boxes: Mapped[list[Any]]  # [page, x0, y0, x1, y1], 0 to 1
    reason: Mapped[str]
    pages: Mapped[int]
    sha256: Mapped[str]  # of the PDF in the vault
    size: Mapped[int]
    made_by: Mapped[str]
    made_at: Mapped[Utc]
