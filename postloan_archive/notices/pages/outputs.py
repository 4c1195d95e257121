"""What a run gives out: print files, labels, order sheet, registers, what it left out."""

import io
from collections.abc import Callable
from typing import Final

from flask import redirect, request, send_file, url_for
from flask.typing import ResponseReturnValue

from postloan_archive.access.permissions import Permission
from postloan_archive.notices import mailing, printing, queries, registers, run_letters
from postloan_archive.notices.pages.blueprint import bp
from postloan_archive.notices.queries import LetterRow
from postloan_archive.notices.run_letters import Group
from postloan_archive.uow import UnitOfWork
from postloan_archive.web.bounds import whole_number
from postloan_archive.web.guard import requires
from postloan_archive.web.request_uow import unit_of_work

DOCX: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@bp.get("/notices/runs/<int:run_id>/print.docx")
@requires(Permission.DOCUMENT_EXPORT)
def print_docx(run_id: int) -> ResponseReturnValue:
    """Hand out all letters in one file, each on a fresh sheet."""
    with unit_of_work() as uow:
        found = queries.get_run(uow, run_id)
        data, name = printing.print_file(uow, found), f"{found.run_no}-打印.docx"
    return _file(data, name, DOCX)


@bp.post("/notices/runs/<int:run_id>/pdf")
@requires(Permission.DOCUMENT_EXPORT)
def make_pdf(run_id: int) -> ResponseReturnValue:
    """Let a worker make the PDF of all letters."""
    with unit_of_work() as uow:
        printing.start_pdf(uow, run_id)
    return redirect(url_for("notices.run", run_id=run_id))


@bp.get("/notices/runs/<int:run_id>/print.pdf")
@requires(Permission.DOCUMENT_EXPORT)
def print_pdf(run_id: int) -> ResponseReturnValue:
    """Hand out the PDF that a worker made."""
    with unit_of_work() as uow:
        found = queries.get_run(uow, run_id)
        data, name = printing.print_pdf(uow, found), f"{found.run_no}-打印.pdf"
    return _file(data, name, "application/pdf")


@bp.get("/notices/runs/<int:run_id>/labels.docx")
@requires(Permission.DOCUMENT_EXPORT)
def labels(run_id: int) -> ResponseReturnValue:
    """Hand out the address labels."""
    first = whole_number(request.args.get("first")) or 1
    with unit_of_work() as uow:
        found = queries.get_run(uow, run_id)
        data = printing.label_sheet(uow, found, first=first)
        name = f"{found.run_no}-地址标签.docx"
    return _file(data, name, DOCX)


@bp.get("/notices/runs/<int:run_id>/register.xlsx")
@requires(Permission.DOCUMENT_EXPORT)
def register(run_id: int) -> ResponseReturnValue:
    """Hand out the register of the run, also to be filled in with tracking numbers."""

    def write(uow: UnitOfWork, run_no: str, rows: list[LetterRow]) -> bytes:
        return registers.register_sheet(uow, f"{run_no} 函件登记表", rows)

    return _list(run_id, write, event="notices.register_exported", title="登记表")


@bp.get("/notices/runs/<int:run_id>/ems.xlsx")
@requires(Permission.DOCUMENT_EXPORT)
def ems(run_id: int) -> ResponseReturnValue:
    """Hand out the order sheet for EMS: one line for each envelope."""

    def write(_uow: UnitOfWork, run_no: str, rows: list[LetterRow]) -> bytes:
        return mailing.order_sheet(run_no, rows)

    return _list(run_id, write, event="notices.order_sheet_exported", title="EMS下单表")


@bp.get("/notices/runs/<int:run_id>/posting.xlsx")
@requires(Permission.DOCUMENT_EXPORT)
def posting(run_id: int) -> ResponseReturnValue:
    """Hand out the posting register that the post office stamps."""
    return _list(
        run_id, mailing.posting_register, event="notices.posting_exported", title="交寄清单"
    )


def _list(
    run_id: int,
    write: Callable[[UnitOfWork, str, list[LetterRow]], bytes],
    *,
    event: str,
    title: str,
) -> ResponseReturnValue:
    """Hand out a workbook of the letters that were issued, and record it."""
    with unit_of_work() as uow:
        found = queries.get_run(uow, run_id)
        rows = run_letters.rows(uow, found, Group.ISSUED)
        data = write(uow, found.run_no, rows)
        uow.record(event, f"notice_run:{run_id}", letters=len(rows))
        name = f"{found.run_no}-{title}.xlsx"
    return _file(data, name, XLSX)


@bp.get("/notices/runs/<int:run_id>/left-out.xlsx")
@requires(Permission.NOTICE_VIEW)
def left_out(run_id: int) -> ResponseReturnValue:
    """Hand out the rows that got no letter, each with the reason."""
    with unit_of_work() as uow:
        found = queries.get_whole_run(uow, run_id)
        data = registers.left_out_sheet(found.run_no, found.left_out)
        uow.record(
            "notices.left_out_exported", f"notice_run:{run_id}", rows=len(found.left_out)
        )
        name = f"{found.run_no}-未进入批次.xlsx"
    return _file(data, name, XLSX)


def _file(data: bytes, name: str, kind: str) -> ResponseReturnValue:
    return send_file(io.BytesIO(data), mimetype=kind, as_attachment=True, download_name=name)
