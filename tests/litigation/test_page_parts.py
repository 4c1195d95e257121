"""Several papers in one scan: where each begins and ends, proposed, edited, refused."""

import io
from datetime import date

import pytest

from postloan_archive.archive import service as documents
from postloan_archive.archive.models import Document, Page
from postloan_archive.archive.service import OpenBatch, ReceiveFile
from postloan_archive.cases import queries as cases
from postloan_archive.cases import service as case_service
from postloan_archive.cases.service import OpenCase
from postloan_archive.litigation import queries, service, splitting
from postloan_archive.litigation.errors import (
    BadRangeError,
    PartNotFoundError,
    RangeBeyondError,
    SamePagesError,
)
from postloan_archive.litigation.rules.page_parts import parts_of
from postloan_archive.litigation.service import AddExhibit, DescribeExhibit
from tests.builders import a_loan
from tests.bundle.samples import pdf
from tests.litigation.test_packages import LATE

CONTRACT = ["个 人 借 款 合 同\n合同编号：示农商借字2025第0001号\n第 1 页 共 3 页"] + [
    f"四、借款人应当按期归还本金和利息。\n第 {no} 页 共 3 页" for no in (2, 3)
]


def found(texts, numbers=()):
    return [(one.first, one.last, one.kind, one.title) for one in parts_of(texts, numbers)]


def test_titles_page_counts_and_the_next_paper_end_a_part():
    texts = [*CONTRACT, "借款借据\n金额：100000元", "不动产登记证明\n示（2025）第1号", "附记"]

    assert found(texts) == [
        (1, 3, "contract", "个人借款合同"),
        (4, 4, "iou", "借款借据"),
        (5, 6, "registration", "不动产登记证明"),
    ]
    reasons = [one.reason for one in parts_of(texts)]
    assert "第 1 页共 3 页" in reasons[0]
    assert "第 4 页起为“借款借据”" in reasons[0]
    assert "至文件末页" in reasons[2]


@pytest.mark.parametrize(
    "texts",
    [
        CONTRACT,
        ["借款合同\n第一条", "借款合同\n第二条", "借款合同\n第三条"],  # a running header
        ["", "", ""],
        ["第一页", "第二页"],
        ["借款合同\n见下", "本合同为编号A的借款合同", "第五条 保证合同", "（二）抵押合同"],
        ["借款合同", "甲方应当提供下列材料，包括借款借据"],
        [],
    ],
)
def test_one_paper_has_no_parts(texts):
    assert found(texts) == []


def test_two_contracts_of_one_title_are_told_apart_by_their_numbers():
    texts = [
        "保证合同\n合同编号：A-0001号", "保证合同\n合同编号：A-0001号",
        "保证合同\n合同编号：A-0002号", "保证人：王五",
    ]  # fmt: skip

    parts = parts_of(texts, ("A-0001号", "A-0002号"))

    assert [(one.first, one.last, one.number) for one in parts] == [
        (1, 2, "A-0001号"),
        (3, 4, "A-0002号"),
    ]


def test_a_counted_first_page_begins_a_paper_without_a_title():
    texts = ["借款合同\n第1页共2页", "第2页 共2页", "手写材料\n共 2 页 第 1 页", "共2页第2页"]

    assert found(texts) == [(1, 2, "contract", "借款合同"), (3, 4, "", "")]


def test_both_sides_of_a_card_are_one_paper_and_pages_before_a_title_another():
    texts = ["手写说明", "居民身份证（正面）", "居民身份证（反面）", "第十页、共十二页"]

    assert found(texts) == [(1, 1, "", ""), (2, 4, "identity", "居民身份证（正面）")]


SCAN = [
    *CONTRACT,
    "借款借据\n借据编号 JJ",
    "调查报告\n一、基本情况",
    "居民身份证\n姓名 张三",
]


@pytest.fixture
def case_no(new_uow) -> str:
    """A case whose file is one scan of six pages, with four papers in it."""
    with new_uow() as uow:
        loan = a_loan(uow, **LATE)
        batch = documents.open_batch(uow, OpenBatch(source="cli"))
        received = documents.receive_file(
            uow,
            ReceiveFile(
                batch_id=batch.id,
                loan_no=loan.loan_no,
                item_code="YJ01",
                name="整本.pdf",
                title="借款资料合并扫描",
                stream=io.BytesIO(pdf(len(SCAN))),
                doc_date=date(2025, 11, 20),
            ),
        )
        document = uow.session.get_one(Document, received.document_id)
        document.page_count = len(SCAN)
        for no, text in enumerate(SCAN, 1):
            uow.session.add(Page(document_id=document.id, no=no, text=text))
        uow.session.flush()  # proposals read the pages
        return case_service.open_case(
            uow, OpenCase(loan_no=loan.loan_no, court="示范县人民法院")
        ).case_no


def exhibits(uow, case_no):
    package = queries.package_of(uow, cases.get_case(uow, case_no))
    return queries.exhibits_of(uow, package)


def test_one_scan_gives_an_exhibit_for_each_paper_the_case_needs(new_uow, case_no):
    with new_uow() as uow:
        service.open_package(uow, case_no)

    with new_uow() as uow:
        rows = exhibits(uow, case_no)
        assert [(row.title, row.first_page, row.last_page) for row in rows] == [
            ("个人借款合同", 1, 3),
            ("借款借据", 4, 4),
            ("居民身份证", 6, 6),
        ]
        assert all(row.range_reason for row in rows)
        parts = splitting.parts_of_exhibit(uow, cases.get_case(uow, case_no), rows[0])
        assert [(one.label, bool(one.line)) for one in parts] == [
            ("证据1", True),
            ("证据2", True),
            ("", False),
            ("证据3", True),
        ]


def test_ranges_are_edited_and_added_and_impossible_ones_refused(new_uow, case_no):
    with new_uow() as uow:
        item = service.open_package(uow, case_no).items[0]
        change = DescribeExhibit(
            case_no=case_no,
            item_id=item.id,
            title="合同",
            purpose="",
            first_page=1,
            last_page=2,
        )
        service.describe_exhibit(uow, change)
        assert not item.range_reason  # a person's choice now
        document = item.document_id
        added = splitting.add_part(uow, case_no, document, 3)
        assert (added.title, added.first_page, added.last_page) == ("调查报告", 5, 5)
        splitting.take_part(uow, case_no, item.id, 1)
        assert (item.first_page, item.last_page) == (1, 3)

    for wrong, error in (
        ((5, 9), RangeBeyondError),
        ((3, 2), BadRangeError),
        ((0, 1), BadRangeError),
        ((4, 4), SamePagesError),
    ):
        with new_uow() as uow, pytest.raises(error):
            service.add_exhibit(
                uow, AddExhibit(case_no=case_no, document_id=document, pages=wrong)
            )
    with new_uow() as uow, pytest.raises(PartNotFoundError):
        splitting.add_part(uow, case_no, document, 9)
