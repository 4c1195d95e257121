"""Keep exports of loan files."""

import sqlalchemy as sa
from alembic import op


revision = '0150'
down_revision = '0141'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward; there is no way back but the backup."""
    op.create_table('file_exports',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('export_no', sa.Text(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('recipient', sa.Text(), nullable=False),
    sa.Column('lines', sa.JSON(), nullable=False),
    sa.Column('digest', sa.Text(), nullable=False),
    sa.Column('state', sa.Text(), nullable=False),
    sa.Column('asked_by', sa.Text(), nullable=False),
    sa.Column('asked_at', sa.DateTime(), nullable=False),
    sa.Column('decided_by', sa.Text(), nullable=False),
    sa.Column('decided_at', sa.DateTime(), nullable=True),
    sa.Column('note', sa.Text(), nullable=False),
    sa.Column('job_id', sa.Integer(), nullable=True),
    sa.Column('size', sa.BigInteger(), nullable=False),
    sa.Column('zip_digest', sa.Text(), nullable=False),
    sa.Column('finished_at', sa.DateTime(), nullable=True),
    sa.Column('taken', sa.Integer(), nullable=False),
    sa.CheckConstraint("state IN ('proposed', 'running', 'done', 'refused', 'withdrawn', 'cleared')", name=op.f('ck_file_exports_state')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_file_exports')),
    sa.UniqueConstraint('export_no', name=op.f('uq_file_exports_export_no'))
    )
