"""Pages of the inbox: drawn, cut, joined, turned; the rules that corrections taught."""

from http import HTTPStatus

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from postloan_archive.access.permissions import Permission
from postloan_archive.archive import inbox_views
from postloan_archive.archive.cutting import editing, learning
from postloan_archive.archive.cutting.editing import Edit
from postloan_archive.archive.forms import RuleForm, SeparatorForm
from postloan_archive.archive.routes.blueprint import bp
from postloan_archive.archive.routes.images import SIZES, jpeg
from postloan_archive.archive.routes.inbox_address import here
from postloan_archive.archive.rules.filing import item_title
from postloan_archive.archive.rules.leaves import QUARTER, WHOLE, Leaf
from postloan_archive.archive.rules.separators import Separator, code_of
from postloan_archive.archive.typed_numbers import loan_named
from postloan_archive.kernel.errors import PostloanError
from postloan_archive.loans import queries as loans
from postloan_archive.loans.headings import headings
from postloan_archive.uow import UnitOfWork
from postloan_archive.web.codes import square
from postloan_archive.web.guard import requires
from postloan_archive.web.paging import page_of
from postloan_archive.web.request_uow import unit_of_work
from postloan_archive.web.translations import error_text, next_step_text

LONGEST = 9  # digits of a number of ours
KINDS = ("split", "merge", "turn", "move", "drop", "blanks", "restore")


@bp.get("/inbox/<int:file_id>/pages/<int:no>.jpg")
@requires(Permission.DOCUMENT_ADD)
def inbox_image(file_id: int, no: int) -> ResponseReturnValue:
    """Draw a page of a file that waits; `of` names the file that a page of a piece is from."""
    size = SIZES.get(request.args.get("size", ""), SIZES["page"])
    of = request.args.get("of", 0, int)
    turn = request.args.get("turn", 0, int) // QUARTER * QUARTER % WHOLE
    with unit_of_work() as uow:
        source = (
            inbox_views.view_leaf(uow, file_id, Leaf(of, no, turn), size)
            if of
            else inbox_views.view_page(uow, file_id, no, size)
        )
    return jpeg(source)


@bp.post("/inbox/<int:file_id>/pieces")
@requires(Permission.DOCUMENT_ADD)
def inbox_pieces(file_id: int) -> ResponseReturnValue:
    """Do one step on the pages of a piece: `do` is the step, with what it is done to."""
    kind, *numbers = request.form.get("do", "").split(":")
    first, second = ([_number(text) for text in numbers] + [0, 0])[:2]
    sheet = request.args.get("sheet", 1, int)
    if kind in KINDS:
        cmd = Edit(
            file_id=file_id,
            version=request.form.get("version", 0, int),
            kind=kind,
            place=first,
            by=second,
            other=second,
        )
        try:
            with unit_of_work() as uow:
                row = editing.edit(uow, cmd)
                following = row.id
        except PostloanError as error:
            flash(" ".join(filter(None, (error_text(error), next_step_text(error)))))
        else:
            if following != file_id:
                flash(_("已分件；当前为新的一件。"))
                sheet = 1
            elif kind == "move":
                sheet = first + second
            return redirect(here(following, sheet=max(1, sheet)))
    return redirect(here(file_id, sheet=max(1, sheet)))


@bp.post("/inbox/steps/<int:step_id>/undo")
@requires(Permission.DOCUMENT_ADD)
def inbox_step_undo(step_id: int) -> ResponseReturnValue:
    """Take back the last step on pages."""
    with unit_of_work() as uow:
        row = editing.undo_step(uow, step_id)
        file_id = row.id
    flash(_("已撤销上一步。"))
    return redirect(here(file_id))


@bp.get("/inbox/separators")
@requires(Permission.DOCUMENT_ADD)
def separators() -> ResponseReturnValue:
    """Show separator sheets to print: blank ones that only cut, or with loan file and item."""
    with unit_of_work() as uow:
        form = SeparatorForm.for_person(uow.actor, request.args)
        sheets: list[dict[str, object]] = []
        if request.args and form.validate():
            try:
                sheets = _sheets(uow, form)
            except PostloanError as error:
                form.show(error)
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render_template("archive/separators.html", form=form, sheets=sheets), status


def _sheets(uow: UnitOfWork, form: SeparatorForm) -> list[dict[str, object]]:
    typed, item = (form.loan_no.data or "").strip(), form.item_code.data or ""
    loan_no = loans.get_loan(uow, loan_named(uow, typed)).loan_no if typed else ""
    heading = headings(uow, {loan_no}).get(loan_no)
    code = code_of(Separator(loan_no=loan_no, item_code=item if loan_no else ""))
    sheet = {
        "square": square(code, border=4),
        "code": code,
        "loan_no": loan_no,
        "customer": heading.customer if heading else "",
        "item": item_title(item) if loan_no and item else "",
        "item_code": item if loan_no else "",
    }
    return [sheet] * (form.count.data or 1)


@bp.get("/inbox/rules")
@requires(Permission.DOCUMENT_ADD)
def filing_rules() -> ResponseReturnValue:
    """List what corrections have taught."""
    with unit_of_work() as uow:
        return _rules(uow, RuleForm.for_person(uow.actor, fresh=True))


@bp.post("/inbox/rules")
@requires(Permission.DOCUMENT_EDIT)
def filing_rule_add() -> ResponseReturnValue:
    """Write a rule by hand."""
    with unit_of_work() as uow:
        form = RuleForm.for_person(uow.actor)
    if form.submitted():
        try:
            with unit_of_work() as uow:
                rule = learning.add_rule(uow, form.words.data or "", form.item_code.data or "")
                said = _("已登记归档规则：标题含“%(words)s”。", words=rule.words)
        except PostloanError as error:
            form.show(error)
        else:
            flash(said)
            return redirect(url_for("archive.filing_rules"))
    with unit_of_work() as uow:
        return _rules(uow, form), HTTPStatus.UNPROCESSABLE_ENTITY


@bp.post("/inbox/rules/<int:rule_id>")
@requires(Permission.DOCUMENT_EDIT)
def filing_rule_switch(rule_id: int) -> ResponseReturnValue:
    """Switch a rule off, or on again."""
    active = request.form.get("active") == "1"
    with unit_of_work() as uow:
        version = request.form.get("version", 0, int)
        rule = learning.switch(uow, rule_id, version, active=active)
        words = rule.words
    said = _("已启用“%(words)s”。") if active else _("已停用“%(words)s”。")
    flash(said % {"words": words})
    return redirect(url_for("archive.filing_rules"))


def _rules(uow: UnitOfWork, form: RuleForm) -> str:
    page = page_of(request.args, total=learning.count_rules(uow))
    return render_template(
        "archive/filing_rules.html",
        rows=learning.rules_of(uow, limit=page.size, offset=page.offset),
        page=page,
        form=form,
    )


def _number(text: str) -> int:
    """Return the number of a button of ours; what is none is 0, which names no page."""
    sign = -1 if text.startswith("-") else 1
    digits = text.lstrip("-")
    return (
        sign * int(digits)
        if digits.isascii() and digits.isdigit() and len(digits) < LONGEST
        else 0
    )
