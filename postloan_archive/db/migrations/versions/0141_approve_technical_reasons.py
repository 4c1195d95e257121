"""Approve technical reasons of a short delay."""

import sqlalchemy as sa
from alembic import op


revision = '0141'
down_revision = '0140'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward; there is no way back but the backup."""
    with op.batch_alter_table('risk_facts', schema=None) as batch_op:
        batch_op.add_column(sa.Column('approved_by', sa.Text(), server_default='', nullable=False))
        batch_op.add_column(sa.Column('approved_on', sa.Date(), nullable=True))
