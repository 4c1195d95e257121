"""The loans of the collection tests, and their people."""

from tests.collection.conftest import *  # noqa: F403 - the same loans and people
