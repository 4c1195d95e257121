"""Keep what overdue loans lack for court."""

import sqlalchemy as sa
from alembic import op


revision = '0126'
down_revision = '0125'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward; there is no way back but the backup."""
    op.create_table('kept_readiness',
    sa.Column('loan_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('as_of', sa.Date(), nullable=False),
    sa.Column('claim_total', sa.BigInteger(), nullable=False),
    sa.Column('procedure', sa.Text(), nullable=False),
    sa.Column('fee', sa.BigInteger(), nullable=True),
    sa.Column('missing', sa.Integer(), nullable=False),
    sa.Column('case_no', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['loan_id'], ['loans.id'], name=op.f('fk_kept_readiness_loan_id_loans'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('loan_id', name=op.f('pk_kept_readiness'))
    )
