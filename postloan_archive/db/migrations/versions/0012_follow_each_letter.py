"""Keep how each letter was delivered, what proves it and which event it set off."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward; there is no way back but the backup."""
    with op.batch_alter_table("notices") as table:
        table.add_column(sa.Column("signer", sa.Text(), nullable=False, server_default=""))
        table.add_column(
            sa.Column("outcome_note", sa.Text(), nullable=False, server_default="")
        )
        table.add_column(sa.Column("proof_level", sa.Text(), nullable=False, server_default=""))
        table.add_column(
            sa.Column("content_stated", sa.Boolean(), nullable=False, server_default=sa.true())
        )
        table.add_column(sa.Column("limitation_event_id", sa.Integer(), nullable=True))
        table.create_foreign_key(
            op.f("fk_notices_limitation_event_id_limitation_events"),
            "limitation_events",
            ["limitation_event_id"],
            ["id"],
        )
    op.create_index("ix_notices_waiting", "notices", ["dispatched_on", "outcome"])
    with op.batch_alter_table("notice_runs") as table:
        table.add_column(sa.Column("print_job_id", sa.Integer(), nullable=True))
        table.add_column(sa.Column("print_sha256", sa.Text(), nullable=True))
