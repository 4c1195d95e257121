"""The court side of the demonstration goes through the same services as the pages."""

from postloan_archive.cases import listing
from postloan_archive.cases import queries as cases
from postloan_archive.cases.listing import CaseFilter
from postloan_archive.demo.assets import enter_assets
from postloan_archive.demo.court import enter_court
from postloan_archive.demo.load import load_ledger
from postloan_archive.kernel.actor import Actor
from postloan_archive.preservation import queries as preservation


def test_the_cases_and_measures_of_the_demonstration(system, new_uow):
    load_ledger(system, Actor.program("cli"))
    with new_uow() as uow:
        assert enter_court(uow) == 5
        assert enter_assets(uow) == 3
    with new_uow() as uow:
        rows = preservation.measures(uow)
        assert [row.days_left for row in rows] == [15, 37, 1070, None]
        assert [row.security_first for row in rows] == [False, False, True, False]
        assert len(preservation.measures(uow, due_within=15)) == 1
        machine = preservation.get_measure(uow, rows[1].id)
        assert len(preservation.chain_of(uow, machine)) == 2
        sued = cases.get_case(uow, listing.case_rows(uow, CaseFilter(stage="trial"))[0].case_no)
        assert len({row.party_id for row in sued.events if row.kind == "complaint_served"}) == 2
