"""C1: every real file through the real intake: kept byte for byte, a named state, a reason."""

import hashlib
import re

import pytest
from sqlalchemy import select

from postloan_archive import audit
from postloan_archive.archive import reading_jobs
from postloan_archive.archive.finding import Find, find
from postloan_archive.archive.intake import Delivery, take_in
from postloan_archive.archive.models import STATES, Document, Page
from postloan_archive.jobs import JobRunner, JobState, list_jobs
from postloan_archive.kernel.actor import Actor
from postloan_archive.reading import ocr_available
from tests.archive.conftest import LOAN_NO
from tests.corpus.manifest import CORPUS, ROWS, batches, of
from tests.shared_folder import needs_shared

pytestmark = [needs_shared, pytest.mark.corpus]

HAN = re.compile("[\u3400-\u9fff]")


@pytest.fixture
def runner(system) -> JobRunner:
    """Reads and indexes; the 56 pages that wait for recognition go on waiting (see below)."""
    handlers = reading_jobs.handlers(system) | {"ocr_document": lambda _: None}
    return JobRunner(system.engine, handlers, clock=system.clock)


def test_the_manifest_is_whole():
    assert len(ROWS) == 579
    assert len({row["file"] for row in ROWS}) == 579


@pytest.mark.parametrize("batch", batches(), ids=lambda batch: batch[0]["file"])
def test_every_file_is_kept_and_named(batch, deliver, new_uow, system):
    taken = deliver(*(CORPUS / row["file"] for row in batch))

    assert len(taken) == len(batch)
    assert sum(deliver.receipt.values()) == len(batch)
    faults = []
    for row, one in zip(batch, taken, strict=True):
        name = row["file"]
        if one.sha256 != row["sha256"]:
            faults.append((name, "another digest"))
        elif hashlib.sha256(system.vault.read(one.sha256)).hexdigest() != row["sha256"]:
            faults.append((name, "other bytes in the vault"))
        if one.state not in STATES or one.state == "timed_out":
            faults.append((name, one.state))
        if one.state not in {"stored", "duplicate"} and not HAN.search(one.message):
            faults.append((name, f"no reason in Chinese: {one.message!r}"))
        if "意外" in one.message:
            faults.append((name, one.message))
        if one.document_id is None:
            faults.append((name, "no document"))
    assert faults == []
    with new_uow() as uow:
        failed = list_jobs(uow.session, state=JobState.FAILED).jobs
        assert [(job.kind, job.reason) for job in failed] == []
        assert list_jobs(uow.session, state=JobState.QUEUED).total == 0
        unread = select(Document.filename).where(Document.read_at.is_(None))
        assert uow.session.scalars(unread).all() == []
        assert audit.verify(uow.session).fault_count == 0


def test_the_words_of_a_statute_are_found_on_their_page(deliver, new_uow):
    path = max(of("zh-statute"), key=lambda path: path.stat().st_size)
    (taken,) = deliver(path)
    with new_uow() as uow:
        pages = uow.session.scalars(
            select(Page).where(Page.document_id == taken.document_id).order_by(Page.no)
        ).all()
        assert len(pages) > 5
        for page in pages[:: len(pages) // 5]:
            words = max(re.findall("[\u4e00-\u9fff]+", page.text), key=len)[:12]
            hits = find(uow, Find(text=words, limit=50)).hits
            assert page.id in {hit.page_id for hit in hits}, words


@pytest.mark.ocr
@pytest.mark.skipif(ocr_available() is not None, reason="the extra ocr is not installed")
def test_pictures_are_recognised_to_the_end(system, loan_id, new_uow):
    assert loan_id
    runner = JobRunner(system.engine, reading_jobs.handlers(system), clock=system.clock)
    taken = []
    delivery = Delivery(paths=tuple(of("zh-image")), loan_no=LOAN_NO)
    take_in(system, Actor.program("cli"), delivery, runner, taken.append)

    assert {one.state for one in taken} <= {"stored", "no_text"}
    with new_uow() as uow:
        assert list_jobs(uow.session, state=JobState.FAILED).total == 0
        documents = uow.session.scalars(select(Document)).all()
        assert [one.filename for one in documents if one.ocr_pending] == []
        read = [one for one in documents if one.char_count]
        assert len(read) >= 16  # some show a seal, a black sheet, a single word
        assert sum(one.char_count for one in read) > 1_500
