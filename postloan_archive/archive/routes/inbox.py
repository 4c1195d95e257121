"""收件箱: the pile, the page, the suggestion; file, keep, send back, undo."""

from http import HTTPStatus
from typing import Final

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from postloan_archive.access.permissions import Permission
from postloan_archive.archive import contents, inbox, inbox_list
from postloan_archive.archive.forms import FileForm, RejectForm
from postloan_archive.archive.inbox_list import STATE_FILTERS, Waiting
from postloan_archive.archive.routes.blueprint import bp
from postloan_archive.archive.routes.images import SIZES, jpeg
from postloan_archive.archive.routes.uploads import sent_files
from postloan_archive.archive.rules.filing import UNSORTED, guess_item, title_of
from postloan_archive.archive.uploads import take_upload
from postloan_archive.kernel.errors import PostloanError
from postloan_archive.uow import UnitOfWork
from postloan_archive.web.guard import requires
from postloan_archive.web.paging import page_of
from postloan_archive.web.request_uow import current_actor, the_system, unit_of_work

KEPT: Final = ("state", "source", "page", "size")  # of the address, from file to file


@bp.get("/inbox", endpoint="inbox")
@requires(Permission.DOCUMENT_ADD)
def inbox_page() -> ResponseReturnValue:
    """Show what waits, the oldest first, and one file of it."""
    with unit_of_work() as uow:
        return _page(uow, request.args.get("file", 0, int))


@bp.post("/inbox")
@requires(Permission.DOCUMENT_ADD)
def inbox_add() -> ResponseReturnValue:
    """Take files whose loan is not known yet."""
    batch_id = take_upload(the_system(), current_actor(), sent_files())
    return redirect(url_for("archive.batch", batch_id=batch_id))


@bp.post("/inbox/<int:file_id>/file")
@requires(Permission.DOCUMENT_ADD)
def inbox_file(file_id: int) -> ResponseReturnValue:
    """Put a file where it belongs and go on with the next."""
    with unit_of_work() as uow:
        following = _next(uow, file_id)
        form = FileForm.for_person(uow.actor)
    if form.submitted():
        try:
            with unit_of_work() as uow:
                document = inbox.file_it(uow, form.command(file_id))
                said = _(
                    "已归入 %(no)s：%(code)s %(title)s。",
                    no=form.loan_no_chosen,
                    code=document.item_code,
                    title=document.title,
                )
        except PostloanError as error:
            form.show(error)
        else:
            flash(said)
            return redirect(_here(following))
    with unit_of_work() as uow:
        return _page(uow, file_id, form), HTTPStatus.UNPROCESSABLE_ENTITY


@bp.post("/inbox/<int:file_id>/keep")
@requires(Permission.DOCUMENT_ADD)
def inbox_keep(file_id: int) -> ResponseReturnValue:
    """Take note of a file and leave it as it is."""
    with unit_of_work() as uow:
        following = _next(uow, file_id)
        row = inbox.keep(uow, file_id, request.form.get("version", 0, int))
        said = _("“%(name)s”已知悉，不再列出。", name=row.name)
    flash(said)
    return redirect(_here(following))


@bp.post("/inbox/<int:file_id>/reject")
@requires(Permission.DOCUMENT_ADD)
def inbox_reject(file_id: int) -> ResponseReturnValue:
    """Send a file back with a reason."""
    form = RejectForm()
    with unit_of_work() as uow:
        following = _next(uow, file_id)
    if form.submitted():
        try:
            with unit_of_work() as uow:
                row = inbox.reject(uow, file_id, form.version_seen, form.reason.data or "")
                said = _("“%(name)s”已退回。", name=row.name)
        except PostloanError as error:
            form.show(error)
        else:
            flash(said)
            return redirect(_here(following))
    with unit_of_work() as uow:
        return _page(uow, file_id, rejecting=form), HTTPStatus.UNPROCESSABLE_ENTITY


@bp.post("/inbox/<int:file_id>/read")
@requires(Permission.DOCUMENT_ADD)
def inbox_read(file_id: int) -> ResponseReturnValue:
    """Look into a file once more."""
    with unit_of_work() as uow:
        inbox.read_again(uow, file_id)
    flash(_("已重新排队读取。"))
    return redirect(_here(file_id))


@bp.post("/inbox/<int:file_id>/undo")
@requires(Permission.DOCUMENT_ADD)
def inbox_undo(file_id: int) -> ResponseReturnValue:
    """Bring a file back into the inbox."""
    with unit_of_work() as uow:
        row = inbox.undo(uow, file_id)
        said = _("“%(name)s”已撤销办理，回到收件箱。", name=row.name)
    flash(said)
    return redirect(_here(file_id))


@bp.get("/inbox/<int:file_id>/pages/<int:no>.jpg")
@requires(Permission.DOCUMENT_ADD)
def inbox_image(file_id: int, no: int) -> ResponseReturnValue:
    """Draw a page of a file that waits without a document."""
    size = SIZES.get(request.args.get("size", ""), SIZES["page"])
    with unit_of_work() as uow:
        source = inbox.view_page(uow, file_id, no, size)
    return jpeg(source)


def _page(
    uow: UnitOfWork,
    wanted: int,
    form: FileForm | None = None,
    rejecting: RejectForm | None = None,
) -> str:
    state, source = _filters()
    total = inbox_list.count_files(uow, state=state, source=source)
    page = page_of(request.args, total=total)
    rows = inbox_list.open_files(
        uow, state=state, source=source, limit=page.size, offset=page.offset
    )
    chosen = inbox_list.shown_file(uow, wanted) if wanted else next(iter(rows), None)
    if chosen is not None and form is None:
        form = _form(uow, chosen)
    counts = inbox_list.counts(uow)
    return render_template(
        "archive/inbox.html",
        rows=rows,
        chosen=chosen,
        form=form,
        rejecting=rejecting or RejectForm(),
        offers=inbox_list.offers(uow, chosen.id) if chosen else [],
        excerpt=inbox.excerpt_of(uow, chosen.id) if chosen and not chosen.image else "",
        handled=inbox_list.just_handled(uow),
        page=page,
        sheet=min(max(1, request.args.get("sheet", 1, int)), max(1, chosen.pages))
        if chosen
        else 1,
        state=state,
        source=source,
        states=[
            (key, f"{_(label)} {counts[key]}")
            for key, label in STATE_FILTERS.items()
            if counts.get(key) or key == state
        ],
        sources=[
            (key, f"{_(label)} {counts[f'source:{key}']}")
            for key, label in contents.SOURCES.items()
            if counts.get(f"source:{key}") or key == source
        ],
        source_names={key: _(label) for key, label in contents.SOURCES.items()},
        here=_here,
    )


def _form(uow: UnitOfWork, chosen: Waiting) -> FileForm:
    form = FileForm.for_person(uow.actor, fresh=True)
    form.version.data = str(chosen.version)
    form.item_code.data = chosen.item_code
    form.title.data = chosen.title or _title(chosen)
    form.loan_no.data = chosen.loan_no
    form.form.data = "scan"
    return form


def _title(chosen: Waiting) -> str:
    """Return the title to propose: a scanner's own name says less than the kind of paper."""
    named = guess_item(chosen.name) != UNSORTED
    known = chosen.item_code not in {"", UNSORTED}
    return chosen.item if known and not named else title_of(chosen.name)


def _next(uow: UnitOfWork, file_id: int) -> int:
    """Return the id of the file after this one under the filters of the address, or 0."""
    state, source = _filters()
    rows = inbox_list.open_files(uow, state=state, source=source, limit=100)
    ids = [row.id for row in rows]
    if file_id not in ids:
        return 0
    at = ids.index(file_id)
    rest = ids[at + 1 :] or ids[:at]
    return rest[0] if rest else 0


def _filters() -> tuple[str, str]:
    state, source = request.args.get("state", ""), request.args.get("source", "")
    return (
        state if state in STATE_FILTERS else "",
        source if source in contents.SOURCES else "",
    )


def _here(file_id: int = 0, **more: object) -> str:
    """Return the address of the inbox with the filters that are set."""
    kept = {name: request.args[name] for name in KEPT if request.args.get(name)}
    values: dict[str, object] = {**kept, **more}
    if file_id:
        values["file"] = file_id
    return url_for("archive.inbox", **values)  # type: ignore[arg-type]  # values of an address
