"""Index what points to the ledger: a row of it is deleted without reading whole tables."""

from alembic import op


revision = '0160'
down_revision = '0151'
branch_labels = None
depends_on = None

COLUMNS = (
    ('collection_stops', 'loan_id'),
    ('letter_proposals', 'addressee_id'),
    ('letter_proposals', 'guarantee_id'),
    ('limitation_events', 'guarantee_id'),
    ('loan_days', 'loan_id'),
    ('notices', 'addressee_id'),
    ('notices', 'guarantee_id'),
    ('parties', 'customer_id'),
    ('sample_lines', 'loan_id'),
)


def upgrade() -> None:
    """Go forward; there is no way back but the backup."""
    for table, column in COLUMNS:
        op.create_index(f'ix_{table}_{column}', table, [column])
    op.create_index('ix_letter_proposals_computed', 'letter_proposals', ['day', 'computed_at'])
    op.create_index('ix_letter_proposals_urgent', 'letter_proposals', ['day', 'urgent_on', 'id'])
