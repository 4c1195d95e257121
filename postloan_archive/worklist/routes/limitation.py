"""时效: the limitation clock of every overdue loan."""

from flask import abort, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from postloan_archive.access.permissions import Permission
from postloan_archive.loans import selections
from postloan_archive.web.clocks import ClockFace, ClockState, clock_face
from postloan_archive.web.filters import with_query
from postloan_archive.web.guard import requires
from postloan_archive.web.paging import page_of
from postloan_archive.web.request_uow import look, unit_of_work
from postloan_archive.worklist import limitation_list, queries
from postloan_archive.worklist.limitation_list import LABELS, Standing
from postloan_archive.worklist.routes.blueprint import bp

LETTERS = "notices.create"  # takes `loans`, numbers with commas, and `kind`
DEMAND = "N02"  # 逾期催收函, the letter that interrupts the period


@bp.get("/limitation")
@requires(Permission.DEADLINE_VIEW)
def limitation() -> ResponseReturnValue:
    """List the limitation of every overdue loan."""
    wanted = limitation_list.filter_of(request.args)
    with look() as uow:
        page = page_of(request.args, total=limitation_list.count(uow, wanted))
        rows = limitation_list.listing(uow, wanted, limit=page.size, offset=page.offset)
        today = uow.clock.today()
        counts = limitation_list.standings(uow)
        tabs = [
            {
                "label": _("全部"),
                "href": with_query(standing=None, page=None),
                "current": not wanted.standing,
                "count": sum(counts.values()),
            },
            *(
                {
                    "label": _(label),
                    "href": with_query(standing=str(standing), page=None),
                    "current": wanted.standing == standing,
                    "count": counts[str(standing)],
                }
                for standing, label in LABELS.items()
            ),
        ]
        return render_template(
            "worklist/limitation.html",
            rows=rows,
            page=page,
            wanted=wanted,
            tabs=tabs,
            faces={
                row.id: ClockFace(state=ClockState.DONE, words=_("程序中"))
                if row.standing is Standing.PENDING
                else clock_face(
                    row.safe,
                    today,
                    legal=row.legal,
                    provisional=row.provisional,
                    long_period=True,
                )
                for row in rows
            },
            guarantees={
                row.id: clock_face(row.guarantee, today, long_period=True)
                for row in rows
                if row.guarantee is not None
            },
            words={standing: _(label) for standing, label in LABELS.items()},
            branches=queries.branches_seen(uow),
            within=limitation_list.WITHIN,
            can_write=LETTERS in current_app.view_functions,
        )


@bp.post("/limitation/letters")
@requires(Permission.NOTICE_RUN)
def write_letters() -> ResponseReturnValue:
    """Go to a new run of letters with the marked loans, or with all that the filter finds."""
    if LETTERS not in current_app.view_functions:
        abort(404)
    if request.form.get("all_results") == "1":
        prefix = "filter_"
        wanted = limitation_list.filter_of(
            {
                name.removeprefix(prefix): value
                for name, value in request.form.items()
                if name.startswith(prefix)
            }
        )
        with look() as uow:
            numbers = limitation_list.loan_numbers(uow, wanted, most=selections.MOST)
    else:
        numbers = request.form.getlist("loan")[: selections.MOST]
    if not numbers:
        return redirect(url_for("worklist.limitation"))
    with unit_of_work() as uow:
        along = selections.carried(uow, numbers)
    arguments = {**along, "kind": DEMAND}
    return redirect(url_for(LETTERS, **arguments))  # type: ignore[arg-type]  # no bool
