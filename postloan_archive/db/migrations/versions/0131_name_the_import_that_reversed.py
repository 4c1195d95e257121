"""Name the import that reversed."""

import sqlalchemy as sa
from alembic import op


revision = '0131'
down_revision = '0130'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward; there is no way back but the backup."""
    with op.batch_alter_table('payments', schema=None) as batch_op:
        batch_op.add_column(sa.Column('reversal_import_id', sa.Integer(), nullable=True))
