"""Say why pages were proposed."""

import sqlalchemy as sa
from alembic import op


revision = '0125'
down_revision = '0150'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward; there is no way back but the backup."""
    with op.batch_alter_table('package_items', schema=None) as batch_op:
        batch_op.add_column(
            sa.Column('range_reason', sa.Text(), server_default='', nullable=False)
        )
