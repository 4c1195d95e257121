"""证据链签名包: made from the evidence chain of a loan file, and checked by whoever has one."""

from http import HTTPStatus
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from flask import render_template, request
from flask.typing import ResponseReturnValue

from postloan_archive import audit
from postloan_archive.access import users
from postloan_archive.access.permissions import Permission
from postloan_archive.assurance import sealing
from postloan_archive.assurance.routes.blueprint import bp
from postloan_archive.kernel.errors import NotFoundError, PostloanError
from postloan_archive.loans import queries as loans
from postloan_archive.uow import UnitOfWork
from postloan_archive.web.downloads import download
from postloan_archive.web.frame import light
from postloan_archive.web.guard import requires
from postloan_archive.web.request_uow import the_system, unit_of_work
from postloan_archive.web.translations import error_text, next_step_text

ZIP: Final = "application/zip"


@bp.get("/audit/loans/<loan_no>/evidence-sealed.zip")
@requires(Permission.AUDIT_WORK)
def sealed_evidence(loan_no: str) -> ResponseReturnValue:
    """Return the evidence chain with signature and audit proof."""
    with unit_of_work() as uow:
        loan = loans.get_loan(uow, loan_no)
        body = sealing.seal(uow, loan, users.display_names(uow))
        name = f"证据链_{loan.loan_no}_签名包.zip"
    return download(body, name=name, media_type=ZIP)


@bp.get("/audit/evidence/check")
@requires(Permission.AUDIT_WORK)
def evidence_check() -> ResponseReturnValue:
    """Show where a sealed evidence chain is checked."""
    light("assurance.integrity")
    return render_template("assurance/evidence_check.html", checked=None, differs=(), fault="")


@bp.post("/audit/evidence/check")
@requires(Permission.AUDIT_WORK)
def check_evidence() -> ResponseReturnValue:
    """Check a sealed evidence chain, then compare it with what is here now."""
    light("assurance.integrity")
    sent = request.files.get("package")
    try:
        if sent is None or not sent.filename:
            raise sealing.NoEvidenceError
        with TemporaryDirectory(dir=the_system().settings.data) as folder:
            path = Path(folder) / "package.zip"
            sent.save(path)
            ours = audit.load_key(the_system().settings.data).key_id
            checked = sealing.check_seal(path, ours)
        with unit_of_work() as uow:
            differs = _differs(uow, checked.facts) if checked.good and checked.ours else None
            uow.record(
                "assurance.evidence_checked",
                "evidence",
                loan_no=str(checked.facts.get("loan_no", "")),
                good=checked.good,
                key_id=checked.key_id,
            )
    except PostloanError as error:
        said = " ".join(filter(None, (error_text(error), next_step_text(error))))
        page = render_template(
            "assurance/evidence_check.html", checked=None, differs=None, fault=said
        )
        return page, HTTPStatus.UNPROCESSABLE_ENTITY
    return render_template(
        "assurance/evidence_check.html", checked=checked, differs=differs, fault=""
    )


def _differs(uow: UnitOfWork, facts: Any) -> list[str] | None:  # noqa: ANN401 - JSON
    """Return the papers that are others here now; None: the loan file is not to be seen."""
    try:
        loan = loans.get_loan(uow, str(facts.get("loan_no", "")))
    except NotFoundError:
        return None
    return sealing.differences(uow, loan, facts)
