"""四性检测: reports of a loan file, one report, its Word paper and its signed text."""

import json
from typing import Final

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from postloan_archive.access import users
from postloan_archive.access.permissions import Permission
from postloan_archive.assurance import checking, papers
from postloan_archive.assurance.routes.auditing import DOCX
from postloan_archive.assurance.routes.blueprint import bp
from postloan_archive.assurance.rules.properties import ITEMS, PROPERTY_WORDS
from postloan_archive.loans.file_frame import file_frame
from postloan_archive.web.downloads import download
from postloan_archive.web.frame import light
from postloan_archive.web.guard import requires
from postloan_archive.web.request_uow import unit_of_work

JSON: Final = "application/json"


@bp.get("/loans/<loan_no>/properties")
@requires(Permission.RETENTION_VIEW)
def of_loan(loan_no: str) -> ResponseReturnValue:
    """Show the reports of a loan file."""
    with unit_of_work() as uow:
        file = file_frame(uow, loan_no, "retention")
        return render_template(
            "assurance/of_loan.html",
            file=file,
            reports=checking.reports(uow, loan_id=file.loan.id),
            occasions=checking.OCCASIONS,
        )


@bp.post("/loans/<loan_no>/properties")
@requires(Permission.RETENTION_EDIT)
def check_loan(loan_no: str) -> ResponseReturnValue:
    """Check the loan file now."""
    occasion = request.form.get("occasion", "filing")
    with unit_of_work() as uow:
        wanted = occasion if occasion in {"filing", "transfer"} else "filing"
        number = checking.check_loan(uow, loan_no, wanted).id
    flash(_("检测完成，报告已签名存档。"))
    return redirect(url_for("assurance.property_report", property_report_id=number))


@bp.get("/properties/<int:property_report_id>")
@requires(Permission.RETENTION_VIEW)
def property_report(property_report_id: int) -> ResponseReturnValue:
    """Show one report."""
    light("loans.index")
    with unit_of_work() as uow:
        checked = checking.report_of(uow, property_report_id)
        return render_template(
            "assurance/report.html",
            checked=checked,
            row=checked.row,
            items=ITEMS,
            properties=PROPERTY_WORDS,
            occasions=checking.OCCASIONS,
        )


@bp.get("/properties/<int:property_report_id>.docx")
@requires(Permission.RETENTION_VIEW)
def property_paper(property_report_id: int) -> ResponseReturnValue:
    """Return one report as Word."""
    with unit_of_work() as uow:
        checked = checking.report_of(uow, property_report_id)
        name = users.display_names(uow).get(checked.row.made_by, checked.row.made_by)
        body = papers.property_paper(checked, name)
        uow.record("assurance.report_exported", f"property_report:{property_report_id}")
    return download(body, name=f"四性检测报告_{property_report_id}.docx", media_type=DOCX)


@bp.get("/properties/<int:property_report_id>.json")
@requires(Permission.RETENTION_VIEW)
def signed_report(property_report_id: int) -> ResponseReturnValue:
    """Return the signed text with signature and key, to be checked anywhere."""
    with unit_of_work() as uow:
        checked = checking.report_of(uow, property_report_id)
        text = uow.vault.read(checked.row.sha256).decode()
        whole = {
            "report": text,
            "signature": checked.row.signature,
            "public_key": checked.row.public_key,
            "signed": "Ed25519 over 'postloan report 1' + LF + the UTF-8 bytes of report",
        }
        uow.record("assurance.report_exported", f"property_report:{property_report_id}")
    body = json.dumps(whole, ensure_ascii=False, indent=1).encode()
    return download(body, name=f"四性检测报告_{property_report_id}.json", media_type=JSON)
