"""A1 and A8 for migration: killed at any point the old or the new one works, never between."""

import json
import random
import shutil
import sqlite3

import pytest
from alembic import command

from postloan_archive import audit
from postloan_archive.cli.setup import create_installation
from postloan_archive.config import Settings
from postloan_archive.db import create_database_engine, schema
from postloan_archive.db.schema import SchemaNotCurrentError, current_revision, ensure_current
from postloan_archive.kernel.actor import Actor
from tests.acceptance.cradle import Cradle
from tests.db.test_migrations import fill_least

pytestmark = pytest.mark.acceptance
OLD = "0090"  # of the release before; the suite of migrations begins at 0033
OLDEST = "0033"


def old_installation(data, revision):
    """The data folder of an older release, with rows that point to one another."""
    data.mkdir()
    engine = create_database_engine(f"sqlite:///{data / 'postloan.db'}")
    config = schema.alembic_config()
    with engine.connect() as connection, schema._unwatched(connection), connection.begin():
        config.attributes["connection"] = connection
        command.upgrade(config, OLDEST)
        fill_least(connection, "notice_runs")
        fill_least(connection, "branches")
        fill_least(connection, "customers", branch_id=1)
        fill_least(connection, "contracts", customer_id=1)
        fill_least(connection, "loans", contract_id=1, customer_id=1, branch_id=1)
        fill_least(connection, "notices", run_id=1, loan_id=1, branch_id=1, addressee_id=1)
        command.upgrade(config, revision)
    engine.dispose()
    return data


def rows(data):
    plain = sqlite3.connect(data / "postloan.db")
    try:
        assert plain.execute("PRAGMA quick_check").fetchall() == [("ok",)]
        assert plain.execute("PRAGMA foreign_key_check").fetchall() == []
        return plain.execute("SELECT count(*) FROM loans").fetchone()[0]
    finally:
        plain.close()


def test_A1_a_killed_migration_leaves_the_old_or_the_new(tmp_path, full):
    chance = random.Random(20261126)
    cradle = Cradle("tests.acceptance.killed_migration", tmp_path)
    before = old_installation(tmp_path / "old", OLDEST if full else OLD)
    whole = shutil.copytree(before, tmp_path / "whole")
    ended = cradle.run(whole, "none", 0)
    assert ended.returncode == 0, ended.errors[-3_000:]
    passes = json.loads(ended.out)
    moments = [("commit", number) for number in range(passes["commit"])]
    wanted = 50 if full else 5
    moments = chance.sample(moments, min(len(moments), wanted // 2))
    moments += [("sql", chance.randrange(passes["sql"])) for _ in range(wanted - len(moments))]
    seen = set()
    for at, (point, number) in enumerate(moments):
        data = shutil.copytree(before, tmp_path / f"round{at}")
        assert cradle.run(data, point, number).returncode == -9
        engine = create_database_engine(f"sqlite:///{data / 'postloan.db'}")
        revision = current_revision(engine)
        assert rows(data) == 1
        try:
            ensure_current(engine)
            seen.add("new")
        except SchemaNotCurrentError:
            assert revision == (OLDEST if full else OLD)  # not one of those between
            seen.add("old")
        engine.dispose()
        again = create_installation(Settings(data=data, secure_cookies=False))
        try:
            ensure_current(again.engine)
            with again.unit_of_work(Actor.program("cli")) as uow:
                assert audit.verify(uow.session).ok
                lines = audit.read(uow.session, limit=9_999).lines
            assert [line.event for line in lines].count("system.migrated") <= 1
            assert rows(data) == 1
        finally:
            again.close()
        shutil.rmtree(data)
    cradle.close()
    assert "old" in seen
    if full:
        print(f"{len(moments)} kills of a migration from {OLDEST}: ended as {sorted(seen)}")
