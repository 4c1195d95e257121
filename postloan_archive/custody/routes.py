"""库房: rooms and boxes, originals, lending, title deeds, stock-taking, transfers, labels."""

from typing import Final

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from postloan_archive.access import branches
from postloan_archive.access.permissions import Permission
from postloan_archive.custody import labels, queries
from postloan_archive.custody.forms import (
    BoxForm,
    OriginalForm,
    RoomForm,
)
from postloan_archive.custody.pages import form_page
from postloan_archive.custody.service import store
from postloan_archive.kernel.errors import PostloanError, RuleError, _l
from postloan_archive.loans.file_frame import file_frame
from postloan_archive.web.guard import requires
from postloan_archive.web.request_uow import unit_of_work
from postloan_archive.web.translations import error_text, next_step_text

bp = Blueprint("custody", __name__)

STATES: Final = {
    "to_be_placed": _l("待上架"),
    "in_store": _l("在库"),
    "lent": _l("借出"),
    "handed_over": _l("已移交"),
    "missing": _l("盘亏"),
}
SIZES: Final = ("60x40", "40x30", "a4")


@bp.get("/store")
@requires(Permission.CUSTODY_VIEW)
def index() -> ResponseReturnValue:
    """Show rooms and boxes with their fill."""
    room_id = request.args.get("room", None, int)
    with unit_of_work() as uow:
        rooms, names = queries.rooms(uow), branches.names(uow.session)
        tabs = [{"label": _("全部"), "href": url_for("custody.index"), "current": not room_id}]
        tabs += [
            {
                "label": f"{names[room.branch_id]} {room.code} {room.name}",
                "href": url_for("custody.index", room=room.id),
                "current": room.id == room_id,
            }
            for room in rooms
        ]
        return render_template(
            "custody/index.html",
            rooms=rooms,
            boxes=queries.boxes(uow, room_id=room_id),
            tabs=tabs,
        )


@bp.route("/store/rooms/new", methods=["GET", "POST"])
@requires(Permission.CUSTODY_EDIT)
def room_new() -> ResponseReturnValue:
    """Set up a room."""
    form = RoomForm()
    with unit_of_work() as uow:
        form.branch_id.choices = [
            (row.id, row.name)
            for row in branches.tree(uow.session)
            if uow.actor.sees_branch(row.id)
        ]
    if form.submitted():
        try:
            with unit_of_work() as uow:
                store.add_room(uow, form.command())
        except PostloanError as error:
            form.show(error)
        else:
            flash(_("库房已设立。"))
            return redirect(url_for("custody.index"))
    return form_page(form, _("设立库房"), url_for("custody.index"))


@bp.route("/store/boxes/new", methods=["GET", "POST"])
@requires(Permission.CUSTODY_EDIT)
def box_new() -> ResponseReturnValue:
    """Put an empty box on a shelf."""
    form = BoxForm()
    with unit_of_work() as uow:
        form.offer(queries.rooms(uow))
    if form.submitted():
        try:
            with unit_of_work() as uow:
                box_no = store.add_box(uow, form.command()).box_no
        except PostloanError as error:
            form.show(error)
        else:
            flash(_("盒 %(box)s 已建立，请打印标签。", box=box_no))
            return redirect(url_for("custody.box", box_no=box_no))
    return form_page(form, _("新盒"), url_for("custody.index"))


@bp.get("/store/boxes/<box_no>")
@requires(Permission.CUSTODY_VIEW)
def box(box_no: str) -> ResponseReturnValue:
    """Show one box and what belongs into it."""
    with unit_of_work() as uow:
        found = queries.get_box(uow, box_no)
        row = next(one for one in queries.boxes(uow) if one.box_no == found.box_no)
        return render_template(
            "custody/box.html",
            box=row,
            originals=queries.originals(uow, box_no=found.box_no),
            rooms=queries.rooms(uow),
            states=STATES,
        )


@bp.post("/store/boxes/<box_no>/place")
@requires(Permission.CUSTODY_EDIT)
def place(box_no: str) -> ResponseReturnValue:
    """Put scanned originals into the box; each one that cannot be placed is named."""
    codes = request.form.get("codes", "").split()
    placed = 0
    for code in codes:
        try:
            with unit_of_work() as uow:
                store.place(uow, code, box_no)
        except PostloanError as error:
            flash(f"{code}：{error_text(error)} {next_step_text(error)}", "error")
        else:
            placed += 1
    if placed:
        flash(_("已上架 %(count)s 件。", count=placed))
    return redirect(url_for("custody.box", box_no=box_no))


@bp.post("/store/boxes/<box_no>/move")
@requires(Permission.CUSTODY_EDIT)
def box_move(box_no: str) -> ResponseReturnValue:
    """Put the box elsewhere."""
    with unit_of_work() as uow:
        store.move_box(
            uow, box_no, request.form.get("room_id", 0, int), request.form.get("shelf", "")
        )
    flash(_("已移盒。"))
    return redirect(url_for("custody.box", box_no=box_no))


@bp.route("/store/originals/new", methods=["GET", "POST"])
@requires(Permission.CUSTODY_EDIT)
def original_new() -> ResponseReturnValue:
    """Enter a piece of paper."""
    form = OriginalForm(
        loan_no=request.args.get("loan", ""), item_code=request.args.get("item", "")
    )
    if form.submitted():
        try:
            with unit_of_work() as uow:
                original = store.register_original(uow, form.command())
                code, loan_no = original.barcode, form.loan_no.data
        except PostloanError as error:
            form.show(error)
        else:
            flash(_("原件 %(code)s 已登记，请打印标签。", code=code))
            return redirect(url_for("custody.of_loan", loan_no=loan_no))
    return form_page(form, _("登记原件"), url_for("custody.index"))


@bp.get("/store/deeds")
@requires(Permission.CUSTODY_VIEW)
def deeds() -> ResponseReturnValue:
    """List the title deeds: where each is, who has it."""
    state = request.args.get("state", "")
    with unit_of_work() as uow:
        return render_template(
            "custody/deeds.html",
            originals=queries.originals(uow, deeds=True, state=state),
            states=STATES,
            state=state,
        )


@bp.get("/store/labels")
@requires(Permission.CUSTODY_VIEW)
def label_sheet() -> ResponseReturnValue:
    """Draw labels for printing; `size` names roll or sheet, `skip` the first free place."""
    codes = [code for code in request.args.get("codes", "").split(",") if code]
    size = request.args.get("size", SIZES[0])
    if size not in SIZES:
        raise UnknownSizeError(size=size)
    with unit_of_work() as uow:
        rows = []
        for code in codes:
            if code.startswith("B"):
                found = queries.get_box(uow, code)
                words = (found.room.name, found.shelf)
            else:
                piece = queries.get_original(uow, code)
                words = (piece.item_code, piece.title)
            rows.append(
                {"code": code, "words": words, "bars": labels.bars(code),
                 "square": labels.square(code)}
            )  # fmt: skip
        uow.record("custody.labels_printed", "labels", codes=codes, size=size)
    skip = max(0, min(request.args.get("skip", 0, int), 23))
    return render_template(
        "custody/labels.html", rows=rows, size=size, sizes=SIZES, skip=skip, codes=codes
    )


class UnknownSizeError(RuleError):
    """No label has this size."""

    field = "size"

    def __init__(self, *, size: str) -> None:
        super().__init__(
            _l("没有“{size}”这种标签；可选 {sizes}。"), size=size, sizes="、".join(SIZES)
        )


@bp.get("/loans/<loan_no>/paper")
@requires(Permission.CUSTODY_VIEW)
def of_loan(loan_no: str) -> ResponseReturnValue:
    """Show where the originals of a loan file are, and who has them."""
    with unit_of_work() as uow:
        frame = file_frame(uow, loan_no, "paper")
        rows = queries.originals(uow, loan_id=frame.loan.id)
        return render_template(
            "custody/of_loan.html", file=frame, originals=rows, states=STATES
        )
