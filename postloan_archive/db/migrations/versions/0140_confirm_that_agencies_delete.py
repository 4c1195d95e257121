"""Confirm that agencies delete what they were given."""

import sqlalchemy as sa
from alembic import op


revision = '0140'
down_revision = '0120'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward; there is no way back but the backup."""
    with op.batch_alter_table('placements', schema=None) as batch_op:
        batch_op.add_column(sa.Column('data_returned_on', sa.Date(), nullable=True))
        batch_op.add_column(sa.Column('data_returned', sa.Text(), server_default='', nullable=False))
