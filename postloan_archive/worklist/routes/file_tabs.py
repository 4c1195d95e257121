"""The two tabs of the loan file that look across all capabilities: timeline and trail."""

from datetime import date

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from postloan_archive.access.permissions import Permission
from postloan_archive.loans.file_frame import file_frame
from postloan_archive.web.clocks import clock_face
from postloan_archive.web.event_words import event_label
from postloan_archive.web.filters import with_query
from postloan_archive.web.guard import PermissionMissingError, requires
from postloan_archive.web.request_uow import current_actor, record_refusal, unit_of_work
from postloan_archive.worklist import timeline as everything
from postloan_archive.worklist import trail as lines
from postloan_archive.worklist.routes.blueprint import bp
from postloan_archive.worklist.timeline import LABELS, Entry, Strand


@bp.get("/loans/<loan_no>/timeline")
@requires(Permission.LOAN_VIEW)
def timeline(loan_no: str) -> ResponseReturnValue:
    """Show everything of the loan in one line, newest first."""
    strands = [Strand(one) for one in request.args.getlist("kind") if one in set(Strand)]
    with unit_of_work() as uow:
        file = file_frame(uow, loan_no, "timeline")
        today = uow.clock.today()
        found = everything.entries(uow, file.loan, strands)
        uow.record(
            "worklist.timeline_viewed",
            f"loan:{file.loan.id}",
            loan_no=file.loan_no,
            kinds=[str(one) for one in strands],
        )
        return render_template(
            "worklist/timeline.html",
            file=file,
            entries=_drawn(found, file.loan_no, today),
            total=len(found),
            printed_at=uow.clock.now(),
            strands=[
                {
                    "label": _(label),
                    "href": with_query(kind=str(strand)),
                    "current": strands == [strand],
                }
                for strand, label in LABELS.items()
            ],
            all_shown=not strands,
        )


@bp.get("/loans/<loan_no>/trail")
@requires(Permission.AUDIT_VIEW)
def trail(loan_no: str) -> ResponseReturnValue:
    """Show the audit lines of the loan with their place in the chain.

    The page shows case content, which the audit administrator may not read by office.
    """
    if not current_actor().may(Permission.LOAN_VIEW):
        record_refusal(Permission.LOAN_VIEW)
        raise PermissionMissingError(permission=Permission.LOAN_VIEW)
    before = request.args.get("before", type=int)
    with unit_of_work() as uow:
        file = file_frame(uow, loan_no, "trail")
        found = lines.lines_of_loan(uow, file.loan, before=before)
        uow.record("worklist.trail_viewed", f"loan:{file.loan.id}", loan_no=file.loan_no)
        return render_template(
            "worklist/trail.html", file=file, trail=found, event_label=event_label
        )


def _drawn(found: list[Entry], loan_no: str, today: date) -> list[dict[str, object]]:
    """Return the entries as the macro `docket` draws them, with today between them."""
    drawn: list[dict[str, object]] = []
    placed = False
    for entry in found:
        if not placed and entry.on <= today:
            drawn.append({"side": "now", "day": _("今天")})
            placed = True
        ahead = entry.deadline_id is not None and entry.on > today and not entry.struck
        drawn.append(
            {
                "side": entry.side,
                "day": entry.on.isoformat(),
                "title": entry.title,
                "note": "　".join(filter(None, (_(LABELS[entry.strand]), entry.note))),
                "struck": entry.struck,
                "face": clock_face(entry.on, today) if ahead else None,
                "href": _address(entry, loan_no),
            }
        )
    if not placed:
        drawn.append({"side": "now", "day": _("今天")})
    return drawn


def _address(entry: Entry, loan_no: str) -> str:
    actor = current_actor()
    if entry.deadline_id is not None and actor.may(Permission.DEADLINE_VIEW):
        return url_for("worklist.deadline", deadline_id=entry.deadline_id)
    if entry.document_id is not None and actor.may(Permission.DOCUMENT_VIEW):
        return url_for("archive.items", loan_no=loan_no, document=entry.document_id)
    return ""
