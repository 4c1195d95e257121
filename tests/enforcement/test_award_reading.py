"""The award as the operative part says it, and what the docket proposes."""

import io
from datetime import date
from decimal import Decimal

import pytest

from postloan_archive.archive import service as documents
from postloan_archive.archive.models import Page
from postloan_archive.archive.service import OpenBatch, ReceiveFile
from postloan_archive.cases import queries as cases
from postloan_archive.cases import service as docket
from postloan_archive.cases.rules.events import Event
from postloan_archive.cases.service import AddEvent, OpenCase
from postloan_archive.enforcement import service
from postloan_archive.enforcement.proposing import propose_award
from postloan_archive.enforcement.rules.account import Award
from postloan_archive.enforcement.rules.award_reading import award_terms
from postloan_archive.enforcement.service import KeepAward
from tests.builders import a_loan
from tests.bundle.samples import pdf

HEAD = "原告诉称被告欠本金999,999.00元，请求支付利息88元。判决如下："
FULL = (
    HEAD
    + "一、被告张三于本判决生效之日起十日内偿还原告借款本金人民币100,000.00元、利息2,000.50元、"
    "罚息300元，并支付自2026年6月1日起至实际清偿之日止，以100,000.00元为基数按年利率7.2%计算的罚息；"
    "二、驳回其他诉讼请求。案件受理费2,300元，财产保全申请费1,020元，由被告张三负担。"
    "如不服本判决，可以上诉。本金1元。"
)


def values(text):
    return {key: one.value for key, one in award_terms(text).items()}


def test_the_operative_part_is_read_and_nothing_else():
    assert values(FULL) == {
        "principal": Decimal(100_000),
        "interest": Decimal("2300.50"),
        "costs": Decimal(3_320),
        "rate_pct": Decimal("7.2"),
        "interest_from": date(2026, 6, 1),
        "performance_days": 10,
    }
    assert "本金人民币100,000.00元" in award_terms(FULL)["principal"].words


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("", {}),
        ("判决如下：驳回上诉，维持原判。", {}),
        ("判决如下：于判决生效之日起１０日内偿还。", {"performance_days": 10}),
        ("判决如下：于判决生效之日起三三三日内偿还。", {}),
        ("判决如下：被告偿还本金12 万元。", {"principal": Decimal(120_000)}),
        ("调解协议如下：一、本金 5,000 元", {"principal": Decimal(5000)}),
        (
            "判决如下：偿还利息、罚息、复利共计1,234.56元（暂计至2026年2月30日）。",
            {"interest": Decimal("1234.56")},
        ),
        (
            "判决如下：利息5元（截至2026年5月31日）。",
            {"interest": Decimal(5), "interest_from": date(2026, 6, 1)},
        ),
        ("判决如下：案件受理费50元，由原告负担。", {}),
        ("判决如下：按年利率99%计算。", {}),
    ],
)
def test_what_the_words_do_not_say_is_missing(words, found):
    assert values(words) == found


def test_the_docket_proposes_what_a_person_then_keeps_for_every_paper(new_uow):
    with new_uow() as uow:
        loan = a_loan(uow)
        case_no = docket.open_case(uow, OpenCase(loan_no=loan.loan_no, court="某法院")).case_no
        batch = documents.open_batch(uow, OpenBatch(source="cli"))
        paper = documents.receive_file(
            uow,
            ReceiveFile(
                batch_id=batch.id,
                loan_no=loan.loan_no,
                item_code="BQ10",
                name="判决.pdf",
                title="民事判决书",
                stream=io.BytesIO(pdf(1)),
            ),
        ).document_id
        uow.session.add(Page(document_id=paper, no=1, text=FULL))
        for kind, day, document in (
            (Event.JUDGMENT_SERVED, date(2026, 6, 1), paper),
            (Event.EFFECTIVE, date(2026, 6, 17), None),
        ):
            docket.add_event(
                uow,
                AddEvent(
                    case_no=case_no,
                    kind=kind,
                    happened_on=day,
                    procedure="first",
                    court_case_no="（2026）示9999民初1号",
                    document_id=document,
                ),
            )
    with new_uow() as uow:
        found = propose_award(uow, cases.get_case(uow, case_no))
        assert found.document_id == paper
        assert found.values["costs"] == Decimal(3_320)
        assert found.values["performance_last_day"] == date(
            2026, 6, 29
        )  # the 27th is a Saturday
        assert all(one.source for one in found.terms)
        service.keep_award(
            uow,
            KeepAward(
                case_no=case_no,
                award=Award(
                    principal=Decimal(100_000),
                    interest=Decimal("2300.50"),
                    costs=Decimal(3_320),
                    rate_pct=Decimal("7.2"),
                    day_basis=360,
                    interest_from=date(2026, 6, 1),
                    performance_last_day=date(2026, 6, 29),
                ),
            ),
        )
    with new_uow() as uow:
        facts = cases.get_case(uow, case_no).facts
        assert facts["judged_principal"] == "100000"
        assert "年利率7.2%" in facts["judged_interest_formula"]
