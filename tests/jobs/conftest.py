"""A database in a file, so that threads and processes really share it."""

import pytest

from postloan_archive.db import Model, create_database_engine
from postloan_archive.jobs import JobRow


@pytest.fixture
def engine(tmp_path):
    """One table, true commits; about 10 ms."""
    engine = create_database_engine(f"sqlite:///{tmp_path / 'jobs.db'}")
    Model.metadata.create_all(engine, tables=[Model.metadata.tables[JobRow.__tablename__]])
    yield engine
    engine.dispose()
