"""The intake of tests/archive, and its loan file."""

from tests.archive.conftest import deliver, loan_id, runner

__all__ = ["deliver", "loan_id", "runner"]
