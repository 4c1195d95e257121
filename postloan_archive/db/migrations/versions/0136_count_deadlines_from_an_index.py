"""Count deadlines from an index."""

from alembic import op


revision = '0136'
down_revision = '0135'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward; there is no way back but the backup."""
    op.drop_index('ix_deadlines_owner_safe', table_name='deadlines')
    op.drop_index('ix_deadlines_branch_safe', table_name='deadlines')
    op.create_index(
        'ix_deadlines_counts', 'deadlines', ['state', 'branch_id', 'kind', 'owner', 'legal', 'safe']
    )
    op.create_index(
        'ix_deadlines_order', 'deadlines', ['state', 'safe', 'legal', 'branch_id', 'owner', 'kind']
    )
    op.create_index(
        'ix_deadlines_kind', 'deadlines', ['kind', 'state', 'branch_id', 'rule', 'proof_document_id']
    )
