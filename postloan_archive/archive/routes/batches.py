"""收件批次: deliveries, their receipts, and what their file names left open."""

from http import HTTPStatus
from typing import Final

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from postloan_archive.access import people
from postloan_archive.access.permissions import Permission
from postloan_archive.archive import batches, contents, inbox, inbox_list
from postloan_archive.archive.batches import FILTERS
from postloan_archive.archive.inbox import FileIt
from postloan_archive.archive.incoming import arrivals, matching
from postloan_archive.archive.receipt_sheet import receipt_table
from postloan_archive.archive.routes.blueprint import bp
from postloan_archive.archive.rules.filing import UNSORTED
from postloan_archive.kernel.clock import CHINA
from postloan_archive.kernel.errors import PostloanError
from postloan_archive.sheets import XLSX, workbook
from postloan_archive.uow import UnitOfWork
from postloan_archive.web.downloads import download
from postloan_archive.web.guard import requires
from postloan_archive.web.paging import page_of
from postloan_archive.web.request_uow import unit_of_work
from postloan_archive.web.translations import error_text, next_step_text

MOST_ROWS: Final = 1_000_000  # a sheet of Excel ends at 1,048,576


@bp.get("/intake")
@requires(Permission.DOCUMENT_ADD)
def batch_list() -> ResponseReturnValue:
    """List the deliveries, newest first."""
    source = request.args.get("source", "")
    source = source if source in contents.SOURCES else ""
    with unit_of_work() as uow:
        page = page_of(request.args, total=batches.count_batches(uow, source=source))
        rows = batches.batches_of(uow, source=source, limit=page.size, offset=page.offset)
        return render_template(
            "archive/batches.html",
            rows=rows,
            page=page,
            source=source,
            sources=[(key, _(label)) for key, label in contents.SOURCES.items()],
            source_names={key: _(label) for key, label in contents.SOURCES.items()},
            names=people.names_of(uow, (row.opened_by for row in rows)),
        )


@bp.get("/intake/<int:batch_id>")
@requires(Permission.DOCUMENT_ADD)
def batch(batch_id: int) -> ResponseReturnValue:
    """Show the receipt of a delivery; it goes on until all is read."""
    with unit_of_work() as uow:
        return _receipt(uow, batch_id, "archive/batch.html")


@bp.get("/intake/<int:batch_id>.xlsx")
@requires(Permission.DOCUMENT_ADD)
def batch_sheet(batch_id: int) -> ResponseReturnValue:
    """Return the receipt as a workbook: the sum, then each file with what became of it."""
    with unit_of_work() as uow:
        receipt = batches.receipt_of(uow, batch_id, limit=MOST_ROWS)
        maker = uow.actor.display_name or uow.actor.name
        now = f"{uow.clock.now().astimezone(CHINA):%Y-%m-%d %H:%M}"
        opened = f"{receipt.opened_at.astimezone(CHINA):%Y-%m-%d %H:%M}"
        line = f"批次 {batch_id}　收件 {opened}　制表 {maker}　{now}"
        body = workbook(receipt_table(receipt), title=f"收件回执 {batch_id}", line=line)
        uow.record("archive.receipt_exported", f"intake_batch:{batch_id}")
    return download(body, name=f"收件回执_{batch_id}.xlsx", media_type=XLSX)


@bp.get("/intake/<int:batch_id>/files")
@requires(Permission.DOCUMENT_ADD)
def batch_files(batch_id: int) -> ResponseReturnValue:
    """Return the part of the receipt that changes."""
    with unit_of_work() as uow:
        return _receipt(uow, batch_id, "archive/batch_files.html")


@bp.post("/intake/<int:batch_id>/match")
@requires(Permission.DOCUMENT_ADD)
def batch_match(batch_id: int) -> ResponseReturnValue:
    """Look once more which loan files the names name."""
    with unit_of_work() as uow:
        batches.receipt_of(uow, batch_id, limit=0)  # not found for whom sees nothing of it
        matching.match_again(uow, batch_id)
    flash(_("已排队按文件名重新归卷，请稍后刷新。"))
    return redirect(url_for("archive.batch", batch_id=batch_id, only="unmatched"))


@bp.post("/intake/arrivals/<int:arrival_id>/give-up")
@requires(Permission.DOCUMENT_ADD)
def arrival_give_up(arrival_id: int) -> ResponseReturnValue:
    """Break an own upload off."""
    with unit_of_work() as uow:
        batch_id = arrivals.give_up(uow, arrival_id)
    flash(_("已放弃该文件的传送。"))
    return redirect(url_for("archive.batch", batch_id=batch_id))


@bp.post("/intake/files/<int:file_id>/attach")
@requires(Permission.DOCUMENT_ADD)
def attach(file_id: int) -> ResponseReturnValue:
    """Put a file whose name matched nothing into the loan file that a person names."""
    wrong = ""
    try:
        with unit_of_work() as uow:
            row = inbox_list.get_file(uow, file_id)
            batch_id = row.batch_id
            cmd = FileIt(
                file_id=file_id,
                version=request.form.get("version", 0, int),
                loan_no=request.form.get("loan_no", ""),
                item_code=row.item_code or UNSORTED,
            )
            document = inbox.file_it(uow, cmd)
            said = _("已归入 %(no)s：%(title)s。", no=row.loan_no, title=document.title)
    except PostloanError as error:
        wrong = " ".join(filter(None, (error_text(error), next_step_text(error))))
    if not wrong:
        flash(said)
        return redirect(url_for("archive.batch", batch_id=batch_id, only="unmatched"))
    with unit_of_work() as uow:
        batch_id = inbox_list.get_file(uow, file_id).batch_id
        shown = _receipt(uow, batch_id, "archive/batch.html", only="unmatched", wrong=wrong)
        return shown, HTTPStatus.UNPROCESSABLE_ENTITY


def _receipt(
    uow: UnitOfWork, batch_id: int, template: str, *, only: str = "", wrong: str = ""
) -> str:
    only = only or request.args.get("only", "")
    only = only if only in FILTERS else ""
    page = page_of(request.args, total=batches.count_files(uow, batch_id, only))
    receipt = batches.receipt_of(uow, batch_id, only=only, limit=page.size, offset=page.offset)
    counts = {key: batches.count_files(uow, batch_id, key) for key in ("", *FILTERS)}
    shown = {key: count for key, count in counts.items() if count or key in {"", only}}
    return render_template(
        template,
        receipt=receipt,
        arrivals=arrivals.open_of(uow, batch_id),
        page=page,
        only=only,
        wrong=wrong,
        filters=_tabs(batch_id, only, shown) if len(shown) > 1 else [],
        source=_(contents.SOURCES.get(receipt.source, receipt.source)),
        sender=people.name_of(uow, receipt.opened_by),
    )


def _tabs(batch_id: int, only: str, counts: dict[str, int]) -> list[dict[str, object]]:
    labels = {"": _("全部")} | {key: _(label) for key, label in FILTERS.items()}
    return [
        {
            "label": labels[key],
            "href": url_for("archive.batch", batch_id=batch_id, only=key or None),
            "current": key == only,
            "count": count,
        }
        for key, count in counts.items()
    ]
