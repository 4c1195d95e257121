"""管理 › 模板: versions of the Word templates, from the upload to the second person."""

import io
from http import HTTPStatus
from typing import Final

from flask import Blueprint, flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.datastructures import FileStorage

from postloan_archive.access import branches, people
from postloan_archive.access.permissions import Permission
from postloan_archive.kernel.errors import PostloanError, RuleError
from postloan_archive.notices import template_check, template_versions
from postloan_archive.notices.kinds import KINDS
from postloan_archive.notices.letters import Letter
from postloan_archive.notices.models import TemplateVersion
from postloan_archive.notices.pages.outputs import DOCX
from postloan_archive.notices.rules.fields import NOTICES
from postloan_archive.notices.template_versions import (
    ACT_LABELS,
    STATE_LABELS,
    UploadTemplate,
    letter_of,
)
from postloan_archive.notices.templates import content_of, in_use, published, template_bytes
from postloan_archive.uow import UnitOfWork
from postloan_archive.web.bounds import whole_number
from postloan_archive.web.guard import requires
from postloan_archive.web.request_uow import unit_of_work
from postloan_archive.web.translations import error_text, next_step_text
from postloan_archive.wordgen import Fault, TemplateRefusedError, mark_faults

bp: Final = Blueprint("templates", __name__, url_prefix="/templates")
LARGEST: Final = 32 * 1024 * 1024  # the limit of the engine


@bp.get("")
@requires(Permission.TEMPLATE_PUBLISH)
def index() -> ResponseReturnValue:
    """List the letters with the version in use and what waits for a second person."""
    with unit_of_work() as uow:
        here = [in_use(uow, letter, keep=False) for letter in KINDS.values()]
        rows = [_row(uow, version) for version in here]
        names = {version.decided_by for version in here}
        return render_template(
            "notices/templates.html", rows=rows, people=people.names_of(uow, names)
        )


@bp.route("/<code>", methods=["GET", "POST"])
@requires(Permission.TEMPLATE_PUBLISH)
def template(code: str) -> ResponseReturnValue:
    """Show the versions of one letter; check a file against it without keeping it."""
    letter = letter_of(code)
    given = request.files.get("file") if request.method == "POST" else None
    if given is None or not given.filename:
        return _page(letter)
    data, name = given.stream.read(LARGEST + 1), given.filename
    faults = template_check.check(letter, data)
    with unit_of_work() as uow:
        uow.record(
            "notices.template_checked", f"template:{letter.code}", name=name, faults=len(faults)
        )
    if request.form.get("answer") == "marked":
        marked = marked_copy(data, faults)
        if marked is not None:
            return docx_answer(marked, f"批注-{name}")
    return _page(letter, faults=faults, name=name)


@bp.post("/<code>/versions")
@requires(Permission.TEMPLATE_EDIT)
def upload(code: str) -> ResponseReturnValue:
    """Keep a file as a draft version."""
    letter = letter_of(code)
    given: FileStorage | None = request.files.get("file")
    if given is None or not given.filename:
        return _page(letter, fault=_("请选择 Word 文件。")), HTTPStatus.UNPROCESSABLE_ENTITY
    place = request.form.get("branch", "")
    try:
        with unit_of_work() as uow:
            version_id = template_versions.upload(
                uow,
                UploadTemplate(
                    code=code,
                    data=given.stream.read(LARGEST + 1),
                    file_name=given.filename,
                    branch_id=(whole_number(place) or 0) if place else None,
                    note=request.form.get("note", "")[:500],
                ),
            ).id
    except PostloanError as error:
        text = " ".join(filter(None, (error_text(error), next_step_text(error))))
        return _page(letter, fault=text), HTTPStatus.UNPROCESSABLE_ENTITY
    flash(_("已存为草稿版本，可试填、比较，改好后提交。"))
    return redirect(url_for("templates.version", version_id=version_id))


@bp.post("/<code>/end-variant")
@requires(Permission.TEMPLATE_PUBLISH)
def end_variant(code: str) -> ResponseReturnValue:
    """Let a branch follow the head office again."""
    try:
        with unit_of_work() as uow:
            template_versions.end_variant(
                uow,
                code,
                whole_number(request.form.get("branch", "")) or 0,
                request.form.get("reason", ""),
            )
    except RuleError as error:
        flash(error_text(error), "error")
    else:
        flash(_("已停用该机构的变体，今后使用总部模板。"))
    return redirect(url_for("templates.template", code=code.upper()))


@bp.get("/<code>/fields")
@requires(Permission.TEMPLATE_PUBLISH)
def fields(code: str) -> ResponseReturnValue:
    """Show every blank of a letter: name, type, sample, whether the rule asks for it."""
    letter = letter_of(code)
    with unit_of_work() as uow:
        used = template_check.used_fields(content_of(uow, in_use(uow, letter, keep=False)))
    return render_template(
        "notices/template_fields.html",
        code=letter.code,
        title=NOTICES[letter.code].title,
        rows=template_check.fields_of(letter, used),
        kinds=template_check.KIND_LABELS,
        codes=[(one, NOTICES[one].title) for one in KINDS],
    )


@bp.get("/<code>/file.docx")
@requires(Permission.TEMPLATE_PUBLISH)
def template_file(code: str) -> ResponseReturnValue:
    """Hand out the template in use, to be changed in Word."""
    letter = letter_of(code)
    with unit_of_work() as uow:
        version = in_use(uow, letter, keep=False)
        shipped = request.args.get("edition") == "shipped"
        data = template_bytes(letter.template) if shipped else content_of(uow, version)
        uow.record(
            "notices.template_exported",
            f"template:{letter.code}",
            version=None if shipped else version.number,
        )
    return docx_answer(data, f"{letter.code}-{letter.template}")


def _row(uow: UnitOfWork, version: TemplateVersion) -> dict[str, object]:
    letter = letter_of(version.code)
    data = content_of(uow, version)
    faults = template_check.check(letter, data)
    versions = template_versions.versions_of(uow, letter.code)
    return {
        "code": letter.code,
        "title": NOTICES[letter.code].title,
        "version": version,
        "variants": len({one.branch_id for one in versions if one.branch_id is not None}),
        "waiting": sum(one.state == "submitted" for one in versions),
        "errors": sum(not template_check.is_warning(fault) for fault in faults),
        "fonts": sum(template_check.is_warning(fault) for fault in faults),
    }


def _page(
    letter: type[Letter],
    *,
    faults: list[Fault] | None = None,
    name: str = "",
    fault: str = "",
) -> str:
    with unit_of_work() as uow:
        here = in_use(uow, letter, keep=False)
        versions = template_versions.versions_of(uow, letter.code)
        publications = template_versions.publications_of(uow, letter.code)
        data = content_of(uow, here)
        names = {one.uploaded_by for one in versions} | {one.decided_by for one in versions}
        names |= {one.published_by for one in publications}
        return render_template(
            "notices/template.html",
            code=letter.code,
            title=NOTICES[letter.code].title,
            here=here,
            versions=versions,
            publications=publications,
            used={one.id for one in _in_force(uow, letter, versions)},
            places=_places(uow),
            branches=branches.names(uow.session),
            people=people.names_of(uow, names),
            states=STATE_LABELS,
            acts=ACT_LABELS,
            shown=template_check.check(letter, data) if faults is None else faults,
            checked=faults is not None,
            absent=template_check.missing_required(letter, data),
            name=name,
            fault=fault,
            may_head=template_versions.may_change(uow, None),
        )


def _in_force(
    uow: UnitOfWork, letter: type[Letter], versions: list[TemplateVersion]
) -> list[TemplateVersion]:
    places = {one.branch_id for one in versions}
    found = [published(uow, letter.code, place) for place in places]
    return [one for one in found if one is not None]


def _places(uow: UnitOfWork) -> list[branches.BranchRow]:
    """Return the branches that may have a variant of the actor's making."""
    return branches.tree(uow.session, only=uow.actor.branch_ids)


def marked_copy(data: bytes, faults: list[Fault]) -> bytes | None:
    """Return a copy with a Word comment at each fault, None where a file can hold none."""
    try:
        return mark_faults(data, faults)
    except (TemplateRefusedError, ValueError, KeyError):
        return None


def docx_answer(data: bytes, name: str) -> ResponseReturnValue:
    """Hand out a Word file."""
    return send_file(io.BytesIO(data), mimetype=DOCX, as_attachment=True, download_name=name)
