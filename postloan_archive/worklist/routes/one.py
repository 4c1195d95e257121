"""One deadline: its derivation and what can be done with it."""

from collections.abc import Callable
from http import HTTPStatus

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from postloan_archive.access.permissions import Permission
from postloan_archive.archive import queries as archive
from postloan_archive.kernel.errors import NotFoundError, PostloanError
from postloan_archive.uow import UnitOfWork
from postloan_archive.web.forms import BaseForm
from postloan_archive.web.frame import light
from postloan_archive.web.guard import requires
from postloan_archive.web.request_uow import look, unit_of_work
from postloan_archive.worklist import owners, queries, service
from postloan_archive.worklist.forms import (
    AssignForm,
    CourtDayForm,
    DoneForm,
    NoteForm,
    ReasonForm,
)
from postloan_archive.worklist.models import Deadline
from postloan_archive.worklist.routes.blueprint import bp
from postloan_archive.worklist.routes.faces import face_of, next_step


@bp.get("/deadlines/<int:deadline_id>")
@requires(Permission.DEADLINE_VIEW)
def deadline(deadline_id: int) -> ResponseReturnValue:
    """Show how a deadline came about and what can be done with it."""
    return _page(deadline_id)


@bp.post("/deadlines/<int:deadline_id>/assign")
@requires(Permission.DEADLINE_EDIT)
def assign(deadline_id: int) -> ResponseReturnValue:
    """Give it to somebody."""
    form = AssignForm()
    return _act(
        deadline_id,
        form,
        lambda uow: service.assign(uow, deadline_id, form.owner.data or "", seen=form.version),
        _("承办人已更改。"),
    )


@bp.post("/deadlines/<int:deadline_id>/note")
@requires(Permission.DEADLINE_EDIT)
def note(deadline_id: int) -> ResponseReturnValue:
    """Put a note beside it."""
    form = NoteForm()
    return _act(
        deadline_id,
        form,
        lambda uow: service.note(uow, deadline_id, form.note.data or "", seen=form.version),
        _("备注已保存。"),
    )


@bp.post("/deadlines/<int:deadline_id>/done")
@requires(Permission.DEADLINE_EDIT)
def done(deadline_id: int) -> ResponseReturnValue:
    """Record that it was met."""
    form = DoneForm()
    return _act(
        deadline_id,
        form,
        lambda uow: service.finish(uow, form.command(deadline_id)),
        _("已登记办结。"),
    )


@bp.post("/deadlines/<int:deadline_id>/strike")
@requires(Permission.DEADLINE_EDIT)
def strike(deadline_id: int) -> ResponseReturnValue:
    """Strike it with a reason."""
    form = ReasonForm()
    return _act(
        deadline_id,
        form,
        lambda uow: service.strike(uow, deadline_id, form.reason.data or "", seen=form.version),
        _("期限已划销，理由已记录。"),
    )


@bp.post("/deadlines/<int:deadline_id>/take-up")
@requires(Permission.DEADLINE_EDIT)
def take_up(deadline_id: int) -> ResponseReturnValue:
    """Open it again with a reason."""
    form = ReasonForm()
    return _act(
        deadline_id,
        form,
        lambda uow: service.take_up(
            uow, deadline_id, form.reason.data or "", seen=form.version
        ),
        _("期限已恢复。"),
    )


@bp.post("/deadlines/<int:deadline_id>/court-day")
@requires(Permission.DEADLINE_EDIT)
def court_day(deadline_id: int) -> ResponseReturnValue:
    """Take the day from a paper of the court."""
    form = CourtDayForm()
    return _act(
        deadline_id,
        form,
        lambda uow: service.take_court_day(uow, form.command(deadline_id)),
        _("已以法院文书日期为准。"),
    )


def _act(
    deadline_id: int, form: BaseForm, act: Callable[[UnitOfWork], Deadline], said: str
) -> ResponseReturnValue:
    if form.submitted():
        try:
            with unit_of_work() as uow:
                act(uow)
        except NotFoundError:
            raise
        except PostloanError as error:
            form.show(error)
        else:
            flash(said)
            return redirect(url_for("worklist.deadline", deadline_id=deadline_id))
    return _page(deadline_id, form)


def _page(deadline_id: int, sent: BaseForm | None = None) -> ResponseReturnValue:
    """Return the page; the form that was refused keeps its input and shows why."""
    light("worklist.deadlines")
    with look() as uow:
        row = queries.one(uow, service.get_deadline(uow, deadline_id))
        today = uow.clock.today()
        forms = {
            "assign": AssignForm(formdata=None, data={"owner": row.owner}),
            "note": NoteForm(formdata=None, data={"note": row.note}),
            "done": DoneForm(formdata=None, data={"done_on": today}),
            "reason": ReasonForm(formdata=None),
            "court_day": CourtDayForm(formdata=None, data={"day": row.legal}),
        }
        for name, form in forms.items():
            if sent is not None and type(form) is type(sent):
                forms[name] = sent
        papers = [
            (str(paper.id), f"{paper.piece_no} {paper.title}")
            for paper in archive.documents_of(uow, row.loan_id)
        ]
        forms["assign"].offer(owners.possible_owners(uow, _branch(uow, deadline_id)))
        forms["done"].offer(papers)
        forms["court_day"].offer(papers)
        for word, form in forms.items():
            form.seen.data = row.version
            form.set_apart(word)
        page = render_template(
            "worklist/deadline.html",
            row=row,
            face=face_of(row, today),
            step=next_step(row, uow.actor),
            forms=forms,
        )
    refused = sent is not None and bool(sent.errors)
    return page, HTTPStatus.UNPROCESSABLE_ENTITY if refused else HTTPStatus.OK


def _branch(uow: UnitOfWork, deadline_id: int) -> int:
    return service.get_deadline(uow, deadline_id).branch_id
