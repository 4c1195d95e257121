"""Find documents by item."""

from alembic import op

revision = "0111"
down_revision = '0102'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward; there is no way back but the backup."""
    op.create_index("ix_documents_item", "documents", ["item_code"], unique=False)
