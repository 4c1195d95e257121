"""Return slips in a pile of the inbox: filed by barcode, proof of their letters, taken back."""

import io

import pytest
from sqlalchemy import select

from postloan_archive.archive import inbox, reading_jobs
from postloan_archive.archive.models import Document, IntakeFile
from postloan_archive.archive.uploads import Sent, take_upload
from postloan_archive.jobs import JobRunner
from postloan_archive.kernel.actor import Actor
from postloan_archive.notices import receipts
from postloan_archive.notices.slips import SLIPS
from tests.notices.test_slips import as_pdf, page, two_letters

__all__ = ["two_letters"]
CLI = Actor.program("cli")


@pytest.fixture
def work(system):
    kinds = reading_jobs.handlers(system, (SLIPS,))
    return JobRunner(system.engine, kinds, clock=system.clock).run_until_empty


def test_slips_file_themselves_and_can_be_taken_back(system, new_uow, two_letters, work):
    data = as_pdf(page(two_letters[0]), page(), page(two_letters[1]))
    take_upload(system, CLI, [Sent(name="回执.pdf", stream=io.BytesIO(data))])
    work()
    with new_uow() as uow:
        rows = receipts.scanned(uow)
        assert [one.barcode for one in rows] == list(two_letters)
        papers = uow.session.scalars(
            select(Document).where(Document.item_code == "BQ18").order_by(Document.id)
        ).all()
        assert [paper.page_count for paper in papers] == [1, 1]
        pieces = uow.session.scalars(select(IntakeFile).order_by(IntakeFile.id)).all()
        assert {one.outcome for one in pieces if one.decided_by} == {"filed"}
        first = next(one.id for one in pieces if one.document_id == papers[0].id)
    with new_uow() as uow:
        inbox.undo(uow, first, (SLIPS,))
    with new_uow() as uow:
        assert [one.barcode for one in receipts.scanned(uow)] == [two_letters[1]]
        assert uow.session.get(Document, papers[0].id).withdrawn_at is not None
