"""Let files wait in the inbox without a loan; let a document be taken out again."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0014"
branch_labels = None
depends_on = None

WAITING = sa.text("read_at IS NULL OR ocr_pending > 0")


def upgrade() -> None:
    """Go forward; there is no way back but the backup."""
    with op.batch_alter_table("intake_files") as table:
        table.add_column(sa.Column("branch_id", sa.Integer(), nullable=True))
        for name in ("item_code", "media_type", "excerpt", "outcome", "reason", "handled_by"):
            table.add_column(sa.Column(name, sa.Text(), nullable=False, server_default=""))
        table.add_column(
            sa.Column("page_count", sa.Integer(), nullable=False, server_default="0")
        )
        table.add_column(
            sa.Column("candidates", sa.JSON(), nullable=False, server_default="[]")
        )
        table.add_column(sa.Column("read_at", sa.DateTime(), nullable=True))
        table.add_column(sa.Column("handled_at", sa.DateTime(), nullable=True))
        table.add_column(sa.Column("before", sa.JSON(), nullable=False, server_default="{}"))
        table.add_column(sa.Column("version", sa.Integer(), nullable=False, server_default="1"))
        table.create_foreign_key(
            op.f("fk_intake_files_branch_id_branches"), "branches", ["branch_id"], ["id"]
        )
        table.create_check_constraint(
            op.f("ck_intake_files_outcome"), "outcome IN ('', 'filed', 'kept', 'rejected')"
        )
        table.create_index("ix_intake_files_document", ["document_id"])
        table.create_index("ix_intake_files_open", ["handled_at", "branch_id"])
    # What became a readable document under an item, or was linked to one, needs nobody.
    op.execute(
        "UPDATE intake_files SET outcome = 'filed', handled_at = received_at "
        "WHERE state = 'duplicate' OR EXISTS (SELECT 1 FROM documents d "
        "WHERE d.id = intake_files.document_id AND d.state = 'stored' "
        "AND d.item_code <> 'ZH00')"
    )
    with op.batch_alter_table("documents") as table:
        table.add_column(sa.Column("withdrawn_at", sa.DateTime(), nullable=True))
        table.create_index(
            "ix_documents_waiting",
            ["loan_id"],
            sqlite_where=WAITING,
            postgresql_where=WAITING,
        )
