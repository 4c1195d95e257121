"""The pages of measures: three views, one measure, each step, the application in one click."""

from datetime import date

import pytest

from postloan_archive.preservation import queries, service
from postloan_archive.preservation.commands import RegisterMeasure
from tests.builders import a_loan
from tests.preservation.test_service import FREEZE
from tests.web.people import *  # noqa: F403 - fixtures shared by four folders


@pytest.fixture
def measure_id(new_uow, people) -> int:
    """A freeze that lapses in fifteen days."""
    del people  # who have branches and roles
    with new_uow() as uow:
        loan = a_loan(uow)
        cmd = RegisterMeasure(loan_no=loan.loan_no, **FREEZE)
        return service.register_measure(uow, cmd).id


def page(reply) -> str:
    return reply.get_data(as_text=True)


@pytest.mark.parametrize("view", ["board", "table", "month"])
def test_every_view_shows_the_measure(browser, measure_id, view):
    reply = browser("legal").get(f"/preservation?view={view}&month=2026-12")
    assert reply.status_code == 200
    assert f"/preservation/{measure_id}" in page(reply)


def test_a_filter_narrows_all_views(browser, measure_id):
    text = page(browser("legal").get("/preservation?asset=real_estate"))
    assert "没有这样的措施" in text
    assert f'/preservation/{measure_id}"' not in text


def test_the_page_of_a_measure_shows_term_fee_and_security(browser, measure_id):
    text = page(browser("auditor").get(f"/preservation/{measure_id}"))
    for words in ("2026-12-09", "2026-12-02 周三", "2,020.00", "90,000.00", "参考"):
        assert words in text
    assert "生成续冻申请" not in text  # an auditor changes nothing


def test_the_application_comes_in_one_click(browser, measure_id):
    reply = browser("legal").post(f"/preservation/{measure_id}/application")
    assert reply.status_code == 200
    assert reply.mimetype.endswith("wordprocessingml.document")
    assert reply.data[:2] == b"PK"


def test_a_renewal_by_form_with_a_day_as_people_write_it(browser, new_uow, measure_id):
    one = browser("legal")
    reply = one.post(
        f"/preservation/{measure_id}/renewal-request", {"requested_on": "2026年11月23日"}
    )
    assert reply.status_code == 302
    reply = one.post(f"/preservation/{measure_id}/renewal", {"ruling_no": "（2026）续1号"})
    assert reply.status_code == 302
    with new_uow() as uow:
        (row,) = queries.measures(uow)
    assert row.expiry == date(2027, 12, 9)
    text = page(one.get(f"/preservation/{measure_id}"))
    assert "查看最新一项" in text


def test_a_refusal_stands_beside_its_field(browser, measure_id):
    reply = browser("legal").post(
        f"/preservation/{measure_id}/renewal-request", {"requested_on": "2026.12.1"}
    )
    assert reply.status_code == 422
    text = page(reply)
    assert "尚未发生" in text
    assert 'value="2026.12.1"' in text
    assert 'aria-describedby="requested_on-err"' in text


@pytest.mark.parametrize(
    "step", ["correction", "renewal", "release", "renewal-request", "release-application"]
)
def test_every_step_has_a_page(browser, measure_id, step):
    assert browser("legal").get(f"/preservation/{measure_id}/{step}").status_code == 200


@pytest.mark.usefixtures("measure_id")
def test_a_measure_is_registered_by_form(browser, new_uow):
    one = browser("legal")
    assert "借据号" in page(one.get("/preservation/new"))
    with new_uow() as uow:
        loan_no = queries.measures(uow)[0].loan_no
    path = f"/preservation/new?loan={loan_no}"
    assert "被保全人" in page(one.get(path))
    bad = one.post(path, {"respondent": "甲", "asset_kind": "real_estate"})
    assert bad.status_code == 422
    reply = one.post(
        path,
        {
            "respondent": "甲",
            "asset_kind": "real_estate",
            "asset": "住宅一处",
            "phase": "in_litigation",
            "court": "示范县人民法院",
            "ruling_no": "（2026）示9999财保7号",
            "effective_on": "２０２６．３．３",
            "seizure_order": "1",
            "amount": "８０万",
        },
    )
    assert reply.status_code == 302
    with new_uow() as uow:
        row = queries.measures(uow)[-1]
    assert (row.expiry, str(row.amount)) == (date(2029, 3, 2), "800000.00")


def test_correcting_needs_a_reason(browser, new_uow, measure_id):
    one = browser("legal")
    form = {**FREEZE, "phase": "in_litigation", "effective_on": "2025-12-11"}
    assert 'value="300,000.00"' in page(one.get(f"/preservation/{measure_id}/correction"))
    assert one.post(f"/preservation/{measure_id}/correction", form).status_code == 422
    reply = one.post(f"/preservation/{measure_id}/correction", {**form, "reason": "看错"})
    assert reply.status_code == 302
    with new_uow() as uow:
        assert queries.measures(uow)[0].expiry == date(2026, 12, 10)
