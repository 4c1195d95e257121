"""Finding papers: exact words, only where one may look, wrong numbers refused."""

import io
import json

import pytest

from postloan_archive import audit
from postloan_archive.archive import service
from postloan_archive.archive.finding import Find, find
from postloan_archive.archive.service import OpenBatch, ReceiveFile
from postloan_archive.kernel.actor import Actor
from postloan_archive.loans import queries as loans
from postloan_archive.loans.errors import LoanNotFoundError
from postloan_archive.search import Filters, Sort
from tests.builders import a_loan

PAPERS = (  # loan file, name of the paper, what it says
    ("JJ2025-0001", "YJ01-借款合同.txt", "送达地址：示范县文昌路18号。借款 100000 元。"),
    ("JJ2025-0001", "GL09-检查报告.txt", "检查发现借款人已搬离文昌路。"),
    ("JJ2025-0001", "BQ01-催收通知.txt", "请按送达地址签收本催收通知。"),
    ("JJ2025-0002", "YJ01-借款合同.txt", "送达地址：临江镇江湾路77号。"),
)


@pytest.fixture
def papers(new_uow, runner) -> dict[str, int]:
    """Four short papers in two loan files of two branches, read and indexed; branch ids."""
    with new_uow() as uow:
        a_loan(uow)
        a_loan(
            uow,
            branch="0202",
            loan_no="JJ2025-0002",
            contract_no="示农商借字2025第0002号",
        )
        batch = service.open_batch(uow, OpenBatch(source="cli"))
        ids = []
        for loan_no, name, text in PAPERS:
            stream = io.BytesIO(text.encode())
            taken = service.receive_file(
                uow,
                ReceiveFile(batch_id=batch.id, loan_no=loan_no, name=name, stream=stream),
            )
            ids.append(taken.document_id)
        uow.enqueue("read_documents", ids)
        branches = {
            loan_no: loans.get_loan(uow, loan_no).branch_id
            for loan_no in ("JJ2025-0001", "JJ2025-0002")
        }
    runner.run_until_empty()
    return branches


def titles(new_uow, text: str, who: Actor | None = None, **more) -> list[str]:
    with new_uow(who) as uow:
        results = find(uow, Find(text=text, **more))
        assert results.total == len(results.hits)
        return sorted(f"{hit.loan_no} {hit.title}" for hit in results.hits)


def test_a_word_finds_the_pages_that_hold_it(new_uow, papers):
    assert papers
    assert titles(new_uow, "送达地址") == [
        "JJ2025-0001 借款合同",
        "JJ2025-0001 催收通知",
        "JJ2025-0002 借款合同",
    ]
    assert titles(new_uow, "文昌路18") == ["JJ2025-0001 借款合同"]
    assert titles(new_uow, "送达地址 NOT 催收") == [
        "JJ2025-0001 借款合同",
        "JJ2025-0002 借款合同",
    ]
    assert titles(new_uow, "没有这样的话") == []


def test_marks_are_the_words_themselves(new_uow, papers):
    assert papers
    with new_uow() as uow:
        (hit,) = find(uow, Find(text="搬离")).hits
    assert [hit.snippet[start:end] for start, end in hit.marks] == ["搬离"]


def test_one_loan_file_only(new_uow, papers):
    assert papers
    assert titles(new_uow, "送达地址", loan_no=" JJ2025-0002 ") == ["JJ2025-0002 借款合同"]
    with pytest.raises(LoanNotFoundError):
        titles(new_uow, "送达地址", loan_no="JJ2025-0003")


def test_counts_and_facets_know_only_what_one_may_see(new_uow, papers):
    other = Actor(name="b", branch_ids=frozenset({papers["JJ2025-0002"]}), categories=None)
    assert titles(new_uow, "送达地址", other) == ["JJ2025-0002 借款合同"]
    with pytest.raises(LoanNotFoundError):
        titles(new_uow, "送达地址", other, loan_no="JJ2025-0001")

    first = frozenset({papers["JJ2025-0001"]})
    manager = Actor(name="m", branch_ids=first, categories=frozenset({"GL"}))
    assert titles(new_uow, "送达地址", manager) == []
    with new_uow(manager) as uow:
        results = find(uow, Find(text="文昌路"))
        assert results.total == 1
        assert {facet.value for facet in results.facets if facet.kind == "category"} == {"GL"}

    nobody = Actor(name="n")
    assert titles(new_uow, "送达地址", nobody) == []


def test_filters_paging_and_order(new_uow, papers):
    assert papers
    only = Filters(categories=frozenset({"BQ"}))
    assert titles(new_uow, "送达地址", filters=only) == ["JJ2025-0001 催收通知"]
    with new_uow() as uow:
        seen = [
            find(uow, Find(text="送达地址", limit=1, offset=at, sort=Sort.NEWEST)).hits[0]
            for at in range(3)
        ]
    assert len({hit.page_id for hit in seen}) == 3


def test_a_search_leaves_an_audit_line(new_uow, papers):
    assert papers
    titles(new_uow, "送达地址")
    with new_uow() as uow:
        line = next(
            one
            for one in audit.read(uow.session, limit=50).lines
            if one.event == "archive.searched"
        )
    assert json.loads(line.facts) == {"query": "送达地址", "total": 3}


@pytest.mark.parametrize(
    "text",
    ["", "   ", "(", '"', "NOT", "AND OR", "题名:", "*" * 500, "'; DROP TABLE x;--", "\0"],
)
def test_whatever_a_person_types_is_answered(new_uow, papers, text):
    assert papers
    with new_uow() as uow:
        assert find(uow, Find(text=text)).total >= 0
