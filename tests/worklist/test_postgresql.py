"""Every list of the worklist answers on PostgreSQL with the same rows as on SQLite."""

import tempfile
from datetime import date
from pathlib import Path

import pytest

from postloan_archive import audit
from postloan_archive.access import branches, rights, users
from postloan_archive.access.grants import GrantRole, grant
from postloan_archive.access.roles import Role
from postloan_archive.access.users import CreateUser
from postloan_archive.cases.rules.events import Event
from postloan_archive.config import Settings
from postloan_archive.db.schema import migrate
from postloan_archive.kernel.actor import Actor
from postloan_archive.kernel.clock import FrozenClock
from postloan_archive.loans.models import Loan
from postloan_archive.uow import open_system
from postloan_archive.worklist import (
    desk,
    gaps,
    ledger_cards,
    limitation_list,
    owners,
    queries,
    timeline,
    trail,
)
from postloan_archive.worklist.filtering import SPANS, DeadlineFilter
from postloan_archive.worklist.limitation_list import LimitationFilter
from postloan_archive.worklist.recomputing import recompute_all
from tests.conftest import NOON
from tests.postgresql_server import OPEN_TO_ALL, running_server
from tests.worklist.conftest import a_case, a_demand, a_measure, guaranteed_loan

pytestmark = pytest.mark.postgres


@pytest.fixture(scope="module")
def server():
    """A server of our own; three seconds, once a module."""
    with (
        tempfile.TemporaryDirectory(prefix="postloan-pg-", dir=OPEN_TO_ALL) as name,
        running_server(Path(name)) as address,
    ):
        yield address


def filled(settings: Settings):
    """An installation with one overdue loan that has a bit of everything."""
    system = open_system(settings, clock=FrozenClock(NOON))
    migrate(system.engine)
    audit.create_key(settings.data)
    with system.unit_of_work(Actor.program("cli")) as uow:
        loan = uow.session.get(Loan, guaranteed_loan(uow).loan_id)
        a_measure(uow, loan)
        a_demand(uow, loan, date(2026, 9, 1))
        a_case(uow, loan, (Event.JUDGMENT_SERVED, date(2026, 11, 20)))
        user = users.create(uow, CreateUser(username="fawu", display_name="沈律"))
        where = branches.id_of(uow, "0201")
        grant(uow, GrantRole(user_id=user.id, role=Role.LEGAL, branch_id=where))
    for _ in recompute_all(system):
        pass
    return system


def answers(system) -> dict[str, object]:
    """Everything that the pages ask for, as a person of the branch."""
    with system.look(Actor.program("cli")) as uow:
        user = users.by_name(uow, "fawu")
        actor = rights.actor_for(user, rights.posts_of(uow.session, user.id)[0])
    with system.look(actor) as uow:
        loan = uow.session.query(Loan).one()
        every = DeadlineFilter(state="any")
        return {
            "rows": [(row.key, row.state, row.safe) for row in queries.listing(uow, every)],
            "spans": queries.spans(uow, DeadlineFilter()),
            "by_span": {
                span: queries.count(uow, DeadlineFilter(span=span)) for span in sorted(SPANS)
            },
            "words": queries.count(uow, DeadlineFilter(words="张三", scope="mine")),
            "levels": queries.levels(uow, scope=DeadlineFilter()),
            "branches": queries.branches_seen(uow),
            "owners": owners.possible_owners(uow),
            "gaps": gaps.counts(uow),
            "cases": gaps.listing(uow, gaps.CASE_WITHOUT_DATE),
            "letters": gaps.listing(uow, gaps.LETTER_UNANSWERED),
            "proposals": gaps.listing(uow, gaps.PROPOSAL_WAITING),
            "promises": gaps.listing(uow, gaps.PROMISE_BROKEN),
            "lendings": gaps.listing(uow, gaps.LENDING_OVERDUE),
            "ageing": ledger_cards.ageing(uow, ledger_cards.then(uow, uow.clock.today())),
            "papers": desk.completeness(uow),
            "recent": desk.recent_files(uow),
            "reading": desk.reading(uow),
            "inbox": desk.inbox(uow),
            "standings": limitation_list.standings(uow),
            "limitation": limitation_list.listing(uow, LimitationFilter(guarantor="李四")),
            "timeline": [entry.title for entry in timeline.entries(uow, loan)],
            "trail": [row.line.event for row in trail.lines_of_loan(uow, loan).rows],
        }


def test_both_databases_give_the_same_answers(server, tmp_path):
    here = filled(Settings(data=tmp_path / "sqlite"))
    there = filled(Settings(data=tmp_path / "pg", database_url=server))

    expected, found = answers(here), answers(there)
    for _done, _total, again in recompute_all(there):
        assert again.changed == 0
    here.close()
    there.close()

    assert expected["rows"]
    assert found == expected
