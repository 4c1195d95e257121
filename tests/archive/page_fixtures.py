"""A running application, two branches with a loan each, and papers to file."""

import io

import pypdf
import pytest

from postloan_archive.archive import reading_jobs, service
from postloan_archive.archive.service import OpenBatch, ReceiveFile
from postloan_archive.jobs import JobRunner
from tests.builders import a_loan
from tests.reading import made_files
from tests.web.people import *  # noqa: F403 - fixtures shared by four folders

OURS, THEIRS = "JJ2025-0001", "JJ2025-0002"


@pytest.fixture
def work(system):
    """Do all waiting jobs, as a worker would."""
    runner = JobRunner(system.engine, reading_jobs.handlers(system), clock=system.clock)
    return runner.run_until_empty


@pytest.fixture
def loans(people, new_uow) -> tuple[str, str]:
    """A loan of branch 0201, where everybody works, and one of 0202."""
    del people
    with new_uow() as uow:
        a_loan(uow)
        a_loan(
            uow,
            branch="0202",
            loan_no=THEIRS,
            contract_no="示农商借字2025第0002号",
        )
    return OURS, THEIRS


@pytest.fixture
def filed(loans, new_uow, work):
    """File a paper and read it; returns the id of the document."""
    del loans

    def file(
        name: str = "YJ01 借款合同.pdf",
        pages: tuple[str, ...] = ("借款合同第一条送达地址", "借款人签字张三"),
        *,
        loan_no: str = OURS,
        data: bytes | None = None,
        **more,
    ) -> int:
        data = made_files.pdf(list(pages)) if data is None else data
        with new_uow() as uow:
            batch = service.open_batch(uow, OpenBatch(source="cli"))
            row = service.receive_file(
                uow,
                ReceiveFile(
                    batch_id=batch.id,
                    loan_no=loan_no,
                    name=name,
                    stream=io.BytesIO(data),
                    **more,
                ),
            )
            document_id = row.document_id
            uow.enqueue("read_documents", [document_id])
        work()
        return document_id

    return file


def encrypted(pages: tuple[str, ...] = ("秘密",)) -> bytes:
    """A PDF that opens with a password only."""
    writer = pypdf.PdfWriter(io.BytesIO(made_files.pdf(list(pages))))
    writer.encrypt("一二三")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()
