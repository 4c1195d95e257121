"""法务 › 材料包: the cases with their packages, the builder, frozen versions."""

from http import HTTPStatus

from flask import (
    Blueprint,
    Response,
    flash,
    redirect,
    render_template,
    request,
    send_file,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from postloan_archive.access.permissions import Permission
from postloan_archive.archive import queries as archive
from postloan_archive.bundle import verify_package
from postloan_archive.cases import listing
from postloan_archive.cases import queries as cases
from postloan_archive.jobs import Job, JobState, list_jobs
from postloan_archive.kernel.errors import PostloanError, RuleError
from postloan_archive.litigation import drafting, making, queries, service, splitting
from postloan_archive.litigation.errors import VolumeSizeError
from postloan_archive.litigation.forms import ExhibitForm
from postloan_archive.litigation.queries import ExhibitRow
from postloan_archive.litigation.rules.catalogue import CODES, NOT_IN_PACKAGE, USUAL, title_of
from postloan_archive.litigation.service import AddExhibit
from postloan_archive.reading import render_page
from postloan_archive.uow import UnitOfWork
from postloan_archive.web.bounds import whole_number
from postloan_archive.web.guard import requires
from postloan_archive.web.request_uow import unit_of_work
from postloan_archive.web.translations import error_text

bp = Blueprint("litigation", __name__, url_prefix="/packages")
WIDTH = 900  # pixels of a page image
RUNNING = (JobState.QUEUED, JobState.RUNNING)


@bp.get("")
@requires(Permission.PACKAGE_VIEW)
def index() -> ResponseReturnValue:
    """List the cases with the newest version of their package."""
    with unit_of_work() as uow:
        rows = []
        for row in listing.case_rows(uow):
            package = queries.package_of(uow, cases.get_case(uow, row.case_no))
            versions = queries.versions_of(uow, package) if package else []
            rows.append(
                {
                    "case": row,
                    "exhibits": len(package.items) if package else None,
                    "version": versions[0] if versions else None,
                }
            )
        return render_template("litigation/index.html", rows=rows)


@bp.post("/<case_no>/open")
@requires(Permission.PACKAGE_BUILD)
def start(case_no: str) -> ResponseReturnValue:
    """Propose the exhibits of a case."""
    with unit_of_work() as uow:
        service.open_package(uow, case_no)
    return redirect(url_for("litigation.package", case_no=case_no))


@bp.get("/<case_no>")
@requires(Permission.PACKAGE_VIEW)
def package(case_no: str) -> ResponseReturnValue:
    """Show the builder."""
    return _builder(case_no, None)


@bp.post("/<case_no>/exhibits")
@requires(Permission.PACKAGE_BUILD)
def add(case_no: str) -> ResponseReturnValue:
    """Add a document of the loan file, or a paper that was found inside it."""
    document = whole_number(request.form.get("document", "")) or 0
    part = whole_number(request.form.get("part", ""))
    try:
        with unit_of_work() as uow:
            if part is None:
                cmd = AddExhibit(case_no=case_no, document_id=document)
                item_id = service.add_exhibit(uow, cmd).id
            else:
                item_id = splitting.add_part(uow, case_no, document, part).id
    except RuleError as error:
        flash(error_text(error), "error")
        return redirect(url_for("litigation.package", case_no=case_no))
    return redirect(url_for("litigation.package", case_no=case_no, item=item_id))


@bp.post("/<case_no>/exhibits/<int:item_id>/part")
@requires(Permission.PACKAGE_BUILD)
def narrow(case_no: str, item_id: int) -> ResponseReturnValue:
    """Take only one paper that was found inside the scan of an exhibit."""
    part = whole_number(request.form.get("part", "")) or 0
    with unit_of_work() as uow:
        splitting.take_part(uow, case_no, item_id, part)
    flash(_("已保存。"))
    return redirect(url_for("litigation.package", case_no=case_no, item=item_id))


@bp.post("/<case_no>/order")
@requires(Permission.PACKAGE_BUILD)
def order(case_no: str) -> ResponseReturnValue:
    """Keep the order, or move one exhibit where there is no script."""
    step = request.form.get("move", "")
    with unit_of_work() as uow:
        if step:
            item, _colon, way = step.partition(":")
            service.move(uow, case_no, whole_number(item) or 0, -1 if way == "up" else 1)
        else:
            ids = request.form.get("order", "").split(",")
            numbers = (whole_number(one) for one in ids)
            service.reorder(uow, case_no, (one for one in numbers if one is not None))
    return redirect(url_for("litigation.package", case_no=case_no))


@bp.post("/<case_no>/sort")
@requires(Permission.PACKAGE_BUILD)
def sort(case_no: str) -> ResponseReturnValue:
    """Put the exhibits in the order of the checklist, of their days or of their codes."""
    with unit_of_work() as uow:
        service.sort_exhibits(uow, case_no, request.form.get("by", ""))
    return redirect(url_for("litigation.package", case_no=case_no))


@bp.post("/<case_no>/proposals")
@requires(Permission.PACKAGE_BUILD)
def propose(case_no: str) -> ResponseReturnValue:
    """Add what the checklist and the clocks propose by now."""
    with unit_of_work() as uow:
        count = service.propose_more(uow, case_no)
    flash(_("已加入 %(count)s 份证据。", count=count))
    return redirect(url_for("litigation.package", case_no=case_no))


@bp.post("/<case_no>/arrangement")
@requires(Permission.PACKAGE_BUILD)
def arrange(case_no: str) -> ResponseReturnValue:
    """Keep the largest file of the court and which papers go in."""
    text = request.form.get("volume_mb", "").strip()
    size = whole_number(text) if text else None
    try:
        if text and size is None:
            raise VolumeSizeError(size=0, most=service.LARGEST_VOLUME)
        with unit_of_work() as uow:
            service.arrange(uow, case_no, volume_mb=size, papers=request.form.getlist("paper"))
    except RuleError as error:
        flash(error_text(error), "error")
    else:
        flash(_("已保存。"))
    return redirect(url_for("litigation.package", case_no=case_no))


@bp.post("/<case_no>/exhibits/<int:item_id>")
@requires(Permission.PACKAGE_BUILD)
def describe(case_no: str, item_id: int) -> ResponseReturnValue:
    """Change one exhibit."""
    form = ExhibitForm()
    if form.submitted():
        try:
            with unit_of_work() as uow:
                service.describe_exhibit(uow, form.command(case_no, item_id))
        except PostloanError as error:
            form.show(error)
        else:
            flash(_("已保存。"))
            return redirect(url_for("litigation.package", case_no=case_no, item=item_id))
    return _builder(case_no, form, item_id)


@bp.post("/<case_no>/exhibits/<int:item_id>/remove")
@requires(Permission.PACKAGE_BUILD)
def remove(case_no: str, item_id: int) -> ResponseReturnValue:
    """Take one exhibit out."""
    with unit_of_work() as uow:
        service.remove_exhibit(uow, case_no, item_id)
    flash(_("已移出材料包，文件仍在案卷内。"))
    return redirect(url_for("litigation.package", case_no=case_no))


@bp.post("/<case_no>/facts")
@requires(Permission.PACKAGE_BUILD)
def facts(case_no: str) -> ResponseReturnValue:
    """Keep what the papers ask for."""
    given = {key: request.form[key] for key in drafting.ASKED if key in request.form}
    try:
        with unit_of_work() as uow:
            making.answer(uow, case_no, "P01", given)
    except RuleError as error:
        flash(error_text(error), "error")
    else:
        flash(_("已保存。"))
    return redirect(url_for("litigation.package", case_no=case_no))


@bp.post("/<case_no>/freeze")
@requires(Permission.PACKAGE_BUILD)
def freeze(case_no: str) -> ResponseReturnValue:
    """Hand the package to a worker."""
    with unit_of_work() as uow:
        service.start_build(uow, case_no)
    return redirect(url_for("litigation.package", case_no=case_no))


@bp.get("/<case_no>/work")
@requires(Permission.PACKAGE_VIEW)
def work(case_no: str) -> ResponseReturnValue:
    """Show how far the worker is; the finished page reloads itself."""
    with unit_of_work() as uow:
        cases.get_case(uow, case_no)
        job = _job(uow, case_no)
    if job is None or job.state not in RUNNING:
        return Response(headers={"HX-Refresh": "true"})
    return render_template("litigation/work.html", job=job, case_no=case_no)


@bp.get("/<case_no>/versions/<int:no>/file")
@requires(Permission.PACKAGE_VIEW)
def download(case_no: str, no: int) -> ResponseReturnValue:
    """Hand out one frozen zip; the digest is checked on the way."""
    with unit_of_work() as uow:
        case = cases.get_case(uow, case_no)
        version = queries.get_version(queries.package_of(uow, case), no)
        stream = uow.vault.open_checked(version.sha256)
        uow.record(
            "litigation.package_exported", f"case:{case.id}", no=no, sha256=version.sha256
        )
    return send_file(
        stream,
        mimetype="application/zip",
        as_attachment=True,
        download_name=f"{case_no}-v{no}.zip",
    )


@bp.post("/<case_no>/versions/<int:no>/verify")
@requires(Permission.PACKAGE_VIEW)
def verify(case_no: str, no: int) -> ResponseReturnValue:
    """Check one frozen zip and say what was found."""
    with unit_of_work() as uow:
        case = cases.get_case(uow, case_no)
        version = queries.get_version(queries.package_of(uow, case), no)
        report = verify_package(uow.vault.path(version.sha256))
        uow.record("litigation.package_verified", f"case:{case.id}", no=no, ok=report.is_intact)
    flash("".join(report.sentences), "message" if report.is_intact else "error")
    return redirect(url_for("litigation.package", case_no=case_no))


@bp.get("/<case_no>/exhibits/<int:item_id>/pages/<int:no>.jpg")
@requires(Permission.PACKAGE_VIEW)
def page_image(case_no: str, item_id: int, no: int) -> ResponseReturnValue:
    """Draw one page of an exhibit."""
    with unit_of_work() as uow:
        found = queries.exhibit_of(uow, cases.get_case(uow, case_no), item_id)
        document = archive.get_document(uow, found.document_id)
        path, kind = uow.vault.path(document.sha256), document.media_type
    image = render_page(path, kind, no, width=WIDTH)
    return Response(image, mimetype="image/jpeg", headers={"Cache-Control": "private"})


def _job(uow: UnitOfWork, case_no: str) -> Job | None:
    jobs = list_jobs(uow.session, kind="build_package", limit=20).jobs
    return next((job for job in jobs if job.args and job.args[0] == case_no), None)


def _page_no(chosen: ExhibitRow | None) -> int:
    """Return the page to preview: the one asked for, else the first that goes in."""
    if chosen is None:
        return 1
    asked = whole_number(request.args.get("page", "")) or chosen.first_page or 1
    return min(max(1, asked), max(1, chosen.pages))


def _builder(
    case_no: str, form: ExhibitForm | None, item_id: int | None = None
) -> ResponseReturnValue:
    wanted = item_id or request.args.get("item", 0, int)
    with unit_of_work() as uow:
        case = cases.get_case(uow, case_no)
        found = queries.package_of(uow, case)
        exhibits = queries.exhibits_of(uow, found) if found else []
        chosen = next((row for row in exhibits if row.id == wanted), None)
        chosen = chosen or (exhibits[0] if exhibits else None)
        if form is None and chosen is not None:
            form = ExhibitForm(formdata=None, obj=chosen)
        drafts = drafting.draft_papers(queries.source_of(uow, case))
        page = render_template(
            "litigation/package.html",
            row=cases.case_row(uow, case),
            opened=found is not None,
            exhibits=exhibits,
            pages=sum(one.taken for one in exhibits),
            chosen=chosen,
            parts=splitting.parts_of_exhibit(uow, case, chosen) if chosen else [],
            page_no=_page_no(chosen),
            form=form,
            checklist=queries.checklist_of(uow, case, found) if found else [],
            choices=queries.choices(uow, case, found) if found else [],
            versions=queries.versions_of(uow, found) if found else [],
            proofs=queries.proofs_of(uow, case, found) if found else [],
            papers=[(code, title_of(code)) for code in CODES if code not in NOT_IN_PACKAGE],
            taken=(
                found.papers
                if found and found.papers is not None
                else USUAL[found.kind if found else "complaint"]
            ),
            kind=found.kind if found else "complaint",
            volume_mb=found.volume_mb if found else None,
            drafts=drafts,
            asked=[
                (key, text, case.facts.get(key, "")) for key, text in drafting.ASKED.items()
            ],
            job=_job(uow, case_no),
            running=RUNNING,
        )
    failed = form is not None and form.errors
    return page, HTTPStatus.UNPROCESSABLE_ENTITY if failed else HTTPStatus.OK
