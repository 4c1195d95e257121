"""法务 › 保全: the board of measures by the days left, and the same as a table."""

from typing import Final

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from postloan_archive.access.permissions import Permission
from postloan_archive.kernel.errors import _l
from postloan_archive.preservation import queries, service
from postloan_archive.preservation.queries import MeasureRow
from postloan_archive.web.clocks import ClockFace, ClockState, clock_face
from postloan_archive.web.guard import requires
from postloan_archive.web.request_uow import unit_of_work

bp = Blueprint("preservation", __name__, url_prefix="/preservation")
LANES: Final = (  # label and the most days left
    (_l("已到期"), -1),
    (_l("≤ 7 天"), 7),
    (_l("≤ 15 天"), 15),
    (_l("≤ 30 天"), 30),
    (_l("≤ 60 天"), 60),
    (_l("其后"), None),
)


@bp.get("")
@requires(Permission.PRESERVATION_VIEW)
def index() -> ResponseReturnValue:
    """Show the board."""
    with unit_of_work() as uow:
        today = uow.clock.today()
        rows = queries.measures(uow)
        faces = {
            row.id: clock_face(row.expiry, today, cannot_be_repaired=True)
            if row.expiry
            else ClockFace(state=ClockState.PROVISIONAL, words=_("轮候"))
            for row in rows
        }
        return render_template(
            "preservation/index.html",
            rows=rows,
            faces=faces,
            lanes=_lanes(rows),
            lapsed=sum(row.days_left is not None and row.days_left < 0 for row in rows),
            soon=sum(row.days_left is not None and 0 <= row.days_left <= 60 for row in rows),  # noqa: PLR2004 - the width of the fifth lane
        )


@bp.post("/<int:measure_id>/renewal")
@requires(Permission.PRESERVATION_EDIT)
def request_renewal(measure_id: int) -> ResponseReturnValue:
    """Record that the renewal was filed today."""
    with unit_of_work() as uow:
        service.note_renewal(uow, measure_id, uow.clock.today())
    flash(_("续封申请已登记。"))
    return redirect(url_for("preservation.index"))


def _lanes(rows: list[MeasureRow]) -> list[dict[str, object]]:
    left = list(rows)
    lanes = []
    for label, most in LANES:
        tickets = [
            row
            for row in left
            if most is None or (row.days_left is not None and row.days_left <= most)
        ]
        left = [row for row in left if row not in tickets]
        lanes.append({"label": _(label), "count": len(tickets), "tickets": tickets})
    return lanes
