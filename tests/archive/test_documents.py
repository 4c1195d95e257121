"""Describing a document, new bytes under it, opening it: who may, what stays."""

import io
import json
from datetime import date

import pytest

from postloan_archive import audit
from postloan_archive.archive import queries, service
from postloan_archive.archive.errors import (
    DocumentNotFoundError,
    EmptyNameError,
    NoSuchPageError,
)
from postloan_archive.archive.finding import Find, find
from postloan_archive.archive.models import Document
from postloan_archive.archive.queries import ChangedMeanwhileError
from postloan_archive.archive.rules.filing import UnknownItemError
from postloan_archive.archive.service import DescribeDocument, FileMade, OpenBatch, ReceiveFile
from postloan_archive.jobs import JobState, list_jobs
from postloan_archive.kernel.actor import Actor
from tests.reading.made_files import pdf

OLD = pdf(["第一版：借款本金十万元。"])
NEW = pdf(["第二版：借款本金十一万元。", "附件。"])


@pytest.fixture
def document_id(new_uow, loan_id, runner) -> int:
    """A contract of one page, read."""
    assert loan_id
    with new_uow() as uow:
        batch = service.open_batch(uow, OpenBatch(source="upload"))
        row = service.receive_file(
            uow,
            ReceiveFile(
                batch_id=batch.id,
                loan_no="JJ2025-0001",
                name="借款合同.pdf",
                stream=io.BytesIO(OLD),
            ),
        )
        uow.enqueue("read_documents", [row.document_id])
    runner.run_until_empty()
    return row.document_id


def describe(document_id: int, version: int, **changes) -> DescribeDocument:
    values = {"title": "个人借款合同", "item_code": "YJ01", **changes}
    return DescribeDocument(document_id=document_id, version=version, **values)


def row(new_uow, document_id: int) -> Document:
    with new_uow() as uow:
        found = uow.session.get_one(Document, document_id)
        assert [version.no for version in found.versions]
        assert found.pages is not None
        return found


def test_a_description_is_kept_and_audited_before_and_after(new_uow, document_id):
    version = row(new_uow, document_id).version
    with new_uow() as uow:
        service.describe_document(
            uow,
            describe(
                document_id,
                version,
                title=" 流动资金借款合同 ",
                item_code="yj01",
                doc_no="示农商借字2025第0001号",
                doc_date=date(2025, 11, 20),
                form="original",
            ),
        )

    found = row(new_uow, document_id)
    assert (found.title, found.item_code, found.form) == (
        "流动资金借款合同",
        "YJ01",
        "original",
    )
    with new_uow() as uow:
        (line,) = [
            one
            for one in audit.read(uow.session, limit=100).lines
            if one.event == "archive.document_described"
        ]
    assert json.loads(line.facts)["before"] == {"title": "借款合同", "item_code": "YJ01"}
    assert json.loads(line.facts)["after"]["title"] == "流动资金借款合同"


def test_a_description_is_found_by_its_new_words(new_uow, document_id):
    version = row(new_uow, document_id).version
    with new_uow() as uow:
        service.describe_document(uow, describe(document_id, version, doc_no="粤银贷字7788"))
    assert found_by(new_uow, "文号:粤银贷字7788") == [document_id]


def found_by(new_uow, text: str) -> list[int]:
    with new_uow() as uow:
        results = find(uow, Find(text=text))
    return [hit.document_id for hit in results.hits]


def test_a_stale_description_changes_nothing(new_uow, document_id):
    seen = row(new_uow, document_id).version
    with new_uow() as uow:
        service.describe_document(uow, describe(document_id, seen, title="第一人的题名"))

    with pytest.raises(ChangedMeanwhileError), new_uow() as uow:
        service.describe_document(uow, describe(document_id, seen, title="第二人的题名"))
    assert row(new_uow, document_id).title == "第一人的题名"


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [({"title": "  "}, EmptyNameError), ({"item_code": "YJ77"}, UnknownItemError)],
)
def test_a_wrong_description_is_refused(new_uow, document_id, changes, refusal):
    version = row(new_uow, document_id).version
    with pytest.raises(refusal), new_uow() as uow:
        service.describe_document(uow, describe(document_id, version, **changes))
    assert row(new_uow, document_id).title == "借款合同"


def test_new_bytes_become_a_version_and_the_old_stay(new_uow, document_id, runner, system):
    with new_uow() as uow:
        service.add_version(uow, document_id, "借款合同（签字版）.pdf", io.BytesIO(NEW))
    between = row(new_uow, document_id)
    assert between.read_at is None
    runner.run_until_empty()

    found = row(new_uow, document_id)
    assert [version.no for version in found.versions] == [1, 2]
    assert found.current_version == 2
    assert found.filename == "借款合同（签字版）.pdf"
    assert [system.vault.read(version.sha256) for version in found.versions] == [OLD, NEW]
    assert found.versions[0].filename == "借款合同.pdf"
    assert found.sha256 == found.versions[1].sha256
    assert found.page_count == 2
    assert found_by(new_uow, "十一万元") == [document_id]
    assert found_by(new_uow, "本金十万元") == []


def test_reading_that_ends_after_a_newer_version_came_is_dropped(new_uow, document_id, runner):
    with new_uow() as uow:
        service.add_version(uow, document_id, "b.pdf", io.BytesIO(NEW))
        service.add_version(uow, document_id, "c.pdf", io.BytesIO(OLD))
    runner.run_until_empty()

    found = row(new_uow, document_id)
    assert (found.current_version, found.page_count) == (3, 1)
    assert found_by(new_uow, "十一万元") == []


def test_a_paper_the_system_made_is_filed_and_read(new_uow, loan_id, runner):
    with new_uow() as uow:
        made = service.file_made(
            uow,
            FileMade(
                loan_id=loan_id,
                item_code="BQ01",
                name="催收通知书.pdf",
                title="催收通知书",
                stream=io.BytesIO(NEW),
                doc_no="催〔2026〕1号",
            ),
        )
    runner.run_until_empty()
    with new_uow() as uow:
        (listed,) = queries.documents_of(uow, loan_id)
        assert (listed.id, listed.made_here, listed.form) == (made.id, True, "original")
        assert uow.session.get_one(Document, made.id).page_count == 2


def actor(*branches: int, categories: set[str] | None = None) -> Actor:
    seen = None if categories is None else frozenset(categories)
    return Actor(name="somebody", branch_ids=frozenset(branches), categories=seen)


def test_another_branch_and_a_closed_category_get_the_answer_of_nothing_there(
    new_uow, document_id, loan_id
):
    branch = branch_of(new_uow, loan_id)
    answers = set()
    for who, number in (
        (actor(branch + 1), document_id),
        (actor(branch, categories={"GL"}), document_id),
        (actor(branch), document_id + 1_000),
    ):
        with pytest.raises(DocumentNotFoundError) as refused, new_uow(who) as uow:
            queries.get_document(uow, number)
        answers.add(str(refused.value).replace(str(number), "N"))
    assert len(answers) == 1

    with new_uow(actor(branch)) as uow:
        assert queries.get_document(uow, document_id).id == document_id
        assert [one.id for one in queries.documents_of(uow, loan_id)] == [document_id]
    for who in (actor(branch + 1), actor(branch, categories={"GL"})):
        with new_uow(who) as uow:
            assert queries.documents_of(uow, loan_id) == []


def branch_of(new_uow, loan_id: int) -> int:
    with new_uow() as uow:
        return queries.loans.get_loan_by_id(uow, loan_id).branch_id


def test_every_step_on_a_document_is_closed_to_another_branch(new_uow, document_id, loan_id):
    stranger = actor(branch_of(new_uow, loan_id) + 1)
    with pytest.raises(DocumentNotFoundError), new_uow(stranger) as uow:
        service.describe_document(uow, describe(document_id, 1))
    with pytest.raises(DocumentNotFoundError), new_uow(stranger) as uow:
        service.add_version(uow, document_id, "x.pdf", io.BytesIO(NEW))
    assert row(new_uow, document_id).current_version == 1


def test_a_page_that_is_not_there_is_named(new_uow, document_id):
    with new_uow() as uow:
        document = queries.get_document(uow, document_id)
        assert "十万元" in queries.get_page(uow, document, 1).text
        with pytest.raises(NoSuchPageError, match="共 1 页"):
            queries.get_page(uow, document, 2)


def test_a_job_of_a_refused_step_is_not_left_behind(new_uow, document_id):
    class Torn(io.BytesIO):
        def read(self, *_size):
            raise OSError(5, "I/O error")

    with pytest.raises(OSError, match="I/O"), new_uow() as uow:
        service.add_version(uow, document_id, "x.pdf", Torn())
    with new_uow() as uow:
        assert list_jobs(uow.session, state=JobState.QUEUED).total == 0
    assert row(new_uow, document_id).current_version == 1
