"""What leaves the printer: one letter, all letters of a run in order, address labels."""

import io
from dataclasses import dataclass, replace
from typing import ClassVar, Final

from postloan_archive.archive import queries as archive
from postloan_archive.jobs import JobContext
from postloan_archive.kernel.actor import Actor
from postloan_archive.kernel.errors import RuleError, _l
from postloan_archive.loans.models import Customer
from postloan_archive.notices import planning, queries
from postloan_archive.notices.errors import NotIssuedError
from postloan_archive.notices.models import Notice, NoticeRun
from postloan_archive.notices.templates import letter_template
from postloan_archive.uow import System, UnitOfWork
from postloan_archive.wordgen import (
    OfficeMissingError,
    docx_to_pdf,
    join_pdfs,
    merge_print_file,
    soffice_path,
)

GROUP: Final = 50  # letters in one conversion, between two signs of progress
LABELS_A_SHEET: Final = 16
COLUMNS: Final = 2


class NothingToPrintError(RuleError):
    """The run has no issued letter."""

    def __init__(self) -> None:
        super().__init__(_l("批次中没有已生成的函件。"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """One sticker; all blanks are empty where the sheet begins further down."""

    address: str = ""
    name: str = ""
    content: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelRow:
    """Two stickers side by side."""

    left: Label
    right: Label


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelSheet:
    """What address_labels.docx prints: A4, two by eight stickers of 99 by 34 mm."""

    template: ClassVar[str] = "address_labels.docx"
    rows: tuple[LabelRow, ...]


def letter_file(uow: UnitOfWork, notice: Notice) -> bytes:
    """Return one issued letter as it lies in the vault; the export is on record.

    Raises:
        NotIssuedError: it has no number yet.
        DocumentNotFoundError: the actor may not see papers of its category.
    """
    data = _stored(uow, notice)
    uow.record(
        "notices.letter_exported",
        f"notice:{notice.id}",
        serial_no=notice.serial_no,
        form="docx",
    )
    return data


def print_file(uow: UnitOfWork, run: NoticeRun) -> bytes:
    """Return all issued letters in one .docx, each on a fresh sheet.

    Raises:
        NothingToPrintError: none is issued.
        CannotMergeError: a letter holds what cannot be gathered.
    """
    letters = _issued(uow, run)
    merged = merge_print_file([_stored(uow, notice) for notice in letters])
    uow.record("notices.run_printed", f"notice_run:{run.id}", letters=len(letters), form="docx")
    return merged


def start_pdf(uow: UnitOfWork, run_id: int) -> NoticeRun:
    """Let a worker make one PDF of all issued letters.

    Raises:
        NothingToPrintError: none is issued.
        OfficeMissingError: this machine has no LibreOffice.
    """
    run = queries.get_whole_run(uow, run_id)
    letters = _issued(uow, run)
    if soffice_path(uow.settings.soffice) is None:
        raise OfficeMissingError
    for notice in letters:
        _stored(uow, notice)  # the person may see each of them
    run.print_sha256 = None
    run.print_job_id = uow.enqueue("print_letters", run.id).id
    uow.record("notices.run_printed", f"notice_run:{run.id}", letters=len(letters), form="pdf")
    return run


def print_letters(system: System, context: JobContext) -> None:
    """Make the PDF of a run; the same letters give the same order of pages."""
    (run_id,) = context.args
    assert isinstance(run_id, int)
    with system.unit_of_work(Actor.program("job")) as uow:
        run = queries.get_run(uow, run_id)
        letters = [_stored(uow, notice) for notice in _issued(uow, run)]
    soffice = soffice_path(system.settings.soffice)
    pdfs: list[bytes] = []
    for start in range(0, len(letters), GROUP):
        pdfs += docx_to_pdf(letters[start : start + GROUP], soffice=soffice)
        context.progress(len(pdfs), len(letters), _l("正在转换为 PDF"))
    with system.unit_of_work(Actor.program("job")) as uow:
        run = queries.get_run(uow, run_id)
        run.print_sha256 = uow.vault.put(io.BytesIO(join_pdfs(pdfs))).sha256
        uow.record("notices.print_file_made", f"notice_run:{run_id}", sha256=run.print_sha256)


def print_pdf(uow: UnitOfWork, run: NoticeRun) -> bytes:
    """Return the PDF that a worker made of the run; the export is on record.

    Raises:
        NothingToPrintError: none was made.
        RunOfSeveralBranchesError: it holds letters that the actor may not see.
    """
    if run.print_sha256 is None:
        raise NothingToPrintError
    queries.get_whole_run(uow, run.id)
    for notice in _issued(uow, run):
        _stored(uow, notice)  # the person may see each of them
    uow.record("notices.run_exported", f"notice_run:{run.id}", sha256=run.print_sha256)
    return uow.vault.read(run.print_sha256)


def label_sheet(uow: UnitOfWork, run: NoticeRun, *, first: int = 1) -> bytes:
    """Return the stickers of a run as .docx: the agreed address, then the registered one.

    Args:
        uow: the unit of work.
        run: the run.
        first: place of the first sticker on a sheet that is partly used, from 1 to 16.

    Raises:
        NothingToPrintError: no letter is issued.
    """
    letters = _issued(uow, run)
    labels = [Label()] * (min(max(first, 1), LABELS_A_SHEET) - 1)
    for notice in letters:
        row = queries.letter_row(uow, notice)
        if "other_addresses" not in notice.snapshot:  # issued before they were kept with it
            customer = uow.session.get_one(Customer, notice.addressee_id)
            row = replace(row, addresses=(*row.addresses, *planning.addresses_of(customer)))
        for address in dict.fromkeys(row.addresses):
            labels.append(
                Label(
                    address=address,
                    name=f"{row.addressee}　收",
                    content=f"{notice.serial_no}　{notice.tracking_no}".strip(),
                )
            )
    labels += [Label()] * (len(labels) % COLUMNS)
    sheet = LabelSheet(
        rows=tuple(
            LabelRow(left=left, right=right)
            for left, right in zip(labels[::COLUMNS], labels[1::COLUMNS], strict=True)
        )
    )
    uow.record("notices.labels_printed", f"notice_run:{run.id}", labels=len(labels))
    return letter_template(uow, LabelSheet.template, keep=False).compiled.render(sheet)


def _issued(uow: UnitOfWork, run: NoticeRun) -> list[Notice]:
    notices = queries.visible_notices(uow, run)
    letters = [notice for notice in notices if notice.state == "issued"]
    if not letters:
        raise NothingToPrintError
    return letters


def _stored(uow: UnitOfWork, notice: Notice) -> bytes:
    if notice.document_id is None:
        raise NotIssuedError(addressee=str(notice.snapshot.get("addressee", "")))
    # The first version is the letter as issued, whatever was filed under it later.
    document = archive.get_document(uow, notice.document_id)
    return uow.vault.read(document.versions[0].sha256)
