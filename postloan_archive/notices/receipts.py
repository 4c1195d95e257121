"""Scanned return slips find their letters by the barcode: filed as proof, never confirmed."""

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

import zxingcpp
from PIL import Image
from sqlalchemy import select

from postloan_archive.archive import inbox
from postloan_archive.archive import service as archive
from postloan_archive.archive.service import OpenBatch, ReceiveFile
from postloan_archive.jobs import Job, JobContext, list_jobs
from postloan_archive.kernel.actor import Actor
from postloan_archive.kernel.errors import _l
from postloan_archive.loans import queries as loans
from postloan_archive.notices import barcodes, delivery, queries
from postloan_archive.notices.models import Notice
from postloan_archive.notices.queries import LetterRow
from postloan_archive.notices.rules.fields import NOTICES
from postloan_archive.reading import UnreadableError, read_file, render_page
from postloan_archive.uow import System, UnitOfWork

ITEM: Final = "BQ18"  # 送达回证/EMS回执
WIDTH: Final = 1_700  # pixels of an A4 page: 200 dots an inch, enough for the bars
MOST_PAGES: Final = 500
RECENT: Final = 10
READ: Final = _l("{name}：{pages} 页，认出 {letters} 封，{without} 页没有可用的条码")
IN_INBOX: Final = _l("，{count} 件转入收件箱待人工归档")
NO_BARS: Final = _l("送达回执，没有可识别的条码")
NOT_OURS: Final = _l("送达回执，条码 {numbers} 不是您可见的函件")
CODE_128: Final = zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.Code128])


@dataclass(frozen=True, slots=True, kw_only=True)
class Slip:
    """One page with the return-slip numbers on it, its image where there are any."""

    page: int
    numbers: tuple[str, ...]
    image: bytes = b""


def take_slips(uow: UnitOfWork, name: str, stream: BinaryIO) -> Job:
    """Keep a scan and let a worker look for return slips on its pages.

    The worker looks only among the letters that this person may see.
    """
    stored = uow.vault.put(stream)
    branches = None if uow.actor.branch_ids is None else sorted(uow.actor.branch_ids)
    job = uow.enqueue("read_slips", stored.sha256, name, uow.actor.name, branches)
    uow.record("notices.slips_received", f"job:{job.id}", name=name, sha256=stored.sha256)
    return job


def file_proof(
    uow: UnitOfWork, notice: Notice, name: str, stream: BinaryIO, *, title: str = ""
) -> int:
    """File a paper as the proof of delivery of a letter; return its document id."""
    loan = loans.get_loan_by_id(uow, notice.loan_id)
    batch = archive.open_batch(uow, OpenBatch(source="upload", expected=1))
    row = archive.receive_file(
        uow,
        ReceiveFile(
            batch_id=batch.id,
            loan_no=loan.loan_no,
            name=name,
            stream=stream,
            item_code=ITEM,
            title=title or f"{notice.serial_no}送达凭证",
            doc_date=notice.outcome_on or uow.clock.today(),
        ),
    )
    assert row.document_id is not None  # only a file over the limit has none; forms are below
    if row.state == "stored":
        uow.enqueue("read_documents", [row.document_id])
    archive.close_batch(uow, batch.id)
    return row.document_id


def read_slips(system: System, context: JobContext) -> None:
    """Find the letters of a scan; file each page, or the whole scan of one letter."""
    sha256, name, who, branches = context.args
    assert isinstance(sha256, str)
    path = system.vault.path(sha256)
    slips, media_type = _slips(path, str(name), context)
    pages = len(slips)
    actor = Actor(
        name=str(who),
        origin="job",
        branch_ids=None if branches is None else frozenset(_numbers(branches)),
        categories=None,
    )
    done = waiting = 0
    with system.unit_of_work(actor) as uow:
        numbers = [number for slip in slips for number in slip.numbers]
        letters = {str(one.barcode): one for one in delivery.letters_on(uow, numbers)}
        alone = len(letters) == 1
        for slip in slips:
            for notice in (letters[one] for one in slip.numbers if one in letters):
                if notice.outcome_document_id is not None and notice.outcome:
                    continue  # its result is on record: a person decides about another paper
                title = f"{notice.serial_no}《{NOTICES[notice.kind].title}》回执"
                if alone:
                    data = uow.vault.read(sha256)
                    document_id = file_proof(
                        uow, notice, str(name), io.BytesIO(data), title=title
                    )
                else:
                    page = f"{notice.barcode}.jpg"
                    document_id = file_proof(
                        uow, notice, page, io.BytesIO(slip.image), title=title
                    )
                delivery.attach_proof(uow, notice.id, document_id)
                done += 1
        if not alone:
            unread = [slip for slip in slips if not set(slip.numbers) & set(letters)]
            whole = len(unread) == pages
            waiting = _to_inbox(uow, sha256, str(name), unread, media_type, whole=whole)
        uow.record(
            "notices.slips_read",
            f"job:{context.job_id}",
            name=name,
            sha256=sha256,
            pages=pages,
            letters=sorted(letters),
            to_inbox=waiting,
        )
    without = sum(1 for slip in slips if not set(slip.numbers) & set(letters))
    words = READ.format(name=name, pages=pages, letters=done, without=without)
    if waiting:
        words += IN_INBOX.format(count=waiting)
    context.progress(pages, pages, words)


def _to_inbox(
    uow: UnitOfWork,
    sha256: str,
    name: str,
    unread: Sequence[Slip],
    media_type: str,
    *,
    whole: bool,
) -> int:
    """Put what no barcode files into the inbox, where a person finds suggestions for it.

    Args:
        uow: the unit of work of whoever gave the scan in.
        sha256: the scan in the vault.
        name: of the scan.
        unread: its pages without a number of a letter that the person may see.
        media_type: of the scan.
        whole: no page has one: the scan stays in one piece.
    """
    if not unread:
        return 0
    pieces = 1 if whole else len(unread)
    batch = archive.open_batch(uow, OpenBatch(source="upload", expected=pieces))
    if whole:
        numbers = sorted({number for slip in unread for number in slip.numbers})
        inbox.receive_waiting(
            uow,
            batch_id=batch.id,
            name=name,
            stream=io.BytesIO(uow.vault.read(sha256)),
            item_code=ITEM,
            unmatched=_why(numbers),
        )
    else:
        stem = Path(name).stem
        for slip in unread:
            try:
                image = render_page(uow.vault.path(sha256), media_type, slip.page, width=WIDTH)
            except UnreadableError:
                image = uow.vault.read(sha256)  # the scan itself: nothing is lost
            inbox.receive_waiting(
                uow,
                batch_id=batch.id,
                name=f"{stem}-{slip.page:03d}.jpg",
                stream=io.BytesIO(image),
                item_code=ITEM,
                unmatched=_why(slip.numbers),
            )
    archive.close_batch(uow, batch.id)
    return pieces


def _why(numbers: Sequence[str]) -> str:
    if numbers:
        return NOT_OURS.format(numbers="、".join(numbers))
    return NO_BARS


def scanned(uow: UnitOfWork) -> list[LetterRow]:
    """Return the letters whose slip is filed and whose result nobody has entered yet."""
    rows = uow.session.scalars(
        select(Notice)
        .where(
            Notice.outcome == "",
            Notice.outcome_document_id.is_not(None),
            Notice.loan_id.in_(loans.visible_ids(uow)),
        )
        .order_by(Notice.id)
    ).all()
    return [queries.letter_row(uow, notice) for notice in rows]


def recent_jobs(uow: UnitOfWork) -> list[Job]:
    """Return what became of this person's latest scans."""
    jobs = list_jobs(uow.session, kind="read_slips", limit=RECENT).jobs
    return [job for job in jobs if job.args[2:3] == (uow.actor.name,)]


def numbers_on(image: bytes) -> tuple[str, ...]:
    """Return the return-slip numbers on a page image, in reading order."""
    with Image.open(io.BytesIO(image)) as picture:
        found = zxingcpp.read_barcodes(
            picture.convert("L"),
            formats=zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.Code128]),
        )
    texts = (one.text for one in found)
    return tuple(dict.fromkeys(text for text in texts if barcodes.is_number(text)))


def _slips(file: Path, name: str, context: JobContext) -> tuple[list[Slip], str]:
    result = read_file(file, name)
    pages = min(max(len(result.pages), 1), MOST_PAGES)
    slips = []
    for number in range(1, pages + 1):
        try:
            image = render_page(file, result.media_type, number, width=WIDTH)
        except UnreadableError:
            image = b""  # counted as a page without a barcode
        numbers = numbers_on(image) if image else ()
        kept = image if numbers else b""
        slips.append(Slip(page=number, numbers=numbers, image=kept))
        context.progress(number, pages, _l("正在识别回执条码"))
    return slips, result.media_type


def _numbers(values: object) -> Iterable[int]:
    assert isinstance(values, (list, tuple))
    return (int(value) for value in values)
