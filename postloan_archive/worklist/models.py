"""Deadlines: computed days with their provision, an owner and a proof of being done."""

from datetime import date
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from postloan_archive.db import Model
from postloan_archive.db.model import Utc, UtcOrNone


class Deadline(Model):
    """One day on which something must be done at the latest.

    `source` says where the day comes from; a court's paper always wins (R-001). `key` names
    the computation, so that running it again updates the same row.
    """

    __tablename__ = "deadlines"
    __table_args__ = (
        UniqueConstraint("key"),
        CheckConstraint("source IN ('computed', 'court_document', 'entered')", name="source"),
        CheckConstraint("state IN ('open', 'done', 'struck')", name="state"),
        # The counts of top bar and desk are read from the first alone, the first rows of a
        # list in their order from the second.
        Index("ix_deadlines_counts", "state", "branch_id", "kind", "owner", "legal", "safe"),
        Index("ix_deadlines_order", "state", "safe", "legal", "branch_id", "owner", "kind"),
        Index(
            "ix_deadlines_kind", "kind", "state", "branch_id", "rule", "proof_document_id"
        ),  # what has no proof, and the limitation list
        {
            "info": {
                "made_again": "deadlines.source = 'computed' AND deadlines.done_by = ''"
                " AND deadlines.struck_by = '' AND deadlines.court_day_by = ''"
                " AND deadlines.note = '' AND deadlines.proof_document_id IS NULL"
            }
        },
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str]  # such as preservation:12:renewal
    kind: Mapped[str]  # a value of worklist.rules.kinds.Kind
    rule: Mapped[str] = mapped_column(default="")  # such as R-C07
    loan_id: Mapped[int] = mapped_column(ForeignKey("loans.id"), index=True)
    branch_id: Mapped[int] = mapped_column(ForeignKey("branches.id"))
    case_id: Mapped[int | None] = mapped_column(ForeignKey("cases.id"), index=True)
    subject: Mapped[str]  # table:id of the thing the day belongs to
    title: Mapped[str]
    nominal: Mapped[date]
    legal: Mapped[date]
    safe: Mapped[date]
    at: Mapped[UtcOrNone]  # a hearing has an hour
    provisional: Mapped[bool] = mapped_column(default=False)
    source: Mapped[str] = mapped_column(default="computed")
    computed_legal: Mapped[date | None]  # ours, where a court's paper states another day
    court_day_by: Mapped[str] = mapped_column(default="")  # who took the day from that paper
    trigger: Mapped[str] = mapped_column(default="")
    trigger_on: Mapped[date | None]
    proof_document_id: Mapped[int | None] = mapped_column(ForeignKey("documents.id"))
    basis: Mapped[list[Any]] = mapped_column(
        default=list
    )  # citations as JSON, see stored_basis
    steps: Mapped[list[Any]] = mapped_column(default=list)
    edition: Mapped[str] = mapped_column(default="")
    calendar_edition: Mapped[str] = mapped_column(default="")
    reminders: Mapped[list[Any]] = mapped_column(default=list)  # ISO days
    remind_from: Mapped[date | None]
    escalate_on: Mapped[date | None]
    owner: Mapped[str] = mapped_column(default="")
    note: Mapped[str] = mapped_column(default="")
    state: Mapped[str] = mapped_column(default="open")
    done_on: Mapped[date | None]
    done_by: Mapped[str] = mapped_column(default="")  # empty: a registered fact shows it
    done_document_id: Mapped[int | None] = mapped_column(ForeignKey("documents.id"))
    struck_by: Mapped[str] = mapped_column(default="")  # empty: a recomputation did it
    struck_reason: Mapped[str] = mapped_column(default="")
    created_at: Mapped[Utc]
    updated_at: Mapped[UtcOrNone]
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads a plain dict


class CalendarFeed(Model):
    """A calendar address of one person; the table holds only the digest of its secret."""

    __tablename__ = "calendar_feeds"
    __table_args__ = (UniqueConstraint("digest"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    post: Mapped[str] = mapped_column(default="")  # the post whose rights the feed has
    digest: Mapped[str]
    query: Mapped[str] = mapped_column(default="")  # the filter, as in the address
    created_at: Mapped[Utc]
    revoked_at: Mapped[UtcOrNone]


class Reminder(Model):
    """A deadline brought to the mind of one person, until that person has seen it."""

    __tablename__ = "reminders"
    __table_args__ = (
        UniqueConstraint("key"),
        CheckConstraint("kind IN ('reminder', 'last_day', 'escalation')", name="kind"),
        Index("ix_reminders_username", "username", "seen_at"),
        {"info": {"made_again": "1 = 1"}},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str]  # deadline:kind:day:user; a second run of a night adds nothing
    deadline_id: Mapped[int] = mapped_column(ForeignKey("deadlines.id"), index=True)
    username: Mapped[str]
    kind: Mapped[str]
    day: Mapped[date]
    made_at: Mapped[Utc]
    mailed_at: Mapped[UtcOrNone]
    seen_at: Mapped[UtcOrNone]


class DeskLayout(Model):
    """How one person wants the desk: cards in order, and those that are not shown.

    A card that neither list names, because it is new, stands behind the others.
    """

    __tablename__ = "desk_layouts"

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), primary_key=True)
    cards: Mapped[list[str]] = mapped_column(default=list)
    hidden: Mapped[list[str]] = mapped_column(default=list)
    updated_at: Mapped[Utc]
