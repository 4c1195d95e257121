"""The fixtures of pages, for the loan-file pages."""

from tests.web.people import *  # noqa: F403 - fixtures shared by several folders
