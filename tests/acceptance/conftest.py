"""Fixtures of other folders that the promises need, too."""

from tests.acceptance.whole_file import whole_file
from tests.cli.conftest import call, papers
from tests.litigation.test_packages import case_no
from tests.retention.conftest import (
    acting,
    appraised,
    approved,
    carry_out,
    old_file,
    runner,
)
from tests.web.people import app, browser, password_hash, people, program

__all__ = [
    "acting",
    "app",
    "appraised",
    "approved",
    "browser",
    "call",
    "carry_out",
    "case_no",
    "old_file",
    "papers",
    "password_hash",
    "people",
    "program",
    "runner",
    "whole_file",
]
