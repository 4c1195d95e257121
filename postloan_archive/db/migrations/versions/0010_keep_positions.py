"""Keep the position of each loan for lists; keep what cases and measures report of a loan."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0016"
branch_labels = None
depends_on = None

YUAN = sa.BigInteger()  # whole cents
COURT_STAGES = {  # the stage of a loan -> the steps of a case that put it there
    "litigation": ("filed", "mediating", "docketed", "trial", "suspended", "payment_order",
                   "security_procedure"),
    "judged": ("judged", "appealed"),
    "effective": ("effective", "retrial", "settled"),
    "enforcement": ("enforcement", "enforcement_settled", "terminated", "bankruptcy"),
}


def upgrade() -> None:
    """Go forward; there is no way back but the backup."""
    op.create_table(
        "loan_positions",
        sa.Column("loan_id", sa.Integer(), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("balance", YUAN, nullable=False),
        sa.Column("principal_due", YUAN, nullable=False),
        sa.Column("interest_due", YUAN, nullable=False),
        sa.Column("accrued", YUAN, nullable=False),
        sa.Column("penalty", YUAN, nullable=False),
        sa.Column("compound", YUAN, nullable=False),
        sa.Column("overdue_since", sa.Date(), nullable=True),
        sa.Column("overdue_days", sa.Integer(), nullable=False),
        sa.Column("bucket", sa.Text(), nullable=False),
        sa.Column("class_floor", sa.Text(), nullable=False),
        sa.Column("next_due", sa.Date(), nullable=True),
        sa.Column("stage", sa.Text(), nullable=False),
        sa.Column("limitation_by", sa.Date(), nullable=True),
        sa.Column("limitation_end", sa.Date(), nullable=True),
        sa.Column("limitation_status", sa.Text(), nullable=False),
        sa.Column("guarantee_by", sa.Date(), nullable=True),
        sa.Column("guarantee_end", sa.Date(), nullable=True),
        sa.Column("items_have", sa.Integer(), nullable=True),
        sa.Column("items_need", sa.Integer(), nullable=True),
        sa.Column("items_missing", sa.Text(), nullable=False),
        sa.Column("items_unknown", sa.Text(), nullable=False),
        sa.Column("computed_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["loan_id"], ["loans.id"], name=op.f("fk_loan_positions_loan_id_loans")
        ),
        sa.PrimaryKeyConstraint("loan_id", name=op.f("pk_loan_positions")),
    )
    op.create_index("ix_loan_positions_overdue", "loan_positions", ["overdue_days"])
    op.create_index("ix_loan_positions_limitation", "loan_positions", ["limitation_by"])
    op.add_column(
        "loans", sa.Column("preserved", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    op.add_column("limitation_events", sa.Column("ended_on", sa.Date(), nullable=True))
    _say_what_is_known()


def _say_what_is_known() -> None:
    """Fill the new facts from the cases and measures that are there."""
    loans = sa.table("loans", sa.column("id"), sa.column("stage"), sa.column("preserved"))
    cases = sa.table("cases", sa.column("loan_id"), sa.column("stage"))
    measures = sa.table("preservation_measures", sa.column("loan_id"))
    for stage, steps in COURT_STAGES.items():  # the furthest one is written last
        found = sa.select(cases.c.loan_id).where(cases.c.stage.in_(steps))
        op.execute(loans.update().where(loans.c.id.in_(found)).values(stage=stage))
    held = sa.select(measures.c.loan_id)
    op.execute(loans.update().where(loans.c.id.in_(held)).values(preserved=sa.true()))
