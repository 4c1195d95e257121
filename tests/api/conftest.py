"""The fixtures of pages, for programs."""

from tests.web.people import *  # noqa: F403 - fixtures shared by several folders
