"""The fixtures of pages, for the package builder."""

from tests.web.people import *  # noqa: F403 - fixtures shared by several folders
