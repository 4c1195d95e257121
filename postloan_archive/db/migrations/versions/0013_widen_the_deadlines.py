"""Widen the deadlines: trigger and its proof, reminders, who struck; calendar feeds."""

import sqlalchemy as sa
from alembic import op


revision = '0013'
down_revision = '0012'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward; there is no way back but the backup."""
    op.create_table('calendar_feeds',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('post', sa.Text(), nullable=False),
    sa.Column('digest', sa.Text(), nullable=False),
    sa.Column('query', sa.Text(), nullable=False),
    sa.Column('created_at', sa.DateTime(), nullable=False),
    sa.Column('revoked_at', sa.DateTime(), nullable=True),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_calendar_feeds_user_id_users')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_calendar_feeds')),
    sa.UniqueConstraint('digest', name=op.f('uq_calendar_feeds_digest'))
    )
    with op.batch_alter_table('calendar_feeds', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_calendar_feeds_user_id'), ['user_id'], unique=False)

    with op.batch_alter_table('deadlines', schema=None) as batch_op:
        batch_op.add_column(sa.Column('rule', sa.Text(), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('at', sa.DateTime(), nullable=True))
        batch_op.add_column(sa.Column('trigger_on', sa.Date(), nullable=True))
        batch_op.add_column(sa.Column('proof_document_id', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('reminders', sa.JSON(), nullable=False, server_default='[]'))
        batch_op.add_column(sa.Column('remind_from', sa.Date(), nullable=True))
        batch_op.add_column(sa.Column('escalate_on', sa.Date(), nullable=True))
        batch_op.add_column(sa.Column('struck_by', sa.Text(), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('court_day_by', sa.Text(), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('version', sa.Integer(), nullable=False, server_default='1'))
        batch_op.create_index('ix_deadlines_owner_safe', ['owner', 'state', 'safe'], unique=False)
        batch_op.create_foreign_key(batch_op.f('fk_deadlines_proof_document_id_documents'), 'documents', ['proof_document_id'], ['id'])
