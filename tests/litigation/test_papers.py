"""The court papers beside the complaint: blanks, what the file knows, what is against them."""

from datetime import date
from decimal import Decimal

import pytest

from postloan_archive.archive import queries as archive
from postloan_archive.cases import queries as cases
from postloan_archive.cases import service as case_service
from postloan_archive.cases.rules.events import Event
from postloan_archive.cases.service import AddEvent, OpenCase
from postloan_archive.litigation import making, writing
from postloan_archive.litigation.errors import (
    AnswerError,
    LeftoverError,
    PaperFaultError,
    UnknownPaperError,
)
from postloan_archive.litigation.making import MakePaper
from postloan_archive.litigation.matter import matter_of
from postloan_archive.litigation.pleadings import PLEADINGS, AssetList
from postloan_archive.litigation.rules.blanks import blanks_of, required_of
from postloan_archive.litigation.rules.catalogue import CODES, copies_of
from postloan_archive.litigation.rules.paper_checks import PaperFacts, paper_findings
from postloan_archive.loans import lenders
from postloan_archive.loans.lenders import Lender
from postloan_archive.loans.service import NewCollateral, NewGuarantee
from postloan_archive.notices.templates import template_bytes
from postloan_archive.wordgen import compile_template, docx_text, field_paths, soffice_path
from tests.builders import a_customer, a_loan
from tests.litigation.test_packages import LATE

LENDER = Lender(
    name="示范农商银行",
    uscc="91100101MA1000001A",
    domicile="示范县金融街1号",
    phone="12000000001",
    legal_rep="钟守诚",
    legal_rep_post="董事长",
    legal_rep_id_no="100101196901010058",
    account="0000 0200",
    bank="示范农商银行营业部",
)


@pytest.fixture
def case_no(new_uow) -> str:
    """A case about a late loan with a joint guarantor."""
    with new_uow() as uow:
        at_home = {"domicile": "示范县1号"}
        guarantor = a_customer(uow, name="李四", id_no="100101198501010053", facts=at_home)
        loan = a_loan(
            uow,
            customer_id=a_customer(uow, facts=at_home),
            **LATE,
            guarantees=(
                NewGuarantee(
                    guarantor_id=guarantor,
                    kind="joint",
                    contract_no="保字第1号",
                    signed_on=date(2025, 11, 20),
                ),
            ),
            collateral=(
                NewCollateral(
                    provider_id=guarantor,
                    kind="mortgage_real_estate",
                    contract_no="抵字第1号",
                    signed_on=date(2025, 11, 20),
                    description="城关镇1号房屋",
                    value=Decimal(500_000),
                    facts={
                        "location": "城关镇1号",
                        "registration_no": "示不动产证明第1号",
                        "secured_amount": Decimal(80_000),
                    },
                ),
            ),
        )
        lenders.describe_lender(uow, "0201", LENDER)
        case = case_service.open_case(
            uow, OpenCase(loan_no=loan.loan_no, court="示范县人民法院")
        )
        case_service.fill_in(uow, case.case_no, {"agent_name": "苏明哲"})
        return case.case_no


def matter(uow, case_no):
    """What is known of the case."""
    return matter_of(uow, cases.get_case(uow, case_no))


@pytest.mark.parametrize("paper", [*PLEADINGS.values(), AssetList], ids=lambda one: one.code)
def test_every_blank_of_a_paper_is_a_field_of_its_dataclass(paper):
    assert compile_template(template_bytes(paper.template)).fields == field_paths(paper)


@pytest.mark.parametrize("code", sorted(PLEADINGS))
def test_a_required_key_has_a_blank(code):
    keys = {blank.key for blank in blanks_of(code)}

    assert set(required_of(code, {})) <= keys


@pytest.mark.parametrize("code", CODES)
def test_every_paper_of_the_catalogue_can_be_made(new_uow, case_no, code):
    with new_uow() as uow:
        paper = making.make_paper(
            uow, MakePaper(case_no=case_no, code=code, reason="留待补全后提交")
        )
        text = docx_text(uow.vault.read(paper.sha256))
        document = archive.get_document(uow, paper.document_id)

    assert paper.no == 1
    assert document.sha256 == paper.sha256
    assert "{{" not in text
    assert "示范农商银行" in text


def test_the_file_fills_in_what_it_knows(new_uow, case_no):
    with new_uow() as uow:
        found = writing.draft(matter(uow, case_no), "P03")

    assert found.ready
    values = {row.blank.key: row.text for row in found.answers}
    assert "张三" in values["respondent"]
    assert "李四" in values["respondent"]
    assert values["phase"] == "诉讼中"
    assert "城关镇1号房屋" in values["assets_or_leads"]
    assert "免予提供担保" in values["security_or_reason"]


def test_a_payment_order_goes_against_the_debtor_alone(new_uow, case_no):
    with new_uow() as uow:
        found = writing.draft(matter(uow, case_no), "P02")

    respondent = next(row.text for row in found.answers if row.blank.key == "respondent")
    assert "李四" not in respondent
    assert found.missing  # only a person knows of other disputes
    assert any("担保人" in text for text in found.notes)


def test_the_realisation_asks_for_no_more_than_was_secured(new_uow, case_no):
    with new_uow() as uow:
        found = writing.draft(matter(uow, case_no), "P06")

    values = {row.blank.key: row.value for row in found.answers}
    assert values["secured_amount"] == Decimal(80_000)


def test_an_answer_is_kept_once_and_used_by_every_paper(new_uow, case_no):
    with new_uow() as uow:
        assert making.answer(uow, case_no, "X05", {"assets": "车辆；甲A；北街；张三；9万"}) == 1

    with new_uow() as uow:
        known = matter(uow, case_no)
        for code, key in (("X01", "known_assets"), ("P03", "assets_or_leads")):
            row = next(
                one for one in writing.draft(known, code).answers if one.blank.key == key
            )
            assert row.value == ("车辆；甲A；北街；张三；9万",)
            assert row.entered
        assert writing.asset_rows(known) == (("车辆", "甲A", "北街", "张三", "9万"),)


def test_what_the_file_says_anyway_is_not_kept(new_uow, case_no):
    with new_uow() as uow:
        shown = writing.draft(matter(uow, case_no), "P03")
        given = {row.name: row.text for row in shown.answers}

        assert making.answer(uow, case_no, "P03", given) == 0


def test_a_day_that_cannot_be_read_names_its_blank(new_uow, case_no):
    with new_uow() as uow, pytest.raises(AnswerError, match="申请延长至"):
        making.answer(uow, case_no, "P10", {"P10.new_date": "下周三"})


def test_a_fault_needs_a_reason_that_stays_with_the_paper(new_uow, case_no):
    with new_uow() as uow:
        making.answer(
            uow,
            case_no,
            "P10",
            {"evidence_period_end": "2026-12-10", "P10.new_date": "2026-12-01"},
        )
    with new_uow() as uow, pytest.raises(PaperFaultError, match="不晚于现期限"):
        making.make_paper(uow, MakePaper(case_no=case_no, code="P10"))
    with new_uow() as uow:
        paper = making.make_paper(
            uow, MakePaper(case_no=case_no, code="P10", reason="法院口头同意")
        )

        assert paper.content["reason"] == "法院口头同意"
        assert paper.content["faults"]


def test_the_same_paper_twice_is_one_version_and_a_change_makes_the_next(new_uow, case_no):
    command = MakePaper(case_no=case_no, code="P03")
    with new_uow() as uow:
        first = making.make_paper(uow, command).id
    with new_uow() as uow:
        assert making.make_paper(uow, command).id == first
        making.answer(uow, case_no, "P03", {"P03.facts": "被申请人正在转移财产。"})
    with new_uow() as uow:
        assert making.make_paper(uow, command).no == 2


def test_a_placeholder_is_not_printed(new_uow, case_no):
    with new_uow() as uow:
        making.answer(uow, case_no, "P03", {"P03.facts": "被申请人XX转移财产，待补。"})
    with new_uow() as uow, pytest.raises(LeftoverError):
        making.make_paper(uow, MakePaper(case_no=case_no, code="P03"))


def test_an_unknown_code_is_said_so(new_uow, case_no):
    with new_uow() as uow, pytest.raises(UnknownPaperError):
        making.make_paper(uow, MakePaper(case_no=case_no, code="Z99"))


def test_enforcement_takes_title_days_and_doubled_interest_from_the_docket(new_uow, case_no):
    with new_uow() as uow:
        for kind, day in (
            (Event.JUDGMENT_SERVED, date(2026, 6, 1)),
            (Event.EFFECTIVE, date(2026, 6, 17)),
            (Event.PERFORMANCE_PERIOD_OVER, date(2026, 6, 27)),
        ):
            case_service.add_event(
                uow,
                AddEvent(
                    case_no=case_no,
                    kind=kind,
                    happened_on=day,
                    procedure="first",
                    court_case_no="（2026）示9999民初1号",
                ),
            )
        making.answer(
            uow,
            case_no,
            "X01",
            {
                "judged_principal": "10万",
                "judged_costs": "2300",
                "judged_interest_formula": "自2026年5月24日起按年利率9%计算",
            },
        )
    with new_uow() as uow:
        found = writing.draft(matter(uow, case_no), "X01")

    values = {row.blank.key: row.text for row in found.answers}
    assert values["title_no"] == "（2026）示9999民初1号"
    assert values["effective_on"] == "2026-06-17"
    assert "102,300.00元为基数" in values["request_doubled_interest"]
    assert "日万分之一点七五" in values["request_doubled_interest"]
    assert found.missing == ()


FACTS = PaperFacts(
    today=date(2026, 3, 10),
    due=True,
    secured=False,
    registered=True,
    preserved_before_suit=False,
    effective_on=None,
    performance_last_day=None,
    claim_total=Decimal(1000),
    last_days={},
)


@pytest.mark.parametrize(
    ("code", "values", "words"),
    [
        ("P02", {"amount": Decimal(1), "no_other_dispute": "有"}, "其他债务纠纷"),
        ("P02", {"amount": None}, "金额不确定"),
        ("P02", {"amount": Decimal(1), "debtor_reachable": "下落不明或者"}, "不能送达"),
        ("P03", {"phase": "执行前"}, "执行前保全"),
        ("P10", {"evidence_period_end": date(2026, 3, 9)}, "届满前申请"),
        ("X01", {"effective_on": date(2026, 3, 11)}, "尚不能申请执行"),
        ("X01", {"performance_last_day": date(2026, 3, 10)}, "次日起"),
        ("P20", {"effective_on": date(2026, 2, 7)}, "三十日"),
        ("X12", {"acceptance_date": date(2026, 4, 1)}, "在将来"),
        (
            "X12",
            {
                "claim_principal": Decimal(1),
                "claim_interest": Decimal(1),
                "claim_total": Decimal(3),
            },
            "不等于",
        ),
        ("X07", {"price": Decimal(1), "set_off_amount": Decimal(2)}, "超过抵债价格"),
    ],
)
def test_what_the_court_will_refuse_is_named_before(code, values, words):
    assert any(words in one.text and one.blocks for one in paper_findings(code, values, FACTS))


@pytest.mark.parametrize(
    ("code", "values"),
    [
        ("P20", {"effective_on": date(2026, 2, 8)}),  # the thirtieth day is today
        ("X01", {"performance_last_day": date(2026, 3, 9)}),
        ("P10", {"evidence_period_end": date(2026, 3, 10), "new_date": date(2026, 3, 11)}),
    ],
)
def test_the_last_day_itself_is_in_time(code, values):
    assert not any(one.blocks for one in paper_findings(code, values, FACTS))


def test_copies_follow_the_classes():
    assert copies_of("P01", defendants=3, third_parties=1)[0].evidence_sets == 5
    assert copies_of("A02", defendants=3, third_parties=1)[0] is None


@pytest.mark.office
@pytest.mark.skipif(soffice_path() is None, reason="LibreOffice is not installed")
def test_a_made_paper_becomes_a_pdf_once(new_uow, case_no):
    with new_uow() as uow:
        paper = making.make_paper(uow, MakePaper(case_no=case_no, code="P03")).id
    with new_uow() as uow:
        name, data = making.hand_out(uow, case_no, paper, "pdf")
        assert data == b""
        word = uow.vault.read(making.get_made(uow, case_no, paper).sha256)
    pdf = making.as_pdf(word, soffice_path())
    with new_uow() as uow:
        making.keep_pdf(uow, case_no, paper, pdf)
    with new_uow() as uow:
        name, data = making.hand_out(uow, case_no, paper, "pdf")

    assert data == pdf
    assert name.endswith("v1.pdf")


def test_the_card_complaint_ticks_its_boxes_and_asks_for_the_terms(new_uow, case_no):
    with new_uow() as uow:
        found = writing.draft(matter(uow, case_no), "P01K")
        assert "信用卡卡号" in found.missing
        making.answer(uow, case_no, "P01K", {"terms_pointed_out": "否", "card_no": "6200"})
    with new_uow() as uow:
        known = matter(uow, case_no)
        found = writing.draft(known, "P01K")
        paper = writing.fill(known, found)

    assert paper.terms_pointed_out == "是□　否☑"
    assert any("提示说明" in text for text in found.notes)
    assert "信用卡卡号" not in found.missing


def test_guarantors_alone_are_sued_without_the_debtor(new_uow, case_no):
    with new_uow() as uow:
        found = writing.draft(matter(uow, case_no), "P01B")

    values = {row.blank.key: row.text for row in found.answers}
    assert "李四" in values["defendants"]
    assert "张三" not in values["defendants"]
    assert "连带清偿责任" in values["claims"]
