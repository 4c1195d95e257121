"""Make the audit trail append-only."""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

STATEMENTS = {
    "sqlite": (
        "CREATE TRIGGER audit_lines_no_update BEFORE UPDATE ON audit_lines BEGIN SELECT RAISE(ABORT, 'audit_lines: lines are never changed'); END",
        "CREATE TRIGGER audit_lines_no_delete BEFORE DELETE ON audit_lines BEGIN SELECT RAISE(ABORT, 'audit_lines: lines are never changed'); END",
        "CREATE TRIGGER audit_lines_in_order BEFORE INSERT ON audit_lines WHEN NEW.seq IS NOT (SELECT coalesce(max(seq), 0) + 1 FROM audit_lines) BEGIN SELECT RAISE(ABORT, 'audit_lines: lines follow one another'); END",
        "CREATE TRIGGER audit_checkpoints_no_update BEFORE UPDATE ON audit_checkpoints BEGIN SELECT RAISE(ABORT, 'audit_checkpoints: lines are never changed'); END",
        "CREATE TRIGGER audit_checkpoints_no_delete BEFORE DELETE ON audit_checkpoints BEGIN SELECT RAISE(ABORT, 'audit_checkpoints: lines are never changed'); END",
        "CREATE TRIGGER audit_blocks_no_update BEFORE UPDATE ON audit_blocks BEGIN SELECT RAISE(ABORT, 'audit_blocks: lines are never changed'); END",
        "CREATE TRIGGER audit_blocks_no_delete BEFORE DELETE ON audit_blocks BEGIN SELECT RAISE(ABORT, 'audit_blocks: lines are never changed'); END",
    ),
    "postgresql": (
        "CREATE OR REPLACE FUNCTION audit_lines_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'audit_lines: lines are never changed'; END $$",
        'CREATE TRIGGER audit_lines_no_update BEFORE UPDATE ON audit_lines FOR EACH STATEMENT EXECUTE FUNCTION audit_lines_refuse()',
        'CREATE TRIGGER audit_lines_no_delete BEFORE DELETE ON audit_lines FOR EACH STATEMENT EXECUTE FUNCTION audit_lines_refuse()',
        'CREATE TRIGGER audit_lines_no_truncate BEFORE TRUNCATE ON audit_lines FOR EACH STATEMENT EXECUTE FUNCTION audit_lines_refuse()',
        "CREATE OR REPLACE FUNCTION audit_checkpoints_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'audit_checkpoints: lines are never changed'; END $$",
        'CREATE TRIGGER audit_checkpoints_no_update BEFORE UPDATE ON audit_checkpoints FOR EACH STATEMENT EXECUTE FUNCTION audit_checkpoints_refuse()',
        'CREATE TRIGGER audit_checkpoints_no_delete BEFORE DELETE ON audit_checkpoints FOR EACH STATEMENT EXECUTE FUNCTION audit_checkpoints_refuse()',
        'CREATE TRIGGER audit_checkpoints_no_truncate BEFORE TRUNCATE ON audit_checkpoints FOR EACH STATEMENT EXECUTE FUNCTION audit_checkpoints_refuse()',
        "CREATE OR REPLACE FUNCTION audit_blocks_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'audit_blocks: lines are never changed'; END $$",
        'CREATE TRIGGER audit_blocks_no_update BEFORE UPDATE ON audit_blocks FOR EACH STATEMENT EXECUTE FUNCTION audit_blocks_refuse()',
        'CREATE TRIGGER audit_blocks_no_delete BEFORE DELETE ON audit_blocks FOR EACH STATEMENT EXECUTE FUNCTION audit_blocks_refuse()',
        'CREATE TRIGGER audit_blocks_no_truncate BEFORE TRUNCATE ON audit_blocks FOR EACH STATEMENT EXECUTE FUNCTION audit_blocks_refuse()',
    ),
}


def upgrade() -> None:
    """Go forward; there is no way back but the backup."""
    for statement in STATEMENTS[op.get_bind().dialect.name]:
        op.execute(statement)
