"""审计: the state of the trail, its lines, the proof of each, the export."""

import io
import tempfile
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Final

from flask import (
    Blueprint,
    Response,
    flash,
    jsonify,
    redirect,
    render_template,
    request,
    send_file,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from postloan_archive import audit
from postloan_archive.access.permissions import Permission
from postloan_archive.admin import trail_export, trail_state
from postloan_archive.admin.trail_proof import prove_line
from postloan_archive.admin.trail_view import HIDDEN, TrailReader
from postloan_archive.audit import TrailFilter
from postloan_archive.kernel.clock import CHINA
from postloan_archive.kernel.errors import NotAllowedError, _l
from postloan_archive.web.event_words import FAMILIES, event_label
from postloan_archive.web.guard import requires
from postloan_archive.web.paging import page_of
from postloan_archive.web.request_uow import unit_of_work

bp = Blueprint("audit", __name__, url_prefix="/audit")
XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class ContentHiddenError(NotAllowedError):
    """The proof holds the whole line, which this person may not read."""

    def __init__(self) -> None:
        super().__init__(_l("该记录涉及您无权查看的案卷，不能导出其证明。"))


@bp.get("")
@requires(Permission.AUDIT_VIEW)
def index() -> ResponseReturnValue:
    """Show the state of the trail and the lines asked for, newest first."""
    with unit_of_work() as uow:
        reader = TrailReader(uow)
        wanted = _wanted(reader)
        page = page_of(request.args, total=audit.count(uow.session, wanted))
        lines = audit.read_newest(uow.session, wanted, limit=page.size, offset=page.offset)
        shown = render_template(
            "admin/audit.html",
            rows=[(line, reader.summary(line), reader.sees(line)) for line in lines],
            page=page,
            state=trail_state.state_of(uow),
            families_shown=[(key, _(words)) for key, words in FAMILIES.items()],
            label=event_label,
            whole=reader.whole,
            args=request.args,
        )
        uow.record("audit.viewed", "audit_lines", query=request.query_string.decode()[:500])
    return shown


@bp.get("/work")
@requires(Permission.AUDIT_VIEW)
def work() -> ResponseReturnValue:
    """Show how far the verification is; the finished page reloads itself."""
    with unit_of_work() as uow:
        job = trail_state.running(uow, trail_state.TRAIL)
    if job is None:
        return Response(headers={"HX-Refresh": "true"})
    return render_template("admin/work.html", job=job, poll=url_for("audit.work"))


@bp.post("/verify")
@requires(Permission.AUDIT_VERIFY)
def verify() -> ResponseReturnValue:
    """Hand the verification of the whole trail to a worker."""
    with unit_of_work() as uow:
        trail_state.ask(uow, trail_state.TRAIL)
    return redirect(url_for("audit.index"))


@bp.get("/lines/<int:seq>")
@requires(Permission.AUDIT_VIEW)
def line(seq: int) -> ResponseReturnValue:
    """Show one line and prove it step by step."""
    with unit_of_work() as uow:
        proven = prove_line(uow, seq)
        reader = TrailReader(uow)
        shown = render_template(
            "admin/audit_line.html",
            proven=proven,
            line=proven.line,
            facts=trail_state.facts_of(proven.line) if reader.sees(proven.line) else {},
            sees=reader.sees(proven.line),
            hidden=HIDDEN,
            label=event_label,
        )
        uow.record("audit.line_viewed", f"audit_line:{seq}")
    return shown


@bp.get("/lines/<int:seq>/proof.json")
@requires(Permission.AUDIT_VIEW)
def proof(seq: int) -> ResponseReturnValue:
    """Hand out the line with its path to a signed head, for a checker without our database."""
    with unit_of_work() as uow:
        value = audit.proof_for(uow.session, [seq])
        (wanted,) = audit.lines_of(uow.session, [seq])
        if not TrailReader(uow).sees(wanted):
            raise ContentHiddenError
        uow.record("audit.exported", "audit_lines", form="proof", lines=1, first=seq)
    reply = jsonify(value)
    reply.headers["Content-Disposition"] = f"attachment; filename=audit-proof-{seq}.json"
    return reply


@bp.get("/export.xlsx")
@requires(Permission.AUDIT_VIEW)
def export() -> ResponseReturnValue:
    """Hand out the lines asked for as a table; the export is a line itself."""
    with tempfile.TemporaryDirectory(prefix="postloan-audit-") as folder:
        path = Path(folder) / "audit.xlsx"
        with unit_of_work() as uow:
            reader = TrailReader(uow)
            wanted = _wanted(reader)
            count = trail_export.write_table(uow, wanted, path, facts=reader.facts)
            trail_export.record_export(uow, wanted, count, form="xlsx")
            day = uow.clock.today()
        data = path.read_bytes()
    return send_file(
        io.BytesIO(data), XLSX, as_attachment=True, download_name=f"审计记录-{day}.xlsx"
    )


def _wanted(reader: TrailReader) -> TrailFilter:
    """Return what the address asks for; words are looked for only by who may read all facts."""
    args = request.args
    since, until = _day(args.get("at_from")), _day(args.get("at_to"))
    words = args.get("q", "").strip()
    if words and not reader.whole:
        flash(_("您不能按内容检索：部分记录涉及您无权查看的案卷。"), "warning")
        words = ""
    return TrailFilter(
        actor=args.get("user", "").strip(),
        event=args.get("event", "").strip(),
        subject=args.get("subject", "").strip(),
        words=words,
        since=None if since is None else _midnight(since),
        until=None if until is None else _midnight(until + timedelta(days=1)),
    )


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), CHINA).astimezone(UTC)
