"""Proposals decided by another person, and what each kind changes when it is carried out."""

import io
import zipfile
from datetime import date
from decimal import Decimal

import pytest

from postloan_archive.collection import queries as collecting
from postloan_archive.disposal import papers, queries
from postloan_archive.disposal.errors import (
    ConditionNotMetError,
    DisposalNotFoundError,
    ExecutedDayError,
    ForeignPaperError,
    InOtherDisposalError,
    LettersPlannedError,
    NoLetterError,
    NothingRemittedError,
    OneLoanError,
    OwnProposalError,
    ProofMissingError,
    ReasonMissingError,
    StepNotAllowedError,
    TermMissingError,
    TooMuchReliefError,
)
from postloan_archive.disposal.queries import Asked
from postloan_archive.disposal.rules import Kind
from postloan_archive.disposal.service import execution, later, proposals, telling
from postloan_archive.disposal.service.execution import Execute
from postloan_archive.disposal.service.later import ConfirmClaim, SellAsset
from postloan_archive.kernel.entries import DateEntryError
from postloan_archive.loans import queries as loans
from postloan_archive.loans.derivation import confirmed_events, guarantee_clock, position_of
from postloan_archive.loans.errors import LoanNotFoundError
from postloan_archive.loans.leaving import ClaimGoneError, WrittenOffError
from postloan_archive.loans.models import LoanPosition
from postloan_archive.wordgen import docx_text
from postloan_archive.workdays.service import load_calendar
from postloan_archive.worklist.sources.as_of import AsOf
from postloan_archive.worklist.sources.disposals import deadlines
from postloan_archive.worklist.sources.facts import load_files
from tests.disposal.test_recoveries import money_in
from tests.reports.conftest import TODAY

pytestmark = pytest.mark.usefixtures("ledger")


def test_nobody_approves_what_he_proposed(acting, put):
    number = put(Kind.WRITE_OFF, who="branch_manager")
    with pytest.raises(OwnProposalError), acting("branch_manager") as uow:
        proposals.decide(uow, number, agree=True, words="")


def test_a_proposal_is_decided_once_and_carried_out_once(acting, carry_out):
    number = carry_out(Kind.WRITE_OFF)
    with pytest.raises(StepNotAllowedError), acting("branch_manager") as uow:
        proposals.decide(uow, number, agree=False, words="晚了")
    with pytest.raises(StepNotAllowedError), acting("legal") as uow:
        execution.execute(uow, Execute(disposal_no=number, executed_on=TODAY, document_id=1))
    with pytest.raises(StepNotAllowedError), acting("legal") as uow:
        proposals.withdraw(uow, number, "撤")


def test_without_approval_nothing_is_carried_out(acting, put, paper):
    number = put(Kind.WRITE_OFF)
    with pytest.raises(StepNotAllowedError), acting("legal") as uow:
        execution.execute(
            uow, Execute(disposal_no=number, executed_on=TODAY, document_id=paper("JJ1"))
        )


def test_turning_down_needs_a_reason_and_frees_the_loan(acting, put):
    number = put(Kind.WRITE_OFF)
    with pytest.raises(InOtherDisposalError):
        put(Kind.RELIEF)
    with pytest.raises(ReasonMissingError), acting("branch_manager") as uow:
        proposals.decide(uow, number, agree=False, words=" ")
    with acting("branch_manager") as uow:
        proposals.decide(uow, number, agree=False, words="先处置押品")
    put(Kind.RELIEF)


def test_the_paper_is_of_the_file_and_the_day_makes_sense(acting, put, agree, paper):
    number = put(Kind.WRITE_OFF)
    agree(number)
    for day, document, error in (
        (TODAY, None, ProofMissingError),
        (TODAY, paper("JJ3"), ForeignPaperError),
        (date(2026, 11, 25), paper("JJ1"), ExecutedDayError),
        (date(2026, 11, 23), paper("JJ1"), ExecutedDayError),
    ):
        with pytest.raises(error), acting("legal") as uow:
            execution.execute(
                uow, Execute(disposal_no=number, executed_on=day, document_id=document)
            )


def test_other_branches_see_nothing(acting, put):
    number = put(Kind.WRITE_OFF)
    with acting("other_branch") as uow:
        assert queries.listed(uow, Asked()) == []
        with pytest.raises(DisposalNotFoundError):
            queries.get_disposal(uow, number)
    with pytest.raises(LoanNotFoundError):
        put(Kind.WRITE_OFF, "JJ9")


def test_terms_are_read_strictly(put):
    with pytest.raises(TermMissingError) as missing:
        put(Kind.TRANSFER, transferee=" ")
    assert missing.value.field == "transferee"
    with pytest.raises(DateEntryError):
        put(Kind.TRANSFER, cutoff_on="昨天")
    with pytest.raises(OneLoanError):
        put(Kind.RELIEF, "JJ1", "JJ3")


def test_a_sold_claim_leaves_the_books(acting, carry_out):
    number = carry_out(Kind.TRANSFER, "JJ1", "JJ3")
    with acting("legal") as uow:
        row = queries.get_disposal(uow, number)
        assert row.terms["price"] == "60000.00"
        assert sum(line.principal for line in row.loans) == Decimal(200_000)
        for line in row.loans:
            cached = uow.session.get_one(LoanPosition, line.loan_id)
            assert (cached.stage, cached.balance) == ("transferred", Decimal(0))
            assert cached.limitation_by is None
    with pytest.raises(ClaimGoneError), acting("legal") as uow:
        later.preview_recovery(uow, money_in())


def test_the_data_of_sold_claims_is_a_zip_with_digests(acting, carry_out):
    number = carry_out(Kind.TRANSFER, "JJ1", "JJ3")
    with acting("legal") as uow:
        data = papers.data_package(uow, queries.get_disposal(uow, number))
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        names = package.namelist()
        assert {"债权清单.xlsx", "审批表.docx", "SHA256SUMS.txt"} <= set(names)
        assert any(name.startswith("JJ1/BQ17-") for name in names)
        sums = package.read("SHA256SUMS.txt").decode()
        assert len(sums.splitlines()) == len(names) - 1


def test_debtor_and_each_guarantor_are_told_of_a_sale(acting, put, agree):
    number = put(Kind.TRANSFER, announce="1")
    with pytest.raises(NoLetterError), acting("legal") as uow:
        telling.plan_letters(uow, number, "N07")
    agree(number)
    with acting("legal") as uow:
        run = telling.plan_letters(uow, number, "N07")
        assert [one.snapshot["addressee"] for one in run.notices] == ["张三", "李保"]
        assert run.notices[0].snapshot["transferee"] == "某资产管理公司"
        assert run.notices[0].snapshot["balance_at_cutoff"] == "100,000.00"
        assert len(telling.plan_letters(uow, number, "N08").notices) == 1
        with pytest.raises(LettersPlannedError):
            telling.plan_letters(uow, number, "N07")


def test_guarantors_are_asked_before_a_new_plan(acting, put):
    number = put(Kind.RESTRUCTURING)
    with acting("legal") as uow:
        run = telling.plan_letters(uow, number, "N14")
        assert [one.snapshot["addressee"] for one in run.notices] == ["李保"]
        assert "等额本金" in str(run.notices[0].snapshot["change_content"])


def test_a_written_off_loan_is_pursued(acting, carry_out):
    carry_out(Kind.WRITE_OFF)
    with acting("legal") as uow:
        loan = loans.get_loan(uow, "JJ1")
        assert loan.written_off_on == TODAY
        assert loan.risk_class == "损失"
        cached = uow.session.get_one(LoanPosition, loan.id)
        assert cached.balance == Decimal(100_000)
        assert cached.limitation_by is not None
        assert later.recover(uow, money_in(amount="1000", channel="核销后追回")) is False


def test_a_written_off_loan_is_not_written_off_again(acting, put, agree, paper, carry_out):
    carry_out(Kind.WRITE_OFF)
    number = put(Kind.WRITE_OFF)
    agree(number)
    with pytest.raises(WrittenOffError), acting("legal") as uow:
        execution.execute(
            uow, Execute(disposal_no=number, executed_on=TODAY, document_id=paper("JJ1"))
        )


def test_relief_lowers_what_is_owed_and_is_no_money(acting, carry_out):
    with acting("legal") as uow:
        before = position_of(loans.get_loan(uow, "JJ1"), TODAY).value
    carry_out(Kind.RELIEF)
    with acting("legal") as uow:
        loan = loans.get_loan(uow, "JJ1")
        after = position_of(loan, TODAY).value
        assert before.penalty - after.penalty == Decimal("1000.00")
        assert before.interest_due - after.interest_due == Decimal("83.33")
        assert [row.reason for row in collecting.stops_of(uow, loan.customer_id)] == [
            "减免协议"
        ]


def test_relief_is_limited_and_may_depend_on_a_payment(acting, put, agree, paper):
    with pytest.raises(TooMuchReliefError):
        put(Kind.RELIEF, to_penalty="90000000")
    with pytest.raises(NothingRemittedError):
        put(Kind.RELIEF, to_penalty="", to_interest="0")
    number = put(Kind.RELIEF, pay_amount="5000", pay_by="2026-12-01")
    agree(number)
    proof = paper("JJ1")
    wanted = Execute(disposal_no=number, executed_on=TODAY, document_id=proof)
    with pytest.raises(ConditionNotMetError), acting("legal") as uow:
        execution.execute(uow, wanted)
    with acting("legal") as uow:
        later.recover(uow, money_in(amount="5000"))
    with acting("legal") as uow:
        execution.execute(uow, wanted)


def test_an_asset_is_set_off_in_the_order_of_the_law_and_watched(acting, carry_out):
    carry_out(Kind.ASSET)
    with acting("legal") as uow:
        loan = loans.get_loan(uow, "JJ1")
        (payment,) = loan.payments
        assert (payment.channel, payment.amount) == ("以物抵债", Decimal(50_000))
        assert payment.to_interest == Decimal("6083.33")  # interest before principal
        owed = position_of(loan, TODAY).value
        assert (owed.penalty, owed.compound, owed.interest_due) == (0, 0, 0)
        ((asset, _no),) = queries.assets(uow)
        assert asset.sell_by == date(2028, 11, 24)
        number = asset.id
    with acting("legal") as uow:
        later.sell_asset(
            uow,
            SellAsset(asset_id=number, sold_on=TODAY, sold_to="赵某", price=Decimal(45_000)),
        )
        assert queries.assets(uow) == []


def test_an_asset_beyond_the_debt_says_so_and_settles(acting, carry_out):
    number = carry_out(Kind.ASSET, value="50万")
    with acting("legal") as uow:
        row = queries.get_disposal(uow, number)
        assert any("超出欠款" in one for one in row.effects)
        assert loans.get_loan(uow, "JJ1").settled_on == TODAY


def test_a_claim_in_bankruptcy_stops_collection_and_interrupts(acting, carry_out):
    number = carry_out(Kind.BANKRUPTCY)
    with acting("legal") as uow:
        row = queries.get_disposal(uow, number)
        claim = queries.claim_of(uow, row.id)
        loan = loans.get_loan(uow, "JJ1")
        owed = position_of(loan, date(2026, 11, 1)).value
        assert claim.claimed == owed.total  # up to the acceptance, R-F16
        assert claim.filed_on == TODAY
        assert "bankruptcy_claim" in {one.kind for one in confirmed_events(uow, loan.id)}
        assert collecting.stops_of(uow, loan.customer_id)[0].reason == "破产受理"
        confirmed = ConfirmClaim(disposal_no=number, confirmed_on=TODAY, amount=Decimal(90_000))
        later.confirm_claim(uow, confirmed)
        assert claim.confirmed == Decimal(90_000)


def test_a_restructured_loan_follows_its_new_plan(acting, carry_out):
    with acting("legal") as uow:
        before = position_of(loans.get_loan(uow, "JJ1"), TODAY).value
    carry_out(Kind.RESTRUCTURING, consents="")
    with acting("legal") as uow:
        loan = loans.get_loan(uow, "JJ1")
        assert loan.due_on == date(2027, 11, 24)
        now = position_of(loan, TODAY).value
        assert (now.overdue_days, now.balance) == (0, Decimal(100_000))
        first = loan.schedule[1]  # behind the row of the day itself
        carried = before.interest_due + before.penalty + before.compound
        assert first.interest == Decimal("500.00") + carried
        assert sum(row.principal for row in loan.schedule) == Decimal(100_000)
        assert loan.risk_class == "关注"  # R-G03
        assert "acknowledgement" in {one.kind for one in confirmed_events(uow, loan.id)}


@pytest.mark.parametrize("agreed", [True, False])
def test_the_period_of_a_guarantor_moves_only_with_consent(acting, carry_out, agreed):
    def end(uow):
        loan = loans.get_loan(uow, "JJ1")
        clock = guarantee_clock(loan, loan.guarantees[0], calendar=load_calendar(uow.session))
        return clock.end.nominal

    with acting("legal") as uow:
        before = end(uow)
    carry_out(Kind.RESTRUCTURING, consents="保2025-1" if agreed else "")
    with acting("legal") as uow:
        assert (end(uow) > before) is agreed


def test_an_extension_moves_the_principal_and_keeps_the_interest_due(acting, carry_out):
    carry_out(Kind.EXTENSION, "JJ2")
    with acting("legal") as uow:
        loan = loans.get_loan(uow, "JJ2")
        old, new = loan.schedule
        assert (old.due_on, old.principal, old.interest) == (
            date(2026, 12, 24),
            Decimal(0),
            Decimal("6083.33"),
        )
        # 100,000 at 6 % for 182 days on a basis of 360
        assert (new.due_on, new.principal, new.interest) == (
            date(2027, 6, 24),
            Decimal(100_000),
            Decimal("3033.33"),
        )
        kept = loans.amendments_of(uow, loan.id)
        assert kept[0].before == [["2026-12-24", "100000.00", "6083.33"]]


def test_what_is_due_is_no_longer_extended(put):
    with pytest.raises(Exception, match="不能展期"):
        put(Kind.EXTENSION, "JJ3")


def test_the_sheet_says_who_what_and_how_much(acting, carry_out):
    number = carry_out(Kind.TRANSFER)
    with acting("legal") as uow:
        row = queries.get_disposal(uow, number)
        text = docx_text(papers.approval_sheet(uow, row))
        filed = papers.file_sheet(uow, row)
    for words in (
        "债权转让审批表",
        number,
        "某资产管理公司",
        "人员legal",
        "人员branch_manager",
    ):
        assert words in text
    assert filed.role == "approval_sheet"


def test_the_last_day_to_file_a_claim_is_watched_from_the_proposal_on(acting, put):
    put(Kind.BANKRUPTCY)
    assert watched(acting, "JJ1")["bankruptcy_claim:1:file"] == (date(2026, 12, 18), None)


def test_a_filed_claim_and_a_taken_asset_are_watched(acting, carry_out):
    carry_out(Kind.BANKRUPTCY)
    assert watched(acting, "JJ1")["bankruptcy_claim:1:file"][1] == "done"
    carry_out(Kind.ASSET, "JJ3")
    assert watched(acting, "JJ3")["foreclosed_asset:1:sell"] == (date(2028, 11, 24), None)


def watched(acting, loan_no):
    """Safe day and end of each deadline of disposal, by key."""
    with acting("legal") as uow:
        (file,) = load_files(uow, [loans.get_loan(uow, loan_no).id])
        at = AsOf(day=TODAY, calendar=load_calendar(uow.session))
        return {
            one.key: (one.due.safe, one.ended and str(one.ended.state))
            for one in deadlines(file, at)
        }
