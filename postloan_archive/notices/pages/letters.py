"""One letter: what it looks like, how its amounts came about, where it is; all of a loan."""

import io
from http import HTTPStatus

from flask import abort, flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from postloan_archive.access import people
from postloan_archive.access.permissions import Permission
from postloan_archive.archive import queries as archive
from postloan_archive.kernel.errors import NotFoundError, PostloanError, _l
from postloan_archive.loans.file_frame import file_frame
from postloan_archive.notices import drafting, messages, printing, queries, remedies, service
from postloan_archive.notices.effects import effect_of
from postloan_archive.notices.forms import AddressForm, DispatchForm, MessageForm, OutcomeForm
from postloan_archive.notices.models import Notice
from postloan_archive.notices.pages.blueprint import bp
from postloan_archive.notices.pages.outputs import DOCX
from postloan_archive.notices.previews import picture_of, preview_of
from postloan_archive.notices.receipts import ITEM
from postloan_archive.notices.rules.delivery import (
    CHANNEL_LABELS,
    OUTCOME_LABELS,
    SIGNER_LABELS,
    usual_channel,
)
from postloan_archive.notices.rules.fields import NOTICES
from postloan_archive.uow import UnitOfWork
from postloan_archive.web.guard import requires
from postloan_archive.web.request_uow import unit_of_work
from postloan_archive.web.translations import error_text

PROOF_ITEMS = frozenset({ITEM, "BQ01", "BQ02", "BQ03"})


class NoSuchPictureError(NotFoundError):
    """The letter has no page with this number."""

    def __init__(self, *, page: int) -> None:
        super().__init__(_l("函件没有第 {page} 页。"), page=page)


@bp.get("/notices/letters/<int:notice_id>")
@requires(Permission.NOTICE_VIEW)
def letter(notice_id: int) -> ResponseReturnValue:
    """Show one letter."""
    return letter_page(notice_id)


@bp.get("/notices/letters/<int:notice_id>/pages/<int:no>.png")
@requires(Permission.NOTICE_VIEW)
def page_picture(notice_id: int, no: int) -> ResponseReturnValue:
    """Draw one page of a letter."""
    with unit_of_work() as uow:
        picture = picture_of(uow, queries.get_notice(uow, notice_id), no)
    if picture is None:
        raise NoSuchPictureError(page=no)
    return send_file(io.BytesIO(picture), mimetype="image/png", max_age=0)


@bp.get("/notices/letters/<int:notice_id>/preview")
@requires(Permission.NOTICE_VIEW)
def preview(notice_id: int) -> ResponseReturnValue:
    """Show the letter as far as it is drawn; asked again by the page until it is."""
    with unit_of_work() as uow:
        notice = queries.get_notice(uow, notice_id)
        return render_template(
            "notices/_preview.html",
            row=queries.letter_row(uow, notice),
            preview=preview_of(uow, notice),
        )


@bp.get("/notices/letters/<int:notice_id>/file.docx")
@requires(Permission.DOCUMENT_EXPORT)
def letter_docx(notice_id: int) -> ResponseReturnValue:
    """Hand out one issued letter."""
    with unit_of_work() as uow:
        notice = queries.get_notice(uow, notice_id)
        data = printing.letter_file(uow, notice)
        name = f"{notice.serial_no}{notice.snapshot['addressee']}.docx"
    return send_file(io.BytesIO(data), mimetype=DOCX, as_attachment=True, download_name=name)


@bp.post("/notices/letters/<int:notice_id>/remove")
@requires(Permission.NOTICE_RUN)
def remove(notice_id: int) -> ResponseReturnValue:
    """Take a letter out of its run."""
    with unit_of_work() as uow:
        notice = service.remove_letter(uow, notice_id, request.form.get("reason", ""))
        run_id = notice.run_id
    flash(_("已移除，可随时恢复。"))
    return redirect(url_for("notices.run", run_id=run_id))


@bp.post("/notices/letters/<int:notice_id>/restore")
@requires(Permission.NOTICE_RUN)
def restore(notice_id: int) -> ResponseReturnValue:
    """Put a letter back into its run."""
    with unit_of_work() as uow:
        run_id = service.restore_letter(uow, notice_id).run_id
    return redirect(url_for("notices.run", run_id=run_id))


@bp.post("/notices/letters/<int:notice_id>/address")
@requires(Permission.NOTICE_RUN)
def address(notice_id: int) -> ResponseReturnValue:
    """Enter the address for service and check the letter again."""
    form = AddressForm()
    if not form.submitted():
        return letter_page(notice_id, address_form=form)
    with unit_of_work() as uow:
        notice = remedies.state_fact(
            uow,
            notice_id,
            remedies.ADDRESS,
            form.address.data or "",
            basis=form.basis.data or "",
        )
        run_id = notice.run_id
    flash(_("送达地址已登记，函件已重新检查。"))
    return redirect(url_for("notices.run", run_id=run_id))


@bp.post("/notices/letters/<int:notice_id>/fact")
@requires(Permission.NOTICE_RUN)
def fact(notice_id: int) -> ResponseReturnValue:
    """Enter the account or the telephone that the letter lacks, and check it again."""
    key = request.form.get("key", "")
    if key not in remedies.FACTS:
        abort(HTTPStatus.NOT_FOUND)
    with unit_of_work() as uow:
        notice = remedies.state_fact(uow, notice_id, key, request.form.get("value", ""))
        run_id = notice.run_id
    flash(_("已登记，函件已重新检查；同类缺项的其他函件请“重新检查”。"))
    return redirect(url_for("notices.run", run_id=run_id))


@bp.post("/notices/letters/<int:notice_id>/allow")
@requires(Permission.NOTICE_RUN)
def allow(notice_id: int) -> ResponseReturnValue:
    """Let a letter go although collection stops, with a reason."""
    with unit_of_work() as uow:
        notice = remedies.allow_stopped(uow, notice_id, request.form.get("reason", ""))
        run_id = notice.run_id
    flash(_("已放行，理由入档。"))
    return redirect(url_for("notices.run", run_id=run_id))


@bp.get("/loans/<loan_no>/notices")
@requires(Permission.NOTICE_VIEW)
def of_loan(loan_no: str) -> ResponseReturnValue:
    """Show the letters about one loan as a tab of its file."""
    with unit_of_work() as uow:
        file = file_frame(uow, loan_no, "notices")
        rows = queries.letters_of_loan(uow, file.loan.id)
        effects = {row.id: effect_of(uow, queries.get_notice(uow, row.id)) for row in rows}
        confirmed = {effect.confirmed_by for effect in effects.values() if effect}
        return render_template(
            "notices/of_loan.html",
            file=file,
            rows=rows,
            effects=effects,
            names=people.names_of(uow, confirmed),
            titles=NOTICES,
            channels=CHANNEL_LABELS,
            outcomes=OUTCOME_LABELS,
            signers=SIGNER_LABELS,
        )


def letter_page(
    notice_id: int,
    *,
    dispatch_form: DispatchForm | None = None,
    outcome_form: OutcomeForm | None = None,
    address_form: AddressForm | None = None,
    message_form: MessageForm | None = None,
) -> ResponseReturnValue:
    """Return the page of a letter, with a form that was refused in its place."""
    with unit_of_work() as uow:
        notice = queries.get_notice(uow, notice_id)
        row = queries.letter_row(uow, notice)
        shown, fault = None, ""
        try:
            shown = preview_of(uow, notice, draw=True)
        except PostloanError as error:
            fault = error_text(error)
        today = uow.clock.today()
        dispatch = dispatch_form or DispatchForm(
            formdata=None,
            data={
                "channel": row.channel or usual_channel(row.kind),
                "on": row.dispatched_on or today,
                "tracking_no": row.tracking_no,
                "content_stated": notice.content_stated,
            },
        )
        outcome = outcome_form or OutcomeForm(
            formdata=None,
            data={
                "outcome": row.outcome or "arrived",
                "on": row.outcome_on or today,
                "signer": row.signer,
                "note": row.outcome_note,
                "document": row.outcome_document_id or 0,
            },
        )
        outcome.offer(proof_choices(uow, notice))
        effect = effect_of(uow, notice)
        message = message_form or MessageForm(formdata=None)
        if message_form is None:
            message.set_apart("message")
        uow.record("notices.letter_viewed", f"notice:{notice.id}", serial_no=row.serial_no)
        body = render_template(
            "notices/letter.html",
            row=row,
            names=people.names_of(uow, {effect.confirmed_by} if effect else ()),
            run=notice.run,
            title=NOTICES[row.kind].title,
            preview=shown,
            fault=fault,
            effect=effect,
            dispatch_form=dispatch,
            message_form=message,
            message_text=messages.text_of(notice) if row.state == "issued" else "",
            sent_messages=messages.messages_of(uow, notice.id),
            outcome_form=outcome,
            address_form=address_form
            or AddressForm(
                formdata=None,
                data={"address": row.address, "basis": notice.snapshot.get("address_source")},
            ),
            address_missing=drafting.LABELS["service_address"],
            channels=CHANNEL_LABELS,
            outcomes=OUTCOME_LABELS,
            signers=SIGNER_LABELS,
            open_states=service.OPEN_STATES,
        )
    refused = any(
        form is not None for form in (dispatch_form, outcome_form, address_form, message_form)
    )
    return body, HTTPStatus.UNPROCESSABLE_ENTITY if refused else HTTPStatus.OK


def proof_choices(uow: UnitOfWork, notice: Notice) -> list[tuple[int, str]]:
    """Return the papers of the loan file that may prove a delivery, newest first."""
    rows = [
        row
        for row in archive.documents_of(uow, notice.loan_id)
        if row.item_code in PROOF_ITEMS and row.id != notice.document_id and not row.made_here
    ]
    rows.sort(key=lambda row: row.id, reverse=True)
    return [(row.id, f"{row.item_code} {row.title}") for row in rows]
