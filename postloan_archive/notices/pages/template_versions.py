"""One version of a template: its faults, a trial with a loan, what changed, who agrees."""

import io
from collections.abc import Callable
from http import HTTPStatus

from flask import flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from postloan_archive.access import branches, people
from postloan_archive.access.permissions import Permission
from postloan_archive.kernel.errors import PostloanError
from postloan_archive.notices import template_check, template_versions
from postloan_archive.notices.models import TemplateVersion
from postloan_archive.notices.pages.letters import NoSuchPictureError
from postloan_archive.notices.pages.templates import bp, docx_answer, marked_copy
from postloan_archive.notices.previews import Preview, drawn_page
from postloan_archive.notices.rules.fields import NOTICES
from postloan_archive.notices.template_trials import Trial, fill_with_loan, preview_of_trial
from postloan_archive.notices.template_versions import (
    STATE_LABELS,
    DecideTemplate,
    get_version,
    letter_of,
)
from postloan_archive.notices.templates import content_of, in_use, published
from postloan_archive.uow import UnitOfWork
from postloan_archive.web.bounds import whole_number
from postloan_archive.web.guard import requires
from postloan_archive.web.request_uow import unit_of_work
from postloan_archive.web.translations import error_text, next_step_text
from postloan_archive.wordgen import compare_docx, docx_to_pdf, soffice_path

PDF = "application/pdf"


@bp.get("/versions/<int:version_id>")
@requires(Permission.TEMPLATE_PUBLISH)
def version(version_id: int) -> ResponseReturnValue:
    """Show a version with its faults and, where a loan is named, filled with it."""
    loan_no = request.args.get("loan", "").strip()
    trial, preview, refusal = None, None, ""
    with unit_of_work() as uow:
        found = get_version(uow, version_id)
        if loan_no:
            try:
                trial = fill_with_loan(uow, found, loan_no)
                preview = preview_of_trial(uow, found, loan_no, trial, draw=True)
            except PostloanError as error:
                refusal = " ".join(filter(None, (error_text(error), next_step_text(error))))
        body = _page(uow, found, loan_no=loan_no, trial=trial, preview=preview, refusal=refusal)
    return body, HTTPStatus.UNPROCESSABLE_ENTITY if refusal else HTTPStatus.OK


@bp.get("/versions/<int:version_id>/fill/<int:no>.png")
@requires(Permission.TEMPLATE_PUBLISH)
def fill_picture(version_id: int, no: int) -> ResponseReturnValue:
    """Draw one page of a trial."""
    with unit_of_work() as uow:
        trial = fill_with_loan(uow, get_version(uow, version_id), request.args.get("loan", ""))
        picture = drawn_page(uow, trial.docx, no)
    if picture is None:
        raise NoSuchPictureError(page=no)
    return send_file(io.BytesIO(picture), mimetype="image/png", max_age=0)


@bp.get("/versions/<int:version_id>/fill")
@requires(Permission.TEMPLATE_PUBLISH)
def fill(version_id: int) -> ResponseReturnValue:
    """Show a trial as far as it is drawn; asked again by the page until it is."""
    loan_no = request.args.get("loan", "")
    with unit_of_work() as uow:
        found = get_version(uow, version_id)
        trial = fill_with_loan(uow, found, loan_no)
        return render_template(
            "notices/_trial.html",
            version=found,
            loan_no=loan_no,
            preview=preview_of_trial(uow, found, loan_no, trial),
        )


@bp.get("/versions/<int:version_id>/fill.docx")
@requires(Permission.TEMPLATE_PUBLISH)
def fill_docx(version_id: int) -> ResponseReturnValue:
    """Hand out a trial as a Word file."""
    with unit_of_work() as uow:
        found = get_version(uow, version_id)
        trial = fill_with_loan(uow, found, request.args.get("loan", ""))
        name = f"试填-{found.code}-第{found.number}版.docx"
    return docx_answer(trial.docx, name)


@bp.get("/versions/<int:version_id>/fill.pdf")
@requires(Permission.TEMPLATE_PUBLISH)
def fill_pdf(version_id: int) -> ResponseReturnValue:
    """Hand out a trial as PDF."""
    with unit_of_work() as uow:
        found = get_version(uow, version_id)
        trial = fill_with_loan(uow, found, request.args.get("loan", ""))
        (pdf,) = docx_to_pdf([trial.docx], soffice=soffice_path(uow.settings.soffice))
        name = f"试填-{found.code}-第{found.number}版.pdf"
    return send_file(io.BytesIO(pdf), mimetype=PDF, as_attachment=True, download_name=name)


@bp.get("/versions/<int:version_id>/file.docx")
@requires(Permission.TEMPLATE_PUBLISH)
def version_file(version_id: int) -> ResponseReturnValue:
    """Hand out the file of a version."""
    with unit_of_work() as uow:
        found = get_version(uow, version_id)
        data = uow.vault.read(found.sha256)
        uow.record("notices.template_exported", f"template:{found.code}", version=found.number)
        name = f"{found.code}-第{found.number}版.docx"
    return docx_answer(data, name)


@bp.get("/versions/<int:version_id>/marked.docx")
@requires(Permission.TEMPLATE_PUBLISH)
def version_marked(version_id: int) -> ResponseReturnValue:
    """Hand out a copy with a Word comment at each fault."""
    with unit_of_work() as uow:
        found = get_version(uow, version_id)
        data = uow.vault.read(found.sha256)
        marked = marked_copy(data, template_versions.faults_of(uow, found)) or data
        name = f"批注-{found.code}-第{found.number}版.docx"
    return docx_answer(marked, name)


@bp.get("/versions/<int:version_id>/compare")
@requires(Permission.TEMPLATE_PUBLISH)
def compare(version_id: int) -> ResponseReturnValue:
    """Show what changed against another version, the one in use if none is named."""
    with unit_of_work() as uow:
        new = get_version(uow, version_id)
        other = whole_number(request.args.get("with", ""))
        letter = letter_of(new.code)
        old = (
            get_version(uow, other) if other else in_use(uow, letter, new.branch_id, keep=False)
        )
        return render_template(
            "notices/template_compare.html",
            new=new,
            old=old,
            title=NOTICES[new.code].title,
            found=compare_docx(content_of(uow, old), content_of(uow, new)),
            versions=template_versions.versions_of(uow, new.code),
            branches=branches.names(uow.session),
        )


@bp.post("/versions/<int:version_id>/submit")
@requires(Permission.TEMPLATE_EDIT)
def submit(version_id: int) -> ResponseReturnValue:
    """Ask for the publication of a draft."""
    return _done(
        version_id,
        lambda uow: template_versions.submit(uow, version_id),
        _("已提交，待另一人发布。"),
    )


@bp.post("/versions/<int:version_id>/publish")
@requires(Permission.TEMPLATE_PUBLISH)
def publish(version_id: int) -> ResponseReturnValue:
    """Put a submitted version in use, as the second person."""
    decision = DecideTemplate(
        version_id=version_id, publish=True, reason=request.form.get("reason", "")[:500]
    )
    return _done(
        version_id,
        lambda uow: template_versions.decide(uow, decision),
        _("已发布，今后的批次使用这一版。"),
    )


@bp.post("/versions/<int:version_id>/refuse")
@requires(Permission.TEMPLATE_PUBLISH)
def refuse(version_id: int) -> ResponseReturnValue:
    """Send a submitted version back."""
    decision = DecideTemplate(
        version_id=version_id, publish=False, reason=request.form.get("reason", "")[:500]
    )
    return _done(version_id, lambda uow: template_versions.decide(uow, decision), _("已退回。"))


@bp.post("/versions/<int:version_id>/roll-back")
@requires(Permission.TEMPLATE_PUBLISH)
def roll_back(version_id: int) -> ResponseReturnValue:
    """Take an older published version back into use."""
    reason = request.form.get("reason", "")[:500]
    return _done(
        version_id,
        lambda uow: template_versions.roll_back(uow, version_id, reason),
        _("已退回这一版，今后的批次使用它。"),
    )


def _done(
    version_id: int, step: Callable[[UnitOfWork], object], words: str
) -> ResponseReturnValue:
    try:
        with unit_of_work() as uow:
            step(uow)
    except PostloanError as error:
        flash(" ".join(filter(None, (error_text(error), next_step_text(error)))), "error")
    else:
        flash(words)
    return redirect(url_for("templates.version", version_id=version_id))


def _page(
    uow: UnitOfWork,
    found: TemplateVersion,
    *,
    loan_no: str,
    trial: Trial | None,
    preview: Preview | None,
    refusal: str,
) -> str:
    faults = template_versions.faults_of(uow, found)
    now = published(uow, found.code, found.branch_id)
    names = {found.uploaded_by, found.submitted_by, found.decided_by}
    return render_template(
        "notices/template_version.html",
        version=found,
        title=NOTICES[found.code].title,
        faults=faults,
        errors=[fault for fault in faults if not template_check.is_warning(fault)],
        absent=template_check.missing_required(
            letter_of(found.code), uow.vault.read(found.sha256)
        ),
        place=branches.name_of(uow, found.branch_id) if found.branch_id else "",
        is_used=now is not None and now.id == found.id,
        states=STATE_LABELS,
        people=people.names_of(uow, names),
        may_edit=uow.actor.may(Permission.TEMPLATE_EDIT)
        and template_versions.may_change(uow, found.branch_id),
        may_publish=template_versions.may_publish(uow, found),
        may_roll_back=template_versions.may_change(uow, found.branch_id),
        loan_no=loan_no,
        trial=trial,
        preview=preview,
        refusal=refusal,
    )
