"""收件箱: the pile, the page, the suggestion; file, keep, send back, undo."""

from dataclasses import replace
from http import HTTPStatus
from typing import Final

from flask import current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from postloan_archive.access.permissions import Permission
from postloan_archive.archive import contents, inbox, inbox_list, inbox_views
from postloan_archive.archive.cutting import editing, sources
from postloan_archive.archive.cutting.strip import strip_of
from postloan_archive.archive.forms import FileForm, RejectForm
from postloan_archive.archive.gaps import fills_gap
from postloan_archive.archive.inbox_list import STATE_FILTERS, Waiting
from postloan_archive.archive.pieces.models import InboxStep
from postloan_archive.archive.routes.blueprint import bp
from postloan_archive.archive.routes.inbox_address import filters, here, slips_of
from postloan_archive.archive.routes.uploads import sent_files
from postloan_archive.archive.rules.filing import UNSORTED, guess_item, item_title, title_of
from postloan_archive.archive.rules.items import ITEMS
from postloan_archive.archive.uploads import take_upload
from postloan_archive.kernel.errors import PostloanError
from postloan_archive.uow import UnitOfWork
from postloan_archive.web.guard import requires
from postloan_archive.web.paging import page_of
from postloan_archive.web.request_uow import current_actor, the_system, unit_of_work

FAVOURITES: Final = ("YJ01", "YJ02", "BQ01", "BQ02", "BQ18", "GL09", "GL11", "YJ03", "YJ04")
KEYS: Final = 9  # items that have a digit of their own


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
    batch_id = take_upload(
        the_system(),
        current_actor(),
        sent_files(),
        by_number=request.form.get("by_number") == "1",
    )
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
            made = sources.make(the_system(), current_actor(), file_id)
            with unit_of_work() as uow:
                document = inbox.file_it(uow, replace(form.command(file_id), made=made))
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
            return redirect(here(following))
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
    return redirect(here(following))


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
            return redirect(here(following))
    with unit_of_work() as uow:
        return _page(uow, file_id, rejecting=form), HTTPStatus.UNPROCESSABLE_ENTITY


@bp.post("/inbox/<int:file_id>/read")
@requires(Permission.DOCUMENT_ADD)
def inbox_read(file_id: int) -> ResponseReturnValue:
    """Look into a file once more."""
    with unit_of_work() as uow:
        inbox.read_again(uow, file_id)
    flash(_("已重新排队读取。"))
    return redirect(here(file_id))


@bp.post("/inbox/<int:file_id>/undo")
@requires(Permission.DOCUMENT_ADD)
def inbox_undo(file_id: int) -> ResponseReturnValue:
    """Bring a file back into the inbox."""
    with unit_of_work() as uow:
        row = inbox.undo(uow, file_id, slips_of(current_app))
        said = _("“%(name)s”已撤销办理，回到收件箱。", name=row.name)
    flash(said)
    return redirect(here(file_id))


def _page(
    uow: UnitOfWork,
    wanted: int,
    form: FileForm | None = None,
    rejecting: RejectForm | None = None,
) -> str:
    state, source = filters()
    total = inbox_list.count_files(uow, state=state, source=source)
    page = page_of(request.args, total=total)
    rows = inbox_list.open_files(
        uow, state=state, source=source, limit=page.size, offset=page.offset
    )
    chosen = inbox_list.shown_file(uow, wanted) if wanted else next(iter(rows), None)
    sheet = bounded(request.args.get("sheet", 1, int), chosen.pages) if chosen else 1
    offers = inbox_list.offers(uow, chosen.id) if chosen else []
    offer = inbox_list.item_offer(uow, chosen.id) if chosen else None
    if chosen is not None and form is None:
        form = _form(uow, chosen)
    counts = inbox_list.counts(uow)
    handled = inbox_list.just_handled(uow)
    return render_template(
        "archive/inbox.html",
        rows=rows,
        chosen=chosen,
        form=form,
        rejecting=rejecting or RejectForm(),
        offers=offers,
        item_reason=offer.reason if offer else "",
        quick=_quick(uow, offer.code if offer else ""),
        strip=strip_of(uow, chosen.id, sheet) if chosen else None,
        undo_step=_undo_step(uow, handled),
        fills=fills_gap(uow, offers[0].loan.loan_no, chosen.item_code)
        if chosen and offers
        else None,
        excerpt=inbox_views.excerpt_of(uow, chosen.id) if chosen and not chosen.image else "",
        handled=handled,
        page=page,
        sheet=sheet,
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
        here=here,
    )


def _undo_step(uow: UnitOfWork, handled: list[Waiting]) -> InboxStep | None:
    """Return the step on pages that `u` takes back, unless a filing came after it."""
    step = editing.last_step(uow)
    later = handled[0].handled_at if handled else None
    return None if step is None or (later is not None and later > step.at) else step


def bounded(number: int, most: int) -> int:
    """Return the number moved inside 1 to `most`."""
    return min(max(1, number), max(1, most))


def _quick(uow: UnitOfWork, suggested: str) -> list[tuple[str, str]]:
    """Return code and title of the items under the keys 1 to 9, the suggested one first."""
    codes = dict.fromkeys([suggested, *FAVOURITES])
    return [
        (code, item_title(code))
        for code in codes
        if code in ITEMS and uow.actor.sees_category(code[:2])
    ][:KEYS]


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
    state, source = filters()
    rows = inbox_list.open_files(uow, state=state, source=source, limit=100)
    ids = [row.id for row in rows]
    if file_id not in ids:
        return 0
    at = ids.index(file_id)
    rest = ids[at + 1 :] or ids[:at]
    return rest[0] if rest else 0
