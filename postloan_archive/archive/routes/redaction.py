"""遮盖副本 and 关联: draw boxes on a page, make the copy, hand it out; link two papers."""

from http import HTTPStatus
from typing import Final

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from postloan_archive.access import users
from postloan_archive.access.permissions import Permission
from postloan_archive.archive import linking, preview, queries, redacting
from postloan_archive.archive.redacting import Box
from postloan_archive.archive.routes.blueprint import bp
from postloan_archive.kernel.errors import PostloanError
from postloan_archive.web.downloads import download, pieces
from postloan_archive.web.frame import light
from postloan_archive.web.guard import requires
from postloan_archive.web.request_uow import current_actor, the_system, unit_of_work
from postloan_archive.web.translations import error_text, next_step_text

PDF: Final = "application/pdf"


@bp.get("/documents/<int:document_id>/redaction")
@requires(Permission.DOCUMENT_EDIT)
def redaction(document_id: int) -> ResponseReturnValue:
    """Show a page with the boxes so far; each state has its own address."""
    return _page(document_id, _boxes(), "")


@bp.post("/documents/<int:document_id>/redaction")
@requires(Permission.DOCUMENT_EDIT)
def redact(document_id: int) -> ResponseReturnValue:
    """Make the copy."""
    boxes = redacting.read_boxes(request.form.getlist("box"))
    try:
        with unit_of_work() as uow:
            job = redacting.prepare(uow, document_id, boxes, request.form.get("reason", ""))
            loan_no = queries.loan_no_of(uow, queries.get_document(uow, document_id))
        system, actor = the_system(), current_actor()
        redacting.make(system, lambda: system.unit_of_work(actor), job)
    except PostloanError as error:
        said = " ".join(filter(None, (error_text(error), next_step_text(error))))
        return _page(document_id, boxes, said), HTTPStatus.UNPROCESSABLE_ENTITY
    flash(_("遮盖副本已制作；原件未变。"))
    return redirect(url_for("archive.items", loan_no=loan_no, document=document_id))


@bp.get("/redactions/<int:redaction_id>.pdf")
@requires(Permission.DOCUMENT_EXPORT)
def redacted_copy(redaction_id: int) -> ResponseReturnValue:
    """Hand out a redacted copy."""
    with unit_of_work() as uow:
        row, name = redacting.take(uow, redaction_id)
        stream = uow.vault.open_checked(row.sha256)
        size = row.size
    return download(pieces(stream), name=name, media_type=PDF, size=size)


@bp.post("/documents/<int:document_id>/links")
@requires(Permission.DOCUMENT_EDIT)
def link_document(document_id: int) -> ResponseReturnValue:
    """Link the document to another paper of the loan file, or take a link away."""
    with unit_of_work() as uow:
        loan_no = queries.loan_no_of(uow, queries.get_document(uow, document_id))
        if request.form.get("drop"):
            linking.unlink(uow, document_id, request.form.get("drop", 0, int))
        else:
            other = request.form.get("other", 0, int)
            linking.link(uow, document_id, other, request.form.get("note", ""))
    flash(_("已处理。"))
    return redirect(url_for("archive.items", loan_no=loan_no, document=document_id))


def _page(document_id: int, boxes: tuple[Box, ...], fault: str) -> str:
    light("loans.index")
    with unit_of_work() as uow:
        document = queries.get_document(uow, document_id)
        no = min(max(1, request.args.get("page", 1, int)), max(1, document.page_count))
        page = None
        if document.page_count:
            row = queries.get_page(uow, document, no)
            page = preview.shown_page(document, row, queries.loan_no_of(uow, document), ())
        return render_template(
            "archive/redaction.html",
            document=document,
            loan_no=queries.loan_no_of(uow, document),
            page=page,
            no=no,
            boxes=boxes,
            fault=fault,
            reason=request.form.get("reason", ""),
            copies=redacting.copies_of(uow, document_id),
            names=users.display_names(uow),
        )


def _boxes() -> tuple[Box, ...]:
    boxes = redacting.read_boxes(request.args.getlist("box"))
    sides = [request.args.get(name, "", str) for name in ("left", "top", "width", "height")]
    if not any(sides):
        return boxes
    more = redacting.box_of_percents(max(1, request.args.get("page", 1, int)), sides)
    return boxes if more is None else (*boxes, more)
