"""导入案卷 from another installation; repairing single stored files from a backup."""

from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from tempfile import TemporaryDirectory

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from postloan_archive.access import users
from postloan_archive.access.permissions import Permission
from postloan_archive.admin import rechecking
from postloan_archive.assurance import bags, importing, landing, repairing
from postloan_archive.assurance.importing import Imported
from postloan_archive.assurance.routes.blueprint import bp
from postloan_archive.kernel.errors import PostloanError
from postloan_archive.web.frame import light
from postloan_archive.web.guard import requires
from postloan_archive.web.paging import page_of
from postloan_archive.web.request_uow import the_system, unit_of_work
from postloan_archive.web.translations import error_text, next_step_text


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What became of one bag of a zip: taken over, or why not."""

    name: str
    loan_no: str = ""
    done: Imported | None = None
    fault: str = ""


@bp.get("/files/import")
@requires(Permission.LEDGER_IMPORT)
def file_import() -> ResponseReturnValue:
    """Show the form for loan files from elsewhere, and those that came."""
    return _import_page()


@bp.post("/files/import")
@requires(Permission.LEDGER_IMPORT)
def import_file() -> ResponseReturnValue:
    """Check every bag of a zip whole and take over those that hold; say what became of each."""
    sent = request.files.get("bag")
    try:
        if sent is None or not sent.filename:
            raise bags.NoBagError(why=_("请选择压缩包。"))
        with TemporaryDirectory(dir=the_system().settings.data) as folder:
            roots = bags.unpack(sent.stream, Path(folder))  # type: ignore[arg-type]  # a binary stream
            results = [_taken(root, root.relative_to(folder).as_posix()) for root in roots]
    except PostloanError as error:
        return _import_page(fault=_said(error)), HTTPStatus.UNPROCESSABLE_ENTITY
    if all(one.done is None for one in results):
        return _import_page(results=results), HTTPStatus.UNPROCESSABLE_ENTITY
    return _import_page(results=results)


@bp.get("/files/imports/<int:imported_file_id>")
@requires(Permission.LEDGER_IMPORT)
def import_report(imported_file_id: int) -> ResponseReturnValue:
    """Show one import, its papers and its proof read again now."""
    light("loans.index")
    with unit_of_work() as uow:
        found = landing.landing(uow, imported_file_id)
        uow.record("assurance.import_viewed", f"loan:{found.loan.id}")
        return render_template(
            "assurance/import_report.html",
            row=found.row,
            loan=found.loan,
            papers=found.papers,
            proof_holds=found.proof_holds,
            bad=sum(not one.good for one in found.papers),
            names=users.display_names(uow),
        )


def _taken(root: Path, name: str) -> Result:
    loan_no = ""
    try:
        bag = bags.read_bag(root)
        loan_no = bag.loan_no
        with unit_of_work() as uow:
            return Result(name=name, done=importing.import_bag(uow, bag))
    except PostloanError as error:
        return Result(name=name, loan_no=loan_no, fault=_said(error))


def _said(error: PostloanError) -> str:
    return " ".join(filter(None, (error_text(error), next_step_text(error))))


def _import_page(*, fault: str = "", results: Sequence[Result] = ()) -> str:
    light("loans.index")
    with unit_of_work() as uow:
        page = page_of(request.args, total=landing.imported_count(uow))
        return render_template(
            "assurance/import.html",
            fault=fault,
            results=results,
            rows=landing.imported_files(uow, limit=page.size, offset=page.offset),
            page=page,
            names=users.display_names(uow),
        )


@bp.get("/admin/system/repair")
@requires(Permission.SYSTEM_ADMIN)
def repairs() -> ResponseReturnValue:
    """Show the stored files that are bad and whether the backup has a good copy."""
    light("system.health")
    system = the_system()
    with unit_of_work() as uow:
        bad = rechecking.check_state(uow.session).bad
        return render_template(
            "assurance/repair.html",
            bad=[(sha256, state, repairing.has_copy(system, sha256)) for sha256, state in bad],
            folder=system.settings.backup_folder,
        )


@bp.post("/admin/system/repair")
@requires(Permission.SYSTEM_ADMIN)
def repair_file() -> ResponseReturnValue:
    """Put the good copy of the backup in the place of one bad file."""
    with unit_of_work() as uow:
        repairing.repair_one(uow, request.form.get("sha256", ""))
    flash(_("文件已由备份修复，坏的一份留在隔离区作证据。"))
    return redirect(url_for("assurance.repairs"))
