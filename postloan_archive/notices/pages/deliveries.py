"""The way of the letters: sent, arrived or returned, confirmed; those without word; slips."""

import io
from http import HTTPStatus

from flask import flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from postloan_archive.access.permissions import Permission
from postloan_archive.jobs import JobState
from postloan_archive.kernel.errors import NotFoundError, PostloanError, RuleError
from postloan_archive.notices import delivery, messages, queries, receipts, registers, reminding
from postloan_archive.notices.forms import DispatchForm, MessageForm, OutcomeForm, SlipsForm
from postloan_archive.notices.pages.blueprint import bp
from postloan_archive.notices.pages.letters import letter_page, proof_choices
from postloan_archive.notices.pages.outputs import XLSX
from postloan_archive.notices.pages.runs import RUNNING
from postloan_archive.notices.rules.delivery import (
    CHANNEL_LABELS,
    SIGNER_LABELS,
    WITHOUT_RECEIPT_DAYS,
    Channel,
)
from postloan_archive.notices.rules.fields import NOTICES
from postloan_archive.web.bounds import whole_number, whole_numbers
from postloan_archive.web.guard import requires
from postloan_archive.web.paging import page_of
from postloan_archive.web.request_uow import unit_of_work
from postloan_archive.web.translations import error_text, next_step_text

MOST_NAMED = 20  # refused messages that one sentence names
LONGEST_WAIT = 3650  # days that the list of letters without word can ask for


@bp.post("/notices/letters/<int:notice_id>/dispatch")
@requires(Permission.NOTICE_DELIVER)
def send_letter(notice_id: int) -> ResponseReturnValue:
    """Record that one letter went out."""
    form = DispatchForm()
    if form.submitted():
        try:
            with unit_of_work() as uow:
                delivery.dispatch(uow, form.command((notice_id,)))
        except NotFoundError:
            raise
        except PostloanError as error:
            form.show(error)
        else:
            flash(_("寄送已登记。"))
            return redirect(url_for("notices.letter", notice_id=notice_id))
    return letter_page(notice_id, dispatch_form=form)


@bp.post("/notices/letters/<int:notice_id>/message")
@requires(Permission.NOTICE_DELIVER)
def message(notice_id: int) -> ResponseReturnValue:
    """Send the text of a letter by SMS or e-mail."""
    form = MessageForm()
    form.set_apart("message")
    if form.submitted():
        try:
            with unit_of_work() as uow:
                messages.send_message(uow, form.command(notice_id))
        except NotFoundError:
            raise
        except PostloanError as error:
            form.show(error)
        else:
            flash(_("已交发件箱。"))
            return redirect(url_for("notices.letter", notice_id=notice_id, _anchor="messages"))
    return letter_page(notice_id, message_form=form)


@bp.post("/notices/runs/<int:run_id>/messages")
@requires(Permission.NOTICE_DELIVER)
def run_messages(run_id: int) -> ResponseReturnValue:
    """Send the text of every issued letter of a run that has had none by this channel."""
    form = MessageForm()
    if form.submitted():
        with unit_of_work() as uow:
            queued, refused = messages.send_for_run(
                uow, run_id, Channel(form.channel.data), form.basis.data or ""
            )
        flash(_("已交发件箱 %(count)s 条。", count=queued))
        if refused:
            said = "；".join(refused[:MOST_NAMED])
            flash(_("未发送 %(count)s 条：%(said)s", count=len(refused), said=said), "warning")
    return redirect(url_for("notices.run", run_id=run_id))


@bp.post("/notices/letters/<int:notice_id>/outcome")
@requires(Permission.NOTICE_DELIVER)
def record_outcome(notice_id: int) -> ResponseReturnValue:
    """Record what became of a letter; a paper given with it is filed first."""
    form = OutcomeForm()
    with unit_of_work() as uow:
        form.offer(proof_choices(uow, queries.get_notice(uow, notice_id)))
    if form.submitted():
        try:
            with unit_of_work() as uow:
                notice = queries.get_notice(uow, notice_id)
                given = form.file.data
                document_id = (
                    receipts.file_proof(uow, notice, given.filename, given.stream)
                    if given
                    else None
                )
                proof = delivery.record_outcome(uow, form.command(notice_id, document_id))
        except NotFoundError:
            raise
        except PostloanError as error:
            form.show(error)
        else:
            flash(_("送达结果已登记，凭证等级 %(level)s。", level=proof.level))
            return redirect(url_for("notices.letter", notice_id=notice_id, _anchor="effect"))
    return letter_page(notice_id, outcome_form=form)


@bp.post("/notices/letters/<int:notice_id>/confirm")
@requires(Permission.DEADLINE_EDIT)
def confirm(notice_id: int) -> ResponseReturnValue:
    """Let the proposed event move its clock."""
    try:
        with unit_of_work() as uow:
            delivery.confirm_effect(uow, notice_id)
    except RuleError as error:
        flash(" ".join(filter(None, (error_text(error), next_step_text(error)))), "error")
    else:
        flash(_("时效效果已确认。"))
    return redirect(url_for("notices.letter", notice_id=notice_id, _anchor="effect"))


@bp.post("/notices/letters/<int:notice_id>/strike")
@requires(Permission.DEADLINE_EDIT)
def strike(notice_id: int) -> ResponseReturnValue:
    """Refuse the proposed event or take back a confirmed one."""
    try:
        with unit_of_work() as uow:
            delivery.strike_effect(uow, notice_id, request.form.get("reason", ""))
    except RuleError as error:
        flash(error_text(error), "error")
    else:
        flash(_("时效效果已撤销，理由已入档。"))
    return redirect(url_for("notices.letter", notice_id=notice_id, _anchor="effect"))


@bp.get("/notices/waiting")
@requires(Permission.NOTICE_VIEW)
def waiting() -> ResponseReturnValue:
    """List the letters of which nothing came back after some days."""
    days = _days()
    with unit_of_work() as uow:
        until = queries.days_before(uow.clock.today(), days)
        page = page_of(request.args, total=queries.count_waiting(uow, sent_until=until))
        return render_template(
            "notices/waiting.html",
            rows=queries.waiting(uow, sent_until=until, limit=page.size, offset=page.offset),
            page=page,
            days=days,
            today=uow.clock.today(),
            titles=NOTICES,
            channels=CHANNEL_LABELS,
        )


@bp.get("/notices/waiting.xlsx")
@requires(Permission.DOCUMENT_EXPORT)
def waiting_sheet() -> ResponseReturnValue:
    """Hand out the list of letters without word."""
    with unit_of_work() as uow:
        until = queries.days_before(uow.clock.today(), _days())
        rows = queries.waiting(uow, sent_until=until)
        data = registers.register_sheet(uow, f"{until} 前寄出未回执的函件", rows)
        uow.record("notices.waiting_exported", "notices", letters=len(rows))
        name = f"未回执-{uow.clock.today()}.xlsx"
    return send_file(io.BytesIO(data), mimetype=XLSX, as_attachment=True, download_name=name)


@bp.post("/notices/waiting/again")
@requires(Permission.NOTICE_RUN)
def write_again() -> ResponseReturnValue:
    """Plan a run of the same letters again for the marked ones without word."""
    every = bool(request.form.get("all_results"))
    asked = request.form.get("filter_days")
    days = (
        WITHOUT_RECEIPT_DAYS if asked is None else min(whole_number(asked) or 0, LONGEST_WAIT)
    )
    marked = None if every else whole_numbers(request.form.getlist("letter"))
    try:
        with unit_of_work() as uow:
            until = queries.days_before(uow.clock.today(), days)
            run_id = reminding.write_again(uow, until, marked).id
    except RuleError as error:
        flash(" ".join(filter(None, (error_text(error), next_step_text(error)))), "error")
        return redirect(url_for("notices.waiting", days=days))
    return redirect(url_for("notices.run", run_id=run_id))


@bp.route("/notices/receipts", methods=["GET", "POST"])
@requires(Permission.NOTICE_DELIVER)
def slips() -> ResponseReturnValue:
    """Take scans of return slips; find a letter by a typed number; enter what is open."""
    form = SlipsForm()
    number = request.args.get("number", "")
    fault = ""
    if form.submitted():
        with unit_of_work() as uow:
            for given in form.files.data or ():
                if given and given.filename:
                    receipts.take_slips(uow, given.filename, given.stream)
        return redirect(url_for("notices.slips"))
    if number:
        try:
            with unit_of_work() as uow:
                found = delivery.find_by_number(uow, number).id
        except PostloanError as error:
            fault = " ".join(filter(None, (error_text(error), next_step_text(error))))
        else:
            return redirect(url_for("notices.letter", notice_id=found))
    with unit_of_work() as uow:
        found_jobs = receipts.recent_jobs(uow)
        body = render_template(
            "notices/slips.html",
            form=form,
            number=number,
            fault=fault,
            rows=receipts.scanned(uow),
            jobs=found_jobs,
            running=any(job.state in RUNNING for job in found_jobs),
            failed=JobState.FAILED,
            titles=NOTICES,
            signers=SIGNER_LABELS,
            today=uow.clock.today(),
        )
    return body, HTTPStatus.NOT_FOUND if fault else HTTPStatus.OK


def _days() -> int:
    days = request.args.get("days", WITHOUT_RECEIPT_DAYS, type=int)
    return min(max(days, 0), LONGEST_WAIT)
