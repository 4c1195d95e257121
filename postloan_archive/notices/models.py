"""Letters to borrowers and guarantors: the run, the letter, its way, its proof."""

from datetime import date
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    UniqueConstraint,
    false,
    text,
    true,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from postloan_archive.db import Model, YuanOrNone
from postloan_archive.db.model import Utc, UtcOrNone


class NoticeRun(Model):
    """One batch of letters of one kind for one day; numbered, frozen once generated."""

    __tablename__ = "notice_runs"
    __table_args__ = (
        CheckConstraint(
            "state IN ('draft', 'checked', 'generating', 'done', 'failed')", name="state"
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    run_no: Mapped[str] = mapped_column(unique=True)  # such as CH2026-0007
    kind: Mapped[str]  # N01, N02, N04 …
    as_of: Mapped[date]  # amounts are those of this day
    template_name: Mapped[str]
    template_sha256: Mapped[str]
    state: Mapped[str] = mapped_column(default="draft")
    created_by: Mapped[str]
    created_at: Mapped[Utc]
    finished_at: Mapped[UtcOrNone]
    job_id: Mapped[int | None]
    print_job_id: Mapped[int | None]
    print_sha256: Mapped[str | None]  # the merged PDF, in the vault
    paused: Mapped[bool] = mapped_column(default=False, server_default=false())
    left_out: Mapped[list[Any]] = mapped_column(  # asked for, no letter: row, what, reason
        default=list, server_default="[]"
    )

    notices: Mapped[list["Notice"]] = relationship(
        order_by="Notice.position", back_populates="run"
    )


class Notice(Model):
    """One letter to one addressee, with the facts and amounts it was printed from."""

    __tablename__ = "notices"
    __table_args__ = (
        CheckConstraint("state IN ('draft', 'blocked', 'issued', 'failed')", name="state"),
        UniqueConstraint("branch_id", "serial_no"),
        Index("ix_notices_loan", "loan_id", "kind"),
        Index("ix_notices_waiting", "dispatched_on", "outcome"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    run_id: Mapped[int] = mapped_column(ForeignKey("notice_runs.id"), index=True)
    position: Mapped[int]  # place in delivery order, from 1
    kind: Mapped[str]
    loan_id: Mapped[int] = mapped_column(ForeignKey("loans.id"))
    branch_id: Mapped[int] = mapped_column(ForeignKey("branches.id"))
    guarantee_id: Mapped[int | None] = mapped_column(ForeignKey("guarantees.id"), index=True)
    addressee_id: Mapped[int] = mapped_column(ForeignKey("customers.id"), index=True)
    serial_no: Mapped[str | None]  # 〔2026〕催字第0012号; given when the letter is issued
    barcode: Mapped[str | None] = mapped_column(unique=True)  # on the return slip
    state: Mapped[str] = mapped_column(default="draft")
    problems: Mapped[list[Any]] = mapped_column(default=list)  # what is missing, Chinese
    warned: Mapped[bool] = mapped_column(
        default=False, server_default=false()
    )  # a warning stands
    snapshot: Mapped[dict[str, Any]] = mapped_column(default=dict)  # every blank of the letter
    derivation: Mapped[list[Any]] = mapped_column(default=list)  # lines behind each amount
    total: Mapped[YuanOrNone]
    template_sha256: Mapped[str | None]  # None: issued before branches had variants, see run
    template_version_id: Mapped[int | None] = mapped_column(ForeignKey("template_versions.id"))
    document_id: Mapped[int | None] = mapped_column(ForeignKey("documents.id"))
    issued_on: Mapped[date | None]
    dispatched_on: Mapped[date | None]
    dispatch_channel: Mapped[str] = mapped_column(default="")
    tracking_no: Mapped[str] = mapped_column(default="")
    content_stated: Mapped[bool] = mapped_column(default=True, server_default=true())  # on the
    # waybill: what is in the envelope
    outcome: Mapped[str] = mapped_column(default="")  # signed, arrived, refused, returned
    outcome_on: Mapped[date | None]
    outcome_note: Mapped[str] = mapped_column(default="", server_default="")  # reason of return
    signer: Mapped[str] = mapped_column(default="", server_default="")  # who signed the slip
    outcome_document_id: Mapped[int | None] = mapped_column(ForeignKey("documents.id"))
    proof_level: Mapped[str] = mapped_column(default="", server_default="")  # A, B, C, D
    limitation_event_id: Mapped[int | None] = mapped_column(ForeignKey("limitation_events.id"))

    run: Mapped[NoticeRun] = relationship(back_populates="notices")


class TemplateVersion(Model):
    """One edition of the Word file of a letter, for the whole house or for one branch.

    `branch_id` None: the head office, for every branch without a variant of its own. What ships
    with the product is a version like any other: `origin` says so.
    """

    __tablename__ = "template_versions"
    __table_args__ = (
        CheckConstraint(
            "state IN ('draft', 'submitted', 'published', 'refused')", name="state"
        ),
        CheckConstraint("origin IN ('shipped', 'uploaded')", name="origin"),
        UniqueConstraint("code", "branch_id", "number"),
        Index(
            "uq_template_versions_head",
            "code",
            "number",
            unique=True,
            sqlite_where=text("branch_id IS NULL"),
            postgresql_where=text("branch_id IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str]  # N01 to N16
    branch_id: Mapped[int | None] = mapped_column(ForeignKey("branches.id"))
    number: Mapped[int]  # from 1, counted for each code and branch
    sha256: Mapped[str]
    size: Mapped[int]
    file_name: Mapped[str]  # as it was uploaded
    note: Mapped[str] = mapped_column(default="")  # what was changed
    origin: Mapped[str] = mapped_column(default="uploaded")
    state: Mapped[str] = mapped_column(default="draft")
    uploaded_by: Mapped[str]
    uploaded_at: Mapped[Utc]
    submitted_by: Mapped[str] = mapped_column(default="")
    submitted_at: Mapped[UtcOrNone]
    decided_by: Mapped[str] = mapped_column(default="")  # published or refused it
    decided_at: Mapped[UtcOrNone]
    reason: Mapped[str] = mapped_column(default="")  # of the refusal


class TemplatePublication(Model):
    """What is in use from a moment on; the newest row of a code and branch counts.

    `version_id` None: the branch gave up its variant and follows the head office again.
    """

    __tablename__ = "template_publications"
    __table_args__ = (
        CheckConstraint("act IN ('publish', 'roll_back', 'end')", name="act"),
        Index("ix_template_publications_code", "code", "branch_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str]
    branch_id: Mapped[int | None] = mapped_column(ForeignKey("branches.id"))
    version_id: Mapped[int | None] = mapped_column(ForeignKey("template_versions.id"))
    act: Mapped[str]
    reason: Mapped[str] = mapped_column(default="")
    published_by: Mapped[str]
    published_at: Mapped[Utc]


class LetterPlan(Model):
    """The plan of the letters as one person left it, with the reason; the newest counts."""

    __tablename__ = "letter_plans"
    __table_args__ = (
        UniqueConstraint("edition"),
        CheckConstraint("edition >= 1", name="edition_from_one"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    edition: Mapped[int]
    stages: Mapped[list[Any]]  # key, days, kind, guarantors, active of each stage
    reason: Mapped[str]
    changed_by: Mapped[str]
    changed_at: Mapped[Utc]


class LetterProposal(Model):
    """A letter that a day proposes; derived, written anew whenever the day is computed."""

    __tablename__ = "letter_proposals"
    __table_args__ = (
        Index("ix_letter_proposals_day", "day", "branch_id", "stage"),
        Index("ix_letter_proposals_computed", "day", "computed_at"),
        Index("ix_letter_proposals_urgent", "day", "urgent_on", "id"),
        Index("ix_letter_proposals_loan", "loan_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    day: Mapped[date]
    loan_id: Mapped[int] = mapped_column(ForeignKey("loans.id"))
    branch_id: Mapped[int] = mapped_column(ForeignKey("branches.id"))
    stage: Mapped[str]
    kind: Mapped[str]
    addressee_id: Mapped[int] = mapped_column(ForeignKey("customers.id"), index=True)
    guarantee_id: Mapped[int | None] = mapped_column(ForeignKey("guarantees.id"), index=True)
    days: Mapped[int]
    urgent_on: Mapped[date]
    why: Mapped[list[Any]]
    last: Mapped[str]
    stopped: Mapped[str]
    next_step: Mapped[str]
    edition: Mapped[int]  # of the plan, 0 for the standard one
    computed_at: Mapped[Utc]


class LetterMessage(Model):
    """The text of a letter sent as SMS or e-mail beside it; handed to the outbox once."""

    __tablename__ = "letter_messages"
    __table_args__ = (
        CheckConstraint("channel IN ('sms', 'email')", name="channel"),
        CheckConstraint("state IN ('queued', 'sent', 'refused')", name="state"),
        Index("ix_letter_messages_notice", "notice_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    notice_id: Mapped[int] = mapped_column(ForeignKey("notices.id"))
    channel: Mapped[str]
    recipient: Mapped[str]
    subject: Mapped[str]
    text: Mapped[str]
    basis: Mapped[str] = mapped_column(default="")  # where the number or address was agreed
    state: Mapped[str] = mapped_column(default="queued")
    reason: Mapped[str] = mapped_column(default="")
    reference: Mapped[str] = mapped_column(default="")  # what the outbox calls it
    queued_by: Mapped[str]
    queued_at: Mapped[Utc]
    sent_at: Mapped[UtcOrNone]
