"""管理 › 模板: the Word templates, the blanks of each letter, a check before one is used."""

import io
from http import HTTPStatus
from typing import Final

from flask import Blueprint, render_template, request, send_file
from flask.typing import ResponseReturnValue

from postloan_archive.access.permissions import Permission
from postloan_archive.kernel.errors import NotFoundError, _l
from postloan_archive.notices import template_check
from postloan_archive.notices.letters import Letter
from postloan_archive.notices.pages.outputs import DOCX
from postloan_archive.notices.service import KINDS
from postloan_archive.notices.templates import template_bytes
from postloan_archive.web.guard import requires
from postloan_archive.web.request_uow import unit_of_work
from postloan_archive.wordgen import TemplateRefusedError, mark_faults

bp: Final = Blueprint("templates", __name__, url_prefix="/templates")
LARGEST: Final = 32 * 1024 * 1024  # the limit of the engine


class NoSuchLetterError(NotFoundError):
    """No letter has this code."""

    def __init__(self, *, code: str) -> None:
        super().__init__(_l("没有“{code}”这种函件。"), code=code)


@bp.get("")
@requires(Permission.TEMPLATE_EDIT)
def index() -> ResponseReturnValue:
    """List the templates."""
    return render_template(
        "notices/templates.html",
        rows=template_check.rows(),
        is_warning=template_check.is_warning,
    )


@bp.route("/<code>", methods=["GET", "POST"])
@requires(Permission.TEMPLATE_EDIT)
def template(code: str) -> ResponseReturnValue:
    """Show the blanks of a letter and check an uploaded template against them."""
    letter = _letter(code)
    given = request.files.get("file") if request.method == "POST" else None
    faults, name, marked = None, "", None
    if given is not None and given.filename:
        data, name = given.stream.read(LARGEST + 1), given.filename
        faults = template_check.check(letter, data)
        with unit_of_work() as uow:
            uow.record(
                "notices.template_checked", f"template:{code}", name=name, faults=len(faults)
            )
        if request.form.get("answer") == "marked":
            try:
                marked = mark_faults(data, faults)
            except (TemplateRefusedError, ValueError, KeyError):
                marked = None  # no file that can hold comments: the list says why
    if marked is not None:
        return send_file(
            io.BytesIO(marked),
            mimetype=DOCX,
            as_attachment=True,
            download_name=f"批注-{name}",
        )
    page = render_template(
        "notices/template.html",
        row=template_check.row_of(letter),
        faults=faults,
        name=name,
        is_warning=template_check.is_warning,
    )
    return page, HTTPStatus.OK


@bp.get("/<code>/file.docx")
@requires(Permission.TEMPLATE_EDIT)
def template_file(code: str) -> ResponseReturnValue:
    """Hand out the template in use, to be changed in Word."""
    letter = _letter(code)
    with unit_of_work() as uow:
        uow.record("notices.template_exported", f"template:{code}", name=letter.template)
    return send_file(
        io.BytesIO(template_bytes(letter.template)),
        mimetype=DOCX,
        as_attachment=True,
        download_name=f"{code}-{letter.template}",
    )


def _letter(code: str) -> type[Letter]:
    letter = KINDS.get(code.upper())
    if letter is None:
        raise NoSuchLetterError(code=code)
    return letter
