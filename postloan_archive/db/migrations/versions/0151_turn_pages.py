"""Turn pages."""

import sqlalchemy as sa
from alembic import op


revision = '0151'
down_revision = '0136'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward; there is no way back but the backup."""
    with op.batch_alter_table('pages', schema=None) as batch_op:
        batch_op.add_column(sa.Column('turn', sa.Integer(), nullable=False, server_default='0'))
