"""Settings of the rules; decisions on proposed days; parties of a procedure; papers of a measure."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward; there is no way back but the backup."""
    op.create_table(
        "law_policies",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("settings", sa.JSON(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("changed_by", sa.Text(), nullable=False),
        sa.Column("changed_at", sa.DateTime(), nullable=False),
        sa.CheckConstraint("edition >= 1", name=op.f("ck_law_policies_edition_from_one")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_law_policies")),
        sa.UniqueConstraint("edition", name=op.f("uq_law_policies_edition")),
    )
