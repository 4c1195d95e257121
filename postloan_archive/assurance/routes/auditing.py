"""审计工作台: samples, evidence chain, access oddities, integrity; each view leaves a line."""

from datetime import date, timedelta
from http import HTTPStatus
from typing import Final

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from postloan_archive.access import branches, users
from postloan_archive.access.permissions import Permission
from postloan_archive.admin import rechecking, trail_state
from postloan_archive.assurance import checking, evidence, oddities, papers, sampling
from postloan_archive.assurance.routes.blueprint import bp
from postloan_archive.assurance.rules.sampling import Method
from postloan_archive.assurance.sampling import DrawSample
from postloan_archive.audit import last_of
from postloan_archive.kernel.clock import CHINA
from postloan_archive.kernel.entries import read_date
from postloan_archive.kernel.errors import PostloanError, RuleError, _l
from postloan_archive.loans.file_frame import file_frame
from postloan_archive.sheets import XLSX, Table, workbook
from postloan_archive.uow import UnitOfWork
from postloan_archive.web.bounds import whole_number
from postloan_archive.web.downloads import download
from postloan_archive.web.frame import light
from postloan_archive.web.guard import requires
from postloan_archive.web.request_uow import unit_of_work
from postloan_archive.web.translations import error_text, next_step_text

DOCX: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
USUAL: Final = timedelta(days=30)
LONGEST_TEXT: Final = 2_000
LONGEST_WORD: Final = 100


class OddPeriodError(RuleError):
    """The period is turned round or too long."""

    field = "until"

    def __init__(self) -> None:
        super().__init__(_l("期间应从前到后，且不超过一年。"))


@bp.get("/audit/loans/<loan_no>/evidence")
@requires(Permission.AUDIT_WORK)
def evidence_chain(loan_no: str) -> ResponseReturnValue:
    """Show every claim of a loan file with what proves it."""
    with unit_of_work() as uow:
        file = file_frame(uow, loan_no, "trail")
        links = evidence.chain_of(uow, file.loan)
        uow.record("assurance.evidence_viewed", f"loan:{file.loan.id}", loan_no=loan_no)
        return render_template(
            "assurance/evidence.html",
            file=file,
            links=links,
            verdict_of=papers.verdict_of,
            broken=sum(bool(link.gap) for link in links),
        )


@bp.get("/audit/loans/<loan_no>/evidence.<form>")
@requires(Permission.AUDIT_WORK)
def evidence_export(loan_no: str, form: str) -> ResponseReturnValue:
    """Return the evidence chain as workbook or Word."""
    with unit_of_work() as uow:
        file = file_frame(uow, loan_no, "trail")
        table = papers.evidence_table(
            evidence.chain_of(uow, file.loan), users.display_names(uow)
        )
        uow.record("assurance.evidence_exported", f"loan:{file.loan.id}", loan_no=loan_no)
        return _paper(uow, table, form, _("证据链"), loan_no)


@bp.get("/audit/samples")
@requires(Permission.AUDIT_WORK)
def samples() -> ResponseReturnValue:
    """Show the samples and the form to draw one."""
    light("assurance.samples")
    with unit_of_work() as uow:
        uow.record("assurance.samples_viewed", "audit_samples")
        return _samples(uow, {})


@bp.post("/audit/samples")
@requires(Permission.AUDIT_WORK)
def draw() -> ResponseReturnValue:
    """Draw a sample; its seed is kept."""
    light("assurance.samples")
    method = request.form.get("method", "")
    command = DrawSample(
        title=request.form.get("title", "")[:LONGEST_WORD],
        method=Method(method) if method in set(Method) else Method.RANDOM,
        wanted=whole_number(request.form.get("wanted", "")) or 0,
        seed=request.form.get("seed", "")[:LONGEST_WORD],
        branch=request.form.get("branch", 0, int),
        product=request.form.get("product", "")[:LONGEST_WORD],
    )
    try:
        with unit_of_work() as uow:
            number = sampling.draw_sample(uow, command).id
    except PostloanError as error:
        said = " ".join(filter(None, (error_text(error), next_step_text(error))))
        with unit_of_work() as uow:
            page = _samples(uow, {error.field or "": said})
        return page, HTTPStatus.UNPROCESSABLE_ENTITY
    return redirect(url_for("assurance.sample", sample_id=number))


@bp.get("/audit/samples/<int:sample_id>")
@requires(Permission.AUDIT_WORK)
def sample(sample_id: int) -> ResponseReturnValue:
    """Show one sample with room for what was found."""
    light("assurance.samples")
    with unit_of_work() as uow:
        row = sampling.get_sample(uow, sample_id)
        uow.record("assurance.sample_viewed", f"audit_sample:{row.id}")
        return render_template(
            "assurance/sample.html",
            row=row,
            loans=sampling.numbers_of(uow, row),
            methods=sampling.METHODS,
        )


@bp.post("/audit/samples/<int:sample_id>")
@requires(Permission.AUDIT_WORK)
def note_sample(sample_id: int) -> ResponseReturnValue:
    """Keep what the auditor found, line by line."""
    given = {
        number: text[:LONGEST_TEXT]
        for name, text in request.form.items()
        if name.startswith("line-") and (number := whole_number(name[5:])) is not None
    }
    with unit_of_work() as uow:
        count = sampling.note(uow, sample_id, given)
    flash(_("已保存 %(count)s 条结论。", count=count))
    return redirect(url_for("assurance.sample", sample_id=sample_id))


@bp.get("/audit/samples/<int:sample_id>.<form>")
@requires(Permission.AUDIT_WORK)
def sample_export(sample_id: int, form: str) -> ResponseReturnValue:
    """Return the working paper of a sample as workbook or Word."""
    with unit_of_work() as uow:
        row = sampling.get_sample(uow, sample_id)
        table = papers.sample_table(
            row, sampling.numbers_of(uow, row), users.display_names(uow)
        )
        uow.record("assurance.sample_exported", f"audit_sample:{row.id}")
        return _paper(uow, table, form, _("审计抽样底稿"), row.title)


@bp.get("/audit/oddities")
@requires(Permission.AUDIT_WORK)
def access_oddities() -> ResponseReturnValue:
    """Show looking at night, very many views and exports, refused attempts."""
    light("assurance.access_oddities")
    with unit_of_work() as uow:
        since, until = _period(uow)
        rows = oddities.oddities(uow, since, until)
        uow.record("assurance.oddities_viewed", "trail", since=str(since), until=str(until))
        return render_template(
            "assurance/oddities.html", rows=rows, since=since, until=until, kinds=oddities.KINDS
        )


@bp.get("/audit/oddities.<form>")
@requires(Permission.AUDIT_WORK)
def oddities_export(form: str) -> ResponseReturnValue:
    """Return the oddities as workbook or Word."""
    with unit_of_work() as uow:
        since, until = _period(uow)
        table = papers.oddity_table(
            oddities.oddities(uow, since, until), users.display_names(uow)
        )
        uow.record("assurance.oddities_exported", "trail", since=str(since), until=str(until))
        return _paper(uow, table, form, _("访问异常"), f"{since}至{until}")


@bp.get("/audit/integrity")
@requires(Permission.AUDIT_WORK)
def integrity() -> ResponseReturnValue:
    """Show the state of trail, stored files and reports in one place."""
    light("assurance.integrity")
    with unit_of_work() as uow:
        verified = last_of(uow.session, "vault.verified")
        uow.record("assurance.integrity_viewed", "vault")
        return render_template(
            "assurance/integrity.html",
            checks=rechecking.check_state(uow.session),
            trail=last_of(uow.session, "audit.verified"),
            trail_facts=_facts(uow, "audit.verified"),
            verified=verified,
            verified_facts=_facts(uow, "vault.verified"),
            backup=last_of(uow.session, "backup.made"),
            reports=checking.reports(uow),
            occasions=checking.OCCASIONS,
        )


def _samples(uow: UnitOfWork, faults: dict[str, str]) -> str:
    return render_template(
        "assurance/samples.html",
        rows=sampling.samples(uow),
        methods=sampling.METHODS,
        branches=[
            (row.id, row.name)
            for row in branches.tree(uow.session)
            if uow.actor.sees_branch(row.id)
        ],
        faults=faults,
        form=request.form,
    )


def _facts(uow: UnitOfWork, event: str) -> dict[str, object]:
    line = last_of(uow.session, event)
    return {} if line is None else dict(trail_state.facts_of(line))


def _period(uow: UnitOfWork) -> tuple[date, date]:
    today = uow.clock.today()
    until = _day("until") or today
    since = _day("since") or until - USUAL
    if not since <= until <= since + timedelta(days=oddities.LONGEST):
        raise OddPeriodError
    return since, until


def _day(name: str) -> date | None:
    text = request.args.get(name, "").strip()
    return read_date(text) if text else None


def _paper(
    uow: UnitOfWork, table: Table, form: str, title: str, of: str
) -> ResponseReturnValue:
    now = uow.clock.now().astimezone(CHINA)
    line = f"{of}　制表 {uow.actor.display_name or uow.actor.name}　{now:%Y-%m-%d %H:%M}"
    if form == "xlsx":
        body = workbook(table, title=title, line=line)
        return download(body, name=f"{title}_{of}.xlsx", media_type=XLSX)
    body = papers.word(table, title=title, lines=(line,), more=(f"审计人 {papers.SIGN}",))
    return download(body, name=f"{title}_{of}.docx", media_type=DOCX)
