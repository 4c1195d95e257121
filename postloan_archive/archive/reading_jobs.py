"""Derived work on documents: read the text, recognise scanned pages, index. All repeatable."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, replace
from itertools import islice
from pathlib import Path
from typing import Final

from sqlalchemy import delete, select

from postloan_archive.archive import inbox, service
from postloan_archive.archive.cutting import deciding, editing
from postloan_archive.archive.cutting.deciding import Slips
from postloan_archive.archive.decided import file_decided
from postloan_archive.archive.filing import settle
from postloan_archive.archive.models import Document, IntakeFile, Page
from postloan_archive.archive.pieces import suggesting
from postloan_archive.archive.pieces.models import WaitingPage
from postloan_archive.archive.pieces.page_facts import KEPT_TEXT, PageFacts, look_at
from postloan_archive.archive.pieces.recognising import (
    REST,
    is_left,
    recognise_piece,
    recognise_rest,
)
from postloan_archive.archive.rules.states import SIGNATURES
from postloan_archive.jobs import Handler, JobContext
from postloan_archive.kernel.actor import Actor
from postloan_archive.kernel.errors import _l
from postloan_archive.reading import (
    Limits,
    OcrPage,
    ReadResult,
    State,
    has_page_image,
    ocr_available,
    ocr_page,
    read_file,
)
from postloan_archive.uow import System, UnitOfWork

READERS: Final = 2  # child processes at work at the same time
LOOKING: Final = _l("正在查看各页")
NO_OCR: Final = _l("{pages} 页没有文字层，等待文字识别：{reason}")


def handlers(system: System, slips: Sequence[Slips] = ()) -> dict[str, Handler]:
    """Return the job handlers of the archive by job kind.

    Args:
        system: where to work.
        slips: codes that capabilities above the archive have printed.
    """
    return {
        "read_documents": lambda context: read_documents(system, context),
        "ocr_document": lambda context: ocr_document(system, context),
        inbox.READ: lambda context: read_waiting_file(system, context, slips),
        deciding.FILE: lambda context: file_decided(system, context, slips),
        editing.RECOGNISE: lambda context: recognise_piece(system, context),
        REST: lambda context: recognise_rest(system, context),
    }


def read_documents(system: System, context: JobContext) -> None:
    """Read the documents whose ids are the one argument; those already read are passed over."""
    ids = _ids(context)
    with system.unit_of_work(Actor.program("job")) as uow:
        waiting = list(
            uow.session.execute(
                select(Document.id, Document.sha256, Document.filename, Document.loan_id)
                .where(Document.id.in_(ids), Document.read_at.is_(None))
                .order_by(Document.id)
            )
        )
    limits = Limits(
        wall_s=system.settings.reading_timeout_s, memory_mb=system.settings.reading_memory_mb
    )

    def read(sha256: str, name: str) -> ReadResult:
        return read_file(system.vault.path(sha256), name, limits=limits)

    with ThreadPoolExecutor(READERS) as readers:
        results = list(
            readers.map(lambda row: read(row.sha256, row.filename), waiting)
            if len(waiting) > 1
            else [read(row.sha256, row.filename) for row in waiting]
        )
    with system.unit_of_work(Actor.program("job")) as uow:
        found = {
            document.id: document
            for document in uow.session.scalars(
                select(Document).where(Document.id.in_([row.id for row in waiting]))
            )
        }
        read_now = [
            (found[row.id], result)
            for row, result in zip(waiting, results, strict=True)
            if found[row.id].sha256 == row.sha256  # a newer version has a job of its own
        ]
        apply_readings(uow, read_now)
    context.progress(len(ids), len(ids), "")


def apply_readings(uow: UnitOfWork, read_now: Sequence[tuple[Document, ReadResult]]) -> None:
    """Store what reading found and index it; enqueue recognition where pages need it."""
    ids = [document.id for document, _ in read_now]
    uow.session.execute(delete(Page).where(Page.document_id.in_(ids)))
    for document, result in read_now:
        _keep(uow, document, result)
    uow.session.flush()  # the index needs the ids of the pages
    service.index_documents(uow, [document for document, _ in read_now])
    for document, result in read_now:
        _close(uow, document, result)


def _keep(uow: UnitOfWork, document: Document, result: ReadResult) -> None:
    pending = [page.no for page in result.pages if page.needs_ocr]
    document.state = str(result.state)
    document.message = result.message
    document.media_type = result.media_type
    document.page_count = len(result.pages)
    document.char_count = result.chars
    document.ocr_pages = 0
    document.ocr_pending = len(pending)
    document.flags = [str(flag) for flag in result.flags]
    document.properties = dict(result.properties)
    if result.signatures:
        signed = [asdict(one) for one in result.signatures]
        document.properties = {**result.properties, SIGNATURES: signed}
    document.read_at = uow.clock.now()
    uow.session.add_all(
        Page(
            document_id=document.id,
            no=page.no,
            text=page.text,
            text_source="none" if page.needs_ocr else "file",
            needs_ocr=page.needs_ocr,
            width=page.width,
            height=page.height,
        )
        for page in result.pages
    )


def _close(uow: UnitOfWork, document: Document, result: ReadResult) -> None:
    settle(uow, document)
    if document.ocr_pending:
        reason = ocr_available()
        if reason is None:
            uow.enqueue("ocr_document", document.id)
        else:
            document.message = NO_OCR.format(pages=document.ocr_pending, reason=reason)
    uow.record(
        "archive.document_read",
        f"document:{document.id}",
        state=document.state,
        pages=document.page_count,
        chars=document.char_count,
        reader=result.reader,
        flags=document.flags,
    )


def ocr_document(system: System, context: JobContext) -> None:
    """Recognise the pages of one document that need it; each page is kept as it is done."""
    (document_id,) = context.args
    assert isinstance(document_id, int)
    with system.unit_of_work(Actor.program("job")) as uow:
        document = uow.session.get_one(Document, document_id)
        sha256, media_type = document.sha256, document.media_type
        numbers = list(
            uow.session.scalars(
                select(Page.no)
                .where(Page.document_id == document_id, Page.needs_ocr.is_(True))
                .order_by(Page.no)
            )
        )
    path = system.vault.path(sha256)
    done = 0
    remaining = iter(numbers)
    with ThreadPoolExecutor(READERS) as readers:
        while group := list(islice(remaining, READERS)):
            recognised = list(
                readers.map(lambda no: ocr_page(path, media_type, no), group)
                if len(group) > 1
                else [ocr_page(path, media_type, group[0])]
            )
            with system.unit_of_work(Actor.program("job")) as uow:
                document = uow.session.get_one(Document, document_id)
                if document.sha256 != sha256:
                    return  # a newer version has a job of its own
                for no, page in zip(group, recognised, strict=True):
                    apply_recognition(uow, document, no, page)
                done += len(group)
                if done == len(numbers):
                    _finish_recognition(uow, document)
            context.progress(done, len(numbers), "")


def apply_recognition(uow: UnitOfWork, document: Document, no: int, page: OcrPage) -> None:
    """Keep the recognised text and the places of its lines; the text layer stays if longer."""
    row = uow.session.scalars(
        select(Page).where(Page.document_id == document.id, Page.no == no)
    ).one()
    row.needs_ocr = False
    row.confidence = page.confidence
    row.turn = page.turn
    if len(page.text) > len(row.text.strip()):
        row.text = page.text
        row.text_source = "ocr"
        row.boxes = [[box.text, box.x0, box.y0, box.x1, box.y1] for box in page.boxes]
    document.ocr_pending -= 1
    document.ocr_pages += 1


def _finish_recognition(uow: UnitOfWork, document: Document) -> None:
    texts = uow.session.scalars(
        select(Page.text).where(Page.document_id == document.id).order_by(Page.no)
    ).all()
    document.char_count = sum(len(text) for text in texts)
    if document.char_count and document.state == State.NO_TEXT:
        document.state = "stored"
        document.message = ""
    service.index_document(uow, document)
    settle(uow, document)
    uow.record(
        "archive.document_recognised",
        f"document:{document.id}",
        pages=document.ocr_pages,
        chars=document.char_count,
    )


def read_waiting_file(system: System, context: JobContext, slips: Sequence[Slips] = ()) -> None:
    """Look into a file without a loan: its state, its pages, the loans that they name."""
    (file_id,) = context.args
    assert isinstance(file_id, int)
    with system.unit_of_work(Actor.program("job")) as uow:
        row = uow.session.get_one(IntakeFile, file_id)
        sha256, name, branch_id = row.sha256, row.name, row.branch_id
        if row.document_id is not None or row.read_at is not None or row.leaves:
            return  # filed, read or cut meanwhile
    path = system.vault.path(sha256)
    limits = Limits(
        wall_s=system.settings.reading_timeout_s, memory_mb=system.settings.reading_memory_mb
    )
    result = read_file(path, name, limits=limits)
    facts = _page_facts(path, result, limits, context)
    with system.unit_of_work(Actor.program("job")) as uow:
        clues = suggesting.clues_of(uow, branch_id)
        sender = deciding.sender_of(uow, uow.session.get_one(IntakeFile, file_id))
    codes = [code for page in facts for code in page.codes]
    with system.look(sender) as uow:
        known = deciding.targets(uow, codes, slips) if codes else {}
    with system.unit_of_work(Actor.program("job")) as uow:
        row = uow.session.get_one(IntakeFile, file_id)
        if row.document_id is not None or row.leaves:
            return
        row.state, row.message = str(result.state), result.message
        if row.state == State.NO_TEXT and any(page.text.strip() for page in facts):
            row.state, row.message = "stored", ""
        row.media_type, row.page_count = result.media_type, len(result.pages)
        uow.session.execute(delete(WaitingPage).where(WaitingPage.file_id == row.id))
        uow.session.add_all(
            WaitingPage(
                file_id=row.id,
                no=page.no,
                text=page.text,
                blank=page.blank,
                codes=list(page.codes),
            )
            for page in facts
        )
        uow.session.flush()  # suggestions read the rows of the pages
        suggesting.suggest(uow, row, clues)
        row.read_at = uow.clock.now()
        if has_page_image(row.media_type) and any(is_left(page) for page in facts):
            uow.enqueue(REST, row.id)  # after the suggestion, page by page
        uow.record(
            "archive.waiting_file_read",
            f"intake_file:{row.id}",
            state=row.state,
            pages=row.page_count,
            candidates=len(row.candidates),
        )
        if codes:
            deciding.cut_by_codes(uow, row, known)


def _page_facts(
    path: Path, result: ReadResult, limits: Limits, context: JobContext
) -> list[PageFacts]:
    """Return the pages with their words; of scans the first page is recognised."""
    pages = list(result.pages)
    if not has_page_image(result.media_type):
        return [
            PageFacts(no=page.no, text=page.text[:KEPT_TEXT], blank=False, codes=())
            for page in pages
        ]
    facts = look_at(
        path,
        result.media_type,
        pages,
        limits=limits,
        progress=lambda done: context.progress(done, len(pages), LOOKING),
    )
    first = next((at for at, page in enumerate(facts) if not page.blank), None)
    if first is not None and not facts[first].text.strip() and ocr_available() is None:
        words = ocr_page(path, result.media_type, facts[first].no).text
        facts[first] = replace(facts[first], text=words[:KEPT_TEXT])
    return facts


def _ids(context: JobContext) -> Sequence[int]:
    (ids,) = context.args
    assert isinstance(ids, list)
    return [int(item) for item in ids]
