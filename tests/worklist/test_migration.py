"""Migration 0013 keeps the deadlines that were there and gives them what is new."""

from alembic import command
from sqlalchemy import create_engine, text

from postloan_archive.db.schema import alembic_config

OLD = """
INSERT INTO deadlines (key, kind, loan_id, branch_id, subject, title, nominal, legal, safe,
    provisional, source, trigger, basis, steps, edition, calendar_edition, owner, note, state,
    done_by, struck_reason, created_at)
VALUES ('entered:1', 'other', 1, 1, 'loan:1', '问法院', '2026-12-01', '2026-12-01',
    '2026-12-01', 0, 'entered', '', '[]', '[]', '', '', 'legal', '', 'open', '', '',
    '2026-11-24 04:00:00')
"""


def test_a_deadline_from_before_survives_with_honest_defaults(tmp_path):
    engine = create_engine(f"sqlite:///{tmp_path / 'old.db'}")
    config = alembic_config()
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0012")
        connection.execute(text(OLD))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        row = connection.execute(text("SELECT * FROM deadlines")).mappings().one()
        checks = connection.execute(
            text("SELECT sql FROM sqlite_master WHERE name = 'deadlines'")
        ).scalar_one()

    assert (row["title"], row["owner"], row["state"]) == ("问法院", "legal", "open")
    assert (row["rule"], row["struck_by"], row["court_day_by"], row["version"]) == (
        "",
        "",
        "",
        1,
    )
    assert row["reminders"] == "[]"
    assert row["trigger_on"] is None
    assert "ck_deadlines_state" in checks
    assert "ck_deadlines_source" in checks
