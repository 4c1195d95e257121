"""Measures over their life: registered, renewed as a chain, released, corrected; never lost."""

import io
import json
from datetime import date
from decimal import Decimal

import docx
import pytest
from sqlalchemy import select

from postloan_archive.archive import queries as archive
from postloan_archive.audit import AuditRow
from postloan_archive.kernel.actor import Actor
from postloan_archive.loans import lenders
from postloan_archive.loans.lenders import Lender
from postloan_archive.notices.rules.conventions import leftovers
from postloan_archive.notices.templates import template_bytes
from postloan_archive.preservation import applications, queries, service
from postloan_archive.preservation.commands import (
    ConfirmWaiting,
    CorrectMeasure,
    RegisterMeasure,
    ReleaseMeasure,
    RenewMeasure,
    RequestRenewal,
)
from postloan_archive.preservation.errors import (
    BeforeMeasureError,
    FutureDayError,
    LapsedMeasureError,
    MeasureNotFoundError,
    MeasureOverError,
    WaitingMeasureError,
)
from postloan_archive.preservation.papers import PAPERS
from postloan_archive.preservation.rules.kinds import ExpiryOrderError
from postloan_archive.wordgen import compile_template, field_paths
from tests.builders import a_loan

FREEZE = {
    "respondent": "陶知远",
    "asset_kind": "bank_deposit",
    "asset": "银行存款（基本存款账户）",
    "amount": Decimal("300000.00"),
    "court": "示范县人民法院",
    "ruling_no": "（2025）示9999财保101号",
    "effective_on": date(2025, 12, 10),
}


@pytest.fixture
def freeze(new_uow):
    """Return a function that registers a freeze with changes and returns its id."""
    with new_uow() as uow:
        loan_no = a_loan(uow).loan_no

    def made(**changes) -> int:
        with new_uow() as uow:
            cmd = RegisterMeasure(loan_no=loan_no, **{**FREEZE, **changes})
            return service.register_measure(uow, cmd).id

    return made


def events(new_uow, name: str) -> list[dict]:
    with new_uow() as uow:
        rows = uow.session.scalars(
            select(AuditRow).where(AuditRow.event == name).order_by(AuditRow.seq)
        )
        return [json.loads(row.facts) for row in rows]


def test_a_freeze_lapses_after_a_year_and_the_renewal_is_due_a_week_before(new_uow, freeze):
    freeze()
    with new_uow() as uow:
        (row,) = queries.measures(uow)
    assert row.expiry == date(2026, 12, 9)
    assert row.apply_by.safe == date(2026, 12, 2)
    assert row.days_left == 15
    assert row.measure == "冻结"
    assert row.escalates_on == date(2026, 11, 25)
    assert row.reminds_on[-1] == date(2026, 11, 24)


def test_the_paper_of_the_court_wins_and_ours_stays_visible(new_uow, freeze):
    freeze(court_expiry=date(2026, 12, 10))
    with new_uow() as uow:
        (row,) = queries.measures(uow)
    assert (row.expiry, row.computed) == (date(2026, 12, 10), date(2026, 12, 9))


def test_a_measure_of_tomorrow_is_refused(freeze):
    with pytest.raises(FutureDayError) as refused:
        freeze(effective_on=date(2026, 11, 25))
    assert refused.value.field == "effective_on"


def test_renewals_form_a_chain_without_a_gap(new_uow, freeze):
    first = freeze()
    with new_uow() as uow:
        second = service.renew(uow, RenewMeasure(measure_id=first, ruling_no="续一")).id
    with new_uow() as uow:
        (row,) = queries.measures(uow)
        chain = queries.chain_of(uow, queries.get_measure(uow, first))
    assert [one.id for one in chain] == [first, second]
    assert row.id == second
    assert (row.effective_on, row.expiry) == (date(2026, 12, 10), date(2027, 12, 9))
    with pytest.raises(MeasureOverError), new_uow() as uow:
        service.renew(uow, RenewMeasure(measure_id=first, ruling_no="再续"))


def test_a_renewal_after_a_gap_is_no_renewal(new_uow, freeze):
    first = freeze()
    late = RenewMeasure(measure_id=first, ruling_no="续", effective_on=date(2026, 12, 11))
    with pytest.raises(LapsedMeasureError), new_uow() as uow:
        service.renew(uow, late)
    with pytest.raises(ExpiryOrderError), new_uow() as uow:
        service.renew(
            uow, RenewMeasure(measure_id=first, ruling_no="续", court_expiry=date(2026, 12, 1))
        )


def test_a_request_is_kept_with_its_receipt_and_a_late_one_is_marked(new_uow, freeze):
    measure = freeze(effective_on=date(2025, 11, 28))  # ends 27 November: asked for too late
    with new_uow() as uow:
        service.request_renewal(
            uow,
            RequestRenewal(
                measure_id=measure,
                requested_on=date(2026, 11, 23),
                receipt_on=date(2026, 11, 24),
            ),
        )
    with new_uow() as uow:
        (row,) = queries.measures(uow)
    assert row.renewal_receipt_on == date(2026, 11, 24)
    assert events(new_uow, "preservation.renewal_requested")[0]["late"] is True


@pytest.mark.parametrize(
    ("day", "error"),
    [
        (date(2026, 11, 25), FutureDayError),
        (date(2025, 12, 9), BeforeMeasureError),
    ],
)
def test_a_request_on_an_impossible_day_changes_nothing(new_uow, freeze, day, error):
    measure = freeze()
    with pytest.raises(error), new_uow() as uow:
        service.note_renewal(uow, measure, day)
    with new_uow() as uow:
        assert queries.get_measure(uow, measure).renewal_requested_on is None


def test_a_dead_measure_cannot_be_renewed(new_uow, freeze):
    measure = freeze(effective_on=date(2025, 11, 1))
    with pytest.raises(LapsedMeasureError), new_uow() as uow:
        service.note_renewal(uow, measure, date(2026, 11, 2))


def test_a_waiting_seizure_has_no_term_until_the_court_confirms(new_uow, freeze):
    measure = freeze(seizure_order=2)
    with pytest.raises(WaitingMeasureError), new_uow() as uow:
        service.renew(uow, RenewMeasure(measure_id=measure, ruling_no="续"))
    with new_uow() as uow:
        assert queries.measures(uow)[0].expiry is None
        service.confirm_waiting(
            uow, ConfirmWaiting(measure_id=measure, effective_on=date(2026, 11, 1))
        )
    with new_uow() as uow:
        (row,) = queries.measures(uow)
    assert (row.seizure_order, row.expiry) == (1, date(2027, 10, 31))
    assert events(new_uow, "preservation.waiting_took_effect")[0]["order"] == 2


def test_a_released_measure_leaves_the_board_and_stays_in_the_record(new_uow, freeze):
    measure = freeze()
    with new_uow() as uow:
        service.release(
            uow,
            ReleaseMeasure(measure_id=measure, released_on=date(2026, 11, 1), reason="已清偿"),
        )
    with new_uow() as uow:
        assert queries.measures(uow) == []
        assert queries.get_measure(uow, measure).release_reason == "已清偿"
    with pytest.raises(MeasureOverError), new_uow() as uow:
        applications.make_renewal_application(uow, measure)


def test_a_correction_keeps_the_old_value_in_the_trail(new_uow, freeze):
    measure = freeze()
    with new_uow() as uow:
        service.correct_measure(
            uow,
            CorrectMeasure(
                measure_id=measure,
                values={"effective_on": date(2025, 12, 12), "asset": FREEZE["asset"]},
                reason="回执日期看错",
            ),
        )
    with new_uow() as uow:
        assert queries.measures(uow)[0].expiry == date(2026, 12, 11)
    (line,) = events(new_uow, "preservation.measure_corrected")
    assert line["changed"] == {"effective_on": ["2025-12-10", "2025-12-12"]}
    assert line["reason"] == "回执日期看错"


def test_a_measure_of_another_branch_is_not_there(new_uow, freeze):
    measure = freeze()
    stranger = Actor(name="x", origin="web", branch_ids=frozenset({999}))
    with pytest.raises(MeasureNotFoundError), new_uow(stranger) as uow:
        service.release(
            uow, ReleaseMeasure(measure_id=measure, released_on=date(2026, 1, 1), reason="-")
        )


@pytest.mark.parametrize("paper", PAPERS)
def test_every_blank_of_an_application_is_a_field_of_its_dataclass(paper):
    assert compile_template(template_bytes(paper.template)).fields == field_paths(paper)


def words_of(data: bytes) -> str:
    paper = docx.Document(io.BytesIO(data))
    cells = [cell.text for table in paper.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(one.text for one in paper.paragraphs), *cells])


def test_the_renewal_application_is_filled_and_filed_once(new_uow, freeze):
    with new_uow() as uow:
        lenders.describe_lender(
            uow,
            "0201",
            Lender(name="示范农商银行", uscc="91100101MA1000001A", legal_rep="钟守诚"),
        )
    measure = freeze()
    with new_uow() as uow:
        made = applications.make_renewal_application(uow, measure)
    with new_uow() as uow:
        again = applications.make_renewal_application(uow, measure)
        assert again.document_id == made.document_id
        document = archive.get_document(uow, made.document_id)
        assert (document.item_code, document.source) == ("BQ07", "system")
    words = words_of(made.data)
    for text in (
        "继续冻结申请书",
        "示范农商银行",
        "（2025）示9999财保101号",
        "2026年12月9日",
        "自2026年12月10日起至2027年12月9日止",
        "叁拾万元整",
        "示范县人民法院",
        "第十八条",
    ):
        assert text in words
    assert not leftovers(words)
    assert any("住所地" in one for one in made.missing)
    assert len(events(new_uow, "preservation.application_made")) == 2


def test_the_application_for_release_says_why(new_uow, freeze):
    measure = freeze()
    with new_uow() as uow:
        made = applications.make_release_application(uow, measure, "债务已清偿。")
    assert "债务已清偿。" in words_of(made.data)
