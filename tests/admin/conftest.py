"""A running application on a fresh installation, and people who can sign in to it."""

from tests.cli.conftest import papers  # noqa: F401 - a fixture of both
from tests.web.people import *  # noqa: F403 - fixtures shared by three folders
