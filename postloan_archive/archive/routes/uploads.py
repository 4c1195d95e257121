"""Upload and download: what comes in gets a receipt, what goes out a line in the trail."""

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from postloan_archive.access.permissions import Permission
from postloan_archive.archive import queries, service
from postloan_archive.archive.routes.blueprint import bp
from postloan_archive.archive.uploads import NothingSentError, Sent, take_upload
from postloan_archive.web.downloads import download, pieces
from postloan_archive.web.guard import requires
from postloan_archive.web.request_uow import current_actor, the_system, unit_of_work

BYTES = "application/octet-stream"  # whatever it is: a browser keeps it and never renders it


@bp.post("/loans/<loan_no>/items")
@requires(Permission.DOCUMENT_ADD)
def add(loan_no: str) -> ResponseReturnValue:
    """Take files, folders and zips into a loan file, or into one slot of it."""
    batch_id = take_upload(
        the_system(),
        current_actor(),
        sent_files(),
        loan_no=loan_no,
        item_code=request.values.get("item", ""),
    )
    return redirect(url_for("archive.batch", batch_id=batch_id))


@bp.post("/documents/<int:document_id>/versions")
@requires(Permission.DOCUMENT_EDIT)
def add_version(document_id: int) -> ResponseReturnValue:
    """Put new bytes in the place of the old ones, which stay."""
    sent = next(iter(sent_files()), None)
    if sent is None:
        raise NothingSentError
    with unit_of_work() as uow:
        document = service.add_version(uow, document_id, sent.name, sent.stream)
        loan_no = queries.loan_no_of(uow, document)
        no = document.current_version
    flash(_("已存为第 %(no)s 版，旧版保留。", no=no))
    return redirect(url_for("archive.items", loan_no=loan_no, document=document_id))


@bp.post("/documents/<int:document_id>/reading")
@requires(Permission.DOCUMENT_ADD)
def read_again(document_id: int) -> ResponseReturnValue:
    """Read the document once more."""
    with unit_of_work() as uow:
        document = service.read_again(uow, document_id)
        loan_no = queries.loan_no_of(uow, document)
    flash(_("已重新排队读取。"))
    return redirect(url_for("archive.items", loan_no=loan_no, document=document_id))


@bp.get("/documents/<int:document_id>/original")
@requires(Permission.DOCUMENT_EXPORT)
def original(document_id: int) -> ResponseReturnValue:
    """Hand out the bytes as they came, checked against their digest."""
    with unit_of_work() as uow:
        taken = service.take_original(uow, document_id, request.args.get("version", 0, int))
        stream = uow.vault.open(taken.sha256)
    return download(pieces(stream), name=taken.filename, media_type=BYTES, size=taken.size)


def sent_files() -> list[Sent]:
    """Return the files of the form; fields of all names, so that each chooser may have one."""
    return [
        Sent(name=file.filename, stream=file.stream)  # type: ignore[arg-type]  # a binary stream
        for name in request.files
        for file in request.files.getlist(name)
        if file.filename
    ]
