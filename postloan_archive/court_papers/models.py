"""What a person decided about a paper of the court."""

from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from postloan_archive.db import Model
from postloan_archive.db.model import Utc


class CourtPaperDecision(Model):
    """A paper was entered into a docket, or needs no entry; what was read stays beside it.

    A row is removed when the decision is undone; the audit trail keeps both steps.
    """

    __tablename__ = "court_paper_decisions"
    __table_args__ = (
        CheckConstraint("outcome IN ('entered', 'set_aside')", name="outcome"),
        CheckConstraint(
            "(outcome = 'entered') = (event_id IS NOT NULL)", name="entered_has_event"
        ),
        CheckConstraint("outcome = 'entered' OR reason <> ''", name="reason_given"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    document_id: Mapped[int] = mapped_column(ForeignKey("documents.id"), unique=True)
    outcome: Mapped[str]
    case_id: Mapped[int | None] = mapped_column(ForeignKey("cases.id"))
    event_id: Mapped[int | None] = mapped_column(ForeignKey("case_events.id"))
    read: Mapped[dict[str, Any]] = mapped_column(default=dict)  # field: words as printed
    reason: Mapped[str] = mapped_column(default="")
    decided_by: Mapped[str]
    decided_at: Mapped[Utc]
