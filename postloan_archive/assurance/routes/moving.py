"""导入案卷 from another installation; repairing single stored files from a backup."""

from http import HTTPStatus
from pathlib import Path
from tempfile import TemporaryDirectory

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from postloan_archive.access.permissions import Permission
from postloan_archive.admin import rechecking
from postloan_archive.assurance import bags, importing, repairing
from postloan_archive.assurance.routes.blueprint import bp
from postloan_archive.kernel.errors import PostloanError
from postloan_archive.web.frame import light
from postloan_archive.web.guard import requires
from postloan_archive.web.request_uow import the_system, unit_of_work
from postloan_archive.web.translations import error_text, next_step_text


@bp.get("/files/import")
@requires(Permission.LEDGER_IMPORT)
def file_import() -> ResponseReturnValue:
    """Show the form for a loan file from elsewhere."""
    light("loans.index")
    return render_template("assurance/import.html", fault="")


@bp.post("/files/import")
@requires(Permission.LEDGER_IMPORT)
def import_file() -> ResponseReturnValue:
    """Check a zipped bag whole and take it over."""
    light("loans.index")
    sent = request.files.get("bag")
    try:
        if sent is None or not sent.filename:
            raise bags.NoBagError(why=_("请选择压缩包。"))
        with TemporaryDirectory(dir=the_system().settings.data) as folder:
            bag = bags.read_bag(bags.unpack(sent.stream, Path(folder)))  # type: ignore[arg-type]  # a binary stream
            with unit_of_work() as uow:
                done = importing.import_bag(uow, bag)
    except PostloanError as error:
        said = " ".join(filter(None, (error_text(error), next_step_text(error))))
        page = render_template("assurance/import.html", fault=said)
        return page, HTTPStatus.UNPROCESSABLE_ENTITY
    flash(
        _(
            "案卷 %(no)s 已导入：文件 %(files)s 件，附 %(lines)s 条审计证明。",
            no=done.loan_no,
            files=done.documents,
            lines=done.lines,
        )
    )
    return redirect(url_for("loans.loan", loan_no=done.loan_no))


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
