"""Calendar addresses: made, shown once, revoked; and the calendar that one answers with."""

from urllib.parse import parse_qsl

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from postloan_archive.access.permissions import Permission
from postloan_archive.kernel.actor import Actor
from postloan_archive.web.frame import light
from postloan_archive.web.guard import public, requires
from postloan_archive.web.request_uow import look, the_system, unit_of_work
from postloan_archive.web.sessions import browser_session
from postloan_archive.worklist import calendar_file, feeds, queries
from postloan_archive.worklist.filtering import filter_of
from postloan_archive.worklist.routes.blueprint import bp
from postloan_archive.worklist.routes.exports import site


@bp.get("/deadlines/feeds")
@requires(Permission.DEADLINE_VIEW)
def calendars() -> ResponseReturnValue:
    """List the calendar addresses of the person."""
    light("worklist.deadlines")
    with look() as uow:
        return render_template("worklist/feeds.html", rows=feeds.feeds_of(uow), made="")


@bp.post("/deadlines/feeds")
@requires(Permission.DEADLINE_VIEW)
def make_calendar() -> ResponseReturnValue:
    """Make a calendar address for a filter and show it, this once."""
    light("worklist.deadlines")
    prefix = "filter_"
    wanted = filter_of(
        {
            name.removeprefix(prefix): value
            for name, value in request.form.items()
            if name.startswith(prefix)
        }
    )
    with unit_of_work() as uow:
        secret = feeds.make_feed(uow, wanted.query(), post=browser_session().post)
    address = site() + url_for("worklist.feed", secret=secret)
    with look() as uow:
        return render_template("worklist/feeds.html", rows=feeds.feeds_of(uow), made=address)


@bp.post("/deadlines/feeds/<int:feed_id>/revoke")
@requires(Permission.DEADLINE_VIEW)
def revoke_calendar(feed_id: int) -> ResponseReturnValue:
    """Switch a calendar address off."""
    with unit_of_work() as uow:
        feeds.revoke_feed(uow, feed_id)
    flash(_("日历地址已停用。"))
    return redirect(url_for("worklist.calendars"))


@bp.get("/deadlines/feed/<secret>.ics")
@public
def feed(secret: str) -> ResponseReturnValue:
    """Answer a calendar program; the secret in the address stands for the sign-in."""
    system = the_system()
    nobody = Actor(name="feed", origin="feed", address=request.remote_addr or "")
    with system.look(nobody) as uow:
        reader, found = feeds.reader_of(uow, secret, address=request.remote_addr or "")
        feed_id, query = found.id, found.query
    with system.unit_of_work(reader) as uow:
        wanted = filter_of(dict(parse_qsl(query)))
        rows = queries.listing(uow, wanted)
        uow.record(
            "worklist.feed_read", f"calendar_feed:{feed_id}", filter=query, count=len(rows)
        )
        content = calendar_file.calendar_file(
            rows, name=_("贷后期限"), now=uow.clock.now(), base=site()
        )
    return Response(content, mimetype=calendar_file.MEDIA_TYPE)
