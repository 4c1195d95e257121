"""The letters that need facts of the run: each from a real loan to the printed paper."""

from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import event, select

from postloan_archive.archive import queries as archive
from postloan_archive.loans.models import Collateral, Customer, Guarantee, LimitationEvent, Loan
from postloan_archive.notices import delivery, planning, printing, queries, service
from postloan_archive.notices.delivery import Dispatch, RecordOutcome
from postloan_archive.notices.errors import AddresseeGoneError
from postloan_archive.notices.rules.delivery import (
    Channel,
    Outcome,
    Signer,
    WrongChannelError,
    effect_kind,
)
from postloan_archive.notices.rules.given import (
    GIVEN,
    GivenFactsError,
    GivenKind,
    checked_given,
)
from postloan_archive.notices.service import PlanRun
from postloan_archive.wordgen import docx_text
from tests.notices.conftest import LOAN, TODAY, an_overdue_loan

TEXT = {
    "N06": ("律师函", "示范律师事务所", "委托人编号"),
    "N07": ("债权转让通知书", "示范资产管理有限公司", "保证人1提供的保证", "第五百四十六条"),
    "N08": ("联合公告", "借款人1", "保证人1"),
    "N09": ("催收公告", "现公告催收"),
    "N11": ("债务确认书", "还款计划", "确认上述债务并同意履行", "担保人确认"),
    "N12": ("事先告知书", "《征信业管理条例》第十五条", "2026年12月31日"),
    "N14": ("担保人同意书", "第六百九十五条", "同意上述变更"),
    "N15": ("限期整改", "贷款资金用途与约定不符", "本通知书不是还款催收"),
    "N16": ("最高额担保债权确定通知书", "在最高额限度内确定的担保债权"),
}


def facts_for(kind):
    """Every fact a run of this kind may be told; days before and after the day of the run."""
    samples = {
        "law_firm": "示范律师事务所",
        "medium": "全国性媒体",
        "transferee": "示范资产管理有限公司",
        "agreement_date": "2026-11-01",
        "cutoff_date": "2026-10-31",
        "fixing_date": "2026-11-01",
        "finding": "贷款资金用途与约定不符\n未提供用途证明",
    }
    return {
        fact.name: samples.get(
            fact.name, "2026-12-31" if fact.kind is GivenKind.DAY else f"【{fact.name}】"
        )
        for fact in GIVEN[kind]
        if fact.name != "maximum_mortgages"
    }


@pytest.fixture
def secured(new_uow, loan):
    """The overdue loan, its guarantee a maximum one, property of a third party beside it."""
    del loan
    with new_uow() as uow:
        found = uow.session.scalar(select(Loan).where(Loan.loan_no == LOAN))
        guarantee = found.guarantees[0]
        guarantee.maximum, guarantee.amount = True, Decimal(50_000)
        owner = uow.session.get_one(Customer, guarantee.guarantor_id)
        uow.session.add(
            Collateral(
                loan_id=found.id,
                provider_id=owner.id,
                kind="mortgage_real_estate",
                contract_no="示农商抵字2025第0001号",
                signed_on=date(2025, 8, 20),
                description="城关镇房产一处",
                value=Decimal(200_000),
            )
        )


@pytest.fixture
def made(new_uow, runner, secured):
    """Plan and issue a run of one kind; returns the ids of its letters."""
    del secured

    def make(kind, loan_nos=(LOAN,), **changes):
        with new_uow() as uow:
            plan = PlanRun(
                kind=kind, as_of=TODAY, loan_nos=loan_nos, given=facts_for(kind) | changes
            )
            run = service.plan_run(uow, plan)
            errors = [
                row["text"]
                for one in run.notices
                for row in one.problems
                if row["severity"] == "error"
            ]
            assert errors == []
            service.start_run(uow, run.id, reason="已核对")
            ids = [one.id for one in run.notices]
        runner.run_until_empty()
        return ids

    return make


@pytest.mark.parametrize("kind", TEXT)
def test_each_kind_is_written_from_the_file_numbered_and_filed(kind, made, new_uow):
    ids = made(kind)

    with new_uow() as uow:
        notice = queries.get_notice(uow, ids[0])
        assert notice.state == "issued", notice.problems
        text = docx_text(printing.letter_file(uow, notice))
        assert notice.document_id is not None
        assert service.render(uow, notice) == printing.letter_file(uow, notice)
    for words in (*TEXT[kind], notice.serial_no):
        assert words in text
    assert "{{" not in text
    assert "{%" not in text


@pytest.mark.parametrize("kind", TEXT)
def test_a_letter_is_drafted_again_from_the_facts_it_has_kept(kind, secured, new_uow):
    del secured
    with new_uow() as uow:
        plan = PlanRun(kind=kind, as_of=TODAY, loan_nos=(LOAN,), given=facts_for(kind))
        run = service.plan_run(uow, plan)
        before = [dict(one.snapshot) for one in run.notices]
        service.recheck_run(uow, run.id)

        assert [dict(one.snapshot) for one in run.notices] == before


@pytest.mark.parametrize("kind", TEXT)
def test_a_run_without_its_facts_is_refused_and_each_is_named(kind, loan, new_uow):
    del loan
    with pytest.raises(GivenFactsError) as caught, new_uow() as uow:
        service.plan_run(uow, PlanRun(kind=kind, as_of=TODAY, loan_nos=(LOAN,)))

    for fact in GIVEN[kind]:
        assert (fact.label in str(caught.value)) == fact.required


@pytest.mark.parametrize("text", ["2026-13-01", "昨天", "26/11/01", "XX", "待补"])
def test_a_day_that_is_none_is_refused(text):
    with pytest.raises(GivenFactsError):
        checked_given("N07", facts_for("N07") | {"cutoff_date": text})


def test_a_placeholder_is_no_fact():
    with pytest.raises(GivenFactsError):
        checked_given("N07", facts_for("N07") | {"transferee": "待补"})


def test_a_transfer_is_told_to_the_debtor_and_to_each_provider(made, new_uow):
    ids = made("N07")

    with new_uow() as uow:
        letters = [queries.get_notice(uow, one) for one in ids]
        roles = [one.snapshot["addressee_role"] for one in letters]
        assert roles == ["债务人", "保证人", "抵押人"]
        assert "第六百九十六条" in letters[1].snapshot["legal_basis"]
        assert "第六百九十六条" not in letters[0].snapshot["legal_basis"]
        assert {one.total for one in letters} == {
            Decimal(str(letters[0].snapshot["total_at_cutoff"]).replace(",", ""))
        }


def test_a_transfer_that_reaches_the_debtor_interrupts_and_one_to_a_guarantor_does_not(
    made, new_uow
):
    ids = made("N07")
    with new_uow() as uow:
        delivery.dispatch(uow, Dispatch(notice_ids=tuple(ids), channel=Channel.EMS, on=TODAY))
        for one in ids:
            delivery.record_outcome(
                uow,
                RecordOutcome(
                    notice_id=one, outcome=Outcome.SIGNED, on=TODAY, signer=Signer.DEBTOR
                ),
            )
    with new_uow() as uow:
        events = [queries.get_notice(uow, one).limitation_event_id for one in ids]
    assert [event is not None for event in events] == [True, False, False]


def test_a_signed_confirmation_is_an_acknowledgement(made, new_uow):
    (one,) = made("N11")
    with new_uow() as uow:
        delivery.dispatch(uow, Dispatch(notice_ids=(one,), channel=Channel.HAND, on=TODAY))
        delivery.record_outcome(
            uow,
            RecordOutcome(
                notice_id=one, outcome=Outcome.SIGNED, on=TODAY, signer=Signer.DEBTOR
            ),
        )
        event = uow.session.get_one(
            LimitationEvent, queries.get_notice(uow, one).limitation_event_id
        )
        assert event.kind == "acknowledgement"


@pytest.mark.parametrize(
    ("kind", "to_debtor", "signed", "effect"),
    [
        ("N02", True, False, "demand"),
        ("N04", False, False, "demand"),
        ("N07", True, False, "demand"),
        ("N07", False, True, None),
        ("N11", True, True, "acknowledgement"),
        ("N11", True, False, None),  # sent, not signed: nothing was acknowledged
        ("N15", True, True, None),  # warns, asks for no money
        ("N12", True, True, None),
    ],
)
def test_what_a_letter_is_for_a_clock(kind, to_debtor, signed, effect):
    assert effect_kind(kind, to_debtor=to_debtor, signed=signed) == effect


def test_an_announcement_gathers_the_loans_of_a_branch_and_lies_in_each_file(made, new_uow):
    with new_uow() as uow:
        an_overdue_loan(uow, loan_no="JJ2025-0002", number=2)

    (one,) = made("N08", loan_nos=(LOAN, "JJ2025-0002"))

    with new_uow() as uow:
        notice = queries.get_notice(uow, one)
        text = docx_text(printing.letter_file(uow, notice))
        assert [row["debtor"] for row in notice.snapshot["debts"]] == ["借款人1", "借款人2"]
        assert "100100" not in text  # no number of identity (R-L07)
        for number in (LOAN, "JJ2025-0002"):
            found = uow.session.scalar(select(Loan).where(Loan.loan_no == number))
            titles = documents(uow, found.id)
            assert any("联合公告" in title for title in titles)


def documents(uow, loan_id):
    return [row.title for row in archive.documents_of(uow, loan_id)]


def test_a_public_demand_names_no_identity_and_warns_unless_letters_came_back(made, new_uow):
    (one,) = made("N09")

    with new_uow() as uow:
        notice = queries.get_notice(uow, one)
        text = docx_text(printing.letter_file(uow, notice))
        assert any("下落不明" in row["text"] for row in notice.problems)
    for secret in ("100101", "城关镇", "【unreachable_fact】"):
        assert secret not in text


def test_negative_information_is_announced_to_persons_only(new_uow, secured):
    del secured
    with new_uow() as uow:
        uow.session.scalar(select(Loan)).customer.kind = "company"
        plan = PlanRun(kind="N12", as_of=TODAY, loan_nos=(LOAN,), given=facts_for("N12"))
        (notice,) = service.plan_run(uow, plan).notices

        assert any("不是自然人" in row["text"] for row in notice.problems)


def test_the_amount_of_a_maximum_guarantee_stops_at_its_limit(made, new_uow):
    (one,) = made("N16")

    with new_uow() as uow:
        notice = queries.get_notice(uow, one)
        assert notice.snapshot["secured_amount"] == "50,000.00"
        assert notice.total == Decimal(50_000)
        assert notice.guarantee_id is not None


def test_one_maximum_contract_over_two_loans_gives_one_letter_with_both(made, new_uow):
    with new_uow() as uow:
        an_overdue_loan(uow, loan_no="JJ2025-0002", number=2)
        first = uow.session.scalar(select(Loan).where(Loan.loan_no == LOAN)).guarantees[0]
        other = uow.session.scalar(select(Loan).where(Loan.loan_no == "JJ2025-0002"))
        uow.session.add(
            Guarantee(
                loan_id=other.id,
                guarantor_id=first.guarantor_id,
                contract_no=first.contract_no,
                kind="joint",
                signed_on=first.signed_on,
                amount=first.amount,
                maximum=True,
            )
        )

    (one,) = made("N16", loan_nos=(LOAN, "JJ2025-0002"))

    with new_uow() as uow:
        rows = queries.get_notice(uow, one).snapshot["debts"]
        assert [row["loan_no"] for row in rows] == [LOAN, "JJ2025-0002"]


@pytest.mark.parametrize(
    ("medium", "level", "moves"),
    [
        ("全国性媒体", "B", True),
        ("住所地省级有影响的媒体", "B", True),
        ("其他媒体", "D", False),
    ],
)
def test_a_printed_public_demand_is_proposed_as_a_demand_in_a_fit_medium(
    made, new_uow, medium, level, moves
):
    (one,) = made("N09", medium=medium)
    with new_uow() as uow:
        with pytest.raises(WrongChannelError):
            delivery.dispatch(uow, Dispatch(notice_ids=(one,), channel=Channel.EMS, on=TODAY))
        delivery.dispatch(uow, Dispatch(notice_ids=(one,), channel=Channel.NEWSPAPER, on=TODAY))
        delivery.record_outcome(
            uow, RecordOutcome(notice_id=one, outcome=Outcome.ARRIVED, on=TODAY)
        )
        notice = queries.get_notice(uow, one)

        assert notice.proof_level == level
        assert (notice.limitation_event_id is not None) == moves


def test_a_letter_goes_into_no_newspaper(made, new_uow):
    (one, *_) = made("N07")
    with pytest.raises(WrongChannelError), new_uow() as uow:
        delivery.dispatch(uow, Dispatch(notice_ids=(one,), channel=Channel.NEWSPAPER, on=TODAY))


def test_a_medium_that_is_none_of_the_three_is_refused():
    with pytest.raises(GivenFactsError, match="媒体级别"):
        checked_given("N09", facts_for("N09") | {"medium": "朋友圈"})


def test_a_letter_whose_guarantor_left_the_file_is_held_back(new_uow, secured):
    del secured
    with new_uow() as uow:
        plan = PlanRun(kind="N07", as_of=TODAY, loan_nos=(LOAN,), given=facts_for("N07"))
        run_id = service.plan_run(uow, plan).id
    with new_uow() as uow:
        uow.session.delete(uow.session.scalar(select(Collateral)))
    with new_uow() as uow:
        run = service.recheck_run(uow, run_id)
        states = {one.snapshot["addressee_role"]: one for one in run.notices}

        assert states["抵押人"].state == "blocked"
        assert "已没有" in states["抵押人"].problems[-1]["text"]
        assert states["债务人"].state == "draft"
        with pytest.raises(AddresseeGoneError):
            planning.draft_again(uow, run, states["抵押人"])


def test_checking_again_asks_little_more_for_each_letter(new_uow, loan, system):
    del loan
    with new_uow() as uow:
        for number in range(2, 12):
            an_overdue_loan(uow, loan_no=f"JJ2025-{number:04d}", number=number)
        small = service.plan_run(uow, PlanRun(kind="N02", as_of=TODAY, loan_nos=(LOAN,))).id
        large = service.plan_run(uow, PlanRun(kind="N02", as_of=TODAY)).id
    asked: list[str] = []
    event.listen(system.engine, "before_cursor_execute", lambda *args: asked.append(args[2]))
    with new_uow() as uow:
        service.recheck_run(uow, small)
    few = len(asked)
    with new_uow() as uow:
        service.recheck_run(uow, large)
    many = len(asked) - few

    assert many - few <= 5 * 10  # of the ten letters more
