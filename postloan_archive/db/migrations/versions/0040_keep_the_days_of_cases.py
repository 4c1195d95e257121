"""Keep the days of cases, and the judgment of a loan."""

import sqlalchemy as sa
from alembic import op

revision = '0040'
down_revision = '0091'
branch_labels = None
depends_on = None

JUDGED = """
UPDATE loans SET judged_on = (
  SELECT MIN(case_events.happened_on) FROM case_events
  JOIN cases ON cases.id = case_events.case_id
  WHERE cases.loan_id = loans.id AND case_events.kind = 'effective'
    AND case_events.struck_reason = '')
"""
KEEP = """
INSERT INTO jobs (kind, args, state, progress_done, progress_total, message, reason, attempts,
  max_attempts, run_after, created_at, worker, cancel_requested)
SELECT 'keep_case_days', '[]', 'queued', 0, 0, '', '', 0, 3, CURRENT_TIMESTAMP, CURRENT_TIMESTAMP,
  '', :no WHERE EXISTS (SELECT 1 FROM cases)
"""


def upgrade() -> None:
    """Go forward; the days of the cases there are come from a job, the judgments at once."""
    op.create_table('case_days',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('case_id', sa.Integer(), nullable=False),
    sa.Column('on', sa.Date(), nullable=False),
    sa.Column('label', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['case_id'], ['cases.id'], name=op.f('fk_case_days_case_id_cases')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_case_days'))
    )
    with op.batch_alter_table('case_days', schema=None) as batch_op:
        batch_op.create_index('ix_case_days_case', ['case_id', 'on'], unique=False)
    with op.batch_alter_table('cases', schema=None) as batch_op:
        batch_op.add_column(
            sa.Column('days_kept', sa.Boolean(), server_default=sa.false(), nullable=False)
        )
    with op.batch_alter_table('loans', schema=None) as batch_op:
        batch_op.add_column(sa.Column('judged_on', sa.Date(), nullable=True))
    op.execute(JUDGED)
    op.execute(sa.text(KEEP).bindparams(no=False))
