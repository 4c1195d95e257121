"""Changes of the plan that were agreed after the disbursement; the old plan is kept."""

from datetime import date
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from postloan_archive.db import Model
from postloan_archive.db.model import Utc, UtcOrNone


class Amendment(Model):
    """A new plan: extension, restructuring, another rate, a part prepaid.

    The plan of before is in `before`: days before `effective_on` are derived from it. `terms`
    says what was agreed, so that the plan can be made again when a fact of before is entered
    later; a plan that was replaced in this way is kept in `terms["superseded"]`. A change whose
    payment was reversed is struck.
    """

    __tablename__ = "loan_amendments"
    __table_args__ = (
        CheckConstraint(
            "kind IN ('extension', 'restructuring', 'rate', 'prepayment')", name="kind"
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    loan_id: Mapped[int] = mapped_column(ForeignKey("loans.id"), index=True)
    kind: Mapped[str]
    effective_on: Mapped[date]
    old_due_on: Mapped[date]
    new_due_on: Mapped[date]
    before: Mapped[list[Any]]  # the old schedule: [day, principal, interest] as text
    consents: Mapped[list[Any]]  # ids of the guarantees whose guarantor agreed in writing
    reference: Mapped[str]  # the approval that it rests on
    made_by: Mapped[str]
    made_at: Mapped[Utc]
    place: Mapped[int] = mapped_column(default=0)  # among the changes of one day
    terms: Mapped[dict[str, Any]] = mapped_column(default=dict)
    struck_at: Mapped[UtcOrNone]
