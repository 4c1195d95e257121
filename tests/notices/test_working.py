"""The page of a run answers while its letters are being made."""

import pytest

from postloan_archive.notices import service
from postloan_archive.notices.service import PlanRun
from tests.notices.conftest import TODAY


@pytest.mark.usefixtures("people", "loan")
def test_the_page_of_a_run_shows_that_a_worker_has_it(browser, new_uow):
    with new_uow() as uow:
        run = service.plan_run(uow, PlanRun(kind="N02", as_of=TODAY, loan_nos=None))
        service.start_run(uow, run.id)

    for address in (f"/notices/runs/{run.id}", f"/notices/runs/{run.id}/work"):
        reply = browser("legal").get(address)
        assert reply.status_code == 200
        assert f"/notices/runs/{run.id}/work" in reply.get_data(as_text=True)
