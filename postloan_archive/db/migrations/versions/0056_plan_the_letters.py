"""Plan the letters: editions of the plan, and what a day proposes."""

import sqlalchemy as sa
from alembic import op

revision = "0056"
down_revision = "0101"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward; there is no way back but the backup."""
    op.create_table(
        "letter_plans",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("stages", sa.JSON(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("changed_by", sa.Text(), nullable=False),
        sa.Column("changed_at", sa.DateTime(), nullable=False),
        sa.CheckConstraint("edition >= 1", name=op.f("ck_letter_plans_edition_from_one")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_letter_plans")),
        sa.UniqueConstraint("edition", name=op.f("uq_letter_plans_edition")),
    )
    op.create_table(
        "letter_proposals",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("loan_id", sa.Integer(), nullable=False),
        sa.Column("branch_id", sa.Integer(), nullable=False),
        sa.Column("stage", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("addressee_id", sa.Integer(), nullable=False),
        sa.Column("guarantee_id", sa.Integer(), nullable=True),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("urgent_on", sa.Date(), nullable=False),
        sa.Column("why", sa.JSON(), nullable=False),
        sa.Column("last", sa.Text(), nullable=False),
        sa.Column("stopped", sa.Text(), nullable=False),
        sa.Column("next_step", sa.Text(), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("computed_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["addressee_id"],
            ["customers.id"],
            name=op.f("fk_letter_proposals_addressee_id_customers"),
        ),
        sa.ForeignKeyConstraint(
            ["branch_id"], ["branches.id"], name=op.f("fk_letter_proposals_branch_id_branches")
        ),
        sa.ForeignKeyConstraint(
            ["guarantee_id"],
            ["guarantees.id"],
            name=op.f("fk_letter_proposals_guarantee_id_guarantees"),
        ),
        sa.ForeignKeyConstraint(
            ["loan_id"], ["loans.id"], name=op.f("fk_letter_proposals_loan_id_loans")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_letter_proposals")),
    )
    with op.batch_alter_table("letter_proposals") as batch_op:
        batch_op.create_index("ix_letter_proposals_day", ["day", "branch_id", "stage"])
        batch_op.create_index("ix_letter_proposals_loan", ["loan_id"])
