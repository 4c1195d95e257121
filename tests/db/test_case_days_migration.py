"""0040 says which loans are judged, and a job keeps the days of the cases there are."""

from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, text

from postloan_archive.db.schema import alembic_config
from tests.db.test_positions_migration import BEFORE, CASE, LOAN

EVENT = """
INSERT INTO case_events (case_id, kind, happened_on, date_source, facts, note, recorded_by,
  recorded_at, struck_reason)
VALUES (:case, :kind, :on, 'entered', '{}', '', 'x', '2026-01-01 00:00:00', :struck)
"""
EVENTS = (
    {"case": 1, "kind": "effective", "on": "2026-03-02", "struck": ""},
    {"case": 1, "kind": "effective", "on": "2026-02-02", "struck": "看错"},
    {"case": 2, "kind": "docketed", "on": "2026-03-02", "struck": ""},
)


def upgraded(tmp_path, *, cases: bool):
    engine = create_engine(f"sqlite:///{tmp_path / 'old.db'}")
    config = alembic_config()
    script = ScriptDirectory.from_config(config)
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, script.get_revision("0010").down_revision)
        for statement in BEFORE:
            connection.execute(text(statement))
        for number in (1, 2):
            connection.execute(text(LOAN), {"id": number, "no": f"JJ{number}"})
        command.upgrade(config, script.get_revision("0040").down_revision)
        if cases:
            for number in (1, 2):
                row = {"id": number, "no": f"AJ{number}", "stage": "prepared"}
                connection.execute(text(CASE), row)
            for event in EVENTS:
                connection.execute(text(EVENT), event)
        command.upgrade(config, "head")
    return engine


def test_judgments_are_taken_over_and_a_job_waits(tmp_path):
    with upgraded(tmp_path, cases=True).connect() as connection:
        judged = connection.execute(text("SELECT judged_on FROM loans ORDER BY id")).scalars()
        assert list(judged) == ["2026-03-02", None]
        kept = connection.execute(text("SELECT days_kept FROM cases")).scalars()
        assert list(kept) == [0, 0]
        jobs = connection.execute(text("SELECT kind, state, args FROM jobs"))
        assert [tuple(row) for row in jobs] == [("keep_case_days", "queued", "[]")]


def test_an_empty_installation_has_nothing_to_keep(tmp_path):
    with upgraded(tmp_path, cases=False).connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM jobs")).scalar() == 0
