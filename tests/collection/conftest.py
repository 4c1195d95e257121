"""The fixtures of pages, and a late loan of a person at 0201."""

import pytest

from postloan_archive.access import rights
from postloan_archive.access.models import User
from postloan_archive.db import new_session
from tests.reports.conftest import late, refresh
from tests.web.people import *  # noqa: F403 - fixtures shared by several folders


@pytest.fixture
def ledger(new_uow, people):
    """JJ1 20 days late, JJ2 due in a week, both of one person; JJ9 of 0202."""
    del people
    with new_uow() as uow:
        late(uow, "JJ1", 20)
        late(uow, "JJ2", -7)
        late(uow, "JJ9", 20, branch="0202")
    refresh(new_uow)


@pytest.fixture
def acting(new_uow, people, system):
    """Open a unit of work as one of the people."""

    def opened(name: str):
        with new_session(system.engine) as session:
            user = session.get(User, people[name])
            post = rights.chosen(rights.posts_of(session, user.id), "")
            actor = rights.actor_for(user, post)
        return new_uow(actor)

    return opened
