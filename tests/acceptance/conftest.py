"""Fixtures of other folders that the promises need, too."""

from tests.acceptance.whole_file import whole_file
from tests.litigation.test_packages import case_no
from tests.web.people import app, browser, password_hash, people, program

__all__ = ["app", "browser", "case_no", "password_hash", "people", "program", "whole_file"]
